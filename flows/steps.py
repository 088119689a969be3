"""Calling a step: the only place that knows whether Prefect is there."""

import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def run(step: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """The step as a Prefect task inside a flow run, as the function it is outside one.

    Prefect's own retries are off and nothing is cached: what a step did stands in the ledger, and the next run does
    what is left.
    """
    if not _in_flow_run():
        return step(*args, **kwargs)
    from prefect import task
    from prefect.cache_policies import NO_CACHE

    return task(name=step.__name__, retries=0, cache_policy=NO_CACHE)(step)(*args, **kwargs)


def _in_flow_run() -> bool:
    """Whoever runs a flow has imported Prefect; it takes a second and is not asked for otherwise."""
    if "prefect.context" not in sys.modules:
        return False
    from prefect.context import FlowRunContext

    return FlowRunContext.get() is not None
