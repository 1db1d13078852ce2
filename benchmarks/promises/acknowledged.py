"""Acknowledged means there: a server that is killed under eight writers, and what it hands to the disk."""

from __future__ import annotations

import asyncio
import re
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.data import make_up
from benchmarks.databases import find_setting
from benchmarks.load import Server
from benchmarks.promises.places import (
    SQLITE,
    name_databases,
    new_database,
    serving_default,
    tell_missing,
)
from benchmarks.promises.promise import Finding, Options, Progress, Promise
from benchmarks.publisher import Publisher
from models.access import Role
from models.database import open_database
from models.migrating import migrate
from tests.client import Client, serve
from tests.databases import read_test_settings
from tests.editor import Editor, sign_in_editor
from tests.test_crash import Journal, check, finish, kill_under_load, killable

AT_ONE_ARTICLE = 10
"""How many kills the writers have the same article to change: it grows with each change."""

COMMITS = 50


async def kill_often(address: str, folder: Path, options: Options) -> tuple[int, list[str]]:
    """Kill servers under writers; return how many changes were acknowledged, and what was lost or partial."""
    async with open_database(address) as database:
        await migrate(database)
    settings = read_test_settings(address)
    async with serve(settings) as client:
        administrator = await sign_in_editor(client)
        publisher = await client.sign_in(Role.PUBLISHER)
        everything, faults, shared = Journal(), [], 0
        progress = Progress("kills", options.kills)
        for seed in range(options.kills):
            if seed % AT_ONE_ARTICLE == 0:
                article = await administrator.create("shared")
                shared += 1
            journal = Journal()
            with killable(folder, settings) as (url, process):
                await kill_under_load(url, process, publisher, journal, seed, article)
            faults += [fault async for fault in find_faults(publisher, journal)]
            everything.sent |= journal.sent
            everything.answers |= journal.answers
            progress.tell(seed + 1)
        acknowledged = len(everything.answers)
        faults += [fault async for fault in find_faults(publisher, everything, shared)]
    return acknowledged, faults


async def find_faults(client: Client, journal: Journal, shared: int = 0) -> AsyncIterator[str]:
    """Yield what is not there as it was acknowledged; with `shared` what was never answered is sent again as well."""
    editor = Editor(client)
    try:
        await check(editor, journal)
        if shared:
            await finish(editor, journal, shared)
            await check(editor, journal)
    except AssertionError as error:
        yield str(error)[:500]


@contextmanager
def counting(server: Server, folder: Path) -> Iterator[Path]:
    """Let strace write down each time that the server makes the disk keep what it was given."""
    path = folder / "synced"
    command = ["strace", "-f", "-p", str(server.process.pid), "-e", "trace=fsync,fdatasync", "-o", str(path)]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as tracer:
        assert tracer.stderr is not None
        tracer.stderr.readline()  # it says that it is attached
        try:
            yield path
        finally:
            tracer.send_signal(signal.SIGINT)


def show_syncs(options: Options) -> Iterator[Finding]:
    """Yield how often SQLite has the disk keep what it was given."""
    promised = "at least 1 for each commit"
    if shutil.which("strace") is None:
        yield Finding("fsyncs on SQLite", "strace is missing: apt-get install strace", promised, None)
        return
    with new_database(SQLITE, options) as (address, folder):
        data = asyncio.run(make_up(address, SQLITE, COMMITS))
        with serving_default(address) as server:
            publisher = Publisher(server, data)
            publisher.publish()
            with counting(server, folder) as path:
                for _ in range(COMMITS):
                    publisher.publish()
        synced = len(re.findall(r"\b(?:fsync|fdatasync)\(\d+\)\s+= 0", path.read_text()))
    yield Finding(
        f"{COMMITS} commits on SQLite, counted by strace",
        f"{synced} fsyncs, {synced / COMMITS:.2f} for each commit",
        promised,
        synced >= COMMITS,
    )


def show_durability(options: Options) -> Iterator[Finding]:
    """Yield what PostgreSQL does before it says that something is committed."""
    if options.postgres:
        names = ("fsync", "synchronous_commit")
        found = [asyncio.run(find_setting(options.postgres, name)) for name in names]
        told = ", ".join(f"{name} = {value}" for name, value in zip(names, found, strict=True))
        yield Finding("PostgreSQL commits", told, "as by default: on", found == ["on", "on"])


def show(options: Options) -> Iterator[Finding]:
    """Yield what was lost on each database, and how often the disk was asked."""
    promised = "0 lost, 0 partial"
    for kind in name_databases(options):
        with new_database(kind, options) as (address, folder):
            acknowledged, faults = asyncio.run(kill_often(address, folder, options))
        told = "; ".join(faults) or "0 lost, 0 partial, none done twice"
        what = f"{kind}: {options.kills} kills, {acknowledged:,} changes acknowledged"
        yield Finding(what, told, promised, not faults)
    yield from tell_missing(options, promised)
    yield from show_syncs(options)
    yield from show_durability(options)


PROMISE = Promise(
    "acknowledged",
    "Acknowledged means there: a server that is killed (SIGKILL) under eight writers has lost nothing that it "
    "acknowledged, and left nothing half done.",
    show,
)
