"""A client of the service in this process, and a short way to have articles to ask for."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

import httpx2
from starlette.applications import Starlette

from api.app import create_app
from api.graphql import GraphQLEndpoint
from api.settings import Settings
from models.access import Role, system_actor
from models.composition import compose
from models.database import Database, record_statements
from models.draft import ArticleDraft
from models.editing import Identity, Saved, SiteDraft, Submission, save_articles
from models.identity import derive_article_id, derive_site_id
from models.library import Library
from models.live_index import LiveIndex
from models.token import create_token
from schema.service import Service

TESTER = system_actor("tester")
SITE = SiteDraft(derive_site_id("test"), "test", "Test site", "en", "https://test.example")


@dataclass(frozen=True, slots=True)
class Reply:
    """A response of the GraphQL endpoint, and the statements that were read for it."""

    status: int
    body: dict[str, Any]
    content: bytes
    headers: httpx2.Headers
    statements: list[str]

    @property
    def data(self) -> Any:
        """Return the data; the request must have had no errors."""
        assert "errors" not in self.body, self.body["errors"]
        return self.body["data"]

    @property
    def codes(self) -> list[str]:
        """Return the codes of the errors."""
        return [error["extensions"]["code"] for error in self.body.get("errors", [])]

    @property
    def message(self) -> str:
        """Return the message of the only error."""
        (error,) = self.body["errors"]
        return str(error["message"])


@dataclass(frozen=True, slots=True)
class Client:
    """Asks the service over HTTP."""

    http: httpx2.AsyncClient
    database: Database
    service: Service
    app: Starlette
    headers: dict[str, str] = field(default_factory=dict)

    async def sign_in(self, role: Role, **limits: Any) -> Client:
        """Return a client of the same service that shows a new token of this role, limited as `create_token` can."""
        name = f"{role.value} {uuid4().hex[:6]}"
        _, secret = await create_token(self.database, TESTER, name, role, **limits)
        return self.showing(secret)

    def showing(self, credential: str) -> Client:
        """Return a client of the same service that shows this credential."""
        return replace(self, headers={"authorization": f"Bearer {credential}"})

    async def ask(self, query: str, **variables: Any) -> Reply:
        """Send a query and return the reply."""
        with record_statements() as statements:
            response = await self.http.post(
                "/graphql", json={"query": query, "variables": variables}, headers=self.headers
            )
        return read_reply(response, list(statements))

    async def get(self, path: str, **headers: str) -> tuple[httpx2.Response, list[str]]:
        """Get a path, and return the response and the statements that were read for it."""
        named = {**self.headers, **{k.replace("_", "-"): v for k, v in headers.items()}}
        with record_statements() as statements:
            response = await self.http.get(path, headers=named)
        return response, list(statements)

    async def post(self, body: bytes | str, **headers: str) -> Reply:
        """Send a body as it is; `content_type="text/plain"` sends that header instead of application/json."""
        named = {
            "content-type": "application/json",
            **self.headers,
            **{k.replace("_", "-"): v for k, v in headers.items()},
        }
        return read_reply(await self.http.post("/graphql", content=body, headers=named))

    def forget(self, limit: int | None = None) -> None:
        """Begin with nothing in memory, and room for as much as before or for `limit` bytes."""
        size = self.service.library.limit if limit is None else limit
        self.service.library = Library(self.database, size)
        self.service.index = LiveIndex(self.database, size // 2)

    async def save(self, *drafts: ArticleDraft, publish: bool = True, key: str | None = None) -> Saved:
        """Save drafts as the articles that `key`, else their slugs, name; all of it one revision."""
        return await save_articles(
            self.database, submit(drafts, key), actor=TESTER, sites=[SITE], publish=publish
        )


def read_reply(response: httpx2.Response, statements: Sequence[str] = ()) -> Reply:
    """Return a response as a reply."""
    return Reply(response.status_code, response.json(), response.content, response.headers, list(statements))


@asynccontextmanager
async def serve(settings: Settings) -> AsyncIterator[Client]:
    """Run the service over the database of these settings, which is migrated, and return a client of it."""
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://quiet.test") as http:
            endpoint: GraphQLEndpoint = app.state.endpoint
            yield Client(http, app.state.database, endpoint.service, app)


def article_id(key: str) -> str:
    """Return the id of the article that `Client.save` names by this key."""
    return derive_article_id(SITE.key, key)


def submit(drafts: Sequence[ArticleDraft], key: str | None = None) -> list[Submission]:
    """Return drafts as submissions; links resolve where they name the path of another draft, or a place in it."""
    paths = {f"/{draft.locale}/{draft.slug}": article_id(key or draft.slug) for draft in drafts}

    def resolve(url: str) -> str | None:
        return paths.get(re.split("[?#]", url)[0])

    return [
        Submission(
            Identity(article_id(key or draft.slug), SITE.id, key or draft.slug), compose(draft, resolve)
        )
        for draft in drafts
    ]
