"""The parts of a scraped page while they still grow, and what they become when the page has ended.

It knows drafts and notices' codes, and nothing of how lines are told apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from api.importing.headings import fold
from api.importing.plain_markdown import Passage
from api.importing.source import RelatedName, Severity
from models.draft import QuestionDraft, SectionDraft, SectionKind

SCRAPER_NUMBER = re.compile(r"\s+(\d{5,8})$")


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to report about a line."""

    severity: Severity
    line: int
    code: str
    message: str


@dataclass(slots=True)
class OpenQuestion:
    """A question whose answer still grows."""

    draft: QuestionDraft
    line: int
    answer: Passage = field(default_factory=Passage)


@dataclass(slots=True)
class OpenSection:
    """A section that still grows; a nested one is a template's label below the heading of a section."""

    draft: SectionDraft
    line: int
    is_nested: bool = False
    body: Passage = field(default_factory=Passage)

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing stands under the heading."""
        return not (self.body or self.draft.questions or self.draft.pros or self.draft.cons)


@dataclass(slots=True)
class PageParts:
    """What a page was found to hold. `titles` are related ones with their lines, as they stood."""

    intro: Passage = field(default_factory=Passage)
    sections: list[OpenSection] = field(default_factory=list)
    questions: list[OpenQuestion] = field(default_factory=list)
    outside: list[QuestionDraft] = field(default_factory=list)
    titles: list[tuple[int, str]] = field(default_factory=list)
    related: list[RelatedName] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Tell whether the page has no text at all, whatever headings it has."""
        return not (self.intro or self.outside or any(not section.is_empty for section in self.sections))

    def remark(self, severity: Severity, line: int, code: str, message: str) -> None:
        """Note something for the report."""
        self.remarks.append(Remark(severity, line, code, message))

    def finish(self) -> None:
        """Write the grown texts into their drafts and the titles into `related`, with remarks in line order."""
        for question in self.questions:
            question.draft.answer = question.answer.markdown()
            if not question.answer:
                self.remark(Severity.WARNING, question.line, "NO_ANSWER", "The question has no answer.")
        for section in self.sections:
            section.draft.body = section.body.markdown()
        self.related = list(self._name_related())
        self._find_empty_sections()
        self.remarks.sort(key=lambda remark: remark.line)

    def _name_related(self) -> Iterator[RelatedName]:
        """Yield each related title once, without the number that the scraper put behind it."""
        numbers = [found[1] for _, title in self.titles if (found := SCRAPER_NUMBER.search(title))]
        # One number may belong to its title ("Win 100000"); several are the mark of a generated list.
        has_numbers = len(numbers) > 1
        if has_numbers:
            words = (
                f"Numbers at the end of {len(numbers)} related titles were left out: {', '.join(numbers)}."
            )
            self.remark(Severity.NOISE, self.titles[0][0], "SCRAPER_NUMBER", words)
        seen = set()
        for line, raw in self.titles:
            title = SCRAPER_NUMBER.sub("", raw) if has_numbers else raw
            if fold(title) in seen:
                self.remark(
                    Severity.NOISE, line, "REPETITION", f"A related title stands twice: {title[:80]!r}."
                )
                continue
            seen.add(fold(title))
            yield RelatedName(title, title)

    def _find_empty_sections(self) -> None:
        for place, section in enumerate(self.sections):
            has_titles = section.draft.kind is SectionKind.RELATED and self.titles
            has_inner = self.sections[place + 1].is_nested if place + 1 < len(self.sections) else False
            if section.is_empty and not has_titles and (section.is_nested or not has_inner):
                words = f"Nothing stands under the heading {section.draft.heading!r}."
                self.remark(Severity.WARNING, section.line, "EMPTY_SECTION", words)
