"""The store on SQLite: every behaviour, and what only a file has."""

from __future__ import annotations

import logging
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from storage_behaviours import BEHAVIOURS, NEW, Behaviour, Clock, agent, customer

from coach.storage import Store


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with Store.open(None, tmp_path / "数据 folder", clock=clock) as opened:
        yield opened


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda one: one.__name__.strip("_"))
def test_on_sqlite(behaviour: Behaviour, store: Store, clock: Clock) -> None:
    behaviour(store, clock)


def test_the_file_is_its_users_alone_and_keeps_a_log_ahead(store: Store) -> None:
    file = Path(store.where)
    assert file.name == "coach.db"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with sqlite3.connect(file) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_what_is_deleted_cannot_be_read_out_of_the_file(store: Store) -> None:
    secret = "我的卡号是六二二二"
    call_id = store.new_call(NEW)
    store.append(call_id, [agent("您好"), customer(secret)])
    folder = Path(store.where).parent
    assert _found(folder, secret)
    store.delete(call_id)
    assert not _found(folder, secret)


def _found(folder: Path, text: str) -> bool:
    return any(text.encode() in path.read_bytes() for path in folder.iterdir())


def test_no_text_of_a_call_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="sqlalchemy")
    with Store.open(None, tmp_path) as store:
        call_id = store.new_call(NEW)
        store.append(call_id, [customer("我等了五天")])
        store.load(call_id)
        store.calls()
    assert "我等了五天" not in caplog.text
    assert NEW.trainee not in caplog.text


def test_json_is_kept_readable(store: Store) -> None:
    store.new_call(NEW)
    with sqlite3.connect(store.where) as connection:
        (scenario,) = connection.execute("SELECT scenario FROM calls").fetchone()
    connection.close()
    assert "等了五天" in scenario
