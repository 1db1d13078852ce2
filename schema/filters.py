"""One grammar for filtering every list: operators per type, and/or/not, some/every/none."""

from typing import Any, TypeVar

import strawberry

from models import conditions
from models.conditions import Compare, Condition, Every, Field, Not, Operator, Parts, Some
from models.draft import SectionKind
from models.errors import InvalidArgument
from schema.node import decode_id
from schema.scalars import DateTime

T = TypeVar("T")

LONGEST_LIST = 500
DEEPEST = 10
MOST_LISTS = 30
"""So often may a filter look into lists: for SQLite each time costs the more the more of them there are."""


def absent(description: str, name: str | None = None) -> Any:
    """Return an input field that may be left out."""
    return strawberry.field(default=strawberry.UNSET, description=description, name=name)


@strawberry.input(description="Compares an id.")
class IDFilter:
    """Operators of ids."""

    eq: strawberry.ID | None = absent("Is this id.")
    in_: list[strawberry.ID] | None = absent("Is one of these ids.", name="in")
    not_in: list[strawberry.ID] | None = absent("Is none of these ids.")


@strawberry.input(description="Compares a text. `contains` and `startsWith` take no notice of case.")
class StringFilter:
    """Operators of texts."""

    eq: str | None = absent("Is exactly this text.")
    ne: str | None = absent("Is not exactly this text.")
    in_: list[str] | None = absent("Is one of these texts.", name="in")
    not_in: list[str] | None = absent("Is none of these texts.")
    contains: str | None = absent("Has this text somewhere, in whatever case.")
    starts_with: str | None = absent("Begins with this text, in whatever case.")


@strawberry.input(description="Compares a moment.")
class DateTimeFilter:
    """Operators of moments."""

    eq: DateTime | None = absent("Is this moment.")
    lt: DateTime | None = absent("Is before this moment.")
    lte: DateTime | None = absent("Is this moment or before.")
    gt: DateTime | None = absent("Is after this moment.")
    gte: DateTime | None = absent("Is this moment or after.")


@strawberry.input(description="Filters by tags, compared by their slugs.")
class TagsFilter:
    """Quantifiers over tags."""

    some: StringFilter | None = absent("At least one tag meets this.")
    every: StringFilter | None = absent("All tags meet this; true of articles without tags.")
    none: StringFilter | None = absent("No tag meets this.")


@strawberry.input(description="Compares the name of an author, as it is written.")
class AuthorFilter:
    """Operators of authors."""

    eq: str | None = absent("Is exactly this name.")
    ne: str | None = absent("Is not exactly this name.")
    in_: list[str] | None = absent("Is one of these names.", name="in")
    not_in: list[str] | None = absent("Is none of these names.")


@strawberry.input(description="Filters by authors.")
class AuthorsFilter:
    """Quantifiers over authors."""

    some: AuthorFilter | None = absent("At least one author meets this.")
    every: AuthorFilter | None = absent("All authors meet this; true of articles without authors.")
    none: AuthorFilter | None = absent("No author meets this.")


@strawberry.input(description="Conditions on a section; all that are given must hold.")
class SectionWhere:
    """Conditions on a section."""

    kind: list[SectionKind] | None = absent("Its kind is one of these.")
    heading: StringFilter | None = absent("Its heading.")


@strawberry.input(description="Filters by sections.")
class SectionsFilter:
    """Quantifiers over sections."""

    some: "SectionWhere | None" = absent("At least one section meets this.")
    none: "SectionWhere | None" = absent("No section meets this.")


@strawberry.input(description="Conditions on a question; all that are given must hold.")
class QuestionWhere:
    """Conditions on a question."""

    question: StringFilter | None = absent("The words of the question.")
    site: StringFilter | None = absent("The key of its site.")


@strawberry.input(description="Filters by questions.")
class QuestionsFilter:
    """Quantifiers over questions."""

    some: "QuestionWhere | None" = absent("At least one question meets this.")
    none: "QuestionWhere | None" = absent("No question meets this.")


@strawberry.input(description="Conditions on an article; all that are given must hold.")
class ArticleWhere:
    """Conditions on an article."""

    and_: "list[ArticleWhere] | None" = absent("All of these hold.", name="and")
    or_: "list[ArticleWhere] | None" = absent("At least one of these holds.", name="or")
    not_: "ArticleWhere | None" = absent("This does not hold.", name="not")
    id: IDFilter | None = absent("The id of the article.")
    site: StringFilter | None = absent("The key of its site.")
    slug: StringFilter | None = absent("Its slug.")
    title: StringFilter | None = absent("Its title.")
    published_at: DateTimeFilter | None = absent("When it was first published.")
    updated_at: DateTimeFilter | None = absent("When its edition was saved.")
    tags: TagsFilter | None = absent("Its tags.")
    authors: AuthorsFilter | None = absent("Its authors.")
    sections: SectionsFilter | None = absent("Its sections.")
    questions: QuestionsFilter | None = absent("Its questions.")


OPERATORS = {
    "eq": Operator.EQUAL,
    "ne": Operator.NOT_EQUAL,
    "lt": Operator.LESS,
    "lte": Operator.LESS_OR_EQUAL,
    "gt": Operator.GREATER,
    "gte": Operator.GREATER_OR_EQUAL,
    "in_": Operator.IN,
    "not_in": Operator.NOT_IN,
    "contains": Operator.CONTAINS,
    "starts_with": Operator.STARTS_WITH,
}


def given(source: object) -> dict[str, Any]:
    """Return the fields of an input that were given. Raises InvalidArgument where one is null.

    Null would otherwise read as "no condition", and a client's missing variable would list everything.
    """
    values = {name: value for name, value in vars(source).items() if value is not strawberry.UNSET}
    for name, value in values.items():
        if value is None:
            raise InvalidArgument(f"{name.rstrip('_')} must not be null in a filter; leave it out instead.")
    return values


def compare(field: Field, source: object) -> Condition:
    """Return the condition that an operator input puts on a field."""
    comparisons = (Compare(field, OPERATORS[name], value) for name, value in operands(source).items())
    return Every(tuple(comparisons))


def operands(source: object) -> dict[str, Any]:
    """Return the operators that were given with their values. Raises InvalidArgument where a list is too long."""
    values = given(source)
    for value in values.values():
        if isinstance(value, list) and len(value) > LONGEST_LIST:
            raise InvalidArgument(f"A list in a filter has at most {LONGEST_LIST} entries, not {len(value)}.")
    return values


def compare_ids(source: IDFilter) -> Condition:
    """Return the condition that an id filter puts on an article. Raises InvalidIdentifier."""
    decoded = {
        name: [decode_id(i, "Article")[1] for i in value]
        if isinstance(value, list)
        else decode_id(value, "Article")[1]
        for name, value in operands(source).items()
    }
    comparisons = (Compare(conditions.ARTICLE_ID, OPERATORS[name], value) for name, value in decoded.items())
    return Every(tuple(comparisons))


def quantify(parts: Parts, quantifier: str, condition: Condition) -> Condition:
    """Return the condition that some, every or none of the parts meet a condition."""
    match quantifier:
        case "some":
            return Some(parts, condition)
        case "none":
            return Not(Some(parts, condition))
        case _:
            return Not(Some(parts, Not(condition)))


def section_condition(where: SectionWhere) -> Condition:
    """Return the condition on a section."""
    found: list[Condition] = []
    for name, value in given(where).items():
        if name == "kind":
            found.append(Compare(conditions.SECTION_KIND, Operator.IN, [kind.value for kind in value]))
        else:
            found.append(compare(conditions.HEADING, value))
    return Every(tuple(found))


def question_condition(where: QuestionWhere) -> Condition:
    """Return the condition on a question."""
    fields = {"question": conditions.QUESTION, "site": conditions.SITE_KEY}
    return Every(tuple(compare(fields[name], value) for name, value in given(where).items()))


ARTICLE_FIELDS = {
    "site": conditions.SITE_KEY,
    "slug": conditions.SLUG,
    "title": conditions.TITLE,
    "published_at": conditions.PUBLISHED_AT,
    "updated_at": conditions.UPDATED_AT,
}


def article_condition(where: ArticleWhere) -> Condition:
    """Return the condition on an article. Raises InvalidArgument, also where the filter is too deep or too large."""
    condition = every_condition(where, 1)
    looks = count_looks(condition)
    if looks > MOST_LISTS:
        raise InvalidArgument(
            f"A filter looks into tags, authors, sections and questions at most {MOST_LISTS} times, not {looks}. "
            "Name several values in one list, with `in`."
        )
    return condition


def count_looks(condition: Condition) -> int:
    """Return how often a condition looks into the parts of an edition."""
    match condition:
        case Some(_, inner):
            return 1 + count_looks(inner)
        case Not(inner):
            return count_looks(inner)
        case Every(several) | conditions.Any(several):
            return sum(map(count_looks, several))
    return 0


def every_condition(where: ArticleWhere, depth: int) -> Condition:
    """Return the condition that all fields of a filter put on an article."""
    if depth > DEEPEST:
        raise InvalidArgument(f"A filter is nested at most {DEEPEST} deep.")
    found = (article_part(name, value, depth) for name, value in given(where).items())
    return Every(tuple(found))


def article_part(name: str, value: Any, depth: int) -> Condition:
    """Return the condition that one field of the filter puts on an article."""
    match name:
        case "and_":
            return Every(tuple(every_condition(inner, depth + 1) for inner in value))
        case "or_":
            return conditions.Any(tuple(every_condition(inner, depth + 1) for inner in value))
        case "not_":
            return Not(every_condition(value, depth + 1))
        case "id":
            return compare_ids(value)
        case "tags":
            return quantified(Parts.TAGS, value, lambda inner: compare(conditions.TAG, inner))
        case "authors":
            return quantified(Parts.AUTHORS, value, lambda inner: compare(conditions.AUTHOR, inner))
        case "sections":
            return quantified(Parts.SECTIONS, value, section_condition)
        case "questions":
            return quantified(Parts.QUESTIONS, value, question_condition)
        case _:
            return compare(ARTICLE_FIELDS[name], value)


def quantified(parts: Parts, source: object, condition: Any) -> Condition:
    """Return the condition that a filter with some, every or none puts on an edition's parts."""
    found = (quantify(parts, name, condition(value)) for name, value in given(source).items())
    return Every(tuple(found))
