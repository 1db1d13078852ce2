"""The address book: every way in which a link or a name finds its article, and links that must find none."""

from __future__ import annotations

import pytest

from api.importing.addresses import AddressBook
from api.importing.redirect_file import RedirectLine
from api.importing.source import RelatedName, Severity, SourceArticle
from models.draft import ArticleDraft, QuestionDraft, SectionDraft


def article(slug: str, locale: str = "en", title: str | None = None, **place: object) -> SourceArticle:
    """Return an article that stands nowhere but where `place` says."""
    draft = ArticleDraft(locale=locale, slug=slug, title=title or slug)
    made = SourceArticle(file=f"{locale}.jsonl", line=1, key=slug.casefold(), draft=draft)
    for name, value in place.items():
        setattr(made, name, value)
    return made


def markdown(path: str, key: str, locale: str, *addresses: str) -> SourceArticle:
    """Return an article of a Markdown file."""
    folder = path.rpartition("/")[0]
    return article(key, locale, file=path, key=key, folder=folder, addresses=list(addresses), handles=[key])


def book_of(*articles: SourceArticle) -> AddressBook:
    """Return a book that knows these articles by their keys."""
    book = AddressBook()
    for each in articles:
        book.add(each, each.key)
    for each in articles:
        book.learn_links(each)
    return book


TEA = markdown("_a/tea.md", "tea", "en", "/tea/")
MILK = markdown("_a/milk.md", "milk", "en", "/milk/")
TEE = markdown("_a/de/tea.md", "tea", "de", "/de/tea/")
MILCH = markdown("_a/de/milk.md", "milk", "de", "/de/milk/")
CUP = markdown("_a/more/cup/index.md", "more/cup", "en", "/more/cup/")


@pytest.mark.parametrize(
    ("href", "found"),
    [
        ("milk.md", "milk"),
        ("./milk.md#top", "milk"),
        ("../_a/milk.md?x=1", "milk"),
        ("de/milk.md", "milk"),
        ("more/cup/index.md", "more/cup"),
        ("more/cup/", "more/cup"),
        ("more\\cup\\index.md", "more/cup"),
        ("../milk/#top", "milk"),
        ("../milk", "milk"),
        ("../more/cup", "more/cup"),
        ("/milk", "milk"),
        ("/milk/", "milk"),
        ("/milk.html?utm=1#x", "milk"),
        ("/milk/index.html", "milk"),
        ("/MILK", "milk"),
        ("/m%69lk", "milk"),
        ("/de/milk", "milk"),
        ("/fr/milk", "milk"),
        (" /milk ", "milk"),
        ("#milk", None),
        ("?milk", None),
        ("", None),
        ("/", None),
        ("/milk/more", None),
        ("/shop/milk", None),
        ("milk.png", None),
        ("../../../milk.md", None),
        ("https://example.org/milk", None),
        ("//example.org/milk", None),
        ("mailto:milk@example.org", None),
        ("javascript:milk", None),
        ("https://[milk", None),
    ],
)
def test_links_from_a_file_find_their_articles(href: str, found: str | None) -> None:
    assert book_of(TEA, MILK, TEE, MILCH, CUP).resolve(href, TEA) == found


def test_relative_links_are_followed_from_the_address_in_the_same_locale() -> None:
    assert book_of(TEE, MILCH, TEA, MILK).resolve("../milk/", TEE) == "milk"


def test_address_without_a_slash_at_its_end_has_neighbours_beside_it() -> None:
    start = article("a/one", addresses=["https://example.org/a/one.html"])
    assert (
        book_of(start, article("a/two", addresses=["https://example.org/a/two.html"])).resolve(
            "two.html", start
        )
        == "a/two"
    )


def test_host_of_a_known_address_is_ours() -> None:
    start = article("one", addresses=["https://example.org/x/one"])
    book = book_of(start)
    assert book.resolve("http://EXAMPLE.org/x/one/?q#f", start) == "one"
    assert book.resolve("https://www.example.org/x/one", start) == "one"
    assert book.resolve("https://example.com/x/one", start) is None


def test_links_of_the_set_teach_where_its_slugs_stand() -> None:
    pages = [article(f"Web/Page_{number}") for number in range(3)]
    german = article("Web/Page_1", "de")
    pages[0].draft.intro = "[a](/en-US/docs/Web/Page_1) <a href='/de/docs/Web/Page_2#x'>"
    pages[0].draft.sections = [SectionDraft(body="[c]\n\n[c]: </en-US/docs/Web/page_0>")]
    book = book_of(*pages, german)
    assert book.resolve("/en-US/docs/Web/Page_2", german) == "web/page_2"
    assert book.resolve("/fr/docs/Web/PAGE_1/", german) == "web/page_1"
    assert book.resolve("/en-US/blog/Web/Page_2", german) is None
    assert book.resolve("/en-US/docs/Page_2", german) is None


def test_two_links_are_too_few_to_learn_from() -> None:
    pages = [article(f"page-{number}") for number in range(3)]
    pages[0].draft.questions = [QuestionDraft("?", "[a](/x/page-1) [b](/x/page-2) [again](/x/page-2#y)")]
    assert book_of(*pages).resolve("/x/page-1", pages[0]) is None


def test_beginning_that_mostly_leads_elsewhere_is_not_believed() -> None:
    pages = [article(f"page-{number}") for number in range(3)]
    book = book_of(*pages)
    for number in range(40):
        book.learn_link(f"/shop/page-{number}", "en")
    assert book.resolve("/shop/page-1", pages[0]) is None


def test_locale_of_the_link_goes_before_that_of_the_article() -> None:
    poison, present = article("gift", "de", key="poison"), article("gift", "en", key="present")
    book = book_of(poison, present)
    assert book.resolve("/en/gift", poison) == "present"
    assert book.resolve("/gift", poison) == "poison"
    assert book.resolve("/gift", present) == "present"


def test_name_of_two_articles_in_other_locales_means_neither() -> None:
    book = book_of(article("gift", "de", key="poison"), article("gift", "en", key="present"))
    assert book.resolve("/gift", article("x", "fr")) is None


def test_exact_spelling_goes_before_another_case() -> None:
    upper, lower = article("Tea", key="upper"), article("tea", key="lower")
    book = book_of(upper, lower)
    assert (book.resolve("/Tea", upper), book.resolve("/tea", upper)) == ("upper", "lower")


def test_addresses_with_letters_of_any_script_match_encoded_or_not() -> None:
    start = article("häuser/茶")
    book = book_of(start)
    assert {
        book.resolve(href, start) for href in ("/häuser/茶", "/h%C3%A4user/%E8%8C%B6", "/ha\u0308user/茶")
    } == {start.key}


def test_old_addresses_lead_to_the_article_unless_another_stands_there() -> None:
    start = article("new")
    start.draft.redirects = ["/old", "/taken"]
    book = book_of(start, article("taken"))
    assert (book.resolve("/old/", start), book.resolve("/taken", start)) == ("new", "taken")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("brew", "tea"),
        ("BREW", "tea"),
        ("tea", "tea"),
        ("/tea/", "tea"),
        ("tea.md", "tea"),
        ("Hot tea!", "tea"),
        ("https://example.org/tea", None),
        ("/brew", None),
        ("te", None),
        ("", None),
    ],
)
def test_related_names_are_handles_slugs_paths_or_titles(name: str, found: str | None) -> None:
    tea = article("tea", title="Hot Tea", file="a/tea.md", folder="a", addresses=["/tea/"], handles=["brew"])
    start = article("x", file="a/x.md", folder="a")
    assert book_of(tea, start).resolve_name(RelatedName(name), start) == found


def test_related_name_means_its_own_locale_first() -> None:
    titled = article("a", "de", title="coc")
    handled = article("b", "en", handles=["coc"])
    book = book_of(handled, titled)
    assert book.resolve_name(RelatedName("coc"), article("x", "de")) == "a"
    assert book.resolve_name(RelatedName("coc"), article("x", "en")) == "b"


def test_handle_of_two_articles_means_neither() -> None:
    book = book_of(article("a", handles=["basics"]), article("b", handles=["basics"]))
    assert book.resolve_name(RelatedName("basics"), article("x")) is None


def line(source: str, target: str, locale: str | None = None, number: int = 1) -> RedirectLine:
    """Return a line of a redirect list."""
    return RedirectLine("_redirects.txt", number, source, target, locale)


def test_redirect_goes_to_the_article_in_the_locale_of_its_target() -> None:
    book = book_of(TEA, TEE)
    assert book.learn_redirects([line("/de/old", "/de/tea"), line("/old", "/tea/")]) == []
    assert (book.redirects(TEE), book.redirects(TEA)) == (["/de/old"], ["/old"])
    assert book.resolve("/de/old#x", TEA) == "tea"


def test_chains_of_redirects_lead_to_their_end() -> None:
    book = book_of(TEA, MILK)
    assert (
        book.learn_redirects([line("/oldest", "/older"), line("/older", "/old"), line("/old", "/tea")]) == []
    )
    assert book.redirects(TEA) == ["/oldest", "/older", "/old"]
    assert book.redirects(MILK) == []


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([line("/old", "/nowhere", number=7)], "REDIRECT_TARGET_UNKNOWN"),
        ([line("/old", "https://example.org/tea", number=7)], "REDIRECT_TARGET_UNKNOWN"),
        ([line("/fr/old", "/fr/tea", number=7)], "REDIRECT_TARGET_UNKNOWN"),
        ([line("/old", "/old", number=7)], "REDIRECT_TARGET_UNKNOWN"),
        ([line("/milk", "/tea", number=7)], "REDIRECT_SOURCE_TAKEN"),
        ([line("/tea/", "/tea", number=7)], "REDIRECT_SOURCE_TAKEN"),
    ],
)
def test_redirect_that_leads_nowhere_is_reported_with_its_line(lines: list[RedirectLine], code: str) -> None:
    book = book_of(TEA, MILK)
    [notice] = book.learn_redirects(lines)
    assert (notice.severity, notice.file, notice.line, notice.code) == (
        Severity.WARNING,
        "_redirects.txt",
        7,
        code,
    )
    assert (book.redirects(TEA), book.redirects(MILK)) == ([], [])


def test_circle_of_redirects_ends() -> None:
    notices = book_of(TEA).learn_redirects([line("/a", "/b", number=1), line("/b", "/a", number=2)])
    assert [(notice.line, "circle" in notice.message) for notice in notices] == [(1, True), (2, True)]


def test_old_addresses_with_queries_are_different_ones() -> None:
    """Old addresses of one path with two queries lead to two articles, through redirects and links alike."""
    book = book_of(TEA, MILK)
    lines = [line("/index.php?id=7", "/tea"), line("/index.php?id=8", "/milk"), line("/m", "/index.php?id=8")]
    assert book.learn_redirects(lines) == []
    assert book.redirects(TEA) == ["/index.php?id=7"]
    assert book.redirects(MILK) == ["/index.php?id=8", "/m"]
    assert book.resolve("/index.php?id=8#x", TEA) == "milk"
    assert book.resolve("/index.php?id=9", TEA) is None
