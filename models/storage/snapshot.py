"""A ledger as one SQLite file: taken from either database while it runs, put back into either.

Both databases share one set of migrations, so a PostgreSQL ledger can be held by SQLite row for row. A backup is thus
one format that any machine opens without a server, and moving an office to the other database is a restore.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Integer,
    MetaData,
    Table,
    Text,
    cast,
    func,
    select,
    text,
)
from sqlalchemy.orm import Session

from core.db import Database
from models import schema

BATCH: Final = 5_000
LEFT_OUT: Final = ("web_session", "one_time_link", "api_token", "signin_failure")  # a backup signs nobody in


WITHHELD: Final = "$argon2id$v=19$m=8,t=1,p=1$d2l0aGhlbGQ$AAAAAAAAAAAAAAAAAAAAAA"
"""In a backup stands this for a password: nothing is known that it would be the hash of."""


def take(database: Database, file: Path, *, with_passwords: bool = False) -> None:
    """Write the ledger's present state to `file`, at the schema it stands at; readers and writers go on."""
    if database.is_sqlite:
        with closing(sqlite3.connect(f"file:{database.url.database}?mode=ro", uri=True)) as ledger:
            ledger.execute("VACUUM INTO ?", (str(file),))
    else:
        with Database(f"sqlite:///{file}") as empty:
            schema.upgrade(empty, to=schema.current(database))
        with database.reading() as session, closing(sqlite3.connect(file)) as target, target:
            _copy_out(session.connection(execution_options={"stream_results": True}), target)
    with closing(sqlite3.connect(file)) as snapshot, snapshot:
        snapshot.execute("PRAGMA secure_delete=ON")
        for table in LEFT_OUT:
            snapshot.execute(f"DELETE FROM {table}")  # noqa: S608  (names of our own)
        if not with_passwords:
            snapshot.execute("UPDATE person SET password_hash = ? WHERE password_hash <> ''", (WITHHELD,))


def put_back(file: Path, database: Database, revision: str) -> None:
    """Make the ledger what `file` says, which stands at `revision`, in one step: whoever looks sees all of it or none."""
    with closing(sqlite3.connect(file)) as source:
        if database.is_sqlite:
            with closing(sqlite3.connect(str(database.url.database))) as ledger:
                source.backup(ledger)
            return
        with database.unit_of_work() as session:
            schema.migrate(session.connection(), revision, anew=True)
            _copy_in(source, session)


def _copy_out(source: Connection, target: sqlite3.Connection) -> None:
    """Every row of every table, each value already in the form SQLite keeps it in; foreign keys are off."""
    for table in _tables(source):
        places = ", ".join("?" * len(table.columns))
        statement = f"INSERT INTO {table.name} ({_names(table)}) VALUES ({places})"  # noqa: S608
        rows = source.execute(select(*(_as_sqlite_keeps(column) for column in table.columns)))
        for batch in rows.partitions(BATCH):
            target.executemany(statement, (tuple(row) for row in batch))


def _as_sqlite_keeps(column: Column[Any]) -> ColumnElement[Any]:
    match column.type:
        case DateTime():
            return func.to_char(func.timezone("UTC", column), "YYYY-MM-DD HH24:MI:SS.US")
        case Date():
            return func.to_char(column, "YYYY-MM-DD")
        case Boolean():
            return cast(column, Integer)
        case JSON():
            return cast(column, Text)
        case _:
            return column


def _copy_in(source: sqlite3.Connection, session: Session) -> None:
    """Fill PostgreSQL's tables; foreign keys are put aside and checked as they come back."""
    session.execute(text("SET LOCAL TimeZone TO 'UTC'"))  # SQLite keeps moments in UTC and does not say so
    keys = session.execute(
        text(
            "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
        )
    ).all()
    for owner, name, _ in keys:
        session.execute(text(f"ALTER TABLE {owner} DROP CONSTRAINT {name}"))
    driver: Any = session.connection().connection.driver_connection
    tables = _tables(session.connection())
    for table in tables:
        rows = source.execute(f"SELECT {_names(table)} FROM {table.name}")  # noqa: S608
        with (
            driver.cursor() as cursor,
            cursor.copy(f"COPY {table.name} ({_names(table)}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(row)
        if "id" in table.columns:
            highest = select(func.max(table.c.id)).scalar_subquery()
            sequence = func.pg_get_serial_sequence(table.name, "id")
            session.execute(select(func.setval(sequence, highest)).where(highest.is_not(None)))
    for owner, name, definition in keys:
        session.execute(text(f"ALTER TABLE {owner} ADD CONSTRAINT {name} {definition}"))


def _tables(connection: Connection) -> list[Table]:
    """The tables as the database itself has them: an older ledger has not those of today's models."""
    metadata = MetaData()
    metadata.reflect(connection, resolve_fks=False)
    return [table for name, table in metadata.tables.items() if name != "alembic_version"]


def _names(table: Table) -> str:
    return ", ".join(f'"{name}"' for name in table.columns.keys())  # noqa: SIM118  (a collection of columns, not a dict)
