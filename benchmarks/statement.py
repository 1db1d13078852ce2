"""One statement, written by hand, that reads 20 whole articles as JSON through the driver that the product uses."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiosqlite
import asyncpg

from models.database import Address
from models.dialect import SQLITE
from models.moment import FOREVER

Reading = Callable[[], Awaitable[str]]

LATEST = f"""(SELECT article_id, slug, edition_id, published_at FROM publication WHERE until = {FOREVER}
  ORDER BY published_at DESC, article_id DESC LIMIT 20) p JOIN edition e ON e.id = p.edition_id"""
ON_SQLITE = f"""SELECT json_object('data', json_object('articles', json_object('nodes', json_group_array(json(node)))))
FROM (SELECT json_object('id', p.article_id, 'slug', p.slug, 'title', e.title, 'summary', e.summary,
  'sections', (SELECT json_group_array(json_object('id', key, 'heading', heading,
    'body', json_object('html', body_html)))
    FROM (SELECT * FROM section WHERE edition_id = e.id ORDER BY position)),
  'questions', (SELECT json_group_array(json_object('id', key, 'question', question,
    'answer', json_object('html', answer_html)))
    FROM (SELECT * FROM question WHERE edition_id = e.id ORDER BY position))) AS node
FROM {LATEST} ORDER BY p.published_at DESC, p.article_id DESC)"""
ON_POSTGRES = f"""SELECT json_build_object('data', json_build_object('articles', json_build_object('nodes',
  json_agg(node)))) FROM (SELECT json_build_object('id', p.article_id, 'slug', p.slug, 'title', e.title,
  'summary', e.summary,
  'sections', (SELECT json_agg(json_build_object('id', key, 'heading', heading,
    'body', json_build_object('html', body_html)) ORDER BY position)
    FROM section WHERE edition_id = e.id),
  'questions', (SELECT json_agg(json_build_object('id', key, 'question', question,
    'answer', json_build_object('html', answer_html)) ORDER BY position)
    FROM question WHERE edition_id = e.id)) AS node
FROM {LATEST} ORDER BY p.published_at DESC, p.article_id DESC) nodes"""


@asynccontextmanager
async def open_reading(url: str) -> AsyncIterator[Reading]:
    """Keep a database open; yield what runs the statement and returns its JSON."""
    address = Address(url)
    opened = open_sqlite if address.dialect is SQLITE else open_postgres
    async with opened(address) as read:
        yield read


@asynccontextmanager
async def open_sqlite(address: Address) -> AsyncIterator[Reading]:
    """Read from SQLite, on one connection."""
    async with aiosqlite.connect(address.path) as database:

        async def read() -> str:
            (row,) = await database.execute_fetchall(ON_SQLITE)
            return str(row[0])

        yield read


@asynccontextmanager
async def open_postgres(address: Address) -> AsyncIterator[Reading]:
    """Read from PostgreSQL, on as many connections as the product has."""
    async with asyncpg.create_pool(**address.server, min_size=1, max_size=10) as pool:

        async def read() -> str:
            return str(await pool.fetchval(ON_POSTGRES))

        yield read
