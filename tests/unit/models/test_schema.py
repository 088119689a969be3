"""The fixture everybody stands on: a fresh ledger at the newest schema, on either database."""

import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.orm import Session

from core.db import Database
from core.errors import Unavailable
from models import schema
from models.base import Base
from models.job import Heartbeat, beat
from models.organisation import Person
from models.report import Source
from tests.conftest import SQLITE_AND_POSTGRESQL


@pytest.fixture(params=SQLITE_AND_POSTGRESQL)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a database without any table stands."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'first.db'}"
        return
    cluster = request.getfixturevalue("cluster")
    name = cluster.create()
    yield cluster.url(name)
    cluster.drop(name)


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


def test_a_ledger_of_the_first_schema_is_upgraded_with_its_rows(empty_url: str) -> None:
    database = Database(empty_url)
    try:
        schema.upgrade(database, to="0001")
        with database.writer.begin() as connection:
            for statement in FIRST_ROWS:
                connection.execute(text(statement))
        assert schema.upgrade(database) == "0001"
        with database.reading() as session:
            assert schema.current(database) == schema.HEAD
            told = session.execute(select(Person.login, Person.wants_mail).order_by(Person.id)).all()
            assert [tuple(row) for row in told] == [("zhang", True), ("li", True)]
            sources = session.execute(select(Source.title, Source.is_published).order_by(Source.id)).all()
            assert [tuple(row) for row in sources] == [("2024年度报告", True), ("督察反馈", False)]
    finally:
        database.dispose()


def test_a_program_stops_writing_once_another_one_changed_the_schema(database: Database) -> None:
    now = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
    schema.require_current(database)
    with database.unit_of_work() as session:
        beat(session, "sender", now)
    for other, comes_back in (("9999", False), ("0001", False), (schema.HEAD, True)):
        with database.writer.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :other"), {"other": other})
        if comes_back:
            break
        for _ in range(2):  # and its connections are as good as before
            with (
                pytest.raises(Unavailable, match=f"已停止写入。台账是 {other}"),
                database.unit_of_work() as session,
            ):
                beat(session, "other", now)
        with database.reading() as session:
            beats = session.scalars(select(Heartbeat)).all()
            assert [(each.name, each.trouble) for each in beats] == [("sender", "")]
    with database.unit_of_work() as session:
        beat(session, "other", now)


def test_nobody_writes_while_the_schema_is_being_changed(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who began before is waited for; who begins meanwhile waits, and is refused if it became another schema."""
    schema.require_current(database)
    whole, told = schema._must_be_whole, []

    def write(session: Session) -> None:
        beat(session, "late", datetime(2026, 3, 2, tzinfo=UTC))

    def late() -> None:
        try:
            with database.unit_of_work() as session:
                write(session)
        except Unavailable as error:
            told.append(error.what)

    def changed(connection: Connection, rows: Mapping[str, int]) -> None:
        whole(connection, rows)
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        late_one.start()
        late_one.join(0.5)
        assert late_one.is_alive()

    monkeypatch.setattr(schema, "_must_be_whole", changed)
    late_one, upgrade = (
        threading.Thread(target=late),
        threading.Thread(target=schema.upgrade, args=(database,)),
    )
    with database.unit_of_work() as early:
        write(early)
        upgrade.start()
        upgrade.join(0.5)
        assert not late_one.ident
    upgrade.join()
    late_one.join()
    assert told == ["台账与程序的版本不一致，程序已停止写入"]


def test_who_writes_already_prepares_the_ledger_while_another_waits_to_upgrade_it(database: Database) -> None:
    """Each would wait for the other otherwise, and one of two programs that start at once would end."""
    schema.require_current(database)
    upgrade = threading.Thread(target=schema.upgrade, args=(database,))
    with database.unit_of_work() as early:
        early.connection()
        upgrade.start()
        upgrade.join(0.5)
        assert upgrade.is_alive()
        schema.take_turns(early.connection())
        beat(early, "early", datetime(2026, 3, 2, tzinfo=UTC))
    upgrade.join()
    with database.reading() as session:
        assert session.scalars(select(Heartbeat.name)).all() == ["early"]


_PERSON = "id, bureau_id, unit_id, login, name, position, phone, email, is_active, wants_mail, password_hash"
_REPORT = "id, bureau_id, source_id, title, org, year, file_name, format, sha256, text, hints, leftovers, imported_at"
_AT = "'2025-03-01 00:00:00+00:00'"
FIRST_ROWS = [
    f"INSERT INTO {table} ({columns}) VALUES ({values})"
    for table, columns, values in (
        (
            "unit",
            "id, bureau_id, kind, name, is_home, is_active, code_prefix, releases_rows",
            "1, 1, 'bureau', '某局', true, true, '', false",
        ),
        ("person", _PERSON, "1, 1, 1, 'zhang', '张三', '', '', '', true, false, ''"),
        ("person", _PERSON, "2, 1, 1, 'li', '李四', '', '', '', true, false, ''"),
        ("source_kind", "id, bureau_id, name, position, is_active", "1, 1, '本单位报告', 1, true"),
        ("source_kind", "id, bureau_id, name, position, is_active", "2, 1, '法治督察', 2, true"),
        (
            "source",
            "id, bureau_id, kind_id, title, paper_no, issuing_body",
            "1, 1, 1, '2024年度报告', '', ''",
        ),
        ("source", "id, bureau_id, kind_id, title, paper_no, issuing_body", "2, 1, 2, '督察反馈', '', ''"),
        ("report", _REPORT, f"1, 1, 1, '报告', '某局', 2024, 'a.txt', 'txt', 'a', '', '[]', '[]', {_AT}"),
    )
]


def test_the_migrations_make_exactly_what_the_models_say(database: Database) -> None:
    """`alembic revision --autogenerate` would find nothing to do."""
    with database.reader.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        assert compare_metadata(context, Base.metadata) == []
