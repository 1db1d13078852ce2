"""Suggestions while a reader types: titles, questions and tags, through a view.

The titles and questions of editions stand in memory, by their words. What a view shows of them is asked each time, of
the live index where it stands at the view, else of the database. Nothing that the view does not show is suggested.
"""

from __future__ import annotations

from asyncio import gather
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from inspect import isawaitable
from itertools import islice

from models.conditions import SITE_KEY, TRUE, Compare, Operator
from models.dialect import Sql
from models.errors import InvalidArgument, RevisionGone
from models.finding import find_tags
from models.listing import article_order, name_list
from models.live_view import LiveView
from models.reading import Reader, StoredArticle
from models.searching.asking import LONGEST_QUERY
from models.searching.kept_phrases import KeptPhrases, Shown
from models.searching.marking import mark_typed
from models.searching.phrases import Phrase, Phrases, Typed, normalise, read_typed
from models.stored import StoredQuestion, StoredSite
from models.traits import Trait

MOST_TAGS = 1_000_000
"""More than there are."""


class SuggestionKind(StrEnum):
    """What a suggestion leads to."""

    ARTICLE = "article"
    QUESTION = "question"
    TAG = "tag"


STAGES = (
    (SuggestionKind.ARTICLE, Phrases.find_beginning),
    (SuggestionKind.TAG, Phrases.find_beginning),
    (SuggestionKind.ARTICLE, Phrases.find_inside),
    (SuggestionKind.QUESTION, Phrases.find_beginning),
    (SuggestionKind.TAG, Phrases.find_inside),
    (SuggestionKind.QUESTION, Phrases.find_inside),
)
"""What is suggested first."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A text with what was typed marked in it, and the article, the question of it, or the tag that it leads to."""

    kind: SuggestionKind
    text: str
    marked: str
    article: StoredArticle | None = None
    question: StoredQuestion | None = None
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class Sight:
    """What a view shows of phrases: the tags that it has, and whether it shows others."""

    tags: Phrases
    shows: Callable[[Phrase], bool]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be suggested: kinds, how many, and perhaps of one site only."""

    kinds: frozenset[SuggestionKind] = frozenset(SuggestionKind)
    first: int = 10
    site: str | None = None


async def suggest(reader: Reader, text: str, wanted: Wanted) -> list[Suggestion]:
    """Return what a view has for a text that is being typed, the best first. Raises InvalidArgument or UnknownSite."""
    if len(text) > LONGEST_QUERY:
        raise InvalidArgument(f"A suggestion takes at most {LONGEST_QUERY} characters, not {len(text)}.")
    # Each revision may alter what is suggested, and how it is found is not noted.
    reader.reads.give_up()
    site = None if wanted.site is None else await reader.site_named(wanted.site)
    typed = read_typed(text)
    if typed is None or not wanted.first or not wanted.kinds:
        return []
    kept = reader.library.phrases
    sight = await open_sight(reader, kept, site)
    chosen = list(islice(find_phrases(kept, sight, typed, wanted.kinds), wanted.first))
    return list(await gather(*(show(reader, typed, kind, phrase) for kind, phrase in chosen)))


def find_phrases(
    kept: KeptPhrases, sight: Sight, typed: Typed, kinds: frozenset[SuggestionKind]
) -> Iterator[tuple[SuggestionKind, Phrase]]:
    """Yield what the view shows, the best first, as far as anybody asks."""
    sources = {
        SuggestionKind.ARTICLE: kept.titles,
        SuggestionKind.QUESTION: kept.questions,
        SuggestionKind.TAG: sight.tags,
    }
    for kind, find in STAGES:
        if kind in kinds:
            found = find(sources[kind], typed)
            shown = found if kind is SuggestionKind.TAG else filter(sight.shows, found)
            yield from ((kind, phrase) for phrase in shown)


async def open_sight(reader: Reader, kept: KeptPhrases, site: StoredSite | None) -> Sight:
    """Return what a view shows; all editions that it may show are known then."""
    live = reader.live
    if live is not None:
        tags = await find_live_tags(reader, kept, live, site)
        if kept.learnt != live.point:
            point, ids = live.point, live.edition_ids()
            await kept.learn(reader.database, ids)
            kept.learnt = point
        # Meanwhile the index may have gone on to another revision.
        if reader.live is not None:
            return Sight(tags, lambda phrase: shows_live(live, site, phrase))
    shown = await find_shown(reader, kept, site)
    await kept.learn(reader.database, shown.editions)
    return Sight(shown.tags, lambda phrase: phrase.edition_id in shown.editions)


def shows_live(live: LiveView, site: StoredSite | None, phrase: Phrase) -> bool:
    """Tell whether the live index shows the edition of a phrase."""
    found = live.find_shown(phrase.owner)
    return (
        found is not None
        and found.edition_id == phrase.edition_id
        and (site is None or found.site_id == site.id)
    )


async def find_live_tags(
    reader: Reader, kept: KeptPhrases, live: LiveView, site: StoredSite | None
) -> Phrases:
    """Return the tags of what is live."""
    condition = TRUE if site is None else Compare(SITE_KEY, Operator.EQUAL, site.key)
    ranked = live.rank(name_list(live.lens, condition, article_order(())), Trait.TAG, MOST_TAGS)
    if ranked is None:
        return await load_tags(reader, site)
    key = live.lens, site and site.id
    source, tags = kept.tags.get(key, (None, None))
    # The same object as long as nothing in the list has changed.
    if tags is None or source is not ranked:
        tags = make_tags([(one.value, one.name) for one in ranked])
        kept.keep_tags(key, ranked, tags)
    return tags


async def load_tags(reader: Reader, site: StoredSite | None) -> Phrases:
    """Return the tags of all that a view shows, from the database."""
    key = None if site is None else site.key
    return make_tags(await find_tags(reader, site=key, limit=MOST_TAGS))


def make_tags(tags: Sequence[tuple[str, str]]) -> Phrases:
    """Return tags, slug and name of each, as phrases."""
    named = ((slug, name, normalise(name)) for slug, name in tags)
    return Phrases(Phrase(normal, slug, name=name) for slug, name, normal in named if normal)


async def find_shown(reader: Reader, kept: KeptPhrases, site: StoredSite | None) -> Shown:
    """Return what a view shows, kept until there is another revision."""
    view, database = reader.view, reader.database
    # What drafts there are does not depend on the moment.
    view = replace(view, moment=0) if view.shows_drafts else view
    key = view, database.head.revision, site and site.id
    if key in kept.views:
        kept.views.move_to_end(key)
        return kept.views[key]
    shows = reader.select(database.dialect.gathering(["e.id"])) + reader.serves()
    if site is not None:
        shows += Sql("AND p.site_id = ?", (site.id,))
    rows, tags = await gather(database.read(shows), load_tags(reader, site))
    shown = Shown(frozenset(row[0] for row in database.dialect.gathered(rows)), tags)
    kept.keep_view(key, shown)
    return shown


async def show(reader: Reader, typed: Typed, kind: SuggestionKind, phrase: Phrase) -> Suggestion:
    """Return the suggestion that a phrase makes. Raises RevisionGone where its edition was removed meanwhile."""
    if kind is SuggestionKind.TAG:
        return Suggestion(kind, phrase.name, mark_typed(phrase.name, typed), tag=phrase.owner)
    article = await reader.article(phrase.owner)
    if article is None:
        raise RevisionGone(reader.view.revision, reader.database.head.oldest)
    if kind is SuggestionKind.ARTICLE:
        title = article.edition.title
        return Suggestion(kind, title, mark_typed(title, typed), article)
    questions = reader.library.questions(article.edition)
    loaded = await questions if isawaitable(questions) else questions
    question = next(one for one in loaded if one.position == phrase.place)
    return Suggestion(kind, question.question, mark_typed(question.question, typed), article, question)
