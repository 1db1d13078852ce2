"""What rendering adds to well-formed HTML: anchors on headings, unique ids, footnotes that lead there
and back, links on bare addresses. Its result still goes through the sanitiser.
"""

from __future__ import annotations

import html as entities
import re
from urllib.parse import unquote

from models.rendering.anchors import Anchors
from models.rendering.autolinks import escape, link_addresses
from models.rendering.elements import HEADINGS

PIECE = re.compile(
    r"""
      <sup\ class="footnote-reference"><a\ href="\#(?P<reference>[^"]*)"[^>]*>(?P<mark>[0-9]+)</a></sup>
    | <div\ class="footnote-definition"\ id="(?P<definition>[^"]*)">
        <sup\ class="footnote-definition-label">(?P<label>[0-9]+)</sup>
    | <(?P<end>/?)(?P<name>[a-z][a-z0-9]*)(?P<attributes>(?:\s[^\s=>"/]+(?:="[^"]*")?)*+)\s*/?>
    """,
    re.VERBOSE,
)
ID = re.compile(r'\sid="([^"]*)"')
FRAGMENT = re.compile(r'\shref="#([^"]*)"')
LEADING_NEWLINES = re.compile(r"(<pre(?:\s[^>]*)?>)\n+")

VERBATIM = frozenset({"a", "code", "pre", "kbd", "samp"})


def decorate(html: str, anchors: Anchors, prefix: str) -> str:
    """Return the HTML with ids and links in place; ids are taken from `anchors` in document order.

    `html` is well-formed, its attributes in double quotes. `prefix` starts the ids of footnotes.
    """
    if not _has_occasion(html):
        return html
    # Parsers drop the first newline of <pre>, so that each parse would take one away.
    html = LEADING_NEWLINES.sub(r"\1", html)
    decoration = _Decoration(anchors, prefix)
    position = 0
    for piece in PIECE.finditer(html):
        if piece.start() > position:
            decoration.text(html[position : piece.start()])
        position = piece.end()
        if piece["name"]:
            decoration.tag(piece)
        elif piece["label"]:
            decoration.footnote(piece["definition"], piece["label"])
        else:
            decoration.reference(piece["reference"], piece["mark"])
    decoration.text(html[position:])
    return decoration.finish()


def _has_occasion(html: str) -> bool:
    # Counting costs a tenth of a pass over the tags, and most bodies need none.
    if "<h" in html or ' id="' in html or "<pre>\n" in html:
        return True
    if html.count("://") > html.count('="https://') + html.count('="http://'):
        return True
    lowered = html.lower()
    return lowered.count("www.") > lowered.count("//www.") or 'class="footnote-' in html


class _Decoration:
    """One pass over one body. `_out` has a slot for each piece, so that earlier ones can be completed."""

    def __init__(self, anchors: Anchors, prefix: str) -> None:
        self._anchors = anchors
        self._prefix = prefix
        self._out: list[str] = []
        self._texts: list[str] = []
        self._verbatim = 0
        self._headings: list[tuple[int, int]] = []
        self._ids: dict[str, str] = {}
        self._fragments: list[tuple[int, str]] = []
        self._footnotes: dict[str, str] = {}
        self._defined: dict[str, int] = {}
        self._referenced: dict[str, str] = {}

    def text(self, text: str) -> None:
        if self._headings:
            self._texts.append(text)
        if not self._verbatim and ("://" in text or "www." in text.lower()):
            text = link_addresses(entities.unescape(text))
        self._out.append(text)

    def tag(self, piece: re.Match[str]) -> None:
        tag, name, attributes = piece[0], piece["name"], piece["attributes"]
        if name in VERBATIM:
            self._verbatim += -1 if piece["end"] else 1
        if piece["end"]:
            if name in HEADINGS and self._headings:
                self._finish_heading()
        elif own := ID.search(attributes):
            tag = tag.replace(own[0], self._keep(own[1]), 1)
        elif name in HEADINGS:
            self._headings.append((len(self._out), len(self._texts)))
        if not piece["end"] and (fragment := FRAGMENT.search(attributes)):
            self._fragments.append((len(self._out), fragment[1]))
        self._out.append(tag)

    def reference(self, label: str, mark: str) -> None:
        target = self._footnotes.get(label)
        if target is None:
            target = self._footnotes[label] = self._footnote_id("fn", label)
        own = ""
        if label not in self._referenced:
            self._referenced[label] = self._footnote_id("fnref", label)
            own = f' id="{self._referenced[label]}"'
        self._out.append(
            f'<sup class="footnote-reference"{own}>'
            f'<a href="#{target}" rel="noopener noreferrer">{mark}</a></sup>'
        )

    def footnote(self, label: str, mark: str) -> None:
        if label in self._defined:
            target = self._footnote_id("fn", label)
        else:
            target = self._footnotes.get(label) or self._footnote_id("fn", label)
            self._footnotes[label] = target
            self._defined[label] = len(self._out) + 1
        self._out += [
            f'<div class="footnote-definition" id="{target}"><sup class="footnote-definition-label">',
            mark,
            "</sup>",
        ]

    def finish(self) -> str:
        """Complete what refers forward: footnotes back to their references, links to renamed ids."""
        for label, slot in self._defined.items():
            if source := self._referenced.get(label):
                self._out[slot] = f'<a href="#{source}" rel="noopener noreferrer">{self._out[slot]}</a>'
        for slot, fragment in self._fragments:
            own = unquote(entities.unescape(fragment))
            if self._ids.get(own, own) != own:
                self._out[slot] = self._out[slot].replace(
                    f'href="#{fragment}"', f'href="#{escape(self._ids[own])}"', 1
                )
        return "".join(self._out)

    def _footnote_id(self, kind: str, label: str) -> str:
        parts = (self._prefix, kind, entities.unescape(label))
        return escape(self._anchors.keep("-".join(part for part in parts if part)))

    def _keep(self, written: str) -> str:
        own = entities.unescape(written)
        if not own.strip():
            return ""
        kept = self._anchors.keep(own)
        self._ids.setdefault(own, kept)
        return f' id="{escape(kept)}"'

    def _finish_heading(self) -> None:
        slot, first = self._headings.pop()
        text = entities.unescape("".join(self._texts[first:]))
        start = self._out[slot]
        self._out[slot] = f'{start[:3]} id="{escape(self._anchors.issue(text))}"{start[3:]}'
