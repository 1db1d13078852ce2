"""Clients whose code is generated from the schema: it is accepted by the strictest checks, and reads as it should."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from api.persisted import hash_text, read_manifest
from api.settings import Settings
from models.access import Role
from models.draft import ArticleDraft
from models.token import create_token
from tests.client import TESTER
from tests.live import Live, running
from tests.node_programs import run_program
from tests.npm import CLIENTS, PACKAGES
from tests.python_packages import find_programs
from tests.serving import ROOT

CONTRACT = ROOT / "schema" / "schema.graphql"


@pytest.fixture(scope="module")
def programs() -> Path:
    """The folder of the programs that are installed in a Python of their own."""
    return find_programs()


def copy_program(name: str, folder: Path) -> Path:
    """Return a copy of a program of tests/clients in this folder, beside the packages and the schema."""
    copied = folder / name
    shutil.copytree(CLIENTS / name, copied)
    shutil.copy(CONTRACT, copied)
    (copied / "node_modules").symlink_to(PACKAGES)
    (copied / "package.json").write_text('{"type": "module"}')
    return copied


async def test_graphql_code_generator(node: str, tmp_path: Path) -> None:
    """What the client preset generates passes tsc --strict, each wrong use is found, and the manifest is ours."""
    folder = copy_program("codegen", tmp_path)
    generator = folder / "node_modules" / ".bin" / "graphql-codegen"
    await run_program(generator, "--config", "codegen.mjs", folder=folder)
    await run_program(folder / "node_modules" / ".bin" / "tsc", "--project", ".", folder=folder)
    documents = read_manifest(folder / "gql" / "persisted-documents.json")
    assert len(documents) == 2
    assert documents == {hash_text(text): text for text in documents.values()}


async def test_relay(settings: Settings, node: str, tmp_path: Path) -> None:
    """A connection grows page by page and a node is fetched again, of a service that knows only Relay's documents."""
    folder = copy_program("relay", tmp_path)
    (folder / "__generated__").mkdir()
    documents = folder / "documents.json"
    documents.write_text("{}")
    await run_program(node, PACKAGES / "relay-compiler" / "cli.js", "relay.config.json", folder=folder)
    async with running(replace(settings, documents=documents, documents_only=True)) as live:
        for title in ("Ebb", "Flow", "Tide"):
            await live.client.save(ArticleDraft("en", title.lower(), title))
        printed = await run_program(node, "read.js", f"http://127.0.0.1:{live.port}/graphql", folder=folder)
    assert json.loads(printed) == {
        "first": ["Ebb", "Flow"],
        "more": [True, False],
        "all": ["Ebb", "Flow", "Tide"],
        "again": "Ebb",
    }


async def test_ariadne_codegen(live: Live, programs: Path, tmp_path: Path) -> None:
    """The package it generates, and a program with it, pass mypy --strict; then it writes and pages."""
    folder = copy_program("ariadne", tmp_path)
    await run_program(programs / "ariadne-codegen", folder=folder)
    python = programs / "python"
    mypy = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--python-executable",
        str(python),
        "--cache-dir",
        "types",
    ]
    assert "Success" in await run_program(*mypy, "read.py", "quiet_client", folder=folder)
    for title in ("Ebb", "Flow"):
        await live.client.save(ArticleDraft("en", title.lower(), title))
    _, secret = await create_token(live.client.database, TESTER, "program", Role.PUBLISHER)
    printed = await run_program(
        python, "read.py", f"http://127.0.0.1:{live.port}/graphql", secret, folder=folder
    )
    assert json.loads(printed) == {"revision": 3, "titles": ["Ebb", "Flow", "Tide"]}
