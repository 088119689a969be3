"""Reports put together by chance from real-looking items: every way of counting, with causes and measures, must come apart again."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.reports.saying import CLOSING, OPENING, read

GOLD = [
    json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((Path(__file__).parents[2] / "samples" / "reports").glob("*.gold.json"))
]
PLAIN = sorted(
    {
        item["text"]
        for gold in GOLD
        for item in gold["shortcomings"]
        if not item["cause"] and "\n" not in item["text"]
    }
)
PLANS = sorted(
    {
        item["text"]
        for gold in GOLD
        for item in gold["plans"]
        if "\n" not in item["text"] and not item["text"].startswith("将")
    }
)
REASONS = ["编制紧张，招录困难", "经费投入不足", "思想认识不到位，主动谋划不够", "基层任务繁重，兼职人员多"]
HAN = "一二三四五六七八九十"
MARKS: dict[str, Callable[[int], str]] = {
    "一是": lambda place: f"{HAN[place]}是",
    "（一）": lambda place: f"（{HAN[place]}）",
    "1.": lambda place: f"{place + 1}.",
    "1、": lambda place: f"{place + 1}、",
    "（1）": lambda place: f"（{place + 1}）",
    "①": lambda place: "①②③④⑤⑥"[place],
    "第一": lambda place: f"第{HAN[place]}，",
    "其一": lambda place: f"其{HAN[place]}，",
    "1）": lambda place: f"{place + 1}）",
    "首先": lambda place: ("首先，", "其次，", "再次，", "再者，", "最后，")[place],
}
PARAGRAPH_MARKS: dict[str, Callable[[int], str]] = {
    **MARKS,
    "问题一": lambda place: f"问题{HAN[place]}：",
    "●": lambda place: "● ",
    "——": lambda place: "——",
}
LACK_HEADING = st.sampled_from(
    ["三、存在的不足", "三、短板弱项", "三、2023年度推进法治政府建设存在的不足和原因", "三、问题与不足"]
)
PLAN_HEADING = st.sampled_from(
    ["四、2024年工作安排", "四、下一步工作打算", "四、今后工作思路", "四、2024年重点任务"]
)
LACK_INTRO = st.sampled_from(
    [
        "",
        "一年来，我局法治政府建设取得一定成效，但仍存在以下不足：",
        "对照要求，还有一些差距，主要表现在以下几个方面：",
    ]
)
PLAN_INTRO = st.sampled_from(["", "2024年，我局将坚持以习近平法治思想为指导，重点做好以下工作："])
LACK_CLOSING = st.sampled_from(
    ["", "以上问题，我局将高度重视，在今后工作中认真加以解决。", "这些问题需要在今后工作中逐步改进。"]
)
PLAN_CLOSING = st.sampled_from(["", "我局将以更加饱满的热情，努力开创法治政府建设新局面。", "特此报告。"])
MEASURE = st.sampled_from(
    [
        "，下一步将{}。",
        "，今后将{}。",
        "。下一步，我局将{}。",
        "。对此，我们将{}。",
        "\n整改措施：{}。",
        "\n下一步，我局将{}。",
        "\n改进措施：{}。",
    ]
)
INNER_REASON = st.sampled_from(
    ["。主要原因是{}", "。原因：{}", "，主要是{}", "，究其原因，主要是{}", "。原因在于{}", "，是因为{}"]
)
OWN_REASON = st.sampled_from(["。\n原因：{}", "。\n原因分析：{}", "。\n主要原因是{}"])


def listed(items: list[str], marks: Callable[[int], str], inline: bool, intro: str, closing: str) -> str:
    """Items counted in one paragraph, or in a paragraph each."""
    told = [f"{marks(place)}{item}。" for place, item in enumerate(items)]
    return (
        intro + "".join(told) + closing
        if inline
        else "\n".join(part for part in (intro, *told, closing) if part)
    )


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_two_lists_come_apart_into_their_items(data: st.DataObject) -> None:
    shortcomings = data.draw(st.lists(st.sampled_from(PLAIN), min_size=2, max_size=5, unique=True))
    plans = data.draw(st.lists(st.sampled_from(PLANS), min_size=2, max_size=5, unique=True))
    parts = []
    for items, heading, intro, closing in (
        (shortcomings, LACK_HEADING, LACK_INTRO, LACK_CLOSING),
        (plans, PLAN_HEADING, PLAN_INTRO, PLAN_CLOSING),
    ):
        inline = data.draw(st.booleans())
        marks = data.draw(st.sampled_from(sorted(MARKS if inline else PARAGRAPH_MARKS)))
        body = listed(items, PARAGRAPH_MARKS[marks], inline, data.draw(intro), data.draw(closing))
        parts += [data.draw(heading), body]
    report = read("\n".join((OPENING, *parts, CLOSING)))
    assert [item.text for item in report.shortcomings] == shortcomings
    assert [item.text for item in report.plans] == plans


@pytest.mark.slow
@pytest.mark.xfail(
    reason="some labelled measures of two sentences take their shortcoming along (docs/reading.md)",
    strict=False,
)
@settings(max_examples=120, deadline=None)
@given(st.data())
def test_causes_and_measures_come_apart_from_their_shortcomings(data: st.DataObject) -> None:
    stated = data.draw(st.lists(st.sampled_from(PLAIN), min_size=2, max_size=5, unique=True))
    measures = data.draw(
        st.lists(st.sampled_from(PLANS), min_size=len(stated), max_size=len(stated), unique=True)
    )
    measure = data.draw(MEASURE)
    own = data.draw(st.booleans()) and measure.startswith("\n")
    reason = data.draw(OWN_REASON if own else INNER_REASON)
    marks = data.draw(st.sampled_from(["一是", "（一）", "1.", "问题一"]))
    lines, texts, causes = [], [], []
    for place, (words, plan) in enumerate(zip(stated, measures, strict=True)):
        cause = data.draw(st.one_of(st.none(), st.sampled_from(REASONS)))
        told = words + reason.format(cause) if cause else words
        texts.append(words if own else told)
        causes.append(cause)
        end = "。" if measure.startswith("\n") else ""
        lines.append(PARAGRAPH_MARKS[marks](place) + told + end + measure.format(plan))
    report = read("\n".join((OPENING, "三、存在的问题及整改措施", *lines, CLOSING)))
    assert [item.text for item in report.shortcomings] == texts
    assert [item.cause for item in report.shortcomings] == causes
    assert [item.text for item in report.plans] == measures
    assert [item.answers for item in report.plans] == list(range(len(stated)))
