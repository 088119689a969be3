"""What a step is: a Prefect task inside a flow run, the function it is outside one."""

import inspect
import logging
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, ParamSpec, Self, TypeVar

from prefect import Task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from core.clock import Clock
from core.db import Database
from core.errors import Misconfigured, RectifyError
from models import shards
from models.shards import ShardClaim
from rectification.office.wall_clock import clock_fault, is_yet_to_come
from tasks.workplace import Workplace, workplace

P = ParamSpec("P")
R = TypeVar("R")
Counts = Mapping[str, int]

OF_A_SHARD: Final = (
    "{step} {{claim.job}} {{claim.day}} #{{claim.shard}}"  # Prefect draws its timeline without Chinese
)

log = logging.getLogger("rectify.jobs")


class JobFailed(RectifyError):
    """A job ended early or left something undone; the message names job, day, shards and kinds of error alone."""


class RunRefused(JobFailed):
    """A run that was not begun: its day is yet to come, or the clock cannot be believed. Nothing was written."""


def day_of_run(job: str, asked: date | None = None, *, allow_future: bool = False) -> date:
    """The business day of a run that is about to begin: today, or the day it was asked for.

    Raises: RunRefused.
    """
    place = workplace()
    clock = place.clock()
    with place.database.reading() as session:
        fault = clock_fault(session, clock)
    if fault:
        raise RunRefused(f"{job} 没有运行：时钟不可信", fault, command="rectify mail recall 日期")
    day = asked or clock.today
    if is_yet_to_come(day, clock.today) and not allow_future:
        raise RunRefused(
            f"{job} 没有运行：{day} 还没有到",
            "提醒一经记下就不再重复，记在将来的日子会使到那天之前的提醒都不再发出",
            "请改用不晚于明天的日期；确实要按这一天运行，请加 --allow-future",
        )
    return day


class Step(Task[P, R]):
    """A task that needs no API outside a flow run: the embedded engine and a test call the function it is."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if FlowRunContext.get() is None:
            return self.fn(*args, **kwargs)
        done = super().__call__(*args, **kwargs)
        if isinstance(done, State):  # how a task fails without a traceback in Prefect's log
            raise JobFailed(str(done.message))
        return done


def task(
    description: str, *, tags: Sequence[str] = (), run_name: str = OF_A_SHARD
) -> Callable[[Callable[P, R]], Step[P, R]]:
    """Prefect's `@task`. Nothing is cached or tried again by it: what a step did stands in the ledger."""

    def made(step: Callable[P, R]) -> Step[P, R]:
        return Step(
            step,
            name=step.__name__,
            description=description,
            tags=tags,
            task_run_name=run_name.format(step=step.__name__),
            cache_policy=NO_CACHE,
            persist_result=False,
            retries=0,
        )

    return made


@dataclass(frozen=True, slots=True)
class InHand:
    """What a step works with on its shard, in the one unit of work that also marks it done."""

    session: Session
    clock: Clock
    bureau_ids: tuple[int, ...]
    place: Workplace


def fenced(work: Callable[[InHand], Counts]) -> Callable[[ShardClaim], Counts]:
    """A step on a claimed shard: its effects are there once, whoever runs it and however often it is killed.

    Raises: ShardFailed, for whatever went wrong inside.
    """

    def step(claim: ShardClaim) -> Counts:
        place = workplace()
        with contained(place.database, claim), place.database.unit_of_work() as session:
            done = shards.hold(session, claim)
            if work.__name__ in done:
                return dict(done[work.__name__])
            counts = work(InHand(session, place.clock(claim.day), claim.bureau_ids, place))
            shards.keep_step(session, claim, work.__name__, counts)
        return counts

    return named_as(work, step)


def leased(work: Callable[[ShardClaim], Counts]) -> Callable[[ShardClaim], Counts]:
    """A step that works outside the ledger's lock, on what a second run may do again: its lease is kept alive meanwhile.

    Raises: ShardFailed, for whatever went wrong inside.
    """

    def step(claim: ShardClaim) -> Counts:
        database = workplace().database
        with contained(database, claim):
            with _renewing(database, claim):
                counts = work(claim)
            with database.unit_of_work() as session:
                shards.keep_step(session, claim, work.__name__, counts)
        return counts

    return named_as(work, step)


class ShardFailed(RectifyError):
    """One shard's work was undone. It names the kind of the error alone: a message may quote a task.

    The `reason` is for this office, and does not cross to Prefect.
    """

    def __init__(self, shard: int, kind: str, reason: str = "") -> None:
        super().__init__(f"第 {shard} 片未完成（{kind}）", "", "原因见日志")
        self.shard = shard
        self.kind = kind
        self.reason = reason

    def __reduce__(self) -> tuple[type[Self], tuple[int, str]]:
        """Errors cross from a worker process as what they were made of."""
        return type(self), (self.shard, self.kind)


@contextmanager
def contained(database: Database, claim: ShardClaim) -> Iterator[None]:
    """Work on a claimed shard: of an error only its kind gets out, and the shard is free for the next run.

    What is wrong with the installation quotes no task, and is told whole in the ledger.
    Raises: ShardFailed, for whatever went wrong inside.
    """
    try:
        yield
    except Exception as error:  # noqa: BLE001  (of whatever kind: its text stays inside)
        kind = type(error).__name__
        reason = error.line.rstrip("。") if isinstance(error, Misconfigured) else ""
        log.error(
            "%s %s shard %s failed: %s at %s", claim.job, claim.day, claim.shard, kind, where_in_code(error)
        )
        with suppress(SQLAlchemyError, RectifyError), database.unit_of_work() as session:
            shards.give_up(session, claim, "：".join(filter(None, (kind, reason))))
        raise ShardFailed(claim.shard, kind, reason) from None


def where_in_code(error: BaseException) -> str:
    """The lines an error came through, without what it says."""
    return " > ".join(f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__))


@contextmanager
def _renewing(database: Database, claim: ShardClaim) -> Iterator[None]:
    """Keep a lease alive from a thread of its own."""
    stop = threading.Event()

    def renew() -> None:
        while not stop.wait(shards.LEASE.total_seconds() / 3):
            with suppress(SQLAlchemyError, RectifyError), database.unit_of_work() as session:
                shards.renew(session, claim)

    thread = threading.Thread(target=renew, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def named_as(work: Callable[..., Any], made: Callable[P, R]) -> Callable[P, R]:
    """`made` under the name of what it does; Prefect reads its own signature, so it is not wrapped."""
    made.__name__, made.__qualname__, made.__module__ = work.__name__, work.__qualname__, work.__module__
    made.__doc__ = inspect.getdoc(work)
    return made
