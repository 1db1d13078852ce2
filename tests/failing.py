"""A read that fails once, as one does whose connection to the database is lost."""

from __future__ import annotations

from typing import Any

import pytest

from models.errors import DatabaseLost


class Failure:
    """Lets the next call of an asynchronous function fail, and those after it pass."""

    def __init__(self, error: Exception) -> None:
        self.error: Exception | None = error

    @property
    def has_been(self) -> bool:
        """Tell whether the call was made."""
        return self.error is None


def fail_once(
    monkeypatch: pytest.MonkeyPatch, holder: Any, name: str, error: Exception | None = None
) -> Failure:
    """Let the next call of a function fail, with DatabaseLost unless another error is given."""
    failure, function = Failure(error or DatabaseLost()), getattr(holder, name)

    async def fail(*arguments: Any, **named: Any) -> Any:
        error, failure.error = failure.error, None
        if error is not None:
            raise error
        return await function(*arguments, **named)

    monkeypatch.setattr(holder, name, fail)
    return failure
