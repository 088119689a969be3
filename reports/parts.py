"""The parts of a report that items were read from."""

from dataclasses import replace

from reports.gathering import Gatherer
from reports.outline import Region
from reports.sections import Kind
from reports.source import Stretch


def read_parts(read: Gatherer) -> list[Region]:
    """The parts that the rules see as such, and around items that stand elsewhere the lines they stand in."""
    parts: list[Region] = []
    for place, region in enumerate(read.regions):
        if region.kind is not Kind.OTHER:
            parts.append(region)
            continue
        members = [at for at, one in enumerate(read.region_of) if one == place and read.region(at)]
        if found := [at for at in members if read.roles[at] != "O"]:
            parts.append(_around(read, region, members, found))
    return parts


def _around(read: Gatherer, region: Region, members: list[int], found: list[int]) -> Region:
    """From the first item to the last, with the rest of their lines and a short remark after them."""
    first, last = found[0], found[-1]
    while first > members[0] and not read.units[first].opens_line:
        first -= 1
    while last < members[-1] and (not read.units[last + 1].opens_line or last - found[-1] < 1):
        last += 1
    kind = Kind.PLANS if read.roles[found[-1]] == "P" else Kind.SHORTCOMINGS
    return replace(region, kind=kind, stretch=Stretch(read.units[first].start, read.units[last].end))
