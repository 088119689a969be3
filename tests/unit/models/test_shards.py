"""Shards and claims: each shard is one run's at a time, and its effects are there once."""

import pickle
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from core.db import Database
from core.errors import Conflict
from models import shards
from models.job import JobRun
from models.shards import ShardClaim, into_shards
from tasks.step import ShardFailed, contained

DAY = date(2026, 3, 2)
JOB = "daily_reminders"
EXPIRED = timedelta(seconds=-1)


@given(st.dictionaries(st.integers(1, 500), st.integers(0, 5000), max_size=60), st.integers(1, 4000))
def test_every_bureau_is_in_one_shard_and_shards_are_not_smaller_than_asked(
    rows: dict[int, int], at_least: int
) -> None:
    groups = into_shards(rows, at_least)
    assert [bureau for group in groups for bureau in group] == sorted(rows)
    if sum(rows.values()) >= at_least:
        assert all(sum(rows[bureau] for bureau in group) >= at_least for group in groups)
    else:
        assert len(groups) <= 1


def open_three(database: Database) -> None:
    with database.unit_of_work() as session:
        shards.open_day(session, JOB, DAY, {1: 5, 2: 5, 3: 5}, 5)


def claim(database: Database, **options: object) -> ShardClaim | None:
    with database.unit_of_work() as session:
        return shards.claim(session, JOB, DAY, **options)  # type: ignore[arg-type]


def finish(database: Database, claim: ShardClaim) -> None:
    with database.unit_of_work() as session:
        shards.hold(session, claim)
        shards.keep_step(session, claim, "remind", {"digests": 1})
    with database.unit_of_work() as session:
        shards.finish(session, claim)


def test_a_day_is_opened_once_however_many_runs_open_it(database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: open_three(database), range(16)))
    with database.reading() as session:
        rows = session.execute(select(JobRun.shard, JobRun.bureau_ids).order_by(JobRun.shard)).all()
    assert [tuple(row) for row in rows] == [(1, [1]), (2, [2]), (3, [3])]


def test_a_bureau_that_came_during_the_day_gets_a_shard_of_its_own(database: Database) -> None:
    open_three(database)
    with database.unit_of_work() as session:
        shards.open_day(session, JOB, DAY, {1: 5, 2: 5, 3: 5, 9: 0}, 5)
    with database.reading() as session:
        assert session.scalars(select(JobRun.bureau_ids).where(JobRun.shard == 4)).one() == [9]


def test_runs_share_the_shards_of_a_day_and_none_is_worked_on_twice(database: Database) -> None:
    with database.unit_of_work() as session:
        shards.open_day(session, JOB, DAY, dict.fromkeys(range(1, 41), 1), 1)

    def work(_: int) -> list[int]:
        taken = []
        while (claimed := claim(database)) is not None:
            finish(database, claimed)
            taken.append(claimed.shard)
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(work, range(4)))
    assert sorted(shard for mine in taken for shard in mine) == list(range(1, 41))


def test_a_killed_runs_shard_is_taken_again_when_its_lease_has_ended(database: Database) -> None:
    open_three(database)
    killed = claim(database, lease=EXPIRED)
    again = claim(database)
    assert killed is not None
    assert again is not None
    assert again.shard == killed.shard
    assert again.token != killed.token
    with pytest.raises(Conflict):
        finish(database, killed)
    finish(database, again)
    with database.reading() as session:
        row = session.scalars(select(JobRun).where(JobRun.shard == again.shard)).one()
        assert (row.attempts, row.counted, row.done_at is not None) == (2, {"digests": 1}, True)


def test_a_living_lease_is_respected(database: Database) -> None:
    open_three(database)
    claims = [claim(database) for _ in range(4)]
    assert [claimed and claimed.shard for claimed in claims] == [1, 2, 3, None]


def test_a_step_that_is_done_starts_the_lease_anew(database: Database) -> None:
    open_three(database)
    mine = claim(database, lease=timedelta(milliseconds=1))
    assert mine is not None
    with database.unit_of_work() as session:
        shards.keep_step(session, mine, "first", {"opened": 1})
    other = claim(database)
    assert other is not None
    assert other.shard != mine.shard


def test_who_takes_over_a_shard_is_told_which_steps_are_done(database: Database) -> None:
    open_three(database)
    killed = claim(database)
    assert killed is not None
    with database.unit_of_work() as session:
        shards.keep_step(session, killed, "first", {"opened": 1})
        session.execute(update(JobRun).values(lease_until=datetime.now(UTC) - timedelta(minutes=1)))
    again = claim(database)
    assert again is not None
    with database.unit_of_work() as session:
        assert shards.hold(session, again) == {"first": {"opened": 1}}
        shards.keep_step(session, again, "second", {"opened": 2, "missing": 3})
        assert shards.finish(session, again) == {"opened": 3, "missing": 3}


def test_a_shard_in_work_is_not_taken_even_after_its_lease(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("on SQLite nobody else writes while a unit of work is open")
    open_three(database)
    slow = claim(database, lease=EXPIRED)
    assert slow is not None
    with database.unit_of_work() as session:
        shards.hold(session, slow)
        other = claim(database)
        shards.finish(session, slow)
    assert other is not None
    assert other.shard == 2


def test_a_done_shard_stays_done_and_only_a_person_reopens_it(database: Database) -> None:
    open_three(database)
    for _ in range(3):
        claimed = claim(database)
        assert claimed is not None
        finish(database, claimed)
    open_three(database)
    assert claim(database) is None
    with database.unit_of_work() as session:
        shards.reopen(session, JOB, DAY)
    assert claim(database) is not None


def test_effects_and_done_mark_are_undone_together_and_the_shard_is_free_at_once(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    open_three(database)
    claimed = claim(database)
    assert claimed is not None

    def fail_half_way() -> None:
        with contained(database, claimed), database.unit_of_work() as session:
            shards.hold(session, claimed)
            shards.open_day(session, "other", DAY, {1: 1}, 1)
            shards.keep_step(session, claimed, "remind", {"digests": 1})
            shards.finish(session, claimed)
            raise ValueError("某企业安全隐患")

    with pytest.raises(ShardFailed) as failed:
        fail_half_way()
    assert "某企业" not in str(failed.value)
    assert "某企业" not in caplog.text
    assert "ValueError" in caplog.text
    with database.reading() as session:
        rows = session.execute(
            select(JobRun.job, JobRun.error, JobRun.done_at).where(JobRun.shard == 1)
        ).all()
    assert [tuple(row) for row in rows] == [(JOB, "ValueError", None)]
    again = claim(database)
    assert again is not None
    assert again.shard == claimed.shard


def test_a_failure_survives_the_way_between_processes() -> None:
    failure = pickle.loads(pickle.dumps(ShardFailed(3, "ValueError")))
    assert (failure.shard, failure.kind) == (3, "ValueError")


def test_pauses_between_attempts_grow_from_ten_minutes_to_four_hours() -> None:
    start = datetime(2026, 3, 2, 1, tzinfo=UTC)
    minutes = [
        (shards.retry_at(attempts, start) - start).seconds // 60 for attempts in (1, 2, 3, 4, 5, 6, 1000)
    ]
    assert minutes == [10, 20, 40, 80, 160, 240, 240]


def test_only_what_has_not_failed_or_has_paused_long_enough_is_work(database: Database) -> None:
    open_three(database)

    def has_work(**values: object) -> bool:
        with database.unit_of_work() as session:
            session.execute(update(JobRun).values(values))
            return shards.has_work(session, JOB, DAY)

    now = datetime.now(UTC)
    failed = {"error": "ValueError", "attempts": 1, "started_at": now}
    assert has_work(error="")
    assert not has_work(**failed)
    assert has_work(**failed | {"started_at": now - timedelta(minutes=11)})
    assert not has_work(done_at=now)
