"""Working through a day's shards: several runs of one job share them, and each shard's effects are there once."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from core.errors import RectifyError
from flows.requests import DayRequest, JobOutcome
from flows.schedule import Job, is_due
from flows.steps import run
from rectification.office.calendar import load_calendar
from tasks import shards
from tasks.shards import JobStanding, ShardClaim, ShardFailed
from tasks.workplace import Workplace, workplace

POLL: Final = 1.0


class ShardsFailed(RectifyError):
    """Every shard was tried, and these failed."""

    def __init__(self, job: str, day: date, failures: list[ShardFailed]) -> None:
        named = "、".join(f"第 {failure.shard} 片（{failure.kind}）" for failure in failures)
        super().__init__(
            f"{job} {day} 有 {len(failures)} 片未完成：{named}",
            "其余各片已完成，未完成的没有留下任何改动",
            "原因见日志；再次运行只补做未完成的部分",
        )


def work_through(
    job: Job, request: DayRequest, step: Callable[[ShardClaim], Mapping[str, int]]
) -> JobOutcome:
    """Claim one open shard of the day after another and do `step` on it, until none is left.

    Raises: ShardsFailed, once every shard was tried.
    """
    place = workplace()
    day = request.day or place.clock().today
    if not _open(place, job, day, request):
        return JobOutcome(job.name, day, is_due=False)
    before = _standing(place, job.name, day).done
    counts: Counter[str] = Counter()
    failures: list[ShardFailed] = []
    done = 0
    while claim := _next(place, job, day, [failure.shard for failure in failures], request.wait_seconds):
        try:
            counts.update(run(step, claim))
            done += 1
        except ShardFailed as failure:
            failures.append(failure)
    if failures:
        raise ShardsFailed(job.name, day, failures)
    left = _standing(place, job.name, day).left
    return JobOutcome(job.name, day, shards=done, before=before, left=left, counts=dict(counts))


def _open(place: Workplace, job: Job, day: date, request: DayRequest) -> bool:
    """Make the day's shards where it is a day for this job."""
    with place.database.reading() as session:
        if not is_due(job, day, load_calendar(session)):
            return False
        rows = shards.rows_by_bureau(session) if job.by_bureau else None
    with place.database.unit_of_work() as session:
        if request.again:
            shards.reopen(session, job.name, day)
        shards.open_day(session, job.name, day, rows, request.rows_per_shard)
    return True


def _next(place: Workplace, job: Job, day: date, failed: list[int], wait_seconds: int) -> ShardClaim | None:
    """Claim the next shard; while others hold all that is left, wait so long for one to fall free."""
    give_up = time.monotonic() + wait_seconds
    while True:
        with place.database.unit_of_work() as session:
            if claim := shards.claim(session, job.name, day, but=failed, lease=job.lease):
                return claim
            left = shards.standing(session, job.name, day, but=failed).left
        if not left or time.monotonic() >= give_up:
            return None
        time.sleep(POLL)


def _standing(place: Workplace, job: str, day: date) -> JobStanding:
    with place.database.reading() as session:
        return shards.standing(session, job, day)
