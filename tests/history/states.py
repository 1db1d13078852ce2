"""The naive history: a list of states, each a full copy of everything, and the rules of what is live when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from models.moment import FOREVER
from tests.history.content import Content

Place = tuple[str, str]
"""The name of an article, and a locale."""

SITES = {"one": "en", "two": "de"}
"""The sites, and the default locale of each."""

LOCALES = ("en", "de")
FALLBACKS = {"one": [], "two": [("de-AT", ["en"]), ("fr", [])]}
"""What each site says stands in for a locale."""

CHAINS: dict[tuple[str, ...], tuple[str, str]] = {
    (): ("", ""),
    ("en",): ("en", "en de"),
    ("de",): ("de en", "de"),
    ("de", "en"): ("de en", "de en"),
    ("en", "de"): ("en de", "en de"),
    ("fr",): ("fr en", "fr"),
    ("fr", "de"): ("fr de en", "fr de"),
    ("de-AT",): ("de-AT de en", "de-AT en"),
    ("de-AT", "fr"): ("de-AT de fr en", "de-AT fr en"),
}
"""For locales that a view names, the locales in which each of the two sites shows articles where others stand in."""


@dataclass(frozen=True, slots=True, eq=False)
class Version:
    """What was saved of an article in one locale, when, and as which revision."""

    place: Place
    content: Content
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


@dataclass(slots=True, eq=False)
class State:
    """All there is as of one revision: the newest versions, and what is live when as far as was planned then."""

    revision: int
    moment: int
    newest: dict[Place, Version] = field(default_factory=dict)
    plan: dict[Place, list[Span]] = field(default_factory=dict)
    known: dict[str, int] = field(default_factory=dict)

    def following(self, clock: int) -> State:
        """Return a copy that is to become the next revision; its moment never lies before this one's."""
        moment = max(clock, self.moment)
        return State(self.revision + 1, moment, dict(self.newest), self.copied_plan(), dict(self.known))

    def copied_plan(self) -> dict[Place, list[Span]]:
        """Return a copy of what is planned."""
        return {place: list(spans) for place, spans in self.plan.items()}

    def spans(self, place: Place) -> list[Span]:
        """Return what is or was planned for a place, in order of time."""
        return sorted(self.plan.get(place, []), key=lambda span: span.start)

    def locales(self, article: str) -> list[str]:
        """Return the locales in which an article has a newest version."""
        return sorted(locale for name, locale in self.newest if name == article)

    def is_live(self, article: str, moment: int) -> bool:
        """Tell whether an article is live at a moment in whatever locale."""
        return any(s.covers(moment) for place in self.plan if place[0] == article for s in self.plan[place])

    def clear(self, new: Span) -> None:
        """Make way for a span; of what was there, only what is not yet past stays beside it."""
        beside: list[Span] = []
        for old in self.plan.get(new.version.place, []):
            if not old.overlaps(new):
                beside.append(old)
                continue
            rests = (replace(old, end=new.start), replace(old, start=new.end))
            beside += (rest for rest in rests if rest.start < rest.end and rest.end > self.moment)
        self.plan[new.version.place] = beside

    def put(self, new: Span) -> None:
        """Let a span take its time."""
        self.clear(new)
        self.plan[new.version.place].append(new)


@dataclass(slots=True)
class History:
    """The states from the empty one of revision `states[0].revision` on, and where each article belongs."""

    states: list[State]
    sites: dict[str, str] = field(default_factory=dict)

    @property
    def last(self) -> State:
        """Return the newest state."""
        return self.states[-1]

    def state(self, revision: int) -> State:
        """Return the state as of a revision."""
        return self.states[max(0, revision - self.states[0].revision)]

    def state_at(self, moment: int) -> State:
        """Return the last state that was there at a moment of the past."""
        return [self.states[0], *(s for s in self.states[1:] if s.moment <= moment)][-1]

    def boundaries(self) -> list[int]:
        """Return all moments at which anything changes, or was to change by some revision."""
        found = {state.moment for state in self.states[1:]}
        for state in self.states:
            for spans in state.plan.values():
                found |= {m for span in spans for m in (span.start, span.end) if m != FOREVER}
        return sorted(found)

    def lived(self, revision: int) -> Iterator[tuple[Span, int]]:
        """Yield each span with its end, as planned at `revision` and before, as far as later revisions let it live.

        A span that a revision took back before it began is left out.
        """
        states = self.states[: self.states.index(self.state(revision)) + 1]
        for state, following in zip(states, [*states[1:], None], strict=True):
            over = following.moment if following else FOREVER
            for spans in state.plan.values():
                yield from ((span, min(span.end, over)) for span in spans if span.start <= over)

    def is_taken(self, state: State, new: Span) -> bool:
        """Tell whether another article of the site has the slug of a span in its locale at some moment of it."""
        article, locale = new.version.place
        return any(
            other[1] == locale
            and other[0] != article
            and self.sites[other[0]] == self.sites[article]
            and span.version.content.slug == new.version.content.slug
            and span.overlaps(new)
            for other, spans in state.plan.items()
            for span in spans
        )
