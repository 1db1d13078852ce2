"""The documentation is run: its queries are sent, its tables compared with the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api.commands.sampling import SAMPLE
from api.importing.running import Import, Options
from api.importing.sources import open_sources
from api.settings import describe_settings
from models.access import Role
from schema.build import print_contract
from tests.client import Client

ROOT = Path(__file__).parent.parent
EXAMPLES = [
    example
    for name in ("reading.md", "languages.md", "changes.md", "searching.md")
    for example in re.findall(r"```graphql\n(.*?)```", (ROOT / "docs" / name).read_text(), re.DOTALL)
]
TABS = (ROOT / "api" / "graphiql" / "examples.graphql").read_text().split("# ---\n")
SUBSCRIPTION = re.compile("^subscription ", re.MULTILINE)


@pytest.fixture
async def sample(client: Client) -> Client:
    """A client of a service that holds the sample articles."""
    report = await Import(client.database, open_sources(SAMPLE), Options("sample", publish=True)).run(
        lambda _done, _total: None
    )
    assert (report.published, report.refused) == (5, 0)
    return client


async def test_examples_are_answered(sample: Client) -> None:
    """Every query of the documents and of GraphiQL's tabs has an answer without errors, and none is empty."""
    assert len(EXAMPLES) >= 7
    queries = [tab for tab in TABS if not SUBSCRIPTION.search(tab)]
    assert len(queries) >= 4
    for query in (*EXAMPLES, *queries):
        reply = await sample.ask(query)
        assert None not in reply.data.values(), query


async def test_first_query_of_the_readme(sample: Client) -> None:
    """The README's first query has the answer that stands below it."""
    text = (ROOT / "README.md").read_text()
    query = re.search(r'"query": "(.*?)"}\'', text)
    answer = re.search(r'```json\n\{"data":(.*?),\n "extensions"', text, re.DOTALL)
    assert query is not None
    assert answer is not None
    reply = await sample.ask(query[1].replace('\\"', '"'))
    assert re.sub(r"\s+", "", answer[1]).encode() in re.sub(rb"\s+", b"", reply.content)


async def test_first_mutation_of_the_readme(sample: Client) -> None:
    """The README's mutation does what it says."""
    query = re.search(r"```graphql\n(mutation.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert query is not None
    newsroom = await sample.sign_in(Role.ADMINISTRATOR)
    payload = (await newsroom.ask(query[1])).data["createArticle"]
    assert (payload["errors"], payload["article"]["state"]) == ([], "PUBLISHED")


def test_settings_table() -> None:
    """The README's table of settings is the one that the code has."""
    assert describe_settings() in (ROOT / "README.md").read_text()


def test_contract_is_committed() -> None:
    """schema/schema.graphql is what the code says; `quiet schema --output` renews it."""
    assert (ROOT / "schema" / "schema.graphql").read_text() == print_contract()


async def test_markdown_of_an_article(sample: Client) -> None:
    """The article that the page about being found shows is what is served, but for what it leaves out (`…`)."""
    text = (ROOT / "docs" / "feeds.md").read_text(encoding="utf-8")
    shown = re.search(r"```markdown\n(.*?)```", text, re.DOTALL)
    assert shown is not None
    assert "curl http://127.0.0.1:8000/en/tides.md" in text
    response, _ = await sample.get("/en/tides.md")
    pieces = map(re.escape, shown[1].split("…"))
    assert re.match(".*?".join(pieces), response.text, re.DOTALL), response.text
