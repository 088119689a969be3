"""Who worked on a task neither verifies nor approves it, whatever roles he has and whoever he stands in for."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from core.errors import NotFound, Refused
from models.enums import EvidenceKind, Role, Status
from models.organisation import Person, Substitute
from rectification import casework
from rectification.casework import IssueOrder, NewEvidence, NewHands
from rectification.office.people import set_roles
from rectification.office.substitutes import add_substitute
from tests.factories import BY, DAY, make_person
from tests.unit.rectification.casework.conftest import SQLITE, Desk

pytestmark = SQLITE


def with_reviewer(desk: Desk) -> tuple[str, Person]:
    """A task whose reviewer works in 运输科."""
    with desk.database.unit_of_work() as session:
        reviewer = make_person(session, desk.office.transport, "second", Role.REVIEWER, Role.OFFICER)
    return desk.task(order=IssueOrder(reviewer_id=reviewer.id)), reviewer


def submit(desk: Desk, code: str, officer: Person | None = None) -> None:
    who = officer or desk.office.officer
    desk.do(casework.evidence, who, code, NewEvidence(archive_no="A-1", kind=EvidenceKind.CASE))
    desk.do(casework.submit, who, code, "三件案卷已补齐。")


def takes_part(desk: Desk, code: str, reviewer: Person) -> None:
    desk.do(casework.participate, desk.office.clerk, code, add_people=[reviewer.id])


def whole_unit_takes_part(desk: Desk, code: str, reviewer: Person) -> None:
    desk.do(casework.participate, desk.office.clerk, code, add_units=[reviewer.unit_id])


def owns_a_measure(desk: Desk, code: str, reviewer: Person) -> None:
    desk.do(casework.measure, desk.office.clerk, code, "核对数据", owner_id=reviewer.id)


def colleague_takes_part(desk: Desk, code: str, reviewer: Person) -> None:
    """The reviewer heads the colleague's unit."""
    with desk.database.unit_of_work() as session:
        set_roles(session, BY, session.get_one(Person, reviewer.id), (Role.REVIEWER, Role.UNIT_HEAD))
    desk.do(casework.participate, desk.office.clerk, code, add_people=[desk.office.other.id])


def stood_in_for_the_officer(desk: Desk, code: str, reviewer: Person) -> None:
    with desk.database.unit_of_work() as session:
        session.add(
            Substitute(
                person_id=desk.office.officer.id, substitute_id=reviewer.id, starts_on=DAY, ends_on=DAY
            )
        )
    desk.do(casework.progress, reviewer, code, "替陈路报进展")
    desk.day += timedelta(days=1)
    submit(desk, code)


@pytest.mark.parametrize("choose", [takes_part, whole_unit_takes_part, owns_a_measure, colleague_takes_part])
def test_a_reviewer_is_not_made_to_work_on_it(
    desk: Desk, choose: Callable[[Desk, str, Person], None]
) -> None:
    """Refused when it is chosen, not weeks later when he verifies."""
    code, reviewer = with_reviewer(desk)
    with pytest.raises(Refused, match="以后不能复核") as refused:
        choose(desk, code, reviewer)
    assert "转办" in refused.value.todo


def test_who_stood_in_for_the_officer_does_not_verify_it(desk: Desk) -> None:
    code, reviewer = with_reviewer(desk)
    stood_in_for_the_officer(desk, code, reviewer)
    with pytest.raises(Refused, match="与本任务有关"):
        desk.do(casework.verify, reviewer, code, "齐全")


def test_who_worked_on_it_and_left_is_not_made_its_reviewer(desk: Desk) -> None:
    code, office = desk.task(), desk.office
    with desk.database.unit_of_work() as session:
        helper = make_person(session, office.transport, "helper", Role.REVIEWER, Role.OFFICER)
    desk.do(casework.participate, office.clerk, code, add_people=[helper.id])
    desk.do(casework.evidence, helper, code, NewEvidence(archive_no="B-1", kind=EvidenceKind.CASE))
    desk.do(casework.participate, office.clerk, code, remove_people=[helper.id])
    with pytest.raises(Refused, match="以后不能复核"):
        desk.do(casework.transfer, office.clerk, code, "轮岗", NewHands(reviewer_id=helper.id))


def test_a_former_officer_is_not_made_its_reviewer(desk: Desk) -> None:
    """The task goes from 运输科 to 路政科, and its first officer would be the reviewer."""
    with desk.database.unit_of_work() as session:
        former = make_person(session, desk.office.transport, "former", Role.REVIEWER, Role.OFFICER)
    code = desk.task(
        Status.ASSIGNED, order=IssueOrder(lead_unit_id=desk.office.transport.id, officer_id=former.id)
    )
    hands = NewHands(officer_id=desk.office.officer.id, reviewer_id=former.id)
    with pytest.raises(Refused, match="以后不能复核"):
        desk.do(casework.transfer, desk.office.clerk, code, "职责在路政科", hands)


def test_a_leader_who_signs_it_is_not_made_to_work_on_it(desk: Desk) -> None:
    with pytest.raises(Refused, match="以后不能审签"):
        desk.do(casework.participate, desk.office.clerk, desk.task(), add_people=[desk.office.leader.id])


def test_who_reviews_a_task_does_not_stand_in_for_its_officer(desk: Desk) -> None:
    desk.task()
    office = desk.office
    with desk.database.unit_of_work() as session, pytest.raises(Refused, match="1 项由“方核”复核或审签"):
        add_substitute(session, BY, office.bureau.id, office.officer.id, office.reviewer.id, DAY, DAY)


def test_a_substitute_of_the_reviewer_who_is_the_officer_does_not_verify(desk: Desk) -> None:
    code = desk.task()
    with desk.database.unit_of_work() as session:
        session.add(
            Substitute(
                person_id=desk.office.reviewer.id,
                substitute_id=desk.office.officer.id,
                starts_on=DAY,
                ends_on=DAY,
            )
        )
    submit(desk, code)
    with pytest.raises(Refused, match="与本任务有关"):
        desk.do(casework.verify, desk.office.officer, code, "齐全")


def test_a_reviewer_without_interest_verifies(desk: Desk) -> None:
    code, reviewer = with_reviewer(desk)
    submit(desk, code)
    assert desk.do(casework.verify, reviewer, code, "齐全").status is Status.VERIFIED


def test_a_substitute_acts_with_the_parts_of_the_one_away_and_only_meanwhile(desk: Desk) -> None:
    with desk.database.unit_of_work() as session:
        deputy = make_person(session, desk.office.roads, "deputy")
        for away in (desk.office.officer, desk.office.head):
            session.add(
                Substitute(
                    person_id=away.id,
                    substitute_id=deputy.id,
                    starts_on=DAY,
                    ends_on=DAY + timedelta(days=2),
                )
            )
    code = desk.task(Status.ASSIGNED)
    desk.do(casework.accept, deputy, code, officer_id=desk.office.officer.id)
    desk.do(casework.progress, deputy, code, "替陈路报进展")
    assert desk.events(code)[-1].actor_id == deputy.id
    desk.day = DAY + timedelta(days=3)
    with pytest.raises(NotFound):
        desk.do(casework.progress, deputy, code, "还在替")


def test_who_verified_does_not_approve_in_anybodys_place(desk: Desk) -> None:
    office, code = desk.office, desk.task(Status.SUBMITTED)
    with desk.database.unit_of_work() as session:
        add_substitute(session, BY, office.bureau.id, office.leader.id, office.reviewer.id, DAY, DAY)
    desk.do(casework.verify, office.reviewer, code, "逐卷看过，属实")
    with pytest.raises(Refused, match="复核和审签不能是同一个人"):
        desk.do(casework.approve, office.reviewer, code)
    assert desk.do(casework.approve, office.leader, code).status is Status.CLOSED
