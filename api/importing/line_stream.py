"""Lines of a plain or gzip file, one at a time, with a limit on their length.

It knows bytes and line numbers only, not what stands in the lines.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

LONGEST_LINE = 16 * 1024 * 1024
GZIP_MAGIC = b"\x1f\x8b"
UTF8_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that could not be read whole; `line` counts from 1, 0 for a file that cannot be opened."""

    line: int
    code: str
    message: str


def read_lines(path: Path, longest: int = LONGEST_LINE) -> Iterator[tuple[int, bytes] | BadLine]:
    """Yield every line's number and bytes (without its line end), or why it could not be read.

    A file is taken as gzip by its first two bytes, whatever its name. A line over `longest` bytes is passed
    over in pieces (TOO_LARGE). Compressed data that stops early (TRUNCATED) or is damaged (BAD_ENCODING) ends
    the reading after the lines that could still be read. Never raises.
    """
    number = 0
    try:
        with path.open("rb") as plain:
            is_gzip = plain.read(2) == GZIP_MAGIC
            plain.seek(0)
            # GzipFile is typed as an IOBase of its own, and reads like every other binary file.
            stream = cast("BinaryIO", gzip.GzipFile(fileobj=plain)) if is_gzip else plain
            for number, raw in enumerate(iter(lambda: take_line(stream, longest), b""), start=1):
                yield check_length(number, raw, longest)
    except EOFError:
        yield BadLine(number + 1, "TRUNCATED", "The compressed data stops in the middle.")
    except (zlib.error, gzip.BadGzipFile) as error:
        yield BadLine(number + 1, "BAD_ENCODING", f"The compressed data is damaged: {error}.")
    except OSError as error:
        yield BadLine(number, "UNREADABLE", f"The file cannot be read: {error.strerror or error}.")


def take_line(stream: BinaryIO, longest: int) -> bytes:
    """Return the next line with its end; of a line that is too long the beginning, passing over the rest."""
    raw = stream.readline(longest + 2)
    if len(raw) > longest and not raw.endswith(b"\n"):
        while (piece := stream.readline(longest)) and not piece.endswith(b"\n"):
            pass
    return raw


def check_length(number: int, raw: bytes, longest: int) -> tuple[int, bytes] | BadLine:
    """Return the numbered line without line end and byte order mark, or a BadLine where it is too long."""
    bare = raw.rstrip(b"\r\n")
    if len(bare) > longest:
        return BadLine(number, "TOO_LARGE", f"The line is longer than {longest:,} bytes.")
    return number, bare.removeprefix(UTF8_MARK) if number == 1 else bare
