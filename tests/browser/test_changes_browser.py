"""The example of docs/changes.md in a real browser: it hears of what is published, whatever happens to the server."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from api.settings import Settings
from tests.browser.chromium import find_chromium, open_tab
from tests.serving import QUIET_SERVE, ROOT, free_port, quiet_environment, serving
from tests.test_change_stream import SITE, Site, prepare


@pytest.fixture
def program() -> str:
    """The browser's program; without one the test is skipped and says so."""
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium on this machine: EventSource was NOT tried in a browser")
    return program


async def test_event_source(program: str, settings: Settings, tmp_path: Path) -> None:
    """The script writes the title of each article that is published, once, over a restart of the server."""
    secret = await prepare(settings)
    (script,) = re.findall(r"```js\n(.*?)```", (ROOT / "docs" / "changes.md").read_text(), re.DOTALL)
    port = free_port()
    with open_tab(program, tmp_path / "profile") as tab:
        for number in range(2):
            with serving(QUIET_SERVE, tmp_path, quiet_environment(settings), port) as base:
                site = Site(base, secret)
                if not number:
                    site.send(SITE)
                    tab.open(f"{base}/graphql")
                    tab.evaluate(
                        f"window.heard = []; console.log = (id, title) => heard.push(title); {script}"
                    )
                    tab.wait_for("changes.readyState === EventSource.OPEN")
                site.publish(f"Article {number}")
                tab.wait_for(f"heard.includes('Article {number}')")
        assert json.loads(tab.evaluate("JSON.stringify(heard)")) == ["Article 0", "Article 1"]
