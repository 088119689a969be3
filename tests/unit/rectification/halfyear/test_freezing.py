"""A frozen version stays what it was; what changed since is told beside it."""

import io
from dataclasses import replace
from datetime import date
from typing import TypeVar

import pytest
from docx import Document
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.db import Database
from core.errors import Conflict, Forbidden, NotFound, Refused
from core.workdays import WorkCalendar
from documents.halfyear.briefing_docx import write_briefing
from models.enums import Cadence, Channel, ItemKind, Status
from models.organisation import Person
from models.review import FrozenVersion, ReviewCycle
from models.task import RectificationTask
from rectification import casework
from rectification.casework import IssueOrder
from rectification.halfyear import cycles, freezing
from rectification.halfyear.changes_since import changes, later_changes
from rectification.halfyear.freezing import Version
from rectification.halfyear.review_days import Term, cycle_days, term_of, terms_opened
from rectification.lists.figures import Figure, Selection, rows_behind
from rectification.lists.rows import list_tasks
from rectification.office.actors import Acting, Paper
from rectification.office.calendar import load_calendar
from rectification.office.settings import Policy
from rectification.task.audit import verify
from rectification.task.lifecycle import OPEN
from tests.factories import Office, acting, actor, clock_on, make_bureau, make_draft, make_task

T = TypeVar("T")
TERM = Term(Cadence.HALF_YEARLY, 2026, 1)
CUT_OFF = date(2026, 6, 30)


@pytest.fixture
def office(database: Database) -> Office:
    """A bureau with a task in every status issued, and a review that is open."""
    with database.unit_of_work() as session:
        office = make_bureau(session)
        for status in (*OPEN, Status.CLOSED, Status.TERMINATED, Status.DRAFT, Status.ARCHIVED):
            make_task(session, office, status=status)
        make_task(session, office, kind=ItemKind.PLAN)
        cycles.open_review(session, clock_on(date(2026, 6, 1)), actor(session, office.clerk), TERM)
    return office


def cycle_of(session: Session, office: Office) -> ReviewCycle:
    return cycles.cycle_named(session, office.bureau.id, TERM)


def freeze_on(database: Database, office: Office, day: date, by: Person | None = None) -> Version:
    with database.unit_of_work() as session:
        who = actor(session, by or office.clerk, day)
        return freezing.freeze(session, clock_on(day), who, cycle_of(session, office))


def kept(database: Database, office: Office, number: int) -> Version:
    with database.reading() as session:
        return freezing.version_of(session, cycle_of(session, office), number)


def test_a_cut_off_moved_since_it_was_read_is_the_one_frozen(database: Database, office: Office) -> None:
    if database.is_sqlite:
        return  # nobody else writes while a unit of work is open
    moved = date(2026, 6, 20)
    with database.unit_of_work() as session:
        cycle = cycle_of(session, office)
        assert cycle.cut_off_on == CUT_OFF
        with database.unit_of_work() as other:
            by = actor(other, office.clerk, moved)
            cycles.move_cut_off(other, clock_on(date(2026, 6, 2)), by, cycle_of(other, office), moved)
        by = actor(session, office.clerk, CUT_OFF)
        version = freezing.freeze(session, clock_on(CUT_OFF), by, cycle)
    assert version.frozen.period.cut_off_on == moved


def test_what_is_frozen_equals_the_ledger_of_that_day(database: Database, office: Office) -> None:
    version = freeze_on(database, office, CUT_OFF)
    with database.reading() as session:
        live = {row.code: row for row in list_tasks(session, CUT_OFF, load_calendar(session))}
    shown = {code: row for code, row in live.items() if row.status not in (Status.DRAFT, Status.ARCHIVED)}
    rows = {row.code: row for row in version.frozen.rows}
    assert rows.keys() == shown.keys()
    for code, row in rows.items():
        now = shown[code]
        assert (row.status, row.unit, row.officer, row.due_on, row.overdue_days, row.deadline_on) == (
            now.status,
            now.unit,
            now.officer,
            now.due_on,
            now.overdue_days,
            now.deadline_on,
        )
    problems = [row for row in shown.values() if row.kind.is_problem]
    assert version.frozen.figures.problems.total == len(problems)
    assert version.frozen.figures.problems.closed == sum(r.status is Status.CLOSED for r in problems)
    assert version.frozen.figures.plans.total == 1


def test_a_mistake_put_right_later_is_told_beside_the_version_which_stays(
    database: Database, office: Office
) -> None:
    version = freeze_on(database, office, CUT_OFF)
    closed = next(row for row in version.frozen.rows if row.status is Status.CLOSED)
    ended = next(row for row in version.frozen.rows if row.status is Status.TERMINATED)
    with database.unit_of_work() as session:
        leader, clock = acting(session, office.leader, date(2026, 7, 6)), clock_on(date(2026, 7, 6))
        casework.undo(session, clock, leader, closed.code, "批错了任务")
        casework.undo(session, clock, leader, ended.code, "登记错了任务")
    with database.reading() as session:
        found = later_changes(session, cycle_of(session, office), version, said_by=date(2026, 7, 2))
    told = {(change.code, change.column, change.before, change.after) for change in found}
    assert (closed.code, "状态", "已销号", "待审签") in told
    assert (ended.code, "状态", "已终止", "整改中") in told
    assert {code for code, *_ in told} == {closed.code, ended.code}
    assert kept(database, office, 1).frozen == version.frozen
    again = freeze_on(database, office, date(2026, 7, 6))
    assert again.frozen.figures.problems.closed == version.frozen.figures.problems.closed - 1
    assert again.frozen.figures.problems.reopened == 0


def test_the_end_of_the_history_is_kept_with_it(database: Database, office: Office) -> None:
    version = freeze_on(database, office, CUT_OFF)
    with database.reading() as session:
        found = verify(session, office.bureau.id, against=(version.chain_count, version.chain_head))
    assert found.is_sound
    assert found.count == version.chain_count > 20


def progress(database: Database, office: Office, day: date, text: str) -> str:
    """A progress report on the first running problem; returns its code."""
    with database.unit_of_work() as session:
        code = session.scalars(
            select(RectificationTask.code)
            .where(RectificationTask.status == Status.IN_PROGRESS)
            .order_by(RectificationTask.id)
        ).first()
        assert code
        casework.progress(session, clock_on(day), acting(session, office.officer, day), code, text)
    return code


def test_a_later_change_leaves_the_version_and_its_briefing_as_they_were(
    database: Database, office: Office
) -> None:
    version = freeze_on(database, office, CUT_OFF)
    paper = write_briefing(version)
    code = progress(database, office, date(2026, 7, 2), "补充了送达回证。")
    assert kept(database, office, 1) == version
    assert write_briefing(kept(database, office, 1)) == paper
    with database.reading() as session:
        cycle = cycle_of(session, office)
        later = later_changes(session, cycle, version, said_by=date(2026, 7, 2))
    assert [(change.code, change.column, change.after) for change in later] == [
        (code, "进展", "补充了送达回证。")
    ]


def test_a_paper_dated_before_the_cut_off_makes_a_second_version(database: Database, office: Office) -> None:
    freeze_on(database, office, CUT_OFF)
    with database.unit_of_work() as session:
        task = session.scalars(
            select(RectificationTask).where(RectificationTask.status == Status.VERIFIED)
        ).one()
        signed = Acting(
            actor(session, office.leader),
            Channel.WEB,
            recorder=actor(session, office.clerk),
            paper=Paper(date(2026, 6, 29), "纸质档号12"),
        )
        casework.approve(session, clock_on(date(2026, 7, 3)), signed, task.code, "同意。")
        code = task.code
    second = freeze_on(database, office, date(2026, 7, 3))
    first = kept(database, office, 1)
    assert second.number == 2
    assert second.frozen.figures.problems.closed == first.frozen.figures.problems.closed + 1
    told = {(c.code, c.column): (c.before, c.after) for c in changes(first.frozen, second.frozen)}
    assert told[code, "状态"] == ("待审签", "已销号")
    assert told[code, "办结日期"] == ("", "2026年6月29日")


def test_freezing_twice_without_a_change_is_refused(database: Database, office: Office) -> None:
    freeze_on(database, office, CUT_OFF)
    with pytest.raises(Conflict, match="没有变化"):
        freeze_on(database, office, date(2026, 7, 1))


def test_only_the_clerk_freezes_and_not_before_the_cut_off(database: Database, office: Office) -> None:
    with pytest.raises(Forbidden):
        freeze_on(database, office, CUT_OFF, by=office.officer)
    with pytest.raises(Refused, match="还没有到"):
        freeze_on(database, office, date(2026, 6, 29))
    with database.reading() as session, pytest.raises(NotFound, match="还没有冻结"):
        freezing.version_of(session, cycle_of(session, office))


def test_an_edited_version_is_noticed(database: Database, office: Office) -> None:
    freeze_on(database, office, CUT_OFF)
    with database.unit_of_work() as session:
        content = session.scalar(select(FrozenVersion.content)) or ""
        session.execute(update(FrozenVersion).values(content=content.replace("路政科", "运输科")))
    with pytest.raises(Conflict, match="被改动过"):
        kept(database, office, 1)


def test_restricted_tasks_are_counted_apart_and_listed_nowhere(database: Database, office: Office) -> None:
    with database.unit_of_work() as session:
        task = make_task(session, office, text="涉及个人隐私的投诉。")
        task.is_restricted = True
    version = freeze_on(database, office, CUT_OFF)
    assert version.frozen.left_out == 1
    assert "个人隐私" not in freezing.content_of(version.frozen)


def test_the_next_half_year_compares_with_this_one(database: Database, office: Office) -> None:
    first = freeze_on(database, office, CUT_OFF)
    end = date(2026, 12, 31)
    later = Term(Cadence.HALF_YEARLY, 2026, 2)
    with database.unit_of_work() as session:
        by = actor(session, office.clerk, end)
        cycle = cycles.open_review(session, clock_on(end), by, later)
        second = freezing.freeze(session, clock_on(end), by, cycle)
    assert second.frozen.earlier is not None
    assert second.frozen.earlier.problems == first.frozen.figures.problems
    assert second.frozen.figures.problems.carried == first.frozen.figures.problems.running
    assert not rows_behind(second.frozen.rows, Selection(Figure.CLOSED))


def test_a_moved_cut_off_moves_what_hangs_on_it_and_the_start_of_the_next(
    database: Database, office: Office
) -> None:
    day = date(2026, 6, 20)
    with database.unit_of_work() as session:
        cycle = cycle_of(session, office)
        by = actor(session, office.clerk)
        cycles.move_cut_off(session, clock_on(date(2026, 6, 2)), by, cycle, day)
        assert cycle.statements_due_on == load_calendar(session).shift(day, -5)
        following = cycles.open_review(
            session, clock_on(date(2026, 12, 1)), by, Term(Cadence.HALF_YEARLY, 2026, 2)
        )
        assert following.starts_on == date(2026, 6, 21)
        for wrong in (date(2025, 12, 31), date(2026, 9, 1)):
            with pytest.raises(Refused):
                cycles.move_cut_off(session, clock_on(day), by, cycle, wrong)
    freeze_on(database, office, day)
    with database.unit_of_work() as session:
        cycle, by = cycle_of(session, office), actor(session, office.clerk)
        with pytest.raises(Refused, match="已经冻结"):
            cycles.move_cut_off(session, clock_on(day), by, cycle, CUT_OFF)


@pytest.mark.parametrize(
    ("cadence", "label", "next_label"),
    [
        (Cadence.HALF_YEARLY, "2026年下半年", "2027年上半年"),
        (Cadence.QUARTERLY, "2026年第四季度", "2027年第一季度"),
        (Cadence.YEARLY, "2026年度", "2027年度"),
    ],
)
def test_terms_have_the_offices_names(cadence: Cadence, label: str, next_label: str) -> None:
    term = term_of(date(2026, 12, 31), cadence)
    assert (term.label, term.next_label, term.ends_on) == (label, next_label, date(2026, 12, 31))


@pytest.mark.parametrize(
    ("day", "opens"),
    [
        (date(2026, 6, 1), None),
        (date(2026, 6, 2), "2026年上半年"),  # 20 weekdays before 30 June
        (date(2026, 7, 15), "2026年上半年"),  # nobody was there in June
        (date(2026, 10, 1), None),
        (date(2027, 1, 4), "2026年下半年"),
    ],
)
def test_a_review_opens_in_its_window_and_missed_days_are_caught_up(day: date, opens: str | None) -> None:
    opened = terms_opened(day, day, Policy(), WorkCalendar())
    assert [days.term.label for days in opened[-1:]] == ([opens] if opens else [])


def test_the_days_of_a_review_follow_the_settings() -> None:
    policy = Policy(review_open_days=10, review_due_days=2, hearing_days=5)
    days = cycle_days(TERM, policy, WorkCalendar())
    assert (days.opens_on, days.statements_due_on, days.cut_off_on, days.hearing_by) == (
        date(2026, 6, 16),
        date(2026, 6, 26),
        date(2026, 6, 30),
        date(2026, 7, 7),
    )


def test_opening_when_due_happens_once(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        make_task(session, office, status=Status.ASSIGNED, day=date(2026, 3, 2))

    def opened(day: date) -> bool:
        with database.unit_of_work() as session:
            return bool(cycles.open_if_due(session, clock_on(day), office.bureau.id))

    days: list[tuple[date, bool]] = [
        (date(2026, 2, 2), False),  # nothing had been issued by the end of 2025
        (date(2026, 5, 20), False),
        (date(2026, 6, 10), True),
        (date(2026, 6, 10), False),
        (date(2026, 6, 11), False),
    ]
    assert [(day, opened(day)) for day, _ in days] == days


def test_a_paper_entered_afterwards_counts_from_its_date_marked_and_the_term_before_it_says_so(
    database: Database,
) -> None:
    entered, signed = date(2026, 7, 10), date(2026, 3, 2)
    with database.unit_of_work() as session:
        office = make_bureau(session)
        draft = make_draft(session, office, day=entered)
        by = replace(acting(session, office.clerk, entered), paper=Paper(signed, "云交发〔2026〕3号"))
        order = IssueOrder(lead_unit_id=office.roads.id, reviewer_id=office.reviewer.id, due_on=CUT_OFF)
        casework.issue(session, clock_on(entered), by, draft.code, order)
    with database.reading() as session:
        clock = clock_on(entered)
        past, before, running = (
            freezing.preview(session, clock, office.bureau.id, term)
            for term in (
                TERM,
                term_of(date(2025, 12, 1), Cadence.HALF_YEARLY),
                term_of(entered, TERM.cadence),
            )
        )
    [row] = past.frozen.rows
    assert (row.issued_on, row.is_entered_late) == (signed, True)
    paper = Document(io.BytesIO(write_briefing(past)))
    assert any("截止日后补录1项" in line.text for line in paper.paragraphs)
    assert "补录" in paper.tables[1].rows[1].cells[7].text
    assert past.frozen.earlier is None
    assert before.frozen.begun_on == signed
    assert not before.frozen.rows
    assert (running.frozen.figures.problems.carried, running.frozen.begun_on) == (1, None)
    assert not running.frozen.rows[0].is_entered_late
    assert running.frozen.earlier is not None, "what is carried over was in the term before"
    assert running.frozen.earlier.problems.running == 1
