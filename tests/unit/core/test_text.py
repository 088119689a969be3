"""Text as it is kept, compared and shortened, whatever people paste."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from core.text import ELLIPSIS, folded, one_line, printable, shortened, tidied

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
