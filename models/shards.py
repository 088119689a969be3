"""The rows that keep a job's effects single: a day's shards, who has claimed one, what is done (docs/decisions/0007).

A shard is a set of bureaus. A claim is a token with a lease by the database's clock. A step's effects and its done mark
(its counts, under its name) commit together and the row stays locked meanwhile, so a lease need only outlive the moment
between two locks: short leases are safe, and a killed worker's shard is soon free again, to go on at the step it stood at.
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import ColumnElement, func, or_, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db import PROCESS, database_now
from core.errors import Conflict
from models.job import JobRun, counted

LEASE: Final = timedelta(seconds=60)
FIRST_PAUSE: Final = timedelta(minutes=10)
LAST_PAUSE: Final = timedelta(hours=4)
RECENT: Final = timedelta(days=14)
"""A job that has not run for longer than this does not fail any more."""
WHOLE_INSTALLATION: Final[tuple[int, ...]] = ()


@dataclass(frozen=True, slots=True)
class ShardClaim:
    """The right to work on one shard, for as long as `token` stands in its row."""

    run_id: int
    job: str
    day: date
    shard: int
    bureau_ids: tuple[int, ...]
    token: str
    attempts: int


@dataclass(frozen=True, slots=True)
class JobStanding:
    """How far a job is on a day: shards done, and shards not yet done."""

    done: int
    left: int


def into_shards(rows: Mapping[int, int], at_least: int) -> list[tuple[int, ...]]:
    """Bureaus, in order, in groups of at least `at_least` rows each; one group where there are fewer in all."""
    groups: list[tuple[int, ...]] = []
    group: list[int] = []
    held = 0
    for bureau, count in sorted(rows.items()):
        group.append(bureau)
        held += count
        if held >= at_least:
            groups.append(tuple(group))
            group, held = [], 0
    if group:
        last = groups.pop() if groups else ()
        groups.append((*last, *group))
    return groups


def open_day(session: Session, job: str, day: date, rows: Mapping[int, int] | None, at_least: int) -> None:
    """Make the shards a day lacks: for bureaus in none yet, or one for the whole installation where `rows` is None.

    Two runs may do it at once: one statement shows what stands, and the first new number is the lock whose loser
    leaves all to the winner.
    """
    found = session.execute(select(JobRun.shard, JobRun.bureau_ids).where(*_of(job, day)))
    standing: dict[int, list[int]] = dict(found.tuples().all())
    if rows is None:
        groups = [] if standing else [WHOLE_INSTALLATION]
    else:
        covered = {bureau for bureaus in standing.values() for bureau in bureaus}
        groups = into_shards({b: count for b, count in rows.items() if b not in covered}, at_least)
    for number, bureaus in enumerate(groups, max(standing, default=0) + 1):
        try:
            with session.begin_nested():
                session.add(JobRun(job=job, day=day, shard=number, bureau_ids=list(bureaus)))
        except IntegrityError:
            return


def reopen(session: Session, job: str, day: date) -> None:
    """Let what is done be done once more, because a person asks; what is under way is left alone."""
    session.execute(
        update(JobRun)
        .where(*_of(job, day), JobRun.done_at.is_not(None))
        .values(done_at=None, claim_token=None, counts={})
    )


def claim(
    session: Session, job: str, day: date, *, but: Collection[int] = (), lease: timedelta = LEASE
) -> ShardClaim | None:
    """Take the first shard that is neither done nor under a lease that still runs; `but` are shards not to try."""
    now = database_now(session)
    run = session.scalar(
        select(JobRun)
        .where(*_of(job, day), *_free(now), JobRun.shard.not_in(but))
        .order_by(JobRun.shard)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if run is None:
        return None
    token = secrets.token_hex(16)
    run.claim_token, run.lease_until, run.started_at = token, now + lease, now
    run.worker = PROCESS
    run.attempts += 1
    return ShardClaim(run.id, job, day, run.shard, tuple(run.bureau_ids), token, run.attempts)


def hold(session: Session, claim: ShardClaim) -> Mapping[str, Any]:
    """Lock the shard until this unit of work ends; returns the counts of the steps that are done, by step.

    Raises: Conflict, where the lease ran out and another run took the shard.
    """
    counts: Mapping[str, Any] | None = session.scalar(
        select(JobRun.counts).where(*_ours(claim)).with_for_update()
    )
    if counts is None:
        raise Conflict(f"{claim.job} 第 {claim.shard} 片已由另一进程接手")
    return counts


def keep_step(session: Session, claim: ShardClaim, step: str, counts: Mapping[str, int]) -> None:
    """Mark a step of a held shard done, in the unit of work that holds its effects; the lease starts anew."""
    renew(session, claim, counts={**hold(session, claim), step: dict(counts)})


def renew(session: Session, claim: ShardClaim, **values: Any) -> None:
    """Let the lease start anew: for work outside the ledger's lock."""
    renewed = {"lease_until": database_now(session) + LEASE, **values}
    session.execute(update(JobRun).where(*_ours(claim)).values(renewed))


def finish(session: Session, claim: ShardClaim) -> Mapping[str, int]:
    """Mark the shard done, all steps of which are; returns what they counted."""
    counts = counted(hold(session, claim))
    done = {"done_at": database_now(session), "lease_until": None, "error": ""}
    session.execute(update(JobRun).where(*_ours(claim)).values(done))
    return counts


def give_up(session: Session, claim: ShardClaim, kind: str) -> None:
    """Free the shard for the next run, and note what kind of error it was."""
    freed = {"claim_token": None, "lease_until": None, "error": kind}
    session.execute(update(JobRun).where(*_ours(claim)).values(freed))


def standing(session: Session, job: str, day: date) -> JobStanding:
    """How far the job is on this day."""
    done, left = session.execute(
        select(func.count(JobRun.done_at), func.count().filter(JobRun.done_at.is_(None))).where(
            *_of(job, day)
        )
    ).one()
    return JobStanding(done, left)


def done_on(session: Session, job: str, day: date) -> Sequence[JobRun]:
    """The shards of the day that are done."""
    return session.scalars(
        select(JobRun).where(*_of(job, day), JobRun.done_at.is_not(None)).order_by(JobRun.shard)
    ).all()


def done_between(session: Session, job: str, first: date, last: date) -> list[tuple[date, list[int]]]:
    """The shards of some days that are done, in the order of the days: each its day and its bureaus."""
    runs = select(JobRun.day, JobRun.bureau_ids).where(
        JobRun.job == job, JobRun.day.between(first, last), JobRun.done_at.is_not(None)
    )
    return list(session.execute(runs.order_by(JobRun.day)).tuples())


def failing(session: Session, day: date) -> set[str]:
    """The jobs that left something undone on the last day they ran by `day`: a shard, or what a step counts as failed."""
    return {job for job, runs in last_runs(session, day).items() if any(run.has_failed for run in runs)}


def last_runs(session: Session, day: date) -> dict[str, list[JobRun]]:
    """The shards of the last day each job ran by `day`, in order."""
    recent = JobRun.day.between(day - RECENT, day)
    last = select(JobRun.job, func.max(JobRun.day)).where(recent).group_by(JobRun.job)
    is_of_last = tuple_(JobRun.job, JobRun.day).in_(last)
    runs = session.scalars(select(JobRun).where(is_of_last).order_by(JobRun.job, JobRun.shard))
    return {job: list(shards) for job, shards in groupby(runs, attrgetter("job"))}


def past_step(session: Session, job: str, day: date, step: str) -> set[int]:
    """The bureaus for which this step of the job's day is done."""
    runs = session.execute(select(JobRun.bureau_ids, JobRun.counts).where(*_of(job, day)))
    return {bureau for bureaus, counts in runs if step in counts for bureau in bureaus}


def pause(attempts: int) -> timedelta:
    """How long a shard that failed is left alone: ten minutes, then twice as long each time, up to four hours."""
    return min(FIRST_PAUSE * 2.0 ** min(attempts - 1, 16), LAST_PAUSE)


def retry_at(attempts: int, started_at: datetime) -> datetime:
    """When a shard that failed is tried again by itself."""
    return started_at + pause(attempts)


def has_work(session: Session, job: str, day: date) -> bool:
    """Whether a run of its own accord would find something: a shard that has not failed, or whose pause is over."""
    now = database_now(session)
    rows = session.execute(
        select(JobRun.error, JobRun.attempts, JobRun.started_at).where(
            *_of(job, day), JobRun.done_at.is_(None)
        )
    )
    return any(
        not error or started is None or retry_at(tries, started) <= now for error, tries, started in rows
    )


def _of(job: str, day: date) -> tuple[ColumnElement[bool], ...]:
    return JobRun.job == job, JobRun.day == day


def _free(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return JobRun.done_at.is_(None), or_(JobRun.lease_until.is_(None), JobRun.lease_until < now)


def _ours(claim: ShardClaim) -> tuple[ColumnElement[bool], ...]:
    return JobRun.id == claim.run_id, JobRun.claim_token == claim.token, JobRun.done_at.is_(None)
