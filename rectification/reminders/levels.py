"""Who hears of a thing, from whose own it is up to the chief: what was told in vain goes one person up. Pure."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from rectification.roles_in_task import Part

VAIN: Final = 4
"""So many weekly repeats in vain, and the next above is told."""


class Level(NamedTuple):
    """People of a thing that is told, and when their turn comes: at a step of its ladder (`first`), or once it was repeated
    so often in vain.
    """

    people: Mapping[int, Part]
    first: int
    vain: int = 0
    weekly: int | None = None


def apart(levels: Iterable[Level], above: Iterable[Mapping[int, Part]]) -> list[Mapping[int, Part]]:
    """Those above, without whoever stands at a lower level already; an empty place is none."""
    known = {person for level in levels for person in level.people}
    found: list[Mapping[int, Part]] = []
    for place in above:
        if people := {person: part for person, part in place.items() if person not in known}:
            found.append(people)
            known |= people.keys()
    return found


def raised(levels: Iterable[Level], above: Iterable[Mapping[int, Part]]) -> list[Level]:
    """With those above, each told once it was repeated VAIN more times in vain. Whoever has somebody above hears so many
    repeats week by week, and then one a month.
    """
    levels = [level for level in levels if level.people]
    levels += [Level(people, 0, VAIN * number) for number, people in enumerate(apart(levels, above), 1)]
    return [*(level._replace(weekly=level.vain + VAIN) for level in levels[:-1]), *levels[-1:]]
