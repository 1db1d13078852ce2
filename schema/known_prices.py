"""What an operation was found to cost, remembered by the variables on which its price depends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from models.sizes import Sizes
from schema.given import Dependence, Given

MOST_PRICES, LONGEST_KEY = 100, 1_000
"""For how many values of variables the prices of one operation are kept, and of what length in writing."""


@dataclass(slots=True, eq=False)
class KnownPrices:
    """The prices of one operation while there is as much as `sizes` says.

    Whatever was not looked at when a price was worked out does not change it. What was for any of the prices is
    looked at for all of them.
    """

    sizes: Sizes | None = None
    _dependences: tuple[Dependence, ...] = ()
    _prices: dict[tuple[bool, str], int] = field(default_factory=dict)

    def find(self, variables: Mapping[str, Any], sizes: Sizes, *, is_live: bool) -> int | None:
        """Return the price of the operation with these variables, None where it is not known."""
        return self._prices.get(self._key(variables, is_live)) if sizes is self.sizes else None

    def keep(
        self, price: int, given: Given, variables: Mapping[str, Any], sizes: Sizes, *, is_live: bool
    ) -> None:
        """Remember a price, for which `given` says what was looked at."""
        if sizes is not self.sizes or not given.seen.issubset(self._dependences):
            self._prices.clear()
            self.sizes, self._dependences = sizes, (*{*self._dependences, *given.seen},)
        key = self._key(variables, is_live)
        if len(key[1]) <= LONGEST_KEY:
            if len(self._prices) >= MOST_PRICES:
                self._prices.clear()
            self._prices[key] = price

    def _key(self, variables: Mapping[str, Any], is_live: bool) -> tuple[bool, str]:
        if not self._dependences:
            return is_live, ""
        read = [reading(variables[name]) if name in variables else ... for name, reading in self._dependences]
        return is_live, repr(read)
