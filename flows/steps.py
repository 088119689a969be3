"""Calling a step: the only place that knows whether Prefect is there."""

from typing import ParamSpec, TypeVar

from prefect import Task
from prefect.context import FlowRunContext

P = ParamSpec("P")
R = TypeVar("R")


def run(step: Task[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """The step as a Prefect task run inside a flow run, its plain function outside one.

    A task called outside a flow run would look for a Prefect server, which the embedded engine does not have.
    """
    if FlowRunContext.get() is None:
        return step.fn(*args, **kwargs)
    return step(*args, **kwargs)
