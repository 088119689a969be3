"""Whose move it is: the rule on values, its SQL form on any ledger, and the choice of who can sign."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import Database
from core.errors import Refused
from models.enums import ApprovalLevel, Decision, ItemKind, Light, Role, Status, TimeLimit
from models.organisation import Person, PersonRole
from models.report import Source
from models.task import Extension, RectificationTask
from rectification import casework
from rectification.casework import Correction, IssueOrder, NewHands
from rectification.lists.rows import list_tasks
from rectification.lists.whose_move import Hands, Move, is_move_of, overlong, whose_move
from rectification.office.actors import Actor
from rectification.office.calendar import load_calendar
from rectification.office.people import set_roles
from rectification.office.settings import DEFAULT, set_policy
from rectification.roles_in_task import Part
from rectification.task.lifecycle import ENDED, approval_level
from tests.factories import (
    BY,
    DAY,
    Office,
    acting,
    actor,
    clock_on,
    make_bureau,
    make_draft,
    make_person,
    make_task,
)
from tests.unit.rectification.lists.waits import too_long, waiting

OFFICER, LEADER, REVIEWER, APPROVER = 1, 2, 3, 4
TASK: Final = Hands(
    Status.SUBMITTED,
    OFFICER,
    LEADER,
    REVIEWER,
    APPROVER,
    is_chiefs=False,
    is_confirmed=False,
    is_heads_own=False,
    waiting_since=DAY,
)
CONFIRMING: Final = replace(DEFAULT, requires_unit_head=True)
ASKED: Final = {"status": Status.IN_PROGRESS, "asked_on": DAY + timedelta(days=3)}


@pytest.mark.parametrize(
    ("change", "policy", "part", "person", "words"),
    [
        ({"status": Status.DRAFT}, DEFAULT, Part.CLERK, None, "台账管理员下达"),
        ({"status": Status.ASSIGNED}, DEFAULT, Part.OFFICER, OFFICER, "某人签收"),
        (
            {"status": Status.ASSIGNED, "officer_id": None},
            DEFAULT,
            Part.UNIT_HEAD,
            None,
            "路政科负责人签收",
        ),
        ({"status": Status.IN_PROGRESS}, DEFAULT, Part.OFFICER, OFFICER, "某人办理"),
        (ASKED, DEFAULT, Part.APPROVER, APPROVER, "某人批延期"),
        (ASKED | {"is_chiefs": True}, DEFAULT, Part.CHIEF, None, "主要负责人批延期"),
        (ASKED | {"deadline_on": DAY}, DEFAULT, Part.APPROVER, APPROVER, "某人重定时限"),
        (ASKED | {"deadline_on": DAY + timedelta(days=3)}, DEFAULT, Part.APPROVER, APPROVER, "某人批延期"),
        ({}, DEFAULT, Part.REVIEWER, REVIEWER, "某人复核"),
        ({}, CONFIRMING, Part.UNIT_HEAD, None, "路政科负责人审核"),
        ({"is_heads_own": True}, CONFIRMING, Part.LEADER, LEADER, "某人审核"),
        ({"is_heads_own": True}, DEFAULT, Part.REVIEWER, REVIEWER, "某人复核"),
        ({"is_confirmed": True}, CONFIRMING, Part.REVIEWER, REVIEWER, "某人复核"),
        ({"status": Status.VERIFIED}, DEFAULT, Part.APPROVER, APPROVER, "某人审签"),
        ({"status": Status.VERIFIED, "is_chiefs": True}, DEFAULT, Part.CHIEF, None, "主要负责人审签"),
        ({"status": Status.PUBLICISED, "is_chiefs": True}, DEFAULT, Part.CLERK, None, "台账管理员办结公示"),
    ],
)
def test_whose_move_it_is(change, policy, part, person, words) -> None:  # type: ignore[no-untyped-def]
    move = whose_move(replace(TASK, **change), policy)
    assert move is not None
    assert (move.part, move.person_id) == (part, person)
    assert move.since == change.get("asked_on", DAY)
    assert move.words("某人" if person else "", "路政科") == words


@pytest.mark.parametrize("status", sorted(ENDED))
def test_once_it_has_ended_it_is_nobodys(status: Status) -> None:
    assert whose_move(replace(TASK, status=status), CONFIRMING) is None


@pytest.fixture
def office(database: Database) -> Office:
    with database.unit_of_work() as session:
        return make_bureau(session)


def _people(office: Office) -> dict[str, Person]:
    names = ("officer", "head", "other", "other_head", "reviewer", "leader", "chief", "clerk", "auditor")
    return {name: getattr(office, name) for name in names}


@st.composite
def ledgers(draw: st.DrawFn) -> list[tuple[dict[str, object], bool]]:
    """Columns of tasks as no verb would leave them, people and units by their place; and whether an extension waits."""
    person = st.integers(0, 8)
    columns = st.fixed_dictionaries(
        {
            "status": st.sampled_from(Status),
            "lead_unit_id": st.integers(0, 1),
            "officer_id": st.none() | person,
            "leader_id": person,
            "reviewer_id": person,
            "approver_id": person,
            "approval_level": st.sampled_from(ApprovalLevel),
            "is_supervised": st.booleans(),
            "is_recurring": st.booleans(),
            "is_confirmed": st.booleans(),
        }
    )
    return draw(st.lists(st.tuples(columns, st.booleans()), min_size=1, max_size=8))


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=ledgers())
def test_the_sql_form_says_what_the_rule_says(
    database: Database, office: Office, drawn: list[tuple[dict[str, object], bool]]
) -> None:
    with database.unit_of_work() as session:
        make_draft(session, office)  # its source serves all
    with database.unit_of_work() as session:
        _enter(session, office, [(columns, DAY if is_asked else None, False) for columns, is_asked in drawn])
        _agree(session, office)
        session.rollback()


def _enter(
    session: Session, office: Office, ledger: Iterable[tuple[dict[str, object], date | None, bool]]
) -> None:
    """Tasks of these columns, people and units by their place; the day an extension was asked, and if it is decided."""
    people = list(_people(office).values())
    source_id = session.scalars(select(Source.id)).first()
    for number, (columns, asked_on, is_decided) in enumerate(ledger):
        task = RectificationTask(
            bureau_id=office.bureau.id,
            code=f"T-{number}",
            kind=ItemKind.SHORTCOMING,
            title=f"任务{number}",
            text="案卷不规范",
            source_id=source_id,
            time_limit=TimeLimit.DATED,
            created_at=clock_on(DAY).now,
            **columns,
        )
        task.lead_unit_id = (office.roads.id, office.transport.id)[task.lead_unit_id or 0]
        for name in ("officer_id", "leader_id", "reviewer_id", "approver_id"):
            place = getattr(task, name)
            setattr(task, name, None if place is None else people[place].id)
        session.add(task)
        session.flush()
        if asked_on is not None:
            asked = Extension(task_id=task.id, asked_by_id=people[0].id, asked_on=asked_on, reason="流标")
            asked.due_wanted = asked.due_before = DAY
            asked.decision = Decision.DENIED if is_decided else None
            session.add(asked)
    session.flush()


def _every_kind_of_wait() -> Iterator[tuple[dict[str, object], date | None, bool]]:
    """Each way in which state, officer, level, confirmation and an extension asked for can stand together."""
    officer, head = 0, 1
    for number, (status, who) in enumerate(product(Status, (officer, None, head))):
        levels = product(ApprovalLevel, (False, True), (False, True))
        is_signed = status in (Status.IN_PROGRESS, Status.VERIFIED)
        extensions = (None, False, True) if status is Status.IN_PROGRESS else (None,)
        for decided, (level, supervised, recurring) in product(extensions, levels):
            for confirmed in (False, True) if status is Status.SUBMITTED else (False,):
                columns: dict[str, object] = {
                    "status": status,
                    "officer_id": who,
                    "leader_id": 5,
                    "reviewer_id": 4,
                    "lead_unit_id": 0,
                }
                columns |= {"approver_id": 2, "approval_level": level, "is_confirmed": confirmed}
                columns |= {"is_supervised": supervised, "is_recurring": recurring}
                columns |= {"waiting_since": DAY + timedelta(days=number % 7)}
                if is_signed or (level, supervised, recurring) == (ApprovalLevel.LEADER, False, False):
                    asked_on = None if decided is None else DAY + timedelta(days=7 + number % 5)
                    yield columns, asked_on, bool(decided)


def test_every_kind_of_wait_is_the_same_in_sql_on_the_list_and_by_the_rule(
    database: Database, office: Office
) -> None:
    with database.unit_of_work() as session:
        make_draft(session, office)
    with database.unit_of_work() as session:
        _enter(session, office, _every_kind_of_wait())
        _agree(session, office)
        _list_agrees(session, office)
        session.rollback()


def _list_agrees(session: Session, office: Office) -> None:
    """The list of what waits: for whom, since when, how long; work in progress and what has ended are not on it."""
    today, calendar = date(2026, 3, 20), load_calendar(session)
    names = {person.id: person.name for person in _people(office).values()}
    expected = {}
    for task, hands in _hands(session, office):
        move = whose_move(hands, DEFAULT)
        if move is None or move.since is None:
            continue
        if task.status is Status.IN_PROGRESS and move.step == "办理":
            continue
        person = names.get(move.person_id, "") if move.person_id else ""
        waits_for = move.words(person, office.roads.name)
        days = calendar.between(move.since, today)
        expected[task.code] = (task.title, task.status, move.part, person, waits_for, move.since, days)
    rows = waiting(session, today, calendar, actor(session, office.clerk))
    assert {
        row.code: (row.title, row.status, row.part, row.person, row.waits_for, row.since, row.workdays)
        for row in rows
    } == expected
    assert [row.workdays for row in rows] == sorted((row.workdays for row in rows), reverse=True)


def _hands(session: Session, office: Office) -> Iterator[tuple[RectificationTask, Hands]]:
    """Each task with what decides whose move it is, read without the SQL form of it."""
    heads = {(office.head.id, office.roads.id), (office.other_head.id, office.transport.id)}
    undecided = select(Extension.task_id, Extension.asked_on).where(Extension.decision.is_(None))
    asked = dict(session.execute(undecided).tuples().all())
    for task in session.scalars(select(RectificationTask)):
        yield (
            task,
            Hands(
                task.status,
                task.officer_id,
                task.leader_id,
                task.reviewer_id,
                task.approver_id,
                is_chiefs=approval_level(task) is ApprovalLevel.CHIEF,
                is_confirmed=task.is_confirmed,
                is_heads_own=(task.officer_id, task.lead_unit_id) in heads,
                waiting_since=task.waiting_since,
                asked_on=asked.get(task.id),
            ),
        )


def _agree(session: Session, office: Office) -> None:
    """For every person, and with either setting, the SQL form finds the tasks whose move the rule says is this one's."""
    tasks = list(_hands(session, office))
    for person, confirms in product(_people(office).values(), (False, True)):
        who = actor(session, person)
        expected = set()
        for task, hands in tasks:
            move = whose_move(hands, CONFIRMING if confirms else DEFAULT)
            if move and _is_of(move, task, who):
                expected.add(task.code)
        query = select(RectificationTask.code).where(is_move_of(who, DAY, heads_confirm=confirms))
        assert set(session.scalars(query)) == expected


def _is_of(move: Move, task: RectificationTask, who: Actor) -> bool:
    if move.part is Part.UNIT_HEAD:
        return task.lead_unit_id in who.headed_units
    by_office = {Part.CLERK: Role.CLERK, Part.CHIEF: Role.CHIEF}
    return who.has(by_office[move.part]) if move.part in by_office else move.person_id == who.id


def test_too_long_is_the_whole_of_the_days_the_setting_allows(database: Database, office: Office) -> None:
    with database.unit_of_work() as session:
        make_task(session, office, status=Status.ASSIGNED)
        make_draft(session, office)
    third, tenth = date(2026, 3, 5), date(2026, 3, 16)  # working days after DAY
    with database.reading() as session:
        calendar, clerk = load_calendar(session), actor(session, office.clerk)

        def too_long_on(day: date) -> set[Status]:
            rows = too_long(session, day, calendar, clerk)
            mailed = overlong(session, [office.bureau.id], day, calendar).get(office.bureau.id, [])
            assert sorted(row.code for row in rows) == sorted(row.code for row in mailed)
            return {row.status for row in rows}

        assert too_long_on(third - timedelta(days=1)) == set()
        assert too_long_on(third) == {Status.ASSIGNED}
        assert too_long_on(tenth - timedelta(days=3)) == {Status.ASSIGNED}
        assert too_long_on(tenth) == {Status.ASSIGNED, Status.DRAFT}


def test_what_is_mailed_is_the_bureaus_own_and_nothing_restricted(database: Database, office: Office) -> None:
    with database.unit_of_work() as session:
        make_task(session, office, status=Status.ASSIGNED, order=IssueOrder(is_restricted=True))
        ours = make_task(session, office, status=Status.ASSIGNED).code
    with database.unit_of_work() as session:
        other = make_bureau(session, "云山县水利局", prefix="water_")
        theirs = make_task(session, other, status=Status.ASSIGNED).code
    with database.reading() as session:
        today, calendar = date(2026, 3, 5), load_calendar(session)
        for bureau, code in ((office.bureau, ours), (other.bureau, theirs)):
            found = overlong(session, [bureau.id], today, calendar)
            assert {key: [row.code for row in rows] for key, rows in found.items()} == {bureau.id: [code]}


def test_the_reviewers_wait_begins_when_the_head_has_confirmed(database: Database, office: Office) -> None:
    with database.unit_of_work() as session:
        set_policy(session, BY, office.bureau.id, "requires_unit_head", value=True)
        code = make_task(session, office, status=Status.SUBMITTED).code
        later = clock_on(date(2026, 3, 12))
        casework.confirm(session, later, acting(session, office.head), code, "看过属实")
        [row] = waiting(session, later.today, load_calendar(session), actor(session, office.clerk))
    assert (row.part, row.person, row.since, row.workdays) == (Part.REVIEWER, "方核", later.today, 0)


def test_where_the_head_is_the_officer_the_responsible_leader_confirms(
    database: Database, office: Office
) -> None:
    with database.unit_of_work() as session:
        set_policy(session, BY, office.bureau.id, "requires_unit_head", value=True)
        set_roles(session, BY, office.head, (Role.UNIT_HEAD, Role.OFFICER))
        order = IssueOrder(officer_id=office.head.id)
        code = make_task(session, office, status=Status.SUBMITTED, order=order).code
        clock = clock_on(date(2026, 3, 12))
        with pytest.raises(Refused, match="责任人就是科室负责人"):
            casework.confirm(session, clock, acting(session, office.head), code, "看过属实")
        casework.confirm(session, clock, acting(session, office.leader), code, "看过属实")
        other = make_task(session, office, status=Status.SUBMITTED).code
        with pytest.raises(Refused, match="请科室负责人审核"):
            casework.confirm(session, clock, acting(session, office.leader), other, "看过属实")


def test_nobody_is_named_to_sign_who_cannot(database: Database, office: Office) -> None:
    deputy, chief = office.leader, office.chief
    with database.unit_of_work() as session:
        clerk, clock = acting(session, office.clerk), clock_on(DAY)
        draft = make_draft(session, office).code
        chiefs = IssueOrder(office.roads.id, approval_level=ApprovalLevel.CHIEF)
        refusal = "“周分管”不是主要负责人"
        task = make_task(session, office, order=chiefs)
        assert task.approver_id == chief.id
    with pytest.raises(Refused, match=refusal), database.unit_of_work() as session:
        casework.issue(session, clock, clerk, draft, replace(chiefs, approver_id=deputy.id))
    with pytest.raises(Refused, match=refusal), database.unit_of_work() as session:
        casework.transfer(session, clock, clerk, task.code, "调整", NewHands(approver_id=deputy.id))
    with pytest.raises(Refused, match=refusal), database.unit_of_work() as session:
        casework.hand_over(session, clock, clerk, chief.id, deputy.id, "轮岗")


@pytest.mark.parametrize("verb", ["supervise", "correct"])
def test_a_level_is_not_chosen_where_nobody_can_sign(database: Database, office: Office, verb: str) -> None:
    with database.unit_of_work() as session:
        clerk, code = acting(session, office.clerk), make_task(session, office).code
        session.delete(session.scalars(select(PersonRole).where(PersonRole.role == Role.CHIEF)).one())
    given = () if verb == "supervise" else (Correction(is_recurring=True),)
    with pytest.raises(Refused, match="请先在人员中登记主要负责人"), database.unit_of_work() as session:
        getattr(casework, verb)(session, clock_on(DAY), clerk, code, "多次反复", *given)
    with database.unit_of_work() as session:
        make_person(session, office.legal, "new_chief", Role.CHIEF)
        getattr(casework, verb)(session, clock_on(DAY), clerk, code, "多次反复", *given)


def test_an_extension_of_what_the_chief_signs_is_the_chiefs(database: Database, office: Office) -> None:
    with database.unit_of_work() as session:
        code, clock = make_task(session, office).code, clock_on(date(2026, 3, 9))
        officer = acting(session, office.officer)
        casework.request_extension(session, clock, officer, code, "流标", date(2026, 9, 30))
        casework.supervise(session, clock, acting(session, office.clerk), code, "多次反复")
        with pytest.raises(Refused, match="请主要负责人审批"):
            casework.grant_extension(session, clock, acting(session, office.leader), code)
        with pytest.raises(Refused, match="请主要负责人审批"):
            casework.deny_extension(session, clock, acting(session, office.leader), code, "不急")
        task = casework.grant_extension(session, clock, acting(session, office.chief), code)
    assert task.extension_count == 1


def test_a_checkpoint_is_the_reviewers_move_once_the_officer_has_spoken(
    database: Database, office: Office
) -> None:
    """Silent, it stays the officer's and is missed; stated on, it waits for the look from its day on."""
    due = date(2026, 6, 30)
    with database.unit_of_work() as session:
        order = IssueOrder(time_limit=TimeLimit.LONG_TERM, checkpoint_on=due)
        silent, stated = (make_task(session, office, order=order).code for _ in range(2))
        officer = acting(session, office.officer)
        casework.progress(session, clock_on(date(2026, 6, 20)), officer, stated, "仍在坚持")
    officers, reviewers = (Part.OFFICER, "陈路办理"), (Part.REVIEWER, "方核登记检查结论")
    late = due + timedelta(days=1)
    with database.reading() as session:
        for day, code, move, light, missed in (
            (due - timedelta(days=1), stated, officers, Light.GREEN, 0),
            (due, stated, reviewers, Light.STATED, 0),
            (late, stated, reviewers, Light.STATED, 0),
            (due, silent, officers, Light.YELLOW, 0),
            (late, silent, officers, Light.MISSED, 1),
        ):
            row = next(each for each in list_tasks(session, day, load_calendar(session)) if each.code == code)
            assert (row.waits_for, row.whose_move) == move
            assert (row.light, row.overdue_days, row.missed_days) == (light, 0, missed)
            theirs = {
                name: set(session.scalars(select(RectificationTask.code).where(is_move_of(who, day))))
                for name in ("officer", "reviewer")
                for who in [actor(session, getattr(office, name), day)]
            }
            assert [name for name, codes in theirs.items() if code in codes] == [move[0].value]
            listed = waiting(session, day, load_calendar(session), actor(session, office.clerk, day))
            since = [each.since for each in listed if each.code == code]
            assert since == ([due] if move is reviewers else [])


def test_nothing_waits_too_long_while_the_publicity_runs(database: Database, office: Office) -> None:
    """Approved on 2026-03-07, to be seen until 03-13: the clerk's wait begins the day after."""
    with database.unit_of_work() as session:
        make_task(session, office, status=Status.PUBLICISED)
    with database.reading() as session:
        calendar = load_calendar(session)
        for day, is_too_long in (
            (date(2026, 3, 13), False),
            (date(2026, 3, 16), False),
            (date(2026, 3, 19), True),
        ):
            (row,) = waiting(session, day, calendar, actor(session, office.clerk, day))
            assert (row.since, row.is_too_long) == (date(2026, 3, 14), is_too_long)
