"""People and units change on pages: versions, units that were closed, who sits in a body that hears, short sign-in codes."""

import sqlalchemy as sa
from alembic import op

from models.notation import make_tables

revision = "0008"
down_revision = "0007"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ZERO = sa.text("0")


def upgrade() -> None:
    for table in ("unit", "person"):
        op.add_column(table, sa.Column("version", sa.Integer(), nullable=False, server_default=_ZERO))
    with op.batch_alter_table("unit") as batch_op:
        batch_op.add_column(sa.Column("closed_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("merged_into_id", _ID, nullable=True))
        batch_op.create_foreign_key(op.f("fk_unit_merged_into_id"), "unit", ["merged_into_id"], ["id"])
    op.add_column(
        "one_time_link", sa.Column("code_hash", sa.String(length=255), nullable=False, server_default="")
    )
    make_tables(
        """
body_member: id number!; bureau_id -> unit; body 200; part 32; person_id -> person?; unit_id -> unit?
    unique bureau_id body part person_id unit_id
"""
    )
