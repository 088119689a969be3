"""Forms of superiors (上级表样), each kept by name with the meaning of its heads; the day a source was withdrawn."""

import sqlalchemy as sa
from alembic import op

from models.notation import make_tables

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("source", sa.Column("withdrawn_on", sa.Date()))
    make_tables(
        """
superior_form: id number!; bureau_id -> unit; name 200; file_name 400; content bytes; sheet 200; heads json
    unique bureau_id name
"""
    )
