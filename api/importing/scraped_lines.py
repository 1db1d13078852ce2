"""What a single line of scraped text looks like: a label, a question, a heading, prose, and so on.

It judges lines by their words and marks alone; what they mean on their page is decided in `scraped_page`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from api.importing.headings import classify_heading, fold, is_question
from api.importing.pros_and_cons import SIDES
from api.importing.questions import ASKED, SAID
from models.draft import SectionKind

# Names that page templates put between the parts of a text. The first stand for nothing unless text follows
# them, the second never belong to an article.
HOLLOW = """Understanding the Context|Setting the Context|Context and Background|Den Kontext verstehen
    Den Zusammenhang verstehen|Comprendre le contexte|Comprender el contexto|Entendendo o contexto"""
FURNITURE = """Advertisement|Advertisements|Sponsored|Sponsored Content|Continue Reading Below|Share This Article
    Share|Share This|Skip to Content|Back to Top|Subscribe|Anzeige|Werbung|Zum Inhalt springen|Nach oben
    Artikel teilen|Publicité|Partager|Publicidad|Compartir|Publicidade|Compartilhar"""
HOLLOW_LABELS = frozenset(map(fold, re.split(r"[|\n]", HOLLOW)))
PAGE_FURNITURE = frozenset(map(fold, re.split(r"[|\n]", FURNITURE)))
INVITATION = re.compile(
    "(?:(?:articles? |posts? )?you (?:might|may) (?:also )?(?:like|enjoy)|recommended for you"
    "|die (?:ihnen|dir) (?:auch )?gefallen (?:könnten|dürften)|das könnte (?:ihnen|dir) (?:auch )?gefallen"
    "|qui (?:pourraient|devraient) vous (?:plaire|intéresser)|que (?:te|le) (?:pueden|podrían) (?:gustar|interesar))$"
)
LABELLED = re.compile(r"(?P<label>[^:\uff1a.!?]{2,30})[:\uff1a](?P<rest>.*)", re.DOTALL)
BULLET = re.compile(r"(?:[-*+–•●▪‣◦·✓✔➤]\s+|(?P<number>\d{1,3}[.)])\s+)(?P<rest>\S.*)", re.DOTALL)  # noqa: RUF001
PICTURE = re.compile(r"https?://[^\s<>()]+\.(?:png|jpe?g|gif|webp|avif|svg)(?:\?[^\s<>()]*)?", re.IGNORECASE)
ALWAYS_SIDES = {"pros", "cons", "advantages", "disadvantages", "vorteile", "nachteile"}
ENDS_IN_INITIALS = re.compile(r"(?:(?<!\w)(?:[^\W\d_]\.){2,}|(?<!\w)(?:Inc|Ltd|Co|Jr|Sr)\.)$")
SPLITTABLE = "•●▪‣◦"
NEWS_MARKS = "📰🗞🔗📖📚📄📝📌👉➡📑"
NO_HEADING_ENDS = (".", ",", ";", "…", "。", "،", "、")
LONGEST_HEADING = 140
MOST_HEADING_WORDS = 18


class Shape(Enum):
    """What a line looks like."""

    LABEL = auto()  # a heading whose words say what its section is
    HOLLOW = auto()  # a template's label that stands for nothing of its own
    FURNITURE = auto()
    QUESTION = auto()
    ANSWER = auto()
    SIDE = auto()  # `Pros:` or `Cons:`
    ENTRIES = auto()  # entries that each begin with the same symbol
    ITEM = auto()
    SHORT = auto()  # may be a heading
    PICTURE = auto()
    DECORATION = auto()
    PROSE = auto()


@dataclass(frozen=True, slots=True)
class Line:
    """A line, or a part of one, with its number in the file; `text` has no outer white space.

    `rest` is the text without the mark that gave the line its shape, `side` is `pros` or `cons`.
    """

    number: int
    text: str
    shape: Shape = Shape.PROSE
    rest: str = ""
    kind: SectionKind = SectionKind.PROSE
    side: str = ""
    mark: str = ""


def shape_line(number: int, text: str) -> Line:
    """Return the line with its shape, judged without its neighbours."""
    kind = classify_label(text)
    if kind is not SectionKind.PROSE:
        return Line(number, text, Shape.LABEL, strip_label(text), kind)
    if not any(char.isalnum() for char in text):
        return Line(number, text, Shape.DECORATION)
    words = fold(text) if len(text) <= LONGEST_HEADING else ""
    if words in HOLLOW_LABELS:
        return Line(number, text, Shape.HOLLOW, text)
    if words in PAGE_FURNITURE:
        return Line(number, text, Shape.FURNITURE)
    return shape_marked(number, text) or shape_plain(number, text)


def shape_marked(number: int, text: str) -> Line | None:
    """Return the line if a mark at its beginning tells what it is."""
    if (asked := ASKED.match(text)) and (text[:1] in "Qq" or is_question(asked["rest"])):
        return Line(number, text, Shape.QUESTION, asked["rest"].strip())
    if said := SAID.match(text):
        return Line(number, text, Shape.ANSWER, said["rest"].strip())
    if side := read_side(text):
        return Line(number, text, Shape.SIDE, side[1], side=side[0])
    if symbols := leading_symbols(text):
        rest = text[len(symbols) :].strip()
        return Line(number, text, Shape.ENTRIES, rest, mark=symbols) if rest else None
    if bullet := BULLET.fullmatch(text):
        mark = bullet["number"] or text[0]
        shape = Shape.ENTRIES if mark in SPLITTABLE and text.count(mark) > 1 else Shape.ITEM
        return Line(number, text, shape, bullet["rest"], mark=mark)
    return None


def shape_plain(number: int, text: str) -> Line:
    """Return a line without marks as a picture, a possible heading or prose."""
    if PICTURE.fullmatch(text):
        return Line(number, text, Shape.PICTURE)
    return Line(number, text, Shape.SHORT if may_be_heading(text) else Shape.PROSE)


def classify_label(text: str) -> SectionKind:
    """Return what section a line announces if it is nothing but such a label, PROSE if it is none."""
    if len(text) > LONGEST_HEADING or text.endswith("."):
        return SectionKind.PROSE
    kind = classify_heading(text)
    words = fold(text) if kind is SectionKind.PROSE else ""
    if found := INVITATION.search(words):
        before = words[: found.start()].strip()
        return classify_heading(before) if before else SectionKind.RELATED
    return kind


def strip_label(text: str) -> str:
    """Return a label's words without the symbols before and the colon behind them."""
    return text[len(leading_symbols(text)) :].strip().rstrip(":\uff1a").rstrip()


def read_side(text: str) -> tuple[str, str] | None:
    """Return `pros` or `cons` and the text behind the label, None where the line has no such label.

    Without a colon only the surest words count: "Challenges" alone on a line is an ordinary heading.
    """
    if found := LABELLED.fullmatch(text):
        side = SIDES.get(fold(found["label"]))
        return (side, found["rest"].strip()) if side else None
    words = fold(text) if len(text) < 30 else ""
    return (SIDES[words], "") if words in ALWAYS_SIDES else None


def is_sure_side(line: Line) -> bool:
    """Tell whether a side's label means pros and cons even where its counterpart is missing."""
    return fold(line.text.partition(":")[0]) in ALWAYS_SIDES


def leading_symbols(text: str) -> str:
    """Return the emoji and pictograms that a text begins with, without the bullets of lists."""
    end = 0
    for char in text:
        joins = char in "\ufe0f\u200d" or unicodedata.category(char) == "Sk"
        if not (unicodedata.category(char) == "So" or (end and joins)) or char in "●▪◦‣✓✔➤":
            break
        end += 1
    return text[:end]


def may_be_heading(text: str) -> bool:
    """Tell whether a line is short, begins as a heading does and does not end as a sentence does.

    A full stop that belongs to initials ends no sentence where the rest is written as headings are.
    """
    if len(text) > LONGEST_HEADING or len(text.split()) > MOST_HEADING_WORDS or "://" in text:
        return False
    first = next((char for char in text if char.isalnum()), "")
    is_open = not text.rstrip("\"'”’»)").endswith(NO_HEADING_ENDS)  # noqa: RUF001
    return not first.islower() and (
        is_open or (ENDS_IN_INITIALS.search(text) is not None and is_title_case(text))
    )


def is_title_case(text: str) -> bool:
    """Tell whether most of a line's longer words begin with a capital (or in a script without any)."""
    words = [word.strip("\"'“”‘’«»()[]:,!?-") for word in text.split()]  # noqa: RUF001
    longer = [word for word in words if len(word) > 3] or [word for word in words if word]
    capitals = sum(not word[0].islower() for word in longer)
    return bool(longer) and capitals >= 0.6 * len(longer)


def split_entries(line: Line) -> list[str]:
    """Return the entries of a line in which each begins with the same symbol, or with some symbol."""
    entries = [part.strip() for part in line.text.split(line.mark) if part.strip()]
    if len(entries) > 1:
        return entries
    return [part for part in split_at_symbols(line.rest) if part]


def split_at_symbols(text: str) -> Iterator[str]:
    """Yield the parts of a text between symbols that stand between spaces."""
    part: list[str] = []
    for word in text.split():
        if leading_symbols(word) == word:
            yield " ".join(part)
            part = []
        else:
            part.append(word)
    yield " ".join(part)
