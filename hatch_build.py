"""How a wheel is laid out: our packages go under one name of our own, where no other distribution meets them.

Editable installs are left alone; they point at the checkout. See docs/decisions/0001-packaging.md.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGES = ("api", "schema", "models", "migrations")
HOME = "quiet_engine"


class NestPackages(BuildHookInterface[Any]):
    """Puts the packages, with every file in them that git or npm brought, under `quiet_engine/`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the packages to a wheel; `version` says which kind of wheel is built."""
        if version == "editable":
            return
        for package in PACKAGES:
            build_data["force_include"][str(Path(self.root) / package)] = f"{HOME}/{package}"
