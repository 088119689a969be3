"""The history tells everything that decides; the office has a chain of its own.

What no event of before had told is put on the chains by the first program that opens the ledger: a migration could not
say it without the rules of the heart (docs/decisions/0005).
"""

import sqlalchemy as sa
from alembic import op

from models.notation import make_tables

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column(
        "chain_head", sa.Column("is_whole", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    make_tables(
        """
office_event: sequence int; verb 32; actor_id -> person?; recorder_id -> person?; channel 32; at time;
    changes json; previous_hash, hash 64
    unique sequence
office_head: id int!; sequence int; hash 64
"""
    )
