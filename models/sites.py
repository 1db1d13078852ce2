"""The verbs that make and change sites. A site has no editions; its changes are in the change log all the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from models.access import Actor, Right
from models.addresses import is_base
from models.checking import check_locale, check_text
from models.database import Database
from models.edition import Edition
from models.errors import InvalidContent, NotFound, Problem
from models.idempotency import Receipt
from models.identity import derive_site_id
from models.moment import FOREVER
from models.outcome import Done
from models.revision import ChangeKind, write
from models.site import Site

KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
LONGEST_NAME = 500
URL = (
    "A site's URL is absolute, such as https://example.org or https://example.org/docs: a host that there may be, "
    "without user, password, query and fragment."
)
MOST_FALLBACKS = 100


@dataclass(frozen=True, slots=True)
class SiteFields:
    """What to change of a site; None keeps what is there. An empty `url` takes it away.

    `fallbacks` says for a locale which ones stand in for it, the best first; it replaces all that was said before.
    """

    name: str | None = None
    url: str | None = None
    default_locale: str | None = None
    locales: Sequence[str] | None = None
    fallbacks: Sequence[tuple[str, Sequence[str]]] | None = None


async def create_site(
    database: Database,
    key: str,
    fields: SiteFields,
    *,
    actor: Actor,
    message: str | None = None,
    receipt: Receipt | None = None,
) -> Done:
    """Make a site; its default locale comes first among its locales. Raises Forbidden or InvalidContent."""
    actor.require_everywhere(Right.ADMINISTER)
    async with write(database, actor=actor, verb="create", message=message, receipt=receipt) as writing:
        locale = fields.default_locale or "en"
        site = Site(
            id=derive_site_id(key),
            key=key,
            name=key,
            url=None,
            default_locale=locale,
            locales=[locale],
            fallbacks=[],
        )
        change_site(site, fields)
        problems = list(find_problems(site))
        if await Site.exists(id=site.id, using_db=writing.connection):
            problems.append(Problem(("key",), f"There is a site {key!r} already."))
        if problems:
            raise InvalidContent(problems)
        await site.save(using_db=writing.connection, force_create=True)
        writing.record_site(ChangeKind.CREATED, site.id)
        writing.finish(Done(None, site=key))
    return writing.done


async def update_site(
    database: Database,
    key: str,
    fields: SiteFields,
    *,
    actor: Actor,
    message: str | None = None,
    receipt: Receipt | None = None,
) -> Done:
    """Change a site. A locale with articles cannot be taken away. Raises Forbidden, NotFound or InvalidContent."""
    actor.require_site(Right.ADMINISTER, derive_site_id(key), key)
    async with write(database, actor=actor, verb="update", message=message, receipt=receipt) as writing:
        site = await Site.filter(id=derive_site_id(key)).using_db(writing.connection).first()
        if site is None:
            raise NotFound(f"There is no site {key!r}.")
        before = describe(site)
        change_site(site, fields)
        used = Edition.filter(article__site_id=site.id, until=FOREVER).using_db(writing.connection)
        problems = list(find_problems(site))
        for (locale,) in await used.distinct().values_list("locale"):
            if locale not in site.locales:
                problems.append(Problem(("locales",), f"There are articles in {locale}; delete them first."))
        if problems:
            raise InvalidContent(problems)
        if before != describe(site):
            await site.save(using_db=writing.connection)
            writing.record_site(ChangeKind.UPDATED, site.id)
        writing.finish(Done(None, site=key))
    return writing.done


def describe(site: Site) -> Mapping[str, object]:
    """Return what can be changed of a site."""
    names = ("name", "url", "default_locale", "locales", "fallbacks")
    return {name: getattr(site, name) for name in names}


def change_site(site: Site, fields: SiteFields) -> None:
    """Put the given fields into a site's row, the default locale first among the locales."""
    if fields.name is not None:
        site.name = fields.name
    if fields.url is not None:
        site.url = fields.url or None
    if fields.default_locale is not None:
        site.default_locale = fields.default_locale
    locales = site.locales if fields.locales is None else fields.locales
    site.locales = list(dict.fromkeys([site.default_locale, *locales]))
    if fields.fallbacks is not None:
        site.fallbacks = [{"locale": locale, "to": list(to)} for locale, to in fields.fallbacks]


def find_problems(site: Site) -> Iterator[Problem]:
    """Yield the rules that a site breaks."""
    if not KEY.fullmatch(site.key):
        yield Problem(("key",), "A key has lower-case letters, digits and hyphens, such as docs or my-site.")
    yield from check_text(("name",), site.name, required=True, longest=LONGEST_NAME)
    yield from check_text(("url",), site.url, longest=2000)
    if site.url and not is_base(site.url):
        yield Problem(("url",), URL)
    for index, locale in enumerate(site.locales):
        yield from check_tag(("locales", str(index)), locale)
    yield from find_fallback_problems(site)


def check_tag(path: tuple[str, ...], locale: str) -> Iterator[Problem]:
    """Yield a problem where a locale is not a normalised language tag."""
    yield from (Problem(path, problem.message) for problem in check_locale(locale))


def find_fallback_problems(site: Site) -> Iterator[Problem]:
    """Yield the rules that a site's fallbacks break."""
    if len(site.fallbacks) > MOST_FALLBACKS:
        yield Problem(("fallbacks",), f"A site has fallbacks for at most {MOST_FALLBACKS} locales.")
    seen: set[str] = set()
    for index, fallback in enumerate(site.fallbacks):
        locale, to = fallback["locale"], fallback["to"]
        path = ("fallbacks", str(index))
        yield from check_tag((*path, "locale"), locale)
        if locale in seen:
            yield Problem((*path, "locale"), f"There are fallbacks for {locale} already.")
        seen.add(locale)
        for place, other in enumerate(to):
            if other == locale or other in to[:place]:
                yield Problem((*path, "to", str(place)), f"{other} stands here already.")
            elif other not in site.locales:
                yield Problem((*path, "to", str(place)), f"{other} is none of the site's locales.")
