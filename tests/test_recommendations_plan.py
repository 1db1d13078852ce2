"""How databases find what shares a tag or a link: by the end of an index, however many have it."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from models.access import Role
from models.database import Database, Row
from models.dialect import POSTGRES, SQLITE, Sql
from models.edition import Edition
from models.recommending.newest import NEWEST
from tests.client import Client
from tests.test_recommendations import QUERY, ask, draft

VIEWS = ["", '@view(locales: ["en", "de"])', "@view(revision: 1)", "@view(perspective: DRAFT)"]
INDEXES = {"tag": "idx_tag_slug_1b4ff0", "link": "idx_link_target__a617cf"}
WHOLE = re.compile(r"SCAN (tag|link|publication|edition|article|x|p|e|a|d|h|l|o)$")
"""What SQLite says where it looks through a table."""


async def multiply(database: Database, count: int) -> None:
    """Add so many former editions that have the tag and the links of the newest one."""
    columns = [column for column in Edition._meta.db_fields if column not in {"id", "until"}]
    async with database.transaction() as connection:
        for statement in (
            f"""INSERT INTO edition (id, until, {", ".join(columns)})
            WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})
            SELECT e.id + n, e.since, {", ".join(f"e.{column}" for column in columns)} FROM numbers
            JOIN edition e ON e.id = (SELECT MAX(id) FROM edition)""",
            """INSERT INTO tag (edition_id, position, slug, name) SELECT e.id, t.position, t.slug, t.name
            FROM edition e JOIN tag t ON t.edition_id = (SELECT MAX(edition_id) FROM tag)
            WHERE e.id > t.edition_id""",
            """INSERT INTO link (edition_id, kind, position, label, target_id)
            SELECT e.id, k.kind, k.position, k.label, k.target_id
            FROM edition e JOIN link k ON k.edition_id = (SELECT MAX(edition_id) FROM link)
            WHERE e.id > k.edition_id""",
        ):
            await connection.execute_query(statement)
        if database.dialect is POSTGRES:  # which plans by what it knows
            await connection.execute_query("ANALYZE")


async def explain(database: Database, statement: Sql) -> str:
    """Return how the database goes about a statement."""
    explained = "EXPLAIN QUERY PLAN" if database.dialect is SQLITE else "EXPLAIN"
    rows = await database.read(Sql(explained) + statement)
    return "\n".join(str(tuple(row)[-1]) for row in rows)


@pytest.mark.parametrize("view", VIEWS)
async def test_only_the_end_of_an_index_is_read(
    client: Client, monkeypatch: pytest.MonkeyPatch, view: str
) -> None:
    """Tags and links are read from their indexes, and SQLite looks through no table of content."""
    hubs = [f"hub-{number}" for number in range(12)]
    await client.save(*map(draft, hubs), draft("here", *hubs, tags=tuple(hubs)))
    await multiply(client.database, 2_000)
    previewer, read, statements = await client.sign_in(Role.PREVIEWER), Database.read, list[Sql]()

    async def note(self: Database, statement: Sql) -> Sequence[Row]:
        statements.append(statement)
        return await read(self, statement)

    await ask(previewer, hubs[0], view)
    monkeypatch.setattr(Database, "read", note)
    asked = (await previewer.ask(QUERY % view, slug="here", first=20)).statements
    monkeypatch.undo()
    plans = {one.text: await explain(client.database, one) for one in statements if one.text in asked}
    for table, index in INDEXES.items():
        (plan,) = (plan for text, plan in plans.items() if f"{table} x" in text)
        assert index in plan, plan
    if client.database.dialect is SQLITE:
        assert not [plan for plan in plans.values() if any(map(WHOLE.match, plan.splitlines()))]


async def test_no_more_is_found_than_counts(client: Client) -> None:
    """What was replaced is looked at in vain, and nothing beyond: what was saved long before it is not found."""
    await client.save(draft("before", tags=("t",)), draft("here", tags=("t",)))
    assert await ask(client, "here") == [("before", ["TAG"])]
    await multiply(client.database, NEWEST)
    client.forget()
    await client.save(draft("after", tags=("t",)))
    assert await ask(client, "here") == [("after", ["TAG"])]
    assert await ask(client, "here", "@view(revision: 1)") == []
