"""A ledger as one SQLite file: taken from either database while it runs, put back into either.

Both databases share one set of migrations, so a PostgreSQL ledger can be held by SQLite row for row. A backup is thus
one format that any machine opens without a server, and moving an office to the other database is a restore.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import JSON, Connection, DateTime, MetaData, Table, event, func, insert, select, text

from core.db import Database
from models import schema

BATCH: Final = 5_000
LEFT_OUT: Final = ("web_session", "one_time_link", "signin_failure")  # a backup signs nobody in


def take(database: Database, file: Path) -> None:
    """Write the ledger's present state to `file`, at the schema it stands at; readers and writers go on."""
    if database.is_sqlite:
        with closing(sqlite3.connect(f"file:{database.url.database}?mode=ro", uri=True)) as ledger:
            ledger.execute("VACUUM INTO ?", (str(file),))
    else:
        with _sqlite(file) as target, database.reading() as session:
            schema.upgrade(target, to=schema.current(database))
            source = session.connection(execution_options={"stream_results": True})
            with _unchecked(target) as connection:
                _copy(source, connection, _naive)
    with closing(sqlite3.connect(file)) as snapshot, snapshot:
        snapshot.execute("PRAGMA secure_delete=ON")
        for table in LEFT_OUT:
            snapshot.execute(f"DELETE FROM {table}")  # noqa: S608  (names of our own)


def put_back(file: Path, database: Database) -> None:
    """Make the ledger what `file` says, at the newest schema, in one step: whoever looks sees all of it or none.

    `file` is brought to the newest schema on the way.
    """
    with _sqlite(file) as source:
        schema.upgrade(source)
        if not database.is_sqlite:
            schema.upgrade(database)
            with source.reader.connect() as kept, database.unit_of_work() as session:
                _replace_rows(kept, session.connection())
    if database.is_sqlite:
        with (
            closing(sqlite3.connect(file)) as kept,
            closing(sqlite3.connect(str(database.url.database))) as ledger,
        ):
            kept.backup(ledger)


def _sqlite(file: Path) -> Database:
    return Database(f"sqlite:///{file}")


@contextmanager
def _unchecked(database: Database) -> Iterator[Connection]:
    """A transaction without foreign keys, for rows that arrive in no order."""
    with database.writer.connect() as connection:
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            yield connection


def _replace_rows(source: Connection, target: Connection) -> None:
    """Empty PostgreSQL's tables and fill them; foreign keys are put aside and checked as they come back."""
    keys = target.execute(
        text(
            "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
        )
    ).all()
    for table, name, _ in keys:
        target.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
    tables = _copy(source, target, _aware, empty_first=True)
    for table, name, definition in keys:
        target.execute(text(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"))
    for reflected in tables:
        if "id" in reflected.columns:
            highest = select(func.max(reflected.c.id)).scalar_subquery()
            sequence = func.pg_get_serial_sequence(reflected.name, "id")
            target.execute(select(func.setval(sequence, highest)).where(highest.is_not(None)))


def _copy(
    source: Connection,
    target: Connection,
    moment: Callable[[datetime], datetime],
    *,
    empty_first: bool = False,
) -> list[Table]:
    """Every row of every table, by what the databases themselves say of their columns, not by today's models."""
    kept, filled = _reflected(source), _reflected(target)
    tables = [table for name, table in filled.items() if name != "alembic_version"]
    if empty_first:
        target.execute(text(f"TRUNCATE {', '.join(table.name for table in tables)}"))
    for table in tables:
        rows = source.execute(select(kept[table.name])).mappings()
        moments = [name for name, column in table.columns.items() if isinstance(column.type, DateTime)]
        for batch in rows.partitions(BATCH):
            values = [dict(row) for row in batch]
            for row in values:
                for name in moments:
                    if row[name] is not None:
                        row[name] = moment(row[name])
            target.execute(insert(table), values)
    return tables


def _reflected(connection: Connection) -> dict[str, Table]:
    metadata = MetaData()
    event.listen(metadata, "column_reflect", _keep_null_apart)
    metadata.reflect(connection, resolve_fks=False)
    return dict(metadata.tables)


def _keep_null_apart(inspector: object, table: Table, column: Any) -> None:
    """An absent value stays NULL; JSON's own null is kept only where a value is required."""
    del inspector, table
    if isinstance(column["type"], JSON):
        column["type"].none_as_null = column["nullable"]


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)
