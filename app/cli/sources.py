"""`rectify source`: where tasks come from."""

from datetime import date
from typing import Annotated

import typer

from app.cli.chinese import Cli
from app.cli.common import (
    Bureau,
    Json,
    changing_bureau,
    day_option,
    print_rows,
    reading_bureau,
    say,
    system_by,
)
from rectification.labels import PUBLISHED
from rectification.office import sources

cli = Cli()
Title = Annotated[str | None, typer.Option("--title", metavar="标题", help="文件或事项的名称")]
PaperNo = Annotated[str | None, typer.Option("--paper-no", metavar="文号")]
IssuingBody = Annotated[str | None, typer.Option("--issuing-body", metavar="单位", help="来文单位")]
ReceivedOn = Annotated[date | None, day_option("--received-on", "收文日期")]
PlanDue = Annotated[date | None, day_option("--plan-due", "何时报整改方案")]
ResultDue = Annotated[date | None, day_option("--result-due", "何时报整改结果")]


@cli.command("list")
def list_(bureau: Bureau = None, as_json: Json = False) -> None:
    """列出已登记的来源和各自的任务数。"""
    with reading_bureau(bureau) as (session, unit):
        rows = sources.list_sources(session, unit.id)
    cells = {
        "编号": lambda row: row.id,
        "种类": lambda row: row.kind,
        "标题": lambda row: row.title,
        "文号": lambda row: row.paper_no or None,
        "来文单位": lambda row: row.issuing_body or None,
        "收文日期": lambda row: row.received_on,
        "报方案": lambda row: _sent(row.plan_due_on, row.plan_sent_on, row.plan_sent_no),
        "报结果": lambda row: _sent(row.result_due_on, row.result_sent_on, row.result_sent_no),
        "是否公开": lambda row: PUBLISHED[row.is_published],
        "任务": lambda row: row.tasks,
    }
    print_rows(rows, cells, as_json=as_json, empty="还没有登记来源")


def _sent(due_on: date | None, sent_on: date | None, sent_no: str) -> str:
    """When it is to be sent, or was."""
    return " ".join(filter(None, (f"{sent_on} 已报", sent_no))) if sent_on else str(due_on or "—")


@cli.command("add")
def add(
    kind: Annotated[str, typer.Option("--kind", metavar="来源种类", help="如 法治督察；写错了会列出可选的")],
    title: Title,
    paper_no: PaperNo = None,
    issuing_body: IssuingBody = None,
    received_on: ReceivedOn = None,
    plan_due_on: PlanDue = None,
    result_due_on: ResultDue = None,
    published: Annotated[
        bool | None, typer.Option("--published/--unpublished", help="是否已对外公开；不写则按种类")
    ] = None,
    bureau: Bureau = None,
) -> None:
    """登记一个来源；种类、标题、文号都相同的只登记一次。"""
    new = sources.NewSource(
        kind,
        title or "",
        paper_no or "",
        issuing_body or "",
        received_on,
        plan_due_on,
        result_due_on,
        published,
    )
    with changing_bureau(bureau) as (session, unit):
        source = sources.source_for(session, system_by(), unit.id, new)
        say(f"来源 {source.id}　{kind}　{source.title}")
