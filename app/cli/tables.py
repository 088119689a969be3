"""`rectify ledger export|import` and `breakdown export|import`: tables that go out and come back."""

from collections.abc import Iterable
from datetime import date
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
    acting_as,
    clock,
    ledger,
    print_json,
    progress,
    reading_bureau,
    say,
    system_by,
    warn,
)
from app.cli.verbs import PaperDate, PaperNo
from documents.tables.breakdown import import_breakdown, read_breakdown, write_breakdown
from documents.tables.ledger import LedgerExport, write_ledger
from documents.tables.ledger_import import import_ledger, read_ledger
from documents.tables.row_by_row import FATE_LABEL, RowFate, RowOutcome
from models.enums import Channel, OfficeVerb, Status
from models.organisation import Unit
from rectification.labels import NOT_PUBLIC
from rectification.lists.case_file import CaseFile
from rectification.lists.filters import TaskFilter
from rectification.lists.load_case_files import case_files
from rectification.office.actors import actor_by_login, system
from rectification.office.calendar import load_calendar
from rectification.office.journal import note
from rectification.office.people_by_name import Choices, choices_of

workbook = Cli()
breakdown = Cli()

Workbook = Annotated[Path, typer.Argument(metavar="文件.xlsx")]
Form = Annotated[Path, typer.Argument(metavar="文件.docx|.xlsx")]
Trial = Annotated[bool, typer.Option("--dry-run", help="逐行说明会怎样，不写入")]


@workbook.command("export")
def export_ledger(
    file: Workbook,
    public: Annotated[
        bool, typer.Option("--public", help="公开稿：不含内部栏目，只列来源已公开的任务")
    ] = False,
    bureau: Bureau = None,
    on: On = None,
    as_json: Json = False,
) -> None:
    """导出台账：问题和工作任务分表，附三张清单。仅限指定人员的任务不导出。"""
    today = clock(on).today
    name, rows, choices = _to_go_out(bureau, today)
    outcome = write_ledger(file, LedgerExport(name, today, rows, is_public=public, choices=choices))
    with ledger().unit_of_work() as session:
        note(
            session, system_by(), OfficeVerb.EXPORT, f"{name} {file.name}，{len(rows) - outcome.left_out} 项"
        )
    if as_json:
        print_json(outcome)
        return
    say(f"已导出 {file}：问题 {outcome.problems} 项，工作任务 {outcome.plans} 项")
    if public:
        say("公开前请通读并履行保密审查程序")
    if outcome.left_out:
        say(f"未列入 {outcome.left_out} 项（{NOT_PUBLIC if public else '仅限指定人员'}）")


@workbook.command("import")
def import_ledger_(
    file: Workbook,
    login: Annotated[str, typer.Option("--as", metavar="登录名", help="谁交来的表")],
    dry_run: Trial = False,
    empties: Empties = False,
    on: On = None,
    as_json: Json = False,
) -> None:
    """导入改好的台账：逐行办理，有错的格和行按行列指出，其余照常。"""
    moment = clock(on)
    with ledger().reading() as session:
        actor = actor_by_login(session, login, today=moment.today)
        bureau = session.get_one(Unit, actor.bureau_id)
    rows = read_ledger(file)
    acting = acting_as(actor, by_table=True)
    taken = import_ledger(ledger(), moment, acting, bureau, rows, dry_run=dry_run, empties=empties)
    _report_rows(taken, len(rows), "导入", dry_run=dry_run, as_json=as_json)


@breakdown.command("export")
def export_breakdown(
    file: Form,
    codes: Annotated[list[str] | None, typer.Argument(metavar="编号", help="只要这些草稿，默认全部")] = None,
    bureau: Bureau = None,
    on: On = None,
) -> None:
    """导出待确认的任务，带上建议的领导、复核人和时限。"""
    drafts_only = TaskFilter(statuses=frozenset({Status.DRAFT}), codes=tuple(codes) if codes else None)
    count = write_breakdown(file, *_to_go_out(bureau, clock(on).today, drafts_only))
    say(f"已导出 {file}：{count} 项待确认的任务")


@breakdown.command("import")
def import_breakdown_(
    file: Form,
    login: Annotated[str, typer.Option("--as", metavar="登录名", help="哪位台账管理员下达")],
    dry_run: Trial = False,
    paper_date: PaperDate = None,
    paper_no: PaperNo = "",
    empties: Empties = False,
    on: On = None,
    as_json: Json = False,
) -> None:
    """按填好的分解表逐项下达；有错的行按行列指出，其余照常。表头写了文号和审批日期的以其为准。"""
    form = read_breakdown(file)
    moment = clock(on)
    with ledger().reading() as session:
        actor = actor_by_login(session, login, today=moment.today)
    acting = acting_as(actor, PaperOptions(paper_date, paper_no), by_table=True)
    taken = import_breakdown(ledger(), moment, acting, form, dry_run=dry_run, empties=empties)
    _report_rows(taken, len(form.rows), "下达", dry_run=dry_run, as_json=as_json)


def _to_go_out(
    bureau: str | None, today: date, filters: TaskFilter | None = None
) -> tuple[str, list[CaseFile], Choices]:
    """The bureau's name, its tasks, and the names its cells may choose from."""
    with reading_bureau(bureau) as (session, unit):
        everything = system(unit.id, Channel.CLI).actor
        files = case_files(session, today, load_calendar(session), actor=everything, filters=filters)
        return unit.name, files, choices_of(session, unit.id)


def _report_rows(taken: Iterable[RowOutcome], total: int, what: str, *, dry_run: bool, as_json: bool) -> None:
    """Take the rows in; say what became of each that is not as it was, and how many; exit 1 where one was refused."""
    outcomes = list(progress(taken, total=total, what=f"试{what}" if dry_run else what))
    if as_json:
        print_json({"dry_run": dry_run, "rows": outcomes})
    else:
        for outcome in outcomes:
            if outcome.is_told:
                (warn if outcome.fate is RowFate.REFUSED or outcome.left else say)(outcome.line)
        counts = (
            f"{FATE_LABEL[fate]} {sum(outcome.fate is fate for outcome in outcomes)}" for fate in RowFate
        )
        say(("试导入，没有写入：" if dry_run else "") + "，".join(counts))
    if any(outcome.fate is RowFate.REFUSED or outcome.left for outcome in outcomes):
        raise typer.Exit(1)
