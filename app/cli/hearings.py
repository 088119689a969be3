"""`rectify hearing`: meetings that heard the work, and their papers."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from app.cli.chinese import Cli
from app.cli.common import (
    As,
    Bureau,
    Json,
    On,
    day_option,
    print_rows,
    reading_bureau,
    recording,
    say,
    stored_file,
)
from app.cli.terms import Half, Quarter, Year, term_of
from models.review import ReviewCycle
from rectification.halfyear import hearing_plans, hearings
from rectification.halfyear.cycles import cycle_named, term_of_cycle
from rectification.office.journal import By
from rectification.office.people import person_of

cli = Cli()


@cli.command("add")
def add(
    login: As,
    body: Annotated[
        str, typer.Option("--body", metavar="会议", help="设置的会议名单中的一个，如 党组、局长办公会")
    ],
    topic: Annotated[str, typer.Option("--topic", metavar="议题")],
    held: Annotated[date | None, day_option("--date", "会议日期，默认今天")] = None,
    minutes: Annotated[str, typer.Option("--minutes", metavar="纪要编号")] = "",
    presided_by: Annotated[str | None, typer.Option("--presided-by", metavar="登录名", help="主持人")] = None,
    paper: Annotated[
        list[Path] | None, typer.Option("--paper", metavar="文件", help="会上所用材料，可写多个")
    ] = None,
    year: Year = None,
    half: Half = None,
    quarter: Quarter = None,
    on: On = None,
) -> None:
    """登记一次听取汇报；没有写听取哪一期的，为已冻结而尚未听取的最早一期。"""
    kept = [stored_file(file) for file in paper or ()]
    with recording(login, on) as (session, moment, acting):
        by = acting.actor
        chair = person_of(session, by.bureau_id, presided_by).id if presided_by else None
        said = year or half or quarter
        term = term_of(session, by.bureau_id, moment.today, year, half, quarter) if said else None
        cycle = cycle_named(session, by.bureau_id, term) if term else None
        new = hearings.NewHearing(held or moment.today, body, topic, minutes, chair, cycle=cycle)
        hearing = hearing_plans.record_hearing(session, By(moment, acting), new)
        for file in kept:
            hearings.add_paper(session, moment, by, hearing, file)
        number, cycle = hearing.id, session.get(ReviewCycle, hearing.cycle_id or 0)
        heard = f"，听取{term_of_cycle(cycle).label}" if cycle else ""
    say(f"已登记听取汇报第 {number} 号{heard}" + (f"，材料 {len(kept)} 份" if kept else ""))


@cli.command("list")
def list_(bureau: Bureau = None, as_json: Json = False) -> None:
    """列出听取汇报的记录。"""
    with reading_bureau(bureau) as (session, unit):
        rows = hearings.list_hearings(session, unit.id)
    cells = {
        "编号": lambda row: row.id,
        "日期": lambda row: row.held_on,
        "会议": lambda row: row.body,
        "议题": lambda row: row.topic,
        "纪要": lambda row: row.minutes_no or None,
        "所属期间": lambda row: row.term or None,
        "数据": lambda row: f"第{row.version}版" if row.version else None,
        "材料": lambda row: len(row.papers),
        "议定事项": lambda row: "、".join(entry.task_code for entry in row.resolutions) or None,
    }
    print_rows(rows, cells, as_json=as_json, empty="还没有听取汇报的记录")
