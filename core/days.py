"""A day as people write it: 2026年6月30日, 12月20日, 2026.6.30, 2026年底, 6月底前, 上半年, 二季度.

A stretch of time stands for its last day, for it is by then that a thing is to be done.
"""

import calendar
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from core.errors import Refused
from core.numerals import narrow, number

FIRST_YEAR: Final = 1990
LAST_YEAR: Final = 2099

_N: Final = r"(?:\d{1,2}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九元])"
_Y: Final = r"(?<!\d)(?P<{0}>(?:19|20)\d\d|[一二][〇○Ｏ零一二三四五六七八九]{{3}})"
_NOT_THE_YEAR: Final = r"(?<![每逐历往去上前整近多几半学\d一二两三四五六七八九十])"
_TIME: Final = re.compile(
    # 2026-6-30, 2026.6.30, 2026年6月30日
    rf"{_Y.format('y1')}\s*[年./\-－—]\s*(?P<m1>{_N})\s*[月./\-－—]\s*(?P<d1>\d{{1,2}}|[一二三]〇|[一二三]?[十廿卅]?[一二三四五六七八九十])(?!\d)\s*[日号]?"
    # 2026年6月底, 6月30日, 6月中旬; the year may have lost its 年
    rf"|(?:{_Y.format('y2')}\s*年?\s*|(?<![\d.每零〇]))(?P<m2>{_N})\s*月(?!报|一(?![日号]))(?:(?P<d2>{_N}|[二三]十|三十一|廿\w?|卅)[日号]|份?(?P<part>上旬|中旬|下旬|初|中|底|末)?)"
    # 2026.6 and 2026-06, where no figure follows
    rf"|{_Y.format('y3')}[./\-](?P<m3>1[0-2]|0?[1-9])(?![\d.%％万亿元余])"
    # 2026年二季度, 上半年, 年底
    rf"|(?:{_Y.format('y4')}\s*年度?\s*)?(?<![每逐各])第?(?P<quarter>[一二三四1-4])季度(?:[末底])?"
    rf"|(?:{_Y.format('y5')}\s*年?\s*)?(?P<half>[上下])半年"
    rf"|(?:{_Y.format('y6')}(?:年(?=年))?|{_NOT_THE_YEAR})年(?P<at>[底末中内])"
)
_WHOLE_YEAR: Final = re.compile(rf"(?:{_Y.format('y')}年?)?(?:全年|年度|(?<=年))")
_CLOCK: Final = re.compile(r"(?<=\d)[\sT]+\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?\s*$")
_COMPACT: Final = re.compile(r"(\d{4})(\d\d)(\d\d)")
_WITHOUT_YEAR: Final = re.compile(r"(\d{1,2})[./\-](\d{1,2})")
_BY: Final = re.compile(r"(?:之前|以前|前|止|(?<!年)内|完成)+$")
_TO: Final = re.compile(r"[至到—–~～\-－]+")
_PARTS: Final = {"上旬": 10, "初": 10, "中": 15, "中旬": 20}
_MONTHS: Final = {"上": 6, "下": 12, "中": 6}


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day that a text names, and where; `exact` where the words name the day itself, its year included."""

    day: date
    start: int
    end: int
    exact: bool


def days_in(text: str, *, year: int | None = None) -> Iterator[NamedDay]:
    """The days that a text names, in order; `year` is the one meant where none is said (without it: left out)."""
    text = narrow(text)
    carried, end = year, 0
    for found in _TIME.finditer(text):
        parts = {
            name[0] if name[-1].isdigit() else name: said for name, said in found.groupdict().items() if said
        }
        if "y" in parts:
            carried = number(parts["y"])
        elif not _TO.fullmatch(text, end, found.start()):  # "2026年3月至6月" says the year once
            carried = year
        end = found.end()
        if day := _day(carried, parts):
            yield NamedDay(day, found.start(), end, exact="y" in parts and "d" in parts)


def _day(year: int | None, parts: dict[str, str]) -> date | None:
    """The last day of what was named."""
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    if "m" in parts:
        month = 1 if parts["m"] == "元" else number(parts["m"]) or 0
    elif "quarter" in parts:
        month = 3 * (number(parts["quarter"]) or 0)
    else:
        month = _MONTHS.get(parts.get("half", "") or parts.get("at", ""), 12)
    if not 1 <= month <= 12:
        return None
    if "d" in parts:
        spelt = parts["d"].replace("廿", "二十").replace("卅", "三十").replace("二十十", "二十")
        last = number(spelt) or 0
    else:
        last = _PARTS.get(parts.get("part", ""), calendar.monthrange(year, month)[1])
    return date(year, month, last) if 1 <= last <= calendar.monthrange(year, month)[1] else None


def without_clock(text: str) -> str:
    """A day as programs write it, without the time of day behind it: 2026-12-20 00:00:00."""
    return _CLOCK.sub("", text)


def day_of(text: str, *, year: int | None = None, exact: bool = False) -> date | None:
    """The day that a text names and nothing else ("2026年6月底前", "20260630", "全年" with the year given).

    `exact`: only a day of its own is one, not the last of a month or of a year.
    """
    clean = _BY.sub("", "".join(without_clock(unicodedata.normalize("NFKC", text)).split()))
    if found := _COMPACT.fullmatch(clean):
        return _day(int(found[1]), {"m": found[2], "d": found[3]})
    if found := _WITHOUT_YEAR.fullmatch(clean):
        return _day(year, {"m": found[1], "d": found[2]})
    if clean and not exact and (found := _WHOLE_YEAR.fullmatch(clean)):
        return _day(number(found["y"]) if found["y"] else year, {})
    named = list(days_in(clean, year=year))
    edges = [0, *(edge for day in named for edge in (day.start, day.end)), len(clean)]
    between = [clean[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)]
    if not named or between[0] or between[-1] or not all(_TO.fullmatch(words) for words in between[1:-1]):
        return None
    return named[-1].day if named[-1].exact or not exact else None


def read_day(text: str, *, since: date | None = None) -> date:
    """The day that a text names, as `day_of`; one without its year is the first on or after `since`, where given.

    Raises: Refused, where it names none, or one outside 1990 to 2099.
    """
    years = [since.year, since.year + 1] if since else []
    for year in (None, *years):
        day = day_of(text, year=year)
        if day and (year is None or since is None or day >= since):
            return day
    why = (
        "没有写年份" if day_of(text, year=2000) else f"没有这一天，或不在 {FIRST_YEAR} 至 {LAST_YEAR} 年之间"
    )
    raise Refused(f"“{text.strip()[:30]}”不是可用的日期", why, "应形如 2026年6月30日 或 2026-06-30")
