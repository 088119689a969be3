"""The database: one engine for writing, one for reading, and the only commit of the whole program.

On SQLite every writing unit is BEGIN IMMEDIATE: with the driver's own transactions concurrent read-then-write lost
updates in silence (docs/decisions/0003). Reading has a connection of its own that cannot write.
"""

import os
import socket
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import Any, Final, Self

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.orm import Session

from core.errors import Conflict, Misconfigured, Unavailable
from core.machine import machine_trouble

PATIENCE: Final = 30.0
"""Seconds a statement waits for another writer on SQLite."""
CONNECTIONS: Final = 20
"""The most for reading, and as many for writing; half of them are kept open."""
PROCESS: Final = f"{socket.gethostname()[:40]}:{os.getpid()}"
"""This process, among all machines that work on a ledger."""
_OURS: Final = f"rectify {PROCESS}"
_MISSES_SOON: Final = {
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,  # where an answer is under way already, and nobody acknowledges it
}
"""Said to both ends: a machine gone without a word holds its locks for a minute, and not for the system's two hours."""
_OTHERS: Final = text(
    "SELECT DISTINCT substr(application_name, 9) FROM pg_stat_activity WHERE datname = current_database()"
    " AND application_name LIKE 'rectify %' AND application_name <> :ours ORDER BY 1"
)
_LAST: Final = "rectify.before_commit"


class Database:
    """Where the ledger is kept. `schema`, once it is set, is the revision this program writes: at any other it stops writing.

    Raises: Misconfigured, for a URL that is neither SQLite nor PostgreSQL.
    """

    schema: str | None = None

    def __init__(self, url: str) -> None:
        try:
            parsed = make_url(url)
        except ArgumentError as error:
            raise Misconfigured(
                "数据库地址读不懂", "", "RECTIFY_DATABASE_URL 形如 postgresql://用户:密码@主机/库名"
            ) from error
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        if not self.is_sqlite and parsed.drivername != "postgresql+psycopg":
            raise Misconfigured(f"不支持的数据库 {parsed.drivername}", "", "请使用 SQLite 或 PostgreSQL")
        self.url = parsed
        self.writer = self._engine(CONNECTIONS, PATIENCE)
        # Connections of its own: set up once, not for every page, and a page that writes waits for no reader.
        self.reader = self._engine(CONNECTIONS, PATIENCE, is_read_only=True)

    def _engine(self, connections: int, patience: float, *, is_read_only: bool = False) -> Engine:
        """An engine with so many connections, or with one that is not kept where none are said."""
        kept, spare = connections // 2, connections - connections // 2
        pool: dict[str, Any] = (
            {"pool_size": kept, "max_overflow": spare} if connections else {"poolclass": NullPool}
        )
        if self.is_sqlite:
            begin = "BEGIN" if is_read_only else "BEGIN IMMEDIATE"
            return _sqlite_engine(self.url, pool, begin=begin, read_only=is_read_only, patience=patience)
        pool["connect_args"] = {"application_name": _OURS, **_MISSES_SOON}
        if not connections:
            waits = f"-c lock_timeout={patience * 1000:.0f} -c statement_timeout={patience * 1000:.0f}"
            pool["connect_args"] |= {"connect_timeout": max(round(patience), 2), "options": waits}
        if is_read_only:
            pool["isolation_level"] = "REPEATABLE READ"
        engine = create_engine(self.url, pool_pre_ping=True, hide_parameters=True, **pool)
        if is_read_only:
            event.listen(engine, "connect", _read_only)
        event.listen(engine, "connect", _set_up, insert=True)
        return engine

    @contextmanager
    def unit_of_work(self, patience: float | None = None) -> Iterator[Session]:
        """One transaction that writes: committed when the block ends, undone when it raises.

        What is rolled back within (a preview) leaves nothing to be done before the commit either. With `patience` it
        has a connection of its own, which waits no longer for anybody than so many seconds.

        Raises: Unavailable, where the ledger is away, held by another program, out of room, or of another schema.
        """
        engine = self.writer if patience is None else self._engine(0, patience)
        try:
            with _told_when_unusable(self), Session(engine, expire_on_commit=False) as session:
                event.listen(session, "after_rollback", lambda undone: undone.info.clear())
                event.listen(session, "after_begin", lambda *begun: self.must_be_ours(begun[-1]))
                yield session
                session.flush()
                for last, _ in sorted(session.info.pop(_LAST, ()), key=lambda each: each[1]):
                    last(session)
                session.commit()
        finally:
            if engine is not self.writer:
                engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One transaction that only reads, from one consistent state."""
        with (
            _told_when_unusable(self, to_write=False),
            Session(self.reader, expire_on_commit=False) as session,
        ):
            yield session

    def must_be_ours(self, connection: Connection) -> None:
        """Read in each writing transaction, of one row: another program may have changed the schema since we opened it.

        Raises: Unavailable.
        """
        found = self.schema and connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        if found != self.schema:
            raise Unavailable(
                "台账与程序的版本不一致，程序已停止写入",
                f"台账是 {found}，程序是 {self.schema}",
                "请停止程序，换上与台账同一版本的程序后再启动",
            )

    def must_be_alone(self) -> None:
        """Asked of locks and connections, which end with a process however it ends.

        Raises: Conflict, while another process has this ledger open.
        """
        others = "rectify up"
        if self.is_sqlite:
            with closing(sqlite3.connect(str(self.url.database), timeout=0)) as own:
                try:
                    own.execute("PRAGMA journal_mode=DELETE")  # the last one alone may leave the log
                    return
                except sqlite3.OperationalError as error:
                    if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                        raise
        else:
            with self.reading() as session:
                others = "、".join(others_at_work(session))
            self.dispose()
        if others:
            todo = "请先停止 rectify up、rectify sender 和 Prefect worker，再运行本命令"
            raise Conflict("还有程序打开着台账，没有改动它", others, todo)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.dispose()

    def dispose(self) -> None:
        """Close every connection."""
        self.writer.dispose()
        self.reader.dispose()


def before_commit(session: Session, last: Callable[[Session], None], *, place: int = 0) -> None:
    """Run `last` once, just before this unit of work commits: for locks that must be held the shortest time.

    By `place`: whoever takes two such locks takes them in one order.
    """
    waiting: list[tuple[Callable[[Session], None], int]] = session.info.setdefault(_LAST, [])
    if (last, place) not in waiting:
        waiting.append((last, place))


def insert_if_new(session: Session, table: type[Any], **values: object) -> bool:
    """Whether a row was inserted: nothing happens where one of its key stands, which others may just be inserting."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    new = insert(table).values(**values).on_conflict_do_nothing()
    done: Any = session.execute(new, execution_options={"preserve_rowcount": True})
    return bool(done.rowcount == 1)


def others_at_work(session: Session) -> list[str]:
    """The other processes that have this ledger open on PostgreSQL, as each calls itself (`PROCESS`); none is known of on SQLite."""
    if session.get_bind().dialect.name == "sqlite":
        return []
    return list(session.scalars(_OTHERS, {"ours": _OURS}))


def database_now(session: Session) -> datetime:
    """The database's own clock, aware: leases are judged by it, never by a business day or a machine's clock."""
    if session.get_bind().dialect.name == "sqlite":
        stamp = session.execute(text("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')")).scalar_one()
        return datetime.fromisoformat(stamp).replace(tzinfo=UTC)
    moment: datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    return moment


@contextmanager
def _told_when_unusable(database: Database, *, to_write: bool = True) -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        trouble = machine_trouble(error)
        if trouble and (
            to_write or "readonly" not in str(error.orig)
        ):  # writing while reading is our mistake
            raise trouble from error
        if error.connection_invalidated or error.statement is None:
            where = database.url.render_as_string(hide_password=True)
            raise Unavailable(
                "连不上数据库",
                f"{where}：{str(error.orig).strip().splitlines()[0]}",
                "请确认数据库已启动、地址和密码正确",
            ) from error
        raise


def _set_up(connection: Any, record: object) -> None:
    """No JIT: it took two seconds to compile the board's query, which runs in thirty milliseconds. And the server misses us soon."""
    del record
    connection.autocommit = True
    connection.execute("SET jit TO off")
    for name, value in _MISSES_SOON.items():
        connection.execute(f"SET tcp_{name.removeprefix('tcp_')} TO {value}")
    connection.autocommit = False


def _read_only(connection: Any, record: object) -> None:
    del record
    connection.read_only = True


def _sqlite_engine(
    url: URL, pool: Mapping[str, Any], *, begin: str, read_only: bool, patience: float
) -> Engine:
    engine = create_engine(url, connect_args={"timeout": patience}, hide_parameters=True, **pool)

    @event.listens_for(engine, "connect")
    def _connected(connection: DBAPIConnection, record: Any) -> None:
        del record
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys=ON")
        if read_only:
            cursor.execute("PRAGMA query_only=ON")
        else:
            cursor.execute("PRAGMA journal_mode=WAL")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
