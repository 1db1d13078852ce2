"""What is sent to webhooks again or as a test because somebody asked for it, beside the events that happen."""

from __future__ import annotations

import asyncio
import threading

import pytest
from standardwebhooks import Webhook as Verifier

import api.following
import api.webhook_sending
import api.webhooks
from models.delivery import (
    list_failures,
    redeliver_since,
    request_again,
    request_test,
)
from models.webhook import (
    Changed,
    update_webhook,
)
from tests.client import TESTER, Client
from tests.receiver import Received, Receiver, Told, receiving
from tests.webhooks import (
    hook,
    is_asked,
    is_done,
    publish,
    read,
    take,
    wait_until,
    whole_log,
)

pytestmark = pytest.mark.database


@pytest.fixture
def client(telling: Client) -> Client:
    """Return a client of a service that tells webhooks on this machine."""
    return telling


async def test_again_and_tests(client: Client, receiver: Receiver) -> None:
    """One delivery is sent again, or all since a revision in order; test events also to a disabled webhook."""
    webhook, secret = await hook(client, receiver.address)
    start = client.database.head.revision
    await publish(client, "A", "B", "C")
    first = [await take(receiver) for _ in range(3)]
    log = await wait_until(lambda: whole_log(client, webhook, 3))
    await request_again(client.database, TESTER, log[1].id)
    again = await take(receiver)
    assert (again.body, again.headers["webhook-id"]) == (first[1].body, first[1].headers["webhook-id"])
    await redeliver_since(client.database, TESTER, webhook.id, start)
    requests = [await take(receiver) for _ in range(3)]
    assert [one.headers["webhook-id"] for one in requests] == [one.headers["webhook-id"] for one in first]
    await update_webhook(client.database, TESTER, webhook.id, Changed(is_enabled=False), private=True)
    queued = await request_test(client.database, TESTER, webhook.id)
    assert (queued.attempt, queued.status) == (0, None)
    test = await take(receiver)
    assert Verifier(secret).verify(test.body, dict(test.headers))["type"] == "webhook.test"
    await publish(client, "D")
    await asyncio.sleep(0.3)
    assert len(receiver.received) == 8


async def test_again_while_something_fails(client: Client) -> None:
    """What is sent again since a revision comes before the event that fails, which keeps its place in the order."""
    fails = True
    with receiving(lambda one: Told(500 if fails and b'"B"' in one.body else 200)) as receiver:
        webhook, _ = await hook(client, receiver.address)
        start = client.database.head.revision
        await publish(client, "A", "B", "C")
        assert [read(await take(receiver))[1] for _ in range(3)] == ["A", "B", "B"]
        await redeliver_since(client.database, TESTER, webhook.id, start)
        while read(await take(receiver))[1] != "A":
            pass
        fails = False
        while (title := read(await take(receiver))[1]) == "B":
            pass
        assert title == "C"


async def test_tests_do_not_hold_back_events(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what was asked for by hand one is sent at a time, with events between."""
    monkeypatch.setattr(api.webhooks, "FIRST_WAIT", 0)
    asked = threading.Event()
    answers = iter([500, 500, 200])

    def answer(request: Received) -> Told:
        if read(request)[0] == "webhook.test":
            return Told()
        asked.wait(20)
        return Told(next(answers))

    with receiving(answer) as receiver:
        webhook, _ = await hook(client, receiver.address)
        await publish(client, "A")
        await wait_until(lambda: is_asked(receiver))
        for _ in range(3):
            await request_test(client.database, TESTER, webhook.id)
        asked.set()
        heard = [read(await take(receiver))[0] for _ in range(6)]
        assert heard == ["article.published", "webhook.test"] * 3


@pytest.mark.parametrize("arrives", [True, False])
async def test_again_of_what_fails(client: Client, monkeypatch: pytest.MonkeyPatch, arrives: bool) -> None:
    """An event that fails waits as long as before when somebody has it sent again by hand, whatever comes of that."""
    monkeypatch.setattr(api.webhooks, "FIRST_WAIT", 3_600_000)
    answers = iter([500, 200 if arrives else 500, 200])
    with receiving(lambda _: Told(next(answers))) as receiver:
        webhook, _ = await hook(client, receiver.address)
        await publish(client, "A")
        failed, *_ = await wait_until(lambda: whole_log(client, webhook, 1))
        await request_again(client.database, TESTER, failed.id)
        await request_test(client.database, TESTER, webhook.id)
        assert [read(await take(receiver))[0] for _ in range(3)] == [
            "article.published",
            "article.published",
            "webhook.test",
        ]
        await wait_until(lambda: is_done(client, webhook))
        failures = await list_failures(client.database, webhook.id, failed.event_id, 0)
        assert [one.id for one in failures] == [failed.id]
        await asyncio.sleep(0.3)
        assert len(receiver.received) == 3


async def test_sent_back_while_an_event_is_under_way(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """An event that arrives while its webhook is sent back is in the log, and comes again."""
    monkeypatch.setattr(api.following, "RESTART_AFTER", 0.01)
    moved = threading.Event()

    def answer(_: Received) -> Told:
        moved.wait(20)
        return Told()

    with receiving(answer) as receiver:
        webhook, _ = await hook(client, receiver.address)
        start = client.database.head.revision
        await publish(client, "A")
        await wait_until(lambda: is_asked(receiver))
        await redeliver_since(client.database, TESTER, webhook.id, start)
        moved.set()
        assert [read(await take(receiver))[1] for _ in range(2)] == ["A", "A"]
        log = await wait_until(lambda: whole_log(client, webhook, 2))
        assert [(one.attempt, one.is_done) for one in log] == [(1, True), (1, True)]
