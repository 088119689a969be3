"""What a flow says to Prefect: its name, its end, its log lines and artifacts. Ids and counts alone, never a text.

Outside a flow run there is nobody to say it to: a flow's own function then answers with its outcome.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import wraps
from typing import Any, Final, TypeVar
from uuid import UUID

from prefect import Flow, get_run_logger, runtime
from prefect.artifacts import create_progress_artifact, create_table_artifact, update_progress_artifact
from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext
from prefect.deployments import run_deployment
from prefect.states import Completed, Failed

from core.clock import read_clock
from core.settings import load_settings
from flows.requests import DayRequest, IntakeRequest, JobOutcome, words
from flows.schedule import JOBS
from tasks.step import JobFailed, where_in_code

Request = TypeVar("Request", DayRequest, IntakeRequest)
SHARE: Final = "share"

log = logging.getLogger("rectify.jobs")


def job_flow(body: Callable[[Request], JobOutcome]) -> Flow[[Request], JobOutcome]:
    """Prefect's `@flow` for a job of JOBS: named `JOB-DAY`, and ended by a state that says what was done.

    Nothing of what an error says reaches Prefect, as it may quote a task: the state names its kind.
    """
    name = body.__name__

    @wraps(body)
    def ended(request: Any) -> Any:
        if not in_flow_run():
            return body(request)
        try:
            return _completed(body(request))
        except JobFailed as failure:
            return Failed(message=failure.what)
        except Exception as error:  # noqa: BLE001  (of whatever kind: its text stays inside)
            kind = type(error).__name__
            log.error("%s failed: %s at %s", name, kind, where_in_code(error))
            return Failed(message=f"{name} 未完成（{kind}）")

    return Flow(
        ended,
        name=name,
        flow_run_name=_run_name,
        description=JOBS[name].what,
        retries=0,
        persist_result=False,
    )


def in_flow_run() -> bool:
    """Whether Prefect runs this, and not the program itself."""
    return FlowRunContext.get() is not None


def say(line: str, *values: object) -> None:
    """A line of counts in the run's log, and in the program's own outside one."""
    (get_run_logger() if in_flow_run() else log).info(line, *values)


def start_shares(job: str, day: date, request: DayRequest, number: int) -> None:
    """Start so many runs that share the day with this one; any worker takes them, and the day is done without them too."""
    alone = request.model_copy(update={"day": day, "lanes": 1, "stay_seconds": 0, "again": False})
    for share in range(1, number + 1):
        with _as_far_as_it_hears():
            run_deployment(
                f"{job}/{SHARE}",
                parameters={"request": alone.model_dump(mode="json")},
                flow_run_name=f"{job}-{day}-{SHARE}-{share}",
                timeout=0,
                as_subflow=True,
            )


@contextmanager
def _as_far_as_it_hears() -> Iterator[None]:
    """What Prefect cannot be told just now is not told: the work goes on."""
    try:
        yield
    except Exception as error:  # noqa: BLE001  (of whatever kind: the server is away)
        log.warning("Prefect was not told: %s", type(error).__name__)


class Progress:
    """How much of a day is done, on the run's page; nothing where one shard is all there is."""

    def __init__(self, job: str, day: date, total: int) -> None:
        self._total, self._done = total, 0
        self._artifact: UUID | None = None
        if total > 1 and _is_day_run():
            with _as_far_as_it_hears():
                made = create_progress_artifact(0.0, key=f"{_key(job)}-progress", description=f"{job} {day}")
                self._artifact = UUID(str(made))

    def at(self, done: int) -> None:
        """So many shards are done."""
        if self._artifact is not None and done != self._done:
            self._done = done
            with _as_far_as_it_hears():
                update_progress_artifact(self._artifact, min(100.0, 100.0 * done / self._total))


def show_table(job: str, day: date, rows: Sequence[Mapping[str, Any]], board: str) -> None:
    """What each shard counted, by the ids of its bureaus, with the way to the page of runs on the `board`; once, not a share."""
    if rows and _is_day_run():
        description = f"{job} {day}：[运行]({board}/runs)"
        with _as_far_as_it_hears():
            create_table_artifact([dict(row) for row in rows], key=_key(job), description=description)


def _completed(outcome: JobOutcome) -> State[JobOutcome]:
    if not outcome.is_due:
        return Completed(name="NotDue", message=f"{outcome.day} 不是 {outcome.job} 的日子", data=outcome)
    if outcome.was_done:
        return Completed(name="AlreadyDone", message=f"{outcome.day} 此前已完成", data=outcome)
    return Completed(
        message=f"{outcome.day} {words(outcome.counts) or '没有需要办的事'}"
        + (f"；另有 {outcome.left} 片正由其他进程办理" if outcome.left else ""),
        data=outcome,
    )


def _is_day_run() -> bool:
    """Whether this is the run that speaks for its day, and no share of another."""
    return in_flow_run() and not runtime.flow_run.parent_flow_run_id


def _run_name() -> str:
    """`JOB-DAY`; a share keeps the name its coordinator gave it."""
    run = runtime.flow_run
    if run.parent_flow_run_id:
        return str(run.name)
    request = (run.parameters or {}).get("request")
    if isinstance(request, IntakeRequest):
        return f"{run.flow_name}-{request.upload[:12]}"
    day = request.day if isinstance(request, DayRequest) else None
    return f"{run.flow_name}-{day or read_clock(load_settings().zone).today}"


def _key(job: str) -> str:
    return job.replace("_", "-")
