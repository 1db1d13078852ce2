"""An article as one piece of Markdown that reads well, and that importing it makes the same article of again.

What the importer would take for something else by its words says itself what it is, by a class of its heading:
`## Billing {.faq}`, `### Terms {.question}` (docs/import.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from api.feeds.front_matter import write_front_matter
from api.feeds.labels import Labels, close
from api.importing.headings import QUESTION_MARK, classify_heading, is_question
from api.importing.plain_markdown import LINKING, escape_text
from api.importing.questions import DEEPEST
from models.draft import SectionKind
from models.page import ArticlePage
from models.rendering import Anchors
from models.stored import StoredQuestion, StoredSection

CLOSING = re.compile(r"(?<!\S)(#+)$")
ANCHOR = re.compile(r"[^\s{}]+")
SIDES = {
    "de": ("Vorteile", "Nachteile"),
    "fr": ("Avantages", "Inconvénients"),
    "es": ("Ventajas", "Desventajas"),
    "pt": ("Vantagens", "Desvantagens"),
    "it": ("Vantaggi", "Svantaggi"),
    "nl": ("Voordelen", "Nadelen"),
    "ru": ("Плюсы", "Минусы"),
    "ja": ("メリット", "デメリット"),
    "zh": ("优点", "缺点"),
    "ko": ("장점", "단점"),
    "ar": ("المزايا", "العيوب"),
}
"""What stands over what speaks for and against, by language; the importer knows these words."""


def write_markdown(
    page: ArticlePage,
    sections: Sequence[StoredSection],
    questions: Sequence[StoredQuestion],
    related: Sequence[tuple[str, str | None]],
) -> str:
    """Return an article of these sections and questions, with the labels and addresses of related links."""
    writer = Writer(page)
    blocks = [writer.heading(page.article.edition.title, 1), writer.text(page.article.edition.intro_markdown)]
    for place, section in enumerate(sections):
        below = sections[place + 1].level if place + 1 < len(sections) else 1
        own = [question for question in questions if question.section == section.position]
        blocks += writer.section(section, own, below)
    # Deeper than any section it would belong to that.
    level = min((2, *(section.level for section in sections)))
    for question in questions:
        if question.section is None:
            marked = not (writer.is_faq and is_question(question.question))
            blocks += writer.question(question, level, marked=marked)
    body = "\n\n".join(block for block in blocks if block)
    return f"{write_front_matter(page, sections, questions, related)}\n{body}\n"


class Writer:
    """Writes the pieces of one article in their order."""

    def __init__(self, page: ArticlePage) -> None:
        edition = page.article.edition
        names = (edition.title, page.article.slug.rpartition("/")[2])
        self.is_faq = any(classify_heading(name) is SectionKind.FAQ for name in names)
        self._labels = Labels()
        self._sides = SIDES.get(page.article.locale.partition("-")[0], ("Pros", "Cons"))
        self._open: list[int] = []

    def section(
        self, section: StoredSection, questions: Sequence[StoredQuestion], below: int
    ) -> Iterator[str]:
        """Yield the blocks of a section; `below` is the level of the heading that follows."""
        heading, level = section.heading or "", section.level
        marks = [] if self._speaks_for_itself(section, questions) else [section.kind.value.replace("_", "-")]
        yield self.heading(heading, level, section.anchor, marks)
        yield self.text(section.body_markdown)
        for side, items in zip(self._sides, (section.pros, section.cons), strict=True):
            if items:
                yield f"**{side}**"
                yield "\n".join(write_item(item) for item in items)
        # What stands deeper than a question belongs to its answer.
        deeper = min(max(level + 1, below), DEEPEST)
        for question in questions:
            natural = section.kind is SectionKind.FAQ and deeper > level and is_question(question.question)
            yield from self.question(question, deeper, marked=not natural)

    def _speaks_for_itself(self, section: StoredSection, questions: Sequence[StoredQuestion]) -> bool:
        """Tell whether the words of a heading say what its section is, where it stands."""
        self._open = [level for level in self._open if level < section.level]
        inside = self.is_faq or bool(self._open)
        if section.kind is SectionKind.FAQ:
            self._open.append(section.level)
        return not inside and classify_heading(section.heading or "") is section.kind

    def question(self, question: StoredQuestion, level: int, *, marked: bool) -> Iterator[str]:
        """Yield the blocks of a question with its answer."""
        yield self.heading(question.question, level, question.anchor, [QUESTION_MARK] if marked else [])
        yield self.text(question.answer_markdown)

    def text(self, markdown: str) -> str:
        """Return an author's own Markdown, fit to stand before and behind others."""
        return close(self._labels.settle(markdown))

    def heading(self, text: str, level: int, anchor: str | None = None, marks: Sequence[str] = ()) -> str:
        """Return a heading, with its anchor where that does not follow from its words, and its marks."""
        attributes = [f".{mark}" for mark in marks]
        if anchor and anchor != Anchors().issue(text) and ANCHOR.fullmatch(anchor):
            attributes.insert(0, f"#{anchor}")
        line = CLOSING.sub(r"\\\1", escape_line(text))
        if line.endswith("}"):
            line = f"{line[:-1]}&#125;"  # or else it would look like attributes
        braces = f"{{{' '.join(attributes)}}}" if attributes else ""
        return " ".join(part for part in ("#" * level, line, braces) if part)


def escape_line(text: str) -> str:
    """Return plain text as one line of Markdown that shows it."""
    line = " ".join(text.split())
    escaped = escape_text(line)
    return escaped if LINKING.search(line) else escaped.replace("[", r"\[")


def write_item(item: str) -> str:
    """Return an entry of a list."""
    first, *others = item.strip().split("\n")
    return "\n".join([f"- {first}", *(f"  {line}" if line.strip() else "" for line in others)])
