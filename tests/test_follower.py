"""Followers: one process at a time, where the last one stopped, whatever happens to it."""

from __future__ import annotations

import asyncio

import pytest

import api.following
from api.following import Following, Lease
from models.changes import Point
from models.database import Database
from models.dialect import Sql
from models.follower import Claimed, LeaseLost, claim, find_point, move_follower, release, renew, store_point

pytestmark = pytest.mark.database
POINT = Point(3, 1_800_000_000_000, 2**63 - 1, "an id", "en")


async def expire(database: Database) -> None:
    """Let all leases be over, as after some time."""
    async with database.transaction() as connection:
        await connection.execute_query("UPDATE follower SET held_until = held_until - 3600000")


async def test_one_holds_at_a_time(database: Database) -> None:
    """A follower is held by one process until its lease is over; then another one has it, where the first stood."""
    assert await find_point(database, "f") is None
    assert await claim(database, "f", "one", 60) == Claimed(None)
    await store_point(database, "f", "one", None, POINT)
    assert await find_point(database, "f") == POINT
    assert await claim(database, "f", "two", 60) is None
    assert await claim(database, "f", "one", 60) == Claimed(POINT)
    assert await claim(database, "other", "two", 60) == Claimed(None)
    await expire(database)
    assert await claim(database, "f", "two", 60) == Claimed(POINT)
    with pytest.raises(LeaseLost):
        await store_point(database, "f", "one", POINT, Point(4, 0, 0))
    assert await find_point(database, "f") == POINT


async def test_a_follower_that_was_moved(database: Database) -> None:
    """Whoever holds a follower that somebody moved does not store where it was."""
    await claim(database, "f", "one", 60)
    await store_point(database, "f", "one", None, POINT)
    async with database.transaction() as connection:
        await move_follower(connection, "f", Point(1, 0, 0))
    with pytest.raises(LeaseLost):
        await store_point(database, "f", "one", POINT, Point(4, 0, 0))
    assert await find_point(database, "f") == Point(1, 0, 0)


async def test_renewing_and_letting_go(database: Database) -> None:
    """A renewed lease lasts on, also one that was over and that nobody took; one let go is free at once."""
    await claim(database, "f", "one", 60)
    await expire(database)
    assert await renew(database, "one", 60) == {"f"}
    assert await claim(database, "f", "two", 60) is None
    await release(database, "one")
    assert await renew(database, "one", 60) == frozenset()
    assert await claim(database, "f", "two", 60) == Claimed(None)


async def test_a_lease_ends_by_the_database_s_clock(database: Database) -> None:
    """A lease lasts its time and not much longer, and no revision is made of it."""
    revision = database.head.revision
    await claim(database, "f", "one", 0.2)
    assert await claim(database, "f", "two", 1) is None
    rows = await database.read(Sql(f"SELECT held_until - {database.dialect.clock} AS left FROM follower"))
    assert -100 < rows[0]["left"] <= 200
    await asyncio.sleep(0.3)
    assert await claim(database, "f", "two", 1) == Claimed(None)
    database.head.look()
    assert database.head.revision == revision


async def test_many_claim_at_once(database: Database) -> None:
    """Of many that claim a follower at once, one has it."""
    claims = await asyncio.gather(*(claim(database, "f", f"holder {n}", 60) for n in range(8)))
    assert [bool(claimed) for claimed in claims].count(True) == 1


async def test_work_stops_with_its_lease(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process whose lease another one took stops what it was doing, and waits for its turn."""
    monkeypatch.setattr(api.following, "LEASE", 3.0)
    monkeypatch.setattr(api.following, "MARGIN", 0.2)
    following, started, ended = Following(database), asyncio.Event(), asyncio.Event()

    async def work(lease: Lease) -> None:
        started.set()
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    following.start("f", work)
    async with asyncio.timeout(10):
        await started.wait()
        first = await read_end(database)
        while await read_end(database) == first:  # noqa: ASYNC110 - a renewed lease wakes nobody
            await asyncio.sleep(0.05)
        assert not ended.is_set(), "a lease that is renewed lasts"
        async with database.transaction() as connection:
            await connection.execute_query("UPDATE follower SET holder = 'another'")
        await ended.wait()
    await following.close()


async def test_renewing_that_fails_is_tried_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leases are renewed again after whatever went wrong with it once."""
    monkeypatch.setattr(api.following, "LEASE", 4.0)
    following, started, renewed = Following(database), asyncio.Event(), asyncio.Event()
    faults = iter([ValueError("a fault")])

    async def fail_once(database: Database, holder: str, seconds: float) -> frozenset[str]:
        for fault in faults:
            raise fault
        renewed.set()
        return await renew(database, holder, seconds)

    async def work(lease: Lease) -> None:
        started.set()
        await asyncio.sleep(60)

    monkeypatch.setattr(api.following, "renew", fail_once)
    following.start("f", work)
    async with asyncio.timeout(10):
        await started.wait()
        await renewed.wait()
    await following.close()


async def read_end(database: Database) -> int:
    """Return until when the follower is held."""
    return int((await database.read(Sql("SELECT held_until FROM follower")))[0]["held_until"])


async def test_work_that_fails_begins_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A follower that fails is begun again from where it stood, and another process has it after `close`."""
    following, points = Following(database), asyncio.Queue[Point | None]()
    monkeypatch.setattr(api.following, "RESTART_AFTER", 0.01)

    async def work(lease: Lease) -> None:
        points.put_nowait(lease.point)
        await lease.store(POINT)
        raise ValueError("a fault")

    following.start("f", work)
    async with asyncio.timeout(10):
        assert await points.get() is None
        assert await points.get() == POINT
    await following.close()
    assert await claim(database, "f", "two", 60) == Claimed(POINT)
