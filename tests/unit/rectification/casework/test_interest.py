"""Who worked on a task neither verifies nor approves it, whatever roles he has and whoever he stands in for."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from core.errors import NotFound, Refused
from models.enums import Role, Status
from models.organisation import Person, Substitute
from rectification import casework
from rectification.casework import IssueOrder, NewEvidence, NewHands
from tests.factories import DAY, make_person
from tests.unit.rectification.casework.conftest import SQLITE, Desk

pytestmark = SQLITE


def with_reviewer(desk: Desk) -> tuple[str, Person]:
    """A task whose reviewer works in 运输科."""
    with desk.database.unit_of_work() as session:
        reviewer = make_person(session, desk.office.transport, "second", Role.REVIEWER, Role.OFFICER)
    return desk.task(order=IssueOrder(reviewer_id=reviewer.id)), reviewer


def submit(desk: Desk, code: str, officer: Person | None = None) -> None:
    who = officer or desk.office.officer
    desk.do(casework.evidence, who, code, NewEvidence(archive_no="A-1"))
    desk.do(casework.submit, who, code, "已整改。")


def took_part(desk: Desk, code: str, reviewer: Person) -> None:
    desk.do(casework.participate, desk.office.clerk, code, add_people=[reviewer.id])
    submit(desk, code)


def whole_unit_takes_part(desk: Desk, code: str, reviewer: Person) -> None:
    desk.do(casework.participate, desk.office.clerk, code, add_units=[reviewer.unit_id])
    submit(desk, code)


def owned_a_measure(desk: Desk, code: str, reviewer: Person) -> None:
    desk.do(casework.measure, desk.office.clerk, code, "核对数据", owner_id=reviewer.id)
    desk.do(casework.drop_measure, desk.office.clerk, code, 1, "改由本科室做")
    submit(desk, code)


def uploaded_and_left(desk: Desk, code: str, reviewer: Person) -> None:
    desk.do(casework.participate, desk.office.clerk, code, add_people=[reviewer.id])
    desk.do(casework.evidence, reviewer, code, NewEvidence(archive_no="B-1"))
    desk.do(casework.participate, desk.office.clerk, code, remove_people=[reviewer.id])
    submit(desk, code)


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


@pytest.mark.parametrize(
    "worked",
    [took_part, whole_unit_takes_part, owned_a_measure, uploaded_and_left, stood_in_for_the_officer],
)
def test_whoever_worked_on_it_does_not_verify_it(
    desk: Desk, worked: Callable[[Desk, str, Person], None]
) -> None:
    code, reviewer = with_reviewer(desk)
    worked(desk, code, reviewer)
    with pytest.raises(Refused, match="与本任务有关"):
        desk.do(casework.verify, reviewer, code, "齐全")


def test_a_former_officer_does_not_verify_it(desk: Desk) -> None:
    """The task went from 运输科 to 路政科, and its first officer became the reviewer."""
    with desk.database.unit_of_work() as session:
        former = make_person(session, desk.office.transport, "former", Role.REVIEWER, Role.OFFICER)
    code = desk.task(
        Status.ASSIGNED, order=IssueOrder(lead_unit_id=desk.office.transport.id, officer_id=former.id)
    )
    desk.do(
        casework.transfer,
        desk.office.clerk,
        code,
        "职责在路政科",
        NewHands(officer_id=desk.office.officer.id, reviewer_id=former.id),
    )
    desk.do(casework.accept, desk.office.head, code)
    submit(desk, code)
    with pytest.raises(Refused, match="与本任务有关"):
        desk.do(casework.verify, former, code, "齐全")


def test_the_head_of_a_unit_that_takes_part_does_not_verify_it(desk: Desk) -> None:
    with desk.database.unit_of_work() as session:
        head = make_person(session, desk.office.transport, "both", Role.REVIEWER, Role.UNIT_HEAD)
    code = desk.task(order=IssueOrder(reviewer_id=head.id))
    desk.do(casework.participate, desk.office.clerk, code, add_people=[desk.office.other.id])
    submit(desk, code)
    with pytest.raises(Refused, match="与本任务有关"):
        desk.do(casework.verify, head, code, "齐全")


def test_a_leader_who_worked_on_it_does_not_approve_or_terminate_it(desk: Desk) -> None:
    code = desk.task()
    desk.do(casework.participate, desk.office.clerk, code, add_people=[desk.office.leader.id])
    with pytest.raises(Refused, match="与本任务有关"):
        desk.do(casework.terminate, desk.office.leader, code, "职能划转")
    submit(desk, code)
    desk.do(casework.verify, desk.office.reviewer, code, "齐全")
    with pytest.raises(Refused, match="与本任务有关"):
        desk.do(casework.approve, desk.office.leader, code)


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
