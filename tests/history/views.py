"""What a view shows of the naive history, by the words of the contract."""

from __future__ import annotations

from dataclasses import dataclass

from models.moment import FOREVER
from tests.history.content import Token
from tests.history.states import CHAINS, SITES, History, Place, Version

AMBIGUOUS = "AMBIGUOUS_ADDRESS"


@dataclass(frozen=True, slots=True)
class Look:
    """What an operation asks to see: a perspective, locales, and perhaps a revision or a moment.

    `fallback` lets other locales stand in for those.
    """

    drafts: bool = False
    locales: tuple[str, ...] = ()
    revision: int | None = None
    at: int | None = None
    fallback: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """An article in one locale as a view shows it."""

    version: Version
    published_at: int | None

    @property
    def place(self) -> Place:
        """Return the article and locale."""
        return self.version.place


class View:
    """A look at a history when the clock says `clock`."""

    def __init__(self, history: History, clock: int, look: Look) -> None:
        self.history = history
        self.look = look
        self.present = present = max(clock, history.last.moment)
        if look.revision is not None:
            self.state = history.state(look.revision)
            self.moment = self.state.moment if look.at is None else look.at
            if not look.drafts and self.moment <= present:
                self.moment = min(self.moment, self.find_last_moment())
        elif look.at is None or look.at >= present:
            self.state, self.moment = history.last, present if look.at is None else look.at
        else:
            self.state, self.moment = history.state_at(look.at), look.at
        self.live = self.find_live()
        self.rows = self.find_drafts() if look.drafts else self.live

    def find_last_moment(self) -> int:
        """Return the last moment at which the revision was the newest: all that the public may know of it."""
        following = [s.moment for s in self.history.states if s.revision == self.state.revision + 1]
        return max(self.state.moment, following[0] - 1) if following else FOREVER

    def find_live(self) -> dict[Place, Shown]:
        """Return what is live, in whatever locale."""
        spans = [span for spans in self.state.plan.values() for span in spans if span.covers(self.moment)]
        return {s.version.place: Shown(s.version, self.find_published_at(s.version)) for s in spans}

    def find_published_at(self, version: Version) -> int:
        """Return the author's own date, else the first moment at which the article was live in this locale."""
        if version.content.date is not None:
            return version.content.date
        lived = self.history.lived(self.state.revision)
        return min(span.start for span, _ in lived if span.version.place == version.place)

    def find_drafts(self) -> dict[Place, Shown]:
        """Return the newest versions, in whatever locale; only what is live has been published."""
        return {
            place: Shown(version, self.live[place].published_at if place in self.live else None)
            for place, version in self.state.newest.items()
        }

    def chain(self, article: str) -> list[str]:
        """Return the locales in which the view shows an article, the most wanted first; none where it shows all."""
        if not self.look.fallback:
            return list(self.look.locales)
        return CHAINS[self.look.locales][list(SITES).index(self.history.sites[article])].split()

    def speaks(self, place: Place) -> bool:
        """Tell whether the view shows an article's locale."""
        article, locale = place
        return not self.look.locales or locale in self.chain(article)

    def rank(self, place: Place) -> tuple[int, str]:
        """Return how wanted a locale is, the most wanted the least."""
        article, locale = place
        if self.look.locales:
            return self.chain(article).index(locale), ""
        return int(locale != SITES[self.history.sites[article]]), locale

    def locales(self, article: str) -> list[str]:
        """Return the locales in which the view has an article."""
        return sorted(locale for name, locale in self.rows if name == article)

    def spoken(self, article: str) -> list[Place]:
        """Return the places of an article in the view's locales, the most wanted first."""
        return sorted((p for p in self.rows if p[0] == article and self.speaks(p)), key=self.rank)

    def shown(self, article: str) -> Shown | None:
        """Return what the view shows of an article."""
        spoken = self.spoken(article)
        return self.rows[spoken[0]] if spoken else None

    def all_shown(self, ids: dict[str, str]) -> list[Shown]:
        """Return what the view shows, newest first, what is not live before all, else by id from the last."""
        shown = [found for article in self.history.sites if (found := self.shown(article))]
        return sorted(shown, key=lambda s: (s.published_at or FOREVER, ids[s.place[0]]), reverse=True)

    def holding(self, token: Token) -> list[Place]:
        """Return the places in the view's locales whose content has a section or question with this token."""
        return [place for place in self.rows if self.speaks(place) and token in tokens(self.rows[place])]

    def standing(self, place: Place) -> tuple[str, int | None, int | None]:
        """Return how the newest version stands, and since and until when something is live or will be next."""
        ahead = [span for span in self.state.spans(place) if span.end > self.moment]
        if not ahead:
            states = self.history.states[: self.history.states.index(self.state) + 1]
            return ("UNPUBLISHED" if any(s.plan.get(place) for s in states) else "DRAFT"), None, None
        newest = ahead[0].version is self.state.newest[place]
        state = "SCHEDULED" if ahead[0].start > self.moment else "PUBLISHED" if newest else "CHANGED"
        return state, ahead[0].start, None if ahead[0].end == FOREVER else ahead[0].end

    def by_slug(self, slug: str, site: str | None) -> set[Place | str | None]:
        """Return what a slug may find: places, None for nothing, or AMBIGUOUS."""
        rows = [p for p in self.rows if self.speaks(p) and self.is_named(self.rows[p].version, slug, site)]
        rows = self.prefer_live(rows)
        if not rows:
            return self.formerly(slug, None, site)
        if len({article for article, _ in rows}) > 1:
            return {AMBIGUOUS}
        if len(self.look.locales) > 1 or (self.look.locales and self.look.fallback):
            return {self.spoken(rows[0][0])[0]}
        return {min(rows, key=self.rank)}

    def by_path(self, locale: str, slug: str, site: str | None) -> set[Place | str | None]:
        """Return what a path may find: places, None for nothing, or AMBIGUOUS."""
        rows = [p for p in self.rows if p[1] == locale and self.is_named(self.rows[p].version, slug, site)]
        rows = self.prefer_live(rows)
        if len(rows) > 1:
            return {AMBIGUOUS}
        if rows and not self.look.locales:
            return set(rows)
        if rows and self.spoken(rows[0][0]):
            return {self.spoken(rows[0][0])[0]}
        return self.formerly(slug, locale, site)

    def prefer_live(self, rows: list[Place]) -> list[Place]:
        """Return those that are live, all if none is."""
        return [place for place in rows if place in self.live] or rows

    def is_named(self, version: Version, slug: str, site: str | None) -> bool:
        """Tell whether a version has a slug, in a site or in any."""
        return version.content.slug == slug and site in {None, self.history.sites[version.place[0]]}

    def formerly(self, slug: str, only: str | None, site: str | None) -> set[Place | str | None]:
        """Return what may be found by a former slug: of the articles that are shown now that which had it last.

        `only` is the locale that it had the slug in, without it one of the view's. Where the view names none, that
        locale is preferred.
        """
        ends: dict[str, dict[Place, int]] = {}
        for span, end in self.history.lived(self.state.revision):
            place = span.version.place
            spoken = self.speaks(place) if only is None else place[1] == only
            if spoken and span.start <= self.moment and self.is_named(span.version, slug, site):
                known = ends.setdefault(self.history.sites[place[0]], {})
                known[place] = max(known.get(place, 0), end)
        if len(ends) > 1:
            return {AMBIGUOUS}
        return {None} if not ends else self.find_last_holders(*ends.values())

    def find_last_holders(self, ends: dict[Place, int]) -> set[Place | str | None]:
        """Return where those are shown now that had an address last, until these ends: any of several that tie.

        One that is live there still, and is not shown, keeps it from leading elsewhere.
        """
        shown = {place: self.place_of(place[0], None if self.look.locales else place[1]) for place in ends}
        if any(end > self.moment and shown[place] is None for place, end in ends.items()):
            return {None}
        kept = {place: min(end, self.moment) for place, end in ends.items() if shown[place] is not None}
        return {shown[place] for place, end in kept.items() if end == max(kept.values())} or {None}

    def place_of(self, article: str, first: str | None) -> Place | None:
        """Return where an article is shown, preferably in a locale."""
        if first and (article, first) in self.rows:
            return article, first
        spoken = self.spoken(article)
        return spoken[0] if spoken else None


def tokens(shown: Shown) -> set[Token]:
    """Return the tokens of all sections and questions of an article."""
    content = shown.version.content
    return {*(section.token for section in content.sections), *(q.token for _, q in content.all_questions)}
