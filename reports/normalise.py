"""Cleaning of text that every reader shares: what cannot be seen goes, the wording stays as printed.

Spaces: a single space beside a Chinese character is typesetting and goes ("2020 年度" → "2020年度"), as do gaps
within a date; a wide gap between words stays as one space, because on a page it divides things. Punctuation and
full-width letters are never folded.
"""

import re
import unicodedata
from functools import lru_cache

from core.han import HAN

_CJK = HAN + r"\u2014\u2018-\u201f\u2026\u3001-\u303f\uff01-\uff60\uffe0-\uffe6\u2460-\u24ff①-⑳"

_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a"
    r"-\u202e\u2060-\u206f\u3164\ud800-\udfff\uf000-\uf0ff\ufe00-\ufe0f\ufeff\ufff9-\ufffc]"
)
# Fonts subset into a pdf often name a character by the radical of the same shape.
_RADICALS = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2E80, 0x2FD6)}
_RADICALS |= {
    ord(radical): char
    for radical, char in zip(
        "⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻥⻦⻨⻩⻬⻮⻰",
        "民虎西见角贝车长门青韦页风飞食马骨鱼鸟麦黄齐齿龙",
        strict=True,
    )
}
_RADICAL = re.compile("[\u2e80-\u2fd5]")
_NEWLINES = re.compile(r"\r\n?|[\x0b\x85\u2028\u2029]")
_SPACE = "[ \\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"
_WIDE = re.compile(rf"(?:{_SPACE}{{2,}}|[\t\u2003\u3000])")
_NARROW = re.compile(_SPACE)
_MARK = "\x00"
_BESIDE_CJK = re.compile(rf"(?<=[{_CJK}]) | (?=[{_CJK}])")
_AFTER_PUNCTUATION = re.compile(r"(?<=[、，；：。）】》”’]) +| +(?=[、，；：。）】》”’])")
_IN_DATE = re.compile(r"(?<=\d)[ \x00]+(?=[年月日号])|(?<=[年月])[ \x00]+(?=\d{1,2}[ \x00]*[月日号])")
_SPREAD_DIGITS = re.compile(r"(?<![\d.])\d(?: \d){2,}(?![\d.])")
_LETTERSPACED = re.compile(rf"^[{_CJK}\d](?:[ \x00]+[{_CJK}\d]{{1,2}}){{2,}}$")

_TERMINAL = re.compile(r"[。！？!?；;：:…][”’」』）)】》\"]*$|\.$")


def clean(text: str) -> str:
    """The text without invisible characters, with line feeds as its only line ends."""
    text = _INVISIBLE.sub("", _NEWLINES.sub("\n", text))
    return text.translate(_RADICALS) if _RADICAL.search(text) else text


def squeeze(text: str) -> str:
    """One line of text with its spaces set as the module says; to be called once on what a file holds."""
    line = clean(text).replace("\n", " ").strip()
    if not _NARROW.search(line):
        return line
    line = _WIDE.sub(_MARK, line)
    line = _NARROW.sub(" ", line)
    line = _BESIDE_CJK.sub("", _SPREAD_DIGITS.sub(lambda digits: digits[0].replace(" ", ""), line))
    line = _IN_DATE.sub("", line)
    if _LETTERSPACED.match(line):
        line = line.replace(" ", "").replace(_MARK, "")
    return _AFTER_PUNCTUATION.sub("", re.sub(f"[ {_MARK}]*{_MARK}[ {_MARK}]*", " ", line)).strip()


def ends_sentence(text: str) -> bool:
    """Whether the text ends as a clause or sentence does, closing quotes and brackets aside."""
    return _TERMINAL.search(text.rstrip()) is not None


def columns(text: str) -> int:
    """How wide the text is on a page, in half-width columns."""
    return sum(map(_width, text))


@lru_cache(maxsize=4096)
def _width(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in "WFA" else 1
