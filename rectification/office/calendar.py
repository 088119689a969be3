"""The working-day calendar as stored: loading it, and putting a year's notice in force."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.errors import NotFound, Refused, Unreadable
from core.workdays import WorkCalendar
from models.calendar import CalendarDay, CalendarYear
from models.enums import Channel, OfficeVerb
from rectification.office.journal import By, by_system, record, year_facts, year_key
from rectification.office.names import MAX_NAME
from reports.readers.encoding import decode

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100
MOST_DAYS_OFF: Final = 15
_MAKE_UP: Final = "补班"
_OF_ANOTHER: Final = re.compile(r"（\d{4}年）$")
_NOTICES: Final = Path(__file__).parent / "notices"


@dataclass(frozen=True, slots=True)
class HolidayNotice:
    """One year's holiday notice: its number (依据文号), days off by holiday, make-up workdays."""

    year: int
    number: str
    off: dict[date, str]
    work: frozenset[date]


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
    """A notice from its TOML file. Raises: Unreadable, naming what is wrong with the file."""
    try:
        content = tomllib.loads(decoded(path))
        off = {day: entry["name"] for entry in content["holiday"] for day in stretch(*entry["off"])}
        work = frozenset(day for entry in content["holiday"] for day in entry.get("work", ()))
        return checked_notice(HolidayNotice(int(content["year"]), str(content["number"]), off, work))
    except Refused as refusal:
        raise Unreadable(f"日历文件 {path.name} 有误", refusal.why, refusal.todo) from refusal
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise Unreadable(
            f"读不懂日历文件 {path.name}", str(error), "请按 docs 中的样例填写 TOML 文件"
        ) from error
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable(
            f"日历文件 {path.name} 缺少内容或日期有误",
            str(error),
            "需要 year、number 和各 [[holiday]] 的 name、off、work",
        ) from error


def decoded(path: Path) -> str:
    """The text of a file, in whichever encoding an office saved it. Raises: Unreadable."""
    text, is_broken = decode(path.read_bytes())
    if is_broken:
        raise Unreadable(
            f"日历文件 {path.name} 的编码认不出",
            "既不是 UTF-8，也不是 GBK",
            "请用记事本打开，另存为 UTF-8 编码后再试，或直接粘贴通知的文字",
        )
    return text.replace("\r\n", "\n")


def checked_notice(notice: HolidayNotice) -> HolidayNotice:
    """`notice`, if it can be one. Raises: Refused, naming the first thing that cannot be right."""

    def refused(why: str, todo: str = "请对照通知核对") -> Refused:
        return Refused("放假安排没有录入", why, todo)

    if not FIRST_YEAR <= notice.year <= LAST_YEAR:
        raise refused(f"年份 {notice.year} 不在 {FIRST_YEAR} 至 {LAST_YEAR} 之间")
    if not notice.number:
        raise refused("没有写依据文号", "请写明通知的文号")
    if not notice.off and not notice.work:
        raise refused("没有一天放假")
    if far := sorted(day for day in notice.off if not _near(day, notice.year)):
        raise refused(f"放假日 {far[0]} 不在 {notice.year} 年")
    if stray := sorted(day for day in notice.work if not _near(day, notice.year) or day in notice.off):
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


Days = Mapping[date, tuple[bool, str]]
"""Whether each day is worked, and its name."""


def days_after(session: Session, notice: HolidayNotice, *, adds: bool) -> tuple[Days, Days]:
    """What stands in the notice's year and beside it, and what will stand once it is in force.

    A notice may begin in the December before: those days bear its year in their names, and no other year's notice
    takes them away. `adds` leaves what stands and puts the notice's days over it.
    """
    around = CalendarDay.day.between(date(notice.year - 1, 1, 1), date(notice.year + 1, 12, 31))
    stored = session.scalars(select(CalendarDay).where(around).order_by(CalendarDay.day))
    before = {each.day: (each.is_workday, each.name) for each in stored}
    told = dict.fromkeys(notice.off, False) | dict.fromkeys(notice.work, True)
    mark = f"（{notice.year}年）"
    after = {
        day: (works, notice.off.get(day, _MAKE_UP) + ("" if day.year == notice.year else mark))
        for day, works in told.items()
    }
    if adds:
        return before, {**before, **after}
    own = {
        day
        for day, (_, name) in before.items()
        if name.endswith(mark) or (day.year == notice.year and not _OF_ANOTHER.search(name))
    }
    return before, {**{day: said for day, said in before.items() if day not in own}, **after}


@dataclass(frozen=True, slots=True)
class ChangedDay:
    """A day as it stands and as it will, in words; empty where the weekday alone says."""

    day: date
    before: str
    after: str

    @property
    def line(self) -> str:
        return f"{self.day}：{self.before or '未安排'} → {self.after or '去掉'}"


def changed_days(session: Session, notice: HolidayNotice, *, adds: bool) -> list[ChangedDay]:
    """What a notice would change, and take away, day by day."""
    old, new = days_after(session, notice, adds=adds)
    changed = (day for day in sorted({**old, **new}) if old.get(day) != new.get(day))
    return [ChangedDay(day, _words(old.get(day)), _words(new.get(day))) for day in changed]


def _words(said: tuple[bool, str] | None) -> str:
    return f"{'上班' if said[0] else '放假'}（{said[1]}）" if said else ""


def put_in_force(session: Session, by: By, notice: HolidayNotice, *, adds: bool = False) -> None:
    """Replace what is known of the notice's year, or add to it (a supplementary notice)."""
    old, new = days_after(session, notice, adds=adds)
    altered = [day for day in {**old, **new} if old.get(day) != new.get(day)]
    years = sorted({notice.year, *(day.year for day in altered)})
    before = {year: year_facts(session, year) or None for year in years}
    year = session.get(CalendarYear, notice.year)
    if year is not None or not adds:  # a supplement alone does not announce a year
        year = year or CalendarYear(year=notice.year, revision=0)
        numbers = [year.notice] if adds and notice.number not in year.notice else []
        year.notice = "、".join([*numbers, notice.number])[-MAX_NAME:] if numbers or not adds else year.notice
        year.loaded_at, year.revision = by.clock.now, year.revision + 1
        session.add(year)
    session.execute(delete(CalendarDay).where(CalendarDay.day.in_(altered)))
    rows = [{"day": day, "is_workday": new[day][0], "name": new[day][1]} for day in altered if day in new]
    session.flush()
    if rows:
        session.execute(insert(CalendarDay), rows)
    changes = {year_key(each): (before[each], year_facts(session, each)) for each in years}
    record(session, by, OfficeVerb.SET_CALENDAR, changes)


def shipped_notice(year: int) -> HolidayNotice:
    """What this version ships for a year. Raises: NotFound."""
    for notice in shipped_notices():
        if notice.year == year:
            return notice
    raise NotFound(f"随版本没有 {year} 年的放假安排", "", "请粘贴国务院办公厅通知的文字")


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


def stretch(first: date, last: date) -> list[date]:
    """Every day from `first` to `last`, both included. Raises: Refused, where that is no holiday."""
    if not first <= last <= first + timedelta(days=MOST_DAYS_OFF):
        raise Refused("放假安排没有录入", f"从 {first} 到 {last} 不成立", "请核对起止日期")
    return [first + timedelta(days=i) for i in range((last - first).days + 1)]


def _near(day: date, year: int) -> bool:
    """Whether a year's notice may speak of a day: it may begin in the December before."""
    return day.year == year or (day.year, day.month) == (year - 1, 12)
