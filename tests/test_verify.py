"""`quiet verify` finds each kind of damage, and nothing in a database that is well."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from pathlib import Path

import asyncpg
import pytest
from click.testing import CliRunner, Result

from api.cli import main
from api.settings import Settings
from models.access import system_actor
from models.compacting import compact, plan_compacting
from models.composition import compose
from models.database import Address, Database, open_database
from models.dialect import SQLITE
from models.draft import ArticleDraft, ImageDraft, LinkDraft, QuestionDraft, SectionDraft, SectionKind
from models.moment import FOREVER
from models.verifying.checks import CHECKS, MOST, verify
from tests.client import Client
from tests.databases import DIALECT, copied_database
from tests.editor import Editor

FILE = "The file of the database is sound"
REFERENCES = "Every row that another one names is there"
HISTORY = "Revisions have no gaps and are in order"
HEAD = "The head is the newest revision"
EDITIONS = "Of each article and locale there is one edition at a time"
CONTENT = "Every edition has the content that its hash was made of"
PUBLICATIONS = "Every publication is of an edition of its article"
CLASHES = "No two publications are live at once where one is"
INDEX = "The search index has the passages of every edition, and no others"

PLAIN = ArticleDraft("en", "plain", "Plain")
WHOLE = ArticleDraft(
    "de",
    "ganz",
    "Größe",
    summary="Alles.",
    intro="Siehe [dort](/de/dort).",
    sections=[
        SectionDraft(
            "Fragen", 2, SectionKind.FAQ, "Text", "fragen", [QuestionDraft("Warum?", "Darum.", "warum")]
        ),
        SectionDraft(None, 3, SectionKind.PROS_AND_CONS, pros=["ja"], cons=["nein"]),
    ],
    questions=[QuestionDraft("Und?", "Nichts.")],
    related=[LinkDraft("Dort", "/de/dort"), LinkDraft("Woanders", "https://example.org/")],
    images=[ImageDraft("/a.png", "Bild", "Unter")],
    tags=["Meer", "meer", "Mond"],
    authors=["Ida Berg"],
    redirects=["/alt"],
    seo={"title": "Ganz"},
    front_matter={"b": [1, 2.5, None], "a": {"x": True}},
    published_at=1_700_000_000_000,
)
HASHES = [
    "cc0b0b1134699ddbd2d7f0a1f509c3c811c6af118776d1556aec99f4f6c7cc5e",
    "44bb8e65dd86250ca482e97206b3eb2da6861b143a86373e730b0e563e873011",
]

ONE = "id = (SELECT MIN(id) FROM {table})"
DAMAGE = {
    "a link to no article": (
        "UPDATE link SET target_id = 'nobody' WHERE kind = 'body'",
        {REFERENCES, CONTENT},
    ),
    "a section of no edition": (
        "UPDATE section SET edition_id = 9999 WHERE edition_id = (SELECT MIN(edition_id) FROM section)",
        {REFERENCES, CONTENT, INDEX},
    ),
    "a publication of no edition": (
        f"UPDATE publication SET edition_id = 9999 WHERE {ONE.format(table='publication')}",
        {REFERENCES},
    ),
    "a revision that is missing": ("DELETE FROM revision WHERE number = 3", {REFERENCES, HISTORY}),
    "the last revision missing": ("DELETE FROM revision WHERE number = 7", {REFERENCES, HEAD}),
    "a revision of an earlier moment": ("UPDATE revision SET moment = 1 WHERE number = 4", {HISTORY}),
    "a revision without its changes": ("DELETE FROM change WHERE revision_id = 5", {HISTORY}),
    "a change that is missing": ("DELETE FROM change WHERE revision_id = 1 AND position = 2", {HISTORY}),
    "a head that is ahead": ("UPDATE head SET revision = 8", {HEAD}),
    "a head that is behind": ("UPDATE head SET revision = 6", {HEAD}),
    "no head": ("DELETE FROM head", {HEAD}),
    "an oldest revision to come": ("UPDATE head SET oldest = 8", {HEAD}),
    "an edition of a revision to come": (
        f"UPDATE edition SET until = 99 WHERE {ONE.format(table='edition')}",
        {HEAD},
    ),
    "two newest editions": (
        f"UPDATE edition SET until = {FOREVER} WHERE until < {FOREVER} AND slug = 'the-moon'",
        {EDITIONS},
    ),
    "another title": ("UPDATE edition SET title = title || '.' WHERE slug = 'brot'", {CONTENT}),
    "another summary": ("UPDATE edition SET summary = 'x' WHERE slug = 'tides'", {CONTENT}),
    "another intro": ("UPDATE edition SET intro_markdown = 'x' WHERE slug = 'tides'", {CONTENT}),
    "another author": ("UPDATE edition SET authors = '[]' WHERE slug = 'tides'", {CONTENT}),
    "another picture": ("UPDATE edition SET own_images = '[]' WHERE slug = 'tides'", {CONTENT}),
    "JSON that is none": ("UPDATE edition SET seo = '{' WHERE slug = 'tides'", {CONTENT}),
    "another text": (
        f"UPDATE section SET body_markdown = 'x' WHERE {ONE.format(table='section')}",
        {CONTENT},
    ),
    "another kind": (f"UPDATE section SET kind = 'x' WHERE {ONE.format(table='section')}", {CONTENT}),
    "another answer": (
        f"UPDATE question SET answer_markdown = 'x' WHERE {ONE.format(table='question')}",
        {CONTENT},
    ),
    "a related link missing": ("DELETE FROM link WHERE kind = 'related' AND position = 1", {CONTENT}),
    "an old address missing": ("DELETE FROM redirect", {CONTENT}),
    "another tag": ("UPDATE tag SET slug = 'x' WHERE slug = 'backen'", {CONTENT}),
    "another hash": ("UPDATE edition SET content_hash = 'x' WHERE slug = 'brot'", {CONTENT}),
    "a title sorted elsewhere": ("UPDATE edition SET title_folded = 'x' WHERE slug = 'brot'", {CONTENT}),
    "a question sorted elsewhere": ("UPDATE question SET question_folded = 'x'", {CONTENT}),
    "another number of words": (
        "UPDATE edition SET word_count = word_count + 1 WHERE slug = 'tides'",
        {CONTENT},
    ),
    "a publication at another address": (
        "UPDATE publication SET slug = 'x' WHERE slug = 'brot'",
        {PUBLICATIONS},
    ),
    "a publication in another site": (
        "UPDATE publication SET site_id = (SELECT id FROM site WHERE key = 'harbour') WHERE slug = 'brot'",
        {PUBLICATIONS},
    ),
    "a publication of another edition": (
        "UPDATE publication SET edition_id = (SELECT MIN(id) FROM edition WHERE slug = 'bread') WHERE slug = 'brot'",
        {PUBLICATIONS},
    ),
    "a publication that is never live": (
        "UPDATE publication SET live_until = live_from WHERE slug = 'brot'",
        {PUBLICATIONS},
    ),
    "two editions live at once": (
        f"UPDATE publication SET until = {FOREVER} WHERE slug = 'the-moon'",
        {CLASHES},
    ),
    "two articles at one address": (
        "UPDATE publication SET slug = 'tides' WHERE slug = 'sailing'",
        {PUBLICATIONS, CLASHES},
    ),
    "an index that is not complete": ("UPDATE search_index SET analysis = 0", {INDEX}),
    "passages that are missing": (
        "DELETE FROM passage WHERE {passage} IN (SELECT MAX({passage}) FROM passage)",
        {INDEX},
    ),
    "passages of nothing": (
        "UPDATE passage SET {passage} = {passage} + 524000 WHERE {passage} IN (SELECT MAX({passage}) FROM passage)",
        {INDEX},
    ),
}


@pytest.fixture
async def address(content_settings: Settings, tmp_path: Path) -> AsyncIterator[str]:
    """The address of a copy of the content, to be damaged."""
    async with copied_database(content_settings.database, tmp_path) as address:
        yield address


async def damage(address: str, script: str) -> None:
    """Change a database behind its back, without regard to what is named where."""
    place = Address(address)
    script = script.replace("{passage}", "rowid" if place.dialect is SQLITE else "id")
    if place.dialect is SQLITE:
        with closing(sqlite3.connect(place.path)) as connection:
            connection.executescript(script)
            connection.commit()
        return
    postgres = await asyncpg.connect(**place.server)
    try:
        await postgres.execute("SET session_replication_role = replica")
        await postgres.execute(script)
    finally:
        await postgres.close()


async def find_broken_promises(database: Database) -> dict[str, Sequence[str]]:
    """Return the promises that a database breaks, each with what was found."""
    return {v.check.promise: v.faults async for v in verify(database) if v.count}


def test_promises() -> None:
    """There is a kind of damage for every promise."""
    broken = set().union(*(promises for _, promises in DAMAGE.values()))
    assert {check.promise for check in CHECKS} == broken | {FILE}


@pytest.mark.parametrize("kind", DAMAGE)
async def test_damage_is_found(address: str, kind: str) -> None:
    """Each kind of damage breaks the promises that it should, and no other."""
    script, promises = DAMAGE[kind]
    await damage(address, script)
    async with open_database(address) as database:
        assert set(await find_broken_promises(database)) == promises


async def test_all_is_well(address: str) -> None:
    """In a database that nobody damaged there is nothing to find."""
    async with open_database(address) as database:
        assert await find_broken_promises(database) == {}


@pytest.mark.skipif(DIALECT != "sqlite", reason="PostgreSQL looks after its files itself")
@pytest.mark.parametrize("name", ["idx_edition_slug%", "edition"])
async def test_a_file_that_decayed(address: str, name: str) -> None:
    """A page of the file that was overwritten is found, whether the rows can still be read or not."""
    path = Address(address).path
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name LIKE ?", (name,)
        ).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * size + 8)
        file.write(b"\xff" * 200)
    result = await run(address, "verify")
    assert result.exit_code == 1
    assert f"ok      {FILE}" not in result.stdout
    assert "Restore the last backup" in result.stdout


async def run(address: str, *arguments: str) -> Result:
    """Run a command as somebody would at a terminal."""
    return await asyncio.to_thread(CliRunner().invoke, main, arguments, env={"QUIET_DATABASE": address})


async def test_what_is_said(address: str) -> None:
    """Each fault is named with what to do, many of a kind are counted, and the exit code is 1."""
    result = await run(address, "verify")
    assert result.exit_code == 0
    assert result.stdout.count("ok  ") == len(CHECKS)
    await damage(
        address, "DELETE FROM tag; UPDATE edition SET word_count = -1; UPDATE search_index SET analysis = 0"
    )
    result = await run(address, "verify")
    assert result.exit_code == 1
    assert result.stdout.count("has another number of words than its parts") <= MOST
    assert "more of the kind" in result.stdout
    assert "Run `quiet reindex`." in result.stdout
    assert f"ok      {HISTORY}" in result.stdout


async def test_after_a_busy_life(editor: Editor, monkeypatch: pytest.MonkeyPatch) -> None:
    """After edits, schedules, deletions, restores and compacting all promises are kept."""
    clock = [1_800_000_000_000]
    monkeypatch.setattr("models.moment.now", lambda: clock[0])
    database, ids = editor.client.database, []
    for number in range(6):
        clock[0] += 60_000
        article = await editor.create(f"Article {number}", tags=["a", "Ä b"], publish=True)
        article = await editor.update(
            article, slug=f"moved-{number}", intro="[x](/en/article-0)", publish=True
        )
        await editor.update(await editor.update(article, title="Draft"), title="Newer")
        ids.append(article["id"])
    await editor.do("publishArticles", ids=ids[:2], **{"from": "2099-01-01T00:00:00Z"})
    await editor.do("deleteArticles", ids=ids[2:4])
    await editor.do("restoreArticles", ids=ids[2:3])
    clock[0] += 60_000
    await editor.create("Last")
    actor = system_actor("tester")
    plan = await plan_compacting(database, clock[0] - 30_000, actor=actor)
    assert sum([number async for number in compact(database, plan, actor=actor)]) > 0
    assert await find_broken_promises(database) == {}


async def test_while_others_write(client: Client, editor: Editor) -> None:
    """What others do meanwhile is no fault."""
    stop = asyncio.Event()

    async def write() -> None:
        article = await editor.create("Busy", publish=True)
        while not stop.is_set():
            article = await editor.update(article, intro=f"after {article['revision']}", publish=True)

    writer = asyncio.create_task(write())
    for _ in range(3):
        before = client.database.head.revision
        assert await find_broken_promises(client.database) == {}
        await client.database.head.reach(before + 2, 30)
    stop.set()
    await writer


def test_hashes_are_for_ever() -> None:
    """The hash of a content never changes: editions keep theirs, and an upgrade must find them unchanged.

    Whoever adds to what is hashed leaves it out where an older edition could not have it.
    """
    hashes = [compose(draft, {"/de/dort": "0a"}.get).content_hash for draft in (PLAIN, WHOLE)]
    assert hashes == HASHES
