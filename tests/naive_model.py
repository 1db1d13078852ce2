"""A model of the product so naive that it can be seen to be right: every revision is a full copy of everything.

It knows the rules of the verbs and of views, and nothing of tables, statements, HTTP or GraphQL.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from models.draft import ArticleDraft
from models.moment import FOREVER

Place = tuple[str, str]
"""An article's key and a locale."""


@dataclass(frozen=True, slots=True, eq=False)
class Version:
    """What was saved of an article in one locale, when, and as which revision."""

    article: str
    draft: ArticleDraft
    revision: int
    saved_at: int


@dataclass(frozen=True, slots=True)
class Span:
    """A version that is live from a moment until another."""

    version: Version
    start: int
    end: int

    def covers(self, moment: int) -> bool:
        """Tell whether the version is live at this moment."""
        return self.start <= moment < self.end

    def overlaps(self, other: Span) -> bool:
        """Tell whether both are live at some moment."""
        return self.start < other.end and other.start < self.end


@dataclass(slots=True)
class State:
    """All there is as of one revision: the newest versions, and what is live when as far as was planned then."""

    revision: int
    moment: int
    newest: dict[Place, Version] = field(default_factory=dict)
    plan: dict[Place, list[Span]] = field(default_factory=dict)
    created: dict[str, int] = field(default_factory=dict)

    def following(self, clock: int) -> State:
        """Return a copy that is to become the next revision; its moment never lies before this one's."""
        plan = {place: list(spans) for place, spans in self.plan.items()}
        moment = max(clock, self.moment)
        return State(self.revision + 1, moment, dict(self.newest), plan, dict(self.created))

    def is_current(self, place: Place) -> bool:
        """Tell whether anything of this place is live or will be."""
        return any(span.end > self.moment for span in self.plan.get(place, []))

    def stays_live(self, version: Version, place: Place) -> bool:
        """Tell whether this version is live at every moment from now on."""
        reached = self.moment
        for span in sorted(self.plan.get(place, []), key=lambda span: span.start):
            if span.version is version and span.covers(reached):
                reached = span.end
        return reached == FOREVER

    def put(self, place: Place, new: Span) -> None:
        """Let a span take its time; of what was there, only what is not yet past stays beside it."""
        beside: list[Span] = []
        for old in self.plan.get(place, []):
            if not old.overlaps(new):
                beside.append(old)
                continue
            rests = (replace(old, end=new.start), replace(old, start=new.end))
            beside += (rest for rest in rests if rest.start < rest.end and rest.end > self.moment)
        self.plan[place] = [*beside, new]


class Refused(Exception):
    """A verb was refused; the argument is the error's code."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A view: the number of a revision, a moment, and the locales wanted, the most wanted first."""

    revision: int
    moment: int
    locales: tuple[str, ...] = ()


class NaiveModel:
    """The history as a list of states. `sites` gives each article's site, `defaults` each site's locale."""

    def __init__(
        self, revision: int, moment: int, sites: dict[str, str], defaults: dict[str, str], ids: dict[str, str]
    ) -> None:
        self.base = revision
        self.states = [State(revision, moment)]
        self.sites = sites
        self.defaults = defaults
        self.ids = ids

    @property
    def last(self) -> State:
        """Return the newest state."""
        return self.states[-1]

    def save(
        self, clock: int, batch: Sequence[tuple[str, ArticleDraft, Sequence[str]]], publish: bool
    ) -> list[tuple[str, bool]]:
        """Save drafts, each with the articles it links to; return what became of each, and if it went live."""
        state = self.last.following(clock)
        changed, outcomes = False, []
        for article, draft, targets in batch:
            for key in (article, *targets):
                state.created.setdefault(key, state.moment)
            outcome = self._save_one(state, article, draft, publish)
            changed = changed or outcome[1] or outcome[0] in {"created", "changed"}
            outcomes.append(outcome)
        if changed:
            self.states.append(state)
        return outcomes

    def _save_one(self, state: State, article: str, draft: ArticleDraft, publish: bool) -> tuple[str, bool]:
        place = (article, draft.locale)
        before = state.newest.get(place)
        same = before is not None and before.draft == draft
        version = before if before and same else Version(article, draft, state.revision, state.moment)
        goes_live = publish and not state.stays_live(version, place)
        span = Span(version, state.moment, FOREVER)
        if goes_live and self._is_taken(state, place, span):
            return "refused", False
        if goes_live:
            state.put(place, span)
        state.newest[place] = version
        return "unchanged" if same else "changed" if before else "created", goes_live

    def _is_taken(self, state: State, place: Place, new: Span) -> bool:
        return any(
            other[1] == place[1]
            and other[0] != place[0]
            and self.sites[other[0]] == self.sites[place[0]]
            and span.version.draft.slug == new.version.draft.slug
            and span.overlaps(new)
            for other, spans in state.plan.items()
            for span in spans
        )

    def publish(
        self,
        clock: int,
        articles: Sequence[str],
        locales: Sequence[str] | None,
        start: int | None,
        end: int,
    ) -> None:
        """Publish the newest versions in a window; raises Refused."""
        state = self.last.following(clock)
        begin = state.moment if start is None else max(start, state.moment)
        if end <= begin:
            raise Refused("INVALID_ARGUMENT")
        for place in self._places(state, articles, locales):
            span = Span(state.newest[place], begin, end)
            if self._is_taken(state, place, span):
                raise Refused("SLUG_TAKEN")
            state.put(place, span)
        self.states.append(state)

    def unpublish(self, clock: int, articles: Sequence[str], locales: Sequence[str] | None) -> None:
        """Take everything off the site that is live or planned; raises Refused where there is nothing."""
        state = self.last.following(clock)
        current = [p for p in self._places(state, articles, locales) if state.is_current(p)]
        if not current:
            raise Refused("NOT_FOUND")
        for place in current:
            del state.plan[place]
        self.states.append(state)

    def delete(self, clock: int, articles: Sequence[str]) -> None:
        """Delete articles in all their locales; raises Refused."""
        state = self.last.following(clock)
        for place in self._places(state, articles, None):
            del state.newest[place]
            state.plan.pop(place, None)
        self.states.append(state)

    def _places(self, state: State, articles: Sequence[str], locales: Sequence[str] | None) -> list[Place]:
        """Return the places meant, sorted; raises Refused where an article, or one in a locale named, is missing."""
        places: set[Place] = set()
        for article in articles:
            have = {place for place in state.newest if place[0] == article}
            wanted = have if locales is None else {(article, locale) for locale in locales}
            if not wanted or wanted - have:
                raise Refused("NOT_FOUND")
            places |= wanted
        return sorted(places, key=lambda place: (self.ids[place[0]], place[1]))

    def state(self, revision: int) -> State:
        """Return the state as of a revision."""
        return self.states[max(0, revision - self.base)]

    def live(self, sight: Sight, article: str) -> dict[str, Version]:
        """Return what is live of an article, by locale, in whatever locale."""
        plan = self.state(sight.revision).plan.items()
        return {
            place[1]: span.version
            for place, spans in plan
            for span in spans
            if place[0] == article and span.covers(sight.moment)
        }

    def rank(self, sight: Sight, article: str, locale: str) -> tuple[int, str]:
        """Return how wanted a locale is, the most wanted the least."""
        if sight.locales:
            return sight.locales.index(locale), ""
        return int(locale != self.defaults[self.sites[article]]), locale

    def shown(self, sight: Sight, article: str) -> Version | None:
        """Return what the view shows of an article."""
        live = self.live(sight, article)
        spoken = [locale for locale in live if not sight.locales or locale in sight.locales]
        if not spoken:
            return None
        return live[min(spoken, key=lambda locale: self.rank(sight, article, locale))]

    def all_shown(self, sight: Sight) -> list[Version]:
        """Return what the view shows, newest first, then by id."""
        shown = [version for article in self.sites if (version := self.shown(sight, article))]
        return sorted(shown, key=lambda v: (-self.published_at(sight, v), self.ids[v.article]))

    def lived(self, revision: int) -> Iterator[tuple[Place, Span]]:
        """Yield each span as of `revision` and before, cut where a later revision took it back before its end."""
        states = self.states[: max(0, revision - self.base) + 1]
        for index, state in enumerate(states):
            over = states[index + 1].moment if index + 1 < len(states) else FOREVER
            for place, spans in state.plan.items():
                yield from ((place, replace(s, end=min(s.end, over))) for s in spans if s.start <= over)

    def published_at(self, sight: Sight, version: Version) -> int:
        """Return the author's own date, else the first moment at which the article was live in this locale."""
        if version.draft.published_at is not None:
            return version.draft.published_at
        place = (version.article, version.draft.locale)
        return min(span.start for where, span in self.lived(sight.revision) if where == place)

    def named(self, sight: Sight, slug: str, locales: Sequence[str], site: str | None) -> list[Place]:
        """Return the places at which something is live under this slug."""
        return [
            (article, locale)
            for article in self.sites
            if site in {None, self.sites[article]}
            for locale, version in self.live(sight, article).items()
            if locale in locales and version.draft.slug == slug
        ]

    def formerly_named(
        self, sight: Sight, slug: str, locales: Sequence[str], site: str | None
    ) -> dict[str, set[str]]:
        """Return by site the article that was last live under this slug; several where they ended together."""
        ends: dict[str, dict[str, int]] = {}
        for (article, locale), span in self.lived(sight.revision):
            home = self.sites[article]
            asked = site in {None, home} and locale in locales and span.version.draft.slug == slug
            if asked and span.start <= sight.moment:
                known = ends.setdefault(home, {})
                known[article] = max(known.get(article, 0), min(span.end, sight.moment))
        return {
            home: {article for article, end in known.items() if end == max(known.values())}
            for home, known in ends.items()
        }
