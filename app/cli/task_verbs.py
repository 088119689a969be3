"""`rectify task VERB CODE… --as LOGIN`: every verb of a task, recorded for the named person (命令行代录)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.common import On, PaperOptions, acting_as, clock, ledger, parse_day, say, warn
from core.errors import RectifyError
from models.enums import ApprovalLevel, DayUnit, Role, TimeLimit

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from core.clock import Clock
    from models.task import RectificationTask
    from rectification.actors import Acting

    Verb = Callable[[Session, Clock, Acting, str], RectificationTask]

Codes = Annotated[list[str], typer.Argument(metavar="编号", help="任务编号，可写多个")]
As = Annotated[str, typer.Option("--as", metavar="登录名", help="替谁记录（命令行代录）")]
PaperDate = Annotated[
    date | None, typer.Option("--paper-date", metavar="日期", parser=parse_day, help="所依据文件的日期")
]
PaperNo = Annotated[str, typer.Option("--paper-no", metavar="文号", help="所依据文件的文号或档号")]
Login = str | None


def run_verb(codes: list[str], login: str, paper: PaperOptions, on: date | None, verb: Verb) -> None:
    """Do one verb to each task, each in a unit of work of its own; a refusal stops only its own task."""
    from rectification.actors import actor_by_login
    from rectification.labels import status_label

    failed = 0
    for code in codes:
        try:
            with ledger().unit_of_work() as session:
                moment = clock(on)
                actor = actor_by_login(session, login, today=moment.today)
                task = verb(session, moment, acting_as(actor, paper), code)
                line = f"{task.code}　{task.title}　现为“{status_label(task.status, task.kind)}”"
        except RectifyError as refusal:
            failed += 1
            warn(refusal.line)
            continue
        say(line)
    if failed:
        raise typer.Exit(1)


def issue(
    codes: Codes,
    login: As,
    unit: Annotated[Login, typer.Option("--unit", metavar="科室", help="牵头科室；写了责任人可省")] = None,
    officer: Annotated[
        Login, typer.Option("--officer", metavar="登录名", help="责任人；可由科室签收时再定")
    ] = None,
    leader: Annotated[
        Login, typer.Option("--leader", metavar="登录名", help="责任领导；默认科室的分管领导")
    ] = None,
    reviewer: Annotated[
        Login, typer.Option("--reviewer", metavar="登录名", help="复核人；只有一名时可省")
    ] = None,
    approver: Annotated[
        Login, typer.Option("--approver", metavar="登录名", help="审签领导；默认责任领导")
    ] = None,
    level: Annotated[ApprovalLevel | None, typer.Option("--level", help="审签层级")] = None,
    limit: Annotated[TimeLimit | None, typer.Option("--limit", help="时限类型；默认按草稿的建议")] = None,
    due: Annotated[
        date | None,
        typer.Option("--due", metavar="日期", parser=parse_day, help="整改时限；默认按草稿的建议"),
    ] = None,
    days: Annotated[
        int | None, typer.Option("--days", min=1, max=3660, help="几天内完成，与 --due 二选一")
    ] = None,
    day_unit: Annotated[DayUnit, typer.Option("--day-unit", help="按工作日还是自然日计")] = DayUnit.WORKING,
    checkpoint: Annotated[
        date | None,
        typer.Option("--checkpoint", metavar="日期", parser=parse_day, help="长期坚持的首个检查节点"),
    ] = None,
    title: Annotated[str, typer.Option("--title", metavar="标题", help="会写进提醒邮件，勿含内部内容")] = "",
    paper_date: PaperDate = None,
    paper_no: PaperNo = "",
    on: On = None,
) -> None:
    """下达：草稿成为某科室的任务。"""
    from rectification import casework
    from rectification.organisation import unit_named
    from rectification.people import person_of

    if due and days:
        raise typer.BadParameter("--due 和 --days 只能写一个")

    def verb(session: Session, moment: Clock, acting: Acting, code: str) -> RectificationTask:
        bureau_id = acting.actor.bureau_id

        def person(login: str | None, role: Role | None = None) -> int | None:
            return person_of(session, bureau_id, login, role).id if login else None

        order = casework.IssueOrder(
            lead_unit_id=unit_named(session, bureau_id, unit).id if unit else None,
            officer_id=person(officer, Role.OFFICER),
            leader_id=person(leader, Role.LEADER),
            reviewer_id=person(reviewer, Role.REVIEWER),
            approver_id=person(approver),
            approval_level=level,
            time_limit=limit,
            due_on=due,
            limit_days=days,
            limit_unit=day_unit,
            checkpoint_on=checkpoint,
            title=title,
        )
        return casework.issue(session, moment, acting, code, order)

    run_verb(codes, login, PaperOptions(paper_date, paper_no), on, verb)


def archive(
    codes: Codes,
    login: As,
    reason: Annotated[str, typer.Option("--reason", metavar="理由")] = "",
    paper_date: PaperDate = None,
    paper_no: PaperNo = "",
    on: On = None,
) -> None:
    """仅存档：这一项不跟踪。"""
    from rectification import casework

    run_verb(
        codes,
        login,
        PaperOptions(paper_date, paper_no),
        on,
        lambda session, moment, acting, code: casework.archive(session, moment, acting, code, reason),
    )


def accept(
    codes: Codes,
    login: As,
    officer: Annotated[
        Login, typer.Option("--officer", metavar="登录名", help="科室负责人签收时指定责任人")
    ] = None,
    paper_date: PaperDate = None,
    paper_no: PaperNo = "",
    on: On = None,
) -> None:
    """签收。"""
    from rectification import casework
    from rectification.people import person_of

    def verb(session: Session, moment: Clock, acting: Acting, code: str) -> RectificationTask:
        named = person_of(session, acting.actor.bureau_id, officer, Role.OFFICER).id if officer else None
        return casework.accept(session, moment, acting, code, officer_id=named)

    run_verb(codes, login, PaperOptions(paper_date, paper_no), on, verb)


def progress(
    codes: Codes,
    login: As,
    text: Annotated[str, typer.Option("--text", metavar="进展", help="做了什么")],
    late_reason: Annotated[str, typer.Option("--late-reason", metavar="原因", help="超期原因")] = "",
    needs_decision: Annotated[
        str, typer.Option("--needs-decision", metavar="事项", help="需提请协调事项")
    ] = "",
    paper_date: PaperDate = None,
    paper_no: PaperNo = "",
    on: On = None,
) -> None:
    """报进展。"""
    from rectification import casework

    run_verb(
        codes,
        login,
        PaperOptions(paper_date, paper_no),
        on,
        lambda session, moment, acting, code: casework.progress(
            session, moment, acting, code, text, late_reason=late_reason, needs_decision=needs_decision
        ),
    )


def add_to(cli: typer.Typer) -> None:
    """Put every verb beside `task list` and `task show`."""
    for verb in (issue, archive, accept, progress):
        cli.command(verb.__name__.replace("_", "-"))(verb)
