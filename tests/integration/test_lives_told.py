"""Random lives of tasks, day by day: what papers and telephone list print is the ledger of the day, and nobody is told of
what is none of his.

RECTIFY_LONG_TESTS=N lives N times as many lives.
"""

import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from docx import Document
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.workdays import WorkCalendar
from documents.task.papers import task_note
from models.enums import OutboxStatus, Status, TimeLimit, ToldStatus, Verb
from models.history import TaskEvent
from models.mail import OutboxMessage, Told
from models.organisation import Person
from models.task import Extension, RectificationTask
from notifications.letterhead import Letterhead
from notifications.phone import Callee, call_list
from notifications.sweep import sweep
from rectification.lists.filters import TaskFilter
from rectification.lists.rows import list_tasks
from rectification.office.calendar import load_calendar
from rectification.office.people import PersonChanges, carry_out, plan_of
from rectification.roles_in_task import Part
from rectification.task.access import parts_in
from rectification.task.history import events_of
from rectification.task.lifecycle import OPEN, RUNNING
from rectification.task.standing import undone
from rectification.task.time_limits import day_text
from tests.factories import BY, actor, clock_on, make_draft
from tests.unit.rectification.casework.test_life_machine import Account, Life, World

pytestmark = [pytest.mark.slow, pytest.mark.integration, pytest.mark.timeout(1800)]

LIVES: Final = 2 * int(os.environ.get("RECTIFY_LONG_TESTS", "1"))
HOUSE: Final = Letterhead("http://ledger.test", "整改台账 <r@office.gov.cn>", True, ZoneInfo("Asia/Shanghai"))
DAYS: Final = 200
TO_OFFICERS: Final = {
    *(Verb.RETURN, Verb.OBJECT, Verb.REOPEN, Verb.GRANT_EXTENSION, Verb.DENY_EXTENSION, Verb.REDATE),
    *(Verb.INSTRUCT, Verb.SUPERVISE),
}


class Lives(Life):
    """The life machine as a source of lives: what it checks itself is checked elsewhere."""

    def _compare(self, *_: object) -> None:
        """Nothing: test_life_machine does."""

    def act(self, random: Random) -> None:
        habits = [self._somebody_does_his_part] * 12 + [self._somebody_stands_in, self._somebody_hands_over]
        habits += [self._anybody_tries_anything, self._somebody_errs_and_puts_it_right]
        for _ in range(random.randint(0, 5)):
            random.choice(habits)(random)


@contextmanager
def world(template: Path, *silent: str) -> Iterator[tuple[Lives, World]]:
    """An office in which some have no mailbox."""
    lives = Lives()
    lives.world = World(template)
    with lives.world.database.unit_of_work() as session:
        for _ in range(6):
            lives.world.accounts[make_draft(session, lives.world.office).code] = Account()
        for name in silent:
            person = session.get_one(Person, getattr(lives.world.office, name).id)
            carry_out(session, BY, person, plan_of(session, BY, person, PersonChanges(email="")))
    try:
        yield lives, lives.world
    finally:
        lives.world.close()


def task_of(session: Session, code: str) -> RectificationTask:
    return session.scalars(select(RectificationTask).where(RectificationTask.code == code)).one()


def deadline_by_history(session: Session, task: RectificationTask) -> date | None:
    """The date that the last step which moved it gave the task."""
    steps = events_of(session, task.id)
    moved = [event.changes["deadline_on"][1] for event in steps if "deadline_on" in event.changes]
    return date.fromisoformat(moved[-1]) if moved and moved[-1] else None


def waits_for_a_date(session: Session, task: RectificationTask) -> bool:
    asked = select(Extension.id).where(Extension.task_id == task.id, Extension.decision.is_(None))
    return task.status is Status.IN_PROGRESS and session.scalar(asked.limit(1)) is not None


def hold_the_list(session: Session, bureau_id: int, day: date, calendar: WorkCalendar) -> int:
    """Everything the telephone list and both papers print of a day, against the ledger; how many lines there were."""
    callees = call_list(session, day, bureau_id)
    lines = 0
    for callee in callees:
        for item in callee.items:
            [row] = list_tasks(session, day, calendar, filters=TaskFilter(codes=(item.row.code,)))
            assert item.row == row
            assert row.status in OPEN or not item.is_own, "what ended is told of, not asked for"
        for signs in (False, True):
            asked = callee.asked(signs=signs)
            if asked:
                made = task_note(
                    "云山县交通运输局", callee.unit, callee.name, asked, day, calendar, signs=signs
                )
                lines += len(asked)
                hold_the_paper(session, callee, made.to_bytes(), day, signs=signs)
    listed = {(callee.person_id, item.row.code) for callee in callees for item in callee.items}
    for task in session.scalars(select(RectificationTask).where(RectificationTask.status.in_(RUNNING))):
        officer = session.get(Person, task.officer_id) if task.officer_id else None
        is_late = task.deadline_on is not None and calendar.between(task.deadline_on, day) > 0
        is_dated = task.time_limit is not TimeLimit.LONG_TERM
        if is_late and is_dated and officer and officer.is_active and not officer.email:
            assert (officer.id, task.code) in listed, "overdue, its officer without a mailbox"
    return lines


def hold_the_paper(session: Session, callee: Callee, docx: bytes, day: date, *, signs: bool) -> None:
    paper = Document(io.BytesIO(docx))
    rows = [[cell.text for cell in row.cells] for row in paper.tables[0].rows][1:]
    said = "\n".join(paragraph.text for paragraph in paper.paragraphs)
    late = 0
    for number, (place, code, title, due, state) in enumerate(rows, 1):
        task = task_of(session, code)
        assert (place, title) == (str(number), task.title)
        deadline = deadline_by_history(session, task)
        assert due == (day_text(deadline) or "—"), (code, "the date that the last decision set")
        is_asked = waits_for_a_date(session, task)
        parts = parts_in(session, actor(session, session.get_one(Person, callee.person_id), day), task)
        if signs:
            is_looked_at = task.status in RUNNING and task.time_limit is TimeLimit.LONG_TERM  # 待检查
            assert task.status in {Status.SUBMITTED, Status.VERIFIED} or is_asked or is_looked_at
            assert parts & {Part.REVIEWER, Part.APPROVER, Part.LEADER, Part.CHIEF, Part.UNIT_HEAD, Part.CLERK}
        else:
            assert task.status in RUNNING
            is_late = deadline is not None and deadline < day
            assert is_late or not is_asked, "until then the move is who decides it"
            assert parts
        if task.time_limit is TimeLimit.LONG_TERM:
            continue
        days = task.days_overdue_at_submission
        if task.status in RUNNING:
            days = max((day - deadline).days, 0) if deadline else 0
        found = re.fullmatch(r"(?:.*；任务)?已超期(\d+)天", state)
        assert int(found[1]) == days if found else not days, (code, state, days)
        late += bool(days)
    assert f"下列{len(rows)}项任务" in said
    if not any(task_of(session, row[1]).time_limit is TimeLimit.LONG_TERM for row in rows):
        assert (f"其中{late}项已超期" in said) == bool(late)


@pytest.mark.parametrize("seed", range(LIVES))
def test_what_is_printed_is_the_ledger_of_that_day(request: pytest.FixtureRequest, seed: int) -> None:
    template, random, lines = request.getfixturevalue("_sqlite_template"), Random(seed), 0
    with world(template, "officer", "head", "leader", "reviewer") as (lives, of):
        for _ in range(DAYS):
            lives.act(random)
            of.day += timedelta(days=random.randint(0, 2))
            if random.random() < 0.4:
                with of.database.reading() as session:
                    calendar = load_calendar(session)
                    lines += hold_the_list(session, of.office.bureau.id, of.day, calendar)
    assert lines > 20, "a life without papers shows nothing"


def strangers_told(session: Session, day: date, first: int) -> list[tuple[str, str, str]]:
    """Who was told on a day of a task in which they have no part: neither their move nor their line."""
    found = []
    for row in session.scalars(select(Told).where(Told.id > first, Told.task_id.is_not(None))):
        task, person = session.get_one(RectificationTask, row.task_id), session.get_one(Person, row.person_id)
        if row.status is ToldStatus.TOLD and not parts_in(session, actor(session, person, day), task):
            left = session.get(TaskEvent, int(row.subject[6:])) if row.subject.startswith("event:") else None
            if left is None or not _names(left, person.id, session, day):
                found.append((person.login, task.code, row.subject))
    return found


def _names(event: TaskEvent, person_id: int, session: Session, day: date) -> bool:
    """Whether a step took something from a person, or from the unit he heads."""
    heads = actor(session, session.get_one(Person, person_id), day).headed_units
    for before, _ in event.changes.values():
        held = before.values() if isinstance(before, dict) else (before,)
        if person_id in held or heads & {each for each in held if isinstance(each, int)}:
            return True
    return False


@pytest.mark.parametrize("seed", range(100, 100 + LIVES))
def test_each_step_is_told_once_and_to_nobody_whose_it_is_not(
    request: pytest.FixtureRequest, seed: int
) -> None:
    """What the officer is told of on the next working day, held against the history; everybody else by his part."""
    template, random = request.getfixturevalue("_sqlite_template"), Random(seed)
    told = 0
    with world(template) as (lives, of):
        with of.database.reading() as session:
            calendar = load_calendar(session)
        since = of.day
        for _ in range(DAYS):
            if calendar.is_workday(of.day):
                with of.database.unit_of_work() as session:
                    known = max([*session.scalars(select(Told.id))], default=0)
                    due = owed(session, of.office.bureau.id, since, of.day)
                    sweep(session, clock_on(of.day, hour=9), [of.office.bureau.id], HOUSE)
                    session.flush()
                    assert strangers_told(session, of.day, known) == []
                    fresh = select(Told.person_id, Told.subject).where(Told.id > known)
                    news = [pair for pair in session.execute(fresh).tuples() if pair[1].startswith("event:")]
                    assert len(set(news)) == len(news)
                    assert due <= set(news), "told on the next working day"
                    told += len(due)
                    session.execute(update(OutboxMessage).values(status=OutboxStatus.SENT))
                since = of.day
            lives.act(random)
            of.day += timedelta(days=1)
        with of.database.reading() as session:
            pairs = session.execute(
                select(Told.person_id, Told.subject).where(Told.subject.like("event:%"))
            ).all()
            assert len(set(pairs)) == len(pairs), "once"
    assert told > 3


def owed(session: Session, bureau_id: int, since: date, day: date) -> set[tuple[int, str]]:
    """What the officers of open tasks are to hear: of what was done to their tasks since, by another."""
    found = set()
    for task in session.scalars(
        select(RectificationTask).where(
            RectificationTask.bureau_id == bureau_id, RectificationTask.status.in_(OPEN)
        )
    ):
        events = events_of(session, task.id)
        back = undone(events)
        for event in events:
            is_new = since <= event.at.astimezone(HOUSE.zone).date() < day
            others = task.officer_id not in (event.actor_id, event.recorder_id)
            if (
                is_new
                and event.verb in TO_OFFICERS
                and event.sequence not in back
                and others
                and task.officer_id
            ):
                found.add((task.officer_id, f"event:{event.id}"))
    return found
