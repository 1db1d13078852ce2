"""Questions with their answers, found in FAQ sections and in `Q:`/`A:` paragraphs.

It turns parts of an outline into drafts; what it takes it takes once, and the rest stays where it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from api.importing.headings import QUESTION_MARK, classify_heading, is_question, marked_kind
from api.importing.markdown_events import Block, plain_text, top_level_blocks
from api.importing.splitting import Part, iterate_groups
from models.draft import QuestionDraft, SectionDraft, SectionKind

ASKS = "q|question|frage|f|pregunta|pergunta|domanda|p|d|v|vraag|問|问|質問|سؤال|س|вопрос|в|질문|प्रश्न"
SAYS = (
    "a|answer|antwort|respuesta|réponse|resposta|risposta|r|antwoord|答|回答|جواب|ج|ответ|\u043e|답|답변|उत्तर"
)
# A full stop is no colon: only `Q.` and `A.` are marks, other letters before a stop begin lists and initials.
MARK = r"^[ ]{0,3}(?P<open>\*\*|__|[*_])?(?:(?:%s)[ ]?\d*(?P<early>\*\*|__|[*_])?[ ]?[:\uff1a]|%s\d*\.(?=[\s*_]))"
MARK += r"(?P<late>\*\*|__|[*_])?[ \t]*(?P<rest>.*)$"
ASKED = re.compile(MARK % (ASKS, "q"), re.IGNORECASE)
SAID = re.compile(MARK % (SAYS, "a"), re.IGNORECASE)
BOLD_ALONE = re.compile(r"^[ ]{0,3}(\*\*|__)(?P<words>(?:(?!\1).)+)\1[ ]*$", re.DOTALL)
DEEPEST = 6
CONTINUES = ("List", "CodeBlock", "BlockQuote", "Table")


@dataclass(slots=True)
class Found:
    """Questions taken out of a text, and the Markdown that was not part of them."""

    questions: list[QuestionDraft] = field(default_factory=list)
    rest: str = ""


def sections_of(parts: list[Part], is_faq: bool) -> tuple[list[SectionDraft], list[QuestionDraft]]:
    """Return the sections of an outline's parts, and the questions that belong to none of them.

    In a FAQ section, deeper headings that ask become its questions; where most of them ask, all do. An
    article that is a FAQ as a whole (`is_faq`) gives its asking headings as questions outside of sections.
    Classes of a heading go before its words.
    """
    sections: list[SectionDraft] = []
    questions: list[QuestionDraft] = []
    for head, below in iterate_groups(parts):
        marked = marked_kind(head.classes)
        if QUESTION_MARK in head.classes:
            _place(head, sections, questions).append(_asked_by_heading(head, below))
        elif is_faq and marked is None and is_question(head.heading):
            questions.append(_asked_by_heading(head, below))
        elif kind_of(head) is SectionKind.FAQ or (is_faq and marked is None):
            sections.extend(_faq_section(head, below))
        else:
            sections.extend(_other_section(head, below))
    return sections, questions


def _other_section(head: Part, below: list[Part]) -> list[SectionDraft]:
    """Return a section that is no FAQ, with those below; only headings that are marked are its questions."""
    section = _plain_section(head)
    inner, asked = sections_of(below, is_faq=False)
    section.questions += asked
    return [section, *inner]


def _place(part: Part, sections: list[SectionDraft], questions: list[QuestionDraft]) -> list[QuestionDraft]:
    """Return the questions among which a marked one stands; below the deepest level there is none to be below of."""
    if sections and sections[-1].level == part.level == DEEPEST:
        return sections[-1].questions
    return questions


def kind_of(part: Part) -> SectionKind:
    """Return what a part of an outline is by its classes, else by its heading's words."""
    return marked_kind(part.classes) or classify_heading(part.heading)


def _plain_section(part: Part) -> SectionDraft:
    found = take_questions(part.body, in_faq=False)
    return SectionDraft(
        heading=part.heading or None,
        level=part.level,
        kind=kind_of(part),
        body=found.rest,
        anchor=part.anchor,
        questions=found.questions,
    )


def _faq_section(head: Part, below: list[Part]) -> list[SectionDraft]:
    children = list(iterate_groups(below))
    kind = kind_of(head)
    asking = sum(is_question(child.heading) for child, _ in children)
    mostly = 2 * asking > len(children)
    section = _plain_section(head)
    found = take_questions(head.body, in_faq=kind is SectionKind.FAQ or asking > 0)
    section.body, section.questions = found.rest, found.questions
    further: list[SectionDraft] = []
    for child, deeper in children:
        marked = marked_kind(child.classes)
        if QUESTION_MARK in child.classes:
            _place(child, further, section.questions).append(_asked_by_heading(child, deeper))
        elif marked is None and (
            is_question(child.heading) or (mostly and kind is SectionKind.FAQ and _may_ask(child, deeper))
        ):
            section.questions.append(_asked_by_heading(child, deeper))
        elif marked in {None, SectionKind.FAQ}:
            further.extend(_faq_section(child, deeper))
        else:
            further.extend(_other_section(child, deeper))
    # A group of questions within a FAQ ("Billing") is one itself, whatever it is called.
    if kind is SectionKind.PROSE and section.questions and marked_kind(head.classes) is None:
        section.kind = SectionKind.FAQ
    return [section, *further]


def _may_ask(part: Part, deeper: list[Part]) -> bool:
    return classify_heading(part.heading) is SectionKind.PROSE and not any(
        is_question(inner.heading) for inner in deeper
    )


def _asked_by_heading(part: Part, deeper: list[Part]) -> QuestionDraft:
    answer = "\n\n".join(text for text in (part.body, *(inner.whole for inner in deeper)) if text)
    return QuestionDraft(question=part.heading, answer=answer, anchor=part.anchor)


def take_questions(body: str, in_faq: bool) -> Found:
    """Take `Q:`/`A:` paragraphs out of a text; in a FAQ also bold paragraphs that ask.

    An answer reaches to the next question. The last one ends with its paragraph and what continues it
    (a list, code, a quote, a table); under a bold question it reaches to the end. A `Q:` without any answer
    stays where it is.
    """
    if not body:
        return Found()
    lines = _marked_lines(body, in_faq)
    starts = [position for position, line in enumerate(lines) if line.asks]
    answered = [position for position in starts if _has_answer(lines, position)]
    if not answered:
        return Found(rest=body)
    return _collect(body, lines, answered)


@dataclass(slots=True)
class _Line:
    """A marked line: its bytes, what follows the mark, and where the block that it is in ends."""

    start: int
    end: int
    asks: bool
    rest: str
    block_end: int
    bold: bool = False


def _marked_lines(body: str, in_faq: bool) -> list[_Line]:
    source = body.encode()
    blocks = list(top_level_blocks(body))
    marked: list[_Line] = []
    for block, end in zip(blocks, _continued_ends(blocks), strict=True):
        if block.tag != "Paragraph":
            continue
        bold = _asks_in_bold(source, block) if in_faq else None
        marked.extend([bold] if bold else _lines_in(source, block, end))
    return marked


def _asks_in_bold(source: bytes, block: Block) -> _Line | None:
    paragraph = source[block.start : block.end]
    for text in (paragraph, paragraph.partition(b"\n")[0]):
        bold = BOLD_ALONE.match(text.decode().rstrip())
        if bold and is_question(bold["words"]) and not ASKED.match(bold[0]):
            return _Line(block.start, block.start + len(text), True, bold["words"], len(source), bold=True)
    return None


def _lines_in(source: bytes, block: Block, block_end: int) -> Iterable[_Line]:
    start = block.start
    for raw in source[block.start : block.end].splitlines(keepends=True):
        line = raw.decode().rstrip("\n")
        for pattern, asks in ((ASKED, True), (SAID, False)):
            found = pattern.match(line)
            if found:
                yield _Line(start, start + len(raw), asks, _rest_of(found), block_end)
                break
        start += len(raw)


def _rest_of(found: re.Match[str]) -> str:
    unclosed = found["open"] and not found["early"] and not found["late"]
    return f"{found['open']}{found['rest']}" if unclosed else found["rest"]


def _continued_ends(blocks: list[Block]) -> list[int]:
    """Return for each block where what continues it ends; from behind, so that each is looked at once."""
    ends = [block.end for block in blocks]
    for number in range(len(blocks) - 2, -1, -1):
        if blocks[number + 1].tag in CONTINUES:
            ends[number] = ends[number + 1]
    return ends


def _has_answer(lines: list[_Line], position: int) -> bool:
    line = lines[position]
    following = lines[position + 1] if position + 1 < len(lines) else None
    return line.bold or (following is not None and not following.asks and bool(line.rest.strip()))


def _collect(body: str, lines: list[_Line], answered: list[int]) -> Found:
    source = body.encode()
    found = Found()
    rests: list[str] = []
    position = 0
    for number in answered:
        line = lines[number]
        next_ask = next((later.start for later in lines[number + 1 :] if later.asks), len(source))
        rests.append(_cut(source, position, line.start))
        if line.bold:
            words, answer, position = line.rest, _cut(source, line.end, next_ask), next_ask
        else:
            said = lines[number + 1]
            is_last = next_ask == len(source)
            position = said.block_end if is_last else next_ask
            words = "\n".join([line.rest, _cut(source, line.end, said.start)])
            answer = f"{said.rest}\n{source[said.end : position].decode()}"
        found.questions.append(QuestionDraft(plain_text(words), answer.strip()))
    rests.append(_cut(source, position, len(source)))
    found.rest = "\n\n".join(text for text in rests if text.strip())
    return found


def _cut(source: bytes, start: int, end: int) -> str:
    return source[start:end].decode().strip("\n")
