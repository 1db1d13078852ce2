"""From a document's text to a parsed and validated document, paid once for each new text."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLFormattedError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    TokenKind,
    Visitor,
    get_operation_ast,
    parse,
    validate,
    visit,
)

from models.sizes import Sizes
from schema.answer import Request
from schema.document_limits import DocumentLimits, DocumentTooLarge
from schema.errors import DOCUMENT_TOO_LARGE, PARSE_FAILED, VALIDATION_FAILED, present_error, shape
from schema.given import Given
from schema.known_prices import KnownPrices
from schema.planning import PlannedDocument
from schema.pricing import price_operation
from schema.projector import DocumentProjections, Projector
from schema.subject import Subject

MOST_ERRORS = 20
MOST_KEPT = 1_000
MOST_CHARACTERS = 500_000
"""How many documents are kept, and how long all of them may be: each character takes about a hundred bytes."""

LONGEST_KEPT = 32_768
NO_SETTINGS = DocumentLimits()
TOO_MANY_TOKENS = "Document contains more than"
"""What graphql-core says where a document has more tokens than it was told to read."""

UNVERSIONED = frozenset({"tokens", "webhooks"})
"""Fields that show what changes without a revision."""

TOKENS_FREE, TOKEN = 200, 3
"""So many tokens cost nothing to read, and what each one more costs (a hundred are about a millisecond)."""


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A document that can be executed, with its projections, or the errors that say why it cannot.

    `planned` is where the plans of its operations are. `is_versioned` tells that all it can read has revisions, so
    that a newer one tells of every change. `reading` is what it cost to read, above what costs nothing.
    """

    document: DocumentNode | None
    errors: tuple[GraphQLFormattedError, ...] = ()
    projections: DocumentProjections | None = None
    is_versioned: bool = True
    reading: int = 0
    planned: PlannedDocument | None = None
    subjects: dict[str | None, Subject] = field(default_factory=dict)
    """What its operations are about, by the name under which they were asked for."""
    _prices: dict[str | None, KnownPrices] = field(default_factory=dict)
    _operations: dict[str | None, OperationDefinitionNode] = field(default_factory=dict)

    def find_operation(self, name: str | None) -> OperationDefinitionNode | None:
        """Return the operation of this name, None where it cannot be told which one is meant."""
        known = self._operations.get(name)
        if known is None and self.document is not None:
            known = get_operation_ast(self.document, name)
            if known is not None:
                self._operations[name] = known
        return known

    def has(self, name: str | None, type_: OperationType) -> bool:
        """Tell whether the operation of this name is of a type."""
        operation = self.find_operation(name)
        return operation is not None and operation.operation is type_

    def price(self, schema: GraphQLSchema, request: Request, sizes: Sizes, *, is_live: bool) -> int:
        """Return what a request for an operation that the document has costs at the most.

        `is_live` tells that it sees what is live now.
        """
        prices = self._prices.get(request.operation_name)
        if prices is None:
            prices = self._prices[request.operation_name] = KnownPrices()
        variables = request.variables or {}
        known = prices.find(variables, sizes, is_live=is_live)
        if known is None:
            operation = self.find_operation(request.operation_name)
            assert self.document is not None
            assert operation is not None
            given = Given(operation, variables)
            known = price_operation(schema, self.document, operation, given, sizes, is_live=is_live)
            prices.keep(known, given, variables, sizes, is_live=is_live)
        return known


class Documents:
    """Prepared documents by their text, the least recently used forgotten."""

    def __init__(
        self, schema: GraphQLSchema, projector: Projector | None, limits: DocumentLimits = NO_SETTINGS
    ) -> None:
        self._schema = schema
        self._projector = projector
        self._limits = limits
        self._kept: OrderedDict[str, Prepared] = OrderedDict()
        self._characters = 0
        self._long: tuple[str, Prepared] | None = None

    def knows(self, text: str) -> bool:
        """Tell whether a document is prepared already."""
        return text in self._kept

    def prepare(self, text: str) -> Prepared:
        """Return the document of this text, parsed and validated."""
        known = self._kept.get(text)
        if known is not None:
            self._kept.move_to_end(text)
            return known
        if self._long is not None and self._long[0] == text:
            return self._long[1]
        prepared = self._read(text)
        if len(text) <= LONGEST_KEPT:
            self._kept[text] = prepared
            self._characters += len(text)
            while len(self._kept) > MOST_KEPT or self._characters > MOST_CHARACTERS:
                forgotten, _ = self._kept.popitem(last=False)
                self._characters -= len(forgotten)
        else:
            # A request asks for its document several times.
            self._long = text, prepared
        return prepared

    def _read(self, text: str) -> Prepared:
        try:
            self._limits.check_text(text)
            document = parse(text, max_tokens=self._limits.tokens)
            self._limits.check(document)
        except DocumentTooLarge as error:
            return Prepared(None, (present_excess(error),))
        except GraphQLError as error:
            if TOO_MANY_TOKENS in error.message:
                return Prepared(None, (present_excess(DocumentTooLarge("tokens", self._limits.tokens)),))
            return Prepared(None, (present_error(error, PARSE_FAILED),))
        errors = validate(self._schema, document, max_errors=MOST_ERRORS)
        tokens = unchain(document)
        if errors:
            return Prepared(None, tuple(present_error(error, VALIDATION_FAILED) for error in errors))
        # Names have no escapes: what is not in the text is not in the document.
        is_versioned = not any(name in text for name in UNVERSIONED) or not names_unversioned(document)
        reading = TOKEN * max(0, tokens - TOKENS_FREE)
        if self._projector is None:
            return Prepared(document, (), None, is_versioned, reading)
        projections = DocumentProjections(self._projector)
        planned = PlannedDocument(document, projections)
        return Prepared(document, (), projections, is_versioned, reading, planned)


def unchain(document: DocumentNode) -> int:
    """Take a document's tokens apart, of which each knows the next and the one before; return how many there are.

    In circles they would stay in memory until the collector looks for such, which is seldom, and those that no node
    needs for its place would stay with the document.
    """
    token, found = document.loc.start_token if document.loc else None, 0
    while token is not None:
        following, token.prev, token.next = token.next, None, None
        token, found = following, found + 1
    return found - len((TokenKind.SOF, TokenKind.EOF))


def present_excess(error: DocumentTooLarge) -> GraphQLFormattedError:
    """Return what a client is told of a document that has too much of something."""
    return shape(error, error.message, DOCUMENT_TOO_LARGE, {"limit": error.limit, "maximum": error.maximum})


def names_unversioned(document: DocumentNode) -> bool:
    """Tell whether any field of a document shows what has no revisions."""
    found = False

    class Finder(Visitor):
        """Looks at the name of each field."""

        def enter_field(self, node: FieldNode, *_: object) -> None:
            """Take note of the name."""
            nonlocal found
            found = found or node.name.value in UNVERSIONED

    visit(document, Finder())
    return found
