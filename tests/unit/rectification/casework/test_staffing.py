"""A person changes by what is said alone; what waits for the person finds other hands first."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from core.db import Database
from core.errors import Conflict, Forbidden, NotFound, Refused
from models.enums import OfficeVerb, Role, Status, Verb
from models.organisation import Person, Unit
from rectification import casework
from rectification.casework import IssueOrder, leaving
from rectification.casework.enrolling import EnrolOutcome, enrol
from rectification.casework.staffing import duties_of
from rectification.office import journal
from rectification.office.journal import By
from rectification.office.people import NewPerson, PersonChanges, list_people, roles_of
from rectification.roles_in_task import Part
from tests.factories import BY, DAY, acting, clock_on, make_bureau, make_person
from tests.unit.rectification.casework.conftest import SQLITE, Desk

pytestmark = SQLITE


def _by(session: Session, desk: Desk) -> By:
    return By(clock_on(DAY), acting(session, desk.office.clerk))


def change(
    desk: Desk, person: Person, by: Person | None = None, **how: Any
) -> tuple[tuple[str, str, str], ...]:
    """Change a person on a page; `how` are fields of PersonChanges, `successor`, `keeps` and `seen_version`."""
    rest = {name: how.pop(name) for name in ("successor", "keeps", "seen_version") if name in how}
    with desk.database.unit_of_work() as session:
        who = By(clock_on(DAY), acting(session, by or desk.office.clerk))
        if rest.get("successor"):
            rest["successor"] = session.get_one(Person, rest["successor"].id)
        held = session.get_one(Person, person.id)
        shifts = casework.change_person(session, who, held, PersonChanges(**how), **rest)
        return tuple((each.what, each.before, each.after) for each in shifts)


def bring(desk: Desk, *rows: NewPerson, **answers: Any) -> EnrolOutcome:
    with desk.database.unit_of_work() as session:
        bureau = session.get_one(Unit, desk.office.bureau.id)
        return enrol(session, _by(session, desk), bureau, rows, **answers)


def last_words(desk: Desk, verb: OfficeVerb) -> str:
    with desk.database.reading() as session:
        return journal.list_events(session, 1, verbs=(verb,))[0].words


def row_of(desk: Desk, login: str) -> Any:
    with desk.database.reading() as session:
        return next(each for each in list_people(session) if each.login == login)


def test_a_list_without_columns_leaves_mailbox_post_and_roles(desk: Desk) -> None:
    before = {each: row_of(desk, each) for each in ("officer", "clerk", "reviewer")}

    outcome = bring(
        desk,
        NewPerson("陈路", "officer", "路政科", phone="13900000005", row=2),
        NewPerson("管台", "clerk", "法规科", phone="13900000001", row=3),
        NewPerson("方核", "reviewer", "法规科", phone="13900000002", row=4),
    )

    assert sorted(outcome.changed) == ["clerk", "officer", "reviewer"]
    assert {(each.what, each.before) for shifts in outcome.shifts.values() for each in shifts} == {
        ("手机", "")
    }
    for login, old in before.items():
        now = row_of(desk, login)
        assert (now.email, now.position, now.roles, now.unit) == (
            old.email,
            old.position,
            old.roles,
            old.unit,
        )


def test_a_login_in_another_case_is_the_same_person_and_a_new_name_is_asked(desk: Desk) -> None:
    row = NewPerson("陈路二", "Officer", "路政科", row=2)

    outcome = bring(desk, row)

    [ask] = outcome.asks
    assert (ask.row, ask.login, ask.is_move) == (2, "officer", False)
    assert row_of(desk, "officer").name == "陈路"
    assert bring(desk, row, renamed=["OFFICER"]).changed == ["officer"]
    assert row_of(desk, "officer").name == "陈路二"
    with desk.database.unit_of_work() as session, pytest.raises(Conflict, match="不分大小写"):
        make_person(session, desk.office.legal, "OFFICER")


def test_two_of_one_name_are_told_apart_by_login(desk: Desk) -> None:
    outcome = bring(desk, NewPerson("张伟", "zhangwei1", "路政科"), NewPerson("张伟", "zhangwei2", "运输科"))
    assert outcome.added == ["zhangwei1", "zhangwei2"]
    twice = bring(
        desk, NewPerson("张伟", "zhangwei1", "路政科", row=2), NewPerson("张伟", "ZhangWei1", None, row=3)
    )
    assert [row for row, _ in twice.problems] == [3]


def test_a_new_unit_asks_what_becomes_of_the_tasks(desk: Desk) -> None:
    code, elsewhere = (
        desk.task(),
        desk.task(
            Status.ASSIGNED,
            order=IssueOrder(lead_unit_id=desk.office.transport.id, officer_id=desk.office.other.id),
        ),
    )
    heir, row = desk.office.head, NewPerson("陈路", "officer", "运输科", row=2)

    outcome = bring(desk, row)

    [ask] = outcome.asks
    assert (ask.is_move, code in ask.says) == (True, True)
    assert row_of(desk, "officer").unit == "路政科"
    with pytest.raises(Refused, match=f"{code}"):
        change(desk, desk.office.officer, unit="运输科")
    assert bring(desk, row, tasks={"Officer": heir.login}).changed == ["officer"]
    assert (desk.read(code).officer_id, row_of(desk, "officer").unit) == (heir.id, "运输科")
    assert desk.events(code)[-1].verb is Verb.HAND_OVER
    assert desk.read(elsewhere).officer_id == desk.office.other.id
    assert last_words(desk, OfficeVerb.MOVE_PERSON) == f"由路政科调往运输科；{code}交接给何科"


def test_who_keeps_the_tasks_goes_on_with_them_from_the_new_unit(desk: Desk) -> None:
    code = desk.task(Status.ASSIGNED, order=IssueOrder(officer_id=desk.office.officer.id))

    change(desk, desk.office.officer, unit="运输科", keeps=True)

    assert "仍由本人办理" in last_words(desk, OfficeVerb.MOVE_PERSON)
    desk.do(casework.accept, desk.office.officer, code)
    assert (desk.read(code).officer_id, desk.read(code).lead_unit_id) == (
        desk.office.officer.id,
        desk.office.roads.id,
    )
    to = casework.NewHands(lead_unit_id=desk.office.chief.unit_id, officer_id=desk.office.officer.id)
    with pytest.raises(Refused, match="不在责任单位"):
        desk.do(casework.transfer, desk.office.clerk, code, "职责调整", to)


def test_a_reviewer_who_comes_to_the_lead_unit_is_asked_too(desk: Desk) -> None:
    code = desk.task()
    with pytest.raises(Refused, match=f"作为复核人的 1 项：{code}"):
        change(desk, desk.office.reviewer, unit="路政科")
    with desk.database.unit_of_work() as session:
        heir = make_person(session, desk.office.legal, "heir", Role.REVIEWER)
    change(desk, desk.office.reviewer, unit="路政科", successor=heir)
    assert desk.read(code).reviewer_id == heir.id


@pytest.mark.parametrize(
    ("part", "role", "column"),
    [("reviewer", Role.REVIEWER, "reviewer_id"), ("officer", Role.OFFICER, "officer_id")],
)
def test_a_role_that_tasks_wait_for_asks_for_a_successor(
    desk: Desk, part: str, role: Role, column: str
) -> None:
    code, holder = desk.task(), getattr(desk.office, part)
    outcome = bring(desk, NewPerson(None, holder.login, None, roles=(Role.AUDITOR,), row=5))
    [(row, why)] = outcome.problems
    assert (row, code in why, roles_now(desk, holder)) == (5, True, [role])
    with pytest.raises(Refused, match="请选择接手人"):
        change(desk, holder, roles=(Role.AUDITOR,), keeps=True)
    with desk.database.unit_of_work() as session:
        unit = session.get_one(Unit, holder.unit_id)
        heir = make_person(session, unit, "heir", role, name="接手")

    change(desk, holder, roles=(Role.AUDITOR,), successor=heir)

    assert (getattr(desk.read(code), column), roles_now(desk, holder)) == (heir.id, [Role.AUDITOR])


def roles_now(desk: Desk, person: Person) -> list[Role]:
    with desk.database.reading() as session:
        return roles_of(session, person.id)


def test_the_last_clerk_stays_and_may_go_once_another_came_in_the_same_list(desk: Desk) -> None:
    clerk = desk.office.clerk
    alone = bring(desk, NewPerson(None, "clerk", None, roles=(Role.OFFICER,), row=2))
    assert "本单位就没有台账管理员了" in alone.problems[0][1]

    swapped = bring(
        desk,
        NewPerson(None, "clerk", None, roles=(Role.OFFICER,), row=2),
        NewPerson(None, "other", None, roles=(Role.OFFICER, Role.CLERK), row=3),
    )

    assert (swapped.problems, roles_now(desk, clerk)) == ([], [Role.OFFICER])


def test_a_leader_of_units_and_the_only_head_awaited_stay(desk: Desk) -> None:
    with pytest.raises(Refused, match="还分管路政科、运输科"):
        change(desk, desk.office.leader, roles=(Role.OFFICER,))
    order = IssueOrder(lead_unit_id=desk.office.roads.id)
    code = desk.task(Status.ASSIGNED, order=order)
    for how in ({"roles": (Role.OFFICER,)}, {"unit": "运输科"}):
        with pytest.raises(Refused, match=f"还没有责任人：{code}"):
            change(desk, desk.office.head, **how)
    with desk.database.reading() as session:
        ties = leaving.ties_of(session, session.get_one(Person, desk.office.head.id))
    assert "本科室还有 1 项待签收的任务没有责任人" in ties.words


def test_a_units_head_is_officer_without_a_second_role(desk: Desk) -> None:
    head = desk.office.head
    code = desk.task(Status.SUBMITTED, order=IssueOrder(officer_id=head.id))
    with desk.database.reading() as session:
        assert duties_of(session, session.get_one(Person, head.id)) == {Part.OFFICER: (code,)}
    with pytest.raises(Refused, match="责任人就是科室负责人"):
        desk.do(casework.confirm, head, code)
    desk.do(casework.confirm, desk.office.leader, code)
    assert desk.read(code).is_confirmed


def test_who_saw_an_older_version_is_told(desk: Desk) -> None:
    seen = row_of(desk, "officer").version
    change(desk, desk.office.officer, phone="13900000000", seen_version=seen)
    with pytest.raises(Conflict, match="刚刚被别人改动过"):
        change(desk, desk.office.officer, phone="13900000001", seen_version=seen)


@pytest.mark.parametrize(
    ("how", "kind", "why"),
    [
        ({"unit": "没有的科"}, NotFound, "没有名为"),
        ({"email": "不是邮箱"}, Refused, "写得不对"),
        ({"phone": "打电话"}, Refused, "写得不对"),
        ({"name": "  "}, Refused, "不可用"),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_changes(
    desk: Desk, how: dict[str, Any], kind: type[Exception], why: str
) -> None:
    before = row_of(desk, "officer")
    with pytest.raises(kind, match=why):
        change(desk, desk.office.officer, **how)
    assert row_of(desk, "officer") == before


def test_who_left_is_changed_only_after_coming_back(desk: Desk) -> None:
    with desk.database.unit_of_work() as session:
        leaving.leave(session, BY, session.get_one(Person, desk.office.other.id))
    with pytest.raises(Refused, match="先办“回岗”"):
        change(desk, desk.office.other, phone="13900000000")


def test_who_is_no_clerk_moves_nobodys_tasks(desk: Desk) -> None:
    desk.task()
    with desk.database.unit_of_work() as session:
        admin = make_person(session, desk.office.legal, "admin", Role.ADMIN)
    with pytest.raises(Forbidden, match="涉及 1 项办理中的任务"):
        change(desk, desk.office.officer, by=admin, unit="运输科", successor=desk.office.head)
    assert row_of(desk, "officer").unit == "路政科"


def test_a_successor_who_cannot_take_the_tasks_stops_the_whole_list(desk: Desk) -> None:
    code = desk.task()
    with pytest.raises(Refused, match="没有交接给"):
        bring(
            desk,
            NewPerson("新人", "new", "路政科", row=2),
            NewPerson("陈路", "officer", "运输科", row=3),
            tasks={"officer": "reviewer"},
        )
    assert desk.read(code).officer_id == desk.office.officer.id
    with desk.database.reading() as session:
        assert "new" not in {each.login for each in list_people(session)}


FIELDS = {
    "name": st.sampled_from(["陈路", "王䶮", "艾力·买买提"]),
    "unit": st.sampled_from(["路政科", "运输科", "法规科"]),
    "position": st.sampled_from(["", "科员", "科长"]),
    "roles": st.sets(st.sampled_from([Role.OFFICER, Role.REVIEWER, Role.AUDITOR]), min_size=1).map(tuple),
    "phone": st.sampled_from(["", "13900000005", "0571-1234转8"]),
    "email": st.sampled_from(["", "a@example.gov.cn"]),
    "wants_mail": st.booleans(),
}
CHANGES = st.lists(
    st.dictionaries(st.sampled_from(sorted(FIELDS)), st.none(), max_size=4).flatmap(
        lambda names: st.fixed_dictionaries({name: FIELDS[name] for name in names})
    ),
    max_size=4,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=CHANGES)
def test_any_partial_change_touches_only_what_it_carries(
    database: Database, rows: list[dict[str, Any]]
) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        for said in rows:
            before = next(each for each in list_people(session) if each.login == "officer")
            shifts = casework.change_person(session, BY, office.officer, PersonChanges(**said))
            after = next(each for each in list_people(session) if each.login == "officer")
            for name in FIELDS:
                old, new = (
                    set(getattr(each, name)) if name == "roles" else getattr(each, name)
                    for each in (before, after)
                )
                wanted = set(said[name]) if name in said and name == "roles" else said.get(name, old)
                assert new == wanted, name
            assert bool(shifts) == (after.version > before.version)
            assert casework.change_person(session, BY, office.officer, PersonChanges(**said)) == ()
        session.rollback()
