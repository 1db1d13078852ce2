"""GraphiQL in a real browser without a network: it starts, knows the schema, and shows an answer."""

from __future__ import annotations

from pathlib import Path

from api.graphiql.install import FOLDER
from tests.browser.chromium import Tab
from tests.browser.graphiql import RESULT, photograph

EXAMPLES = (FOLDER / "examples.graphql").read_text().count("\n# ---\n") + 1
INLINE_SCRIPT = "Object.assign(document.createElement('script'), {text: 'window.ran = 1'})"


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
