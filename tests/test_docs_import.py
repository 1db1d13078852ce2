"""docs/import.md is run: its examples are imported, its tables compared with the code."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from api.importing.markdown_folder import MarkdownFolder
from api.importing.report import Report
from api.importing.running import BATCH, Import, Options
from api.importing.source import SourceArticle
from api.importing.sources import open_sources
from models.errors import InvalidContent, SlugTaken
from tests.client import Client

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "import.md").read_text()
NO_CODES = {"NFC", "NFKC"}
QUERY = """query($slug: String!) { article(by: {slug: $slug}) {
  title summary authors publishedAt site { key } intro { markdown } tags { name } related { label }
  sections { heading kind pros cons questions { question answer { markdown } } } } }"""


def example(language: str, words: str) -> str:
    """Return the example in this language that has these words."""
    blocks: list[str] = re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    (block,) = (block for block in blocks if words in block)
    return block


async def run(client: Client, path: Path) -> Report:
    """Import a path and publish it."""
    return await Import(client.database, open_sources(path), Options(publish=True)).run(lambda *_: None)


async def read(client: Client, slug: str = "kites") -> Any:
    """Return the article about kites."""
    return (await client.ask(QUERY, slug=slug)).data["article"]


async def find(client: Client, path: str) -> Any:
    """Return the title of what is found at an old address."""
    reply = await client.ask("query($path: String!) { article(by: {path: $path}) { title } }", path=path)
    return reply.data["article"]


def test_codes() -> None:
    """Each code that an import reports stands in a table, and no other."""
    files = (ROOT / "api" / "importing").glob("*.py")
    codes = {code for file in files for code in re.findall(r'"([A-Z]+(?:_[A-Z]+)*)"', file.read_text())}
    (report,) = re.findall(r"^## The report$(.*?)^## ", TEXT, re.MULTILINE | re.DOTALL)
    rows = re.findall(r"^\| (`[^|]*`) \|", report, re.MULTILINE)
    listed = {code for row in rows for code in re.findall("`([A-Z_]+)`", row)}
    assert listed == {code for code in codes if len(code) > 1} - NO_CODES | {
        SlugTaken.code,
        InvalidContent.code,
    }


def test_batches() -> None:
    """The size of a batch is the one that is told."""
    assert f"in batches of {BATCH}." in TEXT


def test_places(tmp_path: Path) -> None:
    """Files have the locales and keys that the table gives them."""
    rows = re.findall(r"^\| `([^`]+\.md)`[^|]*\| `(.+?)` \| `(.+?)`", TEXT, re.MULTILINE)
    assert len(rows) == 6
    for number, (name, locale, key) in enumerate(rows):
        root = tmp_path / str(number)
        for file in (name, "kites.md", "en/toys/kites/index.md", "de/toys/kites/index.md"):
            (root / file).parent.mkdir(parents=True, exist_ok=True)
            (root / file).write_text("# Kites")
        found = {item.file: item for item in MarkdownFolder(root).read() if isinstance(item, SourceArticle)}
        assert (found[name].draft.locale, found[name].key) == (locale, key)


async def test_markdown(client: Client, tmp_path: Path) -> None:
    """The example in Markdown, and that of a list of redirects, become what the text says."""
    (tmp_path / "kites.md").write_text(example("markdown", "title: How kites fly"))
    (tmp_path / "_redirects").write_text(example("text", "/old/kites ").replace("/old/kites", "/older/kites"))
    assert (await run(client, tmp_path)).notices == []
    article = await read(client)
    assert (article["title"], article["summary"]) == ("How kites fly", "Lift, drag and a string.")
    assert (article["authors"], article["publishedAt"]) == (["Ida Berg"], "2026-05-01T00:00:00Z")
    assert article["intro"] == {"markdown": "What stands before the first heading is the intro."}
    assert article["tags"] == [{"name": "wind"}, {"name": "toys"}]
    assert [section["kind"] for section in article["sections"]] == ["PROSE", "FAQ"]
    (question,) = article["sections"][1]["questions"]
    assert question["question"] == "Does a kite need a tail?"
    assert article["related"] == [{"label": "wind"}, {"label": "gliders"}]
    for address in ("/old/kites", "/older/kites"):
        assert await find(client, address) == {"title": "How kites fly"}


async def test_json_lines(client: Client, tmp_path: Path) -> None:
    """The example in JSON, on one line, becomes what the text says."""
    (tmp_path / "a.jsonl").write_text(json.dumps(json.loads(example("json", "translation_key"))))
    assert (await run(client, tmp_path)).notices == []
    article = await read(client)
    assert article["site"] == {"key": "toys"}
    assert [section["kind"] for section in article["sections"]] == ["PROSE", "PROS_AND_CONS", "FAQ"]
    balance = article["sections"][1]
    assert (balance["pros"], balance["cons"]) == (["It is quiet."], ["It needs wind."])
    assert article["sections"][2]["questions"][0]["answer"] == {"markdown": "Many do not."}
    assert await find(client, "/en/old-kites") == {"title": "How kites fly"}


async def test_scraped_text(client: Client, tmp_path: Path) -> None:
    """The example of scraped text becomes what the text says."""
    (tmp_path / "page.txt").write_text(example("text", "Toy Almanac"))
    report = await run(client, tmp_path)
    assert report.notices == []
    article = await read(client, "how-kites-fly")
    assert (article["title"], article["site"]) == ("How Kites Fly", {"key": "toy-almanac"})
    kinds = [section["kind"] for section in article["sections"]]
    assert kinds == ["KEY_INSIGHTS", "RELATED", "FAQ", "PROS_AND_CONS"]
    assert article["related"] == [{"label": "How Wind Works"}, {"label": "Why Gliders Glide"}]
    assert article["sections"][3]["pros"] == ["It is quiet.", "It folds up small."]
    (question,) = article["sections"][2]["questions"]
    assert question["answer"] == {"markdown": "Many do not. A tail keeps the kite steady."}


async def test_forms_of_questions(client: Client, tmp_path: Path) -> None:
    """The other forms of questions that the text shows are questions in a FAQ."""
    forms = example("markdown", "Q: Does a kite need a tail?\n\nA:")
    (tmp_path / "kites.md").write_text(f"# Kites\n\n## FAQ\n\n{forms}")
    await run(client, tmp_path)
    (section,) = (await read(client))["sections"]
    questions = [question["question"] for question in section["questions"]]
    assert questions == ["Does a kite need a tail?", "How high may a kite fly?"]
