"""The rules of reminding, on values alone: examples a person can check, and laws that hold for any of them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.workdays import WorkCalendar
from models.enums import ItemKind, Status, TimeLimit
from rectification.office.calendar import shipped_notices
from rectification.office.settings import DEFAULT, Policy
from rectification.reminders.levels import VAIN
from rectification.reminders.rules import DayRules, Mention, mentions, unsaid
from rectification.reminders.task_facts import MeasureFacts, Roster, TaskFacts
from rectification.roles_in_task import Part
from tests.factories import with_year

OFFICER, HEAD, LEADER, CLERK, REVIEWER, APPROVER, HELPER, DEPUTY, NEIGHBOUR = range(1, 10)
UNIT, OTHER_UNIT, BUREAU, CHIEF = 10, 11, 1, 12

ROSTER: Final = Roster(
    people=frozenset(range(1, 10)),
    leaders={BUREAU: (LEADER,)},
    heads={UNIT: (HEAD,), OTHER_UNIT: (NEIGHBOUR,)},
    clerks={BUREAU: (CLERK,)},
)
WITH_CHIEF: Final = replace(ROSTER, people={*ROSTER.people, CHIEF}, chiefs={BUREAU: (CHIEF,)})
TASK: Final = TaskFacts(
    id=1,
    bureau_id=BUREAU,
    code="2025-001",
    kind=ItemKind.SHORTCOMING,
    title="2025年报告·不足第1项",
    status=Status.IN_PROGRESS,
    time_limit=TimeLimit.DATED,
    officer_id=OFFICER,
    lead_unit_id=UNIT,
    leader_id=LEADER,
    reviewer_id=REVIEWER,
    approver_id=APPROVER,
    issued_on=date(2026, 3, 2),
    deadline_on=date(2026, 6, 30),
    waiting_since=None,
)


def announced() -> WorkCalendar:
    calendar = WorkCalendar()
    for notice in shipped_notices():
        calendar = with_year(calendar, notice.year, notice.off, notice.work)
    return calendar


CALENDAR: Final = announced()


def rules(day: date, policy: Policy = DEFAULT) -> DayRules:
    return DayRules(day, CALENDAR, policy)


def heard_on(day: date, task: TaskFacts = TASK, roster: Roster = ROSTER) -> dict[int, tuple[str, int]]:
    """Who hears what on this day, had nobody heard anything before."""
    return {m.person_id: (m.subject, m.rung) for m in mentions(task, roster, rules(day))}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 5, 15), {}),
        (date(2026, 5, 18), {OFFICER: ("task", -30)}),
        (date(2026, 6, 12), {OFFICER: ("task", -30)}),
        (date(2026, 6, 15), {OFFICER: ("task", -7)}),
        (date(2026, 6, 22), {OFFICER: ("task", -3)}),
        (date(2026, 6, 26), {OFFICER: ("task", -3)}),
        (date(2026, 6, 29), {OFFICER: ("task", -1)}),
        (date(2026, 6, 30), {OFFICER: ("task", 0)}),
        (date(2026, 7, 1), {OFFICER: ("task", 1), HEAD: ("task", 1)}),
        (date(2026, 7, 6), {OFFICER: ("task", 1), HEAD: ("task", 1)}),
        (date(2026, 7, 7), dict.fromkeys((OFFICER, HEAD, LEADER), ("task", 5))),
        (date(2026, 7, 10), dict.fromkeys((OFFICER, HEAD, LEADER), ("task", 5))),
        (date(2026, 7, 13), dict.fromkeys((OFFICER, HEAD, LEADER), ("task", 9))),
    ],
)
def test_the_ladder_of_a_date_in_a_year_with_a_holiday_in_it(
    day: date, expected: dict[int, tuple[str, int]]
) -> None:
    assert heard_on(day) == expected


@pytest.mark.parametrize(
    ("due_on", "last_day", "first_overdue"),
    [
        (date(2026, 5, 31), date(2026, 5, 29), date(2026, 6, 1)),
        (date(2026, 10, 4), date(2026, 9, 30), date(2026, 10, 8)),
        (date(2026, 10, 10), date(2026, 10, 10), date(2026, 10, 12)),
    ],
    ids=["a Sunday", "within the National Day holiday", "a make-up workday on a Saturday"],
)
def test_a_date_on_a_rest_day_is_pulled_forward_and_what_follows_never_is(
    due_on: date, last_day: date, first_overdue: date
) -> None:
    task = replace(TASK, deadline_on=due_on)
    assert heard_on(last_day, task)[OFFICER] == ("task", 0)
    assert heard_on(first_overdue, task)[OFFICER] == ("task", 1)
    assert rules(last_day).day_of(due_on, 0) == last_day


def test_what_was_repeated_four_times_in_vain_goes_up_and_the_lower_hear_it_once_a_month() -> None:
    days = [date(2026, 7, 13) + timedelta(weeks=n) for n in range(12)]
    told = {day: heard_on(day, roster=WITH_CHIEF) for day in days}
    rung = {day: rules(day).reached(rules(day).deadline, date(2026, 6, 30)) for day in days}
    weekly = {day: found.latest(None).rung for day, found in rung.items() if found}
    lower = (OFFICER, HEAD, LEADER)
    assert [told[day].keys() for day in days[:4]] == [{*lower}] * 4
    for day in days[4:]:
        assert told[day][CHIEF] == ("task", weekly[day])
        of_month = max(each for each in (*days[:4], date(2026, 9, 7)) if each <= day)
        assert {told[day][person] for person in lower} == {("task", weekly[of_month])}
    [chief] = [m for m in mentions(TASK, WITH_CHIEF, rules(days[6])) if m.person_id == CHIEF]
    assert (chief.part, chief.level, chief.vain, chief.first) == (Part.CHIEF, 3, 4, weekly[days[4]])


def test_without_a_leader_the_chief_is_told_in_his_place_and_he_alone_hears_every_week() -> None:
    task = replace(TASK, leader_id=None)
    assert heard_on(date(2026, 7, 6), task, WITH_CHIEF).keys() == {OFFICER, HEAD}
    assert heard_on(date(2026, 7, 7), task, WITH_CHIEF).keys() == {OFFICER, HEAD, CHIEF}
    told = heard_on(date(2026, 8, 31), task, WITH_CHIEF)
    assert told[OFFICER] == told[HEAD] == heard_on(date(2026, 8, 3), task, WITH_CHIEF)[CHIEF]
    assert told[CHIEF][1] > told[HEAD][1]


def test_rungs_before_the_task_was_issued_never_spoke() -> None:
    late = replace(TASK, issued_on=date(2026, 6, 24))
    assert heard_on(date(2026, 6, 24), replace(late, deadline_on=date(2026, 7, 15))) == {}
    found = list(mentions(late, ROSTER, rules(date(2026, 6, 25))))
    [entry] = unsaid(found, late, rules(date(2026, 6, 25)), {})
    assert (entry.mention.rung, entry.passed) == (-3, ())


def test_only_the_highest_rung_speaks_after_a_silence_and_the_lower_are_recorded() -> None:
    day = date(2026, 7, 15)
    entries = {
        entry.mention.person_id: (entry.mention.rung, entry.passed)
        for entry in unsaid(mentions(TASK, ROSTER, rules(day)), TASK, rules(day), {})
    }
    assert entries == {
        OFFICER: (9, (-30, -7, -3, -1, 0, 1, 5)),
        HEAD: (9, (1, 5)),
        LEADER: (9, (5,)),
    }
    heard = {(OFFICER, "task", TASK.deadline_on or date.min): 1}
    officer = next(iter(unsaid(mentions(TASK, ROSTER, rules(day)), TASK, rules(day), heard)))
    assert officer.passed == (5,)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"officer_id": None}, {HEAD}),
        ({"officer_id": 99}, {HEAD}),
        ({"officer_id": None, "lead_unit_id": 98}, {CLERK}),
        ({"participants": (HELPER,), "participant_units": (OTHER_UNIT,)}, {OFFICER, HELPER, NEIGHBOUR}),
        ({"participants": (99,)}, {OFFICER}),
    ],
    ids=["no officer yet", "officer left", "nobody at all", "participants", "participant left"],
)
def test_who_is_told_before_the_date(change: Mapping[str, object], expected: set[int]) -> None:
    assert set(heard_on(date(2026, 6, 30), replace(TASK, **change))) == expected  # type: ignore[arg-type]


def test_a_substitute_hears_what_the_substituted_hears_in_the_same_part() -> None:
    roster = replace(ROSTER, substitutes={OFFICER: (DEPUTY,), HEAD: (HELPER,)})
    told = {m.person_id: m.part for m in mentions(TASK, roster, rules(date(2026, 7, 1)))}
    assert told == {
        **dict.fromkeys((OFFICER, DEPUTY), Part.OFFICER),
        **dict.fromkeys((HEAD, HELPER), Part.UNIT_HEAD),
    }


def test_who_stands_in_for_a_unit_head_is_told_of_what_waits_for_the_head() -> None:
    roster = replace(ROSTER, substitutes={HEAD: (DEPUTY,)})
    waits = replace(TASK, status=Status.ASSIGNED, officer_id=None, waiting_since=date(2026, 7, 1))
    told = {m.person_id: m.part for m in mentions(waits, roster, rules(date(2026, 7, 1)))}
    assert told == {HEAD: Part.UNIT_HEAD, DEPUTY: Part.UNIT_HEAD}


@pytest.mark.parametrize("muted", [LEADER, HEAD])
def test_who_switched_mail_off_is_not_told_what_others_are_late_with(muted: int) -> None:
    assert muted in heard_on(date(2026, 8, 3))
    assert muted not in heard_on(date(2026, 8, 3), roster=replace(ROSTER, muted={muted}))


def test_what_one_must_do_or_sign_is_told_whatever_the_switch() -> None:
    everybody = replace(ROSTER, muted=ROSTER.people)
    assert OFFICER in heard_on(date(2026, 8, 3), roster=everybody)
    submitted = replace(TASK, status=Status.VERIFIED, waiting_since=date(2026, 7, 1), approver_id=APPROVER)
    [mention] = mentions(submitted, everybody, rules(date(2026, 8, 3)))
    assert (mention.person_id, mention.is_to_sign) == (APPROVER, True)
    told = {m.person_id: m.is_to_sign for m in mentions(submitted, ROSTER, rules(date(2026, 8, 3)))}
    assert told == {APPROVER: True, LEADER: False}


def test_a_measure_has_a_ladder_of_its_own_and_spares_the_leader() -> None:
    measures = (
        MeasureFacts(7, HELPER, date(2026, 4, 30)),
        MeasureFacts(8, None, date(2026, 4, 30)),
        MeasureFacts(9, 99, date(2026, 4, 30)),
    )
    task = replace(TASK, measures=measures)
    found = {(m.person_id, m.subject, m.rung) for m in mentions(task, ROSTER, rules(date(2026, 4, 30)))}
    assert found == {(HELPER, "measure:7", 0), (OFFICER, "measure:8", 0), (OFFICER, "measure:9", 0)}
    overdue = {m.person_id for m in mentions(task, WITH_CHIEF, rules(date(2026, 6, 8)))}
    assert overdue == {HELPER, OFFICER, HEAD}
    ignored = {m.person_id for m in mentions(task, WITH_CHIEF, rules(date(2026, 6, 15)))}
    assert ignored == {HELPER, OFFICER, HEAD, LEADER}
    for_long = {m.person_id for m in mentions(task, WITH_CHIEF, rules(date(2026, 7, 13)))}
    assert for_long == {HELPER, OFFICER, HEAD, LEADER, CHIEF}


LONG: Final = replace(TASK, time_limit=TimeLimit.LONG_TERM)


def test_a_checkpoint_nobody_spoke_of_climbs_from_the_officer_to_the_leader() -> None:
    assert heard_on(date(2026, 6, 29), LONG) == {OFFICER: ("checkpoint", -1)}
    assert heard_on(date(2026, 6, 30), LONG) == {OFFICER: ("checkpoint", 0)}
    assert heard_on(date(2026, 7, 1), LONG) == dict.fromkeys((OFFICER, HEAD), ("checkpoint", 1))
    assert heard_on(date(2026, 7, 7), LONG) == dict.fromkeys((OFFICER, HEAD, LEADER), ("checkpoint", 5))


@pytest.mark.parametrize("stated_on", [date(2026, 3, 20), date(2026, 6, 26), date(2026, 6, 30)])
def test_a_checkpoint_that_was_stated_waits_for_its_reviewer_and_then_goes_up(stated_on: date) -> None:
    task = replace(LONG, stated_on=stated_on)
    for before in (date(2026, 6, 22), date(2026, 6, 29)):
        assert heard_on(before, task) == {}
    assert heard_on(date(2026, 6, 30), task) == {REVIEWER: ("wait:checkpoint", 0)}
    assert heard_on(date(2026, 7, 3), task) == {REVIEWER: ("wait:checkpoint", 3)}
    assert heard_on(date(2026, 7, 8), task) == dict.fromkeys((REVIEWER, LEADER), ("wait:checkpoint", 6))


def test_who_speaks_after_the_checkpoint_hands_it_over_from_that_day() -> None:
    task = replace(LONG, stated_on=date(2026, 7, 9))
    assert heard_on(date(2026, 7, 9), task) == {REVIEWER: ("wait:checkpoint", 0)}


def test_the_look_at_a_checkpoint_is_the_clerks_where_the_reviewer_left() -> None:
    task = replace(LONG, stated_on=date(2026, 6, 26), reviewer_id=99)
    assert heard_on(date(2026, 6, 30), task) == {CLERK: ("wait:checkpoint", 0)}


def test_an_extension_asked_for_goes_before_the_look_at_a_checkpoint() -> None:
    task = replace(LONG, stated_on=date(2026, 6, 26), asked_on=date(2026, 6, 24))
    assert heard_on(date(2026, 6, 30), task) == {APPROVER: ("wait:extension", 3)}


@pytest.mark.parametrize(
    ("status", "person", "subject"),
    [
        (Status.SUBMITTED, REVIEWER, "wait:submitted"),
        (Status.VERIFIED, APPROVER, "wait:verified"),
    ],
)
def test_a_request_that_waits_is_told_to_whom_it_waits_for_and_stops_the_owners_clock(
    status: Status, person: int, subject: str
) -> None:
    task = replace(TASK, status=status, waiting_since=date(2026, 6, 24))
    assert heard_on(date(2026, 6, 26), task) == {}
    assert heard_on(date(2026, 6, 29), task) == {person: (subject, 3)}
    assert heard_on(date(2026, 7, 1), task) == {person: (subject, 3)}
    assert heard_on(date(2026, 7, 2), task) == dict.fromkeys((person, LEADER), (subject, 6))


def test_a_wait_goes_up_at_twice_its_limit_and_then_after_four_weeks_in_vain() -> None:
    task = replace(TASK, status=Status.ASSIGNED, issued_on=date(2026, 3, 6), waiting_since=date(2026, 3, 6))
    told = {
        day: heard_on(day, task, WITH_CHIEF)
        for day in (date(2026, 3, 6) + timedelta(days=n) for n in range(90))
    }
    assert told[date(2026, 3, 13)] == {OFFICER: ("wait:assigned", 3)}
    assert told[date(2026, 3, 16)] == dict.fromkeys((OFFICER, HEAD), ("wait:assigned", 6))
    assert told[date(2026, 3, 23)] == dict.fromkeys((OFFICER, HEAD), ("wait:assigned", 11))
    assert told[date(2026, 4, 13)] == dict.fromkeys((OFFICER, HEAD), ("wait:assigned", 25))
    assert told[date(2026, 4, 20)] == {
        **dict.fromkeys((OFFICER, HEAD), ("wait:assigned", 25)),
        LEADER: ("wait:assigned", 30),
    }
    assert CHIEF not in told[date(2026, 5, 11)]
    assert CHIEF in told[date(2026, 5, 18)]


def test_where_the_unit_has_no_head_the_leader_is_the_next_above() -> None:
    task = replace(TASK, status=Status.ASSIGNED, waiting_since=date(2026, 6, 24), lead_unit_id=98)
    assert heard_on(date(2026, 7, 2), task).keys() == {OFFICER, LEADER}


def test_a_request_whose_reviewer_left_goes_to_the_clerk() -> None:
    task = replace(TASK, status=Status.SUBMITTED, reviewer_id=99, waiting_since=date(2026, 6, 24))
    assert heard_on(date(2026, 6, 29), task) == {CLERK: ("wait:submitted", 3)}


def test_a_new_task_is_told_at_once_and_again_while_nobody_accepts() -> None:
    day = date(2026, 3, 6)
    task = replace(TASK, status=Status.ASSIGNED, issued_on=day, waiting_since=day)
    assert heard_on(date(2026, 3, 6), task) == {OFFICER: ("wait:assigned", 0)}
    assert heard_on(date(2026, 3, 11), task) == {OFFICER: ("wait:assigned", 3)}
    assert heard_on(date(2026, 3, 16), task) == dict.fromkeys((OFFICER, HEAD), ("wait:assigned", 6))


def test_the_unit_head_is_asked_first_where_the_bureau_wants_it() -> None:
    task = replace(TASK, status=Status.SUBMITTED, waiting_since=date(2026, 6, 24))
    wanted = rules(date(2026, 6, 29), Policy(requires_unit_head=True))
    assert [m.person_id for m in mentions(task, ROSTER, wanted)] == [HEAD]
    confirmed = replace(task, is_confirmed=True)
    assert [m.person_id for m in mentions(confirmed, ROSTER, wanted)] == [REVIEWER]


def test_an_extension_that_waits_is_told_to_the_approver() -> None:
    task = replace(TASK, asked_on=date(2026, 5, 6))
    assert heard_on(date(2026, 5, 11), task) == {APPROVER: ("wait:extension", 3)}


@pytest.mark.parametrize("status", [Status.DRAFT, Status.CLOSED, Status.TERMINATED, Status.ARCHIVED])
def test_what_has_not_begun_or_has_ended_is_silent(status: Status) -> None:
    assert heard_on(date(2026, 8, 3), replace(TASK, status=status, waiting_since=date(2026, 6, 1))) == {}


def test_what_one_has_heard_silences_nobody_else() -> None:
    day = date(2026, 7, 1)
    heard = {(OFFICER, "task", date(2026, 6, 30)): 1}
    said = unsaid(mentions(TASK, ROSTER, rules(day)), TASK, rules(day), heard)
    assert [entry.mention.person_id for entry in said] == [HEAD]


def test_a_rung_of_the_day_of_issue_is_recorded_where_a_later_one_speaks_for_it() -> None:
    task, day = replace(TASK, issued_on=date(2026, 6, 18)), date(2026, 6, 25)
    [entry] = unsaid(mentions(task, ROSTER, rules(day)), task, rules(day), {})
    assert (entry.mention.rung, entry.passed) == (-3, (-7,))


def test_participants_and_the_heads_of_partner_units_are_told_as_such() -> None:
    task = replace(TASK, participants=(HELPER,), participant_units=(OTHER_UNIT, 77))
    parts = {m.person_id: m.part for m in mentions(task, ROSTER, rules(date(2026, 6, 30)))}
    assert parts == {OFFICER: Part.OFFICER, HELPER: Part.PARTICIPANT, NEIGHBOUR: Part.PARTICIPANT}


def test_who_stands_for_a_missing_officer_is_told_in_his_own_part() -> None:
    day = rules(date(2026, 6, 30))
    [of_unit] = mentions(replace(TASK, officer_id=None), ROSTER, day)
    [of_bureau] = mentions(replace(TASK, officer_id=None, lead_unit_id=98), ROSTER, day)
    assert (of_unit.person_id, of_unit.part) == (HEAD, Part.UNIT_HEAD)
    assert (of_bureau.person_id, of_bureau.part) == (CLERK, Part.CLERK)


def test_a_task_without_a_unit_has_no_head_whatever_units_there_are() -> None:
    task = replace(TASK, officer_id=None, lead_unit_id=None)
    assert set(heard_on(date(2026, 6, 30), task, replace(ROSTER, heads={1: (HEAD,)}))) == {CLERK}


# --- laws ---------------------------------------------------------------------------------------------------------

DAYS: Final = st.dates(date(2024, 1, 1), date(2026, 12, 31))


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    before = draw(st.lists(st.integers(0, 40), min_size=1, max_size=6, unique=True))
    officer = draw(st.integers(1, 5))
    return Policy(
        ladder_before=tuple(sorted(before, reverse=True)),
        overdue_officer_day=officer,
        overdue_leader_day=draw(st.integers(officer, 15)),
        wait_days=draw(st.integers(1, 10)),
        review_open_days=40,  # no rung is so far ahead that a review would stand for it
    )


def due_days(task: TaskFacts, policy: Policy, last: date) -> dict[int, date]:
    """Every rung of the officer's ladder with the day it speaks, by the plainest reckoning there is."""
    assert task.deadline_on is not None
    assert task.issued_on is not None
    workdays = [day for i in range(1500) if CALENDAR.is_workday(day := date(2023, 6, 1) + timedelta(days=i))]
    before = [day for day in workdays if day <= task.deadline_on]
    after = [day for day in workdays if day > task.deadline_on]
    rungs = {-n: before[-1 - n] for n in policy.ladder_before}
    rungs |= {n: after[n - 1] for n in (policy.overdue_officer_day, policy.overdue_leader_day)}
    rungs = {rung: day for rung, day in rungs.items() if task.issued_on <= day}
    opens_week = [day for last, day in pairwise(workdays) if last.isocalendar()[:2] != day.isocalendar()[:2]]
    spoken = {
        rung: max(day for day in opens_week if day <= own) if rung < 0 else own for rung, own in rungs.items()
    }
    weeks = [
        (before, day)
        for before, day in pairwise(opens_week)
        if day > after[policy.overdue_leader_day - 1] and day >= task.issued_on
    ]
    repeats = [day for n, (before, day) in enumerate(weeks) if n < VAIN or before.month != day.month]
    spoken |= {after.index(day) + 1: day for day in repeats}
    first = min(day for day in workdays if day >= task.issued_on)
    return {rung: max(day, first) for rung, day in spoken.items() if day <= last}


@settings(deadline=None, max_examples=60)
@given(
    policy=policies(),
    issued=DAYS,
    length=st.integers(0, 200),
    down=st.sets(st.integers(0, 400), max_size=200),
)
def test_each_rung_is_said_or_recorded_exactly_once_whatever_days_were_missed(
    policy: Policy, issued: date, length: int, down: set[int]
) -> None:
    issued = min(issued, date(2026, 2, 1))
    task = replace(TASK, issued_on=issued, deadline_on=issued + timedelta(days=length))
    heard: dict[tuple[int, str, date], int] = {}
    said: list[tuple[int, date]] = []
    recorded: list[int] = []
    last = issued
    for i in range(300):
        day = issued + timedelta(days=i)
        if i in down or not CALENDAR.is_workday(day):
            continue
        last = day
        today = rules(day, policy)
        of_officer = [m for m in mentions(task, ROSTER, today) if m.person_id == OFFICER]
        for entry in unsaid(of_officer, task, today, heard):
            heard[OFFICER, "task", entry.mention.due_on] = entry.mention.rung
            said.append((entry.mention.rung, day))
            recorded += [entry.mention.rung, *entry.passed]
    expected = due_days(task, policy, last)
    assert sorted(recorded) == sorted(expected)
    assert len({day for _, day in said}) == len(said)
    if not down:
        highest = {day: max(r for r in expected if expected[r] == day) for day in expected.values()}
        assert said == sorted((rung, day) for day, rung in highest.items())


@settings(deadline=None)
@given(day=DAYS, policy=policies(), due_on=DAYS)
def test_nothing_beyond_the_horizon_speaks_and_the_horizon_itself_does(
    day: date, policy: Policy, due_on: date
) -> None:
    today = rules(CALENDAR.on_or_after(day), policy)
    reached = today.reached(today.deadline, due_on)
    assert (reached is not None) == (due_on <= today.horizon)


@settings(deadline=None)
@given(
    day=DAYS, officer=st.sampled_from([OFFICER, HEAD, None, 99]), helper=st.sampled_from([OFFICER, HEAD, 8])
)
def test_one_person_hears_of_one_date_once_in_whatever_parts(
    day: date, officer: int | None, helper: int
) -> None:
    task = replace(
        TASK, issued_on=date(2023, 1, 2), officer_id=officer, participants=(helper,), leader_id=HEAD
    )
    found: list[Mention] = list(mentions(task, ROSTER, rules(CALENDAR.on_or_after(day))))
    assert len({(m.person_id, m.subject) for m in found}) == len(found)
