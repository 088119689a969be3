"""People and units change on pages: versions, units that were closed, who sits in a body that hears, short sign-in codes."""

import sqlalchemy as sa
from alembic import op

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
    op.create_table(
        "body_member",
        sa.Column("id", _ID, nullable=False),
        sa.Column("bureau_id", _ID, nullable=False),
        sa.Column("body", sa.String(length=200), nullable=False),
        sa.Column("part", sa.String(length=32), nullable=False),
        sa.Column("person_id", _ID, nullable=True),
        sa.Column("unit_id", _ID, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["bureau_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.UniqueConstraint("bureau_id", "body", "part", "person_id", "unit_id"),
    )
