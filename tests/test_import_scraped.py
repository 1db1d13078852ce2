"""Scraped pages: titles, sections, questions, related titles and sides, and what is noise."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.draft import SectionKind
from tests.scraped_pages import BEES, codes, outline, read_article, read_sections


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
