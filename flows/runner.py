"""Doing a job here and now, without a Prefect server: its flow's own function, found by name.

Prefect is imported on the way. It takes seconds, so whoever answers people calls this from a job's thread.
"""

import logging
import os
from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final

from pydantic import ValidationError

from core.errors import Refused
from core.settings import load_settings, prepare_data_dir
from flows.requests import DayRequest, IntakeRequest, JobOutcome
from flows.schedule import Job, job_named

_OPTIONS: Final = {"upload": "--file", "day": "--on", "again": "--again", "allow_future": "--allow-future"}


def run_job(name: str, request: Mapping[str, Any] | None = None) -> JobOutcome:
    """Do a job; `request` is checked as Prefect would check it.

    Raises: NotFound, for an unknown job; Refused, for a request it cannot take; and whatever the job refuses.
    """
    job = job_named(name)
    try:
        checked = (IntakeRequest if job.takes_file else DayRequest).model_validate(dict(request or {}))
    except ValidationError as error:
        named = (".".join(map(str, one["loc"])) for one in error.errors())
        wrong = "、".join(_OPTIONS.get(each, each) for each in named)
        raise Refused(f"作业 {name} 的参数缺少或有误：{wrong}", "", "请改正后再运行") from error
    outcome: JobOutcome = _flow(job).fn(checked)
    return outcome


def _flow(job: Job) -> Any:
    """Prefect keeps its files in our data folder, and calls nobody."""
    settings = load_settings()
    prepare_data_dir(settings)
    os.environ.setdefault("PREFECT_HOME", str(settings.data_dir / "prefect"))
    os.environ.setdefault("DO_NOT_TRACK", "1")
    module, _, attribute = job.flow.rpartition(".")
    flow = getattr(import_module(module), attribute)
    for name in ("uvicorn", "fastapi"):  # Prefect takes them for its server's; here they are the board's
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    return flow
