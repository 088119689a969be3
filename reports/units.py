"""The smallest stretches a report is read by: headings, sentences, parts between semicolons and entries of a list."""

from collections.abc import Iterable
from dataclasses import dataclass

from reports.enumeration import Mark, marks_in
from reports.remarks import announces
from reports.sentences import parts, sentences
from reports.source import Line, Source, Stretch
from reports.turns import measure_cue, problem_label, reason_label

_COLONS = "：:"
_LONGEST_HEAD = 60


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch that is in an item as a whole or not at all; a table is one unit.

    `mark` is the enumerator it opens with; `part` says that a sentence or a part after a semicolon begins here.
    """

    stretch: Stretch
    line: Line
    mark: Mark | None
    opens_line: bool
    part: bool
    said: Stretch
    """The unit without its enumerator."""

    @property
    def start(self) -> int:
        return self.stretch.start

    @property
    def end(self) -> int:
        return self.stretch.end


def units_of(source: Source, lines: Iterable[Line]) -> list[Unit]:
    """The units of some lines, in order; together they hold every character of the lines but white space."""
    pieces = [(line, line.stretch) for line in lines]
    marks = marks_in(source.text, pieces)
    by_start = {mark.at.start: mark for mark in marks}
    leading = {mark.at.start: mark for mark in marks if mark.leads}
    found: list[Unit] = []
    for line, stretch in pieces:
        if line.cells:
            found.append(Unit(stretch, line, None, opens_line=True, part=True, said=stretch))
            continue
        whole = _parts(source.text, stretch)
        cuts = sorted(
            whole
            | _cuts(source.text, stretch, whole)
            | {at for at in by_start if stretch.start < at < stretch.end}
        )
        for start, end in zip(cuts, [*cuts[1:], stretch.end], strict=True):
            if source.text[start:end].strip():
                mark = (leading if start == stretch.start else by_start).get(start)
                said = Stretch(mark.at.end if mark else start, end)
                opens = start == stretch.start
                found.append(Unit(Stretch(start, end), line, mark, opens, start in whole, said))
    return found


def _leads_up(head: str) -> bool:
    """Whether words up to a colon announce or label what follows it."""
    return announces(head) or reason_label(head) is not None or problem_label(head) is not None


def _parts(text: str, line: Stretch) -> set[int]:
    """Where sentences and their parts begin inside a line."""
    return {part.start for sentence in sentences(text, line) for part in parts(text, sentence)}


def _cuts(text: str, line: Stretch, begun: set[int]) -> set[int]:
    """Where what a colon announces and measures begin inside the parts of a line."""
    cuts = {line.start}
    starts = sorted(begun)
    for start, end in zip(starts, [*starts[1:], line.end], strict=True):
        words = text[start:end]
        if (cue := measure_cue(words)) and cue.start:
            cuts.add(start + cue.start)
        colon = min((at for mark in _COLONS if (at := words.find(mark)) > 0), default=0)
        if 0 < colon < min(_LONGEST_HEAD, len(words) - 4) and _leads_up(words[: colon + 1]):
            cuts.add(start + colon + 1)
    return cuts
