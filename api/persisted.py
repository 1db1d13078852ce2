"""Documents that clients name by the hash of their text instead of sending it.

Trusted documents come from a manifest file; others are remembered when a client sends text and hash together
(Apollo's automatic persisted queries), unless nothing but the manifest is accepted.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import orjson

from api.disclosure import OPEN, Disclosure
from api.graphql_request import Asked, Refusal
from models.access import Actor

REMEMBERED_BYTES = 4_194_304
"""How much text is remembered of documents that clients sent."""


class ManifestError(ValueError):
    """The manifest cannot be read."""


def read_manifest(path: Path) -> dict[str, str]:
    """Return the documents of a manifest by their ids. Raises ManifestError.

    Either `{"ID": "TEXT", …}`, as Relay and GraphQL Code Generator write it, or Apollo's
    `{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id": …, "body": …}, …]}`.
    """
    try:
        content = orjson.loads(path.read_bytes())
    except OSError as error:
        raise ManifestError(f"The manifest {path} cannot be read: {error.strerror}.") from error
    except orjson.JSONDecodeError as error:
        raise ManifestError(f"The manifest {path} is not JSON: {error}.") from error
    if isinstance(content, dict) and content.get("format") == "apollo-persisted-query-manifest":
        operations = content.get("operations")
        if not isinstance(operations, list) or not all(isinstance(entry, dict) for entry in operations):
            raise ManifestError(f"The manifest {path} has no list of operations.")
        content = {entry.get("id"): entry.get("body") for entry in operations}
    if not isinstance(content, dict) or not all(
        isinstance(part, str) for pair in content.items() for part in pair
    ):
        raise ManifestError(f"The manifest {path} must be an object of document texts by their ids.")
    return {key.removeprefix("sha256:"): text for key, text in content.items()}


class PersistedDocuments:
    """Finds the text of documents; with `only`, none but the trusted ones are accepted.

    `disclosure` says who may ask for the schema by others than these.
    """

    def __init__(
        self, trusted: Mapping[str, str], *, only: bool = False, disclosure: Disclosure = OPEN
    ) -> None:
        self._trusted = dict(trusted)
        self._only = only
        self._disclosure = disclosure
        self._texts = frozenset(trusted.values())
        self._remembered: OrderedDict[str, str] = OrderedDict()
        self._size = 0

    def is_trusted(self, text: str) -> bool:
        """Tell whether a document is one of the manifest."""
        return text in self._texts

    def find(self, asked: Asked, actor: Actor) -> str:
        """Return the text of the document that a request means. Raises Refusal."""
        text = self._find(asked)
        if text not in self._texts:
            self._disclosure.check(text, actor)
        return text

    def _find(self, asked: Asked) -> str:
        if asked.query is not None:
            self._check(asked.query, asked.hash)
            return asked.query
        assert asked.hash is not None
        known = self._trusted.get(asked.hash) or self._remembered.get(asked.hash)
        if known is None and self._only:
            raise Refusal(400, "DOCUMENT_NOT_TRUSTED", "No document of this service has this id.")
        if known is None:
            # The words that Apollo's clients look for; they then send the text with the hash.
            raise Refusal(200, "PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")
        return known

    def _check(self, query: str, named: str | None) -> None:
        if self._only and query not in self._texts:
            raise Refusal(400, "DOCUMENT_NOT_TRUSTED", "Only the documents of this service are answered.")
        if named is not None and self._trusted.get(named) != query and hash_text(query) != named:
            raise Refusal(400, "PERSISTED_QUERY_MISMATCH", "The hash is not that of the document's text.")

    def remember(self, asked: Asked) -> None:
        """Remember a document that was sent with its hash, and is valid."""
        if asked.hash is None or asked.query is None or asked.hash in self._remembered or self._only:
            return
        if hash_text(asked.query) != asked.hash:
            return
        self._remembered[asked.hash] = asked.query
        self._size += len(asked.query)
        while self._size > REMEMBERED_BYTES:
            _, gone = self._remembered.popitem(last=False)
            self._size -= len(gone)


def hash_text(text: str) -> str:
    """Return the SHA-256 of a document's text, in hexadecimal digits."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
