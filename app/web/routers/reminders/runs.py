"""What ran, when, with what result; and whether scheduler and sender are alive."""

from datetime import datetime, timedelta
from typing import Final

from fastapi import APIRouter, Response
from sqlalchemy import select

from app.web.page_request import Visitor
from app.web.pages import render
from flows.schedule import JOBS
from models.job import Heartbeat, JobRun
from models.shards import retry_at
from notifications.health import mail_health
from rectification.labels import JOB_COUNT

router = APIRouter(prefix="/runs")

PAGE: Final = 100
SILENT_AFTER: Final = timedelta(minutes=5)
SCHEDULER: Final = "scheduler"
_RESIDENTS: Final = {SCHEDULER: "定时作业", "sender": "发信程序"}


@router.get("", name="runs")
def runs(visit: Visitor) -> Response:
    """The newest runs, and the heartbeats."""
    found = visit.session.scalars(
        select(JobRun).order_by(JobRun.day.desc(), JobRun.job, JobRun.shard).limit(PAGE)
    ).all()
    beats = select(Heartbeat).order_by(Heartbeat.name)
    if visit.site.settings.engine == "prefect":
        beats = beats.where(Heartbeat.name != SCHEDULER)  # the hours are kept elsewhere
    return render(
        visit,
        "runs.html",
        runs=found,
        retries={run.id: _next(run) for run in found if run.day == visit.clock.today},
        jobs={job.name: job.what for job in JOBS.values()},
        counted=JOB_COUNT,
        beats=visit.session.scalars(beats).all(),
        residents=_RESIDENTS,
        health=mail_health(visit.session, visit.clock, visit.calendar, visit.actor.bureau_id),
        silent_since=visit.clock.now - SILENT_AFTER,
        now=visit.clock.now,
        size=PAGE,
    )


def _next(run: JobRun) -> datetime | None:
    """When a shard that failed is tried again."""
    if run.done_at is not None or not run.error or run.started_at is None:
        return None
    return retry_at(run.attempts, run.started_at)
