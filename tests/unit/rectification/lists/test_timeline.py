"""The history says what changed, from what to what, of every verb that moves a person, a unit, a date or a level."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import Database
from models.enums import ApprovalLevel, Role, Status, TimeLimit
from models.organisation import Person
from models.task import RectificationTask
from rectification import casework
from rectification.casework import Correction, IssueOrder, NewHands, NewMeasure
from rectification.lists.timeline import timeline
from tests.factories import DAY, Office, acting, clock_on, make_bureau, make_draft, make_person, make_task

LATER = date(2026, 3, 12)
Act = Callable[[Session, Office, RectificationTask], Any]


@pytest.fixture
def office(database: Database) -> Office:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        make_person(session, office.roads, "second", Role.OFFICER, name="乙某")
        return office


def _by(session: Session, office: Office, who: str) -> Any:
    return acting(session, getattr(office, who))


def _told(database: Database, office: Office, status: Status, act: Act) -> tuple[str, ...]:
    """What the last event of a task says after `act`."""
    with database.unit_of_work() as session:
        task = make_task(session, office, status=status)
        session.flush()
        act(session, office, task)
        session.flush()
        task_id = task.id
    with database.reading() as session:
        return timeline(session, task_id)[-1].changes


def _transfer(session: Session, office: Office, task: RectificationTask) -> None:
    to = NewHands(officer_id=office.other.id, leader_id=office.chief.id)
    casework.transfer(session, clock_on(LATER), _by(session, office, "clerk"), task.code, "调整", to)


def _ask(session: Session, office: Office, task: RectificationTask) -> None:
    wanted = date(2026, 9, 30)
    casework.request_extension(
        session, clock_on(LATER), _by(session, office, "officer"), task.code, "流标", wanted
    )


def _grant(session: Session, office: Office, task: RectificationTask) -> None:
    _ask(session, office, task)
    casework.grant_extension(
        session, clock_on(LATER), _by(session, office, "leader"), task.code, date(2026, 8, 31)
    )


def _redate(session: Session, office: Office, task: RectificationTask) -> None:
    clock = clock_on(date(2026, 7, 3))
    casework.redate(session, clock, _by(session, office, "leader"), task.code, "流标", date(2026, 9, 30))


def _return(session: Session, office: Office, task: RectificationTask) -> None:
    clock = clock_on(date(2026, 3, 20))
    casework.return_(session, clock, _by(session, office, "reviewer"), task.code, "材料不全")


def _supervise(session: Session, office: Office, task: RectificationTask) -> None:
    casework.supervise(session, clock_on(LATER), _by(session, office, "clerk"), task.code, "反复")


def _correct(session: Session, office: Office, task: RectificationTask) -> None:
    right = Correction(title="案卷送达回证不全", is_restricted=True)
    casework.correct(session, clock_on(LATER), _by(session, office, "clerk"), task.code, "录错", right)


def _participate(session: Session, office: Office, task: RectificationTask) -> None:
    casework.participate(
        session,
        clock_on(LATER),
        _by(session, office, "clerk"),
        task.code,
        add_people=[office.other.id],
        add_units=[office.transport.id],
    )


def _measure(session: Session, office: Office, task: RectificationTask) -> None:
    casework.measure(
        session,
        clock_on(LATER),
        _by(session, office, "clerk"),
        task.code,
        "逐卷核对",
        due_on=date(2026, 5, 1),
        owner_id=office.officer.id,
    )


def _long_term(session: Session, office: Office, task: RectificationTask) -> None:
    at = date(2026, 6, 30)
    casework.make_long_term(
        session, clock_on(LATER), _by(session, office, "leader"), task.code, "需长期坚持", at
    )


def _hand_over(session: Session, office: Office, task: RectificationTask) -> None:
    casework.hand_over(
        session,
        clock_on(LATER),
        _by(session, office, "clerk"),
        office.officer.id,
        session.scalars(select(Person.id).where(Person.login == "second")).one(),
        "轮岗",
    )


@pytest.mark.parametrize(
    ("act", "status", "told"),
    [
        (
            _transfer,
            Status.IN_PROGRESS,
            ("责任单位：路政科 → 运输科", "责任人：陈路 → 田运", "责任领导：周分管 → 郑局"),
        ),
        (_hand_over, Status.IN_PROGRESS, ("责任人：陈路 → 乙某",)),
        (_ask, Status.IN_PROGRESS, ("申请延到：2026年9月30日",)),
        (_grant, Status.IN_PROGRESS, ("时限：2026年6月30日 → 2026年8月31日", "批复：同意")),
        (_redate, Status.IN_PROGRESS, ("时限：2026年6月30日 → 2026年9月30日",)),
        (_return, Status.SUBMITTED, ("有效时限：2026年6月30日 → 2026年7月15日",)),
        (_supervise, Status.IN_PROGRESS, ("挂牌督办：是",)),
        (_correct, Status.IN_PROGRESS, ("仅限指定人员：是",)),
        (_participate, Status.IN_PROGRESS, ("增加经办人：田运", "增加配合单位：运输科")),
        (_measure, Status.IN_PROGRESS, ("增加措施2（承担人：陈路，时限：2026年5月1日）",)),
        (
            _long_term,
            Status.IN_PROGRESS,
            ("时限类型：限期整改 → 长期坚持", "时限：2026年6月30日 → （空）", "下一检查节点：2026年6月30日"),
        ),
    ],
)
def test_an_event_says_what_it_changed(
    database: Database, office: Office, act: Act, status: Status, told: tuple[str, ...]
) -> None:
    assert _told(database, office, status, act) == told


def test_what_is_issued_is_told_whole(database: Database, office: Office) -> None:
    with database.unit_of_work() as session:
        draft = make_draft(session, office)
        clerk, clock = _by(session, office, "clerk"), clock_on(DAY)
        order = IssueOrder(
            office.roads.id,
            approval_level=ApprovalLevel.CHIEF,
            time_limit=TimeLimit.DATED,
            due_on=date(2026, 8, 1),
            measures=(NewMeasure("逐卷核对"),),
        )
        casework.issue(session, clock, clerk, draft.code, order)
        session.flush()
    with database.reading() as session:
        told = timeline(session, draft.id)[-1].changes
    assert told[0] == "责任单位：路政科"
    assert {
        "审签级别：分管领导审签 → 主要负责人审签",
        "时限：2026年6月30日 → 2026年8月1日",
        "增加措施1",
    } <= set(told)
