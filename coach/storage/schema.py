"""The tables. A change here needs a migration beside it (see `migrations/env.py`) and its number in `REVISION`."""

from __future__ import annotations

from datetime import UTC, datetime

import regex
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

__all__ = [
    "REVISION",
    "VERSION_TABLE",
    "Words",
    "calls",
    "findings",
    "metadata",
    "scorecards",
    "storable",
    "transitions",
    "tries",
    "turns",
]

REVISION = "0001"
"""The migration that makes the tables as they stand here."""

VERSION_TABLE = "coach_schema"
"""Where the database says which migration it is at; a name of its own, so that a shared database can hold others' too."""

_UNSTORABLE = regex.compile(r"[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """`text` with what no database takes (NUL, halves of a surrogate pair) replaced one for one, so that spans still fit."""
    return _UNSTORABLE.sub("\ufffd", text)


class Words(TypeDecorator[str]):
    """Text of any length, made storable."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """As it is kept."""
        return None if value is None else storable(value)


class Utc(TypeDecorator[datetime]):
    """A moment in UTC; SQLite knows no time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """As it is kept."""
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """As it is read."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
_Id = String(36)
_Number = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up by itself in INTEGER only

calls = Table(
    "calls",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("created_at", Utc, nullable=False),
    Column("updated_at", Utc, nullable=False),
    Column("trainee", Words, nullable=False),
    Column("persona", Words, nullable=False),
    Column("scenario_id", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("scenario", JSON, nullable=False),
    Column("level", String(20), nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("standard", Words, nullable=False),
    Column("direction", String(20), nullable=False),
    Column("start", JSON, nullable=False),
    Column("rings", Integer),
    Column("exam", Boolean, nullable=False),
    Column("show_findings", String(20), nullable=False),
    Column("notes", JSON, nullable=False),
    Index(None, "trainee", "created_at"),
    Index(None, "updated_at"),
)

tries = Table(
    "tries",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("call_id", ForeignKey(calls.c.id, ondelete="CASCADE"), nullable=False),
    Column("no", Integer, nullable=False),
    Column("parent_try", ForeignKey("tries.id", ondelete="CASCADE")),
    Column("from_turn", Integer, nullable=False),
    Column("outcome", String(20)),
    Column("hung_up_by", String(20)),
    Column("created_at", Utc, nullable=False),
    UniqueConstraint("call_id", "no"),
    Index(None, "parent_try"),
)

turns = Table(
    "turns",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("try_id", ForeignKey(tries.c.id, ondelete="CASCADE"), nullable=False),
    Column("no", Integer, nullable=False),
    Column("speaker", String(20), nullable=False),
    Column("text", Words, nullable=False),
    Column("act", Words, nullable=False),
    Column("source", String(20), nullable=False),
    Column("templates", JSON, nullable=False),
    Column("state", JSON, nullable=False),
    Column("created_at", Utc, nullable=False),
    UniqueConstraint("try_id", "no"),
)

transitions = Table(
    "transitions",
    metadata,
    Column("turn_id", ForeignKey(turns.c.id, ondelete="CASCADE"), primary_key=True),
    Column("no", Integer, primary_key=True),
    Column("cause", Words, nullable=False),
    Column("emotion", Float, nullable=False),
    Column("trust", Float, nullable=False),
    Column("patience", Float, nullable=False),
    Column("why", Words, nullable=False),
)

findings = Table(
    "findings",
    metadata,
    Column("turn_id", ForeignKey(turns.c.id, ondelete="CASCADE"), primary_key=True),
    Column("no", Integer, primary_key=True),
    Column("rule", Words, nullable=False),
    Column("severity", String(20), nullable=False),
    Column("line", Integer),
    Column("span_start", Integer),
    Column("span_end", Integer),
    Column("others", JSON, nullable=False),
    Column("message", Words, nullable=False),
    Column("advice", Words, nullable=False),
    Column("detector", String(20), nullable=False),
    Column("confidence", Float, nullable=False),
    Column("clauses", JSON, nullable=False),
    Column("dismissed_reason", Words),
)

scorecards = Table(
    "scorecards",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("try_id", ForeignKey(tries.c.id, ondelete="CASCADE"), nullable=False),
    Column("rubric", Words, nullable=False),
    Column("rubric_version", Words, nullable=False),
    Column("rubric_hash", Words, nullable=False),
    Column("total", Float, nullable=False),
    Column("groups", JSON, nullable=False),
    Column("items", JSON, nullable=False),
    Column("created_at", Utc, nullable=False),
    UniqueConstraint("try_id", "rubric", "rubric_version", "rubric_hash", name="uq_scorecards_try_id_rubric"),
)
