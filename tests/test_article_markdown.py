"""Articles as Markdown: importing it makes the same article again, whatever that is, and it reads well."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from hypothesis import given
from hypothesis import strategies as st

from api.feeds.article_markdown import write_markdown
from api.feeds.labels import Labels, close
from api.importing.markdown_article import MarkdownFile, read_article
from api.importing.placement import Place
from api.importing.source import SourceArticle
from models.composition import Composition, compose
from models.draft import ArticleDraft, ImageDraft, QuestionDraft, SectionDraft, SectionKind
from models.page import ArticlePage
from models.reading import StoredArticle
from models.rendering import Anchors, Rendered, render
from models.stored import StoredEdition, StoredImage, StoredQuestion, StoredSection, StoredSite

SITE = StoredSite(
    "00000000-0000-4000-8000-000000000000", "docs", "Docs", "https://docs.example", "en", ("en",)
)
NOON = 1_772_000_000_000


def store(composed: Composition) -> tuple[ArticlePage, list[StoredSection], list[StoredQuestion]]:
    """Return what is read of an edition that is composed, without a database."""
    draft = composed.draft
    edition = StoredEdition(
        *(1, "a", draft.locale, 1, NOON, draft.title, draft.slug, draft.summary),
        *(draft.intro, composed.intro.html, composed.intro.text, composed.intro.word_count),
        [{"slug": slug, "name": name} for slug, name in composed.tags],
        draft.authors,
        [StoredImage(str(i["src"]), str(i["alt"]), None, None, None) for i in composed.images],
        *(composed.word_count, composed.reading_minutes, 1),
    )
    sections = [
        StoredSection(
            *(str(place), place, one.draft.level, one.draft.kind, one.draft.heading, one.anchor),
            *(one.draft.body, one.body.html, one.body.text, one.body.word_count),
            *(show(one.body), one.draft.pros, one.draft.cons),
        )
        for place, one in enumerate(composed.sections, 1)
    ]
    questions = [
        StoredQuestion(
            *(str(place), place, one.section, one.anchor, one.draft.question),
            *(one.draft.answer, one.answer.html, one.answer.text, one.answer.word_count, show(one.answer)),
        )
        for place, one in enumerate(composed.questions, 1)
    ]
    article = StoredArticle("a", SITE.id, draft.locale, draft.slug, NOON, NOON, edition)
    return ArticlePage(article, SITE, {}, is_draft=False), sections, questions


def show(text: Rendered) -> list[StoredImage]:
    """Return the pictures of a text as they are read."""
    return [StoredImage(picture.src, picture.alt, None, None, None) for picture in text.images]


def write(draft: ArticleDraft) -> str:
    """Return a draft as it is served once it is live."""
    return write_markdown(*store(compose(draft, lambda _address: None)), [])


def read(markdown: str) -> ArticleDraft:
    """Return the draft that the importer makes of Markdown."""
    file = MarkdownFile(markdown, PurePosixPath("file.md"), Place("file", None, None, None), "en")
    (article,) = read_article(file)
    assert isinstance(article, SourceArticle)
    return article.draft


def line(text: str | None) -> str:
    """Return a text as one line, which is all that a heading can be."""
    return " ".join((text or "").split())


def describe_questions(questions: list[QuestionDraft]) -> list[tuple[str, str]]:
    """Return what questions say."""
    return [(line(question.question), question.answer) for question in questions]


def describe(draft: ArticleDraft) -> object:
    """Return what an article says, but for what follows from its words."""
    sections = [
        (line(s.heading), s.level, s.kind, s.body, s.pros, s.cons, describe_questions(s.questions))
        for s in draft.sections
    ]
    own = (draft.locale, draft.slug, line(draft.title), line(draft.summary), draft.intro)
    return own, draft.tags, draft.authors, sections, describe_questions(draft.questions)


def list_anchors(draft: ArticleDraft) -> list[str]:
    """Return the anchors that the parts of a draft have."""
    composed = compose(draft, lambda _address: None)
    return [s.anchor for s in composed.sections] + [q.anchor for q in composed.questions]


WORDS = st.sampled_from(
    [
        "Tides",
        "FAQ",
        "Frequently asked questions",
        "Why?",
        "How so?",
        "Pros and cons",
        "See also",
        "Billing",
        "C #",
        "Conclusion",
        "a_b_c",
        "*bold*",
        "`code`",
        "[x](y)",
        "[1]",
        "<b>",
        "&amp;",
        "{.faq}",
        "x {#id}",
        "1. One",
        "~a~",
        "**",
        "#",
        "\\",
        "Größe",
        "よくある質問",
        "Pros",
        "Q: a",
        "- x",
        "===",
        "!",
        "404",
        "yes",
        "a: b",
        "| c |",
    ]
)
TEXTS = st.lists(
    WORDS | st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1), min_size=1
)
LINES = TEXTS.map(" ".join).filter(lambda text: bool(re.search(r"\w", text)))
BODIES = st.lists(
    st.sampled_from(
        [
            "Some *words*.",
            "- one\n- two",
            "```\n# code\n```",
            "    indented",
            "> quoted",
            "a [link](/en/b#c)",
            "1. one",
            "| a | b |\n| --- | --- |\n| 1 | 2 |",
            "<div>\nraw\n</div>",
            "![moon](moon.jpg)",
            "Why?",
            "Snow\\\nmelts.",
        ]
    ),
    max_size=3,
).map("\n\n".join)


@st.composite
def parts(draw: st.DrawFn) -> SectionDraft:
    """Any section with questions."""
    kind = draw(st.sampled_from(SectionKind))
    section = SectionDraft(draw(st.none() | LINES), draw(st.integers(1, 6)), kind, draw(BODIES))
    section.anchor = draw(st.sampled_from([None, None, "own", "FAQ", "a.b"]))
    section.questions = draw(QUESTIONS)
    if kind is SectionKind.PROS_AND_CONS:
        section.pros = draw(st.lists(st.sampled_from(["It is *quiet*.", "two\nlines"]), max_size=2))
        section.cons = draw(st.lists(st.just("It needs wind."), max_size=2))
    return section


QUESTIONS = st.lists(st.builds(QuestionDraft, LINES, BODIES), max_size=2)
DRAFTS = st.builds(
    ArticleDraft,
    st.sampled_from(["en", "de", "pt-BR", "ja"]),
    st.sampled_from(["tides", "a/b", "404", "faq", "größe"]),
    LINES,
    st.none() | LINES,
    BODIES,
    st.lists(parts(), max_size=4),
    QUESTIONS,
    tags=st.sampled_from([[], ["wind"], ["Yes", "1.10", "a: b"]]),
    authors=st.sampled_from([[], ["Ida Berg"], ["No", "- x"]]),
)


@given(DRAFTS)
def test_importing_it_makes_the_same(draft: ArticleDraft) -> None:
    """What is written of an article is read as that article: title, sections, questions, and their anchors."""
    markdown = write(draft)
    again = read(markdown)
    assert describe(again) == describe(draft), markdown
    assert list_anchors(again) == list_anchors(draft), markdown
    assert write(again) == markdown


KITES = ArticleDraft(
    "en",
    "kites",
    "How kites fly",
    summary="Lift, drag and a string.",
    intro="A kite is a [wing](/en/wing) on a string.",
    sections=[
        SectionDraft("Why the wind lifts a kite", body="It deflects *air* downwards.", anchor="lift"),
        SectionDraft(
            "Pros and cons", 2, SectionKind.PROS_AND_CONS, pros=["It is quiet."], cons=["It needs wind."]
        ),
        SectionDraft(
            "FAQ", 2, SectionKind.FAQ, questions=[QuestionDraft("Does a kite need a tail?", "Many do not.")]
        ),
        SectionDraft("Billing", 3, SectionKind.FAQ, questions=[QuestionDraft("Terms", "Thirty days.")]),
    ],
    images=[ImageDraft("cover.jpg", "A red kite")],
    tags=["Wind", "Toys"],
    authors=["Ida Berg"],
)
READ_WELL = """\
---
title: How kites fly
description: Lift, drag and a string.
lang: en
slug: kites
url: https://docs.example/en/kites
date: '2026-02-25T06:13:20Z'
updated: '2026-02-25T06:13:20Z'
authors:
- Ida Berg
tags:
- Wind
- Toys
image:
- src: cover.jpg
  alt: A red kite
---

# How kites fly

A kite is a [wing](/en/wing) on a string.

## Why the wind lifts a kite {#lift}

It deflects *air* downwards.

## Pros and cons

**Pros**

- It is quiet.

**Cons**

- It needs wind.

## FAQ

### Does a kite need a tail?

Many do not.

### Billing {.faq}

#### Terms {.question}

Thirty days.
"""


def test_it_reads_well() -> None:
    """Headings stand at their levels, and only what the words do not say is marked."""
    assert write(KITES) == READ_WELL
    assert read(READ_WELL).images == KITES.images


@given(
    st.lists(
        st.sampled_from(
            ["```", "~~~~", "<!--", "<script>", "<pre>", "<?x", "<![CDATA[", "<!A", "x", "- y", "> ", ""]
        )
    )
)
def test_what_is_open_is_closed(lines: list[str]) -> None:
    """A code block or HTML that its author left open does not swallow the next section."""
    draft = ArticleDraft(
        "en", "a", "A", sections=[SectionDraft("B", body="\n".join(lines)), SectionDraft("C")]
    )
    again = read(write(draft))
    assert [section.heading for section in again.sections] == ["B", "C"]


def test_labels_keep_their_meaning() -> None:
    """Footnotes and link definitions of each section stay its own, and what two sections share stands once."""
    first = "One[^1] and [there].\n\n[^1]: Here.\n\n[there]: /a"
    second = "Two[^1] and [there], [so][there], ![x][there], `[^1]`.\n\n"
    second += "[^1]: Elsewhere.\n\n    More.\n\n[there]: /b 'B'"
    sections = [SectionDraft(str(n), body=body) for n, body in enumerate((first, second, first, second))]
    markdown = write(ArticleDraft("en", "a", "A", sections=sections))
    assert markdown.count("[^1]: Here.") == markdown.count("[^1-2]: Elsewhere.") == 1
    bodies = [section.body for section in read(markdown).sections]
    for body, written in zip(bodies, (first, second, first, second), strict=True):
        links = [link.href for link in render(written, Anchors()).links]
        assert [link.href for link in render(body, Anchors()).links] == links
        assert render(body, Anchors()).text == render(written, Anchors()).text


def test_what_nothing_has_to_be_said_of() -> None:
    """An article without anything else has a title, and a text that ends with one line end."""
    assert write(ArticleDraft("de", "leer", "Leer")).endswith("---\n\n# Leer\n")
    assert close("a\n\n") == "a"
    assert Labels().settle("[a]: /b\n") == "[a]: /b\n"
