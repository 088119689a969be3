"""Limits as offices write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.days import read_day
from core.errors import Refused
from models.enums import DayUnit, TimeLimit
from rectification.task.time_limits import Limit, day_text, limit_text, read_limit

DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))
LIMITS = (
    st.builds(Limit, st.just(TimeLimit.DATED), DAYS)
    | st.builds(Limit, st.sampled_from([TimeLimit.LONG_TERM, TimeLimit.IMMEDIATE]), st.none() | DAYS)
    | st.builds(
        Limit,
        st.sampled_from([TimeLimit.DATED, TimeLimit.IMMEDIATE]),
        st.none(),
        st.integers(1, 3650),
        st.sampled_from(DayUnit),
    )
)


@given(LIMITS)
def test_a_limit_reads_back_as_it_was_written(limit: Limit) -> None:
    assert read_limit(limit_text(limit)) == limit


@given(DAYS)
def test_a_day_reads_back_in_every_usual_form(day: date) -> None:
    for text in (day_text(day), day.isoformat(), f"{day:%Y%m%d}", f"{day:%Y/%m/%d}", f"{day:%Y.%m.%d}前"):
        assert read_day(text) == day


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("２０２６年６月３０日前", Limit(TimeLimit.DATED, date(2026, 6, 30))),
        ("2026年2月底前", Limit(TimeLimit.DATED, date(2026, 2, 28))),
        ("2028年2月底", Limit(TimeLimit.DATED, date(2028, 2, 29))),
        ("立行立改", Limit(TimeLimit.IMMEDIATE)),
        ("立行立改，2026年3月5日", Limit(TimeLimit.IMMEDIATE, date(2026, 3, 5))),
        ("10个工作日内", Limit(TimeLimit.DATED, days=10)),
        ("30日内", Limit(TimeLimit.DATED, days=30, unit=DayUnit.NATURAL)),
        ("限期整改：2026年6月30日", Limit(TimeLimit.DATED, date(2026, 6, 30))),
        (" 长期坚持 ", Limit(TimeLimit.LONG_TERM)),
    ],
)
def test_the_wordings_offices_use(text: str, limit: Limit) -> None:
    assert read_limit(text) == limit


@pytest.mark.parametrize(
    "text", ["", "尽快", "6月底", "2026年2月30日", "1066年1月1日", "长期坚持3天", "0个工作日", "限期整改"]
)
def test_a_limit_that_says_no_date_is_refused_with_what_can_be_written(text: str) -> None:
    with pytest.raises(Refused, match="2026年6月底前"):
        read_limit(text)
