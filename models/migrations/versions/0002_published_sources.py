"""Sources say whether they are published; everybody is told by mail unless they switch it off."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column(
        "source", sa.Column("is_published", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    source = sa.table("source", sa.column("id"), sa.column("is_published"))
    report = sa.table("report", sa.column("source_id"))
    own = source.c.id.in_(sa.select(report.c.source_id))
    op.execute(source.update().where(own).values(is_published=sa.true()))
    # Until now no page, command or sheet could set the switch: nobody ever chose "off".
    op.execute(sa.table("person", sa.column("wants_mail")).update().values(wants_mail=sa.true()))
