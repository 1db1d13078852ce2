"""An editor at work: mutations with their answers, over the test client."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from models.access import Role
from tests.client import Client

ERRORS = (
    "errors { __typename message code path ... on ConflictError { baseRevision base { title } "
    "current { title } } ... on ForbiddenError { permission } }"
)
ARTICLE = (
    "article { id slug locale title summary state revision intro { markdown } tags { name } authors "
    "sections { id heading level kind position anchor body { markdown } pros cons "
    "questions { id question answer { markdown } } } "
    "questions { id question position section { id } } "
    "related { label url article { id } } links { url article { id } } }"
)
SHOWN = {
    "createArticle": ARTICLE,
    "updateArticle": ARTICLE,
    "createSection": "section { id heading position } " + ARTICLE,
    "updateSection": "section { id heading position } " + ARTICLE,
    "moveSection": "section { id heading position } " + ARTICLE,
    "deleteSection": "section { id } " + ARTICLE,
    "createQuestion": "question { id question section { id } } " + ARTICLE,
    "updateQuestion": "question { id question answer { markdown } } " + ARTICLE,
    "moveQuestion": "question { id section { id } } " + ARTICLE,
    "deleteQuestion": "question { id } " + ARTICLE,
    "publishArticles": "articles { id locale title state visibleFrom visibleUntil }",
    "unpublishArticles": "articles { id locale title state visibleUntil }",
    "deleteArticles": "ids",
    "restoreArticles": "articles { id locale title state sections { id } }",
    "createSite": "site { key name url defaultLocale locales }",
    "updateSite": "site { key name url defaultLocale locales }",
    "importArticles": "results { id locale action published } created changed unchanged refused",
}


@dataclass(frozen=True, slots=True)
class Editor:
    """Sends mutations as somebody with a role."""

    client: Client

    async def send(self, mutation: str, /, idempotency: str | None = None, **values: Any) -> Any:
        """Send a mutation and return its payload, whatever it says."""
        kind = mutation[0].upper() + mutation[1:] + "Input"
        declared, directive = f"($input: {kind}!)", ""
        variables: dict[str, Any] = {"input": values}
        if idempotency is not None:
            declared, directive = f"($input: {kind}!, $key: String!)", "@idempotent(key: $key)"
            variables["key"] = idempotency
        shown = f"{SHOWN[mutation]} revision {ERRORS}"
        query = f"mutation{declared} {{ {mutation}(input: $input) {directive} {{ {shown} }} }}"
        return (await self.client.ask(query, **variables)).data[mutation]

    async def do(self, mutation: str, /, **values: Any) -> Any:
        """Send a mutation that must succeed and return its payload."""
        payload = await self.send(mutation, **values)
        assert payload["errors"] == [], payload["errors"]
        return payload

    async def refused(self, mutation: str, /, **values: Any) -> list[tuple[str, str, str]]:
        """Send a mutation that must be refused and change nothing; return type, code and path of its errors."""
        before = self.client.database.head.revision
        payload = await self.send(mutation, **values)
        assert payload["revision"] is None
        assert self.client.database.head.revision == before
        assert payload["errors"]
        return [(e["__typename"], e["code"], ".".join(e["path"])) for e in payload["errors"]]

    async def create(self, title: str, **values: Any) -> Any:
        """Create an article and return it as the payload shows it."""
        return (await self.do("createArticle", **{"locale": "en", "title": title, **values}))["article"]

    async def update(self, article: Any, **values: Any) -> Any:
        """Update an article on the edition that was read and return it as the payload shows it."""
        named = {"id": article["id"], "locale": article["locale"], "ifRevision": article["revision"]}
        return (await self.do("updateArticle", **{**named, **values}))["article"]

    async def read(self, article_id: str, view: str = "@view(perspective: DRAFT)") -> Any:
        """Return an article as a view shows it."""
        reply = await self.client.ask(
            f"query($id: ID!) {view} {{ article(by: {{id: $id}}) {{ id title state publishedAt }} }}",
            id=article_id,
        )
        return reply.data["article"]


async def sign_in_editor(client: Client, role: Role = Role.ADMINISTRATOR, **limits: Any) -> Editor:
    """Return somebody with this role over a service that has a site with two locales."""
    administrator = Editor(await client.sign_in(Role.ADMINISTRATOR))
    await administrator.send(
        "createSite",
        key="docs",
        name="Docs",
        defaultLocale="en",
        locales=["de"],
        url="https://docs.example",
    )
    return Editor(await client.sign_in(role, **limits))
