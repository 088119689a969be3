"""The SQL conditions say what the rules say: lights, overdue, whom a task waits for; the board's figures add up."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import Database
from core.workdays import WorkCalendar
from models.enums import ApprovalLevel, ItemKind, Light, Role, Status, TimeLimit
from models.organisation import Person
from models.task import RectificationTask
from rectification import casework
from rectification.casework.needs import pending_extension
from rectification.lists.board import overview
from rectification.lists.filters import Order, TaskFilter
from rectification.lists.paging import count_tasks
from rectification.lists.rows import list_tasks
from rectification.lists.whose_move import Hands, Move, whose_move
from rectification.office.calendar import load_calendar
from rectification.office.people import roles_of
from rectification.office.settings import DEFAULT, Policy, set_policy
from rectification.roles_in_task import Part
from rectification.task.access import parts_in, visible
from rectification.task.deadlines import Timing, light, near_until
from rectification.task.lifecycle import approval_level, verbs_for
from tests.factories import DAY, Office, acting, actor, by_on, clock_on, make_bureau, make_task

SHIFTS = (-40, -1, 0, 1, 8, 9, 10, 11, 40, None)
HIDDEN = (Status.DRAFT, Status.ARCHIVED)


@given(
    st.integers(0, 60),
    st.integers(-30, 90),
    st.sets(st.integers(-30, 90), max_size=20),
    st.sampled_from([Status.ASSIGNED, Status.IN_PROGRESS]),
)
def test_yellow_means_so_many_working_days_or_fewer(
    days: int, ahead: int, off: set[int], status: Status
) -> None:
    calendar = WorkCalendar({DAY + timedelta(days=shift): False for shift in off})
    deadline = DAY + timedelta(days=ahead)
    shown = light(Timing(status, TimeLimit.DATED, deadline), DAY, calendar, Policy(yellow_days=days))

    if ahead < 0:
        assert shown is Light.RED
    else:
        assert (shown is Light.YELLOW) == (calendar.between(DAY, deadline) <= days)


@pytest.fixture
def office(database: Database) -> Office:
    """A bureau with a task of every status on every side of every border."""
    with database.unit_of_work() as session:
        office = make_bureau(session)
        model = session.get_one(RectificationTask, make_task(session, office).id)
        columns = {
            column.key: getattr(model, column.key)
            for column in RectificationTask.__mapper__.columns
            if column.key not in ("id", "code", "kind", "status", "deadline_on", "days_overdue_at_submission")
        }
        for number, (status, shift, late) in enumerate(product(Status, SHIFTS, (None, 0, 3))):
            session.add(
                RectificationTask(
                    **columns,
                    code=f"T-{number}",
                    kind=(ItemKind.PLAN, ItemKind.SHORTCOMING)[number % 2],
                    status=status,
                    deadline_on=None if shift is None else DAY + timedelta(days=shift),
                    days_overdue_at_submission=late,
                )
            )
    return office


def test_lights_and_overdue_are_the_rules_own(database: Database, office: Office) -> None:
    with database.reading() as session:
        calendar = load_calendar(session)
        until = near_until(DAY, calendar, DEFAULT)
        rows = list_tasks(session, DAY, calendar)
        for each in Light:
            found = list_tasks(session, DAY, calendar, filters=TaskFilter(light=each, near_until=until))
            assert {row.code for row in found} == {row.code for row in rows if row.light is each}
        overdue = list_tasks(session, DAY, calendar, filters=TaskFilter(overdue_only=True))
        assert {row.code for row in overdue} == {row.code for row in rows if row.overdue_days}


@pytest.mark.parametrize(
    "filters",
    [
        TaskFilter(),
        TaskFilter(overdue_only=True),
        TaskFilter(light=Light.GREEN, near_until=DAY + timedelta(days=9)),
        TaskFilter(statuses=frozenset({Status.SUBMITTED, Status.CLOSED, Status.ASSIGNED})),
        TaskFilter(due=(DAY - timedelta(days=1), DAY + timedelta(days=11))),
    ],
)
def test_pages_put_together_are_the_whole_list(
    database: Database, office: Office, filters: TaskFilter
) -> None:
    with database.unit_of_work() as session:
        for task in session.scalars(select(RectificationTask).where(RectificationTask.deadline_on.is_(None))):
            task.days_overdue_at_submission = None  # what has no deadline is never late
    with database.reading() as session:
        people = [None, *(actor(session, each) for each in (office.clerk, office.chief, office.officer))]
        for person, order in product(people, Order):
            listed = partial(
                list_tasks,
                session,
                DAY,
                load_calendar(session),
                actor=person,
                filters=replace(filters, order=order),
            )
            whole = [row.code for row in listed()]
            starts = range(0, len(whole) + 7, 7)
            pages = [row.code for start in starts for row in listed(limit=7, offset=start)]
            assert pages == whole
            assert len(whole) == len(set(whole)) > 7


def test_nothing_runs_towards_a_date_once_it_has_ended(database: Database, office: Office) -> None:
    ended = TaskFilter(statuses=frozenset({Status.CLOSED}), due=(DAY, DAY + timedelta(days=30)))
    with database.reading() as session:
        assert list_tasks(session, DAY, load_calendar(session), filters=ended, limit=7) == []
        assert count_tasks(session, DAY, filters=ended) == 0


def test_the_boards_figures_are_the_rows_counted(database: Database, office: Office) -> None:
    with database.reading() as session:
        calendar = load_calendar(session)
        chief = actor(session, office.chief)
        figures = overview(session, DAY, near_until(DAY, calendar, DEFAULT), chief)
        rows = [row for row in list_tasks(session, DAY, calendar, actor=chief) if row.status not in HIDDEN]

        for tally, is_problem in ((figures.problems, True), (figures.plans, False)):
            mine = [row for row in rows if row.kind.is_problem is is_problem]
            lights = Counter(row.light for row in mine)
            assert {light: tally.lights[light] for light in Light} == {
                light: lights[light] for light in Light
            }
            assert (
                tally.total
                == len(mine)
                == count_tasks(
                    session,
                    DAY,
                    actor=chief,
                    filters=TaskFilter(is_problem=is_problem, statuses=frozenset(Status) - set(HIDDEN)),
                )
            )
        (unit,) = figures.overdue_by_unit
        late = [row.overdue_days for row in rows if row.overdue_days]
        assert (unit.count, unit.longest_days) == (len(late), max(late))


@pytest.fixture
def waiting_office(database: Database) -> Office:
    """A task in every status, one asked to be extended, one supervised and verified, one without an officer."""
    with database.unit_of_work() as session:
        office = make_bureau(session)
        for status in Status:
            make_task(session, office, status=status)
        asked, supervised = make_task(session, office), make_task(session, office, status=Status.VERIFIED)
        clock, clerk = clock_on(date(2026, 3, 9)), acting(session, office.clerk)
        officer = acting(session, office.officer)
        casework.request_extension(session, clock, officer, asked.code, "流标", date(2026, 9, 30))
        casework.supervise(session, clock, clerk, supervised.code, "多次反复")
    return office


def move_of(session: Session, task: RectificationTask, policy: Policy) -> Move | None:
    """The rule, asked of a task as the ledger holds it."""
    request = pending_extension(session, task)
    officer = session.get(Person, task.officer_id) if task.officer_id else None
    is_head = officer is not None and Role.UNIT_HEAD in roles_of(session, officer.id)
    return whose_move(
        Hands(
            task.status,
            task.officer_id,
            task.leader_id,
            task.reviewer_id,
            task.approver_id,
            is_chiefs=approval_level(task) is ApprovalLevel.CHIEF,
            is_confirmed=task.is_confirmed,
            is_heads_own=officer is not None and is_head and officer.unit_id == task.lead_unit_id,
            waiting_since=task.waiting_since,
            asked_on=request.asked_on if request else None,
        ),
        policy,
    )


@pytest.mark.parametrize("heads_confirm", [False, True])
def test_a_task_waits_for_exactly_those_the_rule_names(
    database: Database, waiting_office: Office, heads_confirm: bool
) -> None:
    policy = replace(DEFAULT, requires_unit_head=heads_confirm)
    with database.unit_of_work() as session:
        office = waiting_office
        key = "requires_unit_head"
        set_policy(session, by_on(DAY), office.bureau.id, key, heads_confirm)
    for who in ("officer", "head", "reviewer", "leader", "chief", "clerk", "auditor", "other"):
        _holds_for(database, waiting_office, who, policy)


def _holds_for(database: Database, waiting_office: Office, who: str, policy: Policy) -> None:
    with database.reading() as session:
        person = actor(session, getattr(waiting_office, who))
        filters = TaskFilter(waits_for=person, heads_confirm=policy.requires_unit_head)
        listed = list_tasks(session, DAY, load_calendar(session), actor=person, filters=filters)
        expected = set()
        for task in session.scalars(select(RectificationTask).where(visible(person))):
            move = move_of(session, task, policy)
            if move is not None and move.part in parts_in(session, person, task):
                expected.add(task.code)
                assert verbs_for(task.status, parts_in(session, person, task))
    assert {row.code for row in listed} == expected
    assert {row.waits_for for row in listed} <= set(Part)
    waits_elsewhere = {"auditor", "other"} | ({"reviewer"} if policy.requires_unit_head else set())
    assert bool(expected) == (who not in waits_elsewhere)


def test_nobody_is_shown_more_than_what_waits_for_them(database: Database, office: Office) -> None:
    with database.reading() as session:
        auditor = actor(session, office.auditor)
        assert auditor.roles == {Role.AUDITOR}
        waiting = list_tasks(
            session,
            date(2026, 3, 2),
            load_calendar(session),
            actor=auditor,
            filters=TaskFilter(waits_for=auditor),
        )
        assert waiting == []
