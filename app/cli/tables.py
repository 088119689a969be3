"""`rectify ledger export|import` and `breakdown export|import`: tables that go out and come back."""

from collections.abc import Iterable
from datetime import date, timedelta
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
    changing_bureau,
    clock,
    day_option,
    ledger,
    print_json,
    print_rows,
    progress,
    reading_bureau,
    say,
    system_by,
    warn,
    writing_clock,
)
from app.cli.verbs import PaperDate, PaperNo
from core.errors import NotFound
from documents.files import write_file
from documents.tables.breakdown import import_breakdown, read_breakdown, write_breakdown
from documents.tables.ledger import LedgerExport, write_ledger
from documents.tables.ledger_import import import_ledger, read_ledger
from documents.tables.row_by_row import FATE_LABEL, RowFate, RowOutcome
from documents.tables.superior_forms import fill_form, filled_rows, read_form, what_is_lost
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
from rectification.tables import superior_forms

workbook = Cli()
breakdown = Cli()
superior = Cli()

Workbook = Annotated[Path, typer.Argument(metavar="文件.xlsx")]
Form = Annotated[Path, typer.Argument(metavar="文件.docx|.xlsx")]
FormName = Annotated[str, typer.Argument(metavar="名称", help="见 rectify form list")]
FormOption = Annotated[str | None, typer.Option("--form", metavar="名称", help="照哪个上级表样")]
SourceNumber = Annotated[
    int | None, typer.Option("--source", metavar="编号", help="哪个来源的；收回时，新增的问题来自哪里")
]
Trial = Annotated[bool, typer.Option("--dry-run", help="逐行说明会怎样，不写入")]


@workbook.command("export")
def export_ledger(
    file: Workbook,
    public: Annotated[
        bool, typer.Option("--public", help="公开稿：不含内部栏目，只列来源已公开的任务")
    ] = False,
    form: FormOption = None,
    source: SourceNumber = None,
    problems: Annotated[bool | None, typer.Option("--problems/--plans", help="只要问题，或工作任务")] = None,
    since: Annotated[date | None, day_option("--since", "这一天起下达的")] = None,
    until: Annotated[date | None, day_option("--until", "到这一天为止下达的")] = None,
    bureau: Bureau = None,
    on: On = None,
    as_json: Json = False,
) -> None:
    """导出台账：问题和工作任务分表，附三张清单；或照上级的表样填好。仅限指定人员的任务不导出。"""
    if public and form is not None:
        raise typer.BadParameter("上级的表没有公开稿，--public 和 --form 只能写一个")
    today = clock(on).today
    before = until and until + timedelta(days=1)
    filters = TaskFilter(source_id=source, is_problem=problems, issued_since=since, issued_before=before)
    name, rows, choices = _to_go_out(bureau, today, filters)
    is_whole = filters == TaskFilter()
    export = LedgerExport(name, today, rows, is_public=public, is_whole=is_whole, choices=choices)
    if form is None:
        outcome = write_ledger(file, export)
    else:
        with reading_bureau(name) as (session, unit):
            found = superior_forms.form_called(session, unit.id, form)
            data, outcome = fill_form(session, found, rows)
        write_file(file, data)
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
    form: FormOption = None,
    source: SourceNumber = None,
    dry_run: Trial = False,
    empties: Empties = False,
    on: On = None,
    as_json: Json = False,
) -> None:
    """导入改好的台账或填好的上级表：逐行办理，有错的格和行按行列指出，其余照常。"""
    moment = clock(on) if dry_run else writing_clock(on)
    with ledger().reading() as session:
        actor = actor_by_login(session, login, today=moment.today)
        bureau = session.get_one(Unit, actor.bureau_id)
        rows = read_ledger(file) if form is None else filled_rows(session, file, moment, actor, form, source)
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
    moment = clock(on) if dry_run else writing_clock(on)
    with ledger().reading() as session:
        actor = actor_by_login(session, login, today=moment.today)
    acting = acting_as(actor, PaperOptions(paper_date, paper_no), by_table=True)
    taken = import_breakdown(ledger(), moment, acting, form, dry_run=dry_run, empties=empties)
    _report_rows(taken, len(form.rows), "下达", dry_run=dry_run, as_json=as_json)


@superior.command("add")
def add_form(
    file: Form,
    name: Annotated[str, typer.Option("--name", metavar="名称", help="以后用它称呼，默认文件名")] = "",
    sheet: Annotated[str, typer.Option("--sheet", metavar="表", help="哪张表：工作表名，Word 写 表1")] = "",
    bureau: Bureau = None,
) -> None:
    """登记上级的空表：找出表头，逐栏提出对应台账的哪一栏。"""
    table = read_form(file, sheet)
    with changing_bureau(bureau) as (session, unit):
        content, called = file.read_bytes(), name or file.stem
        form = superior_forms.add_form(session, system_by(), unit.id, called, file.name, content, table)
        lines = [f"  {head}：{column or '不填'}" for head, column in form.heads if head]
        lines += [f"只填一部分，导出后请补上：{head}" for head in superior_forms.half_met(form)]
        lines += filter(None, [what_is_lost(form)])
    say("\n".join([f"已登记 {called}，用“{table.sheet}”，请核对：", *lines]))


@superior.command("list")
def list_forms(bureau: Bureau = None, as_json: Json = False) -> None:
    """列出上级表样和各栏的对应。"""
    with reading_bureau(bureau) as (session, unit):
        found = superior_forms.forms_of(session, unit.id)
    rows = [
        {"name": each.name, "file": each.file_name, "sheet": each.sheet, "heads": each.heads}
        for each in found
    ]
    cells = {
        "名称": lambda row: row["name"],
        "文件": lambda row: row["file"],
        "表": lambda row: row["sheet"],
        "栏目": lambda row: "，".join(f"{head}={column or '不填'}" for head, column in row["heads"] if head),
    }
    print_rows(rows, cells, as_json=as_json, empty="还没有登记上级表样")


@superior.command("set")
def set_form(
    name: FormName,
    heads: Annotated[list[str] | None, typer.Argument(metavar="表头=栏目", help="等号后空着就是不填")] = None,
    new_name: Annotated[str, typer.Option("--rename", metavar="名称")] = "",
    bureau: Bureau = None,
) -> None:
    """改表样的名称，或哪一栏对应什么。"""
    wanted = dict(each.replace("＝", "=").rpartition("=")[::2] for each in heads or ())
    with changing_bureau(bureau) as (session, unit):
        form = superior_forms.form_called(session, unit.id, name)
        places = {n: wanted.pop(head) for n, (head, _) in enumerate(form.heads) if head in wanted}
        if wanted:
            raise NotFound(
                f"表样里没有“{'、'.join(wanted)}”", "", "请照表头原文写", command="rectify form list"
            )
        superior_forms.change_form(session, system_by(), form, new_name, places)
    say("已保存")


@superior.command("remove")
def remove_form(name: FormName, bureau: Bureau = None) -> None:
    """删去一个表样；台账不受影响。"""
    with changing_bureau(bureau) as (session, unit):
        superior_forms.remove_form(session, system_by(), superior_forms.form_called(session, unit.id, name))
    say(f"已删去 {name}")


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
