"""Delta sync: a copy that applies what `changes` tells is the same as a fresh snapshot, whatever happened."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from models import moment
from models.access import Role
from models.draft import ArticleDraft
from models.publishing import delete_articles, publish_articles, unpublish_articles
from tests.client import TESTER, Client, article_id
from tests.content import DAY, set_clock
from tests.history.comparing import Comparison
from tests.history.programs import Program, programs
from tests.history.running import Runner
from tests.history.states import LOCALES
from tests.history.views import Look

EXAMPLES = int(os.environ.get("QUIET_TEST_EXAMPLES", "0"))

VIEW = "query($drafts: Perspective!, $locales: [Locale!]%s) @view(perspective: $drafts, locales: $locales) "
SHOWN = (
    "id locale slug title summary publishedAt updatedAt tags { slug } "
    "sections { heading body { markdown } } questions { question }"
)
SNAPSHOT = VIEW % "" + f"{{ articles(first: 100) {{ nodes {{ {SHOWN} }} }} head }}"
CHANGES = VIEW % ", $since: Revision, $after: String, $first: Int!" + (
    "{ changes(since: $since, after: $after, first: $first) { cursor revision hasMore changes { "
    f"cursor revision at kind articleId locale site {{ key }} article {{ {SHOWN} }} }} }} }}"
)


@dataclass
class Copy:
    """A copy of all articles that a client may see in some locales, kept in step."""

    client: Client
    drafts: bool
    locales: list[str] | None
    size: int
    articles: dict[str, Any] = field(default_factory=dict)
    since: int | None = None
    after: str | None = None
    seen: list[str] = field(default_factory=list)

    async def ask(self, query: str, **variables: Any) -> Any:
        perspective = "DRAFT" if self.drafts else "PUBLISHED"
        reply = await self.client.ask(query, drafts=perspective, locales=self.locales, **variables)
        assert len(reply.statements) <= 14
        return reply.data

    async def snapshot(self) -> dict[str, Any]:
        data = await self.ask(SNAPSHOT)
        self.since = self.since or data["head"]
        return {article["id"]: article for article in data["articles"]["nodes"]}

    async def follow(self) -> list[Any]:
        """Apply all changes page by page; each has a cursor that was never seen before."""
        told: list[Any] = []
        while True:
            since = None if self.after else self.since
            page = (await self.ask(CHANGES, since=since, after=self.after, first=self.size))["changes"]
            assert len(page["changes"]) <= self.size
            for change in page["changes"]:
                if change["article"]:
                    self.articles[change["articleId"]] = change["article"]
                else:
                    self.articles.pop(change["articleId"], None)
            told += page["changes"]
            self.seen += [change["cursor"] for change in page["changes"]]
            assert len(set(self.seen)) == len(self.seen)
            assert page["changes"] or not page["hasMore"]
            self.after = page["cursor"]
            if not page["hasMore"]:
                return told


async def begin(copy: Copy) -> Copy:
    """Take the first snapshot."""
    copy.articles = await copy.snapshot()
    return copy


@settings(
    max_examples=EXAMPLES or 10,
    derandomize=not EXAMPLES,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(program=programs(8))
async def test_copies_of_random_histories(
    client: Client, monkeypatch: pytest.MonkeyPatch, program: Program
) -> None:
    """Copies begun at any point, followed in pages of any size, are what a fresh snapshot is, for every right."""
    clock = set_clock(monkeypatch)
    runner = Runner(client, await client.sign_in(Role.PREVIEWER), clock)
    await runner.begin(monkeypatch, program.memory)
    limited = await client.sign_in(Role.PREVIEWER, locales=["de"], sites=["one"])
    kinds: list[tuple[Client, bool, list[str] | None]] = [
        (client, False, None),
        (client, False, ["en"]),
        (client, False, ["de", "en"]),
        (limited, False, None),
        (runner.client, True, None),
        (runner.client, True, ["en", "de"]),
        (limited, True, None),
    ]
    copies: list[Copy] = []
    for number, step in enumerate([program.first, *program.steps]):
        clock.now += step.wait
        await runner.run(step.verb, step.editor)
        for locale in LOCALES:
            await Comparison(runner, Look(drafts=True, locales=(locale,))).learn()
        who, drafts, locales = kinds[number % len(kinds)]
        copies.append(await begin(Copy(who, drafts, locales, 1 + 2 * number)))
        for copy in copies[::2]:
            await copy.follow()
    clock.now += 3 * DAY
    for copy in copies:
        await copy.follow()
        assert copy.articles == await copy.snapshot()


async def tell(client: Client, since: int, *, drafts: bool = False) -> list[tuple[str, str | None]]:
    """Return kind and title of each change after a revision."""
    told = await Copy(client, drafts, None, 100, since=since).follow()
    return [(c["kind"], c["article"] and c["article"]["title"]) for c in told if c["articleId"]]


@pytest.mark.database
async def test_readers_learn_of_live_content_only(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader hears once of each article that goes live or comes off, and nothing of drafts and schedules."""
    clock = set_clock(monkeypatch)
    start = client.database.head.revision
    await client.save(ArticleDraft("en", "quay", "Quay"), ArticleDraft("en", "pier", "Pier"), publish=False)
    assert await tell(client, start) == []
    quay, pier = article_id("quay"), article_id("pier")
    clock.now += DAY
    await publish_articles(client.database, [quay], actor=TESTER)
    await publish_articles(client.database, [pier], actor=TESTER, live_from=clock.now + DAY)
    await unpublish_articles(client.database, [pier], actor=TESTER)
    assert await tell(client, start) == [("PUBLISHED", "Quay")]
    await client.save(ArticleDraft("en", "quay", "New quay"))
    await delete_articles(client.database, [quay], actor=TESTER)
    assert await tell(client, start) == [
        ("PUBLISHED", "Quay"),
        ("PUBLISHED", "New quay"),
        ("UNPUBLISHED", None),
    ]
    previewer = await client.sign_in(Role.PREVIEWER)
    assert [kind for kind, _ in await tell(previewer, start, drafts=True)] == [
        "CREATED",
        "CREATED",
        "PUBLISHED",
        "SCHEDULED",
        "UNPUBLISHED",
        "UPDATED",
        "PUBLISHED",
        "UNPUBLISHED",
        "DELETED",
    ]


@pytest.mark.database
async def test_schedules_are_told_when_they_come_due(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """What begins or ends by itself is a change at its moment, under the revision before."""
    clock = set_clock(monkeypatch)
    await client.save(ArticleDraft("en", "regatta", "Regatta"), publish=False)
    begin, end = clock.now + DAY, clock.now + 2 * DAY
    await publish_articles(
        client.database, [article_id("regatta")], actor=TESTER, live_from=begin, live_until=end
    )
    head = client.database.head.revision
    copy = Copy(client, False, None, 1, since=head)
    assert await copy.follow() == []
    for at, kind, is_live in ((begin, "PUBLISHED", True), (end, "UNPUBLISHED", False)):
        clock.now = at
        (change,) = await copy.follow()
        assert (change["kind"], change["at"], change["revision"]) == (kind, moment.to_text(at), head)
        assert (change["article"] is not None) == is_live
        assert await copy.follow() == []


@pytest.mark.database
async def test_a_schedule_that_is_committed_late_is_told(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who looked at a later moment than the verb began at hears of what it had come due in between."""
    clock = set_clock(monkeypatch)
    await client.save(ArticleDraft("en", "regatta", "Regatta"), publish=False)
    began = clock.now + DAY
    clock.now = began + DAY
    copy = Copy(client, False, None, 100, since=client.database.head.revision)
    assert await copy.follow() == []
    clock.now = began
    await publish_articles(client.database, [article_id("regatta")], actor=TESTER, live_from=began + DAY // 2)
    clock.now = began + DAY
    (change,) = await copy.follow()
    head = client.database.head.revision
    assert (change["revision"], change["at"]) == (head, moment.to_text(began + DAY // 2))
    assert copy.articles == await copy.snapshot()
    assert await copy.follow() == []


@pytest.mark.database
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("", "INVALID_ARGUMENT"),
        ('since: 0, after: "x"', "INVALID_ARGUMENT"),
        ("since: 0, first: 0", "INVALID_ARGUMENT"),
        ("since: 0, first: 501", "INVALID_ARGUMENT"),
        ("since: 999999", "REVISION_UNKNOWN"),
        ('after: "x"', "INVALID_CURSOR"),
        ('after: "WzEsMiwzXQ"', "INVALID_CURSOR"),
        ('since: 0, where: {sites: ["nowhere"]}', "UNKNOWN_SITE"),
        ('since: 0, where: {articleIds: ["x"]}', "INVALID_ID"),
        ("since: 0, where: {kinds: null}", "INVALID_ARGUMENT"),
    ],
)
async def test_wrong_arguments(client: Client, arguments: str, code: str) -> None:
    """What cannot be answered is refused with a code that says why."""
    called = f"changes({arguments})" if arguments else "changes"
    assert (await client.ask(f"{{ {called} {{ cursor }} }}")).codes == [code]


@pytest.mark.database
async def test_filters(writable: Client) -> None:
    """Changes can be narrowed by kind, site and article; a change of a site has no article."""
    changes = "changes(since: 0, first: 500, where: $where) { changes { kind articleId site { key } } }"
    query = f"query($where: ChangeWhere) {{ {changes} }}"

    async def ask(**where: Any) -> list[Any]:
        data = (await writable.ask(query, where=where)).data
        return list(data["changes"]["changes"])

    everything = await ask()
    of_sites = [c for c in everything if c["articleId"] is None]
    assert {c["site"]["key"] for c in of_sites} == {"harbour", "kitchen"}
    kitchen = await ask(sites=["kitchen"])
    assert kitchen == [c for c in everything if c["site"]["key"] == "kitchen"]
    gone = await ask(kinds=["UNPUBLISHED"])
    assert gone == [c for c in everything if c["kind"] == "UNPUBLISHED"]
    assert len(gone) == 2
    one = kitchen[-1]["articleId"]
    assert await ask(articleIds=[one]) == [c for c in everything if c["articleId"] == one]
