"""One Markdown file as one article: which field of its front matter means what, and how its body is divided.

It knows the text and the place of the file; it knows no other file and opens none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from api.importing.article_fields import Fields
from api.importing.front_matter import moment_of, split_front_matter
from api.importing.headings import classify_heading
from api.importing.markdown_events import links_of
from api.importing.placement import Place
from api.importing.pros_and_cons import gather_pros_and_cons
from api.importing.questions import sections_of, take_questions
from api.importing.refusal import Refusal
from api.importing.seo_fields import split_seo
from api.importing.source import Notice, RelatedName, Severity, SourceArticle
from api.importing.splitting import Outline, split_body
from models.draft import (
    ArticleDraft,
    QuestionDraft,
    SectionDraft,
    SectionKind,
    normalise_locale,
    normalise_slug,
)
from models.errors import InvalidContent

HANDLES = ("class", "id", "key", "name")
NO_PAGE = ("#", "mailto:", "tel:", "javascript:", "data:")


@dataclass(frozen=True, slots=True)
class MarkdownFile:
    """The text of a file, its path below the root, what that path says, and the locale where nothing says."""

    text: str
    path: PurePosixPath
    place: Place
    default_locale: str


def read_article(file: MarkdownFile) -> Iterator[SourceArticle | Notice]:
    """Yield the article that a file holds, after warnings about it.

    Raises Refusal where the file cannot be one: BAD_FRONT_MATTER, WRONG_TYPE, BAD_LOCALE, NO_TITLE.
    """
    matter = split_front_matter(file.text)
    fields = Fields(matter)
    written = _written_locale(fields)
    file = replace(file, place=file.place.agree(written))
    title = fields.text("title")
    outline = split_body(matter.body, title)
    title = title or outline.title
    if not title:
        raise Refusal("NO_TITLE", "There is neither a `title` nor a heading of level 1.", matter.body_line)
    draft = _draft(file, fields, title, written or file.place.locale or file.default_locale)
    _fill(draft, outline)
    related = fields.related("related", "related_articles") or list(_related_links(draft.sections))
    permalink = fields.text("permalink")
    handles = [handle for handle in (fields.text(name) for name in HANDLES) if handle]
    fields.keep("permalink", *HANDLES)
    draft.seo, draft.front_matter = split_seo(fields.left_over())
    yield from _warnings(file, fields)
    yield SourceArticle(
        file=str(file.path),
        line=matter.body_line,
        key=file.place.key,
        draft=draft,
        folder=file.path.parent.as_posix() if file.path.parent.name else "",
        addresses=_addresses(file.place, draft.slug, permalink),
        handles=list(dict.fromkeys([*handles, file.place.key.rpartition("/")[2]])),
        related_names=related,
    )


def _draft(file: MarkdownFile, fields: Fields, title: str, locale: str) -> ArticleDraft:
    published_at = fields.moment("published_at", "published", "date")
    if published_at is None and file.place.date:
        published_at = _date_of_name(file.place.date)
    return ArticleDraft(
        locale=locale,
        slug=normalise_slug(fields.text("slug") or "") or file.place.key,
        title=title,
        summary=fields.text("description", "summary", "excerpt"),
        images=fields.images("image", "cover", "og_image"),
        tags=fields.texts("tags", "keywords", "categories"),
        authors=fields.people("author", "authors"),
        redirects=fields.old_addresses("redirect_from", "aliases", "redirects"),
        published_at=published_at,
    )


def _written_locale(fields: Fields) -> str | None:
    written = fields.text("lang", "locale", "language")
    if written is None:
        return None
    try:
        return normalise_locale(written)
    except InvalidContent as error:
        line = next(
            (fields.line(name) for name in ("lang", "locale", "language") if fields.line(name) > 1), 1
        )
        raise Refusal("BAD_LOCALE", error.message, line) from error


def _date_of_name(written: str) -> int:
    try:
        return moment_of(written)
    except ValueError as error:
        raise Refusal("WRONG_TYPE", f"The file name begins with {written!r}, which is no date.") from error


def _fill(draft: ArticleDraft, outline: Outline) -> None:
    names = (draft.title, draft.slug.rpartition("/")[2])
    is_faq = any(classify_heading(name) is SectionKind.FAQ for name in names)
    found = take_questions(outline.intro, in_faq=is_faq)
    sections, questions = sections_of(outline.parts, is_faq)
    draft.intro, draft.questions = found.rest, [*found.questions, *questions]
    draft.sections = gather_pros_and_cons(sections)
    complete = outline.definitions.complete
    draft.intro = complete(draft.intro)
    for section in draft.sections:
        section.body = complete(section.body)
        section.pros[:] = map(complete, section.pros)
        section.cons[:] = map(complete, section.cons)
    for question in _all_questions(draft):
        question.answer = complete(question.answer)


def _all_questions(draft: ArticleDraft) -> Iterator[QuestionDraft]:
    yield from draft.questions
    for section in draft.sections:
        yield from section.questions


def _related_links(sections: Iterable[SectionDraft]) -> Iterator[RelatedName]:
    for section in sections:
        if section.kind is SectionKind.RELATED:
            for address, label in links_of(section.body):
                if address and not address.lower().startswith(NO_PAGE):
                    yield RelatedName(address, label or None)


def _addresses(place: Place, slug: str, permalink: str | None) -> list[str]:
    addresses = place.addresses(slug)
    # `/:categories/:title/` is a pattern of the site generator, not an address.
    if permalink and "/:" not in permalink and not permalink.startswith(":"):
        addresses.insert(0, permalink if "://" in permalink else f"/{permalink.lstrip('/')}")
    return addresses


def _warnings(file: MarkdownFile, fields: Fields) -> Iterator[Notice]:
    for name, hidden in (("draft", True), ("published", False)):
        if fields.is_true(name) is hidden:
            message = (
                f"The front matter says `{name}: {str(hidden).lower()}`; the article is saved, not published."
            )
            yield Notice(Severity.WARNING, str(file.path), fields.line(name), "DRAFT", message)
