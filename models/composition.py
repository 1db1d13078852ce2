"""From a draft to all that an edition stores: rendered texts, anchors, links, counts, and a hash. Pure.

This is the only place where Markdown becomes HTML, so reading never renders.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

import orjson
from slugify import slugify

from models.draft import LONGEST, ArticleDraft, QuestionDraft, SectionDraft, normalise_locale
from models.errors import InvalidContent, Problem
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
        slug = slugify(name, allow_unicode=True)[:200]
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


def hash_content(draft: ArticleDraft, links: tuple[ComposedLink, ...]) -> str:
    """Return a hash of all that the author wrote and where the links lead; derived HTML has no part in it."""
    content = asdict(draft)
    for section in content["sections"]:
        del section["key"]
    content["targets"] = [link.target_id for link in links]
    return hashlib.blake2b(orjson.dumps(content, option=orjson.OPT_SORT_KEYS), digest_size=32).hexdigest()


def picture_values(pictures: tuple[Picture, ...]) -> list[dict[str, object]]:
    """Return pictures as the JSON values that are stored."""
    return [asdict(picture) for picture in pictures]


def find_problems(draft: ArticleDraft) -> Iterator[Problem]:
    """Yield every rule that a draft breaks, with its path."""
    yield from check_locale(draft.locale)
    yield from check_text(("slug",), draft.slug, required=True, longest=LONGEST["slug"])
    yield from check_text(("title",), draft.title, required=True, longest=LONGEST["title"])
    yield from check_text(("summary",), draft.summary)
    yield from check_text(("intro",), draft.intro)
    for index, section in enumerate(draft.sections):
        yield from check_section(("sections", str(index)), section)
    for index, question in enumerate(draft.questions):
        yield from check_question(("questions", str(index)), question)
    for index, tag in enumerate(draft.tags):
        yield from check_text(("tags", str(index)), tag, required=True, longest=LONGEST["tag"])
    for index, author in enumerate(draft.authors):
        yield from check_text(("authors", str(index)), author, required=True, longest=LONGEST["author"])
    for index, link in enumerate(draft.related):
        yield from check_text(("related", str(index), "label"), link.label)
        yield from check_text(("related", str(index), "url"), link.url)
    for index, address in enumerate(draft.redirects):
        yield from check_text(("redirects", str(index)), address, required=True, longest=LONGEST["address"])
    for name, value in (("front_matter", draft.front_matter), ("seo", draft.seo)):
        yield from check_json(name, value)


def check_locale(locale: str) -> Iterator[Problem]:
    """Yield a problem where the locale is not a normalised language tag."""
    try:
        if normalise_locale(locale) != locale:
            yield Problem(("locale",), f"{locale!r} is not in BCP 47's usual case.")
    except InvalidContent as error:
        yield from error.problems


def check_section(path: tuple[str, ...], section: SectionDraft) -> Iterator[Problem]:
    """Yield the rules that a section breaks."""
    yield from check_text((*path, "heading"), section.heading, longest=LONGEST["heading"])
    yield from check_text((*path, "body"), section.body)
    if not 1 <= section.level <= 6:
        yield Problem((*path, "level"), f"A heading's level is 1 to 6, not {section.level}.")
    for name, items in (("pros", section.pros), ("cons", section.cons)):
        for index, item in enumerate(items):
            yield from check_text((*path, name, str(index)), item, required=True)
    for index, question in enumerate(section.questions):
        yield from check_question((*path, "questions", str(index)), question)


def check_question(path: tuple[str, ...], question: QuestionDraft) -> Iterator[Problem]:
    """Yield the rules that a question breaks."""
    yield from check_text((*path, "question"), question.question, required=True, longest=LONGEST["question"])
    yield from check_text((*path, "answer"), question.answer)


def check_text(
    path: tuple[str, ...], text: str | None, *, required: bool = False, longest: int | None = None
) -> Iterator[Problem]:
    """Yield a problem where a text is missing, too long, or holds what no database can store."""
    name = path[-1]
    if required and not (text or "").strip():
        yield Problem(path, f"{name} must not be empty.")
    if not text:
        return
    if longest and len(text) > longest:
        yield Problem(path, f"{name} is {len(text)} characters long; at most {longest} are allowed.")
    if "\0" in text:
        yield Problem(path, f"{name} holds a NUL character.")
    if not is_encodable(text):
        yield Problem(path, f"{name} holds half of a surrogate pair, which is no character.")


def is_encodable(text: str) -> bool:
    """Tell whether the text can be written as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def check_json(name: str, value: object) -> Iterator[Problem]:
    """Yield a problem where a value is no JSON or holds text that cannot be stored."""
    try:
        orjson.dumps(value)
    except (TypeError, ValueError) as error:
        yield Problem((name,), f"{name} cannot be stored as JSON: {error}.")
