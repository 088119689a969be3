"""What the clerk does beside a task's own verbs: hand a person's over, see what waits, draw look-backs."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.common import (
    As,
    Bureau,
    Json,
    On,
    PaperOptions,
    changing_bureau,
    clock,
    ledger,
    print_rows,
    recording,
    say,
)
from app.cli.verbs import PaperDate, PaperNo


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
    paper_date: PaperDate = None,
    paper_no: PaperNo = "",
    on: On = None,
) -> None:
    """交接：一个人名下办理中的任务一次全部移交。"""
    from rectification import casework
    from rectification.office.people import person_by_login, person_of
    from rectification.roles_in_task import Part

    unknown = set(part or ()) - {"officer", "leader", "reviewer", "approver", "participant"}
    if unknown:
        raise typer.BadParameter(f"没有身份“{min(unknown)}”")
    with recording(login, on, PaperOptions(paper_date, paper_no)) as (session, moment, acting):
        bureau_id = acting.actor.bureau_id
        gone = person_by_login(session, leaver) or person_of(session, bureau_id, leaver)
        heir = person_of(session, bureau_id, successor)
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
    cells = {
        "编号": lambda row: row.code,
        "任务名称": lambda row: row.title,
        "状态": lambda row: status_label(row.status, row.kind),
        "等": lambda row: f"{PART[row.part]}{row.person}",
        "从": lambda row: row.since,
        "工作日": lambda row: f"{row.workdays}{'（过久）' if row.is_too_long else ''}",
    }
    print_rows(rows, cells, as_json=as_json, empty="没有在等人办理的任务")


def draw(bureau: Bureau = None, on: On = None) -> None:
    """抽取上个半年销号的任务回头看；再抽一次不会重复。"""
    from models.enums import Channel
    from rectification.casework import draw_look_backs
    from rectification.office.actors import system

    with changing_bureau(bureau) as (session, unit):
        drawn = draw_look_backs(session, clock(on), system(unit.id, Channel.CLI))
    for found in drawn:
        say(f"{found.code}　{found.reason}")
    if not drawn:
        say("没有新抽取的任务")


def add_to(cli: typer.Typer) -> None:
    """Put them beside the verbs."""
    cli.command("hand-over")(hand_over)
    cli.command("waiting")(waiting)
    cli.command("draw-look-backs")(draw)
