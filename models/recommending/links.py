"""Which articles of the same site link to others, are linked to by them, or link to the same ones."""

from __future__ import annotations

from asyncio import gather
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from inspect import isawaitable

from models.backlinks import link_sources
from models.dialect import Sql, join
from models.link import LinkKind
from models.reading import Reader
from models.recommending.reasons import NEWEST, Candidate, Evidence, ReasonKind, Subject, value_rarity
from models.stored import StoredLink

COLUMNS = ("target_id", "site_id", "article_id", "published_at", "total")
LINKING = (
    "k.target_id, p.site_id, p.article_id, p.published_at, "
    "COUNT(*) OVER (PARTITION BY k.target_id, p.site_id) AS total, ROW_NUMBER() OVER "
    "(PARTITION BY k.target_id, p.site_id ORDER BY p.published_at DESC, p.article_id DESC) AS place"
)
Linking = Mapping[tuple[str, str], Sequence[tuple[Candidate, int]]]
"""Who links to a target from a site, each with how many do."""


@dataclass(frozen=True, slots=True)
class Linked:
    """What an article's links say: which articles its author named, in that order, and the evidence."""

    named: Sequence[str]
    evidence: Sequence[Evidence]


async def find_by_links(reader: Reader, subjects: Sequence[Subject]) -> Mapping[Subject, Linked]:
    """Return what each article is linked with. A link by way of an article that the view does not show is none."""
    links = dict(zip(subjects, await gather(*(load_links(reader, one) for one in subjects)), strict=True))
    targets = {link.target_id for of_one in links.values() for link in of_one if link.target_id}
    shown, linking = await gather(
        read_shown(reader, sorted(targets)),
        read_linking(reader, sorted(targets | {one.article_id for one in subjects}), subjects),
    )
    return {one: weigh_links(one, links[one], shown, linking) for one in subjects}


async def load_links(reader: Reader, subject: Subject) -> Sequence[StoredLink]:
    """Return the links of an article's edition."""
    links = reader.library.links(subject.edition)
    return await links if isawaitable(links) else links


def weigh_links(
    subject: Subject,
    links: Sequence[StoredLink],
    shown: Mapping[str, tuple[str, Candidate]],
    linking: Linking,
) -> Linked:
    """Return what the links of one article and of those beside it say."""
    here = [(link, *shown[link.target_id]) for link in links if link.target_id in shown and link.target_id]
    named = [candidate for link, _, candidate in here if link.kind is LinkKind.RELATED]
    direct = {c for link, site, c in here if link.kind is LinkKind.BODY and site == subject.site_id}
    direct |= {candidate for candidate, _ in linking.get((subject.article_id, subject.site_id), ())}
    evidence = [Evidence(one, ReasonKind.NAMED, 1.0) for one in dict.fromkeys(named)]
    evidence += [Evidence(one, ReasonKind.LINK, 1.0) for one in direct]
    for target_id in {candidate.article_id for _, _, candidate in here} - {subject.article_id}:
        evidence += [
            Evidence(one, ReasonKind.SAME_LINK, value_rarity(total))
            for one, total in linking.get((target_id, subject.site_id), ())
        ]
    return Linked([one.article_id for one in named], evidence)


async def read_shown(reader: Reader, ids: Sequence[str]) -> Mapping[str, tuple[str, Candidate]]:
    """Return those of these articles that the view shows, each with its site."""
    if not ids:
        return {}
    database = reader.database
    where = [database.dialect.one_of("p.article_id", ids), reader.serves()]
    rows = await database.read(
        reader.select("p.article_id AS shown_id, p.site_id, p.published_at") + join(" AND ", where)
    )
    return {
        row["shown_id"]: (row["site_id"], Candidate(row["shown_id"], row["published_at"])) for row in rows
    }


async def read_linking(reader: Reader, ids: Sequence[str], subjects: Sequence[Subject]) -> Linking:
    """Return the newest articles on the sites of these subjects that link to each of these articles."""
    database = reader.database
    dialect = database.dialect
    sites = sorted({subject.site_id for subject in subjects})
    where = [dialect.one_of("p.site_id", sites), reader.serves()]
    chosen = dialect.gathering([f"x.{column}" for column in COLUMNS])
    rows = await database.read(
        Sql(f"SELECT {chosen} FROM (")
        + link_sources(reader, LINKING, ids)
        + join(" AND ", where)
        + Sql(") x WHERE x.place <= ?", (NEWEST,))
    )
    linking: defaultdict[tuple[str, str], list[tuple[Candidate, int]]] = defaultdict(list)
    for target_id, site_id, article_id, published_at, total in dialect.gathered(rows):
        linking[target_id, site_id].append((Candidate(article_id, published_at), total))
    return linking
