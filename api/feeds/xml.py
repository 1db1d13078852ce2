"""XML documents, written by the standard library from elements; here is what it leaves to its callers."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, tostring

FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What may not stand in XML 1.0 at all, not even escaped (section 2.2)."""


def add(parent: Element, name: str, text: str | None = None, **attributes: str) -> Element:
    """Return a new element in another one, with a text and attributes."""
    kept = {key.replace("_", ":"): FORBIDDEN.sub("", value) for key, value in attributes.items()}
    element = SubElement(parent, name, kept)
    if text is not None:
        element.text = FORBIDDEN.sub("", text)
    return element


def write_document(root: Element) -> bytes:
    """Return a document in UTF-8 with its declaration."""
    body: bytes = tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + body
