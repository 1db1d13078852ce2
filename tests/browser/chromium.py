"""Driving a real Chromium by its DevTools protocol: open, evaluate, wait, photograph, and hear it complain.

It knows nothing of the page that it opens.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
from websockets.sync.client import ClientConnection, connect

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
    "--window-size=1440,900",
    # Whatever a page may ask for elsewhere, it does not get: no name but this machine's resolves.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
START_SECONDS = 60.0


def find_chromium() -> str | None:
    """The path of an installed Chromium or Chrome, or None."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for name in names if (path := shutil.which(name))), None)


class BrowserError(AssertionError):
    """The browser did not start, or a page did not become what the test waits for."""


class Tab:
    """One tab. `complaints` holds every error that the browser reported about its pages so far."""

    def __init__(self, connection: ClientConnection) -> None:
        self.complaints: list[str] = []
        self._connection = connection
        self._numbers = count(1)
        for domain in ("Page", "Runtime", "Log", "Audits"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **parameters: object) -> dict[str, Any]:
        """Send one command and return its result; events that come in between are looked at."""
        number = next(self._numbers)
        self._connection.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message: dict[str, Any] = json.loads(self._connection.recv(timeout=30))
            if message.get("id") != number:
                self._hear(message)
            elif "error" in message:
                raise BrowserError(f"{method}: {message['error']}")
            else:
                result: dict[str, Any] = message["result"]
                return result

    def _hear(self, event: dict[str, Any]) -> None:
        match event:
            case {"method": "Log.entryAdded", "params": {"entry": {"level": "error", "text": text, **more}}}:
                self.complaints.append(f"{text} {more.get('url', '')}")
            case {"method": "Runtime.exceptionThrown", "params": {"exceptionDetails": details}}:
                self.complaints.append(f"exception: {details}")
            case {"method": "Runtime.consoleAPICalled", "params": {"type": "error", "args": values}}:
                self.complaints.append(f"console: {values}")
            case {"method": "Audits.issueAdded", "params": {"issue": {"code": code, "details": details}}}:
                if code == "ContentSecurityPolicyIssue":
                    self.complaints.append(f"{code}: {details}")

    def open(self, address: str) -> None:
        """Go to `address`."""
        result = self.ask("Page.navigate", url=address)
        if "errorText" in result:
            raise BrowserError(f"{address}: {result['errorText']}")

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page; awaited if it is a promise."""
        answer = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise BrowserError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def wait_for(self, expression: str, seconds: float = 30.0) -> Any:
        """The value of `expression` once it is true; BrowserError with the page's text if it never is."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if value := self.evaluate(expression):
                return value
            time.sleep(0.1)
        text = self.evaluate("document.body.innerText")
        raise BrowserError(f"not true after {seconds:.0f} s: {expression}\n{self.complaints}\n{text}")

    def wait_for_element(self, selector: str) -> None:
        """Return when the page has an element that the CSS `selector` finds."""
        self.wait_for(f"document.querySelector({json.dumps(selector)}) !== null")

    def click(self, selector: str) -> None:
        """Click the first element that the CSS `selector` finds, when it is there."""
        self.wait_for_element(selector)
        self.evaluate(f"document.querySelector({json.dumps(selector)}).click()")

    def photograph(self, path: Path) -> None:
        """Save what the tab shows as a PNG file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b64decode(self.ask("Page.captureScreenshot", format="png")["data"]))


@contextmanager
def open_tab(program: str, profile: Path) -> Iterator[Tab]:
    """Start the browser with a new, empty profile in the folder `profile`, and give its one tab."""
    with (
        (profile.parent / "browser.log").open("wb") as output,
        subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={profile}", "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as browser,
    ):
        try:
            address = find_tab(browser, profile)
            with connect(address, max_size=None, proxy=None, open_timeout=30) as connection:
                yield Tab(connection)
        finally:
            browser.terminate()
            browser.wait(timeout=20)


def find_tab(browser: subprocess.Popen[bytes], profile: Path) -> str:
    """The WebSocket address of the browser's tab, when it has started; BrowserError if it does not."""
    port_file = profile / "DevToolsActivePort"
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and browser.poll() is None:
        if port_file.is_file() and (lines := port_file.read_text().split()):
            targets = httpx2.get(f"http://127.0.0.1:{lines[0]}/json/list", trust_env=False).json()
            pages = [target for target in targets if target["type"] == "page"]
            if pages:
                address: str = pages[0]["webSocketDebuggerUrl"]
                return address
        time.sleep(0.1)
    raise BrowserError((profile.parent / "browser.log").read_text(errors="replace"))
