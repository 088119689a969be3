"""Enumerators: 一、（一）1. ① 一是 一要 第一， 首先 其一 一个是 一方面 问题一： bullets and the numbers a format adds by itself.

A mark inside a sentence counts only where it begins or goes on with a sequence, so that "统一是", a lone "一是" and a
quoted "第三方" are left alone.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from core.han import HAN
from core.numerals import number
from reports.sentences import blank_quotes
from reports.source import Line, Stretch

_HAN = "一二三四五六七八九十"
_FORMAL = "壹贰叁肆伍陆柒捌玖拾"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_BRACKETED_HAN = "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩"
_BRACKETED = "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿"
_DOTTED = "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓"
_ORDER = {"首先": 1, "其次": 2, "再次": 3, "再者": 4, "最后": 5}

_MARK = re.compile(
    # Few characters begin a mark: at all others none of the forms is tried.
    rf"(?=[存问不短差弱任措举困事第其首再最还另又\d(（〔{_HAN}{_CIRCLED}{_BRACKETED_HAN}{_BRACKETED}{_DOTTED}])(?:"
    rf"(?P<named>(?:存在)?(?:问题|不足|短板|差距|弱项|任务|措施|举措|困难|事项)(?:[{_HAN}]{{1,3}}|\d{{1,2}})\s*[：:、.．，])"
    rf"|(?P<part>第[{_HAN}]{{1,3}}(?:部分|章|节)[、，：:\s]*)"
    rf"|(?P<first>第[{_HAN}]{{1,2}}(?:[，,、：:]|(?:个|项|点)?(?:方面|问题|短板)?是(?!否)|\s+(?=\S)))"
    rf"|(?P<qi>其[一二三四五六七八](?:[，,、：:]|是))"
    rf"|(?P<order>(?:首先|其次|再次|再者|最后)(?:[，,：:、]|是|(?=要|还)))"
    rf"|(?P<each>(?:还有|另外?|再有?|最后|又)?一个是)"
    rf"|(?P<side>(?:另|再|还有)?一方面[，,：:])"
    rf"|(?P<shi>[{_HAN}]{{1,2}}是(?!否)[，,：:]?)"
    rf"|(?P<yao>[{_HAN}]{{1,2}}(?:要(?![求点素件闻务])|抓(?![好紧到手住]))[，,：:]?)"
    rf"|(?P<han_paren>[（(〔]\s?[{_HAN}]{{1,3}}\s?[)）〕][、.．]?|[{_BRACKETED_HAN}]、?)"
    rf"|(?P<paren>[（(]\s?\d{{1,2}}\s?[)）][、.．]?|[{_BRACKETED}]、?)"
    rf"|(?P<circled>[{_CIRCLED}]、?)"
    rf"|(?P<close>(?<![\d（(]|[A-Za-z])\d{{1,2}}[)）]、?)"
    rf"|(?P<arabic>(?<![\d.．A-Za-z])\d{{1,2}}\s?(?:[、．]|\.(?!\d))|[{_DOTTED}])"
    rf"|(?P<han>(?<![{_HAN}第])[{_HAN}]{{1,3}}\s?(?:[、．]|\.(?!\d))))"
)
_LEADING_ONLY = re.compile(
    rf"\s*(?:(?P<arabic>\d{{1,2}}\.(?=(?:20\d\d|十)[年\d]))|(?P<multi>\d{{1,2}}(?:\.\d{{1,2}})+[.、．]?\s+)|(?P<han>[{_HAN}]{{1,3}}(?:\s?[:：](?=\S)|\s+(?=[{HAN}]{{2}}))|[{_FORMAL}]{{1,2}}\s*[、．.：: ])"
    rf"|(?P<arabic2>\d{{1,2}}\s+(?=[{HAN}]{{4}}))"
    r"|(?P<bullet>(?:[-–—•●■◆▪·○★※*□◇►]|[oOl](?=\s{2,}))+\s*)|(?P<besides>(?:此外|另外|除此之外|再有|还有)[，,：:]))"
)
_STOPS = "。；;：:！？!?，,\n"
_ANY_PLACE = frozenset({"shi", "yao", "circled"})
_INLINE_STOPS = {
    "han": "。；;：:",
    "arabic": "。；;：:",
    "close": "。；;：:",
    "each": "。；;：:",
    "side": "。；;",
    "order": "。；;：:",
    "part": "",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """An enumerator: its style, its value in the sequence, where it stands, and whether it opens its paragraph.

    An automatic number stands nowhere in the text: its stretch is empty. `printed` is as a person sees it.
    """

    style: str
    value: int
    at: Stretch
    leads: bool
    printed: str


def leading(line: Line) -> Mark | None:
    """The enumerator a paragraph opens with, automatic or typed."""
    block = line.block
    if block.number:
        mark = _automatic(line)
        typed = _typed(line)
        # A typed number inside an automatic bullet is the one that counts.
        return typed if typed and mark.style == "bullet" and typed.style != "bullet" else mark
    return _typed(line)


def inline(text: str, stretch: Stretch) -> list[Mark]:
    """Candidates inside a stretch, not yet checked for sequence; those in quotations and brackets are left out."""
    neutral = blank_quotes(text[stretch.start : stretch.end])
    above = text[max(0, stretch.start - 1) : stretch.start]
    opening = (
        above if above and above in "。；;：:" else ""
    )  # a stretch may begin behind a heading in its line
    found = []
    for match in _MARK.finditer(neutral):
        style = match.lastgroup or ""
        before = (neutral[max(0, match.start() - 4) : match.start()].rstrip() or opening)[-1:]
        stops = _INLINE_STOPS.get(style, _STOPS + "”’）)")
        if style not in _ANY_PLACE and (not before or before not in stops):
            continue
        value = _value(style, match[0])
        if value is None:
            continue
        # Without a stop before it only the opening "一是" may count: "局长一是带头学法；二是…".
        if (
            style in ("shi", "yao")
            and before
            and before not in stops
            and (value != 1 or before in "统唯同第之单万专")
        ):
            continue
        at = Stretch(stretch.start + match.start(), stretch.start + match.end())
        found.append(Mark(style, value, at, leads=False, printed=match[0].strip()))
    return found


def in_sequence(marks: Iterable[Mark]) -> list[Mark]:
    """The marks that belong to a sequence: those that lead a paragraph, and runs 1, 2, … of at least two inside one.

    A run may repeat a value or skip one (typing errors are common); anything else is dropped.
    """
    runs: dict[str, list[list[Mark]]] = {}
    for mark in marks:
        of_style = runs.setdefault(mark.style, [])
        if mark.value == 1:
            of_style.append([mark])
        elif of_style and 0 <= mark.value - of_style[-1][-1].value <= (
            _ORDER["最后"] if mark.style == "order" else 2
        ):
            of_style[-1].append(mark)
        elif mark.leads:
            of_style.append([mark])
    kept = [
        mark
        for of_style in runs.values()
        for run in of_style
        for mark in run
        if mark.leads or (len(run) > 1 and run[1].value > run[0].value)
    ]
    return sorted(kept, key=lambda mark: (mark.at, not mark.leads))


def marks_in(text: str, pieces: Iterable[tuple[Line, Stretch]]) -> list[Mark]:
    """The enumerators in a run of lines that belong to a sequence."""
    found: list[Mark] = []
    for line, part in pieces:
        if line.cells:
            continue
        head = leading(line) if part.start == line.start else None
        if head:
            found.append(head)
        start = head.at.end if head else part.start
        found.extend(inline(text, Stretch(start, part.end)))
    return in_sequence(found)


def _typed(line: Line) -> Mark | None:
    if not (found := _head(line.text)):
        return None
    style, value, printed = found
    at = Stretch(line.start, line.start + len(printed))
    return Mark(style, value, at, leads=True, printed=printed.strip())


@lru_cache(maxsize=1024)
def _head(words: str) -> tuple[str, int, str] | None:
    """Style, value and characters of the mark that a line opens with."""
    match = _LEADING_ONLY.match(words) or _MARK.match(words)
    if not match:
        return None
    style = (match.lastgroup or "").rstrip("2")
    if style == "shi" and match.end() == len(words):
        return None
    value = _value(style, match[0])
    return None if value is None else (style, value, match[0])


def _automatic(line: Line) -> Mark:
    printed = line.block.number.strip()
    match = _MARK.match(printed) or _MARK.match(printed + "、")
    style = match.lastgroup if match and match.lastgroup else "bullet"
    value = _value(style, match[0]) if match else 0
    depth = line.block.depth
    return Mark(
        f"auto {style} {depth}", value or 0, Stretch(line.start, line.start), leads=True, printed=printed
    )


def _value(style: str, text: str) -> int | None:
    if style in ("bullet", "besides"):
        return 0
    if style == "order":
        return next(value for word, value in _ORDER.items() if text.startswith(word))
    if style in ("each", "side"):
        return 1 if text.startswith("一") else 2 if text.startswith("另") else 3
    for glyphs in (_CIRCLED, _BRACKETED_HAN, _BRACKETED, _DOTTED):
        if text[:1] in glyphs:
            return glyphs.index(text[0]) + 1
    digits = re.findall(rf"\d+|[{_HAN}{_FORMAL}]+", text)
    return number(digits[-1] if style == "multi" else digits[0]) if digits else None
