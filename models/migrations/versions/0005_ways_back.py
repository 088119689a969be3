"""Ways back: for whom a stand-in signed, a task entered twice, a finding passed on, when plan and result were sent."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _reference(table: str, column: str, target: str) -> None:
    with op.batch_alter_table(table) as batch_op:
        batch_op.add_column(sa.Column(column, _ID, nullable=True))
        batch_op.create_foreign_key(op.f(f"fk_{table}_{column}"), target, [column], ["id"])


def upgrade() -> None:
    _reference("closure_step", "stands_in_for_id", "person")
    _reference("rectification_task", "duplicate_of_id", "rectification_task")
    _reference("rectification_task", "passed_from_id", "rectification_task")
    for reply in ("plan", "result"):
        op.add_column("source", sa.Column(f"{reply}_sent_on", sa.Date(), nullable=True))
        op.add_column(
            "source", sa.Column(f"{reply}_sent_no", sa.String(length=200), nullable=False, server_default="")
        )
