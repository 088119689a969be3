"""Regions cut where the text itself turns without a heading: to plans, to reasons for all, to one's own shortcomings."""

import re
from collections.abc import Iterator

from reports.branches import marks_in
from reports.enumeration import Mark
from reports.frame import Frame
from reports.outline import Region, lines_in
from reports.sections import Kind
from reports.sentences import sentences
from reports.source import Line, Source, Stretch
from reports.turns import (
    opens_measure,
    reason_label,
    reasons_for_all,
    reasons_in_turn,
    turns_to_own_shortcomings,
    turns_to_plans,
    turns_to_reasons,
)

_LIST_ENDS = re.compile(r"[：:]\s*$|(?:如下|以下|下列).{0,12}[。：:]?\s*$")


def segments(source: Source, frame: Frame, regions: list[Region]) -> list[Region]:
    """The regions, with those that turn inside cut at the turn."""
    planned = any(region.kind in (Kind.PLANS, Kind.COMBINED) for region in regions)
    headed = any(region.heading for region in regions)
    cut: list[Region] = []
    for region in regions:
        if region.kind in (Kind.SHORTCOMINGS, Kind.COMBINED):
            cut.extend(_Turns(source, frame, region).split())
        elif region.kind is Kind.OTHER:
            cut.extend(_own(source, frame, region, planned=planned, headed=headed))
        else:
            cut.append(region)
    return cut


class _Turns:
    """Looks for the turns inside one region of shortcomings."""

    def __init__(self, source: Source, frame: Frame, region: Region) -> None:
        self.text = source.text
        self.region = region
        self.pieces = list(lines_in(frame, region.stretch))
        self.marks = marks_in(self.text, self.pieces)

    def split(self) -> list[Region]:
        cut: list[Region] = []
        kind, start = self.region.kind, self.region.stretch.start
        for at, new, end in self._turns():
            if at > start:
                cut.append(self._cut(kind, start, at))
            kind, start = new, at
            if end is not None:
                cut.append(self._cut(new, at, end))
                kind, start = self.region.kind, end
        if start < self.region.stretch.end:
            cut.append(self._cut(kind, start, self.region.stretch.end))
        return cut

    def _cut(self, kind: Kind, start: int, end: int) -> Region:
        return Region(kind, self.region.heading, Stretch(start, end), turned=kind is not self.region.kind)

    def _turns(self) -> Iterator[tuple[int, Kind, int | None]]:
        """Where the text turns, to what, and (for reasons in one paragraph) where it turns back."""
        own_measures = own_reasons = 0
        done = -1
        for line, part in self.pieces:
            if line.cells or part.start < done:
                continue
            for sentence in sentences(self.text, part):
                words = self.text[sentence.start : sentence.end]
                opens_line = sentence.start == part.start
                if turns_to_reasons(words) or (opens_line and reason_label(words)) or reasons_in_turn(words):
                    end = self._reasons_end(sentence, part, own_reasons)
                    if end is not None:
                        done = end
                        yield sentence.start, Kind.CAUSES, end
                        break
                    own_reasons += opens_line
                elif turns_to_plans(words) and self._is_general(sentence, part, own_measures):
                    yield sentence.start, Kind.PLANS, None
                    return
                elif opens_line and opens_measure(words):
                    own_measures += 1

    def _is_general(self, sentence: Stretch, part: Stretch, own_measures: int) -> bool:
        """Whether a turn to plans is for the whole section: it opens a list of its own, or nothing is left to count."""
        outer, last = self._outer(sentence.start)
        after = [mark for mark in self.marks if mark.at.start >= sentence.start]
        opened = after[0] if after else None
        if opened and opened.at.start == sentence.start:
            return False
        if own_measures and not reasons_for_all(self.text[sentence.start : sentence.end]):
            return False
        if opened and opened.value == 1 and self._announces(sentence, part, opened):
            same = next((mark for mark in after if mark.style == outer), None)
            return same is None or same.value == 1 or same.value != last + 1
        if any(mark.style == outer and mark.value > last for mark in after):
            return False
        opens_line = sentence.start == part.start
        return opens_line and outer is not None and last > 1

    def _announces(self, sentence: Stretch, part: Stretch, opened: Mark) -> bool:
        """Whether the sentence leads straight to the mark: it holds it, or ends its line right before it."""
        if opened.at.start < sentence.end:
            return True
        between = self.text[sentence.end : opened.at.start].strip()
        return not between and (
            sentence.end < part.end or bool(_LIST_ENDS.search(self.text[sentence.start : sentence.end]))
        )

    def _reasons_end(self, sentence: Stretch, part: Stretch, own_reasons: int) -> int | None:
        """Where reasons for all end; None where the reasons are of one item."""
        words = self.text[sentence.start : sentence.end]
        outer, last = self._outer(sentence.start)
        after = [mark for mark in self.marks if mark.at.start >= sentence.end]
        goes_on = any(mark.style == outer and mark.value == last + 1 for mark in after if outer)
        opens_line = sentence.start == part.start
        of_all = reasons_for_all(words)
        if outer is None:
            if not of_all and not opens_line:
                return None
        elif goes_on and not of_all:
            return None
        elif not of_all:
            inline_items = any(mark.style == outer and not mark.leads for mark in self.marks)
            if own_reasons or not (opens_line or inline_items):
                return None
        inside = [mark for mark in self.marks if sentence.start < mark.at.start]
        if (
            inside
            and inside[0].leads
            and not self.text[sentence.end : inside[0].at.start].strip()
            and _LIST_ENDS.search(words)
        ):
            return self._list_end(inside)
        return (
            part.end
            if opens_line or any(mark.at.start < part.end for mark in inside)
            else self._sentences_end(sentence, part)
        )

    def _sentences_end(self, sentence: Stretch, part: Stretch) -> int:
        """Reasons that follow the shortcomings in one paragraph run on until the text turns to something else."""
        end = sentence.end
        for later in sentences(self.text, Stretch(sentence.end, part.end)):
            if turns_to_plans(self.text[later.start : later.end]) or not re.match(
                r"[ \u3000]*(?:二是|三是|同时|此外|另外|再加上|加之|其次)", self.text[later.start : later.end]
            ):
                break
            end = later.end
        return end

    def _list_end(self, marks: list[Mark]) -> int:
        """The end of a list of paragraphs: where it starts anew, or where the region or an unmarked turn ends it."""
        style, last = marks[0].style, 0
        for mark in marks:
            if mark.style == style and mark.value <= last and mark.value == 1:
                return mark.at.start
            if mark.style == style:
                last = mark.value
        for line, part in self.pieces:
            if (
                part.start > marks[0].at.start
                and not line.cells
                and turns_to_plans(self.text[part.start : part.end])
            ):
                return part.start
        return self.region.stretch.end

    def _outer(self, before: int) -> tuple[str | None, int]:
        """The outermost style of mark before a place, and its last value."""
        style, last = None, 0
        for mark in self.marks:
            if mark.at.start >= before:
                break
            style = style or mark.style
            if mark.style == style:
                last = mark.value
        return style, last


def _own(source: Source, frame: Frame, region: Region, *, planned: bool, headed: bool) -> list[Region]:
    """A region about other things, with the paragraph that turns to the reporter's own shortcomings cut out of it."""
    text = source.text
    pieces = list(lines_in(frame, region.stretch))
    for place, (line, part) in enumerate(pieces):
        if line.cells:
            continue
        for sentence in sentences(text, part):
            words = text[sentence.start : sentence.end]
            if turns_to_own_shortcomings(words):
                end = _own_end(text, pieces, place)
                own = Region(Kind.SHORTCOMINGS, "", Stretch(sentence.start, end))
                before = (
                    [Region(Kind.OTHER, region.heading, Stretch(region.stretch.start, sentence.start))]
                    if sentence.start > region.stretch.start
                    else []
                )
                after = _after_own(
                    text,
                    pieces,
                    Region(Kind.OTHER, region.heading, Stretch(end, region.stretch.end)),
                    planned=planned,
                )
                return [*before, *_Turns(source, frame, own).split(), *after]
            if (
                not headed
                and not planned
                and sentence.start == part.start
                and place
                and opens_measure(words)
                and turns_to_plans(words)
            ):
                return [
                    Region(Kind.OTHER, region.heading, Stretch(region.stretch.start, part.start)),
                    Region(Kind.PLANS, "", Stretch(part.start, region.stretch.end), turned=True),
                ]
    return [region]


def _own_end(text: str, pieces: list[tuple[Line, Stretch]], place: int) -> int:
    """The turning paragraph, with the list it announces where that stands in paragraphs below."""
    end = pieces[place][1].end
    if not _LIST_ENDS.search(text[max(0, end - 40) : end]):
        return end
    below = pieces[place + 1 :]
    marks = [mark for mark in marks_in(text, below) if mark.leads]
    if not below or not marks or marks[0].at.start != below[0][1].start:
        return below[0][1].end if below else end
    style, last = marks[0].style, 0
    for mark in marks:
        if mark.style == style and mark.value <= last:
            return mark.at.start
        if mark.style == style:
            last = mark.value
            end = next(part.end for _, part in below if part.start <= mark.at.start <= part.end)
    return end


def _after_own(text: str, pieces: list[tuple[Line, Stretch]], rest: Region, *, planned: bool) -> list[Region]:
    """What follows: plans, where nothing else in the report is headed so and the next paragraph turns to them."""
    if rest.stretch.end <= rest.stretch.start:
        return []
    for line, part in pieces:
        if part.start >= rest.stretch.start and not line.cells and text[part.start : part.end].strip():
            if not planned and turns_to_plans(text[part.start : part.end]):
                return [Region(Kind.PLANS, "", rest.stretch, turned=True)]
            break
    return [rest]
