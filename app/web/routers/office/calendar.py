"""The working-day calendar: a year as it stands, and a notice pasted, ticked day by day or uploaded, seen before it counts."""

import re
from calendar import Calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response
from pydantic import Field as Limits
from pydantic import TypeAdapter, ValidationError

from app.web.forms import Control, Form
from app.web.page_request import Visit, Visitor
from app.web.pages import back_to, redirect, render
from app.web.uploads import uploaded
from core.errors import Refused
from rectification.casework.opening import announce
from rectification.office.calendar import (
    FIRST_YEAR,
    LAST_YEAR,
    ChangedDay,
    HolidayNotice,
    YearView,
    changed_days,
    checked_notice,
    read_notice,
    shipped_notice,
    shipped_years,
    year_of,
)
from rectification.office.notice_text import read_notice_text

router = APIRouter()

_WHOLE: Final = ("days", "shipped")
"""The forms that give a whole year, and so take the place of what stands."""
_NOTICE: Final = TypeAdapter(HolidayNotice)


class NoticeForm(Form):
    """A notice as it is published."""

    text: Annotated[
        str,
        Limits(max_length=20_000),
        Control("通知的文字", "area", "连标题和文号一起粘贴；只贴“元旦：1月1日至3日放假……”也可以", rows=9),
    ]
    year: Annotated[
        int | None,
        Limits(ge=FIRST_YEAR, le=LAST_YEAR),
        Control("哪一年", "number", "文字里写了的不用填"),
    ] = None
    number: Annotated[str, Limits(max_length=200), Control("依据文号", hint="文字里写了的不用填")] = ""


@dataclass(frozen=True, slots=True)
class DayBox:
    """A day of the grid; `is_ticked` where it is not worked as its weekday says."""

    day: date
    is_ticked: bool
    is_weekend: bool
    name: str


@dataclass(frozen=True, slots=True)
class Pending:
    """A notice that waits to be confirmed, with what it changes."""

    notice: HolidayNotice
    adds: bool
    changed: list[ChangedDay]

    @property
    def packed(self) -> str:
        return _NOTICE.dump_json(self.notice).decode()


@router.get("/calendar", name="calendar")
def calendar(visit: Visitor, year: Annotated[int | None, Query(ge=1990, le=2100)] = None) -> Response:
    """A year's days off and make-up workdays, where they come from, and the ways to enter others."""
    return _page(visit, year or visit.clock.today.year)


@router.post("/calendar", name="calendar_post")
@back_to(calendar)
def calendar_post(visit: Visitor) -> Response:
    """A notice is first shown as what it would change; confirmed, limits in working days are counted again."""
    if packed := visit.text("notice"):
        notice, adds = _unpacked(packed), visit.text("adds") == "yes"
    else:
        notice = _sent(visit)
        adds = visit.text("kind") not in _WHOLE and year_of(visit.session, notice.year).notice is not None
    if visit.text("do") != "go":
        changed = changed_days(visit.session, notice, adds=adds)
        return _page(visit, notice.year, Pending(notice, adds, changed))
    moved = announce(visit.site.database, visit.by, notice, adds=adds)
    note = f"{notice.year} 年的放假安排已录入，{len(moved)} 项任务的时限随之变动"
    return redirect(visit, "calendar", query={"year": str(notice.year)}, note=note)


def _page(visit: Visit, year: int, pending: Pending | None = None) -> Response:
    shown = year_of(visit.session, year)
    return render(
        visit,
        "calendar.html",
        year=shown,
        months=_months(shown),
        pending=pending,
        filled=visit.filled(NoticeForm),
        is_shipped=year in shipped_years(),
        range_=(FIRST_YEAR, LAST_YEAR),
    )


def _sent(visit: Visit) -> HolidayNotice:
    """The notice one of the page's forms gives: its text, the whole year ticked, the shipped one, or a file."""
    kind, year = visit.text("kind"), visit.text("year")
    if kind == "text":
        form = visit.read(NoticeForm)
        return read_notice_text(form.text, form.year, form.number)
    if kind in _WHOLE:
        whole = shipped_notice if kind == "shipped" else partial(_ticked, visit)
        return whole(int(year) if re.fullmatch(r"\d{4}", year) else visit.clock.today.year)
    with uploaded(visit, "请先选择放假安排文件") as path:
        return read_notice(path)


def _ticked(visit: Visit, year: int) -> HolidayNotice:
    """The whole year as it was ticked; days off that fall on a weekend stay with their holiday."""
    known = {day: (works, name) for day, works, name in year_of(visit.session, year).days}
    ticked = {_day(str(each)) for each in visit.form.getlist("day")}
    weekdays = {day for day in ticked if day.weekday() < 5}
    resting = {day for day, (works, _) in known.items() if not works and day.weekday() >= 5}
    name = visit.text("name").strip()[:100] or "放假"
    off = {day: _name(known, day) or name for day in weekdays | (resting - ticked)}
    number = visit.text("number").strip()[:200]
    return checked_notice(HolidayNotice(year, number, off, frozenset(ticked - weekdays)))


def _name(known: Mapping[date, tuple[bool, str]], day: date) -> str:
    works, name = known.get(day, (True, ""))
    return "" if works else name


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused(f"“{text[:20]}”不是日期", "", "请从月历中选择") from error


def _months(shown: YearView) -> list[list[list[DayBox | None]]]:
    """The year month by month, week by week from Monday; None for a neighbour month's days."""
    known = {day: (works, name) for day, works, name in shown.days}

    def box(day: date, month: int) -> DayBox | None:
        is_weekend = day.weekday() >= 5
        works, name = known.get(day, (not is_weekend, ""))
        return DayBox(day, works == is_weekend, is_weekend, name) if day.month == month else None

    weeks = Calendar().monthdatescalendar
    return [
        [[box(day, month) for day in week] for week in weeks(shown.year, month)] for month in range(1, 13)
    ]


def _unpacked(packed: str) -> HolidayNotice:
    try:
        return checked_notice(_NOTICE.validate_json(packed))
    except ValidationError as error:
        raise Refused("预览的内容不完整", "", "请重新录入") from error
