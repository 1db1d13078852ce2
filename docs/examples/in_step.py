"""Keeps a copy of Quiet Engine's articles in step: a snapshot first, then changes.

`search_index.py` and `static_site.py` are made with it.
Environment variables say what differs from the values below: CONTENT_URL, CONTENT_LOCALE, and CONTENT_TOKEN where
reading asks for one.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Iterator
from http.client import HTTPException, HTTPResponse
from typing import Any, ClassVar

URL = os.environ.get("CONTENT_URL", "http://127.0.0.1:8000")
LOCALE = os.environ.get("CONTENT_LOCALE", "en")
TOKEN = os.environ.get("CONTENT_TOKEN")

SNAPSHOT = """
query Snapshot($locales: [Locale!], $after: String) @view(locales: $locales) {
  articles(first: 100, after: $after) { nodes { ...Shown } pageInfo { hasNextPage endCursor } }
}"""
CHANGES = """
query Changes($locales: [Locale!], $since: Revision, $after: String) @view(locales: $locales) {
  changes(since: $since, after: $after, first: 100) { changes { articleId article { ...Shown } } cursor hasMore }
}"""


class ServiceError(Exception):
    """The service refuses to answer; the message is its own."""


class HistoryLostError(ServiceError):
    """The service does not know what happened since the position of the copy."""


FAILURES = (OSError, HTTPException, ServiceError)
"""What can be raised where the service is asked."""


class Copy(ABC):
    """A copy of all articles of a locale, in an SQLite database that is opened with `isolation_level=None`."""

    shown: ClassVar[str]
    """What the copy holds of an article: the GraphQL fragment `Shown`."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.database = database
        database.execute("CREATE TABLE IF NOT EXISTS position (variables TEXT NOT NULL)")

    @abstractmethod
    def put(self, article: dict[str, Any]) -> None:
        """Put an article into the copy, in place of the one with its id."""

    @abstractmethod
    def remove(self, article_id: str) -> None:
        """Take an article out of the copy, if it is there."""

    @abstractmethod
    def clear(self) -> None:
        """Take all articles out of the copy."""

    def update(self) -> None:
        """Bring the copy up to date. Raises one of FAILURES."""
        more = True
        while more:
            with self.database:  # What a step does is stored together with the new position, or not at all.
                self.database.execute("BEGIN IMMEDIATE")  # Whoever else updates the copy waits here.
                more = self._take_step()

    @property
    def position(self) -> dict[str, Any]:
        """Where the copy stands: the variables to ask for changes with, none where there was no snapshot yet."""
        row = self.database.execute("SELECT variables FROM position").fetchone()
        return json.loads(row[0]) if row else {}

    @position.setter
    def position(self, variables: dict[str, Any]) -> None:
        self.database.execute("DELETE FROM position")
        self.database.execute("INSERT INTO position VALUES (?)", (json.dumps(variables),))

    def _take_step(self) -> bool:
        """Apply a page of changes, or take a snapshot where that cannot be; tell whether there is more to do."""
        if self.position:
            try:
                return self._apply_changes()
            except HistoryLostError as error:
                print(f"{error} Taking a new snapshot.", file=sys.stderr)
        self._take_snapshot()
        return True

    def _take_snapshot(self) -> None:
        self.clear()
        for articles, revision in read_articles(SNAPSHOT + self.shown):
            for article in articles:
                self.put(article)
            self.position = {"since": revision}

    def _apply_changes(self) -> bool:
        page = ask(CHANGES + self.shown, **self.position)["data"]["changes"]
        for change in page["changes"]:
            if change["article"]:
                self.put(change["article"])
            elif change["articleId"]:
                self.remove(change["articleId"])
        self.position = {"after": page["cursor"]}
        return bool(page["hasMore"])


def read_articles(query: str) -> Iterator[tuple[list[dict[str, Any]], int]]:
    """Yield what a query tells of all articles, page by page, each with the revision that all pages are of.

    Raises one of FAILURES.
    """
    after, more = None, True
    while more:
        answer = ask(query, after=after)
        page = answer["data"]["articles"]
        yield page["nodes"], answer["extensions"]["view"]["revision"]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]


def ask(query: str, **variables: Any) -> Any:
    """Return the answer to a query. Raises one of FAILURES; HistoryLostError where a new snapshot is needed."""
    body = {"query": query, "variables": {"locales": [LOCALE], **variables}}
    with fetch("/graphql", json.dumps(body).encode()) as response:
        answer = json.load(response)
    for error in answer.get("errors", ()):
        lost = error["extensions"]["code"] in {"REVISION_GONE", "REVISION_UNKNOWN"}
        raise (HistoryLostError if lost else ServiceError)(error["message"])
    return answer


def fetch(path: str, body: bytes | None = None) -> HTTPResponse:
    """Return the response to a request. Raises one of FAILURES."""
    request = urllib.request.Request(URL + path, body, {"Content-Type": "application/json"})
    if TOKEN:
        request.add_header("Authorization", f"Bearer {TOKEN}")
    response: HTTPResponse = urllib.request.urlopen(request, timeout=60)
    return response
