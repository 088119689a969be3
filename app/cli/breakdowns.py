"""`rectify breakdown export|import`: the table drafts are filled in on, and issued by."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.chinese import Cli
from app.cli.common import (
    Bureau,
    Empties,
    Json,
    On,
    PaperOptions,
    clock,
    ledger,
    reading_bureau,
    say,
)
from app.cli.ledgers import report_rows
from app.cli.verbs import PaperDate, PaperNo

cli = Cli("整改任务分解表：导出草稿、填好后导入下达。")

Form = Annotated[Path, typer.Argument(metavar="文件.docx|.xlsx")]


@cli.command("export")
def export(
    file: Form,
    codes: Annotated[list[str] | None, typer.Argument(metavar="编号", help="只要这些草稿，默认全部")] = None,
    bureau: Bureau = None,
    on: On = None,
) -> None:
    """导出待确认的任务，带上建议的领导、复核人和时限。"""
    from documents.tables.breakdown import write_breakdown
    from models.enums import Channel, Status
    from rectification.lists.filters import TaskFilter
    from rectification.lists.load_case_files import case_files
    from rectification.office.actors import system
    from rectification.office.calendar import load_calendar
    from rectification.office.people_by_name import choices_of

    drafts_only = TaskFilter(statuses=frozenset({Status.DRAFT}), codes=tuple(codes) if codes else None)
    with reading_bureau(bureau) as (session, unit):
        everything = system(unit.id, Channel.CLI).actor
        calendar = load_calendar(session)
        drafts = case_files(session, clock(on).today, calendar, actor=everything, filters=drafts_only)
        choices = choices_of(session, unit.id)
    count = write_breakdown(file, unit.name, drafts, choices)
    say(f"已导出 {file}：{count} 项待确认的任务")


@cli.command("import")
def import_(
    file: Form,
    login: Annotated[str, typer.Option("--as", metavar="登录名", help="哪位台账管理员下达")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="逐行说明会怎样，不写入")] = False,
    paper_date: PaperDate = None,
    paper_no: PaperNo = "",
    empties: Empties = False,
    on: On = None,
    as_json: Json = False,
) -> None:
    """按填好的分解表逐项下达；有错的行按行列指出，其余照常。表头写了文号和审批日期的以其为准。"""
    from documents.tables.breakdown import import_breakdown, read_breakdown
    from models.enums import Channel
    from rectification.office.actors import Acting, actor_by_login

    form = read_breakdown(file)
    moment = clock(on)
    with ledger().reading() as session:
        actor = actor_by_login(session, login, today=moment.today)
    acting = Acting(actor, Channel.EXCEL, paper=PaperOptions(paper_date, paper_no).paper())
    taken = import_breakdown(ledger(), moment, acting, form, dry_run=dry_run, empties=empties)
    report_rows(taken, len(form.rows), "下达", dry_run=dry_run, as_json=as_json)
