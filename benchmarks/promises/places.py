"""Where promises are shown: new databases of both kinds, and servers over them with the settings of nobody."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.databases import new_postgres, new_sqlite
from benchmarks.load import LOAD_CORE, SERVER_CORE, Server, serve
from benchmarks.promises.promise import Finding, Options
from tests.serving import free_port

SERVE = (sys.executable, "-m", "quiet_engine", "serve", "--port")
ALL_CORES = f"{SERVER_CORE},{LOAD_CORE}"
SQLITE, POSTGRES = "SQLite", "PostgreSQL"
NO_BUDGET = {"QUIET_COST_PER_MINUTE": "0"}
"""All load comes from one address, which would soon have spent what one may."""


@contextmanager
def serving_default(address: str, settings: dict[str, str] | None = None) -> Iterator[Server]:
    """Run a server over a database with the settings that it has by default, but for those that are named and told."""
    port = free_port()
    given = settings or {}
    if given:
        named = " ".join(f"{name}={value}" for name, value in given.items())
        print(f"  Settings other than by default: {named}", flush=True)
    with serve([*SERVE, str(port)], port, {"QUIET_DATABASE": address, **given}, ALL_CORES) as server:
        yield server


def name_databases(options: Options) -> list[str]:
    """Return the kinds of databases that promises are shown on."""
    return [SQLITE, POSTGRES] if options.postgres else [SQLITE]


@contextmanager
def new_database(kind: str, options: Options) -> Iterator[tuple[str, Path]]:
    """Yield the address of a new database of this kind, and a folder; both are gone afterwards."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        if kind == SQLITE:
            with new_sqlite(folder) as address:
                yield address, folder
        else:
            assert options.postgres is not None
            with new_postgres(options.postgres) as address:
                yield address, folder


def tell_missing(options: Options, promised: str) -> Iterator[Finding]:
    """Yield that a promise was not shown on PostgreSQL, where it was not."""
    if options.postgres is None:
        yield Finding(POSTGRES, "no server: --postgres or QUIET_BENCH_POSTGRES names one", promised, None)
