"""Webhooks over GraphQL and on the command line: all of it, and secrets told once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pytest
from click.testing import CliRunner, Result
from standardwebhooks import Webhook as Verifier

import models.webhook
from api.cli import main
from api.settings import Settings
from models.access import Role
from models.delivery import list_deliveries
from models.errors import LimitExceeded
from models.follower import find_point
from models.revision import ChangeKind
from models.webhook import Changed, Wanted, find_webhook, load_webhooks, rotate_secret, update_webhook
from tests.client import TESTER, Client, serve
from tests.receiver import Receiver
from tests.webhooks import hook, publish, read, take, wait_until

pytestmark = pytest.mark.database


@pytest.fixture
def client(telling: Client) -> Client:
    """Return a client of a service that tells webhooks on this machine."""
    return telling


MUTATE = (
    "{ webhook { id address kinds sites locales enabled disabledReason oldSecretUntil } secret deletedId "
)
MUTATE += "delivery { id attempt type } errors { code path message } }"


async def test_the_contract(client: Client, receiver: Receiver) -> None:
    """Administrators do all of it over GraphQL; the secret is told when it is made and by no query."""
    who = await client.sign_in(Role.ADMINISTRATOR)

    async def do(mutation: str, **values: Any) -> Any:
        kind = mutation[0].upper() + mutation[1:] + "Input"
        declared, named = "$id: ID!", "id: $id"
        if mutation not in {"testWebhook", "deleteWebhook"}:
            declared, named = f"$input: {kind}!", "input: $input"
            values = {"input": values}
        return (await who.ask(f"mutation({declared}) {{ {mutation}({named}) {MUTATE} }}", **values)).data[
            mutation
        ]

    made = await do(
        "createWebhook", address=receiver.address, kinds=["PUBLISHED"], sites=["test"], locales=["en"]
    )
    assert made["errors"] == []
    assert made["secret"].startswith("whsec_")
    identity = made["webhook"]["id"]
    assert made["webhook"] == {
        "id": identity, "address": receiver.address, "kinds": ["PUBLISHED"], "sites": ["test"], "locales": ["en"],
        "enabled": True, "disabledReason": None, "oldSecretUntil": None,
    }  # fmt: skip
    await publish(client, "A", "B")
    assert [read(await take(receiver))[1] for _ in range(2)] == ["A", "B"]
    query = (
        "query($after: String) { webhooks { id toldUntil deliveries(first: 1, after: $after) { nodes { id type "
        "revision attempt status succeeded error request response nextAttempt duration } "
        "pageInfo { hasNextPage endCursor } } } }"
    )

    async def page(after: str | None = None) -> Any:
        (hook,) = (await who.ask(query, after=after)).data["webhooks"]
        return hook

    await wait_until(lambda: told(page, client.database.head.revision))
    # Anew: what an answer says of now is not of one moment.
    found = await page()
    (newest,) = found["deliveries"]["nodes"]
    assert (newest["type"], newest["succeeded"], newest["status"]) == ("article.published", True, 200)
    assert found["deliveries"]["pageInfo"]["hasNextPage"]
    rest = (await page(found["deliveries"]["pageInfo"]["endCursor"]))["deliveries"]
    assert json.loads(rest["nodes"][0]["request"])["data"]["article"]["title"] == "A"
    assert not rest["pageInfo"]["hasNextPage"]
    again = await do("redeliver", deliveryId=rest["nodes"][0]["id"])
    assert again["delivery"]["attempt"] == 0
    assert read(await take(receiver))[1] == "A"
    assert (await do("redeliver", webhookId=identity, since=client.database.head.revision - 1))[
        "errors"
    ] == []
    assert read(await take(receiver))[1] == "B"
    assert (await do("testWebhook", id=identity))["delivery"]["type"] == "webhook.test"
    assert read(await take(receiver)) == ("webhook.test", None)
    rotated = await do("rotateWebhookSecret", id=identity, overlapHours=1)
    assert rotated["secret"] != made["secret"]
    assert rotated["webhook"]["oldSecretUntil"] is not None
    changed = await do("updateWebhook", id=identity, kinds=None, enabled=False)
    assert (changed["webhook"]["kinds"], changed["webhook"]["sites"]) == (None, ["test"])
    assert changed["webhook"]["disabledReason"].startswith("Disabled by administrator")
    reply = await who.ask('{ webhooks { id address } __type(name: "Webhook") { fields { name } } }')
    assert "secret" not in {field["name"] for field in reply.data["__type"]["fields"]}
    assert (await do("deleteWebhook", id=identity))["deletedId"] == identity
    assert (await who.ask("{ webhooks { id } }")).data["webhooks"] == []
    for values, code, path in (
        ({"address": "ftp://x"}, "INVALID_CONTENT", ["input", "address"]),
        ({"address": receiver.address, "sites": ["none"]}, "UNKNOWN_SITE", ["input"]),
        ({"address": receiver.address, "kinds": []}, "INVALID_CONTENT", ["input", "kinds"]),
    ):
        (error,) = (await do("createWebhook", **values))["errors"]
        assert (error["code"], error["path"]) == (code, path)
    (error,) = (await do("deleteWebhook", id=identity))["errors"]
    assert error["code"] == "NOT_FOUND"
    (error,) = (await do("redeliver"))["errors"]
    assert error["code"] == "INVALID_ARGUMENT"


async def test_lists_take_few_statements(client: Client, receiver: Receiver) -> None:
    """However many webhooks are listed, where they stand is one statement, and so are their deliveries."""
    who = await client.sign_in(Role.ADMINISTRATOR)
    hooks = [(await hook(client, f"{receiver.address}/{number}"))[0] for number in range(4)]
    await publish(client, "A", "B")
    for webhook in hooks:
        await wait_until(partial(is_told, client, webhook.follower))
    page = "(first: 1) { nodes { type request } pageInfo { hasNextPage } }"
    reply = await who.ask(
        f"{{ webhooks {{ toldUntil newest: deliveries{page} none: deliveries(first: 0) {{ nodes {{ id }} }} }} }}"
    )
    assert len(reply.data["webhooks"]) == 4
    for shown in reply.data["webhooks"]:
        assert shown["toldUntil"] == client.database.head.revision
        (newest,) = shown["newest"]["nodes"]
        assert json.loads(newest["request"])["data"]["article"]["title"] == "B"
        assert shown["newest"]["pageInfo"]["hasNextPage"]
        assert shown["none"]["nodes"] == []
    assert sum("FROM follower" in statement for statement in reply.statements) == 1
    assert sum("FROM delivery" in statement for statement in reply.statements) == 1


async def is_told(client: Client, follower: str) -> bool:
    """Tell whether a follower was told of everything."""
    point = await find_point(client.database, follower)
    return point is not None and point.revision == client.database.head.revision


async def test_changes_at_once(client: Client, receiver: Receiver) -> None:
    """Of two that change a webhook at once neither undoes what the other one changed."""
    webhook, _ = await hook(client, receiver.address, Wanted(kinds=(ChangeKind.UNPUBLISHED,)))
    parts: list[dict[str, Any]] = [
        {"kinds": (ChangeKind.PUBLISHED,)},
        {"locales": ("en",)},
        {"sites": ("test",)},
    ]
    changes = [Changed(wanted=part) for part in parts]
    await asyncio.gather(
        *(update_webhook(client.database, TESTER, webhook.id, one, private=True) for one in changes)
    )
    found = await find_webhook(client.database, webhook.id)
    assert found.wanted == Wanted((ChangeKind.PUBLISHED,), ("test",), ("en",))


async def test_rotations_at_once(client: Client, receiver: Receiver) -> None:
    """Of two that rotate a secret at once both have one that signs."""
    webhook, _ = await hook(client, receiver.address)
    rotated = await asyncio.gather(
        *(rotate_secret(client.database, TESTER, webhook.id, 60_000) for _ in range(2))
    )
    found = await find_webhook(client.database, webhook.id)
    assert sorted(found.valid_secrets()) == sorted(secret for _, secret in rotated)


async def test_no_more_than_there_can_be(
    client: Client, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many are made at once, there are no more webhooks than there can be."""
    monkeypatch.setattr(models.webhook, "MOST_WEBHOOKS", 3)
    made = await asyncio.gather(
        *(hook(client, f"{receiver.address}/{n}") for n in range(8)), return_exceptions=True
    )
    assert [type(one) for one in made].count(LimitExceeded) == 5
    assert len(await load_webhooks(client.database)) == 3


async def told(page: Callable[[], Any], revision: int) -> Any:
    """Return the webhook once it was told of everything up to a revision."""
    found = await page()
    return found if found["toldUntil"] == revision else None


@dataclass(frozen=True, slots=True)
class Terminal:
    """Runs `quiet webhook` with some arguments."""

    settings: Settings

    async def run(self, *arguments: str) -> Result:
        """Run a command as somebody would at a terminal; it has an event loop of its own."""
        environment = {"QUIET_DATABASE": self.settings.database, "QUIET_WEBHOOK_PRIVATE": "on"}
        return await asyncio.to_thread(CliRunner().invoke, main, ["webhook", *arguments], env=environment)


async def test_commands(settings: Settings, receiver: Receiver, brisk_webhooks: None) -> None:
    """Commands make, change, list and delete webhooks; secrets are alone on standard output; mistakes are sentences."""
    async with serve(settings) as client:
        await publish(client, "A")
    terminal = Terminal(settings)
    result = await terminal.run("create", receiver.address, "--kind", "published", "--site", "test")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("whsec_")
    assert result.stdout.count("\n") == 1
    listed = (await terminal.run("list")).stdout
    assert f"{receiver.address} of published in test" in listed
    identity = listed.split()[1]
    rotated = await terminal.run("rotate", identity, "--overlap", "0")
    assert rotated.stdout.startswith("whsec_")
    assert "The old one ended." in rotated.stderr
    changed = await terminal.run("update", identity, "--kind", "all", "--locale", "en")
    assert changed.stdout == f"Now enabled: {identity} {receiver.address} in test for en.\n"
    assert "sends test_" in (await terminal.run("test", identity)).stdout
    assert "waits   webhook.test" in (await terminal.run("deliveries", identity)).stdout
    async with serve(replace(settings, webhook_private=True)) as client:
        request = await take(receiver)
        Verifier(rotated.stdout.strip()).verify(request.body, dict(request.headers))
        await wait_until(lambda: is_done(client, identity))
    assert "revision 0" in (await terminal.run("redeliver", identity, "--since", "0")).stdout
    async with serve(replace(settings, webhook_private=True)):
        assert read(await take(receiver)) == ("site.created", None)
        assert read(await take(receiver)) == ("article.published", "A")
    assert "arrived webhook.test" in (await terminal.run("deliveries", identity)).stdout
    await terminal.run("disable", identity)
    assert "Disabled by quiet webhook." in (await terminal.run("list")).stdout
    assert (await terminal.run("enable", identity)).stdout.startswith("Now enabled")
    for wrong in (
        ["create", "ftp://x"],
        ["delete", "none"],
        ["redeliver", identity],
        ["redeliver", identity, "--since", "999"],
    ):
        refused = await terminal.run(*wrong)
        assert refused.exit_code != 0
        assert refused.stderr.splitlines()[-1].startswith("Error: ")
        assert "Traceback" not in refused.output
    assert (await terminal.run("delete", identity)).stdout.startswith("Deleted")
    assert "There are no webhooks." in (await terminal.run("list")).stderr


async def is_done(client: Client, webhook_id: str) -> bool:
    """Tell whether the newest delivery to a webhook arrived."""
    return (await list_deliveries(client.database, TESTER, webhook_id, 1))[0].is_done
