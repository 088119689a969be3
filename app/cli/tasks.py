"""`rectify task`, beside its verbs: reading the ledger, handing a person's tasks over."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.chinese import Cli
from app.cli.common import (
    As,
    Json,
    On,
    PaperOptions,
    clock,
    ledger,
    plain,
    print_json,
    print_rows,
    recording,
    say,
)
from app.cli.verbs import PaperDate, PaperNo
from core.errors import NotFound
from models.enums import ItemKind, Status

if TYPE_CHECKING:
    from rectification.lists.case_file import CaseFile
    from rectification.lists.rows import TaskRow
    from rectification.lists.timeline import EventRow

cli = Cli("任务：查看和办理。")


@cli.command("list")
def list_(
    status: Annotated[list[Status] | None, typer.Option("--status", help="只看这些状态，可多次写")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="只看超期")] = False,
    unit: Annotated[str | None, typer.Option("--unit", metavar="名称", help="只看该单位或科室")] = None,
    officer: Annotated[str | None, typer.Option("--officer", metavar="登录名", help="只看该责任人")] = None,
    kind: Annotated[ItemKind | None, typer.Option("--kind", help="只看不足、计划或问题")] = None,
    on: On = None,
    as_json: Json = False,
) -> None:
    """列出任务，超期最久的在前。"""
    from core.text import folded
    from rectification.labels import late_words, status_label
    from rectification.lists.filters import TaskFilter
    from rectification.lists.rows import list_tasks
    from rectification.office.calendar import load_calendar
    from rectification.task.time_limits import provisional

    filters = TaskFilter(
        statuses=frozenset(status) if status else None,
        overdue_only=overdue,
        unit=folded(unit) if unit else None,
        officer=officer,
        kind=kind,
    )
    today = clock(on).today
    with ledger().reading() as session:
        _check_filters(session, unit, officer)
        calendar = load_calendar(session)
        rows = list_tasks(session, today, calendar, filters=filters)
    if as_json:
        print_json([as_dict(row) for row in rows])
        return
    cells = {
        "编号": lambda row: row.code,
        "单位": lambda row: row.unit or row.org,
        "任务名称": lambda row: row.title,
        "状态": lambda row: status_label(row.status, row.kind),
        "责任人": lambda row: row.officer or None,
        "时限": lambda row: _due(row) + provisional(row.deadline_on or row.proposed_on, calendar),
        "超期": lambda row: late_words(row.overdue_days, row.missed_days),
        "灯": lambda row: row.light.word if row.light else "",
    }
    print_rows(rows, cells, as_json=False, empty="没有符合条件的任务")


def _due(row: TaskRow) -> str:
    """The day it is due; of a draft the one proposed, and why where its own has passed."""
    from rectification.task.time_limits import passed_text

    moved = f"（{passed_text(row.due_on)}）" if row.due_instead and row.due_on else ""
    return f"{row.deadline_on or row.proposed_on or '—'}{moved}"


def _check_filters(session: Any, unit: str | None, officer: str | None) -> None:
    """A misspelt name is refused rather than answered with an empty list."""
    from core.text import folded
    from rectification.office.people import person_by_login
    from rectification.office.units import list_units

    if unit and folded(unit) not in {row.name for row in list_units(session)}:
        raise NotFound(f"没有名为“{unit}”的单位或科室", "", "可用 rectify unit list 查看")
    if officer and person_by_login(session, officer) is None:
        raise NotFound(f"没有登录名为“{officer}”的人员", "", "可用 rectify people list 查看")


@cli.command("show")
def show(
    code: Annotated[str, typer.Argument(metavar="编号")],
    on: On = None,
    as_json: Json = False,
) -> None:
    """显示一项任务和它的办理记录。"""
    from rectification.labels import TASK_NOUN, late_words, status_label, verb_label

    file, events = file_of(code, on)
    task = file.row
    if as_json:
        hanging = {name: value for name, value in plain(file).items() if name != "row"}
        print_json({**hanging, **as_dict(task), "timeline": events})
        return
    say(f"{task.code}　{task.title}　[{status_label(task.status, task.kind)}]　{TASK_NOUN[task.kind]}")
    say(task.text)
    if task.cause:
        say(f"原因：{task.cause}")
    say(f"来源：{task.source_title}")
    if file.elsewhere:
        say(file.elsewhere)
    if file.passed_from:
        say(f"由{file.passed_from.bureau}交办（{file.passed_from.code}）")
    for each in file.merged:
        say(f"  并入的问题　{each.code}　{each.text}　《{each.source}》")
    say(f"责任单位：{task.unit or '—'}　责任人：{task.officer or '—'}　责任领导：{task.leader or '—'}")
    say(f"复核：{task.reviewer or '—'}　审签：{file.signer or '—'}")
    say(
        f"时限：{task.time_limit.word}　{_due(task)}　{late_words(task.overdue_days, task.missed_days)}".rstrip()
    )
    _show_proof(file)
    for event in events:
        words = f"　{event.text}" if event.text else ""
        recorder = f"（{event.recorder}代录）" if event.recorder else ""
        say(
            f"  {event.sequence}　{event.effective_on}　{event.who}{recorder}　{verb_label(event.verb, task.kind)}{words}"
        )
        for change in event.changes:
            say(f"      {change}")


def _show_proof(file: CaseFile) -> None:
    """The goal, the measures, what proves them, and what is doubted of the last closing, with the answers."""
    from rectification.task.proof import place_words

    if file.goal:
        say(f"整改目标：{file.goal}")
    for measure in file.measures:
        state = f"{measure.done_on} 完成" if measure.done_on else "未完成"
        say(f"  措施{measure.position}　{measure.text}　{measure.owner}　{state}")
    for piece in file.evidence:
        proves = "、".join(place_words(place, file.count_total) for place in piece.proves)
        told = piece.gone_words or (f"证明{proves}" if proves else "")
        say(f"  材料{piece.id}　{piece.name}　{piece.uploaded_by}{'　' if told else ''}{told}")
    for doubt in file.closures[-1].doubts if file.closures else ():
        say(f"  疑点　{doubt.word}（{doubt.code}）：{doubt.text}")
        for step in file.closures[-1].steps:
            if doubt.code in step.answers:
                say(f"      {step.who}（{step.stage.word}）：{step.answers[doubt.code]}")


def file_of(code: str, on: date | None) -> tuple[CaseFile, list[EventRow]]:
    """A task with all that hangs on it, and its history.

    Raises: NotFound.
    """
    from rectification.lists.filters import TaskFilter
    from rectification.lists.load_case_files import case_files
    from rectification.lists.timeline import timeline
    from rectification.office.calendar import load_calendar

    with ledger().reading() as session:
        only = TaskFilter(codes=(code,))
        found = case_files(session, clock(on).today, load_calendar(session), filters=only)
        if not found:
            raise NotFound(f"没有编号为“{code}”的任务", "", "可用 rectify task list 查看编号")
        return found[0], timeline(session, found[0].row.id)


def as_dict(row: TaskRow) -> dict[str, Any]:
    """A task as `--json` gives it: as the API does."""
    from app.web.api.shapes import TaskShape

    return TaskShape.of(row).model_dump(mode="json")


@cli.command("hand-over")
def hand_over(
    leaver: Annotated[str, typer.Argument(metavar="移交人")],
    successor: Annotated[str, typer.Argument(metavar="接手人")],
    login: As,
    reason: Annotated[str, typer.Option("--reason", metavar="理由")],
    part: Annotated[
        list[str] | None,
        typer.Option(
            "--part", metavar="身份", help="只移交这些：officer leader reviewer approver participant"
        ),
    ] = None,
    paper_date: PaperDate = None,
    paper_no: PaperNo = "",
    on: On = None,
) -> None:
    """交接：一个人名下办理中的任务一次全部移交。"""
    from rectification import casework
    from rectification.office.people import person_by_login, person_of
    from rectification.roles_in_task import Part

    unknown = set(part or ()) - {"officer", "leader", "reviewer", "approver", "participant"}
    if unknown:
        raise typer.BadParameter(f"没有身份“{min(unknown)}”")
    with recording(login, on, PaperOptions(paper_date, paper_no)) as (session, moment, acting):
        bureau_id = acting.actor.bureau_id
        gone = person_by_login(session, leaver) or person_of(session, bureau_id, leaver)
        heir = person_of(session, bureau_id, successor)
        parts = [Part(one) for one in part or ()]
        codes = casework.hand_over(session, moment, acting, gone.id, heir.id, reason, parts=parts)
    say(f"已交接 {len(codes)} 项：{'、'.join(codes)}")
