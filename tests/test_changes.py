"""Delta sync: a copy that applies what `changes` tells is the same as a fresh snapshot, whatever happened."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from models import moment
from models.access import Role
from models.draft import ArticleDraft
from models.publishing import delete_articles, publish_articles, unpublish_articles
from tests.client import TESTER, Client, article_id
from tests.content import DAY, set_clock
from tests.history.copying import Copy, check_copies
from tests.history.playing import begin, random_histories
from tests.history.programs import Program, programs


@random_histories(5)
@given(program=programs(8))
async def test_copies_of_random_histories(
    client: Client, monkeypatch: pytest.MonkeyPatch, program: Program
) -> None:
    """Copies begun at any point, followed in pages of any size, are what a fresh snapshot is, for every right."""
    runner = await begin(client, monkeypatch, program)
    await check_copies(runner, program, lambda number, reader: Copy(*reader, 1 + 2 * number))


async def tell(client: Client, since: int, *, drafts: bool = False) -> list[tuple[str, str | None]]:
    """Return kind and title of each change after a revision."""
    told = await Copy(client, drafts, None, since=since).follow()
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
    copy = Copy(client, False, None, since=client.database.head.revision)
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
