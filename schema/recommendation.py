"""Recommendations: articles for who has read one, each with its reasons."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import strawberry

from models.errors import InvalidArgument
from models.reading import Reader, StoredArticle
from models.recommending.reasons import MOST, Reason, ReasonKind
from models.recommending.recommending import find_recommendations
from schema.enums import describe_enum
from schema.link import LazyArticle
from schema.site import Tag

if TYPE_CHECKING:
    from schema.article import Article

DEFAULT_RECOMMENDATIONS = 6
KINDS = {
    ReasonKind.NAMED: "The author named it as related.",
    ReasonKind.TAG: "Both have the same tags, which `tags` names.",
    ReasonKind.LINK: "One of the two links to the other.",
    ReasonKind.SAME_LINK: "Both link to the same article.",
    ReasonKind.TEXT: "Their texts have several rare words in common.",
}
describe_enum(ReasonKind, "RecommendationKind", "Why an article is recommended beside another.", KINDS)

FirstRecommendations = Annotated[
    int, strawberry.argument(description=f"How many at the most, from 0 to {MOST}.")
]


@strawberry.type(description="Why an article is recommended beside another.")
class RecommendationReason:
    """A reason."""

    kind: ReasonKind = strawberry.field(description="The kind of the reason.")
    tags: list[Tag] = strawberry.field(
        description="The tags that both have, in the order of the article beside which it is recommended. Empty for "
        "every other kind."
    )


@strawberry.type(description="An article that is recommended beside another.")
class Recommendation:
    """An article with the reasons for it."""

    article: LazyArticle = strawberry.field(description="The article.")
    reasons: list[RecommendationReason] = strawberry.field(
        description="Why it is recommended, at least one reason, each kind once, in the order of the kinds."
    )


async def read_recommendations(
    reader: Reader, article: StoredArticle, first: int, show: Callable[[Reader, StoredArticle], Article]
) -> list[Recommendation]:
    """Return the first recommendations beside an article; `show` makes the contract's one. Raises InvalidArgument."""
    if not 0 <= first <= MOST:
        raise InvalidArgument(f"recommendations(first:) takes 0 to {MOST}, not {first}.")
    found = (await find_recommendations(reader, article)).items[:first] if first else ()
    names = {tag["slug"]: tag["name"] for tag in article.edition.tags}
    shown = await gather(*(reader.article(one.article_id) for one in found))
    return [
        Recommendation(
            article=show(reader, stored), reasons=[show_reason(reason, names) for reason in one.reasons]
        )
        for one, stored in zip(found, shown, strict=True)
        if stored is not None
    ]


def show_reason(reason: Reason, names: dict[str, str]) -> RecommendationReason:
    """Return the contract's reason; `names` has the names of tags by their slugs."""
    return RecommendationReason(
        kind=reason.kind, tags=[Tag(slug=slug, name=names[slug]) for slug in reason.tags]
    )
