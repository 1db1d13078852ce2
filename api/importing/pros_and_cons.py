"""Lists of what speaks for and against, taken from under their labels within a section.

It knows the labels of some languages and works on section drafts; it knows no files.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping

from api.importing.headings import fold
from api.importing.markdown_events import Block, plain_text, top_level_blocks
from models.draft import SectionDraft, SectionKind

PROS = """pros|pro|advantages|benefits|strengths|opportunities|upsides|vorteile|stärken|chancen|avantages|pour
    points forts|ventajas|a favor|vantagens|prós|vantaggi|pregi|voordelen|pluspunten|メリット|長所|优点|優點|장점
    المزايا|الإيجابيات|плюсы|преимущества|за|फायदे"""
CONS = """cons|con|contra|kontra|disadvantages|drawbacks|weaknesses|considerations|limitations|downsides|risks
    challenges|nachteile|schwächen|risiken|inconvénients|contre|points faibles|desventajas|inconvenientes|en contra
    contras|desvantagens|svantaggi|contro|difetti|nadelen|minpunten|デメリット|短所|缺点|缺點|단점|العيوب|السلبيات|минусы
    недостатки|против|नुकसान"""
SIDES = {
    fold(label): side
    for side, labels in (("pros", PROS), ("cons", CONS))
    for label in re.split(r"[|\n]", labels)
}
ITEM_MARK = re.compile(r"^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]*")
LABELLED = re.compile(
    r"^[ \t]*(?P<open>\*\*|__)?(?P<label>[^:*_\uff1a]{1,40})(?P<early>\*\*|__)?[:\uff1a]"
    r"(?P<late>\*\*|__)?(?P<rest>.*)$"
)


def gather_pros_and_cons(sections: list[SectionDraft]) -> list[SectionDraft]:
    """Return the sections with the lists of each PROS_AND_CONS section moved into its `pros` and `cons`.

    Lists count under a sub-heading, under a paragraph that is a label, and after `Pros:` on a line. A
    sub-heading whose text was all taken is left out; nothing else is lost.
    """
    kept: list[SectionDraft] = []
    owner: SectionDraft | None = None
    for section in sections:
        if owner is not None and section.level <= owner.level:
            owner = None
        if owner is not None and _give(owner, section):
            continue
        if section.kind is SectionKind.PROS_AND_CONS:
            owner = section
            section.body = _take_labelled(section, section.body, None)
        kept.append(section)
    return kept


def _give(owner: SectionDraft, section: SectionDraft) -> bool:
    side = SIDES.get(fold(section.heading or ""))
    if side is None:
        return False
    section.body = _take_labelled(owner, section.body, side)
    return not section.body and not section.questions


def _take_labelled(owner: SectionDraft, body: str, heading_side: str | None) -> str:
    source = body.encode()
    side = heading_side
    taken: list[tuple[int, int]] = []
    label: tuple[int, int] | None = None
    for block in top_level_blocks(body):
        if block.tag == "List" and side is not None:
            _side(owner, side).extend(_items(source, block))
            taken.extend(span for span in (label, (block.start, block.end)) if span)
            label = None
        elif block.tag == "Paragraph":
            taken.extend(_take_lines(owner, source, block))
            said = SIDES.get(fold(plain_text(source[block.start : block.end].decode())))
            # A later list with an introduction of its own stays with it: "Besides, there are some costs:".
            introduces = bool(taken) and source[block.start : block.end].rstrip().endswith(b":")
            side = said or (None if introduces else heading_side)
            label = (block.start, block.end) if said else None
        else:
            side, label = heading_side, None
    return _without(source, taken) if taken else body


def _side(owner: SectionDraft, side: str) -> list[str]:
    return owner.pros if side == "pros" else owner.cons


def _items(source: bytes, block: Block) -> Iterator[str]:
    depth = 0
    for event, (start, end) in block.events:
        if not isinstance(event, Mapping):
            continue
        if event.get("Start") == "Item":
            depth += 1
            if depth == 1:
                yield _item_text(source[start:end].decode())
        elif event.get("End") == "Item":
            depth -= 1


def _item_text(item: str) -> str:
    first, _, rest = ITEM_MARK.sub("", item, count=1).partition("\n")
    return f"{first}\n{textwrap.dedent(rest)}".strip()


def _take_lines(owner: SectionDraft, source: bytes, block: Block) -> Iterator[tuple[int, int]]:
    start = block.start
    for raw in source[block.start : block.end].splitlines(keepends=True):
        found = LABELLED.match(raw.decode().rstrip("\n"))
        side = SIDES.get(fold(found["label"])) if found else None
        if found and side and found["rest"].strip(" *_"):
            _side(owner, side).append(_rest_of(found))
            yield start, start + len(raw)
        start += len(raw)


def _rest_of(found: re.Match[str]) -> str:
    return (f"{found['open']}{found['rest'].lstrip()}" if _is_unclosed(found) else found["rest"]).strip()


def _is_unclosed(found: re.Match[str]) -> bool:
    return bool(found["open"]) and not found["early"] and not found["late"]


def _without(source: bytes, taken: list[tuple[int, int]]) -> str:
    kept: list[str] = []
    position = 0
    for start, end in [*sorted(taken), (len(source), len(source))]:
        kept.append(source[position:start].decode().strip("\n"))
        position = end
    return "\n\n".join(text for text in kept if text.strip())
