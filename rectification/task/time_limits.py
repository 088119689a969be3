"""How a time limit is written on paper, and how such wording is read back.

Pure functions. The wording is an office's own: 2026年6月30日, 6月底前, 10个工作日内, 立行立改, 长期坚持.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from core.days import read_day, without_clock
from core.errors import Refused
from core.text import folded
from core.workdays import WorkCalendar
from models.enums import DayUnit, TimeLimit
from rectification.labels import PROVISIONAL_DAY

MAX_DAYS: Final = 3_650

_TODO: Final = "可写 2026年6月30日、2026年6月底前、10个工作日、立行立改 或 长期坚持"
_DAYS: Final = re.compile(r"(\d{1,4})个?(工作日|自然日|日|天)")
_KIND_BY_LABEL: Final = {kind.word: kind for kind in TimeLimit} | dict.fromkeys(
    ("长期推进", "持续推进", "持续坚持", "持续整改", "常态化推进", "长期", "持续", "常态化"),
    TimeLimit.LONG_TERM,
)
_KIND: Final = re.compile("|".join(_KIND_BY_LABEL))


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit as written: its kind, with a date or a number of days where one was given.

    For a long-term task `day` is the next checkpoint.
    """

    kind: TimeLimit
    day: date | None = None
    days: int | None = None
    unit: DayUnit = DayUnit.WORKING


@cache
def day_text(day: date | None) -> str:
    """A date as papers print it: 2026年6月30日, no leading zero; empty for none."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def provisional(day: date | None, calendar: WorkCalendar) -> str:
    """What stands behind a date while the days of rest of its year are not announced; else nothing."""
    return f"（{PROVISIONAL_DAY}）" if day and calendar.is_provisional(day) else ""


def passed_text(day: date) -> str:
    """Why a draft is proposed another date than its paper gives it."""
    return f"原拟{day_text(day)}已过"


def until_text(day: date, today: date, calendar: WorkCalendar) -> str:
    """How far off a date is, or by how much it has passed."""
    if day == today:
        return "今天到期"
    left = calendar.between(today, day)
    if day < today:
        return f"已超过{-left}个工作日"
    return f"还有{left}个工作日" if left else "今天是到期前最后一个工作日"


def limit_text(limit: Limit) -> str:
    """The wording of a limit; `read_limit` gives the same limit back."""
    if limit.kind is TimeLimit.LONG_TERM:
        label = limit.kind.word
        return f"{label}（{day_text(limit.day)}检查）" if limit.day else label
    if limit.days is not None:
        unit = "工作日" if limit.unit is DayUnit.WORKING else "自然日"
        wording = f"{limit.days}个{unit}内"
        return f"{limit.kind.word}（{wording}）" if limit.kind is TimeLimit.IMMEDIATE else wording
    if limit.kind is TimeLimit.IMMEDIATE:
        return limit.kind.word + (f"（{day_text(limit.day)}前）" if limit.day else "")
    return day_text(limit.day)


def moved_text(
    due: date | None, original: date | None, deadline: date | None, *, extensions: int, was_redated: bool
) -> str:
    """How a deadline came to be another than the task was issued with; empty where it is the same."""
    day = deadline or due
    if day is None or due is None or original in (None, day):
        return ""
    waited = (day - due).days
    decided = (
        f"延期{extensions}次" if extensions else "",
        ("曾超期" if extensions else "超期后重定时限") if was_redated else "",
    )
    parts = (
        *decided,
        "已调整" if due != original and not any(decided) else "",
        f"补回复核、审签等待的{waited}天" if waited else "",
    )
    return "，".join(filter(None, parts))


def original_text(original: date | None, moved: str) -> str:
    """What stands behind a date that was moved: （原定2026年4月30日，延期1次）."""
    return f"（原定{day_text(original)}，{moved}）" if moved else ""


def read_limit(text: str, since: date | None = None) -> Limit:
    """A limit from an office's wording; a day without its year is the first on or after `since`.

    Raises: Refused, naming what can be written.
    """
    clean = folded(without_clock(text))
    named = _KIND.match(clean)
    kind = _KIND_BY_LABEL[named[0]] if named else TimeLimit.DATED
    rest = clean[named.end() :] if named else clean
    rest = rest.strip("()，,:：;；").removesuffix("检查")
    if not rest:
        if kind is TimeLimit.DATED:
            raise Refused("没有写整改时限", "", _TODO)
        return Limit(kind)
    if found := _DAYS.fullmatch(rest.removesuffix("以内").removesuffix("内")):
        days = int(found[1])
        if kind is TimeLimit.LONG_TERM or not 1 <= days <= MAX_DAYS:
            raise Refused(f"时限“{text.strip()[:30]}”不可用", "", _TODO)
        return Limit(kind, days=days, unit=DayUnit.WORKING if found[2] == "工作日" else DayUnit.NATURAL)
    try:
        return Limit(kind, day=read_day(rest, since=since))
    except Refused as error:
        raise Refused(f"时限“{text.strip()[:30]}”看不懂", error.why, _TODO) from error
