"""Authors' own HTML made harmless for parsers: no more levels than a reader could mean, every element
closed, nothing but known elements. HTML parsers need quadratic time and space without such a limit.

It is no protection from scripts; the sanitiser is.
"""

from __future__ import annotations

import re
from collections import Counter

from models.rendering.elements import ALLOWED, DROPPED, FORMATTING, INLINE, ROWS, VOID
from models.rendering.sanitising import ATTRIBUTES, LINK_RELATION

DEEPEST = 100
DEEPEST_FORMATTING = 12

TABLE_PARTS = frozenset({"caption", "col", "colgroup", "thead", "tbody", "tfoot", "tr", "td", "th"})
# Elements whose end an author may leave out (HTML Standard section 13.1.2.4), with those they end.
CELLS = frozenset({"td", "th", "p"})
ENDS: dict[str, frozenset[str]] = {
    "li": frozenset({"li", "p"}),
    "dt": frozenset({"dt", "dd", "p"}),
    "dd": frozenset({"dt", "dd", "p"}),
    "td": CELLS,
    "th": CELLS,
    "tr": CELLS | {"tr", "caption", "colgroup"},
    "thead": CELLS | {"tr", "caption", "colgroup"},
    "tbody": CELLS | {"tr", "thead", "tbody", "caption", "colgroup"},
    "tfoot": CELLS | {"tr", "thead", "tbody", "caption", "colgroup"},
}
PARAGRAPH = frozenset({"p"})
OPTIONAL_END = TABLE_PARTS | {"li", "dt", "dd"}

MARKUP = re.compile(
    rf"""<(?:
        !--(?:-?>|.*?(?:--!?>|\Z))
      | (?P<dropped>{"|".join(sorted(DROPPED))})(?=[\s/>])[^>]*+
        (?:>.*?(?:</(?P=dropped)\b[^>]*+>?|\Z)|\Z)
      | [!?][^<>]*+>?
      | (/?)([a-z][^\s/>"'<]*+)((?:[^"'<>]|"[^"]*"|'[^']*')*+)>
      | (?P<bare>)
    )""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
ATTRIBUTE = re.compile(r"""([^\s"'<>/=]++)(?:\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]++)))?""")


def flatten(html: str) -> str:
    """Return HTML with known elements only, at most DEEPEST levels deep, each closed in order."""
    flattening = _Flattening()
    first, *rest = MARKUP.split(html)
    flattening.out.append(_write_text(first))
    pieces = iter(rest)
    for _, end, name, attributes, bare, text in zip(*[pieces] * 6, strict=True):
        if name:
            if end:
                flattening.end(name.lower())
            else:
                flattening.start(name.lower(), attributes)
        elif bare is not None:
            flattening.out.append("&lt;")
        if text:
            flattening.out.append(_write_text(text))
    return "".join(flattening.out)


class _Flattening:
    """The elements that are open at one place of the text, and the text so far."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self._open: list[str] = []
        self._count: Counter[str] = Counter()
        self._left_out: Counter[str] = Counter()
        self._formatting = 0

    def start(self, name: str, attributes: str) -> None:
        if name not in ALLOWED:
            return
        self._end_implicitly(name)
        if name in VOID:
            self.out.append(write_tag(name, attributes))
        elif self._admits(name):
            self._open.append(name)
            self._count[name] += 1
            self._formatting += name in FORMATTING
            self.out.append(write_tag(name, attributes))
        else:
            self._left_out[name] += 1

    def end(self, name: str) -> None:
        if self._left_out[name]:
            self._left_out[name] -= 1
        elif self._count[name]:
            while self._open[-1] != name:
                self._close()
            self._pop()
            self.out.append(f"</{name}>")

    def _admits(self, name: str) -> bool:
        # What stands between rows of a table is moved in front of it by parsers, which then repeat
        # formatting elements for each piece of text.
        if self._open and self._open[-1] in ROWS and name not in TABLE_PARTS:
            return False
        if name in FORMATTING and self._formatting >= DEEPEST_FORMATTING:
            return False
        return len(self._open) < DEEPEST

    def _end_implicitly(self, name: str) -> None:
        # Formatting elements inside are closed in writing, else parsers repeat them in all that follows.
        ended = ENDS.get(name, frozenset() if name in INLINE or name == "br" else PARAGRAPH)
        while ended and (place := self._innermost_block()) is not None and self._open[place] in ended:
            last = self._open[place]
            while len(self._open) > place:
                self._close()
            if last == name:
                break

    def _innermost_block(self) -> int | None:
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place] not in INLINE:
                return place
        return None

    def _close(self) -> None:
        if (name := self._pop()) not in OPTIONAL_END:
            self.out.append(f"</{name}>")

    def _pop(self) -> str:
        name = self._open.pop()
        self._count[name] -= 1
        self._formatting -= name in FORMATTING
        return name


def _write_text(text: str) -> str:
    return text.replace("&quot;", '"').replace("\xa0", "&nbsp;")


def write_tag(name: str, attributes: str) -> str:
    """Return a start tag with the attributes that may be stored, each in double quotes.

    An `<a name>` becomes `<a id>`, its successor in HTML 5.
    """
    if not attributes:
        return f"<{name}>"
    written: dict[str, str] = {}
    for key, double, single, bare in ATTRIBUTE.findall(attributes):
        attribute = key.lower()
        value = (double or single or bare).replace('"', "&quot;")
        if attribute == "name" and name == "a":
            attribute = "id"
        if attribute == "id" and not value.strip():
            continue
        if attribute in ATTRIBUTES["*"] or attribute in ATTRIBUTES.get(name, ()):
            written.setdefault(attribute, value)
    if name == "a":
        written["rel"] = LINK_RELATION
    return f"<{name}" + "".join([f' {key}="{value}"' for key, value in written.items()]) + ">"
