"""Forms of superiors (上级表样), each kept by name with the meaning of its heads; the day a source was withdrawn."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("source", sa.Column("withdrawn_on", sa.Date()))
    op.create_table(
        "superior_form",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("bureau_id", _ID, sa.ForeignKey("unit.id"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("file_name", sa.String(length=400), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sheet", sa.String(length=200), nullable=False),
        sa.Column("heads", sa.JSON(), nullable=False),
        sa.UniqueConstraint("bureau_id", "name"),
    )
