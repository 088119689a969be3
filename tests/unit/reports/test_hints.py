"""What the clerk is told beside the items."""

import pytest

from reports.parsed import HintKind, ParsedReport
from tests.unit.reports.saying import read_parts

LACK = "三、存在的不足\n（一）行政执法案卷质量不高。\n（二）信访答复超期。"
TODO = "四、2024年工作安排\n（一）开展执法案卷评查2次，提高案卷质量。\n（二）拓宽普法渠道。"


def told(report: ParsedReport, kind: HintKind) -> list[str]:
    return [hint.message for hint in report.hints if hint.kind is kind]


def test_a_shortcoming_no_plan_answers_is_named_and_the_plan_that_may_answer_is_offered() -> None:
    report = read_parts(LACK, TODO)
    assert report.shortcomings[0].answered_by == (0,)
    assert report.shortcomings[1].answered_by == ()
    assert len(told(report, HintKind.UNANSWERED)) == 1
    assert "第 2 项" in told(report, HintKind.UNANSWERED)[0]


def test_a_plan_in_the_same_place_answers_with_less_in_common() -> None:
    lacking = "三、存在的不足\n（一）医保经办力量薄弱，乡镇窗口忙闲不均。\n（二）信访答复超期。"
    here = "（一）在72个行政村设立医保服务点。"
    other = "（二）拓宽普法渠道，拍摄短视频。"
    parallel = read_parts(lacking, f"四、2024年工作安排\n{here}\n{other}")
    assert parallel.shortcomings[0].answered_by == (0,)
    turned = read_parts(
        lacking, "四、2024年工作安排\n（一）拓宽普法渠道，拍摄短视频。\n（二）在72个行政村设立医保服务点。"
    )
    assert turned.shortcomings[0].answered_by == ()


def test_a_report_without_plans_says_so() -> None:
    assert told(read_parts(LACK), HintKind.NO_PLANS)


@pytest.mark.parametrize(
    "figures",
    [
        "全年受理投诉298件，办结296件。",
        "受理信访、留言等298,已全部受理,办结296件。",
        "排查隐患72处，已整改70处。",
        "对12个单位开展督察，反馈问题46个，已整改44个。",
    ],
)
def test_figures_that_leave_something_undone(figures: str) -> None:
    report = read_parts(f"（三）化解矛盾。{figures}", LACK, TODO)
    assert len(told(report, HintKind.UNFINISHED_FIGURE)) == 1
    assert len(report.shortcomings) == 2


@pytest.mark.parametrize(
    "figures",
    [
        "全年受理投诉298件，办结298件。",
        "平均办理时间由11个工作日降到5个工作日。",
        "检查企业96家，立案5家，警告3家。",
        "落实川渝通办事项23项，全市通办事项119项。",
        "23个所中有6个所办案不足5件。",
    ],
)
def test_ordinary_figures_are_left_alone(figures: str) -> None:
    report = read_parts(f"（三）强化监管。{figures}", LACK, TODO)
    assert not told(report, HintKind.UNFINISHED_FIGURE)


def test_a_date_that_lost_its_characters_is_shown_to_the_clerk() -> None:
    report = read_parts(LACK, TODO.replace("拓宽", "202411月中旬拓宽"))
    assert any("202411月" in message for message in told(report, HintKind.BROKEN_DATE))


def test_each_hint_with_a_place_points_into_the_text() -> None:
    report = read_parts("（三）化解矛盾。受理298件，办结296件。", LACK, TODO)
    for hint in report.hints:
        if hint.span:
            assert report.text[hint.span.start : hint.span.end].strip()
