"""The working-day calendar as stored: loading it, and putting a year's notice in force."""

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.errors import Refused, Unreadable
from core.workdays import WorkCalendar
from models.calendar import CalendarDay, CalendarYear
from models.enums import Channel, OfficeVerb
from rectification.office.journal import By, by_system, record, year_facts, year_key

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100
MOST_DAYS_OFF: Final = 15
_NOTICES: Final = Path(__file__).parent / "notices"


@dataclass(frozen=True, slots=True)
class HolidayNotice:
    """One year's holiday notice: its number (依据文号), days off by holiday, make-up workdays."""

    year: int
    number: str
    off: dict[date, str]
    work: frozenset[date]


@dataclass(frozen=True, slots=True)
class Holiday:
    """One holiday as a form has it; both days are off."""

    name: str
    first: date
    last: date


def load_calendar(session: Session) -> WorkCalendar:
    """The calendar in force."""
    days = session.execute(select(CalendarDay.day, CalendarDay.is_workday)).tuples()
    years = session.scalars(select(CalendarYear.year))
    return WorkCalendar(dict(days.all()), frozenset(years), statutory_days)


@cache
def statutory_days(year: int) -> Mapping[date, str]:
    """法定节假日: the year's days of rest by law, with those in lieu of weekends; none outside 1950 to 2100."""
    from holidays import country_holidays  # 0.6 s: paid where an unannounced year is asked, nowhere else

    return dict(country_holidays("CN", years=year, language="zh_CN"))


def read_notice(path: Path) -> HolidayNotice:
    """A notice from its TOML file.

    Raises: Unreadable, naming what is wrong with the file.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        off = {day: entry["name"] for entry in content["holiday"] for day in _stretch(entry["off"])}
        work = frozenset(day for entry in content["holiday"] for day in entry.get("work", ()))
        return checked_notice(HolidayNotice(int(content["year"]), str(content["number"]), off, work))
    except Refused as refusal:
        raise Unreadable(f"日历文件 {path.name} 有误", refusal.why, refusal.todo) from refusal
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Unreadable(
            f"读不懂日历文件 {path.name}", str(error), "请按 docs 中的样例填写 TOML 文件"
        ) from error
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable(
            f"日历文件 {path.name} 缺少内容或日期有误",
            str(error),
            "需要 year、number 和各 [[holiday]] 的 name、off、work",
        ) from error


def notice_of(year: int, number: str, holidays: Sequence[Holiday], work: Collection[date]) -> HolidayNotice:
    """A notice from the values of a form.

    Raises: Refused, naming the first thing that cannot be right.
    """
    off: dict[date, str] = {}
    for holiday in holidays:
        if not holiday.first <= holiday.last <= holiday.first + timedelta(days=MOST_DAYS_OFF):
            raise Refused(
                "放假安排没有录入",
                f"“{holiday.name}”从 {holiday.first} 到 {holiday.last} 不成立",
                "请核对起止日期",
            )
        off |= dict.fromkeys(_stretch([holiday.first, holiday.last]), holiday.name.strip()[:200])
    return checked_notice(HolidayNotice(year, number.strip()[:200], off, frozenset(work)))


def checked_notice(notice: HolidayNotice) -> HolidayNotice:
    """`notice`, if it can be one.

    Raises: Refused, naming the first thing that cannot be right.
    """

    def refused(why: str, todo: str = "请对照通知核对") -> Refused:
        return Refused("放假安排没有录入", why, todo)

    if not FIRST_YEAR <= notice.year <= LAST_YEAR:
        raise refused(f"年份 {notice.year} 不在 {FIRST_YEAR} 至 {LAST_YEAR} 之间")
    if not notice.number:
        raise refused("没有写依据文号", "请写明通知的文号")
    if not notice.off:
        raise refused("没有一天放假")
    if far := sorted(day for day in notice.off if abs(day.year - notice.year) > 1):
        raise refused(f"放假日 {far[0]} 不在 {notice.year} 年")
    if stray := sorted(day for day in notice.work if day.year != notice.year or day in notice.off):
        raise refused(f"补班日 {stray[0]} 不在该年内，或同时又是放假日")
    if weekday := sorted(day for day in notice.work if day.weekday() < 5):
        raise refused(f"补班日 {weekday[0]} 本来就是工作日（不是周六、周日）")
    return notice


@cache
def shipped_notices() -> tuple[HolidayNotice, ...]:
    """The years the State Council has announced, as shipped with this version."""
    return tuple(read_notice(path) for path in sorted(_NOTICES.glob("*.toml")))


def shipped_years() -> frozenset[int]:
    """The years `shipped_notices` has, without reading them."""
    return frozenset(int(path.stem) for path in _NOTICES.glob("*.toml"))


def put_in_force(session: Session, by: By, notice: HolidayNotice) -> None:
    """Replace what is known of the notice's year."""
    before = year_facts(session, notice.year) or None
    first, last = date(notice.year, 1, 1), date(notice.year, 12, 31)
    session.execute(delete(CalendarDay).where(CalendarDay.day.between(first, last)))
    year = session.get(CalendarYear, notice.year) or CalendarYear(year=notice.year, revision=0)
    year.notice, year.loaded_at, year.revision = notice.number, by.clock.now, year.revision + 1
    session.add(year)
    off = {day: (False, name) for day, name in notice.off.items() if day.year == notice.year}
    days = off | dict.fromkeys(sorted(notice.work), (True, "补班"))
    rows = [{"day": day, "is_workday": is_workday, "name": name} for day, (is_workday, name) in days.items()]
    session.flush()
    if rows:
        session.execute(insert(CalendarDay), rows)
    changes = {year_key(notice.year): (before, year_facts(session, notice.year))}
    record(session, by, OfficeVerb.SET_CALENDAR, changes)


def install_shipped(session: Session, clock: Clock) -> list[HolidayNotice]:
    """Put every shipped notice in force that the ledger does not know, and return those.

    One an office loaded is left alone.
    """
    known = set(session.scalars(select(CalendarYear.year)))
    new = [notice for notice in shipped_notices() if notice.year not in known]
    for notice in new:
        put_in_force(session, by_system(clock, Channel.FLOW), notice)
    return new


@dataclass(frozen=True, slots=True)
class YearView:
    """A year as shown: its notice (None where provisional) and its days of rest and make-up workdays."""

    year: int
    notice: str | None
    days: tuple[tuple[date, bool, str], ...]


def year_of(session: Session, year: int) -> YearView:
    """What is in force for a year."""
    known = session.get(CalendarYear, year)
    days = {} if known else {day: (day, False, name) for day, name in statutory_days(year).items()}
    stored = session.scalars(
        select(CalendarDay).where(CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31)))
    )
    days |= {each.day: (each.day, each.is_workday, each.name) for each in stored}
    return YearView(year, known.notice if known else None, tuple(days[day] for day in sorted(days)))


def _stretch(days: list[date]) -> list[date]:
    """`[first, last]` as every day between, both included."""
    first, last = days[0], days[-1]
    return [first + timedelta(days=i) for i in range((last - first).days + 1)]
