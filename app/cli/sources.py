"""`rectify source`: where tasks come from, and the bureau's own list of kinds."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any

import typer

from app.cli.chinese import Cli
from app.cli.common import (
    As,
    Bureau,
    Json,
    On,
    changing_bureau,
    day_option,
    parse_day,
    print_json,
    print_rows,
    reading_bureau,
    recording,
    say,
    system_by,
)
from models.base import frozen
from models.enums import Rating, StepKind, Worded
from rectification import casework
from rectification.labels import PUBLISHED
from rectification.lists.source_steps import StepLine, counts_text, steps_of
from rectification.office import source_steps, sources

cli = Cli()
Name = Annotated[str, typer.Argument(metavar="来源种类")]
Number = Annotated[int, typer.Argument(metavar="编号", min=1, help="见 rectify source list")]
Title = Annotated[str | None, typer.Option("--title", metavar="标题", help="文件或事项的名称")]
PaperNo = Annotated[str | None, typer.Option("--paper-no", metavar="文号")]
IssuingBody = Annotated[str | None, typer.Option("--issuing-body", metavar="单位", help="来文单位")]
ReceivedOn = Annotated[date | None, day_option("--received-on", "收文日期")]
PlanDue = Annotated[date | None, day_option("--plan-due", "何时报整改方案")]
ResultDue = Annotated[date | None, day_option("--result-due", "何时报整改结果")]


def _emptied(name: str, told: str) -> Any:
    """An option that is a day, or "" for none."""
    return typer.Option(name, metavar="日期", parser=lambda text: text and parse_day(text), help=told)


def _worded(entries: type[Worded], name: str, told: str) -> Any:
    """An option that is one of a closed list, by its word."""

    def parse(text: str) -> Worded:
        for entry in entries:
            if text in (entry.word, entry.value):
                return entry
        raise typer.BadParameter(f"“{text}”不在其中，可写 {'、'.join(entry.word for entry in entries)}")

    return typer.Option(name, metavar="|".join(entry.word for entry in entries), parser=parse, help=told)


StepNumber = Annotated[int, typer.Argument(metavar="工作情况编号", min=1, help="见 rectify source steps")]
StepReason = Annotated[str, typer.Option("--reason", metavar="原因", help="新旧内容都留痕")]


class What(StrEnum):
    """What is sent to whoever a source is from."""

    PLAN = "plan"
    RESULT = "result"


@cli.command("list")
def list_(bureau: Bureau = None, as_json: Json = False) -> None:
    """列出已登记的来源和各自的任务数。"""
    with reading_bureau(bureau) as (session, unit):
        rows = sources.list_sources(session, unit.id)
    cells = {
        "编号": lambda row: row.id,
        "种类": lambda row: row.kind,
        "标题": lambda row: row.title,
        "文号": lambda row: row.paper_no or None,
        "来文单位": lambda row: row.issuing_body or None,
        "收文日期": lambda row: row.received_on,
        "报方案": lambda row: _sent(row.plan_due_on, row.plan_sent_on, row.plan_sent_no),
        "报结果": lambda row: _sent(row.result_due_on, row.result_sent_on, row.result_sent_no),
        "是否公开": lambda row: PUBLISHED[row.is_published],
        "任务": lambda row: row.tasks,
    }
    print_rows(rows, cells, as_json=as_json, empty="还没有登记来源")


def _sent(due_on: date | None, sent_on: date | None, sent_no: str) -> str:
    """When it is to be sent, or was."""
    return " ".join(filter(None, (f"{sent_on} 已报", sent_no))) if sent_on else str(due_on or "—")


@cli.command("sent")
def sent(
    number: Number,
    what: Annotated[What, typer.Argument(metavar="plan|result", help="报送的是整改方案还是整改结果")],
    day: Annotated[date | None, day_option("--date", "报送日期；不写就是改为没有报送")] = None,
    paper_no: PaperNo = None,
    bureau: Bureau = None,
    on: On = None,
) -> None:
    """登记整改方案、整改结果已报送；登记错了，照正确的再登记一次。"""
    with changing_bureau(bureau) as (session, unit):
        source = sources.source_in_use(session, unit.id, number)
        sources.mark_sent(session, system_by(on), source, what.value, day, paper_no or "")
        line = f"来源 {number}　{source.title}　{_sent(None, day, paper_no or '')}"
    say(line)


@cli.command("correct")
def correct(
    number: Number,
    reason: Annotated[str, typer.Option("--reason", metavar="原因", help="为什么更正；新旧内容都留痕")],
    title: Title = None,
    paper_no: PaperNo = None,
    issuing_body: IssuingBody = None,
    received_on: Annotated[date | None, _emptied("--received-on", "收文日期")] = None,
    plan_due_on: Annotated[date | None, _emptied("--plan-due", "何时报整改方案")] = None,
    result_due_on: Annotated[date | None, _emptied("--result-due", "何时报整改结果")] = None,
    bureau: Bureau = None,
) -> None:
    """更正来源登记错了的栏目；不写的不变，写 "" 的清空。"""
    names = ("title", "paper_no", "issuing_body", "received_on", "plan_due_on", "result_due_on")
    fields = zip(names, (title, paper_no, issuing_body, received_on, plan_due_on, result_due_on), strict=True)
    given = {
        name: None if value == "" and name.endswith("_on") else value
        for name, value in fields
        if value is not None
    }
    with changing_bureau(bureau) as (session, unit):
        source = sources.source_in_use(session, unit.id, number)
        sources.correct_source(session, system_by(), source, given, reason)
    say(f"来源 {number}　已更正")


@cli.command("add")
def add(
    kind: Annotated[str, typer.Option("--kind", metavar="来源种类", help="见 rectify source kinds")],
    title: Title,
    paper_no: PaperNo = None,
    issuing_body: IssuingBody = None,
    received_on: ReceivedOn = None,
    plan_due_on: PlanDue = None,
    result_due_on: ResultDue = None,
    published: Annotated[
        bool | None, typer.Option("--published/--unpublished", help="是否已对外公开；不写则按种类")
    ] = None,
    bureau: Bureau = None,
) -> None:
    """登记一个来源；种类、标题、文号都相同的只登记一次。"""
    new = sources.NewSource(
        kind,
        title or "",
        paper_no or "",
        issuing_body or "",
        received_on,
        plan_due_on,
        result_due_on,
        published,
    )
    with changing_bureau(bureau) as (session, unit):
        source = sources.source_for(session, system_by(), unit.id, new)
        say(f"来源 {source.id}　{kind}　{source.title}")


@cli.command("publish")
def publish(
    source: Annotated[int, typer.Argument(metavar="编号", help="见 rectify source list")],
    login: As,
    withdrawn: Annotated[bool, typer.Option("--withdraw", help="改为未公开")] = False,
    on: On = None,
) -> None:
    """记明来源已对外公开：草稿的任务名称改取原文开头的一句，已下达的不变。"""
    with recording(login, on) as (session, moment, acting):
        changed = casework.publish(session, moment, acting, source, is_published=not withdrawn)
    say(f"来源 {source} 已改为“{PUBLISHED[not withdrawn]}”，{changed} 项草稿的任务名称随之重拟")


@cli.command("kinds")
def kinds(bureau: Bureau = None, as_json: Json = False) -> None:
    """列出来源种类。"""
    with reading_bureau(bureau) as (session, unit):
        found = sources.list_kinds(session, unit.id, with_retired=True)
        rows = [(kind.name, kind.is_active) for kind in found]
    if as_json:
        print_json([{"name": name, "is_active": is_active} for name, is_active in rows])
        return
    for name, is_active in rows:
        say(name if is_active else f"{name}（已停用）")


@cli.command("add-kind")
def add_kind(name: Name, bureau: Bureau = None) -> None:
    """增加一种来源；停用的同名种类恢复使用。"""
    with changing_bureau(bureau) as (session, unit):
        kind = sources.add_kind(session, system_by(), unit.id, name)
        say(f"已增加来源“{kind.name}”")


@cli.command("rename-kind")
def rename_kind(
    name: Name, new_name: Annotated[str, typer.Argument(metavar="新名称")], bureau: Bureau = None
) -> None:
    """给一种来源改名。"""
    with changing_bureau(bureau) as (session, unit):
        sources.rename_kind(session, system_by(), unit.id, name, new_name)
    say(f"“{name}”已改为“{new_name}”")


@cli.command("retire-kind")
def retire_kind(name: Name, bureau: Bureau = None) -> None:
    """停用一种来源；已有的任务不变。"""
    with changing_bureau(bureau) as (session, unit):
        sources.retire_kind(session, system_by(), unit.id, name)
    say(f"“{name}”已停用")


@cli.command("steps")
def steps(number: Number, bureau: Bureau = None, as_json: Json = False) -> None:
    """列出一个来源的工作情况：约谈、通报批评、线索、清单、回访、阶段。"""
    with reading_bureau(bureau) as (session, unit):
        rows = steps_of(session, [sources.source_of_bureau(session, unit.id, number).id])
    cells = {"编号": lambda row: row.id, "工作情况": lambda row: row.line}
    print_rows(rows, cells, as_json=as_json, empty="还没有登记工作情况")
    if rows and not as_json:
        say(f"合计：{counts_text(rows) or '—'}")


@cli.command("add-step")
def add_step(
    number: Number,
    kind: Annotated[StepKind, _worded(StepKind, "--kind", "什么事项")],
    day: Annotated[date, day_option("--date", "办理的日期；只知道总数的，写统计到哪一天")],
    until: Annotated[date | None, day_option("--until", "阶段的结束日期")] = None,
    amount: Annotated[int | None, typer.Option("--number", metavar="数量", help="阶段不写")] = None,
    unit: Annotated[str, typer.Option("--unit", metavar="计量单位", help="不写按通常的单位")] = "",
    rating: Annotated[Rating | None, _worded(Rating, "--rating", "回访的评价")] = None,
    paper_no: PaperNo = None,
    text: Annotated[str, typer.Option("--text", metavar="说明", help="约谈了谁；阶段和其他事项写名称")] = "",
    bureau: Bureau = None,
    on: On = None,
) -> None:
    """登记来文的一项工作情况：约谈、通报批评、线索、清单、回访或专项整治的阶段；登记错了的删去后重新登记。"""
    new = source_steps.NewStep(kind, day, until, amount, unit, rating, paper_no or "", text)
    with changing_bureau(bureau) as (session, owner):
        source = sources.source_in_use(session, owner.id, number)
        step = source_steps.add_step(session, system_by(on), source, new)
        say(f"来源 {number}　第 {step.id} 号工作情况　{frozen(StepLine, step).line}")


@cli.command("remove-step")
def remove_step(
    number: Number, step: StepNumber, reason: StepReason, bureau: Bureau = None, on: On = None
) -> None:
    """删去登记错了的工作情况；原来的内容留在变动记录里。"""
    with changing_bureau(bureau) as (session, owner):
        source = sources.source_in_use(session, owner.id, number)
        kept = source_steps.step_of_source(session, source, step)
        source_steps.remove_step(session, system_by(on), source, kept, reason)
    say(f"来源 {number}　第 {step} 号工作情况　已删去")
