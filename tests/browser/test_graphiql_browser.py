"""GraphiQL in a real browser without a network: it starts, knows the schema, and shows an answer."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.graphiql.install import ASSETS, FOLDER
from tests.browser.chromium import Tab, find_chromium, open_tab
from tests.serving import serving

QUIET = Path(sys.executable).with_name("quiet")
RESULT = "(document.querySelector('.result-window')?.innerText ?? '')"
EXAMPLES = (FOLDER / "examples.graphql").read_text().count("\n# ---\n") + 1
INLINE_SCRIPT = "Object.assign(document.createElement('script'), {text: 'window.ran = 1'})"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base address of a server with the sample content."""
    folder = tmp_path_factory.mktemp("server")
    environment = {"QUIET_DATABASE": f"sqlite://{folder / 'content.sqlite3'}"}
    with serving([str(QUIET), "serve", "--sample"], folder, environment) as base:
        yield base


@pytest.fixture(scope="module")
def browser() -> str:
    """The browser's program; without one, or without GraphiQL's files, the tests are skipped and say so."""
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium on this machine: GraphiQL was NOT tried in a browser")
    if not ASSETS.is_dir():
        pytest.skip("GraphiQL's files are not installed (npm): it was NOT tried in a browser")
    return program


@pytest.fixture
def tab(browser: str, server: str, tmp_path: Path) -> Iterator[Tab]:
    """A tab that shows GraphiQL, in a new browser that reaches nothing but this machine."""
    with open_tab(browser, tmp_path / "profile") as tab:
        tab.open(f"{server}/graphql")
        tab.wait_for_element(".graphiql-execute-button")
        yield tab


def photograph(tab: Tab, name: str, folder: Path) -> None:
    """Keep a picture: in the folder that QUIET_SCREENSHOTS names, else in the test's own."""
    tab.photograph(Path(os.environ.get("QUIET_SCREENSHOTS") or folder) / f"{name}.png")


def test_the_default_query_runs_and_nothing_complains(tab: Tab, tmp_path: Path) -> None:
    assert tab.evaluate("document.title") == "Quiet Engine"
    assert tab.evaluate("document.querySelectorAll('.graphiql-tab').length") == EXAMPLES
    tab.click(".graphiql-execute-button")
    answer = tab.wait_for(f"/totalCount|errors/.test({RESULT}) && {RESULT}")
    photograph(tab, "graphiql", tmp_path)
    assert '"totalCount"' in answer
    assert '"title"' in answer
    assert '"errors"' not in answer
    assert tab.complaints == []


def test_the_documentation_and_the_query_builder_know_the_schema(tab: Tab, tmp_path: Path) -> None:
    tab.click('[aria-label="Show Documentation Explorer"]')
    tab.wait_for("document.querySelector('.graphiql-plugin')?.innerText.includes('Query')")
    photograph(tab, "graphiql-documentation", tmp_path)
    tab.click('[aria-label="Show GraphiQL Explorer"]')
    tab.wait_for("document.querySelector('.graphiql-plugin')?.innerText.includes('articles')")
    photograph(tab, "graphiql-explorer", tmp_path)
    assert tab.complaints == []


def test_the_browser_refuses_and_reports_code_in_the_page(tab: Tab) -> None:
    tab.evaluate(f"document.body.append({INLINE_SCRIPT})")
    assert tab.evaluate("window.ran ?? 0") == 0
    assert any("Content Security Policy" in complaint for complaint in tab.complaints)
