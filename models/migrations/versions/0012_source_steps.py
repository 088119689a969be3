"""What was done about a source and counted of it: talks, circulars, clues, visits, stages."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "source_step",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("bureau_id", _ID, sa.ForeignKey("unit.id"), nullable=False),
        sa.Column("source_id", _ID, sa.ForeignKey("source.id"), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("paper_no", sa.String(length=200), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("rating", sa.String(length=32), nullable=True),
        sa.Column("text", sa.String(length=400), nullable=False),
    )
    op.create_index("ix_source_step_source_id", "source_step", ["source_id"])
