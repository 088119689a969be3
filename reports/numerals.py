"""Years and dates as offices write them: Arabic or Chinese numerals, and dates that lost characters."""

import re
from datetime import date
from typing import NamedTuple

from core.numerals import narrow, number

_CN = "〇○Ｏ零一二三四五六七八九"
_YEAR = re.compile(
    rf"(?<!\d)((?:19|20)\d\s?\d)\s*(?:年|[—–~-]\s*20\d\d\s*年)|([一二][{_CN}]{{3}})\s*年|(?<!\d)(20\d\d)(?=\s*法治|\s*依法)"
)
_FULL = re.compile(
    rf"(?<!\d)(?P<y>(?:19|20)\d\d|[一二][{_CN}]{{3}})\s*[年./\-－—]\s*(?P<m>\d{{1,2}}|元|[{_CN}十]{{1,2}})\s*[月./\-－—]\s*"
    rf"(?P<d>\d{{1,2}}|[{_CN}十廿卅]{{1,3}})\s*[日号]?(?!\d)"
)
_BROKEN = re.compile(
    r"(?<!\d)(?P<y>20\d\d)年?(?P<rest>\d{2,4})日?(?![\d月])|(?<!\d)(?P<y2>20\d\d)年?(?P<m2>\d{1,2})月(?P<d2>\d{1,2})日?(?!\d)"
)


class ReadDate(NamedTuple):
    """A date with how surely it was read: `broken` when characters were missing."""

    day: date
    broken: bool


def years(text: str) -> list[int]:
    """The years named in a text, in order ("2023年", "二〇二三年度", "2021—2022年" gives its first)."""
    text = narrow(text)
    found = []
    for match in _YEAR.finditer(text):
        digits = next(group for group in match.groups() if group)
        value = number(digits.replace(" ", ""))
        if value and 1990 <= value <= 2100:
            found.append(value)
    return found


def read_date(text: str) -> ReadDate | None:
    """The first date in a text; a day must be named, and digits that lost their 年月日 are tried last."""
    text = narrow(text)
    for match in _FULL.finditer(text):
        day = _day(match["y"], match["m"], match["d"])
        if day:
            return ReadDate(day, broken=False)
    for match in _BROKEN.finditer(text):
        if match["y2"]:
            day = _day(match["y2"], match["m2"], match["d2"])
            if day:
                return ReadDate(day, broken="年" not in match[0])
            continue
        day = _broken(match["y"], match["rest"])
        if day:
            return ReadDate(day, broken=True)
    return None


def _broken(year: str, rest: str) -> date | None:
    """Month and day from digits that ran together; where two readings are possible, the earlier month."""
    for cut in (1, 2):
        month, day = rest[:cut], rest[cut:]
        if day and len(day) <= 2 and not (len(day) == 2 and day[0] == "0" and cut == 1 and len(rest) == 3):
            value = _day(year, month, day)
            if value:
                return value
    return None


def _day(year: str, month: str, day: str) -> date | None:
    day = day.replace("廿", "二十").replace("卅", "三十").replace("二十十", "二十")
    values = number(year), number("1" if month == "元" else month), number(day)
    if None in values:
        return None
    try:
        return date(values[0] or 0, values[1] or 0, values[2] or 0)
    except ValueError:
        return None
