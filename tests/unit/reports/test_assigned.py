"""What the report itself assigns: who, by when, how often; from labels, columns, brackets and sentences."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.parsed import Cadence, Item, ParsedReport
from tests.unit.reports.saying import SHORT, read_parts

PLANS = "四、2024年工作安排"
DUE = date(2024, 6, 30)
UNITS = ("法规科", "执法大队", "办公室", "法规和投资科", "人民参与和促进法治股", "各镇街", "粮食和物资储备科")
WHEN = {
    "2024年6月30日前": DUE,
    "2024.6.30": DUE,
    "6月底前": DUE,
    "上半年": DUE,
    "二季度": DUE,
    "9月": date(2024, 9, 30),
    "5月至7月": date(2024, 7, 31),
    "年底前": date(2024, 12, 31),
    "全年": date(2024, 12, 31),
    "长期坚持": None,
    "立行立改": None,
    "2025年3月底": date(2025, 3, 31),
}


def report(body: str, **tables: tuple[tuple[str, ...], ...]) -> ParsedReport:
    return read_parts(SHORT, f"{PLANS}\n{body}", **tables)


def plans(body: str, **tables: tuple[tuple[str, ...], ...]) -> list[Item]:
    return list(report(body, **tables).plans)


def said(items: list[Item]) -> list[tuple[str | None, date | None, str | None]]:
    return [(item.owner, item.due, item.cadence and item.cadence.value) for item in items]


def left(read: ParsedReport) -> str:
    return "\n".join(leftover.text for leftover in read.leftovers)


ROW = st.tuples(st.sampled_from(UNITS), st.sampled_from(UNITS), st.sampled_from(sorted(WHEN)))
TASKS = ("充实执法力量", "深化普法宣传", "完善裁量基准", "规范案卷归档", "清理行政规范性文件")


@st.composite
def assigned(draw: st.DrawFn) -> tuple[str, dict[str, Any], list[tuple[str, str, str]]]:
    """A list of plans, each with units and a time, in one of the forms that offices use."""
    rows = draw(st.lists(ROW, min_size=2, max_size=5))
    label = draw(st.sampled_from(["责任科室", "责任单位", "牵头单位", "承办部门", "责任股室（单位）"]))
    when = draw(st.sampled_from(["完成时限", "完成时间", "时限", "整改期限"]))
    form = draw(st.sampled_from(["table", "lines", "line", "after", "bracket", "inline", "bare"]))
    if form == "table":
        header = ("序号", "重点任务", label, "配合单位", when)
        body = [(str(n), TASKS[n], unit, helper, by) for n, (unit, helper, by) in enumerate(rows)]
        return "TT", {"TT": (header, *body)}, rows
    shapes = {
        "lines": "加强{task}。\n{label}：{unit}、{helper}\n{when}：{by}",
        "line": "加强{task}。\n{label}：{unit}；配合单位：{helper}；{when}：{by}",
        "after": "加强{task}。（{label}：{unit}、{helper}；{when}：{by}）",
        "bracket": "加强{task}（{label}：{unit}，配合单位：{helper}，{when}：{by}）。",
        "inline": "加强{task}。{label}：{unit}、{helper}，{when}：{by}。",
        "bare": "加强{task}（{unit}牵头，{helper}配合，{by}）。",
    }
    lines = [
        f"（{'一二三四五'[n]}）"
        + shapes[form].format(task=TASKS[n], label=label, when=when, unit=u, helper=h, by=by)
        for n, (u, h, by) in enumerate(rows)
    ]
    return "\n".join(lines), {}, rows


@settings(max_examples=80, deadline=None)
@given(assigned())
def test_who_and_when_are_read_from_every_form(
    made: tuple[str, dict[str, Any], list[tuple[str, str, str]]],
) -> None:
    body, tables, rows = made
    read = report(body, **tables)
    assert [(item.owner, item.due) for item in read.plans] == [(unit, WHEN[by]) for unit, _, by in rows]
    assert [{*item.partners, item.owner} for item in read.plans] == [
        {unit, helper} for unit, helper, _ in rows
    ]
    for item, (unit, _, by) in zip(read.plans, rows, strict=True):
        words = {words.field: words.text for words in item.assigned}
        assert unit in words["owner"]
        assert by in words["due"]
        assert all(read.text[one.span.start : one.span.end] == one.text for one in item.assigned)
    assert "责任" not in left(read).replace("责任科室", "") or tables
    assert not any(by in left(read) for _, _, by in rows)


def test_words_after_the_full_stop_are_no_text_and_a_bracket_before_it_is() -> None:
    body = "（一）充实力量。（法规科，6月底前）\n（二）深化普法（宣传科，9月底前）。\n（三）清理文件。\n责任科室：法规科"
    assert [item.text for item in plans(body)] == ["充实力量", "深化普法（宣传科，9月底前）", "清理文件"]


@pytest.mark.parametrize(
    ("sentence", "owners", "days"),
    [
        ("以上三项由法规科牵头，6月底前完成。", ["法规科"] * 3, [DUE] * 3),
        ("上述工作由法规科牵头抓总，各科室按职责分工负责，确保6月底前全部完成。", ["法规科"] * 3, [DUE] * 3),
        ("以上两项由法规科负责。", [None, "法规科", "法规科"], [None] * 3),
        (
            "第一、三项由法规科牵头，第二项由宣传科牵头，6月底前完成。",
            ["法规科", "宣传科", "法规科"],
            [None, DUE, None],
        ),
        ("以上任务由法规科负责；其中第三项由宣传科负责。", ["法规科", "法规科", "宣传科"], [None] * 3),
        ("未注明时限的，均于6月底前完成。", [None] * 3, [DUE] * 3),
        ("以上措施由办公室督促落实。", [None] * 3, [None] * 3),
    ],
)
def test_a_sentence_of_its_own_counts_for_the_items_it_covers(
    sentence: str, owners: list[str | None], days: list[date | None]
) -> None:
    read = plans(f"（一）充实执法力量。\n（二）深化普法宣传。\n（三）清理规范性文件。\n{sentence}")
    assert [item.owner for item in read] == owners
    assert [item.due for item in read] == days


def test_what_is_an_items_own_stands_before_what_covers_all() -> None:
    read = plans(
        "下列任务由法规科牵头，年底前完成：\n（一）充实力量，6月底前完成。\n（二）深化普法。\n责任科室：宣传科\n（三）完善制度（长期坚持）。\n未注明时限的，9月底前完成。"
    )
    assert said(read) == [("法规科", DUE, None), ("宣传科", date(2024, 12, 31), None), ("法规科", None, None)]


def test_a_label_below_a_pair_counts_for_both_and_words_in_the_measure_for_it_alone() -> None:
    body = "（一）执法力量不足。\n整改措施：招录3名，每季度培训一次。\n责任单位：人事科\n整改时限：6月底"
    read = read_parts(f"三、存在问题及下一步打算\n{body}")
    assert said(list(read.shortcomings)) == [("人事科", DUE, None)]
    assert said(list(read.plans)) == [("人事科", DUE, "quarterly")]


def test_a_row_counts_for_its_problem_and_its_measure() -> None:
    rows = (
        ("存在问题", "问题来源", "整改措施", "责任领导", "责任科室", "责任人", "时限"),
        ("力量不足", "法治督察", "招录3名，年内到位", "王明", "人事科", "李芳", "6月"),
        ("普法单一", "自查", "拍短视频", "王明", "宣传科、\n法规科", "—", "每季度末"),
    )
    read = read_parts("三、存在问题及下一步打算\nTT", TT=rows)
    for items in (read.shortcomings, read.plans):
        assert said(list(items)) == [("人事科", DUE, None), ("宣传科", None, "quarterly")]
        assert [(item.leader, item.person, item.origin) for item in items] == [
            ("王明", "李芳", "法治督察"),
            ("王明", None, "自查"),
        ]
        assert items[1].partners == ("法规科",)


def test_a_column_of_persons_gives_the_owner_where_no_unit_is_named() -> None:
    rows = (
        ("任务", "责任人", "时限"),
        ("充实力量", "副局长沈砚秋", "立行立改"),
        ("深化普法", "科长欧阳芮", "三季度"),
    )
    assert said(plans("TT", TT=rows)) == [
        ("副局长沈砚秋", None, None),
        ("科长欧阳芮", date(2024, 9, 30), None),
    ]


def test_one_column_may_hold_unit_and_time() -> None:
    rows = (
        ("任务", "责任单位及完成时限"),
        ("充实力量", "人事科，6月底前"),
        ("深化普法", "宣传科牵头，法规科配合，全年"),
    )
    assert said(plans("TT", TT=rows)) == [("人事科", DUE, None), ("宣传科", date(2024, 12, 31), None)]


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("6月底前完成系统联网", DUE),
        ("力争6月底前联网", DUE),
        ("3月底前制定方案，6月底前印发实施", DUE),
        ("上半年形成送审稿", DUE),
        ("到2025年底实现全覆盖", date(2025, 12, 31)),
        ("年内轮训一遍", date(2024, 12, 31)),
        ("11月1日前完成自查", date(2024, 11, 1)),
        ("20246月底前形成报告", DUE),
        ("清理2018年12月31日前制定的文件", None),
        ("对2023年6月底前已经销号的问题开展“回头看”", None),
        ("对6月底前完成的整改开展“回头看”", None),
        ("自2024年7月1日起施行新规", None),
        ("学习《条例》（自2024年3月1日起施行）", None),
        ("年底考核与评优挂钩", None),
        ("两年内轮训一遍，全年学法不少于6次", None),
        ("在15日内办结", None),
        ("健全“年初建账、年底交账”机制", None),
    ],
)
def test_a_time_in_an_item_is_a_limit_only_where_something_is_to_be_done_by_it(
    words: str, due: date | None
) -> None:
    assert [item.due for item in plans(f"（一）充实执法力量，{words}。\n（二）深化普法宣传。")] == [due, None]


@pytest.mark.parametrize(
    ("words", "cadence"),
    [
        ("每月通报一次", Cadence.MONTHLY),
        ("实行月通报", Cadence.MONTHLY),
        ("每季度培训一次", Cadence.QUARTERLY),
        ("开展“一季一考”", Cadence.QUARTERLY),
        ("按季通报", Cadence.QUARTERLY),
        ("每半年评查一次", Cadence.HALF_YEARLY),
        ("每年轮训一遍", Cadence.YEARLY),
        ("每周一案、每月一考", Cadence.MONTHLY),
        ("每两个月会商一次", None),
        ("每学期开展一次", None),
        ("定期会商", None),
        ("纳入月度绩效", None),
        ("纳入季度考核", None),
        ("连续两个季度考核不合格的予以调换", None),
        ("1月15日前报送", None),
    ],
)
def test_how_often_is_read_from_an_items_own_words(words: str, cadence: Cadence | None) -> None:
    assert [item.cadence for item in plans(f"（一）充实执法力量，{words}。\n（二）深化普法宣传。")] == [
        cadence,
        None,
    ]


@pytest.mark.parametrize(
    ("words", "owner"),
    [
        ("由法规科牵头，会同财政科修订裁量基准", "法规科"),
        ("6月底前由司法所会同法律顾问逐条审查", "司法所"),
        ("督导室负责对采购事项开展督导", "督导室"),
        ("修订裁量基准，由法规科牵头，各科室参与", "法规科"),
        ("建立清单，由法规科负责日常更新", None),
        ("重大案件由法规科直审", None),
        ("用好市检察院牵头建立的协作机制", None),
        ("会同市场监管部门开展检查", None),
        ("由专人核对待公示案件", None),
        ("落实行政机关负责人出庭制度", None),
        ("推进与公安机关的移送（市公安局、市检察院）", None),
    ],
)
def test_who_is_read_only_where_the_whole_item_is_given_to_him(words: str, owner: str | None) -> None:
    assert [item.owner for item in plans(f"（一）{words}。\n（二）深化普法宣传。")] == [owner, None]


def test_a_shortcoming_tells_of_the_past_and_gets_no_date_from_its_own_words() -> None:
    read = read_parts(
        "三、存在的不足\n（一）3月、9月检查发现文书不规范，直到年底前才整改，每月通报流于形式。",
        PLANS,
        "（一）规范文书。",
    )
    assert said(list(read.shortcomings)) == [(None, None, None)]


def test_what_is_counted_stays_an_item_however_much_it_sounds_like_an_assignment() -> None:
    read = plans(
        "（一）各项整改任务由法规科牵头，6月底前完成。\n（二）法规科负责，年底前完成。\n（三）深化普法宣传。"
    )
    assert [item.text for item in read] == [
        "各项整改任务由法规科牵头，6月底前完成",
        "法规科负责，年底前完成",
        "深化普法宣传",
    ]


def test_a_bracket_behind_the_name_of_a_part_counts_for_all_items_of_the_part() -> None:
    read = plans(
        "（一）工作任务（法规科牵头，6月底前完成）\n1.修订裁量基准。\n2.清理规范性文件，3月底前完成。"
    )
    assert {item.owner for item in read} == {"法规科"}


def test_the_year_planned_for_is_that_of_the_heading() -> None:
    read = read_parts(SHORT, "四、2025年工作安排\n（一）规范文书，6月底前完成。")
    assert [item.due for item in read.plans] == [date(2025, 6, 30)]
