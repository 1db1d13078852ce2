"""What clients send of articles, sections and questions, and how it becomes a draft.

A field that is left out keeps what is there, null clears it. An entry of a list with an id is that section or
question and keeps its identity; one without is new; one that is missing from the list is taken out.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from models.draft import ArticleDraft, ImageDraft, LinkDraft, QuestionDraft, SectionDraft, SectionKind
from models.errors import ContentError, InvalidContent, Problem
from models.wishes import change_wishes
from schema.node import decode_id
from schema.scalars import DateTime, Locale, Markdown, Url

Path = tuple[str, ...]

WISHES = ("title", "description", "canonical", "robots", "noindex", "image")


@strawberry.input(description="A question with its answer.")
class QuestionInput:
    """A question inside of a section or article."""

    id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="The id of a question of this article, to keep it; without it, a new one."
    )
    question: str | None = strawberry.field(default=UNSET, description="The question as plain text.")
    answer: Markdown | None = strawberry.field(default=UNSET, description="The answer.")
    anchor: str | None = strawberry.field(
        default=UNSET, description="The fragment that leads to it. Null derives one from the question."
    )


@strawberry.input(description="A section: a heading with its text and questions.")
class SectionInput:
    """A section inside of an article."""

    id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="The id of a section of this article, to keep it; without it, a new one."
    )
    kind: SectionKind | None = strawberry.field(default=UNSET, description="PROSE where nothing is said.")
    level: int | None = strawberry.field(
        default=UNSET, description="The level of the heading, 1 to 6; 2 where nothing is said."
    )
    heading: str | None = strawberry.field(default=UNSET, description="The heading as plain text.")
    body: Markdown | None = strawberry.field(default=UNSET, description="The text under the heading.")
    anchor: str | None = strawberry.field(
        default=UNSET, description="The fragment that leads to it. Null derives one from the heading."
    )
    questions: list[QuestionInput] | None = strawberry.field(
        default=UNSET, description="All questions of the section, in reading order."
    )
    pros: list[str] | None = strawberry.field(default=UNSET, description="What speaks for it.")
    cons: list[str] | None = strawberry.field(default=UNSET, description="What speaks against it.")


@strawberry.input(description="A related link: a label, with an address or the id of an article.")
class LinkInput:
    """A related link."""

    label: str = strawberry.field(description="The words of the link.")
    url: Url | None = strawberry.field(default=None, description="The address.")
    article_id: strawberry.ID | None = strawberry.field(
        default=None, description="The id of the article that it leads to, if it is one of ours."
    )


@strawberry.input(description="A picture of the article as a whole.")
class ImageInput:
    """A picture."""

    src: Url = strawberry.field(description="Where the picture is.")
    alt: str = strawberry.field(default="", description="What it shows, in words.")
    caption: str | None = strawberry.field(default=None, description="The caption.")


@strawberry.input(
    description="What the article's page says to search engines, where that is not to follow from the article."
)
class SeoInput:
    """Wishes for search engines."""

    title: str | None = strawberry.field(
        default=UNSET, description="The title of the page, at most 300 characters. Null: the article's."
    )
    description: str | None = strawberry.field(
        default=UNSET, description="What it is about, at most 1000 characters. Null: the summary."
    )
    canonical: Url | None = strawberry.field(
        default=UNSET,
        description="The address under which the page is to be found, if that is another one. Null: its own.",
    )
    robots: str | None = strawberry.field(
        default=UNSET,
        description="What search engines may do: directives of `<meta name=robots>`, separated by commas. Null: "
        "everything.",
    )
    noindex: bool | None = strawberry.field(
        default=UNSET, description="True: the page is not to be found, whatever `robots` says."
    )
    image: Url | None = strawberry.field(
        default=UNSET,
        description="The picture for those who share the page's address. Null: the article's first.",
    )


@strawberry.input(description="The content of an article in one locale.")
class ContentInput:
    """What articles hold, shared by creating, updating and importing."""

    slug: str | None = strawberry.field(
        default=UNSET, description="The name in addresses. A new article gets one from its title."
    )
    title: str | None = strawberry.field(default=UNSET, description="The title as plain text.")
    summary: str | None = strawberry.field(
        default=UNSET, description="What the article is about, in a sentence or two."
    )
    intro: Markdown | None = strawberry.field(default=UNSET, description="The text before the first heading.")
    sections: list[SectionInput] | None = strawberry.field(
        default=UNSET, description="All sections, in reading order."
    )
    questions: list[QuestionInput] | None = strawberry.field(
        default=UNSET, description="The questions that stand outside of every section."
    )
    related: list[LinkInput] | None = strawberry.field(
        default=UNSET, description="What to read next, in order."
    )
    images: list[ImageInput] | None = strawberry.field(
        default=UNSET, description="The pictures of the article as a whole."
    )
    tags: list[str] | None = strawberry.field(default=UNSET, description="The tags.")
    authors: list[str] | None = strawberry.field(default=UNSET, description="The names of the authors.")
    seo: SeoInput | None = strawberry.field(
        default=UNSET,
        description="What the page says to search engines. A field that is left out stays as it is, null takes it "
        "back; `seo: null` takes back all of it.",
    )
    redirect_from: list[str] | None = strawberry.field(
        default=UNSET,
        description="Addresses at which the article could be found before: paths such as `/old/kites` "
        "or `/index.php?id=7`, or whole URLs with one. Two spellings of one are one.",
    )
    published_at: DateTime | None = strawberry.field(
        default=UNSET, description="The author's own date, shown instead of that of the first publication."
    )


LOCALE = strawberry.argument(description="The locale.")
LocaleArgument = Annotated[Locale, LOCALE]


def given(source: object, *names: str) -> dict[str, Any]:
    """Return those of the named fields that an input has."""
    return {name: value for name in names if (value := getattr(source, name)) is not UNSET}


def read_id(text: str, type_name: str, *path: str) -> str:
    """Return what an id names. Raises InvalidContent with the path where it is no id of that type."""
    try:
        return decode_id(text, type_name)[1]
    except ContentError as error:
        raise InvalidContent([Problem(path, error.message)]) from error


def apply_content(draft: ArticleDraft, content: ContentInput) -> ArticleDraft:
    """Return a draft with what an input says. Raises InvalidContent."""
    fields = given(content, "slug", "title", "summary", "intro", "tags", "authors", "published_at")
    changes: dict[str, Any] = {
        name: empty(name) if value is None else value for name, value in fields.items()
    }
    if "slug" in changes:
        changes["slug"] = unicodedata.normalize("NFC", changes["slug"])  # as look-ups do
    known = known_parts(draft)
    if content.sections is not UNSET:
        changes["sections"] = [
            read_section(entry, known, ("sections", str(i))) for i, entry in enumerate(content.sections or ())
        ]
    if content.questions is not UNSET:
        changes["questions"] = read_questions(content.questions, known, ("questions",))
    if content.related is not UNSET:
        changes["related"] = [read_link(entry, i) for i, entry in enumerate(content.related or ())]
    if content.images is not UNSET:
        changes["images"] = [ImageDraft(i.src, i.alt, i.caption) for i in content.images or ()]
    if content.seo is not UNSET:
        changes["seo"] = {} if content.seo is None else change_wishes(draft.seo, given(content.seo, *WISHES))
    if content.redirect_from is not UNSET:
        changes["redirects"] = list(content.redirect_from or ())
    return replace(draft, **changes)


def empty(name: str) -> Any:
    """Return what clearing a field leaves."""
    if name in {"tags", "authors"}:
        return []
    return None if name in {"summary", "published_at"} else ""


def known_parts(draft: ArticleDraft) -> dict[str, SectionDraft | QuestionDraft]:
    """Return the sections and questions of a draft by their keys."""
    return {part.key: part for part in iterate_parts(draft) if part.key}


def iterate_parts(draft: ArticleDraft) -> Iterator[SectionDraft | QuestionDraft]:
    """Yield all sections and questions of a draft."""
    yield from draft.sections
    yield from draft.questions
    for section in draft.sections:
        yield from section.questions


def read_section(
    entry: SectionInput, known: Mapping[str, SectionDraft | QuestionDraft], path: Path
) -> SectionDraft:
    """Return the section that an input describes, over the one that it names if it does."""
    section = find_part(entry.id, "Section", known, path)
    old = section if isinstance(section, SectionDraft) else SectionDraft()
    return replace(old, **section_changes(entry, known, path))


def section_changes(
    entry: SectionInput, known: Mapping[str, SectionDraft | QuestionDraft], path: Path
) -> dict[str, Any]:
    """Return what an input says of a section, by the names of its draft's fields."""
    cleared: dict[str, Any] = {"kind": SectionKind.PROSE, "level": 2, "body": "", "pros": [], "cons": []}
    names = ("kind", "level", "heading", "body", "anchor", "pros", "cons")
    changes = {
        name: cleared.get(name) if value is None else value for name, value in given(entry, *names).items()
    }
    if entry.questions is not UNSET:
        changes["questions"] = read_questions(entry.questions, known, (*path, "questions"))
    return changes


def read_questions(
    entries: list[QuestionInput] | None, known: Mapping[str, SectionDraft | QuestionDraft], path: Path
) -> list[QuestionDraft]:
    """Return the questions that inputs describe."""
    return [read_question(entry, known, (*path, str(i))) for i, entry in enumerate(entries or ())]


def read_question(
    entry: QuestionInput, known: Mapping[str, SectionDraft | QuestionDraft], path: Path
) -> QuestionDraft:
    """Return the question that an input describes, over the one that it names if it does."""
    question = find_part(entry.id, "Question", known, path)
    old = question if isinstance(question, QuestionDraft) else QuestionDraft("")
    return replace(old, **question_changes(entry))


def question_changes(entry: QuestionInput) -> dict[str, Any]:
    """Return what an input says of a question, by the names of its draft's fields."""
    cleared = {"question": "", "answer": ""}
    changes = given(entry, "question", "answer", "anchor")
    return {name: cleared.get(name) if value is None else value for name, value in changes.items()}


def find_part(
    identifier: str | None, type_name: str, known: Mapping[str, SectionDraft | QuestionDraft], path: Path
) -> SectionDraft | QuestionDraft | None:
    """Return the part that an id names, None without one. Raises InvalidContent where the article lacks it."""
    if not isinstance(identifier, str):
        return None
    part = known.get(read_id(identifier, type_name, *path, "id"))
    if isinstance(part, SectionDraft if type_name == "Section" else QuestionDraft):
        return part
    message = f"The article had no such {type_name.lower()} at this revision; leave the id out for a new one."
    raise InvalidContent([Problem((*path, "id"), message)])


def read_link(entry: LinkInput, index: int) -> LinkDraft:
    """Return the related link that an input describes."""
    path = ("related", str(index))
    target = None
    if entry.article_id is not None:
        target = read_id(entry.article_id, "Article", *path, "articleId")
    if entry.url is None and target is None:
        raise InvalidContent([Problem(path, "A link needs a url or an articleId.")])
    return LinkDraft(entry.label, entry.url, target)
