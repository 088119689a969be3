"""Where items begin inside what is told to be items: the styles in which offices set items apart, weighed against each other.

A style says of each unit whether an item begins there. Over the units of one role the path of styles is taken that
agrees best with the tagger, changes seldom, and cuts into alike and reasonable pieces.
"""

import math
import statistics
from collections.abc import Callable, Sequence

from reports.harvest import BESIDES
from reports.units import Unit

Begins = Callable[[Unit], bool]
_CHANGE = 6.0  # what a change of style within one role costs
_RESTART = 6.0  # what it costs that a count inside paragraphs begins anew
_SURE = 0.08  # how sure the tagger is at most
_LONGEST_LEAD = 45
_SHORT = 20
_STOPS = "。；;，,：:、！？!?"
_PRIOR = {"mark": 0.0, "lead": -0.5, "line": -1.0, "part": -1.5, "whole": -2.5, "told": -9.0}
_UNEVEN = 0.6  # what it costs that the pieces are of quite unlike lengths
_CLEAR = 3.0  # what it is worth that a style's own form is clear: a list that counts from one, heads over each paragraph


def begins(
    words: Sequence[str], units: Sequence[Unit], first: Sequence[float], forced: Sequence[bool]
) -> list[bool]:
    """For each unit of one role whether an item begins there.

    `words` are the units' words, `first` the tagger's probability that the unit is an item's first, `forced` where
    something else stood before, so that an item begins whatever the style.
    """
    if not units:
        return []
    styles = _styles(words, units, first)
    told = {unit.start for unit, chance in zip(units, first, strict=True) if chance > 0.5}
    styles["told"] = lambda unit: unit.start in told
    costs = {name: _fit(style, units, first, forced) for name, style in styles.items()}
    prior = {
        name: _PRIOR[name.split()[0]]
        - _UNEVEN * _unevenness(style, words, units, forced)
        - _RESTART * _restarts(name, style, units, forced)
        + _CLEAR * _is_clear(name, style, words, units)
        for name, style in styles.items()
    }
    # A list goes on until something else stands between, or an unmarked paragraph: marks within it are nested.
    free = [must or (unit.opens_line and not unit.mark) for must, unit in zip(forced, units, strict=True)]
    path = _best_path(costs, prior, free)
    return [forced[at] or styles[name](unit) for at, (name, unit) in enumerate(zip(path, units, strict=True))]


def _styles(words: Sequence[str], units: Sequence[Unit], first: Sequence[float]) -> dict[str, Begins]:
    heads = {unit.start for said, unit in zip(words, units, strict=True) if _is_lead(said.strip(), unit)}
    outer = next((unit.mark.style for unit in units if unit.mark and not _is_added(unit)), "")
    styles: dict[str, Begins] = {
        "whole": lambda _: False,
        "line": lambda unit: unit.opens_line and not _nested(unit, outer),
        "part": lambda unit: unit.part and not _nested(unit, outer),
    }
    if heads:
        styles["lead"] = lambda unit: unit.start in heads
    besides = [
        unit
        for said, unit, chance in zip(words, units, first, strict=True)
        if chance > 0.5 and unit.part and (_is_added(unit) or (not unit.mark and BESIDES.match(said)))
    ]
    for style in {unit.mark.style for unit in units if unit.mark and not _is_added(unit)}:
        leads = all(unit.mark.leads for unit in units if unit.mark and unit.mark.style == style)
        added = {unit.start for unit in besides if unit.opens_line or not leads}
        styles[f"mark {style}"] = _marked(style, added)
    return styles


def _is_added(unit: Unit) -> bool:
    """Whether a paragraph only adds to a list ("此外，…"): it counts with whatever style the list has."""
    return unit.mark is not None and unit.mark.style == "besides"


def _nested(unit: Unit, outer: str) -> bool:
    """Whether a unit bears a mark of another style than the first: such a list stands inside an item."""
    return unit.mark is not None and unit.mark.style != outer and not _is_added(unit)


def _marked(style: str, besides: set[int]) -> Begins:
    """`besides`: where the list adds an entry without a mark of its own ("此外，…")."""
    return lambda unit: (unit.mark is not None and unit.mark.style == style) or unit.start in besides


def _is_lead(words: str, unit: Unit) -> bool:
    """A short line without a stop at its end, or one that the format sets off, over the paragraphs it heads."""
    if not unit.opens_line or unit.end < unit.line.end or not words or len(words) > _LONGEST_LEAD:
        return False
    return words[-1] not in _STOPS or unit.line.block.heading is not None or unit.line.block.bold


def _fit(style: Begins, units: Sequence[Unit], first: Sequence[float], forced: Sequence[bool]) -> list[float]:
    """How well the tagger agrees, unit by unit: the logarithm of what it gives to the style's answer."""
    found = []
    for unit, chance, must in zip(units, first, forced, strict=True):
        chance = min(1 - _SURE, max(_SURE, chance))
        found.append(0.0 if must else math.log(chance if style(unit) else 1 - chance))
    return found


def _unevenness(style: Begins, words: Sequence[str], units: Sequence[Unit], forced: Sequence[bool]) -> float:
    lengths: list[int] = []
    for said, unit, must in zip(words, units, forced, strict=True):
        if must or style(unit) or not lengths:
            lengths.append(len(said))
        else:
            lengths[-1] += len(said)
    return statistics.pstdev(math.log(length + 1) for length in lengths) if len(lengths) > 1 else 0.0


def _restarts(name: str, style: Begins, units: Sequence[Unit], forced: Sequence[bool]) -> int:
    """How often a count inside paragraphs begins from one again: then the paragraphs are items, not its entries."""
    if not name.startswith(("mark", "part")):
        return 0
    ones = [
        unit
        for unit, must in zip(units, forced, strict=True)
        if unit.mark and not unit.mark.leads and not must and unit.mark.value == 1 and style(unit)
    ]
    return max(0, len(ones) - 1)


def _is_plain(words: str, unit: Unit) -> bool:
    """Whether a unit is a short sentence of one clause, which leaves nothing to go on with."""
    return not unit.mark and len(words) <= _SHORT and words.rstrip()[-1:] == "。" and "，" not in words


def _is_clear(name: str, style: Begins, words: Sequence[str], units: Sequence[Unit]) -> bool:
    """Whether the form alone tells the style: marks that count on from the first unit, a head over each paragraph, or plain sentences."""
    begun = [unit for unit in units if style(unit)]
    if len(begun) < 2 or not style(units[0]):
        return False
    if name == "lead":
        lined = [style(unit) for unit in units if unit.opens_line]
        return len(lined) % 2 == 0 and lined == [True, False] * (len(lined) // 2)
    if name == "part":
        return len(begun) == len(units) and all(map(_is_plain, words, units))
    if not name.startswith("mark"):
        return False
    values = [unit.mark.value for unit in begun if unit.mark and not _is_added(unit)]
    return len(values) > 1 and values == list(range(1, len(values) + 1))


def _best_path(costs: dict[str, list[float]], prior: dict[str, float], free: Sequence[bool]) -> list[str]:
    """The styles unit by unit, best in sum; a change is allowed where the path is free."""
    names = sorted(costs)
    best = {name: prior[name] + costs[name][0] for name in names}
    back: list[dict[str, str]] = []
    for at in range(1, len(free)):
        top = max(names, key=lambda name: best[name])
        step: dict[str, str] = {}
        new: dict[str, float] = {}
        for name in names:
            stay = best[name]
            change = best[top] - _CHANGE + prior[name] if free[at] else -math.inf
            step[name] = name if stay >= change else top
            new[name] = max(stay, change) + costs[name][at]
        back.append(step)
        best = new
    name = max(names, key=lambda name: best[name])
    path = [name]
    for step in reversed(back):
        name = step[name]
        path.append(name)
    return path[::-1]
