"""Likeness, held against pairs that were said, and against the samples: two items of one report are never one matter."""

import json
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rectification.intake.likeness import ALIKE, SAME_LINE, likeness, most_alike, paired
from rectification.intake.source_words import places_of
from tests.unit.rectification.intake.likeness_pairs import OTHER, SAME

SAMPLES = sorted(Path("tests/samples/reports").glob("*.gold.json"))
HAN = st.text(st.characters(min_codepoint=0x5200, max_codepoint=0x53FF), max_size=60)


def test_the_same_matter_in_other_words_is_recognised() -> None:
    recognised = sum(likeness(one, other) >= ALIKE for one, other in SAME)
    assert recognised >= len(SAME) - 2


def test_matters_that_only_sound_alike_are_mostly_kept_apart() -> None:
    confused = sum(likeness(one, other) >= ALIKE for one, other in OTHER)
    assert confused <= len(OTHER) // 4


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
