"""What happened to people is told on the next working day, once, to those concerned and to nobody else."""

import re
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from core.db import Database
from core.workdays import WorkCalendar
from models.enums import Light, OutboxStatus, ToldStatus, Verb
from models.history import TaskEvent
from models.mail import OutboxMessage, Told
from models.task import RectificationTask
from notifications.letterhead import Letterhead
from notifications.render import TEMPLATES
from notifications.sweep import sweep
from notifications.wording import reason
from rectification import casework
from rectification.casework import NewHands
from rectification.labels import LIGHT_COLOUR
from rectification.office.substitutes import add_substitute
from rectification.reminders.rules import Mention
from rectification.roles_in_task import Part
from tests.factories import BY, UNMEASURED, Office, acting, clock_on, make_bureau, make_task

HOUSE = Letterhead("http://ledger.test", "整改台账 <r@office.gov.cn>", True, ZoneInfo("Asia/Shanghai"))
FRIDAY, MONDAY, TUESDAY = date(2026, 3, 13), date(2026, 3, 16), date(2026, 3, 17)


@pytest.fixture
def office(database: Database) -> Office:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        make_task(session, office, order=UNMEASURED)
        return office


def tell(database: Database, office: Office, day: date) -> dict[int, str]:
    """The day's digests, by person."""
    with database.unit_of_work() as session:
        sweep(session, clock_on(day), [office.bureau.id], HOUSE)
    with database.reading() as session:
        rows = session.scalars(select(OutboxMessage).where(OutboxMessage.day == day))
        told = {row.person_id: row.body_text or "" for row in rows if row.person_id}
    with database.unit_of_work() as session:
        session.execute(update(OutboxMessage).values(status=OutboxStatus.SENT))
    return told


def code_of(database: Database) -> str:
    with database.reading() as session:
        return session.scalars(select(RectificationTask.code)).one()


def test_a_transfer_is_told_to_both_and_the_old_officer_gets_no_dead_link(
    database: Database, office: Office
) -> None:
    code = code_of(database)
    with database.unit_of_work() as session:
        to = NewHands(officer_id=office.other.id)
        casework.transfer(
            session, clock_on(FRIDAY), acting(session, office.clerk, FRIDAY), code, "职责调整", to
        )
    assert tell(database, office, FRIDAY) == {}
    told = tell(database, office, MONDAY)
    assert "新交给您的（1项）" in told[office.other.id]
    assert f"/tasks/{code}" in told[office.other.id]
    assert "不再由您办理（1项）" in told[office.officer.id]
    assert "陈路 → 田运" in told[office.officer.id]
    assert f"/tasks/{code}" not in told[office.officer.id]
    assert "新交给您的" not in told[office.clerk.id]
    assert tell(database, office, TUESDAY) == {}


def test_what_was_taken_back_before_the_morning_is_not_told(database: Database, office: Office) -> None:
    code = code_of(database)
    with database.unit_of_work() as session:
        casework.instruct(session, clock_on(FRIDAY), acting(session, office.leader, FRIDAY), code, "抓紧。")
    with database.unit_of_work() as session:
        casework.undo(session, clock_on(FRIDAY), acting(session, office.leader, FRIDAY), code, "误批")
    assert tell(database, office, MONDAY).keys() == {office.clerk.id}, "of the missing measures alone"


def test_who_stands_in_hears_of_it_once_and_for_whom(database: Database, office: Office) -> None:
    with database.unit_of_work() as session:
        add_substitute(
            session, BY, office.bureau.id, office.officer.id, office.other.id, MONDAY, date(2026, 6, 30)
        )
    told = tell(database, office, MONDAY)
    assert "您代陈路办理" in told[office.other.id]
    assert "由田运代您办理" in told[office.officer.id]
    assert tell(database, office, TUESDAY) == {}
    with database.unit_of_work() as session:
        casework.instruct(
            session, clock_on(TUESDAY), acting(session, office.leader, TUESDAY), code_of(database), "抓紧。"
        )
    later = tell(database, office, date(2026, 3, 18))
    assert "代陈路" in later[office.other.id]
    assert "批示" in later[office.officer.id]
    with database.reading() as session:
        event = session.scalars(select(TaskEvent).where(TaskEvent.verb == Verb.INSTRUCT)).one()
        rows = session.scalars(select(Told).where(Told.subject == f"event:{event.id}")).all()
    assert {(row.person_id, row.status) for row in rows} == {
        (person.id, ToldStatus.TOLD) for person in (office.officer, office.other, office.head)
    }


def test_what_went_up_says_how_often_it_was_in_vain() -> None:
    own = Mention(1, Part.OFFICER, "task", FRIDAY, 2, 0)
    assert reason(own, TUESDAY, WorkCalendar({})) == "已超期4天"
    above = own._replace(part=Part.LEADER, level=2, vain=4)
    assert reason(above, TUESDAY, WorkCalendar({})) == "已超期4天，已提醒4次以上未办，现报您知悉"


def test_a_mail_has_the_colours_of_the_pages() -> None:
    tokens = (TEMPLATES.parents[1] / "app/web/static/tokens.css").read_text("utf-8").partition("@media")[0]
    on_pages = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]+);", tokens))
    assert {light.colour: on_pages[light.colour] for light in Light} == {
        light.value: colour for light, colour in LIGHT_COLOUR.items()
    }
    in_mail = {
        c
        for path in TEMPLATES.rglob("*.html")
        for c in re.findall(r"#[0-9a-f]{6}\b", path.read_text("utf-8"))
    }
    assert in_mail
    assert in_mail <= set(on_pages.values())
