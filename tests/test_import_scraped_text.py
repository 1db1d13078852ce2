"""The text of scraped pages: lines, seams, paragraphs and lists, what is left out, and files that are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.importing.plain_markdown import escape_text
from api.importing.scraped_seams import split_seams
from api.importing.scraped_sentences import split_sentences
from api.importing.scraped_text import ScrapedText
from api.importing.source import Notice, Severity, SourceArticle
from models.errors import InvalidContent
from tests.scraped_pages import BEES, codes, read, read_article, read_sections


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n\n", "\n   \n"])
def test_line_ends_do_not_matter(tmp_path: Path, end: str) -> None:
    """Windows and old Macintosh line ends, blank lines and a byte order mark give the same article."""
    usual, _ = read_article(tmp_path, BEES)
    other, notices = read_article(tmp_path, "\ufeff" + BEES.replace("\n", end))
    assert other.draft == usual.draft
    step = 2 if end.startswith("\n") else 1
    assert [notice.line for notice in notices] == [1 + step * (n - 1) for n in (3, 5, 9, 17, 17, 23)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("📰 Wax 📰 Honey 12345678Final Thoughts", ["📰 Wax 📰 Honey 12345678", "Final Thoughts"]),
        ("📰 Wax 📰 Honey 12345678 Final Thoughts", ["📰 Wax 📰 Honey 12345678", "Final Thoughts"]),
        ("📰 Wax 📰 HoneyFinal Thoughts", ["📰 Wax 📰 Honey", "Final Thoughts"]),
        (
            "📰 Wax 12345 📰 Dew 23456 📰 Honey 34567Why It Lasts",
            ["📰 Wax 12345 📰 Dew 23456 📰 Honey 34567", "Why It Lasts"],
        ),
        (
            "📰 Wax 12345 📰 Dew 23456 📰 Honey 34567Q: Why?",
            ["📰 Wax 12345 📰 Dew 23456 📰 Honey 34567", "Q: Why?"],
        ),
        ("📰 Wax 📰 Lens 12345X Review", ["📰 Wax 📰 Lens 12345X Review"]),
        ("📰 Wax 📰 The McGallery", ["📰 Wax 📰 The McGallery"]),
        ("It lasts for years.Image Gallery", ["It lasts for years.", "Image Gallery"]),
        ("My iPhone Photos", ["My iPhone Photos"]),
        ("Q: Why? A: So it is. Q: When?", ["Q: Why?", "A: So it is.", "Q: When?"]),
        ("Pros: It is sweet. Cons: It is dear.", ["Pros: It is sweet.", "Cons: It is dear."]),
        ("He said A: it was late.", ["He said A: it was late."]),
    ],
)
def test_seams(text: str, parts: list[str]) -> None:
    """What a scraper glued together is taken apart, and nothing else is."""
    assert split_seams(text) == parts


def test_wrapped_lines_become_one_paragraph(tmp_path: Path) -> None:
    """A line that goes on in lower case continues its paragraph, question, item or side."""
    (faq, sides) = read_sections(
        tmp_path,
        "They buzz.",
        "FAQ",
        "Q: Is it true that they",
        "never sleep?",
        "A: No, they rest",
        "at night.",
        "Pros and Cons",
        "Cons: It takes much time",
        "in May. It is sticky.",
        "All in all it is fun.",
    )
    assert [(q.question, q.answer) for q in faq.questions] == [
        ("Is it true that they never sleep?", "No, they rest at night.")
    ]
    assert sides.cons == ["It takes much time in May. It is sticky."]
    assert sides.body == "All in all it is fun."


def test_text_broken_at_a_width_is_put_together(tmp_path: Path) -> None:
    """A long unfinished line goes on below even where the next begins with a capital; a short one does not."""
    article, _ = read_article(
        tmp_path,
        [
            "Bees",
            "They buzz in every garden of the town, and people say that old",
            "Mrs. Holm was the first to keep them there.",
            "Photo by no one",
            "Now they are everywhere, in the small gardens of the north side,",
            "",
            "New text begins.",
        ],
    )
    assert article.draft.intro == (
        "They buzz in every garden of the town, and people say that old Mrs. Holm was the first to keep them there."
    )
    assert article.draft.sections[0].body == (
        "Now they are everywhere, in the small gardens of the north side,\n\nNew text begins."
    )


def test_lists_stay_lists(tmp_path: Path) -> None:
    """Bullets and numbers become Markdown lists, symbols on one line too."""
    (section,) = read_sections(
        tmp_path,
        "They buzz.",
        "What You Need",
        "You need this:",
        "• a hive",
        "• a veil",
        "Then do this:",
        "1. Wait.",
        "2) Look.",
        "✅ calm ✅ sun",
    )
    assert section.body == (
        "You need this:\n\n- a hive\n- a veil\n\nThen do this:\n\n1. Wait.\n2) Look.\n- calm\n- sun"
    )


def test_numbered_headings(tmp_path: Path) -> None:
    """A numbered title over prose is a heading, not an item."""
    sections = read_sections(
        tmp_path, "They buzz.", "1. Find a Place", "Sunny, if possible.", "2. Buy a Hive", "Used ones do."
    )
    assert [section.heading for section in sections] == ["1. Find a Place", "2. Buy a Hive"]


def test_pictures_fill_a_gallery(tmp_path: Path) -> None:
    """Addresses of pictures become pictures of the section that they stand in."""
    (gallery,) = read_sections(
        tmp_path, "They buzz.", "Image Gallery", "https://example.org/a.jpg", "https://example.org/b.png?w=9"
    )
    assert gallery.body == "![](https://example.org/a.jpg)\n\n![](https://example.org/b.png?w=9)"


def test_furniture_and_decoration_are_noise(tmp_path: Path) -> None:
    """What belongs to the page is left out and named, and the text around it stays together."""
    article, notices = read_article(
        tmp_path, ["Bees", "They buzz.", "Advertisement", "And dance.", "* * *", "And dance."]
    )
    assert article.draft.intro == "They buzz.\n\nAnd dance.\n\nAnd dance."
    assert codes(notices) == [(3, "noise", "PAGE_FURNITURE"), (5, "noise", "DECORATION")]


def test_a_paragraph_that_stands_twice_is_kept_once(tmp_path: Path) -> None:
    """A line that directly repeats the one above is noise."""
    article, notices = read_article(tmp_path, ["Bees", "They buzz.", "They buzz."])
    assert article.draft.intro == "They buzz."
    assert codes(notices) == [(3, "noise", "REPETITION")]


def test_a_cut_paragraph_is_kept_and_reported(tmp_path: Path) -> None:
    """Text that ends within a sentence is kept as it is, with a warning at its line."""
    article, notices = read_article(tmp_path, ["Bees", "They buzz.", "Then, in the middle of the"])
    assert article.draft.intro.endswith("Then, in the middle of the")
    assert codes(notices) == [(3, "warning", "CUT_OFF")]


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("plain text, 5 * 3, snake_case and a & b", "plain text, 5 * 3, snake_case and a & b"),
        ("*bold* and _soft_", "\\*bold\\* and \\_soft\\_"),
        ("<b>x</b> &amp; `c`", "\\<b>x\\</b> \\&amp; \\`c\\`"),
        ("[a](b) and ~~c~~", "\\[a](b) and \\~\\~c\\~\\~"),
        ("# no heading", "\\# no heading"),
        ("> no quote", "\\> no quote"),
        ("2026. A good year", "2026\\. A good year"),
    ],
)
def test_text_is_not_taken_for_markdown(text: str, markdown: str) -> None:
    """Characters that would mean something in Markdown are escaped, all others stay."""
    assert escape_text(text) == markdown


def test_sentences() -> None:
    """Sentences end before a capital; abbreviations, initials and decimals end none."""
    text = 'It costs 3.50 in the U.S. Army shop. "Really?" Yes! Ask Mr. Holm… He knows.'
    assert split_sentences(text) == [
        "It costs 3.50 in the U.S. Army shop.",
        '"Really?"',
        "Yes!",
        "Ask Mr. Holm…",
        "He knows.",
    ]


@pytest.mark.parametrize(
    ("data", "line", "code"),
    [
        (b"", 0, "EMPTY"),
        (b"\n \r\n\t\n", 0, "EMPTY"),
        (b"\xef\xbb\xbf", 0, "EMPTY"),
        (b"Only a Title - Meadow\n", 1, "NO_TEXT"),
        (b"\nWax\nWax\nKey Insights\n", 2, "NO_TEXT"),
        (b"Bees\nThey buzz.\nThe caf\xe9 is shut.\n", 3, "BAD_ENCODING"),
        ("Bees\nThey buzz.".encode("utf-16"), 1, "BAD_ENCODING"),
        (b"Bees\nThey \x00 buzz.", 2, "BAD_CHARACTER"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", 1, "BAD_ENCODING"),
        (b"Bees buzz. They dance in loops. They sleep.\nMore of it.", 1, "NO_TITLE"),
        (b"x" * 2000 + b"\nThey buzz.", 1, "NO_TITLE"),
        ("🐝\nThey buzz.".encode(), 1, None),
    ],
)
def test_bad_files_are_refused(tmp_path: Path, data: bytes, line: int, code: str | None) -> None:
    """A file that is no page gives one notice with its line, and a title of symbols is named by its file."""
    found = read(tmp_path / "the page.txt", data)
    if code is None:
        assert isinstance(found[0], SourceArticle)
        assert found[0].draft.slug == "the-page"
        return
    (notice,) = found
    assert isinstance(notice, Notice)
    assert (notice.severity, notice.line, notice.code) == (Severity.REFUSED, line, code)


def test_a_giant_line_is_prose(tmp_path: Path) -> None:
    """A line of a million words is one paragraph, a file over the limit is refused."""
    giant = "Bees buzz. " * 300_000
    article, _ = read_article(tmp_path, f"Bees\n{giant}")
    assert article.draft.intro == giant.strip()
    (notice,) = read(tmp_path / "page.txt", b"Bees\n" + b"x" * 17_000_000)
    assert isinstance(notice, Notice)
    assert (notice.line, notice.code) == (0, "TOO_LARGE")


def test_missing_files_do_not_stop_the_others(tmp_path: Path) -> None:
    """Several files are read in their order, named below their common folder; a missing one is a notice."""
    good = tmp_path / "b" / "bees.txt"
    good.parent.mkdir()
    good.write_text(BEES)
    source = ScrapedText([tmp_path / "a" / "none.txt", good])
    notice, article, *_ = source.read()
    assert isinstance(notice, Notice)
    assert isinstance(article, SourceArticle)
    assert (notice.file, notice.line, notice.code) == ("a/none.txt", 0, "UNREADABLE")
    assert article.file == "b/bees.txt"
    assert list(source.read())[1:2] == [article]


def test_a_locale_must_be_one(tmp_path: Path) -> None:
    """The locale is written in its usual case, and a wrong one is told before anything is read."""
    article, _ = read_article(tmp_path, BEES, "pt_br")
    assert article.draft.locale == "pt-BR"
    with pytest.raises(InvalidContent):
        ScrapedText(tmp_path, "English please")
