"""Random verbs on random articles against a naive model, then random views compared: no difference."""

from __future__ import annotations

from random import Random

import pytest

from models import moment
from models.dialect import Sql
from models.draft import ArticleDraft
from models.errors import ContentError
from models.moment import FOREVER
from models.publishing import delete_articles, publish_articles, unpublish_articles
from tests.client import Client, article_id
from tests.naive_model import NaiveModel, Refused, Sight

KEYS = ["a", "b", "c", "d"]
LOCALES = ["en", "de", "fr"]
SLUGS = ["s", "t", "u", "v", "w"]
CHAINS: list[tuple[str, ...]] = [(), ("en",), ("de", "en"), ("fr", "de"), ("fr", "de", "en")]
START = 1_800_000_000_000
STEPS = 25


class Program:
    """One random program, run on the product and on the model."""

    def __init__(self, seed: int, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        self.random = Random(seed)
        self.client = client
        self.clock = START
        monkeypatch.setattr(moment, "now", lambda: self.clock)
        ids = {key: article_id(key) for key in KEYS}
        self.model = NaiveModel(0, 0, dict.fromkeys(KEYS, "test"), {"test": "en"}, ids)
        self.moments = {START}

    async def step(self) -> None:
        """Move the clock, sometimes backwards, and run one verb on both; both refuse it or neither does."""
        self.clock += self.random.choice([0, 1, 700, 5_000, 60_000, -30_000])
        verb = self.random.choice(
            [self.save, self.save, self.save, self.publish, self.unpublish, self.delete]
        )
        await verb()
        self.moments |= {self.model.last.moment, self.clock}

    async def save(self) -> None:
        """Save an article in a locale, published or not."""
        key, publish = self.random.choice(KEYS), self.random.random() < 0.7
        title = f"{key} {self.random.randrange(3)}"
        draft = ArticleDraft(self.random.choice(LOCALES), self.random.choice(SLUGS), title)
        expected = self.model.save(self.clock, [(key, draft, [])], publish)
        saved = await self.client.save(draft, key=key, publish=publish)
        assert [(outcome.action.value, outcome.published) for outcome in saved.outcomes] == expected

    async def publish(self) -> None:
        """Publish articles now or in a window."""
        keys, locales = self.choose_articles()
        start = self.random.choice([None, self.clock + self.random.randrange(100_000)])
        end = self.random.choice([FOREVER, (start or self.clock) + self.random.randrange(100_000)])
        self.moments |= {start or self.clock, min(end, START * 2)}
        await self.agree(
            lambda: self.model.publish(self.clock, keys, locales, start, end),
            publish_articles(
                self.client.database,
                [article_id(key) for key in keys],
                locales,
                actor="t",
                live_from=start,
                live_until=end,
            ),
        )

    async def unpublish(self) -> None:
        """Take articles off the site."""
        keys, locales = self.choose_articles()
        ids = [article_id(key) for key in keys]
        await self.agree(
            lambda: self.model.unpublish(self.clock, keys, locales),
            unpublish_articles(self.client.database, ids, locales, actor="t"),
        )

    async def delete(self) -> None:
        """Delete an article."""
        key = self.random.choice(KEYS)
        await self.agree(
            lambda: self.model.delete(self.clock, [key]),
            delete_articles(self.client.database, [article_id(key)], actor="t"),
        )

    def choose_articles(self) -> tuple[list[str], list[str] | None]:
        """Return one or two articles, and locales or None for all."""
        keys = self.random.sample(KEYS, self.random.choice([1, 1, 2]))
        return keys, self.random.choice([None, None, [self.random.choice(LOCALES)]])

    async def agree(self, expect, work) -> None:  # type: ignore[no-untyped-def]
        """Run a verb on both; the codes of refusals must be equal."""
        expected = found = None
        try:
            expect()
        except Refused as refusal:
            expected = str(refusal)
        try:
            await work
        except ContentError as error:
            found = error.code
        assert found == expected

    async def compare(self) -> None:
        """Look at a random revision and a moment near a boundary in random locales, and compare."""
        revision = self.random.randint(0, self.model.last.revision)
        at = self.random.choice(sorted(self.moments)) + self.random.choice([-1, 0, 1])
        sight = Sight(revision, at, self.random.choice(CHAINS))
        query = (
            "query($r: Revision, $at: DateTime, $l: [Locale!]) @view(revision: $r, at: $at, locales: $l) "
            "{ articles { totalCount nodes { title slug locale locales } } }"
        )
        reply = await self.client.ask(query, r=revision, at=moment.to_text(at), l=list(sight.locales))
        shown = self.model.all_shown(sight)
        assert reply.data["articles"]["totalCount"] == len(shown)
        assert reply.data["articles"]["nodes"] == [
            {
                "title": version.draft.title,
                "slug": version.draft.slug,
                "locale": version.draft.locale,
                "locales": sorted(self.model.live(sight, version.article)),
            }
            for version in shown
        ]

    async def check_invariants(self) -> None:
        """Revisions have no gaps, open publications do not overlap, and no two share a slug at one moment."""
        database = self.client.database
        rows = await database.read(Sql("SELECT number FROM revision ORDER BY number"))
        assert [row["number"] for row in rows] == list(range(1, self.model.last.revision + 1))
        collisions = await database.read(
            Sql(
                "SELECT p.id FROM publication p JOIN publication q ON p.id < q.id AND p.locale = q.locale "
                "AND (p.article_id = q.article_id OR (p.slug = q.slug AND p.site_id = q.site_id)) "
                "AND p.live_from < q.live_until AND q.live_from < p.live_until WHERE p.until = ? AND q.until = ?",
                (FOREVER, FOREVER),
            )
        )
        assert list(collisions) == []


@pytest.mark.parametrize("seed", range(12))
async def test_random_history(seed: int, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever verbs came in whatever order, every view shows what the naive model shows."""
    program = Program(seed, client, monkeypatch)
    for _ in range(STEPS):
        await program.step()
        await program.compare()
    await program.check_invariants()
    for _ in range(40):
        await program.compare()
