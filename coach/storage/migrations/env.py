"""How Alembic runs the migrations.

`coach.storage.migrate` runs them by itself, in a transaction it holds. To write a new one, change `schema`, then run
`alembic revision --autogenerate --rev-id 0002 -m "…"` in a checkout, read what it wrote, and set `REVISION`.
"""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, TypeDecorator

from coach.settings import Settings
from coach.storage.engine import open_database
from coach.storage.schema import VERSION_TABLE, metadata

_PATIENCE = 10.0


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        version_table=VERSION_TABLE,
        compare_type=True,
        render_as_batch=True,
        render_item=_plain,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def _plain(kind: str, item: Any, _context: object) -> str | Literal[False]:  # noqa: ANN401 (Alembic gives anything)
    """A migration names the database's own types: it must read the same when ours have changed."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def _migrate_the_users() -> None:
    settings = Settings()
    url = settings.database_url.get_secret_value() if settings.database_url else None
    with open_database(url, settings.data_folder(), _PATIENCE).writing() as connection:
        _migrate(connection)


if (given := context.config.attributes.get("connection")) is not None:
    _migrate(given)
else:
    _migrate_the_users()
