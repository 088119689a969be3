"""What the clerk does beside a task's own verbs: enter one, hand a person's over, see what waits, draw look-backs."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from app.cli.common import (
    Json,
    On,
    PaperOptions,
    acting_as,
    clock,
    ledger,
    parse_day,
    print_json,
    print_table,
    say,
)
from models.enums import ItemKind, TimeLimit

As = Annotated[str, typer.Option("--as", metavar="登录名", help="替谁记录（命令行代录）")]
Bureau = Annotated[str | None, typer.Option("--bureau", metavar="单位")]


def enter(
    login: As,
    source: Annotated[int, typer.Option("--source", metavar="序号", help="来源，见 rectify source add")],
    text: Annotated[str, typer.Option("--text", metavar="问题", help="具体问题")],
    kind: Annotated[ItemKind, typer.Option("--kind", help="问题、不足或计划")] = ItemKind.FINDING,
    title: Annotated[
        str, typer.Option("--title", metavar="任务名称", help="会写进提醒邮件；不写则按来源拟")
    ] = "",
    cause: Annotated[str, typer.Option("--cause", metavar="原因")] = "",
    category: Annotated[str, typer.Option("--category", metavar="类别")] = "",
    goal: Annotated[str, typer.Option("--goal", metavar="目标")] = "",
    limit: Annotated[TimeLimit, typer.Option("--limit", help="时限类型")] = TimeLimit.DATED,
    due: Annotated[
        date | None, typer.Option("--due", metavar="日期", parser=parse_day, help="默认按来源的反馈日期")
    ] = None,
    count: Annotated[int | None, typer.Option("--count", min=1, help="总数，如 72 项隐患")] = None,
    recurring: Annotated[bool, typer.Option("--recurring", help="反复出现")] = False,
    on: On = None,
) -> None:
    """登记一项任务（本单位报告以外的来源）。"""
    from rectification import casework
    from rectification.office.actors import actor_by_login

    new = casework.Entry(
        source_id=source,
        text=text,
        kind=kind,
        title=title,
        cause=cause,
        category=category,
        goal=goal,
        time_limit=limit,
        due_on=due,
        count_total=count,
        is_recurring=recurring,
    )
    with ledger().unit_of_work() as session:
        moment = clock(on)
        actor = actor_by_login(session, login, today=moment.today)
        task = casework.enter(session, moment, acting_as(actor), new)
        line = f"{task.code}　{task.title}　已登记，等待下达"
    say(line)


def hand_over(
    leaver: Annotated[str, typer.Argument(metavar="移交人")],
    successor: Annotated[str, typer.Argument(metavar="接手人")],
    login: As,
    reason: Annotated[str, typer.Option("--reason", metavar="理由")],
    part: Annotated[
        list[str] | None,
        typer.Option(
            "--part", metavar="身份", help="只移交这些：officer leader reviewer approver participant"
        ),
    ] = None,
    paper_date: Annotated[
        date | None, typer.Option("--paper-date", metavar="日期", parser=parse_day, help="所依据文件的日期")
    ] = None,
    paper_no: Annotated[str, typer.Option("--paper-no", metavar="文号", help="所依据文件的文号")] = "",
    on: On = None,
) -> None:
    """交接：一个人名下办理中的任务一次全部移交。"""
    from rectification import casework
    from rectification.office.actors import actor_by_login
    from rectification.office.people import person_by_login, person_of
    from rectification.roles_in_task import Part

    unknown = set(part or ()) - {"officer", "leader", "reviewer", "approver", "participant"}
    if unknown:
        raise typer.BadParameter(f"没有身份“{min(unknown)}”")
    with ledger().unit_of_work() as session:
        moment = clock(on)
        actor = actor_by_login(session, login, today=moment.today)
        acting = acting_as(actor, PaperOptions(paper_date, paper_no))
        gone = person_by_login(session, leaver) or person_of(session, actor.bureau_id, leaver)
        heir = person_of(session, actor.bureau_id, successor)
        parts = [Part(one) for one in part or ()]
        codes = casework.hand_over(session, moment, acting, gone.id, heir.id, reason, parts=parts)
    say(f"已交接 {len(codes)} 项：{'、'.join(codes)}")


def waiting(
    login: Annotated[str, typer.Option("--as", metavar="登录名", help="谁看；只列其有权查看的")],
    too_long: Annotated[bool, typer.Option("--too-long", help="只看超过规定工作日的")] = False,
    on: On = None,
    as_json: Json = False,
) -> None:
    """列出在等人办理的任务：等谁、从哪天起、几个工作日。"""
    from rectification.labels import PART, status_label
    from rectification.lists.whose_move import waiting as all_waiting
    from rectification.office.actors import actor_by_login
    from rectification.office.calendar import load_calendar

    today = clock(on).today
    with ledger().reading() as session:
        actor = actor_by_login(session, login, today=today)
        rows = all_waiting(session, today, load_calendar(session), actor, too_long_only=too_long)
    if as_json:
        print_json(rows)
        return
    print_table(
        ("编号", "任务名称", "状态", "等", "从", "工作日"),
        (
            (
                row.code,
                row.title,
                status_label(row.status, row.kind),
                f"{PART[row.part]}{row.person}",
                str(row.since),
                f"{row.workdays}{'（过久）' if row.is_too_long else ''}",
            )
            for row in rows
        ),
        empty="没有在等人办理的任务",
    )


def draw(bureau: Bureau = None, on: On = None) -> None:
    """抽取上个半年销号的任务回头看；再抽一次不会重复。"""
    from models.enums import Channel
    from rectification.casework import draw_look_backs
    from rectification.office.actors import system
    from rectification.office.units import bureau_named

    with ledger().unit_of_work() as session:
        bureau_id = bureau_named(session, bureau).id
        drawn = draw_look_backs(session, clock(on), system(bureau_id, Channel.CLI))
    for found in drawn:
        say(f"{found.code}　{found.reason}")
    if not drawn:
        say("没有新抽取的任务")


def add_to(cli: typer.Typer) -> None:
    """Put them beside the verbs."""
    cli.command("enter")(enter)
    cli.command("hand-over")(hand_over)
    cli.command("waiting")(waiting)
    cli.command("draw-look-backs")(draw)
