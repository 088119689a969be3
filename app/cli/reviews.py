"""`rectify review`: the half-yearly review, from opening to frozen figures."""

from datetime import date
from typing import Annotated

import typer

from app.cli.chinese import Cli
from app.cli.common import (
    As,
    Bureau,
    Json,
    On,
    clock,
    day_option,
    print_json,
    reading_bureau,
    recording,
    say,
    warn,
)
from app.cli.terms import Half, Quarter, Year, term_of
from documents.halfyear.briefing_words import nothing_yet
from rectification.halfyear import cycles, freezing
from rectification.halfyear.status import review_status

cli = Cli()


@cli.command("open")
def open_(
    login: As,
    year: Annotated[int, typer.Option("--year", metavar="年份", min=1990, max=2100)],
    half: Half = None,
    quarter: Quarter = None,
    cut_off: Annotated[date | None, day_option("--cut-off", "数据截止日，默认期末")] = None,
    on: On = None,
) -> None:
    """手动开启一期调度，或调整已开启那一期的截止日。"""
    with recording(login, on) as (session, moment, acting):
        by = acting.actor
        term = term_of(session, by.bureau_id, moment.today, year, half, quarter)
        cycle = cycles.find_cycle(session, by.bureau_id, term)
        if cycle is None or cut_off is None:
            cycle = cycles.open_review(session, moment, by, term)
        if cut_off is not None:
            cycles.move_cut_off(session, moment, by, cycle, cut_off)
        line = f"{term.label}：{cycle.opens_on} 起报送情况说明，{cycle.statements_due_on} 前报齐，数据截至 {cycle.cut_off_on}"
    say(line)


@cli.command("freeze")
def freeze(
    login: As,
    year: Year = None,
    half: Half = None,
    quarter: Quarter = None,
    on: On = None,
    as_json: Json = False,
) -> None:
    """冻结截止日的数据，作为汇报材料的依据；再次冻结生成新版本。"""
    with recording(login, on) as (session, moment, acting):
        by = acting.actor
        term = term_of(session, by.bureau_id, moment.today, year, half, quarter)
        cycle = cycles.cycle_named(session, by.bureau_id, term)
        version = freezing.freeze(session, moment, by, cycle)
    figures = version.frozen.figures
    if as_json:
        print_json(
            {
                "term": term.label,
                "version": version.number,
                "sha256": version.sha256,
                "begun_on": version.frozen.begun_on,
                "figures": figures,
            }
        )
        return
    say(f"{term.label}数据已冻结：{version.label}，截至 {version.frozen.period.cut_off_on}")
    if version.frozen.begun_on:
        warn(f"{nothing_yet(version.frozen.begun_on)}；以前的事项请按纸质日期补录后再次冻结")
    say(
        f"问题 {figures.problems.total} 项，已销号 {figures.problems.closed} 项，超期 {figures.problems.overdue} 项"
    )
    say(f"办理记录 {version.chain_count} 条，末条校验值 {version.chain_head}")


@cli.command("status")
def status(
    year: Year = None,
    half: Half = None,
    quarter: Quarter = None,
    bureau: Bureau = None,
    on: On = None,
    as_json: Json = False,
) -> None:
    """看一期调度办到哪一步：还缺谁的情况说明，冻结了没有，冻结后又变了什么，听取了没有。"""
    today = clock(on).today
    with reading_bureau(bureau) as (session, unit):
        found = review_status(session, unit.id, term_of(session, unit.id, today, year, half, quarter), today)
    if as_json:
        print_json(found)
        return
    say(f"{found.term}　{found.opens_on} 开启，{found.statements_due_on} 前报齐，数据截至 {found.cut_off_on}")
    say(f"情况说明：已报 {found.stated} 项，还缺 {len(found.missing)} 项")
    for line in found.missing:
        say(f"  {line.code}　{line.unit}　{line.officer or '未定责任人'}　{line.title}")
    if found.version is None:
        say("数据：还没有冻结")
    else:
        say(f"数据：第 {found.version} 版，{found.frozen_on} 冻结；此后变化 {len(found.later)} 处")
    for change in found.later:
        say(f"  {change.code}　{change.column}：{change.before or '空'} → {change.after or '空'}")
    for hearing in found.hearings:
        say(f"听取汇报：{hearing.held_on}　{hearing.body}　{hearing.minutes_no or '未登记纪要编号'}")
    if found.is_unheard:
        say(f"本期尚未听取汇报（应在 {found.hearing_by} 前）")
