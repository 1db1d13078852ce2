"""An editor who works while others read."""

from __future__ import annotations

from secrets import token_hex
from threading import Event, Thread
from time import monotonic

import orjson

from benchmarks.data import PROSE, Data
from benchmarks.load import Server, post

PLACES_A_SECOND = 10
IMPORT = """mutation($input: ImportArticlesInput!) {
  importArticles(input: $input) { changed errors { message } } }"""


class Publisher(Thread):
    """An editor who changes and publishes one made-up article after the other until stopped."""

    def __init__(self, server: Server, data: Data) -> None:
        super().__init__(daemon=True)
        self.published = 0
        self._salt = token_hex(4)
        self.server = server
        self._data = data
        self._stopped = Event()

    def run(self) -> None:
        """Publish at the pace that is meant."""
        begin = monotonic()
        while not self._stopped.wait(max(0.0, begin + self.published / PLACES_A_SECOND - monotonic())):
            self.publish()

    def publish(self) -> None:
        """Change and publish the next article."""
        number = self.published * 37 % len(self._data.paths)
        sections = [
            {"heading": f"Part {part}", "body": f"{PROSE}{self._salt} {self.published}"} for part in range(6)
        ]
        article = {
            "key": f"a{number}",
            "locale": "en",
            "slug": f"article-{number}",
            "title": f"Article {number}",
            "tags": ["Even" if number % 2 == 0 else "Odd", "All"],
            "sections": sections,
        }
        values = {"input": {"site": "bench", "articles": [article], "publish": True}}
        body = orjson.dumps({"query": IMPORT, "variables": values})
        answer = post(self.server.url("/graphql"), body, Authorization=f"Bearer {self._data.secret}")
        payload = orjson.loads(answer)["data"]["importArticles"]
        assert payload == {"changed": 1, "errors": []}, payload
        self.published += 1

    def stop(self) -> None:
        """End, and wait for the end."""
        self._stopped.set()
        self.join()
