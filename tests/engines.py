"""What tests of one session share, so that a ledger of its own costs a test little.

Each test opens its own ledger, and SQLAlchemy compiles every statement anew for each: that alone was two fifths of the
suite. Here all engines of a kind have one dialect and one store of compiled statements. SQLite waits for no disk.
"""

from typing import Any

import sqlalchemy
from sqlalchemy import Engine, event

from core import db

_FIRST: dict[tuple[str, object], Engine] = {}


def share_compiled_statements() -> None:
    """Let every `Database` of this process be made so."""
    vars(db)["create_engine"] = _create_engine


def _create_engine(url: Any, **options: Any) -> Engine:
    engine = sqlalchemy.create_engine(url, **options)
    key = (engine.dialect.name, options.get("isolation_level"))
    if first := _FIRST.get(key):
        engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
    else:  # to be shared, a dialect must have seen its database once
        event.listen(engine, "first_connect", lambda *_: _FIRST.setdefault(key, engine))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _wait_for_no_disk)
    return engine


def _wait_for_no_disk(connection: Any, record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")
