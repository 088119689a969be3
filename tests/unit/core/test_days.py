"""A day as people write it."""

import calendar
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.days import FIRST_YEAR, LAST_YEAR, day_of, days_in, read_day
from core.errors import Refused

DAYS = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
NUMERALS = "〇一二三四五六七八九十"
# What may stand around a day in a sentence without being part of one.
AROUND = st.text(st.sampled_from("，。；力争完成法治建设：（）"), max_size=8)


def spelt(value: int) -> str:
    """A number up to 99 in Chinese numerals."""
    tens, ones = divmod(value, 10)
    if not tens:
        return NUMERALS[ones]
    return ("" if tens == 1 else NUMERALS[tens]) + "十" + (NUMERALS[ones] if ones else "")


def forms(day: date) -> list[str]:
    year, month, of_month = day.year, day.month, day.day
    in_words = "".join(NUMERALS[int(digit)] for digit in str(year))
    return [
        f"{year}年{month}月{of_month}日",
        f"{year}年{month:02}月{of_month:02}日",
        f"{year} 年 {month} 月 {of_month} 日",
        f"{year}年{month}月{of_month}号",
        f"{year}-{month}-{of_month}",
        f"{year}/{month:02}/{of_month:02}",
        f"{year}.{month}.{of_month}",
        f"{year}年{month}月{of_month}日".translate(WIDE),
        f"{in_words}年{spelt(month)}月{spelt(of_month)}日",
    ]


def last_of(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


@given(DAYS)
def test_a_day_reads_back_in_every_form(day: date) -> None:
    for text in (*forms(day), day.isoformat(), f"{day:%Y%m%d}"):
        for by in ("", "前", "之前", "以前"):
            assert read_day(text + by) == day, text + by
            assert day_of(text + by, exact=True) == day, text + by


@given(DAYS, st.integers(FIRST_YEAR, LAST_YEAR))
def test_a_day_without_its_year_is_of_the_year_meant(day: date, year: int) -> None:
    for text in (
        f"{day.month}月{day.day}日",
        f"{spelt(day.month)}月{spelt(day.day)}日",
        f"{day.month}.{day.day}",
    ):
        expected = (
            None if (day.month, day.day) == (2, 29) and not calendar.isleap(year) else day.replace(year=year)
        )
        assert day_of(text, year=year) == expected, text
        assert day_of(text) is None


@given(st.integers(FIRST_YEAR, LAST_YEAR), st.integers(1, 12))
def test_a_month_ends_on_its_last_day(year: int, month: int) -> None:
    for text in (
        f"{month}月底前",
        f"{month}月",
        f"{month}月末",
        f"{month}月份",
        f"{month}月下旬",
        f"{spelt(month)}月底",
    ):
        assert day_of(text, year=year) == last_of(year, month), text
        assert day_of(f"{year}年{text}") == last_of(year, month), text
    assert day_of(f"{year}.{month}") == day_of(f"{year}-{month:02}") == last_of(year, month)
    assert day_of(f"1月至{month}月", year=year) == last_of(year, month)


@given(AROUND, DAYS, st.integers(0, 8), AROUND)
def test_a_day_in_a_sentence_is_found_in_its_place(before: str, day: date, form: int, after: str) -> None:
    words = forms(day)[form]
    (named,) = days_in(before + words + after)
    assert named.day == day
    assert named.exact
    assert (before + words + after)[named.start : named.end] == words


@given(
    st.text(st.sampled_from("0123年月日底上下半季度每一二十前至.-全内中"), max_size=30),
    st.integers(1980, 2110),
)
def test_any_text_names_real_days_or_none(text: str, year: int) -> None:
    end = 0
    for named in days_in(text, year=year):
        assert end <= named.start < named.end <= len(text)
        assert FIRST_YEAR <= named.day.year <= LAST_YEAR
        end = named.end
    try:
        assert read_day(text) == day_of(text)
    except Refused:
        assert day_of(text) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("上半年", date(2026, 6, 30)),
        ("2027年上半年", date(2027, 6, 30)),
        ("下半年", date(2026, 12, 31)),
        ("年底前", date(2026, 12, 31)),
        ("2025年年底前", date(2025, 12, 31)),
        ("年内", date(2026, 12, 31)),
        ("年中前", date(2026, 6, 30)),
        ("全年", date(2026, 12, 31)),
        ("2025年", date(2025, 12, 31)),
        ("二季度", date(2026, 6, 30)),
        ("第三季度末", date(2026, 9, 30)),
        ("6月中旬", date(2026, 6, 20)),
        ("5月至7月", date(2026, 7, 31)),
        ("2025年11月至2026年2月", date(2026, 2, 28)),
        ("2025年3月—6月", date(2025, 6, 30)),
        ("20256月底前", date(2025, 6, 30)),
        ("元月底", date(2026, 1, 31)),
    ],
)
def test_a_stretch_of_time_stands_for_its_last_day(text: str, day: date) -> None:
    assert day_of(text, year=2026) == day
    assert day_of(text, year=2026, exact=True) is None


@pytest.mark.parametrize(
    "text",
    [
        "长期坚持", "立行立改", "尽快", "三年内", "两年内", "去年底", "每年底", "每季度", "每月", "连续两个季度", "一月一法", "一季一考", "30日内", "三个月",
        "2026年2月30日", "2026年13月", "1066年1月1日", "春节前后", "2024.5万元", "", "日", "6月底和年底",
    ],
)  # fmt: skip
def test_what_is_no_day_is_none(text: str) -> None:
    assert day_of(text, year=2026) is None


def test_a_refusal_says_what_is_missing() -> None:
    with pytest.raises(Refused, match="没有写年份"):
        read_day("6月底前")
    with pytest.raises(Refused, match="没有这一天"):
        read_day("2026年2月30日")
