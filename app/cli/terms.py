"""Naming a half-year on the command line."""

from datetime import date
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from core.errors import NotFound
from models.enums import Cadence
from rectification.halfyear.cycles import latest_cycle, term_of_cycle
from rectification.halfyear.review_days import Term

Year = Annotated[int | None, typer.Option("--year", metavar="年份", min=1990, max=2100)]
Half = Annotated[int | None, typer.Option("--half", metavar="1或2", min=1, max=2, help="上半年或下半年")]
Quarter = Annotated[
    int | None, typer.Option("--quarter", metavar="1至4", min=1, max=4, help="按季度听取的单位用")
]


def term_of(
    session: Session, bureau_id: int, today: date, year: int | None, half: int | None, quarter: int | None
) -> Term:
    """The term options name: of the year alone the whole one, and without a year the last one that was opened.

    Raises: BadParameter, where options do not fit together; NotFound, where none is named and none was opened.
    """
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
