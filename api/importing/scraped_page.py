"""What each line of a scraped page means next to its neighbours, put together as the parts of an article.

Every line ends up in one part, or in a remark that says why it was left out; it knows no files.
"""

from __future__ import annotations

from collections.abc import Sequence

from api.importing.headings import fold, is_question
from api.importing.plain_markdown import Passage, is_finished
from api.importing.scraped_lines import (
    NEWS_MARKS,
    SPLITTABLE,
    Line,
    Shape,
    is_sure_side,
    is_title_case,
    may_be_heading,
    split_entries,
)
from api.importing.scraped_parts import OpenQuestion, OpenSection, PageParts
from api.importing.scraped_sentences import split_sentences
from api.importing.source import Severity
from models.draft import QuestionDraft, SectionDraft, SectionKind

NESTED_KINDS = (SectionKind.KEY_INSIGHTS, SectionKind.IMAGE_GALLERY, SectionKind.FINAL_THOUGHTS)
TEXT_SHAPES = (Shape.PROSE, Shape.ITEM, Shape.PICTURE)
NOISE_SHAPES = (Shape.HOLLOW, Shape.FURNITURE, Shape.DECORATION)
LONGEST_BARE_QUESTION = 300
LONGEST_ENTRY = 2000
# Without capitals a longer line is more likely the first of a paragraph that was broken at a width.
LONGEST_PLAIN_HEADING = 60


def read_page(lines: Sequence[Line], locale: str) -> PageParts:
    """Return the parts that the lines below a page's title make."""
    page = ScrapedPage(lines, locale)
    for place, line in enumerate(lines):
        if place and line.text == lines[place - 1].text:
            page.leave_out(line, "REPETITION", "The line above stands twice")
        else:
            page.take(line, lines[place + 1] if place + 1 < len(lines) else None)
    page.end()
    return page.parts


def is_asked_further(question: str) -> bool:
    """Tell whether a question was wrapped: it has not come to its question mark."""
    return len(question) < LONGEST_ENTRY and not is_question(question)


class ScrapedPage:
    """Takes the lines of one page in order and remembers which section, question and list are open."""

    def __init__(self, lines: Sequence[Line], locale: str) -> None:
        sides = {line.side for line in lines if line.shape is Shape.SIDE}
        self.parts = PageParts()
        self._has_both_sides = len(sides) == 2
        self._marks_questions = any(line.shape is Shape.QUESTION for line in lines)
        # Only English writes headings with capitals throughout; elsewhere a short line has to do.
        self._is_english = locale.split("-", maxsplit=1)[0] == "en"
        self._section: OpenSection | None = None
        self._faq: OpenSection | None = None
        self._question: OpenQuestion | None = None
        self._widget: OpenSection | None = None
        self._side: list[str] | None = None
        self._takes_lines = False
        self._titles_are_marked = False
        self._titles_before = 0
        self._last_mark = ""
        self._cut_line = 0
        self._text_line = 0

    def take(self, line: Line, following: Line | None) -> None:
        """Put a line where it belongs, given the line that follows."""
        if self._widget and self._is_title(line, following):
            self._take_titles(line)
            return
        if line.shape not in NOISE_SHAPES:
            self._leave_widget()
            self._cut_line = 0
        if line.shape in NOISE_SHAPES:
            self._take_noise(line, following)
        elif line.shape is Shape.LABEL:
            self._take_label(line)
        elif line.shape in TEXT_SHAPES or not self._take_marked(line):
            self._take_text_like(line, following)
        self._last_mark = line.mark

    def end(self) -> None:
        """Close everything that is open, and say so where the text breaks off."""
        self._leave_widget()
        if self._cut_line:
            words = "The text breaks off in the middle of a sentence."
            self.parts.remark(Severity.WARNING, self._cut_line, "CUT_OFF", words)
        self.parts.finish()

    def leave_out(self, line: Line, code: str, reason: str) -> None:
        """Report a line as noise."""
        self.parts.remark(Severity.NOISE, line.number, code, f"{reason}: {line.text[:80]!r}.")

    # Headings and labels

    def _take_label(self, line: Line) -> None:
        if line.kind is SectionKind.RELATED:
            self._open_widget(line)
            return
        section = self._section
        is_bare = section is not None and section.is_empty and self._question is None
        below_heading = (
            is_bare and section is not None and (section.is_nested or section.draft.kind is SectionKind.PROSE)
        )
        self._open_section(line, line.rest, line.kind, nested=below_heading and line.kind in NESTED_KINDS)

    def _take_noise(self, line: Line, following: Line | None) -> None:
        match line.shape:
            case Shape.FURNITURE:
                self.leave_out(line, "PAGE_FURNITURE", "This belongs to the page, not to the article")
            case Shape.DECORATION:
                self.leave_out(line, "DECORATION", "A line without words")
            case _:
                self._take_hollow(line, following)

    def _take_hollow(self, line: Line, following: Line | None) -> None:
        if following and following.shape in TEXT_SHAPES:
            self._leave_widget()
            self._open_section(line, line.rest, SectionKind.PROSE)
        else:
            self.leave_out(line, "TEMPLATE_LABEL", "A label of the page's template with nothing of its own")

    def _open_section(
        self, line: Line, heading: str | None, kind: SectionKind, *, nested: bool = False
    ) -> None:
        draft = SectionDraft(heading=heading, level=3 if nested else 2, kind=kind)
        self._section = OpenSection(draft, line.number, nested)
        self.parts.sections.append(self._section)
        self._question = self._side = None
        if kind is SectionKind.FAQ:
            self._faq = self._section

    def _is_heading(self, line: Line, following: Line | None) -> bool:
        if not may_be_heading(line.text):
            return False
        if is_title_case(line.text):
            return True
        is_text = line.text.endswith((":", "\uff1a")) or len(line.text) > LONGEST_PLAIN_HEADING
        is_inside = self._question is not None or self._takes_lines or not self._sink().is_finished
        if following is None or is_text or is_inside:
            return False
        text_follows = following.shape in (*TEXT_SHAPES, Shape.QUESTION, Shape.SIDE)
        return text_follows or not self._is_english

    # Related titles

    def _open_widget(self, line: Line) -> None:
        known = (part for part in self.parts.sections if part.draft.kind is SectionKind.RELATED)
        same = next((part for part in known if fold(part.draft.heading or "") == fold(line.rest)), None)
        if same:
            self.leave_out(line, "REPETITION", "The label of the related articles stands twice")
            self._widget = same
            return
        self._titles_are_marked, self._titles_before = False, len(self.parts.titles)
        # The widget interrupts: what follows its titles goes on where the text was.
        draft = SectionDraft(heading=line.rest, kind=SectionKind.RELATED)
        self._widget = OpenSection(draft, line.number)
        self.parts.sections.append(self._widget)

    def _leave_widget(self) -> None:
        if self._widget and len(self.parts.titles) == self._titles_before:
            self._section, self._question, self._side = self._widget, None, None
        self._widget = None

    def _is_title(self, line: Line, following: Line | None) -> bool:
        if line.shape in (Shape.ENTRIES, Shape.ITEM):
            return True
        # Titles behind symbols or bullets end where a line has none; only bare titles go on with bare lines.
        if line.shape is not Shape.SHORT or self._titles_are_marked:
            return False
        if following and following.shape is Shape.QUESTION:
            return self._faq is not None
        return following is None or following.shape not in (*TEXT_SHAPES, Shape.SIDE)

    def _take_titles(self, line: Line) -> None:
        self._titles_are_marked = line.shape is not Shape.SHORT
        entries = split_entries(line) if line.shape is Shape.ENTRIES else [line.rest or line.text]
        self.parts.titles.extend((line.number, entry) for entry in entries)

    # Questions

    def _open_question(self, line: Line, text: str) -> None:
        question = OpenQuestion(QuestionDraft(text), line.number)
        self._question_list().append(question.draft)
        self.parts.questions.append(question)
        self._question, self._side = question, None

    def _question_list(self) -> list[QuestionDraft]:
        section = self._section
        if section and section.is_empty and section.draft.kind is SectionKind.PROSE:
            section.draft.kind = SectionKind.FAQ
            self._faq = section
        owner = self._faq
        if owner is None and section and section.draft.kind is SectionKind.PROSE:
            owner = section
        return owner.draft.questions if owner else self.parts.outside

    def _asks_without_mark(self, line: Line, following: Line | None) -> bool:
        in_faq = self._faq is not None and self._section is self._faq and not self._marks_questions
        is_answered = following is not None and following.shape in (*TEXT_SHAPES, Shape.ANSWER, Shape.SHORT)
        is_one = len(line.text) <= LONGEST_BARE_QUESTION and len(split_sentences(line.text)) == 1
        return in_faq and is_answered and is_one and is_question(line.text)

    # Pros and cons

    def _open_side(self, line: Line) -> None:
        if self._section is None or self._question:
            self._open_section(line, None, SectionKind.PROS_AND_CONS)
        assert self._section is not None
        draft = self._section.draft
        if draft.kind is SectionKind.PROSE and self._section.is_empty:
            draft.kind = SectionKind.PROS_AND_CONS
        self._side = draft.pros if line.side == "pros" else draft.cons
        self._takes_lines = not line.rest
        self._take_sentences(line, line.rest)

    def _take_sentences(self, line: Line, text: str) -> None:
        assert self._side is not None
        last = self._side[-1] if self._side else ""
        if text[:1].islower() and 0 < len(last) < LONGEST_ENTRY and not is_finished(last):
            self._side[-1] += f" {text}"
        else:
            self._side.extend(split_sentences(text))
        self._cut_line = line.number if text and not is_finished(text) else 0

    # Text

    def _take_marked(self, line: Line) -> bool:
        match line.shape:
            case Shape.QUESTION:
                self._open_question(line, line.rest)
            case Shape.ANSWER if self._question and not self._question.answer:
                if line.rest:
                    self._take_text(line, line.rest)
            case Shape.SIDE if self._has_both_sides or is_sure_side(line):
                self._open_side(line)
            case _:
                return False
        return True

    def _take_text_like(self, line: Line, following: Line | None) -> None:
        match line.shape:
            case Shape.ENTRIES:
                self._take_entries(line, following)
            case Shape.ITEM:
                self._take_numbered(line, following)
            case Shape.PICTURE:
                self._sink().add_picture(line.text)
            case _:
                self._take_plain(line, following)

    def _take_entries(self, line: Line, following: Line | None) -> None:
        entries = split_entries(line)
        if len(entries) > 1 and line.mark[0] in NEWS_MARKS:
            self._take_titles(line)
        elif len(entries) > 1 or line.mark[0] in SPLITTABLE or self._stands_in_list(line, following):
            for entry in entries:
                self._take_item(entry, "-")
        else:
            self._take_plain(line, following)

    def _stands_in_list(self, line: Line, following: Line | None) -> bool:
        return line.mark == self._last_mark or (following is not None and following.mark == line.mark)

    def _take_numbered(self, line: Line, following: Line | None) -> None:
        is_numbered = line.mark[0].isdigit()
        text_follows = following is not None and following.shape is Shape.PROSE
        if is_numbered and text_follows and may_be_heading(line.rest) and is_title_case(line.rest):
            self._open_section(line, line.text, SectionKind.PROSE)
        else:
            self._take_item(line.rest, line.mark if is_numbered else "-")

    def _take_item(self, text: str, mark: str) -> None:
        if self._side is None:
            self._sink().add_item(text, mark)
        else:
            self._side.append(text)
            self._takes_lines = False

    def _take_plain(self, line: Line, following: Line | None) -> None:
        awaits_answer = self._question is not None and not self._question.answer
        if self._asks_without_mark(line, following):
            self._open_question(line, line.text)
        elif not awaits_answer and self._is_heading(line, following):
            self._open_section(line, line.text, SectionKind.PROSE)
        else:
            self._take_text(line, line.text)

    def _take_text(self, line: Line, text: str) -> None:
        goes_on = text[:1].islower()
        if self._side is not None and (self._takes_lines or (goes_on and self._side)):
            self._take_sentences(line, text)
            return
        self._side = None
        asked = self._question
        if goes_on and asked and not asked.answer and is_asked_further(asked.draft.question):
            asked.draft.question += f" {text}"
            return
        sink = self._sink()
        is_next = line.number == self._text_line + 1
        if not ((goes_on or (is_next and sink.is_wrapped)) and sink.continue_last(text)):
            sink.add_paragraph(text)
        self._text_line = line.number
        self._cut_line = 0 if is_finished(text) else line.number

    def _sink(self) -> Passage:
        if self._question:
            return self._question.answer
        return self._section.body if self._section else self.parts.intro
