"""People leave, lines are redrawn, papers are recorded late: nothing stays with somebody who cannot act on it."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from core.errors import Forbidden, Refused
from models.enums import ApprovalLevel, Channel, Role, Status, Verb
from models.organisation import Person, Unit
from models.task import LookBack, RectificationTask
from rectification import casework
from rectification.casework import IssueOrder, NewHands, leaving
from rectification.casework.enrolling import EnrolOutcome, enrol
from rectification.lists.look_backs import list_checks
from rectification.lists.timeline import timeline
from rectification.office.actors import Acting, Paper, actor_by_login, system
from rectification.office.journal import By
from rectification.office.people import NewPerson, roles_of
from rectification.office.substitutes import add_substitute
from rectification.office.units import set_line_leader
from rectification.roles_in_task import Part
from tests.factories import BY, DAY, acting, actor, by_on, clock_on, make_person
from tests.unit.rectification.casework.conftest import SQLITE, Desk

pytestmark = SQLITE
AUTUMN = date(2026, 9, 1)


def _person(desk: Desk, unit: Unit, login: str, name: str, *roles: Role) -> Person:
    with desk.database.unit_of_work() as session:
        return make_person(session, unit, login, *roles, name=name)


def _by_clerk(session: Session, desk: Desk) -> By:
    return By(clock_on(desk.day), acting(session, desk.office.clerk, desk.day))


def _leave(desk: Desk, person: Person) -> tuple[str, ...]:
    with desk.database.unit_of_work() as session:
        return leaving.leave(session, by_on(desk.day), session.get_one(Person, person.id))


def _draw(desk: Desk) -> list[str]:
    with desk.database.unit_of_work() as session:
        drawn = casework.draw_look_backs(
            session, clock_on(desk.day), acting(session, desk.office.clerk, desk.day)
        )
        return [each.code for each in drawn]


def _hand_over(desk: Desk, leaver: Person, successor: Person, *parts: Part) -> list[str]:
    with desk.database.unit_of_work() as session:
        by = _by_clerk(session, desk)
        return casework.hand_over(session, by.clock, by.acting, leaver.id, successor.id, "调离", parts=parts)


def _set_line(desk: Desk, leader: Person, *units: Unit, by: Person | None = None) -> list[str]:
    with desk.database.unit_of_work() as session:
        own = [session.get_one(Unit, unit.id) for unit in units]
        who = By(clock_on(desk.day), acting(session, by or desk.office.clerk, desk.day))
        moved = casework.set_line(session, who, own, session.get_one(Person, leader.id))
        return [f"{each.code} {each.becomes}" for each in moved]


def _enrol(desk: Desk, *rows: NewPerson) -> EnrolOutcome:
    bureau_id = desk.office.bureau.id
    with desk.database.unit_of_work() as session:
        return enrol(session, BY, session.get_one(Unit, bureau_id), rows)


def test_a_reviewer_hands_over_the_look_backs_that_wait_and_the_new_one_records_them(desk: Desk) -> None:
    code, desk.day = desk.task(Status.CLOSED), AUTUMN
    assert _draw(desk) == [code]
    heir = _person(desk, desk.office.legal, "heir", "向核", Role.REVIEWER)
    with pytest.raises(Refused, match="名下还有 1 项待回头看"):
        _leave(desk, desk.office.reviewer)

    assert _hand_over(desk, desk.office.reviewer, heir) == [code]
    _leave(desk, desk.office.reviewer)

    paper = Paper(desk.day, "法规〔2026〕9号")
    desk.record(paper, casework.look_back, heir, code, "现场核查属实")
    with desk.database.reading() as session:
        (row,) = list_checks(session, actor(session, desk.office.clerk, desk.day))
    assert (row.checked_by, row.reviewer) == ("向核", "向核")
    closed = desk.read(code)
    assert (closed.status, closed.officer_id) == (Status.CLOSED, desk.office.officer.id)


def test_only_the_look_back_of_a_closed_task_changes_hands(desk: Desk) -> None:
    with desk.database.unit_of_work() as session:
        both = make_person(session, desk.office.legal, "both", Role.REVIEWER, Role.LEADER, name="双任")
        heir = make_person(session, desk.office.legal, "heir", Role.REVIEWER, Role.LEADER, name="接任")
    code = desk.task(Status.CLOSED, order=IssueOrder(leader_id=both.id, approver_id=desk.office.leader.id))
    desk.day = AUTUMN
    _draw(desk)
    with pytest.raises(Refused, match="没有可交接"):
        _hand_over(desk, both, heir)
    assert desk.read(code).leader_id == both.id


def test_a_look_back_is_not_handed_to_who_worked_on_the_task(desk: Desk) -> None:
    worked = _person(desk, desk.office.legal, "worked", "曾办", Role.REVIEWER)
    code = desk.task()
    desk.do(casework.participate, desk.office.clerk, code, add_people=[worked.id])
    desk.day = date(2026, 3, 16)
    paper = casework.NewEvidence(archive_no="档〔2026〕1", own_date=desk.day)
    desk.do(casework.evidence, desk.office.officer, code, paper)
    desk.do(casework.submit, desk.office.officer, code, "案卷已补齐送达回证。")
    desk.do(casework.verify, desk.office.reviewer, code, "看过属实")
    desk.do(casework.approve, desk.office.leader, code, "同意")
    desk.day = AUTUMN
    _draw(desk)
    with pytest.raises(Refused, match="与本任务有关，不能回头看"):
        _hand_over(desk, desk.office.reviewer, worked, Part.REVIEWER)
    assert desk.read(code).reviewer_id == desk.office.reviewer.id


def test_what_is_drawn_later_falls_to_the_reviewer_that_took_over(desk: Desk) -> None:
    running, closed = desk.task(), desk.task(Status.CLOSED)
    heir = _person(desk, desk.office.legal, "heir", "向核", Role.REVIEWER)
    assert _hand_over(desk, desk.office.reviewer, heir, Part.REVIEWER) == [running]
    _leave(desk, desk.office.reviewer)
    desk.day = AUTUMN

    assert _draw(desk) == [closed]

    assert desk.read(closed).reviewer_id == heir.id
    with desk.database.reading() as session:
        event = timeline(session, desk.read(closed).id)[-1]
    assert (event.verb, event.changes[0]) == (Verb.DRAW_LOOK_BACK, "复核人：方核 → 向核")
    desk.do(casework.look_back, heir, closed, "看过属实")


def test_where_nobody_took_over_the_clerk_names_who_looks(desk: Desk) -> None:
    code = desk.task(Status.CLOSED)
    _leave(desk, desk.office.reviewer)
    desk.day = AUTUMN
    _draw(desk)
    with desk.database.reading() as session:
        (row,) = list_checks(session, actor(session, desk.office.clerk, desk.day))
        assert (row.reviewer, row.has_left) == ("方核", True)
    heir = _person(desk, desk.office.legal, "heir", "向核", Role.REVIEWER)

    assert _hand_over(desk, desk.office.reviewer, heir, Part.REVIEWER) == [code]

    desk.do(casework.look_back, heir, code, "看过属实")
    with desk.database.reading() as session:
        assert session.query(LookBack).one().checked_by_id == heir.id


def test_the_chief_stays_while_a_task_needs_one(desk: Desk) -> None:
    code = desk.task()
    with desk.database.reading() as session:
        assert leaving.ties_of(session, session.get_one(Person, desk.office.chief.id)).words == ()
    desk.do(casework.supervise, desk.office.clerk, code, "列入清单")

    with pytest.raises(Refused, match="没有别的主要负责人；还有 1 项任务须主要负责人审签"):
        _leave(desk, desk.office.chief)
    outcome = _enrol(desk, NewPerson("郑局", "chief", None, roles=(Role.LEADER,), row=2))
    [(row, why)] = outcome.problems
    assert (row, "本单位就没有主要负责人了" in why) == (2, True)
    with desk.database.reading() as session:
        assert roles_of(session, desk.office.chief.id) == [Role.CHIEF]

    _person(desk, desk.office.legal, "next", "新局", Role.CHIEF)
    _leave(desk, desk.office.chief)


def test_cover_of_both_sides_ends_with_a_word(desk: Desk) -> None:
    office, last = desk.office, DAY + timedelta(days=5)
    with desk.database.unit_of_work() as session:
        add_substitute(session, BY, office.bureau.id, office.chief.id, office.other.id, DAY, last)
        add_substitute(session, BY, office.bureau.id, office.other.id, office.head.id, DAY, last)

    assert _leave(desk, office.other) == (
        "代郑局（2026年3月2日至2026年3月7日），此后郑局无人代岗",
        "由何科代岗（2026年3月2日至2026年3月7日）",
    )


def test_a_new_leader_of_the_line_takes_what_is_led_and_what_waits_for_signature(desk: Desk) -> None:
    office = desk.office
    new = _person(desk, office.legal, "new_leader", "吴新", Role.LEADER)
    signing, running = desk.task(Status.VERIFIED), desk.task()
    chiefs = desk.task(order=IssueOrder(approver_id=office.chief.id, approval_level=ApprovalLevel.CHIEF))
    listed, elsewhere = (
        desk.task(),
        desk.task(
            order=IssueOrder(lead_unit_id=office.transport.id, officer_id=office.other.id),
            status=Status.ASSIGNED,
        ),
    )
    desk.do(casework.supervise, office.clerk, listed, "列入清单")

    assert _set_line(desk, new, office.roads) == [
        f"{signing} 责任领导：周分管 → 吴新；审签人：周分管 → 吴新",
        f"{running} 责任领导：周分管 → 吴新；审签人：周分管 → 吴新",
        f"{chiefs} 责任领导：周分管 → 吴新；审签人仍为郑局；仍由主要负责人审签",
        f"{listed} 责任领导：周分管 → 吴新；审签人：周分管 → 郑局；仍由主要负责人审签",
    ]

    assert desk.read(elsewhere).leader_id == office.leader.id
    event = desk.events(signing)[-1]
    assert (event.verb, set(event.changes)) == (Verb.HAND_OVER, {"leader_id", "approver_id"})
    with desk.database.reading() as session:
        assert timeline(session, desk.read(running).id)[-1].text == "分管调整：路政科改由吴新分管"
        assert session.get_one(Unit, office.roads.id).leader_id == new.id
    desk.day = date(2026, 3, 20)
    desk.do(casework.approve, new, signing, "同意")


def test_a_line_that_cannot_move_whole_does_not_move_at_all(desk: Desk) -> None:
    office = desk.office
    with desk.database.unit_of_work() as session:
        both = make_person(session, office.roads, "both", Role.LEADER, Role.OFFICER, name="既管又办")
    fine, owned = desk.task(), desk.task(order=IssueOrder(officer_id=both.id))
    with pytest.raises(Refused, match="没有交接给“既管又办”"):
        _set_line(desk, both, office.roads, office.transport)
    assert {desk.read(code).leader_id for code in (fine, owned)} == {office.leader.id}
    with desk.database.reading() as session:
        assert session.get_one(Unit, office.transport.id).leader_id == office.leader.id


def test_who_is_no_leader_gets_no_line_and_who_is_no_clerk_moves_no_task(desk: Desk) -> None:
    office = desk.office
    with pytest.raises(Refused, match="不是在岗的分管领导"):
        _set_line(desk, office.officer, office.roads)
    desk.task()
    new = _person(desk, office.legal, "new_leader", "吴新", Role.LEADER)
    admin = _person(desk, office.legal, "admin", "管系统", Role.ADMIN)
    with pytest.raises(Forbidden, match="台账管理员办理"):
        _set_line(desk, new, office.roads, by=admin)


def test_a_leaders_part_brings_the_signature_where_the_leader_signs(desk: Desk) -> None:
    office = desk.office
    new = _person(desk, office.legal, "new_leader", "吴新", Role.LEADER)
    own = desk.task()
    signed_by_chief = desk.task(order=IssueOrder(approver_id=office.chief.id))
    only_signs = desk.task(order=IssueOrder(leader_id=office.chief.id, approver_id=office.leader.id))

    assert _hand_over(desk, office.leader, new, Part.LEADER) == [own, signed_by_chief]

    assert (desk.read(own).leader_id, desk.read(own).approver_id) == (new.id, new.id)
    assert desk.read(signed_by_chief).approver_id == office.chief.id
    assert desk.read(only_signs).approver_id == office.leader.id


def test_another_unit_brings_its_leader_along_unless_one_is_named(desk: Desk) -> None:
    office = desk.office
    new = _person(desk, office.legal, "new_leader", "吴新", Role.LEADER)
    with desk.database.unit_of_work() as session:
        set_line_leader(
            session, BY, session.get_one(Unit, office.transport.id), session.get_one(Person, new.id)
        )
    proposed, named = desk.task(), desk.task()
    moved = desk.do(
        casework.transfer, office.clerk, proposed, "职责调整", NewHands(officer_id=office.other.id)
    )
    assert (moved.leader_id, moved.approver_id) == (new.id, new.id)
    hands = NewHands(officer_id=office.other.id, leader_id=office.chief.id, approver_id=office.leader.id)
    moved = desk.do(casework.transfer, office.clerk, named, "职责调整", hands)
    assert (moved.leader_id, moved.approver_id) == (office.chief.id, office.leader.id)


def _verified_on(desk: Desk, dated: date, entered: date, signer: Person, code: str) -> RectificationTask:
    with desk.database.unit_of_work() as session:
        person = actor_by_login(session, signer.login, today=entered, signed_on=dated)
        signed = Acting(
            person, Channel.WEB, actor(session, desk.office.clerk, entered), Paper(dated, "法规〔2026〕9号")
        )
        return casework.verify(session, clock_on(entered), signed, code, "看过属实")


def test_who_signed_before_handing_over_and_leaving_is_recorded_afterwards(desk: Desk) -> None:
    signed, late = desk.task(Status.SUBMITTED), desk.task(Status.SUBMITTED)
    heir = _person(desk, desk.office.legal, "heir", "向核", Role.REVIEWER)
    paper_day, desk.day = date(2026, 3, 10), date(2026, 3, 12)
    _hand_over(desk, desk.office.reviewer, heir)
    _leave(desk, desk.office.reviewer)

    task = _verified_on(desk, paper_day, date(2026, 3, 20), desk.office.reviewer, signed)

    assert (task.status, task.reviewer_id) == (Status.VERIFIED, heir.id)
    with desk.database.reading() as session:
        assert timeline(session, task.id)[-1].actor == "方核"
    with pytest.raises(Forbidden):
        _verified_on(desk, date(2026, 3, 13), date(2026, 3, 20), desk.office.other, late)


def test_who_had_left_signed_nothing_afterwards(desk: Desk) -> None:
    code = desk.task(Status.CLOSED)
    _leave(desk, desk.office.reviewer)
    desk.day = AUTUMN
    _draw(desk)
    with desk.database.unit_of_work() as session:
        gone = actor(session, session.get_one(Person, desk.office.reviewer.id), AUTUMN)
        recorder = actor(session, desk.office.clerk, AUTUMN)
        signed = Acting(gone, Channel.WEB, recorder, Paper(AUTUMN, "法规〔2026〕9号"))
        with pytest.raises(Refused, match="方核已于 2026-03-02 离岗"):
            casework.look_back(session, clock_on(AUTUMN), signed, code, "看过属实")


def test_the_system_at_the_command_line_moves_a_line_too(desk: Desk) -> None:
    office, code = desk.office, desk.task()
    new = _person(desk, office.legal, "new_leader", "吴新", Role.LEADER)
    with desk.database.unit_of_work() as session:
        by = By(clock_on(DAY), system(office.bureau.id, Channel.CLI))
        casework.set_line(
            session, by, [session.get_one(Unit, office.roads.id)], session.get_one(Person, new.id)
        )
    assert desk.read(code).leader_id == new.id
