"""The State Council's notice, pasted as it is published."""

from datetime import date

import pytest

from core.errors import Refused
from rectification.office.calendar import shipped_notice
from rectification.office.notice_text import read_notice_text

OF_2026 = """国务院办公厅关于2026年
部分节假日安排的通知
国办发明电〔2025〕7号
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2026年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。
国务院办公厅
2025年11月4日
"""
OF_2024 = """国务院办公厅关于2024年部分节假日安排的通知 国办发明电〔2023〕7号
一、元旦：1月1日放假，与周末连休。
二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。
三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。
四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。
五、端午节：6月10日放假，与周末连休。
六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。
"""


@pytest.mark.parametrize(("text", "year"), [(OF_2026, 2026), (OF_2024, 2024)])
def test_a_published_notice_gives_what_is_shipped_for_its_year(text: str, year: int) -> None:
    read, shipped = read_notice_text(text), shipped_notice(year)
    assert (read.year, read.number, read.work) == (year, shipped.number, shipped.work)
    weekdays = {day for day in shipped.off if day.weekday() < 5}
    assert {day for day in read.off if day.weekday() < 5} == weekdays


def test_a_holiday_may_begin_in_the_year_before() -> None:
    read = read_notice_text(
        "关于2019年部分节假日安排的通知 国办发明电〔2018〕15号\n"
        "一、元旦：2018年12月30日至2019年1月1日放假调休，共3天。2018年12月29日（星期六）上班。"
    )
    assert sorted(read.off) == [date(2018, 12, 30), date(2018, 12, 31), date(2019, 1, 1)]
    assert read.work == {date(2018, 12, 29)}


@pytest.mark.parametrize(
    "text",
    ["元旦：12月30日至1月1日放假，共3天。", "元旦：2029年12月30日至次年1月1日放假，共3天。"],
)
def test_the_year_before_is_meant_where_a_holiday_runs_over_new_year(text: str) -> None:
    assert min(read_notice_text(text, 2030, "x号").off) == date(2029, 12, 30)


def test_a_supplement_in_one_sentence_and_full_width_figures_are_read() -> None:
    read = read_notice_text("纪念日：１２月３日（周四）放假，共１天，12月5日（周六）上班。", 2026, "补充通知")
    assert read.off == {date(2026, 12, 3): "纪念日"}
    assert read.work == {date(2026, 12, 5)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("元旦：1月1日（周五）放假。", "是周四，通知写的是周五"),
        ("元旦：1月1日至3日放假，共5天。", "写明共 5 天，读出的是 3 天"),
        ("元旦：1月32日放假。", "没有“1月32日”这一天"),
        ("元旦：1月9日至1日放假。", "不成立"),
        ("今年的放假安排另行通知。", "没有读出放假的日子"),
        ("元旦：1月1日放假。1月5日上班。", "本来就是工作日"),
    ],
)
def test_what_cannot_be_right_is_refused(text: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        read_notice_text(text, 2026, "9号")


def test_a_year_and_a_number_are_asked_where_the_text_says_none() -> None:
    with pytest.raises(Refused, match="没有写是哪一年"):
        read_notice_text("元旦：1月1日放假。")
    with pytest.raises(Refused, match="没有写依据文号"):
        read_notice_text("元旦：1月1日放假。", 2026)
