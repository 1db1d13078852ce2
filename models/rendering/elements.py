"""The HTML elements that bodies may have, by how they stand in text."""

from __future__ import annotations


def _named(names: str) -> frozenset[str]:
    return frozenset(names.split())


FORMATTING = _named("a b code em i s small strong u")
INLINE = FORMATTING | _named(
    "abbr bdi bdo cite del dfn img ins kbd mark q rp rt ruby samp span sub sup time var wbr"
)
CELLS = _named("td th")
ROWS = _named("table thead tbody tfoot tr colgroup")
BLOCKS = ROWS | _named(
    "address article aside blockquote br caption dd details div dl dt figcaption figure footer "
    "h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary ul"
)
VOID = _named("br col hr img wbr")
ALLOWED = INLINE | BLOCKS | CELLS | VOID
HEADINGS = _named("h1 h2 h3 h4 h5 h6")

# Elements whose contents are not prose: they go with everything in them.
DROPPED = _named("script style template iframe textarea title noscript noembed noframes xmp")
