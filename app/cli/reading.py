"""`rectify read`: what a report says; nothing is stored."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.common import Json, progress, refusal_line, say, warn
from core.errors import RectifyError

if TYPE_CHECKING:
    from reports.parsed import Item, ParsedReport

Files = Annotated[
    list[Path], typer.Argument(metavar="文件", help="报告文件或文件夹：txt、md、html、docx、pdf")
]
Anyway = Annotated[
    bool, typer.Option("--anyway", help="即使看起来不是法治政府建设年度报告，或定稿之后又来征求意见稿，也读")
]


def read(files: Files, as_json: Json = False, anyway: Anyway = False) -> None:
    """读出报告中的不足和计划，只显示，不入库。"""
    failed = total = 0
    for path, outcome in read_all(files, anyway=anyway):
        total += 1
        if isinstance(outcome, RectifyError):
            failed += 1
            line = refusal_line(outcome)
            warn(f"{path}：{line}" if len(files) > 1 or path != files[0] else line)
        elif as_json:
            say(json.dumps(as_dict(outcome), ensure_ascii=False))
        elif len(files) > 1 or path != files[0]:
            say(
                f"{path}\t{outcome.org}\t{outcome.year or '年度不明'}"
                f"\t不足 {len(outcome.shortcomings)} 项\t计划 {len(outcome.plans)} 项"
            )
        else:
            _show(outcome)
    if total > 1 and failed:
        warn(f"共 {total} 个文件，{failed} 个没有读成")
    if failed:
        raise typer.Exit(1)


def read_all(files: list[Path], *, anyway: bool) -> Iterator[tuple[Path, ParsedReport | RectifyError]]:
    """Every file, with a progress bar in a terminal where there are several."""
    from reports.files import find_files
    from reports.reading import read_report

    paths = find_files(files)
    for path in progress(paths, total=len(paths), what="读取") if len(paths) > 1 else paths:
        try:
            yield path, read_report(path, anyway=anyway)
        except RectifyError as refusal:
            yield path, refusal


def as_dict(report: ParsedReport) -> dict[str, object]:
    """The report as `--json` gives it."""
    return report.model_dump(mode="json", exclude={"text"})


def _show(report: ParsedReport) -> None:
    from reports.checking import to_check

    say(report.title or "（没有标题）")
    say(f"单位：{report.org or '不明'}　年度：{report.year or '不明'}　成文日期：{report.issued or '不明'}")
    if line := to_check(report):
        say(line)
    say(f"\n存在的不足 {len(report.shortcomings)} 项")
    for number, item in enumerate(report.shortcomings, 1):
        say(f"{number}. {item.text}{_mark(item)}")
        if item.cause:
            say(f"   原因：{item.cause}")
        _show_assigned(item)
    say(f"\n下一步计划 {len(report.plans)} 项")
    for number, plan in enumerate(report.plans, 1):
        say(f"{number}. {plan.text}{_mark(plan)}")
        _show_assigned(plan)
    if report.missed:
        say(f"\n可能遗漏 {len(report.missed)} 处")
        for missed in report.missed:
            say(f"- {missed.text}")
    if report.leftovers:
        say(f"\n未列入条目的句子 {len(report.leftovers)} 句")
        for leftover in report.leftovers:
            say(f"- {leftover.text}（{leftover.reason}）")
    if report.hints:
        say("\n请注意")
        for hint in report.hints:
            say(f"- {hint.message}")


def _mark(item: Item) -> str:
    from reports.checking import is_unsure

    return "〔请核对〕" if is_unsure(item) else ""


def _show_assigned(item: Item) -> None:
    """The report's own words on who and when, where it has them."""
    from rectification.intake.told import assigned_words

    if words := assigned_words(item):
        say(f"   报告写明：{words}")
