"""Holiday notices: what a file or a form may say, and what one leaves of the others when it comes into force."""

from datetime import date
from pathlib import Path

import pytest

from core.db import Database
from core.errors import Refused, Unreadable
from rectification.office.calendar import (
    HolidayNotice,
    changed_days,
    checked_notice,
    install_shipped,
    load_calendar,
    put_in_force,
    read_notice,
    shipped_notice,
    stretch,
    year_of,
)
from rectification.office.journal import verify
from tests.factories import BY

NEW_YEAR = dict.fromkeys(stretch(date(2027, 1, 1), date(2027, 1, 3)), "元旦")
OF_2030 = """year = 2030
number = "（虚拟）国办发明电〔2029〕7号"
[[holiday]]
name = "元旦"
off = [2029-12-30, 2030-01-01]
work = [2029-12-29]
[[holiday]]
name = "国庆节"
off = [2030-10-01, 2030-10-07]
work = [2030-09-29]
"""


@pytest.mark.parametrize(
    ("notice", "why"),
    [
        (HolidayNotice(2027, "", NEW_YEAR, frozenset()), "没有写依据文号"),
        (HolidayNotice(2027, "9号", {}, frozenset()), "没有一天放假"),
        (HolidayNotice(1999, "9号", NEW_YEAR, frozenset()), "年份 1999"),
        (HolidayNotice(2027, "9号", {date(2029, 1, 1): "元旦"}, frozenset()), "不在 2027 年"),
        (HolidayNotice(2027, "9号", NEW_YEAR, frozenset({date(2027, 1, 8)})), "本来就是工作日"),
        (HolidayNotice(2027, "9号", NEW_YEAR, frozenset({date(2028, 1, 8)})), "不在该年内"),
        (HolidayNotice(2027, "9号", NEW_YEAR, frozenset({date(2027, 1, 2)})), "同时又是放假日"),
    ],
)
def test_a_notice_that_cannot_be_is_refused(notice: HolidayNotice, why: str) -> None:
    with pytest.raises(Refused, match=why):
        checked_notice(notice)


def test_a_holiday_neither_ends_before_it_begins_nor_lasts_a_year() -> None:
    for last in (date(2026, 12, 31), date(2027, 12, 31)):
        with pytest.raises(Refused, match="不成立"):
            stretch(date(2027, 1, 1), last)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_file_is_read_in_any_of_the_usual_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "2030.toml"
    path.write_bytes(OF_2030.replace("\n", "\r\n").encode(encoding))
    assert read_notice(path).off[date(2029, 12, 31)] == "元旦"


def test_an_encoding_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "2030.toml"
    path.write_bytes(b'number = "\xff\xff\xff"')
    with pytest.raises(Unreadable, match="既不是 UTF-8，也不是 GBK"):
        read_notice(path)


def in_force(database: Database, notice: HolidayNotice, *, adds: bool = False) -> list[str]:
    """Put it in force; what was said to change."""
    with database.unit_of_work() as session:
        changed = changed_days(session, notice, adds=adds)
        put_in_force(session, BY, notice, adds=adds)
    return [each.line for each in changed]


def test_a_supplementary_notice_adds_its_day_and_the_year_stays(database: Database) -> None:
    supplement = HolidayNotice(2026, "补充通知", {date(2026, 12, 3): "纪念日"}, frozenset())
    with database.unit_of_work() as session:
        install_shipped(session, BY.clock)
    assert in_force(database, supplement, adds=True) == ["2026-12-03：未安排 → 放假（纪念日）"]
    with database.reading() as session:
        calendar, year = load_calendar(session), year_of(session, 2026)
    assert not calendar.is_workday(date(2026, 12, 3))
    assert not calendar.is_workday(date(2026, 10, 1))
    assert year.notice == "国办发明电〔2025〕7号、补充通知"
    assert in_force(database, shipped_notice(2026)) == ["2026-12-03：放假（纪念日） → 去掉"]
    with database.reading() as session:
        assert year_of(session, 2026).notice == "国办发明电〔2025〕7号"


def test_days_of_the_year_before_are_kept_whichever_notice_comes_last(
    database: Database, tmp_path: Path
) -> None:
    (tmp_path / "2030.toml").write_text(OF_2030, encoding="utf-8")
    of_2029 = HolidayNotice(2029, "2029号", {date(2029, 10, 1): "国庆节"}, frozenset())
    for _ in range(2):
        in_force(database, read_notice(tmp_path / "2030.toml"))
        in_force(database, of_2029)
    with database.unit_of_work() as session:
        calendar = load_calendar(session)
        assert [calendar.is_workday(date(2029, 12, day)) for day in (29, 30, 31)] == [True, False, False]
        assert not calendar.is_workday(date(2029, 10, 1))
        assert verify(session).fault is None
    shorter = HolidayNotice(2030, "更正", {date(2030, 1, 1): "元旦"}, frozenset())
    in_force(database, shorter)
    with database.reading() as session:
        assert load_calendar(session).is_workday(date(2029, 12, 31))


def test_a_supplement_to_a_year_nobody_announced_leaves_it_provisional(database: Database) -> None:
    in_force(database, HolidayNotice(2031, "补充", {date(2031, 12, 3): "纪念日"}, frozenset()), adds=True)
    with database.reading() as session:
        assert load_calendar(session).is_provisional(date(2031, 12, 3))
        assert not load_calendar(session).is_workday(date(2031, 12, 3))
