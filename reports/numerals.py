"""Years and dates as offices write them: Arabic or Chinese numerals, and dates that lost characters."""

import re
from datetime import date
from typing import NamedTuple

from core.days import day_of, days_in
from core.numerals import narrow, number

_CN = "〇○Ｏ零一二三四五六七八九"
_YEAR = re.compile(
    rf"(?<!\d)((?:19|20)\d\s?\d)\s*(?:年|[—–~-]\s*20\d\d\s*年)|([一二][{_CN}]{{3}})\s*年|(?<!\d)(20\d\d)(?=\s*法治|\s*依法)"
)
_BROKEN = re.compile(r"(?<!\d)(?P<y>20\d\d)年?(?P<rest>\d{2,4})日?(?![\d月])")


class ReadDate(NamedTuple):
    """A date with how surely it was read: `broken` when characters were missing."""

    day: date
    broken: bool


def years(text: str) -> list[int]:
    """The years named in a text, in order ("2023年", "二〇二三年度", "2021—2022年" gives its first)."""
    text = narrow(text)
    if "年" not in text and "20" not in text:
        return []
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
    named = [day for day in days_in(text) if day.exact]
    read = [ReadDate(day.day, _lost_its_year_sign(text[day.start : day.end])) for day in named]
    if read:
        return min(read, key=lambda one: one.broken)
    days = (_broken(match["y"], match["rest"]) for match in _BROKEN.finditer(text))
    return next((ReadDate(day, broken=True) for day in days if day), None)


def _lost_its_year_sign(words: str) -> bool:
    return "月" in words and "年" not in words


def _broken(year: str, rest: str) -> date | None:
    """Month and day from digits that ran together; where two readings are possible, the earlier month."""
    for cut in (1, 2):
        month, day = rest[:cut], rest[cut:]
        if day and len(day) <= 2 and not (len(day) == 2 and day[0] == "0" and cut == 1 and len(rest) == 3):
            value = day_of(f"{year}-{month}-{day}", exact=True)
            if value:
                return value
    return None
