"""Likeness, held against pairs that were said, and against the samples: two items of one report are never one matter."""

import json
import re
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rectification.intake.likeness import (
    ALIKE,
    ANSWERS,
    SAME_LINE,
    likeness,
    most_alike,
    paired,
    said_again,
)
from rectification.intake.recurrence import says_still
from rectification.intake.source_words import pieces, places_of
from tests.unit.rectification.intake.likeness_pairs import ANSWERED, OTHER, SAME, UNANSWERED

SAMPLES = sorted(Path("tests/samples/reports").glob("*.gold.json"))
HAN = st.text(st.characters(min_codepoint=0x5200, max_codepoint=0x53FF), max_size=60)


def test_the_same_matter_in_other_words_is_recognised() -> None:
    recognised = sum(likeness(one, other) >= ALIKE for one, other in SAME)
    assert recognised >= len(SAME) - 2


def test_matters_that_only_sound_alike_are_mostly_kept_apart() -> None:
    confused = sum(likeness(one, other) >= ALIKE for one, other in OTHER)
    assert confused <= len(OTHER) // 4


ADDED = "，同时基层站所反映强烈，群众多次来信要求尽快研究解决，今年以来已接到来信二十余件，需要引起高度重视"


def test_a_clause_added_does_not_hide_that_it_is_said_again() -> None:
    recognised = sum(said_again(f"{later}{ADDED}", [earlier]) == 0 for earlier, later in SAME)
    assert recognised >= len(SAME) - 3
    confused = sum(said_again(f"{later}{ADDED}", [earlier]) == 0 for earlier, later in OTHER)
    assert confused <= len(OTHER) // 4


def test_what_is_said_again_is_the_most_alike_and_of_equals_the_first() -> None:
    earlier = ["车辆维修不及时", "执法文书制作不规范", "执法文书制作不规范"]
    assert said_again("执法文书制作仍不规范，窗口排队时间长", earlier) == 1
    assert said_again("政府信息公开答复超期", earlier) is None
    assert said_again("执法文书制作不规范", []) is None


def test_a_plan_is_offered_only_where_it_comes_near() -> None:
    assert sum(likeness(*pair) >= ANSWERS for pair in ANSWERED) >= len(ANSWERED) - 1
    assert sum(likeness(*pair) >= ANSWERS for pair in UNANSWERED) <= 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("执法案卷仍不规范", True),
        ("多头检查依然存在", True),
        ("执法案卷不规范", False),
    ],
)
def test_a_shortcoming_that_goes_on_says_so(text: str, expected: bool) -> None:
    assert says_still(text) is expected


@given(st.text("甲乙。；;，”）\n ", max_size=30))
def test_the_pieces_of_a_text_are_the_text(text: str) -> None:
    found = pieces(text)
    assert "".join(found) == text
    assert all(re.search(r"\w", piece) for piece in found[1:])


def test_a_text_is_cut_after_sentences_and_semicolons() -> None:
    assert pieces("案卷不规范；缺回证。“少人。”窗口少。") == ["案卷不规范；", "缺回证。", "“少人。”窗口少。"]


@pytest.mark.parametrize("kind", ["shortcomings", "plans"])
def test_two_items_of_one_report_are_never_taken_for_one(kind: str) -> None:
    worst = max(
        likeness(one["text"], other["text"])
        for sample in SAMPLES
        for one, other in combinations(json.loads(sample.read_text())[kind], 2)
    )
    assert worst < SAME_LINE


@given(HAN, HAN)
def test_likeness_is_the_same_both_ways_and_whole_for_itself(one: str, other: str) -> None:
    assert likeness(one, other) == pytest.approx(likeness(other, one))
    assert 0 <= likeness(one, other) <= 100
    if one:
        assert likeness(one, f" {one}。") == 100


def test_the_best_comes_first_and_nothing_below_the_threshold() -> None:
    others = ["车辆维修不及时", "执法文书制作仍不够规范，个别案卷缺少送达回证", "执法文书制作不规范"]
    assert most_alike("执法文书制作不规范", others) == [2, 1]
    assert most_alike("", others) == []


@given(st.lists(HAN, max_size=6), st.lists(HAN, max_size=6))
def test_pairing_takes_each_at_most_once(before: list[str], now: list[str]) -> None:
    pairs = paired(before, now)
    assert len(set(pairs.values())) == len(pairs)
    assert all(likeness(now[new], before[old]) >= SAME_LINE for new, old in pairs.items())


@given(st.lists(HAN.filter(lambda text: len(text) > 3), min_size=1, max_size=6, unique=True))
def test_items_only_moved_about_find_themselves_again(before: list[str]) -> None:
    now = before[::-1]
    assert {now[new]: before[old] for new, old in paired(before, now).items()} == {
        text: text for text in before
    }


def test_words_are_found_across_blanks_and_line_ends() -> None:
    text = "（一）执法文书\n制作 不规范。执法文书制作不规范。"
    assert [text[start:end] for start, end in places_of("执法文书制作\r\n不规范", text)] == [
        "执法文书\n制作 不规范",
        "执法文书制作不规范",
    ]
    assert places_of("  ", text) == []
    assert places_of("没有的字", text) == []
