"""`/llms.txt` (llmstxt.org): what a site has in one locale, for language models, with links to articles as Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from api.feeds.article_markdown import escape_line
from api.feeds.article_text import ENDING
from api.feeds.asked import Asked, choose_located, find_site
from api.feeds.feed import choose_locale
from models.addresses import site_url
from models.overview import MOST_LISTED, ListedArticle, list_newest
from models.reading import Reader
from models.stored import StoredSite

OPTIONAL = "Optional"
"""The heading of what may be left out; no tag has it for itself."""

OTHERS = "Articles"
SMALLEST_GROUP = 2


async def write_llms(reader: Reader, asked: Asked) -> bytes:
    """Return the overview of a site. Raises Refusal or UnknownSite."""
    (site,) = choose_located([await find_site(reader, asked.site)])
    locale = choose_locale(site, asked.locale)
    articles, has_more = await list_newest(reader.at(reader.view.speaking((locale,))), site)
    # Where several sites may use an address, it says which one is meant.
    ending = f"{ENDING}?{urlencode({'site': site.key})}" if len(await reader.sites()) > 1 else ENDING
    blocks = [f"# {escape_line(site.name)}", f"> {describe(site, locale, articles, has_more=has_more)}"]
    for name, group in group_articles(articles):
        blocks += [f"## {escape_line(name)}", "\n".join(write_link(article, ending) for article in group)]
    blocks += [f"## {OPTIONAL}", "\n".join(list_more(site, locale))]
    return ("\n\n".join(blocks) + "\n").encode()


def describe(site: StoredSite, locale: str, articles: Sequence[ListedArticle], *, has_more: bool) -> str:
    """Return what the overview is of."""
    name, count = escape_line(site.name), len(articles)
    if has_more:
        what = f"The newest {MOST_LISTED:,} articles of {name} in {locale}; the sitemap has all of them."
    else:
        what = f"{count:,} article{'' if count == 1 else 's'} of {name} in {locale}."
    return f"{what} Each link leads to an article as Markdown; without `{ENDING}` at its end, to its page."


def group_articles(articles: Sequence[ListedArticle]) -> list[tuple[str, list[ListedArticle]]]:
    """Return articles by the most common of their tags, the largest group first, and at the end those without one."""
    counts = Counter(slug for article in articles for slug in article.tags)
    groups: dict[str, list[ListedArticle]] = {}
    names: dict[str, str] = {}
    for article in articles:
        slug = max(article.tags, key=lambda tag: counts[tag], default="")
        names.setdefault(slug, article.tags.get(slug, ""))
        groups.setdefault(slug, []).append(article)
    shown = {
        slug
        for slug, group in groups.items()
        if slug and len(group) >= SMALLEST_GROUP and names[slug].casefold() != OPTIONAL.casefold()
    }
    ordered = sorted(shown, key=lambda slug: (-len(groups[slug]), slug))
    rest = [article for slug, group in groups.items() if slug not in shown for article in group]
    return [*((names[slug], groups[slug]) for slug in ordered), *([(OTHERS, rest)] if rest else [])]


def write_link(article: ListedArticle, ending: str) -> str:
    """Return an article as an entry of a list, at its address with this ending."""
    notes = f": {escape_line(article.about)}" if article.about else ""
    return f"- [{write_label(article.title)}]({write_target(article.url + ending)}){notes}"


def write_label(text: str) -> str:
    """Return plain text as the words of a link."""
    return escape_line(text).replace("]", r"\]")


def write_target(url: str) -> str:
    """Return a URI as the target of a link, where brackets must be in pairs."""
    return url.replace("(", "%28").replace(")", "%29")


def list_more(site: StoredSite, locale: str) -> Iterator[str]:
    """Yield links to the same site in other locales, to all addresses, and to what is new."""
    base = site_url(site)
    for other in site.locales:
        if other != locale:
            asked = urlencode({"site": site.key, "locale": other})
            yield f"- [{write_label(site.name)} in {other}]({base}/llms.txt?{asked})"
    yield f"- [Sitemap]({base}/sitemap.xml?{urlencode({'site': site.key})}): all addresses"
    feed = urlencode({"site": site.key, "locale": locale})
    yield f"- [Feed]({base}/feed.json?{feed}): the newest articles, whole, as JSON Feed"
