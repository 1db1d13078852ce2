"""What an object costs: by itself, and for each part that its article has."""

from __future__ import annotations

from dataclasses import dataclass, replace

from models.errors import LimitExceeded
from models.sizes import Sizes
from schema.prices import FIELDS_FREE, RESOLVED, WRAPPERS

MOST = 10**12
"""No price is higher: documents can multiply numbers that nobody needs to know."""


class TooCostly(LimitExceeded):
    """An operation costs more than one may."""

    code = "COST_EXCEEDED"

    def __init__(self, price: int, reading: int, maximum: int) -> None:
        self.cost = price + reading
        part = f", {reading} of it for reading its long document" if reading else ""
        super().__init__(
            f"This operation costs up to {self.cost}{part}, and one may cost {maximum}: its answer could be too large. "
            "Ask for shorter pages, or for less of each item."
        )
        self.maximum = maximum


@dataclass(frozen=True, slots=True)
class Price:
    """What an object costs by itself, for each of the parts that its article has, and for each that links to it."""

    own: float = 0
    section: float = 0
    question: float = 0
    link: float = 0
    source: float = 0

    def __add__(self, other: Price) -> Price:
        """Return what both cost."""
        return Price(
            self.own + other.own,
            self.section + other.section,
            self.question + other.question,
            self.link + other.link,
            self.source + other.source,
        )

    def of(self, articles: int, sizes: Sizes, *, distinct: bool = False) -> float:
        """Return what so many articles cost, `distinct` where none of them comes twice."""
        total = self.own * articles
        for part in ("section", "question", "link", "source"):
            each: float = getattr(self, part)
            if each:
                count = sizes.most(part, articles) if distinct else articles * sizes.most(part, 1)
                total += each * count
        return min(total, MOST)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is selected of an object: how many fields, whether all are plain, and the price of what they return."""

    fields: int = 0
    is_plain: bool = True
    below: Price = Price()

    def __add__(self, other: Chosen) -> Chosen:
        """Return what is selected by both."""
        return Chosen(self.fields + other.fields, self.is_plain and other.is_plain, self.below + other.below)

    def price(self, type_name: str) -> Price:
        """Return the price of an object of which this is selected."""
        if type_name in WRAPPERS or (type_name.endswith("Edge") and self.below != Price()):
            own = self.fields // FIELDS_FREE
        elif self.is_plain:
            own = 1 + self.fields // FIELDS_FREE
        else:
            own = 1 + RESOLVED * self.fields
        return replace(self.below, own=self.below.own + own)
