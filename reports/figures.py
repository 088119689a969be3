"""Figures in the text that leave something undone; suggestions, never tasks."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from reports.frame import Frame
from reports.parsed import Hint, HintKind
from reports.sentences import sentences
from reports.source import Source, Stretch

_NUMBER = re.compile(
    r"(?<![\d.．第])(\d{1,7}(?:\.\d+)?)\s*(余|多)?\s*(万)?\s*(件次|人次|批次|件|起|份|条|项|次|场|个|家|处|宗|户|名)?(?![\d%％年月日.])"
)
_TAKEN = re.compile(
    r"受理|接[收到]|收到|立案|交办|转办|登记|排查出?|发现|查[出找]|梳理|征集|搜集|问题线索|反馈|隐患|共有|应"
)
_DONE = re.compile(
    r"(?<!未)(?:办结|办理完[毕成]|整改|完成|化解|调[解处](?:成功)?|答复|销号|结案|审结|处理完毕|整治到位|兑现)"
)
_SHARE = re.compile(r"其中|内含|包括")
_CLAUSE = re.compile(r"[，,。；;：:\n]")
_REACH = 40


@dataclass(frozen=True, slots=True)
class _Figure:
    value: float
    unit: str
    before: str
    at: Stretch
    part_of: bool


def figures(source: Source, frame: Frame) -> Iterator[Hint]:
    """What the figures of the report suggest a clerk should look at, in order of place."""
    for line in frame.body:
        if line.cells:
            continue
        for sentence in sentences(source.text, line.stretch):
            yield from _unfinished(_figures(source.text, sentence))


def _figures(text: str, sentence: Stretch) -> Iterator[_Figure]:
    said = text[sentence.start : sentence.end]
    after = 0
    for match in _NUMBER.finditer(said):
        left = said[max(after, match.start() - _REACH) : match.start()]
        value = float(match[1]) * (10000 if match[3] else 1)
        start = sentence.start + match.start() - len(_CLAUSE.split(left)[-1])
        at = Stretch(start, sentence.start + match.end())
        yield _Figure(value, match[4] or "", left, at, bool(_SHARE.search(left)))
        after = match.end()


def _unfinished(found: Iterable[_Figure]) -> Iterator[Hint]:
    for first, second in pairwise(found):
        if not (_TAKEN.search(first.before) and _DONE.search(second.before)):
            continue
        same_unit = first.unit == second.unit or not first.unit
        if same_unit and second.unit and 0.5 <= second.value / max(first.value, 1) < 1 and not second.part_of:
            open_ = first.value - second.value
            yield Hint(
                kind=HintKind.UNFINISHED_FIGURE,
                message=f"文中说共 {first.value:g} {second.unit}、已办 {second.value:g} {second.unit}，还有 {open_:g} {second.unit}未办，可考虑列为任务",
                span=Stretch(first.at.start, second.at.end).span,
            )
