"""Automatic numbers of Word lists: which number a paragraph bears on the page, from numbering.xml.

Counters belong to the abstract list, so that two lists of one kind go on counting; a list that overrides its
start begins anew when it is first used; a level begins anew when a level above it has counted.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

_DIGITS = "零一二三四五六七八九"
_IDEOGRAPH_DIGITS = "〇一二三四五六七八九"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_ROMAN = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)
BULLET = "•"

_Maker = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list as its definition gives it."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    restart: int | None = None
    legal: bool = False
    style: str = ""


@dataclass(frozen=True, slots=True)
class ListInstance:
    """A w:num: the abstract list it counts on, the starts it overrides and the levels it redefines."""

    abstract: str
    starts: Mapping[int, int] = field(default_factory=dict)
    levels: Mapping[int, Level] = field(default_factory=dict)


class Numbering:
    """The lists of one document, counted paragraph by paragraph in reading order."""

    def __init__(
        self, abstracts: Mapping[str, Mapping[int, Level]], instances: Mapping[str, ListInstance]
    ) -> None:
        self._abstracts = abstracts
        self._instances = instances
        self._counters: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()

    def level_of_style(self, num_id: str, style: str) -> int:
        """The level of the list that the paragraph style is bound to, else the outermost."""
        instance = self._instances.get(num_id)
        levels = self._abstracts.get(instance.abstract, {}) if instance else {}
        return next((depth for depth, level in levels.items() if level.style == style), 0)

    def label(self, num_id: str, depth: int) -> str:
        """The number of the next paragraph on that level, as printed; empty where the list prints none."""
        instance = self._instances.get(num_id)
        if instance is None:
            return ""
        level = self._level(instance, depth)
        if level is None:
            return ""
        counters = self._counters.setdefault(instance.abstract, {})
        self._count(num_id, instance, depth, counters)
        if level.format == "bullet":
            return BULLET
        if level.format == "none" and "%" not in level.text:
            return level.text.strip()
        return self._render(instance, level, depth, counters).strip()

    def _level(self, instance: ListInstance, depth: int) -> Level | None:
        return instance.levels.get(depth) or self._abstracts.get(instance.abstract, {}).get(depth)

    def _count(self, num_id: str, instance: ListInstance, depth: int, counters: dict[int, int]) -> None:
        start = self._start(instance, depth)
        if (num_id, depth) not in self._begun and depth in instance.starts:
            counters[depth] = start
        else:
            counters[depth] = counters[depth] + 1 if depth in counters else start
        self._begun.add((num_id, depth))
        for deeper in [other for other in counters if other > depth]:
            level = self._level(instance, deeper)
            restart = level.restart if level else None
            if restart == 0 or (restart is not None and depth >= restart):
                continue
            del counters[deeper]

    def _start(self, instance: ListInstance, depth: int) -> int:
        level = self._level(instance, depth)
        return instance.starts.get(depth, level.start if level else 1)

    def _render(self, instance: ListInstance, level: Level, depth: int, counters: dict[int, int]) -> str:
        text = level.text
        for other in range(9):
            mark = f"%{other + 1}"
            if mark not in text:
                continue
            value = counters.get(other, self._start(instance, other))
            shown = self._level(instance, other)
            format_ = "decimal" if level.legal and other != depth else (shown.format if shown else "decimal")
            text = text.replace(mark, printed(value, format_))
        return text


def printed(value: int, format_: str) -> str:
    """The number in one of Word's number formats; a format not known is printed in digits."""
    make = _FORMATS.get(format_)
    return make(value) if make and 0 <= value < 10_000 else str(value)


def chinese(value: int) -> str:
    """The number in Chinese words, as headings count: 十, 十二, 二十, 一百零三."""
    if value == 0:
        return "零"
    words = ""
    for unit, size in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit = value // size % 10
        if digit:
            words += _DIGITS[digit] + unit
        elif words and not words.endswith("零"):
            words += "零"
    words = words.rstrip("零")
    return words[1:] if words.startswith("一十") else words


def _legal(value: int) -> str:
    words = chinese(value)
    words = "一" + words if words.startswith("十") else words
    table = str.maketrans(_DIGITS + "十百千", _LEGAL + "拾佰仟")
    return words.translate(table)


def _digitwise(value: int) -> str:
    return "".join(_IDEOGRAPH_DIGITS[int(digit)] for digit in str(value))


def _counting(value: int) -> str:
    """chineseCounting: words up to 99, digits above."""
    return chinese(value) if value < 100 else _digitwise(value)


def _letters(value: int) -> str:
    return chr(ord("A") + (value - 1) % 26) * ((value - 1) // 26 + 1) if value else ""


def _roman(value: int) -> str:
    text = ""
    for size, letter in _ROMAN:
        while value >= size:
            text += letter
            value -= size
    return text


def _from(first: str, last: int) -> _Maker:
    return lambda value: chr(ord(first) + value - 1) if 1 <= value <= last else str(value)


def _enclosed(value: int) -> str:
    for first, base, last in (("①", 1, 20), ("㉑", 21, 35), ("㊱", 36, 50)):
        if base <= value <= last:
            return chr(ord(first) + value - base)
    return str(value)


def _full_width(value: int) -> str:
    return "".join(chr(ord(digit) - ord("0") + ord("０")) for digit in str(value))


def _cycle(names: str) -> _Maker:
    return lambda value: names[(value - 1) % len(names)] if value else ""


_FORMATS: dict[str, _Maker] = {
    "decimal": str,
    "decimalZero": lambda value: f"{value:02}",
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalHalfWidth": str,
    "numberInDash": lambda value: f"-{value}-",
    "decimalEnclosedCircle": _enclosed,
    "decimalEnclosedCircleChinese": _enclosed,
    "decimalEnclosedFullstop": _from("⒈", 20),
    "decimalEnclosedParen": _from("⑴", 20),
    "ideographEnclosedCircle": _from("㊀", 10),
    "upperRoman": _roman,
    "lowerRoman": lambda value: _roman(value).lower(),
    "upperLetter": _letters,
    "lowerLetter": lambda value: _letters(value).lower(),
    "chineseCounting": _counting,
    "chineseCountingThousand": chinese,
    "taiwaneseCounting": _counting,
    "taiwaneseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "koreanCounting": chinese,
    "chineseLegalSimplified": _legal,
    "ideographLegalTraditional": _legal,
    "japaneseLegal": _legal,
    "ideographDigital": _digitwise,
    "japaneseDigitalTenThousand": _digitwise,
    "koreanDigital": _digitwise,
    "taiwaneseDigital": _digitwise,
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "none": lambda _value: "",
    "bullet": lambda _value: BULLET,
}
