"""How the installation does, as `rectify doctor` says it, and what ran, when, with what result."""

from datetime import datetime
from operator import attrgetter
from typing import Final

from fastapi import APIRouter, Response
from sqlalchemy import select

from app import checkup
from app.doctor import QUICK, Patient, examine
from app.web.page_request import Visitor
from app.web.pages import redirect, render
from models.job import JobRun
from models.shards import retry_at
from rectification.labels import JOB, JOB_COUNT

router = APIRouter(prefix="/runs")

PAGE: Final = 100


@router.get("", name="runs")
def runs(visit: Visitor) -> Response:
    """What can be seen at once, what the slow checks found last, and the newest runs."""
    newest = select(JobRun).order_by(JobRun.day.desc(), JobRun.job, JobRun.shard).limit(PAGE)
    found = visit.session.scalars(newest).all()
    kept = checkup.last_checkup(visit.site.settings)
    patient = Patient(visit.site.settings, visit.site.database, visit.clock)
    looks = [list(examine(patient, QUICK)), kept[1] if kept else []]
    return render(
        visit,
        "runs.html",
        looks=[sorted(each, key=attrgetter("level"), reverse=True) for each in looks],
        kept=kept,
        is_at_work=checkup.is_at_work(),
        runs=found,
        retries={run.id: _next(run) for run in found if run.day == visit.clock.today},
        jobs=JOB,
        counted=JOB_COUNT,
    )


@router.post("/check", name="runs_check_post")
def runs_check_post(visit: Visitor) -> Response:
    """Make the slow checks, while the page is shown on."""
    checkup.begin(Patient(visit.site.settings, visit.site.database, visit.clock))
    return redirect(visit, "runs", note="已开始检查，通常不到一分钟；材料多时更久，稍后刷新本页看结果")


def _next(run: JobRun) -> datetime | None:
    """When a shard that failed is tried again."""
    if run.done_at is not None or not run.error or run.started_at is None:
        return None
    return retry_at(run.attempts, run.started_at)
