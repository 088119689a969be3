"""The start checklist: from where `rectify setup` ended to the first issued task; what that set is shown, and asked no more."""

from dataclasses import dataclass

from fastapi import APIRouter, Response
from sqlalchemy import ColumnExpressionArgument, func, select

from app.doctor import check_backups, check_mail, fine
from app.reaching import why_unreached
from app.web.page_request import Visit, Visitor
from app.web.pages import back_to, redirect, render
from core.errors import Refused
from models.base import Base
from models.enums import Status, UnitKind
from models.organisation import Person, Unit
from models.report import Report
from models.task import RectificationTask
from rectification.office.address import Address, address_of, set_address
from rectification.office.signin import without_password
from rectification.office.wall_clock import clock_fault

router = APIRouter(prefix="/start")


@dataclass(frozen=True, slots=True)
class StartStep:
    """One step: whether it is done, what it brought so far, where to go on, and what is wrong with it.

    Without a route it is the installer's, by `rectify setup`.
    """

    title: str
    is_done: bool
    says: str
    route: str = ""
    button: str = ""
    warns: str = ""


@router.get("", name="start")
def start(visit: Visitor) -> Response:
    """What is done, and what comes next."""
    with visit.site.database.reading() as session:  # anew: it may just have been set
        address = address_of(session, visit.site.settings)
    steps = _steps(visit, address)
    following = next((step for step in steps if step.route and not step.is_done), None)
    return render(
        visit,
        "start.html",
        steps=steps,
        following=following,
        typed=visit.text("url") or address.url,
        fixed=address.is_fixed,
    )


@router.post("/address", name="start_address_post")
@back_to(start)
def start_address_post(visit: Visitor) -> Response:
    """Set the address; whether it is a good one the page says, which tries it."""
    if address_of(visit.session, visit.site.settings).is_fixed:
        raise Refused(
            "网址由安装人员设定，网页上不能改",
            "",
            "请改 RECTIFY_BASE_URL 或 rectify.toml 中的 base_url 后重启",
        )
    with visit.unit_of_work() as session:
        set_address(session, visit.by, visit.text("url").strip())
    return redirect(visit, "start", note="网址已保存，以后的链接都用它")


def _steps(visit: Visit, address: Address) -> list[StartStep]:
    own = visit.actor.bureau_id
    departments = _count(visit, Unit, Unit.bureau_id == own, Unit.kind == UnitKind.DEPARTMENT)
    people = _count(visit, Person, Person.bureau_id == own, Person.is_active)
    signing = people - len(without_password(visit.session, own))
    reports = _count(visit, Report, Report.bureau_id == own)
    task = RectificationTask
    issued = _count(visit, task, task.bureau_id == own, task.status != Status.DRAFT)
    settings, clock = visit.site.settings, visit.clock
    fault, kept = clock_fault(visit.session, clock), check_backups(settings)
    now = f"这台电脑的时间是 {clock.now.astimezone(settings.zone):%Y-%m-%d %H:%M}（{settings.timezone}）"
    mail = fine("邮件经 SMTP 发出") if settings.smtp_url else check_mail(settings)
    return [
        StartStep("单位", is_done=True, says=visit.bearings.installation.bureau),
        _address_step(address),
        StartStep("时间", not fault, now, warns=fault),
        StartStep("备份", not kept.todo, kept.what, warns=kept.todo),
        StartStep("科室", departments > 0, f"已登记 {departments} 个科室", "units", "登记科室"),
        StartStep(
            "人员", people > 1, f"已登记 {people} 人；可用 Excel 一次导入", "people_import", "导入人员"
        ),
        StartStep(
            "登录条",
            signing > 1,
            f"{people} 人中 {signing} 人已设密码；没有登录条的进不来",
            "slips",
            "发登录条",
        ),
        StartStep("邮箱", not mail.todo, mail.what, warns=mail.todo),
        StartStep("第一份报告", reports > 0, f"已导入 {reports} 份报告", "report_upload", "上传报告"),
        StartStep("下达任务", issued > 0, f"已下达 {issued} 项", "reports", "去下达"),
    ]


def _address_step(address: Address) -> StartStep:
    """Before anybody is invited: a slip with a dead link cannot be called back."""
    why = "只有本机能打开" if address.is_local else why_unreached(address.url)
    todo = "请核对网址、端口和防火墙；程序只让本机打开的，请安装人员运行 rectify setup --network 后重启"
    warns = f"{address.url} {why}，{todo}" if why else ""
    open_to = "" if address.is_set else "，请确认或改正"
    by_whom = "（由环境变量或 rectify.toml 设定）" if address.is_fixed else open_to
    says = f"邮件、登录纸条和材料中的链接指向 {address.url}{by_whom}"
    is_done = address.is_set and not address.is_local
    return StartStep("网址", is_done, says, "start_address_post", "试一试并保存", warns)


def _count(visit: Visit, counted: type[Base], *of: ColumnExpressionArgument[bool]) -> int:
    return visit.session.scalar(select(func.count()).select_from(counted).where(*of)) or 0
