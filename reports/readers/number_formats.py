"""Word's number formats: how a number of a list is printed."""

from collections.abc import Callable

BULLET = "•"
_DIGITS = "零一二三四五六七八九"
_LEGAL = str.maketrans(_DIGITS + "十", "零壹贰叁肆伍陆柒捌玖拾")
_DIGITAL = str.maketrans("0123456789", "〇一二三四五六七八九")
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_ROMAN = {100: "C", 90: "XC", 50: "L", 40: "XL", 10: "X", 9: "IX", 5: "V", 4: "IV", 1: "I"}
_ROWS = {
    "decimalEnclosedCircle": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
    "decimalEnclosedCircleChinese": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
    "decimalEnclosedFullstop": "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛",
    "decimalEnclosedParen": "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇",
    "ideographEnclosedCircle": "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉",
    "ideographTraditional": "甲乙丙丁戊己庚辛壬癸",
    "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥",
    "upperLetter": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "lowerLetter": "abcdefghijklmnopqrstuvwxyz",
}


def printed(value: int, format_: str) -> str:
    """The number in one of Word's number formats, in digits where a format is not known or goes no further."""
    row = _ROWS.get(format_, "")
    if 1 <= value <= len(row) or (row.isalpha() and value > 0):  # those of words begin again
        return row[(value - 1) % len(row)]
    make = next((make for name, make in _MAKERS if name in format_), str)
    return make(value) if 1 <= value < 100 else str(value)


def _chinese(value: int) -> str:
    tens, ones = divmod(value, 10)
    ten = (_DIGITS[tens] if tens > 1 else "") + "十" if tens else ""
    return ten + (_DIGITS[ones] if ones else "")


def _legal(value: int) -> str:
    words = _chinese(value)
    return ("一" + words if words.startswith("十") else words).translate(_LEGAL)


def _roman(value: int) -> str:
    text = ""
    for size, letter in _ROMAN.items():
        text += letter * (value // size)
        value %= size
    return text


_MAKERS: tuple[tuple[str, Callable[[int], str]], ...] = (
    ("Counting", _chinese),
    ("Legal", _legal),
    ("Digital", lambda value: str(value).translate(_DIGITAL)),
    ("FullWidth", lambda value: str(value).translate(_FULL_WIDTH)),
    ("decimalZero", lambda value: f"{value:02}"),
    ("upperRoman", _roman),
    ("lowerRoman", lambda value: _roman(value).lower()),
    ("none", lambda _value: ""),
)
