"""`rectify hearing`: meetings that heard the work, their papers, and what they decided."""

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
from models.enums import ItemKind
from models.review import ReviewCycle
from rectification.halfyear import hearing_plans, hearings
from rectification.halfyear.cycles import cycle_named, term_of_cycle
from rectification.office.journal import By
from rectification.office.people import person_of

cli = Cli()

Number = Annotated[int, typer.Argument(metavar="编号", help="听取汇报记录的编号")]
Body = Annotated[
    str,
    typer.Option(
        "--body", metavar="会议", help="设置的会议名单中的一个，如 党组、党委、局长办公会、领导小组"
    ),
]
Plan = Annotated[int, typer.Argument(metavar="编号", help="见 rectify hearing plans")]


@cli.command("plan")
def plan(
    login: As,
    number: Annotated[
        int | None, typer.Option("--change", metavar="编号", help="调整安排好的会议；不写的不变")
    ] = None,
    day: Annotated[date | None, day_option("--date", "会议日期，新安排时必填")] = None,
    body: Body = "",
    topic: Annotated[str, typer.Option("--topic", metavar="议题", help="新安排时必填")] = "",
    guests: Annotated[
        list[str] | None, typer.Option("--guest", metavar="登录名", help="参加人员，可写多个")
    ] = None,
    place: Annotated[str | None, typer.Option("--place", metavar="时间和地点")] = None,
    on: On = None,
) -> None:
    """安排一次听取汇报，或调整安排好的；参加人员在下一个工作日得到通知。"""
    with recording(login, on) as (session, moment, acting):
        by = acting.actor
        planned = hearing_plans.plan_of(session, by, number) if number else None
        ids = [person_of(session, by.bureau_id, each).id for each in guests or ()]
        if planned:
            day, body, topic = day or planned.meets_on, body or planned.body, topic or planned.topic
            place = planned.place if place is None else place
            ids = ids or [guest.person_id for guest in hearing_plans.invited(planned)]
        new = hearing_plans.NewPlan(day or moment.today, body, topic, ids, place or "")
        kept = hearing_plans.plan_hearing(session, By(moment, acting), new, planned)
        line = f"第 {kept.id} 号会议安排：{kept.meets_on}　{kept.body}　{kept.topic}"
    say(line)


@cli.command("call-off")
def call_off(number: Plan, login: As, on: On = None) -> None:
    """取消安排好的会议；参加人员会得到通知。"""
    with recording(login, on) as (session, moment, acting):
        planned = hearing_plans.plan_of(session, acting.actor, number)
        hearing_plans.call_off(session, By(moment, acting), planned)
    say(f"第 {number} 号会议安排已取消")


@cli.command("plans")
def plans(bureau: Bureau = None, as_json: Json = False) -> None:
    """列出安排好、还没有登记的会议。"""
    with reading_bureau(bureau) as (session, unit):
        rows = [
            {name: getattr(planned, name) for name in ("id", "meets_on", "body", "topic", "place")}
            | {"guests": [guest.person.name for guest in hearing_plans.invited(planned)]}
            for planned in hearing_plans.list_plans(session, unit.id)
        ]
    cells = {
        "编号": lambda row: row["id"],
        "日期": lambda row: row["meets_on"],
        "会议": lambda row: row["body"],
        "议题": lambda row: row["topic"],
        "时间和地点": lambda row: row["place"] or None,
        "参加人员": lambda row: "、".join(row["guests"]),
    }
    print_rows(rows, cells, as_json=as_json, empty="没有安排好的会议")


@cli.command("add")
def add(
    login: As,
    plan: Annotated[
        int | None, typer.Option("--plan", metavar="编号", help="登记安排好的会议，日期、会议、议题不用再写")
    ] = None,
    body: Body = "",
    topic: Annotated[str, typer.Option("--topic", metavar="议题", help="没有写 --plan 时必填")] = "",
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
        planned = hearing_plans.plan_of(session, by, plan) if plan else None
        if planned:
            held, body, topic = held or planned.meets_on, body or planned.body, topic or planned.topic
        said = year or half or quarter
        term = term_of(session, by.bureau_id, moment.today, year, half, quarter) if said else None
        cycle = cycle_named(session, by.bureau_id, term) if term else None
        new = hearings.NewHearing(held or moment.today, body, topic, minutes, chair, cycle=cycle)
        hearing = hearing_plans.record_hearing(session, By(moment, acting), new, planned)
        for file in kept:
            hearings.add_paper(session, moment, by, hearing, file)
        number, cycle = hearing.id, session.get(ReviewCycle, hearing.cycle_id or 0)
        heard = f"，听取{term_of_cycle(cycle).label}" if cycle else ""
    say(f"已登记听取汇报第 {number} 号{heard}" + (f"，材料 {len(kept)} 份" if kept else ""))


@cli.command("resolve")
def resolve(
    number: Number,
    login: As,
    text: Annotated[str, typer.Option("--text", metavar="议定事项")],
    kind: Annotated[
        ItemKind, typer.Option("--kind", help="问题（finding）要销号，工作（plan）要办结")
    ] = ItemKind.PLAN,
    due: Annotated[date | None, day_option("--due", "会议定的时限")] = None,
    on: On = None,
) -> None:
    """登记一项议定事项，成为待确认的任务。"""
    with recording(login, on) as (session, moment, acting):
        hearing = hearings.hearing_of(session, acting.actor, number)
        new = hearings.NewResolution(text, kind, due)
        code = hearings.resolve(session, moment, acting, hearing, new).code
    say(f"已成为待确认的任务 {code}，请下达")


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
