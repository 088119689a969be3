"""A task's name: whole clauses the item opens with, never more than 24 characters, never of what is not published."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rectification.titles import LONGEST, opening_clause, proposed_title

NEUTRAL = "2023年报告·不足第2项"
CLAUSE = st.text(alphabet="执法案卷不规范部分人员（）“”《》、1５", min_size=1, max_size=30)
TEXT = st.lists(st.tuples(CLAUSE, st.sampled_from(["，", "。", "；", "：", "\n", ",", ""])), max_size=6).map(
    lambda pairs: "".join(word + mark for word, mark in pairs)
)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("法治宣传教育力度不够，形式单一。", "法治宣传教育力度不够"),
        ("（一）执法队伍专业化程度不高。现有人员9人", "执法队伍专业化程度不高"),
        ("一是案卷制作不规范；二是培训少", "案卷制作不规范"),
        ("▲3.实施“强基”工程，招聘2名", "实施“强基”工程"),
        ("在行政执法方面，部分人员程序意识不强，", "在行政执法方面，部分人员程序意识不强"),
        ("受编制总量影响，执法人员不足", "受编制总量影响，执法人员不足"),
        ("平台建设相对滞后，归集不全", "平台建设相对滞后"),
        ("公示更新不够及时，仍为旧标准", "公示更新不够及时"),
        ("货运治超“重路面，轻源头”问题突出，查处难", "货运治超“重路面，轻源头”问题突出"),
        ("普法少，覆盖面窄。", "普法少，覆盖面窄"),
        ("物业纠纷调处难。共有小区43个", "物业纠纷调处难"),
        ("投资1,200万元建设平台，年底建成", "投资1,200万元建设平台"),
    ],
)
def test_the_opening_clause_is_the_name(text: str, title: str) -> None:
    assert opening_clause(text) == title


@pytest.mark.parametrize(
    "text",
    ["", "。", "面向社会体育指导员和协会负责人举办体育法律法规专题培训三期，全年覆盖", "2023年度", "今年，"],
)
def test_where_no_clause_says_it_in_24_characters_the_name_is_neutral(text: str) -> None:
    assert proposed_title(text, NEUTRAL, is_published=True) == NEUTRAL


@given(TEXT)
def test_a_name_is_never_longer_than_allowed_and_never_cuts_inside_a_clause(text: str) -> None:
    title = opening_clause(text)
    assert len(title) <= LONGEST
    if title:
        start = text.index(title)
        after = text[start + len(title) :]
        assert not after.strip() or re.match(r"[，。；：\n,]", after)
        assert all(title.count(a) == title.count(b) for a, b in ("“”", "《》", "（）"))


@given(TEXT)
def test_nothing_unpublished_is_ever_in_a_name(text: str) -> None:
    assert proposed_title(text, NEUTRAL, is_published=False) == NEUTRAL


@given(TEXT)
def test_there_is_always_a_name(text: str) -> None:
    assert proposed_title(text, NEUTRAL, is_published=True) in {NEUTRAL, opening_clause(text)}
