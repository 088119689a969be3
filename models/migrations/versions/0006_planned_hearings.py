"""A hearing can be planned: its day, body and agenda, and who is to be there."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _refers(column: str, target: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(column, _ID, sa.ForeignKey(f"{target}.id"), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "planned_hearing",
        sa.Column("id", _ID, primary_key=True),
        _refers("bureau_id", "unit"),
        _refers("hearing_id", "hearing", nullable=True),
        sa.Column("meets_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("body", sa.String(length=200), nullable=False),
        sa.Column("topic", sa.String(length=400), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=True),
        sa.Column("moved_from", sa.Date(), nullable=True),
        sa.Column("called_off_on", sa.Date(), nullable=True),
    )
    op.create_index("ix_planned_hearing_bureau_id_meets_on", "planned_hearing", ["bureau_id", "meets_on"])
    op.create_table(
        "hearing_guest",
        sa.Column("id", _ID, primary_key=True),
        _refers("planned_hearing_id", "planned_hearing"),
        _refers("person_id", "person"),
        sa.Column("invited_on", sa.Date(), nullable=False),
        sa.Column("excused_on", sa.Date(), nullable=True),
        sa.UniqueConstraint("planned_hearing_id", "person_id"),
    )
