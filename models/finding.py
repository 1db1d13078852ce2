"""Look-ups of one article by its slug, present or former, and addresses it was imported with.

Look-ups by path are in `models.route`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from inspect import isawaitable

from models.database import Row, refuse_nul
from models.dialect import Sql, join
from models.draft import normalise_slug
from models.errors import AmbiguousAddress
from models.fallback import make_chains
from models.live_publication import LivePublication
from models.moment import FOREVER
from models.reading import Reader, StoredArticle
from models.stored import StoredQuestion, StoredSection
from models.view import View

AMBIGUOUS = "Several sites or drafts use this address; say which site, or ask by id."


async def find_by_slug(reader: Reader, slug: str, site: str | None) -> StoredArticle | None:
    """Return the article with this slug in one of the view's locales, now or formerly.

    A slug in use wins over a former one. `site` is a key, needed only where several sites use the slug.
    Raises AmbiguousAddress or UnknownSite.
    """
    slug = normalise_slug(slug)
    found = await find_named(reader, Address(slug, site=await read_site(reader, site)))
    if found:
        return found
    where = await narrow(reader, [Sql("p.slug = ?", (slug,))], site)
    found = await find_former(reader, slug, where)
    if found:
        return found
    locales = reader.view.spoken or {locale for site in await reader.sites() for locale in site.locales}
    return await find_redirected(reader, [f"/{locale}/{slug}" for locale in sorted(locales)], site)


@dataclass(frozen=True, slots=True)
class Address:
    """What an article is looked up by: its slug, and perhaps its locale and the id of its site."""

    slug: str
    locale: str | None = None
    site: str | None = None

    def condition(self) -> Sql:
        """Return the condition that a publication `p` has this address."""
        named = {"p.locale": self.locale, "p.slug": self.slug, "p.site_id": self.site}
        return join(
            " AND ", [Sql(f"{column} = ?", (value,)) for column, value in named.items() if value is not None]
        )

    def matches(self, publication: LivePublication) -> bool:
        """Tell whether a publication with this slug has this address."""
        return self.locale in {None, publication.locale} and self.site in {None, publication.site_id}


async def read_site(reader: Reader, key: str | None) -> str | None:
    """Return the id of the site with this key, None where none is named. Raises UnknownSite."""
    return None if key is None else (await reader.site_named(key)).id


async def find_named(reader: Reader, address: Address) -> StoredArticle | None:
    """Return the article that is live at an address: with a locale there, else in one of the view's locales."""
    live = reader.live
    choose = bool(reader.view.locales) if address.locale else reader.view.chooses
    if live is None:
        rows = await read_named(reader, address)
        return await show(reader, rows, choose)
    refuse_nul((address.slug,))
    found = [
        p for p in live.named(address.slug) if address.matches(p) and (address.locale or live.lens.speaks(p))
    ]
    if not found:
        return None
    article_id = only_article(p.article_id for p in found)
    if choose and found[0].locale != reader.view.locales[0]:
        return await reader.article(article_id)
    return (await reader.show(found[:1]))[0]


async def read_named(reader: Reader, address: Address) -> Sequence[Row]:
    """Return the rows of what stands at an address, in the view's locales unless it names one, the best first."""
    view, dialect = reader.view, reader.database.dialect
    conditions = [address.condition(), view.admits("p")]
    order = Sql("ORDER BY p.article_id")
    if address.locale is None:
        conditions.append(view.speaks("p", dialect))
        order = Sql("ORDER BY") + view.rank("p", "s") + Sql(", p.article_id")
    return await reader.database.read(reader.select() + join(" AND ", conditions) + order)


async def narrow(reader: Reader, conditions: list[Sql], site: str | None) -> Sql:
    """Return the conditions joined, restricted to a site if one is named."""
    if site is not None:
        conditions.append(Sql("p.site_id = ?", ((await reader.site_named(site)).id,)))
    return join(" AND ", conditions)


async def show(reader: Reader, rows: Sequence[Row], choose: bool) -> StoredArticle | None:
    """Return the one article of these rows; `choose` lets the view pick the translation."""
    if not rows:
        return None
    rows = prefer_published(rows)
    article_id = only_article(row["shown_id"] for row in rows)
    if choose and not (reader.view.locales and rows[0]["locale"] == reader.view.locales[0]):
        return await reader.article(article_id)
    return reader.read_article(rows[0])


def prefer_published(rows: Sequence[Row]) -> Sequence[Row]:
    """Return those of the rows whose article is live, all if none is: several drafts may have one address."""
    return [row for row in rows if row["published_at"] != FOREVER] or rows


def only_article(ids: Iterable[str]) -> str:
    """Return the one id; raises AmbiguousAddress where there are several."""
    distinct = set(ids)
    if len(distinct) > 1:
        raise AmbiguousAddress(AMBIGUOUS)
    return distinct.pop()


async def find_former(
    reader: Reader, slug: str, where: Sql, locale: str | None = None
) -> StoredArticle | None:
    """Return the article that was last live under a publication with this slug that meets `where` and is closed by now.

    Publications that were withdrawn before their moment never were live and find nothing.
    """
    view, database = reader.view, reader.database_about(("slug", slug))
    conditions = [where, has_been_live(view)]
    if locale is None:
        conditions.append(view.speaks("p", database.dialect))
    rows = await database.read(
        Sql(
            "SELECT p.article_id, p.site_id, p.locale, p.since, p.id, p.live_until, "
            "(SELECT r.moment FROM revision r WHERE r.number = p.until AND r.number <= ?) AS closed "
            "FROM publication p WHERE",
            (view.revision,),
        )
        + join(" AND ", conditions)
    )
    return await follow(reader, sorted(rows, key=lambda row: last_lived(row, view), reverse=True))


def has_been_live(view: View) -> Sql:
    """Return the condition that a publication `p` in the view's scope was live by its moment, or is."""
    return join(
        " AND ",
        [
            view.reaches("p"),
            Sql("p.since <= ? AND p.live_from <= ?", (view.revision, view.moment)),
            Sql(
                "(p.until > ? OR p.live_from <= (SELECT r.moment FROM revision r WHERE r.number = p.until))",
                (view.revision,),
            ),
        ],
    )


def last_lived(row: Row, view: View) -> tuple[int, int, int]:
    """Return what sorts publications by when they were live last, in this view."""
    closed = row["live_until"] if row["closed"] is None else row["closed"]
    return min(row["live_until"], closed, view.moment), row["since"], row["id"]


async def find_redirected(reader: Reader, addresses: Sequence[str], site: str | None) -> StoredArticle | None:
    """Return the article whose live edition names one of these addresses as one it could be found at before.

    It may name an address with a slash at its end, which those that are looked up never have.
    """
    addresses = [spelling for address in addresses for spelling in (address, f"{address}/")]
    database = reader.database_about(*(("address", address) for address in addresses))
    named = database.dialect.one_of("d.address", sorted(set(addresses)))
    where = await narrow(reader, [named, reader.view.admits("p")], site)
    rows = await database.read(
        reader.select(joins="JOIN redirect d ON d.edition_id = e.id")
        + where
        + Sql("ORDER BY p.published_at DESC, p.article_id, p.locale")
    )
    newest: dict[str, str] = {}
    for row in rows:
        newest.setdefault(row["site_id"], row["shown_id"])
    rows = [row for row in rows if newest[row["site_id"]] == row["shown_id"]]
    return await show(reader, rows, bool(reader.view.locales))


async def follow(reader: Reader, rows: Sequence[Row]) -> StoredArticle | None:
    """Return the article that the first of these publications belonged to, of those that are shown.

    What is live at the address, though the view does not show it, keeps that from leading elsewhere. Raises
    AmbiguousAddress where they are of several sites.
    """
    if len({row["site_id"] for row in rows}) > 1:
        raise AmbiguousAddress(AMBIGUOUS)
    gone: set[str] = set()
    for row in rows:
        if row["article_id"] in gone:
            continue
        shown = await show_former(reader, row["article_id"], row["locale"])
        if shown is not None or (row["closed"] is None and row["live_until"] > reader.view.moment):
            return shown
        gone.add(row["article_id"])
    return None


async def show_former(reader: Reader, article_id: str, locale: str) -> StoredArticle | None:
    """Return an article that had an address in a locale as it is shown now, None where it is not.

    Where the view names no locales that is in this one, or else in what stands in for it on the site.
    """
    if reader.view.locales:
        return await reader.article(article_id)
    found = await reader.at(reader.view.speaking((locale,))).article(article_id)
    if found is not None or (shown := await reader.article(article_id)) is None:
        return found
    chained = reader.at(reader.view.speaking((locale,), make_chains(await reader.sites(), (locale,))))
    return await chained.article(article_id) or shown


async def find_section(reader: Reader, key: str) -> tuple[StoredArticle, StoredSection] | None:
    """Return the section with this key and its article, in whichever of the view's locales it stands."""
    article = await reader.holder("section", key)
    if article is None:
        return None
    sections = reader.library.sections(article.edition)
    loaded = await sections if isawaitable(sections) else sections
    return article, next(section for section in loaded if section.key == key)


async def find_question(reader: Reader, key: str) -> tuple[StoredArticle, StoredQuestion] | None:
    """Return the question with this key and its article, in whichever of the view's locales it stands."""
    article = await reader.holder("question", key)
    if article is None:
        return None
    questions = reader.library.questions(article.edition)
    loaded = await questions if isawaitable(questions) else questions
    return article, next(question for question in loaded if question.key == key)


async def find_tags(
    reader: Reader, *, site: str | None = None, slug: str | None = None, limit: int
) -> list[tuple[str, str]]:
    """Return slug and name of the tags of all articles in the view, sorted by slug. Raises UnknownSite."""
    conditions = [reader.serves()]
    if slug is not None:
        conditions.append(Sql("t.slug = ?", (slug,)))
    where = await narrow(reader, conditions, site)
    rows = await reader.database.read(
        reader.select("t.slug, MIN(t.name) AS name", "JOIN tag t ON t.edition_id = e.id")
        + where
        + Sql("GROUP BY t.slug ORDER BY t.slug LIMIT ?", (limit,))
    )
    return [(row["slug"], row["name"]) for row in rows]
