"""GraphiQL as a developer uses it: type, press play, press stop, read; and the service that it asks."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser.chromium import Tab
from tests.serving import QUIET, QUIET_SERVE, ROOT, serving
from tests.test_change_stream import Site

RESULT = "(document.querySelector('.result-window')?.innerText ?? '')"
RESULT_EDITOR = "document.querySelector('.result-window .CodeMirror').CodeMirror"
QUERY_EDITOR = "document.querySelector('.graphiql-query-editor .CodeMirror').CodeMirror"
IS_READ = f"{QUERY_EDITOR}.documentAST?.loc.source.body === {QUERY_EDITOR}.getValue()"
HEADERS_TAB = (
    "[...document.querySelectorAll('.graphiql-editor-tools button')].find(b => b.innerText === 'Headers')"
)
HEADERS_EDITOR = (
    "document.querySelector('.graphiql-editor-tool .graphiql-editor:not(.hidden) .CodeMirror').CodeMirror"
)
BUTTON = ".graphiql-execute-button"


@contextmanager
def serving_sample(folder: Path, **settings: str) -> Iterator[Site]:
    """Run a server with the sample content until the block ends."""
    database = f"sqlite://{folder / 'content.sqlite3'}"
    environment = {"PYTHONPATH": str(ROOT), "QUIET_DATABASE": database, **settings}
    with serving([*QUIET_SERVE, "--sample"], folder, environment) as base:
        yield Site(base, create_token(environment))


def create_token(environment: dict[str, str]) -> str:
    """Return an administrator's token, made as somebody does at a terminal."""
    command = [*QUIET, "token", "create", "newsroom", "--role", "administrator"]
    done = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def open_graphiql(tab: Tab, site: Site) -> None:
    """Go to the page, and return when it is ready."""
    tab.open(f"{site.base}/graphql")
    tab.wait_for_element(BUTTON)


def write_operation(tab: Tab, text: str) -> None:
    """Type an operation in place of what stands in the editor, and return when GraphiQL has read it."""
    write(tab, QUERY_EDITOR, text)
    tab.wait_for(IS_READ)


def open_example(tab: Tab, name: str) -> None:
    """Open the tab of an example, and return when GraphiQL has read it."""
    tab.evaluate(
        f"[...document.querySelectorAll('.graphiql-tab-button')].find(b => b.innerText === {name!r}).click()"
    )
    tab.wait_for(f"{QUERY_EDITOR}.getValue().includes({name!r}) && {IS_READ}")


def write_headers(tab: Tab, text: str) -> None:
    """Open the tab Headers, and type them."""
    tab.evaluate(f"{HEADERS_TAB}.click()")
    tab.wait_for(f"{HEADERS_TAB}.matches('.active')")
    write(tab, HEADERS_EDITOR, text)


def write(tab: Tab, editor: str, text: str) -> None:
    """Type a text in place of what stands in an editor."""
    tab.evaluate(f"{editor}.focus()")
    tab.evaluate(f"{editor}.execCommand('selectAll')")
    tab.ask("Input.insertText", text=text)
    tab.wait_for(f"{editor}.getValue().length === {len(text)}")


def press_play(tab: Tab) -> None:
    """Run what stands in the editor."""
    tab.wait_for(f"document.querySelector('{BUTTON}').ariaLabel.startsWith('Execute')")
    tab.click(BUTTON)


def press_stop(tab: Tab) -> None:
    """Stop what is running, and return when GraphiQL says that nothing is."""
    tab.wait_for(f"document.querySelector('{BUTTON}').ariaLabel.startsWith('Stop')")
    tab.click(BUTTON)
    tab.wait_for(f"document.querySelector('{BUTTON}').ariaLabel.startsWith('Execute')")


def wait_for_result(tab: Tab, words: str) -> str:
    """Return what the result pane shows, once these words are in it."""
    return str(tab.wait_for(f"{RESULT}.includes({words!r}) && {RESULT}"))


def photograph(tab: Tab, name: str, folder: Path) -> None:
    """Keep a picture: in the folder that QUIET_SCREENSHOTS names, else in the test's own."""
    tab.photograph(Path(os.environ.get("QUIET_SCREENSHOTS") or folder) / f"{name}.png")
