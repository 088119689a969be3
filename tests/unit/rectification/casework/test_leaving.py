"""离岗: nobody goes while anything hangs on the account, and nothing of the account is left when it ends."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import Database
from core.errors import Conflict, Refused
from models.enums import LinkPurpose, Role, Status, TokenScope
from models.organisation import Person, Substitute
from rectification import casework
from rectification.casework import IssueOrder, leaving
from rectification.casework.enrolling import enrol
from rectification.office import signin, tokens
from rectification.office.people import NewPerson, list_people, roles_of
from rectification.office.substitutes import add_substitute
from rectification.office.units import set_line_leader
from tests.factories import BY, DAY, Office, acting, clock_on, make_bureau, make_person, make_task


def _leaver(session: Session, office: Office, part: str) -> Person:
    """Somebody with one open task, in this part of it alone."""
    leaver = make_person(session, office.legal, "leaver", Role.OFFICER, Role.REVIEWER, name="吕离")
    reviewer_id = leaver.id if part == "reviewer" else None
    order = IssueOrder(officer_id=office.officer.id, reviewer_id=reviewer_id)
    code = make_task(session, office, order=order).code
    clerk = acting(session, office.clerk)
    if part == "participant":
        casework.participate(session, clock_on(DAY), clerk, code, add_people=[leaver.id])
    if part == "measure":
        casework.measure(session, clock_on(DAY), clerk, code, "补齐送达回证", owner_id=leaver.id)
    return leaver


@pytest.mark.parametrize("part", ["reviewer", "participant", "measure"])
def test_who_holds_an_open_task_in_any_part_stays_until_it_is_handed_over(
    database: Database, part: str
) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        leaver = _leaver(session, office, part)
        heir = make_person(session, office.legal, "heir", Role.OFFICER, Role.REVIEWER)
        assert len(leaving.ties_of(session, leaver).codes) == 1
        with pytest.raises(Refused, match="名下还有 1 项办理中的任务"):
            leaving.leave(session, BY, leaver)
        assert leaver.is_active

        casework.hand_over(session, clock_on(DAY), acting(session, office.clerk), leaver.id, heir.id, "调离")
        leaving.leave(session, BY, leaver)

        assert (leaver.is_active, leaver.left_on) == (False, DAY)
        [row] = [row for row in list_people(session, office.bureau.id) if row.login == "leaver"]
        assert row.left_on == DAY


def test_what_is_closed_holds_nobody(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        make_task(session, office, status=Status.CLOSED, order=IssueOrder(officer_id=office.officer.id))

        leaving.leave(session, BY, office.officer)

        assert not office.officer.is_active


def test_a_leader_of_units_and_the_only_clerk_stay(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        with pytest.raises(Refused, match="分管路政科、运输科"):
            leaving.leave(session, BY, office.leader)
        with pytest.raises(Refused, match="没有别的台账管理员"):
            leaving.leave(session, BY, office.clerk)

        for unit in (office.roads, office.transport):
            set_line_leader(session, BY, unit, office.chief)
        make_person(session, office.legal, "clerk2", Role.CLERK)
        leaving.leave(session, BY, office.leader)
        leaving.leave(session, BY, office.clerk)

        assert not office.leader.is_active
        assert not office.clerk.is_active


def test_another_bureaus_clerk_or_one_who_has_left_does_not_stand_in(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        make_bureau(session, "白河县农业农村局", prefix="foreign_")
        make_person(session, office.legal, "gone", Role.CLERK).is_active = False
        session.flush()

        assert leaving.ties_of(session, office.clerk).roles == (Role.CLERK,)


def test_every_way_in_ends_and_so_do_the_arrangements(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        other, clock = office.other, clock_on(DAY)
        signin.set_password_hash(
            session, BY, other, signin.hash_password("秋天的路边有一排老银杏树", login="other")
        )
        browser = signin.open_session(session, clock, other.id)
        link = signin.make_link(session, clock, LinkPurpose.RESET, other.id)
        token = tokens.make_token(session, BY, other.id, "大屏", TokenScope.READ, 90)
        running = add_substitute(
            session, BY, office.bureau.id, office.officer.id, other.id, DAY - timedelta(days=3), DAY
        )
        coming = add_substitute(
            session,
            BY,
            office.bureau.id,
            other.id,
            office.head.id,
            DAY + timedelta(days=1),
            DAY + timedelta(days=9),
        )

        leaving.leave(session, BY, other)
        leaving.come_back(session, BY, other)

        assert signin.signed_in(session, clock, browser) is None
        assert signin.person_with(session, "other", "秋天的路边有一排老银杏树") is None
        with pytest.raises(Refused):
            signin.open_link(session, clock.now, link)
        assert tokens.bearer_of(session, clock, token) is None
        assert running.ends_on == DAY - timedelta(days=1)
        assert session.scalars(select(Substitute.id)).all() == [running.id]
        assert coming.id != running.id


def test_leaving_twice_and_returning_unasked_are_refused_and_roles_wait(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        with pytest.raises(Conflict, match="在岗"):
            leaving.come_back(session, BY, office.other)
        leaving.leave(session, BY, office.other)
        with pytest.raises(Conflict, match="已经离岗"):
            leaving.leave(session, BY, office.other)

        leaving.come_back(session, BY, office.other)

        assert (office.other.is_active, office.other.left_on) == (True, None)
        assert roles_of(session, office.other.id) == [Role.OFFICER]


def test_an_old_list_does_not_bring_back_who_left(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        leaving.leave(session, BY, office.other)

        outcome = enrol(session, BY, office.bureau, [NewPerson("田运", "Other", "运输科", row=2)])

        [(row, why)] = outcome.problems
        assert (row, "先办“回岗”" in why) == (2, True)
        assert (office.other.is_active, office.other.left_on) == (False, DAY)
