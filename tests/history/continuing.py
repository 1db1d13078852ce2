"""Which parts of a saved content are those of the one before, by the rule that authors are told.

A part that names its id has it. Else it is the part with the same label and text, else with the same label,
else with the same text; else it is new, and its id comes from its label. Texts are never merely alike here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count

from tests.history.content import Content, Names, Token, name

Part = tuple[str, str, Token]
"""Label (heading or question), text (body or answer), and token."""

SAME: list[Callable[[Part, Part], bool]] = [
    lambda old, new: old[:2] == new[:2],
    lambda old, new: old[0] == new[0],
    lambda old, new: old[1] == new[1] and old[1] != "",
]


def continue_content(before: Content | None, content: Content, place: tuple[str, str]) -> Content:
    """Return the content with a token for each part, those of the content before where they continue it."""
    sections = continue_parts(section_parts(before), section_parts(content), (*place, "section"))
    questions = continue_parts(question_parts(before), question_parts(content), (*place, "question"))
    return name(content, sections, questions)


def section_parts(content: Content | None) -> list[Part]:
    """Return the sections of a content."""
    return [(section.heading, section.body, section.token) for section in content.sections] if content else []


def question_parts(content: Content | None) -> list[Part]:
    """Return the questions of a content."""
    return [(q.question, q.answer, q.token) for _, q in content.all_questions] if content else []


def continue_parts(before: Sequence[Part], after: Sequence[Part], origin: Token) -> Names:
    """Return a token for each part of `after`."""
    names = {index: part[2] for index, part in enumerate(after) if part[2]}
    for same in SAME:
        for index, new in enumerate(after):
            free = [old for old in before if old[2] not in names.values()]
            found = [old for old in free if same(old, new)]
            if index not in names and found:
                names[index] = found[0][2]
    used = {part[2] for part in before} | set(names.values())
    for index, new in enumerate(after):
        if index not in names:
            names[index] = next(t for n in count(1) if (t := (*origin, new[0], n)) not in used)
            used.add(names[index])
    return names
