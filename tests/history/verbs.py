"""What each verb does to the naive history, or why it refuses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count

from models.moment import FOREVER
from tests.history.content import Content, fill
from tests.history.continuing import continue_content
from tests.history.merging import Contradiction, merge
from tests.history.states import History, Place, Span, State, Version


class Refused(Exception):
    """A verb was refused; `codes` says why."""

    def __init__(self, *codes: str) -> None:
        super().__init__(*codes)
        self.codes = set(codes)


@dataclass(frozen=True, slots=True)
class Submitted:
    """An article to be saved in a locale."""

    place: Place
    content: Content
    publish: bool = True


class Verbs:
    """The verbs on a naive history."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.new_tokens = (("new", number) for number in count())

    @property
    def last(self) -> State:
        """Return the newest state."""
        return self.history.last

    def save(self, clock: int, batch: Sequence[Submitted], *, publish: bool) -> list[tuple[str, bool]]:
        """Save a batch; return what became of each article, and whether it was published.

        What is refused is tried again as long as others of the batch give up slugs.
        """
        state = self.last.following(clock)
        for item in batch:
            for article in (item.place[0], *targets(self.history, item.content)):
                state.known.setdefault(article, state.moment)
        outcomes = [("refused", False)] * len(batch)
        before = None
        while outcomes != before:
            before = list(outcomes)
            for index, item in enumerate(batch):
                if outcomes[index][0] == "refused":
                    goes = publish and item.publish
                    outcomes[index] = self.save_one(state, item.place, item.content, publish=goes)
        if any(published or action in {"created", "changed"} for action, published in outcomes):
            self.history.states.append(state)
        return outcomes

    def save_one(self, state: State, place: Place, content: Content, *, publish: bool) -> tuple[str, bool]:
        """Save one article into a state; return what became of it, and whether it was published."""
        before = state.newest.get(place)
        same = before is not None and before.content.nameless == content.nameless
        if before and same:
            version = before
        else:
            named = continue_content(before.content if before else None, content, place)
            version = Version(place, named, state.revision, state.moment)
        span = Span(version, max(state.moment, content.date or 0), FOREVER)
        goes_live = publish and not (same and is_shown(state, span))
        if goes_live:
            if self.history.is_taken(state, span):
                return "refused", False
            state.put(span)
        state.newest[place] = version
        return "unchanged" if same else "changed" if before else "created", goes_live

    def save_alone(self, state: State, place: Place, content: Content) -> None:
        """Save one article into a state as editors do. Raises Refused."""
        if any(article not in state.known for article in targets(self.history, content)):
            raise Refused("INVALID_CONTENT")
        self.save_one(state, place, content, publish=False)

    def publish_saved(self, state: State, places: Sequence[Place]) -> None:
        """Let what was saved be live from now until the next planned beginning or end. Raises Refused."""
        spans = [
            Span(state.newest[place], state.moment, next_boundary(state, place))
            for place in places
            if not is_out(state, place)
        ]
        codes = [code for span in spans for code in self.find_failures(state, span, spans)]
        if codes:
            raise Refused(*codes)
        for span in spans:
            state.clear(span)
        for span in spans:
            state.put(span)

    def append(self, state: State) -> None:
        """Make a state the newest one if anything was changed."""
        before = self.last
        if (state.newest, state.plan) != (before.newest, before.plan):
            self.history.states.append(state)

    def create(
        self, clock: int, place: Place, content: Content, is_translation: bool, *, publish: bool
    ) -> None:
        """Save the first version of a new article, or of a translation. Raises Refused."""
        state = self.last.following(clock)
        if is_translation and place[0] not in state.known:
            raise Refused("NOT_FOUND")
        if place in state.newest:
            raise Refused("INVALID_CONTENT")
        self.save_alone(state, place, fill(content, self.new_tokens))
        state.known.setdefault(place[0], state.moment)
        if publish:
            self.publish_saved(state, [place])
        self.append(state)

    def update(
        self, clock: int, place: Place, base: int, change: Callable[[Content], Content], *, publish: bool
    ) -> None:
        """Change what was newest at revision `base`, and merge it with what is newest now. Raises Refused."""
        state = self.last.following(clock)
        if place not in state.newest:
            raise Refused("NOT_FOUND")
        if publish and is_waiting(state, place):
            raise Refused("SCHEDULED")
        read = None if base >= state.revision else self.history.state(base).newest.get(place)
        if read is None:
            raise Refused("INVALID_ARGUMENT")
        mine = fill(change(read.content), self.new_tokens)
        try:
            merged = merge(read.content, mine, state.newest[place].content)
        except Contradiction:
            raise Refused("CONFLICT") from None
        self.save_alone(state, place, merged)
        if publish:
            self.publish_saved(state, [place])
        self.append(state)

    def publish(
        self,
        clock: int,
        articles: Sequence[str],
        locales: Sequence[str] | None,
        window: tuple[int | None, int],
        *,
        skip: bool,
    ) -> list[Place]:
        """Publish the newest versions in a window, with `skip` those that can be; return them. Raises Refused."""
        state = self.last.following(clock)
        start, end = max(window[0] or 0, state.moment), window[1]
        if end <= start:
            raise Refused("INVALID_ARGUMENT")
        places, failures = find_places(state, articles, locales)
        spans = [Span(state.newest[place], start, end) for place in places]
        while True:
            failed = {span: codes for span in spans if (codes := self.find_failures(state, span, spans))}
            failures += (code for codes in failed.values() for code in codes)
            if failures and not skip:
                raise Refused(*failures)
            if not failed:
                break
            spans = [span for span in spans if span not in failed]
        for span in spans:
            state.put(span)
        if spans:
            self.history.states.append(state)
        return [span.version.place for span in spans]

    def find_failures(self, state: State, span: Span, together: Sequence[Span]) -> list[str]:
        """Return why a span cannot be published together with these, which come in this order."""
        trial = State(state.revision, state.moment, plan=state.copied_plan())
        for other in together:
            trial.clear(other)
        for other in together[: together.index(span)]:
            if not self.history.is_taken(trial, other):
                trial.put(other)
        codes = ["SLUG_TAKEN"] if self.history.is_taken(trial, span) else []
        published = {other.version.place[0] for other in together}
        codes += [
            "TARGET_NOT_PUBLISHED"
            for article in targets(self.history, span.version.content)
            if article not in published and not state.is_live(article, span.start)
        ]
        return codes

    def unpublish(
        self, clock: int, articles: Sequence[str], locales: Sequence[str] | None, at: int | None
    ) -> list[Place]:
        """Take off the site what is live or planned, now or at a moment; return what was. Raises Refused."""
        state = self.last.following(clock)
        if at is not None and at < state.moment:
            raise Refused("INVALID_ARGUMENT")
        limit = state.moment if at is None else at
        places = find_all(state, articles, locales)
        withdrawn = [place for place in places if any(span.end > limit for span in state.spans(place))]
        if not withdrawn:
            raise Refused("NOT_FOUND")
        for place in withdrawn:
            early = [
                Span(s.version, s.start, min(s.end, limit)) for s in state.spans(place) if s.start < limit
            ]
            state.plan[place] = [] if at is None else early
        self.history.states.append(state)
        return withdrawn

    def delete(self, clock: int, articles: Sequence[str], locales: Sequence[str] | None) -> list[Place]:
        """Put articles into the trash; return what was put there. Raises Refused."""
        state = self.last.following(clock)
        places = find_all(state, articles, locales)
        for place in places:
            del state.newest[place]
            state.plan.pop(place, None)
        self.history.states.append(state)
        return places

    def restore(
        self,
        clock: int,
        articles: Sequence[str],
        locales: Sequence[str] | None,
        revisions: tuple[int | None, int | None],
        *,
        publish: bool,
    ) -> None:
        """Save again what was newest at a revision, or what is in the trash; `revisions` are that one and the base.

        Raises Refused.
        """
        state = self.last.following(clock)
        to, base = revisions
        if (to is not None and base is None) or any(r is not None and r >= state.revision for r in revisions):
            raise Refused("INVALID_ARGUMENT")
        failures: list[str] = []
        places: list[Place] = []
        for article in articles:
            try:
                places += self.restore_one(state, article, locales, to, base)
            except Refused as refusal:
                failures += list(refusal.codes)
        if failures:
            raise Refused(*failures)
        if publish:
            self.publish_saved(state, list(dict.fromkeys(places)))
        self.append(state)

    def restore_one(
        self,
        state: State,
        article: str,
        locales: Sequence[str] | None,
        to: int | None,
        base: int | None,
    ) -> list[Place]:
        """Restore one article into a state; return where. Raises Refused."""
        found = self.in_trash(article) if to is None else self.history.state(to).newest
        there = {place[1]: version for place, version in found.items() if place[0] == article}
        wanted = sorted(there) if locales is None else locales
        if not wanted or any(locale not in there for locale in wanted):
            raise Refused("NOT_FOUND")
        for locale in wanted:
            place = (article, locale)
            current = state.newest.get(place)
            if current and base is not None and current.revision > base:
                raise Refused("CONFLICT")
            self.save_alone(state, place, there[locale].content)
        return [(article, locale) for locale in wanted]

    def in_trash(self, article: str) -> dict[Place, Version]:
        """Return the last version of each locale of an article that has none now."""
        last = {p: v for state in self.history.states for p, v in state.newest.items() if p[0] == article}
        return {place: version for place, version in last.items() if place not in self.last.newest}


def is_out(state: State, place: Place) -> bool:
    """Tell whether the newest version is live at the state's moment."""
    return any(s.version is state.newest[place] and s.covers(state.moment) for s in state.spans(place))


def is_waiting(state: State, place: Place) -> bool:
    """Tell whether the newest version is planned for later and not live yet."""
    ahead = [s for s in state.spans(place) if s.start > state.moment]
    return any(s.version is state.newest[place] for s in ahead) and not is_out(state, place)


def next_boundary(state: State, place: Place) -> int:
    """Return when what is live ends, or else the next thing that is planned begins; the end of time without any."""
    live = [s.end for s in state.spans(place) if s.covers(state.moment)]
    return min([*live, *(s.start for s in state.spans(place) if s.start > state.moment)], default=FOREVER)


def is_shown(state: State, span: Span) -> bool:
    """Tell whether the version of a span is all that is live or planned, at every moment of the span."""
    ahead = [other for other in state.spans(span.version.place) if other.end > state.moment]
    return [(s.version, s.start <= span.start, s.end) for s in ahead] == [(span.version, True, span.end)]


def targets(history: History, content: Content) -> list[str]:
    """Return the articles among what a content names as related."""
    return [name for name in content.related if name in history.sites]


def find_places(
    state: State, articles: Sequence[str], locales: Sequence[str] | None
) -> tuple[list[Place], list[str]]:
    """Return the places that are meant, and a code for each article that is missing there."""
    places: list[Place] = []
    failures = []
    for article in articles:
        have = state.locales(article)
        wanted = have if locales is None else list(locales)
        if not wanted or set(wanted) - set(have):
            failures.append("NOT_FOUND")
        places += ((article, locale) for locale in wanted if not set(wanted) - set(have))
    return places, failures


def find_all(state: State, articles: Sequence[str], locales: Sequence[str] | None) -> list[Place]:
    """Return the places that are meant. Raises Refused where an article is missing."""
    places, failures = find_places(state, articles, locales)
    if failures:
        raise Refused(*failures)
    return places
