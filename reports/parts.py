"""The parts of a report that items were read from."""

from reports.gathering import Gatherer
from reports.outline import Region
from reports.sections import Kind
from reports.source import Stretch

_KINDS = {"S": Kind.SHORTCOMINGS, "M": Kind.SHORTCOMINGS, "C": Kind.SHORTCOMINGS, "P": Kind.PLANS}


def read_parts(read: Gatherer) -> list[Region]:
    """The parts of the report that items were read from, by kind; a part without any counts where the rules see one."""
    parts: list[Region] = []
    spans: dict[int, list[int]] = {}
    for at, place in enumerate(read.region_of):
        if read.region(at):
            spans.setdefault(place, []).append(at)
    for place, region in enumerate(read.regions):
        members = spans.get(place, [])  # none where a unit of the region above reaches over it
        found = [at for at in members if read.roles[at] != "O"]
        if not found:
            if region.kind is not Kind.OTHER:
                parts.append(region)
            continue
        if region.kind is Kind.OTHER:
            members = _around(read, found, members)
        parts += _by_kind(read, region, members, whole=region.kind is not Kind.OTHER)
    return parts


def _around(read: Gatherer, found: list[int], members: list[int]) -> list[int]:
    """From the first item to the last, with the rest of their lines and short remarks after them."""
    first, last = found[0], found[-1]
    while first > members[0] and not read.units[first].opens_line:
        first -= 1
    while last < members[-1] and (not read.units[last + 1].opens_line or last - found[-1] < 1):
        last += 1
    return list(range(first, last + 1))


def _by_kind(read: Gatherer, region: Region, members: list[int], *, whole: bool) -> list[Region]:
    """A region cut where it turns from shortcomings to plans or back; what stands between goes with what follows."""
    cuts: list[tuple[Kind, int]] = []
    free = read.units[members[0]].start if not whole else region.stretch.start
    for at in members:
        kind = _KINDS.get(read.roles[at])
        if kind is None:
            continue
        if not cuts or cuts[-1][0] is not kind:
            cuts.append((kind, free))
        free = read.units[at].end
    end = region.stretch.end if whole else read.units[members[-1]].end
    return [
        Region(kind, region.heading, Stretch(start, following), turned=kind is not region.kind)
        for (kind, start), following in zip(cuts, [*(cut[1] for cut in cuts[1:]), end], strict=True)
    ]
