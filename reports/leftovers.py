"""Completeness: whatever of a section read for items is in no item and no cause is listed, with its reason."""

import re
from collections.abc import Iterable, Iterator

from reports import remarks
from reports.frame import Frame
from reports.harvest import Harvest
from reports.outline import Region, lines_in
from reports.parsed import Leftover
from reports.sections import Kind
from reports.sentences import trim, without
from reports.source import Source, Stretch

_SAYS_SOMETHING = re.compile(r"\w")


def leftovers(source: Source, frame: Frame, regions: Iterable[Region], harvest: Harvest) -> list[Leftover]:
    """The stretches of the sections read that no item and no cause holds, in order, each with why."""
    whole = [
        part
        for region in regions
        if region.kind is not Kind.OTHER
        for _, part in lines_in(frame, region.stretch)
    ]
    taken = [
        stretch
        for found in [*harvest.shortcomings, *harvest.plans]
        for stretch in (*found.stretches, *found.cause, *(at for _, at in found.told.said))
    ]
    rest = without(whole, [*taken, *(mark.at for mark in harvest.marks)])
    return [
        left
        for stretch, reason in _with_reasons(rest, sorted(harvest.said))
        for left in _told(source, stretch, reason)
    ]


def _with_reasons(rest: list[Stretch], said: list[tuple[Stretch, str]]) -> Iterator[tuple[Stretch, str]]:
    """Each stretch cut where the reasons given for its parts change."""
    first = 0
    for stretch in rest:
        while first < len(said) and said[first][0].end <= stretch.start:
            first += 1
        at = stretch.start
        place = first
        while place < len(said) and said[place][0].start < stretch.end:
            start, end = max(said[place][0].start, at), min(said[place][0].end, stretch.end)
            if start < end:
                yield Stretch(at, start), remarks.UNASSIGNED
                yield Stretch(start, end), said[place][1]
                at = end
            place += 1
        yield Stretch(at, stretch.end), remarks.UNASSIGNED


def _told(source: Source, stretch: Stretch, reason: str) -> Iterator[Leftover]:
    inner = trim(source.text, stretch)
    words = source.text[inner.start : inner.end]
    if _SAYS_SOMETHING.search(words):
        yield Leftover(text=words, span=inner.span, reason=reason)
