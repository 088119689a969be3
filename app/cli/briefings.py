"""`rectify briefing` and `rectify summary`: the paper a review ends in, the leaders' monthly page."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from app.cli.chinese import Cli
from app.cli.common import Bureau, On, board_url, clock, reading_bureau, say, settings
from app.cli.terms import Half, Quarter, Year, term_of
from documents.files import write_file
from documents.halfyear.briefing_docx import write_briefing
from documents.halfyear.summary_docx import write_bulletin
from documents.halfyear.summary_page import summary_page
from documents.pages import task_url
from rectification.halfyear import cycles, freezing
from rectification.halfyear.summaries import last_month, month_of
from rectification.halfyear.summary_versions import summary_of

cli = Cli()
summary = Cli()

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


def parse_month(text: str) -> date:
    """A month from an option: 2026-05, 202605 or 2026年5月."""
    for form in ("%Y-%m", "%Y%m", "%Y年%m月"):
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007  (a month has no zone)
        except ValueError:
            continue
    raise typer.BadParameter(f"“{text}”不是月份，应形如 2026-05")


@summary.command("write")
def write_summary(
    out: Annotated[Path, typer.Option("--out", metavar="文件.docx|.html")],
    month: Annotated[
        date | None, typer.Option("--month", metavar="月份", parser=parse_month, help="默认上个月")
    ] = None,
    bureau: Bureau = None,
    on: On = None,
) -> None:
    """写出一个月的整改进展通报：Word 文件，后缀写 .html 的为网页。"""
    today = clock(on).today
    period = month_of(month) if month else last_month(today)
    with reading_bureau(bureau) as (session, unit):
        page = summary_of(session, unit.id, period)
    is_page = out.suffix.lower() in (".html", ".htm")
    write_file(out, summary_page(page, task_url(board_url())).encode() if is_page else write_bulletin(page))
    say(
        f"已写出 {out}：{page.label}，问题 {page.figures.problems.total} 项，超期 {page.figures.problems.overdue} 项"
    )
