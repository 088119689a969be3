"""What is seen of a unit: its place, form and words, and what the rules say of it; the model weighs these."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from reports import remarks
from reports.bodies import is_org
from reports.harvest import MEASURE_VERB
from reports.numerals import years
from reports.outline import Region
from reports.sections import Kind, kind_of_heading, names_part
from reports.source import Source
from reports.turns import (
    measure_cue,
    opens_labelled_measure,
    opens_measure,
    problem_label,
    reason_label,
    turns_to_own_shortcomings,
    turns_to_plans,
    turns_to_reasons,
)
from reports.units import Unit

_STOPS = "。；;，,、！!？?"
_DONE = re.compile(r"了|已|全年|累计|共|率[达为]?\d|同比|荣获|被评为|圆满|得到|实现")
_AHEAD = re.compile(r"将|拟|争取|力争|计划|年底前|月底前|年内|明年|下一?步|今后|继续|进一步")
_DATE_ONLY = re.compile(r"[（(]?[12一二][\d〇○零一二三四五六七八九]{3}\s*年.{2,8}[日号][）)]?")
_FIGURES = re.compile(r"\d+")
_LONGEST_HEADING = 45
_EDGE = " \u3000\n。；;，,：:！"


@dataclass(slots=True)
class _Section:
    """The units from one heading-like line to the next, and what most of them are like."""

    words: str
    kinds: tuple[str, str]
    units: int = 0
    lacking: int = 0
    counted: int = 0
    measures: int = 0


class Features(NamedTuple):
    """Unit by unit the names of what holds for it: of what it says itself, and of all, its neighbours included."""

    own: list[frozenset[str]]
    rows: list[list[str]]


def features_of(source: Source, regions: list[Region], units: list[Unit], year: int | None) -> Features:
    """What is seen of some units; `year` is the year reported on."""
    own = [_own(source, unit, year) for unit in units]
    ruled = _ruled(regions, units)
    told = [[*(name for name in row if name[0] != "_"), rule] for row, rule in zip(own, ruled, strict=True)]
    sections = _sections(source, units, own, year)
    rows: list[list[str]] = []
    total = len(units)
    for place, unit in enumerate(units):
        row = [*own[place], *_letters(source, unit)]
        row += _placed(units, place, total)
        row.append(ruled[place])
        row += _of_section(sections, place)
        for step in (-2, -1, 1, 2):
            near = place + step
            if 0 <= near < total:
                row += map(f"{step}:".__add__, told[near])
            else:
                row.append(f"{step}:edge")
        rows.append(row)
    return Features([frozenset((*row, rule)) for row, rule in zip(own, ruled, strict=True)], rows)


def _own(source: Source, unit: Unit, year: int | None) -> list[str]:
    """What holds for a unit by itself; names that begin with an underscore are not told to its neighbours."""
    if unit.line.cells:
        head = [re.sub(r"\s", "", source.text[start:end])[:10] for start, end in unit.line.cells[0]]
        return ["table", *(f"_head={word}" for word in head)]
    words = source.text[unit.said.start : unit.said.end].strip()
    bare = words.strip(_EDGE)
    style = unit.mark.style.removeprefix("auto ").rstrip(" 0123456789") if unit.mark else "-"
    value = min(unit.mark.value, 3) if unit.mark else 0
    row = [
        f"mark={style}",
        f"value={value}" if unit.mark else "nomark",
        f"opens={int(unit.opens_line)}{int(unit.part)}",
        f"ends={words[-1:] if words[-1:] in _STOPS + '：:' else 'x'}",
        f"long={_bucket(len(bare), (4, 10, 16, 24, 40, 70, 110))}",
    ]
    block = unit.line.block
    if unit.opens_line and (block.heading is not None or block.bold):
        row.append("styled")
    if unit.end >= unit.line.end and unit.opens_line:
        row.append("alone")
    row += [f"_year={value - year:+d}" for value in set(years(words)) if year and abs(value - year) < 3]
    row += [name for name, holds in _OF_WORDS if holds(words)]
    row += [name for name, holds in _OF_BARE if holds(bare)]
    digits = len(_FIGURES.findall(words))
    row.append(f"_digits={_bucket(digits, (0, 1, 3))}")
    return row


_OF_WORDS: tuple[tuple[str, Callable[[str], object]], ...] = (
    ("generic", remarks.generic),
    ("announces", remarks.announces),
    ("introduces", remarks.introduces),
    ("mends", remarks.closes_shortcomings),
    ("closes", remarks.closes_plans),
    ("guides", remarks.guides),
    ("advises", remarks.advises),
    ("office", remarks.names_office),
    ("cue", measure_cue),
    ("opens_measure", opens_measure),
    ("measure_label", lambda words: opens_labelled_measure(words.lstrip("—-– "))),
    ("turns", turns_to_plans),
    ("reasons", turns_to_reasons),
    ("own", turns_to_own_shortcomings),
    ("reason_label", reason_label),
    ("problem_label", problem_label),
)
_OF_BARE: tuple[tuple[str, Callable[[str], object]], ...] = (
    ("lacks", remarks.lacks),
    ("verb", MEASURE_VERB.match),
    ("verbs", MEASURE_VERB.search),
    ("part", lambda bare: names_part(bare[:30], Kind.SHORTCOMINGS)),
    ("done", _DONE.search),
    ("ahead", _AHEAD.search),
    ("org", is_org),
    ("date", _DATE_ONLY.fullmatch),
)


def _letters(source: Source, unit: Unit) -> list[str]:
    """Its first and last characters, and pairs of characters."""
    if unit.line.cells:
        return []
    words = _FIGURES.sub("0", source.text[unit.said.start : unit.said.end].strip(_EDGE))
    row = [f"^{words[:size]}" for size in (1, 2, 3, 4)]
    row += [f"{words[-size:]}$" for size in (1, 2, 3)]
    near = words[:40] + words[-20:] if len(words) > 60 else words
    row += [f"~{near[at : at + 2]}" for at in range(len(near) - 1)]
    return list(dict.fromkeys(row))


def _placed(units: list[Unit], place: int, total: int) -> list[str]:
    from_end = total - place
    row = [f"left={_bucket(from_end, (1, 2, 3, 5))}"]
    unit = units[place]
    if unit.mark:
        same = (later for later in units[place + 1 :] if later.mark and later.mark.style == unit.mark.style)
        follower = next(same, None)
        goes_on = follower is not None and follower.mark and follower.mark.value == unit.mark.value + 1
        row.append(f"goes_on={int(bool(goes_on))}")
    return row


def _ruled(regions: list[Region], units: list[Unit]) -> list[str]:
    """What kind of part the rules see each unit in."""
    starts = [region.stretch.start for region in regions]
    rows = []
    for unit in units:
        place = bisect_right(starts, unit.start) - 1
        inside = place >= 0 and unit.start < regions[place].stretch.end
        rows.append(f"rule={regions[place].kind.value if inside else 'heading'}")
    return rows


def _heads(source: Source, unit: Unit) -> str | None:
    """The words of a unit that may head what follows it: a short line, or a short sentence that opens one with a mark."""
    if unit.line.cells or not unit.opens_line:
        return None
    words = source.text[unit.said.start : unit.said.end].strip()
    alone = unit.end >= unit.line.end
    if not words or len(words) > _LONGEST_HEADING or (not alone and not unit.mark):
        return None
    if alone and words[-1] in _STOPS and not unit.mark:
        return None
    return words.strip(_EDGE)


def _sections(source: Source, units: list[Unit], own: list[list[str]], year: int | None) -> list[_Section]:
    """For each unit the section it stands in: from the nearest line above that its own words announce a kind."""
    current = _Section("", ("none", "none"))
    found: list[_Section] = []
    outermost = _outermost(source, units)
    for unit, row in zip(units, own, strict=True):
        said = source.text[unit.said.start : unit.said.end]
        words = _heads(source, unit)
        if words is not None:
            loose = kind_of_heading(words, year, outermost=True)
            strict = kind_of_heading(words, year)
            outer = unit.mark is not None and unit.mark.style == outermost
            if outer or (strict and strict is not Kind.OTHER) or (loose and not unit.mark):
                current = _Section(words, (str(loose and loose.value), str(strict and strict.value)))
        elif turns_to_own_shortcomings(said):
            current = _Section("", ("own", "own"))
        elif unit.opens_line and turns_to_plans(said) and current.kinds[0] in ("none", "other", "own"):
            current = _Section("", ("turn", "turn"))
        current.units += 1
        current.lacking += "lacks" in row or (bool(unit.line.cells) and remarks.lacks(said))
        current.counted += len(_FIGURES.findall(said)) > 1
        current.measures += "verb" in row or bool(unit.line.cells and MEASURE_VERB.match(said.strip(_EDGE)))
        found.append(current)
    return found


def _outermost(source: Source, units: list[Unit]) -> str:
    """The style of the marks that head the report's parts: of the first short marked line."""
    return next((unit.mark.style for unit in units if unit.mark and _heads(source, unit)), "")


def _of_section(sections: list[_Section], place: int) -> list[str]:
    section = sections[place]
    since = 0
    while since < 6 and place - since > 0 and sections[place - since - 1] is section:
        since += 1
    row = [f"loose={section.kinds[0]}", f"strict={section.kinds[1]}", f"since={since}"]
    for name, count in (
        ("lacking", section.lacking),
        ("counted", section.counted),
        ("measures", section.measures),
    ):
        row.append(f"{name}={4 * count // max(1, section.units)}")
    row.append(f"kind_lack={section.kinds[0]}{4 * section.lacking // max(1, section.units)}")
    heading = section.words[-12:]
    row += [f"#{heading[at : at + 2]}" for at in range(len(heading) - 1)]
    return row


def _bucket(value: int, steps: Sequence[int]) -> int:
    return bisect_left(steps, value)
