"""`rectify summary`: the leaders' monthly page."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from app.cli.chinese import Cli
from app.cli.common import Bureau, On, board_url, clock, reading_bureau, say
from documents.files import write_file
from documents.halfyear.summary_page import summary_page
from documents.links import task_url
from rectification.halfyear.summaries import last_month, month_of
from rectification.halfyear.summary_versions import summary_of

cli = Cli()


def parse_month(text: str) -> date:
    """A month from an option: 2026-05, 202605 or 2026年5月."""
    for form in ("%Y-%m", "%Y%m", "%Y年%m月"):
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007  (a month has no zone)
        except ValueError:
            continue
    raise typer.BadParameter(f"“{text}”不是月份，应形如 2026-05")


@cli.command("write")
def write(
    out: Annotated[Path, typer.Option("--out", metavar="文件.html")],
    month: Annotated[
        date | None, typer.Option("--month", metavar="月份", parser=parse_month, help="默认上个月")
    ] = None,
    bureau: Bureau = None,
    on: On = None,
) -> None:
    """写出一个月的整改进展通报（网页，可打印）。"""
    today = clock(on).today
    period = month_of(month) if month else last_month(today)
    with reading_bureau(bureau) as (session, unit):
        page = summary_of(session, unit.id, period)
    write_file(out, summary_page(page, task_url(board_url())).encode())
    say(
        f"已写出 {out}：{page.label}，问题 {page.figures.problems.total} 项，超期 {page.figures.problems.overdue} 项"
    )
