"""docs/webhooks.md is run: its receiver prints what happens, and its list of types is complete."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from pathlib import Path

import httpx2
import pytest

from models.changes import DONE_TO_READERS
from models.delivery import TEST
from models.publishing import unpublish_articles
from models.webhook import Wanted, create_webhook
from tests.client import TESTER, Client, article_id
from tests.serving import free_port
from tests.webhooks import publish

TEXT = (Path(__file__).parent.parent / "docs" / "webhooks.md").read_text()


async def test_the_receiver(telling: Client, tmp_path: Path) -> None:
    """The receiver of the documentation verifies events and prints them."""
    (program,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    port = free_port()
    address = f"http://127.0.0.1:{port}/"
    _, secret = await create_webhook(telling.database, TESTER, address, Wanted(), private=True)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program),
        env={**os.environ, "WEBHOOK_SECRET": secret, "PORT": str(port)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    try:
        await publish(telling, "Quay")
        await unpublish_articles(telling.database, [article_id("quay")], actor=TESTER)
        revision = telling.database.head.revision
        async with asyncio.timeout(20):
            lines = [(await process.stdout.readline()).decode().split() for _ in range(2)]
        assert lines == [
            ["article.published", str(revision - 1), "/en/quay"],
            ["article.unpublished", str(revision), "None"],
        ]
        async with httpx2.AsyncClient(trust_env=False) as http:
            forged = await http.post(address, json={"type": "article.published"})
        assert forged.status_code == 400
    finally:
        process.kill()
        await process.wait()


@pytest.mark.parametrize("kind", ["published", "unpublished", "rendered"])
def test_the_types(kind: str) -> None:
    """Each kind that readers are told of has its type in the table."""
    assert f"'{kind}'" in DONE_TO_READERS.text
    assert f"`article.{kind}`" in TEXT
    assert f"`{TEST}`" in TEXT
