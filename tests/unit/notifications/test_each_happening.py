"""Each kind of step: who is told of it on the next working day, in which words, once, and that nobody else is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.clock import Clock
from core.db import Database
from models.enums import OutboxStatus, Status, ToldStatus
from models.history import TaskEvent
from models.mail import OutboxMessage, Told
from models.organisation import Person
from notifications.letterhead import Letterhead
from notifications.simulate import simulate
from notifications.sweep import sweep
from rectification import casework
from rectification.casework import IssueOrder, NewHands
from rectification.halfyear import hearings
from rectification.halfyear.hearings import NewHearing, NewResolution
from rectification.office.actors import Acting
from rectification.office.people import set_wants_mail
from rectification.office.substitutes import add_substitute, end_substitute
from tests.factories import (
    BY,
    Office,
    acting,
    by_on,
    clock_on,
    make_bureau,
    make_draft,
    make_person,
    make_task,
)

HOUSE = Letterhead("http://ledger.test", "整改台账 <r@office.gov.cn>", True, ZoneInfo("Asia/Shanghai"))
FRIDAY, MONDAY, TUESDAY = date(2026, 3, 13), date(2026, 3, 16), date(2026, 3, 17)
LOOKED_BACK = date(2026, 7, 3)

Act = Callable[["Scene"], object]


@dataclass
class Scene:
    """A unit of work in which a task of an office is acted on, on a day."""

    session: Session
    office: Office
    code: str
    day: date = FRIDAY

    def by(self, person: Person) -> tuple[Session, Clock, Acting, str]:
        return self.session, clock_on(self.day), acting(self.session, person, self.day), self.code


def ask_and(decide: Callable[[Scene], object]) -> Act:
    """An extension is asked for, then decided."""

    def both(scene: Scene) -> None:
        casework.request_extension(*scene.by(scene.office.officer), "材料待省厅批复", date(2026, 9, 30))
        decide(scene)

    return both


def hand_over(scene: Scene) -> None:
    session, clock, by, _ = scene.by(scene.office.clerk)
    to = session.scalars(select(Person.id).where(Person.login == "mate")).one()
    casework.hand_over(session, clock, by, scene.office.officer.id, to, "岗位轮换")


def draw(scene: Scene) -> None:
    session, clock, by, _ = scene.by(scene.office.clerk)
    assert casework.draw_look_backs(session, clock, by)


@dataclass(frozen=True)
class Step:
    """What is done to a task of a status, and what whom is told of it: by login name, words of the line."""

    act: Act
    told: dict[str, str]
    status: Status = Status.IN_PROGRESS
    day: date = FRIDAY
    due_on: date | None = None


STEPS = {
    "return": Step(
        lambda s: casework.return_(*s.by(s.office.reviewer), "缺送达回证"),
        {"officer": "3月13日退回整改，理由见任务页"},
        Status.SUBMITTED,
    ),
    "object": Step(
        lambda s: casework.object_(*s.by(s.office.reviewer), "群众来信反映未改"),
        {"officer": "3月13日公示有异议，理由见任务页"},
        Status.PUBLICISED,
    ),
    "reopen": Step(
        lambda s: casework.reopen(*s.by(s.office.reviewer), "抽查仍缺"),
        {"officer": "3月13日回头看重开，理由见任务页"},
        Status.CLOSED,
    ),
    "grant": Step(
        ask_and(lambda s: casework.grant_extension(*s.by(s.office.leader))),
        {"officer": "3月13日同意延期，时限改为2026年9月30日"},
    ),
    "deny": Step(
        ask_and(lambda s: casework.deny_extension(*s.by(s.office.leader), "应当按期")),
        {"officer": "3月13日不同意延期，时限不变，理由见任务页"},
    ),
    "redate": Step(
        lambda s: casework.redate(*s.by(s.office.leader), "客观条件变化", date(2026, 9, 30)),
        {"officer": "3月13日重定时限，时限改为2026年9月30日，理由见任务页"},
        due_on=date(2026, 3, 10),
    ),
    "terminate": Step(
        lambda s: casework.terminate(*s.by(s.office.leader), "职能划转"),
        {"officer": "3月13日终止（不再整改），理由见任务页", "head": "3月13日终止（不再整改）"},
    ),
    "supervise": Step(
        lambda s: casework.supervise(*s.by(s.office.clerk), "群众反映强烈"),
        {"officer": "3月13日挂牌督办，理由见任务页", "head": "3月13日挂牌督办"},
    ),
    "instruct": Step(
        lambda s: casework.instruct(*s.by(s.office.leader), "抓紧。"),
        {"officer": "3月13日批示，内容见任务页", "head": "3月13日批示"},
    ),
    "refuse": Step(
        lambda s: casework.refuse(*s.by(s.office.head), "不属本科职责"),
        {"clerk": "3月13日退回（非本单位职责），理由见任务页"},
        Status.ASSIGNED,
    ),
    "look back": Step(draw, {"reviewer": "请您回头看，"}, Status.CLOSED, LOOKED_BACK),
    "partner unit": Step(
        lambda s: casework.participate(*s.by(s.office.clerk), add_units=[s.office.transport.id]),
        {"other_head": "请您配合（增加配合单位：运输科）"},
    ),
    "transfer": Step(
        lambda s: casework.transfer(
            *s.by(s.office.clerk), "职责调整", NewHands(officer_id=s.office.other.id)
        ),
        {"officer": "已转办（", "other": "转办给您（任责任人）"},
    ),
    "hand over": Step(hand_over, {"officer": "已交接（", "mate": "交接给您（任责任人）"}),
}


def scene(session: Session, step: Step, *, is_restricted: bool = False) -> Scene:
    office = make_bureau(session)
    make_person(session, office.roads, "mate")
    task = make_task(
        session, office, status=step.status, order=IssueOrder(due_on=step.due_on, is_restricted=is_restricted)
    )
    return Scene(session, office, task.code, step.day)


def tell(database: Database, office: Office, day: date) -> dict[int, str]:
    """The day's digests as they went, by person."""
    with database.unit_of_work() as session:
        sweep(session, clock_on(day), [office.bureau.id], HOUSE)
    with database.unit_of_work() as session:
        rows = session.scalars(select(OutboxMessage).where(OutboxMessage.day == day)).all()
        assert len({row.person_id for row in rows}) == len(rows)
        session.execute(update(OutboxMessage).values(status=OutboxStatus.SENT))
        return {row.person_id: row.body_text or "" for row in rows if row.person_id}


def told_of_steps(database: Database) -> list[tuple[int, date, ToldStatus]]:
    with database.reading() as session:
        rows = session.execute(
            select(Told.person_id, Told.day, Told.status).where(Told.subject.like("event:%"))
        )
        return [(person, day, status) for person, day, status in rows]


def next_working_day(day: date) -> date:
    return day + timedelta(days=3)  # both days of the steps are Fridays before a working Monday


@pytest.mark.parametrize("name", STEPS)
def test_it_is_told_on_the_next_working_day_once_to_those_concerned(database: Database, name: str) -> None:
    step = STEPS[name]
    with database.unit_of_work() as session:
        at = scene(session, step)
        office = at.office
        step.act(at)
        ids = dict(session.execute(select(Person.login, Person.id)).tuples().all())
    people = {login: ids[login] for login in step.told}
    tell(database, office, step.day)
    assert told_of_steps(database) == [], "not before the next working day"
    on = next_working_day(step.day)
    told = tell(database, office, on)
    for place, words in step.told.items():
        lines = [line for line in told[people[place]].splitlines() if words in line]
        assert len(lines) == 1, (place, words, told[people[place]])
    expected = sorted((person, on, ToldStatus.TOLD) for person in people.values())
    assert sorted(told_of_steps(database)) == expected
    for later in (on, on + timedelta(days=1), on + timedelta(days=2)):
        tell(database, office, later)
    assert sorted(told_of_steps(database)) == expected


@pytest.mark.parametrize("name", sorted(STEPS.keys() - {"look back", "hand over", "refuse"}))
def test_nobody_is_told_of_what_was_taken_back(database: Database, name: str) -> None:
    step = STEPS[name]
    with database.unit_of_work() as session:
        at = scene(session, step)
        step.act(at)
    with database.unit_of_work() as session:
        at = Scene(session, at.office, at.code, step.day)
        last = session.scalars(select(TaskEvent).order_by(TaskEvent.sequence.desc())).first()
        assert last is not None
        casework.undo(*at.by(session.get_one(Person, last.actor_id)), "误办")
    tell(database, at.office, next_working_day(step.day))
    assert told_of_steps(database) == []


def test_who_switched_mail_off_and_who_did_it_are_not_told(database: Database) -> None:
    step = STEPS["instruct"]
    with database.unit_of_work() as session:
        at = scene(session, step)
        set_wants_mail(session, BY, session.get_one(Person, at.office.officer.id), False)
        step.act(at)
    tell(database, at.office, MONDAY)
    assert told_of_steps(database) == [(at.office.head.id, MONDAY, ToldStatus.TOLD)]


@pytest.mark.parametrize("name", ["instruct", "transfer", "terminate"])
def test_a_step_of_a_restricted_task_stays_in_the_building(database: Database, name: str) -> None:
    with database.unit_of_work() as session:
        at = scene(session, STEPS[name], is_restricted=True)
        STEPS[name].act(at)
    told = tell(database, at.office, MONDAY)
    assert not any(at.code in body for body in told.values())
    assert told_of_steps(database) == []


def test_the_heads_stand_in_hears_of_it_in_the_heads_place(database: Database) -> None:
    with database.unit_of_work() as session:
        at = scene(session, STEPS["supervise"])
        office = at.office
        add_substitute(
            session, BY, office.bureau.id, office.head.id, office.other.id, FRIDAY, date(2026, 6, 30)
        )
        STEPS["supervise"].act(at)
    told = tell(database, office, MONDAY)
    assert {person for person, *_ in told_of_steps(database)} == {
        office.officer.id,
        office.head.id,
        office.other.id,
    }
    assert "代何科　" in told[office.other.id]
    assert "代何科" not in told[office.head.id]


def test_nine_at_once_are_nine_lines_of_one_mail(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        codes = [make_task(session, office).code for _ in range(9)]
        for code in codes:
            STEPS["transfer"].act(Scene(session, office, code))
    told = tell(database, office, MONDAY)
    for person, heading in ((office.other, "新交给您的（9项）"), (office.officer, "不再由您办理（9项）")):
        assert heading in told[person.id]
        assert [told[person.id].count(f"{code}　") for code in codes] == [1] * 9
    assert len(told_of_steps(database)) == 18


def test_steps_of_one_task_are_one_line(database: Database) -> None:
    with database.unit_of_work() as session:
        at = scene(session, STEPS["instruct"])
        STEPS["supervise"].act(at)
        STEPS["instruct"].act(at)
    told = tell(database, at.office, MONDAY)[at.office.officer.id]
    assert told.count(f"{at.code}　") == 1
    assert "3月13日挂牌督办，理由见任务页；2026年3月13日批示，内容见任务页" in told


def test_a_new_task_says_so_once_and_whose_resolution_it_is(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        clock, by = clock_on(FRIDAY), acting(session, office.clerk, FRIDAY)
        new = NewHearing(FRIDAY, "党组", "听取汇报", minutes_no="党组纪要〔2026〕3号")
        hearing = hearings.add_hearing(session, clock, by.actor, new)
        decided = hearings.resolve(
            session, clock, by, hearing, NewResolution("更新执法记录仪。", due_on=date(2026, 9, 30))
        )
        plain = make_draft(session, office, day=FRIDAY)
        for task in (decided, plain):
            order = IssueOrder(office.roads.id, officer_id=office.officer.id, reviewer_id=office.reviewer.id)
            casework.issue(session, clock, by, task.code, order)
    told = tell(database, office, MONDAY)[office.officer.id]
    assert "新交给您的（2项）" in told
    assert "　新下达；待签收\n" in told
    assert "　新下达（党组2026年3月13日议定事项）；待签收\n" in told
    assert "等您办理" not in told


def test_a_cover_is_told_from_its_beginning_to_its_end(database: Database) -> None:
    """Both hear that it is and that it is over; who stands in, of its first day."""
    thursday, friday = date(2026, 3, 19), date(2026, 3, 20)
    with database.unit_of_work() as session:
        office = make_bureau(session)
        row = add_substitute(
            session,
            by_on(FRIDAY),
            office.bureau.id,
            office.officer.id,
            office.other.id,
            date(2026, 3, 18),
            date(2026, 6, 30),
        )
    heard = {}
    for day in (MONDAY, TUESDAY, date(2026, 3, 18), thursday):
        heard[day] = tell(database, office, day)
    with database.unit_of_work() as session:
        end_substitute(session, by_on(friday), office.bureau.id, row.id)
    heard[friday] = tell(database, office, friday)
    heard[date(2026, 3, 23)] = tell(database, office, date(2026, 3, 23))
    pair = {office.officer.id, office.other.id}
    assert {day: told.keys() & pair for day, told in heard.items() if told.keys() & pair} == {
        MONDAY: pair,
        date(2026, 3, 18): {office.other.id},
        friday: pair,
    }
    assert "您代陈路办理（AB岗" in heard[MONDAY][office.other.id]
    assert "今天起您代陈路办理" in heard[date(2026, 3, 18)][office.other.id]
    assert "田运代陈路的AB岗已于2026年3月19日结束" in heard[friday][office.officer.id]


def test_the_simulation_tells_what_happened_and_what_waits_of_it(database: Database) -> None:
    """On its first day alone; what stands in a mail that never went is told by the next."""
    with database.unit_of_work() as session:
        office = make_bureau(session)
        code = make_task(session, office).code
        STEPS["transfer"].act(Scene(session, office, code))
        begins = date(2026, 3, 18)
        add_substitute(
            session, BY, office.bureau.id, office.other.id, office.other_head.id, begins, date(2026, 6, 30)
        )

    def foretold(first: date) -> set[tuple[date, str, str]]:
        with database.reading() as session:
            found = list(simulate(session, first, date(2026, 3, 20)))
        steps = {(m.date, m.to, t.label) for m in found for t in m.tasks if t.rule == "happened"}
        return steps | {(m.date, m.to, n.text) for m in found for n in m.notes if n.rule == "cover"}

    def expected(first: date) -> set[tuple[date, str, str]]:
        days = "AB岗，2026年3月18日至2026年6月30日"
        beside = "；为其代办的事项，邮件中都写明“代田运”"
        return {
            (first, "officer", "已转办（责任单位：路政科 → 运输科，责任人：陈路 → 田运）"),
            (first, "other", "转办给您（任责任人）"),
            (first, "other", "2026年3月18日至2026年6月30日由韩科代您办理，提醒同时发给两人"),
            (first, "other_head", f"您代田运办理（{days}）{beside}"),
            (begins, "other_head", f"今天起您代田运办理（{days}）{beside}"),
        }

    assert foretold(MONDAY) == expected(MONDAY)
    with database.unit_of_work() as session:
        sweep(session, clock_on(MONDAY), [office.bureau.id], HOUSE)
    assert {each for each in foretold(MONDAY) if each[0] == MONDAY} == set()
    assert foretold(TUESDAY) == expected(TUESDAY), "its mails have not gone"
    tell(database, office, TUESDAY)
    assert foretold(begins) == {each for each in expected(TUESDAY) if each[0] == begins}
