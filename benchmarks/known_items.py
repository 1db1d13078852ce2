"""Known-item searches: questions and summaries of articles turned into queries, each of which has one right answer.

A query is the question or the first twelve words of the summary: as it is; with one slip in one of its longer words
(a letter left out, doubled, replaced, or swapped with the next); with one of its longer words in another form (an s put
to its end or taken away); and as its five longest words alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from models.database import Database
from models.dialect import Sql

LONGER = 5
SUMMARY_WORDS = 12
QUESTIONS = (
    "SELECT q.question AS text, e.article_id, e.locale FROM question q JOIN edition e ON e.id = q.edition_id "
    "JOIN site s ON s.key = ? JOIN article a ON a.id = e.article_id AND a.site_id = s.id ORDER BY q.id"
)
SUMMARIES = (
    "SELECT e.summary AS text, e.article_id, e.locale FROM edition e JOIN site s ON s.key = ? "
    "JOIN article a ON a.id = e.article_id AND a.site_id = s.id WHERE e.summary IS NOT NULL ORDER BY e.id"
)


@dataclass(frozen=True, slots=True)
class Item:
    """A query, and the article and locale that it was made of."""

    query: str
    article_id: str
    locale: str


def slip(word: str, random: Random) -> str:
    """Return a word with a slip that is not at its beginning or end."""
    place = random.randrange(1, len(word) - 2)
    before, letter, after = word[:place], word[place], word[place + 1 :]
    slips = (after, letter * 2 + after, random.choice("aeiorstn") + after, after[0] + letter + after[1:])
    return before + random.choice(slips)


def inflect(word: str, _random: Random) -> str:
    """Return a word in another form."""
    return word[:-1] if word.endswith("s") else word + "s"


def change_one(text: str, change: Callable[[str, Random], str], random: Random) -> str:
    """Return a text in which one of the longer words is changed."""
    words = text.split()
    longer = [place for place, word in enumerate(words) if len(word) >= LONGER and word.isalpha()]
    if longer:
        place = random.choice(longer)
        words[place] = change(words[place], random)
    return " ".join(words)


def take_longest(text: str, _random: Random) -> str:
    """Return the five longest words of a text in their order."""
    words = [word.strip(".,;:!?()\"'") for word in text.split()]
    longest = sorted(range(len(words)), key=lambda place: -len(words[place]))[:5]
    return " ".join(words[place] for place in sorted(longest))


WAYS: dict[str, Callable[[str, Random], str]] = {
    "as it is": lambda text, _random: text,
    "with a slip": lambda text, random: change_one(text, slip, random),
    "in another form": lambda text, random: change_one(text, inflect, random),
    "five words": take_longest,
}


async def read_items(database: Database, site: str, most: int) -> dict[str, list[Item]]:
    """Return the items of a site by what they were made of and how, always the same ones."""
    items = {}
    for kind, statement in (("question", QUESTIONS), ("summary", SUMMARIES)):
        random = Random(1)
        rows = [row for row in await database.read(Sql(statement, (site,))) if row["text"].strip()]
        chosen = random.sample(rows, min(most, len(rows)))
        for way, change in WAYS.items():
            items[f"{kind}, {way}"] = [
                Item(change(shorten(kind, row["text"]), random), row["article_id"], row["locale"])
                for row in chosen
            ]
    return items


def shorten(kind: str, text: str) -> str:
    """Return what a query is made of: a whole question, the beginning of a summary."""
    return " ".join(text.split()[: SUMMARY_WORDS if kind == "summary" else None])


@dataclass(frozen=True, slots=True)
class Success:
    """How often the right article was the first, and among the first ten, and the mean of its place's inverse."""

    at_1: float
    at_10: float
    reciprocal: float


def measure(places: Sequence[int]) -> Success:
    """Return the success of searches by the place of the right article in each, 0 where it is not found."""
    count = len(places)
    return Success(
        sum(place == 1 for place in places) / count,
        sum(1 <= place <= 10 for place in places) / count,
        sum(1 / place for place in places if 1 <= place <= 10) / count,
    )
