"""Turning lines as they were set on a page back into paragraphs.

A text copied from a page or a pdf has a line end where the page was full, a gap where a page ended, and a
paragraph's end where its last line fell short. Nothing marks which is which, so each border between two lines is
judged by how full the upper line is, whether its sentence is open, and how the lower one starts.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from reports.normalise import ends_sentence

_CN = "一二三四五六七八九十百"
_ENUMERATED = re.compile(
    rf"(?:第?[{_CN}]{{1,4}}[、.．，,：: ]|[（(〔][{_CN}\d]{{1,3}}[)）〕]|第[{_CN}\d]{{1,3}}[章节条项]|\d{{1,2}}(?:[、．]|\.(?!\d)|[)）])"
    r"|[①-⑳⑴-⒛㈠-㈩]|[●○■□◆◇▶►➢★※•·|│]|[-*+] )"
)
_SPOKEN = re.compile(rf"(?:[{_CN}]是|[{_CN}]要|第[{_CN}]，|首先|其次|再次|最后|此外)")
_CONTINUES = re.compile(r"[，。、；：？！）》”’】…％%,;)]")
_OPEN_END = re.compile(r"[，、（《“‘,(—-]$")
_DATE_LINE = re.compile(r"^[\d〇○零一二三四五六七八九十]{1,4} ?年.{0,10}[日号]?$|^\d{5,8}$")
_STOPPED = re.compile(r"[，。；：、！？,;:]")
_SAME_SIZE, _INDENT = 1.6, 1.5
_LEAST_SLACK, _MOST_SLACK = 5.0, 9.0
_NARROWEST, _WIDEST = 32, 140
_SENTENCE_LENGTH = 40
_SIGNATURE_LENGTH = 30
_HEADING_LENGTH, _LONG_HEADING = 30, 60


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page: its text, where it starts and ends, and how it stands to the line above.

    `left` and `right` share any unit in which a Chinese character is 2 wide. `gap` is blank space above;
    `count` is where the line ends if every character is 2 wide; `number` is the mark of a list. `turned` means that a page ended above this line, so its gap says nothing.
    """

    text: str
    left: float = 0.0
    right: float = 0.0
    gap: bool = False
    turned: bool = False
    page: int | None = None
    heading: int | None = None
    centred: bool = False
    bold: bool = False
    size: float = 0.0
    count: float = 0.0
    number: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """How the lines of one text are set: where a full line ends, and where an unindented one begins."""

    wrapped: bool
    full: float
    margin: float
    indented: bool
    slack: float


def is_enumerated(text: str) -> bool:
    """Whether the text opens with a number or bullet that starts a paragraph."""
    return _ENUMERATED.match(text) is not None


def measure(lines: Sequence[Line], least_slack: float = _LEAST_SLACK) -> Measure:
    """How the lines are set, from those whose sentence runs on into the next.

    `least_slack`: how far a full line may fall short, for a character that could not end or begin a line.
    """
    running = [
        upper
        for upper, lower in pairwise(lines)
        if not (lower.gap or lower.turned or ends_sentence(upper.text) or is_enumerated(lower.text))
        and upper.heading is None
        and not upper.centred
    ]
    rights = sorted(line.right for line in running)
    edge = rights[int(len(rights) * 0.9)] if rights else 0.0
    slack = min(_MOST_SLACK, edge - rights[len(rights) // 5] + least_slack) if rights else 0.0
    near = sum(edge - right <= slack for right in rights)
    beyond = sum(line.right > edge + slack for line in lines)
    wrapped = (
        len(running) >= max(2, len(lines) * 0.12)
        and _NARROWEST <= edge <= _WIDEST
        and near >= len(rights) * 0.6
        and beyond <= len(lines) * 0.05
    )
    body = [line.left for line in lines if not line.centred]
    margin = _margin(body)
    lefts = [line for line in body if line - margin <= 1]
    return Measure(wrapped, edge - slack, margin, 0 < len(lefts) < len(body) * 0.95, slack)


def _margin(lefts: Sequence[float]) -> float:
    """Where lines begin that are not indented: the leftmost place where several do."""
    counts = Counter(round(left) for left in lefts)
    common = [place for place, count in counts.items() if count >= max(2, len(lefts) * 0.04)]
    return min((left for left in lefts if round(left) in common), default=min(lefts, default=0.0))


def join(lines: Sequence[Line], setting: Measure | None = None) -> list[Line]:
    """The paragraphs the lines make up; a paragraph keeps the place of its first line."""
    return [
        replace(group[0], text=glue([line.text for line in group])) if len(group) > 1 else group[0]
        for group in grouped(lines, setting or measure(lines))
    ]


def grouped(lines: Sequence[Line], setting: Measure) -> list[list[Line]]:
    """The lines of each paragraph."""
    groups: list[list[Line]] = []
    for place, line in enumerate(lines):
        signs = _signs(line, lines[place + 1] if place + 1 < len(lines) else None)
        if groups and not signs and runs_on(groups[-1][-1], line, setting, len(groups[-1]) > 1):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _signs(line: Line, below: Line | None) -> bool:
    """Whether a line is a name over a date: a signature, which no sentence above runs into."""
    return bool(
        below
        and _DATE_LINE.match(below.text)
        and len(line.text) <= _SIGNATURE_LENGTH
        and not _STOPPED.search(line.text)
    )


def glue(parts: Sequence[str]) -> str:
    """The parts of one paragraph, with a space only between Latin words."""
    text = parts[0]
    for part in parts[1:]:
        latin = text[-1:].isascii() and text[-1:].isalpha() and part[:1].isascii() and part[:1].isalpha()
        text += " " + part if latin else part
    return text


def runs_on(above: Line, below: Line, setting: Measure, continued: bool = False) -> bool:
    """Whether the sentence or paragraph of the line above goes on in the line below.

    `continued`: the line above is not the first of its paragraph.
    """
    if above.heading != below.heading or above.heading is not None or below.number:
        return False
    if above.size and below.size and abs(above.size - below.size) > _SAME_SIZE:
        return False
    if above.centred or below.centred:  # a title goes on where its first line filled the page
        return above.centred and below.centred and setting.wrapped and above.right >= setting.full
    if _CONTINUES.match(below.text):
        return True
    is_open = not ends_sentence(above.text)
    if setting.wrapped:
        return _runs_on_wrapped(above, below, setting, is_open, continued)
    return is_open and _runs_on_loose(above, below)


def _runs_on_wrapped(above: Line, below: Line, setting: Measure, is_open: bool, continued: bool) -> bool:
    full = above.right >= setting.full
    starts = is_enumerated(below.text)
    indented = setting.indented and below.left - setting.margin >= _INDENT
    if not full:
        return is_open and bool(_OPEN_END.search(above.text)) and not indented and not starts
    if indented:
        return is_open and not starts and not below.gap and _hangs(above, below, continued)
    if starts:
        return is_open and setting.indented
    if not is_open and below.right < setting.full and not ends_sentence(below.text):
        return False  # the last line of a paragraph ends its sentence; this one is a heading or a signature
    return is_open or not below.gap


def _hangs(above: Line, below: Line, continued: bool) -> bool:
    """Whether an indented line hangs under its list number or under a line that does."""
    if continued:
        return abs(below.left - above.left) <= 1
    return below.left - above.left > 1 and is_enumerated(above.text)


def _runs_on_loose(above: Line, below: Line) -> bool:
    # A numbered line without a stop is a heading, be it a long one where nothing stands between it and its text.
    heading = _HEADING_LENGTH if below.gap or below.turned else _LONG_HEADING
    if (
        is_enumerated(below.text)
        or _DATE_LINE.match(below.text)
        or (is_enumerated(above.text) and len(above.text) < heading)
    ):
        return False
    if _OPEN_END.search(above.text):
        return True
    blank = below.gap and not below.turned
    if blank or len(above.text) < _SENTENCE_LENGTH or _SPOKEN.match(below.text):
        return False
    return ends_sentence(below.text) or len(below.text) > _SIGNATURE_LENGTH
