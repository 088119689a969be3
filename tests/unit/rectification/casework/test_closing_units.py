"""撤并: what is under way goes along, what has ended keeps the old name, all or nothing."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.errors import Conflict, Forbidden, Refused
from models.enums import BodyPart, OfficeVerb, Role, Status, Verb
from models.organisation import Person, Unit
from models.task import Participant
from rectification import casework
from rectification.casework import ClosedUnit, IssueOrder, NewHands, leaving
from rectification.office import journal
from rectification.office.bodies import bodies_of, set_body
from rectification.office.journal import By
from rectification.office.people import NewPerson, PersonChanges, add_person
from rectification.office.units import (
    add_department,
    find_unit,
    list_units,
    place_department,
    remove_unit,
    rename_unit,
    set_line_leader,
)
from rectification.task.audit import verify
from tests.factories import BY, DAY, acting, clock_on, make_person
from tests.unit.rectification.casework.conftest import SQLITE, Desk

pytestmark = SQLITE
AUTUMN = date(2026, 9, 1)


def close(desk: Desk, unit: Unit, into: Unit | None, day: date = DAY, by: Person | None = None) -> ClosedUnit:
    with desk.database.unit_of_work() as session:
        who = By(clock_on(desk.day), acting(session, by or desk.office.clerk, desk.day))
        target = session.get_one(Unit, into.id) if into else None
        return casework.close_unit(session, who, session.get_one(Unit, unit.id), target, day, "编〔2026〕3号")


def test_people_and_tasks_under_way_go_along_and_what_ended_stays(desk: Desk) -> None:
    office = desk.office
    with desk.database.unit_of_work() as session:
        new = make_person(session, office.legal, "new_leader", Role.LEADER, name="吴新")
        set_line_leader(session, BY, session.get_one(Unit, office.transport.id), new)
        below = add_department(session, BY, office.bureau, "路政一队", parent=office.roads)
    running, signing, waiting = desk.task(), desk.task(Status.VERIFIED), desk.task(Status.ASSIGNED)
    closed, drafted = desk.task(Status.CLOSED), desk.task(Status.DRAFT)
    theirs = desk.task(
        Status.ASSIGNED, order=IssueOrder(officer_id=office.other.id, lead_unit_id=office.transport.id)
    )
    desk.do(casework.participate, office.clerk, theirs, add_units=[office.roads.id])
    desk.day = AUTUMN

    along = close(desk, office.roads, office.transport)

    assert {each.code for each in along.tasks} >= {running, signing, waiting, theirs}
    assert "责任单位：路政科 → 运输科；责任领导：周分管 → 吴新" in along.tasks[0].becomes
    assert (along.people, along.units) == (("陈路", "何科"), ("路政一队",))
    for code in (running, signing, waiting):
        task = desk.read(code)
        assert (task.lead_unit_id, task.leader_id, task.approver_id) == (office.transport.id, new.id, new.id)
    event = desk.events(running)[-1]
    assert (event.verb, event.changes["lead_unit_id"]) == (
        Verb.TRANSFER,
        [office.roads.id, office.transport.id],
    )
    assert desk.read(running).officer_id == office.officer.id
    assert (desk.read(closed).lead_unit_id, desk.read(drafted).lead_unit_id) != (
        office.transport.id,
        office.roads.id,
    )
    assert desk.read(closed).lead_unit_id == office.roads.id
    with desk.database.reading() as session:
        assert session.scalars(select(Participant.unit_id)).all() == []
        row = next(each for each in list_units(session) if each.name == "路政科")
        assert (row.is_active, row.closed_on, row.merged_into, row.people) == (False, DAY, "运输科", 0)
        assert session.get_one(Unit, below.id).parent_id == office.transport.id
        found = find_unit(session, office.bureau.id, "路政科")
        assert found is not None
        assert found.id == office.transport.id
        assert verify(session, office.bureau.id).is_sound
        assert journal.verify(session).is_sound
        event_row = journal.list_events(session, 1, verbs=(OfficeVerb.CLOSE_UNIT,))[0]
    assert event_row.words == "路政科并入运输科（2026-03-02）；编〔2026〕3号"
    desk.do(casework.progress, office.officer, running, "继续办理")


def test_a_closed_unit_takes_neither_people_nor_tasks(desk: Desk) -> None:
    office = desk.office
    with desk.database.unit_of_work() as session:
        empty = add_department(session, BY, office.bureau, "信访科")
    drafted = desk.task(Status.DRAFT)
    running = desk.task(Status.ASSIGNED)
    close(desk, empty, None)
    with desk.database.unit_of_work() as session, pytest.raises(Refused, match="撤销"):
        add_person(session, BY, office.bureau, NewPerson("新", "new", "信访科"))
    with pytest.raises(Refused, match="撤并"):
        desk.do(casework.transfer, office.clerk, running, "职责调整", NewHands(lead_unit_id=empty.id))
    order = IssueOrder(lead_unit_id=empty.id, leader_id=office.leader.id, reviewer_id=office.reviewer.id)
    with pytest.raises(Refused):
        desk.do(casework.issue, office.clerk, drafted, order)
    with pytest.raises(Conflict, match="已于"):
        close(desk, empty, None)


def test_what_hangs_on_a_unit_holds_it_where_it_goes_nowhere(desk: Desk) -> None:
    desk.task()
    with pytest.raises(Refused, match="2 人在岗、1 项未办结的任务"):
        close(desk, desk.office.roads, None)


def test_a_merger_that_cannot_go_whole_does_not_go_at_all(desk: Desk) -> None:
    fine = desk.task(order=IssueOrder(officer_id=desk.office.officer.id))
    with desk.database.unit_of_work() as session:
        other = make_person(session, desk.office.transport, "reviewer2", Role.REVIEWER, name="运核")
    blocked = desk.task(order=IssueOrder(officer_id=desk.office.officer.id, reviewer_id=other.id))

    with pytest.raises(Refused, match=f"{blocked}：复核人“运核”就在责任单位"):
        close(desk, desk.office.roads, desk.office.transport)

    assert desk.read(fine).lead_unit_id == desk.office.roads.id
    with desk.database.reading() as session:
        assert session.get_one(Unit, desk.office.roads.id).is_active


def test_who_is_no_clerk_a_day_to_come_and_a_wrong_target_are_refused(desk: Desk) -> None:
    office = desk.office
    desk.task()
    with pytest.raises(Forbidden, match="台账管理员"):
        close(desk, office.roads, office.transport, by=office.head)
    with pytest.raises(Refused, match="还没有到"):
        close(desk, office.roads, office.transport, DAY + timedelta(days=1))
    with pytest.raises(Refused, match="请另选"):
        close(desk, office.roads, office.roads)
    with pytest.raises(Refused, match="不是科室"):
        close(desk, office.bureau, office.roads)


def test_who_comes_back_to_a_closed_unit_comes_to_what_it_became(desk: Desk) -> None:
    office = desk.office
    with desk.database.unit_of_work() as session:
        leaving.leave(session, BY, session.get_one(Person, office.officer.id))
    close(desk, office.roads, office.transport)
    with desk.database.unit_of_work() as session:
        person = session.get_one(Person, office.officer.id)
        leaving.come_back(session, BY, person)
        assert person.unit_id == office.transport.id


def test_a_unit_nothing_refers_to_is_removed_and_no_other(desk: Desk) -> None:
    office = desk.office
    with desk.database.unit_of_work() as session:
        wrong = add_department(session, BY, office.bureau, "路整科")
        used = add_department(session, BY, office.bureau, "用过科")
        guest = make_person(session, used, "guest", name="客")
    code = desk.task()
    with desk.database.unit_of_work() as session:
        casework.change_person(session, BY, guest, PersonChanges(unit="法规科"))
    with desk.database.unit_of_work() as session:
        remove_unit(session, BY, session.get_one(Unit, wrong.id))
        for unit, why in (
            (used, "办理记录提到过它"),
            (office.roads, "提到过它"),
            (office.bureau, "不是科室"),
        ):
            with pytest.raises(Refused, match=why):
                remove_unit(session, BY, session.get_one(Unit, unit.id))
    with desk.database.reading() as session:
        assert find_unit(session, office.bureau.id, "路整科") is None
        assert journal.verify(session).is_sound
    assert desk.read(code).lead_unit_id == office.roads.id


def test_a_department_moves_in_the_tree_without_biting_its_tail(desk: Desk) -> None:
    office = desk.office
    with desk.database.unit_of_work() as session:
        team = add_department(session, BY, office.bureau, "一队", parent=office.roads)
        roads, bureau = (session.get_one(Unit, each.id) for each in (office.roads, office.bureau))
        with pytest.raises(Refused, match="它就是该科室或其下级"):
            place_department(session, BY, roads, team)
        with pytest.raises(Refused, match="不是科室"):
            place_department(session, BY, bureau, roads)
        place_department(session, BY, team, bureau)
        assert team.parent_id == bureau.id


def test_a_leading_group_has_head_deputies_and_member_units(desk: Desk) -> None:
    office = desk.office
    with desk.database.unit_of_work() as session:
        set_body(
            *(session, BY, office.bureau.id, "领导小组", office.chief),
            [office.leader, office.chief],
            [office.roads, office.legal],
        )
        for wrong in ("监委会", "领导小组"):
            units = [] if wrong == "监委会" else [Unit(bureau_id=0, name="外", is_active=True)]
            with pytest.raises(Refused):
                set_body(session, BY, office.bureau.id, wrong, None, [], units)
    close(desk, office.roads, office.legal)
    with desk.database.reading() as session:
        body = bodies_of(session, office.bureau.id)["领导小组"]
        assert body.words == "组长：郑局；副组长：周分管；成员单位：法规科"
        assert body.ids(BodyPart.MEMBER) == {office.legal.id}
        assert journal.verify(session).is_sound


def test_a_renamed_unit_keeps_its_old_name_as_an_alias_and_no_two_share_one(desk: Desk) -> None:
    with desk.database.unit_of_work() as session:
        legal, roads, bureau = (
            session.get_one(Unit, each.id)
            for each in (desk.office.legal, desk.office.roads, desk.office.bureau)
        )
        rename_unit(session, BY, legal, "执法监督科")
        for taken in ("法规科", "路政科"):
            with pytest.raises((Conflict, Refused)):
                rename_unit(session, BY, roads, taken)
        rename_unit(session, BY, bureau, "云山县交通局")
        names = {row.name: row.aliases for row in list_units(session) if row.aliases}
        assert names == {"云山县交通局": ("云山县交通运输局",), "执法监督科": ("法规科",)}
