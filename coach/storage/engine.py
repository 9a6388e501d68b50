"""The way to the database: SQLite in the data folder, or PostgreSQL by URL. What is in it is left to others."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from coach.errors import InputError
from coach.storage.failures import told
from coach.storage.schema import storable

__all__ = ["Database", "open_database"]

_FILE = "coach.db"
_CONNECT_SECONDS = 5
_WRITES = "coach_writes"
_EXAMPLE = "应如 postgresql+psycopg://用户:密码@主机/数据库；不填则存在本机"


@dataclass(frozen=True)
class Database:
    """A database that may be read and written.

    Attributes:
        engine: Its connections.
        where: What messages call it; never with a password.
        file: The file, for SQLite.
        patience: Seconds to wait for another that writes.
    """

    engine: Engine
    where: str
    file: Path | None
    patience: float

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One view of it all; raises InputError or ServiceError."""
        with told(self.where), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """All that is done within is kept once it is left, or nothing of it; raises InputError or ServiceError."""
        engine = self.engine.execution_options(**{_WRITES: True})
        with told(self.where), engine.begin() as connection:
            yield connection

    @contextmanager
    def altering(self) -> Iterator[Connection]:
        """As `writing`, to change tables in.

        SQLite changes a table by copying it and dropping the old one: were foreign keys on, all that hangs on its rows would go
        with it. They can't be turned off within a transaction. Its log, too, is set outside one, and the file remembers it.
        """
        engine = self.engine.execution_options(**{_WRITES: True})
        with told(self.where), engine.connect() as connection:
            if self.file is not None:
                connection.detach()  # it won't be used again: its foreign keys stay off
                driver: Any = connection.connection.dbapi_connection
                for pragma in ("journal_mode = WAL", "foreign_keys = OFF"):
                    driver.execute(f"PRAGMA {pragma}").close()
            with connection.begin():
                yield connection

    def forget_log(self) -> None:
        """Empties SQLite's log, in which what was deleted still stands; where others read, that is left to the next time."""
        if self.file is None:
            return
        with told(self.where), self.engine.connect() as connection, suppress(sqlite3.OperationalError):
            driver: Any = connection.connection.dbapi_connection
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()


def open_database(url: str | None, folder: Path, patience: float) -> Database:
    """The database at `url`, else the SQLite file in `folder`; nothing is connected to yet.

    Raises:
        InputError: The URL is none, of another kind of database, or its driver isn't installed.
    """
    address = _address(url) if url else URL.create("sqlite", database=str(folder / _FILE))
    if address.get_backend_name() == "sqlite":
        return _sqlite(address, patience)
    return _postgres(address, patience)


def _address(url: str) -> URL:
    try:
        address = make_url(url.strip())
        name = address.get_backend_name()
    except (ArgumentError, ValueError) as error:
        raise InputError("不是数据库的地址", where="COACH_DATABASE_URL", hint=_EXAMPLE) from error
    if name == "sqlite" and address.database not in {None, "", ":memory:"}:
        return address.set(drivername="sqlite")
    if name in {"postgresql", "postgres"}:
        return address.set(drivername="postgresql+psycopg")
    raise InputError("只能用 PostgreSQL，或 SQLite 的文件", where="COACH_DATABASE_URL", hint=_EXAMPLE)


def _sqlite(address: URL, patience: float) -> Database:
    file = Path(str(address.database))
    engine = _engine(address, connect_args={"timeout": patience})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return Database(engine, str(file), file, patience)


def _set_up_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 (a driver's connection has no type)
    """Transactions are begun by `_begin_sqlite`; what is deleted is overwritten; a commit is on disk."""
    connection.isolation_level = None
    for pragma in ("foreign_keys = ON", "synchronous = FULL", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Who will write says so at once: a reader that turns writer isn't waited for, but refused."""
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgres(address: URL, patience: float) -> Database:
    try:
        engine = _engine(address, pool_pre_ping=True, connect_args={"connect_timeout": _CONNECT_SECONDS})
    except ImportError as error:
        raise InputError(
            "还没有装 PostgreSQL 的驱动",
            where="COACH_DATABASE_URL",
            hint="请运行 pip install 'sansheng-coach[postgres]'",
        ) from error

    def limit_waiting(connection: Connection) -> None:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {round(patience * 1000)}")

    event.listen(engine, "begin", limit_waiting)
    where = f"{address.host or 'PostgreSQL'}{f':{address.port}' if address.port else ''}/{address.database or ''}"
    return Database(engine, where, None, patience)


def _engine(address: URL, **options: Any) -> Engine:  # noqa: ANN401
    """An engine in whose logs and messages no text of a call can stand."""
    engine = create_engine(
        address, echo=False, hide_parameters=True, logging_name="coach", json_serializer=_json, **options
    )
    if isinstance(engine.logger, logging.Logger):
        engine.logger.setLevel(logging.WARNING)  # at DEBUG it tells whole rows
    return engine


def _json(value: object) -> str:
    return storable(json.dumps(value, ensure_ascii=False))
