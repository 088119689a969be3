"""The leaders' page (进展通报) as a paper: the figures with what they count and add up to, then the tasks behind them."""

from collections.abc import Callable, Sequence
from typing import Final

from documents.halfyear.summary_page import (
    FIGURES,
    MOVED,
    STUCK,
    UNIT_HEADS,
    Line,
    figure_lines,
    moved_words,
    scopes,
    stuck_words,
    unit_lines,
)
from documents.sentences import DRAFT_MARK
from documents.word.layout import OfficialPaper
from documents.word.styles import SIZE_5
from rectification.halfyear.freezing import version_label
from rectification.halfyear.summaries import SummaryPage, TrendPoint
from rectification.labels import status_label
from rectification.lists.figures import RATE_FORMULA, Row, sums
from rectification.task.time_limits import day_text

_TASK_WIDTHS: Final = (19, 38, 23, 14, 36, 26)
_TASK_HEADS: Final = ("编号", "任务名称", "责任单位", "责任人", "时限")


def bulletin_name(page: SummaryPage) -> str:
    """What its file is called."""
    return f"{page.label}整改进展通报{f'（{version_label(page.version)}）' if page.version else ''}.docx"


def write_bulletin(page: SummaryPage) -> bytes:
    """The paper as a file: the same page gives the same bytes."""
    paper = OfficialPaper(page.heading.replace("\n", ""))
    paper.title(page.heading)
    paper.paragraph(DRAFT_MARK)
    paper.heading(1, "一、总体情况")
    basis = f"，依据第{page.version}版冻结数据" if page.version else ""
    paper.paragraph(f"截至{day_text(page.period.cut_off_on)}{basis}，{'。'.join(scopes(page))}。")
    paper.paragraph(f"{RATE_FORMULA}。")
    _counted(paper, ("本期", *(figure.word for figure in FIGURES)), figure_lines(page))
    for what, asked in (("问题", True), ("工作任务", False)):
        added_up = "；".join(sums(page.figures, page.whole, are_problems=asked))
        paper.small_print(f"{what}数字核对：{added_up}。")
    _tasks(paper, f"二、本期变化（{len(page.moved)}项）", page.moved, MOVED, moved_words)
    _tasks(paper, f"三、超期事项（{len(page.stuck)}项）", page.stuck, STUCK, stuck_words)
    near = f"四、一个月内到期（{len(page.falling_due)}项）"
    _tasks(paper, near, page.falling_due, "状态", lambda row: status_label(row.status, row.kind))
    paper.heading(1, "五、各责任单位本年情况")
    paper.paragraph(
        f"{page.period.cut_off_on.year}年1月1日至{day_text(page.period.cut_off_on)}，不计分、不排名。"
    )
    _counted(paper, ("责任单位", *UNIT_HEADS), unit_lines(page))
    _trend(paper, page.trend)
    paper.sign_off(page.bureau, None)
    return paper.to_bytes()


def _counted(paper: OfficialPaper, heads: Sequence[str], lines: Sequence[Line]) -> None:
    widths = (28, *[128 / (len(heads) - 1)] * (len(heads) - 1))
    paper.table(heads, widths, [(name, *map(str, figures)) for name, figures in lines], size=SIZE_5)


def _tasks(
    paper: OfficialPaper, heading: str, rows: Sequence[Row], last: str, say: Callable[[Row], str]
) -> None:
    paper.heading(1, heading)
    if not rows:
        paper.paragraph("没有。")
        return
    told = [(r.code, r.title, r.unit, r.officer, day_text(r.deadline_on), say(r)) for r in rows]
    paper.table((*_TASK_HEADS, last), _TASK_WIDTHS, told, centred=(0, 2, 3, 4), size=SIZE_5)


def _trend(paper: OfficialPaper, points: Sequence[TrendPoint]) -> None:
    if not points:
        return
    first, last = (f"{point.day.year}年{point.day.month}月" for point in (points[0], points[-1]))
    paper.heading(1, f"六、各月问题情况（{first}至{last}）")
    heads = ("", *(f"{point.day.month}月" for point in points))
    rows = (
        ("月末未销号", *(str(point.open) for point in points)),
        ("其中超期", *(str(point.overdue) for point in points)),
        ("当月销号", *(str(point.closed) for point in points)),
    )
    paper.table(heads, (26, *[130 / len(points)] * len(points)), rows, size=9)
