"""Editions: one at a time, and each still what was saved, by the hash of all that its author wrote."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence

from models.composition import ComposedLink, hash_content
from models.database import Database
from models.dialect import Sql
from models.draft import ArticleDraft
from models.drafting import load_drafts
from models.edition import Edition, Tag
from models.folding import fold
from models.link import Link, LinkKind
from models.question import Question
from models.section import Section
from models.snapshot import Snapshot
from models.storing import Parts, load_parts

BATCH = 20
"""How many editions are in memory with their texts at a time."""


async def find_overlapping_editions(_database: Database, snapshot: Snapshot) -> AsyncIterator[str]:
    """Yield editions of one article and locale that are the newest at one revision."""
    before: tuple[object, ...] = ()
    number, until = 0, 0
    order = Sql(
        "SELECT id, article_id, locale, since, until FROM edition ORDER BY article_id, locale, since, id"
    )
    async for rows in snapshot.stream(order):
        for row in rows:
            place = (row["article_id"], row["locale"])
            if place == before and row["since"] < until:
                yield f"editions {number} and {row['id']} of article {row['article_id']} stand at the same revision."
            before, number, until = place, row["id"], row["until"]


async def find_changed_content(database: Database, snapshot: Snapshot) -> AsyncIterator[str]:
    """Yield editions that are not what was saved.

    They are read beside the snapshot, as they never change; one that compacting takes away meanwhile is none.
    """
    ids: list[int] = []
    async for rows in snapshot.stream(Sql("SELECT id FROM edition ORDER BY id")):
        ids += [row["id"] for row in rows]
        while len(ids) >= BATCH:
            batch, ids = ids[:BATCH], ids[BATCH:]
            for fault in await check_batch(database, batch):
                yield fault
    for fault in await check_batch(database, ids):
        yield fault


async def check_batch(database: Database, ids: Sequence[int]) -> list[str]:
    """Return the faults of some editions, one by one where they cannot be read together."""
    try:
        faults = await check_editions(database, ids)
    except (ValueError, TypeError, KeyError, AttributeError):
        if len(ids) > 1:
            return [fault for number in ids for fault in await check_batch(database, [number])]
        faults = {ids[0]: [f"edition {ids[0]} cannot be read."]}
    if not faults:
        return []
    left = (
        await Edition.filter(id__in=list(faults)).using_db(database.connection).values_list("id", flat=True)
    )
    return [fault for number in left for fault in faults[int(str(number))]]


async def check_editions(database: Database, ids: Sequence[int]) -> dict[int, list[str]]:
    """Return the faults of each edition that has any."""
    connection = database.connection
    editions = await Edition.filter(id__in=ids).using_db(connection).order_by("id")
    drafts = await load_drafts(connection, editions)
    parts = await load_parts(connection, [edition.id for edition in editions])
    links: dict[int, list[ComposedLink]] = defaultdict(list)
    for link in await Link.filter(edition_id__in=ids).using_db(connection).order_by("position"):
        links[link.edition_id].append(
            ComposedLink(LinkKind(link.kind), link.section, link.label, link.url, link.target_id)
        )
    tags: dict[int, list[dict[str, str]]] = defaultdict(list)
    for tag in await Tag.filter(edition_id__in=ids).using_db(connection).order_by("position"):
        tags[tag.edition_id].append({"slug": tag.slug, "name": tag.name})  # type: ignore[attr-defined]
    found = {}
    for edition in editions:
        faults = list(check_edition(edition, drafts[edition.id], links[edition.id]))
        faults += check_derived(edition, parts[edition.id], tags[edition.id])
        if faults:
            found[edition.id] = [
                f"edition {edition.id} of article {edition.article_id} {why}" for why in faults
            ]
    return found


def check_edition(edition: Edition, draft: ArticleDraft, links: Sequence[ComposedLink]) -> Iterator[str]:
    """Yield a fault where what an author wrote is not what was hashed when it was saved."""
    if hash_content(draft, links) != edition.content_hash:
        yield "is not what was saved: its hash differs."


def check_derived(edition: Edition, parts: Parts, tags: Sequence[dict[str, str]]) -> Iterator[str]:
    """Yield faults of what is kept beside an edition so that it is found: folded texts, counts, tags."""
    rows: list[Section | Question] = [*parts.sections, *parts.questions]
    folded = [(edition.title, edition.title_folded), (edition.slug, edition.slug_folded)]
    folded += [(row.heading or "", row.heading_folded) for row in parts.sections]
    folded += [(row.question, row.question_folded) for row in parts.questions]
    if any(fold(text) != stored for text, stored in folded):
        yield "is sorted by another text than its own."
    if edition.word_count != edition.intro_words + sum(row.word_count for row in rows):
        yield "has another number of words than its parts."
    if list(tags) != edition.tags:
        yield "has other tags than those by which it is found."
