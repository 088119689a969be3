"""`rectify briefing`: the paper a review ends in."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.chinese import Cli
from app.cli.common import Bureau, On, clock, reading_bureau, say, settings
from app.cli.terms import Half, Quarter, Year, term_of
from documents.files import write_file
from documents.halfyear.briefing_docx import write_briefing
from rectification.halfyear import cycles, freezing

cli = Cli()

Out = Annotated[Path, typer.Option("--out", metavar="文件.docx")]


@cli.command("write")
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
    moment = clock(on)
    with reading_bureau(bureau) as (session, unit):
        term = term_of(session, unit.id, moment.today, year, half, quarter)
        if number is None:
            version = freezing.newest(session, moment, unit.id, term)
        else:
            cycle = cycles.cycle_named(session, unit.id, term)
            version = freezing.version_of(session, cycle, number)
    write_file(out, write_briefing(version, is_full=full, folder=settings().template_dir))
    basis = f"依据{version.label}冻结数据" if version.is_frozen else "数据尚未冻结，仅供起草"
    say(f"已生成 {out}：{term.label}，截至 {version.frozen.period.cut_off_on}（{basis}）")
