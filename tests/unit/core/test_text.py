"""Text as it is kept, compared and shortened, whatever people paste."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import ELLIPSIS, folded, is_number, one_line, printable, says_something, shortened, tidied

ANYTHING = st.text(st.characters())


@given(ANYTHING)
def test_what_is_kept_holds_no_control_character_and_is_kept_alike_again(text: str) -> None:
    kept = tidied(text)
    assert kept == kept.strip() == printable(kept)
    assert {c for c in kept if unicodedata.category(c) in ("Cc", "Cs")} <= {"\n", "\t"}


@given(ANYTHING)
def test_one_line_can_forge_no_second_one(text: str) -> None:
    line = one_line(text)
    assert line == one_line(line)
    assert len(line.splitlines()) <= 1
    assert not {unicodedata.category(c) for c in line} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@given(ANYTHING, st.integers(1, 40))
def test_a_shortened_text_is_the_line_or_its_beginning_with_a_sign(text: str, most: int) -> None:
    line, short = one_line(text), shortened(text, most)
    assert short == line if len(line) <= most else short == line[:most] + ELLIPSIS


def test_how_people_type_it_makes_no_other_text() -> None:
    assert tidied("  一、制度\r\n二、落实\r\x00\ufffe ") == "一、制度\n二、落实"
    assert one_line("第一行\u2028第二行\u202e　第三行") == "第一行 第二行 第三行"
    assert folded("２０２６ 年　６月\n30日") == folded("2026年6月30日")


@pytest.mark.parametrize(
    "words",
    [
        "写错了",
        "日期误填",
        "不成立：该件是合订本，另有原件",
        "已看原件",
        "职能划转",
        "整改不到位",
        "没有落实到人",
        "不是本科室",
        "7 件回证已补",
    ],
)
def test_few_words_may_say_something(words: str) -> None:
    assert says_something(words)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "。",
        "无",
        "1",
        "改",
        "是的",
        "同上。",
        "已核实",
        "情况属实，同意",
        "1111",
        "测试测试",
        "无无无",
        "啊啊啊",
        "不成立",
        "整改",
        "已全部整改到位。",
        "ok fine",
        "没有问题",
    ],
)
def test_filling_says_nothing(words: str) -> None:
    assert not says_something(words)


@given(
    st.lists(
        st.sampled_from(["无", "是", "同上", "已核实", "属实", "测试", "没有问题", "1", "。", "\n", "x"])
    )
)
def test_no_mixture_of_stock_answers_says_something(words: list[str]) -> None:
    assert not says_something("".join(words))


def test_a_paper_is_found_by_a_number() -> None:
    numbers = ("12", "档1", "2026-法规-永久-012", "局长办公会〔2026〕6号", "第三次")
    assert all(map(is_number, numbers))
    assert not any(map(is_number, ("", "1", "。", "无", "111", "档案盒", "7.", "一一")))
