"""A job's day in the hands of a run: several runs share its shards, and each shard's effects are there once."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Final, TypeVar

from prefect import Flow

from core.errors import Unavailable
from flows import engine
from flows.requests import TODAY, DayRequest, JobOutcome, words
from flows.schedule import JOBS, done_this_week
from models import shards
from models.shards import JobStanding, ShardClaim
from rectification.lists.district import open_tasks_by_bureau
from rectification.office.address import address_of
from rectification.office.calendar import load_calendar
from tasks.step import JobFailed, ShardFailed, contained, day_of_run, named_as
from tasks.workplace import workplace

POLL: Final = 1.0
T = TypeVar("T")


class ShardsFailed(JobFailed):
    """Every shard was tried, and these failed."""

    def __init__(self, job: str, day: date, failures: list[ShardFailed]) -> None:
        named = "、".join(f"第 {failure.shard} 片（{failure.kind}）" for failure in failures)
        reasons = "；".join({failure.reason: None for failure in failures if failure.reason})
        super().__init__(
            f"{job} {day} 有 {len(failures)} 片未完成：{named}",
            reasons,
            f"{'改好后' if reasons else '原因见“运行”页和日志；'}再次运行只补做未完成的部分",
        )


def day_flow(steps: Callable[[ShardClaim], None]) -> Flow[[DayRequest], JobOutcome]:
    """The flow of a job that has days, under the job's name: `steps` are what it does to each shard of a day."""

    def run(request: DayRequest = TODAY) -> JobOutcome:
        day = JobDay(steps.__name__, request)
        for shard in day.shards():
            with day.trying(shard):
                steps(shard)
        return day.outcome()

    return engine.job_flow(named_as(steps, run))


class JobDay:
    """One run's part in a day of a job: it claims one open shard after another until none is left."""

    def __init__(self, name: str, request: DayRequest) -> None:
        self._job, self._request = JOBS[name], request
        self._give_up = time.monotonic() + request.stay_seconds
        self.day = self._patiently(lambda: day_of_run(name, request.day, allow_future=request.allow_future))
        self._database = workplace().database
        self._counts: Counter[str] = Counter()
        self._failed: dict[int, tuple[ShardFailed, float]] = {}  # and when it may be tried again
        self._done = 0
        self._has_shared = False
        self._is_due = self._patiently(self._open)
        self._before = self._standing().done

    def shards(self) -> Iterator[ShardClaim]:
        """One claimed shard after another, until nothing is left or the run has stayed long enough."""
        if not self._is_due:
            return
        left = self._standing().left
        progress = engine.Progress(self._job.name, self.day, left)
        others = min(self._request.lanes, left) - 1
        if others > 0 and engine.in_flow_run():
            self._has_shared = True
            engine.start_shares(self._job.name, self.day, self._request, others)
        while True:
            claim = self._patiently(self._claim)
            standing = self._standing()
            progress.at(standing.done - self._before)
            if claim is not None:
                yield claim
            elif not standing.left or time.monotonic() >= self._give_up:
                break
            else:
                time.sleep(POLL)

    @contextmanager
    def trying(self, claim: ShardClaim) -> Iterator[None]:
        """Do a shard's steps: when all are done so is the shard; one that fails leaves it to a later attempt."""
        try:
            yield
            with contained(self._database, claim), self._database.unit_of_work() as session:
                counts = shards.finish(session, claim)
        except ShardFailed as failure:
            is_away = failure.kind == Unavailable.__name__  # the ledger, and nothing is wrong with the shard
            pause = 0.0 if is_away else shards.pause(claim.attempts).total_seconds()
            self._failed[claim.shard] = failure, time.monotonic() + pause
            return
        self._failed.pop(claim.shard, None)
        self._done += 1
        self._counts.update(counts)
        engine.say("%s %s 第 %s 片：%s", claim.job, claim.day, claim.shard, words(counts) or "无")

    def outcome(self) -> JobOutcome:
        """What came of it.

        Raises: ShardsFailed, where shards failed and were not mended since; JobFailed, where it stayed for others in vain.
        """
        if not self._is_due:
            return JobOutcome(self._job.name, self.day, is_due=False)
        standing = self._standing()
        self._tell_of_the_day()
        if self._failed and standing.left:
            raise ShardsFailed(self._job.name, self.day, [failure for failure, _ in self._failed.values()])
        if self._request.stay_seconds and standing.left:
            raise JobFailed(
                f"{self._job.name} {self.day} 还有 {standing.left} 片在其他进程手中，没有等到完成"
            )
        return JobOutcome(
            self._job.name,
            self.day,
            shards=self._done,
            before=self._before,
            left=standing.left,
            counts=dict(self._counts),
        )

    def _tell_of_the_day(self) -> None:
        """The day as a table, whoever did it; whoever shared it out counts what the others did as well."""
        with self._database.reading() as session:
            rows = shards.done_on(session, self._job.name, self.day)
            board = address_of(session, workplace().settings).url
        table = [{"片": row.shard, "单位编号": row.bureau_ids, **row.counted} for row in rows]
        engine.show_table(self._job.name, self.day, table, board)
        if self._has_shared and len(rows) > self._before:
            self._done = len(rows) - self._before
            self._counts = sum((Counter(row.counted) for row in rows), Counter())

    def _open(self) -> bool:
        """Make the day's shards where it is a day for this job."""
        with self._database.reading() as session:
            if not self._job.has_day(self.day, load_calendar(session)):
                return False
            rows = open_tasks_by_bureau(session) if self._job.by_bureau else None
            if rows and (done := done_this_week(session, self._job, self.day)):
                rows = {bureau: count for bureau, count in rows.items() if bureau not in done}
                if not rows:
                    return False
        with self._database.unit_of_work() as session:
            if self._request.again:
                shards.reopen(session, self._job.name, self.day)
            shards.open_day(session, self._job.name, self.day, rows, self._request.rows_per_shard)
        return True

    def _claim(self) -> ShardClaim | None:
        now = time.monotonic()
        tired = [
            shard
            for shard, (_, again_at) in self._failed.items()
            if not self._request.stay_seconds or again_at > now
        ]
        with self._database.unit_of_work() as session:
            return shards.claim(session, self._job.name, self.day, but=tired)

    def _standing(self) -> JobStanding:
        def ask() -> JobStanding:
            with self._database.reading() as session:
                return shards.standing(session, self._job.name, self.day)

        return self._patiently(ask)

    def _patiently(self, ask: Callable[[], T]) -> T:
        """A ledger that is away comes back: ask again, for as long as the run stays."""
        while True:
            try:
                return ask()
            except Unavailable:
                if time.monotonic() >= self._give_up:
                    raise
                time.sleep(POLL)
