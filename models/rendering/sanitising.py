"""The one list of what HTML may be stored, and the sanitiser that enforces it (ammonia, by nh3).

Nothing is published that is not this sanitiser's own output. It knows no Markdown.
"""

from __future__ import annotations

import re
from urllib.parse import urljoin

import nh3

from models.rendering.elements import ALLOWED, DROPPED

ATTRIBUTES: dict[str, set[str]] = {
    "*": {"id", "class", "title", "lang", "dir"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height", "loading"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan", "scope"},
    "col": {"span"},
    "colgroup": {"span"},
    "ol": {"start", "reversed", "type"},
    "li": {"value"},
    "details": {"open"},
    "time": {"datetime"},
    "del": {"datetime"},
    "ins": {"datetime"},
}
LINK_RELATION = "noopener noreferrer"
SCHEMES = {"http", "https", "mailto", "tel"}
PICTURE_DATA = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+", re.IGNORECASE)
# Anything in front of a colon counts, also what browsers would read as a relative address: clients that
# decode percent signs or leave out odd characters must not find a scheme there.
SCHEME = re.compile(r"([^/?#:]*):")
IGNORED_IN_URL = re.compile(r"[\x00-\x20\x7f-\xa0]+")

VALUES = {
    "dir": re.compile(r"ltr|rtl|auto", re.IGNORECASE),
    "lang": re.compile(r"[A-Za-z0-9-]{1,35}"),
    "align": re.compile(r"left|center|right"),
    "loading": re.compile(r"lazy|eager"),
    "scope": re.compile(r"col|row|colgroup|rowgroup"),
    "type": re.compile(r"[1aAiI]"),
    "width": re.compile(r"[0-9]{1,5}"),
    "height": re.compile(r"[0-9]{1,5}"),
    "colspan": re.compile(r"[0-9]{1,4}"),
    "rowspan": re.compile(r"[0-9]{1,5}"),
    "span": re.compile(r"[0-9]{1,4}"),
    "start": re.compile(r"-?[0-9]{1,9}"),
    "value": re.compile(r"-?[0-9]{1,9}"),
    "datetime": re.compile(r"[0-9TZWPDHMS:.,+\- ]{1,40}"),
    "open": re.compile(r"(?:open)?"),
    "reversed": re.compile(r"(?:reversed)?"),
}
CLASSES = {
    "code": re.compile(r"language-[\w+#.\-]{1,40}"),
    "pre": re.compile(r"language-[\w+#.\-]{1,40}"),
    "blockquote": re.compile(r"markdown-alert-(?:note|tip|important|warning|caution)"),
    "sup": re.compile(r"footnote-(?:reference|definition-label)"),
    "div": re.compile(r"footnote-definition"),
}

MANY_AMPERSANDS = 1000
AMPERSANDS = re.compile(r"(?:&[^&<>]*+){1,1000}+")


def admit(tag: str, attribute: str, value: str) -> str | None:
    """Return the value of an attribute as it may stand in stored HTML, or None to drop the attribute."""
    if attribute in {"href", "src"}:
        return value if is_safe_address(value, is_picture=tag == "img") else None
    if attribute == "class":
        allowed = CLASSES.get(tag)
        kept = [name for name in value.split() if allowed and allowed.fullmatch(name)]
        return " ".join(kept) or None
    pattern = VALUES.get(attribute)
    if pattern is not None:
        return value if pattern.fullmatch(value) else None
    return value if value.count("&") <= MANY_AMPERSANDS else None


def is_safe_address(address: str, *, is_picture: bool = False) -> bool:
    """Say whether an address is relative or of an allowed scheme; pictures may be inline raster data.

    White space and control characters are left out first, as browsers do (URL Standard section 4.4). A
    relative address has no colon in its first segment (RFC 3986 section 4.2).
    """
    if address.count("&") > MANY_AMPERSANDS:
        return False
    scheme = SCHEME.match(IGNORED_IN_URL.sub("", address))
    if scheme is None or scheme[1].lower() in SCHEMES:
        return True
    return is_picture and PICTURE_DATA.fullmatch(address) is not None


CLEANER = nh3.Cleaner(
    tags=set(ALLOWED),
    clean_content_tags=set(DROPPED),
    attributes=ATTRIBUTES,
    attribute_filter=admit,
    url_schemes=SCHEMES | {"data"},
    link_rel=LINK_RELATION,
)


def sanitise(html: str) -> str:
    """Return HTML that holds only what the lists above allow, whatever comes in."""
    # The serialiser needs quadratic time for one long text full of ampersands; comments, which it
    # leaves out, cut that text into short nodes.
    if html.count("&") > MANY_AMPERSANDS:
        html = AMPERSANDS.sub(r"\g<0><!---->", html)
    return CLEANER.clean(html)


def make_absolute(html: str, base: str) -> str:
    """Return stored HTML with its addresses as they are on the page at `base`, for those who show it elsewhere."""

    def rewrite(address: str) -> str | None:
        try:
            return urljoin(base, address)
        except ValueError:
            return None

    if html.count("&") > MANY_AMPERSANDS:
        html = AMPERSANDS.sub(r"\g<0><!---->", html)
    return nh3.clean(
        html,
        tags=set(ALLOWED),
        clean_content_tags=set(DROPPED),
        attributes=ATTRIBUTES,
        attribute_filter=admit,
        url_schemes=SCHEMES | {"data"},
        link_rel=LINK_RELATION,
        url_relative=rewrite,
    )
