"""Publications in memory, as far as finding and listing looks at them, and the lens that chooses among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from models.access import EVERYWHERE, Scope
from models.fallback import Chain, chain_on, list_spoken

UNSPOKEN = 1_000_000
"""The place of a locale that is in no chain: after all others."""


@dataclass(slots=True, eq=False)
class LivePublication:
    """A publication that is live or will be, with what its edition is found and sorted by. Never changed."""

    article_id: str
    site_id: str
    site_key: str
    locale: str
    slug: str
    slug_folded: str
    live_from: int
    live_until: int
    published_at: int
    created_at: int
    edition_id: int
    rendered: int
    saved_at: int
    title: str
    title_folded: str
    tags: tuple[str, ...]
    tag_names: tuple[str, ...]
    authors: tuple[str, ...]
    kinds: int

    def is_live_at(self, moment: int) -> bool:
        """Tell whether it is live at a moment."""
        return self.live_from <= moment < self.live_until


@dataclass(frozen=True, slots=True)
class Lens:
    """What of a view chooses among live publications: its locales, scope and chains (see `models.view.View`)."""

    locales: tuple[str, ...] = ()
    scope: Scope = EVERYWHERE
    chains: tuple[Chain, ...] = ()

    @property
    def spoken(self) -> tuple[str, ...]:
        """Return all locales in which articles are shown; empty where all are."""
        return list_spoken(self.locales, self.chains)

    def admits(self, publication: LivePublication) -> bool:
        """Tell whether a publication lies in the scope."""
        scope = self.scope
        if scope is EVERYWHERE:
            return True
        return (
            scope.holds_article(publication.article_id, publication.site_id)
            and scope.holds_site(publication.site_id)
            and scope.holds_locale(publication.locale)
        )

    def speaks(self, publication: LivePublication) -> bool:
        """Tell whether a publication is in one of the locales."""
        return not self.locales or publication.locale in self._chain(publication)

    def rank(self, publication: LivePublication, defaults: Mapping[str, str]) -> int | str:
        """Return the place of a publication's locale in the chain; `defaults` are the sites' own locales."""
        if self.locales:
            chain = self._chain(publication)
            return chain.index(publication.locale) if publication.locale in chain else UNSPOKEN
        return "" if publication.locale == defaults[publication.site_id] else publication.locale

    def _chain(self, publication: LivePublication) -> tuple[str, ...]:
        return chain_on(publication.site_id, self.chains) if self.chains else self.locales

    def choose(
        self, publications: Iterable[LivePublication], moment: int, defaults: Mapping[str, str]
    ) -> LivePublication | None:
        """Return the publication of an article that is shown at a moment, None where none is."""
        shown = [p for p in publications if p.is_live_at(moment) and self.speaks(p) and self.admits(p)]
        if len(shown) > 1:
            return min(shown, key=lambda p: self.rank(p, defaults))
        return shown[0] if shown else None
