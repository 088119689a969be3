"""`rectify source`: where tasks come from, and the bureau's own list of kinds."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from app.cli.chinese import Cli
from app.cli.common import (
    As,
    Bureau,
    Json,
    On,
    changing_bureau,
    day_option,
    print_json,
    print_rows,
    reading_bureau,
    recording,
    say,
    system_by,
)

cli = Cli("问题来源：任务从哪里来。")
Name = Annotated[str, typer.Argument(metavar="来源种类")]


@cli.command("list")
def list_(bureau: Bureau = None, as_json: Json = False) -> None:
    """列出已登记的来源和各自的任务数。"""
    from rectification.labels import PUBLISHED
    from rectification.office.sources import list_sources

    with reading_bureau(bureau) as (session, unit):
        rows = list_sources(session, unit.id)
    cells = {
        "编号": lambda row: row.id,
        "种类": lambda row: row.kind,
        "标题": lambda row: row.title,
        "文号": lambda row: row.paper_no or None,
        "来文单位": lambda row: row.issuing_body or None,
        "收文日期": lambda row: row.received_on,
        "反馈结果": lambda row: row.result_due_on,
        "是否公开": lambda row: PUBLISHED[row.is_published],
        "任务": lambda row: row.tasks,
    }
    print_rows(rows, cells, as_json=as_json, empty="还没有登记来源")


@cli.command("add")
def add(
    kind: Annotated[str, typer.Option("--kind", metavar="来源种类", help="见 rectify source kinds")],
    title: Annotated[str, typer.Option("--title", metavar="标题", help="文件或事项的名称")],
    paper_no: Annotated[str, typer.Option("--paper-no", metavar="文号")] = "",
    issuing_body: Annotated[str, typer.Option("--issuing-body", metavar="单位", help="来文单位")] = "",
    received_on: Annotated[date | None, day_option("--received-on", "收文日期")] = None,
    plan_due_on: Annotated[date | None, day_option("--plan-due", "何时报整改方案")] = None,
    result_due_on: Annotated[date | None, day_option("--result-due", "何时报整改结果")] = None,
    published: Annotated[
        bool | None, typer.Option("--published/--unpublished", help="是否已对外公开；不写则按种类")
    ] = None,
    bureau: Bureau = None,
) -> None:
    """登记一个来源；种类、标题、文号都相同的只登记一次。"""
    from rectification.office.sources import NewSource, source_for

    new = NewSource(kind, title, paper_no, issuing_body, received_on, plan_due_on, result_due_on, published)
    with changing_bureau(bureau) as (session, unit):
        source = source_for(session, system_by(), unit.id, new)
        say(f"来源 {source.id}　{kind}　{source.title}")


@cli.command("publish")
def publish(
    source: Annotated[int, typer.Argument(metavar="编号", help="见 rectify source list")],
    login: As,
    withdrawn: Annotated[bool, typer.Option("--withdraw", help="改为未公开")] = False,
    on: On = None,
) -> None:
    """记明来源已对外公开：草稿的任务名称改取原文开头的一句，已下达的不变。"""
    from rectification import casework
    from rectification.labels import PUBLISHED

    with recording(login, on) as (session, moment, acting):
        changed = casework.publish(session, moment, acting, source, is_published=not withdrawn)
    say(f"来源 {source} 已改为“{PUBLISHED[not withdrawn]}”，{changed} 项草稿的任务名称随之重拟")


@cli.command("kinds")
def kinds(bureau: Bureau = None, as_json: Json = False) -> None:
    """列出来源种类。"""
    from rectification.office.sources import list_kinds

    with reading_bureau(bureau) as (session, unit):
        found = list_kinds(session, unit.id, with_retired=True)
        rows = [(kind.name, kind.is_active) for kind in found]
    if as_json:
        print_json([{"name": name, "is_active": is_active} for name, is_active in rows])
        return
    for name, is_active in rows:
        say(name if is_active else f"{name}（已停用）")


@cli.command("add-kind")
def add_kind(name: Name, bureau: Bureau = None) -> None:
    """增加一种来源；停用的同名种类恢复使用。"""
    from rectification.office import sources

    with changing_bureau(bureau) as (session, unit):
        kind = sources.add_kind(session, system_by(), unit.id, name)
        say(f"已增加来源“{kind.name}”")


@cli.command("rename-kind")
def rename_kind(
    name: Name, new_name: Annotated[str, typer.Argument(metavar="新名称")], bureau: Bureau = None
) -> None:
    """给一种来源改名。"""
    from rectification.office import sources

    with changing_bureau(bureau) as (session, unit):
        sources.rename_kind(session, system_by(), unit.id, name, new_name)
    say(f"“{name}”已改为“{new_name}”")


@cli.command("retire-kind")
def retire_kind(name: Name, bureau: Bureau = None) -> None:
    """停用一种来源；已有的任务不变。"""
    from rectification.office import sources

    with changing_bureau(bureau) as (session, unit):
        sources.retire_kind(session, system_by(), unit.id, name)
    say(f"“{name}”已停用")
