"""What the clerk does beside a task's own verbs: hand a person's over, see what waits, draw look-backs."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.common import (
    Json,
    On,
    PaperOptions,
    acting_as,
    clock,
    ledger,
    print_json,
    print_table,
    say,
)
from app.cli.verbs import Login, PaperDate, PaperNo

Bureau = Annotated[str | None, typer.Option("--bureau", metavar="单位")]


def hand_over(
    leaver: Annotated[str, typer.Argument(metavar="移交人")],
    successor: Annotated[str, typer.Argument(metavar="接手人")],
    login: Login,
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
    cli.command("hand-over")(hand_over)
    cli.command("waiting")(waiting)
    cli.command("draw-look-backs")(draw)
