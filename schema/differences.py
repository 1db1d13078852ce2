"""What differs between two editions of an article: by field, section and question."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry.scalars import JSON

from models.comparing import (
    DifferenceKind,
    FieldDifference,
    PartDifference,
    compare_fields,
    compare_questions,
    compare_sections,
)
from models.stored import StoredQuestion, StoredSection
from schema.enums import describe_enum
from schema.node import encode_id
from schema.scalars import Revision

if TYPE_CHECKING:
    from schema.article import Article
    from schema.question import Question
    from schema.section import Section

KINDS = {
    DifferenceKind.ADDED: "It is new.",
    DifferenceKind.REMOVED: "It is gone.",
    DifferenceKind.CHANGED: "Its content changed.",
    DifferenceKind.MOVED: "It stands in another place; its content is the same.",
}
describe_enum(DifferenceKind, "DifferenceKind", "What became of a section or question.", KINDS)

LazySection = Annotated["Section", strawberry.lazy("schema.section")]
LazyQuestion = Annotated["Question", strawberry.lazy("schema.question")]


@strawberry.type(description="A field of the article that differs.")
class FieldChange:
    """A field that differs."""

    name: str = strawberry.field(description="The name of the field.")
    before: JSON | None = strawberry.field(description="The earlier value; texts as Markdown.")
    after: JSON | None = strawberry.field(description="The later value; texts as Markdown.")


@strawberry.type(description="A section that differs.")
class SectionChange:
    """A section that differs."""

    kind: DifferenceKind = strawberry.field(description="What became of it.")
    fields: list[str] = strawberry.field(description="What of it changed; `position` where it moved.")
    before: LazySection | None = strawberry.field(description="The section before. Null where it is new.")
    after: LazySection | None = strawberry.field(description="The section after. Null where it is gone.")


@strawberry.type(description="A question that differs.")
class QuestionChange:
    """A question that differs."""

    kind: DifferenceKind = strawberry.field(description="What became of it.")
    fields: list[str] = strawberry.field(description="What of it changed; `position` where it moved.")
    before: LazyQuestion | None = strawberry.field(description="The question before. Null where it is new.")
    after: LazyQuestion | None = strawberry.field(description="The question after. Null where it is gone.")


@strawberry.type(description="What differs between an article's newest editions at two revisions.")
class ArticleDiff:
    """The differences between two editions."""

    from_: Revision = strawberry.field(name="from", description="The earlier revision.")
    to: Revision = strawberry.field(description="The later revision.")
    fields: list[FieldChange] = strawberry.field(description="The fields of the article that differ.")
    sections: list[SectionChange] = strawberry.field(description="The sections that differ.")
    questions: list[QuestionChange] = strawberry.field(description="The questions that differ.")


async def compare_articles(before: Article, after: Article, from_: int, to: int) -> ArticleDiff:
    """Return what differs between two editions of an article."""
    # Side by side, so that both editions share statements.
    old_sections, new_sections = await gather(before.stored_sections(), after.stored_sections())
    old_questions, new_questions = await gather(before.stored_questions(), after.stored_questions())
    old_links, new_links = await gather(before.all_stored_links(), after.all_stored_links())
    await gather(*(article.reader.seo(article.stored) for article in (before, after)))
    fields = compare_fields(before.stored.edition, after.stored.edition, old_links, new_links)
    links = (*old_links, *new_links) if any(field.name == "related" for field in fields) else ()
    seen = await find_seen(after, {link.target_id for link in links if link.target_id})
    sections = compare_sections(old_sections, new_sections)
    questions = compare_questions(old_questions, new_questions, old_sections, new_sections)
    return ArticleDiff(
        from_=Revision(from_),
        to=Revision(to),
        fields=[show_field(difference, seen) for difference in fields],
        sections=[show_section(difference, before, after) for difference in sections],
        questions=[show_question(difference, before, after) for difference in questions],
    )


async def find_seen(article: Article, ids: Iterable[str]) -> frozenset[str]:
    """Return those of the articles that the view shows."""
    reader = article.reader.at(article.reader.view.speaking(()))
    found = await gather(*(reader.article(one) for one in ids))
    return frozenset(one.id for one in found if one is not None)


def show_field(difference: FieldDifference, seen: frozenset[str]) -> FieldChange:
    """Return the contract's form of a field that differs."""
    before, after = difference.before, difference.after
    if difference.name == "related":
        before, after = show_value(before, seen), show_value(after, seen)
    return FieldChange(name=difference.name, before=JSON(before), after=JSON(after))


def show_value(value: object, seen: frozenset[str]) -> object:
    """Return a value with the ids of articles in the form that clients know, null where the view does not show them."""
    if isinstance(value, list):
        return [show_value(entry, seen) for entry in value]
    if isinstance(value, dict) and value.get("article"):
        target = value["article"]
        return {**value, "article": encode_id("Article", target) if target in seen else None}
    return value


def show_section(difference: PartDifference[StoredSection], before: Article, after: Article) -> SectionChange:
    """Return the contract's form of a section that differs."""
    return SectionChange(
        kind=difference.kind,
        fields=list(difference.fields),
        before=before.section(difference.before) if difference.before else None,
        after=after.section(difference.after) if difference.after else None,
    )


def show_question(
    difference: PartDifference[StoredQuestion], before: Article, after: Article
) -> QuestionChange:
    """Return the contract's form of a question that differs."""
    return QuestionChange(
        kind=difference.kind,
        fields=list(difference.fields),
        before=before.question(difference.before) if difference.before else None,
        after=after.question(difference.after) if difference.after else None,
    )
