"""From a stored edition back to the draft that it was saved from, so that it can be changed or saved again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from tortoise.backends.base.client import BaseDBAsyncClient

from models.draft import ArticleDraft, ImageDraft, LinkDraft, QuestionDraft, SectionDraft, SectionKind
from models.edition import Edition, Redirect
from models.link import Link, LinkKind
from models.question import Question
from models.section import Section


async def load_drafts(connection: BaseDBAsyncClient, editions: Sequence[Edition]) -> dict[int, ArticleDraft]:
    """Return the draft of each edition by its id. Every section and question has its key."""
    ids = [edition.id for edition in editions]
    sections, questions, links, redirects = (
        await Section.filter(edition_id__in=ids).using_db(connection).order_by("position"),
        await Question.filter(edition_id__in=ids).using_db(connection).order_by("position"),
        await Link.filter(edition_id__in=ids, kind=LinkKind.RELATED)
        .using_db(connection)
        .order_by("position"),
        await Redirect.filter(edition_id__in=ids).using_db(connection).order_by("position"),
    )
    drafts = {edition.id: draft_edition(edition) for edition in editions}
    places: dict[tuple[int, int], SectionDraft] = {}
    for section in sections:
        places[section.edition_id, section.position] = draft_section(section)
        drafts[section.edition_id].sections.append(places[section.edition_id, section.position])
    for question in questions:
        holder = places.get((question.edition_id, question.section or 0), drafts[question.edition_id])
        holder.questions.append(draft_question(question))
    for link in links:
        drafts[link.edition_id].related.append(LinkDraft(link.label, link.url, link.target_id))
    for redirect in redirects:
        drafts[redirect.edition_id].redirects.append(redirect.address)
    return drafts


async def load_draft(connection: BaseDBAsyncClient, edition: Edition) -> ArticleDraft:
    """Return the draft of one edition."""
    return (await load_drafts(connection, [edition]))[edition.id]


async def load_targets(connection: BaseDBAsyncClient, edition_ids: Sequence[int]) -> dict[str, str]:
    """Return which of our articles the addresses in these editions lead to."""
    query = Link.filter(edition_id__in=edition_ids, target_id__isnull=False, url__isnull=False)
    targets: dict[str, str] = defaultdict(str)
    for link in await query.using_db(connection):
        targets[link.url or ""] = link.target_id or ""
    return dict(targets)


def draft_edition(edition: Edition) -> ArticleDraft:
    """Return the draft of an edition's own row."""
    return ArticleDraft(
        locale=edition.locale,
        slug=edition.slug,
        title=edition.title,
        summary=edition.summary,
        intro=edition.intro_markdown,
        images=[ImageDraft(**image) for image in edition.own_images],
        tags=[tag["name"] for tag in edition.tags],
        authors=list(edition.authors),
        published_at=edition.published_at,
        seo=dict(edition.seo),
        front_matter=dict(edition.front_matter),
    )


def draft_section(section: Section) -> SectionDraft:
    """Return the draft of a section, without its questions."""
    return SectionDraft(
        heading=section.heading,
        level=section.level,
        kind=SectionKind(section.kind),
        body=section.body_markdown,
        anchor=section.own_anchor,
        pros=list(section.pros),
        cons=list(section.cons),
        key=section.key,
    )


def draft_question(question: Question) -> QuestionDraft:
    """Return the draft of a question."""
    return QuestionDraft(question.question, question.answer_markdown, question.own_anchor, question.key)
