"""The rules that a draft must keep before it can be stored. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import orjson

from models.addresses import SCHEME, is_on_web, read_old_address
from models.draft import (
    LONGEST,
    ArticleDraft,
    ImageDraft,
    QuestionDraft,
    SectionDraft,
    name_tag,
    normalise_locale,
)
from models.errors import InvalidContent, Problem

SCHEMES = frozenset({"http", "https", "mailto", "tel"})
UNFIT = re.compile(r'[\s?#%\\<>"]')
"""What means something else in an address, or in the HTML around it."""


def find_problems(draft: ArticleDraft) -> Iterator[Problem]:
    """Yield every rule that a draft breaks, with its path."""
    yield from check_locale(draft.locale)
    yield from check_slug(draft.slug)
    yield from check_text(("title",), draft.title, required=True, longest=LONGEST["title"])
    yield from check_text(("summary",), draft.summary)
    yield from check_text(("intro",), draft.intro)
    for index, section in enumerate(draft.sections):
        yield from check_section(("sections", str(index)), section)
    for index, question in enumerate(draft.questions):
        yield from check_question(("questions", str(index)), question)
    for index, tag in enumerate(draft.tags):
        yield from check_tag(("tags", str(index)), tag)
    for index, author in enumerate(draft.authors):
        yield from check_text(("authors", str(index)), author, required=True, longest=LONGEST["author"])
    for index, link in enumerate(draft.related):
        yield from check_text(("related", str(index), "label"), link.label)
        yield from check_url(("related", str(index), "url"), link.url)
    for index, image in enumerate(draft.images):
        yield from check_image(("images", str(index)), image)
    for index, address in enumerate(draft.redirects):
        yield from check_old_address(("redirects", str(index)), address)
    for name, value in (("front_matter", draft.front_matter), ("seo", draft.seo)):
        yield from check_json(name, value)


def check_key(key: str) -> Iterator[Problem]:
    """Yield a problem where the name by which its source knows an article cannot be stored."""
    yield from check_text(("key",), key, required=True, longest=LONGEST["key"])


def check_url(path: tuple[str, ...], url: str | None) -> Iterator[Problem]:
    """Yield a problem where an address is too long, or of a scheme that a page must not link to."""
    yield from check_text(path, url, longest=LONGEST["address"])
    scheme = SCHEME.match("".join((url or "").split()))
    if scheme and scheme[1].lower() not in SCHEMES:
        yield Problem(path, f"{path[-1]} is of the scheme {scheme[1]}; links are http, https, mailto or tel.")


def check_old_address(path: tuple[str, ...], written: str) -> Iterator[Problem]:
    """Yield a problem where an address could never have led to the article, or is too long."""
    problems = list(check_text(path, written, required=True, longest=LONGEST["address"]))
    yield from problems
    if problems:
        return
    try:
        address = read_old_address(written)
    except ValueError as error:
        yield Problem(path, str(error))
    else:
        yield from check_text(path, address, longest=LONGEST["address"])


def check_tag(path: tuple[str, ...], tag: str) -> Iterator[Problem]:
    """Yield the rules that a tag's name breaks."""
    yield from check_text(path, tag, required=True, longest=LONGEST["tag"])
    if not is_blank(tag) and not name_tag(tag):
        yield Problem(path, f"The tag {tag[:50]!r} has no letter and no digit, by which it could be found.")


def check_image(path: tuple[str, ...], image: ImageDraft) -> Iterator[Problem]:
    """Yield the rules that a picture breaks."""
    if not image.src.strip():
        yield Problem((*path, "src"), "src must not be empty.")
    elif not is_on_web(image.src):
        message = "no address of a picture: http, https, or relative to the article's own."
        yield Problem((*path, "src"), f"src is {image.src[:100]!r}, {message}")
    yield from check_text((*path, "src"), image.src, longest=LONGEST["address"])
    yield from check_text((*path, "alt"), image.alt, longest=LONGEST["heading"])
    yield from check_text((*path, "caption"), image.caption, longest=LONGEST["heading"])


def check_slug(slug: str) -> Iterator[Problem]:
    """Yield a problem where a slug cannot stand in an address as it is."""
    yield from check_text(("slug",), slug, required=True, longest=LONGEST["slug"])
    if is_blank(slug):
        return
    if UNFIT.search(slug) or any(unicodedata.category(character).startswith("C") for character in slug):
        yield Problem(("slug",), 'slug holds white space, a control character, or one of ? # % \\ < > ".')
    elif any(part in {"", ".", ".."} for part in slug.split("/")):
        yield Problem(("slug",), "slug has an empty part, or one that is a dot or two, between its slashes.")


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
    yield from check_text((*path, "anchor"), section.anchor, longest=LONGEST["slug"])
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
    yield from check_text((*path, "anchor"), question.anchor, longest=LONGEST["slug"])


def is_blank(text: str) -> bool:
    """Tell whether a text shows nothing: it has only white space, control and invisible characters."""
    return all(character.isspace() or unicodedata.category(character).startswith("C") for character in text)


def check_text(
    path: tuple[str, ...], text: str | None, *, required: bool = False, longest: int | None = None
) -> Iterator[Problem]:
    """Yield a problem where a text is missing, too long, or holds what no database can store."""
    name = path[-1]
    if required and is_blank(text or ""):
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
