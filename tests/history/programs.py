"""Random programs: verbs on a few articles, each followed by a look. Plain data that Hypothesis can shrink.

Articles, sections and revisions are chosen by numbers that are taken modulo what there is when the verb runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from hypothesis import strategies as st

from tests.history.content import Content, Question, Section
from tests.history.merging import change_section
from tests.history.states import CHAINS, LOCALES

SLUGS = ["s", "t", "u"]
HEADINGS = ["Anchors", "Buoy", "Compass", "Dinghy"]
BODIES = ["Rope, tar.", "Wind from west", "", "Mud & sky"]
QUESTIONS = ["Where?", "How much?", "Why not by night?"]
ANSWERS = ["Look it up.", "12", ""]
SUMMARIES = [None, *(f"Note {number}" for number in range(6))]
TAGS = ["Sea", "sea", "Öl", "Moon"]
ELSEWHERE = "https://elsewhere.example/"
DAY = 86_400_000
NEXT = -1
"""Stands for the revision after the newest one, which does not exist yet."""

FIRST_OF_ALL = -2
"""Stands for the revision before there were any articles."""

Change = Callable[[Content], Content]


@dataclass(frozen=True, slots=True)
class Written:
    """A content as it is drawn: `related` are numbers of articles, -1 an address elsewhere; `date` from now."""

    content: Content
    related: tuple[int, ...] = ()
    date: int | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """An article to be saved: `keep` names the ids of the parts that stood at the same places before."""

    article: int
    locale: str
    written: Written
    keep: bool = False
    publish: bool = True


@dataclass(frozen=True, slots=True)
class Save:
    """Save a batch."""

    items: list[Item]
    publish: bool


@dataclass(frozen=True, slots=True)
class Create:
    """Create an article, or a translation of the article with a number."""

    site: str
    locale: str
    written: Written
    translation_of: int | None
    publish: bool


@dataclass(frozen=True, slots=True)
class Update:
    """Change one of the newest contents, in its form of some revisions ago, counting those in which it was there."""

    place: int
    back: int
    changes: list[Change]
    publish: bool


@dataclass(frozen=True, slots=True)
class Publish:
    """Publish in a window, its moments counted from now."""

    articles: list[int]
    locales: list[str] | None
    start: int | None
    length: int | None
    skip: bool


@dataclass(frozen=True, slots=True)
class Unpublish:
    """Unpublish now or at a moment, counted from now."""

    articles: list[int]
    locales: list[str] | None
    at: int | None


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete articles."""

    articles: list[int]
    locales: list[str] | None


@dataclass(frozen=True, slots=True)
class Restore:
    """Restore from the trash or to the revision so far back, unless changed since another so far back."""

    articles: list[int]
    locales: list[str] | None
    back: tuple[int | None, int | None]
    publish: bool


@dataclass(frozen=True, slots=True)
class Glance:
    """A look as it is drawn: back by revisions, or near the boundary with a number by some milliseconds."""

    drafts: bool
    locales: tuple[str, ...]
    back: int | None
    boundary: tuple[int, int] | None
    fallback: bool


@dataclass(frozen=True, slots=True)
class Nothing:
    """Do nothing: what Hypothesis makes of a verb that plays no part in a failure."""


Verb = Nothing | Save | Create | Update | Publish | Unpublish | Delete | Restore


@dataclass(frozen=True, slots=True)
class Step:
    """Let the clock move, let one of the editors run a verb, and look."""

    wait: int
    verb: Verb
    glance: Glance
    editor: int = 0


@dataclass(frozen=True, slots=True)
class Program:
    """A first save, steps, and looks at the end; `memory` is how many bytes of editions the product keeps."""

    first: Step
    steps: list[Step]
    glances: list[Glance]
    memory: int


def retitle(title: str, content: Content) -> Content:
    """Return the content with another title."""
    return replace(content, title=title)


def summarise(summary: str | None, content: Content) -> Content:
    """Return the content with another summary."""
    return replace(content, summary=summary)


def reslug(slug: str, content: Content) -> Content:
    """Return the content with another slug."""
    return replace(content, slug=slug)


def retag(tags: tuple[str, ...], content: Content) -> Content:
    """Return the content with other tags."""
    return replace(content, tags=tags)


def rewrite_section(index: int, changes: dict[str, Any], content: Content) -> Content:
    """Return the content with a section changed, if it has any."""
    if not content.sections:
        return content
    return change_section(content, index % len(content.sections), **changes)


def rewrite_question(index: int, answer: str, content: Content) -> Content:
    """Return the content with the first question of a section, or else outside, answered in another way."""
    home = content.sections[index % len(content.sections)] if content.sections else content
    if not home.questions:
        return content
    questions = (replace(home.questions[0], answer=answer), *home.questions[1:])
    if isinstance(home, Section):
        return change_section(content, content.sections.index(home), questions=questions)
    return replace(content, questions=questions)


def ask(index: int, question: Question, content: Content) -> Content:
    """Return the content with one more question, the last of a section or else outside."""
    if not content.sections:
        return replace(content, questions=(*content.questions, question))
    index %= len(content.sections)
    return change_section(content, index, questions=(*content.sections[index].questions, question))


def add_section(index: int, section: Section, content: Content) -> Content:
    """Return the content with one more section."""
    index %= len(content.sections) + 1
    return replace(content, sections=(*content.sections[:index], section, *content.sections[index:]))


def remove_section(index: int, content: Content) -> Content:
    """Return the content without a section, if it has any."""
    if not content.sections:
        return content
    index %= len(content.sections)
    return replace(content, sections=(*content.sections[:index], *content.sections[index + 1 :]))


def turn_sections(content: Content) -> Content:
    """Return the content with its first section last."""
    return replace(content, sections=(*content.sections[1:], *content.sections[:1]))


NUMBERS = st.integers(0, 5)
SOME = st.lists(NUMBERS, min_size=1, max_size=2)
MAYBE_LOCALES = st.sampled_from([None, None, None, ["en"], ["de"], ["en", "de"], ["de", "en"]])
OFTEN = st.sampled_from([True, True, True, False])
SOMETIMES = st.sampled_from([False, False, True])

TAG_LISTS = st.lists(st.sampled_from(TAGS), max_size=2, unique_by=str.casefold).map(tuple)
ANY_QUESTIONS = st.builds(Question, st.sampled_from(QUESTIONS), st.sampled_from(ANSWERS))
ANY_SECTIONS = st.builds(Section, st.sampled_from(HEADINGS), st.sampled_from(BODIES))


@st.composite
def written(draw: st.DrawFn) -> Written:
    """Draw a content in which headings and questions stand once."""
    sections = draw(st.lists(ANY_SECTIONS, max_size=3, unique_by=lambda section: section.heading))
    questions = draw(st.lists(ANY_QUESTIONS, max_size=2, unique_by=lambda question: question.question))
    homes = [draw(st.integers(0, len(sections))) for _ in questions]
    placed = [
        tuple(question for question, home in zip(questions, homes, strict=True) if home == place)
        for place in range(len(sections) + 1)
    ]
    content = Content(
        slug=draw(st.sampled_from(SLUGS)),
        title=draw(st.sampled_from(["Quay", "Pier"])),
        sections=tuple(replace(s, questions=placed[i]) for i, s in enumerate(sections)),
        questions=placed[-1],
        tags=draw(TAG_LISTS),
        summary=draw(st.sampled_from(SUMMARIES)),
    )
    date = draw(st.sampled_from([None, None, None, None, None, -DAY, 4_000]))
    related = draw(st.one_of(st.just([]), st.just([]), st.lists(st.integers(-1, 3), max_size=2)))
    return Written(content, tuple(related), date)


ITEMS = st.builds(Item, NUMBERS, st.sampled_from(LOCALES), written(), st.booleans(), OFTEN)
CHANGES = st.one_of(
    st.builds(lambda v: partial(retitle, v), st.sampled_from(["Dock", "Mole"])),
    st.builds(lambda v: partial(summarise, v), st.sampled_from(SUMMARIES)),
    st.builds(lambda v: partial(reslug, v), st.sampled_from(SLUGS)),
    st.builds(lambda v: partial(retag, v), TAG_LISTS),
    st.builds(lambda i, v: partial(rewrite_section, i, {"body": v}), NUMBERS, st.sampled_from(BODIES)),
    st.builds(lambda i, v: partial(rewrite_section, i, {"heading": v}), NUMBERS, st.sampled_from(HEADINGS)),
    st.builds(lambda i, v: partial(rewrite_question, i, v), NUMBERS, st.sampled_from(ANSWERS)),
    st.builds(lambda i, v: partial(ask, i, v), NUMBERS, ANY_QUESTIONS),
    st.builds(lambda i, v: partial(add_section, i, v), NUMBERS, ANY_SECTIONS),
    st.builds(lambda i: partial(remove_section, i), NUMBERS),
    st.just(turn_sections),
)
BACKS = st.sampled_from([0, 1, 2, 3, 4, 5, 6, 8, NEXT, FIRST_OF_ALL])
STARTS = st.sampled_from([None, None, 0, 500, 3_000, 10_000, -2_000])
LENGTHS = st.sampled_from([None, None, 1, 500, 3_000, 20_000, -1])

SAVES = st.builds(Save, st.lists(ITEMS, min_size=1, max_size=3), OFTEN)
CREATIONS = st.builds(
    Create,
    st.sampled_from(["one", "two"]),
    st.sampled_from(LOCALES),
    written(),
    st.one_of(st.none(), NUMBERS),
    SOMETIMES,
)
UPDATES = st.builds(Update, NUMBERS, BACKS, st.lists(CHANGES, min_size=1, max_size=2), SOMETIMES)
PUBLICATIONS = st.builds(Publish, SOME, MAYBE_LOCALES, STARTS, LENGTHS, st.booleans())
WITHDRAWALS = st.builds(Unpublish, SOME, MAYBE_LOCALES, st.sampled_from([None, None, 0, 500, 3_000, -1]))
DELETIONS = st.builds(Delete, SOME, MAYBE_LOCALES)
REVISIONS = st.one_of(
    st.tuples(BACKS, st.just(0)), st.just((None, None)), st.tuples(st.one_of(st.none(), BACKS), BACKS)
)
RESTORATIONS = st.builds(Restore, SOME, MAYBE_LOCALES, REVISIONS, SOMETIMES)
VERBS: list[st.SearchStrategy[Any]] = [
    *(SAVES, SAVES, SAVES, UPDATES, UPDATES, UPDATES, CREATIONS),
    *(
        PUBLICATIONS,
        PUBLICATIONS,
        PUBLICATIONS,
        WITHDRAWALS,
        WITHDRAWALS,
        DELETIONS,
        RESTORATIONS,
        RESTORATIONS,
    ),
]
GLANCES = st.builds(
    Glance,
    st.booleans(),
    st.sampled_from(list(CHAINS)),
    st.one_of(st.none(), st.integers(0, 12)),
    st.one_of(st.none(), st.tuples(st.integers(0, 40), st.sampled_from([0, -1, 1]))),
    st.booleans(),
)
WAITS = st.sampled_from([0, 1, 500, 3_000, 30_000, -2_000])


PLACES = [(0, "en"), (1, "en"), (0, "de"), (2, "de"), (2, "en")]
"""The articles and locales that each program begins with."""


def tell(start: int | None, length: int, update: Update, editor: int, glance: Glance) -> list[Step]:
    """Return the steps of a publication of everything that ends, and of an edit that is published meanwhile."""
    publish = Publish([0, 1, 2], None, start, length, skip=True)
    return [Step(0, publish, glance, editor), Step(500, update, glance, 1 - editor)]


STORIES = st.builds(
    tell,
    st.sampled_from([None, None, 3_000]),
    st.sampled_from([3_000, 20_000]),
    st.builds(Update, NUMBERS, st.just(0), st.lists(CHANGES, min_size=1, max_size=2), st.just(True)),
    st.integers(0, 1),
    GLANCES,
)


def programs(most_steps: int) -> st.SearchStrategy[Program]:
    """Return the strategy of programs with so many steps or stories, some of which do nothing, after a first save."""
    items = [st.builds(Item, st.just(n), st.just(locale), written(), publish=OFTEN) for n, locale in PLACES]
    verbs = st.one_of(st.builds(Nothing), *VERBS)
    step = st.builds(Step, WAITS, verbs, GLANCES, st.integers(0, 1)).map(lambda one: [one])
    turns = st.lists(st.one_of(step, step, step, step, STORIES), min_size=most_steps, max_size=most_steps)
    steps = turns.map(lambda some: [step for turn in some for step in turn])
    first = st.builds(Save, st.tuples(*items).map(list), st.just(True))
    begin = st.builds(Step, st.just(0), first, GLANCES)
    return st.builds(
        Program, begin, steps, st.lists(GLANCES, min_size=3, max_size=6), st.sampled_from([10_000_000, 5_000])
    )
