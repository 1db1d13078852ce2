"""The index of SQLite's log, in which it notes each commit: all processes have it in their memory.

Its form is a part of what SQLite promises (https://www.sqlite.org/walformat.html, "The WAL-Index File Format"): the
header at its beginning changes with each commit, and has done so before the commit is told to whoever made it.

It is read where SQLite has it. To open the file ourselves would harm: a process that closes a file gives up all its
locks on it, those of SQLite as well (https://www.sqlite.org/howtocorrupt.html, section 2.2).
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

HEADER_BYTES = 48
VERSION = 3_007_000
"""What the header of every such index begins with."""

MAPPINGS = Path("/proc/self/maps")
MAPPING_FIELDS = 6
"""The address, permissions, offset, device, inode and path of a mapping (proc_pid_maps(5))."""

Header = ctypes.Array[ctypes.c_char]


def find_header(path: str) -> Header | None:
    """Return the header of the index of the database at a path, None where it cannot be found.

    A connection that has read the database must be open as long as the header is used: its memory goes with the last.
    """
    try:
        # As paths are: whatever bytes they have.
        lines = os.fsdecode(MAPPINGS.read_bytes()).split("\n")
    except OSError:  # another system than Linux
        return None
    file = f"{Path(path).resolve()}-shm"
    starts = [start for start in (find_start(line, file) for line in lines) if start is not None]
    if len(starts) != 1:
        return None
    header = (ctypes.c_char * HEADER_BYTES).from_address(starts[0])
    return header if int.from_bytes(header.raw[:4], sys.byteorder) == VERSION else None


def find_start(line: str, file: str) -> int | None:
    """Return the address of the mapping that a line tells of, None where it is not that of a file's beginning."""
    fields = line.split(maxsplit=MAPPING_FIELDS - 1)
    if len(fields) != MAPPING_FIELDS or fields[-1] != file or int(fields[2], 16):
        return None
    return int(fields[0].partition("-")[0], 16)
