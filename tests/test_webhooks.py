"""Webhooks: each change arrives at least once and in order, whatever the receiver does."""

from __future__ import annotations

import asyncio
import json
from itertools import pairwise
from typing import Any

import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

import api.following
import api.webhook_sending
import api.webhooks
import models.changes
import models.delivery
from models import moment
from models.changes import Point
from models.compacting import compact, plan_compacting
from models.database import Database
from models.delivery import (
    StoredDelivery,
    list_failures,
    redeliver_since,
)
from models.draft import ArticleDraft
from models.errors import DatabaseLost
from models.follower import Follower, move_follower
from models.publishing import publish_articles, unpublish_articles
from models.revision import ChangeKind
from models.webhook import (
    Changed,
    Wanted,
    delete_webhook,
    find_webhook,
    load_webhooks,
    rotate_secret,
    update_webhook,
)
from tests.client import TESTER, Client, article_id
from tests.failing import fail_once
from tests.receiver import Receiver, Told, receiving
from tests.webhooks import (
    deliveries,
    failing,
    find_disabled,
    hook,
    is_done,
    publish,
    read,
    take,
    wait_until,
    waits_long,
    whole_log,
)

pytestmark = pytest.mark.database


@pytest.fixture
def client(telling: Client) -> Client:
    """Return a client of a service that tells webhooks on this machine."""
    return telling


async def test_an_event(client: Client, receiver: Receiver) -> None:
    """A receiver hears what happened with the revision to ask for, signed as the public library checks it."""
    _, secret = await hook(client, f"{receiver.address}/hook?x=1")
    await publish(client, "Quay")
    request = await take(receiver)
    assert (request.method, request.path) == ("POST", "/hook?x=1")
    assert request.headers["content-type"] == "application/json"
    body = Verifier(secret).verify(request.body, dict(request.headers))
    revision = client.database.head.revision
    assert body["type"] == "article.published"
    assert body["timestamp"] == moment.to_text(client.database.head.moment)
    data = body["data"]
    assert (data["revision"], data["kind"], data["site"], data["locale"]) == (
        revision,
        "PUBLISHED",
        "test",
        "en",
    )
    assert (data["article"]["path"], data["article"]["title"]) == ("/en/quay", "Quay")
    query = "query($r: Revision!, $id: ID!) @view(minRevision: $r) { article(by: {id: $id}) { title } }"
    reply = await client.ask(query, r=data["revision"], id=data["articleId"])
    assert reply.data == {"article": {"title": "Quay"}}
    reply = await client.ask(
        "query($after: String) { changes(after: $after) { changes { kind } } }", after=data["cursor"]
    )
    assert reply.data == {"changes": {"changes": []}}
    with pytest.raises(WebhookVerificationError):
        Verifier(secret).verify(request.body + b" ", dict(request.headers))


@pytest.mark.parametrize("error", [DatabaseLost(), RuntimeError("a bug that passes")])
async def test_what_cannot_be_read_is_not_told(
    client: Client, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """A change whose article cannot be read for once is told with its article, later; never that it has none."""
    await hook(client, receiver.address)
    failure = fail_once(monkeypatch, models.changes, "load_articles", error)
    await publish(client, "Quay")
    assert read(await take(receiver)) == ("article.published", "Quay")
    assert failure.has_been


async def test_what_is_wanted(client: Client, receiver: Receiver) -> None:
    """A webhook hears of its kinds, sites and locales; a schedule that comes due is an event."""
    await client.save(ArticleDraft("de", "kai", "Kai"), publish=False)
    await hook(client, f"{receiver.address}/kinds", Wanted(kinds=(ChangeKind.UNPUBLISHED,)))
    await hook(client, f"{receiver.address}/locales", Wanted(locales=("de",)))
    await publish(client, "Quay")
    await client.save(ArticleDraft("de", "kai", "Kai"))
    await unpublish_articles(client.database, [article_id("quay")], actor=TESTER)
    heard = {request.path: read(request) for request in [await take(receiver), await take(receiver)]}
    assert heard == {
        "/kinds": ("article.unpublished", None),
        "/locales": ("article.published", "Kai"),
    }
    due = moment.now() + 700
    await publish_articles(client.database, [article_id("quay")], actor=TESTER, live_from=due)
    await hook(client, f"{receiver.address}/due")
    request = await take(receiver)
    assert (request.path, read(request)) == ("/due", ("article.published", "Quay"))
    assert json.loads(request.body)["timestamp"] == moment.to_text(due)
    assert len(receiver.received) == 3


async def test_failures_are_repeated_in_order(client: Client) -> None:
    """What fails is sent again with the same id, and what happened later waits for it; the log tells all of it."""
    async with failing(client, Told(500, b"x" * 5_000), Told(503), Told(200), Told(404)) as (
        receiver,
        webhook,
    ):
        await publish(client, "A", "B", "C")
        requests = [await take(receiver) for _ in range(6)]
        assert [read(one)[1] for one in requests] == ["A", "A", "A", "B", "B", "C"]
        assert len({one.headers["webhook-id"] for one in requests}) == 3
        assert len({one.headers["webhook-id"] for one in requests[:3]}) == 1
        log = await wait_until(lambda: whole_log(client, webhook, 6))
        assert [(one.attempt, one.status, one.is_done) for one in log] == [
            (1, 500, False),
            (2, 503, False),
            (3, 200, True),
            (1, 404, False),
            (2, 200, True),
            (1, 200, True),
        ]
        assert log[0].response == "x" * 2_000
        assert log[0].error == "It answered 500."
        assert log[0].next_attempt is not None
        assert log[2].response == ""
        assert log[2].request == requests[2].body.decode()
        waits = [second.at - first.at for first, second in pairwise(requests[:3])]
        assert waits[0] > 0.01
        assert waits[1] > 0.03 * 0.75


async def test_receivers_that_hang(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A receiver that does not answer, or never ends its answer, is given up after a while and asked again."""
    monkeypatch.setattr(api.webhook_sending, "SECONDS", 0.4)
    answers = (Told(200, wait=2), Told(200, b"y" * 1_500, pause=0.6), Told(200, b"z" * 200_000))
    async with failing(client, *answers) as (receiver, webhook):
        await publish(client, "A", "B")
        assert [read(await take(receiver))[1] for _ in range(4)] == ["A", "A", "A", "B"]
        log = await wait_until(lambda: whole_log(client, webhook, 4))
        assert [one.error for one in log] == ["It did not answer within 0.4 s."] * 2 + [None, None]
        assert all(one.duration is not None and one.duration < 2_000 for one in log)
        assert log[2].response == "z" * 2_000


async def test_redirects_are_not_followed(client: Client, receiver: Receiver) -> None:
    """A redirect is a failure whose reason names it, wherever it leads."""
    async with failing(client, Told(302, b"", {"location": f"{receiver.address}/inside"})) as (
        first,
        webhook,
    ):
        await publish(client, "A")
        await take(first)
        await take(first)
        log = await wait_until(lambda: whole_log(client, webhook, 2))
        assert log[0].error == (
            f"It answered 302, a redirect to {receiver.address}/inside: redirects are not followed."
        )
        assert receiver.received == []


async def test_a_day_of_failures_disables(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """After 24 hours the webhook is disabled with a reason; enabled again it goes on, and nothing is lost."""
    fails = True
    with receiving(lambda _: Told(500 if fails else 200)) as receiver:
        webhook, _ = await hook(client, receiver.address)
        await publish(client, "A", "B")
        await take(receiver)
        monkeypatch.setattr(api.webhooks, "PATIENCE", 1)
        disabled = await wait_until(lambda: find_disabled(client, webhook))
        assert disabled.disabled_reason == "An event did not arrive for 24 hours. It answered 500."
        monkeypatch.undo()
        monkeypatch.setattr(api.webhooks, "LOOK_EVERY", 0.05)
        count = len(receiver.received)
        await asyncio.sleep(0.3)
        assert len(receiver.received) == count
        fails = False
        await update_webhook(client.database, TESTER, webhook.id, Changed(is_enabled=True), private=True)
        heard: list[str | None] = []
        while "B" not in heard:
            heard.append(read(await take(receiver))[1])
        assert [title for title in heard if title == "B"] == ["B"]
        assert set(heard) == {"A", "B"}
        assert (await find_webhook(client.database, webhook.id)).is_enabled


@pytest.mark.parametrize("way", ["enable", "redeliver"])
async def test_clocks_that_differ(client: Client, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    """Where the machine that enables a webhook is ahead of the one that sends, failures count all the same."""
    with receiving(lambda _: Told(500)) as receiver:
        webhook, _ = await hook(client, receiver.address)
        start = client.database.head.revision
        await update_webhook(client.database, TESTER, webhook.id, Changed(is_enabled=False), private=True)
        ahead = moment.now() + 3_600_000
        with monkeypatch.context() as other_machine:
            other_machine.setattr(moment, "now", lambda: ahead)
            changed = Changed(is_enabled=True)
            await update_webhook(client.database, TESTER, webhook.id, changed, private=True)
            if way == "redeliver":
                await redeliver_since(client.database, TESTER, webhook.id, start)
        await publish(client, "A")
        log = await wait_until(lambda: whole_log(client, webhook, 3))
        assert [one.attempt for one in log[:3]] == [1, 2, 3]


@pytest.mark.parametrize("way", ["enable", "redeliver"])
async def test_failures_are_forgiven(client: Client, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    """Enabled or sent back, a webhook begins anew with the event that failed, however long it had to wait."""
    fails = True
    with receiving(lambda _: Told(500 if fails else 200)) as receiver:
        webhook, _ = await hook(client, receiver.address)
        start = client.database.head.revision
        await publish(client, "A")
        await wait_until(lambda: whole_log(client, webhook, 2))
        monkeypatch.setattr(api.webhooks, "FIRST_WAIT", 3_600_000)
        await wait_until(lambda: waits_long(client, webhook))
        fails = False
        if way == "redeliver":
            await redeliver_since(client.database, TESTER, webhook.id, start)
        else:
            for is_enabled in (False, True):
                changed = Changed(is_enabled=is_enabled)
                await update_webhook(client.database, TESTER, webhook.id, changed, private=True)
        await wait_until(lambda: is_done(client, webhook))
        assert (await deliveries(client, webhook))[-1].attempt == 1


async def test_gone_disables_at_once(client: Client) -> None:
    """A receiver that answers 410 is not asked again."""
    async with failing(client, Told(410)) as (receiver, webhook):
        await publish(client, "A")
        disabled = await wait_until(lambda: find_disabled(client, webhook))
        assert disabled.disabled_reason == "The receiver answered 410 Gone."
        await asyncio.sleep(0.2)
        assert len(receiver.received) == 1


async def test_addresses_are_not_logged(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The log tells which webhook was disabled and where it led, but not the address, which may be a secret."""
    monkeypatch.setattr(api.webhooks, "PATIENCE", 0)
    with receiving(lambda one: Told(302, b"", {"location": f"http://127.0.0.1{one.path}/"})) as receiver:
        webhook, _ = await hook(client, f"{receiver.address}/services/a-secret")
        await publish(client, "A")
        disabled = await wait_until(lambda: find_disabled(client, webhook))
    assert "a-secret" in str(disabled.disabled_reason)
    (told,) = [one.getMessage() for one in caplog.records if one.name == "quiet.webhooks"]
    assert f"{webhook.id} to 127.0.0.1 is disabled" in told
    assert "a-secret" not in told


async def test_a_corrected_address_is_tried_at_once(
    client: Client, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A webhook whose address is changed need not wait for its next attempt."""
    webhook, _ = await hook(client, "http://127.0.0.1:9/")
    await publish(client, "A")
    log = await wait_until(lambda: whole_log(client, webhook, 3))
    assert "ConnectError" in str(log[0].error)
    monkeypatch.setattr(api.webhooks, "FIRST_WAIT", 600_000)
    await wait_until(lambda: waits_long(client, webhook))
    changed = Changed(address=receiver.address)
    await update_webhook(client.database, TESTER, webhook.id, changed, private=True)
    assert read(await take(receiver))[1] == "A"


async def test_an_address_that_is_corrected_meanwhile(
    client: Client, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change that comes while the next attempt is being looked up is seen at once all the same."""
    monkeypatch.setattr(api.webhooks, "FIRST_WAIT", 3_600_000)
    webhook, _ = await hook(client, "http://127.0.0.1:9/")
    pokes: asyncio.Queue[None] = asyncio.Queue()
    poke = api.webhooks.Deliverer.poke

    def note(deliverer: api.webhooks.Deliverer) -> None:
        poke(deliverer)
        pokes.put_nowait(None)

    async def change_meanwhile(*arguments: Any) -> list[StoredDelivery]:
        found = await list_failures(*arguments)
        if found:
            monkeypatch.setattr(api.webhooks, "list_failures", list_failures)
            changed = Changed(address=receiver.address)
            await update_webhook(client.database, TESTER, webhook.id, changed, private=True)
            await pokes.get()
        return found

    monkeypatch.setattr(api.webhooks.Deliverer, "poke", note)
    monkeypatch.setattr(api.webhooks, "list_failures", change_meanwhile)
    await publish(client, "A")
    assert read(await take(receiver))[1] == "A"


async def test_rotation(client: Client, receiver: Receiver) -> None:
    """While both secrets count, either verifies; then the new one alone."""
    webhook, old = await hook(client, receiver.address)
    _, new = await rotate_secret(client.database, TESTER, webhook.id, 60_000)
    await publish(client, "A")
    request = await take(receiver)
    for secret in (old, new):
        Verifier(secret).verify(request.body, dict(request.headers))
    _, newest = await rotate_secret(client.database, TESTER, webhook.id, 0)
    await publish(client, "B")
    request = await take(receiver)
    Verifier(newest).verify(request.body, dict(request.headers))
    for secret in (old, new):
        with pytest.raises(WebhookVerificationError):
            Verifier(secret).verify(request.body, dict(request.headers))


async def test_deleted_webhooks_are_silent(client: Client, receiver: Receiver) -> None:
    """A deleted webhook hears nothing more; others go on."""
    gone, _ = await hook(client, f"{receiver.address}/gone")
    await hook(client, f"{receiver.address}/stays")
    await publish(client, "A")
    assert {(await take(receiver)).path, (await take(receiver)).path} == {"/gone", "/stays"}
    await delete_webhook(client.database, TESTER, gone.id)
    await publish(client, "B")
    assert (await take(receiver)).path == "/stays"
    await asyncio.sleep(0.3)
    assert len(receiver.received) == 3
    assert await Follower.all().count() == 1


@pytest.mark.parametrize("error", [DatabaseLost(), KeyError("a fault")])
async def test_a_look_that_fails_beside_a_deletion(
    client: Client, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """Whatever fails while a deletion is seen, webhooks that are made later are told of changes."""
    gone, _ = await hook(client, f"{receiver.address}/gone")
    await hook(client, f"{receiver.address}/stays")
    await publish(client, "A")
    assert {(await take(receiver)).path, (await take(receiver)).path} == {"/gone", "/stays"}
    failed = asyncio.Event()

    async def fail(database: Database) -> frozenset[str]:
        if gone.id not in {webhook.id for webhook in await load_webhooks(database)}:
            failed.set()
            monkeypatch.undo()
            monkeypatch.setattr(api.webhooks, "LOOK_EVERY", 0.05)
            raise error
        return frozenset()

    monkeypatch.setattr(api.webhooks, "find_queued_webhooks", fail)
    await delete_webhook(client.database, TESTER, gone.id)
    async with asyncio.timeout(10):
        await failed.wait()
    await hook(client, f"{receiver.address}/new")
    await publish(client, "B")
    assert {(await take(receiver)).path, (await take(receiver)).path} == {"/new", "/stays"}


async def test_a_cut_history(client: Client, receiver: Receiver) -> None:
    """A webhook that the history does not reach back to is disabled, and goes on from when it is enabled."""
    webhook, _ = await hook(client, receiver.address)
    await publish(client, "A", "B")
    heard = [read(await take(receiver))[1] for _ in range(2)]
    plan = await plan_compacting(client.database, client.database.head.moment, actor=TESTER)
    async for _ in compact(client.database, plan, actor=TESTER):
        pass
    async with client.database.transaction() as connection:
        await move_follower(connection, webhook.follower, Point(1, 0, 0))
    await client.save(ArticleDraft("en", "draft", "Draft"), publish=False)
    disabled = await wait_until(lambda: find_disabled(client, webhook))
    assert "The history was compacted" in str(disabled.disabled_reason)
    await publish(client, "C")
    await update_webhook(client.database, TESTER, webhook.id, Changed(is_enabled=True), private=True)
    await publish(client, "D")
    assert [*heard, read(await take(receiver))[1]] == ["A", "B", "D"]
