"""Keys that say what an answer was made of, and the keys that a change makes void.

Whoever stores an answer drops it by its keys. Each answer has at least one key of every change that could alter
it, and few of those that could not. Keys are few and short whatever the answer is made of: where there are too
many, they are cut to their first characters, which a change makes void as well.
"""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b

from models import conditions
from models.conditions import Compare, Condition, Every, Operator, Parts, Some, as_list
from models.live_list import Wanted

ALL = "all"
"""Every answer has it; what concerns a site makes it void, as sites are everywhere."""

ANY = "any"
"""Answers that asked something else than what is live have it; every revision and moment makes it void."""

LISTS = "lists"
"""Answers with too many different lists have it."""

MOST_THINGS = 30
MOST_BUCKETS = 90
MOST_LISTS = 15
"""With so many of each an answer's keys take 430 characters at most, separators included."""

MOST_VALUES = 10
"""A list of one of more tags or sites than these counts as a list of everything."""

Thing = tuple[str, str]
"""`("article", id)`, `("slug", slug)`, or `("address", address)`: one that an edition names as a former one."""

Subject = Thing | Wanted | None
"""What a question to the live index was about: a thing, a list, or the sites."""

Topic = tuple[str, str]
"""Something that all members of a list have in common: a thing, `("tag", slug)`, `("site", key)`, or EVERYTHING."""

EVERYTHING: Topic = ("list", "")
THINGS = frozenset({"article", "slug"})
RANKS = ("article", "slug", "tag", "site", "list")
TOPICS = {"p.article_id": "article", "p.slug": "slug", "s.key": "site", "t.slug": "tag"}


@lru_cache(maxsize=20_000)
def hash_key(*words: str) -> str:
    """Return eight letters and digits that stand for these words."""
    digest = blake2b("\0".join(words).encode("utf-8", "surrogatepass"), digest_size=5).digest()
    return b32encode(digest).decode().lower()


def key_reads(subjects: Iterable[Subject] | None) -> list[str]:
    """Return the keys of an answer by what its questions were about, None where it asked something else as well."""
    if subjects is None:
        return [ALL, ANY]
    things: set[str] = set()
    lists: set[str] = set()
    for subject in subjects:
        if isinstance(subject, Wanted):
            for topic in choose_topics(subject.condition):
                if topic[0] in THINGS:
                    things.add(hash_key(*topic))
                else:
                    lists.update(hash_key(*topic, locale) for locale in subject.lens.spoken or ("*",))
        elif subject is not None:
            things.add(hash_key(*subject))
    return [ALL, *shorten(things), *(sorted(lists) if len(lists) <= MOST_LISTS else [LISTS])]


def shorten(keys: set[str]) -> list[str]:
    """Return keys of things, or where they are many the first characters of each."""
    if len(keys) <= MOST_THINGS:
        return sorted(keys)
    buckets = {key[:2] for key in keys}
    return sorted(buckets if len(buckets) <= MOST_BUCKETS else {key[:1] for key in keys})


def choose_topics(condition: Condition) -> frozenset[Topic]:
    """Return topics of which every article that meets a condition has one, as few and narrow as is sure."""
    match condition:
        case Compare(field, Operator.EQUAL, value) if field.column in TOPICS:
            return frozenset({(TOPICS[field.column], str(value))})
        case Compare(field, Operator.IN, value) if field.column in TOPICS:
            return join_topics({(TOPICS[field.column], str(one))} for one in as_list(value))
        case Every(inner) if inner:
            return min(map(choose_topics, inner), key=rank_topics)
        case conditions.Any(inner):
            return join_topics(map(choose_topics, inner))
        case Some(Parts.TAGS, inner_condition):
            return choose_topics(inner_condition)
        case _:
            return frozenset({EVERYTHING})


def join_topics(alternatives: Iterable[Iterable[Topic]]) -> frozenset[Topic]:
    """Return the topics of a list whose articles have those of one alternative or another."""
    joined = frozenset(topic for topics in alternatives for topic in topics)
    wide = [topic for topic in joined if topic[0] not in THINGS]
    return frozenset({EVERYTHING}) if EVERYTHING in joined or len(wide) > MOST_VALUES else joined


def rank_topics(topics: frozenset[Topic]) -> tuple[int, int]:
    """Return what sorts topics by how little changes them: the widest decides, then how many there are."""
    return max((RANKS.index(kind) for kind, _ in topics), default=-1), len(topics)


def key_lists(site_key: str, tags: Iterable[str], locales: Iterable[str]) -> Iterator[str]:
    """Yield the keys of lists that may have an article of a site with these tags, when it changed in these locales."""
    yield LISTS
    for topic in (EVERYTHING, ("site", site_key), *(("tag", tag) for tag in tags)):
        for where in (*locales, "*"):
            yield hash_key(*topic, where)


def key_thing(thing: Thing) -> Iterator[str]:
    """Yield the keys of a thing in all the lengths in which answers have them."""
    key = hash_key(*thing)
    yield from (key, key[:2], key[:1])
