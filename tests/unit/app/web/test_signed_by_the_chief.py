"""What only the chief may sign is told to the chief and to nobody else, wherever it is told."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.halfyear.summary_page import summary_body
from models.enums import ApprovalLevel, Status
from models.mail import OutboxMessage, Told
from models.organisation import Person
from models.task import RectificationTask
from notifications.phone import call_list
from notifications.simulate import simulate
from notifications.sweep import sweep
from rectification import casework
from rectification.casework import Correction, IssueOrder
from rectification.halfyear.summaries import compute_summary
from rectification.lists.figures import Period
from rectification.lists.filters import TaskFilter
from rectification.lists.rows import list_tasks
from rectification.office.calendar import load_calendar
from rectification.roles_in_task import Part
from tests.factories import DAY, Office, acting, actor, clock_on, make_bureau, make_task
from tests.unit.app.web.programs import program
from tests.unit.app.web.site import Board
from tests.unit.notifications.test_weekly import HOUSE
from tests.unit.rectification.lists.waits import waiting

VERIFIED_ON, TOLD_ON = date(2026, 3, 6), date(2026, 3, 11)
WORDS = "主要负责人审签"


def _at_issue(session: Session, office: Office) -> RectificationTask:
    order = IssueOrder(due_on=DAY + timedelta(days=2), approval_level=ApprovalLevel.CHIEF)
    return make_task(session, office, status=Status.VERIFIED, order=order)


def _supervised(session: Session, office: Office) -> RectificationTask:
    order = IssueOrder(due_on=DAY + timedelta(days=2))
    task = make_task(session, office, status=Status.VERIFIED, order=order)
    leader = acting(session, office.leader)
    return casework.supervise(session, clock_on(VERIFIED_ON), leader, task.code, "多次反复")


def _recurring(session: Session, office: Office) -> RectificationTask:
    order = IssueOrder(due_on=DAY + timedelta(days=2))
    task = make_task(session, office, status=Status.VERIFIED, order=order)
    clerk, again = acting(session, office.clerk), Correction(is_recurring=True)
    return casework.correct(session, clock_on(VERIFIED_ON), clerk, task.code, "上年也有", again)


@pytest.mark.parametrize("has_mailbox", [True, False])
@pytest.mark.parametrize("made", [_at_issue, _supervised, _recurring])
def test_it_is_told_to_the_chief_and_to_nobody_else(
    board: Board, made: Callable[[Session, Office], RectificationTask], has_mailbox: bool
) -> None:
    with board.database.unit_of_work() as session:
        office = make_bureau(session)
        session.get_one(Person, office.chief.id).email = "chief@example.gov.cn" if has_mailbox else ""
        session.get_one(Person, office.leader.id).wants_mail = True
        code = made(session, office).code
    bureau_id, chief = office.bureau.id, office.chief.id

    with board.database.reading() as session:  # whose move, simulation, lists, the leaders' month
        calendar = load_calendar(session)
        foretold = [m for m in simulate(session, TOLD_ON, TOLD_ON) if m.tasks]
        assert [(m.to, m.template == "phone") for m in foretold] == [("chief", not has_mailbox)]
        [wait] = waiting(session, TOLD_ON, calendar, actor(session, office.clerk))
        assert (wait.code, wait.part, wait.waits_for, wait.since) == (code, Part.CHIEF, WORDS, VERIFIED_ON)
        assert wait.is_too_long
        for name in ("officer", "head", "reviewer", "leader", "chief", "clerk"):
            who = actor(session, getattr(office, name))
            mine = list_tasks(session, TOLD_ON, calendar, actor=who, filters=TaskFilter(waits_for=who))
            assert [row.code for row in mine] == ([code] if name == "chief" else [])
        period = Period(DAY, TOLD_ON)
        assert f"超期1天，{WORDS}" in summary_body(compute_summary(session, bureau_id, period), str)

    with board.database.unit_of_work() as session:  # mail, telephone
        sweep(session, clock_on(TOLD_ON), [bureau_id], HOUSE)
    with board.database.reading() as session:
        assert session.scalars(select(Told.person_id).where(Told.task_id.is_not(None))).all() == [chief]
        mailed = session.scalars(select(OutboxMessage.person_id)).all()
        called = [row.person_id for row in call_list(session, TOLD_ON, bureau_id)]
        rings = office.clerk.id  # who is told that somebody is to be rung
        assert (mailed, called) == (([chief], []) if has_mailbox else ([rings], [chief]))

    board.day = TOLD_ON  # pages
    clerk = board.browser(office.clerk)
    for address in (f"/tasks/{code}", "/tasks", "/board", "/summary"):
        page = clerk.get(address).text
        assert WORDS in page, address
        assert "周分管审签" not in page
    for name in ("leader", "chief"):
        page = board.browser(getattr(office, name)).get("/my").text
        assert ("现在没有等您办理的任务" in page) == (name == "leader")


def test_who_signs_is_the_same_on_the_page_in_json_and_among_a_persons_tasks(board: Board) -> None:
    with board.database.unit_of_work() as session:
        office = make_bureau(session)
        code = _supervised(session, office).code
        make_task(session, office)
    clerk = board.browser(office.clerk)
    told = program(board, office.clerk).get("/api/tasks").json()["items"]
    shown = {row["code"]: row["approver"] for row in told}
    assert shown.pop(code) == "主要负责人"
    assert set(shown.values()) == {"周分管"}
    page = clerk.get(f"/people/{office.leader.id}").text
    assert "审签人 <b>2</b> 项，其中 1 项现须主要负责人审签" in page
