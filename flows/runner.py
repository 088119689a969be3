"""Running a job here and now, without Prefect's server: the embedded engine."""

import os
from collections.abc import Mapping
from importlib import import_module
from inspect import signature
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from core.errors import Refused
from flows.requests import JobOutcome
from flows.schedule import Job, job_named
from tasks.workplace import workplace

if TYPE_CHECKING:
    from prefect import Flow


def run_job(name: str, request: Mapping[str, Any] | None = None) -> JobOutcome:
    """Run the job's flow as a plain function; `request` is checked as Prefect would check it.

    Raises: NotFound, for an unknown job; Refused, for a request it cannot take; and whatever the job refuses.
    """
    flow = _flow(job_named(name))
    model: type[BaseModel] = signature(flow.fn).parameters["request"].annotation
    try:
        checked = model.model_validate(dict(request or {}))
    except ValidationError as error:
        wrong = "、".join(".".join(map(str, one["loc"])) for one in error.errors())
        raise Refused(f"作业 {name} 的参数缺少或有误：{wrong}", "", "请改正后再运行") from error
    return flow.fn(checked)


def _flow(job: Job) -> "Flow[..., JobOutcome]":
    """Import the flow, and with it Prefect, which keeps its files in the data folder and reports to nobody."""
    os.environ.setdefault("PREFECT_HOME", str(workplace().settings.data_dir / "prefect"))
    os.environ.setdefault("DO_NOT_TRACK", "1")
    module, attribute = job.flow.split(":")
    flow: Flow[..., JobOutcome] = getattr(import_module(module), attribute)
    return flow
