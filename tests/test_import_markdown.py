"""Folders of Markdown: where locale, key and slug come from, what each field means, and every refusal."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.importing import markdown_folder
from api.importing.markdown_folder import MarkdownFolder
from api.importing.redirect_file import RedirectLine
from api.importing.source import Notice, RelatedName, Severity, SourceArticle
from models.draft import ImageDraft, QuestionDraft, SectionKind

Files = dict[str, str | bytes]


def write(root: Path, files: Files) -> Path:
    """Write files below a root and return the root."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def read(root: Path, files: Files) -> list[SourceArticle | Notice]:
    """Write files and read them as a source."""
    return list(MarkdownFolder(write(root, files)).read())


def read_one(tmp_path: Path, content: str | bytes, name: str = "tea.md") -> SourceArticle:
    """Write one file and return its article."""
    [article] = read(tmp_path, {name: content})
    assert isinstance(article, SourceArticle), article
    return article


def refuse(tmp_path: Path, content: str | bytes, name: str = "tea.md") -> tuple[str, int]:
    """Write one file and return code and line of its refusal."""
    [notice] = read(tmp_path, {name: content})
    assert isinstance(notice, Notice), notice
    assert (notice.severity, notice.file) == (Severity.REFUSED, name)
    return notice.code, notice.line


def places(tmp_path: Path, *names: str) -> dict[str, tuple[str, str]]:
    """Return the key and the locale of each of these files, which have a title and nothing else."""
    articles = read(tmp_path, dict.fromkeys(names, "# Title\n"))
    return {item.file: (item.key, item.draft.locale) for item in articles if isinstance(item, SourceArticle)}


def moment(year: int, month: int, day: int, hour: int = 0) -> int:
    """Return a moment in milliseconds."""
    return int(datetime(year, month, day, hour, tzinfo=UTC).timestamp() * 1000)


def test_collection_with_translations_in_locale_folders(tmp_path: Path) -> None:
    found = places(tmp_path, "_articles/legal.md", "_articles/de/legal.md", "_articles/zh-hans/legal.md")
    assert found == {
        "_articles/legal.md": ("legal", "en"),
        "_articles/de/legal.md": ("legal", "de"),
        "_articles/zh-hans/legal.md": ("legal", "zh-Hans"),
    }


def test_pages_as_folders_below_a_locale(tmp_path: Path) -> None:
    found = places(tmp_path, "files/de/web/tea/index.md", "files/en-us/web/index.md", "files/en-us/index.md")
    assert found == {
        "files/de/web/tea/index.md": ("web/tea", "de"),
        "files/en-us/web/index.md": ("web", "en-US"),
        "files/en-us/index.md": ("index", "en-US"),
    }


def test_short_words_are_no_locales(tmp_path: Path) -> None:
    found = places(tmp_path, "web/a.md", "api/a.md", "css/a.md", "vi/a.md", "it/b.md", "x/y.md", "z/y.md")
    assert set(found.values()) == {
        (f"{name}", "en") for name in ("web/a", "api/a", "css/a", "vi/a", "it/b", "x/y", "z/y")
    }


def test_one_translation_beside_the_originals_is_known_by_its_namesake(tmp_path: Path) -> None:
    found = places(tmp_path, "guides/a.md", "news/b.md", "more/c.md", "de/guides/a.md")
    assert found["de/guides/a.md"] == ("guides/a", "de")
    assert found["guides/a.md"] == ("guides/a", "en")


def test_letters_that_only_look_like_a_locale_are_none(tmp_path: Path) -> None:
    found = places(tmp_path, "de-\u017fore/a.md")
    assert found == {"de-\u017fore/a.md": ("de-\u017fore/a", "en")}


def test_two_collections_keep_their_names(tmp_path: Path) -> None:
    found = places(tmp_path, "_posts/a.md", "_docs/a.md")
    assert set(found.values()) == {("posts/a", "en"), ("docs/a", "en")}


def test_root_that_is_called_like_a_locale_is_one(tmp_path: Path) -> None:
    assert places(tmp_path / "pt-br", "a.md") == {"a.md": ("a", "pt-BR")}


def test_default_locale_is_the_callers(tmp_path: Path) -> None:
    [article] = MarkdownFolder(write(tmp_path, {"a.md": "# A"}), default_locale="fr").read()
    assert isinstance(article, SourceArticle)
    assert article.draft.locale == "fr"


def test_single_file_is_a_source(tmp_path: Path) -> None:
    write(tmp_path, {"tea.md": "# Tea", "other.md": "# Other"})
    [article] = MarkdownFolder(tmp_path / "tea.md").read()
    assert isinstance(article, SourceArticle)
    assert (article.file, article.key, article.folder) == ("tea.md", "tea", "")


def test_end_of_a_name_is_a_locale_beside_a_namesake(tmp_path: Path) -> None:
    found = places(
        tmp_path,
        "kites/index.md",
        "kites/index.de.md",
        "kites/index.pt-br.md",
        "news/2026-05-01-wind.de.md",
        "toys.fr.md",
        "v1.2.md",
    )
    assert found == {
        "kites/index.md": ("kites", "en"),
        "kites/index.de.md": ("kites", "de"),
        "kites/index.pt-br.md": ("kites", "pt-BR"),
        "news/2026-05-01-wind.de.md": ("news/wind", "de"),
        "toys.fr.md": ("toys.fr", "en"),
        "v1.2.md": ("v1.2", "en"),
    }


@pytest.mark.parametrize(
    "names",
    [
        ("intro.to.md", "kites.is.md"),
        ("node.md", "node.js.md", "node.ts.md"),
        ("hello.cs.md", "hello.py.md", "hello.pl.md"),
        ("v1.md", "v1.2.md", "v1.de.md"),
        ("a/kites.md", "b/kites.de.md"),
        ("de/kites.md", "de/kites.fr.md", "en/kites.md"),
    ],
)
def test_ends_of_names_that_are_no_locales(tmp_path: Path, names: tuple[str, ...]) -> None:
    found = places(tmp_path, *names)
    assert {name: key for name, (key, _) in found.items()} == {
        name: name.removesuffix(".md").removeprefix("de/").removeprefix("en/") for name in names
    }


def test_front_matter_decides_over_the_end_of_a_name(tmp_path: Path) -> None:
    agreeing, other, plain = read(
        tmp_path,
        {
            "a.de.md": "---\ntitle: T\nlang: de\n---\n",
            "a.is.md": "---\ntitle: T\nlang: en\n---\n",
            "a.md": "---\ntitle: T\nlang: fr\n---\n",
        },
    )
    assert isinstance(agreeing, SourceArticle)
    assert isinstance(other, SourceArticle)
    assert isinstance(plain, SourceArticle)
    assert (agreeing.key, agreeing.draft.locale, agreeing.addresses) == ("a", "de", ["/de/a/"])
    assert (other.key, other.draft.locale, other.addresses) == ("a.is", "en", ["/a.is/"])
    assert (plain.key, plain.draft.locale) == ("a", "fr")


def test_front_matter_decides_over_the_path(tmp_path: Path) -> None:
    article = read_one(tmp_path, "---\ntitle: Tea\nlang: pt_br\nslug: /Web/Tea/\n---\n", "docs/de/tea.md")
    assert (article.draft.locale, article.draft.slug, article.key) == ("pt-BR", "Web/Tea", "tea")


def test_all_fields_find_their_place(tmp_path: Path) -> None:
    article = read_one(
        tmp_path,
        """---
title: 2026-01-02
slug: 404
description: >
  About
  tea.
class: brew
date: 2026-01-02 10:00:00 +0100
tags: [hot, 7, hot]
keywords: leaf, cup
author: Ann
authors: [{name: Ben, mail: x}, Ann]
image: {path: /a.png, alt: A}
cover: /b.png
related: [coffee, {title: Milk, url: /milk}]
redirect_from: [/old-tea, older/tea, "https://example.org/oldest?x=1"]
aliases: /old-tea
permalink: /drinks/tea.html
order: 3
nothing:
updated: 2026-01-05
---

# Not the title
""",
    )
    draft = article.draft
    assert (draft.title, draft.slug, draft.summary) == ("2026-01-02", "404", "About tea.")
    assert draft.published_at == moment(2026, 1, 2, 9)
    assert (draft.tags, draft.authors) == (["hot", "7", "leaf", "cup"], ["Ann", "Ben"])
    assert draft.images == [ImageDraft("/a.png", "A"), ImageDraft("/b.png")]
    assert draft.redirects == ["/old-tea", "/older/tea", "/oldest?x=1"]
    assert article.related_names == [RelatedName("coffee"), RelatedName("/milk", "Milk")]
    assert article.addresses == ["/drinks/tea.html", "/tea/", "/404/"]
    assert article.handles == ["brew", "tea"]
    assert draft.front_matter == {
        "class": "brew",
        "authors": [{"name": "Ben", "mail": "x"}, "Ann"],
        "permalink": "/drinks/tea.html",
        "order": 3,
        "nothing": None,
        "updated": "2026-01-05",
    }
    assert [section.heading for section in draft.sections] == ["Not the title"]


def test_field_that_was_not_needed_is_left_over(tmp_path: Path) -> None:
    article = read_one(tmp_path, "---\ntitle: Tea\ndescription: One\nsummary: Two\n---\n")
    assert (article.draft.summary, article.draft.front_matter) == ("One", {"summary": "Two"})


def test_locale_folders_are_part_of_addresses_as_they_are_written(tmp_path: Path) -> None:
    article = read_one(tmp_path, "---\ntitle: T\nslug: Web/Tea\n---\n", "files/en-us/web/tea/index.md")
    assert article.addresses == ["/en-us/web/tea/", "/en-us/Web/Tea/"]
    assert article.folder == "files/en-us/web/tea"


def test_date_in_the_file_name_is_when_it_was_published(tmp_path: Path) -> None:
    article = read_one(tmp_path, "# Tea", "_posts/2026-01-02-tea.md")
    assert (article.key, article.draft.published_at) == ("tea", moment(2026, 1, 2))


def test_pattern_of_a_site_generator_is_no_address(tmp_path: Path) -> None:
    assert read_one(tmp_path, "---\ntitle: T\npermalink: /:year/:title/\n---\n").addresses == ["/tea/"]


@pytest.mark.parametrize("field", ["draft: true", "published: false"])
def test_draft_is_imported_with_a_warning(tmp_path: Path, field: str) -> None:
    notice, article = read(tmp_path, {"tea.md": f"---\ntitle: T\n{field}\n---\n"})
    assert isinstance(notice, Notice)
    assert (notice.severity, notice.code, notice.line) == (Severity.WARNING, "DRAFT", 3)
    assert isinstance(article, SourceArticle)
    assert article.draft.front_matter == {field.partition(":")[0]: field.endswith("true")}


def test_title_may_be_the_first_heading(tmp_path: Path) -> None:
    article = read_one(tmp_path, "# Hot *tea*\n\nIntro.\n\n## Pot\n\nBody.")
    assert (article.draft.title, article.draft.intro) == ("Hot tea", "Intro.")
    assert [section.heading for section in article.draft.sections] == ["Pot"]


def test_see_also_links_are_related_when_nothing_else_is_named(tmp_path: Path) -> None:
    body = (
        "## See also\n\n- [Milk *cow*](../milk.md)\n- <https://example.org/>\n- [Top](#top)\n- [Cup][c]\n\n"
    )
    body += "## End\n\nx\n\n[c]: /cup"
    article = read_one(tmp_path, f"---\ntitle: T\n---\n{body}")
    assert article.related_names == [
        RelatedName("../milk.md", "Milk cow"),
        RelatedName("https://example.org/", "https://example.org/"),
        RelatedName("/cup", "Cup"),
    ]
    assert article.draft.sections[0].kind is SectionKind.RELATED
    assert "[Milk *cow*](../milk.md)" in article.draft.sections[0].body


def test_article_called_faq_has_questions_of_its_own(tmp_path: Path) -> None:
    article = read_one(tmp_path, "# FAQ\n\n**Really?**\n\nYes [x].\n\n## Why?\n\nSo.\n\n[x]: /x")
    assert article.draft.questions == [
        QuestionDraft("Really?", "Yes [x].\n\n[x]: </x>"),
        QuestionDraft("Why?", "So."),
    ]
    assert (article.draft.intro, article.draft.sections) == ("", [])


def test_macros_stay_text(tmp_path: Path) -> None:
    article = read_one(tmp_path, "---\ntitle: T\n---\n{{Sidebar}}\n\n## Use {{x}}\n\n{% include y %}")
    assert (article.draft.intro, article.draft.sections[0].heading) == ("{{Sidebar}}", "Use {{x}}")


def test_mark_and_line_ends_of_other_systems_are_normalised(tmp_path: Path) -> None:
    article = read_one(tmp_path, b"\xef\xbb\xbf---\r\ntitle: T\r\n---\r\nOne\r\ntwo\rthree")
    assert (article.draft.title, article.draft.intro, article.line) == ("T", "One\ntwo\nthree", 4)


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        ("Just words.", "NO_TITLE", 1),
        ("", "NO_TITLE", 1),
        ("---\norder: 1\n---\n## Two", "NO_TITLE", 4),
        ("---\ntitle: [a]\n---\n", "WRONG_TYPE", 2),
        ("---\ntitle: T\nslug: {a: b}\n---\n", "WRONG_TYPE", 3),
        ("---\ntitle: T\ndescription: [a]\n---\n", "WRONG_TYPE", 3),
        ("---\ntitle: T\ndate: soon\n---\n", "WRONG_TYPE", 3),
        ("---\ntitle: T\ndate: 2026-02-30\n---\n", "WRONG_TYPE", 3),
        ("---\ntitle: T\ndate: [2026-01-01]\n---\n", "WRONG_TYPE", 3),
        ("---\ntitle: T\ntags: {a: b}\n---\n", "WRONG_TYPE", 3),
        ("---\ntitle: T\ntags: [[a]]\n---\n", "WRONG_TYPE", 3),
        ("---\ntitle: T\nauthor: {mail: a}\n---\n", "WRONG_TYPE", 3),
        ("---\ntitle: T\nimage: {alt: a}\n---\n", "WRONG_TYPE", 3),
        ("---\ntitle: T\nrelated: {a: b}\n---\n", "WRONG_TYPE", 3),
        ("---\ntitle: T\nredirect_from: [[a]]\n---\n", "WRONG_TYPE", 3),
        ("---\ntitle: T\nredirect_from: [/a, /b/*]\n---\n", "BAD_VALUE", 3),
        ("---\ntitle: T\naliases: /\n---\n", "BAD_VALUE", 3),
        ("---\ntitle: T\nlang: German please\n---\n", "BAD_LOCALE", 3),
        ("---\ntitle: T: U\n---\n", "BAD_FRONT_MATTER", 2),
        ("---\ntitle: T\n", "BAD_FRONT_MATTER", 1),
        (b"# T\n\nbad \xff byte", "BAD_ENCODING", 3),
        ("# T\n".encode("utf-16"), "BAD_ENCODING", 1),
        (b"# T\n\n\0", "BAD_CHARACTER", 3),
    ],
)
def test_broken_file_is_refused_with_code_and_line(
    tmp_path: Path, content: str | bytes, code: str, line: int
) -> None:
    assert refuse(tmp_path, content) == (code, line)


def test_date_of_no_calendar_in_the_file_name_is_refused(tmp_path: Path) -> None:
    assert refuse(tmp_path, "# T", "2026-02-31-tea.md") == ("WRONG_TYPE", 0)


def test_one_bad_file_leaves_the_others(tmp_path: Path) -> None:
    found = read(tmp_path, {"a.md": b"\xff", "b.md": "# B", "c.markdown": "# C", "d.txt": "# D"})
    assert [type(item).__name__ for item in found] == ["Notice", "SourceArticle", "SourceArticle"]


def test_file_over_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown_folder, "LARGEST", 10)
    assert refuse(tmp_path, "# Title is long") == ("TOO_LARGE", 0)
    assert read_one(tmp_path, "# Title 1\n").draft.title == "Title 1"


def test_empty_folder_says_what_was_looked_for(tmp_path: Path) -> None:
    [notice] = MarkdownFolder(
        write(tmp_path, {"a.txt": "x", ".git/b.md": "# B", "node_modules/c.md": "# C"})
    ).read()
    assert isinstance(notice, Notice)
    assert (notice.severity, notice.code) == (Severity.REFUSED, "NOTHING_FOUND")
    assert ".markdown" in notice.message


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    secret = write(tmp_path / "outside", {"secret.md": "# Secret", "more/x.md": "# X"})
    root = write(tmp_path / "root", {"tea.md": "# Tea"})
    (root / "secret.md").symlink_to(secret / "secret.md")
    (root / "inside.md").symlink_to(root / "tea.md")
    (root / "lost.md").symlink_to(root / "gone.md")
    (root / "more").symlink_to(secret / "more")
    found = list(MarkdownFolder(root).read())
    assert [item.key for item in found if isinstance(item, SourceArticle)] == ["inside", "tea"]
    assert [(item.file, item.code) for item in found if isinstance(item, Notice)] == [
        ("lost.md", "UNREADABLE"),
        ("secret.md", "OUTSIDE_ROOT"),
    ]


def test_pipe_that_is_called_like_a_file_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    [notice] = MarkdownFolder(tmp_path).read()
    assert isinstance(notice, Notice)
    assert notice.code == "UNREADABLE"


def test_file_name_that_is_not_utf_8_is_refused_in_words_that_can_be_shown(tmp_path: Path) -> None:
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.md"))).write_text("# T")
    [notice] = MarkdownFolder(tmp_path).read()
    assert isinstance(notice, Notice)
    assert (notice.code, notice.file) == ("BAD_FILE_NAME", "\ufffd.md")


def test_both_readings_give_the_same_in_the_same_order(tmp_path: Path) -> None:
    source = MarkdownFolder(
        write(tmp_path, {name: f"# {name}" for name in ("b.md", "a/z.md", "a.md", "a-b/c.md")})
    )
    assert list(source.read()) == list(source.read())
    assert [item.file for item in source.read()] == ["a/z.md", "a-b/c.md", "a.md", "b.md"]


def test_redirect_lists_are_read_with_their_locale(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "files/de/tea.md": "# T",
            "files/en/tea.md": "# T",
            "files/de/_redirects.txt": "# FROM\tTO\r\n/de/old tea\t/de/tea\r\n\r\n",
            "_redirects": "/old /tea 301!\n/gone /tea 404\n/a/* /b/:splat\nalone\n/x /y # why\n/a/../b /y\n",
        },
    )
    found = list(MarkdownFolder(root).redirect_lines())
    assert [item for item in found if isinstance(item, RedirectLine)] == [
        RedirectLine("_redirects", 1, "/old", "/tea", None),
        RedirectLine("_redirects", 5, "/x", "/y", None),
        RedirectLine("files/de/_redirects.txt", 2, "/de/old tea", "/de/tea", "de"),
    ]
    assert [(item.line, item.code) for item in found if isinstance(item, Notice)] == [
        (2, "REDIRECT_UNSUPPORTED"),
        (3, "REDIRECT_UNSUPPORTED"),
        (4, "REDIRECT_MALFORMED"),
        (6, "REDIRECT_UNSUPPORTED"),
    ]


def test_redirect_list_that_is_no_text_is_reported(tmp_path: Path) -> None:
    [notice] = MarkdownFolder(write(tmp_path, {"_redirects": b"/a /b\n\xff"})).redirect_lines()
    assert isinstance(notice, Notice)
    assert (notice.code, notice.line) == ("BAD_ENCODING", 2)


@settings(max_examples=60)
@given(st.binary(max_size=120))
def test_any_bytes_give_an_article_or_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    """No content of a file makes the reader raise."""
    found = read(tmp_path_factory.mktemp("any"), {"a.md": b"---\ntitle: T\n" + data})
    assert found
