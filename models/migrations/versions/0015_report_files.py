"""Reports' own files in the store: their size, 0 where none is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("report", sa.Column("size", sa.Integer(), nullable=False, server_default="0"))
