"""From lines to regions: which headings stand over which text, and what each stretch of the report is about."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from reports.enumeration import Mark, leading
from reports.frame import Frame
from reports.sections import Kind, bare, is_label, kind_of_heading
from reports.sentences import trim
from reports.source import Line, Source, Stretch
from reports.surroundings import is_annex

_NO_HEADING_END = "。；;，,、！!？?"
_RUN_IN = re.compile(
    r"[^。：:；;，,\n]{2,24}?(?=一是)|[^。：:\n]{2,40}?(?:[。：:]|\s{2,})|[【\[][^】\]]{2,30}[】\]]"
)
_FOUND = (Kind.SHORTCOMINGS, Kind.PLANS, Kind.COMBINED, Kind.CAUSES)


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of the report about one thing, with the heading it stands under (empty before the first)."""

    kind: Kind
    heading: str
    stretch: Stretch


@dataclass(frozen=True, slots=True)
class _Heading:
    """A line that may head a part: the words that say of what, its mark, and where the text after it begins."""

    line: Line
    words: str
    mark: Mark | None
    body: int
    run_in: bool


@dataclass(slots=True)
class _Open:
    """A part that is open: the style of its mark, the format's level where it gives one, the last value, its kind."""

    style: str
    level: tuple[int, int] | None
    value: int
    kind: Kind


def outline(source: Source, frame: Frame, year: int | None) -> list[Region]:
    """The report's regions in order; together they hold the whole body apart from the headings themselves."""
    if not frame.body:
        return []
    walker = _Walker(year, frame)
    regions: list[Region] = []
    kind, heading, start = Kind.OTHER, "", frame.body[0].start
    latest = {line.text: line.index for line in frame.body if not line.cells}
    for line in frame.body:
        found = walker.step(line)
        if found is None:
            continue
        head, new = found
        if latest[line.text] > line.index:
            new = Kind.OTHER  # an entry of the contents: the heading itself comes further down
        if line.start > start:
            regions.append(Region(kind, heading, Stretch(start, line.start)))
        kind, heading, start = new, head.words, head.body
    regions.append(Region(kind, heading, Stretch(start, frame.body[-1].end)))
    return [region for region in regions if _has_text(source, region)]


def lines_in(frame: Frame, stretch: Stretch) -> Iterator[tuple[Line, Stretch]]:
    """The body's lines inside a stretch, each with the part of it that lies inside."""
    first = bisect_right(frame.body, stretch.start, key=lambda line: line.end)
    for line in islice(frame.body, first, None):
        if line.start >= stretch.end:
            break
        start, end = max(line.start, stretch.start), min(line.end, stretch.end)
        if start < end:
            yield line, Stretch(start, end)


class _Walker:
    """Goes down the lines, keeping which parts are open."""

    def __init__(self, year: int | None, frame: Frame) -> None:
        self.year = year
        self.open: list[_Open] = []
        self.past_annex = False  # whether an annex on other things is open: nothing under it is read
        # A label that comes again and again ("整改措施：") belongs to the entries, it does not head a part.
        heads = [
            head.words
            for line in frame.body
            if (head := _heading(line))
            and (head.mark is None or any(is_label(head.words, kind) for kind in _FOUND))
        ]
        self.repeated = {words for words, count in Counter(heads).items() if count > 1}

    def step(self, line: Line) -> tuple[_Heading, Kind] | None:
        """The heading a line is, with the kind of the text under it; None for a line of text."""
        head = _heading(line)
        if head is None:
            return None
        depth = self._depth(head)
        if self.past_annex and _style(head) != "annex":
            return None
        outermost = depth == 0
        above = self.open[depth - 1].kind if depth else Kind.OTHER
        kind = kind_of_heading(head.words, self.year, outermost=outermost)
        if not self._accepts(head, kind, above, outermost=outermost, depth=depth):
            return None
        opened = self.open[-1].style if self.open else ""
        self.past_annex = kind is Kind.OTHER and (
            _style(head) == "annex" or (head.mark is None and opened == "annex")
        )
        del self.open[depth:]
        kind = kind or (Kind.OTHER if outermost else above)
        value = head.mark.value if head.mark else 0
        self.open.append(_Open(_style(head), _level(head), value, kind))
        return head, kind

    def _depth(self, head: _Heading) -> int:
        """How many open parts stay open over this heading."""
        style, level = _style(head), _level(head)
        if style in ("annex", "bare"):
            return 0
        for index, part in enumerate(self.open):
            if part.style == style or (level is not None and part.level is not None and part.level >= level):
                return index
            if (
                part.style == "bare"
                and index == 0
                and head.mark
                and head.mark.style in ("han", "part")
                and part.kind is Kind.OTHER
            ):
                return 0
        return len(self.open)

    def _accepts(
        self, head: _Heading, kind: Kind | None, above: Kind, *, outermost: bool, depth: int
    ) -> bool:
        style = _style(head)
        if style == "annex":
            return True
        if style == "bare":
            return self._accepts_bare(head, kind)
        if above is not Kind.OTHER:
            # Inside a section that is read for items, numbered lines are its items unless they merely name a part.
            other = self.open[depth].kind if depth < len(self.open) else above
            told = (
                kind is not None and (kind is not above or kind is not other) and is_label(head.words, kind)
            )
            return told and head.words not in self.repeated
        if head.run_in:
            return self._accepts_run_in(head, kind, outermost=outermost, depth=depth)
        return True

    def _accepts_bare(self, head: _Heading, kind: Kind | None) -> bool:
        if kind is None or head.words in self.repeated or (head.run_in and kind not in _FOUND):
            return False
        current = self.open[-1].kind if self.open else Kind.OTHER
        if current is Kind.OTHER and not head.run_in:
            return True
        if current is not Kind.OTHER and head.run_in:
            return False
        return kind is not current and is_label(head.words, kind)

    def _accepts_run_in(self, head: _Heading, kind: Kind | None, *, outermost: bool, depth: int) -> bool:
        if kind in _FOUND and (outermost or is_label(head.words, kind)):
            return True
        follows = (
            depth < len(self.open) and head.mark is not None and head.mark.value == self.open[depth].value + 1
        )
        return outermost and (follows or not self.open)


def _heading(line: Line) -> _Heading | None:
    if line.cells:
        return None
    if is_annex(line):
        return _Heading(line, line.text.strip(), None, line.end, run_in=False)
    mark = leading(line)
    if mark and mark.style.endswith(
        ("shi", "yao", "order", "besides", "qi", "first", "each", "side", "named")
    ):
        return None
    at = mark.at.end if mark else line.start
    text = line.text[at - line.start :].strip()
    limit = 60 if line.block.heading is not None or mark else 30
    if text and len(text) <= limit and text[-1] not in _NO_HEADING_END:
        return _Heading(line, text.rstrip("：: "), mark, line.end, run_in=False)
    if line.block.heading is not None and text and len(text) <= limit and "一是" not in text:
        return _Heading(line, text.rstrip("：:。 "), mark, line.end, run_in=False)
    match = _RUN_IN.match(line.text, at - line.start)
    if not match:
        return None
    words = match[0].strip("【】[] ").rstrip("。：: ")
    return _Heading(line, words, mark, line.start + match.end(), run_in=True)


def _level(head: _Heading) -> tuple[int, int] | None:
    """How deep the format says a heading stands: by its style, then by the level of its automatic number."""
    block = head.line.block
    return None if block.heading is None else (block.heading, block.depth if block.number else 0)


def _style(head: _Heading) -> str:
    if head.mark:
        return head.mark.style
    if head.line.block.heading is not None:
        return f"h{head.line.block.heading}"
    return "annex" if is_annex(head.line) else "bare"


def _has_text(source: Source, region: Region) -> bool:
    inner = trim(source.text, region.stretch)
    return inner.end > inner.start and bool(bare(source.text[inner.start : inner.end][:200]))
