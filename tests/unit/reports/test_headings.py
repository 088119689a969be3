"""Headings are understood by their words, whatever their place and numeral."""

import pytest

from reports.sections import Kind, kind_of_heading

SHORTCOMINGS, PLANS, COMBINED, CAUSES = Kind.SHORTCOMINGS, Kind.PLANS, Kind.COMBINED, Kind.CAUSES

OUTERMOST = [
    ("三、2023年推进法治政府建设存在的不足", 2023, SHORTCOMINGS),
    ("三、存在的不足和原因", 2023, SHORTCOMINGS),
    ("三、短板弱项及原因", 2023, SHORTCOMINGS),
    ("二、问题与不足", 2023, SHORTCOMINGS),
    ("三、工作短板", 2023, SHORTCOMINGS),
    ("三、存在的差距和不足", 2023, SHORTCOMINGS),
    ("三、存在不足", 2023, SHORTCOMINGS),
    ("三、困难与挑战", 2023, SHORTCOMINGS),
    ("存在的主要问题：", 2023, SHORTCOMINGS),
    ("三、有待改进的方面", 2023, SHORTCOMINGS),
    ("四、需要改进的地方", 2023, SHORTCOMINGS),
    ("三、薄弱环节", 2023, SHORTCOMINGS),
    ("三、2023年度推进法治政府建设存在的不足和原因", 2023, SHORTCOMINGS),
    ("三、工作中的不足", 2023, SHORTCOMINGS),
    ("三、当前法治建设面临的主要问题", 2023, SHORTCOMINGS),
    ("三、存在问题及原因分析", 2023, SHORTCOMINGS),
    ("三、存在问题和原因剖析", 2023, SHORTCOMINGS),
    ("三、我们的不足", 2023, SHORTCOMINGS),
    ("三、存在的突出问题和薄弱环节", 2023, SHORTCOMINGS),
    ("三、问题和建议", 2023, SHORTCOMINGS),
    ("三、还存在哪些不足", 2023, SHORTCOMINGS),
    ("三、法治建设工作存在的困难和问题", 2023, SHORTCOMINGS),
    ("三、对照检查查找出的不足", 2023, SHORTCOMINGS),
    ("三、推进法治政府建设存在的不足", 2023, SHORTCOMINGS),
    ("三、存在问题及下一步打算", 2023, COMBINED),
    ("三、存在的不足和整改措施", 2023, COMBINED),
    ("三、存在问题及对策", 2023, COMBINED),
    ("三、存在的不足及改进措施", 2023, COMBINED),
    ("三、存在的主要问题及2024年工作计划", 2023, COMBINED),
    ("三、不足与展望", 2023, COMBINED),
    ("三、存在问题、原因及下一步工作思路", 2023, COMBINED),
    ("三、短板弱项和下步打算", 2023, COMBINED),
    ("三、问题短板及改进方向", 2023, COMBINED),
    ("四、存在的不足及今后努力方向", 2023, COMBINED),
    ("四、存在问题和整改思路", 2023, COMBINED),
    ("四、2024年推进法治政府建设的工作思路、目标举措", 2023, PLANS),
    ("四、2021 年及“十四五”期间推进法治政府建设的工作思路目标举措", 2020, PLANS),
    ("四、下一步工作打算", 2023, PLANS),
    ("三、2024年工作思路", 2023, PLANS),
    ("四、2024年重点任务", 2023, PLANS),
    ("四、2024年工作安排", 2023, PLANS),
    ("四、工作重点", 2023, PLANS),
    ("四、下年度工作计划", 2023, PLANS),
    ("下一步工作", 2023, PLANS),
    ("四、明年工作展望", 2023, PLANS),
    ("四、改进措施", 2023, PLANS),
    ("四、后续整改", 2023, PLANS),
    ("三、问题检视及整改举措", 2023, COMBINED),
    ("三、短板弱项清单和下步打算", 2023, COMBINED),
    ("四、努力方向", 2023, PLANS),
    ("四、整改落实措施", 2023, PLANS),
    ("四、拟采取的主要举措", 2023, PLANS),
    ("四、进一步推进依法治林的措施", 2023, PLANS),
    ("四、补短板强弱项的举措", 2023, PLANS),
    ("三、存在的短板与2024年工作", 2023, COMBINED),
    ("三、亟需破解的难题", 2023, SHORTCOMINGS),
    ("三、制约依法行政的主要因素", 2023, SHORTCOMINGS),
    ("二、破解难题情况", 2023, None),
    ("四、2024年推进法治政府建设的主要安排", 2023, PLANS),
    ("四、2024年法治政府建设工作重点", 2023, PLANS),
    ("四、下一步工作举措", 2023, PLANS),
    ("五、今后工作措施", 2023, PLANS),
    ("四、2024年及今后一个时期工作思路", 2023, PLANS),
    ("四、下一步", 2023, PLANS),
    ("四、2024年工作", 2023, PLANS),
    ("四、来年工作谋划", 2023, PLANS),
    ("四、新一年工作目标", 2023, PLANS),
    ("四、二〇二四年工作打算", 2023, PLANS),
    ("四、下一步推进法治政府建设的主要举措", 2023, PLANS),
    ("四、下一年度推进法治政府建设工作安排", 2023, PLANS),
    ("四、整改方向和2024年工作计划", 2023, PLANS),
    ("四、存在问题的原因分析", 2023, CAUSES),
    ("三、原因剖析", 2023, CAUSES),
    ("四、造成上述不足的主要原因", 2023, CAUSES),
    ("（二）形成原因", 2023, CAUSES),
    ("四、主客观原因分析", 2023, CAUSES),
    ("三、不足和成因", 2023, SHORTCOMINGS),
    ("存在不足的原因", 2023, CAUSES),
    ("一、2023年推进法治政府建设的主要举措和成效", 2023, None),
    ("二、2022年度问题整改情况", 2023, None),
    ("五、上年度存在问题整改落实情况", 2023, None),
    ("附件：2022年度法治政府建设存在问题整改情况表", 2023, None),
    ("二、第一责任人履职情况", 2023, None),
    ("一、主要工作及成效", 2023, None),
    ("一、主要做法", 2023, None),
    ("一、依法行政工作开展情况", 2023, None),
    ("五、几点建议", 2023, None),
    ("五、意见和建议", 2023, None),
    ("一、2023年重点工作完成情况", 2023, None),
    ("2023年工作总结", 2023, None),
    ("一、落实2023年工作要点情况", 2023, None),
    ("二、督察反馈问题整改情况", 2023, None),
    ("三、2023年度法治督察反馈问题整改", 2023, None),
    ("四、其他需要报告的事项", 2023, None),
    ("一、2023年法治政府建设工作情况", 2023, None),
    ("二、主要举措", 2023, None),
    ("二、工作举措与成效", 2023, None),
    ("一、2023年主要工作", 2023, None),
    ("一、年度工作目标完成情况", 2023, None),
]

INNER = [
    ("（二）存在的问题", 2023, SHORTCOMINGS),
    ("（八）存在的主要问题和困难", 2023, SHORTCOMINGS),
    ("（三）面临的困难和问题", 2023, SHORTCOMINGS),
    ("（二）下一步打算", 2023, PLANS),
    ("（三）整改措施", 2023, PLANS),
    ("（二）原因分析", 2023, CAUSES),
    ("（二）产生问题的主要原因", 2023, CAUSES),
    ("问题成因", 2023, CAUSES),
    ("（六）扎实开展交通运输执法领域突出问题专项整治", 2023, None),
    ("（五）聚焦突出问题，补齐短板", 2023, None),
    ("（四）着力解决群众反映强烈的突出问题", 2023, None),
    ("（三）办理人大代表建议", 2023, None),
    ("（一）强化法治工作安排部署", 2023, None),
    ("（三）坚持问题导向", 2023, None),
    ("（二）全面落实工作部署", 2023, None),
    ("（一）科学谋划部署，压实工作责任", 2023, None),
    ("（七）妥善化解信访问题", 2023, None),
    ("（三）着力破解执法难题", 2023, None),
    ("（一）执法方面", 2023, None),
    ("（三）健全行政决策机制", 2023, None),
    ("（二）重点任务落实有力", 2023, None),
    ("（一）法治政府建设重点任务", 2023, None),
    ("（四）查找问题不足", 2023, None),
    ("（一）主要举措和成效", 2023, None),
    ("（二）完善工作机制，落实工作措施", 2023, None),
]


def meaning(kind: Kind | None) -> Kind | None:
    """What matters to a reader of items: a heading about something else is as good as none."""
    return None if kind is Kind.OTHER else kind


@pytest.mark.parametrize(("heading", "year", "expected"), OUTERMOST)
def test_a_main_heading_says_what_its_part_is_about(heading: str, year: int, expected: Kind | None) -> None:
    assert meaning(kind_of_heading(heading, year, outermost=True)) is expected


@pytest.mark.parametrize(("heading", "year", "expected"), INNER)
def test_a_heading_among_achievements_is_judged_more_strictly(
    heading: str, year: int, expected: Kind | None
) -> None:
    assert meaning(kind_of_heading(heading, year)) is expected


def test_the_year_decides_between_what_was_done_and_what_is_planned() -> None:
    assert kind_of_heading("2024年重点任务", 2023, outermost=True) is PLANS
    assert kind_of_heading("2024年重点任务完成情况", 2024, outermost=True) is Kind.OTHER
    assert kind_of_heading("2022年存在的不足", 2023, outermost=True) is Kind.OTHER


@pytest.mark.parametrize(
    "heading", ["聚焦突出问题抓整改", "工作开展情况及存在问题整改", "2023年度重点任务", "2023年工作要点"]
)
def test_what_was_mended_or_set_for_the_year_itself_is_no_plan(heading: str) -> None:
    assert kind_of_heading(heading, 2023, outermost=True) not in (PLANS, COMBINED, SHORTCOMINGS)
