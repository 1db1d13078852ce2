"""One line of JSON as a record with typed fields; what is none is refused with a code and a sentence.

It knows JSON's types and forbidden characters, and nothing of articles.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TypeVar

import orjson

from api.importing.refusal import Refusal

T = TypeVar("T")

# An escape counts only behind an even number of backslashes: `\\\\u0000` is a backslash and five letters.
NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
DEEPEST = 50
NUL_FOUND = "The line holds the character NUL (U+0000)."
NAMES: dict[type, str] = {str: "a text", int: "a whole number", list: "a list", dict: "an object"}


def parse_line(raw: bytes) -> Record:
    """Return the object that a line holds.

    Raises Refusal: BAD_ENCODING (no UTF-8), BAD_JSON (RFC 8259), BAD_CHARACTER (NUL or half a surrogate
    pair, which no database text can hold), WRONG_TYPE (JSON, but no object).
    """
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise explain_failure(raw, error) from error
    if b"\\u0000" in raw and NUL.search(raw):
        raise Refusal("BAD_CHARACTER", NUL_FOUND)
    if not isinstance(value, dict):
        raise Refusal("WRONG_TYPE", f"The line holds {name_type(value)} where an object is needed.")
    return Record(value)


def explain_failure(raw: bytes, error: orjson.JSONDecodeError) -> Refusal:
    """Return why a line could not be parsed: its encoding, a lone surrogate, or its grammar."""
    try:
        text = raw.decode()
        if b"\0" in raw:
            return Refusal("BAD_CHARACTER", NUL_FOUND)
        if SURROGATE.search(raw):
            json.loads(text)
            return Refusal("BAD_CHARACTER", "The line holds half a surrogate pair (U+D800 to U+DFFF).")
    except UnicodeDecodeError as broken:
        return Refusal("BAD_ENCODING", f"The line is not UTF-8: byte {broken.start + 1} does not fit.")
    except (ValueError, RecursionError):
        pass  # the grammar is what is wrong, and the first parser's message says where
    return Refusal("BAD_JSON", f"The line is not JSON: {error.msg} (column {error.colno}).")


def is_deeper(value: object, limit: int) -> bool:
    """Tell whether lists and objects stand within each other more than `limit` times."""
    level = [value]
    for _ in range(limit):
        inner = [
            part.values() if isinstance(part, dict) else part
            for part in level
            if isinstance(part, dict | list)
        ]
        level = [part for parts in inner for part in parts]
    return bool(level)


def name_type(value: object) -> str:
    """Return a JSON value's type in words."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return NAMES.get(type(value), "a number")


@dataclass(frozen=True, slots=True)
class Record:
    """A JSON object whose fields are asked for by name and type; `place` leads to it (`sections[2].`)."""

    fields: dict[str, object]
    place: str = ""

    def text(self, name: str) -> str | None:
        """Return a text, None where the field is absent or null."""
        return self._take(name, str)

    def number(self, name: str) -> int | None:
        """Return a whole number, None where the field is absent or null."""
        return self._take(name, int)

    def needed_text(self, name: str) -> str:
        """Return a text that has to be there and not blank. Raises Refusal (MISSING_FIELD)."""
        value = self._take(name, str)
        if value is None or not value.strip():
            raise Refusal("MISSING_FIELD", f"`{self.place}{name}` is missing or empty.")
        return value

    def texts(self, name: str) -> list[str]:
        """Return a list of texts, empty where the field is absent or null."""
        return self._take_all(name, str)

    def records(self, name: str) -> Iterator[Record]:
        """Yield the objects of a list, none where the field is absent or null."""
        for index, fields in enumerate(self._take_all(name, dict)):
            yield Record(fields, f"{self.place}{name}[{index}].")

    def others(self, known: Collection[str]) -> dict[str, object]:
        """Return the fields that have a value are not known. Raises Refusal (BAD_VALUE)."""
        fields = self.fields.items()
        found = {name: value for name, value in fields if name not in known and value is not None}
        # Deeper values would parse here and fail later, where they are written as JSON again.
        if found and is_deeper(found, DEEPEST):
            raise Refusal("BAD_VALUE", f"A field is nested more than {DEEPEST} levels deep.")
        return found

    def _take(self, name: str, kind: type[T]) -> T | None:
        value = self.fields.get(name)
        # JSON's true is a subclass of int in Python, and never a number that somebody meant.
        if value is None or (isinstance(value, kind) and not isinstance(value, bool)):
            return value
        raise self._refuse(name, value, kind)

    def _take_all(self, name: str, kind: type[T]) -> list[T]:
        values = self._take(name, list) or []
        for index, value in enumerate(values):
            if not isinstance(value, kind):
                raise self._refuse(f"{name}[{index}]", value, kind)
        return values

    def _refuse(self, name: str, value: object, kind: type) -> Refusal:
        found = f"`{self.place}{name}` is {name_type(value)}, not {NAMES[kind]}."
        return Refusal("WRONG_TYPE", found)
