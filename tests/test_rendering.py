"""What Markdown becomes: one test for each feature, with the exact HTML, text, links and pictures."""

import pytest

from models.rendering import (
    RENDERER,
    Anchors,
    Hyperlink,
    Picture,
    author_ids,
    count_words,
    plain_text,
    reading_minutes,
    render,
)

REL = 'rel="noopener noreferrer"'


def html(markdown: str) -> str:
    return render(markdown, Anchors()).html


def text(markdown: str) -> str:
    return render(markdown, Anchors()).text


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("", ""),
        ("Tea *and* **scones**.", "<p>Tea <em>and</em> <strong>scones</strong>.</p>\n"),
        ("~~old~~ new", "<p><del>old</del> new</p>\n"),
        ("one  \ntwo", "<p>one<br>\ntwo</p>\n"),
        ("***\n", "<hr>\n"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>\n"),
        ("3. c\n4. d", '<ol start="3">\n<li>c</li>\n<li>d</li>\n</ol>\n'),
        ("`a < b`", "<p><code>a &lt; b</code></p>\n"),
        ("```python title\nx < 1\n```", '<pre><code class="language-python">x &lt; 1\n</code></pre>\n'),
        ("[tea](../tea.md 'Green')", f'<p><a href="../tea.md" title="Green" {REL}>tea</a></p>\n'),
        ("![a *cup*](/cup.png)", '<p><img src="/cup.png" alt="a cup"></p>\n'),
        ("&copy; &amp; &lt;", "<p>© &amp; &lt;</p>\n"),
    ],
)
def test_commonmark(markdown: str, expected: str) -> None:
    """The ordinary elements of CommonMark and strikethrough give this HTML."""
    assert html(markdown) == expected


def test_table_with_alignment() -> None:
    """A column's side becomes the align attribute, since style never passes."""
    assert html("|a|b|c|d|\n|:-|:-:|-:|-|\n|1|2|3|4|") == (
        '<table><thead><tr><th align="left">a</th><th align="center">b</th><th align="right">c</th><th>d</th>'
        '</tr></thead><tbody>\n<tr><td align="left">1</td><td align="center">2</td>'
        '<td align="right">3</td><td>4</td></tr>\n</tbody></table>\n'
    )


def test_task_list() -> None:
    """Check boxes become characters, in HTML as in plain text."""
    rendered = render("- [ ] buy\n- [x] brew", Anchors())
    assert rendered.html == "<ul>\n<li>☐ buy</li>\n<li>☑ brew</li>\n</ul>\n"
    assert rendered.text == "☐ buy\n☑ brew"


@pytest.mark.parametrize("kind", ["NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"])
def test_alert(kind: str) -> None:
    """GitHub's alerts are quotes with a class of their own."""
    assert html(f"> [!{kind}]\n> Hot") == (
        f'<blockquote class="markdown-alert-{kind.lower()}">\n<p>Hot</p>\n</blockquote>\n'
    )


def test_footnotes_lead_there_and_back() -> None:
    """The first reference is where the definition's number leads back to."""
    assert html("a[^n] b[^n]\n\n[^n]: why") == (
        f'<p>a<sup class="footnote-reference" id="fnref-n"><a href="#fn-n" {REL}>1</a></sup>'
        f' b<sup class="footnote-reference"><a href="#fn-n" {REL}>1</a></sup></p>\n'
        '<div class="footnote-definition" id="fn-n">'
        f'<sup class="footnote-definition-label"><a href="#fnref-n" {REL}>1</a></sup>\n<p>why</p>\n</div>\n'
    )


def test_footnotes_of_two_parts_do_not_meet() -> None:
    """The same label in two parts of one article gets two ids, by their prefixes and without any."""
    anchors = Anchors()
    markdown = "a[^1]\n\n[^1]: why"
    assert 'id="intro-fn-1"' in render(markdown, anchors, "intro").html
    assert 'id="history-fn-1"' in render(markdown, anchors, "history").html
    assert 'href="#intro-fn-1-2"' in render(markdown, anchors, "intro").html


def test_footnotes_without_reference_or_defined_twice() -> None:
    """An unused footnote has no way back, and a second definition an id of its own."""
    rendered = html("x[^a]\n\n[^a]: one\n\n[^a]: two\n\n[^b]: three")
    assert '<div class="footnote-definition" id="fn-a-2">' in rendered
    assert 'id="fn-b"><sup class="footnote-definition-label">2</sup>' in rendered


def test_footnote_beside_authors_html() -> None:
    """Footnotes get the same ids where a body also has HTML of the author's."""
    assert html("<b>x</b>[^1]\n\n[^1]: why").count('id="fn-1"') == 1


def test_heading_gets_an_anchor() -> None:
    """A heading without id gets one from its text, numbered when taken."""
    assert html("## Green *tea* & `pot`\n\n### green tea pot\n\n#### ?") == (
        '<h2 id="green-tea-pot">Green <em>tea</em> &amp; <code>pot</code></h2>\n'
        '<h3 id="green-tea-pot-2">green tea pot</h3>\n'
        '<h4 id="section">?</h4>\n'
    )


def test_heading_keeps_its_own_id() -> None:
    """Of heading attributes only the id passes."""
    assert html("## Tea {#Grüner-Tee .wide onclick=x}") == '<h2 id="Grüner-Tee">Tea</h2>\n'


def test_ids_of_an_author_are_kept_and_numbered() -> None:
    """The first of equal ids stays as it is, links to a renamed id follow it, blank ids go."""
    anchors = Anchors()
    anchors.keep("b")
    rendered = render(
        '<p id="a">1</p>\n<p id="a">2</p>\n<p id="b" >[3](#b) [4](#a)</p>\n<p id=" ">5</p>', anchors
    )
    assert rendered.html == ('<p id="a">1</p>\n<p id="a-2">2</p>\n<p id="b-2">[3](#b) [4](#a)</p>\n<p>5</p>')
    following = render('<i id="b">x</i> [to x](#b)', anchors)
    assert following.html == f'<p><i id="b-3">x</i> <a href="#b-3" {REL}>to x</a></p>\n'


def test_old_anchors_become_ids() -> None:
    """The name of an anchor, which HTML 5 has given up, becomes its id."""
    assert html('<a name="brewing"></a>Brewing') == f'<p><a id="brewing" {REL}></a>Brewing</p>\n'


@pytest.mark.parametrize(
    ("markdown", "address", "rest"),
    [
        ("see https://tea.example/pot now", "https://tea.example/pot", " now"),
        ("see HTTP://tea.example", "HTTP://tea.example", ""),
        ("see https://tea.example.", "https://tea.example", "."),
        ("see https://tea.example/a?b=c&amp;d=e!", "https://tea.example/a?b=c&amp;d=e", "!"),
        ("see https://tea.example/a_(b)", "https://tea.example/a_(b)", ""),
        ("see https://tea.example/a)", "https://tea.example/a", ")"),
        ("see https://tea.example/a&copy;", "https://tea.example/a©", ""),
        ("see https://tea.example:8080/x, y", "https://tea.example:8080/x", ", y"),
        ("see https://tea.example\uff0c或", "https://tea.example", "\uff0c或"),
        ("see https://tea.example的网站", "https://tea.example", "的网站"),
        ("see https://münchen.example/Straße", "https://münchen.example/Straße", ""),
        ('see https://tea.example/" x', "https://tea.example/", '" x'),
    ],
)
def test_bare_addresses_become_links(markdown: str, address: str, rest: str) -> None:
    """A bare address ends before its trailing punctuation and before a bracket that it did not open."""
    assert html(markdown) == f'<p>see <a href="{address}" {REL}>{address}</a>{rest}</p>\n'


def test_www_becomes_a_link() -> None:
    """What begins with www. is an address over http, as GitHub has it."""
    assert (
        html("(www.tea.example/pot)")
        == f'<p>(<a href="http://www.tea.example/pot" {REL}>www.tea.example/pot</a>)</p>\n'
    )


@pytest.mark.parametrize(
    "markdown",
    [
        "`https://tea.example`",
        "```\nhttps://tea.example\n```",
        "<kbd>https://tea.example</kbd>",
        "https://",
        "https://localhost",
        "https://a.b_c",
        "xhttps://tea.example",
        "ftp://tea.example",
        "a@www.tea.example",
    ],
)
def test_what_is_no_bare_address(markdown: str) -> None:
    """Code, addresses without a domain and other schemes are left alone."""
    assert "<a " not in html(markdown)


def test_addresses_in_links_stay() -> None:
    """A link in angle brackets or with an address as its label is one link, not two."""
    assert (
        html("<https://tea.example>")
        == f'<p><a href="https://tea.example" {REL}>https://tea.example</a></p>\n'
    )
    assert html("[https://a.example](/b)") == f'<p><a href="/b" {REL}>https://a.example</a></p>\n'


@pytest.mark.parametrize(
    "markup",
    [
        '<details open=""><summary>More</summary>\n<p><em>x</em></p>\n</details>',
        '<figure><img src="a.png" alt="A" width="10" height="20" loading="lazy"><figcaption>B</figcaption></figure>',
        '<dl><dt>Tea</dt><dd lang="de" dir="ltr">Tee</dd></dl>',
        '<section id="s"><div><span title="t">x</span></div></section>',
        '<table><tbody><tr><td colspan="2" rowspan="3">x</td></tr></tbody></table>',
        '<p><abbr title="a">b</abbr><kbd>c</kbd><sub>d</sub><sup>e</sup><mark>f</mark><ins>g</ins></p>',
        "<p><ruby>茶<rp>(</rp><rt>cha</rt><rp>)</rp></ruby><wbr></p>",
    ],
)
def test_editorial_html_stays_as_it_is(markup: str) -> None:
    """Ordinary HTML passes byte for byte."""
    assert html(markup) == markup


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        (
            '<aside markdown="1" class="q">\n*a*\n\n*b*\n</aside>',
            "<aside>\n<p><em>a</em></p>\n<p><em>b</em></p>\n</aside>",
        ),
        ("<div markdown=block>*a*</div>", "<div>\n<p><em>a</em></p>\n</div>"),
        ("<div markdown='1'>*a*\n*b*\n</div>", "<div>\n<p><em>a</em>\n<em>b</em></p>\n</div>"),
        ('<div markdown="0">*a*</div>', "<div>*a*</div>"),
        (
            "```\n<div markdown=1>\n*a*\n```",
            "<pre><code>&lt;div markdown=1&gt;\n*a*\n</code></pre>\n",
        ),
    ],
)
def test_markdown_inside_html_blocks(markdown: str, expected: str) -> None:
    """Kramdown's attribute makes a block's contents Markdown, is itself left out, and means nothing in code."""
    assert html(markdown) == expected


def test_unclosed_html_is_closed() -> None:
    """Elements that an author forgot to close end with their block, and table rows may omit their ends."""
    assert (
        html("<div><b>a</div>\n<ul><li>b<li>c</ul>") == "<div><b>a</b></div>\n<ul><li>b</li><li>c</li></ul>"
    )
    assert html("<table><tr><td>a<td>b<tr><td>c</table>") == (
        "<table><tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></tbody></table>"
    )


def test_comments_and_scripts_leave_nothing() -> None:
    """Neither HTML nor text keeps what is not meant for readers."""
    rendered = render("a <!-- hidden --> b\n\n<script>steal()</script>\n\n<style>p {}</style>", Anchors())
    assert rendered.html == "<p>a  b</p>\n\n"
    assert rendered.text == "a b"


def test_preformatted_text_loses_no_lines_when_stored_again() -> None:
    """Leading newlines of <pre>, of which a parser drops one each time, are left out at once."""
    assert html("<pre>\n\n\na\n  b</pre>") == "<pre>a\n  b</pre>"


def test_control_characters() -> None:
    """NUL and lone surrogates are replaced, other control characters left out, also as entities."""
    assert html("a\x00b\ud800c\x07d\x85e&#1;f") == "<p>a\ufffdb\ufffdcdef</p>\n"


def test_byte_order_mark_is_no_text() -> None:
    """A byte order mark does not keep a heading from being one."""
    assert html("\ufeff# Tea") == '<h1 id="tea">Tea</h1>\n'


def test_text_has_a_line_for_each_block() -> None:
    """Blocks and line breaks separate lines, cells a space; entities are decoded and spaces made single."""
    assert text(
        "# A\n\nb  *c*\nd  \ne\n\n- f\n- g\n\n|h|i|\n|-|-|\n|j|k|\n\n```\nl  &\nm\n```\n\n&nbsp;n"
    ) == ("A\nb c d\ne\nf\ng\nh i\nj k\nl &\nm\nn")


def test_text_has_no_footnote_numbers_and_no_alternative_texts() -> None:
    """What is not read in the flow of the text is not part of it."""
    assert text("Tea[^1] is ![cup](c.png) hot\n\n[^1]: sometimes") == "Tea is hot\nsometimes"


def test_links_in_order() -> None:
    """Links that lead out are listed with their plain labels; fragments, mail and telephone are not."""
    markdown = (
        "[*Green* `tea`](../tea.md#a) [x](#x) [m](mailto:a@b.example) [t](TEL:1) [bad](javascript:x)\n\n"
        '<a href="/b?c=1&amp;d=2">B &amp; C</a> https://e.example [![alt](i.png)](/f)'
    )
    assert render(markdown, Anchors()).links == (
        Hyperlink("Green tea", "../tea.md#a"),
        Hyperlink("B & C", "/b?c=1&d=2"),
        Hyperlink("https://e.example", "https://e.example"),
        Hyperlink("", "/f"),
    )


def test_pictures_in_order() -> None:
    """A picture's caption is its figure's, else its title; a picture without address is none."""
    markdown = (
        '![One *1*](1.png "First")\n\n<figure><img src="2.png" title="t" width=30 height="wide">'
        '<figure><img src="3.png"><figcaption>Inner</figcaption></figure>'
        "<figcaption>Outer <b>one</b> &amp; all</figcaption></figure>\n\n![](4.png) <img alt=x>"
    )
    assert render(markdown, Anchors()).images == (
        Picture("1.png", "One 1", "First", None, None),
        Picture("2.png", "", "Outer one & all", 30, None),
        Picture("3.png", "", "Inner", None, None),
        Picture("4.png", "", None, None, None),
    )


def test_inline_picture_data() -> None:
    """Raster pictures may be inline; nothing else may."""
    assert render("![a](data:image/png;base64,AAAA)", Anchors()).images[0].src == "data:image/png;base64,AAAA"
    assert html("![a](data:image/svg+xml;base64,AAAA)") == '<p><img alt="a"></p>\n'
    assert html("[a](data:image/png;base64,AAAA)") == f"<p><a {REL}>a</a></p>\n"


def test_rendering_is_repeatable() -> None:
    """The same Markdown gives the same result, and the version is a positive number."""
    markdown = "# A\n\nb[^1] https://c.example <div id=a class='language-x q'>d</div>\n\n[^1]: e"
    assert render(markdown, Anchors(), "p") == render(markdown, Anchors(), "p")
    assert RENDERER >= 1


def test_anchors_kept() -> None:
    """An author's anchor stays as written but for white space, and is numbered when taken."""
    anchors = Anchors()
    assert [anchors.keep(a) for a in ("Über uns", "x", "x", "x-2", " \n")] == [
        "Über-uns",
        "x",
        "x-2",
        "x-2-2",
        "section",
    ]


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("What is it?", "what-is-it"),
        ("  C++ & C#  ", "c-c"),
        ("ما هو الشاي؟", "ما-هو-الشاي"),
        ("お茶とは\uff1f", "お茶とは"),
        ("चाय क्या है", "चाय-क्या-है"),
        ("\uff34\uff25\uff21 ﬁne İ", "tea-fine-i̇"),
        ("snake_case-kebab", "snake-case-kebab"),
        ("…", "section"),
        ("", "section"),
    ],
)
def test_anchors_issued(heading: str, anchor: str) -> None:
    """Letters, digits and marks of every script stay; all else becomes hyphens."""
    assert Anchors().issue(heading) == anchor


def test_issued_anchors_avoid_reserved_ones() -> None:
    """A heading's anchor leaves an author's id free that comes later, and numbers count on."""
    anchors = Anchors()
    anchors.reserve(["tea", "tea-2"])
    assert [anchors.issue("Tea"), anchors.keep("tea"), anchors.issue("Tea"), anchors.keep("tea-2")] == [
        "tea-3",
        "tea",
        "tea-4",
        "tea-2",
    ]


def test_long_anchors_are_cut() -> None:
    """A heading of a thousand letters has an anchor of a hundred."""
    assert Anchors().issue("a" * 1000) == "a" * 100


def test_author_ids() -> None:
    """Ids on elements and headings are found, those in code and of footnotes are not."""
    markdown = '<p id=x>a</p>\n\n# B {#b}\n\n`<p id="y">` <a name="n"></a> c[^1]\n\n[^1]: d'
    assert author_ids(markdown) == ["x", "b", "n"]
    assert author_ids("an idea") == []


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("Plain title", "Plain title"),
        ("*Green* `tea<b>` & [pot](/x)", "Green tea<b> & pot"),
        ("_Green_ tea", "Green tea"),
        ("1. Introduction", "1. Introduction"),
        ("- A & B", "- A & B"),
        ("# C#", "# C#"),
        (".NET *now*", ".NET now"),
        ("two\nlines  here", "two lines here"),
        ("![cup](c.png) <b>x</b> &eacute; \\*", "x é *"),
        ("<script>x</script>", ""),
    ],
)
def test_plain_text(markdown: str, expected: str) -> None:
    """A heading or question loses its markup, and never turns into a block."""
    assert plain_text(markdown) == expected


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("", 0),
        ("one two\nthree", 3),
        ("it's — a well-known & good _thing_ …", 5),
        ("naïve “quoted” \u2013 words", 3),
        ("お茶を飲む", 5),
        ("使用Python编程", 5),
        ("안녕하세요 세계", 2),
        ("สวัสดีครับ", 2),
        ("चाय क्या है", 3),
    ],
)
def test_count_words(words: str, count: int) -> None:
    """Words are counted between spaces, by character in Chinese and Japanese, by fives in Thai."""
    assert count_words(words) == count


@pytest.mark.parametrize(("words", "minutes"), [(0, 0), (1, 1), (200, 1), (201, 2), (2000, 10)])
def test_reading_minutes(words: int, minutes: int) -> None:
    """Reading takes a minute for each 200 words begun."""
    assert reading_minutes(words) == minutes


def test_word_count_is_that_of_the_text() -> None:
    """A rendered body counts the words of its plain text."""
    assert render("# One\n\ntwo [three](/four)", Anchors()).word_count == 3
