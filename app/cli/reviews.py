"""`rectify review` and `rectify briefing`: the half-yearly review and the paper it ends in."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.chinese import Cli
from app.cli.common import Json, On, clock, ledger, parse_day, print_json, print_table, say, settings
from app.cli.units import Bureau

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from rectification.actors import Actor
    from rectification.reviews import Term

cli = Cli("半年调度：开启、催报、冻结数据。")
briefing = Cli("汇报材料。")

Year = Annotated[int | None, typer.Option("--year", metavar="年份", min=1990, max=2100)]
Half = Annotated[int | None, typer.Option("--half", metavar="1或2", min=1, max=2, help="上半年或下半年")]
Quarter = Annotated[
    int | None, typer.Option("--quarter", metavar="1至4", min=1, max=4, help="按季度听取的单位用")
]
As = Annotated[str, typer.Option("--as", metavar="登录名", help="替谁记录（台账管理员）")]
Out = Annotated[Path, typer.Option("--out", metavar="文件.docx")]


def term_of(
    session: Session, bureau_id: int, today: date, year: int | None, half: int | None, quarter: int | None
) -> Term:
    """The term options name: of the year alone the whole one, and without a year the last one that was opened.

    Raises: BadParameter, where options do not fit together; NotFound, where none is named and none was opened.
    """
    from core.errors import NotFound
    from models.enums import Cadence
    from rectification.reviewing import latest_cycle, term_of_cycle
    from rectification.reviews import Term

    if half and quarter:
        raise typer.BadParameter("--half 和 --quarter 只能写一个")
    if year is None:
        if half or quarter:
            raise typer.BadParameter("写了期间还要写 --year（年份）")
        cycle = latest_cycle(session, bureau_id, today)
        if cycle is None:
            raise NotFound("还没有开启过调度", "", "请写明 --year 和 --half，或运行 rectify review open")
        return term_of_cycle(cycle)
    if half:
        return Term(Cadence.HALF_YEARLY, year, half)
    return Term(Cadence.QUARTERLY, year, quarter) if quarter else Term(Cadence.YEARLY, year, 1)


def clerk(session: Session, login: str, today: date) -> Actor:
    """The person a command is recorded for."""
    from rectification.actors import actor_by_login

    return actor_by_login(session, login, today=today)


@cli.command("open")
def open_(
    login: As,
    year: Annotated[int, typer.Option("--year", metavar="年份", min=1990, max=2100)],
    half: Half = None,
    quarter: Quarter = None,
    cut_off: Annotated[
        date | None, typer.Option("--cut-off", metavar="日期", parser=parse_day, help="数据截止日，默认期末")
    ] = None,
    on: On = None,
) -> None:
    """手动开启一期调度，或调整已开启那一期的截止日。"""
    from rectification import reviewing

    moment = clock(on)
    with ledger().unit_of_work() as session:
        by = clerk(session, login, moment.today)
        term = term_of(session, by.bureau_id, moment.today, year, half, quarter)
        cycle = reviewing.find_cycle(session, by.bureau_id, term)
        if cycle is None or cut_off is None:
            cycle = reviewing.open_review(session, moment, by, term)
        if cut_off is not None:
            reviewing.move_cut_off(session, moment, by, cycle, cut_off)
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
    from rectification import freezing, reviewing

    moment = clock(on)
    with ledger().unit_of_work() as session:
        by = clerk(session, login, moment.today)
        term = term_of(session, by.bureau_id, moment.today, year, half, quarter)
        cycle = reviewing.cycle_named(session, by.bureau_id, term)
        version = freezing.freeze(session, moment, by, cycle)
    figures = version.frozen.figures
    if as_json:
        print_json(
            {"term": term.label, "version": version.number, "sha256": version.sha256, "figures": figures}
        )
        return
    say(f"{term.label}数据已冻结：{version.label}，截至 {version.frozen.period.cut_off_on}")
    say(
        f"问题 {figures.problems.total} 项，已销号 {figures.problems.closed} 项，超期 {figures.problems.overdue} 项"
    )
    say(f"办理记录 {version.chain_count} 条，末条校验值 {version.chain_head}")


@cli.command("list")
def list_(bureau: Bureau = None, as_json: Json = False) -> None:
    """列出历次调度。"""
    from rectification import organisation, reviewing

    with ledger().reading() as session:
        unit = organisation.bureau_named(session, bureau)
        rows = []
        for cycle in reviewing.list_cycles(session, unit.id):
            version = reviewing.latest_version(session, cycle.id)
            rows.append(
                {
                    "term": reviewing.term_of_cycle(cycle).label,
                    "opens_on": cycle.opens_on,
                    "statements_due_on": cycle.statements_due_on,
                    "cut_off_on": cycle.cut_off_on,
                    "version": version.version if version else None,
                }
            )
    if as_json:
        print_json(rows)
        return
    print_table(
        ("期间", "开启", "报送期限", "截止日", "冻结版本"),
        (
            (
                str(row["term"]),
                str(row["opens_on"]),
                str(row["statements_due_on"]),
                str(row["cut_off_on"]),
                f"第{row['version']}版" if row["version"] else "—",
            )
            for row in rows
        ),
        empty="还没有开启过调度",
    )


@briefing.command("write")
def write(
    out: Out,
    year: Year = None,
    half: Half = None,
    quarter: Quarter = None,
    full: Annotated[bool, typer.Option("--full", help="全套提纲，台账不掌握的内容留【请填写】")] = False,
    number: Annotated[
        int | None, typer.Option("--version", metavar="版本", min=1, help="默认最新版本")
    ] = None,
    bureau: Bureau = None,
    on: On = None,
) -> None:
    """生成汇报材料；数据还没有冻结的，按当前台账生成草稿。"""
    from documents.briefing import write_briefing
    from documents.files import write_file
    from rectification import freezing, organisation, reviewing

    moment = clock(on)
    with ledger().reading() as session:
        unit = organisation.bureau_named(session, bureau)
        term = term_of(session, unit.id, moment.today, year, half, quarter)
        if number is None:
            version = freezing.newest(session, moment, unit.id, term)
        else:
            cycle = reviewing.cycle_named(session, unit.id, term)
            version = freezing.version_of(session, cycle, number)
    write_file(out, write_briefing(version, is_full=full, folder=settings().template_dir))
    basis = f"依据{version.label}冻结数据" if version.is_frozen else "数据尚未冻结，仅供起草"
    say(f"已生成 {out}：{term.label}，截至 {version.frozen.period.cut_off_on}（{basis}）")


@briefing.command("template")
def template_(out: Out, full: Annotated[bool, typer.Option("--full", help="全套提纲的模板")] = False) -> None:
    """取得正在使用的 Word 模板；改好后按原名放进数据文件夹的 templates 中即可替换。"""
    from documents.briefing import template
    from documents.files import write_file

    found = template(is_full=full, folder=settings().template_dir)
    write_file(out, found.source())
    say(f"已写出 {out}。改好后存为 {settings().template_dir / found.file_name}，并用 rectify doctor 检查")
