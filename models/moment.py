"""Moments: whole milliseconds since 1970-01-01 UTC, as stored and compared everywhere.

Integers compare the same on every database and need no zone; text appears only at the edges.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from functools import lru_cache

FOREVER = 2**63 - 1
"""The open end of a range of revisions or of moments; the largest value both databases store."""

FIRST = -62_135_596_800_000
"""The first moment RFC 3339 can write: 0001-01-01T00:00:00Z."""

LAST = 253_402_300_799_999
"""The last moment RFC 3339 can write: 9999-12-31T23:59:59.999Z."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def now() -> int:
    """Return the present moment by this machine's clock."""
    return time.time_ns() // 1_000_000


def from_datetime(value: datetime) -> int:
    """Return the moment of a datetime; one without a zone is taken as UTC. Below a millisecond is cut."""
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return (aware - EPOCH) // timedelta(milliseconds=1)


def to_datetime(moment: int) -> datetime:
    """Return the moment as a datetime in UTC."""
    return EPOCH + timedelta(milliseconds=moment)


@lru_cache(maxsize=4096)
def to_text(moment: int) -> str:
    """Return the moment as RFC 3339 in UTC: `2026-03-01T09:30:00Z`, with milliseconds only if there are any."""
    value = to_datetime(moment)
    precision = "milliseconds" if moment % 1000 else "seconds"
    return value.replace(tzinfo=None).isoformat(timespec=precision) + "Z"


def from_text(text: str) -> int:
    """Return the moment that an RFC 3339 date and time names.

    Raises ValueError where the text is no date and time, has no zone, or lies outside the years 1 to 9999.
    """
    value = datetime.fromisoformat(text)
    if value.tzinfo is None or "T" not in text.upper():
        raise ValueError("a date and time with a zone is needed, such as 2026-03-01T09:30:00Z")
    moment = from_datetime(value)
    if not FIRST <= moment <= LAST:
        raise ValueError("in UTC it lies outside the years 1 to 9999")
    return moment
