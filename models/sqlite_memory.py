"""SQLite's library as this process uses it: it need not count the memory that it takes.

It counts with each piece of memory that it takes or gives back, by default, and all threads wait for each other to do
it: two statements at a time take three times the processor time of one after the other. Python has no way to say so,
hence the library's own function (https://www.sqlite.org/c3ref/config.html).
"""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from importlib.util import find_spec

CONFIG_MEMSTATUS = 9
"""SQLITE_CONFIG_MEMSTATUS, whose argument tells whether memory is counted."""


@cache
def stop_counting() -> bool:
    """Let SQLite count no memory from now on, and tell whether it could be told so.

    It is told where nobody in this process uses it yet: the library takes no such word later.
    """
    library = find_library()
    if library is None or library.sqlite3_memory_used() or library.sqlite3_shutdown():
        return False
    is_told = not library.sqlite3_config(CONFIG_MEMSTATUS, 0)
    library.sqlite3_initialize()
    return is_told


def find_library() -> ctypes.CDLL | None:
    """Return the library that Python's module uses, None where it cannot be told from outside.

    Elsewhere than on Linux functions that take any number of arguments may be called in a way of their own.
    """
    spec = find_spec("_sqlite3")
    if sys.platform != "linux" or spec is None:
        return None
    # A module that is part of the interpreter itself has its library in there.
    library = ctypes.CDLL(spec.origin if spec.has_location else None)
    if not hasattr(library, "sqlite3_config"):
        return None
    library.sqlite3_memory_used.restype = ctypes.c_int64
    return library
