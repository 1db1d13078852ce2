"""Write the next migration, for both dialects, from the difference between models and the last one.

Run as `make migration NAME=what_changes`. It needs no database server: both dialects' statements are made
offline. On SQLite aerich cannot alter columns; such a migration gets its rebuild block by hand.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from aerich.migrate import Migrate
from aerich.utils import get_formatted_compressed_data, get_models_describe
from tortoise import Tortoise
from tortoise.utils import get_schema_sql

from models.database import Address
from models.migrating import APP, list_migrations

ADDRESSES = {"sqlite": "sqlite://unused.sqlite3", "postgres": "postgres://nobody@localhost/unused"}

TEMPLATE = '''"""{title}"""

from tortoise import BaseDBAsyncClient

UPGRADE = {{
    "sqlite": """
{sqlite}
""",
    "postgres": """
{postgres}
""",
}}


async def upgrade(db: BaseDBAsyncClient) -> str:
    """Return the statements for this connection's dialect."""
    return UPGRADE[db.capabilities.dialect]


async def downgrade(db: BaseDBAsyncClient) -> str:
    """Refuse: going back is done by restoring a backup."""
    raise RuntimeError("Migrations go forward only. To go back, restore a backup made before.")


MODELS_STATE = (
{state}
)
'''


async def describe(dialect: str) -> tuple[str, str]:
    """Return the statements that bring the last migration's tables to the models', and the models' state."""
    address = Address(ADDRESSES[dialect])
    await Tortoise.init(config=address.configuration())
    try:
        connection = Tortoise.get_connection(address.dialect.name)
        if not list_migrations():
            statements = get_schema_sql(connection, safe=True)
        else:
            here = Migrate.migrate_location
            await Migrate.init(address.configuration(), APP, str(here.parent), offline=True)
            # aerich looks for migrations in a folder with the name of the app.
            Migrate.migrate_location = here
            newest = Migrate.get_migration_info_for_file(list_migrations()[-1])
            Migrate._last_version_content = newest.models_state
            Migrate.upgrade_operators.clear()  # what the other dialect left there
            Migrate.diff_models(Migrate._last_version_content, get_models_describe(APP))
            statements = ";\n".join(dict.fromkeys(Migrate.upgrade_operators))
        return statements, get_formatted_compressed_data(get_models_describe(APP))
    finally:
        await Tortoise.close_connections()


async def generate(name: str) -> Path:
    """Write the migration and return its path."""
    parts = {dialect: await describe(dialect) for dialect in ADDRESSES}
    stamp = datetime.now(UTC).strftime("%Y%m%d%H%M%S")
    path = Path(__file__).parent / f"{len(list_migrations())}_{stamp}_{name}.py"
    text = TEMPLATE.format(
        title=name.replace("_", " ").capitalize() + ".",
        sqlite=parts["sqlite"][0],
        postgres=parts["postgres"][0],
        state=parts["sqlite"][1],
    )
    path.write_text(text, encoding="utf-8")
    return path


if __name__ == "__main__":
    print(f"Wrote {asyncio.run(generate(sys.argv[1])).name}. Read it before you use it.")
