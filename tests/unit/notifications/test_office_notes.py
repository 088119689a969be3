"""What the office must not miss is told from its day on, on each week's first working day, until it is done."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.clock import Clock
from core.db import Database
from models import shards
from models.enums import Cadence, Channel, OutboxStatus, Role
from models.mail import OutboxMessage
from models.organisation import Person
from models.report import Source
from notifications.letterhead import Letterhead
from notifications.simulate import simulate
from notifications.sweep import sweep
from rectification.casework import NewDraft, enter
from rectification.halfyear import cycles, freezing, hearing_plans
from rectification.halfyear.daily_look import open_reviews
from rectification.halfyear.hearing_plans import NewPlan
from rectification.halfyear.hearings import NewHearing
from rectification.halfyear.review_days import Term
from rectification.office.actors import Acting
from rectification.office.calendar import HolidayNotice, load_calendar, put_in_force
from rectification.office.journal import By
from rectification.office.sources import NewSource, mark_sent, source_for, source_of_bureau
from rectification.reminders.weekly_check import opens_week
from tests.factories import acting, actor, by_on, clock_on, make_bureau, make_person, make_task

HOUSE = Letterhead("http://ledger.test", "整改台账 <r@office.gov.cn>", True, ZoneInfo("Asia/Shanghai"))
Deed = Callable[[Session, Clock], object]


class Weeks:
    """An office day by day: on each working day the sweep, then what people do; what was said to whom is kept."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.unit_of_work() as session:
            self.office = make_bureau(session)
            self.admin = make_person(session, self.office.legal, "admin", Role.ADMIN)

    def live(
        self, first: date, last: date, deeds: Mapping[date, Deed] | None = None
    ) -> dict[tuple[str, date], str]:
        """The texts of the digests, by login and day."""
        for day in _days(first, last):
            with self.database.unit_of_work() as session:
                open_reviews(session, clock_on(day), [self.office.bureau.id])
                sweep(session, clock_on(day), [self.office.bureau.id], HOUSE)
                session.execute(update(OutboxMessage).values(status=OutboxStatus.SENT))
            with self.database.unit_of_work() as session:
                if deeds and day in deeds:
                    deeds[day](session, clock_on(day, hour=15))
        with self.database.reading() as session:
            rows = select(Person.login, OutboxMessage.day, OutboxMessage.body_text)
            found = session.execute(rows.join(Person, Person.id == OutboxMessage.person_id))
            return {(login, day): text or "" for login, day, text in found if day >= first}

    def by(self, session: Session, clock: Clock) -> By:
        return self.by_person(session, clock, self.office.clerk)

    def by_person(self, session: Session, clock: Clock, person: Person) -> By:
        return By(clock, Acting(actor(session, person, clock.today), Channel.WEB))


@pytest.fixture
def weeks(database: Database) -> Weeks:
    return Weeks(database)


def _days(first: date, last: date) -> Iterator[date]:
    yield from (first + timedelta(days=n) for n in range((last - first).days + 1))


def told(said: dict[tuple[str, date], str], words: str, login: str = "clerk") -> list[date]:
    return sorted(day for (to, day), text in said.items() if to == login and words in text)


def mondays(weeks: Weeks, first: date, last: date) -> list[date]:
    """The first working day of each week."""
    with weeks.database.reading() as session:
        calendar = load_calendar(session)
    return [day for day in _days(first, last) if opens_week(day, calendar)]


def test_a_reply_is_told_on_the_ladder_of_a_date_then_weekly_until_its_day_is_recorded(weeks: Weeks) -> None:
    due, sent = date(2026, 4, 15), date(2026, 5, 13)
    with weeks.database.unit_of_work() as session:
        by = by_on(date(2026, 4, 1))
        new = NewSource(
            "法治督察", "关于某局的督察意见", "法督〔2026〕3号", "市司法局", date(2026, 4, 1), due
        )
        source = source_for(session, by, weeks.office.bureau.id, new)
        number = source.id
        draft = NewDraft(source.id, "案卷未归档。", due_on=date(2027, 6, 30))
        enter(session, by.clock, acting(session, weeks.office.clerk, date(2026, 4, 1)), draft)

    def send(session: Session, clock: Clock) -> None:
        found = source_of_bureau(session, weeks.office.bureau.id, number)
        mark_sent(session, weeks.by(session, clock), found, "plan", clock.today, "局函〔2026〕5号")

    said = weeks.live(date(2026, 4, 1), date(2026, 6, 5), {sent: send})
    words = "法治督察来文法督〔2026〕3号的整改方案应于2026年4月15日前报送"
    ladder = [date(2026, 4, 3), date(2026, 4, 10), date(2026, 4, 14), date(2026, 4, 15), date(2026, 4, 16)]
    weekly = mondays(weeks, date(2026, 4, 23), sent)
    assert told(said, words) == [*ladder, date(2026, 4, 22), *weekly]
    assert told(said, words, "chief") == [date(2026, 4, 22), *weekly]  # no leader is named for its task yet
    assert "还有7个工作日" in said["clerk", date(2026, 4, 3)]
    assert f"http://ledger.test/sources/{number}" in said["clerk", date(2026, 4, 3)]
    assert not any("关于某局的督察意见" in text for text in said.values())


def test_the_responsible_leader_of_what_a_source_raised_hears_of_its_overdue_reply(weeks: Weeks) -> None:
    with weeks.database.unit_of_work() as session:
        make_task(session, weeks.office)
        source = session.scalars(select(Source)).one()
        source_id = source.id
    from rectification.office.sources import correct_source

    with weeks.database.unit_of_work() as session:
        source = session.get_one(Source, source_id)
        fields = {"result_due_on": date(2026, 4, 15)}
        correct_source(session, by_on(date(2026, 4, 1)), source, fields, "补登期限")
    said = weeks.live(date(2026, 4, 20), date(2026, 4, 24))
    words = "的整改结果应于2026年4月15日前报送"
    assert told(said, words, "leader") == [date(2026, 4, 22)]
    assert told(said, words, "chief") == []


def test_next_years_holidays_are_asked_for_weekly_from_november_until_they_are_entered(weeks: Weeks) -> None:
    first, last, entered = date(2026, 10, 19), date(2026, 12, 11), date(2026, 11, 25)

    def enter_them(session: Session, clock: Clock) -> None:
        notice = HolidayNotice(2027, "国办发明电〔2026〕9号", {date(2027, 1, 1): "元旦"}, frozenset())
        put_in_force(session, weeks.by(session, clock), notice)

    said = weeks.live(first, last, {entered: enter_them})
    expected = mondays(weeks, date(2026, 11, 1), entered)
    assert len(expected) == 4
    for login in ("clerk", "admin"):
        assert told(said, "2027年放假安排还没有录入", login) == expected
    assert told(said, "放假安排还没有录入", "chief") == []


def test_a_half_year_is_told_weekly_until_it_is_frozen_and_heard_the_leaders_after_ten_working_days(
    weeks: Weeks,
) -> None:
    term, bureau_id = Term(Cadence.HALF_YEARLY, 2026, 1), weeks.office.bureau.id
    with weeks.database.unit_of_work() as session:
        make_task(session, weeks.office)
        cycles.open_review(session, clock_on(date(2026, 6, 2)), actor(session, weeks.office.clerk), term)

    def freeze(session: Session, clock: Clock) -> None:
        cycle = cycles.cycle_named(session, bureau_id, term)
        freezing.freeze(session, clock, actor(session, weeks.office.clerk, clock.today), cycle)

    def hear(session: Session, clock: Clock) -> None:
        new = NewHearing(clock.today, "党组", "听取汇报")
        hearing_plans.record_hearing(session, weeks.by(session, clock), new)

    frozen, heard, hearing_by = date(2026, 8, 5), date(2026, 9, 23), date(2026, 8, 25)
    said = weeks.live(date(2026, 6, 25), date(2026, 10, 16), {frozen: freeze, heard: hear})
    assert told(said, "还没有冻结") == mondays(weeks, date(2026, 7, 1), frozen)
    assert told(said, "尚未听取汇报") == mondays(weeks, date(2026, 8, 11), heard)
    leaders = mondays(weeks, hearing_by + timedelta(days=14), heard)
    assert leaders == [date(2026, 9, 14), date(2026, 9, 21)]
    for login in ("leader", "chief"):
        assert told(said, "尚未听取汇报", login) == leaders
    assert "已超过14个工作日" in said["chief", leaders[0]]
    assert told(said, "还没有冻结", "chief") == []


def test_a_hearing_is_told_from_plan_to_record(weeks: Weeks) -> None:
    office, numbers = weeks.office, []
    term = Term(Cadence.HALF_YEARLY, 2026, 1)
    with weeks.database.unit_of_work() as session:
        make_task(session, office)
        cycles.open_review(session, clock_on(date(2026, 6, 2)), actor(session, office.clerk), term)
    guests, topic = (office.leader.id, office.other.id), "听取上半年法治建设工作情况汇报"

    def plan(session: Session, clock: Clock) -> None:
        new = NewPlan(date(2026, 7, 15), "党组", topic, guests, "三楼会议室")
        numbers.append(hearing_plans.plan_hearing(session, weeks.by(session, clock), new).id)

    def move(session: Session, clock: Clock) -> None:
        by = weeks.by(session, clock)
        planned = hearing_plans.plan_of(session, by.acting.actor, numbers[0])
        new = NewPlan(date(2026, 7, 16), "党组", topic, guests, "三楼会议室")
        hearing_plans.plan_hearing(session, by, new, planned)

    def freeze(session: Session, clock: Clock) -> None:
        cycle = cycles.cycle_named(session, office.bureau.id, term)
        freezing.freeze(session, clock, actor(session, office.clerk, clock.today), cycle)

    def record(session: Session, clock: Clock) -> None:
        by = weeks.by(session, clock)
        planned = hearing_plans.plan_of(session, by.acting.actor, numbers[0])
        new = NewHearing(date(2026, 7, 16), planned.body, planned.topic, "党组纪要7号")
        hearing_plans.record_hearing(session, by, new, planned)

    deeds = {
        date(2026, 7, 3): plan,
        date(2026, 7, 7): move,
        date(2026, 7, 9): freeze,
        date(2026, 8, 5): record,
    }
    said = weeks.live(date(2026, 7, 1), date(2026, 8, 14), deeds)
    meeting = f"党组听取汇报（{topic}）"
    assert told(said, meeting, "leader") == [date(2026, 7, 6), date(2026, 7, 8), date(2026, 7, 10)]
    assert told(said, meeting, "other") == told(said, meeting, "leader")
    invited, moved, papers = (said["leader", date(2026, 7, day)] for day in (6, 8, 10))
    assert f"请参加2026年7月15日{meeting}，三楼会议室。" in invited
    assert f"2026年7月16日{meeting}的安排有变动，原定2026年7月15日，三楼会议室。" in moved
    assert "http://ledger.test/reviews/2026-06-30/briefing" in papers
    assert "briefing" not in said["other", date(2026, 7, 10)]  # an officer may not open them
    waits = mondays(weeks, date(2026, 7, 17), date(2026, 8, 5))
    assert told(said, "已过会议日期，请登记纪要编号和议定事项") == waits
    assert len(waits) == 3
    assert f"http://ledger.test/reviews/hearings/plans?plan={numbers[0]}" in said["clerk", waits[0]]


def test_a_job_that_fails_is_told_to_the_administrator_when_it_begins_to_then_weekly(weeks: Weeks) -> None:
    def fail(session: Session, clock: Clock) -> None:
        tomorrow = clock.today + timedelta(days=1)
        shards.open_day(session, "backup", tomorrow, None, 1)
        claim = shards.claim(session, "backup", tomorrow)
        assert claim is not None
        shards.give_up(session, claim, "OSError")

    def succeed(session: Session, clock: Clock) -> None:
        tomorrow = clock.today + timedelta(days=1)
        shards.open_day(session, "backup", tomorrow, None, 1)
        claim = shards.claim(session, "backup", tomorrow)
        assert claim is not None
        shards.finish(session, claim)

    days = list(_days(date(2026, 3, 9), date(2026, 4, 1)))
    deeds: dict[date, Deed] = {
        day: fail if date(2026, 3, 10) <= day < date(2026, 3, 25) else succeed for day in days
    }
    said = weeks.live(days[0], days[-1], deeds)
    failing = [date(2026, 3, 11), date(2026, 3, 16), date(2026, 3, 23)]
    assert told(said, "作业“每日备份”没有做完", "admin") == failing
    assert told(said, "作业“每日备份”没有做完") == []


def test_the_simulation_foretells_each_with_its_rule_and_two_reviews_a_year(weeks: Weeks) -> None:
    with weeks.database.unit_of_work() as session:
        make_task(session, weeks.office)
        new = NewSource(
            "法治督察", "督察意见", "法督〔2026〕3号", "", date(2026, 3, 2), None, date(2026, 6, 30)
        )
        source_for(session, by_on(date(2026, 3, 2)), weeks.office.bureau.id, new)
        plan = NewPlan(date(2026, 3, 20), "党组", "听取汇报", [weeks.office.leader.id])
        hearing_plans.plan_hearing(session, weeks.by(session, clock_on(date(2026, 3, 3))), plan)
    with weeks.database.reading() as session:
        calendar = load_calendar(session)
        rules: dict[str, list[tuple[date, str]]] = {}
        for message in simulate(session, date(2026, 3, 4), date(2027, 3, 3)):
            for note in message.notes:
                rules.setdefault(note.rule, []).append((message.date, message.to))
    assert rules["hearing-planned"] == [(date(2026, 3, 4), "leader")]
    assert rules["source-result-before-7"] == [(date(2026, 6, 18), "clerk")]
    weekly = ("hearing-unrecorded", "review-unfrozen", "review-unheard", "calendar-missing")
    for rule in weekly:
        assert all(opens_week(day, calendar) for day, _ in rules[rule])
    assert len(rules["review-opened"]) == 2
    assert {to for _, to in rules["review-unheard"]} == {"clerk", "leader", "chief"}
    assert rules["review-unfrozen"][-1][0] > date(2027, 2, 1)  # nobody acted: it goes on
    assert {day for day, _ in rules["calendar-missing"]} == {
        day for day in _days(date(2026, 11, 1), date(2027, 3, 3)) if opens_week(day, calendar)
    }


def test_a_year_of_two_half_years_day_by_day(weeks: Weeks) -> None:
    """The first is frozen in its second week and heard in July; the second is frozen in February and never heard."""
    bureau_id, office = weeks.office.bureau.id, weeks.office
    with weeks.database.unit_of_work() as session:
        make_task(session, office)
    numbers: list[int] = []

    def freeze(half: int) -> Deed:
        def deed(session: Session, clock: Clock) -> None:
            cycle = cycles.cycle_named(session, bureau_id, Term(Cadence.HALF_YEARLY, 2026, half))
            freezing.freeze(session, clock, actor(session, office.clerk, clock.today), cycle)

        return deed

    def plan(session: Session, clock: Clock) -> None:
        new = NewPlan(date(2026, 7, 22), "党组", "听取上半年汇报", [office.chief.id])
        numbers.append(hearing_plans.plan_hearing(session, weeks.by(session, clock), new).id)

    def record(session: Session, clock: Clock) -> None:
        by = weeks.by(session, clock)
        planned = hearing_plans.plan_of(session, by.acting.actor, numbers[0])
        hearing_plans.record_hearing(
            session, by, NewHearing(planned.meets_on, planned.body, planned.topic, "7号"), planned
        )

    first, last = date(2026, 5, 25), date(2027, 5, 21)
    frozen, recorded, frozen_2 = date(2026, 7, 8), date(2026, 8, 5), date(2027, 2, 2)
    deeds: dict[date, Deed] = {
        frozen: freeze(1),
        date(2026, 7, 9): plan,
        recorded: record,
        frozen_2: freeze(2),
    }
    said = weeks.live(first, last, deeds)
    with weeks.database.reading() as session:
        calendar = load_calendar(session)
    assert all(calendar.is_workday(day) for _, day in said)
    assert told(said, "2026年上半年的数据") == [date(2026, 7, 6)]
    assert told(said, "请参加2026年7月22日党组听取汇报", "chief") == [date(2026, 7, 10)]
    assert told(said, "已过会议日期") == mondays(weeks, date(2026, 7, 23), recorded)
    assert told(said, "2026年上半年尚未听取") == []
    assert told(said, "2026年下半年的数据") == mondays(weeks, date(2027, 1, 1), frozen_2)
    heard_by = calendar.shift(date(2026, 12, 31), 40)
    unheard = mondays(weeks, calendar.shift(heard_by, -10), last)
    assert told(said, "2026年下半年尚未听取") == unheard
    assert told(said, "2026年下半年尚未听取", "chief") == mondays(weeks, calendar.shift(heard_by, 10), last)
