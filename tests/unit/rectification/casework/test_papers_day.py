"""Who may act is judged on the paper's day, and whoever acts for another is on record as doing so."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from core.db import Database
from core.errors import Forbidden
from models.enums import Channel, Role, Status
from models.task import RectificationTask
from rectification import casework
from rectification.lists.timeline import timeline
from rectification.office.actors import Acting, Paper
from rectification.office.substitutes import add_substitute
from tests.factories import BY, Office, actor, case_file, clock_on, make_bureau, make_person, make_task

FIRST, LAST, ENTERED = date(2026, 3, 16), date(2026, 3, 20), date(2026, 3, 27)
DAY = timedelta(days=1)


@pytest.fixture
def office(database: Database) -> Office:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        office.other.name = "赵副"
        add_substitute(session, BY, office.bureau.id, office.reviewer.id, office.other.id, FIRST, LAST)
        return office


def _recorded(session: Session, office: Office, dated: date, entered: date) -> Acting:
    """What the stand-in signed on `dated`, written down by the clerk on `entered`."""
    person, clerk = (actor(session, each, entered) for each in (office.other, office.clerk))
    return Acting(person, Channel.WEB, clerk, Paper(dated, "2026-法规-012"))


def _verify(session: Session, office: Office, dated: date, entered: date = ENTERED) -> RectificationTask:
    task = make_task(session, office, status=Status.SUBMITTED)
    signed = _recorded(session, office, dated, entered)
    return casework.verify(session, clock_on(entered), signed, task.code, "看过属实")


@pytest.mark.parametrize("dated", [FIRST, LAST])
def test_a_stand_in_who_signed_in_time_is_recorded_after_it(
    database: Database, office: Office, dated: date
) -> None:
    with database.unit_of_work() as session:
        task_id = _verify(session, office, dated).id
    with database.reading() as session:
        event = timeline(session, task_id)[-1]
    assert (event.who, event.recorder) == ("赵副（代方核）", "管台")


@pytest.mark.parametrize(("dated", "entered"), [(FIRST - DAY, FIRST), (LAST + DAY, ENTERED)])
def test_a_stand_in_whose_days_had_not_begun_or_were_over_cannot_have_signed(
    database: Database, office: Office, dated: date, entered: date
) -> None:
    with pytest.raises(Forbidden), database.unit_of_work() as session:
        _verify(session, office, dated, entered)


def test_who_has_the_part_himself_acts_for_nobody(database: Database, office: Office) -> None:
    with database.unit_of_work() as session:
        second = make_person(session, office.legal, "second_clerk", Role.CLERK, name="钱法规")
        add_substitute(session, BY, office.bureau.id, office.clerk.id, second.id, FIRST, LAST)
        task = make_task(session, office)
        own = Acting(actor(session, second, FIRST), Channel.WEB)
        casework.supervise(session, clock_on(FIRST), own, task.code, "多次反复")
        task_id = task.id
    with database.reading() as session:
        assert timeline(session, task_id)[-1].who == "钱法规"


def test_a_listed_task_names_the_chief_as_its_signer_and_then_who_signed(
    database: Database, office: Office
) -> None:
    with database.unit_of_work() as session:
        code = make_task(session, office, status=Status.VERIFIED).code
        assert case_file(session, code).signer == "周分管"
        casework.supervise(
            session, clock_on(LAST), Acting(actor(session, office.clerk), Channel.WEB), code, "反复"
        )
        assert case_file(session, code).signer == "主要负责人"
        by_chief = Acting(actor(session, office.chief, LAST), Channel.WEB)
        casework.approve(session, clock_on(LAST), by_chief, code)
        assert case_file(session, code).signer == "郑局"
