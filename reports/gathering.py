"""From tagged units to items, causes, the parts they were read from, and what was left unsaid."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from reports import remarks
from reports.boundaries import begins
from reports.causes import reason_in, reason_in_brackets, share_out, without_lead
from reports.harvest import BESIDES, Found, Harvest
from reports.roles import Roles
from reports.sections import Kind
from reports.seen import Seen
from reports.sentences import trim, trim_all
from reports.source import Stretch
from reports.tables import read_table
from reports.tagger import Tagged, reason_of
from reports.turns import opens_measure, problem_label, refers_back

_NOTES_REASONS = re.compile(r"[（(][^（()）]{0,8}原因[^（()）]{0,4}[)）]$")
_LONE_MARK = re.compile(rf"(?:{BESIDES.pattern}|[ \u3000]*一是[，,]?)")
_OPENS, _CLOSES = "（(", re.compile("[）)][。；;]?$")  # of a measure in brackets
_SURELY_NEITHER = 0.9
_MISSED = 0.02  # from it on a unit that was read as no item is shown as one that may be


@dataclass(slots=True)
class _Group:
    """Units in a row of one item, or of one reason."""

    role: str
    units: list[int]


class Gatherer(Roles):
    """Makes a harvest of a report's tagged units."""

    def __init__(self, found: Seen, tagged: Tagged) -> None:
        super().__init__(found, tagged)
        self.source = found.source
        self.harvest = Harvest(marks=[unit.mark for unit in found.units if unit.mark])

    def gather(self) -> Harvest:
        """The items, with the reasons given for them."""
        last: Found | None = None
        reasons: list[tuple[_Group, Found | None]] = []
        for group in self._groups():
            if self.units[group.units[0]].line.cells:
                self._table(group)
            elif group.role == "S":
                last = self._shortcoming(group) or last
            elif group.role == "P":
                self._plan(group, None)
            elif group.role == "M":
                self._plan(group, last)
            else:
                reasons.append((group, last))
        self._give_reasons(reasons)
        self._explain()
        return self.harvest

    def _groups(self) -> list[_Group]:
        starts = self._starts("S") | self._starts("P")
        self.begun = starts
        groups: list[_Group] = []
        before = "O"
        for at, role in enumerate(self.roles):
            if role != "O":
                if role == before and at not in starts and not self.units[at].line.cells:
                    groups[-1].units.append(at)
                else:
                    groups.append(_Group(role, [at]))
            before = role if not self.units[at].line.cells else "O"
        return groups

    def _first_chance(self, at: int, role: str) -> float:
        chances = self.tagged.chances[at]
        begin, inside = chances["B" + role], chances["I" + role]
        return begin / (begin + inside) if begin + inside else 0.5

    def _starts(self, role: str) -> set[int]:
        """Where items of a role begin."""
        mine = [at for at, one in enumerate(self.roles) if one == role and not self.units[at].line.cells]
        first = [self._first_chance(at, role) for at in mine]
        forced = [at == 0 or self.roles[at - 1] != role for at in mine]
        units = [self.units[at] for at in mine]
        words = [self.text[unit.said.start : unit.said.end] for unit in units]
        return {at for at, begun in zip(mine, begins(words, units, first, forced), strict=True) if begun}

    def _confidence(self, group: _Group) -> float:
        """How sure the model is of an item: of the role of its weakest unit, and of both its ends."""
        role = group.role
        sure = 1.0
        for place, at in enumerate(group.units):
            chances = self.tagged.chances[at]
            sure = min(sure, chances[("I" if place else "B") + role if role in "SP" else role])
        after = group.units[-1] + 1
        if role in "SP" and after < len(self.units):
            sure = min(sure, 1 - self.tagged.chances[after]["I" + role])
        return round(sure, 2)

    def _stretches(self, group: _Group) -> list[Stretch]:
        """The words of a group; stretches with nothing but white space between them become one."""
        found: list[Stretch] = []
        for place, at in enumerate(group.units):
            unit = self.units[at]
            stretch = unit.stretch if place or self._counts_on(group) else unit.said
            if place and group.role == "S" and unit.opens_line and "problem_label" in self.told[at]:
                label = problem_label(self.text[unit.said.start : unit.end]) or 0
                self._say(Stretch(unit.start, unit.said.start + label), remarks.LINK)
                stretch = Stretch(unit.said.start + label, unit.end)
            if found and not self.text[found[-1].end : stretch.start].strip():
                found[-1] = Stretch(found[-1].start, stretch.end)
            else:
                found.append(stretch)
        return found

    def _counts_on(self, group: _Group) -> bool:
        """Whether the first mark of a group begins a list inside it: then it is of its words, not the number of the item."""
        head, *rest = (self.units[at].mark for at in group.units)
        return head is not None and any(
            mark is not None and mark.style == head.style and mark.value == head.value + 1 for mark in rest
        )

    def _say(self, stretch: Stretch, reason: str) -> None:
        self.harvest.said.append((stretch, reason))

    def _without_head(self, stretches: list[Stretch], size: int) -> list[Stretch]:
        if size:
            self._say(Stretch(stretches[0].start, stretches[0].start + size), remarks.LINK)
            stretches[0] = Stretch(stretches[0].start + size, stretches[0].end)
        return stretches

    def _opened(self, group: _Group) -> list[Stretch]:
        stretches = self._stretches(group)
        counts = any(self.units[at].mark for at in group.units[1:])
        lone = BESIDES if counts else _LONE_MARK
        besides = lone.match(self.text, stretches[0].start, stretches[0].end)
        return self._without_head(stretches, besides.end() - stretches[0].start if besides else 0)

    def _found(
        self,
        group: _Group,
        kept: list[Stretch],
        cause: tuple[Stretch, ...] = (),
        answers: Found | None = None,
    ) -> Found:
        at = group.units[0]
        mark = self.units[at].mark
        number = mark.printed if mark else ""
        return Found(
            tuple(kept), number, self.heading(at), cause, answers, confidence=self._confidence(group)
        )

    def _shortcoming(self, group: _Group) -> Found | None:
        stretches = self._opened(group)
        words = self.text[stretches[0].start : stretches[0].end]
        kept = trim_all(self.text, self._without_head(stretches, problem_label(words.lstrip()) or 0))
        if not kept:
            return None
        found = self._found(group, kept, self._cause_within(group, kept))
        self.harvest.shortcomings.append(found)
        return found

    def _cause_within(self, group: _Group, kept: list[Stretch]) -> tuple[Stretch, ...]:
        told = bool(_NOTES_REASONS.search(self.heading(group.units[0])))
        for start, end in kept:
            words = self.text[start:end]
            if inner := reason_in_brackets(words, told=told) or reason_in(words):
                return (Stretch(start + inner.start, start + inner.end),)
        return ()

    def _part_over(self, found: Found) -> str:
        """The name of the part an item stands in ("执法监督方面"), where a line of its own gives one."""
        at = bisect_right([unit.start for unit in self.units], found.start) - 1
        while at >= 0 and self.roles[at] != "O":
            at -= 1
        if at < 0 or not {"part", "alone"} <= self.told[at]:
            return ""
        return self.text[self.units[at].said.start : self.units[at].end].strip(" 。：:")

    def _plan(self, group: _Group, answers: Found | None) -> None:
        stretches = self._opened(group)
        words = self.text[stretches[0].start : stretches[0].end]
        joins = group.role == "M" or not self.planned(group.units[0]) or refers_back(words)
        if joins and (cue := opens_measure(words)):
            stretches = self._without_head(stretches, cue.end)
            last = stretches[-1]
            if words.lstrip()[:1] in _OPENS and (close := _CLOSES.search(self.text, last.start, last.end)):
                self._say(Stretch(*close.span()), remarks.LINK)
                stretches[-1] = Stretch(last.start, close.start())
        if kept := trim_all(self.text, stretches):
            self.harvest.plans.append(self._found(group, kept, answers=answers))

    def _table(self, group: _Group) -> None:
        at = group.units[0]
        line = self.units[at].line
        table = read_table(self.source, line, of_problems=group.role != "P")
        if not table.understood:
            self.harvest.unread_tables.append(line)
            return
        self._say(line.stretch, remarks.HEADER)
        sure = round(1 - self.tagged.chances[at]["O"], 2)
        for row in table.rows:
            found = None
            if row.problem:
                found = Found(row.problem, row.number, self.heading(at), row.cause, confidence=sure)
                self.harvest.shortcomings.append(found)
            if row.plan:
                self.harvest.plans.append(
                    Found(row.plan, row.number, self.heading(at), (), found, confidence=sure)
                )

    def _give_reasons(self, reasons: list[tuple[_Group, Found | None]]) -> None:
        """Reasons that stand apart: each its shortcoming's own where they come in turn, else for all that give none."""
        named = {id(above) for _, above in reasons if above is not None}
        for group, above in reasons:
            stretches = self._stretches(group)
            whole = Stretch(stretches[0].start, stretches[-1].end)
            self._say(whole, remarks.REASON_LEAD)
            later = any(one.start > whole.start for one in self.harvest.shortcomings)
            if above is not None and (
                later or len(named) > 1 or self.roles[group.units[-1] + 1 :][:1] == ["M"]
            ):
                self._own_reason(above, stretches, whole)
            else:
                region = self.region(group.units[0])
                self._shared_reason(whole, apart=region is None or region.kind is Kind.CAUSES)

    def _own_reason(self, above: Found, stretches: list[Stretch], whole: Stretch) -> None:
        found = without_lead(self.text, Stretch(stretches[0].start, whole.end))
        above.cause = above.cause or ((found,) if found.end > found.start else ())
        if "\n" not in self.text[above.stretches[-1].end : whole.start]:
            joined = trim(self.text, Stretch(above.stretches[-1].start, whole.end))
            above.stretches = (*above.stretches[:-1], joined)

    def _shared_reason(self, whole: Stretch, *, apart: bool) -> None:
        before = [one for one in self.harvest.shortcomings if one.start < whole.start]
        without = [one for one in before or self.harvest.shortcomings if not one.cause]
        if not without:
            return
        words = [self.source.words(one.stretches) for one in without]
        marks = [mark for mark in self.harvest.marks if whole.start <= mark.at.start < whole.end]
        numbers = [one.number for one in without] if apart else []
        named = [self._part_over(one) for one in without]
        shares = share_out(self.text, whole, marks, words, numbers, named)
        for one, cause in zip(without, shares, strict=True):
            one.cause = (cause,) if cause and cause.end - cause.start > 1 else ()

    def _explain(self) -> None:
        """Why what stands among the items is none."""
        plans = False
        for at, role in enumerate(self.roles):
            if role != "O":
                plans = role == "P"
                continue
            unit = self.units[at]
            following = next((one for one in self.roles[at:] if one != "O"), "")
            reason = reason_of(self.told[at], plans=plans or following == "P")
            if reason == remarks.UNASSIGNED and self._promises(at):
                reason = remarks.CLOSING
            elif reason == remarks.UNASSIGNED and self.tagged.chances[at]["O"] >= _SURELY_NEITHER:
                reason = self._by_place(at)
            self._say(unit.said, reason)

    def _by_place(self, at: int) -> str:
        """Why words that the model is sure are no item stand before the first of their part, or after the last."""
        place = self.region_of[at]
        first, after = bisect_left(self.region_of, place), bisect_right(self.region_of, place)
        before, behind = set(self.roles[first:at]) - {"O"}, set(self.roles[at:after]) - {"O"}
        if before and behind:
            return remarks.UNASSIGNED
        return remarks.CLOSING if before else remarks.INTRODUCTION if behind else remarks.ELSEWHERE

    def missed(self) -> list[tuple[Stretch, float]]:
        """Where the model sees an item and none was read, with how likely it is one."""
        found: list[tuple[Stretch, float]] = []
        for at, role in enumerate(self.roles):
            reason = self.tagged.chances[at]["C"] if self.harvest.shortcomings else 0.0
            chance = 1 - self.tagged.chances[at]["O"] - reason
            if role not in "OC" or chance < _MISSED or self.tagged.ruled:
                continue
            stretch = self.units[at].stretch
            if found and not self.text[found[-1][0].end : stretch.start].strip():
                found[-1] = Stretch(found[-1][0].start, stretch.end), max(found[-1][1], chance)
            else:
                found.append((stretch, chance))
        return [(trim(self.text, stretch), round(chance, 2)) for stretch, chance in found]
