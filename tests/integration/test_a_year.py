"""A year of two half-years from a real report: opening, asking, freezing, the paper, the hearing, what it decided."""

import io
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from docx import Document
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.db import Database
from core.workdays import WorkCalendar
from documents.halfyear.briefing_docx import write_briefing
from documents.yearly.annual_words import annual_words
from models.base import Base
from models.enums import Cadence, Channel, ItemKind, Status
from models.mail import OutboxMessage, Told
from models.organisation import Person
from models.task import RectificationTask
from notifications.letterhead import Letterhead
from notifications.sweep import sweep
from rectification import casework
from rectification.casework import IssueOrder, NewEvidence, NewMeasure
from rectification.halfyear import cycles, freezing, hearings, statements
from rectification.halfyear.daily_look import open_reviews
from rectification.halfyear.freezing import Version
from rectification.halfyear.hearings import NewHearing, NewResolution
from rectification.halfyear.review_days import Term
from rectification.halfyear.statements import Answer
from rectification.halfyear.summary_versions import keep_summaries
from rectification.intake.import_report import register_report
from rectification.lists.rows import TaskRow, list_tasks
from rectification.office.actors import Acting
from rectification.office.calendar import load_calendar
from rectification.yearly.drafts import annual_draft
from reports.reading import read_report
from tests.factories import Office, acting, actor, clock_on, make_bureau
from tests.reports import REPORTS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

HOUSE = Letterhead("http://ledger.test", "整改台账 <r@office.test>", True, ZoneInfo("Asia/Shanghai"))
FIRST, SECOND = Term(Cadence.HALF_YEARLY, 2026, 1), Term(Cadence.HALF_YEARLY, 2026, 2)
ISSUED = date(2026, 3, 2)


class Year:
    """2026 in one office, day by day as the jobs go."""

    def __init__(self, database: Database, office: Office, calendar: WorkCalendar) -> None:
        self.database, self.office, self.calendar = database, office, calendar
        self.today = ISSUED

    def until(self, last: date) -> None:
        """Run every morning up to `last`; each week one is missed and one is run twice."""
        while self.today <= last:
            if self.today.weekday() != 2:
                self._morning()
            if self.today.weekday() == 3:
                before = counted(self.database)
                self._morning()
                assert counted(self.database) == before
            self.today += timedelta(days=1)

    def _morning(self) -> None:
        clock, bureaus = clock_on(self.today), [self.office.bureau.id]
        with self.database.unit_of_work() as session:
            open_reviews(session, clock, bureaus)
        if self.calendar.is_workday(self.today):
            with self.database.unit_of_work() as session:
                keep_summaries(session, clock, bureaus[0])
        with self.database.unit_of_work() as session:
            sweep(session, clock, bureaus, HOUSE)

    def state_all_but_one(self, day: date) -> str:
        """The officer answers for every task but the last, whose code is returned."""
        with self.database.unit_of_work() as session:
            cycle = cycles.latest_cycle(session, self.office.bureau.id, day)
            assert cycle is not None
            lines = [line for line in statements.statement_lines(session, cycle, day) if line.is_missing]
            who = acting(session, self.office.officer, day)
            answers = [
                Answer(line.code, "已按方案推进。", late_reason="协调事项较多。") for line in lines[:-1]
            ]
            statements.state(session, clock_on(day), who, answers)
        return lines[-1].code

    def close(self, code: str, day: date) -> None:
        """From evidence to approval on successive days."""

        def proof(on: date) -> NewEvidence:
            return NewEvidence(archive_no=f"档{code}", own_date=on)

        steps: tuple[tuple[Person, Callable[[Session, Clock, Acting, date], object]], ...] = (
            (self.office.officer, lambda s, c, a, on: casework.finish_measure(s, c, a, code, 1)),
            (self.office.officer, lambda s, c, a, on: casework.evidence(s, c, a, code, proof(on))),
            (
                self.office.officer,
                lambda s, c, a, _: casework.submit(s, c, a, code, f"{code}所列问题已逐件核对补齐。"),
            ),
            (self.office.reviewer, lambda s, c, a, _: casework.verify(s, c, a, code, "现场核查属实。")),
            (self.office.leader, lambda s, c, a, _: casework.approve(s, c, a, code, "同意。")),
        )
        for n, (person, step) in enumerate(steps):
            on = day + timedelta(days=n)
            with self.database.unit_of_work() as session:
                step(session, clock_on(on), acting(session, person, on), on)

    def freeze(self, term: Term, day: date) -> Version:
        with self.database.unit_of_work() as session:
            cycle = cycles.cycle_named(session, self.office.bureau.id, term)
            return freezing.freeze(session, clock_on(day), actor(session, self.office.clerk), cycle)

    def issue(self, session: Session, code: str, day: date, due: date | None) -> None:
        order = IssueOrder(
            lead_unit_id=self.office.roads.id,
            reviewer_id=self.office.reviewer.id,
            due_on=due,
            goal="问题不再发生",
            measures=(NewMeasure("逐项核对并补正"),),
        )
        clerk, head = acting(session, self.office.clerk, day), acting(session, self.office.head, day)
        casework.issue(session, clock_on(day), clerk, code, order)
        casework.accept(session, clock_on(day), head, code, officer_id=self.office.officer.id)


def counted(database: Database) -> dict[str, int]:
    """How many rows every table has."""
    with database.reading() as session:
        tables = Base.metadata.sorted_tables
        return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def rows_now(database: Database, day: date) -> list[TaskRow]:
    with database.reading() as session:
        found = list_tasks(session, day, load_calendar(session))
    return [row for row in found if row.status not in (Status.DRAFT, Status.ARCHIVED)]


@pytest.fixture(params=REPORTS, ids=lambda path: path.stem)
def year(database: Database, request: pytest.FixtureRequest) -> Year:
    """An office whose report was read and whose drafts were all issued on 2 March 2026."""
    parsed = read_report(request.param)
    with database.unit_of_work() as session:
        office = make_bureau(session, parsed.org)
        drafted = register_report(session, clock_on(ISSUED), parsed, channel=Channel.CLI)
        assert drafted.shortcomings
        assert drafted.plans
        year = Year(database, office, load_calendar(session))
        for number, code in enumerate(drafted.codes):
            due = date(2026, 5, 29) if number == 0 else date(2026, 9, 30)
            task = session.scalars(select(RectificationTask).where(RectificationTask.code == code)).one()
            year.issue(session, code, ISSUED, due if task.kind is not ItemKind.PLAN else date(2026, 12, 25))
    return year


def test_a_year_of_two_half_years(year: Year) -> None:
    database, office = year.database, year.office
    year.until(date(2026, 6, 9))
    silent = year.state_all_but_one(date(2026, 6, 10))
    year.until(date(2026, 6, 23))
    chased(database, silent)
    closing = next(row.code for row in rows_now(database, year.today) if row.kind.is_problem)
    year.close(closing, date(2026, 6, 24))
    year.until(date(2026, 6, 30))

    first = year.freeze(FIRST, date(2026, 6, 30))
    same_as_the_ledger(first, rows_now(database, date(2026, 6, 30)))
    paper = write_briefing(first)
    figures = first.frozen.figures.problems
    text = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(paper)).paragraphs)
    assert f"共有问题{figures.total}项" in text
    assert f"已销号{figures.closed}项" in text

    year.until(date(2026, 7, 8))
    decided = heard(year, date(2026, 7, 8), first.number)
    year.until(date(2026, 12, 30))
    second = year.freeze(SECOND, date(2026, 12, 31))
    same_as_the_ledger(second, [row for row in rows_now(database, date(2026, 12, 31)) if row.code != closing])
    assert decided in {row.code for row in second.frozen.rows}
    assert second.frozen.earlier is not None
    assert second.frozen.earlier.problems == figures
    with database.reading() as session:
        cycle = cycles.cycle_named(session, office.bureau.id, FIRST)
        assert write_briefing(freezing.version_of(session, cycle)) == paper
        draft = annual_draft(session, office.bureau.id, 2026, date(2026, 12, 31))
    open_codes = {row.code for row in second.frozen.rows if row.status is Status.IN_PROGRESS}
    assert {code for plan in annual_words(draft).plans for code in plan.codes} == open_codes
    at_most_one_message_a_day(database)


def chased(database: Database, silent: str) -> None:
    """The silent task was asked for and then chased, each rung once; the others were asked once."""
    with database.reading() as session:
        rungs = session.execute(
            select(RectificationTask.code, Told.rung)
            .join(RectificationTask, RectificationTask.id == Told.task_id)
            .where(Told.subject == "review", Told.day <= date(2026, 6, 23))
        ).all()
    by_code: dict[str, list[int]] = {}
    for code, rung in rungs:
        by_code.setdefault(code, []).append(rung)
    assert sorted(by_code.pop(silent)) == [-15, -5, -2, 0]
    assert all(found == [-15] for found in by_code.values())


def same_as_the_ledger(version: Version, live: list[TaskRow]) -> None:
    """Counted by hand from the list everybody sees."""
    for is_problem, found in ((True, version.frozen.figures.problems), (False, version.frozen.figures.plans)):
        rows = [row for row in live if row.kind.is_problem is is_problem]
        assert found.total == len(rows)
        assert found.closed == sum(row.status is Status.CLOSED for row in rows)
        assert found.overdue == sum(row.overdue_days > 0 for row in rows)
        assert found.extended == sum(row.extension_count > 0 for row in rows)
        units = Counter(row.unit for row in rows)
        groups = version.frozen.figures.by_unit
        told = {g.name: (g.problems if is_problem else g.plans).total for g in groups}
        assert {name: total for name, total in told.items() if total} == dict(units)


def heard(year: Year, day: date, version: int) -> str:
    """The party group hears it and decides one thing, which is issued at once; its code."""
    with year.database.unit_of_work() as session:
        clerk = acting(session, year.office.clerk, day)
        new = NewHearing(day, "党组", "听取上半年法治建设工作情况汇报", "党组纪要〔2026〕7号")
        hearing = hearings.add_hearing(session, clock_on(day), clerk.actor, new)
        task = hearings.resolve(
            session,
            clock_on(day),
            clerk,
            hearing,
            NewResolution("四季度前建立案卷评查长效机制。", due_on=date(2026, 12, 1)),
        )
        year.issue(session, task.code, day, None)
        [row] = hearings.list_hearings(session, year.office.bureau.id)
        assert (row.term, row.version) == ("2026年上半年", version)
        return task.code


def at_most_one_message_a_day(database: Database) -> None:
    with database.reading() as session:
        days = Counter(session.execute(select(OutboxMessage.person_id, OutboxMessage.day)).tuples().all())
        calendar = load_calendar(session)
    assert days
    assert set(days.values()) == {1}
    assert all(calendar.is_workday(day) for _, day in days)
