"""What an answer may say, whatever was sent: errors have codes and sentences, and nothing of the inside is in them."""

from __future__ import annotations

import re

import orjson

from schema.errors import INTERNAL_ERROR

INSIDE = re.compile(
    rb"Traceback|File \"|site-packages|\.py\b|sqlite3?\.|asyncpg|tortoise|strawberry|graphql-core|"
    rb"\bSELECT .* FROM\b|object at 0x|Errno|\bNoneType\b",
    re.IGNORECASE,
)
"""What tells of the program's inside, or of what it is made with."""

OURS = ("application/json", "application/graphql-")
"""The types of answers whose errors have codes."""


def find_fault(status: int, media_type: str, content: bytes) -> str | None:
    """Return what is wrong with an answer, None where it is as it is meant."""
    if status >= 500:
        return f"status {status}"
    found = INSIDE.search(content)
    if found:
        return f"tells of the inside: {found[0]!r}"
    if not media_type.startswith(OURS):
        return None
    for error in orjson.loads(content or b"{}").get("errors", ()):
        code = error.get("extensions", {}).get("code")
        if not code or code == INTERNAL_ERROR:
            return f"an error with the code {code}"
        if not error["message"]:
            return "an error without a message"
    return None
