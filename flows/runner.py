"""Doing a job here and now: called by its flow where Prefect runs it, and directly by the embedded engine.

Prefect is not imported on the way: it takes a second and 53 MB, which an office's one process has no use for.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from pydantic import ValidationError

from core.errors import Refused
from flows.requests import DayRequest, IntakeRequest, JobOutcome
from flows.schedule import Job, job_named
from flows.slots import work_through
from flows.steps import run


def run_job(name: str, request: Mapping[str, Any] | None = None) -> JobOutcome:
    """Do a job; `request` is checked as Prefect would check it.

    Raises: NotFound, for an unknown job; Refused, for a request it cannot take; and whatever the job refuses.
    """
    model = IntakeRequest if job_named(name).takes_file else DayRequest
    try:
        checked = model.model_validate(dict(request or {}))
    except ValidationError as error:
        wrong = "、".join(".".join(map(str, one["loc"])) for one in error.errors())
        raise Refused(f"作业 {name} 的参数缺少或有误：{wrong}", "", "请改正后再运行") from error
    return perform(name, checked)


def perform(name: str, request: DayRequest | IntakeRequest) -> JobOutcome:
    """Do a job whose request has been checked."""
    job = job_named(name)
    step = _step(job)
    if isinstance(request, DayRequest):
        return work_through(job, request, step)
    day, counts = run(step, request.file, request.new_bureau)
    return JobOutcome(name, day, counts=counts)


def _step(job: Job) -> Callable[..., Any]:
    module, attribute = job.step.split(":")
    step: Callable[..., Any] = getattr(import_module(module), attribute)
    return step
