"""A whole ledger that an earlier program wrote is upgraded on either database, and nothing of it is lost."""

import gzip
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text

from core.clock import Clock
from core.db import Database
from models import schema
from models.enums import Channel, Status
from models.history import EventText
from models.organisation import Person
from models.review import ReviewCycle
from models.task import Evidence, RectificationTask
from rectification import casework
from rectification.casework.opening import tell_what_was_untold
from rectification.halfyear.freezing import compute_cycle, version_of
from rectification.lists.case_file import CaseFile
from rectification.lists.load_case_files import case_files
from rectification.office.actors import Acting, actor_by_login
from rectification.office.calendar import load_calendar
from rectification.task.audit import verify
from tests.conftest import SQLITE_AND_POSTGRESQL

LEDGERS = Path(__file__).parents[2] / "samples" / "ledgers"
MADE_ON = date(2026, 11, 30)
PRINTED = 137, "a64fdbed95694d81b64ffad890a7bb0ceb7e6f5795bbdecc85d835dd5c25055f"
"""Count and head of the history as the program of then printed them beside its backup."""
MAY_GROW = {"task_event", "event_text", "chain_head"}
"""What a migration may add to: a change that it makes is an event."""


@pytest.fixture(params=SQLITE_AND_POSTGRESQL)
def old_ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """The ledger of 0001, as its program left it."""
    with _loaded(request, tmp_path) as database:
        yield database


@pytest.fixture(params=SQLITE_AND_POSTGRESQL, scope="module")
def upgraded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The same at the newest schema, to be read."""
    with _loaded(request, tmp_path_factory.mktemp("old")) as database:
        _bring_up(database)
        yield database


@pytest.fixture
def fresh_ledger(old_ledger: Database, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of the same kind as the old ledger, made at 0001 by the program of today."""
    if old_ledger.is_sqlite:
        with Database(f"sqlite:///{tmp_path / 'fresh.db'}") as database:
            schema.upgrade(database, to="0001")
            yield database
        return
    cluster = request.getfixturevalue("cluster")
    name = cluster.create()
    with Database(cluster.url(name)) as database:
        schema.upgrade(database, to="0001")
        yield database
    cluster.drop(name)


def _bring_up(database: Database) -> None:
    """Upgrade a ledger, and open it as the first program of today does."""
    schema.upgrade(database)
    tell_what_was_untold(database, Clock(datetime(2026, 11, 30, 1, tzinfo=UTC), MADE_ON))


@contextmanager
def _loaded(request: pytest.FixtureRequest, folder: Path) -> Iterator[Database]:
    dump = gzip.decompress((LEDGERS / f"0001.{request.param}.sql.gz").read_bytes()).decode()
    if request.param == "sqlite":
        file = folder / "rectify.db"
        with closing(sqlite3.connect(file)) as connection:
            connection.executescript(dump)
        with Database(f"sqlite:///{file}") as database:
            yield database
        return
    cluster = request.getfixturevalue("cluster")
    name = cluster.create()
    with cluster.connect(name) as connection:
        connection.execute(dump.encode())
    with Database(cluster.url(name)) as database:
        yield database
    cluster.drop(name)


def test_every_row_of_the_first_schema_is_still_there(old_ledger: Database) -> None:
    assert schema.current(old_ledger) == "0001"
    before = _counts(old_ledger)
    assert before["rectification_task"] == 25
    assert before["task_event"] == PRINTED[0]
    assert schema.upgrade(old_ledger) == "0001"
    assert schema.current(old_ledger) == schema.HEAD
    after = _counts(old_ledger)
    assert {table: after[table] for table in before.keys() - MAY_GROW} == {
        table: before[table] for table in before.keys() - MAY_GROW
    }
    assert all(after[table] >= before[table] for table in MAY_GROW)


def test_a_revision_offices_have_run_is_never_edited(old_ledger: Database, fresh_ledger: Database) -> None:
    assert _shape(fresh_ledger) == _shape(old_ledger)


def test_the_history_still_proves_itself(upgraded: Database) -> None:
    with upgraded.reading() as session:
        assert verify(session, 1, against=PRINTED).is_sound
        struck = select(EventText.text).where(EventText.is_redacted)
        assert session.scalars(struck).all() == [""]


def test_tasks_and_what_hangs_on_them_read_as_before(upgraded: Database) -> None:
    with upgraded.reading() as session:
        files = case_files(session, MADE_ON, load_calendar(session))
    assert Counter(file.row.status.value for file in files) == {
        "archived": 1,
        "assigned": 1,
        "closed": 6,
        "draft": 3,
        "in_progress": 12,
        "submitted": 1,
        "verified": 1,
    }
    overdue = {file.row.code: file.row.overdue_days for file in files if file.row.overdue_days}
    assert overdue == {"2025-001": 13, "2025-003": 4, "2025-006": 31}
    by_code = {file.row.code: file for file in files}
    _is_the_task_entered_from_another_source(by_code["2026-001"])
    from_the_table = by_code["2026-003"]
    assert (from_the_table.row.unit, from_the_table.row.officer) == ("综合执法支队", "何静")
    assert [measure.text for measure in from_the_table.measures] == ["组织持证培训", "清理外聘人员岗位"]
    assert by_code["2025-009"].is_restricted
    assert [look.has_reopened for look in by_code["2024-002"].look_backs] == [True]


def _is_the_task_entered_from_another_source(file: CaseFile) -> None:
    assert (file.row.title, file.row.officer, file.remark) == ("规范送达回证", "陈立", "督察组要求按季报送")
    done = [(measure.text, measure.owner, measure.done_on) for measure in file.measures]
    assert done == [
        ("补正送达回证", "", MADE_ON),
        ("组织专题培训", "", None),
        ("每月抽查十件案卷", "何静", None),
    ]
    assert [proof.file_name for proof in file.evidence] == ["if_proof.txt"]
    assert file.people == ("何静",)
    assert file.units == ("路政管理科",)


def test_a_half_year_frozen_then_says_the_same_now(upgraded: Database) -> None:
    with upgraded.reading() as session:
        cycle = session.scalars(select(ReviewCycle)).one()
        frozen = version_of(session, cycle).frozen
        assert frozen.figures == compute_cycle(session, cycle, said_by=MADE_ON).figures


def test_the_work_goes_on(old_ledger: Database) -> None:
    _bring_up(old_ledger)
    clock = Clock(now=datetime(2026, 12, 1, 2, tzinfo=UTC), today=date(2026, 12, 1))
    with old_ledger.unit_of_work() as session:
        officer = Acting(actor_by_login(session, "chen", today=clock.today), Channel.WEB)
        casework.progress(session, clock, officer, "2026-001", "送达回证已全部补正。")
    with old_ledger.reading() as session:
        assert verify(session, 1, against=PRINTED).is_sound
        assert session.scalars(select(Evidence.sha256).where(Evidence.file_name != "")).all()


def test_what_was_submitted_then_is_signed_as_it_was(old_ledger: Database) -> None:
    """Neither goal nor answers are asked of a closing that was asked for before they were."""
    _bring_up(old_ledger)
    clock = Clock(now=datetime(2026, 12, 1, 2, tzinfo=UTC), today=date(2026, 12, 1))
    with old_ledger.unit_of_work() as session:
        for status, verb in ((Status.VERIFIED, casework.approve), (Status.SUBMITTED, casework.verify)):
            task = session.scalars(
                select(RectificationTask).where(
                    RectificationTask.status == status, RectificationTask.kind != "plan"
                )
            ).first()
            if task is None:
                continue
            signer = session.get_one(
                Person, task.approver_id if status is Status.VERIFIED else task.reviewer_id
            )
            acting = Acting(actor_by_login(session, signer.login, today=clock.today), Channel.WEB)
            verb(session, clock, acting, task.code, "看过属实")
    with old_ledger.reading() as session:
        assert verify(session, 1, against=PRINTED).is_sound
        closed = select(RectificationTask.code).where(RectificationTask.closed_on == clock.today)
        assert session.scalars(closed).all()


def _counts(database: Database) -> dict[str, int]:
    with database.reader.connect() as connection:
        tables = set(inspect(connection).get_table_names()) - {"alembic_version"}
        return {
            table: connection.scalar(text(f'SELECT count(*) FROM "{table}"')) or 0 for table in sorted(tables)
        }


def _shape(database: Database) -> dict[str, object]:
    """Tables with their columns, indexes and foreign keys, by name."""
    with database.reader.connect() as connection:
        seen = inspect(connection)
        return {
            table: (
                [(each["name"], str(each["type"]), each["nullable"]) for each in seen.get_columns(table)],
                sorted((str(each["name"]), each["column_names"]) for each in seen.get_indexes(table)),
                sorted(
                    (each["constrained_columns"], each["referred_table"])
                    for each in seen.get_foreign_keys(table)
                ),
            )
            for table in sorted(seen.get_table_names())
        }
