"""An article as one piece of HTML, as feed readers show it: introduction, sections, questions, pros and cons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from models.page import ArticlePage
from models.rendering.sanitising import make_absolute
from models.stored import StoredQuestion, StoredSection

DEEPEST = 6


def write_article(
    page: ArticlePage, sections: Sequence[StoredSection], questions: Sequence[StoredQuestion]
) -> str:
    """Return an article of these sections and questions, with absolute addresses where its page has one."""
    parts = [page.article.edition.intro_html]
    for section in sections:
        parts += write_section(section, [q for q in questions if q.section == section.position])
    for question in questions:
        if question.section is None:
            parts += write_question(question, 2)
    html = "\n".join(part for part in parts if part)
    return make_absolute(html, page.url) if page.url else html


def write_section(section: StoredSection, questions: Sequence[StoredQuestion]) -> Iterator[str]:
    """Yield the pieces of a section."""
    if section.heading:
        yield write_heading(section.heading, section.level)
    yield section.body_html
    points = [*(f"+ {point}" for point in section.pros), *(f"\u2212 {point}" for point in section.cons)]
    if points:
        yield f"<ul>{''.join(f'<li>{escape(point)}</li>' for point in points)}</ul>"
    for question in questions:
        yield from write_question(question, section.level + 1)


def write_question(question: StoredQuestion, level: int) -> Iterator[str]:
    """Yield the pieces of a question with its answer."""
    yield write_heading(question.question, level)
    yield question.answer_html


def write_heading(text: str, level: int) -> str:
    """Return a heading."""
    level = min(level, DEEPEST)
    return f"<h{level}>{escape(text, quote=False)}</h{level}>"
