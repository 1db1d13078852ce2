"""What is recommended beside articles, as a view shows it: for however many of them with the same few statements."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Sequence

from models.reading import Reader, StoredArticle
from models.recommending.likeness import find_by_text
from models.recommending.links import find_by_links
from models.recommending.reasons import Recommendations, Subject, recommend
from models.recommending.tags import find_by_tags


async def find_recommendations(reader: Reader, article: StoredArticle) -> Recommendations:
    """Return what is recommended beside an article, the best first, kept until the next revision."""
    subject = Subject(article.id, article.site_id, article.edition)

    async def make() -> Recommendations:
        return await reader.batch(load_recommendations).request(subject)

    live = reader.live
    if live is None:
        return await make()
    return await live.work_out(("recommendations", article.id, article.edition.id), make)


async def load_recommendations(reader: Reader, subjects: Sequence[Subject]) -> dict[Subject, Recommendations]:
    """Return what is recommended beside several articles."""
    tags, links, texts = await gather(
        find_by_tags(reader, subjects), find_by_links(reader, subjects), find_by_text(reader, subjects)
    )
    return {
        one: Recommendations(
            recommend(one, links[one].named, [*tags.get(one, ()), *links[one].evidence, *texts.get(one, ())])
        )
        for one in subjects
    }
