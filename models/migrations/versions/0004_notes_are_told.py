"""What a digest says beside tasks is a told row as well, of no task: each flow writes its own, once."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_OF_NO_TASK = sa.text("task_id IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("told") as batch_op:
        batch_op.alter_column("task_id", existing_type=_ID, nullable=True)
        batch_op.create_index(
            "ix_told_note",
            ["person_id", "subject", "due_on"],
            unique=True,
            postgresql_where=_OF_NO_TASK,
            sqlite_where=_OF_NO_TASK,
        )
