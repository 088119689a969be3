"""`rectify report`: reports become drafts."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from app.cli.chinese import Cli
from app.cli.common import (
    As,
    Json,
    On,
    clock,
    file_store,
    ledger,
    print_json,
    print_rows,
    recording,
    refusal_line,
    say,
    settings,
    stored_file,
    system_user,
    warn,
    writing_clock,
)
from app.cli.reading import Anyway, Files, read_all
from core.errors import NotFound, RectifyError, Unreadable
from core.put_aside import put_aside
from models.enums import Channel, ItemChange
from models.processes import must_share_folder
from models.report import Report
from rectification.casework.evidence import destroy_unheld
from rectification.intake.import_report import body_of, keep_original, register_report
from rectification.intake.report_page import ItemRow, list_reports, report_detail
from rectification.intake.withdrawing import withdraw_report
from reports.checking import to_check

cli = Cli()


@cli.command("store")
def store(file: Annotated[Path, typer.Argument(metavar="文件")], as_json: Json = False) -> None:
    """存放一份报告，打印编号；Prefect 上的作业 intake 按编号读入。"""
    key = put_report_aside(file)
    print_json({"upload": key}) if as_json else say(key)


def put_report_aside(file: Path) -> str:
    """Keep a report for the job intake; returns the key it is asked for by.

    Raises: Unreadable, where the file cannot be read.
    """
    with ledger().reading() as session:
        must_share_folder(session, settings().data_dir)
    try:
        content = file.read_bytes()
    except OSError as error:
        raise Unreadable(f"文件 {file} 读不了", error.strerror or "", "请检查路径和权限") from error
    return put_aside(settings().report_dir, file.name, content, clock().now)[0]


@cli.command("import")
def import_(
    files: Files,
    new_bureau: Annotated[bool, typer.Option("--new-bureau", help="报告属于另一单位时，登记该单位")] = False,
    org: Annotated[str, typer.Option("--org", metavar="单位", help="读不出单位时指明")] = "",
    year: Annotated[int | None, typer.Option("--year", metavar="年份", help="读不出年度时指明")] = None,
    published: Annotated[
        bool | None,
        typer.Option("--published/--unpublished", help="是否已对外公开；不写的，年度报告算作已公开"),
    ] = None,
    anyway: Anyway = False,
    on: On = None,
    as_json: Json = False,
) -> None:
    """读入报告，每项不足和计划成为一条待确认任务。同一文件再次导入不会重复。"""
    outcomes, failed = [], 0
    for path, parsed in read_all(files, anyway=anyway):
        try:
            if isinstance(parsed, RectifyError):
                raise parsed
            with ledger().unit_of_work() as session:
                named = org if new_bureau and org else body_of(session, parsed.org, org)
                given = parsed.model_copy(update={"org": named, "year": year or parsed.year})
                outcome = register_report(
                    *(session, writing_clock(on), given),
                    channel=Channel.CLI,
                    system_user=system_user(),
                    new_bureau=new_bureau,
                    is_published=published,
                    is_sure=anyway,
                )
                keep_original(session, outcome.report_id, parsed, partial(stored_file, path))
        except RectifyError as refusal:
            failed += 1
            warn(f"{_name(path, files)}{refusal_line(refusal)}")
            continue
        outcomes.append(outcome)
        if not as_json:
            if line := to_check(given):
                warn(f"{_name(path, files)}{line}，可用 rectify report show 查看")
            for hint in given.hints:
                warn(f"{_name(path, files)}{hint.message}")
            if outcome.is_new_bureau:
                say(f"已登记单位：{outcome.bureau}")
            done = "已导入" if outcome.is_new else "此前已导入，没有新增"
            if outcome.is_new and outcome.supersedes_id:
                done = "已导入新版本，任务保留"
            say(
                f"{done}：{outcome.title}（{outcome.year} 年度）"
                f"不足 {outcome.shortcomings} 项、计划 {outcome.plans} 项"
            )
            if outcome.redated:
                say(f"{outcome.redated_words}，下达时请核对，可用 --due 另定")
    if as_json:
        print_json(outcomes)
    if failed:
        raise typer.Exit(1)


def _name(path: Path, files: list[Path]) -> str:
    return f"{path}：" if len(files) > 1 or path != files[0] else ""


@cli.command("list")
def list_(as_json: Json = False) -> None:
    """列出已导入的报告。"""
    with ledger().reading() as session:
        rows = list_reports(session)
    cells = {
        "编号": lambda row: row.id,
        "单位": lambda row: row.org,
        "年度": lambda row: row.year,
        "标题": lambda row: row.title,
        "成文日期": lambda row: row.issued_on or "不明",
        "不足": lambda row: row.shortcomings,
        "计划": lambda row: row.plans,
    }
    print_rows(rows, cells, as_json=as_json, empty="还没有导入报告。可运行 rectify report import 文件")


@cli.command("show")
def show(
    report_id: Annotated[int, typer.Argument(metavar="编号", help="report list 中的编号")],
    as_json: Json = False,
) -> None:
    """显示一份报告的条目和提示。"""
    with ledger().reading() as session:
        report = report_detail(session, report_id)
    if report is None:
        raise NotFound(f"没有编号为 {report_id} 的报告", "", "可用 rectify report list 查看编号")
    if as_json:
        print_json(report)
        return
    say(f"{report.row.title}（{report.row.org}，{report.row.year} 年度）")
    for item in report.items:
        _say_item(item)
    for item in report.dropped:
        _say_item(item)
    for missed in report.missed:
        say(f"可能遗漏：{missed.text}")
    for leftover in report.leftovers:
        say(f"未列入：{leftover.text}（{leftover.reason}）")
    for hint in report.hints:
        say(f"提示：{hint.text}")


def _say_item(item: ItemRow) -> None:
    change = f"〔{item.change.word}〕" if item.change not in (None, ItemChange.SAME) else ""
    codes = "、".join(item.task_codes) or "—"
    check = "〔请核对〕" if item.needs_check else ""
    say(f"{item.kind.word} {item.position}　{codes}　{change}{item.text}{check}")
    if item.said:
        say(f"    报告写明：{item.said}")
    if item.cause:
        say(f"    原因：{item.cause}")
    if item.before:
        say(f"    上一版：{item.before}")
    if item.recurs:
        say(f"    反复出现：与 {item.recurs.year} 年报告不足第 {item.recurs.position} 项相近")


@cli.command("withdraw")
def withdraw(
    report_id: Annotated[int, typer.Argument(metavar="编号", help="report list 中的编号")],
    reason: Annotated[str, typer.Option("--reason", metavar="原因", help="为什么撤回，如“传错了文件”")],
    login: As,
    on: On = None,
) -> None:
    """撤回导入：导错了文件、还没有下达时用。草稿存档，同一文件可以重新导入。"""
    with recording(login, on) as (session, moment, acting):
        report = session.get(Report, report_id)
        done = withdraw_report(session, moment, acting, report_id, reason)
    with ledger().reading() as session:
        destroy_unheld(session, file_store(), report.sha256 if report else "")
    say(f"已撤回导入：{done}")
