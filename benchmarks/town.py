"""An invented town for benchmarks of mail: bureaus with officers and tasks, a fifth of them overdue and due to speak.

Written by COPY; everything before DAY has been told, so that a sweep of DAY finds a normal day's work.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import insert
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from core.clock import Clock
from core.db import Database
from core.workdays import WorkCalendar
from models import schema
from models.base import Base
from notifications.letterhead import Letterhead
from rectification.office.calendar import install_shipped, load_calendar
from rectification.office.settings import DEFAULT
from rectification.reminders.rules import DayRules
from tests.postgres import Cluster, running_cluster

DAY: Final = date(2026, 6, 15)
"""A Monday: what repeats weekly speaks."""
MOMENT: Final = datetime(2026, 6, 16, 0, 30, tzinfo=UTC)
CLOCK: Final = Clock(now=MOMENT, today=DAY)
OFFICE: Final = Letterhead("http://ledger.test", "整改台账 <r@office.test>", True, ZoneInfo("Asia/Shanghai"))
DURABLE: Final = {"listen_addresses": "''", "max_connections": "50", "shared_buffers": "256MB"}
WEEKS: Final = 10


@dataclass(frozen=True)
class Size:
    """How large a town is; officers and tasks are spread evenly over the bureaus."""

    tasks: int
    officers: int
    bureaus: int

    @property
    def overdue(self) -> int:
        return self.tasks // 5


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server that forgoes no safety."""
    with running_cluster(DURABLE) as cluster:
        yield cluster


@contextmanager
def town(cluster: Cluster, size: Size, *, is_told: bool = True) -> Iterator[Database]:
    """A database that holds the town; where it is not told, nobody has ever heard anything."""
    name = cluster.create()
    database = Database(cluster.url(name))
    try:
        schema.upgrade(database)
        with database.unit_of_work() as session:
            install_shipped(session, CLOCK)
            fill(session, size, is_told=is_told)
        with database.writer.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM ANALYZE")
        yield database
    finally:
        database.dispose()
        cluster.drop(name)


def fill(session: Session, size: Size, *, is_told: bool) -> None:
    """Write the town; a small one goes into SQLite too."""
    calendar = load_calendar(session)
    speaking = _speaking(calendar)
    _copy(
        session,
        "unit",
        "id bureau_id kind name is_home is_active code_prefix releases_rows",
        (
            (bureau, bureau, "bureau", f"第{bureau}局", False, True, f"B{bureau}-", False)
            for bureau in range(1, size.bureaus + 1)
        ),
    )
    _copy(
        session,
        "source_kind",
        "id bureau_id name position is_active",
        ((bureau, bureau, "年度报告", 1, True) for bureau in range(1, size.bureaus + 1)),
    )
    _copy(
        session,
        "source",
        "id bureau_id kind_id title paper_no issuing_body",
        ((bureau, bureau, bureau, "2025年度报告", "", "") for bureau in range(1, size.bureaus + 1)),
    )
    _copy(
        session,
        "person",
        "id bureau_id unit_id login name position phone email is_active wants_mail password_hash",
        (
            (
                officer,
                bureau,
                bureau,
                f"officer{officer}",
                f"张{officer}",
                "",
                "",
                f"o{officer}@office.test",
                True,
                True,
                "",
            )
            for officer in range(1, size.officers + 1)
            for bureau in (_bureau(officer, size),)
        ),
    )
    _copy(
        session,
        "rectification_task",
        _TASK,
        (_task(number, size, speaking) for number in range(1, size.tasks + 1)),
    )
    if is_told:
        rules = DayRules(DAY, calendar, DEFAULT)
        told = (
            (
                _bureau(_officer(number, size), size),
                _officer(number, size),
                number,
                rung,
                due_on,
                "officer",
                DAY,
                "told",
            )
            for number in range(1, size.overdue + 1)
            for due_on in (speaking[number % WEEKS],)
            for rung in _rungs_before(rules, due_on)
        )
        _copy(session, "told", "bureau_id person_id task_id rung due_on part day status", told)


def _rungs_before(rules: DayRules, due_on: date) -> list[int]:
    """What was told of a date before DAY: all but the last rung it has reached."""
    reached = rules.reached(rules.deadline, due_on)
    if reached is None:
        return []
    steps = [step for step in rules.deadline.steps if step <= reached.rung]
    return [*steps, *reached.heard(None)][:-1]


_TASK: Final = (
    "id bureau_id code kind status version title text cause category goal remark source_id lead_unit_id officer_id"
    " approval_level time_limit issued_on due_on original_due_on paused_days deadline_on extension_count is_confirmed"
    " is_supervised is_recurring is_restricted is_publicity_required created_at"
)


def _task(number: int, size: Size, speaking: list[date]) -> tuple[Any, ...]:
    officer = _officer(number, size)
    bureau = _bureau(officer, size)
    due_on = speaking[number % WEEKS] if number <= size.overdue else DAY + timedelta(days=90 + number % 200)
    title, text = f"2025年报告·不足第{number}项", "行政执法公示不够及时，个别科室未按规定时限公开处罚决定。"
    head = (
        number,
        bureau,
        f"B{bureau}-2025-{number}",
        "shortcoming",
        "in_progress",
        1,
        title,
        text,
        "",
        "",
        "",
        "",
    )
    return (
        *head, bureau, bureau, officer, "leader", "dated", date(2025, 3, 3), due_on, due_on, 0, due_on, 0, False,
        False, False, False, False, MOMENT,
    )  # fmt: skip


def _officer(number: int, size: Size) -> int:
    return (number - 1) % size.officers + 1


def _bureau(officer: int, size: Size) -> int:
    return (officer - 1) * size.bureaus // size.officers + 1


def _speaking(calendar: WorkCalendar) -> list[date]:
    """Dates that speak on DAY: one, five, ten … working days ago."""
    return [calendar.shift(DAY, -1), *(calendar.shift(DAY, -5 * week) for week in range(1, WEEKS))]


def _copy(session: Session, name: str, columns: str, rows: Iterator[tuple[Any, ...]]) -> None:
    """Insert rows; a column not named has its default."""
    table = Base.metadata.tables[name]
    named = columns.split()
    defaults = {
        column.name: column.default.arg
        for column in table.columns
        if column.name not in named and isinstance(column.default, ScalarElementColumnDefault)
    }
    rest = tuple(defaults.values())
    all_columns = [*named, *defaults]
    if session.get_bind().dialect.name == "sqlite":
        session.execute(insert(table), [dict(zip(all_columns, (*row, *rest), strict=True)) for row in rows])
        return
    driver: Any = session.connection().connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {name} ({', '.join(all_columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row((*row, *rest))
