"""Sending an event to a webhook: signed, to the machine that was checked, with bounds on time and answer.

Follows the Standard Webhooks specification: the headers webhook-id, webhook-timestamp and webhook-signature, the
latter with a signature for each secret that counts.
"""

from __future__ import annotations

import asyncio
import hmac
import ssl
import time
from base64 import b64decode, b64encode
from collections.abc import Sequence
from functools import cached_property
from hashlib import sha256

import httpx2

from models.delivery import LONGEST_RESPONSE, Event, Outcome, cut_response
from models.webhook import PREFIX, StoredWebhook
from models.webhook_address import AddressRefused, Target, read_target, resolve

SECONDS = 15.0
"""How long a receiver may take from the name's resolution to the end of its answer."""

CONNECT_SECONDS = 5.0
MOST_MACHINES = 3
"""How many machines of one name are tried, one after the other."""


class Sender:
    """Sends events; with `private` also to addresses that are not on the public internet.

    `trust` says which certificates count, the public ones unless given.
    """

    def __init__(self, *, private: bool, trust: ssl.SSLContext | None = None) -> None:
        self._private = private
        self._trust = trust
        self.attempts = {"arrived": 0, "failed": 0}
        """How many attempts were made, by what came of them."""

    @cached_property
    def _http(self) -> httpx2.AsyncClient:
        """The client, made for the first event: most services send none, and have no certificates to read."""
        # A connection that is kept was verified for one name; another name may stand for the same machine.
        limits = httpx2.Limits(max_keepalive_connections=0)
        timeout = httpx2.Timeout(SECONDS, connect=CONNECT_SECONDS)
        # A proxy of the environment would connect by itself, to wherever the name leads then.
        return httpx2.AsyncClient(
            verify=self._trust or True,
            timeout=timeout,
            limits=limits,
            follow_redirects=False,
            trust_env=False,
        )

    async def close(self) -> None:
        """Close what is open."""
        if "_http" in vars(self):
            await self._http.aclose()

    async def send(self, webhook: StoredWebhook, event: Event) -> Outcome:
        """Send an event once and return what came of it, whatever that is."""
        began = time.monotonic()
        status, response, error = None, None, None
        try:
            async with asyncio.timeout(SECONDS):
                status, response, error = await self._post(webhook, event)
        except AddressRefused as refused:
            error = refused.message
        except TimeoutError:
            error = f"It did not answer within {SECONDS:g} s."
        except (httpx2.HTTPError, OSError) as failure:
            error = f"{type(failure).__name__}: {failure}".rstrip(": ") + "."
        outcome = Outcome(int(1000 * (time.monotonic() - began)), status, response, error)
        self.attempts["arrived" if outcome.is_done else "failed"] += 1
        return outcome

    async def _post(self, webhook: StoredWebhook, event: Event) -> tuple[int, str, str | None]:
        """Return status, response and what is wrong with it. Raises AddressRefused or what the client raises."""
        target = read_target(webhook.address, private=self._private)
        machines = await resolve(target, private=self._private)
        headers = {
            "host": target.authority,
            "content-type": "application/json",
            "accept-encoding": "identity",
            "user-agent": "Quiet-Engine-Webhooks",
            **sign(webhook.valid_secrets(), event, int(time.time())),
        }
        for place, machine in enumerate(machines[:MOST_MACHINES], 1):
            try:
                return await self._post_to(target, machine, headers, event.body.encode())
            except (httpx2.ConnectError, httpx2.ConnectTimeout):
                if place == min(len(machines), MOST_MACHINES):
                    raise
        raise AddressRefused(f"The name {target.host!r} stands for no machine.")

    async def _post_to(
        self, target: Target, machine: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, str, str | None]:
        """Send to one machine; encryption verifies the name."""
        place = f"[{machine}]" if ":" in machine else machine
        address = f"{target.scheme}://{place}:{target.port}{target.path}"
        named = {"sni_hostname": target.host}
        async with self._http.stream(
            "POST", address, headers=headers, content=body, extensions=named
        ) as response:
            answer = b""
            # As it comes, never unpacked: a small answer can unpack to a large one.
            async for piece in response.aiter_raw():
                answer += piece
                if len(answer) >= LONGEST_RESPONSE:
                    break
            return response.status_code, cut_response(answer), find_fault(response)


def find_fault(response: httpx2.Response) -> str | None:
    """Return why a response does not count as an arrival, None where it does."""
    status = response.status_code
    if 200 <= status < 300:
        return None
    if 300 <= status < 400:
        where = response.headers.get("location", "nowhere")[:200]
        return f"It answered {status}, a redirect to {where}: redirects are not followed."
    return f"It answered {status}."


def sign(secrets: Sequence[str], event: Event, timestamp: int) -> dict[str, str]:
    """Return the headers that let a receiver verify an event."""
    signed = f"{event.id}.{timestamp}.{event.body}".encode()
    keys = [b64decode(secret.removeprefix(PREFIX)) for secret in secrets]
    signatures = [b64encode(hmac.digest(key, signed, sha256)).decode() for key in keys]
    return {
        "webhook-id": event.id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }
