"""Numbers as offices write them: Arabic digits, narrow or full-width, and Chinese numerals."""

import re

_DIGITS = dict(zip("〇○Ｏ零一二三四五六七八九", (0, 0, 0, 0, *range(1, 10)), strict=True))
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾", "一二三四五六七八九十")
_NARROW = str.maketrans("０１２３４５６７８９．", "0123456789.")
_FULL_WIDTH = re.compile("[０-９．]")


def number(text: str) -> int | None:
    """The value of Arabic digits or of Chinese numerals (formal ones too) up to 99; None for anything else."""
    text = text.strip().translate(_FORMAL)
    if text.isdecimal():
        return int(text)
    if not text or any(char not in _DIGITS and char != "十" for char in text):
        return None
    if "十" not in text:
        return int("".join(str(_DIGITS[char]) for char in text))
    tens, _, ones = text.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return None
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def narrow(text: str) -> str:
    """The text with full-width digits and their point made narrow; as long as before."""
    return text.translate(_NARROW) if _FULL_WIDTH.search(text) else text
