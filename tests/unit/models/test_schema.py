"""The fixture everybody stands on: a fresh ledger at the newest schema, on either database."""

from sqlalchemy import inspect, text

from core.db import Database
from models import schema
from models.base import Base


def test_a_fresh_ledger_stands_at_the_newest_schema(database: Database) -> None:
    assert schema.current(database) == schema.HEAD
    assert schema.upgrade(database) == schema.HEAD


def test_the_migrations_make_every_table_the_models_name(database: Database) -> None:
    with database.reader.connect() as connection:
        assert set(Base.metadata.tables) <= set(inspect(connection).get_table_names())


def test_sqlite_keeps_foreign_keys_on_after_an_upgrade(database: Database) -> None:
    if not database.is_sqlite:
        return
    schema.upgrade(database)
    with database.writer.connect() as connection:
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
