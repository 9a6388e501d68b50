"""The tables are made and changed by migrations: once, whole or not at all, and they come to what the schema says."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from storage_behaviours import NEW, agent, said

from coach.errors import CoachError
from coach.storage import Store
from coach.storage.engine import Database, open_database
from coach.storage.migrate import MIGRATIONS, bring_up_to_date
from coach.storage.schema import REVISION, VERSION_TABLE, metadata

_NEXT = '''"""Copies the table that all others hang on, as SQLite does to change one."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("calls", recreate="always") as calls:
        calls.add_column(sa.Column("hints", sa.Integer(), server_default="0", nullable=False))
    {then}
'''


def differences(connection: Connection) -> list[object]:
    """What autogeneration would still change."""
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE, "compare_type": True})
    return list(compare_metadata(context, metadata))


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return open_database(None, tmp_path / "data", 10)


def _with_a_next_one(folder: Path, then: str = "") -> Path:
    migrations = Path(shutil.copytree(MIGRATIONS, folder / f"migrations{len(then)}"))
    (migrations / "versions" / "v0002_next.py").write_text(_NEXT.format(then=then), encoding="utf-8")
    return migrations


def test_from_nothing_to_what_the_schema_says(database: Database) -> None:
    bring_up_to_date(database)
    with database.reading() as connection:
        assert differences(connection) == []
        assert set(inspect(connection).get_table_names()) == {*metadata.tables, VERSION_TABLE}
    database.engine.dispose()


def test_the_last_migration_is_the_schemas_and_there_is_one_line_of_them() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]


def test_changing_a_table_keeps_all_that_hangs_on_its_rows(database: Database, tmp_path: Path) -> None:
    bring_up_to_date(database)
    store = Store(database)
    call_id = store.new_call(NEW)
    store.append(call_id, [agent("您好"), agent("请讲")])
    bring_up_to_date(database, _with_a_next_one(tmp_path), "0002")
    assert said(store, call_id) == ["您好", "请讲"]
    assert store.append(call_id, [agent("还在吗")]) == 3
    store.delete(call_id)
    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM turns")).scalar() == 0  # foreign keys are on again
    store.close()


def test_a_migration_that_breaks_off_leaves_everything_as_it_was(database: Database, tmp_path: Path) -> None:
    bring_up_to_date(database)
    store = Store(database)
    call_id = store.new_call(NEW)
    store.append(call_id, [agent("您好")])
    broken = _with_a_next_one(tmp_path, then="raise RuntimeError('the machine went down')")
    with pytest.raises(RuntimeError, match="went down"):
        bring_up_to_date(database, broken, "0002")
    with database.reading() as connection:
        assert differences(connection) == []
    assert said(store, call_id) == ["您好"]
    bring_up_to_date(database)
    store.close()


def test_many_that_open_at_once_make_one_set_of_tables(tmp_path: Path) -> None:
    failed: list[CoachError] = []
    start = threading.Barrier(6)

    def open_it() -> None:
        start.wait()
        try:
            with Store.open(None, tmp_path / "data") as store:
                store.new_call(NEW)
        except CoachError as error:
            failed.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with Store.open(None, tmp_path / "data") as store:
        assert len(store.calls()) == 6
