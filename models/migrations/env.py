"""Alembic's entry: runs the migrations on the connection models/schema.py hands over, or on the configured database."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, Enum

from core.db import Database
from core.settings import load_settings
from models.all_tables import Base
from models.base import UTCDateTime


def _render_item(kind: str, item: object, autogen: AutogenContext) -> str | Literal[False]:
    """Migrations spell out plain column types, so that they do not change with the models."""
    del autogen
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    return False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=_render_item,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    with Database(load_settings().database).writer.connect() as own:
        _run(own)
        own.commit()
