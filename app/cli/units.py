"""`rectify unit`: bureaus, departments, aliases."""

from datetime import date
from typing import Annotated

import typer

from app.cli.chinese import Cli
from app.cli.common import Bureau, Json, On, changing_bureau, day_option, ledger, print_rows, say, system_by
from rectification import casework
from rectification.lists import district
from rectification.office import bodies, people, units
from rectification.office.units import list_units

cli = Cli()


@cli.command("list")
def list_(as_json: Json = False) -> None:
    """列出单位和科室。"""
    with ledger().reading() as session:
        rows = list_units(session)
    cells = {
        "单位": lambda row: row.bureau,
        "科室": lambda row: "" if row.name == row.bureau else row.name,
        "分管领导": lambda row: row.leader,
        "人数": lambda row: row.people,
        "别名": lambda row: "、".join(row.aliases),
        "撤并": lambda row: (
            f"{row.closed_on} {row.merged_into and f'并入{row.merged_into}'}" if row.closed_on else ""
        ),
    }
    empty = "还没有单位。可运行 rectify unit add 单位名称，或导入第一份报告"
    print_rows(rows, cells, as_json=as_json, empty=empty)


@cli.command("add")
def add(
    name: Annotated[str, typer.Argument(metavar="名称")],
    in_bureau: Annotated[
        str | None, typer.Option("--in", metavar="单位", help="作为该单位的科室；第一个单位不用写")
    ] = None,
    new_bureau: Annotated[bool, typer.Option("--new-bureau", help="登记为另一个独立单位")] = False,
    leader: Annotated[str | None, typer.Option("--leader", metavar="登录名", help="分管领导")] = None,
    under: Annotated[str | None, typer.Option("--under", metavar="科室", help="上级科室")] = None,
) -> None:
    """登记单位或科室。空台账的第一个名称就是本单位，其后的默认是本单位的科室。"""
    with ledger().unit_of_work() as session:
        home = units.home_bureau(session)
        if new_bureau or (home is None and in_bureau is None):
            unit = units.add_bureau(session, system_by(), name)
        else:
            within = units.bureau_named(session, in_bureau)
            above_it = units.unit_named(session, within.id, under) if under else None
            unit = units.add_department(session, system_by(), within, name, parent=above_it)
        if leader is not None:
            bureau_id = unit.bureau_id or unit.id
            units.set_line_leader(session, system_by(), unit, people.person_of(session, bureau_id, leader))
        added = unit.name
    say(f"已登记：{added}")


@cli.command("alias")
def alias(
    name: Annotated[str, typer.Argument(metavar="名称", help="已登记的单位或科室")],
    other: Annotated[str, typer.Argument(metavar="别名", help="报告或表格中的另一种写法")],
    bureau: Bureau = None,
) -> None:
    """给单位或科室加一个别名，用别名落款的报告就归它。"""
    with ledger().unit_of_work() as session:
        unit = units.bureau_or_unit(session, name, bureau)
        units.add_alias(session, system_by(), unit, other)
        known = unit.name
    say(f"“{other}”今后就是“{known}”")


@cli.command("rename")
def rename(
    name: Annotated[str, typer.Argument(metavar="名称", help="已登记的单位或科室")],
    new_name: Annotated[str, typer.Argument(metavar="新名称")],
    bureau: Bureau = None,
) -> None:
    """单位或科室改名；原名作为别名保留，旧报告和旧表格照样认得。"""
    with ledger().unit_of_work() as session:
        unit = units.bureau_or_unit(session, name, bureau)
        units.rename_unit(session, system_by(), unit, new_name)
        now = unit.name
    say(f"“{name}”已改名为“{now}”")


@cli.command("move")
def move(
    name: Annotated[str, typer.Argument(metavar="科室")],
    above: Annotated[str, typer.Argument(metavar="上级", help="本单位或另一个科室")],
    bureau: Bureau = None,
) -> None:
    """科室改上级。"""
    with changing_bureau(bureau) as (session, home):
        unit, parent = (units.unit_named(session, home.id, each) for each in (name, above))
        units.place_department(session, system_by(), unit, parent)
        line = f"“{unit.name}”的上级现在是“{parent.name}”"
    say(line)


@cli.command("close")
def close(
    name: Annotated[str, typer.Argument(metavar="科室")],
    into: Annotated[
        str | None, typer.Option("--into", metavar="科室", help="并入哪个科室；不写就是撤销")
    ] = None,
    closed_on: Annotated[date | None, day_option("--date", "撤并日期，默认今天")] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="依据", help="如机构改革方案的文号")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看什么随之转走，不写入")] = False,
    bureau: Bureau = None,
    on: On = None,
) -> None:
    """科室撤并：人员、未办结的任务和下级科室一次转入另一个科室；已办结的和旧文件仍写原名。"""
    with changing_bureau(bureau) as (session, home):
        by = system_by(on, home.id)
        unit = units.unit_named(session, home.id, name)
        target = units.unit_named(session, home.id, into) if into else None
        along = casework.close_unit(session, by, unit, target, closed_on or by.clock.today, reason)
        line = f"“{unit.name}”{'将' if dry_run else '已'}{f'并入“{target.name}”' if target else '撤销'}"
        if dry_run:
            session.rollback()
    for task in along.tasks:
        say(f"{task.code}　{task.title}　{task.state}　{task.becomes}")
    say(f"{line}：{len(along.people)} 人、{len(along.tasks)} 项任务、{len(along.units)} 个下级科室随之转入")


@cli.command("remove")
def remove(name: Annotated[str, typer.Argument(metavar="科室")], bureau: Bureau = None) -> None:
    """删去误登、从来没有用过的科室。"""
    with changing_bureau(bureau) as (session, home):
        units.remove_unit(session, system_by(), units.unit_named(session, home.id, name))
    say(f"已删去“{name}”")


@cli.command("body")
def body(
    name: Annotated[str, typer.Argument(metavar="机构", help="听取汇报的机构，如 领导小组")],
    head: Annotated[str | None, typer.Option("--head", metavar="登录名", help="组长")] = None,
    deputies: Annotated[list[str], typer.Option("--deputy", metavar="登录名", help="副组长，可写多次")] = [],  # noqa: B006
    members: Annotated[list[str], typer.Option("--unit", metavar="科室", help="成员单位，可写多次")] = [],  # noqa: B006
    bureau: Bureau = None,
) -> None:
    """改定领导小组等机构的组长、副组长、成员单位。"""
    with changing_bureau(bureau) as (session, home):
        leads = people.person_of(session, home.id, head) if head else None
        seconds = [people.person_of(session, home.id, each) for each in deputies]
        of = [units.unit_named(session, home.id, each) for each in members]
        bodies.set_body(session, system_by(None, home.id), home.id, name, leads, seconds, of)
        told = bodies.bodies_of(session, home.id).get(name)
    say(f"{name}　{told.words if told else '没有成员'}")


@cli.command("below")
def below(
    name: Annotated[str, typer.Argument(metavar="单位")],
    above: Annotated[str | None, typer.Argument(metavar="上级单位", help="不写就是没有上级")] = None,
) -> None:
    """登记单位的上级；上级在“下级单位”中看到它每天的数字。"""
    with ledger().unit_of_work() as session:
        unit = units.bureau_named(session, name)
        over = units.bureau_named(session, above) if above else None
        district.place_below(session, system_by(), unit, over)
        line = f"“{unit.name}”的上级是“{over.name}”" if over else f"“{unit.name}”没有上级单位"
    say(line)


@cli.command("leader")
def leader(
    names: Annotated[list[str], typer.Argument(metavar="科室", help="可写多个")],
    login: Annotated[str, typer.Argument(metavar="登录名", help="分管领导")],
    reason: Annotated[str, typer.Option("--reason", metavar="说明", help="如班子分工文件的文号")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看涉及的任务怎么办，不写入")] = False,
    bureau: Bureau = None,
    on: On = None,
) -> None:
    """分管调整：科室改由另一位领导分管，原领导在这些科室负责、审签的任务一并移交。"""
    with ledger().unit_of_work() as session:
        home = units.bureau_named(session, bureau)
        chosen = [units.unit_named(session, home.id, name) for name in names]
        person = people.person_of(session, home.id, login)
        moved = casework.set_line(session, system_by(on, home.id), chosen, person, reason)
        line = f"{'、'.join(unit.name for unit in chosen)}{'将' if dry_run else ''}由{person.name}分管"
        if dry_run:
            session.rollback()
    for task in moved:
        say(f"{task.code}　{task.title}　{task.unit}　{task.state}　{task.becomes}")
    say(line)
