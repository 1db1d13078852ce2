"""Articles from scraped pages: plain text files, one page each, as a scraper left them.

It reads bytes and gives articles; how a page is understood stands in `scraped_title` and `scraped_page`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from slugify import slugify

from api.importing.line_stream import LONGEST_LINE
from api.importing.refusal import Refusal
from api.importing.scraped_lines import shape_line
from api.importing.scraped_page import read_page
from api.importing.scraped_parts import PageParts
from api.importing.scraped_seams import split_seams
from api.importing.scraped_title import PageTitle, read_title
from api.importing.source import Notice, Severity, Source, SourceArticle
from models.draft import ArticleDraft, normalise_locale

LARGEST_FILE = LONGEST_LINE
LONGEST_SLUG = 200


class ScrapedText(Source):
    """Text files (`.txt`), one scraped page each, in one locale.

    How a page is read:

    - The headline is the line that stands twice at the top; a page title with the site's name before it goes to
      the front matter (`page_title`, `site_name`). Otherwise the first line without the site's name is the title.
    - Text before the first heading is the intro. Headings are short lines without closing punctuation.
    - A template's label whose words name a kind of section (Key Insights, Image Gallery, Final Thoughts) is a
      section of that kind and takes the text that follows. Directly under a heading it is one level deeper, so
      that the heading keeps the text under it. Labels that name no kind and have no text are left out as noise.
    - `Q:`/`A:` lines are questions of the last FAQ section, also behind a widget or label that interrupts them.
    - A label such as Related Articles is a section without text; its titles become related names, without the
      numbers of five to eight digits that scrapers put behind them. The text goes on where it was.
    - `Pros:` and `Cons:` become lists with one entry a sentence.

    Every line that is left out is reported as noise with its number.
    """

    def __init__(self, paths: Path | Sequence[Path], locale: str = "en") -> None:
        """Take one file or several, and the locale that they are in.

        Raises InvalidContent where the locale is no language tag.
        """
        self.paths = [paths] if isinstance(paths, Path) else list(paths)
        self.locale = normalise_locale(locale)

    def read(self) -> Iterator[SourceArticle | Notice]:
        """Yield each page's article followed by its notices, or one notice that refuses it."""
        root = os.path.commonpath([path.parent for path in self.paths]) if self.paths else ""
        for path in self.paths:
            file = path.relative_to(root).as_posix()
            try:
                yield from read_file(path, file, self.locale)
            except Refusal as refusal:
                yield refusal.notice(file)


def read_file(path: Path, file: str, locale: str) -> Iterator[SourceArticle | Notice]:
    """Yield the article of one file and its notices. Raises Refusal where it holds none."""
    lines = number_lines(decode(load(path)))
    if not lines:
        raise Refusal("EMPTY", "The file holds no text.")
    title = read_title(lines)
    pieces = ((number, piece) for number, text in lines[title.used :] for piece in split_seams(text) if piece)
    parts = read_page([shape_line(number, piece) for number, piece in pieces], locale)
    if parts.is_empty:
        raise Refusal("NO_TEXT", "There is a title and no text under it.", lines[0][0])
    yield make_article(title, parts, path, file, lines[0][0], locale)
    for number, text in title.repeated:
        yield Notice(Severity.NOISE, file, number, "REPETITION", f"The headline stands twice: {text[:80]!r}.")
    for remark in parts.remarks:
        yield Notice(remark.severity, file, remark.line, remark.code, remark.message)


def make_article(
    title: PageTitle, parts: PageParts, path: Path, file: str, line: int, locale: str
) -> SourceArticle:
    """Return the article that a page's title and parts make."""
    slug = slugify(title.title, max_length=LONGEST_SLUG, word_boundary=True) or slugify(path.stem)
    if not slug:
        raise Refusal("NO_TITLE", "The title has no letter or digit to name the article by.", line)
    named = {"page_title": title.page_title, "site_name": title.site_name}
    draft = ArticleDraft(
        locale=locale,
        slug=slug,
        title=title.title,
        intro=parts.intro.markdown(),
        sections=[section.draft for section in parts.sections],
        questions=parts.outside,
        front_matter={name: value for name, value in named.items() if value},
    )
    return SourceArticle(
        file, line, key=slug, draft=draft, site_name=title.site_name, related_names=parts.related
    )


def load(path: Path) -> bytes:
    """Return a file's bytes. Raises Refusal (UNREADABLE, TOO_LARGE)."""
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise Refusal("UNREADABLE", f"The file cannot be read: {error.strerror or error}.") from error
    if len(data) > LARGEST_FILE:
        raise Refusal("TOO_LARGE", f"The file is larger than {LARGEST_FILE:,} bytes.")
    return data


def decode(data: bytes) -> str:
    """Return the text of UTF-8 bytes without a byte order mark.

    Raises Refusal (BAD_ENCODING, BAD_CHARACTER) with the line of the first byte that is wrong.
    """
    nul = data.find(b"\0")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Refusal(
            "BAD_ENCODING", f"The file is not UTF-8: byte {error.start + 1} does not fit.", line
        ) from error
    if nul >= 0:
        line = data.count(b"\n", 0, nul) + 1
        raise Refusal("BAD_CHARACTER", "The file holds the character NUL (U+0000); it may be no text.", line)
    return text


def number_lines(text: str) -> list[tuple[int, str]]:
    """Return the lines that are not blank with their numbers; any of the three usual line ends counts."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [(number, line.strip()) for number, line in enumerate(lines, start=1) if line.strip()]
