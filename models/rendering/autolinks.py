"""Bare web addresses in text, found and made links as GitHub Flavored Markdown does (section 6.9).

It knows one stretch of text at a time; where links are not wanted is the caller's business.
"""

from __future__ import annotations

import re

# Scripts without spaces run on after an address, so their letters end a host and their punctuation a path.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
HOST_CHARACTER = rf"(?:[^\W{UNSPACED}]|-)"
ADDRESS = re.compile(
    rf"(?<![A-Za-z0-9+.@/_-])"
    rf"(?:(?P<scheme>(?i:https?)://)|(?=(?i:www)\.))"
    rf"(?P<host>{HOST_CHARACTER}++(?:\.{HOST_CHARACTER}++)++)(?::[0-9]{{1,5}}+)?+"
    r"(?:[/?#][^\s<>\"\u201c\u201d\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]*+)?+"
)
TRAILING = frozenset("?!.,:*_~'")


def link_addresses(text: str) -> str:
    """Return the HTML of plain text with each bare `https://…` or `www.…` as a link."""
    pieces: list[str] = []
    position = 0
    for found in ADDRESS.finditer(text):
        if "_" in "".join(found["host"].rsplit(".", 2)[-2:]):
            continue
        address = found[0][: _end(found[0])]
        href = address if found["scheme"] else f"http://{address}"
        pieces.append(escape(text[position : found.start()]))
        pieces.append(f'<a href="{escape(href)}" rel="noopener noreferrer">{escape(address)}</a>')
        position = found.start() + len(address)
    pieces.append(escape(text[position:]))
    return "".join(pieces)


def escape(text: str) -> str:
    """Return the text as the sanitiser would write it, fit for attributes too."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;").replace("\xa0", "&nbsp;")


def _end(address: str) -> int:
    end = len(address)
    surplus = address.count(")") - address.count("(")
    while True:
        last = address[end - 1]
        if last in TRAILING:
            end -= 1
        elif last == ")" and surplus > 0:
            end -= 1
            surplus -= 1
        elif (
            last == ";"
            and (start := address.rfind("&", 0, end)) >= 0
            and address[start + 1 : end - 1].isalnum()
        ):
            end = start
        else:
            return end
