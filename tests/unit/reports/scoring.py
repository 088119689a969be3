"""How near a reading comes to its gold: the rules by which items, causes and metadata are compared."""

import difflib
import json
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reports.parsed import ParsedReport

SAME_ITEM = 0.85
SAME_CAUSE = 0.70


def fold(text: str | None) -> str:
    """A text by its letters, digits and characters alone."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text or "").lower())


def likeness(first: str, second: str) -> float:
    """How alike two folded texts are: in sequence, or by their longest common stretch."""
    if not first or not second:
        return float(first == second)
    matcher = difflib.SequenceMatcher(None, first, second, autojunk=False)
    stretch = matcher.find_longest_match(0, len(first), 0, len(second)).size
    return max(matcher.ratio(), stretch / max(len(first), len(second)))


def matched(gold: list[str], read: list[str]) -> list[tuple[int, int]]:
    """Pairs of gold and read items that are the same, best first, one to one."""
    pairs = sorted(
        (
            (-likeness(fold(one), fold(other)), i, j)
            for i, one in enumerate(gold)
            for j, other in enumerate(read)
        )
    )
    left, right, found = set[int](), set[int](), []
    for score, i, j in pairs:
        if -score >= SAME_ITEM and i not in left and j not in right:
            left.add(i)
            right.add(j)
            found.append((i, j))
    return found


@dataclass
class Score:
    """What a reading got wrong, in words a person can act on; empty when it is as the gold."""

    faults: list[str] = field(default_factory=list)


def compare(gold_file: Path, read: ParsedReport) -> Score:
    """Every difference between a gold file and a reading that the official scorer would count."""
    gold: dict[str, Any] = json.loads(gold_file.read_text(encoding="utf-8"))
    score = Score()
    for key, given in (("title", read.title), ("org", read.org)):
        if fold(gold[key]) != fold(given):
            score.faults.append(f"{key}: {gold[key]!r}, read {given!r}")
    issued = read.issued.isoformat() if read.issued else None
    if (gold["year"], gold["issued"]) != (read.year, issued):
        score.faults.append(f"year, issued: {gold['year']}, {gold['issued']}; read {read.year}, {issued}")
    for kind, items in (("shortcomings", read.shortcomings), ("plans", read.plans)):
        wanted, texts = [item["text"] for item in gold[kind]], [item.text for item in items]
        pairs = matched(wanted, texts)
        missed = set(range(len(wanted))) - {i for i, _ in pairs}
        extra = set(range(len(texts))) - {j for _, j in pairs}
        score.faults += [f"missed in {kind}: {wanted[i]}" for i in sorted(missed)]
        score.faults += [f"too much in {kind}: {texts[j]}" for j in sorted(extra)]
        if kind == "shortcomings":
            causes = [(fold(gold[kind][i]["cause"]), fold(read.shortcomings[j].cause)) for i, j in pairs]
            score.faults += [
                f"cause: {one}, read {other}" for one, other in causes if not _same_cause(one, other)
            ]
    return score


def _same_cause(gold: str, read: str) -> bool:
    return gold == read if not gold or not read else likeness(gold, read) >= SAME_CAUSE
