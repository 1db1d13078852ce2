"""Suggestions while a reader types."""

from typing import Annotated

import strawberry

from models.errors import InvalidArgument
from models.reading import Reader
from models.searching.suggesting import Suggestion as Suggested
from models.searching.suggesting import SuggestionKind, Wanted, suggest
from schema.article import Article, show_article
from schema.enums import describe_enum
from schema.question import Question
from schema.scalars import Html
from schema.site import Tag

DEFAULT_SUGGESTIONS = 10
MOST_SUGGESTIONS = 50

KINDS = {
    SuggestionKind.ARTICLE: "An article, by its title.",
    SuggestionKind.QUESTION: "A question of an article.",
    SuggestionKind.TAG: "A tag that articles carry.",
}

describe_enum(SuggestionKind, "SuggestionKind", "What a suggestion leads to.", KINDS)

Prefix = Annotated[
    str,
    strawberry.argument(
        description="What was typed so far, at most 1000 characters. The last word may be the beginning of one, unless "
        "something follows it; the others must all stand."
    ),
]
FirstSuggestions = Annotated[
    int, strawberry.argument(description=f"How many at the most, from 0 to {MOST_SUGGESTIONS}.")
]
SuggestionKinds = Annotated[
    list[SuggestionKind] | None, strawberry.argument(description="Only these kinds; all of them by default.")
]
SuggestionSite = Annotated[
    str | None, strawberry.argument(description="Only what the site with this key has.")
]
SuggestionTarget = Annotated[
    Article | Question | Tag,
    strawberry.union("SuggestionTarget", description="What a suggestion leads to."),
]


@strawberry.type(description="A suggestion for what a reader is typing.")
class Suggestion:
    """A suggestion."""

    text: str = strawberry.field(
        description="The title, the question, or the name of the tag, as plain text."
    )
    kind: SuggestionKind = strawberry.field(description="What it leads to.")
    highlighted: Html = strawberry.field(
        description="The text as safe HTML, in which what was typed is in `<mark>`."
    )
    target: SuggestionTarget = strawberry.field(description="What it leads to.")


async def read_suggestions(
    reader: Reader, prefix: str, first: int, kinds: list[SuggestionKind] | None, site: str | None
) -> list[Suggestion]:
    """Return suggestions. Raises InvalidArgument or UnknownSite."""
    if not 0 <= first <= MOST_SUGGESTIONS:
        raise InvalidArgument(f"suggest(first:) takes 0 to {MOST_SUGGESTIONS}, not {first}.")
    wanted = Wanted(frozenset(SuggestionKind if kinds is None else kinds), first, site)
    return [show_suggestion(reader, one) for one in await suggest(reader, prefix, wanted)]


def show_suggestion(reader: Reader, suggested: Suggested) -> Suggestion:
    """Return the contract's suggestion."""
    target: Article | Question | Tag
    if suggested.article is None:
        target = Tag(slug=suggested.tag or "", name=suggested.text)
    else:
        article = show_article(reader, suggested.article)
        target = article if suggested.question is None else article.question(suggested.question)
    return Suggestion(
        text=suggested.text, kind=suggested.kind, highlighted=Html(suggested.marked), target=target
    )
