"""All commands under one name, and what happens when one is refused or misused."""

import logging
import sys
import traceback
from collections.abc import Sequence
from functools import cache
from typing import Annotated, Final

import typer
from typer import _click as click
from typer.core import TyperGroup

from app.cli import copying, jobs, keeping, mail, papers, reading, setup, tasks, verbs
from app.cli.chinese import Cli, Family, misuse_in_chinese
from app.cli.common import FUTURE_IS_MEANT, refusal_line, take_back_unheld, unforeseen, warn
from core.errors import RectifyError

DEBUG: Final = "--debug"
cli: Final = Cli(
    "整改台账：把年度法治政府建设报告中的不足和计划变成有人负责、有期限、能销号的任务。", name="rectify"
)


@cli.callback()
def _root(
    verbose: Annotated[bool, typer.Option("--verbose", help="在标准错误上输出运行日志")] = False,
    debug: Annotated[bool, typer.Option(DEBUG, help="出了意外时，把程序的出错位置一并输出")] = False,
    allow_future: Annotated[
        bool, typer.Option("--allow-future", help="--on 确实是将来的日子（演练）")
    ] = False,
) -> None:
    del debug  # read by `run`, which hears of what went wrong
    FUTURE_IS_MEANT.set(allow_future)
    if verbose:
        logging.basicConfig(level=logging.INFO, stream=sys.stderr)


cli.command("setup")(setup.setup)
cli.command("read")(reading.read)
cli.add_typer(tasks.cli, name="task")
verbs.add_to(tasks.cli)
papers.add_to(tasks.cli)
mail.add_to(cli)
jobs.add_to(cli)
keeping.add_to(cli)
cli.command("export")(copying.export)

FAMILIES: Final = {
    "report": ("reports:cli", "年度报告：导入、查看。"),
    "unit": ("units:cli", "单位和科室。"),
    "people": ("people:cli", "人员和角色。"),
    "source": ("sources:cli", "问题来源：任务从哪里来。"),
    "ledger": ("tables:workbook", "台账的 Excel 表：导出、改好后导入。"),
    "review": ("reviews:cli", "半年调度：开启、催报、冻结数据。"),
    "breakdown": ("tables:breakdown", "整改任务分解表：导出草稿、填好后导入下达。"),
    "form": ("tables:superior", "上级的台账表（Excel、Word）：登记表样、填好导出、收回。"),
    "hearing": ("hearings:cli", "听取汇报：会后登记会议和材料。"),
    "briefing": ("briefings:cli", "汇报材料。"),
    "documents": ("documents:cli", "材料的模板。"),
    "calendar": ("admin:calendar", "工作日历。"),
    "audit": ("admin:audit", "办理记录的核验。"),
}
"""The rest by name: where each family stands, and what it is for."""


@cache
def commands() -> TyperGroup:
    """The tree of all commands, made once: that takes longer than most of them."""
    tree = typer.main.get_group(cli)
    for name, (place, told) in FAMILIES.items():
        tree.commands[name] = Family(name, f"app.cli.{place}", told)
    return tree


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code."""
    try:
        try:
            return int(commands()(list(arguments), standalone_mode=False) or 0)
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
