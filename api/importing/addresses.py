"""Which article a link or a name in the source means, learned from all articles before any is stored.

It knows addresses, slugs, files and names of the set in memory; it opens no file and no database.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from api.importing.headings import fold
from api.importing.link_templates import LOCALE, LinkTemplates, Template, split_off
from api.importing.redirect_file import RedirectLine
from api.importing.site_paths import Address, bare, bare_old, join, read_address
from api.importing.source import Notice, RelatedName, Severity, SourceArticle
from models.addresses import read_old_address
from models.draft import ArticleDraft

LINKS = re.compile(
    r"\]\(\s*<?(/[^\s<>)]*)|^ {0,3}\[[^\]\n]+\]:\s*<?(/[^\s<>]*)|\shref=[\"'](/[^\"'\s]*)", re.MULTILINE
)
FILES = (".md", ".markdown")


@dataclass(slots=True)
class Names:
    """Names within locales, each with the articles it may mean; a name of two articles means neither."""

    by_locale: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    anywhere: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, name: str, locale: str, article_id: str) -> None:
        """Learn that an article goes by this name in a locale."""
        for spelling in _spellings(name):
            self.by_locale[spelling, locale].add(article_id)
            self.anywhere[spelling].add(article_id)

    def find_here(self, name: str, locale: str) -> str | None:
        """Return the one article of this name in the locale; as it is spelled, else in any case."""
        found = (_only(self.by_locale.get((spelling, locale))) for spelling in _spellings(name))
        return next(filter(None, found), None)

    def find(self, name: str, locale: str) -> str | None:
        """Return the one article of this name in the locale, else the one that has it in any locale."""
        elsewhere = (_only(self.anywhere.get(spelling)) for spelling in _spellings(name))
        return self.find_here(name, locale) or next(filter(None, elsewhere), None)

    def has(self, name: str) -> bool:
        """Tell whether any article goes by this name anywhere."""
        return any(spelling in self.anywhere for spelling in _spellings(name))


def _spellings(name: str) -> tuple[str, ...]:
    # The mark keeps what is spelled in lower case apart from what was folded to it.
    return (name, f"\0{name.casefold()}") if name else ()


def _only(ids: set[str] | None) -> str | None:
    return next(iter(ids)) if ids is not None and len(ids) == 1 else None


class AddressBook:
    """All the places and names of a set's articles.

    First `add` every article and learn the links and redirect lines of the set, in any order; then ask. Ids
    are whatever the caller names articles by; locales of one article share one.
    """

    def __init__(self) -> None:
        self._places = Names()
        self._former = Names()
        self._slugs = Names()
        self._files = Names()
        self._handles = Names()
        self._titles = Names()
        self._hosts: set[str] = set()
        self._ids: dict[tuple[str, str, str], str] = {}
        self._locales: dict[str, list[str]] = defaultdict(list)
        self._redirects: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._links = LinkTemplates()
        self._templates: set[Template] | None = None

    def add(self, article: SourceArticle, article_id: str) -> None:
        """Learn where an article stands and what it is called."""
        locale = article.draft.locale
        self._templates = None
        self._ids[_edition(article)] = article_id
        self._locales[article_id].append(locale)
        for known in filter(None, map(read_address, article.addresses)):
            self._places.add(bare(known.path), locale, article_id)
            self._hosts.update({known.host} - {""})
        for old in filter(None, map(read_address, article.draft.redirects)):
            self._former.add(bare_old(old), locale, article_id)
        self._slugs.add(bare(article.draft.slug), locale, article_id)
        self._titles.add(fold(article.draft.title), locale, article_id)
        for handle in article.handles:
            self._handles.add(handle, locale, article_id)
        if article.file.lower().endswith(FILES):
            self._files.add(bare(f"{article.folder}/{PurePosixPath(article.file).name}"), locale, article_id)

    def learn_link(self, href: str, locale: str) -> None:
        """Take note of an address that the set links to; absolute paths show where its articles stand."""
        del locale  # the links themselves say which of their segments are locales
        found = read_address(href)
        if found is not None and found.is_absolute and (not found.host or found.host in self._hosts):
            self._links.learn(bare(found.path))
            self._templates = None

    def learn_links(self, article: SourceArticle) -> None:
        """Take note of all absolute links in an article's Markdown."""
        for text in _texts(article.draft):
            for found in LINKS.finditer(text):
                self.learn_link(found[found.lastindex or 0], article.draft.locale)

    def learn_redirects(self, lines: Iterable[RedirectLine]) -> list[Notice]:
        """Give each old address to the article that its line leads to, in the locale of the target.

        Chains are followed. Returns a WARNING for each line that leads to none of the articles, in a circle,
        or away from an address at which an article stands. All articles must have been added before.
        """
        known = list(lines)
        targets = {bare_old(source): line for line in known if (source := read_address(line.source))}
        return [notice for line in known if (notice := self._take_redirect(line, targets)) is not None]

    def redirects(self, article: SourceArticle) -> list[str]:
        """Return the old addresses that redirect lists give to this article in its locale."""
        article_id = self._ids.get(_edition(article), "")
        return list(self._redirects.get((article_id, article.draft.locale), ()))

    def resolve(self, href: str, article: SourceArticle) -> str | None:
        """Return the id of the article that a link in `article` leads to, or None for all other links.

        Relative links are followed from the file's folder, then from the article's addresses. Absolute ones,
        with or without a host of the set, are looked up as known addresses, as slugs, as slugs behind a
        locale or a learned template, and as old addresses; each in the link's locale, the article's, then any.
        """
        found = read_address(href)
        if found is None or (found.host and found.host not in self._hosts):
            return None
        if found.is_absolute:
            return self._locate_old(found, article.draft.locale)
        return self._follow(found.path, article)

    def resolve_name(self, name: RelatedName, article: SourceArticle) -> str | None:
        """Return the id of the article that a related entry means: by address, handle, slug or title.

        What the article's own locale has goes before all others.
        """
        text, locale = name.name, article.draft.locale
        if "/" in text or text.lower().endswith(FILES):
            found = self.resolve(text, article)
            if found or text.startswith("/") or "://" in text:
                return found
        kinds = ((self._handles, text), (self._slugs, bare(text)), (self._titles, fold(text)))
        here = (names.find_here(spelling, locale) for names, spelling in kinds)
        elsewhere = (names.find(spelling, locale) for names, spelling in kinds)
        return next(filter(None, (*here, *elsewhere)), None)

    def _follow(self, path: str, article: SourceArticle) -> str | None:
        locale = article.draft.locale
        beside = join(article.folder, path)
        if beside is not None and (found := self._files.find_here(bare(beside), locale)):
            return found
        for known in filter(None, map(read_address, article.addresses)):
            # Seen from `/a/b` a neighbour of b is meant, seen from `/a/b/` something below it.
            base = known.path if known.path.endswith("/") else posixpath.dirname(known.path)
            joined = join(base, path)
            if joined is not None and (found := self._locate(joined, locale)):
                return found
        return self._files.find(bare(beside), locale) if beside is not None else None

    def _locate_old(self, address: Address, locale: str) -> str | None:
        # What was known with its query goes before what stands at the path.
        former = self._former.find(bare_old(address), locale) if address.query else None
        return former or self._locate(address.path, locale)

    def _locate(self, path: str, locale: str) -> str | None:
        place = bare(path)
        found = self._places.find(place, locale) or self._slugs.find(place, locale)
        if found:
            return found
        templates = self._believed()
        for template, named, rest in split_off(place):
            if template in templates and (found := self._slugs.find(rest, named or locale)):
                return found
        return self._former.find(place, locale)

    def _believed(self) -> set[Template]:
        if self._templates is None:
            self._templates = {(LOCALE,), *self._links.infer(self._slugs.has)}
        return self._templates

    def _take_redirect(self, line: RedirectLine, targets: dict[str, RedirectLine]) -> Notice | None:
        named = _locale_in(line.target) or line.locale
        found, target = self._end_of_chain(line, targets, named or "")
        locales = self._locales.get(found or "", [])
        if found is None or (named is not None and named not in locales):
            reason = "in a circle" if found is None and target in targets else "to none of the articles"
            return _warn(line, "REDIRECT_TARGET_UNKNOWN", f"{line.target!r} leads {reason}.")
        source = read_address(line.source)
        standing = self._locate(source.path, named or "") if source else None
        if standing is not None and (standing != found or bare(source.path if source else "") == target):
            return _warn(line, "REDIRECT_SOURCE_TAKEN", f"An article stands at {line.source!r}.")
        locale = named or next((tag for tag in locales if self._places.find_here(target, tag)), locales[0])
        old = read_old_address(line.source)
        if source is not None and old not in self._redirects[found, locale]:
            self._redirects[found, locale].append(old)
            self._former.add(bare_old(source), locale, found)
        return None

    def _end_of_chain(
        self, line: RedirectLine, targets: dict[str, RedirectLine], locale: str
    ) -> tuple[str | None, str]:
        seen: set[str] = set()
        current: RedirectLine | None = line
        path = ""
        while current is not None:
            target = read_address(current.target)
            if target is None or (target.host and target.host not in self._hosts):
                return None, ""
            path = bare(target.path)
            found = self._locate_old(target, locale)
            place = bare_old(target)
            if found or place in seen:
                return found, path
            seen.add(place)
            current = targets.get(place) or targets.get(path)
        return None, path


def _edition(article: SourceArticle) -> tuple[str, str, str]:
    return article.file, article.key, article.draft.locale


def _locale_in(href: str) -> str | None:
    found = read_address(href)
    return next((named for _, named, _ in split_off(bare(found.path)) if named), None) if found else None


def _warn(line: RedirectLine, code: str, message: str) -> Notice:
    return Notice(Severity.WARNING, line.file, line.line, code, message)


def _texts(draft: ArticleDraft) -> Iterator[str]:
    yield draft.intro
    for section in draft.sections:
        yield section.body
        yield from (question.answer for question in section.questions)
        yield from (*section.pros, *section.cons)
    yield from (question.answer for question in draft.questions)
