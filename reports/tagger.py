"""What each unit is, with how surely: by the trained model, or by the rules alone where there is none.

Labels: BS IS a shortcoming's first and further units, BP IP a plan's, M a measure named with its shortcoming,
C a reason that stands apart, O neither.
"""

import hashlib
import json
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pycrfsuite

from reports import remarks
from reports.sections import Kind
from reports.seen import Seen
from reports.units import Unit

LABELS = ("BS", "IS", "BP", "IP", "M", "C", "O")
VERSION = 1
"""Of labels and features: a model made for others is not used."""
MODEL = Path(__file__).with_name(f"reader-{VERSION}.crfsuite")
NO_MODEL = "阅读模型缺失或已损坏，只按规则读取，每一条都请核对"
_SHORT_LEAD = 26
_UNSURE = 0.5  # what the rules alone are worth


@dataclass(frozen=True, slots=True)
class Tagged:
    """Unit by unit the likeliest label, and how likely each label is; `ruled` where the rules alone answered."""

    labels: list[str]
    chances: list[dict[str, float]]
    ruled: bool = False


def tag(found: Seen, model: Path = MODEL) -> Tagged:
    """What a report's units are."""
    opened = _opened(model)
    if opened is None:
        return by_rules(found)
    if not found.features.rows:
        return Tagged([], [])
    opened.set(pycrfsuite.ItemSequence(found.features.rows))
    labels = list(opened.tag())
    chances = [{label: opened.marginal(label, at) for label in LABELS} for at in range(len(labels))]
    return Tagged(labels, chances)


@cache
def _opened(model: Path) -> pycrfsuite.Tagger | None:
    """The model in a file; None where there is none, it has other labels, or is not what its record beside it says.

    A damaged file would end the process: the library looks at no more than its head.
    """
    tagger = pycrfsuite.Tagger()
    try:
        made = json.loads(model.with_suffix(".json").read_text(encoding="utf-8"))
        if made["version"] != VERSION or made["sha256"] != hashlib.sha256(model.read_bytes()).hexdigest():
            return None
        tagger.open(str(model))
    except (OSError, ValueError, KeyError):
        return None
    return tagger if set(tagger.labels()) <= set(LABELS) else None


def by_rules(found: Seen) -> Tagged:
    """What the rules alone say: by the kind of the part a unit stands in, and by what its words say of it."""
    starts = [region.stretch.start for region in found.regions]
    labels: list[str] = []
    chances: list[dict[str, float]] = []
    outer: dict[int, str] = {}  # the style of the first mark of a part counts its items
    above = under = lead = (
        False  # whether a short line of its own heads the line; whether the line opened with a short sentence that the rest of it goes on with
    )
    at, kind = -1, Kind.OTHER
    for unit, told in zip(found.units, found.features.own, strict=True):
        place = bisect_right(starts, unit.start) - 1
        region = found.regions[place] if place >= 0 else None
        inside = region is not None and unit.start < region.stretch.end
        if region and place != at:
            at, kind = place, region.kind
        if "own" in told and kind is Kind.OTHER:
            kind = Kind.SHORTCOMINGS
        role = _role(kind, told, labels) if inside else "O"
        if unit.opens_line:
            short = unit.said.end - unit.said.start <= _SHORT_LEAD
            alone = unit.end >= unit.line.end
            lead, under = short and not alone, above and not (short and alone) and not unit.mark
            above = short and alone and role in "SP"
        if unit.mark and role in "SP":
            outer.setdefault(place, unit.mark.style)
        first = _first(unit, outer.get(place), goes_on=under or (lead and not unit.opens_line))
        labels.append(("B" if first > _UNSURE else "I") + role if role in "SP" else role)
        given = dict.fromkeys(LABELS, 0.0)
        if role in "SP":
            given["B" + role], given["I" + role] = _UNSURE * first, _UNSURE * (1 - first)
            given["O"] = 1 - _UNSURE
        else:
            given[role] = 1 - _UNSURE / 10 if role == "O" else _UNSURE
        chances.append(given)
    return Tagged(labels, chances, ruled=True)


_NEITHER = {"introduces", "advises", "office"}
_SIGNS = {"org", "date"}  # a sentence may end like a name: without a stop it signs
_NO_PLAN = {"closes", "guides"}


def _role(kind: Kind, told: frozenset[str], before: Sequence[str]) -> str:
    lacking = kind in (Kind.SHORTCOMINGS, Kind.COMBINED)
    if lacking and told & {"reason_label", "reasons"} and told & {"opens=11", "opens=10"}:
        return "C"
    if (
        kind is Kind.OTHER
        or (told & _NEITHER and "reason_label" not in told)
        or (told & _SIGNS and "ends=x" in told)
        or "announces" in told
        or ("part" in told and told & {"alone", "ends=。"})
    ):
        return "O"
    if kind is Kind.PLANS:
        leads_up = {"nomark", "ends=，"} <= told  # it breaks off where a measure begins
        return "O" if told & _NO_PLAN or leads_up else "P"
    if kind is Kind.CAUSES:
        return "C"
    if "mends" in told:
        return "O"
    if "opens_measure" in told:
        return "M"
    goes_on = before and before[-1] in ("M", "C") and "nomark" in told
    return before[-1] if goes_on else "S"


def _first(unit: Unit, outer: str | None, *, goes_on: bool) -> float:
    """How likely a unit is an item's first, as far as its marks and its place tell."""
    if outer:
        return 0.9 if unit.mark and unit.mark.style == outer else 0.1
    if not unit.part or goes_on:
        return 0.1
    return 0.8 if unit.opens_line else 0.7


def reason_of(told: frozenset[str], *, plans: bool) -> str:
    """Why a unit that is neither item nor reason is left over, in words for the clerk."""
    if {"part", "alone", "ends=x"} <= told:
        return remarks.LABEL
    for name, reason in _REASONS:
        if name in told and (plans or name not in ("closes", "guides")):
            return reason
    return remarks.UNASSIGNED


_REASONS = (
    ("office", remarks.OFFICE),
    ("advises", remarks.ADVICE),
    ("introduces", remarks.INTRODUCTION),
    ("announces", remarks.INTRODUCTION),
    ("generic", remarks.INTRODUCTION),
    ("mends", remarks.CLOSING),
    ("closes", remarks.CLOSING),
    ("guides", remarks.GUIDING),
    ("part", remarks.LABEL),
)
