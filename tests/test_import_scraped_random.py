"""Random scraped pages: whatever order they have, every line is accounted for, and nothing raises."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.importing.source import Notice, SourceArticle
from tests.scraped_pages import BEES, read, read_article

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

properties = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a page, and what is on it, each unique."""

    lines: list[str] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)


class Writer:
    """Writes a page as it is drawn; what is not a line of its own is returned."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.page = Page()
        self.numbers = count()

    def draw_words(self) -> list[str]:
        """Draw some words."""
        return self.draw(st.lists(st.sampled_from(WORDS), min_size=4, max_size=9))

    def draw_name(self, start: str) -> str:
        """Draw a name in capitals."""
        return f"{start} {' '.join(self.draw_words()[:3]).title()} N{next(self.numbers)}"

    def draw_sentence(self) -> str:
        """Draw a sentence."""
        self.page.sentences.append(f"{' '.join(self.draw_words()).capitalize()} n{next(self.numbers)}.")
        return self.page.sentences[-1]

    def draw_prose(self) -> list[str]:
        """Draw one or two paragraphs."""
        return [
            " ".join(self.draw_sentence() for _ in range(self.draw(st.integers(1, 3))))
            for _ in range(self.draw(st.integers(1, 2)))
        ]

    def write(self, *lines: str) -> None:
        """Write lines."""
        self.page.lines.extend(lines)

    def write_chapter(self) -> None:
        """Write a heading and prose, perhaps among labels of a template."""
        labels = self.draw(st.lists(st.sampled_from(["Image Gallery", "Key Insights"]), unique=True))
        before = self.draw(st.sampled_from([[], ["Understanding the Context"]]))
        self.page.headings.append(self.draw_name("The"))
        self.write(*before, self.page.headings[-1], *labels, *self.draw_prose())

    def write_widget(self) -> None:
        """Write related titles on one line, perhaps with a scraper's numbers and glued to what comes next."""
        titles = [self.draw_name("All") for _ in range(self.draw(st.integers(2, 4)))]
        self.page.titles.extend(titles)
        numbers = self.draw(st.booleans())
        line = " ".join(
            f"📰 {title}{f' {self.draw(st.integers(10**5, 10**7))}' if numbers else ''}" for title in titles
        )
        glued = self.draw(st.sampled_from(["", "Final Thoughts"]))
        self.write("🔗 Related Articles You Might Like:", line + glued)

    def write_question(self) -> None:
        """Write a question, and an answer with or without a mark."""
        self.page.questions.append(f"Does {' '.join(self.draw_words())} n{next(self.numbers)}?")
        mark = self.draw(st.sampled_from(["A: ", ""]))
        first, *others = self.draw_prose()
        self.write(f"Q: {self.page.questions[-1]}", mark + first, *others)

    def write_sides(self) -> None:
        """Write pros and cons."""
        pros = f"Pros: {self.draw_sentence()} {self.draw_sentence()}"
        self.write("Opportunities and Considerations", pros, f"Cons: {self.draw_sentence()}")


@st.composite
def pages(draw: st.DrawFn) -> Page:
    """Draw a page of chapters, questions and sides, with a widget behind a chapter, among the questions or nowhere."""
    writer = Writer(draw)
    writer.write("Hives - Meadow", "About Hives and Bees", "About Hives and Bees", *writer.draw_prose())
    widget_place = draw(st.integers(0, 4))
    for place in range(draw(st.integers(0, 2))):
        writer.write_chapter()
        if place == widget_place:
            writer.write_widget()
    writer.write("Common Questions About Hives")
    writer.write_question()
    if widget_place == 3:
        writer.write_widget()
    for _ in range(draw(st.integers(0, 2))):
        writer.write_question()
    writer.write_sides()
    if draw(st.booleans()):
        writer.write_chapter()
    return writer.page


def texts_of(article: SourceArticle) -> list[str]:
    """Return every text that a draft holds, headings, questions and titles among them."""
    draft = article.draft
    texts = [draft.intro, draft.title, *(name.name for name in article.related_names)]
    for section in draft.sections:
        texts += [section.heading or "", section.body, *section.pros, *section.cons]
        texts += [text for question in section.questions for text in (question.question, question.answer)]
    return texts + [text for question in draft.questions for text in (question.question, question.answer)]


@properties
@given(page=pages())
def test_every_sentence_is_kept_once(tmp_path: Path, page: Page) -> None:
    """Whatever order a page has: sentences once each, questions and titles in order, all headings kept."""
    article, _ = read_article(tmp_path, page.lines)
    whole = "\n".join(texts_of(article))
    assert [sentence for sentence in page.sentences if whole.count(sentence) != 1] == []
    found = [question.question for section in article.draft.sections for question in section.questions]
    assert found == page.questions
    assert all(question.answer for section in article.draft.sections for question in section.questions)
    assert [name.name for name in article.related_names] == page.titles
    assert [s.heading for s in article.draft.sections if s.heading in page.headings] == page.headings


@properties
@given(page=pages(), cut=st.integers(0, 3000))
def test_every_line_is_accounted_for(tmp_path: Path, page: Page, cut: int) -> None:
    """Even where a page is cut anywhere, each word of each line is in the draft or in a notice for its line."""
    text = "\n".join(page.lines)
    lines = text[: max(len(text) - cut, 160)].split("\n")
    article, notices = read_article(tmp_path, lines)
    whole = " ".join([*texts_of(article), *map(str, article.draft.front_matter.values())])
    for number, line in enumerate(lines, start=1):
        told = " ".join(notice.message for notice in notices if notice.line == number)
        apart = re.sub(r"(?<=\d)(?=F)", " ", line)  # a label that is glued to a number, perhaps cut
        missing = [word for word in apart.split() if word.strip(":") not in whole + told]
        labels = ("📰", "🔗", "Q:", "A:", "Pros:", "Cons:", "Pros", "Cons")  # perhaps cut before the colon
        assert [word for word in missing if word not in labels] == []


@settings(properties, max_examples=120)
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
