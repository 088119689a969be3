"""`rectify task sheet|look-back-sheet|folder|notice`: the papers of a task, and of a person who must be reminded."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.chinese import Cli
from app.cli.common import On, clock, file_store, ledger, say, settings, warn
from app.cli.tasks import file_of
from core.errors import NotFound, Refused

Code = Annotated[str, typer.Argument(metavar="编号")]
Docx = Annotated[Path, typer.Argument(metavar="文件.docx")]


def sheet(code: Code, file: Docx, on: On = None) -> None:
    """写出销号单（计划为办结单）；还没签的留空，可以打印出来签。"""
    from documents.task.papers import closing_sheet

    closing_sheet(file_of(code, on)[0]).save(file)
    say(f"已写出 {file}")


def look_back_sheet(code: Code, file: Docx, on: On = None) -> None:
    """写出回头看核查记录；还没核查的留空。"""
    from documents.task import papers

    papers.look_back_sheet(file_of(code, on)[0]).save(file)
    say(f"已写出 {file}")


def folder(code: Code, file: Annotated[Path, typer.Argument(metavar="文件.zip")], on: On = None) -> None:
    """一项一档：封面、目录、办理记录、销号单和佐证材料打成一个压缩包。"""
    from documents.task.folder import write_folder

    task, events = file_of(code, on)
    outcome = write_folder(file, task.row.org, task, events, file_store(), clock(on).today, settings().zone)
    say(f"已写出 {file}：佐证文件 {outcome.files} 个")
    for name in outcome.missing:
        warn(f"“{name}”缺失或被改动，没有收入。请运行 rectify doctor 查看")
    if outcome.missing:
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
    from rectification.office.people import person_by_login

    today = clock(on).today
    with ledger().reading() as session:
        person = person_by_login(session, login)
        if person is None:
            raise NotFound(f"没有登录名为“{login}”的人员", "", "可用 rectify people list 查看")
        calendar = load_calendar(session)
        found = callees(session, load_rulebook(session, [person.bureau_id], today, calendar), only=person.id)
        bureau, unit = (session.get_one(Unit, key).name for key in (person.bureau_id, person.unit_id))
    due = [
        (row, request)
        for row, request in (found[0].asked(signs=signing) if found else ())
        if request or row.deadline_on is None or calendar.between(today, row.deadline_on) <= days
    ]
    if not due:
        asked = "待审签、待复核" if signing else f"待办、超期或 {days} 个工作日内到期"
        raise Refused(f"{person.name}没有{asked}的任务", "不必提示" if signing else "不必催办")
    task_note(bureau, unit, person.name, due, today, calendar, signs=signing).save(file)
    say(f"已写出 {file}：{len(due)} 项")


def add_to(cli: Cli) -> None:
    cli.command("sheet")(sheet)
    cli.command("look-back-sheet")(look_back_sheet)
    cli.command("folder")(folder)
    cli.command("notice")(notice)
