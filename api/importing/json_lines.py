"""Articles from JSON lines: one article in one locale a line, already taken apart into its sections.

It maps the fields of a line to a draft and knows nothing of other lines, files or the database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from api.importing.json_record import Record, parse_line
from api.importing.line_stream import BadLine, read_lines
from api.importing.refusal import Refusal
from api.importing.seo_fields import split_seo
from api.importing.source import Notice, RelatedName, Severity, Source, SourceArticle
from models.addresses import WEB, read_old_address
from models.draft import (
    ArticleDraft,
    ImageDraft,
    QuestionDraft,
    SectionDraft,
    SectionKind,
    normalise_locale,
    normalise_slug,
)
from models.errors import InvalidContent
from models.moment import from_datetime

KINDS = {kind.value: kind for kind in SectionKind} | {"pros_cons": SectionKind.PROS_AND_CONS}
DEEPEST = 6
DATE_OR_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:[Zz]|[+-]\d\d:\d\d)?)?", re.ASCII
)

BEFORE_ADDRESS = re.compile(r"(?:^|[^\w/.%-])(?:\./)?$")

# Everything else on the line, known to us or not, is kept in the front matter.
MAPPED = frozenset(
    {"translation_key", "slug", "locale", "site", "title", "summary", "tags", "authors", "published_at"}
    | {"intro_markdown", "sections", "questions", "related", "images", "redirects_from"}
    | {"links", "link_counts"}  # both follow from the texts
)
PARTS = {
    "sections": {"position", "level", "heading", "anchor", "kind", "body_markdown", "pros", "cons"},
    "questions": {"position", "section", "question", "answer_markdown"},
    "related": {"type", "target", "text"},
    "images": {"src", "alt", "caption", "section"},
}


class JsonLines(Source):
    """A `.jsonl` file, plain or gzip, one article a line.

    Fields: `slug`, `locale`, `title` (needed); `translation_key`, `site`, `summary`, `tags`, `authors`,
    `published_at` (a date, or RFC 3339), `url`, `intro_markdown`; `sections` (`position`, `level`, `heading`,
    `anchor`, `kind`, `body_markdown`, `pros`, `cons`); `questions` (`position`, `section`, `question`,
    `answer_markdown`); `related` (`type` article, url or unresolved, `target`, `text`); `images` (`src`,
    `alt`, `caption`); `redirects_from`. Every other field is kept in the draft's front matter.
    """

    def __init__(self, path: Path, file: str | None = None) -> None:
        """Take the path to read and the name that notices give it (by default the file's own name)."""
        self.path = path
        self.file = file or path.name

    def read(self) -> Iterator[SourceArticle | Notice]:
        """Yield every line's article, followed by its warnings; a line that is refused yields one notice."""
        prefixes: dict[tuple[str | None, str], str] = {}
        for entry in read_lines(self.path):
            if isinstance(entry, BadLine):
                yield Notice(Severity.REFUSED, self.file, entry.line, entry.code, entry.message)
            elif not entry[1].isspace() and entry[1]:
                yield from self._read_line(*entry, prefixes)

    def _read_line(
        self, line: int, raw: bytes, prefixes: dict[tuple[str | None, str], str]
    ) -> Iterator[SourceArticle | Notice]:
        try:
            record = parse_line(raw)
            article = map_article(record, self.file, line)
            doubts = list(find_doubts(record))
            if not article.addresses:
                article.addresses = find_address(record, article, prefixes)
        except Refusal as refusal:
            yield Notice(Severity.REFUSED, self.file, line, refusal.code, refusal.message)
            return
        yield article
        for code, message in doubts:
            yield Notice(Severity.WARNING, self.file, line, code, message)


def map_article(record: Record, file: str, line: int) -> SourceArticle:
    """Return the article that a record names. Raises Refusal with the first field that is wrong."""
    slug = normalise_slug(record.needed_text("slug"))
    if not slug:
        raise Refusal("BAD_VALUE", "`slug` holds nothing but slashes.")
    locale = read_locale(record)
    draft = ArticleDraft(locale=locale, slug=slug, title=record.needed_text("title"))
    draft.summary = record.text("summary")
    draft.tags = list(record.texts("tags"))
    draft.authors = list(record.texts("authors"))
    draft.published_at = read_moment(record, "published_at")
    draft.intro = record.text("intro_markdown") or ""
    draft.redirects = [name_path(old, locale) for old in record.texts("redirects_from")]
    draft.seo, draft.front_matter = split_seo(record.others(MAPPED))
    map_parts(record, draft)
    draft.images = list(map_images(record, draft))
    url = record.text("url")
    return SourceArticle(
        file=file,
        line=line,
        key=record.text("translation_key") or slug,
        draft=draft,
        site_name=record.text("site"),
        addresses=[url] if url else [],
        related_names=[map_related(entry) for entry in record.records("related")],
    )


def find_address(
    record: Record, article: SourceArticle, prefixes: dict[tuple[str | None, str], str]
) -> list[str]:
    """Return the path of an article that names no `url`, as far as its site's links tell it.

    `links` lists the slugs that the text links to. Where the text writes one of them as `/docs/en/<slug>`,
    the site's articles in that locale stand below `/docs/en/`, this one too; `prefixes` remembers that for
    the lines that follow. Lines before the first such link get no address.
    """
    group = (article.site_name, article.draft.locale)
    if group not in prefixes:
        text = "\n".join(list_texts(article.draft))
        for target in record.texts("links"):
            slug = re.escape(target.partition("#")[0])
            if found := re.search(rf"\]\(<?(/(?:[^\s()<>#?/][^\s()<>#?]*/)?){slug}(?=[)>#?\s])", text):
                prefixes[group] = found[1]
                break
    return [prefixes[group] + article.draft.slug] if group in prefixes else []


def read_locale(record: Record) -> str:
    """Return the record's language tag in its usual case. Raises Refusal (MISSING_FIELD, BAD_VALUE)."""
    try:
        return normalise_locale(record.needed_text("locale"))
    except InvalidContent as error:
        raise Refusal("BAD_VALUE", error.message) from error


def read_moment(record: Record, name: str) -> int | None:
    """Return a date (its first moment in UTC) or an RFC 3339 date and time in milliseconds since 1970."""
    text = record.text(name)
    if text is None:
        return None
    problem = f"`{record.place}{name}` is no date such as 2026-03-01 or 2026-03-01T09:30:00Z."
    if not DATE_OR_MOMENT.fullmatch(text):
        raise Refusal("BAD_VALUE", problem)
    try:
        if len(text) == len("2026-03-01"):
            day = date.fromisoformat(text)
            return from_datetime(datetime(day.year, day.month, day.day, tzinfo=UTC))
        return from_datetime(datetime.fromisoformat(text.upper()))
    except ValueError as error:
        raise Refusal("BAD_VALUE", problem) from error


def name_path(old: str, locale: str) -> str:
    """Return the address at which an old slug stood; a path, or a whole URL, stands for itself. Raises Refusal."""
    bare = normalise_slug(old)
    is_address = old.lstrip().startswith("/") or WEB.match(bare)
    try:
        return read_old_address(f"/{locale}/{bare}" if bare and not is_address else old)
    except ValueError as error:
        raise Refusal("BAD_VALUE", f"`redirects_from` has a wrong value: {error}") from error


def map_parts(record: Record, draft: ArticleDraft) -> None:
    """Put the record's sections into the draft by position, and each question into the section it names."""
    numbered = [
        (read_position(entry, place), map_section(entry))
        for place, entry in enumerate(record.records("sections"), start=1)
    ]
    by_position = dict(numbered)
    if len(by_position) < len(numbered):
        raise Refusal("BAD_VALUE", "`sections` holds the same position twice.")
    draft.sections = [by_position[position] for position in sorted(by_position)]
    questions = [
        (read_position(entry, place), entry)
        for place, entry in enumerate(record.records("questions"), start=1)
    ]
    for _, entry in sorted(questions, key=lambda pair: pair[0]):
        section = by_position.get(entry.number("section") or 0)
        question = QuestionDraft(entry.needed_text("question"), entry.text("answer_markdown") or "")
        (draft.questions if section is None else section.questions).append(question)


def read_position(entry: Record, place: int) -> int:
    """Return where an entry belongs: its own position, or its place in the list where it names none."""
    position = entry.number("position")
    return place if position is None else position


def map_section(entry: Record) -> SectionDraft:
    """Return one section without its questions. Raises Refusal for an unknown kind or level."""
    kind = KINDS.get(entry.text("kind") or SectionKind.PROSE)
    if kind is None:
        raise Refusal(
            "BAD_VALUE", f"`{entry.place}kind` is {entry.text('kind')!r}, which is no kind of section."
        )
    level = entry.number("level")
    if level is not None and not 1 <= level <= DEEPEST:
        raise Refusal("BAD_VALUE", f"`{entry.place}level` is {level}, not between 1 and {DEEPEST}.")
    return SectionDraft(
        heading=entry.text("heading"),
        level=2 if level is None else level,
        kind=kind,
        body=entry.text("body_markdown") or "",
        anchor=entry.text("anchor") or None,
        pros=list(entry.texts("pros")),
        cons=list(entry.texts("cons")),
    )


def map_related(entry: Record) -> RelatedName:
    """Return a related entry as its author named it; an unresolved one is known by its label only."""
    label = entry.text("text")
    match entry.text("type"):
        case "article" | "url":
            return RelatedName(entry.needed_text("target"), label)
        case "unresolved":
            text = entry.needed_text("text")
            return RelatedName(text, text)
        case other:
            raise Refusal("BAD_VALUE", f"`{entry.place}type` is {other!r}, not article, url or unresolved.")


def map_images(record: Record, draft: ArticleDraft) -> Iterator[ImageDraft]:
    """Yield the pictures that stand in none of the draft's texts; rendering finds those that do."""
    texts = ""
    for entry in record.records("images"):
        src, alt, caption = entry.needed_text("src"), entry.text("alt") or "", entry.text("caption") or None
        texts = texts or "\n".join(list_texts(draft))
        if not names_picture(texts, src):
            yield ImageDraft(src, alt, caption)


def names_picture(text: str, src: str) -> bool:
    """Tell whether an address stands in a text for itself: `map.png` is not the picture in `road-map.png`."""
    found = re.finditer(rf"{re.escape(src.removeprefix('./'))}(?![\w/.?%-])", text)
    # A lookbehind would say the same, and make the search forty times slower.
    return any(BEFORE_ADDRESS.search(text[max(match.start() - 3, 0) : match.start()]) for match in found)


def list_texts(draft: ArticleDraft) -> Iterator[str]:
    """Yield every Markdown text of a draft."""
    yield draft.intro
    yield from (section.body for section in draft.sections)
    yield from (question.answer for section in draft.sections for question in section.questions)
    yield from (question.answer for question in draft.questions)


def find_doubts(record: Record) -> Iterator[tuple[str, str]]:
    """Yield code and sentence for what was readable but has no place in a draft."""
    for name, known in PARTS.items():
        strangers = sorted({key for entry in record.records(name) for key in entry.others(known)})
        if strangers:
            yield "UNKNOWN_FIELD", f"`{name}` has fields that were left out: {', '.join(strangers)}."
    positions = {
        read_position(entry, place) for place, entry in enumerate(record.records("sections"), start=1)
    }
    for entry in record.records("questions"):
        named = entry.number("section")
        if named is not None and named not in positions:
            yield (
                "UNKNOWN_SECTION",
                f"`{entry.place}section` is {named}; the question stands outside of all sections.",
            )
