"""Working through a day, on the embedded engine."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from flows.requests import DayRequest
from flows.schedule import JOBS
from flows.slots import ShardsFailed, work_through
from models.calendar import BureauSetting
from rectification.office.units import add_bureau
from tasks import shards
from tasks.shards import ShardClaim, contained
from tasks.workplace import Workplace, workplace
from tests.factories import BY

JOB = JOBS["daily_reminders"]
MONDAY, SUNDAY = date(2026, 3, 2), date(2026, 3, 1)
NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def bureaus(place: Workplace) -> list[int]:
    with place.database.unit_of_work() as session:
        return [add_bureau(session, BY, f"第{number}局").id for number in range(6)]


def effect_of(claim: ShardClaim, refuse: Callable[[int], bool]) -> dict[str, int]:
    """Leave one row a bureau, with no constraint that would hide a second one."""
    with contained(workplace().database, claim), workplace().database.unit_of_work() as session:
        shards.hold(session, claim)
        for bureau in claim.bureau_ids:
            session.add(BureauSetting(bureau_id=bureau, key="x", value=1, valid_from=claim.day, set_at=NOW))
            session.flush()
            if refuse(bureau):
                raise ValueError("text of a task")
        counts = {"told": len(claim.bureau_ids)}
        shards.finish(session, claim, counts)
    return counts


def step(claim: ShardClaim) -> Mapping[str, int]:
    return effect_of(claim, lambda bureau: False)


def effects(place: Workplace) -> dict[int, int]:
    with place.database.reading() as session:
        rows = session.execute(
            select(BureauSetting.bureau_id, func.count()).group_by(BureauSetting.bureau_id)
        )
        return dict(rows.tuples().all())


def small(**more: object) -> DayRequest:
    return DayRequest.model_validate({"day": MONDAY, "rows_per_shard": 1, **more})


def test_one_run_does_the_whole_day_and_the_next_finds_it_done(place: Workplace, bureaus: list[int]) -> None:
    first = work_through(JOB, small(), step)
    second = work_through(JOB, small(), step)
    assert (first.shards, first.counts) == (1, {"told": 6})
    assert (second.shards, second.before, second.counts) == (0, 1, {})
    assert effects(place) == dict.fromkeys(bureaus, 1)


def test_two_runs_at_once_leave_each_effect_once(place: Workplace, bureaus: list[int]) -> None:
    with ThreadPoolExecutor(3) as pool:
        outcomes = list(pool.map(lambda _: work_through(JOB, small(wait_seconds=20), step), range(3)))
    assert sum(outcome.shards for outcome in outcomes) == 1
    assert effects(place) == dict.fromkeys(bureaus, 1)


def test_a_day_of_rest_leaves_no_trace(place: Workplace, bureaus: list[int]) -> None:
    outcome = work_through(JOB, small(day=SUNDAY), step)
    assert (outcome.is_due, outcome.shards) == (False, 0)
    assert effects(place) == {}


def test_a_clock_that_goes_back_does_not_do_a_done_day_again(place: Workplace, bureaus: list[int]) -> None:
    work_through(JOB, small(), step)
    work_through(JOB, small(day=MONDAY + timedelta(days=1)), step)
    work_through(JOB, small(), step)
    assert effects(place) == dict.fromkeys(bureaus, 2)


def test_a_person_may_ask_for_the_day_once_more(place: Workplace, bureaus: list[int]) -> None:
    work_through(JOB, small(), step)
    assert work_through(JOB, small(again=True), step).shards == 1


def test_every_shard_is_tried_and_one_error_names_those_that_failed(
    place: Workplace, bureaus: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shards, "rows_by_bureau", lambda session: dict.fromkeys(bureaus, 1))

    def failing(claim: ShardClaim) -> Mapping[str, int]:
        return effect_of(claim, lambda bureau: bureau in (bureaus[1], bureaus[3]))

    with pytest.raises(ShardsFailed) as failed:
        work_through(JOB, small(), failing)
    assert "第 2 片（ValueError）、第 4 片（ValueError）" in str(failed.value)
    assert "text of a task" not in str(failed.value)
    assert effects(place) == {bureau: 1 for bureau in bureaus if bureau not in (bureaus[1], bureaus[3])}

    mended = work_through(JOB, small(), step)
    assert (mended.shards, mended.before) == (2, 4)
    assert effects(place) == dict.fromkeys(bureaus, 1)


def test_a_run_that_waits_takes_over_a_killed_ones_shard(place: Workplace, bureaus: list[int]) -> None:
    with place.database.unit_of_work() as session:
        shards.open_day(session, JOB.name, MONDAY, dict.fromkeys(bureaus, 1), 100)
        shards.claim(session, JOB.name, MONDAY, lease=timedelta(seconds=1))
    assert work_through(JOB, small(), step).left == 1
    assert work_through(JOB, small(wait_seconds=10), step).shards == 1
    assert effects(place) == dict.fromkeys(bureaus, 1)
