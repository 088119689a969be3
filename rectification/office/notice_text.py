"""The State Council's holiday notice, read from its text as it is published.

元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from core.errors import Refused
from rectification.office.calendar import HolidayNotice, checked_notice, stretch

_NUMBER: Final = re.compile(r"国办发(?:明电)?\s*[〔\[(]\d{4}[〕\])]\s*\d+\s*号")
_YEAR: Final = re.compile(r"(\d{4})年(?=[^。;]{0,12}(?:节假日|放假))")
_HOLIDAY: Final = re.compile(
    r"(?:^|(?<=[\n。;]))\s*(?:[(]?[一二三四五六七八九十\d]+[)]?[、.]\s*)?(?:\d{4}年)?([^\W\d]{2,6}(?:[、和][^\W\d]{2,6})*):"
)
_ONE: Final = (
    r"(?:(?P<y{0}>\d{{4}}|次)年)?(?:(?P<m{0}>\d{{1,2}})月)?(?P<d{0}>\d{{1,2}})日(?:\((?P<w{0}>[^()]*)\))?"
)
_DAYS: Final = re.compile(rf"{_ONE.format(1)}(?:\s*(?:至|到|-|—|–|~)+\s*{_ONE.format(2)})?")
_COUNT: Final = re.compile(r"共(\d+)天")
_WEEKDAY: Final = re.compile(r"(?:周|星期)([一二三四五六日天])")
_WEEK: Final = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class _Span:
    first: date
    last: date

    @property
    def days(self) -> list[date]:
        return stretch(self.first, self.last)


def read_notice_text(text: str, year: int | None = None, number: str = "") -> HolidayNotice:
    """The notice a text is, or holds; `year` and `number` are those given with it, and go before what it says.

    Raises: Refused, naming what the text does not say or says twice differently.
    """
    clean = unicodedata.normalize("NFKC", text)
    said = _YEAR.search(clean)
    year = year or (int(said[1]) if said else None)
    if year is None:
        raise _refused("没有写是哪一年的安排", "请填写年份，或连标题一起粘贴")
    found = _NUMBER.search(clean)
    number = number.strip() or (re.sub(r"\s", "", found[0]) if found else "")
    off: dict[date, str] = {}
    work: set[date] = set()
    heads = list(_HOLIDAY.finditer(clean))
    ends = [*(each.start() for each in heads[1:]), len(clean)]
    for head, end in zip(heads, ends, strict=False):
        rests, makes_up = _read(clean[head.end() : end], year)
        days = [day for span in rests for day in span.days]
        told = _COUNT.search(clean, head.end(), end)
        if days and told and int(told[1]) not in (len(set(days)), len(rests)):
            raise _refused(f"“{head[1]}”写明共 {told[1]} 天，读出的是 {len(set(days))} 天", "请核对日期")
        off |= dict.fromkeys(days, head[1])
        work.update(day for span in makes_up for day in span.days)
    if not off and not work:
        raise _refused(
            "没有读出放假的日子", "请粘贴通知中“元旦：1月1日至3日放假，共3天。1月4日上班。”这样的内容"
        )
    return checked_notice(HolidayNotice(year, number[:200], off, frozenset(work)))


def _read(text: str, year: int) -> tuple[list[_Span], list[_Span]]:
    """The days off and the make-up workdays of one holiday; days belong to the next verb behind them."""
    rests: list[_Span] = []
    makes_up: list[_Span] = []
    waiting: list[_Span] = []
    for clause in re.split(r"[。;,\n]", text):
        waiting += _spans(clause, year)
        if "上班" in clause:
            makes_up, waiting = [*makes_up, *waiting], []
        elif "放假" in clause or "补休" in clause:
            rests, waiting = [*rests, *waiting], []
    return rests, makes_up


def _spans(clause: str, year: int) -> Iterator[_Span]:
    month: int | None = None
    for found in _DAYS.finditer(clause):
        month = int(found["m1"]) if found["m1"] else month
        first = _day(found, "1", year, month)
        last = first
        if found["d2"]:
            month = int(found["m2"]) if found["m2"] else first.month
            last = _day(found, "2", first.year, month)
            if last < first and not found["y2"]:
                last = _day(found, "2", first.year + 1, month)
            if found["y1"] is None and found["m2"] and first.year == year and last.year > year:
                first, last = (
                    _day(found, n, each.year - 1, each.month) for n, each in (("1", first), ("2", last))
                )
        if not first <= last <= first + timedelta(days=15):
            raise _refused(f"“{found[0]}”不成立", "请核对起止日期")
        yield _Span(first, last)


def _day(found: re.Match[str], place: str, year: int, month: int | None) -> date:
    """One day of a match, in its own year where it says one; its weekday must be the one beside it."""
    said = found[f"y{place}"]
    year = year + 1 if said == "次" else int(said) if said else year
    try:
        if month is None:
            raise ValueError
        day = date(year, month, int(found[f"d{place}"]))
    except ValueError as error:
        raise _refused(f"没有“{found[0]}”这一天", "请核对日期") from error
    weekday = _WEEKDAY.search(found[f"w{place}"] or "")
    return _checked_weekday(day, weekday[1]) if weekday else day


def _checked_weekday(day: date, said: str) -> date:
    is_so = _WEEK[day.weekday()] == said.replace("天", "日")
    if not is_so:
        raise _refused(
            f"{day.year}年{day.month}月{day.day}日是周{_WEEK[day.weekday()]}，通知写的是周{said}",
            "请核对年份",
        )
    return day


def _refused(why: str, todo: str) -> Refused:
    return Refused("放假安排没有读出来", why, todo)
