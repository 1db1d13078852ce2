"""What an operation costs, known before it is executed: how many objects its answer can have, and what each takes.

The bound is honest: a list is taken to be as long as it is asked for, or as there are things to list if that is
less, and the parts of its articles as many as the largest articles have. Each fragment is looked at once for each
type that it is spread in, so that pricing takes no longer than the document is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    StringValueNode,
    VariableNode,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)

from models.paging import DEFAULT_SIZE, LARGEST_SIZE
from models.searching.asking import count_phrases
from models.sizes import Sizes
from schema.article import DEFAULT_RELATED
from schema.facets import DEFAULT_VALUES
from schema.filter_prices import price_filter
from schema.given import Given
from schema.paging import DEEPEST_OFFSET
from schema.price import MOST, Chosen, Price
from schema.prices import (
    COUNTED_FROM_DATABASE,
    EXTRA,
    FEW,
    FIELDS_FREE,
    FRAGMENT,
    FROM_DATABASE,
    INTROSPECTED,
    MUTATION,
    OFFSET,
    PHRASE,
    SEARCH,
    Asked,
    is_plain,
)
from schema.recommendation import DEFAULT_RECOMMENDATIONS
from schema.search import DEFAULT_FRAGMENTS
from schema.suggestion import DEFAULT_SUGGESTIONS
from schema.walking import count_fields, find_names, read_value

PARTS: Mapping[str, str] = {
    "sections": "section",
    "questions": "question",
    "links": "link",
    "related": "link",
    "tableOfContents": "section",
}
"""The lists of an article's parts, and what they are counted as."""

DIVIDED = frozenset({"questions", "links"})
"""The lists of a section that all sections of an article share among them."""


ARTICLE_LISTS = frozenset({("Query", "articles"), ("Query", "search"), ("Article", "linkedFrom")})
"""The lists in which no article comes twice."""

SEARCHES = {("Query", "articles"): "search", ("Query", "search"): "query"}
"""The lists that can be searched for, and the argument that says what. Both take an `ArticleWhere`."""

PAGE = frozenset({"nodes", "edges", "pageInfo"})
"""The fields of a connection for which its page is read."""


def price_operation(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    given: Given,
    sizes: Sizes,
    *,
    is_live: bool = True,
) -> int:
    """Return what an operation of a valid document costs at the most, at least 1.

    `is_live` tells that its view is of what is live now.
    """
    root = schema.get_root_type(operation.operation)
    assert root is not None
    pricing = Pricing(schema, document, given, sizes, is_live=is_live)
    chosen = pricing.choose(root, operation.selection_set, is_divided=False)
    each = MUTATION if operation.operation is OperationType.MUTATION else 1 / FIELDS_FREE
    return max(1, ceil(min(MOST, chosen.below.of(1, sizes) + floor(each * chosen.fields))))


class Pricing:
    """The prices of one document with some variables."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        given: Given,
        sizes: Sizes,
        *,
        is_live: bool,
    ) -> None:
        self._is_live = is_live
        self._schema = schema
        self._given = given
        self._sizes = sizes
        self._fragments = {
            one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)
        }
        self._known: dict[tuple[str, str, bool], Chosen] = {}
        self._known_pages: dict[tuple[str, Page], float] = {}

    def choose(
        self, type_: GraphQLObjectType, selection_set: SelectionSetNode, *, is_divided: bool
    ) -> Chosen:
        """Return what is selected of an object of a type.

        `is_divided` tells that it is one of all sections of its article, so that these share the article's parts.
        """
        chosen = Chosen()
        for node in selection_set.selections:
            if self._is_left_out(node.directives or ()):
                continue
            if isinstance(node, FieldNode):
                chosen += self._price_field(type_, node, is_divided=is_divided)
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition.name.value if node.type_condition else type_.name
                if self._applies(condition, type_):
                    chosen += self.choose(type_, node.selection_set, is_divided=is_divided)
            elif isinstance(node, FragmentSpreadNode):
                chosen += self._choose_fragment(type_, node.name.value, is_divided=is_divided)
        return chosen

    def _choose_fragment(self, type_: GraphQLObjectType, name: str, *, is_divided: bool) -> Chosen:
        key = (name, type_.name, is_divided)
        if key not in self._known:
            fragment = self._fragments[name]
            applies = self._applies(fragment.type_condition.name.value, type_)
            self._known[key] = (
                self.choose(type_, fragment.selection_set, is_divided=is_divided) if applies else Chosen()
            )
        return self._known[key]

    def _applies(self, condition: str, type_: GraphQLObjectType) -> bool:
        named = self._schema.type_map[condition]
        if isinstance(named, GraphQLInterfaceType | GraphQLUnionType):
            return self._schema.is_sub_type(named, type_)
        return named is type_

    def _is_left_out(self, directives: Iterable[DirectiveNode]) -> bool:
        for directive in directives:
            if directive.name.value in {"skip", "include"} and directive.arguments:
                value = read_value(directive.arguments[0].value, self._given)
                if value is (directive.name.value == "skip"):
                    return True
        return False

    def _price_field(self, type_: GraphQLObjectType, node: FieldNode, *, is_divided: bool) -> Chosen:
        name = node.name.value
        if name.startswith("__"):
            return Chosen(1, below=Price(INTROSPECTED * count_fields(node, self._fragments)))
        field = type_.fields[name]
        plain = is_plain(type_.name, name)
        extra = self._price_extra(type_.name, node)
        if is_leaf_type(get_named_type(field.type)):
            return Chosen(1, plain, extra)
        is_plain_below, price = self._price_objects(type_, field, node, is_divided=is_divided)
        return Chosen(1, plain and is_plain_below, extra + price)

    def _price_extra(self, type_name: str, node: FieldNode) -> Price:
        """Return what a field costs besides what it returns."""
        key = (type_name, node.name.value)
        looking = FROM_DATABASE if type_name == "Query" and not self._is_live else 0
        extra = EXTRA.get(key)
        if extra is None:
            return Price(looking)
        asked = self._read_asked(node)
        own = (
            self._price_list(node, SEARCHES[key], asked) if key in SEARCHES else extra.of(self._sizes, asked)
        )
        if key == ("SearchHit", "fragments"):
            own += FRAGMENT * self._read_size(node, DEFAULT_FRAGMENTS)
        if not self._is_live:
            own *= COUNTED_FROM_DATABASE.get(key, 1)
        return Price(own + looking, source=extra.source * asked.readings)

    def _price_list(self, node: FieldNode, argument: str, asked: Asked) -> float:
        """Return what it costs to find the articles of a list, searched for where `argument` says what."""
        phrases = self._count_phrases(node, argument)
        is_searched = phrases is not None
        filtering = price_filter(asked.where, self._given, self._sizes, is_searched=is_searched)
        if phrases is not None:
            return SEARCH.of(self._sizes, asked) + PHRASE * phrases + filtering
        return EXTRA["Query", "articles"].of(self._sizes, asked) + filtering * asked.readings

    def _read_asked(self, node: FieldNode) -> Asked:
        """Return what is asked of a list."""
        arguments = {argument.name.value: argument.value for argument in node.arguments or ()}
        names = find_names(node, self._fragments)
        is_counted = "totalCount" in names
        locales = read_value(arguments["locales"], self._given) if "locales" in arguments else None
        where = arguments.get("where")
        return Asked(
            is_filtered=is_counted or where is not None,
            readings=max(1, is_counted + (not PAGE.isdisjoint(names))),
            where=where,
            locales=len(locales) if isinstance(locales, list) else None,
        )

    def _count_phrases(self, node: FieldNode, name: str) -> int | None:
        """Return how many phrases are searched for with an argument, None where nothing is."""
        values = [argument.value for argument in node.arguments or () if argument.name.value == name]
        if values and isinstance(values[0], VariableNode):
            phrases: int | None = self._given.get(values[0].name.value, read_phrases)
            return phrases
        return read_phrases(values[0]) if values else None

    def _price_objects(
        self, type_: GraphQLObjectType, field: GraphQLField, node: FieldNode, *, is_divided: bool
    ) -> tuple[bool, Price]:
        """Return whether all is plain that is selected of the objects that a field returns, and their price."""
        name, named = node.name.value, get_named_type(field.type)
        if named.name.endswith("Connection"):
            return True, Price(self._price_connection(type_, named, node))
        is_section = type_.name == "Article" and name == "sections"
        is_plain_below, each = self._price_object(named, node, is_divided=is_section)
        return is_plain_below, self._multiply(type_, field, node, each, is_divided=is_divided)

    def _multiply(
        self, type_: GraphQLObjectType, field: GraphQLField, node: FieldNode, each: Price, *, is_divided: bool
    ) -> Price:
        """Return the price of all objects of a field, each of which costs the same."""
        name, named = node.name.value, get_named_type(field.type)
        if named.name == "Article" and (type_.name.endswith("Edge") or type_.name == "SearchHit"):
            # Still one of the articles of a page, whose parts are counted together.
            return each
        if type_.name == "Article" and name in PARTS and not self._is_short(node):
            return self._spread(PARTS[name], each, whole=name == "sections")
        if type_.name == "Section" and name in DIVIDED:
            part = PARTS[name]
            scalar = each.of(1, self._sizes)
            if is_divided:
                return self._spread(part, Price(scalar), whole=False)
            return Price(min(MOST, scalar * self._sizes.most(part, 1)))
        return Price(min(MOST, each.of(1, self._sizes) * self._count(type_, field, node)))

    def _is_short(self, node: FieldNode) -> bool:
        """Tell whether fewer related links are asked for than the largest article has."""
        is_related = node.name.value == "related"
        return is_related and self._read_size(node, DEFAULT_RELATED) < self._sizes.most("link", 1)

    def _spread(self, part: str, each: Price, *, whole: bool) -> Price:
        """Return the price for each part of an article; of whole sections, with what their parts cost besides."""
        if not whole:
            return Price(**{part: each.of(1, self._sizes)})
        return Price(
            section=each.own + each.section, question=each.question, link=each.link, source=each.source
        )

    def _price_object(self, named: Any, node: FieldNode, *, is_divided: bool) -> tuple[bool, Price]:
        """Return whether all of an object is plain, and its price; of several types, that of the dearest."""
        assert node.selection_set is not None
        types = self._schema.get_possible_types(named) if is_abstract_type(named) else [named]
        chosen = [(one.name, self.choose(one, node.selection_set, is_divided=is_divided)) for one in types]
        price = max((c.price(n) for n, c in chosen), key=lambda price: price.of(1, self._sizes))
        return all(c.is_plain for _, c in chosen), price

    def _price_connection(self, type_: GraphQLObjectType, named: Any, node: FieldNode) -> float:
        """Return the price of a page."""
        assert node.selection_set is not None
        size, total = self._read_size(node, DEFAULT_SIZE), self._total(type_, node.name.value)
        page = Page(min(size, total), is_distinct=type_.name == "Query")
        skipped = OFFSET * self._read_number(node, {"offset"}, 0, DEEPEST_OFFSET)
        return min(MOST, self._choose_page(named, node.selection_set, page) + skipped)

    def _choose_page(self, named: GraphQLObjectType, selection_set: SelectionSetNode, page: Page) -> float:
        """Return the price of what is selected of a page, fragments included."""
        price = 0.0
        for node in selection_set.selections:
            if self._is_left_out(node.directives or ()):
                continue
            if isinstance(node, FieldNode):
                price += self._price_of_page(named, node, page)
            elif isinstance(node, InlineFragmentNode):
                price += self._choose_page(named, node.selection_set, page)
            elif isinstance(node, FragmentSpreadNode):
                price += self._choose_fragment_of_page(named, node.name.value, page)
        return min(MOST, price)

    def _choose_fragment_of_page(self, named: GraphQLObjectType, name: str, page: Page) -> float:
        key = (name, page)
        if key not in self._known_pages:
            self._known_pages[key] = self._choose_page(named, self._fragments[name].selection_set, page)
        return self._known_pages[key]

    def _price_of_page(self, named: GraphQLObjectType, node: FieldNode, page: Page) -> float:
        if node.name.value not in {"nodes", "edges"}:
            chosen = self._price_field(named, node, is_divided=False)
            return chosen.below.of(1, self._sizes) + chosen.fields / FIELDS_FREE
        item = get_named_type(named.fields[node.name.value].type)
        _, price = self._price_object(item, node, is_divided=False)
        return price.of(page.size, self._sizes, distinct=page.is_distinct)

    def _total(self, type_: GraphQLObjectType, name: str) -> int:
        if (type_.name, name) in ARTICLE_LISTS:
            return self._sizes.articles
        if type_.name == "Query" and name == "questions":
            return self._sizes.questions
        return LARGEST_SIZE

    def _count(self, type_: GraphQLObjectType, field: GraphQLField, node: FieldNode) -> int:
        """Return how many objects a field returns at the most."""
        kind = field.type.of_type if is_non_null_type(field.type) else field.type
        if not is_list_type(kind):
            return 1
        match (type_.name, node.name.value):
            case ("Query", "sites"):
                return self._sizes.sites
            case ("Query", "tags"):
                return min(self._read_size(node, 1_000), self._sizes.tags)
            case ("Query", "suggest"):
                return self._read_size(node, DEFAULT_SUGGESTIONS)
            case ("Article", "related"):
                return self._read_size(node, DEFAULT_RELATED)
            case ("Article", "recommendations"):
                return self._read_size(node, DEFAULT_RECOMMENDATIONS)
            case ("ArticleFacets" | "QuestionFacets", _):
                return self._read_size(node, DEFAULT_VALUES)
        for argument in node.arguments or ():
            if argument.name.value == "ids":
                value = read_value(argument.value, self._given)
                return len(value) if isinstance(value, list) else 1
        return self._read_size(node, FEW)

    def _read_size(self, node: FieldNode, default: int) -> int:
        return self._read_number(node, {"first", "last"}, default, LARGEST_SIZE)

    def _read_number(self, node: FieldNode, names: Set[str], default: int, most: int) -> int:
        """Return the number of an argument; a wrong one is an error when it is executed."""
        for argument in node.arguments or ():
            if argument.name.value in names:
                value = read_value(argument.value, self._given)
                if isinstance(value, float) and value.is_integer():
                    value = int(value)  # as a variable of type Int may be written (GraphQL, section 3.5.1)
                if isinstance(value, int) and not isinstance(value, bool):
                    return value if 0 <= value <= most else default
        return default


def read_phrases(value: Any) -> int | None:
    """Return how many phrases a text names, or the node of one; None of what is no text."""
    text = value.value if isinstance(value, StringValueNode) else value
    return count_phrases(text) if isinstance(text, str) else None


@dataclass(frozen=True, slots=True)
class Page:
    """How many items a page has at the most, and whether none of them can come twice."""

    size: int
    is_distinct: bool
