"""Working through a day, on the embedded engine."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from core.errors import Unavailable
from flows import day as flow_day
from flows.day import JobDay, ShardsFailed
from flows.requests import DayRequest, JobOutcome
from models import shards
from models.calendar import BureauSetting
from models.job import JobRun
from models.shards import ShardClaim
from rectification.office.units import add_bureau
from tasks.step import InHand, JobFailed, fenced, task
from tasks.workplace import Workplace
from tests.factories import BY

JOB = "daily_reminders"
MONDAY, SUNDAY = date(2026, 3, 2), date(2026, 3, 1)
NOW = datetime(2026, 3, 2, tzinfo=UTC)
Step = Callable[[ShardClaim], Mapping[str, int]]


@pytest.fixture
def bureaus(place: Workplace) -> list[int]:
    with place.database.unit_of_work() as session:
        return [add_bureau(session, BY, f"第{number}局").id for number in range(6)]


def leave_a_row(shard: InHand, key: str, refuse: Callable[[int], bool] = lambda _: False) -> dict[str, int]:
    """Leave one row a bureau, with no constraint that would hide a second one."""
    for bureau in shard.bureau_ids:
        day = shard.clock.today
        shard.session.add(BureauSetting(bureau_id=bureau, key=key, value=1, valid_from=day, set_at=NOW))
        shard.session.flush()
        if refuse(bureau):
            raise ValueError("text of a task")
    return {key: len(shard.bureau_ids)}


@task("a first step")
@fenced
def first(shard: InHand) -> Mapping[str, int]:
    return leave_a_row(shard, "told")


@task("a second step")
@fenced
def second(shard: InHand) -> Mapping[str, int]:
    return leave_a_row(shard, "chased")


def failing_in(bureaus: list[int]) -> Step:
    @task("a step that fails")
    @fenced
    def failing(shard: InHand) -> Mapping[str, int]:
        return leave_a_row(shard, "failed", bureaus.__contains__)

    return failing


def work_through(request: DayRequest, *steps: Step) -> JobOutcome:
    """What every flow's body is."""
    day = JobDay(JOB, request)
    for shard in day.shards():
        with day.trying(shard):
            for step in steps:
                step(shard)
    return day.outcome()


def effects(place: Workplace, key: str = "told") -> dict[int, int]:
    with place.database.reading() as session:
        rows = session.execute(
            select(BureauSetting.bureau_id, func.count())
            .where(BureauSetting.key == key)
            .group_by(BureauSetting.bureau_id)
        )
        return dict(rows.tuples().all())


def small(**more: object) -> DayRequest:
    return DayRequest.model_validate({"day": MONDAY, "rows_per_shard": 1, **more})


@pytest.fixture
def one_each(bureaus: list[int], monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Bureaus of one task each, so that each is a shard."""
    monkeypatch.setattr(flow_day, "open_tasks_by_bureau", lambda session: dict.fromkeys(bureaus, 1))
    return bureaus


def test_one_run_does_the_whole_day_and_the_next_finds_it_done(place: Workplace, bureaus: list[int]) -> None:
    done = work_through(small(), first)
    found = work_through(small(), first)
    assert (done.shards, done.counts, done.was_done) == (1, {"told": 6}, False)
    assert (found.shards, found.before, found.counts, found.was_done) == (0, 1, {}, True)
    assert effects(place) == dict.fromkeys(bureaus, 1)


def test_two_runs_at_once_leave_each_effect_once(place: Workplace, bureaus: list[int]) -> None:
    with ThreadPoolExecutor(3) as pool:
        outcomes = list(pool.map(lambda _: work_through(small(stay_seconds=20), first), range(3)))
    assert sum(outcome.shards for outcome in outcomes) == 1
    assert effects(place) == dict.fromkeys(bureaus, 1)


def test_a_day_of_rest_leaves_no_trace(place: Workplace, bureaus: list[int]) -> None:
    outcome = work_through(small(day=SUNDAY), first)
    assert (outcome.is_due, outcome.shards) == (False, 0)
    assert effects(place) == {}


def test_a_clock_that_goes_back_does_not_do_a_done_day_again(place: Workplace, bureaus: list[int]) -> None:
    work_through(small(), first)
    work_through(small(day=MONDAY + timedelta(days=1)), first)
    work_through(small(), first)
    assert effects(place) == dict.fromkeys(bureaus, 2)


def test_a_person_may_ask_for_the_day_once_more(place: Workplace, bureaus: list[int]) -> None:
    work_through(small(), first)
    again = work_through(small(again=True), first)
    assert (again.shards, again.counts) == (1, {"told": 6})
    assert effects(place) == dict.fromkeys(bureaus, 2)


def test_every_shard_is_tried_and_one_error_names_those_that_failed(
    place: Workplace, one_each: list[int]
) -> None:
    bad = [one_each[1], one_each[3]]
    with pytest.raises(ShardsFailed) as failed:
        work_through(small(), first, failing_in(bad))
    assert "第 2 片（ValueError）、第 4 片（ValueError）" in str(failed.value)
    assert "text of a task" not in str(failed.value)
    assert effects(place, "failed") == {bureau: 1 for bureau in one_each if bureau not in bad}

    mended = work_through(small(), first, second)
    assert (mended.shards, mended.before) == (2, 4)
    assert mended.counts == {"told": 2, "chased": 2}
    assert effects(place) == dict.fromkeys(one_each, 1)  # what a shard did before it failed is not done again
    assert effects(place, "chased") == dict.fromkeys(bad, 1)


def test_a_run_killed_between_two_steps_is_taken_up_where_it_stood(
    place: Workplace, bureaus: list[int]
) -> None:
    killed = JobDay(JOB, small())
    first(next(killed.shards()))
    with place.database.unit_of_work() as session:
        session.execute(update(JobRun).values(lease_until=NOW))
    outcome = work_through(small(), first, second)
    assert outcome.counts == {"told": 6, "chased": 6}
    assert effects(place) == effects(place, "chased") == dict.fromkeys(bureaus, 1)


def test_a_run_that_stays_takes_over_a_killed_ones_shard(place: Workplace, bureaus: list[int]) -> None:
    with place.database.unit_of_work() as session:
        shards.open_day(session, JOB, MONDAY, dict.fromkeys(bureaus, 1), 100)
        shards.claim(session, JOB, MONDAY, lease=timedelta(seconds=1))
    assert work_through(small(), first).left == 1
    assert work_through(small(stay_seconds=10), first).shards == 1
    assert effects(place) == dict.fromkeys(bureaus, 1)


def test_a_run_that_stayed_in_vain_does_not_call_the_day_done(place: Workplace, bureaus: list[int]) -> None:
    with place.database.unit_of_work() as session:
        shards.open_day(session, JOB, MONDAY, dict.fromkeys(bureaus, 1), 100)
        shards.claim(session, JOB, MONDAY)
    with pytest.raises(JobFailed, match="还有 1 片"):
        work_through(small(stay_seconds=1), first)


def test_a_run_that_stays_tries_again_what_failed_once_it_has_paused(
    place: Workplace, one_each: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shards, "FIRST_PAUSE", timedelta(seconds=1))
    bad = [one_each[2]]
    failing = failing_in(bad)

    def mended_by_the_second_time(claim: ShardClaim) -> Mapping[str, int]:
        if claim.attempts == 2:
            bad.clear()
        return failing(claim)

    outcome = work_through(small(stay_seconds=30), mended_by_the_second_time)
    assert (outcome.shards, outcome.counts) == (6, {"failed": 6})
    assert effects(place, "failed") == dict.fromkeys(one_each, 1)


def test_a_run_that_stays_goes_on_at_once_when_the_ledger_is_back(
    place: Workplace, bureaus: list[int]
) -> None:
    @task("a step that finds the ledger away")
    @fenced
    def away_at_first(shard: InHand) -> Mapping[str, int]:
        if not tried:
            tried.append(shard.clock.today)
            raise Unavailable("连不上数据库", "", "")
        return leave_a_row(shard, "told")

    tried: list[date] = []
    outcome = work_through(small(stay_seconds=30), away_at_first)
    assert outcome.counts == {"told": 6}
    assert effects(place) == dict.fromkeys(bureaus, 1)
