"""The projector: answers what an operation selects of an edition in one go, where all of it is plain.

It takes the place of graphql-core's executor and leaves to it everything but objects whose whole selection is
plain. What such a selection makes of an edition is kept with the edition as finished JSON. Off or on, the
answer is the same bytes.
"""

from __future__ import annotations

from asyncio import gather
from collections import OrderedDict
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any

import orjson
from graphql import GraphQLObjectType, GraphQLSchema, Undefined
from graphql.execution.collect_fields import FieldDetails
from graphql.execution.executor import Executor
from graphql.type.definition import GraphQLResolveInfoHelpers

from models.errors import ContentError
from models.library import Library
from models.live_publication import LivePublication
from models.reading import StoredArticle
from schema.article import Article
from schema.plain import PLAIN
from schema.projection import Projection
from schema.question import Question
from schema.section import Section
from schema.selection import Selection, find_variables, read_selection

NO_HELPERS = GraphQLResolveInfoHelpers(gather=lambda values: gather(*values), track=lambda _values: None)
MOST_PROJECTIONS = 2_000
MOST_VARIANTS = 100


class Projector:
    """All projections of a schema by their selection, the least recently used forgotten."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._projections: OrderedDict[Selection, Projection] = OrderedDict()

    def compile(self, selection: Selection) -> Projection:
        """Return the projection of a selection, the same for equal ones."""
        projection = self._projections.get(selection)
        if projection is None:
            projection = self._projections[selection] = Projection(self._schema, selection)
            if len(self._projections) > MOST_PROJECTIONS:
                self._projections.popitem(last=False)
        self._projections.move_to_end(selection)
        return projection


@dataclass(slots=True)
class Spot:
    """A place of a document where an object is selected: which variables it depends on, what they lead to."""

    variables: tuple[str, ...]
    projections: dict[str, Projection | None] = field(default_factory=dict)


class DocumentProjections:
    """The projections of one document. Nodes are known by their addresses: the document must live as long."""

    def __init__(self, projector: Projector) -> None:
        self._projector = projector
        self._spots: dict[tuple[str, ...], Spot] = {}

    def find(
        self, executor: Executor[Any], type_: GraphQLObjectType, details: list[FieldDetails]
    ) -> Projection | None:
        """Return the projection of what is selected of an object by these nodes, None where not all is plain."""
        key = (type_.name, *(str(id(detail.node)) for detail in details))
        spot = self._spots.get(key)
        if spot is None:
            nodes = [detail.node for detail in details]
            spot = self._spots[key] = Spot(find_variables(executor.fragment_definitions, nodes))
        given = executor.variable_values.coerced
        values = repr([given.get(name, Undefined) for name in spot.variables])
        if values not in spot.projections:
            if len(spot.projections) >= MOST_VARIANTS:
                spot.projections.clear()
            selection = read_selection(executor, type_, details)
            known = None if selection is None else self._projector.compile(selection)
            spot.projections[values] = known
        return spot.projections[values]


class ProjectingExecutor(Executor[Any]):
    """graphql-core's executor, which asks the projector first. Its context is an Operation."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        # The helpers lead back to the executor, with which all that an operation has read would wait for the collector.
        # No resolver of ours asks for them.
        self.async_helpers = NO_HELPERS
        self._found: dict[tuple[str, int], tuple[list[FieldDetails], Projection | None]] = {}

    def complete_object_value(
        self,
        return_type: GraphQLObjectType,
        field_details_list: list[FieldDetails],
        info: Any,
        path: Any,
        result: Any,
        position_context: Any,
    ) -> Any:
        """Return what is selected of an object: finished, or a dictionary, or what will become one."""

        def execute() -> Any:
            return super(ProjectingExecutor, self).complete_object_value(
                return_type, field_details_list, info, path, result, position_context
            )

        projection = self._find(return_type, field_details_list) if return_type.name in PLAIN else None
        if projection is None:
            return execute()
        missing = find_missing(projection, result)
        if missing:
            return self._project_later(projection, result, missing, execute)
        return project(projection, result, execute)

    def _find(self, type_: GraphQLObjectType, details: list[FieldDetails]) -> Projection | None:
        key = (type_.name, id(details))
        found = self._found.get(key)
        if found is None:
            # The list is kept so that no other one gets its address.
            found = (details, self.context_value.projections.find(self, type_, details))
            self._found[key] = found
        return found[1]

    async def _project_later(
        self, projection: Projection, it: Any, missing: Sequence[Awaitable[Any]], execute: Any
    ) -> Any:
        try:
            await gather(*missing)
        except ContentError:
            value = execute()
        else:
            value = project(projection, it, execute)
        return await value if isawaitable(value) else value


def article_of(it: Any) -> Article | None:
    """Return the article that an object of the contract is a part of, None where it does not say."""
    if isinstance(it, Article):
        return it
    return it.origin if isinstance(it, Section | Question) else None


def find_missing(projection: Projection, it: Any) -> list[Awaitable[Any]]:
    """Return the loads of what a projection of an object needs and memory does not have; all have begun."""
    article = article_of(it)
    if article is None or has_fragment(projection, article.stored, it):
        return []
    library, edition = article.reader.library, article.stored.edition
    # What is below a section or a question is found by resolvers, which want all columns.
    whole = it is not article
    loads = (library.part(edition, r, r.everything if whole else columns) for r, columns in projection.loads)
    return [load for load in loads if isawaitable(load)]


def has_fragment(projection: Projection, stored: StoredArticle, it: Any) -> bool:
    """Tell whether the finished JSON is in memory."""
    return fragment_key(projection, stored, it) in stored.edition.fragments


def fragment_key(projection: Projection, stored: StoredArticle, it: Any) -> tuple[Any, ...]:
    """Return what the finished JSON depends on besides the edition."""
    part = (type(it).__name__, it.stored.position) if not isinstance(it, Article) else None
    return name_fragment(projection, part, stored)


def name_fragment(
    projection: Projection, part: tuple[str, int] | None, shown: StoredArticle | LivePublication
) -> tuple[Any, ...]:
    """Return what the JSON of a part, or of the whole article, depends on besides the edition."""
    return projection, part, shown.slug, shown.published_at


def project(projection: Projection, it: Any, execute: Any) -> Any:
    """Return what is selected of an object. Where a resolver fails, all is left to the execution field by field.

    That fails again, and knows the error's place in the answer and which null takes its place.
    """
    article = article_of(it)
    try:
        if article is None:
            return projection.project(it)
        return orjson.Fragment(project_part(projection, article.stored, article.reader.library, it))
    except Exception:  # noqa: BLE001 - it comes again, at its place
        return execute()


def project_part(projection: Projection, stored: StoredArticle, library: Library, it: Any) -> bytes:
    """Return an article, section or question as finished JSON, from memory where it has been made before."""
    key = fragment_key(projection, stored, it)
    known = stored.edition.fragments.get(key)
    if known is None:
        if isinstance(it, Article):
            it = Article(stored=stored, reader=it.reader, is_loaded=True)
        known = orjson.dumps(projection.project(it))
        library.keep_fragment(stored.edition, key, known)
    return known
