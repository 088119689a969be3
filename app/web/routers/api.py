"""The JSON API: what a person sees and does, for programs, with a personal token of limited scope."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from app.web.site import Site, site_of
from core.clock import Clock
from core.errors import Forbidden, RectifyError
from core.workdays import WorkCalendar
from models.enums import Channel, ItemKind, Light, Status, TimeLimit
from rectification import casework
from rectification.access import seen_task
from rectification.actors import Acting, Actor, actor_of
from rectification.apitokens import bearer
from rectification.calendar import load_calendar
from rectification.deadlines import near_until
from rectification.filters import TaskFilter
from rectification.policy import policy_of
from rectification.queries import TaskRow, count_tasks, list_tasks

PREFIX: Final = "/api"
MOST: Final = 200
router = APIRouter(prefix=PREFIX)
_scheme = HTTPBearer(auto_error=False, description="个人令牌，在“我的账户”中建立")


class NoToken(RectifyError):
    """The request carries no token that works."""

    status = 401

    def __init__(self) -> None:
        super().__init__(
            "没有有效的令牌", "请求头 Authorization 缺少令牌，或令牌已过期", "请在“我的账户”中建立令牌"
        )


@dataclass(frozen=True)
class Call:
    """One request of a program: on whose behalf, how far its token goes."""

    site: Site
    session: Session
    clock: Clock
    actor: Actor
    may_write: bool

    @property
    def calendar(self) -> WorkCalendar:
        return load_calendar(self.session)

    def acting(self) -> Acting:
        """The person acting.

        Raises: Forbidden, where the token only reads.
        """
        if not self.may_write:
            raise Forbidden("这个令牌只能读", "", "请另建一个可以写的令牌")
        return Acting(self.actor, Channel.WEB)


def _called(
    request: Request, sent: Annotated[HTTPAuthorizationCredentials | None, Depends(_scheme)]
) -> Iterator[Call]:
    site = site_of(request)
    clock = site.read_clock()
    with site.database.reading() as session:
        known = bearer(session, clock.now, sent.credentials) if sent else None
        if known is None:
            raise NoToken
        person, token = known
        yield Call(site, session, clock, actor_of(session, person, today=clock.today), token.may_write)


Caller = Annotated[Call, Depends(_called)]


class _Json(BaseModel):
    model_config = ConfigDict(frozen=True)


class Problem(_Json):
    """A refusal (RFC 9457)."""

    title: str
    status: int
    detail: str = ""
    todo: str = ""


class TaskOut(_Json):
    """A task as lists give it."""

    code: str
    org: str
    kind: ItemKind
    title: str
    text: str
    status: Status
    version: int
    unit: str
    officer: str
    time_limit: TimeLimit
    due_on: date | None
    original_due_on: date | None
    deadline_on: date | None
    overdue_days: int
    light: Light | None


class TaskPage(_Json):
    """A page of tasks; `total` is how many there are in all."""

    total: int
    page: int
    size: int
    tasks: list[TaskOut]


class ProgressIn(BaseModel):
    """What was done. `version` is the one last seen, against two people reporting at once."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(min_length=1, max_length=20_000)]
    late_reason: Annotated[str, Field(max_length=20_000)] = ""
    needs_decision: Annotated[str, Field(max_length=20_000)] = ""
    version: Annotated[int | None, Field(ge=1, le=2**31)] = None


_REFUSALS: Final[dict[int | str, dict[str, Any]]] = {
    status: {"model": Problem, "content": {"application/problem+json": {}}}
    for status in (401, 403, 404, 409, 422)
}


@router.get("/tasks", name="api_tasks", responses=_REFUSALS)
def tasks(
    call: Caller,
    status: Status | None = None,
    light: Light | None = None,
    unit: Annotated[str | None, Query(max_length=100)] = None,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    size: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> TaskPage:
    """任务列表：本人看得到的任务，超期最久的在前。"""
    today, calendar = call.clock.today, call.calendar
    policy = policy_of(call.session, call.actor.bureau_id, today)
    filters = TaskFilter(
        statuses=frozenset({status}) if status else None,
        light=light,
        near_until=near_until(today, calendar, policy),
        unit=unit,
    )
    rows = list_tasks(
        call.session, today, calendar, actor=call.actor, filters=filters, limit=size, offset=(page - 1) * size
    )
    total = count_tasks(call.session, today, actor=call.actor, filters=filters)
    return TaskPage(total=total, page=page, size=size, tasks=[_out(row) for row in rows])


@router.get("/tasks/{code}", name="api_task", responses=_REFUSALS)
def task(call: Caller, code: str) -> TaskOut:
    """一项任务。"""
    seen_task(call.session, call.actor, code)
    return _found(call, call.session, code)


@router.post("/tasks/{code}/progress", name="api_progress", responses=_REFUSALS)
def progress(call: Caller, code: str, body: ProgressIn) -> TaskOut:
    """报进展。须是可以写的令牌。"""
    acting = call.acting()
    with call.site.database.unit_of_work() as session:
        casework.progress(
            session,
            call.clock,
            acting,
            code,
            body.text,
            late_reason=body.late_reason,
            needs_decision=body.needs_decision,
            seen_version=body.version,
        )
    with call.site.database.reading() as session:
        return _found(call, session, code)


@router.get("/openapi.json", name="api_openapi", include_in_schema=False)
def openapi() -> JSONResponse:
    """The description of this API."""
    return JSONResponse(get_openapi(title="整改台账", version="1", routes=router.routes))


def _found(call: Call, session: Session, code: str) -> TaskOut:
    only = TaskFilter(codes=(code,))
    rows = list_tasks(
        session, call.clock.today, load_calendar(session), actor=call.actor, filters=only, limit=1
    )
    return _out(rows[0])


def _out(row: TaskRow) -> TaskOut:
    return TaskOut.model_validate({name: getattr(row, name) for name in TaskOut.model_fields})
