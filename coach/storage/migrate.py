"""Brings a database to the tables of `schema`, once, however many open it at the same time."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection, inspect, text

from coach.errors import InputError
from coach.storage.engine import Database
from coach.storage.failures import locked, too_new, unwritable
from coach.storage.schema import REVISION, VERSION_TABLE, metadata

__all__ = ["MIGRATIONS", "bring_up_to_date"]

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
"""Where Alembic finds the migrations: in a checkout as in the wheel."""

_PLACE = 3_303_303
"""Number of the lock that migrations take in PostgreSQL."""

_ONE_AT_A_TIME = threading.Lock()
"""Alembic keeps what it is working on in module globals, so one process migrates one database at a time."""


def bring_up_to_date(database: Database, migrations: Path = MIGRATIONS, revision: str = REVISION) -> None:
    """Makes or changes the tables where they aren't as `schema` has them; all of it, or nothing.

    Args:
        database: What to bring up to date.
        migrations: Where the migrations are.
        revision: The last of them.

    Raises:
        InputError: The database is a later version's, somebody else's, or no database.
        ServiceError: It can't be reached, written, or another holds it.
    """
    if database.file is not None and not database.file.exists():
        _make_file(database.file)
    with database.reading() as connection:
        if _version(connection) == revision:
            return
    try:
        with _ONE_AT_A_TIME, _alone(database), database.altering() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:place)"), {"place": _PLACE})
            if (version := _version(connection)) != revision:
                _upgrade(connection, version, migrations, database.where)
    except Timeout as error:
        raise locked(database.where) from error
    except OSError as error:
        raise unwritable(database.where) from error


def _make_file(file: Path) -> None:
    """An empty database that only its user may read: calls are personal."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
    except OSError as error:
        raise unwritable(str(file)) from error


def _alone(database: Database) -> AbstractContextManager[object]:
    """Keeps other processes from migrating the same file."""
    if database.file is None:
        return nullcontext()
    return FileLock(f"{database.file}.lock", timeout=database.patience)


def _version(connection: Connection) -> str | None:
    """The migration the database is at; None where it has seen none."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    version = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()
    return None if version is None else str(version)


def _upgrade(connection: Connection, version: str | None, migrations: Path, where: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if version is not None and version not in known:
        raise too_new(where)
    if version is None and (taken := set(inspect(connection).get_table_names()) & set(metadata.tables)):
        raise InputError(f"数据库里已经有别的程序的表 {sorted(taken)[0]}", where=where, hint="请给三声单独建一个数据库")
    command.upgrade(config, "head")
