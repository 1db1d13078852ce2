"""How many follow at a time: in each process, and of each actor or address."""

from __future__ import annotations

from collections import Counter
from types import TracebackType

from api.graphql_request import Refusal

TOO_MANY = "TOO_MANY_STREAMS"
WAIT = {"Retry-After": "10"}


class Seats:
    """Places for `most` followers, of them `most_each` for one actor or address."""

    def __init__(self, most: int, most_each: int) -> None:
        self._most = most
        self._most_each = most_each
        self._taken: Counter[str] = Counter()
        self._count = 0

    @property
    def count(self) -> int:
        """Return how many are taken."""
        return self._count

    def take(self, who: str) -> Seat:
        """Return a seat, to be given up at the end of a `with` block. Raises Refusal where there is none."""
        if self._count >= self._most:
            raise Refusal(503, TOO_MANY, f"{self._most} clients follow already; try again later.", WAIT)
        seat = Seat(self)
        seat.move(who)
        self._count += 1
        return seat

    def claim(self, who: str) -> None:
        """Count one more for somebody. Raises Refusal."""
        if self._taken[who] >= self._most_each:
            message = f"You follow {self._most_each} times already; end one of them, or try again later."
            raise Refusal(429, TOO_MANY, message, WAIT)
        self._taken[who] += 1

    def release(self, who: str) -> None:
        """Count one less for somebody."""
        self._taken[who] -= 1
        if not self._taken[who]:
            del self._taken[who]

    def give_up(self) -> None:
        """Have one more place."""
        self._count -= 1


class Seat:
    """One follower's place."""

    def __init__(self, seats: Seats) -> None:
        self._seats = seats
        self._who: str | None = None

    def move(self, who: str) -> None:
        """Count it for somebody else from now on. Raises Refusal."""
        if who != self._who:
            self._seats.claim(who)
            if self._who is not None:
                self._seats.release(self._who)
            self._who = who

    def __enter__(self) -> Seat:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        if self._who is not None:
            self._seats.release(self._who)
        self._seats.give_up()
