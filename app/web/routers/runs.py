"""What ran, when, with what result; and which resident parts show signs of life."""

from datetime import timedelta
from typing import Final

from fastapi import APIRouter, Response
from sqlalchemy import select

from app.web.pages import render
from app.web.visit import Visitor
from models.job import Heartbeat, JobRun

router = APIRouter(prefix="/runs")

PAGE: Final = 100
SILENT_AFTER: Final = timedelta(minutes=5)


@router.get("", name="runs")
def runs(visit: Visitor) -> Response:
    """The newest runs, and the heartbeats."""
    found = visit.session.scalars(
        select(JobRun).order_by(JobRun.day.desc(), JobRun.job, JobRun.shard).limit(PAGE)
    ).all()
    beats = visit.session.scalars(select(Heartbeat).order_by(Heartbeat.name)).all()
    silent_since = visit.clock.now - SILENT_AFTER
    return render(
        visit, "runs.html", runs=found, beats=beats, silent_since=silent_since, now=visit.clock.now, size=PAGE
    )
