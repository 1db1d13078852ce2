"""Budgets: how much a client may spend in a minute, counted in this process or together with others.

A token bucket (a client that has spent nothing for a minute may spend all at once; what is spent comes back
evenly). Clients are told by the header fields of draft-ietf-httpapi-ratelimit-headers.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from math import ceil
from time import monotonic
from typing import Protocol

from api.graphql_request import Refusal
from api.headers import Header
from models.access import ANONYMOUS, Actor

MINUTE = 60.0
MOST_CLIENTS = 100_000
"""How many clients are remembered; the one that spent longest ago is forgotten first."""

REMEMBERED = 10_000
"""Of how many addresses the network is remembered: a client sends more than one request."""

NETWORK = 64
"""How many bits of an IPv6 address tell one client from another: who has one address mostly has all of these."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What came of spending: whether it was allowed, and what is left now."""

    allowed: bool
    left: float


class Budget(Protocol):
    """Something that counts what clients spend."""

    each: int
    """How much each may spend in a minute."""

    paid: int
    """What all clients paid in this process."""

    async def spend(self, client: str, cost: int) -> Spent:
        """Take a cost from what a client has left, or nothing where that is not enough."""

    async def close(self) -> None:
        """Let go what it holds."""


class OwnBudget:
    """A budget counted in this process."""

    def __init__(self, each: int, now: Callable[[], float] = monotonic) -> None:
        self.each = each
        self.paid = 0
        self._now = now
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def spend(self, client: str, cost: int) -> Spent:
        """Take a cost from what a client has left, or nothing where that is not enough."""
        now = self._now()
        left, moment = self._left.pop(client, (float(self.each), now))
        left = min(float(self.each), left + max(0.0, now - moment) * self.each / MINUTE)
        allowed = cost <= left
        left -= cost if allowed else 0
        self._left[client] = (left, now)
        if len(self._left) > MOST_CLIENTS:
            self._left.popitem(last=False)
        return Spent(allowed, left)

    async def close(self) -> None:
        """Forget all clients."""
        self._left.clear()


@dataclass(slots=True)
class Purse:
    """One client's way to its budget, for one request."""

    budget: Budget
    client: str
    left: float = 0.0

    async def pay(self, cost: int) -> None:
        """Spend what something costs. Raises Refusal where that is more than is left."""
        if cost <= 0:
            return
        spent = await self.budget.spend(self.client, cost)
        self.left = spent.left
        if not spent.allowed:
            raise refuse_spending(self.budget.each, cost, spent.left)
        self.budget.paid += cost

    def headers(self) -> tuple[Header, ...]:
        """Return what a response says of the budget: what it is, what is left, and in how many seconds all is again."""
        each = self.budget.each
        wait = ceil((each - self.left) * MINUTE / each)
        return (
            (b"ratelimit-policy", b'"cost";q=%d;w=%d' % (each, MINUTE)),
            (b"ratelimit", b'"cost";r=%d;t=%d' % (max(0, self.left), wait)),
        )


def refuse_spending(each: int, cost: int, left: float) -> Refusal:
    """Return the refusal of what costs more than is left."""
    wait = max(1, ceil((cost - left) * MINUTE / each))
    message = (
        f"This costs {cost}, and of the {each} that you may spend in a minute {max(0, int(left))} are left."
    )
    fields = {
        "Retry-After": str(wait),
        "RateLimit-Policy": f'"cost";q={each};w={MINUTE:.0f}',
        "RateLimit": f'"cost";r={max(0, int(left))};t={wait}',
    }
    return Refusal(429, "BUDGET_SPENT", message, fields)


def name_client(actor: Actor, address: str) -> str:
    """Return what a client is counted under: its credential, else the network that it comes from."""
    return name_network(address) if actor.name == ANONYMOUS else f"actor {actor.name}"


@lru_cache(REMEMBERED)
def name_network(address: str) -> str:
    """Return the name of the network that an address is in."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if isinstance(known, IPv6Address):
        if known.ipv4_mapped is not None:
            return str(known.ipv4_mapped)
        return f"{IPv6Address(int(known) >> (128 - NETWORK) << (128 - NETWORK))}/{NETWORK}"
    return str(known)
