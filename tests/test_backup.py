"""Backups: whole, of one revision, readable by anybody's tools, and never half a file."""

from __future__ import annotations

import asyncio
import hashlib
import os
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner, Result

from api.cli import main
from api.settings import Settings
from models.backup import writing
from models.backup.archive import check_archive, find_damaged_parts, open_archive
from models.backup.manifest import Manifest
from models.backup.tables import DERIVED, MIGRATIONS, list_tables
from models.backup.writing import back_up
from models.database import Database, open_database
from models.dialect import Sql
from models.errors import ArchiveUnusable, BackupRefused
from tests.backups import (
    PRIVATE_FILES,
    change_manifest,
    flip,
    hush,
    list_backups,
    mode_of,
    read_parts,
    restored,
    rewrite,
    save,
    size_of,
    tamper,
)
from tests.client import Client, serve
from tests.editor import Editor, sign_in_editor

TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
    "AND name NOT LIKE 'passage_%'",
    "postgres": "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
}
EVERYTHING = """query($revision: Revision!) @view(revision: $revision, perspective: DRAFT) {
  articles(first: 100) { nodes { id slug title state revision tags { name } intro { html }
    sections { id heading body { html } } questions { id question } links { url } history { nodes { revision } } } }
}"""
PUBLIC = """query($revision: Revision!) @view(revision: $revision) {
  articles(first: 100) { nodes { id slug title sections { heading body { html } } } } }"""


async def run(settings: Settings, *arguments: str) -> Result:
    """Run a command as somebody would at a terminal."""
    environment = {"QUIET_DATABASE": settings.database}
    return await asyncio.to_thread(CliRunner().invoke, main, arguments, env=environment)


@pytest.fixture
async def path(content_settings: Settings, tmp_path: Path) -> Path:
    """A backup of the content."""
    path = tmp_path / "backup.zip"
    await save(content_settings.database, path)
    return path


async def test_every_table_is_kept(database: Database) -> None:
    """Each table of the database is in a backup, or is known to be made from what is."""
    rows = await database.read(Sql(TABLES[database.dialect.name]))
    kept = {table.name for table in list_tables()}
    assert {row["name"] for row in rows} == kept | DERIVED | {MIGRATIONS}


async def test_the_form(content_settings: Settings, path: Path) -> None:
    """A backup is a ZIP of JSON Lines, with a manifest that counts and hashes each file."""
    with zipfile.ZipFile(path) as file:
        assert file.testzip() is None
        manifest = orjson.loads(file.read("manifest.json"))
        assert (manifest["format"], manifest["version"], manifest["revision"]) == (
            "quiet-engine-backup",
            1,
            7,
        )
        for part in manifest["parts"]:
            text = file.read(part["file"])
            assert hashlib.sha256(text).hexdigest() == part["sha256"]
            rows = [orjson.loads(line) for line in text.splitlines()]
            assert len(rows) == part["rows"]
            assert all(list(row) == part["columns"] for row in rows)
        editions = [orjson.loads(line) for line in file.read("tables/edition.jsonl").splitlines()]
    async with open_database(content_settings.database) as database:
        stored = await database.read(Sql("SELECT id, title, tags FROM edition ORDER BY id"))
    assert [(row["id"], row["title"], row["tags"]) for row in editions] == [tuple(row) for row in stored]


async def test_the_same_content_gives_the_same_bytes(
    content_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two backups of one state differ in nothing but their moment."""
    monkeypatch.setattr("models.moment.now", lambda: 1_700_000_000_000)
    for name in ("one.zip", "two.zip"):
        await save(content_settings.database, tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


async def test_nobody_else_can_read_it(path: Path) -> None:
    """The file is its owner's alone, and there is no other beside it."""
    assert mode_of(path) == 0o600
    assert list_backups(path.parent) == {path.name}


async def test_secrets_can_be_left_out(editor: Editor, tmp_path: Path) -> None:
    """Without secrets there are no tokens, webhooks or what belongs to them, and the rest is all there."""
    path = tmp_path / "open.zip"
    await editor.create("Tides", publish=True)
    manifest = await back_up(editor.client.database, path, tell=hush, secrets=False)
    assert not manifest.secrets
    names = set(read_parts(path))
    assert names & PRIVATE_FILES == set()
    assert names | PRIVATE_FILES == {f"tables/{table.name}.jsonl" for table in list_tables()}
    token = editor.client.headers["authorization"].removeprefix("Bearer ")
    await back_up(editor.client.database, tmp_path / "all.zip", tell=hush)
    # Tokens are stored as hashes.
    assert token.encode() not in b"".join(read_parts(tmp_path / "all.zip").values())


async def write_along(editor: Editor, article: dict[str, Any], number: int, stop: asyncio.Event) -> None:
    """Change, add, publish and delete until told to stop."""
    while not stop.is_set():
        article = await editor.update(
            article, intro=f"writer {number} at {article['revision']}", publish=True
        )
        other = await editor.create(f"Passing {number} {article['revision']}", publish=True)
        await editor.do("deleteArticles", ids=[other["id"]])


async def test_a_backup_is_of_one_revision(settings: Settings, tmp_path: Path) -> None:
    """Made while others write, it answers every question as the database does at the revision it names."""
    paths = [tmp_path / f"{number}.zip" for number in range(3)]
    async with serve(settings) as client:
        manifests, answers = await back_up_amid_writers(client, paths)
    assert manifests[0].revision < manifests[2].revision
    for path, manifest, expected in zip(paths, manifests, answers, strict=True):
        async with restored(path, tmp_path / path.stem) as copy, serve(copy) as client:
            assert client.database.head.revision == manifest.revision
            assert await ask_all(client, manifest.revision) == expected


async def back_up_amid_writers(client: Client, paths: list[Path]) -> tuple[list[Manifest], list[Any]]:
    """Make backups while four write; return their manifests, and what the database then says of their revisions."""
    editor, stop = await sign_in_editor(client), asyncio.Event()
    articles = [await editor.create(f"Shared {number}") for number in range(4)]
    writers = [
        asyncio.create_task(write_along(editor, article, number, stop))
        for number, article in enumerate(articles)
    ]
    manifests = []
    for path in paths:
        before = client.database.head.revision
        manifests.append(await back_up(client.database, path, tell=hush))
        assert before <= manifests[-1].revision <= client.database.head.revision
        await client.database.head.reach(manifests[-1].revision + 2, 30)
    stop.set()
    await asyncio.gather(*writers)
    return manifests, [await ask_all(client, manifest.revision) for manifest in manifests]


async def ask_all(client: Client, revision: int) -> list[Any]:
    """Return what a database says of a revision, to editors and to everybody."""
    editor = (await sign_in_editor(client)).client
    answers = [await editor.ask(EVERYTHING, revision=revision), await client.ask(PUBLIC, revision=revision)]
    assert answers[0].data["articles"]["nodes"] != []
    return [answer.data for answer in answers]


async def test_any_bit_that_changed_is_found(path: Path) -> None:
    """Whatever byte is touched, of a table, of the manifest, or of the container around them."""
    size = size_of(path)
    for place in {*range(0, size, 97), *range(size - 400, size)}:
        flip(path, place)
        with pytest.raises(ArchiveUnusable):
            check_archive(path, hush)
        flip(path, place)
    check_archive(path, hush)


async def test_damaged_parts_are_named(path: Path) -> None:
    """A bit that changed in a part is found in that part, also when nobody looks at the seal."""
    with zipfile.ZipFile(path) as file:
        entries = [
            entry for entry in file.infolist() if entry.file_size and entry.filename != "manifest.json"
        ]
    assert len(entries) > 10
    for entry in entries:
        place = entry.header_offset + 30 + len(entry.filename) + 20 + entry.compress_size // 2
        flip(path, place)
        (fault,) = find_damaged_parts(path)
        assert entry.filename in fault
        flip(path, place)


async def test_a_file_that_was_cut_off(path: Path) -> None:
    """Whatever is missing at the end, the file is refused."""
    whole = rewrite(path, b"")
    for size in (0, 1, 2, 50, 71, 200, len(whole) // 2, len(whole) - 1):
        rewrite(path, whole[:size])
        with pytest.raises(ArchiveUnusable):
            check_archive(path, hush)
    rewrite(path, whole + b"0")
    with pytest.raises(ArchiveUnusable):
        check_archive(path, hush)


async def test_other_files_are_no_backups(content_settings: Settings, path: Path, tmp_path: Path) -> None:
    """A text, a database, another ZIP: each is refused with a sentence, and exit code 1."""
    other = tmp_path / "other"
    for content in (b"Hello", b"SQLite format 3\0" * 99, b"PK\x03\x04" * 99):
        other.write_bytes(content)
        result = await run(content_settings, "verify", str(other))
        assert result.exit_code == 1
        assert "backup" in result.output
    tamper(path, **{"manifest.json": b"{}"})
    assert "manifest cannot be read" in (await run(content_settings, "verify", str(path))).output
    with zipfile.ZipFile(other, "w") as file:
        file.writestr("a", "b")
    assert (await run(content_settings, "verify", str(other))).exit_code == 1


async def test_rows_are_counted_and_hashed(path: Path) -> None:
    """With a seal that fits, a part that lacks a row or has another one is found by its hash, and by its count."""
    questions = read_parts(path)["tables/question.jsonl"].splitlines(keepends=True)
    tamper(path, question=b"".join(questions[1:]))
    with pytest.raises(ArchiveUnusable, match=r"tables/question.jsonl is not what was written"):
        check_archive(path, hush)


async def test_rows_of_other_columns(path: Path) -> None:
    """A manifest that names other columns than the rows have is refused."""
    with open_archive(path) as archive:
        parts = [
            {**orjson.loads(orjson.dumps(part)), "columns": ["id", "other"]}
            for part in archive.manifest.parts
        ]
    change_manifest(path, parts=parts)
    with pytest.raises(ArchiveUnusable, match="columns"):
        check_archive(path, hush)


async def test_a_newer_form(path: Path) -> None:
    """A backup in a form that this version does not know says that the program must be upgraded."""
    change_manifest(path, version=2, product="9.0")
    with pytest.raises(ArchiveUnusable, match=r"made by Quiet Engine 9.0.*Upgrade"):
        check_archive(path, hush)


async def test_no_file_is_overwritten(content_settings: Settings, path: Path) -> None:
    """A file that is there stays as it is, unless it is to be replaced; then it is replaced as a whole."""
    rewrite(path, b"mine")
    result = await run(content_settings, "backup", str(path))
    assert (result.exit_code, rewrite(path, b"mine")) == (1, b"mine")
    assert "--replace" in result.stderr
    result = await run(content_settings, "backup", "--replace", str(path))
    assert result.exit_code == 0, result.output
    check_archive(path, hush)
    result = await run(content_settings, "backup", str(path.parent / "nowhere" / "b.zip"))
    assert result.exit_code == 1
    assert "There is no folder" in result.stderr


async def test_a_full_disk(
    content_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the disk is full there is no file, neither whole nor half, and a sentence."""

    def fill(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fill)
    result = await run(content_settings, "backup", str(tmp_path / "b.zip"))
    assert result.exit_code == 1
    assert "No space left on device" in result.stderr
    assert list_backups(tmp_path) == set()


async def test_it_is_read_back(
    content_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that does not keep what was written is noticed before the file gets its name."""

    def damage(path: Path, tell: Any) -> Manifest:
        flip(path, 1000)
        return check_archive(path, tell)

    monkeypatch.setattr(writing, "check_archive", damage)
    with pytest.raises(ArchiveUnusable):
        await save(content_settings.database, tmp_path / "b.zip")
    assert list_backups(tmp_path) == set()


async def test_commands(content_settings: Settings, bare_settings: Settings, tmp_path: Path) -> None:
    """The commands say what they did; a wrong command line ends with 2."""
    path = tmp_path / "b.zip"
    result = await run(content_settings, "backup", str(path))
    assert result.exit_code == 0, result.output
    assert "as of revision 7, read back and compared" in result.stdout
    assert "secrets" in result.stderr
    result = await run(content_settings, "verify", str(path))
    assert result.exit_code == 0
    assert "is whole" in result.stdout
    result = await run(bare_settings, "restore", "--disable-webhooks", str(path))
    assert result.exit_code == 0, result.output
    assert "as of revision 7" in result.stdout
    assert (await run(bare_settings, "verify")).exit_code == 0
    for wrong in (
        ("backup",),
        ("restore", str(tmp_path / "none.zip")),
        ("verify", "none"),
        ("backup", "a", "b"),
    ):
        assert (await run(bare_settings, *wrong)).exit_code == 2


async def add_many(database: Database, count: int, size: int) -> None:
    """Write so many rows of so many bytes."""
    async with database.transaction() as connection:
        text = database.dialect.final(
            "INSERT INTO import_run (source, actor, started_at, counts) VALUES (?, ?, ?, ?)"
        )
        await connection.execute_many(text, [[f"{n:06}" * (size // 6), "x", n, "{}"] for n in range(count)])


async def test_memory_does_not_grow(settings: Settings, tmp_path: Path) -> None:
    """Four times as much takes no more memory, on the way out and on the way in."""
    few, size, peaks = 1_000, 6_000, []
    for number, rows in enumerate((few, 3 * few)):
        async with open_database(settings.database) as database:
            await add_many(database, rows, size)
        tracemalloc.start()
        path = tmp_path / f"{number}.zip"
        await save(settings.database, path)
        async with restored(path, tmp_path / str(number)):
            peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] - peaks[0] < few * size / 2


async def test_a_database_that_is_not_migrated(bare_settings: Settings, tmp_path: Path) -> None:
    """There is nothing to back up, and the sentence says what to do."""
    result = await run(bare_settings, "backup", str(tmp_path / "b.zip"))
    assert result.exit_code == 1
    assert "quiet migrate" in result.stderr
    assert list_backups(tmp_path) == set()


async def test_writers_do_not_wait(client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A backup under way keeps nobody from writing."""
    editor = await sign_in_editor(client)
    read, revisions = writing.Writing._read, []

    async def write_meanwhile(self: Any, table: Any) -> Any:
        revisions.append((await editor.create(f"During {table.name}"))["revision"])
        async for rows in read(self, table):
            yield rows

    monkeypatch.setattr(writing.Writing, "_read", write_meanwhile)
    before = client.database.head.revision
    manifest = await back_up(client.database, tmp_path / "b.zip", tell=hush)
    assert (manifest.revision, len(revisions)) == (before, len(list_tables()))
    assert min(revisions) > before


async def test_refusals_have_codes(content_settings: Settings, path: Path) -> None:
    """What is refused is refused by a coded error."""
    with pytest.raises(BackupRefused) as refused:
        await save(content_settings.database, path)
    assert refused.value.code == "BACKUP_REFUSED"
    assert ArchiveUnusable.code == "ARCHIVE_UNUSABLE"
