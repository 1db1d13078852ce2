"""Suggestions while a reader types: titles, questions and tags, through a view.

Titles and questions of what is live stand in memory, by their words, as far as they fit there; what a view shows of
them is asked of the live index. All others, and those of views where the live index does not stand, are found through
the index of searches, by the view. The same rules choose and sort both. What the view does not show is not suggested.
"""

from __future__ import annotations

from asyncio import gather
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from inspect import isawaitable
from itertools import islice

from models.conditions import SITE_KEY, TRUE, Compare, Operator
from models.errors import InvalidArgument, RevisionGone
from models.listing import article_order, name_list
from models.live_view import LiveView
from models.reading import Reader, StoredArticle
from models.searching.asking import LONGEST_QUERY
from models.searching.found_phrases import find_questions, find_tags, find_titles, make_tags, seek
from models.searching.kept_phrases import KeptPhrases
from models.searching.marking import mark_typed
from models.searching.phrases import Phrase, Phrases, Typed, read_typed
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

FINDERS = {
    SuggestionKind.ARTICLE: find_titles,
    SuggestionKind.QUESTION: find_questions,
    SuggestionKind.TAG: find_tags,
}


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
class Source:
    """Phrases of one kind, and whether a view shows one of them."""

    phrases: Phrases
    shows: Callable[[Phrase], bool] | None = None
    """None where it shows all."""


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
    sources = await open_kept(reader, wanted.kinds, site)
    missing = wanted.kinds - sources.keys()
    if missing:
        sources |= await find_others(reader, typed, missing, site)
    chosen = list(islice(find_phrases(sources, typed), wanted.first))
    return list(await gather(*(show(reader, typed, kind, phrase) for kind, phrase in chosen)))


def find_phrases(
    sources: Mapping[SuggestionKind, Source], typed: Typed
) -> Iterator[tuple[SuggestionKind, Phrase]]:
    """Yield what the view shows, the best first, as far as anybody asks."""
    for kind, find in STAGES:
        source = sources.get(kind)
        if source is not None:
            found = find(source.phrases, typed)
            shown = found if source.shows is None else filter(source.shows, found)
            yield from ((kind, phrase) for phrase in shown)


async def open_kept(
    reader: Reader, kinds: frozenset[SuggestionKind], site: StoredSite | None
) -> dict[SuggestionKind, Source]:
    """Return those of the kinds that are in memory, with what the view shows of them."""
    live, kept = reader.live, reader.library.phrases
    if live is None or not kept.limit:
        return {}
    if kept.learnt != live.point and kinds != {SuggestionKind.TAG}:
        await kept.learn(reader.database, live.point, live.edition_ids())
        # Meanwhile the index may have gone on to another revision.
        if reader.live is None:
            return {}
    tags = find_live_tags(kept, live, site) if SuggestionKind.TAG in kinds else None
    shows = partial(shows_live, live, site)
    sources = {
        SuggestionKind.ARTICLE: None if kept.titles is None else Source(kept.titles, shows),
        SuggestionKind.QUESTION: None if kept.questions is None else Source(kept.questions, shows),
        SuggestionKind.TAG: None if tags is None else Source(tags),
    }
    return {kind: source for kind, source in sources.items() if source is not None and kind in kinds}


async def find_others(
    reader: Reader, typed: Typed, kinds: Set[SuggestionKind], site: StoredSite | None
) -> dict[SuggestionKind, Source]:
    """Return what the index of searches has of some kinds for what was typed, as far as it may be looked at."""
    sought = await seek(reader, typed)
    if sought is None:
        return {}
    ordered = sorted(kinds)
    found = await gather(*(FINDERS[kind](reader, sought, site) for kind in ordered))
    return {kind: Source(phrases) for kind, phrases in zip(ordered, found, strict=True)}


def shows_live(live: LiveView, site: StoredSite | None, phrase: Phrase) -> bool:
    """Tell whether the live index shows the edition of a phrase."""
    found = live.find_shown(phrase.owner)
    return (
        found is not None
        and found.edition_id == phrase.edition_id
        and (site is None or found.site_id == site.id)
    )


def find_live_tags(kept: KeptPhrases, live: LiveView, site: StoredSite | None) -> Phrases | None:
    """Return the tags of what is live, None where they are not in memory."""
    condition = TRUE if site is None else Compare(SITE_KEY, Operator.EQUAL, site.key)
    ranked = live.rank(name_list(live.lens, condition, article_order(())), Trait.TAG, MOST_TAGS)
    if ranked is None:
        return None
    key = live.lens, site and site.id
    source, tags = kept.tags.get(key, (None, None))
    # The same object as long as nothing in the list has changed.
    if tags is None or source is not ranked:
        if not kept.has_room(0, len(ranked)):
            return None
        tags = make_tags({one.value: one.name for one in ranked})
        kept.keep_tags(key, ranked, tags)
    return tags


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
