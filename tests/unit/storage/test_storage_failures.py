"""What goes wrong with a database is told in a line: what, where, what to do. Every failure here is a real one."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from storage_behaviours import NEW, agent, said

from coach.errors import CoachError, InputError, ServiceError
from coach.storage import Store
from coach.storage.engine import open_database

NOBODY = 65534


def _refused(kind: type[CoachError], url: str | None, folder: Path, patience: float = 0.2) -> str:
    with pytest.raises(kind) as raised:
        Store.open(url, folder, patience=patience)
    assert type(raised.value) is kind
    return str(raised.value)


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("随便写的", "不是数据库的地址"),
        ("postgresql+psycopg://user@host:port/db", "不是数据库的地址"),
        ("mysql://root@localhost/coach", "只能用 PostgreSQL"),
        ("oracle://x", "只能用 PostgreSQL"),
        ("nosuchthing://x", "只能用 PostgreSQL"),
        ("sqlite://", "SQLite 的文件"),
        ("sqlite:///:memory:", "SQLite 的文件"),
    ],
)
def test_an_address_that_is_none_says_what_one_looks_like(url: str, what: str, tmp_path: Path) -> None:
    told = _refused(InputError, url, tmp_path)
    assert what in told
    assert told.startswith("COACH_DATABASE_URL：")
    assert "postgresql+psycopg://" in told


def test_a_driver_that_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert "pip install 'sansheng-coach[postgres]'" in _refused(InputError, "postgres://127.0.0.1/coach", tmp_path)


def test_a_server_that_is_not_there_is_a_service_that_did_not_answer(tmp_path: Path) -> None:
    told = _refused(ServiceError, "postgresql+psycopg://lena:geheim@127.0.0.1:1/coach", tmp_path)
    assert told.startswith("127.0.0.1:1/coach：连不上数据库")
    assert "geheim" not in told


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "coach.db").write_text("通话记录" * 1000, encoding="utf-8")
    told = _refused(InputError, None, tmp_path)
    assert "不是数据库" in told
    assert str(tmp_path / "coach.db") in told


def test_a_file_that_is_damaged(tmp_path: Path) -> None:
    with Store.open(None, tmp_path) as store:
        call_id = store.new_call(NEW)
        store.append(call_id, [agent("您好")] * 200)
    whole = bytearray((tmp_path / "coach.db").read_bytes())
    whole[4096:] = b"\xff" * (len(whole) - 4096)
    (tmp_path / "coach.db").write_bytes(whole)
    with pytest.raises(InputError, match="坏了"), Store.open(None, tmp_path) as store:
        store.load(call_id)


def test_a_database_of_a_later_version(tmp_path: Path) -> None:
    Store.open(None, tmp_path).close()
    _change(tmp_path / "coach.db", "UPDATE coach_schema SET version_num = '9999'")
    assert "更新版本" in _refused(InputError, None, tmp_path)


def test_a_database_with_tables_of_another_program(tmp_path: Path) -> None:
    _change(tmp_path / "coach.db", "CREATE TABLE calls (telephone TEXT)")
    assert "别的程序的表 calls" in _refused(InputError, None, tmp_path)


def _change(file: Path, statement: str) -> None:
    connection = sqlite3.connect(file)
    with connection:
        connection.execute(statement)
    connection.close()


def test_a_database_that_another_program_holds(tmp_path: Path) -> None:
    with Store.open(None, tmp_path, patience=0.2) as store:
        call_id = store.new_call(NEW)
        other = sqlite3.connect(tmp_path / "coach.db")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ServiceError, match="占着"):
            store.append(call_id, [agent("您好")])
        assert said(store, call_id) == []  # reading goes on meanwhile
        other.close()
        assert store.append(call_id, [agent("您好")]) == 1


def test_a_place_where_no_folder_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    told = _refused(ServiceError, None, tmp_path / "file" / "data")
    assert "读写不了" in told
    assert "COACH_DATA_DIR" in told


def test_a_full_disk_keeps_nothing_of_what_did_not_fit_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    with Store.open(None, tmp_path) as store:
        call_id = store.new_call(NEW)
        store.append(call_id, [agent("您好")])
    database = open_database(None, tmp_path, 1)
    store = Store(database)
    with database.reading() as connection:
        connection.execute(text("PRAGMA max_page_count = 1"))  # SQLite's own full disk: no page more than there are
    with pytest.raises(ServiceError, match="磁盘满了"):
        store.append(call_id, [agent("长" * 100_000)])
    assert said(store, call_id) == ["您好"]
    with database.reading() as connection:
        connection.execute(text("PRAGMA max_page_count = 1000000"))
    assert store.append(call_id, [agent("长" * 100_000)]) == 2
    store.close()


_CHILD = """
import os, resource, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from storage_behaviours import NEW, agent
from coach.errors import ServiceError
from coach.storage import Store
{spoiled}
try:
    with Store.open(None, Path(sys.argv[1])) as store:
        store.append(store.new_call(NEW), [agent("长" * 200_000)])
except ServiceError as error:
    print(error)
"""
_LITTLE_ROOM = (
    "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))"
)
_NOT_ROOT = f"if os.getuid() == 0: os.setgroups([]); os.setuid({NOBODY})  # nothing is read-only for root"


def _in_a_child(spoiled: str, folder: Path) -> str:
    """What users read when a call is written in a process of its own, `spoiled` first."""
    tests = Path(__file__).resolve().parent.parent.parent
    done = subprocess.run(
        [sys.executable, "-c", _CHILD.format(spoiled=spoiled), str(folder), str(tests)],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(tests.parent)},
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout


def test_a_write_that_the_system_refuses(tmp_path: Path) -> None:
    Store.open(None, tmp_path).close()
    assert "读写不了" in _in_a_child(_LITTLE_ROOM, tmp_path)
    with Store.open(None, tmp_path) as store:
        (call,) = store.calls()
        assert call.turns == 0
        assert store.append(call.id, [agent("您好")]) == 1


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A folder that every user may look into, as those of `tmp_path` are not."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_a_folder_that_may_not_be_written(open_to_all: Path) -> None:
    folder = open_to_all / "data"
    folder.mkdir()
    folder.chmod(0o555)
    assert "读写不了" in _in_a_child(_NOT_ROOT, folder)
    folder.chmod(0o755)
    Store.open(None, folder).close()
    (folder / "coach.db").chmod(0o444)
    folder.chmod(0o555)
    assert "读写不了" in _in_a_child(_NOT_ROOT, folder)
    folder.chmod(0o755)
