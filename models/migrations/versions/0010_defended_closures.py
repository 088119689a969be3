"""A closure that can be defended: what a piece of evidence is, says and proves, the answers to doubts, and what was found later."""

import sqlalchemy as sa
from alembic import op

from models.notation import make_tables

revision = "0010"
down_revision = "0009"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("evidence", sa.Column("kind", sa.String(length=32), nullable=True))
    op.add_column("evidence", sa.Column("own_text", sa.Text(), nullable=False, server_default=""))
    evidence = sa.table("evidence", sa.column("kind"), sa.column("is_notice_only", sa.Boolean()))
    op.execute(evidence.update().where(evidence.c.is_notice_only).values(kind="meeting"))
    with op.batch_alter_table("evidence") as batch_op:
        batch_op.drop_column("is_notice_only")
    make_tables(
        """
proof: evidence_id -> evidence; measure_id -> measure?
    unique evidence_id measure_id; index measure_id
doubt_answer: step_id -> closure_step; code 64; words text
    unique step_id code
"""
    )
    op.add_column(
        "closure", sa.Column("must_be_defended", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    with op.batch_alter_table("look_back") as batch_op:
        batch_op.add_column(sa.Column("closure_id", _ID, nullable=True))
        batch_op.create_foreign_key(op.f("fk_look_back_closure_id"), "closure", ["closure_id"], ["id"])
