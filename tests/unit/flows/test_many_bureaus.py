"""The day's work is cut by tasks: what the database is asked does not grow with the number of bureaus that hold them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import delete, event, select

from core.db import Database
from flows.runner import run_job
from flows.schedule import JOBS
from models.district import DayFigure
from models.job import JobRun
from models.mail import OutboxMessage, Told
from models.review import ReviewCycle, Summary
from rectification.casework import IssueOrder
from rectification.halfyear.summaries import compute_summary, last_month
from rectification.halfyear.summary_versions import read_summary
from tasks.workplace import Workplace
from tests.factories import make_bureau, make_task
from tests.offices import found_offices

DAY = date(2026, 7, 1)
"""The month's first working day, within a review's window, and the week's first run: every job acts."""
FEW, MANY = 3, 12


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(*of_statement: object) -> None:
        if not str(of_statement[2]).startswith("INSERT"):
            asked.append(str(of_statement[2]))

    for engine in (database.reader, database.writer):
        event.listen(engine, "before_cursor_execute", note)
    yield asked
    for engine in (database.reader, database.writer):
        event.remove(engine, "before_cursor_execute", note)


def asked_by(place: Workplace, job: str, bureaus: int, *, first: int = 1) -> int:
    """What the job's day asks, with so many more bureaus of one task each; all are in one shard."""
    found_offices(place.database, bureaus, due_on=date(2026, 6, 30), first=first)
    with place.database.unit_of_work() as session:
        for table in (JobRun, Told, OutboxMessage, Summary, DayFigure, ReviewCycle):
            session.execute(delete(table))
    with statements(place.database) as asked:
        outcome = run_job(job, {"day": DAY})
    assert outcome.shards == 1
    return len(asked)


@pytest.mark.parametrize(
    "job", [job.name for job in JOBS.values() if job.by_bureau and job.name != "annual_report"]
)
def test_four_times_as_many_bureaus_are_no_more_questions(place: Workplace, job: str) -> None:
    run_job(job, {"day": DAY})  # what is asked once in a process is not counted
    few = asked_by(place, job, FEW)
    many = asked_by(place, job, MANY - FEW, first=FEW + 1)
    assert many == few


def test_pages_read_together_are_those_read_one_by_one(place: Workplace) -> None:
    late, due = IssueOrder(due_on=date(2026, 4, 15)), IssueOrder(due_on=date(2026, 7, 12))
    for prefix, orders in {"": (late, due), "s-": (late,), "x-": ()}.items():
        with place.database.unit_of_work() as session:
            office = make_bureau(session, f"云山县{prefix}局", prefix=prefix)
            for order in orders:
                make_task(session, office, order=order)
    run_job("progress_summary", {"day": DAY})
    with place.database.reading() as session:
        kept = {each.bureau_id: read_summary(each) for each in session.scalars(select(Summary))}
        assert [len(kept[each].rows) for each in sorted(kept)] == [2, 1, 0]
        assert [len(kept[each].stuck) for each in sorted(kept)] == [1, 1, 0]
        for bureau_id, page in kept.items():
            assert page == compute_summary(session, bureau_id, last_month(DAY))
