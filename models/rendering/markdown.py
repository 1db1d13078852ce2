"""Markdown to raw, unsafe HTML: CommonMark with tables, strikethrough, task lists, footnotes,
heading attributes and alerts. What comes out has to go through the sanitiser.
"""

from __future__ import annotations

import re

import pyromark
from pyromark import Options

MOST_CONTAINERS = 100

PARSER = pyromark.Markdown(
    options=Options.ENABLE_TABLES
    | Options.ENABLE_FOOTNOTES
    | Options.ENABLE_STRIKETHROUGH
    | Options.ENABLE_TASKLISTS
    | Options.ENABLE_HEADING_ATTRIBUTES
    | Options.ENABLE_GFM
)

UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
REPLACED = re.compile("[\x00\ud800-\udfff]")

CONTAINER = r"[ \t]*+(?:>|(?:[-+*]|[0-9]{1,9}[.)])(?=[ \t]))"
DEEP_LINE = re.compile(rf"^((?:{CONTAINER}){{{MOST_CONTAINERS}}}+)(?:{CONTAINER})++", re.MULTILINE)

FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
OPENING_TAG = re.compile(r" {0,3}<([a-z][a-z0-9]*)(\s[^<>]*+)>", re.IGNORECASE)
MARKDOWN_ATTRIBUTE = re.compile(r"""\smarkdown\s?=\s?["']?(?:1|block)\b""", re.IGNORECASE)

ALIGNMENTS = [
    (f'<{cell} style="text-align: {side}">', f'<{cell} align="{side}">')
    for cell in ("th", "td")
    for side in ("left", "center", "right")
]
# Check boxes become characters: they survive every client, and no <input> has to be let through.
CHECK_BOXES = [
    ('<input disabled="" type="checkbox"/>\n', "\u2610 "),
    ('<input disabled="" type="checkbox" checked=""/>\n', "\u2611 "),
]


def tidy(text: str) -> str:
    """Return the text without control characters; NUL and lone surrogates become U+FFFD.

    CommonMark 0.31 section 2.3 asks for U+FFFD in place of NUL.
    """
    if UNWANTED.search(text) is None:
        return text
    return UNWANTED.sub("", REPLACED.sub("\ufffd", text))


def to_raw_html(markdown: str) -> str:
    """Return unsafe HTML of any text whatever, in time linear in its length."""
    text = tidy(markdown).removeprefix("\ufeff")
    if "markdown" in text:
        text = open_markdown_blocks(text)
    html = PARSER.html(text)
    if html.count("<blockquote") + html.count("<li>") > MOST_CONTAINERS and DEEP_LINE.search(text):
        html = PARSER.html(DEEP_LINE.sub(r"\1", text))
    if "text-align: " in html:
        html = _replace(html, ALIGNMENTS)
    if "<input " in html:
        html = _replace(html, CHECK_BOXES)
    return tidy(html)


def open_markdown_blocks(text: str) -> str:
    """Return the text with blank lines inside HTML blocks that carry kramdown's `markdown="1"`.

    CommonMark renders Markdown inside an HTML block only after a blank line. Code fences stay as they are.
    """
    lines: list[str] = []
    fence = ""
    for line in text.split("\n"):
        if mark := FENCE.match(line):
            fence = _next_fence(fence, mark[1], line)
        opened = None if fence or "markdown" not in line else OPENING_TAG.match(line)
        if opened and MARKDOWN_ATTRIBUTE.search(opened[2]):
            lines += _open_block(opened[0], f"</{opened[1]}>", line[opened.end() :].strip())
        else:
            lines.append(line)
    return "\n".join(lines)


def _open_block(tag: str, end: str, content: str) -> list[str]:
    if content.endswith(end):
        return [tag, "", content.removesuffix(end), "", end]
    return [tag, "", content] if content else [tag, ""]


def _next_fence(fence: str, mark: str, line: str) -> str:
    if not fence:
        return mark
    closes = mark[0] == fence[0] and len(mark) >= len(fence) and line.strip() == mark
    return "" if closes else fence


def _replace(html: str, pairs: list[tuple[str, str]]) -> str:
    for old, new in pairs:
        html = html.replace(old, new)
    return html
