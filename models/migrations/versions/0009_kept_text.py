"""Text kept over a sign-in, and what keeps a resident part from its work."""

import sqlalchemy as sa
from alembic import op

from models.notation import make_tables

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    make_tables(
        "kept_text: person_id -> person; place, action text; fields, files json; at time; index person_id"
    )
    op.add_column("heartbeat", sa.Column("trouble", sa.Text(), nullable=False, server_default=""))
