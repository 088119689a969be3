"""The schema's version: bringing a database up to date, and refusing one that is not."""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

import models.all_tables  # noqa: F401  (a session needs every table its foreign keys reach)
from core.db import Database
from core.errors import Conflict, Misconfigured

HEAD: Final = "0011"
_MIGRATIONS: Final = Path(__file__).parent / "migrations"
_ADVISORY_LOCK: Final = 0x52656374696679  # "Rectify"


def current(database: Database) -> str | None:
    """The revision the database stands at; None where it is empty."""
    with database.reading() as session:
        return _revision(session.connection())


def require_current(database: Database) -> None:
    """Create an empty database's tables; refuse one of another version.

    Raises: Misconfigured, where the schema is older (upgrade it) or newer (upgrade the program).
    """
    found = require_not_newer(database)
    if found is None:
        upgrade(database)
    elif found < HEAD:
        raise Misconfigured(
            f"数据库的版本是 {found}，本程序需要 {HEAD}", "", "请运行 rectify db upgrade（升级前会自动备份）"
        )


def require_not_newer(database: Database) -> str | None:
    """The revision the database stands at.

    Raises: Misconfigured, where a newer program wrote it.
    """
    found = current(database)
    if found is not None and found > HEAD:
        raise Misconfigured(
            f"数据库的版本 {found} 比本程序（{HEAD}）新", "用旧程序写新数据库会损坏台账", "请升级程序后再启动"
        )
    return found


def upgrade(database: Database, *, to: str | None = None) -> str | None:
    """Run every migration that is missing (up to `to`), in one transaction. Returns the revision it started from.

    Two processes may call it at once: the second waits and finds nothing to do. SQLite's foreign keys are off
    meanwhile (rebuilding a parent table would otherwise touch its children) and are checked at the end.
    """
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={})
    config.set_main_option("script_location", str(_MIGRATIONS))
    with database.writer.connect() as connection:
        if database.is_sqlite:
            connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                take_turns(connection)
                before = _revision(connection)
                config.attributes["connection"] = connection
                command.upgrade(config, to or "head")
                _check_foreign_keys(connection, database)
        finally:
            if database.is_sqlite:
                connection.connection.cursor().execute("PRAGMA foreign_keys=ON")
    return before


def take_turns(connection: Connection) -> None:
    """Wait until no other process prepares this ledger; ours until the transaction ends. On SQLite writing is such a turn."""
    if connection.dialect.name != "sqlite":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def _check_foreign_keys(connection: Connection, database: Database) -> None:
    if database.is_sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
        raise Conflict(
            "数据库升级已撤销", f"表 {broken[0]} 的第 {broken[1]} 行指向不存在的记录", "请用备份恢复后再试"
        )
