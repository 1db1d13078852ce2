"""The file of a backup: a ZIP with a manifest and one file of JSON Lines for each table, sealed by its own hash.

The seal is the archive's comment, the last bytes of the file: the SHA-256 of all bytes before it. So any bit that
changed is found, in the manifest and in the container too, and so is a file that was cut off.
"""

from __future__ import annotations

import hashlib
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, BinaryIO

import orjson

from models.backup.manifest import NAME, Manifest, Part, read_manifest
from models.backup.tables import Table
from models.errors import ArchiveUnusable

SEAL = b"sha256:"
SEAL_BYTES = len(SEAL) + 64
CHUNK = 1 << 20
LONGEST_MANIFEST = 1 << 20
ROWS = 100
"""How many rows are in memory at a time."""

FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The same rows give the same bytes, whenever they are written."""

BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    KeyError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
"""What `zipfile` raises on bytes that are not what they were."""

Tell = Callable[[str, int, int], None]
"""Is told what is done, how far it came, and how far it goes."""


class PartWriter:
    """Writes one table's rows."""

    def __init__(self, table: Table, file: IO[bytes]) -> None:
        self._table = table
        self._file = file
        self._hash = hashlib.sha256()
        self._rows = 0
        self._bytes = 0

    def add(self, rows: Sequence[dict[str, Any]]) -> None:
        """Write some rows, each with the columns in their order."""
        text = b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)
        self._file.write(text)
        self._hash.update(text)
        self._rows += len(rows)
        self._bytes += len(text)

    def finish(self) -> Part:
        """Return what the manifest says of it."""
        table = self._table
        return Part(
            table.name,
            name_file(table.name),
            table.columns,
            self._rows,
            self._bytes,
            self._hash.hexdigest(),
        )


class ArchiveWriter:
    """Writes an archive into a file that can be read as well."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)

    def __enter__(self) -> ArchiveWriter:
        return self

    def __exit__(self, *_: object) -> None:
        # Of one that was not finished nobody wants the rest, which a full disk may not take either.
        with suppress(OSError):
            self._zip.close()

    @contextmanager
    def part(self, table: Table) -> Iterator[PartWriter]:
        """Begin the part of a table."""
        with self._zip.open(describe_file(name_file(table.name)), "w", force_zip64=True) as file:
            yield PartWriter(table, file)

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest, seal the archive, and bring it to the disk."""
        self._zip.writestr(describe_file(NAME), manifest.write())
        self._zip.comment = SEAL + b"0" * 64
        self._zip.close()
        size = self._file.seek(0, os.SEEK_END) - SEAL_BYTES
        seal = SEAL + hash_beginning(self._file, size).encode()
        self._file.seek(size)
        self._file.write(seal)
        self._file.flush()
        os.fsync(self._file.fileno())


def name_file(table: str) -> str:
    """Return the name of a table's file in the archive."""
    return f"tables/{table}.jsonl"


def describe_file(name: str) -> zipfile.ZipInfo:
    """Return a file's entry, to be unpacked as readable by nobody else."""
    entry = zipfile.ZipInfo(name, FIRST_DAY)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def hash_beginning(file: BinaryIO, size: int) -> str:
    """Return the SHA-256 of the first bytes of a file."""
    digest = hashlib.sha256()
    file.seek(0)
    while size > 0 and (chunk := file.read(min(CHUNK, size))):
        digest.update(chunk)
        size -= len(chunk)
    return digest.hexdigest()


class Archive:
    """An archive open for reading."""

    def __init__(self, file: zipfile.ZipFile, manifest: Manifest) -> None:
        self._file = file
        self.manifest = manifest

    def read(self, part: Part) -> Iterator[list[dict[str, Any]]]:
        """Yield the rows of a part, some at a time.

        Raises ArchiveUnusable, at the end at the latest, where they are not those that the manifest tells of.
        """
        digest, count = hashlib.sha256(), 0
        try:
            with self._file.open(part.file) as file:
                for lines in take_lines(file):
                    digest.update(b"".join(lines))
                    count += len(lines)
                    yield [read_row(part, line) for line in lines]
        except BROKEN as error:
            raise ArchiveUnusable(f"{part.file} is damaged.") from error
        if digest.hexdigest() != part.sha256:
            raise ArchiveUnusable(f"{part.file} is not what was written: its SHA-256 differs.")
        if count != part.rows:
            raise ArchiveUnusable(f"{part.file} has {count} rows; {part.rows} were written.")


def take_lines(file: IO[bytes]) -> Iterator[list[bytes]]:
    """Yield the lines of a file, some at a time."""
    lines: list[bytes] = []
    for line in file:
        lines.append(line)
        if len(lines) == ROWS:
            yield lines
            lines = []
    if lines:
        yield lines


def read_row(part: Part, line: bytes) -> dict[str, Any]:
    """Return the row of a line. Raises ArchiveUnusable where it has other columns."""
    row = orjson.loads(line)
    if not isinstance(row, dict) or tuple(row) != part.columns:
        raise ArchiveUnusable(f"{part.file} has a row without the columns that the manifest names.")
    return row


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Open an archive whose seal is whole. Raises ArchiveUnusable."""
    check_seal(path)
    with open_unsealed(path) as archive:
        yield archive


@contextmanager
def open_unsealed(path: Path) -> Iterator[Archive]:
    """Open an archive whatever its seal says. Raises ArchiveUnusable."""
    try:
        file = zipfile.ZipFile(path)
    except BROKEN as error:
        raise ArchiveUnusable(f"{path} cannot be opened as a backup: it was cut off or damaged.") from error
    with file:
        yield Archive(file, read_manifest(read_whole(file)))


def read_whole(file: zipfile.ZipFile) -> bytes:
    """Return the text of the manifest. Raises ArchiveUnusable."""
    try:
        with file.open(NAME) as manifest:
            return manifest.read(LONGEST_MANIFEST)
    except KeyError as error:
        raise ArchiveUnusable("This ZIP is no backup of Quiet Engine: it has no manifest.") from error
    except BROKEN as error:
        raise ArchiveUnusable("The backup's manifest is damaged.") from error


def check_seal(path: Path) -> None:
    """Raise ArchiveUnusable where a file is no backup, or not as it was written."""
    with path.open("rb") as file:
        if file.read(2) != b"PK":
            raise ArchiveUnusable(f"{path} is no backup of Quiet Engine.")
        size = max(0, file.seek(0, os.SEEK_END) - SEAL_BYTES)
        file.seek(size)
        seal = file.read()
        if not seal.startswith(SEAL):
            raise ArchiveUnusable(f"{path} has no seal at its end: it was cut off, or is no backup.")
        if seal != SEAL + hash_beginning(file, size).encode():
            raise ArchiveUnusable(f"{path} is not what was written: its SHA-256 differs.")


def check_archive(path: Path, tell: Tell) -> Manifest:
    """Read an archive to its end and return its manifest. Raises ArchiveUnusable where anything is not as written."""
    with open_archive(path) as archive:
        done = 0
        for part in archive.manifest.parts:
            for rows in archive.read(part):
                done += len(rows)
                tell("Checking", done, archive.manifest.rows)
        return archive.manifest


def find_damaged_parts(path: Path) -> Iterator[str]:
    """Yield what is wrong with the parts of an archive that is known to be damaged."""
    try:
        with open_unsealed(path) as archive:
            for part in archive.manifest.parts:
                try:
                    for _ in archive.read(part):
                        pass
                except ArchiveUnusable as error:
                    yield error.message
    except ArchiveUnusable as error:
        yield error.message
