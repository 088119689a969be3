"""What programs may read: tasks, figures, reports, people and units, the mail log."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Final, Literal, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic import Field as Limits

from app.web.actions import offered
from app.web.api.door import Caller
from app.web.api.shapes import Figures, Page, TaskDetail, TaskShape, UnitShape
from app.web.forms import RecordId
from app.web.page_request import Visit
from app.web.task_in_view import seen_file
from core.errors import NotFound
from models.enums import ItemKind, Light, Status
from notifications.log import MailRow, mail_log
from rectification.intake.report_page import ReportDetail, ReportRow, list_reports, report_detail
from rectification.lists.board import overview
from rectification.lists.filters import Order, TaskFilter
from rectification.lists.rows import list_tasks
from rectification.lists.timeline import timeline
from rectification.office.people import PersonRow, list_people
from rectification.office.units import list_units
from rectification.task.access import parts_in
from rectification.task.lifecycle import ISSUED

T = TypeVar("T", PersonRow, ReportRow)

router = APIRouter(prefix="/api")

MOST: Final = 200
Limit = Annotated[int, Limits(ge=1, le=MOST, title="每页几项")]


class Paging(BaseModel):
    """Where to read on: the id the page before ended with."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: Annotated[
        int, Field(ge=0, le=2**63 - 1, title="从这个内部编号之后读起", description="取自 next")
    ] = 0
    limit: Limit = 50


class TaskQuery(Paging):
    """What the list of tasks is narrowed to; without `status` drafts and archived items are left out."""

    status: Annotated[list[Status], Field(max_length=len(Status), title="状态，可写多个")] = []
    kind: Annotated[Literal["problem"] | ItemKind | None, Field(title="种类，problem 为除计划以外的")] = None
    light: Annotated[Light | None, Field(title="灯色")] = None
    overdue: Annotated[bool, Field(title="只看超期")] = False
    unit: Annotated[str | None, Field(max_length=100, title="责任单位的名称")] = None
    officer: Annotated[str | None, Field(max_length=100, title="责任人的登录名或姓名")] = None
    due_within: Annotated[int | None, Field(ge=0, le=366, title="几天之内到期")] = None
    q: Annotated[str, Field(max_length=100, title="在编号、名称和原文中查找"), AfterValidator(str.strip)] = ""

    def filters(self, visit: Visit) -> TaskFilter:
        """As the queries know them."""
        today = visit.clock.today
        return TaskFilter(
            statuses=frozenset(self.status) or ISSUED,
            overdue_only=self.overdue,
            unit=self.unit,
            officer=self.officer,
            kind=None if self.kind == "problem" else self.kind,
            is_problem=self.kind == "problem" or None,
            light=self.light,
            near_until=visit.near_until if self.light else None,
            due=None if self.due_within is None else (today, today + timedelta(days=self.due_within)),
            words=self.q or None,
            after_id=self.after,
            order=Order.ENTRY,
        )


class MailQuery(BaseModel):
    """Which page of the mail log."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    undelivered: Annotated[bool, Field(title="只看未送达")] = False
    page: Annotated[int, Field(ge=1, le=100_000, title="第几页")] = 1
    limit: Limit = 50


@router.get("/tasks", name="api_tasks", summary="任务列表")
def tasks(visit: Caller, query: Annotated[TaskQuery, Query()]) -> Page[TaskShape]:
    """令牌所属人看得到的任务，按登记先后排列：读的时候台账有变动，也不会漏读或重读。"""
    rows = list_tasks(
        visit.session,
        visit.clock.today,
        visit.calendar,
        actor=visit.actor,
        filters=query.filters(visit),
        limit=query.limit + 1,
    )
    shown = rows[: query.limit]
    following = _following(visit, query, after=shown[-1].id) if len(rows) > query.limit else None
    return Page(items=[TaskShape.of(row) for row in shown], next=following)


@router.get("/tasks/{code}", name="api_task", summary="任务详情")
def task(visit: Caller, code: str) -> TaskDetail:
    """一项任务的措施、进展、佐证、延期、销号和办理记录，以及现在可以办理的事项。"""
    found, file = seen_file(visit, code)
    verbs = offered(file, parts_in(visit.session, visit.actor, found))
    return TaskDetail.from_file(file, timeline(visit.session, found.id), verbs)


@router.get("/figures", name="api_figures", summary="总览数字")
def figures(visit: Caller) -> Figures:
    """与总览页相同的数字：问题和计划分开。"""
    today = visit.clock.today
    return Figures.of(today, overview(visit.session, today, visit.near_until, visit.actor))


@router.get("/reports", name="api_reports", summary="报告列表")
def reports(visit: Caller, query: Annotated[Paging, Query()]) -> Page[ReportRow]:
    """本单位导入的年度报告，按导入先后排列。"""
    return _page(visit, query, list_reports(visit.session, bureau_id=visit.actor.bureau_id))


@router.get("/reports/{report_id}", name="api_report", summary="报告详情")
def report(visit: Caller, report_id: RecordId) -> ReportDetail:
    """一份报告读出的条目，和由条目产生的任务编号。"""
    own = {row.id for row in list_reports(visit.session, bureau_id=visit.actor.bureau_id)}
    found = report_detail(visit.session, report_id) if report_id in own else None
    if found is None:
        raise NotFound("没有这份报告", "或者您无权查看", "可由 /api/reports 查看编号")
    return found


@router.get("/people", name="api_people", summary="人员列表")
def people(visit: Caller, query: Annotated[Paging, Query()]) -> Page[PersonRow]:
    """本单位的人员和他们的角色。"""
    return _page(visit, query, list_people(visit.session, visit.actor.bureau_id))


@router.get("/units", name="api_units", summary="科室列表")
def units(visit: Caller) -> Page[UnitShape]:
    """本单位和它的科室。"""
    rows = [row for row in list_units(visit.session) if row.bureau_id == visit.actor.bureau_id]
    return Page(items=[UnitShape.model_validate(row) for row in rows])


@router.get("/mail", name="api_mail", summary="邮件记录")
def mail(visit: Caller, query: Annotated[MailQuery, Query()]) -> Page[MailRow]:
    """每封邮件为什么写、给谁、结果如何，最新的在前；不含正文。"""
    rows = mail_log(
        visit.session,
        bureau_id=visit.actor.bureau_id,
        undelivered=query.undelivered,
        limit=query.limit + 1,
        offset=(query.page - 1) * query.limit,
    )
    following = _following(visit, query, page=query.page + 1) if len(rows) > query.limit else None
    return Page(items=rows[: query.limit], next=following)


def _page(visit: Visit, query: Paging, rows: Sequence[T]) -> Page[T]:
    """One page of a list that is short enough to be read whole."""
    left = sorted((row for row in rows if row.id > query.after), key=lambda row: row.id)
    shown = left[: query.limit]
    following = _following(visit, query, after=shown[-1].id) if len(left) > query.limit else None
    return Page(items=shown, next=following)


def _following(visit: Visit, query: BaseModel, **changes: int) -> str:
    """The address of the next page."""
    values = {**query.model_dump(mode="json", exclude_defaults=True), **changes}
    return f"{visit.request.url.path}?{urlencode(values, doseq=True)}"
