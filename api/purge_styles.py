"""How caches of others are told to drop what carries some keys: one request of each cache's own form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx2
import orjson

TIMEOUT = httpx2.Timeout(10, connect=5)
LONGEST_REPLY = 64 * 1024
SOON = 5.0


class PurgeRefused(Exception):
    """A cache did not do what it was asked; the message says why. `wait` is how long it wants to be left alone."""

    def __init__(self, message: str, wait: float = 0.0) -> None:
        super().__init__(message)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class PurgeStyle:
    """A cache's form of a purge: at most so many keys, the method, and what makes headers and body of keys."""

    most_keys: int
    method: str
    authorise: Callable[[str], Mapping[str, str]]
    write: Callable[[Sequence[str]], tuple[Mapping[str, str], bytes]]
    did: Callable[[Any], bool]
    """Tells from the reply's JSON whether it was done, where a status of 200 does not say it."""


def write_header(keys: Sequence[str]) -> tuple[Mapping[str, str], bytes]:
    """Return a request that names the keys in a header, as Varnish's VCL and Fastly read it."""
    return {"surrogate-key": " ".join(keys)}, b""


def write_tags(keys: Sequence[str]) -> tuple[Mapping[str, str], bytes]:
    """Return a request that names the keys as Cloudflare's tags."""
    return {"content-type": "application/json"}, orjson.dumps({"tags": list(keys)})


def is_success(reply: Any) -> bool:
    """Tell whether Cloudflare says that it did what it was asked."""
    return isinstance(reply, dict) and reply.get("success") is True


STYLES = {
    "varnish": PurgeStyle(
        200, "PURGE", lambda token: {"authorization": f"Bearer {token}"}, write_header, lambda _: True
    ),
    "fastly": PurgeStyle(200, "POST", lambda token: {"fastly-key": token}, write_header, lambda _: True),
    "cloudflare": PurgeStyle(
        30, "POST", lambda token: {"authorization": f"Bearer {token}"}, write_tags, is_success
    ),
}


async def purge(
    http: httpx2.AsyncClient, style: PurgeStyle, address: str, token: str, keys: Sequence[str]
) -> None:
    """Let a cache drop what carries one of these keys, in as many requests as it takes. Raises PurgeRefused."""
    for start in range(0, len(keys), style.most_keys):
        headers, body = style.write(keys[start : start + style.most_keys])
        allowed = {**headers, **(style.authorise(token) if token else {})}
        try:
            async with http.stream(style.method, address, headers=allowed, content=body) as response:
                await check_response(style, response)
        except httpx2.HTTPError as error:
            raise PurgeRefused(f"{type(error).__name__}: {error}") from error


async def check_response(style: PurgeStyle, response: httpx2.Response) -> None:
    """Raise PurgeRefused unless a response says that what was asked for is done."""
    reply = b""
    async for piece in response.aiter_bytes():
        reply += piece
        if len(reply) > LONGEST_REPLY:
            break
    if response.status_code == 429:
        raise PurgeRefused("it says that there are too many requests", read_wait(response))
    if response.status_code != 200 or not style.did(read_json(reply)):
        said = reply[:200].decode("utf-8", "replace")
        raise PurgeRefused(f"it answered {response.status_code}: {said!r}")


def read_json(reply: bytes) -> Any:
    """Return the value of a reply, None where it is no JSON."""
    try:
        return orjson.loads(reply)
    except orjson.JSONDecodeError:
        return None


def read_wait(response: httpx2.Response) -> float:
    """Return how many seconds a cache wants to be left alone, within reason."""
    said = response.headers.get("retry-after", "")
    return min(float(said), 300.0) if said.isascii() and said.isdigit() else SOON
