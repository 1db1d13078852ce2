"""Which articles of the same site share tags with others: one statement for however many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from models.reading import Reader
from models.recommending.newest import MOST_SHARED, Sharing, read_newest
from models.recommending.reasons import Evidence, ReasonKind, Subject, value_rarity


async def find_by_tags(reader: Reader, subjects: Sequence[Subject]) -> Mapping[Subject, Sequence[Evidence]]:
    """Return what shares tags with each article."""
    slugs = {subject: list_slugs(subject) for subject in subjects}
    wanted = sorted({slug for of_one in slugs.values() for slug in of_one})
    tagged = await read_newest(reader, "tag", "slug", wanted, subjects)
    return {one: list(weigh_tags(one, slugs[one], tagged)) for one in subjects}


def weigh_tags(subject: Subject, slugs: Sequence[str], tagged: Sharing) -> Iterator[Evidence]:
    """Yield what shares these tags with one article, tag by tag."""
    for slug in slugs:
        found = tagged.get((slug, subject.site_id), ())
        rarity = value_rarity(len(found))
        for one in found:
            yield Evidence(one, ReasonKind.TAG, rarity, slug)


def list_slugs(subject: Subject) -> Sequence[str]:
    """Return the slugs of an article's first tags."""
    return list(dict.fromkeys(tag["slug"] for tag in subject.edition.tags))[:MOST_SHARED]
