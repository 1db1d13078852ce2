"""From a composition to the rows of an edition, with the identities of its parts kept from the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import partial

from tortoise.backends.base.client import BaseDBAsyncClient

from models.composition import ComposedQuestion, Composition, picture_values
from models.edition import Edition, Redirect, Tag
from models.folding import fold
from models.identity import derive_part_key
from models.link import Link
from models.matching import Part, match_parts, name_new
from models.moment import FOREVER
from models.question import Question
from models.revision import Writing
from models.searching.index import index_editions
from models.section import Section

BATCH = 500


@dataclass(slots=True)
class Parts:
    """The rows of one edition."""

    edition: Edition | None = None
    sections: list[Section] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    redirects: list[Redirect] = field(default_factory=list)


async def load_parts(connection: BaseDBAsyncClient, edition_ids: Sequence[int]) -> dict[int, Parts]:
    """Return the sections and questions of these editions."""
    parts = {number: Parts() for number in edition_ids}
    if parts:
        sections = Section.filter(edition_id__in=edition_ids).using_db(connection).order_by("position")
        for section in await sections:
            parts[section.edition_id].sections.append(section)
        questions = Question.filter(edition_id__in=edition_ids).using_db(connection).order_by("position")
        for question in await questions:
            parts[question.edition_id].questions.append(question)
    return parts


def edition_row(number: int, writing: Writing, article_id: str, composition: Composition) -> Edition:
    """Return the edition's own row."""
    draft = composition.draft
    return Edition(
        id=number,
        article_id=article_id,
        locale=draft.locale,
        since=writing.revision,
        until=FOREVER,
        saved_at=writing.moment,
        saved_by=writing.actor.name,
        title=draft.title,
        title_folded=fold(draft.title),
        slug=draft.slug,
        slug_folded=fold(draft.slug),
        summary=draft.summary,
        intro_markdown=draft.intro,
        intro_html=composition.intro.html,
        intro_text=composition.intro.text,
        intro_words=composition.intro.word_count,
        tags=[{"slug": slug, "name": name} for slug, name in composition.tags],
        authors=draft.authors,
        images=list(composition.images),
        own_images=[asdict(image) for image in draft.images],
        seo=draft.seo,
        front_matter=draft.front_matter,
        published_at=draft.published_at,
        word_count=composition.word_count,
        reading_minutes=composition.reading_minutes,
        content_hash=composition.content_hash,
        renderer=composition.renderer,
        rendered=writing.revision,
    )


def part_rows(edition: Edition, composition: Composition, previous: Parts | None) -> Parts:
    """Return the edition with the rows of its parts; `previous` is the edition that it supersedes."""
    return Parts(
        edition=edition,
        sections=section_rows(edition, composition, previous.sections if previous else []),
        questions=question_rows(edition, composition, previous.questions if previous else []),
        links=link_rows(edition.id, composition),
        tags=[
            Tag(edition_id=edition.id, position=position, slug=slug, name=name)
            for position, (slug, name) in enumerate(composition.tags, start=1)
        ],
        redirects=[
            Redirect(edition_id=edition.id, position=position, address=address)
            for position, address in enumerate(composition.draft.redirects, start=1)
        ],
    )


def section_rows(edition: Edition, composition: Composition, before: Sequence[Section]) -> list[Section]:
    """Return the rows of the sections."""
    old = [Part(row.heading or "", row.body_markdown, row.key) for row in before]
    new = [Part(s.draft.heading or "", s.draft.body, s.draft.key or "") for s in composition.sections]
    derive = partial(derive_part_key, edition.article_id, edition.locale, "section")
    anchors = [section.anchor for section in composition.sections]
    keys = name_new(match_parts(old, new), anchors, derive, {part.key for part in old})
    return [
        Section(
            edition_id=edition.id,
            key=key,
            position=position,
            level=section.draft.level,
            kind=section.draft.kind,
            heading=section.draft.heading,
            heading_folded=fold(section.draft.heading or ""),
            anchor=section.anchor,
            own_anchor=section.draft.anchor,
            body_markdown=section.draft.body,
            body_html=section.body.html,
            body_text=section.body.text,
            word_count=section.body.word_count,
            images=picture_values(section.body.images),
            pros=section.draft.pros,
            cons=section.draft.cons,
        )
        for position, (key, section) in enumerate(zip(keys, composition.sections, strict=True), start=1)
    ]


def question_rows(edition: Edition, composition: Composition, before: Sequence[Question]) -> list[Question]:
    """Return the rows of the questions."""
    old = [Part(row.question, row.answer_markdown, row.key) for row in before]
    new = [Part(q.draft.question, q.draft.answer, q.draft.key or "") for q in composition.questions]
    derive = partial(derive_part_key, edition.article_id, edition.locale, "question")
    anchors = [question.anchor for question in composition.questions]
    keys = name_new(match_parts(old, new), anchors, derive, {part.key for part in old})
    return [
        question_row(edition.id, key, position, question)
        for position, (key, question) in enumerate(zip(keys, composition.questions, strict=True), start=1)
    ]


def question_row(edition_id: int, key: str, position: int, question: ComposedQuestion) -> Question:
    """Return the row of a question."""
    return Question(
        edition_id=edition_id,
        key=key,
        position=position,
        section=question.section,
        anchor=question.anchor,
        own_anchor=question.draft.anchor,
        question=question.draft.question,
        question_folded=fold(question.draft.question),
        answer_markdown=question.draft.answer,
        answer_html=question.answer.html,
        answer_text=question.answer.text,
        word_count=question.answer.word_count,
        images=picture_values(question.answer.images),
    )


def link_rows(edition_id: int, composition: Composition) -> list[Link]:
    """Return the rows of the links."""
    return [
        Link(
            edition_id=edition_id,
            kind=link.kind,
            position=position,
            section=link.section,
            label=link.label,
            url=link.url,
            target_id=link.target_id,
        )
        for position, link in enumerate(composition.links, start=1)
    ]


async def store(writing: Writing, editions: Sequence[Parts]) -> None:
    """Write the rows of new editions, and what searches find of them."""
    connection = writing.connection
    rows = [parts.edition for parts in editions if parts.edition]
    await Edition.bulk_create(rows, batch_size=BATCH, using_db=connection)
    for model, attribute in (
        (Section, "sections"),
        (Question, "questions"),
        (Link, "links"),
        (Tag, "tags"),
        (Redirect, "redirects"),
    ):
        await model.bulk_create(
            [row for parts in editions for row in getattr(parts, attribute)],
            batch_size=BATCH,
            using_db=connection,
        )
    await index_editions(
        connection, [(parts.edition, parts.sections, parts.questions) for parts in editions if parts.edition]
    )
