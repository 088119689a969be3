"""A message to a group is an outbox row of no person."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("outbox_message") as batch_op:
        batch_op.alter_column("person_id", existing_type=_ID, nullable=True)
