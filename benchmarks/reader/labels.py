"""The gold of a report laid on its units: which label each of them should get."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from typing import Any

from reports.source import Source
from reports.units import Unit

Gold = dict[str, Any]
BORDER = re.compile(r"[\W_]+")


class Folded:
    """A text by its letters, digits and characters alone, with where each stands."""

    def __init__(self, text: str) -> None:
        letters: list[str] = []
        self.places: list[int] = []
        for place, letter in enumerate(text):
            folded = BORDER.sub("", unicodedata.normalize("NFKC", letter).lower())
            letters += folded
            self.places += [place] * len(folded)
        self.letters = "".join(letters)

    def find(self, words: str, after: int = 0) -> tuple[int, int] | None:
        """Where words stand, the first place after a position before any other."""
        wanted = BORDER.sub("", unicodedata.normalize("NFKC", words).lower())
        if not wanted:
            return None
        start = self.letters.find(wanted, bisect_left(self.places, after))
        if start < 0:
            start = self.letters.find(wanted)
        if start >= 0:
            return self.places[start], self.places[start + len(wanted) - 1] + 1
        head = self.letters.find(wanted[:16], bisect_left(self.places, after))
        tail = self.letters.find(wanted[-16:], max(head, 0))
        if head < 0 or tail < 0 or tail + 16 - head > 1.2 * len(wanted) + 20:
            return None
        return self.places[head], self.places[tail + len(wanted[-16:]) - 1] + 1


def labels_of(source: Source, units: list[Unit], gold: Gold) -> list[str]:
    """A label for each unit: BS IS a shortcoming's first and further ones, BP IP a plan's, M a measure named with
    its shortcoming, C a reason that stands apart, O neither.
    """
    folded = Folded(source.text)
    lacking = _places(folded, [item["text"] for item in gold["shortcomings"]])
    planned = _places(folded, [item["text"] for item in gold["plans"]])
    labels = ["O"] * len(units)
    starts = [unit.start for unit in units]
    for cause in {item["cause"] for item in gold["shortcomings"] if item.get("cause")}:
        if place := folded.find(cause):
            _lay(labels, units, starts, place, "C", "C")
    for place in lacking:
        _lay(labels, units, starts, place, "BS", "IS")
    for place in planned:
        first, further = ("M", "M") if _in_one_breath(source, place, lacking, planned) else ("BP", "IP")
        _lay(labels, units, starts, place, first, further)
    return labels


def _places(folded: Folded, texts: list[str]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    at = 0
    for text in texts:
        place = folded.find(text, at)
        if place:
            found.append(place)
            at = place[1]
    return found


def _lay(
    labels: list[str], units: list[Unit], starts: list[int], place: tuple[int, int], first: str, further: str
) -> None:
    begun = False
    for at in range(max(0, bisect_right(starts, place[0]) - 1), len(units)):
        unit = units[at]
        if unit.start >= place[1]:
            break
        said = unit.said
        shared = min(said.end, place[1]) - max(said.start, place[0])
        if shared * 2 > said.end - said.start or (unit.line.cells and shared > 0):
            labels[at] = further if begun or (unit.line.cells and labels[at][0] == "B") else first
            if unit.line.cells and first == "BP" and "S" in labels[at]:
                labels[at] = "BS"
            begun = True


def _in_one_breath(
    source: Source, plan: tuple[int, int], lacking: list[tuple[int, int]], planned: list[tuple[int, int]]
) -> bool:
    """Whether a plan is named with its shortcoming: in its line, or in turn with others."""
    before = [place for place in lacking if place[0] < plan[0]]
    after = [place for place in lacking if place[0] > plan[0]]
    if not before:
        return False
    between = source.text[before[-1][1] : plan[0]]
    others = [other for other in planned if before[-1][0] < other[0] < plan[0]]
    if "\n" not in between.strip():
        further = [other for other in planned if other[0] > plan[0]]
        follows = bool(further) and "\n" not in source.text[plan[1] : further[0][0]]
        return not others and (bool(after) or not follows)
    earlier = [other for other in planned if lacking[0][0] < other[0] < before[-1][0]]
    alone = not others
    return alone and (bool(after) or bool(earlier)) and len(between) < 60
