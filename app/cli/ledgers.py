"""`rectify ledger export|import`: the ledger as an Excel workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.chinese import Cli
from app.cli.common import Json, On, clock, ledger, print_json, say
from app.cli.units import Bureau

cli = Cli("台账的 Excel 表：导出、改好后导入。")

Workbook = Annotated[Path, typer.Argument(metavar="文件.xlsx")]


@cli.command("export")
def export(
    file: Workbook,
    public: Annotated[bool, typer.Option("--public", help="公开稿：不含内部栏目和未公开的任务")] = False,
    bureau: Bureau = None,
    on: On = None,
    as_json: Json = False,
) -> None:
    """导出台账：问题和工作任务分表，附三张清单；仅限指定人员的任务不导出。"""
    from documents.ledger import LedgerExport, write_ledger
    from models.enums import Channel
    from rectification import organisation
    from rectification.actors import system
    from rectification.calendar import load_calendar
    from rectification.casefiles import case_files
    from rectification.naming import choices_of

    today = clock(on).today
    with ledger().reading() as session:
        unit = organisation.bureau_named(session, bureau)
        everything = system(unit.id, Channel.CLI).actor
        rows = case_files(session, today, load_calendar(session), actor=everything)
        choices = choices_of(session, unit.id)
    outcome = write_ledger(file, LedgerExport(unit.name, today, rows, is_public=public, choices=choices))
    if as_json:
        print_json(outcome)
        return
    say(f"已导出 {file}：问题 {outcome.problems} 项，工作任务 {outcome.plans} 项")
    if outcome.left_out:
        say(f"未列入 {outcome.left_out} 项（仅限指定人员" + ("，或尚未下达、仅存档）" if public else "）"))
