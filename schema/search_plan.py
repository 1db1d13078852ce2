"""How plans write what a search found: finished JSON of each hit, kept with the list of hits."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson
from graphql.execution.collect_fields import FieldDetails

from models.searching.found import Hit
from schema.finishing import (
    Finish,
    Selected,
    always,
    join,
    name_entries,
    plan_object,
    plan_page_info,
    show_all,
    write_items,
)
from schema.projection import Projection, finish_now
from schema.projector import find_missing, project_part
from schema.search import HitPage, SearchConnection, SearchHit, show_hits
from schema.selection import TYPENAME, find_resolver, read_arguments

Write = Callable[[SearchHit], Any]


@dataclass(frozen=True, slots=True, eq=False)
class HitProjection:
    """What is selected of a hit: what makes each entry, and the projections of its articles and parts, by type."""

    entries: tuple[tuple[str, Write], ...]
    projections: tuple[tuple[str, Projection], ...]

    def find_missing(self, hit: SearchHit) -> list[Awaitable[Any]]:
        """Return the loads of what is needed and not in memory; all have begun."""
        objects = [it for it in (hit.article, hit.part) if it is not None]
        return [
            load
            for it in objects
            for name, projection in self.projections
            if name == type(it).__name__
            for load in find_missing(projection, it)
        ]

    def write(self, hit: SearchHit) -> bytes:
        """Return a hit as finished JSON."""
        return orjson.dumps({key: write(hit) for key, write in self.entries})


def plan_search(selected: Selected) -> Finish | None:
    """Return what writes a page of hits."""
    write = plan_object(PAGE, selected)
    return None if write is None else partial(write_page, write)


async def write_page(write: Finish, connection: SearchConnection) -> Any:
    """Return what is selected of a page."""
    return await write(connection.page)


async def count_hits(page: HitPage) -> int:
    """Return how many hits the list has."""
    return len(page.found.hits)


async def write_meant(page: HitPage) -> str | None:
    """Return the query as it was understood."""
    return page.did_you_mean()


def plan_nodes(selected: Selected, details: list[FieldDetails]) -> Finish | None:
    """Return what writes the hits of a page."""
    projection = project_hit(selected.of("SearchHit", details))
    return None if projection is None else partial(write_nodes, projection)


async def write_nodes(projection: HitProjection, page: HitPage) -> orjson.Fragment:
    """Return the hits of a page as finished JSON."""
    return join(await project_hits(projection, page))


def plan_edges(selected: Selected, details: list[FieldDetails]) -> Finish | None:
    """Return what writes the hits of a page, each with its cursor."""
    columns = name_entries(selected.of("SearchEdge", details), EDGE, name_edges)
    return None if columns is None else partial(write_items, columns)


async def name_edges(page: HitPage) -> list[str]:
    """Return the type of each edge."""
    return ["SearchEdge"] * len(page.hits())


async def write_cursors(page: HitPage) -> list[str]:
    """Return the cursors of a page."""
    return [page.cursor(number) for number in range(len(page.hits()))]


def plan_node(selected: Selected, details: list[FieldDetails]) -> Finish | None:
    """Return what writes the hit of each edge."""
    projection = project_hit(selected.of("SearchHit", details))
    return None if projection is None else partial(write_node, projection)


async def write_node(projection: HitProjection, page: HitPage) -> list[orjson.Fragment]:
    """Return the hit of each edge as finished JSON."""
    return show_all(await project_hits(projection, page))


EDGE = {"cursor": always(write_cursors), "node": plan_node}
PAGE = {
    "totalCount": always(count_hits),
    "didYouMean": always(write_meant),
    "nodes": plan_nodes,
    "edges": plan_edges,
    "pageInfo": plan_page_info,
}


def project_hit(selected: Selected) -> HitProjection | None:
    """Return the projection of what is selected of a hit, None where not all of it is plain."""
    entries: list[tuple[str, Write]] = []
    projections: list[tuple[str, Projection]] = []
    for key, name, details in selected.entries():
        if name == TYPENAME:
            entries.append((key, lambda _hit: "SearchHit"))
            continue
        below = [(one, selected.of(one, details).project()) for one in OBJECTS.get(name, ())]
        known = {one: projection for one, projection in below if projection is not None}
        write = partial(write_object, name, known) if below else read_value(selected, name, details)
        if write is None or len(known) < len(below):
            return None
        entries.append((key, write))
        projections += known.items()
    return HitProjection(tuple(entries), tuple(projections))


OBJECTS = {"article": ("Article",), "part": ("Section", "Question")}
"""The types of the objects that a hit has in its fields."""


def write_object(name: str, projections: dict[str, Projection], hit: SearchHit) -> orjson.Fragment | None:
    """Return a hit's article or part as finished JSON."""
    it = getattr(hit, name)
    if it is None:
        return None
    projection = projections[type(it).__name__]
    return orjson.Fragment(project_part(projection, hit.article.stored, hit.article.reader.library, it))


def read_value(selected: Selected, name: str, details: list[FieldDetails]) -> Write | None:
    """Return what makes the value of a field without objects, None where its arguments are wrong."""
    field = selected.type.fields[name]
    arguments = read_arguments(selected.executor, field, details[0])
    resolve, _, is_coroutine = find_resolver(field)
    if arguments is None or resolve is None:
        return None
    bound = partial(resolve, **dict(arguments))
    return (lambda hit: finish_now(bound(hit))) if is_coroutine else bound


async def project_hits(projection: HitProjection, page: HitPage) -> list[bytes]:
    """Return the hits of a page as finished JSON, from memory as far as it has them."""
    finished, hits = page.found.finished, page.hits()
    names = [(projection, page.start + number) for number in range(len(hits))]
    lacking = [hit for name, hit in zip(names, hits, strict=True) if name not in finished]
    if lacking:
        made = await make_hits(projection, page, lacking)
        for name, hit in zip(names, hits, strict=True):
            if hit.article_id in made:
                page.found.keep(name, made[hit.article_id])
    return [finished[name] for name in names]


async def make_hits(projection: HitProjection, page: HitPage, hits: Sequence[Hit]) -> dict[str, bytes]:
    """Return hits as finished JSON by their articles."""
    shown = await show_hits(page.reader, hits)
    missing = [load for hit in shown for load in projection.find_missing(hit)]
    if missing:
        await gather(*missing)
    return {hit.hit.article_id: projection.write(hit) for hit in shown}
