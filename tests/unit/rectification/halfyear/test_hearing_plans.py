"""A hearing to come: planned, told of, changed, called off, recorded; only what was held counts as heard."""

from collections.abc import Collection
from datetime import date

import pytest

from core.db import Database
from core.errors import Conflict, Forbidden, NotFound, Refused
from models.enums import Cadence, Channel, OfficeVerb
from models.organisation import Person
from rectification.halfyear import cycles, freezing, hearing_plans, hearings
from rectification.halfyear.hearing_plans import NewPlan
from rectification.halfyear.hearings import NewHearing
from rectification.halfyear.review_days import Term
from rectification.office.actors import Acting
from rectification.office.journal import By, verify
from tests.factories import Office, actor, clock_on, make_bureau, make_task

TERM = Term(Cadence.HALF_YEARLY, 2026, 1)
PLANNED, NEXT, MEETS = date(2026, 7, 1), date(2026, 7, 2), date(2026, 7, 15)
TOPIC = "听取上半年法治建设工作情况汇报"


@pytest.fixture
def office(database: Database) -> Office:
    """A bureau whose review of the first half-year was opened."""
    with database.unit_of_work() as session:
        office = make_bureau(session)
        make_task(session, office)
        cycles.open_review(session, clock_on(date(2026, 6, 2)), actor(session, office.clerk), TERM)
    return office


class Desk:
    """The clerk's (or another's) hand on the plans, and what is told of them."""

    def __init__(self, database: Database, office: Office) -> None:
        self.database, self.office = database, office

    def plan(
        self,
        day: date,
        meets_on: date = MEETS,
        *,
        guests: Collection[Person] = (),
        body: str = "党组",
        topic: str = TOPIC,
        place: str = "",
        change: int = 0,
        who: Person | None = None,
    ) -> int:
        ids = [person.id for person in guests or (self.office.leader, self.office.officer)]
        with self.database.unit_of_work() as session:
            by = By(clock_on(day), Acting(actor(session, who or self.office.clerk, day), Channel.WEB))
            known = hearing_plans.plan_of(session, by.acting.actor, change) if change else None
            new = NewPlan(meets_on, body, topic, ids, place)
            return hearing_plans.plan_hearing(session, by, new, known).id

    def call_off(self, day: date, number: int) -> None:
        with self.database.unit_of_work() as session:
            by = By(clock_on(day), Acting(actor(session, self.office.clerk, day), Channel.WEB))
            hearing_plans.call_off(session, by, hearing_plans.plan_of(session, by.acting.actor, number))

    def record(self, day: date, held_on: date, number: int = 0, body: str = "党组") -> None:
        with self.database.unit_of_work() as session:
            by = By(clock_on(day), Acting(actor(session, self.office.clerk, day), Channel.WEB))
            known = hearing_plans.plan_of(session, by.acting.actor, number) if number else None
            hearing_plans.record_hearing(session, by, NewHearing(held_on, body, TOPIC, "纪要7号"), known)

    def told(self, on: date, since: date) -> dict[str, str]:
        """By login: the rule, and whether the papers are shown."""
        with self.database.reading() as session:
            names = {
                person.id: person.login for person in vars(self.office).values() if hasattr(person, "login")
            }
            news = hearing_plans.plan_news(session, {self.office.bureau.id: since}, on)
            return {
                names[person]: rule.removeprefix("hearing-") + ("+papers" if papers_of else "")
                for person, rule, _, papers_of in news
            }

    def open_plans(self) -> list[date]:
        with self.database.reading() as session:
            return [each.meets_on for each in hearing_plans.list_plans(session, self.office.bureau.id)]


@pytest.fixture
def desk(database: Database, office: Office) -> Desk:
    return Desk(database, office)


def test_who_is_to_be_there_is_told_on_the_next_working_day_and_once(desk: Desk) -> None:
    desk.plan(PLANNED)
    assert desk.told(PLANNED, date(2026, 6, 30)) == {}
    assert desk.told(NEXT, PLANNED) == {"leader": "planned", "officer": "planned"}
    assert desk.told(date(2026, 7, 3), NEXT) == {}


def test_what_days_without_a_run_would_have_said_is_said(desk: Desk) -> None:
    desk.plan(PLANNED)
    assert desk.told(date(2026, 7, 10), PLANNED) == {"leader": "planned", "officer": "planned"}
    assert desk.told(date(2026, 7, 16), PLANNED) == {}  # it is over


def test_another_day_is_told_to_who_stays_and_leaving_or_coming_to_who_leaves_or_comes(desk: Desk) -> None:
    number = desk.plan(PLANNED)
    office, day = desk.office, date(2026, 7, 6)
    desk.plan(day, date(2026, 7, 20), guests=(office.leader, office.chief), change=number)
    assert desk.told(date(2026, 7, 7), day) == {
        "leader": "changed",
        "chief": "planned",
        "officer": "excused",
    }
    assert desk.told(date(2026, 7, 8), date(2026, 7, 7)) == {}
    desk.plan(date(2026, 7, 8), date(2026, 7, 20), change=number)
    assert desk.told(date(2026, 7, 9), date(2026, 7, 8)) == {"chief": "excused", "officer": "planned"}


def test_the_message_names_the_day_before_the_move_alone(desk: Desk) -> None:
    number = desk.plan(PLANNED)
    desk.plan(date(2026, 7, 6), date(2026, 7, 20), change=number)
    desk.plan(date(2026, 7, 6), date(2026, 7, 21), change=number)
    with desk.database.reading() as session:
        since = {desk.office.bureau.id: date(2026, 7, 6)}
        [text, _] = [text for _, _, text, _ in hearing_plans.plan_news(session, since, date(2026, 7, 7))]
    assert text == f"2026年7月21日党组听取汇报（{TOPIC}）的安排有变动，原定2026年7月15日"
    desk.plan(date(2026, 7, 8), date(2026, 7, 21), place="三楼会议室", change=number)
    with desk.database.reading() as session:
        since = {desk.office.bureau.id: date(2026, 7, 8)}
        [text, _] = [text for _, _, text, _ in hearing_plans.plan_news(session, since, date(2026, 7, 9))]
    assert text == f"2026年7月21日党组听取汇报（{TOPIC}）的安排有变动，三楼会议室"


def test_papers_are_told_when_they_are_frozen_and_shown_to_who_may_read_them(desk: Desk) -> None:
    desk.plan(PLANNED)
    with desk.database.unit_of_work() as session:
        cycle = cycles.cycle_named(session, desk.office.bureau.id, TERM)
        freezing.freeze(session, clock_on(date(2026, 7, 6)), actor(session, desk.office.clerk), cycle)
    assert desk.told(date(2026, 7, 7), date(2026, 7, 6)) == {"leader": "papers+papers", "officer": "papers"}


def test_calling_off_is_told_unless_nobody_had_heard_of_it(desk: Desk) -> None:
    number = desk.plan(PLANNED)
    desk.call_off(PLANNED, number)
    assert desk.told(NEXT, PLANNED) == {}
    number = desk.plan(PLANNED)
    desk.call_off(NEXT, number)
    assert desk.told(date(2026, 7, 3), NEXT) == {"leader": "called-off", "officer": "called-off"}
    assert desk.open_plans() == []


def test_a_plan_is_no_hearing_until_it_is_recorded(desk: Desk) -> None:
    number, after = desk.plan(PLANNED), date(2026, 9, 30)
    bureau_id = desk.office.bureau.id

    def waits(day: date) -> tuple[int, int]:
        with desk.database.reading() as session:
            unheard = hearings.unheard(session, bureau_id, day)
            return len(unheard), len(list(hearing_plans.unrecorded(session, [bureau_id], day)))

    assert waits(after) == (1, 1)
    assert waits(MEETS) == (0, 0)  # the day itself is no silence
    desk.record(after, MEETS, number)
    assert waits(after) == (0, 0)


def test_recording_the_meeting_of_the_day_finds_its_plan(desk: Desk) -> None:
    desk.plan(PLANNED)
    desk.plan(PLANNED, topic="研究执法记录仪更新", body="局长办公会")
    desk.record(MEETS, MEETS)
    assert len(desk.open_plans()) == 1


def test_what_is_over_is_neither_changed_nor_recorded_twice(desk: Desk) -> None:
    number = desk.plan(PLANNED)
    desk.call_off(NEXT, number)
    for again in (
        lambda: desk.call_off(NEXT, number),
        lambda: desk.plan(NEXT, date(2026, 7, 20), change=number),
        lambda: desk.record(MEETS, MEETS, number),
    ):
        with pytest.raises(Conflict, match="已经取消了"):
            again()


def test_what_cannot_be_planned_is_refused_with_what_to_do(desk: Desk, database: Database) -> None:
    with database.unit_of_work() as session:
        stranger = make_bureau(session, "云山县水利局", prefix="w-").leader
    cases: list[tuple[dict[str, object], str]] = [
        ({"meets_on": PLANNED}, "不在今天之后"),
        ({"meets_on": date(2026, 6, 1)}, "开过的会请直接登记"),
        ({"body": "茶话会"}, "党组、党委、局长办公会、领导小组"),
        ({"topic": " "}, "议题"),
        ({"guests": (desk.office.leader, stranger)}, "不是本单位的在岗人员"),
    ]
    for wrong, told in cases:
        with pytest.raises(Refused) as refusal:
            desk.plan(PLANNED, **wrong)  # type: ignore[arg-type]
        assert told in refusal.value.line
    with pytest.raises(Forbidden, match="不能安排听取汇报"):
        desk.plan(PLANNED, who=desk.office.leader)
    number = desk.plan(PLANNED)
    with pytest.raises(Conflict, match="已经安排过了"):
        desk.plan(PLANNED)
    with pytest.raises(Refused, match="没有改动"):
        desk.plan(PLANNED, change=number)
    with database.reading() as session, pytest.raises(NotFound):
        hearing_plans.plan_of(session, actor(session, stranger), number)


def test_nobody_to_be_there_is_refused(desk: Desk) -> None:
    with desk.database.unit_of_work() as session:
        by = By(clock_on(PLANNED), Acting(actor(session, desk.office.clerk, PLANNED), Channel.WEB))
        with pytest.raises(Refused, match="没有选人"):
            hearing_plans.plan_hearing(session, by, NewPlan(MEETS, "党组", TOPIC, ()))


def test_every_step_stands_on_the_offices_chain(desk: Desk) -> None:
    number = desk.plan(PLANNED)
    desk.plan(NEXT, date(2026, 7, 20), change=number)
    desk.record(date(2026, 7, 20), date(2026, 7, 20), number)
    with desk.database.reading() as session:
        planned = hearing_plans.plan_of(session, actor(session, desk.office.clerk), number)
        history = hearing_plans.history_of(session, planned)
        assert verify(session).is_sound
    assert [event.verb for event in history] == [
        OfficeVerb.RECORD_HEARING,
        OfficeVerb.CHANGE_HEARING,
        OfficeVerb.PLAN_HEARING,
    ]
    assert history[1].words == "会议日期：2026-07-15 → 2026-07-20"
    assert {event.actor for event in history} == {"管台"}
