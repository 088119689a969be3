"""The embedded engine's clock: JOBS on APScheduler, within the one process of `rectify up`.

Its job store is memory alone. What ran is known from the ledger's shard rows, so that two schedulers, a restart or a
crash give one effect (docs/decisions/0007).
"""

import logging
from datetime import date, datetime, time, timedelta
from typing import Final

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy.orm import Session

from core.clock import Clock, read_clock
from core.db import Database
from core.errors import RectifyError
from core.settings import Settings
from flows.runner import run_job
from flows.schedule import JOBS, Job, done_this_week
from models import shards
from models.job import beat
from rectification.lists.district import open_tasks_by_bureau
from rectification.office.calendar import load_calendar

NAME: Final = "scheduler"
GRACE: Final = timedelta(hours=12)
CATCH_UP: Final = timedelta(minutes=10)
BEAT: Final = timedelta(seconds=60)
HEAD_START: Final = timedelta(seconds=3)  # what was missed waits until the first page is out

log = logging.getLogger("rectify.scheduler")


def build(settings: Settings, database: Database) -> BackgroundScheduler:
    """A scheduler, not yet started: every job with an hour at that hour, what was missed of today, a heartbeat."""
    scheduler = BackgroundScheduler(
        timezone=settings.zone,
        executors={"default": ThreadPoolExecutor(2)},
        job_defaults={"misfire_grace_time": int(GRACE.total_seconds()), "coalesce": True, "max_instances": 1},
    )
    for job in JOBS.values():
        if job.cron is not None:
            scheduler.add_job(_run, _trigger(settings, job.cron), (job.name,), id=job.name, name=job.what)
    now = datetime.now(settings.zone)
    scheduler.add_job(
        _catch_up_now,
        IntervalTrigger(seconds=CATCH_UP.seconds),
        (settings, database),
        next_run_time=now + HEAD_START,
    )
    scheduler.add_job(_beat, IntervalTrigger(seconds=BEAT.seconds), (settings, database), next_run_time=now)
    return scheduler


def catch_up(settings: Settings, database: Database, clock: Clock) -> None:
    """Run every job whose hour has passed today and which is not done for today: missed or killed; failed after a pause."""
    for job in JOBS.values():
        if job.cron is None or not _has_struck(
            _trigger(settings, job.cron), clock.now.astimezone(settings.zone)
        ):
            continue
        if _is_wanting(database, job, clock.today):
            _run(job.name, clock.today)


def next_run(settings: Settings, session: Session, job: Job, clock: Clock) -> datetime:
    """When a job with an hour acts next; a weekly one that is done, in another week."""
    at, today = clock.now.astimezone(settings.zone), clock.today
    if done_this_week(session, job, today + timedelta(days=1)):
        at = datetime.combine(today + timedelta(days=7 - today.weekday()), time(), settings.zone)
    trigger, calendar = _trigger(settings, job.cron or ""), load_calendar(session)
    while not job.has_day((at := trigger.get_next_fire_time(None, at)).date(), calendar):
        at += timedelta(minutes=1)
    return at


def _catch_up_now(settings: Settings, database: Database) -> None:
    catch_up(settings, database, read_clock(settings.zone))


def _run(name: str, day: date | None = None) -> None:
    try:
        outcome = run_job(name, {"day": day})
    except RectifyError as refusal:
        log.error("%s", refusal.line)
    else:
        log.info("%s %s: %s shards, %s", name, outcome.day, outcome.shards, dict(outcome.counts))


def _trigger(settings: Settings, cron: str) -> CronTrigger:
    return CronTrigger.from_crontab(cron, timezone=settings.zone)


def _has_struck(trigger: CronTrigger, now: datetime) -> bool:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    first = trigger.get_next_fire_time(None, midnight)
    return first is not None and first <= now


def _is_wanting(database: Database, job: Job, today: date) -> bool:
    with database.reading() as session:
        so_far = shards.standing(session, job.name, today)
        is_untouched = so_far.left == so_far.done == 0
        if not job.has_day(today, load_calendar(session)):
            return False
        if done := done_this_week(session, job, today):
            is_untouched &= not open_tasks_by_bureau(session).keys() <= done
        return is_untouched or shards.has_work(session, job.name, today)


def _beat(settings: Settings, database: Database) -> None:
    with database.unit_of_work() as session:
        beat(session, NAME, read_clock(settings.zone).now)
