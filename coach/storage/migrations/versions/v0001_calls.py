"""Calls, their tries and turns, what moved the customer, what was found, and scorecards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ID = sa.String(length=36)
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Makes the tables."""
    _calls()
    _tries()
    _turns()
    _transitions()
    _findings()
    _scorecards()


def downgrade() -> None:
    """Drops them."""
    for table in ("scorecards", "findings", "transitions", "turns", "tries", "calls"):
        op.drop_table(table)


def _calls() -> None:
    op.create_table(
        "calls",
        sa.Column("id", _ID, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.Column("trainee", sa.Text(), nullable=False),
        sa.Column("persona", sa.Text(), nullable=False),
        sa.Column("scenario_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("scenario", sa.JSON(), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("standard", sa.Text(), nullable=False),
        sa.Column("direction", sa.String(length=20), nullable=False),
        sa.Column("start", sa.JSON(), nullable=False),
        sa.Column("rings", sa.Integer()),
        sa.Column("exam", sa.Boolean(), nullable=False),
        sa.Column("show_findings", sa.String(length=20), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calls"),
    )
    op.create_index("ix_calls_trainee_created_at", "calls", ["trainee", "created_at"])
    op.create_index("ix_calls_updated_at", "calls", ["updated_at"])


def _tries() -> None:
    op.create_table(
        "tries",
        sa.Column("id", _ID, nullable=False),
        sa.Column("call_id", _ID, nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("parent_try", _ID),
        sa.Column("from_turn", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=20)),
        sa.Column("hung_up_by", sa.String(length=20)),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tries"),
        sa.UniqueConstraint("call_id", "no", name="uq_tries_call_id_no"),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name="fk_tries_call_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["parent_try"], ["tries.id"], name="fk_tries_parent_try", ondelete="CASCADE"),
    )
    op.create_index("ix_tries_parent_try", "tries", ["parent_try"])


def _turns() -> None:
    op.create_table(
        "turns",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("try_id", _ID, nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("speaker", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("templates", sa.JSON(), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_turns"),
        sa.UniqueConstraint("try_id", "no", name="uq_turns_try_id_no"),
        sa.ForeignKeyConstraint(["try_id"], ["tries.id"], name="fk_turns_try_id", ondelete="CASCADE"),
    )


def _transitions() -> None:
    op.create_table(
        "transitions",
        sa.Column("turn_id", _NUMBER, nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("emotion", sa.Float(), nullable=False),
        sa.Column("trust", sa.Float(), nullable=False),
        sa.Column("patience", sa.Float(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("turn_id", "no", name="pk_transitions"),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name="fk_transitions_turn_id", ondelete="CASCADE"),
    )


def _findings() -> None:
    op.create_table(
        "findings",
        sa.Column("turn_id", _NUMBER, nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("severity", sa.String(length=20), nullable=False),
        sa.Column("line", sa.Integer()),
        sa.Column("span_start", sa.Integer()),
        sa.Column("span_end", sa.Integer()),
        sa.Column("others", sa.JSON(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.Column("detector", sa.String(length=20), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("clauses", sa.JSON(), nullable=False),
        sa.Column("dismissed_reason", sa.Text()),
        sa.PrimaryKeyConstraint("turn_id", "no", name="pk_findings"),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name="fk_findings_turn_id", ondelete="CASCADE"),
    )


def _scorecards() -> None:
    op.create_table(
        "scorecards",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("try_id", _ID, nullable=False),
        sa.Column("rubric", sa.Text(), nullable=False),
        sa.Column("rubric_version", sa.Text(), nullable=False),
        sa.Column("rubric_hash", sa.Text(), nullable=False),
        sa.Column("total", sa.Float(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_scorecards"),
        sa.UniqueConstraint("try_id", "rubric", "rubric_version", "rubric_hash", name="uq_scorecards_try_id_rubric"),
        sa.ForeignKeyConstraint(["try_id"], ["tries.id"], name="fk_scorecards_try_id", ondelete="CASCADE"),
    )
