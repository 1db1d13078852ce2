"""Columns that a selection needs: each plain field alone shows, from nothing in memory, what its resolver shows."""

from __future__ import annotations

import pytest

from models.draft import ArticleDraft, LinkDraft, QuestionDraft, SectionDraft, SectionKind
from schema.build import build_schema, core_schema
from schema.documents import Documents
from schema.plain import PLAIN
from tests.client import Client

pytestmark = pytest.mark.database

PATHS = {
    "Section": "sections { %s }",
    "Question": "questions { %s }",
    "Link": "links { %s }",
    "Heading": "tableOfContents { %s }",
}
BELOW = {
    "body": "{ %s }",
    "answer": "{ %s }",
    "images": "{ src }",
    "article": "{ id }",
    "questions": "{ question }",
    "links": "{ url }",
    "section": "{ heading }",
}
FORMS = ("markdown", "html", "text", "wordCount", "excerpt(words: 2)")
FIELDS = [(type_name, field) for type_name in PATHS for field in PLAIN[type_name]]

DRAFT = ArticleDraft(
    "en",
    "a",
    "A",
    sections=[
        SectionDraft(
            "Tides",
            body="The *tide* [turns](https://tide.example) ![wave](wave.png).",
            questions=[QuestionDraft("Why?", "The [moon](https://moon.example) ![pulls](moon.png).")],
        ),
        SectionDraft("For and against", kind=SectionKind.PROS_AND_CONS, pros=["quick"], cons=["wet"]),
    ],
    questions=[QuestionDraft("When?", "Twice a *day*.")],
    related=[LinkDraft("Elsewhere", "https://elsewhere.example")],
)


@pytest.mark.parametrize(("type_name", "field"), FIELDS, ids=lambda value: value)
async def test_fields_alone(client: Client, type_name: str, field: str) -> None:
    """A field that is asked for alone, and then all others, are shown as the resolvers show them."""
    await client.save(DRAFT)
    below = BELOW.get(field, "")
    parts = [f"{field} {below % form}" for form in FORMS] if "%s" in below else [f"{field} {below}"]
    chosen = [PATHS[type_name] % part for part in parts]
    chosen.append(" ".join(PATHS[name] % " ".join(write(one) for one in PLAIN[name]) for name in PATHS))
    texts = [f"{{ articles {{ nodes {{ {part} }} }} }}" for part in chosen]
    client.forget()
    projected = [await client.ask(text) for text in texts]
    for table in ("section", "question", "link"):
        # A column that is missing would be found out, and all of them read by the resolvers.
        assert all(sum(f"FROM {table} WHERE" in s for s in reply.statements) <= 1 for reply in projected)
    client.service.documents = Documents(FIELD_BY_FIELD, None)
    assert [reply.data for reply in projected] == [(await client.ask(text)).data for text in texts]


FIELD_BY_FIELD = core_schema(build_schema())


def write(field: str) -> str:
    """Return the selection of a field."""
    below = BELOW.get(field, "")
    return f"{field} {below % ' '.join(FORMS) if '%s' in below else below}"
