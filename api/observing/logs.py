"""Logs: one line for each event, for people or as JSON, without secrets and without line breaks that a client sent.

Programs log as ever: `logger.warning("…", extra={"webhook": …})`. Whatever stands in `extra` becomes a field.
"""

from __future__ import annotations

import json
import logging
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import UTC, datetime
from types import NoneType
from typing import Any, TextIO
from urllib.parse import urlsplit

import orjson

from api.observing.redaction import Redaction
from api.observing.seen import current
from api.settings import Settings
from models.database import Address

OWN = "quiet"
"""The logger above all of ours."""

STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}
"""What every record has; the rest is what `extra` brought."""


FIRST = frozenset({"time", "level", "logger", "message", "exception"})
"""Fields that have a place of their own on the console."""

PLAIN = (str, bool, int, float, NoneType)


class Fields(logging.Formatter, ABC):
    """From a record to its fields, in their order: time, level, logger, message, ids, what `extra` brought."""

    def __init__(self, redaction: Redaction) -> None:
        super().__init__()
        self._redaction = redaction

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record, without secrets."""
        fields = self.read(record)
        line = self.write(fields)
        if self._redaction.suspects(line):
            line = self.write({name: self._clean(value) for name, value in fields.items()})
        return line

    @abstractmethod
    def write(self, fields: Mapping[str, Any]) -> str:
        """Return the line that says these fields."""

    def read(self, record: logging.LogRecord) -> dict[str, Any]:
        """Return the fields of a record."""
        moment = datetime.fromtimestamp(record.created, UTC)
        fields: dict[str, Any] = {
            "time": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        seen = current.get()
        if seen is not None:
            fields["request_id"] = seen.id
            if seen.trace:
                fields["trace_id"] = seen.trace
        for name, value in vars(record).items():
            if name not in STANDARD:
                fields[name] = value if isinstance(value, PLAIN) else str(value)
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return fields

    def _clean(self, value: Any) -> Any:
        return self._redaction.hide(value) if isinstance(value, str) else value


class JsonLines(Fields):
    """Writes each record as one line of JSON."""

    def write(self, fields: Mapping[str, Any]) -> str:
        """Return the line that says these fields."""
        try:
            line = orjson.dumps(fields)
        except TypeError:  # half of a surrogate pair, which orjson does not write
            return json.dumps(fields)
        # Some programs take further characters for ends of lines, such as U+2028.
        return line.decode() if line.isascii() else json.dumps(fields)


class ConsoleLines(Fields):
    """Writes each record as a line for people; a traceback follows on lines that begin with a bar."""

    def write(self, fields: Mapping[str, Any]) -> str:
        """Return the line that says these fields, and the lines of a traceback."""
        more = "".join(f" {name}={show(value)}" for name, value in fields.items() if name not in FIRST)
        exception = fields.get("exception", "")
        lines = [
            f"{fields['time']} {fields['level']:<7} {fields['logger']}: {escape(fields['message'])}{more}"
        ]
        lines += [f"    | {escape(line)}" for line in exception.split("\n") if line]
        return "\n".join(lines)


def show(value: Any) -> str:
    """Return a value as it stands behind its name: in quotes where it would not end visibly."""
    text = escape(str(value))
    return json.dumps(text, ensure_ascii=False) if not text or set(text) & set(' "=') else text


def escape(text: str) -> str:
    """Return a text in which nothing ends the line or moves the cursor of a terminal."""
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text
    )


def list_secrets(settings: Settings) -> list[str]:
    """Return the secrets among the settings."""
    address = Address(settings.database)
    password = address.credentials.get("password") or ""
    return [settings.purge_token, settings.operator_token, password, urlsplit(settings.redis).password or ""]


def configure_logs(settings: Settings, stream: TextIO | None = None) -> None:
    """Let everything that is logged in this process go to `stream`, else to standard error, as the settings say.

    Libraries are heard from warnings on, whatever the level: some log addresses or parameters below that.
    """
    formatter = {"json": JsonLines, "console": ConsoleLines}[settings.log_format]
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter(Redaction(list_secrets(settings))))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(OWN).setLevel(settings.log_level.upper())
    logging.captureWarnings(capture=True)
