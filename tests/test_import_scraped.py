"""Scraped pages: structure, questions, related titles, sides, noise, and every line accounted for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.importing.plain_markdown import escape_text
from api.importing.scraped_seams import split_seams
from api.importing.scraped_sentences import split_sentences
from api.importing.scraped_text import ScrapedText
from api.importing.source import Notice, Severity, SourceArticle
from models.draft import SectionDraft, SectionKind
from models.errors import InvalidContent

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


def read_sections(tmp_path: Path, *lines: str, locale: str = "en") -> list[SectionDraft]:
    """Return the sections of a page that has these lines below its title."""
    return read_article(tmp_path, ["Bees - Meadow", *lines], locale)[0].draft.sections


def outline(sections: list[SectionDraft]) -> list[tuple[int, str | None, str]]:
    return [(section.level, section.heading, section.kind.value) for section in sections]


def codes(notices: list[Notice]) -> list[tuple[int, str, str]]:
    return [(notice.line, notice.severity.value, notice.code) for notice in notices]


def test_the_headline_is_the_title(tmp_path: Path) -> None:
    """The line that stands twice is the title; the page's title and the site's name are kept beside it."""
    article, _ = read_article(tmp_path, BEES)
    assert article.draft.title == "A Small Guide to Keeping Bees at Home"
    assert article.draft.slug == article.key == "a-small-guide-to-keeping-bees-at-home"
    assert article.site_name == "Meadow Journal"
    named = {"page_title": "Keeping Bees | Meadow Journal", "site_name": "Meadow Journal"}
    assert article.draft.front_matter == named
    assert article.draft.locale == "en"
    assert article.file == "page.txt"


def test_sections_stand_in_order_with_their_kinds(tmp_path: Path) -> None:
    """Labels that name a kind are sections; directly under a heading they are one level deeper."""
    article, _ = read_article(tmp_path, BEES)
    assert article.draft.intro.startswith("Bees ask for little room")
    assert outline(article.draft.sections) == [
        (2, "Why City Bees Are Thriving in the U.K.", "prose"),
        (2, "How a Hive Actually Works", "prose"),
        (3, "Image Gallery", "image_gallery"),
        (3, "Key Insights", "key_insights"),
        (2, "Common Questions About Bees", "faq"),
        (2, "Related Articles You Might Like", "related"),
        (2, "Final Thoughts", "final_thoughts"),
        (2, "Opportunities and Considerations", "pros_and_cons"),
    ]
    insights = article.draft.sections[3].body
    assert insights.endswith("warm all winter.\n\nWorkers change their jobs as they grow older.")


def test_questions_go_on_behind_a_widget(tmp_path: Path) -> None:
    """All questions belong to the FAQ, with answers with and without a mark, of one line or more."""
    article, _ = read_article(tmp_path, BEES)
    faq = next(section for section in article.draft.sections if section.kind is SectionKind.FAQ)
    assert [(question.question, question.answer) for question in faq.questions] == [
        ("Do bees sleep?", "They rest at night, some inside flowers."),
        (
            "How much honey does one hive give?",
            "Between ten and thirty kilos in a good year.\n\nIt gives less in the first one.",
        ),
    ]
    assert article.draft.questions == []


def test_related_titles_lose_the_scrapers_numbers(tmp_path: Path) -> None:
    """One number of five to eight digits is cut from each title's end; years and what stands before stay."""
    article, _ = read_article(tmp_path, BEES)
    titles = ["Ten Dry Summers", "The Best Boots for 2024", "Easy Wax!", "Wells 90211"]
    assert [name.name for name in article.related_names] == titles
    assert [name.label for name in article.related_names] == titles


def test_pros_and_cons_are_lists_of_sentences(tmp_path: Path) -> None:
    """Each sentence is an entry, an abbreviation does not end one, and the cut end is kept."""
    article, _ = read_article(tmp_path, BEES)
    sides = article.draft.sections[-1]
    assert sides.pros == ["Fresh honey every summer.", "The garden bears more fruit."]
    assert sides.cons == ["Stings happen, approx. Once a month.", "Winter losses are"]
    assert sides.body == ""


def test_notices_name_their_lines(tmp_path: Path) -> None:
    """What is left out is noise, what is doubtful a warning, each with the number of its line."""
    _, notices = read_article(tmp_path, BEES)
    assert codes(notices) == [
        (3, "noise", "REPETITION"),
        (5, "noise", "TEMPLATE_LABEL"),
        (9, "warning", "EMPTY_SECTION"),
        (17, "noise", "SCRAPER_NUMBER"),
        (17, "warning", "EMPTY_SECTION"),
        (23, "warning", "CUT_OFF"),
    ]
    numbers = next(notice.message for notice in notices if notice.code == "SCRAPER_NUMBER")
    assert numbers.endswith(": 81234, 7123456, 4455667.")


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n\n", "\n   \n"])
def test_line_ends_do_not_matter(tmp_path: Path, end: str) -> None:
    """Windows and old Macintosh line ends, blank lines and a byte order mark give the same article."""
    usual, _ = read_article(tmp_path, BEES)
    other, notices = read_article(tmp_path, "\ufeff" + BEES.replace("\n", end))
    assert other.draft == usual.draft
    step = 2 if end.startswith("\n") else 1
    assert [notice.line for notice in notices] == [1 + step * (n - 1) for n in (3, 5, 9, 17, 17, 23)]


@pytest.mark.parametrize(
    ("lines", "title", "site"),
    [
        (["Wax and Honey - Meadow", "Text here."], "Wax and Honey", "Meadow"),
        (["Wax and Honey — Meadow Journal", "Text here."], "Wax and Honey", "Meadow Journal"),
        (["Wax | Tools | Meadow", "Text here."], "Wax | Tools", "Meadow"),
        (["Wax | Tools | Meadow", "Wax", "Text here."], "Wax", "Meadow"),
        (["Wax - meadow.example", "Text here."], "Wax", "meadow.example"),
        (["Wax - a short history", "Text here."], "Wax - a short history", None),
        (["Wax", "Text here."], "Wax", None),
        (["Wax", "Wax", "Wax", "Text here."], "Wax", None),
        (["Is Wax Safe? What to Know", "Text here."], "Is Wax Safe? What to Know", None),
        (["Meadow", "Wax", "WAX", "Text here."], "Wax", None),
    ],
)
def test_titles_without_and_with_a_site(
    tmp_path: Path, lines: list[str], title: str, site: str | None
) -> None:
    """The site's name is cut from a page title, a subtitle is not, and text below stays text."""
    article, _ = read_article(tmp_path, lines)
    assert (article.draft.title, article.site_name, article.draft.intro) == (title, site, "Text here.")


def test_a_page_without_widget(tmp_path: Path) -> None:
    """Without labels and widgets there are plain sections and no notice at all."""
    article, notices = read_article(
        tmp_path, ["Bees", "They buzz.", "Where they live", "In hives.", "What They Eat", "Pollen, mostly."]
    )
    assert outline(article.draft.sections) == [(2, "Where they live", "prose"), (2, "What They Eat", "prose")]
    assert (notices, article.related_names) == ([], [])


def test_text_goes_on_behind_a_widget(tmp_path: Path) -> None:
    """A widget within prose takes its titles only; the text behind it stays in the section before it."""
    article, notices = read_article(
        tmp_path,
        [
            "Bees",
            "They buzz.",
            "How They Dance",
            "One bee leads.",
            "You May Also Like",
            "📰 Wax 📰 Honey",
            "Others follow.",
        ],
    )
    assert article.draft.sections[0].body == "One bee leads.\n\nOthers follow."
    assert outline(article.draft.sections)[1] == (2, "You May Also Like", "related")
    assert [name.name for name in article.related_names] == ["Wax", "Honey"]
    assert notices == []


@pytest.mark.parametrize(
    "widget",
    [
        ["🔗 Related Articles: 📰 Wax for All 📰 Honey Now"],
        ["Related Articles", "📰 Wax for All", "📰 Honey Now"],
        ["Related Articles", "- Wax for All", "- Honey Now"],
        ["Related Articles", "• Wax for All • Honey Now"],
        ["Related Articles", "Wax for All", "Honey Now"],
        ["Recommended for You:", "📰 Wax for All 🔥 Honey Now"],
        ["Verwandte Artikel, die Ihnen gefallen könnten:", "📰 Wax for All 📰 Honey Now"],
        ["Related Articles", "📰 Wax for All 📰 Honey Now 📰 Wax for All"],
    ],
)
def test_forms_of_a_widget(tmp_path: Path, widget: list[str]) -> None:
    """Titles come on one line or several, behind symbols, bullets or nothing, and each counts once."""
    article, _ = read_article(
        tmp_path, ["Bees", "They buzz.", "FAQ", "Q: Why?", "A: So.", *widget, "Q: When?", "A: Now."]
    )
    assert [name.name for name in article.related_names] == ["Wax for All", "Honey Now"]
    assert [question.question for question in article.draft.sections[0].questions] == ["Why?", "When?"]
    assert [question.answer for question in article.draft.sections[0].questions] == ["So.", "Now."]


def test_a_single_number_belongs_to_its_title(tmp_path: Path) -> None:
    """Where only one title ends in a long number, the number is part of it."""
    article, notices = read_article(
        tmp_path, ["Bees", "They buzz.", "Related Articles", "📰 Win 100000 📰 Wax"]
    )
    assert [name.name for name in article.related_names] == ["Win 100000", "Wax"]
    assert notices == []


def test_a_related_label_over_prose_keeps_the_prose(tmp_path: Path) -> None:
    """Where no titles follow, the label is a section with its own text."""
    (section,) = read_sections(
        tmp_path, "They buzz.", "Further Reading", "Ask in your library for Holm's book."
    )
    assert (section.kind, section.body) == (SectionKind.RELATED, "Ask in your library for Holm's book.")


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


def test_labels_in_another_order(tmp_path: Path) -> None:
    """A label after text is on the level of headings, and takes the prose below it wherever it stands."""
    sections = read_sections(
        tmp_path,
        "Key Insights",
        "They buzz.",
        "How They Dance",
        "In loops.",
        "Final Thoughts",
        "Watch them once.",
    )
    assert outline(sections) == [
        (2, "Key Insights", "key_insights"),
        (2, "How They Dance", "prose"),
        (2, "Final Thoughts", "final_thoughts"),
    ]
    assert [section.body for section in sections] == ["They buzz.", "In loops.", "Watch them once."]


def test_a_hollow_label_with_text_is_a_heading(tmp_path: Path) -> None:
    """A template's label that has prose of its own is kept, so that the prose stays under it."""
    (section,) = read_sections(
        tmp_path, "They buzz.", "Understanding the Context", "Long ago all bees were wild."
    )
    assert (section.heading, section.body) == ("Understanding the Context", "Long ago all bees were wild.")


def test_german_pages(tmp_path: Path) -> None:
    """German labels, question marks of the page and sides are known, headings need no capitals."""
    article, notices = read_article(
        tmp_path,
        [
            "Bienen halten | Wiesenblatt",
            "Bienen brauchen wenig Platz.",
            "Den Kontext verstehen",
            "Warum es so viele gibt",
            "In der Stadt blüht immer etwas.",
            "Häufige Fragen zu Bienen",
            "Frage: Schlafen Bienen?",
            "Antwort: Ja, nachts.",
            "F: Stechen sie oft?",
            "Nur selten, z. B. Wenn es gewittert.",
            "Vorteile und Nachteile",
            "Vorteile: Honig. Wachs.",
            "Nachteile:",
            "• Stiche",
            "• Arbeit im Mai",
            "Fazit",
            "Es lohnt sich.",
        ],
        "de",
    )
    sections = article.draft.sections
    assert [section.kind.value for section in sections] == ["prose", "faq", "pros_and_cons", "final_thoughts"]
    assert [q.answer for q in sections[1].questions] == [
        "Ja, nachts.",
        "Nur selten, z. B. Wenn es gewittert.",
    ]
    assert (sections[2].pros, sections[2].cons) == (["Honig.", "Wachs."], ["Stiche", "Arbeit im Mai"])
    assert codes(notices) == [(3, "noise", "TEMPLATE_LABEL")]


def test_questions_without_marks(tmp_path: Path) -> None:
    """In a FAQ without `Q:` the lines that ask are the questions."""
    (faq,) = read_sections(
        tmp_path, "They buzz.", "FAQ", "Do bees sleep?", "Yes.", "At night.", "Can they swim?", "Not well."
    )
    assert [(q.question, q.answer) for q in faq.questions] == [
        ("Do bees sleep?", "Yes.\n\nAt night."),
        ("Can they swim?", "Not well."),
    ]


def test_a_heading_over_questions_is_a_faq(tmp_path: Path) -> None:
    """A section that begins with a question is a FAQ, whatever its heading says."""
    (section,) = read_sections(
        tmp_path, "They buzz.", "What Readers Ask", "Q: Why?", "Yes, very much so", "Q: When?", "In May."
    )
    assert section.kind is SectionKind.FAQ
    assert [(q.question, q.answer) for q in section.questions] == [
        ("Why?", "Yes, very much so"),
        ("When?", "In May."),
    ]


def test_questions_before_every_heading(tmp_path: Path) -> None:
    """Without any section, questions belong to the article, and one without an answer is reported."""
    article, notices = read_article(tmp_path, ["Bees", "They buzz.", "Q: Why?", "A: So.", "Q: When?"])
    assert [(q.question, q.answer) for q in article.draft.questions] == [("Why?", "So."), ("When?", "")]
    assert codes(notices) == [(5, "warning", "NO_ANSWER")]


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


def test_a_second_label_over_prose_keeps_its_prose(tmp_path: Path) -> None:
    """Titles of one widget do not turn the text under another related label away from it."""
    sections = read_sections(
        tmp_path,
        "They buzz.",
        "Related Articles",
        "📰 Wax 📰 Honey",
        "Further Reading",
        "Ask for Holm's book.",
    )
    assert [section.body for section in sections] == ["", "Ask for Holm's book."]


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


def test_sides_without_their_heading(tmp_path: Path) -> None:
    """Pros and cons count under an ordinary heading, which then is of that kind."""
    (section,) = read_sections(
        tmp_path, "They buzz.", "Is It Worth It?", "Pros", "Honey is sweet.", "Cons:", "- Stings"
    )
    assert (section.kind, section.pros, section.cons) == (
        SectionKind.PROS_AND_CONS,
        ["Honey is sweet."],
        ["Stings"],
    )


def test_an_ordinary_colon_makes_no_side(tmp_path: Path) -> None:
    """A word that could name a side stays prose where its counterpart is missing."""
    (section,) = read_sections(
        tmp_path, "They buzz.", "What to Mind", "Risks: keep children away from the hive."
    )
    assert (section.cons, section.body) == ([], "Risks: keep children away from the hive.")


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
    assert read(tmp_path / "a.txt", BEES, "pt_br")[0].draft.locale == "pt-BR"  # type: ignore[union-attr]
    with pytest.raises(InvalidContent):
        ScrapedText(tmp_path, "English please")


WORDS = [
    "amber",
    "bloom",
    "comb",
    "drone",
    "ember",
    "frame",
    "grove",
    "hive",
    "nectar",
    "pollen",
    "queen",
    "swarm",
]
words = st.lists(st.sampled_from(WORDS), min_size=4, max_size=9)


@st.composite
def pages(draw: st.DrawFn) -> tuple[list[str], list[str], list[str], list[str], list[str]]:
    """Return a page's lines, and the sentences, questions, titles and headings that are on it, each unique."""
    count = iter(range(10_000))
    sentences: list[str] = []
    questions: list[str] = []
    titles: list[str] = []
    headings: list[str] = []

    def sentence() -> str:
        sentences.append(f"{' '.join(draw(words)).capitalize()} n{next(count)}.")
        return sentences[-1]

    def prose() -> list[str]:
        return [
            " ".join(sentence() for _ in range(draw(st.integers(1, 3))))
            for _ in range(draw(st.integers(1, 2)))
        ]

    def named(start: str) -> str:
        return f"{start} {' '.join(draw(words)[:3]).title()} N{next(count)}"

    def heading() -> str:
        headings.append(named("The"))
        return headings[-1]

    def widget() -> list[str]:
        new = [named("All") for _ in range(draw(st.integers(2, 4)))]
        titles.extend(new)
        numbers = draw(st.booleans())
        line = " ".join(
            f"📰 {title}{f' {draw(st.integers(10**5, 10**7))}' if numbers else ''}" for title in new
        )
        glued = draw(st.sampled_from(["", "Final Thoughts"]))
        return ["🔗 Related Articles You Might Like:", line + glued]

    def asked() -> list[str]:
        questions.append(f"Does {' '.join(draw(words))} n{next(count)}?")
        mark = draw(st.sampled_from(["A: ", ""]))
        first, *others = prose()
        return [f"Q: {questions[-1]}", mark + first, *others]

    def chapter() -> list[str]:
        labels = draw(st.lists(st.sampled_from(["Image Gallery", "Key Insights"]), unique=True))
        before = draw(st.sampled_from([[], ["Understanding the Context"]]))
        return [*before, heading(), *labels, *prose()]

    lines = ["Hives - Meadow", "About Hives and Bees", "About Hives and Bees", *prose()]
    widget_place = draw(st.integers(0, 4))
    for place in range(draw(st.integers(0, 2))):
        lines += chapter()
        lines += widget() if place == widget_place else []
    lines += ["Common Questions About Hives", *asked()]
    lines += widget() if widget_place == 3 else []
    for _ in range(draw(st.integers(0, 2))):
        lines += asked()
    lines += ["Opportunities and Considerations", f"Pros: {sentence()} {sentence()}", f"Cons: {sentence()}"]
    lines += chapter() if draw(st.booleans()) else []
    return lines, sentences, questions, titles, headings


def texts_of(article: SourceArticle) -> list[str]:
    """Return every text that a draft holds, headings, questions and titles among them."""
    draft = article.draft
    texts = [draft.intro, draft.title, *(name.name for name in article.related_names)]
    for section in draft.sections:
        texts += [section.heading or "", section.body, *section.pros, *section.cons]
        texts += [text for question in section.questions for text in (question.question, question.answer)]
    return texts + [text for question in draft.questions for text in (question.question, question.answer)]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(page=pages())
def test_every_sentence_is_kept_once(
    tmp_path: Path, page: tuple[list[str], list[str], list[str], list[str], list[str]]
) -> None:
    """Whatever order a page has: sentences once each, questions and titles in order, all headings kept."""
    lines, sentences, questions, titles, headings = page
    article, _ = read_article(tmp_path, lines)
    whole = "\n".join(texts_of(article))
    assert [sentence for sentence in sentences if whole.count(sentence) != 1] == []
    found = [question.question for section in article.draft.sections for question in section.questions]
    assert found == questions
    assert all(question.answer for section in article.draft.sections for question in section.questions)
    assert [name.name for name in article.related_names] == titles
    assert [s.heading for s in article.draft.sections if s.heading in headings] == headings


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(page=pages(), cut=st.integers(0, 3000))
def test_every_line_is_accounted_for(
    tmp_path: Path, page: tuple[list[str], list[str], list[str], list[str], list[str]], cut: int
) -> None:
    """Even where a page is cut anywhere, each word of each line is in the draft or in a notice for its line."""
    text = "\n".join(page[0])
    lines = text[: max(len(text) - cut, 160)].split("\n")
    article, notices = read_article(tmp_path, lines)
    whole = " ".join([*texts_of(article), *map(str, article.draft.front_matter.values())])
    for number, line in enumerate(lines, start=1):
        told = " ".join(notice.message for notice in notices if notice.line == number)
        apart = re.sub(r"(?<=\d)(?=F)", " ", line)  # a label that is glued to a number, perhaps cut
        missing = [word for word in apart.split() if word.strip(":") not in whole + told]
        labels = ("📰", "🔗", "Q:", "A:", "Pros:", "Cons:", "Pros", "Cons")  # perhaps cut before the colon
        assert [word for word in missing if word not in labels] == []


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(
        st.sampled_from(
            [*BEES.split("\n"), "", "📰", "📰📰", "Q:", "A:", "Pros:", "Cons", "-", "1.", "•", "12345X", ":"]
        )
        | st.text("aB.?!:📰• 1\u2028\ufe0f\t", max_size=12),
        max_size=12,
    )
)
def test_no_page_raises(tmp_path: Path, lines: list[str]) -> None:
    """Any mixture of lines gives an article or a refusal, never an error."""
    found = read(tmp_path / "page.txt", "\n".join(lines))
    assert found
    assert all(isinstance(entry, SourceArticle | Notice) for entry in found)
