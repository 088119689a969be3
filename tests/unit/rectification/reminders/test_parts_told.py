"""In what part each person is told, whoever is missing."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from models.enums import Status, TimeLimit
from rectification.office.settings import DEFAULT, Policy
from rectification.reminders.rules import DayRules, mentions
from rectification.reminders.task_facts import MeasureFacts, Roster, TaskFacts
from rectification.roles_in_task import Part
from tests.unit.rectification.reminders.test_review_requests import LATER, WINDOW
from tests.unit.rectification.reminders.test_rules import (
    APPROVER,
    CALENDAR,
    CHIEF,
    CLERK,
    DEPUTY,
    HEAD,
    HELPER,
    LEADER,
    OFFICER,
    REVIEWER,
    ROSTER,
    TASK,
    WITH_CHIEF,
)

NOBODY = Roster(people=ROSTER.people)
WAITING = date(2026, 6, 24)


def told(
    day: date, task: TaskFacts, roster: Roster = ROSTER, policy: Policy = DEFAULT, *, subject: str = ""
) -> dict[int, Part]:
    found = mentions(task, roster, DayRules(day, CALENDAR, policy, WINDOW if subject == "review" else None))
    return {m.person_id: m.part for m in found if m.subject.startswith(subject)}


def test_a_measures_owner_is_told_as_a_participant() -> None:
    task = replace(TASK, measures=(MeasureFacts(7, HELPER, date(2026, 4, 30)),))
    assert told(date(2026, 4, 30), task) == {HELPER: Part.PARTICIPANT}


def test_a_checkpoint_is_its_officers_until_he_has_spoken_and_then_its_reviewers() -> None:
    silent = replace(TASK, time_limit=TimeLimit.LONG_TERM)
    assert told(date(2026, 6, 30), silent) == {OFFICER: Part.OFFICER}
    stated = replace(silent, stated_on=date(2026, 6, 10))
    assert told(date(2026, 6, 29), stated) == {}
    assert told(date(2026, 6, 30), stated) == {REVIEWER: Part.REVIEWER}
    assert told(date(2026, 6, 30), replace(stated, reviewer_id=None)) == {CLERK: Part.CLERK}


def test_above_stand_head_leader_and_chief_as_such() -> None:
    up = {HEAD: Part.UNIT_HEAD, LEADER: Part.LEADER, CHIEF: Part.CHIEF}
    assert told(date(2026, 12, 1), TASK, WITH_CHIEF) == {OFFICER: Part.OFFICER, **up}
    silent = {OFFICER: Part.OFFICER, HEAD: Part.UNIT_HEAD}
    assert told(date(2026, 7, 27), LATER, WITH_CHIEF, subject="review") == silent
    waits = replace(TASK, status=Status.ASSIGNED, waiting_since=date(2026, 3, 6))
    assert told(date(2026, 3, 16), waits) == silent
    assert told(date(2026, 7, 27), waits, WITH_CHIEF, subject="wait") == {OFFICER: Part.OFFICER, **up}


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        (replace(TASK, status=Status.SUBMITTED), {REVIEWER: Part.REVIEWER}),
        (replace(TASK, status=Status.SUBMITTED, reviewer_id=None), {CLERK: Part.CLERK}),
        (replace(TASK, status=Status.VERIFIED, is_chiefs=True), {CHIEF: Part.CHIEF}),
        (replace(TASK, status=Status.VERIFIED), {APPROVER: Part.APPROVER}),
    ],
)
def test_a_request_is_told_to_who_must_decide_in_the_part_that_decides(
    task: TaskFacts, expected: dict[int, Part]
) -> None:
    assert told(date(2026, 6, 29), replace(task, waiting_since=WAITING), WITH_CHIEF) == expected


def test_where_the_unit_head_is_the_officer_the_leader_stands_behind_his_request() -> None:
    asks = Policy(requires_unit_head=True)
    own = replace(TASK, officer_id=HEAD, status=Status.SUBMITTED, waiting_since=WAITING)
    assert told(date(2026, 6, 29), own, policy=asks) == {LEADER: Part.LEADER}


def test_what_the_chief_must_sign_goes_up_to_nobody() -> None:
    waits = replace(TASK, status=Status.VERIFIED, is_chiefs=True, waiting_since=WAITING)
    assert told(date(2026, 12, 1), waits, WITH_CHIEF) == {CHIEF: Part.CHIEF}


@pytest.mark.parametrize("wait_days", [1, 3, 10])
def test_a_wait_goes_up_on_the_day_of_twice_its_limit_and_not_before(wait_days: int) -> None:
    waits = replace(TASK, status=Status.SUBMITTED, waiting_since=WAITING)
    policy = Policy(wait_days=wait_days)
    limit = CALENDAR.shift(WAITING, 2 * wait_days)
    assert told(CALENDAR.shift(limit, -1), waits, policy=policy) == {REVIEWER: Part.REVIEWER}
    assert told(limit, waits, policy=policy) == {REVIEWER: Part.REVIEWER, LEADER: Part.LEADER}


@pytest.mark.parametrize(
    "task",
    [
        replace(TASK, officer_id=None),
        replace(TASK, status=Status.SUBMITTED, reviewer_id=None, waiting_since=WAITING),
        replace(TASK, status=Status.VERIFIED, approver_id=None, is_chiefs=True, waiting_since=WAITING),
        replace(TASK, officer_id=None, reviewer_id=None, time_limit=TimeLimit.LONG_TERM),
    ],
)
def test_a_bureau_without_anybody_in_office_is_told_nothing(task: TaskFacts) -> None:
    empty = replace(NOBODY, people=frozenset())
    assert told(date(2026, 7, 2), task, empty) == {}


def test_a_task_without_an_issue_day_is_told_by_its_dates_alone() -> None:
    assert told(date(2026, 8, 3), replace(TASK, issued_on=None)).keys() == {OFFICER, HEAD, LEADER}


def test_a_task_issued_on_the_day_a_rung_belongs_to_hears_that_rung() -> None:
    overdue = replace(TASK, issued_on=date(2026, 7, 13))
    assert told(date(2026, 7, 13), overdue).keys() == {OFFICER, HEAD, LEADER}
    assert told(date(2026, 7, 14), replace(TASK, issued_on=date(2026, 7, 14))) == {}


def test_who_stands_in_is_told_in_that_part_also_for_what_waits() -> None:
    roster = replace(ROSTER, substitutes={REVIEWER: (DEPUTY,)})
    waits = replace(TASK, status=Status.SUBMITTED, waiting_since=WAITING)
    assert told(date(2026, 6, 29), waits, roster) == dict.fromkeys((REVIEWER, DEPUTY), Part.REVIEWER)


def chased(days: Iterable[date], *, is_asking: bool = True) -> list[date]:
    """The days on which the clerk hears that the silent are chased, had every day a run."""
    window = replace(WINDOW, is_asking=is_asking)
    return [
        day
        for day in days
        if CALENDAR.is_workday(day)
        and DayRules(day, CALENDAR, DEFAULT, window).chases(day, CALENDAR.shift(day, -1))
    ]


def test_the_silent_are_chased_on_the_steps_after_the_first_and_then_weekly() -> None:
    june_july = [date(2026, 5, 25) + timedelta(days=n) for n in range(50)]
    assert chased(june_july) == [
        date(2026, 6, 15),
        date(2026, 6, 23),
        date(2026, 6, 29),
        date(2026, 7, 6),
        date(2026, 7, 13),
    ]
    assert chased(june_july, is_asking=False) == []
    assert not DayRules(date(2026, 6, 15), CALENDAR, DEFAULT).chases(date(2026, 6, 15), date(2026, 6, 12))


def test_after_days_without_a_run_the_silent_are_chased_once() -> None:
    rules = DayRules(date(2026, 6, 25), CALENDAR, DEFAULT, WINDOW)
    assert rules.chases(date(2026, 6, 25), date(2026, 6, 12))
    assert not rules.chases(date(2026, 6, 25), date(2026, 6, 24))
    assert not rules.chases(date(2026, 6, 5), date(2026, 5, 20))
