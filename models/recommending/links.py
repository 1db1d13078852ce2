"""Which articles of the same site link to others, are linked to by them, or link to the same ones."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from inspect import isawaitable

from models.dialect import join
from models.link import LinkKind
from models.reading import Reader
from models.recommending.newest import MOST_SHARED, Sharing, read_newest
from models.recommending.reasons import Candidate, Evidence, ReasonKind, Subject, value_rarity
from models.stored import StoredLink

MOST_LINKS = 100
"""How many of the articles that an article links to count: the first ones, those that its author named before all."""


@dataclass(frozen=True, slots=True)
class Linked:
    """What an article's links say: which articles its author named, in that order, and the evidence."""

    named: Sequence[str]
    evidence: Sequence[Evidence]


@dataclass(frozen=True, slots=True)
class Targets:
    """The ids of articles that an article links to, each once: what its author named, and what its text links to."""

    named: Sequence[str]
    linked: Sequence[str]

    @property
    def all(self) -> Sequence[str]:
        """Return both, each once."""
        return list(dict.fromkeys((*self.named, *self.linked)))


async def find_by_links(reader: Reader, subjects: Sequence[Subject]) -> Mapping[Subject, Linked]:
    """Return what each article is linked with. A link by way of an article that the view does not show is none."""
    links = await gather(*(load_links(reader, one) for one in subjects))
    targets = {one: choose_targets(of_one) for one, of_one in zip(subjects, links, strict=True)}
    ids = {one.article_id for one in subjects}
    ids.update(target for of_one in targets.values() for target in of_one.all[:MOST_SHARED])
    shown, linking = await gather(
        read_shown(reader, sorted({target for of_one in targets.values() for target in of_one.all})),
        read_newest(reader, "link", "target_id", sorted(ids), subjects),
    )
    return {one: weigh_links(one, targets[one], shown, linking) for one in subjects}


async def load_links(reader: Reader, subject: Subject) -> Sequence[StoredLink]:
    """Return the links of an article's edition."""
    links = reader.library.links(subject.edition)
    return await links if isawaitable(links) else links


def choose_targets(links: Sequence[StoredLink]) -> Targets:
    """Return the articles that count of those to which links lead."""
    of_kind = {
        kind: list(dict.fromkeys(link.target_id for link in links if link.target_id and link.kind is kind))
        for kind in (LinkKind.RELATED, LinkKind.BODY)
    }
    every = Targets(of_kind[LinkKind.RELATED], of_kind[LinkKind.BODY])
    counting = set(every.all[:MOST_LINKS])
    return Targets(
        [one for one in every.named if one in counting], [one for one in every.linked if one in counting]
    )


Shown = Mapping[str, tuple[str, Candidate]]
"""The articles that a view shows, each with its site."""


def weigh_links(subject: Subject, targets: Targets, shown: Shown, linking: Sharing) -> Linked:
    """Return what the links of one article and of those beside it say."""
    named = [shown[target][1] for target in targets.named if target in shown]
    linked = [shown[target] for target in targets.linked if target in shown]
    direct = {one for site, one in linked if site == subject.site_id}
    direct.update(find_linking(linking, subject.article_id, subject.site_id))
    evidence = [Evidence(one, ReasonKind.NAMED, 1.0) for one in named]
    evidence += [Evidence(one, ReasonKind.LINK, 1.0) for one in direct]
    for target in targets.all[:MOST_SHARED]:
        if target in shown and target != subject.article_id:
            found = find_linking(linking, target, subject.site_id)
            rarity = value_rarity(len(found))
            evidence += [Evidence(one, ReasonKind.SAME_LINK, rarity) for one in found]
    return Linked([one.article_id for one in named], evidence)


def find_linking(linking: Sharing, target: str, site: str) -> Sequence[Candidate]:
    """Return the other articles on a site that link to an article."""
    return [one for one in linking.get((target, site), ()) if one.article_id != target]


async def read_shown(reader: Reader, ids: Sequence[str]) -> Shown:
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
