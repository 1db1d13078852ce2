"""From a draft to all that an edition stores: rendered texts, anchors, links, counts, and a hash. Pure.

This is the only place where Markdown becomes HTML, so reading never renders.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace

import orjson

from models.addresses import read_old_address
from models.checking import find_problems, is_blank
from models.draft import ArticleDraft, QuestionDraft, SectionDraft, name_tag
from models.errors import InvalidContent
from models.link import LinkKind
from models.rendering import (
    RENDERER,
    Anchors,
    Hyperlink,
    Picture,
    Rendered,
    author_ids,
    reading_minutes,
    render,
)

Resolve = Callable[[str], str | None]
"""Turns an address in the text into the id of the article that stands there, None if it is not ours."""


@dataclass(frozen=True, slots=True)
class ComposedQuestion:
    """A question ready to be stored."""

    draft: QuestionDraft
    section: int | None
    anchor: str
    answer: Rendered


@dataclass(frozen=True, slots=True)
class ComposedSection:
    """A section ready to be stored, without its questions."""

    draft: SectionDraft
    anchor: str
    body: Rendered


@dataclass(frozen=True, slots=True)
class ComposedLink:
    """A link ready to be stored."""

    kind: LinkKind
    section: int | None
    label: str
    url: str | None
    target_id: str | None


@dataclass(frozen=True, slots=True)
class Composition:
    """An article in one locale, ready to be stored."""

    draft: ArticleDraft
    intro: Rendered
    sections: tuple[ComposedSection, ...]
    questions: tuple[ComposedQuestion, ...]
    links: tuple[ComposedLink, ...]
    tags: tuple[tuple[str, str], ...]
    images: tuple[dict[str, object], ...]
    word_count: int
    reading_minutes: int
    content_hash: str
    renderer: int = RENDERER


def compose(draft: ArticleDraft, resolve: Resolve) -> Composition:
    """Return what is to be stored of a draft. Raises InvalidContent with every problem found."""
    problems = list(find_problems(draft))
    if problems:
        raise InvalidContent(problems)
    draft = tidy(draft)
    anchors = Anchors()
    keep_author_anchors(draft, anchors)
    intro = render(draft.intro, anchors, "intro")
    sections: list[ComposedSection] = []
    questions: list[ComposedQuestion] = []
    for position, section in enumerate(draft.sections, start=1):
        sections.append(compose_section(section, anchors))
        questions += (compose_question(question, position, anchors) for question in section.questions)
    questions += (compose_question(question, None, anchors) for question in draft.questions)
    links = tuple(compose_links(draft, intro, sections, questions, resolve))
    words = intro.word_count + count_parts(sections, questions)
    return Composition(
        draft=draft,
        intro=intro,
        sections=tuple(sections),
        questions=tuple(questions),
        links=links,
        tags=tuple(compose_tags(draft.tags)),
        images=tuple(compose_images(draft, intro, sections, questions)),
        word_count=words,
        reading_minutes=reading_minutes(words),
        content_hash=hash_content(draft, links),
    )


def tidy(draft: ArticleDraft) -> ArticleDraft:
    """Return a draft without what shows nothing and what it says twice: a blank summary, spellings of one address."""
    return replace(
        draft,
        summary=None if is_blank(draft.summary or "") else draft.summary,
        redirects=list(dict.fromkeys(map(read_old_address, draft.redirects))),
    )


def keep_author_anchors(draft: ArticleDraft, anchors: Anchors) -> None:
    """Reserve the ids that the author wrote, so that no generated anchor takes one of them."""
    texts = [draft.intro, *(section.body for section in draft.sections)]
    texts += (question.answer for section in draft.sections for question in section.questions)
    anchors.reserve(identifier for text in texts for identifier in author_ids(text))
    anchors.reserve(section.anchor for section in draft.sections if section.anchor)


def compose_section(section: SectionDraft, anchors: Anchors) -> ComposedSection:
    """Return a section with its anchor and rendered body."""
    anchor = anchors.keep(section.anchor) if section.anchor else anchors.issue(section.heading or "")
    return ComposedSection(section, anchor, render(section.body, anchors, anchor))


def compose_question(question: QuestionDraft, section: int | None, anchors: Anchors) -> ComposedQuestion:
    """Return a question with its anchor and rendered answer."""
    anchor = anchors.keep(question.anchor) if question.anchor else anchors.issue(question.question)
    return ComposedQuestion(question, section, anchor, render(question.answer, anchors, anchor))


def count_parts(sections: list[ComposedSection], questions: list[ComposedQuestion]) -> int:
    """Return the number of words in section bodies and answers."""
    bodies = sum(section.body.word_count for section in sections)
    return bodies + sum(question.answer.word_count for question in questions)


def compose_links(
    draft: ArticleDraft,
    intro: Rendered,
    sections: list[ComposedSection],
    questions: list[ComposedQuestion],
    resolve: Resolve,
) -> Iterator[ComposedLink]:
    """Yield the related links, then those in the text in reading order."""
    for related in draft.related:
        target = related.article_id or (resolve(related.url) if related.url else None)
        yield ComposedLink(LinkKind.RELATED, None, related.label, related.url, target)
    texts: list[tuple[int | None, tuple[Hyperlink, ...]]] = [(None, intro.links)]
    for position, section in enumerate(sections, start=1):
        texts.append((position, section.body.links))
        texts += ((position, q.answer.links) for q in questions if q.section == position)
    texts += ((None, q.answer.links) for q in questions if q.section is None)
    for place, hyperlinks in texts:
        for link in hyperlinks:
            yield ComposedLink(LinkKind.BODY, place, link.label, link.href, resolve(link.href))


def compose_tags(names: list[str]) -> Iterator[tuple[str, str]]:
    """Yield slug and name of each tag, each slug once."""
    seen = set()
    for name in names:
        slug = name_tag(name)
        if slug and slug not in seen:
            seen.add(slug)
            yield slug, name.strip()


def compose_images(
    draft: ArticleDraft, intro: Rendered, sections: list[ComposedSection], questions: list[ComposedQuestion]
) -> Iterator[dict[str, object]]:
    """Yield the article's own pictures, then those in the text in reading order."""
    for image in draft.images:
        yield {**asdict(image), "width": None, "height": None}
    yield from picture_values(intro.images)
    for position, section in enumerate(sections, start=1):
        yield from picture_values(section.body.images)
        for question in questions:
            if question.section == position:
                yield from picture_values(question.answer.images)
    for question in questions:
        if question.section is None:
            yield from picture_values(question.answer.images)


def hash_content(draft: ArticleDraft, links: Iterable[ComposedLink]) -> str:
    """Return a hash of all that the author wrote and where the links lead; derived HTML has no part in it."""
    content = asdict(draft)
    questions = [question for section in content["sections"] for question in section["questions"]]
    for part in (*content["sections"], *questions, *content["questions"]):
        del part["key"]
    for related in content["related"]:
        del related["article_id"]
    content["tags"] = list(compose_tags(draft.tags))
    content["targets"] = [link.target_id for link in links]
    return hashlib.blake2b(orjson.dumps(content, option=orjson.OPT_SORT_KEYS), digest_size=32).hexdigest()


def picture_values(pictures: tuple[Picture, ...]) -> list[dict[str, object]]:
    """Return pictures as the JSON values that are stored."""
    return [asdict(picture) for picture in pictures]
