"""Signing in: tries by person and address, what a session shows its person, and forms that are taken once."""

import sqlalchemy as sa
from alembic import op

from models.notation import make_tables

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.drop_table("signin_failure")  # counts of a quarter of an hour
    make_tables(
        """
signin_failure: login 64!; address 64!; tries int; at time; let_in_at time?
    index address
form_key: key 64!; at time
"""
    )
    op.add_column("web_session", sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
    for name in ("address", "device"):
        op.add_column("web_session", sa.Column(name, sa.String(length=64), nullable=False, server_default=""))
