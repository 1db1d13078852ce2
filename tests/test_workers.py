"""Several processes that serve together: each answers as of the newest revision, whoever made it."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest

from api.settings import Settings
from models.access import Role, system_actor
from models.database import open_database
from models.migrating import migrate
from models.token import create_token
from tests.serving import NO_CERTIFICATES, QUIET_SERVE, quiet_environment, serving

CREATE = (
    "mutation($input: CreateArticleInput!) { createArticle(input: $input) { revision errors { message } } }"
)
SITE = (
    'mutation { createSite(input: {key: "docs", name: "Docs", defaultLocale: "en"}) { errors { message } } }'
)
READ = "query($r: Revision!) @view(minRevision: $r) { articles { totalCount } }"


@pytest.mark.database
async def test_one_writes_all_read(settings: Settings, tmp_path: Path) -> None:
    """What one process has written, every other one shows as soon as it is asked for that revision."""
    async with open_database(settings.database) as database:
        await migrate(database)
        _, secret = await create_token(database, system_actor("test"), "t", Role.ADMINISTRATOR)
    headers = {"authorization": f"Bearer {secret}"}
    with serving([*QUIET_SERVE, "--workers", "2"], tmp_path, quiet_environment(settings)) as base:

        def send(query: str, variables: object = None) -> httpx2.Response:
            """Send a request on a connection of its own, so that any process may take it."""
            with httpx2.Client(trust_env=False, verify=NO_CERTIFICATES) as http:
                body = {"query": query, "variables": variables}
                return http.post(f"{base}/graphql", json=body, headers=headers, timeout=30)

        assert send(SITE).json()["data"]["createSite"]["errors"] == []
        for number in range(1, 9):
            article = {"locale": "en", "title": f"Article {number}", "publish": True}
            created = send(CREATE, {"input": article}).json()["data"]["createArticle"]
            assert created["errors"] == []
            for _ in range(6):
                reply = send(READ, {"r": created["revision"]})
                assert reply.json()["data"] == {"articles": {"totalCount": number}}
                assert int(reply.headers["content-revision"]) >= created["revision"]
