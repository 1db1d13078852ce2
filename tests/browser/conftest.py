"""What the tests of GraphiQL share: a service with the sample content, the browser, and a tab that shows the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.graphiql.install import ASSETS
from tests.browser.chromium import Tab, find_chromium, open_tab
from tests.browser.graphiql import open_graphiql, serving_sample
from tests.test_change_stream import Site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running service with the sample content."""
    with serving_sample(tmp_path_factory.mktemp("server")) as site:
        yield site


@pytest.fixture(scope="session")
def browser() -> str:
    """The browser's program; without one, or without GraphiQL's files, the tests are skipped and say so."""
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium on this machine: GraphiQL was NOT tried in a browser")
    if not ASSETS.is_dir():
        pytest.skip("GraphiQL's files are not installed (npm): it was NOT tried in a browser")
    return program


@pytest.fixture
def empty_tab(browser: str, tmp_path: Path) -> Iterator[Tab]:
    """A tab of a new browser that reaches nothing but this machine."""
    with open_tab(browser, tmp_path / "profile") as tab:
        yield tab


@pytest.fixture
def tab(empty_tab: Tab, site: Site) -> Tab:
    """A tab that shows GraphiQL."""
    open_graphiql(empty_tab, site)
    return empty_tab
