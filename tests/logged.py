"""What the service logs, as `quiet serve` writes it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

from api.observing.logs import OWN, configure_logs
from api.settings import Settings


class Log:
    """Lines that were written until now."""

    def __init__(self, stream: StringIO) -> None:
        self._stream = stream

    @property
    def text(self) -> str:
        """Return everything."""
        return self._stream.getvalue()

    @property
    def lines(self) -> list[str]:
        """Return the lines, of which each ended."""
        assert not self.text or self.text.endswith("\n")
        return self.text.split("\n")[:-1]

    def entries(self, logger: str | None = None) -> list[dict[str, Any]]:
        """Return the entries of a log in JSON, those of one logger where one is named."""
        entries = [json.loads(line) for line in self.lines]
        return [entry for entry in entries if logger in {None, entry["logger"]}]


@contextmanager
def logging_by(settings: Settings) -> Iterator[Log]:
    """Write what is logged as these settings say until the block ends."""
    root, own = logging.getLogger(), logging.getLogger(OWN)
    before = root.handlers[:], root.level, own.level
    stream = StringIO()
    configure_logs(settings, stream)
    try:
        yield Log(stream)
    finally:
        root.handlers[:] = before[0]
        root.setLevel(before[1])
        own.setLevel(before[2])
        logging.captureWarnings(capture=False)
