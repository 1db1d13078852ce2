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
    Visitor,
    parse,
    validate,
    visit,
)

from schema.errors import PARSE_FAILED, VALIDATION_FAILED, present_error
from schema.planning import PlannedDocument
from schema.projector import DocumentProjections, Projector
from schema.subject import Subject

MOST_TOKENS = 5_000
MOST_KEPT = 1_000
LONGEST_KEPT = 32_768
UNVERSIONED = frozenset({"tokens", "webhooks"})
"""Fields that show what changes without a revision."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that can be executed, with its projections, or the errors that say why it cannot.

    `planned` is where the plans of its operations are. `is_versioned` tells that all it can read has revisions, so
    that a newer one tells of every change.
    """

    document: DocumentNode | None
    errors: tuple[GraphQLFormattedError, ...] = ()
    projections: DocumentProjections | None = None
    is_versioned: bool = True
    planned: PlannedDocument | None = None
    subjects: dict[str | None, Subject] = field(default_factory=dict)
    """What its operations are about, by the name under which they were asked for."""


class Documents:
    """Prepared documents by their text, the least recently used forgotten."""

    def __init__(self, schema: GraphQLSchema, projector: Projector | None) -> None:
        self._schema = schema
        self._projector = projector
        self._kept: OrderedDict[str, Prepared] = OrderedDict()

    def prepare(self, text: str) -> Prepared:
        """Return the document of this text, parsed and validated."""
        known = self._kept.get(text)
        if known is not None:
            self._kept.move_to_end(text)
            return known
        prepared = self._read(text)
        if len(text) <= LONGEST_KEPT:
            self._kept[text] = prepared
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return prepared

    def _read(self, text: str) -> Prepared:
        try:
            document = parse(text, max_tokens=MOST_TOKENS)
        except GraphQLError as error:
            return Prepared(None, (present_error(error, PARSE_FAILED),))
        errors = validate(self._schema, document)
        if errors:
            return Prepared(None, tuple(present_error(error, VALIDATION_FAILED) for error in errors))
        is_versioned = not names_unversioned(document)
        if self._projector is None:
            return Prepared(document, is_versioned=is_versioned)
        projections = DocumentProjections(self._projector)
        planned = PlannedDocument(document, projections)
        return Prepared(document, (), projections, is_versioned, planned)


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
