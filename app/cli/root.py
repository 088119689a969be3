"""All commands under one name, and what happens when one is refused or misused."""

import logging
import sys
import traceback
from collections.abc import Sequence
from functools import cache
from typing import Annotated, Final

import typer
from typer import _click as click

from app.cli import (
    admin,
    annual_report,
    breakdowns,
    briefings,
    hearings,
    jobs,
    ledgers,
    mail,
    papers,
    people,
    reading,
    reports,
    reviews,
    sources,
    summaries,
    task_desk,
    tasks,
    units,
    verbs,
)
from app.cli.chinese import Cli, misuse_in_chinese
from app.cli.common import refusal_line, take_back_unheld, unforeseen, warn
from core.errors import RectifyError

DEBUG: Final = "--debug"
cli: Final = Cli(
    "整改台账：把年度法治政府建设报告中的不足和计划变成有人负责、有期限、能销号的任务。", name="rectify"
)


@cli.callback()
def _root(
    verbose: Annotated[bool, typer.Option("--verbose", help="在标准错误上输出运行日志")] = False,
    debug: Annotated[bool, typer.Option(DEBUG, help="出了意外时，把程序的出错位置一并输出")] = False,
) -> None:
    del debug  # read by `run`, which hears of what went wrong
    if verbose:
        logging.basicConfig(level=logging.INFO, stream=sys.stderr)


cli.command("read")(reading.read)
cli.add_typer(reports.cli, name="report")
cli.add_typer(units.cli, name="unit")
cli.add_typer(people.cli, name="people")
cli.add_typer(tasks.cli, name="task")
verbs.add_to(tasks.cli)
papers.add_to(tasks.cli)
task_desk.add_to(tasks.cli)
cli.add_typer(sources.cli, name="source")
cli.add_typer(ledgers.cli, name="ledger")
cli.add_typer(reviews.cli, name="review")
cli.add_typer(breakdowns.cli, name="breakdown")


cli.add_typer(hearings.cli, name="hearing")
cli.add_typer(briefings.cli, name="briefing")
cli.add_typer(summaries.cli, name="summary")
cli.add_typer(annual_report.cli, name="annual")
mail.add_to(cli)
admin.add_to(cli)
jobs.add_to(cli)


@cache
def _commands() -> click.Command:
    """The tree of all commands, made once: that takes longer than most of them."""
    return typer.main.get_command(cli)


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code."""
    try:
        try:
            return int(_commands()(list(arguments), standalone_mode=False) or 0)
        finally:
            take_back_unheld()
    except typer.Exit as leaving:
        return leaving.exit_code
    except RectifyError as refusal:
        warn(refusal_line(refusal))
        return 1
    except click.exceptions.UsageError as misuse:
        warn(f"用法不对：{misuse_in_chinese(misuse.format_message())}")
        where = misuse.ctx.command_path if misuse.ctx else "rectify"
        warn(f"可运行 {where} --help 查看用法")
        return 2
    except (KeyboardInterrupt, typer.Abort):
        warn("已中断")
        return 1
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except Exception as error:  # noqa: BLE001  (whatever it is, whoever typed the command reads one line)
        if DEBUG in arguments:
            traceback.print_exception(error)
        warn(refusal_line(unforeseen(error)))
        return 1
