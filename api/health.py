"""Whether the server lives and is ready, for those who watch it: `/livez`, `/readyz`, `/version`, `/metrics`.

None of them tells anybody a version, an address or a name of the inside; operators learn more.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from time import monotonic
from typing import Any

import orjson
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from api.connections import Departure
from api.following import TROUBLE, Following
from api.graphql_reply import Reply, refuse
from api.graphql_request import JSON, Refusal
from api.observing.exposition import Exposition, find_lags
from api.operators import Operators
from models.database import Database
from models.dialect import Sql
from models.errors import DatabaseNotReady, RevisionNotReached
from models.migrating import pending_migrations

CHECK_SECONDS = 1.0
"""How long the database may take to answer."""

KEPT_SECONDS = 0.25
"""How long a check is not made again, so that many who ask are one for the database."""

NOT_STORED = (b"cache-control", b"no-store")
TYPE = (b"content-type", b"application/json")
ALLOWED = "GET, HEAD"
PATHS = ("/livez", "/readyz", "/version", "/metrics")
LIVE = orjson.dumps({"status": "alive"})


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: whether it is well, and what else may be told of it."""

    is_well: bool
    told: Mapping[str, Any]

    def describe(self) -> dict[str, Any]:
        """Return what is told of it."""
        return {"ok": self.is_well, **self.told}


def fail(reason: str) -> Check:
    """Return a check that is not well."""
    return Check(is_well=False, told={"reason": reason})


class Readiness:
    """Looks whether requests can be answered."""

    def __init__(self, database: Database, following: Following, departure: Departure) -> None:
        self._database = database
        self._following = following
        self._departure = departure
        self._checking: asyncio.Task[dict[str, Check]] | None = None
        self._checked = 0.0

    async def check(self) -> dict[str, Check]:
        """Return all checks by name, no older than `KEPT_SECONDS`."""
        old = self._checking is None or (self._checking.done() and monotonic() - self._checked > KEPT_SECONDS)
        if old:
            self._checking = asyncio.create_task(self._check())
        assert self._checking is not None
        checks = await asyncio.shield(self._checking)
        return {"server": self._check_server(), **checks}

    def _check_server(self) -> Check:
        if self._departure.has_begun.is_set():
            return fail("The server is going away.")
        return Check(is_well=True, told={})

    async def _check(self) -> dict[str, Check]:
        checks = await self._check_database()
        self._checked = monotonic()
        return {**checks, "followers": self._check_followers()}

    async def _check_database(self) -> dict[str, Check]:
        """Return the checks that ask the database. What cannot be told because it is gone is not well."""
        unknown = fail("It cannot be told without the database.")
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                pending = await pending_migrations(self._database)
                revision = (
                    0 if pending else (await self._database.read(Sql("SELECT revision FROM head")))[0][0]
                )
        except DatabaseNotReady as error:
            # It was migrated for a newer version while this one serves, which goes on until it is replaced.
            return {
                "database": well(),
                "migrations": well(note=error.message),
                "head": await self._check_head(0),
            }
        except TimeoutError:
            lost = fail(f"The database did not answer within {CHECK_SECONDS:g} s.")
        except (*TROUBLE, sqlite3.Error):
            lost = fail("The database cannot be reached.")
        else:
            missing = fail(f"{len(pending)} migration(s) are missing: `quiet migrate` runs them.")
            head = unknown if pending else await self._check_head(revision)
            return {"database": well(), "migrations": missing if pending else well(), "head": head}
        return {"database": lost, "migrations": unknown, "head": unknown}

    async def _check_head(self, revision: int) -> Check:
        """Look whether this process has seen the newest revision, or sees it soon."""
        head = self._database.head
        try:
            await head.reach(revision, CHECK_SECONDS)
        except RevisionNotReached:
            return fail(f"This process is {revision - head.revision} revision(s) behind its database.")
        return well()

    def _check_followers(self) -> Check:
        """Tell how far followers are behind. A receiver that does not answer must not take the server away."""
        lags = find_lags(self._following, self._database)
        return well(held=len(lags), lag=max(lags.values(), default=0))


def well(**told: Any) -> Check:
    """Return a check that is well."""
    return Check(is_well=True, told=told)


class Health:
    """Answers those who watch the server. `audience` says who may read the metrics."""

    def __init__(
        self, readiness: Readiness, operators: Operators, exposition: Exposition, audience: str
    ) -> None:
        self._readiness = readiness
        self._operators = operators
        self._exposition = exposition
        self._audience = audience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        try:
            reply = await self._answer(scope)
        except Refusal as refusal:
            reply = refuse(refusal, JSON)
        await reply.send(send)

    async def _answer(self, scope: Scope) -> Reply:
        """Return the response to a request. Raises Refusal."""
        if scope["method"] not in {"GET", "HEAD"}:
            raise Refusal(405, "METHOD_NOT_ALLOWED", "This is served to GET.", {"Allow": ALLOWED})
        match scope["path"]:
            case "/livez":
                return Reply(200, (TYPE, NOT_STORED), LIVE)
            case "/readyz":
                return await self._tell_readiness()
            case "/version":
                await self._operators.admit(Headers(scope=scope))
                return write(200, {"version": find_version()})
            case _:
                return await self._tell_metrics(Headers(scope=scope))

    async def _tell_readiness(self) -> Reply:
        checks = await self._readiness.check()
        is_ready = all(check.is_well for check in checks.values())
        told = {name: check.describe() for name, check in checks.items()}
        reply = write(
            200 if is_ready else 503, {"status": "ready" if is_ready else "not ready", "checks": told}
        )
        return reply if is_ready else Reply(503, (*reply.headers, (b"retry-after", b"1")), reply.body)

    async def _tell_metrics(self, headers: Headers) -> Reply:
        if self._audience == "off":
            raise Refusal(404, "NOT_FOUND", "Not Found")
        if self._audience == "operators":
            await self._operators.admit(headers)
        text, media_type = await self._exposition.write(headers.get("accept", ""))
        return Reply(200, ((b"content-type", media_type.encode()), NOT_STORED), text)


def write(status: int, told: Mapping[str, Any]) -> Reply:
    """Return a response with JSON."""
    return Reply(status, (TYPE, NOT_STORED), orjson.dumps(told))


@cache
def find_version() -> str:
    """Return the version of this program."""
    try:
        return version("quiet-engine")
    except PackageNotFoundError:
        return "unknown"
