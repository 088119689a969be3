"""A closure that can be defended: what a piece of evidence is, says and proves, the answers to doubts, and what was found later."""

import sqlalchemy as sa
from alembic import op

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
    op.create_table(
        "proof",
        sa.Column("evidence_id", _ID, nullable=False),
        sa.Column("measure_id", _ID, nullable=True),
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_proof_evidence_id")),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_proof_measure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proof")),
        sa.UniqueConstraint("evidence_id", "measure_id", name=op.f("uq_proof_evidence_id_measure_id")),
    )
    op.create_index(op.f("ix_proof_measure_id"), "proof", ["measure_id"])
    op.create_table(
        "doubt_answer",
        sa.Column("step_id", _ID, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["step_id"], ["closure_step.id"], name=op.f("fk_doubt_answer_step_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doubt_answer")),
        sa.UniqueConstraint("step_id", "code", name=op.f("uq_doubt_answer_step_id_code")),
    )
    op.add_column(
        "closure", sa.Column("must_be_defended", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    with op.batch_alter_table("look_back") as batch_op:
        batch_op.add_column(sa.Column("closure_id", _ID, nullable=True))
        batch_op.create_foreign_key(op.f("fk_look_back_closure_id"), "closure", ["closure_id"], ["id"])
