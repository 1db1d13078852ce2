"""JSON lines: the mapping of every field, and a refusal with line and code for everything that is broken."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.importing.json_lines import JsonLines
from api.importing.line_stream import BadLine, read_lines
from api.importing.source import Notice, RelatedName, Severity, SourceArticle
from models.draft import ImageDraft, QuestionDraft, SectionDraft, SectionKind

SMALL = {"slug": "kettle", "locale": "en", "title": "The kettle"}


def read(path: Path, data: bytes) -> list[SourceArticle | Notice]:
    """Write the bytes to a file and read it as JSON lines."""
    path.write_bytes(data)
    return list(JsonLines(path).read())


def read_one(tmp_path: Path, **fields: object) -> SourceArticle | Notice:
    """Read one line that has the small article's fields and these; only the first result counts."""
    return read(tmp_path / "one.jsonl", orjson.dumps({**SMALL, **fields}))[0]


def read_article(tmp_path: Path, **fields: object) -> SourceArticle:
    article = read_one(tmp_path, **fields)
    assert isinstance(article, SourceArticle), article
    return article


def read_code(tmp_path: Path, **fields: object) -> tuple[str, int, str]:
    notice = read_one(tmp_path, **fields)
    assert isinstance(notice, Notice)
    return notice.severity, notice.line, notice.code


def test_three_fields_are_enough(tmp_path: Path) -> None:
    """A line with slug, locale and title is an article whose key is its slug."""
    article = read_article(tmp_path)
    assert (article.key, article.file, article.line) == ("kettle", "one.jsonl", 1)
    assert (article.draft.slug, article.draft.locale, article.draft.title) == ("kettle", "en", "The kettle")
    assert (
        article.draft.sections,
        article.addresses,
        article.related_names,
        article.draft.front_matter,
    ) == ([], [], [], {})


def test_every_plain_field_is_mapped(tmp_path: Path) -> None:
    """Texts and lists land in the draft, the site's name and the address beside it."""
    article = read_article(
        tmp_path,
        translation_key="pots/kettle",
        locale="pt-br",
        site="Pots and Pans",
        summary="Boils water.",
        tags=["metal", "heat"],
        authors=["Ida"],
        intro_markdown="It *sings*.",
        url="/pots/kettle/",
    )
    draft = article.draft
    assert (
        article.key,
        article.site_name,
        article.addresses,
    ) == ("pots/kettle", "Pots and Pans", ["/pots/kettle/"])
    assert (draft.locale, draft.summary, draft.intro) == ("pt-BR", "Boils water.", "It *sings*.")
    assert (draft.tags, draft.authors) == (["metal", "heat"], ["Ida"])


def test_fields_without_a_place_go_to_the_front_matter(tmp_path: Path) -> None:
    """Known extras and fields nobody has heard of are kept with their values; null means absent."""
    extras = {"short_title": "Kettle", "parent": "pots", "licence": "CC0", "mood": {"calm": [1, 2.5, True]}}
    assert extras == read_article(tmp_path, **extras, source=None).draft.front_matter


def test_sections_come_in_the_order_of_their_positions(tmp_path: Path) -> None:
    """Position decides, not the place in the list, and every field of a section is taken."""
    first = {
        "position": 1,
        "level": 3,
        "heading": "Spout",
        "anchor": "s",
        "kind": "prose",
        "body_markdown": "Hot.",
    }
    second = {
        "position": 2,
        "heading": "Worth it?",
        "kind": "pros_cons",
        "pros": ["Fast."],
        "cons": ["Loud."],
    }
    sections = read_article(tmp_path, sections=[second, first]).draft.sections
    assert [
        SectionDraft("Spout", 3, SectionKind.PROSE, "Hot.", "s"),
        SectionDraft("Worth it?", 2, SectionKind.PROS_AND_CONS, pros=["Fast."], cons=["Loud."]),
    ] == sections


@pytest.mark.parametrize("kind", [*SectionKind, "pros_cons"])
def test_every_kind_has_a_name(tmp_path: Path, kind: str) -> None:
    """The database's names of kinds are known, and the short form of pros and cons."""
    section = read_article(tmp_path, sections=[{"kind": kind}]).draft.sections[0]
    assert section.kind.value.startswith(kind.partition("_")[0])


def test_questions_join_the_section_they_name(tmp_path: Path) -> None:
    """A question goes to the section with its number, in the order of position, else to the article."""
    article = read_article(
        tmp_path,
        sections=[{"position": 4, "heading": "Asked", "kind": "faq"}],
        questions=[
            {"position": 2, "section": 4, "question": "Is it hot?", "answer_markdown": "Yes."},
            {"position": 1, "section": 4, "question": "Is it loud?"},
            {"position": 3, "section": None, "question": "Is it red?", "answer_markdown": "- no"},
        ],
    )
    asked = article.draft.sections[0].questions
    assert [QuestionDraft("Is it loud?"), QuestionDraft("Is it hot?", "Yes.")] == asked
    assert [QuestionDraft("Is it red?", "- no")] == article.draft.questions


def test_a_question_of_an_unknown_section_is_kept_with_a_warning(tmp_path: Path) -> None:
    """A section number that does not exist loses no question, and somebody is told."""
    line = orjson.dumps({**SMALL, "questions": [{"section": 9, "question": "Why?"}]})
    article, notice = read(tmp_path / "a.jsonl", line)
    assert isinstance(article, SourceArticle)
    assert isinstance(notice, Notice)
    assert [QuestionDraft("Why?")] == article.draft.questions
    assert (notice.severity, notice.line, notice.code) == (Severity.WARNING, 1, "UNKNOWN_SECTION")


def test_unknown_fields_of_parts_are_reported(tmp_path: Path) -> None:
    """A section's field that a draft cannot hold is left out and named in a warning."""
    line = orjson.dumps({**SMALL, "sections": [{"heading": "A", "colour": "red"}]})
    notice = read(tmp_path / "a.jsonl", line)[1]
    assert isinstance(notice, Notice)
    assert (
        notice.severity,
        notice.code,
        "colour" in notice.message,
    ) == (Severity.WARNING, "UNKNOWN_FIELD", True)


def test_related_entries_keep_their_order_and_form(tmp_path: Path) -> None:
    """Articles are named by slug, links by address, unresolved ones by their label."""
    related = [
        {"type": "url", "target": "https://example.org/tea", "text": "Tea"},
        {"type": "article", "target": "pots/pan", "text": "The pan"},
        {"type": "unresolved", "target": None, "text": "A lost page"},
    ]
    assert [
        RelatedName("https://example.org/tea", "Tea"),
        RelatedName("pots/pan", "The pan"),
        RelatedName("A lost page", "A lost page"),
    ] == read_article(tmp_path, related=related).related_names


def test_old_slugs_become_site_paths(tmp_path: Path) -> None:
    """A slug stood below its locale; what begins with a slash is a path already."""
    old = ["old_kettle", "a/b/", "/start/kettle", "//elsewhere/kettle", "https://old.example/k?id=7"]
    expected = ["/en-US/old_kettle", "/en-US/a/b", "/start/kettle", "/elsewhere/kettle", "/k?id=7"]
    assert expected == read_article(tmp_path, locale="en-us", redirects_from=old).draft.redirects


def test_only_pictures_outside_of_the_texts_are_added(tmp_path: Path) -> None:
    """A picture in a body or an answer is found by rendering; a like-named other one is not the same."""
    article = read_article(
        tmp_path,
        intro_markdown="![](./steam.png)",
        sections=[
            {"position": 1, "kind": "faq", "body_markdown": '<img src="big-lid.png"> ![x](lid.png.webp)'}
        ],
        questions=[{"section": 1, "question": "How?", "answer_markdown": "![y](how.png 'so')"}],
        images=[
            {"src": "steam.png", "alt": "Steam"},
            {"src": "how.png"},
            {"src": "lid.png", "alt": "Lid", "caption": "Its lid", "section": "q1"},
        ],
    )
    assert [ImageDraft("lid.png", "Lid", "Its lid")] == article.draft.images


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("1970-01-02", 86_400_000),
        ("1970-01-01T01:00:00+01:00", 0),
        ("1970-01-01t00:00:01.5z", 1500),
        ("1969-12-31T23:59:59Z", -1000),
        ("1970-01-01 00:01", 60_000),
    ],
)
def test_dates_become_milliseconds(tmp_path: Path, text: str, moment: int) -> None:
    """A day is its first moment in UTC, a date and time counts with its offset."""
    assert moment == read_article(tmp_path, published_at=text).draft.published_at


@pytest.mark.parametrize(
    "text", ["yesterday", "2026-02-30", "20260301", "2026-W09-1", "2026-03-01T25:00:00Z", ""]
)
def test_other_dates_are_refused(tmp_path: Path, text: str) -> None:
    """What is no calendar day or moment refuses the line."""
    assert read_code(tmp_path, published_at=text) == (Severity.REFUSED, 1, "BAD_VALUE")


def test_addresses_are_learned_from_links(tmp_path: Path) -> None:
    """Where a text links to a listed slug by path, that site and locale's articles stand below that path."""
    lines = [
        {**SMALL, "site": "A", "links": ["lid#top"], "intro_markdown": "A [lid](/pots/en/lid#top)."},
        {**SMALL, "site": "A", "slug": "lid", "links": []},
        {**SMALL, "site": "A", "slug": "lid", "locale": "de", "links": []},
        {**SMALL, "site": "B", "links": ["lid"], "intro_markdown": "A [lid](//example.org/lid)."},
    ]
    found = read(tmp_path / "a.jsonl", b"\n".join(map(orjson.dumps, lines)))
    addresses = [entry.addresses for entry in found if isinstance(entry, SourceArticle)]
    assert addresses == [["/pots/en/kettle"], ["/pots/en/lid"], [], []]


@pytest.mark.parametrize("name", ["slug", "locale", "title"])
@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_missing_field_is_named(tmp_path: Path, name: str, value: str | None) -> None:
    """Without slug, locale or title there is no article, and the notice names the field."""
    notice = read_one(tmp_path, **{name: value})
    assert isinstance(notice, Notice)
    assert (notice.code, f"`{name}`" in notice.message) == ("MISSING_FIELD", True)


@pytest.mark.parametrize(
    "fields",
    [
        {"title": 7},
        {"slug": ["kettle"]},
        {"summary": {}},
        {"tags": "metal"},
        {"tags": ["metal", 3]},
        {"authors": [None]},
        {"sections": {}},
        {"sections": ["Spout"]},
        {"sections": [{"level": "2"}]},
        {"sections": [{"level": True}]},
        {"sections": [{"position": 1.5}]},
        {"sections": [{"pros": [1]}]},
        {"questions": [{"question": "Why?", "section": "1"}]},
        {"questions": [{"question": 5}]},
        {"related": [[]]},
        {"images": [{"src": 1}]},
        {"redirects_from": [1]},
        {"published_at": 1500},
        {"links": False},
    ],
)
def test_wrong_types_are_refused(tmp_path: Path, fields: dict[str, object]) -> None:
    """A field of another type than its own refuses the line; nothing is turned into text silently."""
    assert read_code(tmp_path, **fields) == (Severity.REFUSED, 1, "WRONG_TYPE")


@pytest.mark.parametrize(
    "fields",
    [
        {"locale": "english language"},
        {"slug": "//"},
        {"sections": [{"kind": "poem"}]},
        {"sections": [{"level": 0}]},
        {"sections": [{"level": 7}]},
        {"sections": [{"position": 1}, {"position": 1}]},
        {"related": [{"type": "friend", "target": "lid"}]},
        {"redirects_from": ["/"]},
        {"redirects_from": ["/old/*"]},
        {"odd": orjson.loads(b"[" * 60 + b"]" * 60)},
    ],
)
def test_impossible_values_are_refused(tmp_path: Path, fields: dict[str, object]) -> None:
    """A value of the right type that means nothing refuses the line."""
    assert read_code(tmp_path, **fields) == (Severity.REFUSED, 1, "BAD_VALUE")


def test_the_message_leads_to_the_field(tmp_path: Path) -> None:
    """A wrong field inside a list is named with its place."""
    notice = read_one(tmp_path, sections=[{"heading": "A"}, {"heading": 3}])
    assert isinstance(notice, Notice)
    assert notice.message == "`sections[1].heading` is a whole number, not a text."


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (b'{"slug": "a", ', "BAD_JSON"),
        (b"slug,locale,title", "BAD_JSON"),
        (b'{"title": NaN}', "BAD_JSON"),
        (b"[" * 5000, "BAD_JSON"),
        (b'{"a": "\\ud800", ' + b"[" * 5000, "BAD_JSON"),
        (b'["kettle"]', "WRONG_TYPE"),
        (b"null", "WRONG_TYPE"),
        (b"3", "WRONG_TYPE"),
        (b'{"title": "caf\xe9"}', "BAD_ENCODING"),
        (b'{"title": "\xed\xa0\x80"}', "BAD_ENCODING"),
        (b'{"title": "a\x00b"}', "BAD_CHARACTER"),
        (b'{"title": "a\\u0000b"}', "BAD_CHARACTER"),
        (b'{"deep": [{"\\u0000": 1}]}', "BAD_CHARACTER"),
        (b'{"title": "a\\ud800b"}', "BAD_CHARACTER"),
        (b'{"title": "a\\uDFFF"}', "BAD_CHARACTER"),
    ],
)
def test_a_broken_line_leaves_the_others_alone(tmp_path: Path, broken: bytes, code: str) -> None:
    """Line two is refused with its number and code, lines one and three are read."""
    good = orjson.dumps(SMALL)
    first, notice, third = read(tmp_path / "a.jsonl", b"\n".join([good, broken, good]))
    assert isinstance(first, SourceArticle)
    assert isinstance(third, SourceArticle)
    assert isinstance(notice, Notice)
    assert (Severity.REFUSED, 2, code) == (notice.severity, notice.line, notice.code)
    assert (first.line, third.line) == (1, 3)


def test_an_escaped_backslash_is_no_escape_for_nul(tmp_path: Path) -> None:
    """Text about the escape itself is ordinary text, and a whole surrogate pair is a character."""
    line = b'{"slug": "a", "locale": "en", "title": "Write \\\\u0000 \\ud83c\\udf75"}'
    (article,) = read(tmp_path / "a.jsonl", line)
    assert isinstance(article, SourceArticle)
    assert article.draft.title == "Write \\u0000 \U0001f375"


def test_empty_lines_byte_order_mark_and_windows_ends_do_no_harm(tmp_path: Path) -> None:
    """Blank lines count as lines and are nothing else; the file may come from Windows."""
    good = orjson.dumps(SMALL)
    found = read(tmp_path / "a.jsonl", b"\xef\xbb\xbf" + good + b"\r\n\r\n  \r\n" + good + b"\r\n")
    assert [entry.line for entry in found if isinstance(entry, SourceArticle)] == [1, 4]
    assert len(found) == 2


def test_gzip_is_known_by_its_content(tmp_path: Path) -> None:
    """The file's name says nothing: packed data is unpacked, and reading twice gives the same."""
    path = tmp_path / "packed.jsonl"
    path.write_bytes(gzip.compress(orjson.dumps(SMALL)))
    source = JsonLines(path, "shelf/packed.jsonl")
    once = list(source.read())
    assert [entry.file for entry in once if isinstance(entry, SourceArticle)] == ["shelf/packed.jsonl"]
    assert once == list(source.read())


def lines_of(count: int) -> bytes:
    """Return many lines that hardly compress, so that a cut falls within the data."""
    return b"".join(orjson.dumps({**SMALL, "slug": str(pow(3, n, 10**60))}) + b"\n" for n in range(count))


def test_truncated_gzip_gives_its_whole_lines(tmp_path: Path) -> None:
    """Lines before the cut are read, the line at the cut is refused with its number."""
    packed = gzip.compress(lines_of(400))
    *articles, notice = read(tmp_path / "a.jsonl.gz", packed[: len(packed) // 2])
    assert isinstance(notice, Notice)
    assert len(articles) > 50
    assert all(isinstance(entry, SourceArticle) for entry in articles)
    assert (Severity.REFUSED, len(articles) + 1, "TRUNCATED") == (notice.severity, notice.line, notice.code)


def test_damaged_gzip_is_refused(tmp_path: Path) -> None:
    """A flipped byte in packed data ends the reading with a notice, whatever was decoded so far."""
    packed = bytearray(gzip.compress(lines_of(400)))
    packed[-6] ^= 0xFF
    notice = read(tmp_path / "a.jsonl.gz", bytes(packed))[-1]
    assert isinstance(notice, Notice)
    assert (notice.severity, notice.code) == (Severity.REFUSED, "BAD_ENCODING")


def test_a_line_over_the_limit_is_passed_over(tmp_path: Path) -> None:
    """Too long a line is refused without being held; the line after it is read, one at the limit too."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"x" * 101 + b"\n" + b"y" * 100 + b"\r\n" + b"z" * 1000 + b"\n" + b"short")
    numbers = [
        (e.line, e.code) if isinstance(e, BadLine) else (e[0], e[1][:1]) for e in read_lines(path, 100)
    ]
    assert numbers == [(1, "TOO_LARGE"), (2, b"y"), (3, "TOO_LARGE"), (4, b"s")]


def test_the_limit_is_sixteen_mebibytes(tmp_path: Path) -> None:
    """A line of more than 16 MiB is refused as TOO_LARGE, and the next one is an article."""
    giant = b'{"title": "' + b"a" * (16 * 1024 * 1024) + b'"}\n'
    notice, article = read(tmp_path / "a.jsonl", giant + orjson.dumps(SMALL))
    assert isinstance(notice, Notice)
    assert isinstance(article, SourceArticle)
    assert (notice.line, notice.code, article.line) == (1, "TOO_LARGE", 2)


def test_a_file_that_is_not_there_is_one_notice(tmp_path: Path) -> None:
    """A missing file and a folder are refused as a whole, with line 0."""
    for path in (tmp_path / "none.jsonl", tmp_path):
        (notice,) = JsonLines(path).read()
        assert isinstance(notice, Notice)
        assert (notice.severity, notice.line, notice.code) == (Severity.REFUSED, 0, "UNREADABLE")


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    """No lines, no articles, no notices."""
    assert read(tmp_path / "a.jsonl", b"") == []


FIELDS = ["slug", "locale", "title", "sections", "questions", "related", "images", "position", "kind", "src"]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text("aé/#.2- \0\ud800", max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=5),
    max_leaves=12,
)


@given(
    fields=st.dictionaries(st.sampled_from([*FIELDS, "links", "tags", "published_at"]), json_values),
    junk=st.binary(max_size=40),
)
def test_nothing_on_a_line_raises(
    tmp_path_factory: pytest.TempPathFactory, fields: dict[str, object], junk: bytes
) -> None:
    """Whatever JSON or bytes a line holds, reading gives articles or notices."""
    path = tmp_path_factory.mktemp("lines") / "a.jsonl"
    odd = json.dumps({**SMALL, **fields}).encode()
    found = read(path, odd + b"\n" + junk + b"\n" + odd)
    assert all(isinstance(entry, SourceArticle | Notice) for entry in found)
    assert len(found) >= 2
