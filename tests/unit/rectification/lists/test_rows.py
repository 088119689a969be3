"""A row of a list says what the ledger says, field by field."""

from datetime import date, timedelta

from core.db import Database
from models.enums import Role, Status
from models.task import RectificationTask
from rectification.lists.rows import list_tasks
from rectification.office.calendar import load_calendar
from tests.factories import DAY, make_bureau, make_person, make_task

AS_STORED = (
    *("id", "code", "version", "bureau_id", "kind", "title", "text", "cause", "status", "time_limit"),
    *("issued_on", "due_on", "original_due_on", "deadline_on", "next_checkpoint_on", "waiting_since"),
    "extension_count",
)


def test_every_field_is_its_own(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        task = session.get_one(RectificationTask, make_task(session, office).id)
        people = {
            part: make_person(session, office.legal, f"one_{part}", Role.OFFICER, name=f"名{part}")
            for part in ("officer", "leader", "reviewer", "approver")
        }
        for part, person in people.items():
            setattr(task, f"{part}_id", person.id)
        task.title, task.text, task.cause, task.version = "名称", "原文", "原因", 7
        task.issued_on, task.due_on, task.original_due_on = (date(2026, 1, day) for day in (1, 2, 3))
        task.deadline_on, task.next_checkpoint_on, task.waiting_since = (
            date(2026, 2, day) for day in (4, 5, 6)
        )
        task.extension_count = 2
    with database.reading() as session:
        (whole,) = list_tasks(session, DAY, load_calendar(session))
        (paged,) = list_tasks(session, DAY, load_calendar(session), limit=1)

    assert paged == whole
    assert {name: getattr(whole, name) for name in AS_STORED} == {
        name: getattr(task, name) for name in AS_STORED
    }
    assert {part: getattr(whole, part) for part in people} == {part: f"名{part}" for part in people}
    assert (whole.org, whole.unit) == (office.bureau.name, office.roads.name)
    assert whole.officer_login == "one_officer"


def test_what_nobody_has_been_named_for_is_empty(database: Database) -> None:
    with database.unit_of_work() as session:
        task = session.get_one(RectificationTask, make_task(session, make_bureau(session)).id)
        task.officer_id = task.leader_id = task.reviewer_id = task.approver_id = task.lead_unit_id = None
    with database.reading() as session:
        (row,) = list_tasks(session, DAY, load_calendar(session))

    assert (row.officer, row.officer_login, row.leader, row.reviewer, row.approver, row.unit) == ("",) * 6


def test_the_overdue_come_first_and_what_has_ended_last(database: Database) -> None:
    days = {"ended": -90, "late": -1, "later": -30, "soon": 5, "some day": 90}
    with database.unit_of_work() as session:
        office = make_bureau(session)
        for title, left in days.items():
            task = session.get_one(RectificationTask, make_task(session, office).id)
            task.title, task.deadline_on = title, DAY + timedelta(days=left)
            if title == "ended":
                task.status, task.closed_on = Status.CLOSED, DAY
    with database.reading() as session:
        whole = list_tasks(session, DAY, load_calendar(session))
        pages = [list_tasks(session, DAY, load_calendar(session), limit=2, offset=at) for at in (0, 2, 4)]

    assert [row.title for row in whole] == ["later", "late", "soon", "some day", "ended"]
    assert [row.title for page in pages for row in page] == [row.title for row in whole]
