"""`rectify hearing`: meetings that heard the work, their papers, and what they decided."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.chinese import Cli
from app.cli.common import (
    Json,
    On,
    acting_as,
    clock,
    ledger,
    parse_day,
    print_json,
    print_table,
    say,
    settings,
)
from app.cli.terms import As, clerk
from app.cli.units import Bureau
from models.enums import ItemKind

if TYPE_CHECKING:
    from core.files import FileStore, StoredFile

cli = Cli("听取汇报：登记会议、材料和议定事项。")

Number = Annotated[int, typer.Argument(metavar="编号", help="听取汇报记录的编号")]


@cli.command("add")
def add(
    login: As,
    body: Annotated[str, typer.Option("--body", metavar="会议", help="例如 党组、局长办公会")],
    topic: Annotated[str, typer.Option("--topic", metavar="议题")],
    held: Annotated[
        date | None, typer.Option("--date", metavar="日期", parser=parse_day, help="会议日期，默认今天")
    ] = None,
    minutes: Annotated[str, typer.Option("--minutes", metavar="纪要编号")] = "",
    presided_by: Annotated[str | None, typer.Option("--presided-by", metavar="登录名", help="主持人")] = None,
    paper: Annotated[
        list[Path] | None, typer.Option("--paper", metavar="文件", help="会上所用材料，可写多个")
    ] = None,
    on: On = None,
) -> None:
    """登记一次听取汇报；材料按原样存放，与当时冻结的数据对应。"""
    from core.files import FileStore
    from rectification.halfyear import hearings
    from rectification.office import people

    moment = clock(on)
    store = FileStore(settings().evidence_dir, max_bytes=settings().evidence_megabytes * 2**20)
    kept = [_keep(store, file) for file in paper or ()]
    with ledger().unit_of_work() as session:
        by = clerk(session, login, moment.today)
        chair = people.person_of(session, by.bureau_id, presided_by).id if presided_by else None
        new = hearings.NewHearing(held or moment.today, body, topic, minutes, chair)
        hearing = hearings.add_hearing(session, moment, by, new)
        for file in kept:
            hearings.add_paper(session, moment, by, hearing, file)
        number = hearing.id
    say(f"已登记听取汇报第 {number} 号" + (f"，材料 {len(kept)} 份" if kept else ""))


@cli.command("resolve")
def resolve(
    number: Number,
    login: As,
    text: Annotated[str, typer.Option("--text", metavar="议定事项")],
    kind: Annotated[
        ItemKind, typer.Option("--kind", help="问题（finding）要销号，工作（plan）要办结")
    ] = ItemKind.PLAN,
    due: Annotated[
        date | None, typer.Option("--due", metavar="日期", parser=parse_day, help="会议定的时限")
    ] = None,
    on: On = None,
) -> None:
    """登记一项议定事项，成为待确认的任务。"""
    from rectification.halfyear import hearings

    moment = clock(on)
    with ledger().unit_of_work() as session:
        acting = acting_as(clerk(session, login, moment.today))
        hearing = hearings.hearing_of(session, acting.actor, number)
        task = hearings.resolve(session, moment, acting, hearing, hearings.NewResolution(text, kind, due))
        code = task.code
    say(f"已成为待确认的任务 {code}，请下达")


@cli.command("list")
def list_(bureau: Bureau = None, as_json: Json = False) -> None:
    """列出听取汇报的记录。"""
    from rectification.halfyear import hearings
    from rectification.office import units

    with ledger().reading() as session:
        rows = hearings.list_hearings(session, units.bureau_named(session, bureau).id)
    if as_json:
        print_json(rows)
        return
    print_table(
        ("编号", "日期", "会议", "议题", "纪要", "所属期间", "数据", "材料", "议定事项"),
        (
            (
                str(row.id),
                str(row.held_on),
                row.body,
                row.topic,
                row.minutes_no or "—",
                row.term or "—",
                f"第{row.version}版" if row.version else "—",
                str(len(row.papers)),
                "、".join(entry.task_code for entry in row.resolutions) or "—",
            )
            for row in rows
        ),
        empty="还没有听取汇报的记录",
    )


def _keep(store: FileStore, file: Path) -> StoredFile:
    from core.errors import Unreadable

    try:
        with file.open("rb") as content:
            return store.keep(content, file.name)
    except OSError as error:
        raise Unreadable(f"读不了文件 {file}", error.strerror or "", "请检查文件名和位置") from error
