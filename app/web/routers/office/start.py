"""The start checklist: from an empty installation to the first issued task."""

from dataclasses import dataclass

from fastapi import APIRouter, Response
from sqlalchemy import ColumnExpressionArgument, func, select

from app.web.page_request import Visit, Visitor
from app.web.pages import render
from models.base import Base
from models.enums import Status, UnitKind
from models.organisation import Person, Unit
from models.report import Report
from models.task import RectificationTask

router = APIRouter(prefix="/start")


@dataclass(frozen=True, slots=True)
class StartStep:
    """One step: whether it is done, what it brought so far, where to go on."""

    title: str
    is_done: bool
    says: str
    route: str
    button: str


@router.get("", name="start")
def start(visit: Visitor) -> Response:
    """What is done, and what comes next."""
    steps = _steps(visit)
    following = next((step for step in steps if not step.is_done), None)
    return render(visit, "start.html", steps=steps, following=following)


def _steps(visit: Visit) -> list[StartStep]:
    own = visit.actor.bureau_id
    departments = _count(visit, Unit, Unit.bureau_id == own, Unit.kind == UnitKind.DEPARTMENT)
    people = _count(visit, Person, Person.bureau_id == own, Person.is_active)
    reports = _count(visit, Report, Report.bureau_id == own)
    task = RectificationTask
    issued = _count(visit, task, task.bureau_id == own, task.status != Status.DRAFT)
    is_mail_on = visit.site.settings.smtp_url is not None
    return [
        StartStep("单位与科室", departments > 0, f"已登记 {departments} 个科室", "units", "登记科室"),
        StartStep(
            "人员", people > 1, f"已登记 {people} 人；可用 Excel 一次导入", "people_import", "导入人员"
        ),
        StartStep(
            "邮箱",
            is_mail_on,
            "邮件经 SMTP 发出"
            if is_mail_on
            else "尚未设置发件服务器：提醒写入数据文件夹 mail，不会外发。在 rectify.toml 中设置 smtp_url 后重启即可",
            "mail",
            "查看邮件",
        ),
        StartStep("第一份报告", reports > 0, f"已导入 {reports} 份报告", "report_upload", "上传报告"),
        StartStep("下达任务", issued > 0, f"已下达 {issued} 项", "reports", "去下达"),
    ]


def _count(visit: Visit, counted: type[Base], *of: ColumnExpressionArgument[bool]) -> int:
    return visit.session.scalar(select(func.count()).select_from(counted).where(*of)) or 0
