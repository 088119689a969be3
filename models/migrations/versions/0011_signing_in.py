"""Signing in: tries by person and address, what a session shows its person, and forms that are taken once."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.drop_table("signin_failure")  # counts of a quarter of an hour
    op.create_table(
        "signin_failure",
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("let_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("login", "address", name=op.f("pk_signin_failure")),
    )
    op.create_index(op.f("ix_signin_failure_address"), "signin_failure", ["address"])
    op.create_table(
        "form_key",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_form_key")),
    )
    op.add_column("web_session", sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
    for name in ("address", "device"):
        op.add_column("web_session", sa.Column(name, sa.String(length=64), nullable=False, server_default=""))
