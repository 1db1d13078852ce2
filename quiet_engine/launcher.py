"""The command `quiet`: sees to it that api, schema, models and migrations are ours, and calls api.cli.

Their names are common, and other distributions use them too; why they are nested here is told in
docs/decisions/0001-packaging.md.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path


def home() -> Path:
    """Return the folder that holds our packages: this one in a wheel, the one above it in a checkout."""
    here = Path(__file__).resolve().parent
    return here if (here / "api").is_dir() else here.parent


def main() -> None:
    """Run the command line with our packages first on the path, before anybody's of the same name."""
    sys.path.insert(0, str(home()))
    importlib.import_module("api.cli").main()
