"""The history tells everything that decides; the office has a chain of its own.

What no event of before had told is put on the chains by the first program that opens the ledger: a migration could not
say it without the rules of the heart (docs/decisions/0005).
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column(
        "chain_head", sa.Column("is_whole", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_table(
        "office_event",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(length=32), nullable=False),
        sa.Column("actor_id", _ID, nullable=True),
        sa.Column("recorder_id", _ID, nullable=True),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_office_event_actor_id")),
        sa.ForeignKeyConstraint(["recorder_id"], ["person.id"], name=op.f("fk_office_event_recorder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_event")),
        sa.UniqueConstraint("sequence", name=op.f("uq_office_event_sequence")),
    )
    op.create_table(
        "office_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_head")),
    )
