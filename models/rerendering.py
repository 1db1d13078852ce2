"""The verb that derives editions' texts anew after the renderer changed. What authors wrote stays as it is."""

from __future__ import annotations

from collections.abc import AsyncIterator

from models.access import Actor
from models.database import Database
from models.edition import Edition
from models.question import Question
from models.rendering import RENDERER, Anchors, Rendered, reading_minutes, render
from models.revision import ChangeKind, write
from models.searching.index import index_editions, remove_passages
from models.section import Section
from models.storing import Parts, load_parts

BATCH = 100


async def count_outdated(database: Database) -> int:
    """Return how many editions were rendered by another version of the renderer."""
    return await Edition.exclude(renderer=RENDERER).count()


async def rerender(database: Database, *, actor: Actor) -> AsyncIterator[int]:
    """Render outdated editions again, the newest first; yields after each batch how many it held.

    Each batch is one revision, so that whoever keeps copies learns of it.
    """
    while True:
        async with write(database, actor=actor, verb="rerender") as writing:
            outdated = Edition.exclude(renderer=RENDERER).using_db(writing.connection)
            editions = await outdated.order_by("-until", "-id").limit(BATCH)
            parts = await load_parts(writing.connection, [edition.id for edition in editions])
            for edition in editions:
                renew(edition, parts[edition.id])
                edition.rendered = writing.revision
                writing.record(ChangeKind.RENDERED, edition.article_id, edition.locale, edition.id)
                await edition.save(using_db=writing.connection)
                for row in (*parts[edition.id].sections, *parts[edition.id].questions):
                    await row.save(using_db=writing.connection)
            await remove_passages(writing.connection, [edition.id for edition in editions])
            await index_editions(
                writing.connection,
                [(one, parts[one.id].sections, parts[one.id].questions) for one in editions],
            )
        if not editions:
            return
        yield len(editions)


def renew(edition: Edition, parts: Parts) -> None:
    """Render the texts of an edition into its rows. Anchors of sections and questions stay."""
    anchors = Anchors()
    rows: list[Section | Question] = [*parts.sections, *parts.questions]
    for row in rows:
        anchors.keep(row.anchor)
    intro = render(edition.intro_markdown, anchors, "intro")
    edition.intro_html, edition.intro_text, edition.intro_words = intro.html, intro.text, intro.word_count
    for section in parts.sections:
        renew_section(section, render(section.body_markdown, anchors, section.anchor))
    for question in parts.questions:
        renew_question(question, render(question.answer_markdown, anchors, question.anchor))
    edition.word_count = intro.word_count + sum(row.word_count for row in rows)
    edition.reading_minutes = reading_minutes(edition.word_count)
    edition.renderer = RENDERER


def renew_section(section: Section, body: Rendered) -> None:
    """Put a body rendered anew into its row."""
    section.body_html, section.body_text, section.word_count = body.html, body.text, body.word_count


def renew_question(question: Question, answer: Rendered) -> None:
    """Put an answer rendered anew into its row."""
    question.answer_html, question.answer_text = answer.html, answer.text
    question.word_count = answer.word_count
