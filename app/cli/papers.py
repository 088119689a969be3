"""`rectify task sheet|dossier`: the papers of a task."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.chinese import Cli
from app.cli.common import On, file_store, say, settings
from app.cli.tasks import file_of

Code = Annotated[str, typer.Argument(metavar="编号")]
Named = Annotated[Path | None, typer.Argument(metavar="[文件.docx]", help="不写则按编号命名")]


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


def add_to(cli: Cli) -> None:
    cli.command("sheet")(sheet)
    cli.command("dossier")(dossier)
