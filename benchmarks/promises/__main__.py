"""`python -m benchmarks.promises [NAME …]`: whether the product keeps what it promises, with the figures."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

import click

from benchmarks.databases import find_version
from benchmarks.machine import describe_machine
from benchmarks.promises import acknowledged, documents, errors, ground, growth, moments, restarts
from benchmarks.promises.promise import Finding, Options, Promise

PROMISES: Sequence[Promise] = (
    documents.PROMISE,
    errors.PROMISE,
    acknowledged.PROMISE,
    moments.PROMISE,
    restarts.PROMISE,
    ground.PROMISE,
    growth.PROMISE,
)
NAMES = [promise.name for promise in PROMISES]
TITLES = "| what | found | promised | |\n| --- | --- | --- | --- |"
USUAL = Options()


def show(promise: Promise, options: Options) -> list[Finding]:
    """Show one promise, telling each figure as it is found; return the figures."""
    print(f"\n## {promise.name}: {promise.sentence}\n", flush=True)
    begun = monotonic()
    found = []
    for finding in promise.show(options):
        found.append(finding)
        print(finding.describe(), flush=True)
    print(f"  ({monotonic() - begun:.0f} s)", flush=True)
    return found


def sum_up(found: Sequence[Finding]) -> str:
    """Return one sentence about all figures."""
    broken = sum(one.is_kept is False for one in found)
    missing = sum(one.is_kept is None for one in found)
    said = "All figures are within what is promised." if not broken else f"{broken} figures are BROKEN."
    return said if not missing else f"{said} {missing} could NOT be shown on this machine."


LISTED = "\n\n".join(f"\b\n{promise.name}\n  {promise.sentence}" for promise in PROMISES)
HELP = f"""Show whether the product keeps what it promises. Without a NAME all promises are shown; that takes an hour.

{LISTED}

Each starts `quiet serve` as it is by default, over new databases, and names the settings that the load itself makes
necessary. Ends with 1 where a promise is broken. docs/promises.md has the figures of a machine.

\b
Examples:
  python -m benchmarks.promises documents restarts
  QUIET_BENCH_POSTGRES=postgres://postgres@127.0.0.1/postgres python -m benchmarks.promises
  python -m benchmarks.promises growth --requests 200000
"""


@click.command(help=HELP)
@click.argument("names", nargs=-1, type=click.Choice(NAMES), metavar="[NAME]...")
@click.option(
    "--postgres",
    envvar="QUIET_BENCH_POSTGRES",
    help="A server on which databases may be made: postgres://USER:PASSWORD@HOST:PORT/NAME. "
    "Without it promises are shown on SQLite alone.",
)
@click.option(
    "--cases", default=USUAL.cases, show_default=True, help="errors: how many requests are spoiled."
)
@click.option("--kills", default=USUAL.kills, show_default=True, help="acknowledged: how often it is killed.")
@click.option("--reads", default=USUAL.reads, show_default=True, help="moments: how many answers are read.")
@click.option("--requests", default=USUAL.requests, show_default=True, help="growth: how many requests.")
@click.option("--rounds", default=USUAL.rounds, show_default=True, help="documents: how often each is sent.")
@click.option("--seed", default=USUAL.seed, show_default=True, help="errors: another one makes other cases.")
@click.option(
    "--corpus",
    type=click.Path(exists=True, path_type=Path),
    help="documents: a file of articles, as `quiet import` reads them, to ask for instead of made-up ones.",
)
def main(names: tuple[str, ...], **given: object) -> None:
    """Show the promises that are named, or all."""
    for name in [name for name in os.environ if name.startswith("QUIET_")]:
        # Settings of this process are not those of what is shown.
        del os.environ[name]
    options = Options(**given)  # type: ignore[arg-type] # click has checked them
    version = asyncio.run(find_version(options.postgres)) if options.postgres else None
    print(describe_machine(version), flush=True)
    rows: list[str] = []
    found: list[Finding] = []
    for promise in PROMISES:
        if not names or promise.name in names:
            figures = show(promise, options)
            found += figures
            rows += [f"| **{promise.name}** | {promise.sentence} | | |", *(one.describe() for one in figures)]
    print(f"\n{TITLES}\n" + "\n".join(rows) + f"\n\n{sum_up(found)}")
    sys.exit(any(one.is_kept is False for one in found))


if __name__ == "__main__":
    main(prog_name="python -m benchmarks.promises")
