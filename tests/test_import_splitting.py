"""Markdown taken apart: headings, definitions that travel, questions, pros and cons; nothing lost or doubled."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.importing.headings import classify_heading, is_question
from api.importing.pros_and_cons import gather_pros_and_cons
from api.importing.questions import sections_of, take_questions
from api.importing.splitting import Outline, split_body
from models.draft import QuestionDraft, SectionDraft, SectionKind


def split(markdown: str, title: str | None = "Title") -> Outline:
    """Take a body apart under a title that it does not repeat."""
    return split_body(markdown, title)


def sections(markdown: str) -> list[SectionDraft]:
    """Return the finished sections of a body."""
    found, _ = sections_of(split(markdown).parts, is_faq=False)
    return gather_pros_and_cons(found)


def pairs(questions: list[QuestionDraft]) -> list[tuple[str, str]]:
    """Return questions with their answers."""
    return [(question.question, question.answer) for question in questions]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("FAQ", SectionKind.FAQ),
        ("F.A.Q.", SectionKind.FAQ),
        ("Frequently Asked Questions", SectionKind.FAQ),
        ("Common questions about kettles", SectionKind.FAQ),
        ("Häufig gestellte Fragen", SectionKind.FAQ),
        ("Preguntas frecuentes", SectionKind.FAQ),
        ("よくある質問", SectionKind.FAQ),
        ("See also", SectionKind.RELATED),
        ("Siehe auch:", SectionKind.RELATED),
        ("💡 Key takeaways", SectionKind.KEY_INSIGHTS),
        ("At a glance", SectionKind.KEY_INSIGHTS),
        ("Pros & Cons", SectionKind.PROS_AND_CONS),
        ("Vor- und Nachteile", SectionKind.PROS_AND_CONS),
        ("Opportunities and considerations", SectionKind.PROS_AND_CONS),
        ("Image gallery", SectionKind.IMAGE_GALLERY),
        ("7. Conclusion", SectionKind.FINAL_THOUGHTS),
        ("Fazit", SectionKind.FINAL_THOUGHTS),
        ("Summary of changes", SectionKind.PROSE),
        ("Related work in chemistry", SectionKind.PROSE),
        ("Why a FAQ helps", SectionKind.PROSE),
        ("Conclusion about kettles", SectionKind.PROSE),
        ("", SectionKind.PROSE),
        ("?", SectionKind.PROSE),
    ],
)
def test_heading_is_classified_by_its_whole_phrase(heading: str, kind: SectionKind) -> None:
    assert classify_heading(heading) is kind


def test_question_marks_of_three_scripts_ask() -> None:
    assert all(map(is_question, ["Why?", "なぜ\uff1f", "لماذا\u061f", "**Why?** "]))
    assert not any(map(is_question, ["Why", "Why? Because.", ""]))


def test_every_outermost_heading_is_a_part_and_nested_ones_are_not() -> None:
    outline = split(
        "Intro.\n\n# One *x* `y`\n\nA\n\nTwo\n---\n\n> ## quoted\n\n- ## listed\n\n```\n## code\n```\n\n"
        "<div>\n## html\n</div>\n\n#### Four ####\n"
    )
    assert outline.intro == "Intro."
    assert [(part.level, part.heading) for part in outline.parts] == [(1, "One x y"), (2, "Two"), (4, "Four")]
    assert "## quoted" in outline.parts[1].body
    assert "## html" in outline.parts[1].body


def test_bytes_and_characters_are_not_confused() -> None:
    outline = split("é漢字🎈\n\n## Ünï 漢\n\nbödy 🎈\n\n## Z\n\nend")
    assert [(part.heading, part.body) for part in outline.parts] == [("Ünï 漢", "bödy 🎈"), ("Z", "end")]


@pytest.mark.parametrize(
    ("source", "heading", "anchor"),
    [
        ("## Tea {#the-tea}", "Tea", "the-tea"),
        ("## Tea {#té}", "Tea", "té"),
        ("## Tea {: #the-tea}", "Tea", "the-tea"),
        ("## Tea {:#the-tea .big}", "Tea", "the-tea"),
        ("## Tea {.big}", "Tea", None),
        ("## Sets {a, b}", "Sets {a, b}", None),
        ("## Use {{macro}}", "Use {{macro}}", None),
        ("## A [link](/x) and ![picture](p.png)", "A link and picture", None),
        ("## One\\\n", "One\\", None),
    ],
)
def test_heading_text_and_the_authors_id(source: str, heading: str, anchor: str | None) -> None:
    part = split(source).parts[0]
    assert (part.heading, part.anchor) == (heading, anchor)


def test_opening_heading_that_repeats_the_title_joins_the_intro() -> None:
    outline = split("Before.\n\n# The title!\n\nAfter.\n\n## Next", "the Title")
    assert (outline.intro, [part.heading for part in outline.parts]) == ("Before.\n\nAfter.", ["Next"])


def test_first_level_1_heading_becomes_a_missing_title() -> None:
    outline = split("# Kettles\n\nHot.", None)
    assert (outline.title, outline.intro, outline.parts) == ("Kettles", "Hot.", [])


def test_title_heading_that_comes_late_stays_a_section() -> None:
    outline = split("## First\n\nA\n\n# Kettles\n\nB", None)
    assert (outline.title, [part.heading for part in outline.parts]) == ("Kettles", ["First", "Kettles"])


def test_definitions_travel_to_the_sections_that_use_them() -> None:
    outline = split(
        'A [Tea Pot].\n\n## Two\n\nB[^n] and ![c][d].\n\n## Three\n\nC\n\n[tea pot]: /pot?a=1&amp;b "A \\"pot\\""\n'
        "[d]: d.png\n[^n]: Note with [tea pot].\n"
    )
    complete = outline.definitions.complete
    assert complete(outline.intro) == 'A [Tea Pot].\n\n[tea pot]: </pot?a=1&amp;b> "A \\"pot\\""'
    assert complete(outline.parts[0].body).split("\n\n") == [
        "B[^n] and ![c][d].",
        '[tea pot]: </pot?a=1&amp;b> "A \\"pot\\""',
        "[d]: <d.png>",
        "[^n]: Note with [tea pot].",
    ]
    assert complete(outline.parts[1].body) == "C"


def test_definition_that_nobody_uses_stays_where_it_was() -> None:
    assert split("## A\n\nText\n\n[x]: /x").parts[0].body == "Text\n\n[x]: /x"


def test_definition_in_a_list_is_given_out_and_stays() -> None:
    outline = split("## A\n\n- [x]: /x\n\n## B\n\n[x]")
    assert [outline.definitions.complete(part.body) for part in outline.parts] == [
        "- [x]: /x",
        "[x]\n\n[x]: </x>",
    ]


def test_references_in_code_need_no_definition() -> None:
    outline = split("`[x]`\n\n## B\n\n[x]\n\n[x]: /x")
    assert outline.definitions.complete(outline.intro) == "`[x]`"


def test_deeper_headings_of_a_faq_become_its_questions() -> None:
    [faq, after] = sections(
        "## FAQ\n\nLead.\n\n### Why {#why}?\n### Hot?\n\nYes.\n\n#### Detail\n\nMore.\n\n### Costs\n\n"
        "Free.\n\n## Next\n\nEnd."
    )
    assert (faq.kind, faq.body) == (SectionKind.FAQ, "Lead.")
    assert pairs(faq.questions)[1:] == [("Hot?", "Yes.\n\n#### Detail\n\nMore."), ("Costs", "Free.")]
    assert (after.heading, after.body, after.questions) == ("Next", "End.", [])


def test_groups_within_a_faq_stay_sections_with_their_own_questions() -> None:
    found = sections("## FAQ\n\n### Paying\n\n#### How?\n\nCash.\n\n### Address\n\nHere.")
    assert [(section.heading, section.kind) for section in found] == [
        ("FAQ", SectionKind.FAQ),
        ("Paying", SectionKind.FAQ),
        ("Address", SectionKind.PROSE),
    ]
    assert [pairs(section.questions) for section in found] == [[], [("How?", "Cash.")], []]


def test_asking_headings_outside_of_a_faq_stay_sections() -> None:
    assert [section.heading for section in sections("## Why?\n\nSo.\n\n### Really?")] == ["Why?", "Really?"]


def test_article_that_is_a_faq_gives_its_questions_outside_of_sections() -> None:
    found, questions = sections_of(
        split("## Why?\n\nSo.\n\n## Paying\n\n### How?\n\nCash.\n\n## See also\n\nx").parts, True
    )
    assert pairs(questions) == [("Why?", "So.")]
    assert [(section.heading, section.kind, pairs(section.questions)) for section in found] == [
        ("Paying", SectionKind.FAQ, [("How?", "Cash.")]),
        ("See also", SectionKind.RELATED, []),
    ]


@pytest.mark.parametrize(
    ("asks", "says"),
    [
        ("Q:", "A:"),
        ("**Q:**", "**A:**"),
        ("**Q**:", "**A**:"),
        ("Q.", "A."),
        ("Frage:", "Antwort:"),
        ("F:", "A:"),
        ("Q2:", "A2:"),
    ],
)
def test_marked_paragraphs_are_questions(asks: str, says: str) -> None:
    found = take_questions(f"Lead.\n\n{asks} How *hot*?\n{says} Very.\n\nEnd.", in_faq=False)
    assert pairs(found.questions) == [("How hot?", "Very.")]
    assert found.rest == "Lead.\n\nEnd."


def test_answer_reaches_to_the_next_question_and_the_last_one_to_its_list() -> None:
    found = take_questions(
        "Q: One?\n\nA: First.\n\nSecond.\n\nQ: Two?\n\nA: These:\n\n- a\n- b\n\nTail.", in_faq=False
    )
    assert pairs(found.questions) == [("One?", "First.\n\nSecond."), ("Two?", "These:\n\n- a\n- b")]
    assert found.rest == "Tail."


@pytest.mark.parametrize(
    "body",
    [
        "Q: Open question?",
        "A: lone answer",
        "```\nQ: a?\nA: b\n```",
        "> Q: a?\n> A: b",
        "D. Thing\nA. Thing",
        "**Bold?**\n\nText",
    ],
)
def test_what_is_no_pair_stays_text(body: str) -> None:
    found = take_questions(body, in_faq=False)
    assert (found.questions, found.rest) == ([], body)


def test_bold_paragraphs_that_ask_are_questions_in_a_faq() -> None:
    found = take_questions("Lead.\n\n**Is it hot?**\n\nYes.\n\n- very\n\n__Is it dear?__\nNo.", in_faq=True)
    assert pairs(found.questions) == [("Is it hot?", "Yes.\n\n- very"), ("Is it dear?", "No.")]
    assert found.rest == "Lead."


def test_bold_sentences_that_do_not_ask_stay_text() -> None:
    assert take_questions("**Mind the steam!**\n\nText.", in_faq=True).rest == "**Mind the steam!**\n\nText."


def test_lists_under_sub_headings_become_pros_and_cons() -> None:
    [section] = sections(
        "## Pros and cons\n\nLead.\n\n### Pros\n\n- quick\n  and hot\n- cheap\n  - very\n\n### Nachteile\n\n1. loud"
    )
    assert (section.pros, section.cons, section.body) == (
        ["quick\nand hot", "cheap\n- very"],
        ["loud"],
        "Lead.",
    )


def test_lists_under_labels_and_labelled_lines_become_pros_and_cons() -> None:
    [section] = sections(
        "## Pros & cons\n\n**Advantages**\n- quick\n\nCons:\n\n* loud\n\nPros: cheap\n**Cons:** *heavy*\n\nEnd."
    )
    assert (section.pros, section.cons, section.body) == (["quick", "cheap"], ["loud", "*heavy*"], "End.")


def test_sub_heading_with_more_than_a_list_keeps_its_text() -> None:
    owner, rest = sections("## Pros and cons\n\n### Cons\n\n- loud\n\nBesides, some cost:\n\n- money")
    assert owner.cons == ["loud"]
    assert (rest.heading, rest.body) == ("Cons", "Besides, some cost:\n\n- money")


def test_labels_outside_of_such_a_section_are_left_alone() -> None:
    [section] = sections("## Notes\n\nPros:\n\n- quick")
    assert (section.pros, section.body) == ([], "Pros:\n\n- quick")


PIECES = st.sampled_from(
    [
        "## FAQ",
        "### Why?",
        "#### Deep",
        "## End",
        "Q: {n}?",
        "A: {n}.",
        "**{n}?**",
        "Text {n}.",
        "- item {n}",
        "> quote {n}",
    ]
)


@given(st.lists(PIECES, max_size=14), st.booleans())
def test_every_word_comes_out_exactly_once(pieces: list[str], is_faq: bool) -> None:
    """Whatever stands in an FAQ, each numbered piece is in the sections or questions once."""
    markdown = "\n\n".join(piece.replace("{n}", f"w{number}w") for number, piece in enumerate(pieces))
    outline = split(markdown)
    found, outside = sections_of(outline.parts, is_faq)
    texts = [outline.intro, *(section.body for section in found)]
    for question in [*outside, *(question for section in found for question in section.questions)]:
        texts += [question.question, question.answer]
    everything = "\n".join(texts)
    expected = [f"w{number}w" for number, piece in enumerate(pieces) if "{n}" in piece]
    assert sorted(expected) == sorted(word for word in expected for _ in range(everything.count(word)))
