"""The week's look at closings in a clerk's digest: task by task, for whom each waits and for how long."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TypeVar

from core.text import one_line
from core.workdays import WorkCalendar
from models.enums import Light
from notifications.letterhead import Letterhead
from notifications.messages import DigestLine, Section
from rectification.labels import closing_noun
from rectification.lists.whose_move import WaitRow
from rectification.reminders.weekly_check import ClosureWatch, DoubtRow, LookBackRow, UnmeasuredRow
from rectification.task.time_limits import day_text, until_text

Row = TypeVar("Row", WaitRow, DoubtRow, LookBackRow, UnmeasuredRow)


def weekly_sections(
    watch: ClosureWatch, day: date, calendar: WorkCalendar, letterhead: Letterhead
) -> Iterator[Section]:
    """One section for each kind of which there is any."""

    def section(heading: str, rows: Sequence[Row], told: Callable[[Row], tuple[str, str]]) -> Section:
        lines = [
            DigestLine(one_line(row.code), one_line(row.title), *told(row), letterhead.task_url(row.code))
            for row in rows
        ]
        return Section.of(heading, Light.BLUE, lines)

    def of_look_back(row: LookBackRow) -> tuple[str, str]:
        late = f"已过期{(day - row.due_on).days}天" if row.due_on < day else ""
        return f"{day_text(row.due_on)}前核查", late or until_text(row.due_on, day, calendar)

    if watch.waiting:
        yield section("等人办理过久", watch.waiting, _of_wait)
    if watch.doubtful:
        yield section("申请材料存疑，疑似纸面整改", watch.doubtful, _of_doubt)
    if watch.look_backs:
        yield section("回头看一周内到期或已过期", watch.look_backs, of_look_back)
    if watch.unmeasured:
        yield section("尚未拟定整改措施", watch.unmeasured, _of_unmeasured)
    if watch.drafts:
        yield section("拟定后迟迟未下达", watch.drafts, _of_draft)


def _of_wait(row: WaitRow) -> tuple[str, str]:
    return f"等{one_line(row.waits_for)}", f"已等{row.workdays}个工作日"


def _of_doubt(row: DoubtRow) -> tuple[str, str]:
    return f"{closing_noun(row.kind)}申请", f"{row.doubts}处存疑，请打开任务查看"


def _of_unmeasured(row: UnmeasuredRow) -> tuple[str, str]:
    return f"{day_text(row.issued_on)}下达" if row.issued_on else "", "请督促拟定措施"


def _of_draft(row: WaitRow) -> tuple[str, str]:
    return f"{day_text(row.since)}拟定", "尚未下达"
