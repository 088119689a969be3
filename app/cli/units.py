"""`rectify unit`: bureaus, departments, aliases."""

from typing import Annotated

import typer

from app.cli.chinese import Cli
from app.cli.common import Bureau, Json, ledger, print_rows, say, system_by
from rectification.lists import district
from rectification.office import units
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
) -> None:
    """登记单位或科室。空台账的第一个名称就是本单位，其后的默认是本单位的科室。"""
    with ledger().unit_of_work() as session:
        home = units.home_bureau(session)
        if new_bureau or (home is None and in_bureau is None):
            unit = units.add_bureau(session, system_by(), name)
        else:
            unit = units.add_department(session, system_by(), units.bureau_named(session, in_bureau), name)
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
