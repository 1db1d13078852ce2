"""The manifest of a backup: what is in it, and by what it is known to be whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

import orjson

from models.errors import ArchiveUnusable

NAME = "manifest.json"
FORMAT = "quiet-engine-backup"
VERSION = 1
"""Rises when older programs cannot read the form any more."""


@dataclass(frozen=True, slots=True)
class Part:
    """A table's rows: the file in the archive, its columns, how many rows, and the SHA-256 of the file."""

    table: str
    file: str
    columns: tuple[str, ...]
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """All that is to be known of a backup before it is read.

    `migration` is the last that its database had had, `numbers` the last id that each table gave out, `secrets`
    whether it holds tokens and webhooks.
    """

    product: str
    migration: str
    revision: int
    oldest: int
    moment: str
    database: str
    secrets: bool
    numbers: Mapping[str, int]
    parts: tuple[Part, ...]

    def write(self) -> bytes:
        """Return the manifest as JSON."""
        value = {"format": FORMAT, "version": VERSION, **asdict(self)}
        return orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n"

    @property
    def rows(self) -> int:
        """Return how many rows there are in all."""
        return sum(part.rows for part in self.parts)


def product_version() -> str:
    """Return the version of this program."""
    return version("quiet-engine")


def read_manifest(text: bytes) -> Manifest:
    """Return the manifest that JSON holds. Raises ArchiveUnusable where it is none, or of a newer version."""
    try:
        value = orjson.loads(text)
        if value["format"] != FORMAT:
            raise ArchiveUnusable("This is no backup of Quiet Engine.")
        if value["version"] > VERSION:
            raise ArchiveUnusable(
                f"The backup was made by Quiet Engine {value['product']}, in a form that this version does not know. "
                "Upgrade this program."
            )
        return Manifest(
            **{name: value[name] for name in Manifest.__slots__ if name != "parts"},
            parts=tuple(read_part(part) for part in value["parts"]),
        )
    except (ValueError, TypeError, KeyError) as error:
        raise ArchiveUnusable("The backup's manifest cannot be read.") from error


def read_part(value: dict[str, Any]) -> Part:
    """Return what the manifest says of a part."""
    return Part(**{**value, "columns": tuple(value["columns"])})
