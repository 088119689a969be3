"""A paper is another's where it gives itself out as that body's, and not where it merely names one."""

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rectification.task.whose_paper import signed_on, strangers, task_codes

OWN = ("沅宁县交通运输局", "县交通局", "法规科", "交通运输综合行政执法大队")
SIGNED = "2026年5月20日"


@pytest.mark.parametrize(
    ("text", "whose"),
    [
        (f"白河县交通运输局文件\n关于印发办法的通知\n白河县交通运输局\n{SIGNED}", "白河县交通运输局"),
        (f"关于案卷自查的报告\n办结的案卷已自查。\n沅宁县水利局\n{SIGNED}", "沅宁县水利局"),
        (f"案卷自查情况\n县水利局　{SIGNED}", "县水利局"),
        ("白河县交通运输综合行政执法大队现场检查记录\n当事人：李某", "白河县交通运输综合行政执法大队"),
        ("白河县人民政府办公室\n关于做好整改工作的通知", "白河县人民政府"),
    ],
)
def test_a_paper_of_another_body_is_seen(text: str, whose: str) -> None:
    assert strangers(text, OWN) == [whose]


@pytest.mark.parametrize(
    "text",
    [
        f"沅宁县交通运输局文件\n关于印发办法的通知\n沅宁县交通运输局\n{SIGNED}",
        f"县交通局\n情况说明\n县交通局\n{SIGNED}",
        f"关于联合检查的通报\n沅宁县水利局 沅宁县交通运输局\n{SIGNED}",
        f"沅宁县公安局\n关于对县交通运输局移送案件的复函\n沅宁县公安局\n{SIGNED}",
        f"情况说明\n会同县市场监督管理局、白河县交通运输局检查了 12 户。\n法规科\n{SIGNED}",
        f"沅宁县水利局：\n现将有关线索移送你们。\n法规科\n{SIGNED}",
        f"沅宁县白马镇人民政府\n关于道路隐患整改的报告\n{SIGNED}",
        f"沅宁县公路事业发展中心\n道路修复记录\n{SIGNED}",
        f"宏源运输有限公司整改报告\n{SIGNED}",
        "培训签到表\n时间：2026年3月27日",
        "",
    ],
)
def test_our_own_papers_joint_ones_and_those_of_whom_we_check_are_no_strangers(text: str) -> None:
    assert strangers(text, OWN) == []
    assert strangers(text, OWN, also_above=True) == []


@pytest.mark.parametrize(
    "body", ["宁川市交通运输局", "湖南省交通运输厅", "省交通运输厅", "市交通运输局", "沅宁县司法局"]
)
def test_a_paper_from_above_is_a_strangers_only_where_all_rests_on_it(body: str) -> None:
    paper = f"{body}\n关于规范办案期限的通知\n各县交通运输局：\n{body}\n{SIGNED}"
    assert strangers(paper, OWN) == []
    assert strangers(paper, OWN, also_above=True) == [body]


def test_a_branch_office_knows_its_own_county() -> None:
    branch = ("宁川市生态环境局临渚分局",)
    assert strangers("临渚县人民政府\n关于排污口整治的通知", branch) == []
    assert strangers("宁川市生态环境局临渚分局\n案卷自查报告", branch) == []


@pytest.mark.parametrize("own", [(), ("局办公室",)])
def test_a_bureau_whose_name_says_no_place_doubts_nobody(own: tuple[str, ...]) -> None:
    assert strangers(f"白河县交通运输局\n{SIGNED}", own) == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        (f"报告\n沅宁县交通运输局\n{SIGNED}", date(2026, 5, 20)),
        ("承办人：凌某 2026年5月13日\n局领导：同意。 2026年5月20日。", date(2026, 5, 20)),
        ("二〇二六年五月二十日", date(2026, 5, 20)),
        ("本办法自2026年6月1日起施行。", None),
        ("1 | 货车超限 | 2025年4月1日\n2 | 超载 | 2025年4月2日", None),
        ("2026年5月", None),
        ("", None),
    ],
)
def test_the_day_a_paper_is_signed_on_stands_at_a_line_s_end(text: str, day: date | None) -> None:
    assert signed_on(text) == day


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("任务编号：2026-012\n整改情况", ["2026-012"]),
        ("整改台账（2026-012号）、（2026-013号）", ["2026-012"]),
        ("任务2026-012与任务2026-007一并整改", []),
        ("合同编号：2026-012　电话 0731-2026-012", []),
        ("整改于 2026-05-20 完成", []),
        ("自查报告\n一、基本情况\n二、做法\n三、结果\n去年的任务2025-011已销号。", []),
    ],
)
def test_a_task_is_named_by_its_number(text: str, codes: list[str]) -> None:
    assert task_codes(text, "交2026-007") == codes


@pytest.mark.parametrize(
    "line", ["县" * 20_000, "市县" * 10_000, "沅宁县" * 7_000, "2026年" * 5_000, "任务" * 10_000]
)
def test_no_text_takes_long(line: str) -> None:
    began = time.process_time()
    strangers(line, OWN, also_above=True)
    strangers(f"{line[:40]}\n{line}", OWN, also_above=True)
    signed_on(line, anywhere=True)
    task_codes(line, "2026-007")
    assert time.process_time() - began < 2


@given(st.text(alphabet="沅宁县水利局交通运输市省区人民政府2026年5月日\n：| ", max_size=120))
def test_no_text_breaks_the_reading(text: str) -> None:
    for also_above in (False, True):
        for name in strangers(text, OWN, also_above=also_above):
            assert name in text
    assert signed_on(text) is None or "2" in text
