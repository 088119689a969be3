"""From tagged units to items, causes and what is neither."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports import remarks
from reports.boundaries import begins
from reports.causes import reason_in, share_out, without_lead
from reports.harvest import BESIDES, Found, Harvest
from reports.sentences import trim, trim_all
from reports.source import Source, Stretch
from reports.tables import read_table
from reports.tagger import Tagged
from reports.turns import opens_measure, problem_label
from reports.units import Unit

_ROLES = {"BS": "S", "IS": "S", "BP": "P", "IP": "P", "M": "M", "C": "C", "O": "O"}


@dataclass(slots=True)
class _Group:
    """Units in a row of one item, or of one reason."""

    role: str
    units: list[int]


class Gatherer:
    """Makes a harvest of a report's tagged units."""

    def __init__(self, source: Source, units: list[Unit], tagged: Tagged, headings: Sequence[str]) -> None:
        self.source = source
        self.text = source.text
        self.units = units
        self.tagged = tagged
        self.headings = headings
        self.roles = [_ROLES[label] for label in tagged.labels]
        self.harvest = Harvest(marks=[unit.mark for unit in units if unit.mark])

    def gather(self) -> Harvest:
        groups = self._groups()
        last: Found | None = None
        reasons: list[tuple[_Group, Found | None]] = []
        for group in groups:
            first = self.units[group.units[0]]
            if first.line.cells:
                self._table(group)
                continue
            if group.role == "S":
                last = self._shortcoming(group) or last
            elif group.role == "P":
                self._plan(group, None)
            elif group.role == "M":
                self._plan(group, last)
            else:
                reasons.append((group, last))
        self._give_reasons(reasons)
        return self.harvest

    def _groups(self) -> list[_Group]:
        starts = set[int]()
        for role in "SP":
            starts |= self._starts(role)
        groups: list[_Group] = []
        before = "O"
        for at, role in enumerate(self.roles):
            if role != "O":
                if role == before and at not in starts and not self.units[at].line.cells:
                    groups[-1].units.append(at)
                else:
                    groups.append(_Group(role, [at]))
            before = role
        return groups

    def _starts(self, role: str) -> set[int]:
        """Where items of a role begin."""
        mine = [at for at, one in enumerate(self.roles) if one == role and not self.units[at].line.cells]
        first = []
        for at in mine:
            chances = self.tagged.chances[at]
            begin, inside = chances["B" + role], chances["I" + role]
            first.append(begin / (begin + inside) if begin + inside else 0.5)
        forced = [at == 0 or self.roles[at - 1] != role for at in mine]
        units = [self.units[at] for at in mine]
        words = [self.text[unit.said.start : unit.said.end] for unit in units]
        return {at for at, begun in zip(mine, begins(words, units, first, forced), strict=True) if begun}

    def _stretches(self, group: _Group) -> list[Stretch]:
        """The words of a group; stretches with nothing but white space between them become one."""
        found: list[Stretch] = []
        for place, at in enumerate(group.units):
            unit = self.units[at]
            stretch = unit.said if not place else unit.stretch
            if found and not self.text[found[-1].end : stretch.start].strip():
                found[-1] = Stretch(found[-1].start, stretch.end)
            else:
                found.append(stretch)
        return found

    def _say(self, stretch: Stretch, reason: str) -> None:
        self.harvest.said.append((stretch, reason))

    def _without_head(self, stretches: list[Stretch], size: int) -> list[Stretch]:
        if size:
            self._say(Stretch(stretches[0].start, stretches[0].start + size), remarks.LINK)
            stretches[0] = Stretch(stretches[0].start + size, stretches[0].end)
        return stretches

    def _opened(self, group: _Group) -> list[Stretch]:
        stretches = self._stretches(group)
        besides = BESIDES.match(self.text, stretches[0].start, stretches[0].end)
        return self._without_head(stretches, besides.end() - stretches[0].start if besides else 0)

    def _number(self, group: _Group) -> str:
        mark = self.units[group.units[0]].mark
        return mark.printed if mark else ""

    def _shortcoming(self, group: _Group) -> Found | None:
        stretches = self._opened(group)
        words = self.text[stretches[0].start : stretches[0].end]
        kept = trim_all(self.text, self._without_head(stretches, problem_label(words.lstrip()) or 0))
        if not kept:
            return None
        cause: tuple[Stretch, ...] = ()
        for stretch in kept:
            if inner := reason_in(self.text[stretch.start : stretch.end]):
                cause = (Stretch(stretch.start + inner.start, stretch.start + inner.end),)
                break
        found = Found(tuple(kept), self._number(group), self.headings[group.units[0]], cause)
        self.harvest.shortcomings.append(found)
        return found

    def _plan(self, group: _Group, answers: Found | None) -> None:
        stretches = self._opened(group)
        if cue := opens_measure(self.text[stretches[0].start : stretches[0].end]):
            stretches = self._without_head(stretches, cue.end)
        kept = trim_all(self.text, stretches)
        if kept:
            self.harvest.plans.append(
                Found(tuple(kept), self._number(group), self.headings[group.units[0]], (), answers)
            )

    def _table(self, group: _Group) -> None:
        at = group.units[0]
        line = self.units[at].line
        table = read_table(self.source, line, of_problems=group.role == "S")
        if not table.understood:
            self.harvest.unread_tables.append(line)
            return
        self._say(line.stretch, remarks.HEADER)
        for row in table.rows:
            found = None
            if row.problem:
                found = Found(row.problem, row.number, self.headings[at], row.cause)
                self.harvest.shortcomings.append(found)
            if row.plan:
                self.harvest.plans.append(Found(row.plan, row.number, self.headings[at], (), found))

    def _give_reasons(self, reasons: list[tuple[_Group, Found | None]]) -> None:
        """Reasons that stand apart: each its shortcoming's own where they come in turn, else for all that give none."""
        for place, (group, above) in enumerate(reasons):
            stretches = self._stretches(group)
            whole = Stretch(self.units[group.units[0]].start, stretches[-1].end)
            self._say(whole, remarks.REASON_LEAD)
            if above is not None and self._of_one(group, above, place, reasons):
                found = without_lead(self.text, Stretch(stretches[0].start, whole.end))
                above.cause = above.cause or ((found,) if found.end > found.start else ())
                if "\n" not in self.text[above.stretches[-1].end : whole.start]:
                    joined = trim(self.text, Stretch(above.stretches[-1].start, whole.end))
                    above.stretches = (*above.stretches[:-1], joined)
                continue
            before = [one for one in self.harvest.shortcomings if one.start < whole.start]
            without = [one for one in before or self.harvest.shortcomings if not one.cause]
            if not without:
                continue
            words = [self.source.words(one.stretches) for one in without]
            marks = [mark for mark in self.harvest.marks if whole.start <= mark.at.start < whole.end]
            shares = share_out(self.text, whole, marks, words, [one.number for one in without])
            for one, cause in zip(without, shares, strict=True):
                one.cause = (cause,) if cause and cause.end - cause.start > 1 else ()

    def _of_one(
        self, group: _Group, above: Found, place: int, reasons: list[tuple[_Group, Found | None]]
    ) -> bool:
        later = [one for one in self.harvest.shortcomings if one.start > self.units[group.units[0]].start]
        if later:
            return True
        others = {id(found) for _, found in reasons if found is not None}
        return len(others) > 1
