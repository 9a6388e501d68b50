"""The store on a real PostgreSQL server: every behaviour SQLite has, and what only a server has."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from postgres_server import PostgresServer, postgres_programs, running_server
from sqlalchemy import create_engine, text
from storage_behaviours import BEHAVIOURS, NEW, Behaviour, Clock, agent, customer, said

from coach.errors import CoachError, InputError, ServiceError
from coach.storage import Store
from coach.storage.engine import Database, open_database
from coach.storage.migrate import bring_up_to_date
from coach.storage.schema import VERSION_TABLE, metadata

_NUMBERS = count(1)


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    programs = postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL isn't installed: make test-deps")
    with running_server(programs) as running:
        yield running


@pytest.fixture
def url(server: PostgresServer) -> str:
    """An empty database of this test's own."""
    name = f"coach{next(_NUMBERS)}"
    _run(server.url, f"CREATE DATABASE {name}")
    return server.url_of(name)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(url: str, clock: Clock, tmp_path: Path) -> Iterator[Store]:
    with Store.open(url, tmp_path, clock=clock) as opened:
        yield opened


def _run(url: str, statement: str) -> None:
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda one: one.__name__.strip("_"))
def test_on_postgresql(behaviour: Behaviour, store: Store, clock: Clock) -> None:
    behaviour(store, clock)


def test_nothing_is_put_in_the_folder(store: Store, tmp_path: Path) -> None:
    store.new_call(NEW)
    assert list(tmp_path.iterdir()) == []


def test_from_nothing_to_what_the_schema_says(url: str, tmp_path: Path) -> None:
    database = open_database(url, tmp_path, 10)
    bring_up_to_date(database)
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE, "compare_type": True})
        assert compare_metadata(context, metadata) == []
    database.engine.dispose()


def test_many_that_open_at_once_make_one_set_of_tables(url: str, tmp_path: Path) -> None:
    failed: list[CoachError] = []
    start = threading.Barrier(6)

    def open_it() -> None:
        start.wait()
        try:
            with Store.open(url, tmp_path) as store:
                store.new_call(NEW)
        except CoachError as error:
            failed.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with Store.open(url, tmp_path) as store:
        assert len(store.calls()) == 6


def test_the_server_goes_down_in_a_call_and_the_call_goes_on_when_it_is_back(
    server: PostgresServer, store: Store
) -> None:
    call_id = store.new_call(NEW)
    store.append(call_id, [agent("您好"), customer("我等了五天")])
    server.stop()
    with pytest.raises(ServiceError, match="连不上数据库"):
        store.append(call_id, [agent("请讲")])
    server.start()
    assert store.append(call_id, [agent("请讲")], after=2) == 3
    assert said(store, call_id) == ["您好", "我等了五天", "请讲"]


def test_a_call_that_another_holds_is_waited_for_and_then_told(url: str, tmp_path: Path) -> None:
    with Store.open(url, tmp_path, patience=0.3) as store:
        call_id = store.new_call(NEW)
        other = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
        with other.begin() as connection:
            connection.execute(text("SELECT * FROM calls FOR UPDATE"))
            with pytest.raises(ServiceError, match="占着"):
                store.append(call_id, [agent("您好")])
        other.dispose()
        assert store.append(call_id, [agent("您好")]) == 1


def test_a_database_of_a_later_version(url: str, tmp_path: Path) -> None:
    Store.open(url, tmp_path).close()
    _run(url, "UPDATE coach_schema SET version_num = '9999'")
    with pytest.raises(InputError, match="更新版本"):
        Store.open(url, tmp_path)


def test_a_database_with_tables_of_another_program(url: str, tmp_path: Path) -> None:
    _run(url, "CREATE TABLE turns (wheel text)")
    with pytest.raises(InputError, match="别的程序的表 turns"):
        Store.open(url, tmp_path)


def test_an_account_that_may_not_make_tables_and_a_database_that_is_not_there(
    server: PostgresServer, url: str, tmp_path: Path
) -> None:
    database = url.partition("@/")[2].partition("?")[0]
    _run(server.url, f"CREATE ROLE reader{database} LOGIN")
    with pytest.raises(ServiceError, match="写不了数据库"):
        Store.open(server.url_of(database, f"reader{database}"), tmp_path)
    with pytest.raises(ServiceError, match="连不上数据库"):
        Store.open(server.url_of("nowhere"), tmp_path)


def test_a_database_that_is_read_only(store: Store, url: str, tmp_path: Path) -> None:
    _run(url, "ALTER DATABASE " + url.partition("@/")[2].partition("?")[0] + " SET default_transaction_read_only = on")
    with Store.open(url, tmp_path) as reader, pytest.raises(ServiceError, match="写不了数据库"):
        reader.new_call(NEW)


def test_no_text_of_a_call_is_logged_here_or_there(
    server: PostgresServer, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="sqlalchemy")
    secret = "只有这一句才有的话"
    call_id = store.new_call(NEW)
    store.append(call_id, [customer(secret)])
    assert said(store, call_id) == [secret]
    assert secret not in caplog.text
    assert secret not in server.log()


def test_the_password_stands_in_no_message(server: PostgresServer, tmp_path: Path) -> None:
    database: Database = open_database("postgresql://coach:geheim@db.example:5433/coach?sslmode=require", tmp_path, 1)
    assert database.where == "db.example:5433/coach"
