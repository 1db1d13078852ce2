"""Scraped pages: one that has everything, and reading what a test wrote."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from api.importing.scraped_text import ScrapedText
from api.importing.source import Notice, SourceArticle
from models.draft import SectionDraft

BEES = """\
Keeping Bees | Meadow Journal
A Small Guide to Keeping Bees at Home
A Small Guide to Keeping Bees at Home
Bees ask for little room and some patience. This guide shows how to begin, from Dr. Holm's own notes.
Understanding the Context
Why City Bees Are Thriving in the U.K.
Gardens bloom from March to October. Few of them are sprayed.
How a Hive Actually Works
Image Gallery
Key Insights
A hive is one family. It keeps itself warm all winter.
Workers change their jobs as they grow older.
Common Questions About Bees
Q: Do bees sleep?
A: They rest at night, some inside flowers.
🔗 Related Articles You Might Like:
📰 Ten Dry Summers 📰 The Best Boots for 2024 81234 📰 Easy Wax! 7123456 📰 Wells 90211 4455667Final Thoughts
Q: How much honey does one hive give?
Between ten and thirty kilos in a good year.
It gives less in the first one.
Opportunities and Considerations
Pros: Fresh honey every summer. The garden bears more fruit.
Cons: Stings happen, approx. Once a month. Winter losses are
"""


def read(path: Path, text: str | bytes, locale: str = "en") -> list[SourceArticle | Notice]:
    """Write a page to a file and read it."""
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return list(ScrapedText(path, locale).read())


def read_article(
    tmp_path: Path, text: str | Sequence[str], locale: str = "en"
) -> tuple[SourceArticle, list[Notice]]:
    """Return the article of a page and its notices."""
    article, *notices = read(
        tmp_path / "page.txt", text if isinstance(text, str) else "\n".join(text), locale
    )
    assert isinstance(article, SourceArticle), article
    return article, [notice for notice in notices if isinstance(notice, Notice)]


def read_sections(tmp_path: Path, *lines: str) -> list[SectionDraft]:
    """Return the sections of a page that has these lines below its title."""
    return read_article(tmp_path, ["Bees - Meadow", *lines])[0].draft.sections


def outline(sections: list[SectionDraft]) -> list[tuple[int, str | None, str]]:
    """Return level, heading and kind of each section."""
    return [(section.level, section.heading, section.kind.value) for section in sections]


def codes(notices: list[Notice]) -> list[tuple[int, str, str]]:
    """Return line, severity and code of each notice."""
    return [(notice.line, notice.severity.value, notice.code) for notice in notices]
