"""`redirects` and `quiet redirects`: where a site's old addresses lead now."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import orjson
import pytest
from click.testing import CliRunner

from api.cli import main
from api.settings import Settings
from models.access import Role, system_actor
from models.draft import ArticleDraft
from models.publishing import delete_articles, unpublish_articles
from tests.client import Client, article_id, serve
from tests.serving import free_port

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
QUERY = """query($first: Int, $after: String) %s {
  redirects(site: "test", first: $first, after: $after) {
    totalCount nodes { from to } pageInfo { hasNextPage endCursor }
  }
}"""
START_SECONDS = 30.0


async def redirects(client: Client, view: str = "") -> dict[str, str]:
    """Return where old addresses lead, after asking for each by its path as well."""
    page = (await client.ask(QUERY % view, first=100)).data["redirects"]
    found = {node["from"]: node["to"] for node in page["nodes"]}
    assert list(found) == sorted(found)
    assert page["totalCount"] == len(page["nodes"]) == len(found)
    for old, to in found.items():
        reply = await client.ask(
            f'query($path: String!) {view} {{ article(by: {{path: $path}}, site: "test") {{ path }} '
            'route(path: $path, site: "test") { path isMoved } }',
            path=old,
        )
        assert reply.data == {"article": {"path": to}, "route": {"path": to, "isMoved": True}}, old
    return found


def draft(slug: str, *old: str, locale: str = "en") -> ArticleDraft:
    """Return an article with addresses that it had elsewhere."""
    return ArticleDraft(locale, slug, slug, redirects=list(old))


async def test_former_and_imported_addresses(client: Client) -> None:
    """Every former path and imported address of what is live leads to where it is now, without a slash at its end."""
    await client.save(draft("a"), key="a")
    await client.save(draft("b"), key="a")
    await client.save(draft("c", "/blog/c.html", "/old/c/", "/2019/ü"), key="a")
    await client.save(draft("other", "no-slash", "https://old.example/a%20b?x=1#c"))
    assert await redirects(client) == {
        "/2019/ü": "/en/c",
        "/a b?x=1": "/en/other",
        "/blog/c.html": "/en/c",
        "/en/a": "/en/c",
        "/en/b": "/en/c",
        "/no-slash": "/en/other",
        "/old/c": "/en/c",
    }


async def test_an_address_in_use_leads_nowhere(client: Client) -> None:
    """What stands at an address now is not redirected, and a former path wins over an imported address."""
    await client.save(draft("a"), key="one")
    await client.save(draft("b"), key="one")
    await client.save(draft("a", "/en/b"), key="two")
    assert await redirects(client) == {}
    await client.save(draft("c", "/en/a"), key="two")
    await client.save(draft("d", "/en/a"), key="three")
    assert await redirects(client) == {"/en/a": "/en/c"}
    await unpublish_articles(client.database, [article_id("two")], actor=system_actor("t"))
    assert await redirects(client) == {"/en/a": "/en/b"}
    await unpublish_articles(client.database, [article_id("one")], actor=system_actor("t"))
    assert await redirects(client) == {"/en/a": "/en/d"}
    await delete_articles(client.database, [article_id("three")], actor=system_actor("t"))
    assert await redirects(client) == {}


async def test_as_the_view_shows_it(client: Client) -> None:
    """Locales, revisions, drafts and the limits of a token count as everywhere."""
    await client.save(draft("a", "/old/a"), draft("a-de", "/alt/a", locale="de"), key="a")
    await client.save(draft("b", "/old/a"), draft("b-de", "/alt/a", locale="de"), key="a")
    await client.save(draft("c"), draft("new", "/old/new"), publish=False, key="c")
    whole = {"/alt/a": "/de/b-de", "/de/a-de": "/de/b-de", "/en/a": "/en/b", "/old/a": "/en/b"}
    assert await redirects(client) == whole
    german = {path: "/de/b-de" for path in whole if path != "/en/a"}
    assert await redirects(client, '@view(locales: ["de"])') == german
    assert await redirects(client, '@view(locales: ["fr"])') == {}
    assert await redirects(client, "@view(revision: 1)") == {"/alt/a": "/de/a-de", "/old/a": "/en/a"}
    previewer = await client.sign_in(Role.PREVIEWER)
    drafts = await redirects(previewer, "@view(perspective: DRAFT)")
    assert drafts == {**whole, "/old/new": "/en/new"}
    reader = await client.sign_in(Role.READER, locales=["de"])
    assert await redirects(reader) == {"/alt/a": "/de/b-de", "/de/a-de": "/de/b-de"}


async def test_what_has_moved_is_what_is_listed(client: Client) -> None:
    """In every view the redirects of a site are the old addresses of which `route` says that they have moved."""
    await client.save(draft("a", "/old/a"), draft("a-de", "/alt/a", "/fr/a", locale="de"), key="a")
    await client.save(draft("b", "/old/a", "/de/b"), draft("b-de", "/alt/a", "/en/x", locale="de"), key="a")
    await client.save(
        draft("c", "/old/c?id=7"), draft("c-de", locale="de"), draft("c-fr", locale="fr"), key="c"
    )
    await unpublish_articles(client.database, [article_id("c")], ["fr", "en"], actor=system_actor("t"))
    await client.save(draft("d", "/de/d"), publish=False, key="d")
    for key, slug in (("e", "e"), ("e", "f"), ("g", "e"), ("g", "h"), ("i", "e")):
        await client.save(draft(slug), key=key)
    await client.save(draft("e-de", locale="de"), draft("g-de", locale="de"), key="g")
    await unpublish_articles(client.database, [article_id("i")], actor=system_actor("t"))
    await unpublish_articles(client.database, [article_id("g")], ["en"], actor=system_actor("t"))
    slugs = ("a", "b", "c", "d", "e", "f", "h", "x", "a-de", "b-de", "c-de", "c-fr", "e-de", "g-de")
    paths = [f"/{first}/{slug}" for first in ("en", "de", "fr", "old", "alt") for slug in slugs]
    named = (["en"], ["de"], ["fr"], ["de", "en"], ["en", "fr", "de"])
    views = [
        "",
        "@view(perspective: DRAFT)",
        *(f"@view(locales: {orjson.dumps(tags).decode()})" for tags in named),
    ]
    views += [f'@view(locales: ["{tag}"], fallback: true)' for tag in ("fr", "de-AT", "en")]
    previewer = await client.sign_in(Role.PREVIEWER)
    for view in views:
        listed = await redirects(previewer, view)
        for path in (*paths, "/old/c?id=7"):
            reply = await previewer.ask(
                f'query($path: String!) {view} {{ route(path: $path, site: "test") {{ isMoved }} }}',
                path=path,
            )
            route = reply.data["route"]
            assert (path in listed) is bool(route and route["isMoved"]), (view, path)


async def test_pages_meet_each_once(client: Client) -> None:
    """Pages show each redirect once, in as many statements however many there are, whatever comes meanwhile."""
    await client.save(*(draft(f"a{n}", f"/old/{n}", f"/older/{n}") for n in range(20)))
    whole = list(await redirects(client))
    assert len(whole) == 40
    found: list[str] = []
    page: Any = {"pageInfo": {"hasNextPage": True, "endCursor": None}}
    while page["pageInfo"]["hasNextPage"]:
        reply = await client.ask(QUERY % "", first=9, after=page["pageInfo"]["endCursor"])
        assert len(reply.statements) <= 5
        page = reply.data["redirects"]
        found += [node["from"] for node in page["nodes"]]
        await client.save(draft(f"late{len(found)}", f"/old/late{len(found)}"))
    assert found == whole


async def test_unknown_site(client: Client) -> None:
    """A site that does not exist, or is not the token's, is an error."""
    await client.save(draft("a"))
    assert (await client.ask('{ redirects(site: "none") { totalCount } }')).codes == ["UNKNOWN_SITE"]


ADDRESSES = [
    "/old/plain",
    "/old/a b",
    "/old/über",
    '/old/"quoted"',
    "/old/$1{x};",
    "/old/50%25",
    "/old/(a|b)+.html",
    "/old/back\\slash",
    "/old.php?a=%22b%22&c=%24",
]


async def write(settings: Settings, *arguments: str) -> str:
    """Return what `quiet redirects` prints of a site with these addresses."""
    async with serve(settings) as client:
        await client.save(draft("hübsch/$1&'x'", *ADDRESSES))
    environment = {"QUIET_DATABASE": settings.database}
    result = await asyncio.to_thread(CliRunner().invoke, main, ["redirects", *arguments], env=environment)
    assert result.exit_code == 0, result.output
    return result.output


async def test_formats(settings: Settings) -> None:
    """Each format has a line for each address that can stand in it, and a wrong site is told in a sentence."""
    to = "/en/h%C3%BCbsch/%241%26%27x%27"
    apache = (await write(settings, "test", "--format", "apache")).splitlines()
    assert len(apache) == len(ADDRESSES) - 1  # one has a query
    assert 'RedirectMatch 301 "^/old/plain/?$" "/en/hübsch/\\$1&\'x\'"' in apache
    assert 'RedirectMatch 301 "^/old/\\(a\\|b\\)\\+\\.html/?$" "/en/hübsch/\\$1&\'x\'"' in apache
    netlify = (await write(settings, "test", "--format", "netlify")).splitlines()
    assert netlify[0] == f"/old/%22quoted%22 {to} 301"
    assert all(len(line.split(" ")) == 3 for line in netlify)
    entries = orjson.loads(await write(settings, "test", "--format", "json"))
    assert sorted(entry["from"] for entry in entries) == sorted(ADDRESSES)
    assert {entry["to"] for entry in entries} == {"/en/hübsch/$1&'x'"}
    environment = {"QUIET_DATABASE": settings.database}
    result = await asyncio.to_thread(CliRunner().invoke, main, ["redirects", "none"], env=environment)
    assert (result.exit_code, "no site with the key 'none'" in result.output) == (1, True)


@pytest.mark.skipif(NGINX is None, reason="######## nginx is missing: its redirects are NOT TESTED ########")
async def test_nginx_understands_it(settings: Settings, tmp_path: Path) -> None:
    """A real nginx redirects each address, with its query, as the file says, and nothing else."""
    (tmp_path / "redirects.conf").write_text(await write(settings, "test"), encoding="utf-8")
    port = free_port()
    with serving(tmp_path, port) as base:
        asked = httpx2.get(f"{base}{ADDRESSES[-1]}", trust_env=False)
        assert asked.headers["location"] == f"http://127.0.0.1:{port}/en/h%C3%BCbsch/%241%26%27x%27"
        for address in ADDRESSES[:-1]:
            path = (
                address
                if "%" in address
                else httpx2.URL("http://x").copy_with(path=address).raw_path.decode()
            )
            for spelling in (path, f"{path}/"):
                answer = httpx2.get(f"{base}{spelling}?q=1", trust_env=False)
                assert answer.status_code == 301, spelling
                assert (
                    answer.headers["location"] == f"http://127.0.0.1:{port}/en/h%C3%BCbsch/%241%26%27x%27?q=1"
                )
        assert httpx2.get(f"{base}/old", trust_env=False).status_code == 404


@contextmanager
def serving(folder: Path, port: int) -> Iterator[str]:
    """Run nginx with the redirects of a folder until the block ends; give its base address."""
    assert NGINX is not None
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/log; events {{}}\n"
        f"http {{ access_log off; server {{ listen 127.0.0.1:{port}; location / {{ return 404; }}\n"
        f"include {folder}/redirects.conf; }} }}\n"
    )
    command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "log")]
    with subprocess.Popen(command) as nginx:
        try:
            wait_for(nginx, f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}"
        finally:
            nginx.terminate()
            nginx.wait(timeout=20)


def wait_for(nginx: subprocess.Popen[bytes], base: str) -> None:
    """Return when nginx answers."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert nginx.poll() is None
        try:
            httpx2.get(base, trust_env=False, timeout=5)
        except httpx2.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("nginx did not begin to answer")
