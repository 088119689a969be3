"""`rectify annual`: the annual report's clock, and the drafts the ledger gives it."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from app.cli.chinese import Cli
from app.cli.common import As, Bureau, Json, On, clock, day_option, print_rows, reading_bureau, recording, say
from documents.files import write_file
from documents.yearly.annual_docx import write_annual_draft, write_duty_sheet
from models.enums import AnnualStage
from rectification.yearly import steps
from rectification.yearly.drafts import annual_draft
from rectification.yearly.promises import claims_beside
from rectification.yearly.steps import annual_clock

cli = Cli()

Year = Annotated[int, typer.Option("--year", metavar="年份", min=1990, max=2100, help="报告年度")]


@cli.command("status")
def status(year: Year, bureau: Bureau = None, on: On = None, as_json: Json = False) -> None:
    """看年度报告办到哪一步：各环节的期限、日期、文号，还没有报送谁。"""
    today = clock(on).today
    with reading_bureau(bureau) as (session, unit):
        lines = annual_clock(session, unit.id, year, today)
    cells = {
        "环节": lambda line: line.label,
        "期限": lambda line: line.due_on,
        "已办": lambda line: (
            "；".join(f"{step.body}{step.done_on} {step.paper_no}".strip() for step in line.done) or None
        ),
        "情况": lambda line: "已办" if line.is_done else "已过期限" if line.is_overdue(today) else "待办",
    }
    print_rows(lines, cells, as_json=as_json, empty="")


@cli.command("record")
def record(
    year: Year,
    login: As,
    stage: Annotated[AnnualStage, typer.Option("--stage", help="环节")],
    day: Annotated[date | None, day_option("--date", "办结日期，默认今天")] = None,
    number: Annotated[str, typer.Option("--no", metavar="文号")] = "",
    body: Annotated[str, typer.Option("--to", metavar="单位", help="报送给谁，只用于 send")] = "",
    note: Annotated[str, typer.Option("--note", metavar="备注")] = "",
    on: On = None,
) -> None:
    """登记一个环节已办，例如保密审查、签发、报送。"""
    with recording(login, on) as (session, moment, acting):
        new = steps.NewStep(stage, day or moment.today, number, body, note)
        steps.record_step(session, moment, acting.actor, year, new)
    say(f"已登记：{year}年度报告“{stage.word}{body}”")


@cli.command("write")
def write(
    year: Year,
    out: Annotated[Path, typer.Option("--out", metavar="文件.docx")],
    bureau: Bureau = None,
    duty: Annotated[bool, typer.Option("--duty", help="只写第一责任人履职和述法素材")] = False,
    on: On = None,
) -> None:
    """写出年度报告素材；已导入当年报告的，附表述对照。"""
    today = clock(on).today
    with reading_bureau(bureau) as (session, unit):
        draft = annual_draft(session, unit.id, year, today)
        claims = claims_beside(session, unit.id, year)
    write_file(out, write_duty_sheet(draft) if duty else write_annual_draft(draft, claims))
    beside = f"，对照报告表述 {len(claims)} 项" if claims and not duty else ""
    say(f"已写出 {out}：{draft.year}年度，依据台账事项 {len(draft.rows)} 项{beside}")
