"""Regions cut where the text itself turns without a heading: to plans, to reasons for all, to one's own shortcomings."""

import re
from bisect import bisect_right
from collections.abc import Iterator

from reports.counting import Counting
from reports.enumeration import Mark, marks_in
from reports.frame import Frame
from reports.outline import Region, lines_in
from reports.sections import Kind
from reports.sentences import parts, sentences
from reports.source import Line, Source, Stretch
from reports.turns import (
    opens_measure,
    reason_label,
    reason_of_one,
    reasons_for_all,
    reasons_in_turn,
    turns_to_own_shortcomings,
    turns_to_plans,
    turns_to_reasons,
)

_LIST_ENDS = re.compile(r"[：:]\s*$|(?:如下|以下|下列).{0,12}[。：:]?\s*$")
_MORE_REASONS = re.compile(r"[ \u3000]*(?:二是|三是|同时|此外|另外|再加上|加之|其次)")


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
        self.count = Counting(marks_in(self.text, self.pieces))
        # A label of reasons that comes again and again belongs each time to the shortcoming above it.
        labelled = (part for line, part in self.pieces if not line.cells and reason_label(self._words(part)))
        self.labelled = sum(1 for _ in labelled)

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

    def _words(self, stretch: Stretch) -> str:
        return self.text[stretch.start : stretch.end]

    def _turns(self) -> Iterator[tuple[int, Kind, int | None]]:
        """Where the text turns, to what, and (for reasons) where it turns back."""
        own_measures = own_reasons = 0
        done = -1
        for line, part in self.pieces:
            if line.cells or part.start < done:
                continue
            for sentence in sentences(self.text, part):
                words = self.text[sentence.start : sentence.end]
                opens_line = sentence.start == part.start
                if turns_to_reasons(words) or (opens_line and reason_label(words)) or reasons_in_turn(words):
                    own = own_reasons + own_measures + (opens_line and reason_of_one(words))
                    end = self._reasons_end(sentence, part, own)
                    if end is not None:
                        done = end
                        yield sentence.start, Kind.CAUSES, end
                        break
                    own_reasons += 1
                elif turns_to_plans(words) and self._is_general(sentence, part, own_measures):
                    yield sentence.start, Kind.PLANS, None
                    return
                elif opens_line and opens_measure(words):
                    own_measures += 1

    def _is_general(self, sentence: Stretch, part: Stretch, own_measures: int) -> bool:
        """Whether a turn to plans is for the whole section: it opens a list of its own, or nothing is left to count."""
        last = self.count.last(sentence.start)
        opened = self.count.next(sentence.start)
        if opened and opened.at.start == sentence.start:
            return False
        if own_measures and not reasons_for_all(self.text[sentence.start : sentence.end]):
            return False
        if opened and opened.value == 1 and self._announces(sentence, part, opened):
            same = self.count.next_outer(sentence.start) if last else None
            return same is None or same.value == 1 or same.value != last + 1
        return sentence.start == part.start and last > 1 and not self.count.exceeds(last, sentence.start)

    def _announces(self, sentence: Stretch, part: Stretch, opened: Mark) -> bool:
        """Whether the sentence leads straight to the mark: it holds it, or ends its line right before it."""
        if opened.at.start < sentence.end:
            return True
        if not self._nothing_between(sentence, opened):
            return False
        return sentence.end < part.end or bool(_LIST_ENDS.search(self.text[sentence.start : sentence.end]))

    def _nothing_between(self, sentence: Stretch, mark: Mark) -> bool:
        return mark.at.start - sentence.end <= 3 and not self.text[sentence.end : mark.at.start].strip()

    def _listed_by_semicolons(self, sentence: Stretch, part: Stretch) -> bool:
        """Whether the list before a sentence was one sentence, so that what follows is about the whole of it."""
        if not self.count.last(sentence.start):
            above = sentences(self.text, Stretch(part.start, sentence.start))
            return bool(above) and len(parts(self.text, above[-1])) > 1
        mark = self.count.last_outer(sentence.start)
        before = (
            self.text[max(0, mark.at.start - 4) : mark.at.start].rstrip()[-1:]
            if mark and not mark.leads
            else ""
        )
        return before in ("；", ";")

    def _reasons_end(self, sentence: Stretch, part: Stretch, own_reasons: int) -> int | None:
        """Where reasons for all end; None where the reasons are of one item."""
        words = self.text[sentence.start : sentence.end]
        opens_line = sentence.start == part.start
        if not reasons_for_all(words):
            last = self.count.last(sentence.start)
            if last and self.count.reaches(last + 1, sentence.end):
                return None
            if last and own_reasons:
                return None
            if opens_line and self.labelled > 1 and reason_label(words):
                return None
            if not opens_line and not self._listed_by_semicolons(sentence, part):
                return None
        opened = self.count.next(sentence.start + 1)
        if opened and opened.leads and self._nothing_between(sentence, opened) and _LIST_ENDS.search(words):
            return self._list_end(self.count.index(sentence.start + 1))
        if opens_line or (opened and opened.at.start < part.end):
            return part.end
        return self._sentences_end(sentence, part)

    def _sentences_end(self, sentence: Stretch, part: Stretch) -> int:
        """Reasons that follow the shortcomings in one paragraph run on until the text turns to something else."""
        end = sentence.end
        for later in sentences(self.text, Stretch(sentence.end, part.end)):
            words = self.text[later.start : later.end]
            if turns_to_plans(words) or not _MORE_REASONS.match(words):
                break
            end = later.end
        return end

    def _list_end(self, first: int) -> int:
        """The end of a list of paragraphs: where it starts anew, or where an unmarked turn or the region ends it."""
        marks = self.count.marks
        style, last = marks[first].style, 0
        stop = self.region.stretch.end
        for place in range(first, len(marks)):
            mark = marks[place]
            if mark.style == style and mark.value == 1 and last:
                stop = mark.at.start
                break
            last = mark.value if mark.style == style else last
        from_line = bisect_right(self.pieces, marks[first].at.start, key=lambda piece: piece[1].start)
        for line, part in self.pieces[from_line:]:
            if part.start >= stop:
                break
            if not line.cells and turns_to_plans(self.text[part.start : part.end]):
                return part.start
        return stop


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
                own = Region(Kind.SHORTCOMINGS, "", Stretch(sentence.start, _own_end(text, pieces, place)))
                before = Region(Kind.OTHER, region.heading, Stretch(region.stretch.start, sentence.start))
                after = Region(Kind.OTHER, region.heading, Stretch(own.stretch.end, region.stretch.end))
                return [
                    before,
                    *_Turns(source, frame, own).split(),
                    *_after_own(text, pieces, after, planned=planned),
                ]
            unheaded = not headed and not planned and sentence.start == part.start and place
            if unheaded and opens_measure(words) and turns_to_plans(words):
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
    last = 0
    for mark in (mark for mark in marks if mark.style == marks[0].style):
        if mark.value <= last:
            return mark.at.start
        last = mark.value
        end = next(part.end for _, part in below if part.start <= mark.at.start <= part.end)
    return end


def _after_own(text: str, pieces: list[tuple[Line, Stretch]], rest: Region, *, planned: bool) -> list[Region]:
    """What follows: plans, where nothing else in the report is headed so and the next paragraph turns to them."""
    if rest.stretch.end <= rest.stretch.start:
        return []
    following = (part for line, part in pieces if part.start >= rest.stretch.start and not line.cells)
    first = next(
        (text[part.start : part.end] for part in following if text[part.start : part.end].strip()), ""
    )
    if first and not planned and turns_to_plans(first):
        return [Region(Kind.PLANS, "", rest.stretch, turned=True)]
    return [rest]
