"""`rectify task sheet|dossier|look-back-sheet|folder|notice`: the papers of a task, and of a person who must be reminded."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.chinese import Cli
from app.cli.common import On, clock, file_store, ledger, say, settings, warn
from app.cli.tasks import file_of
from core.errors import Refused

Code = Annotated[str, typer.Argument(metavar="编号")]
Named = Annotated[Path | None, typer.Argument(metavar="[文件.docx]", help="不写则按编号命名")]
Docx = Annotated[Path, typer.Argument(metavar="文件.docx")]


def sheet(code: Code, file: Named = None, on: On = None) -> None:
    """写出销号单（计划为办结单）；还没签的留空，可以打印出来签。"""
    from documents.task.papers import closing_sheet, sheet_name

    task, events = file_of(code, on)
    file = file or Path(f"{code}{sheet_name(task)}.docx")
    closing_sheet(task, events).save(file)
    say(f"已写出 {file}")


def dossier(code: Code, file: Named = None, on: On = None) -> None:
    """销号单和逐件编号的佐证材料合成一个 Word 文件：图片、PDF 和文字直接显示，显示不了的写明原因。"""
    from documents.task import dossier as whole
    from documents.task.papers import sheet_name

    task, events = file_of(code, on)
    file = file or Path(f"{code}{sheet_name(task)}和佐证材料.docx")
    whole.dossier(task, events, file_store(), settings().zone).save(file)
    say(f"已写出 {file}")


def look_back_sheet(code: Code, file: Docx, on: On = None) -> None:
    """写出回头看核查记录；还没核查的留空。"""
    from documents.task import papers

    papers.look_back_sheet(file_of(code, on)[0]).save(file)
    say(f"已写出 {file}")


def folder(code: Code, file: Annotated[Path, typer.Argument(metavar="文件.zip")], on: On = None) -> None:
    """一项一档：销号单、目录、办理记录和佐证材料打成一个压缩包。"""
    from documents.task.folder import write_folder

    pieces = write_folder(file, *file_of(code, on), file_store(), settings().zone)
    say(f"已写出 {file}：佐证文件 {sum(each.place is not None for each in pieces)} 个")
    missing = [each.line.name for each in pieces if each.is_missing]
    for name in missing:
        warn(f"“{name}”缺失或被改动，没有收入。请运行 rectify doctor 查看")
    if missing:
        raise typer.Exit(1)


def notice(
    login: Annotated[str, typer.Argument(metavar="登录名")],
    file: Docx,
    days: Annotated[int, typer.Option("--days", min=0, help="几个工作日内到期的也列上")] = 7,
    signing: Annotated[bool, typer.Option("--signing", help="改为呈签提示单")] = False,
    on: On = None,
) -> None:
    """写出催办通知单：一名责任人待办、超期和临近时限的任务；加 --signing 为呈签提示单：等其审签、复核的任务。"""
    from documents.task.papers import task_note
    from models.organisation import Unit
    from notifications.phone import callees
    from notifications.rulebook import load_rulebook
    from rectification.office.calendar import load_calendar
    from rectification.office.people import person_named

    today = clock(on).today
    with ledger().reading() as session:
        person = person_named(session, login)
        calendar = load_calendar(session)
        found = callees(
            session, load_rulebook(session, [person.bureau_id], today, calendar), only=person.id, near=days
        )
        bureau, unit = (session.get_one(Unit, key).name for key in (person.bureau_id, person.unit_id))
    due = found[0].asked(signs=signing) if found else []
    if not due:
        asked = "待审签、待复核" if signing else f"待办、超期或 {days} 个工作日内到期"
        raise Refused(f"{person.name}没有{asked}的任务", "不必提示" if signing else "不必催办")
    task_note(bureau, unit, person.name, due, today, calendar, signs=signing).save(file)
    say(f"已写出 {file}：{len(due)} 项")


def add_to(cli: Cli) -> None:
    cli.command("sheet")(sheet)
    cli.command("dossier")(dossier)
    cli.command("look-back-sheet")(look_back_sheet)
    cli.command("folder")(folder)
    cli.command("notice")(notice)
