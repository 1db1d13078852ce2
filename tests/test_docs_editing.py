"""docs/editing.md is run from top to bottom, and its answers compared. QUIET_TEST_UPDATE=1 writes them anew."""

from __future__ import annotations

import json
import os
import re
from base64 import urlsafe_b64decode
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from models import moment
from models.access import Role
from models.token import create_token
from tests.client import TESTER, Client
from tests.databases import DIALECT

PAGE = Path(__file__).parent.parent / "docs" / "editing.md"
UPDATE = os.environ.get("QUIET_TEST_UPDATE") == "1" and DIALECT == "sqlite"
WIDTH = 110
STEP = re.compile(
    r"<!-- clock: (?P<clock>\S+) -->|```graphql\n(?P<query>.*?)```\n\n```json\n(?P<answer>.*?)```", re.DOTALL
)
NAME = re.compile(r"<[A-Za-z ]+ \d+>")


@dataclass(slots=True)
class Names:
    """Readable names for what differs from run to run: ids and secrets, numbered as they first appear."""

    of: dict[str, str] = field(default_factory=dict)

    def name(self, value: Any) -> Any:
        """Return an answer with names in place of ids, secrets and the numbers of tokens."""
        if isinstance(value, dict):
            return {key: self.name(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.name(inner) for inner in value]
        if isinstance(value, str):
            kind = find_kind(value)
            if kind and value not in self.of:
                number = 1 + sum(name.startswith(f"<{kind} ") for name in self.of.values())
                self.of[value] = f"<{kind} {number}>"
            return self.of.get(value) or re.sub(r"\(token [0-9a-f]{8}\)", "(token …)", value)
        return value

    def fill(self, text: str) -> str:
        """Return a request with what the names stand for."""
        values = {name: value for value, name in self.of.items()}
        return NAME.sub(lambda match: values[match[0]], text)


def find_kind(text: str) -> str | None:
    """Return what kind of id or secret a text is, None where it is neither."""
    if text.startswith("preview_"):
        return "preview token"
    if not re.fullmatch(r"[A-Za-z0-9_-]{40,}", text):
        return None
    decoded = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("utf-8", "replace")
    kind, _, _ = decoded.partition(":")
    return kind if kind in {"Article", "Section", "Question"} else None


def choose_client(client: Client, newsroom: Client, query: str) -> Client:
    """Return who sends a query: the newsroom, unless its first line says another token or none."""
    first = query.splitlines()[0]
    if first.startswith("# Authorization: Bearer "):
        return client.showing(first.rpartition(" ")[2])
    return client if first == "# without a token" else newsroom


async def test_the_day(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every example of the page has the answer that stands below it."""
    clock = [0]
    monkeypatch.setattr(moment, "now", lambda: clock[0])
    _, secret = await create_token(client.database, TESTER, "newsroom", Role.ADMINISTRATOR)
    newsroom, names, text = client.showing(secret), Names(), PAGE.read_text(encoding="utf-8")
    steps = list(STEP.finditer(text))
    assert len(steps) > 20
    answers = []
    for step in steps:
        if step["clock"]:
            clock[0] = moment.from_text(step["clock"])
            continue
        query = names.fill(step["query"])
        reply = await choose_client(client, newsroom, query).ask(query)
        answers.append(names.name(reply.data))
        if not UPDATE:
            assert json.loads(step["answer"]) == answers[-1], query
    if UPDATE:
        PAGE.write_text(put_in(text, answers), encoding="utf-8")


def lay_out(value: Any, margin: str = "") -> str:
    """Return a value as JSON: on one line where it fits, else an entry a line."""
    line = json.dumps(value, ensure_ascii=False)
    if len(margin) + len(line) <= WIDTH or not isinstance(value, dict | list):
        return line
    inner = margin + "  "
    if isinstance(value, list):
        entries = [lay_out(entry, inner) for entry in value]
    else:
        entries = [f"{json.dumps(key)}: {lay_out(entry, inner)}" for key, entry in value.items()]
    opening, closing = ("[", "]") if isinstance(value, list) else ("{", "}")
    body = ",\n".join(inner + entry for entry in entries)
    return f"{opening}\n{body}\n{margin}{closing}"


def put_in(text: str, answers: list[Any]) -> str:
    """Return the page with these answers."""
    following = iter(answers)

    def renew(step: re.Match[str]) -> str:
        if step["clock"]:
            return step[0]
        answer = lay_out(next(following))
        return f"```graphql\n{step['query']}```\n\n```json\n{answer}\n```"

    return STEP.sub(renew, text)
