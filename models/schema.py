"""The schema's version: bringing a database up to date, and refusing one that is not."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from core.db import Database
from core.errors import Conflict, Misconfigured
from models.all_tables import Base  # and every table a session's foreign keys reach

HEAD: Final = "0015"
_OURS: Final = {"alembic_version", *Base.metadata.tables}
_MIGRATIONS: Final = Path(__file__).parent / "migrations"
_MIGRATES: Final = 0x52656374696679  # "Rectify"
"""The turn of whoever migrates, who waits for all who write."""
_PREPARES: Final = _MIGRATES + 1
"""The turn of whoever writes already: in one turn the two would wait for each other."""


def current(database: Database) -> str | None:
    """The revision the database stands at; None where it is empty."""
    with database.reading() as session:
        return _revision(session.connection())


def require_current(database: Database) -> None:
    """Create an empty database's tables; refuse one of another version, and writing from the moment it becomes one.

    Raises: Misconfigured, where the schema is older (upgrade it) or newer (upgrade the program).
    """
    found = require_not_newer(database)
    if found is None:
        upgrade(database)
    elif found < HEAD:
        raise Misconfigured(
            f"数据库的版本是 {found}，本程序需要 {HEAD}", "", "请运行 rectify upgrade（升级前会自动备份）"
        )
    database.schema = HEAD


def require_not_newer(database: Database) -> str | None:
    """The revision the database stands at. Raises: Misconfigured, where a newer program wrote it."""
    found = current(database)
    if found is not None and found > HEAD:
        raise Misconfigured(
            f"数据库的版本 {found} 比本程序（{HEAD}）新", "用旧程序写新数据库会损坏台账", "请升级程序后再启动"
        )
    return found


def upgrade(database: Database, *, to: str | None = None) -> str | None:
    """Run every migration that is missing (up to `to`), in one transaction. Returns the revision it started from.

    Raises: Conflict, where rows were lost or point nowhere; the ledger stays as it was.
    Two processes may call it at once: the second waits and finds nothing to do. SQLite's foreign keys are off
    meanwhile (rebuilding a parent table would otherwise touch its children) and are checked at the end.
    """
    with database.writer.connect() as connection:
        if database.is_sqlite:
            connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                before = migrate(connection, to or HEAD)
        finally:
            if database.is_sqlite:
                connection.connection.cursor().execute("PRAGMA foreign_keys=ON")
    return before


def migrate(connection: Connection, to: str, *, anew: bool = False) -> str | None:
    """The same within a transaction of the caller's; `anew` on PostgreSQL from empty tables, whatever stood there.

    On PostgreSQL writers, who all read the revision, wait until it ends.
    """
    from alembic import command
    from alembic.config import Config

    _wait_for(connection, _MIGRATES)
    before = _revision(connection)
    if anew and (tables := _OURS.intersection(inspect(connection).get_table_names())):
        connection.execute(text(f"DROP TABLE {', '.join(tables)} CASCADE"))
    elif before is not None and connection.dialect.name != "sqlite":
        connection.execute(text("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE"))
    rows = _count(connection)
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS))
    command.upgrade(config, to)
    _must_be_whole(connection, rows)
    return before


def take_turns(connection: Connection) -> None:
    """Wait until no other process prepares this ledger; ours until the transaction ends. On SQLite writing is such a turn."""
    _wait_for(connection, _PREPARES)


def _wait_for(connection: Connection, turn: int) -> None:
    if connection.dialect.name != "sqlite":
        connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": turn})


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def _count(connection: Connection) -> dict[str, int]:
    names = inspect(connection).get_table_names()
    return {name: connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0 for name in names}  # noqa: S608


def _must_be_whole(connection: Connection, rows: Mapping[str, int]) -> None:
    now = _count(connection)
    wrong = [f"表 {name} 的记录少了" for name, count in rows.items() if now.get(name, 0) < count]
    if connection.dialect.name == "sqlite" and (
        broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    ):
        wrong.append(f"表 {broken[0]} 的第 {broken[1]} 行指向不存在的记录")
    if wrong:
        raise Conflict("数据库升级已撤销", "；".join(wrong), "请继续用旧程序，并把这句话告诉程序的提供者")
