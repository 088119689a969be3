"""The only commit: what is written stands whole or not at all, and no update is lost."""

import os
import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core.db import Database, before_commit, database_now
from core.errors import Misconfigured
from models.enums import UnitKind
from models.job import Heartbeat
from models.organisation import Unit
from tests.postgres import running_cluster

WORKERS, ROUNDS = 4, 25


def _add_unit(session: Session, name: str) -> Unit:
    unit = Unit(kind=UnitKind.BUREAU, name=name)
    session.add(unit)
    session.flush()
    return unit


def test_postgresql_compiles_no_query(database: Database) -> None:
    for unit in (database.reading, database.unit_of_work) if not database.is_sqlite else ():
        with unit() as session:
            assert session.scalar(text("SHOW jit")) == "off"


def test_a_machine_gone_without_a_word_is_missed_within_a_minute_by_both_ends() -> None:
    """Over TCP, as machines speak: a socket in a folder has no such options."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    ours = (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT, socket.TCP_USER_TIMEOUT)
    theirs = ("keepalives_idle", "keepalives_interval", "keepalives_count", "user_timeout")
    settings = {"listen_addresses": "127.0.0.1", "port": str(port), "fsync": "off"}
    with (
        running_cluster(settings),
        Database(f"postgresql+psycopg://rectify@127.0.0.1:{port}/postgres") as database,
    ):
        for unit in (database.reading, database.unit_of_work):
            with unit() as session:
                driver: Any = session.connection().connection.driver_connection
                with socket.socket(fileno=os.dup(driver.fileno())) as end:
                    assert end.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
                    assert [end.getsockopt(socket.IPPROTO_TCP, each) for each in ours] == [30, 10, 3, 60_000]
                said = [session.scalar(text(f"SHOW tcp_{name}")) for name in theirs]
                assert said == ["30", "10", "3", "60000"]


def test_concurrent_read_then_write_loses_no_update(database: Database) -> None:
    with database.unit_of_work() as session:
        _add_unit(session, "0")

    def add_one(_: int) -> None:
        for _ in range(ROUNDS):
            with database.unit_of_work() as session:
                unit = session.scalars(select(Unit).with_for_update()).one()
                unit.name = str(int(unit.name) + 1)

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(add_one, range(WORKERS)))
    with database.reading() as session:
        assert session.scalars(select(Unit.name)).one() == str(WORKERS * ROUNDS)


def test_a_failed_unit_of_work_leaves_nothing(database: Database) -> None:
    def fail_halfway() -> None:
        with database.unit_of_work() as session:
            _add_unit(session, "某局")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()
    with database.reading() as session:
        assert session.scalars(select(Unit)).all() == []


def test_reading_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError), database.reading() as session:
        _add_unit(session, "某局")


def test_reading_sees_one_state_while_another_writes(database: Database) -> None:
    with database.unit_of_work() as session:
        _add_unit(session, "甲局")
    with database.reading() as session:
        before = len(session.scalars(select(Unit.id)).all())
        with database.unit_of_work() as other:
            _add_unit(other, "乙局")
        assert len(session.scalars(select(Unit.id)).all()) == before


def test_what_must_come_last_runs_once_just_before_the_commit(database: Database) -> None:
    calls: list[str] = []

    def last(session: Session) -> None:
        calls.append("last")
        session.add(Heartbeat(name="x", at=datetime(2026, 1, 1, tzinfo=UTC)))
        session.flush()

    with database.unit_of_work() as session:
        before_commit(session, last)
        before_commit(session, last)
        calls.append("work")
    assert calls == ["work", "last"]
    with database.reading() as session:
        assert session.get(Heartbeat, "x") is not None


def test_moments_come_back_aware_and_to_the_microsecond(database: Database) -> None:
    moment = datetime(2026, 6, 30, 15, 59, 59, 123456, tzinfo=UTC)
    with database.unit_of_work() as session:
        session.add(Heartbeat(name="x", at=moment))
    with database.reading() as session:
        assert session.get_one(Heartbeat, "x").at == moment
    with pytest.raises(Exception, match="naive datetime"), database.unit_of_work() as session:
        session.add(Heartbeat(name="y", at=datetime(2026, 1, 1)))  # noqa: DTZ001


def test_the_databases_clock_is_the_present(database: Database) -> None:
    with database.reading() as session:
        assert abs(database_now(session) - datetime.now(UTC)) < timedelta(minutes=1)


def test_foreign_keys_hold(database: Database) -> None:
    with pytest.raises(DBAPIError), database.unit_of_work() as session:
        session.execute(text("INSERT INTO chain_head (bureau_id, sequence, hash) VALUES (999, 0, '')"))


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense", "postgresql+asyncpg://x/y"])
def test_another_kind_of_database_is_refused_by_name(url: str) -> None:
    with pytest.raises(Misconfigured):
        Database(url)


def test_a_dead_server_is_said_in_one_line_without_the_password() -> None:
    database = Database("postgresql+psycopg://someone:s3cret@127.0.0.1:1/none")
    with pytest.raises(Misconfigured) as refusal, database.reading() as session:
        session.execute(text("SELECT 1"))
    assert "连不上数据库" in refusal.value.line
    assert "s3cret" not in refusal.value.line


def test_a_failing_statement_tells_no_values(database: Database) -> None:
    with pytest.raises(DBAPIError) as failed, database.unit_of_work() as session:
        session.execute(text("INSERT INTO no_such_table VALUES (:text)"), {"text": "某企业氨气泄漏未报"})
    assert "某企业" not in str(failed.value)
