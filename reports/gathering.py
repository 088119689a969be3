"""From tagged units to items, causes, the parts they were read from, and what was left unsaid."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from reports import remarks
from reports.boundaries import begins
from reports.causes import reason_in, reason_in_brackets, share_out, without_lead
from reports.harvest import BESIDES, Found, Harvest
from reports.outline import Region
from reports.sections import Kind, is_label
from reports.seen import Seen
from reports.sentences import trim, trim_all
from reports.source import Stretch
from reports.tables import read_table
from reports.tagger import Tagged, by_rules, reason_of
from reports.turns import opens_measure, problem_label, reasons_for_all

_ROLES = {"BS": "S", "IS": "S", "BP": "P", "IP": "P", "M": "M", "C": "C", "O": "O"}
_PART_OF = {
    "S": (Kind.SHORTCOMINGS, Kind.COMBINED),
    "P": (Kind.PLANS, Kind.COMBINED),
}
_NOTES_REASONS = re.compile(r"[（(][^（()）]{0,8}原因[^（()）]{0,4}[)）]$")
_LONE_MARK = re.compile(rf"(?:{BESIDES.pattern}|[ \u3000]*一是[，,]?)")
_SURELY_NONE, _SURELY_NEITHER = 0.02, 0.9
_HARDLY = 0.002  # below it the model is sure that a unit is no item
_MISSED = 0.08  # from it on a unit that was read as no item is shown as one that may be


@dataclass(slots=True)
class _Group:
    """Units in a row of one item, or of one reason."""

    role: str
    units: list[int]


class Gatherer:
    """Makes a harvest of a report's tagged units."""

    def __init__(self, found: Seen, tagged: Tagged) -> None:
        self.source = found.source
        self.text = found.source.text
        self.units = found.units
        self.told = found.features.own
        self.regions = found.regions
        self.tagged = tagged
        starts = [region.stretch.start for region in found.regions]
        self.region_of = [max(0, bisect_right(starts, unit.start) - 1) for unit in found.units]
        roles = self._with_tables([_ROLES[label] for label in tagged.labels])
        roles = self._with_silent_parts(roles, found)
        self.roles = self._with_gaps_filled(self._corrected(roles))
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

    def _with_tables(self, roles: list[str]) -> list[str]:
        """A table in a part read for items holds some; one among other things holds none unless the model is sure."""
        for at, unit in enumerate(self.units):
            if unit.line.cells and self.regions:
                region = self.region(at)
                if region is None or region.kind is Kind.OTHER:
                    roles[at] = "O" if self.tagged.chances[at]["O"] > _SURELY_NONE else roles[at]
                elif roles[at] in "OC" and region.kind is not Kind.CAUSES:
                    roles[at] = "P" if region.kind is Kind.PLANS else "S"
        return roles

    def _with_silent_parts(self, roles: list[str], found: Seen) -> list[str]:
        """Where the model sees no item of a kind in the whole report, the rules' answer is taken, and flagged."""
        for kind in "SP":
            if kind not in roles and "M" not in roles and not self.tagged.ruled:
                ruled = by_rules(found)
                for at, label in enumerate(ruled.labels):
                    region = self.region(at)
                    headed = region and region.heading and is_label(region.heading, region.kind)
                    if headed and _ROLES[label] == kind and roles[at] == "O":
                        roles[at] = kind
                        self.tagged.chances[at] = ruled.chances[at]
        return roles

    def _corrected(self, roles: list[str]) -> list[str]:
        """Roles that labels and the punctuation of a sentence decide whatever the model thinks."""
        lacking = reasons = False
        for at, unit in enumerate(self.units):
            told, role = self.told[at], roles[at]
            goes_on = at > 0 and not unit.opens_line and not unit.mark
            reasons = reasons and goes_on
            mends = "mends" in told and lacking and unit.part and not unit.mark
            if ("advises" in told and role in "SPC") or (mends and role in "SPM"):
                roles[at] = "O"
            elif role in "SC" and lacking and "measure_label" in told:
                roles[at] = "M"
            elif role == "M" and self._under_plans_alone(at, roles):
                roles[at] = "P"
            elif role in "SO" and lacking and self._gives_reasons(at, told, roles):
                roles[at] = "C"
                reasons = True
            elif role in "SO" and reasons:
                roles[at] = "C"
            elif goes_on and {role, roles[at - 1]} <= set("SPM") and self._of_one_sentence(at):
                roles[at] = roles[at - 1]
            lacking = lacking or role == "S"
        return roles

    def _under_plans_alone(self, at: int, roles: list[str]) -> bool:
        """Whether a unit stands in a part headed as one of plans, and nothing lacking is named there that it could answer."""
        region = self.region(at)
        if region is None or region.kind is not Kind.PLANS or region.turned:
            return False
        first = self.region_of.index(self.region_of[at])
        return "S" not in roles[first:at]

    def _gives_reasons(self, at: int, told: frozenset[str], roles: list[str]) -> bool:
        words = self.text[self.units[at].said.start : self.units[at].end]
        if roles[at] == "O":  # only right below the last shortcoming
            above = next((one for one in reversed(roles[:at]) if one != "O"), "")
            below = above == "S" and roles[at - 1] != "O" and "rule=heading" not in told
            return below and "reasons" in told and reasons_for_all(words)
        region = self.region(at)
        headed = region is not None and region.kind is Kind.CAUSES and not region.turned
        labelled = "reason_label" in told and self.units[at].opens_line
        return headed or labelled or ("reasons" in told and self.units[at].part and reasons_for_all(words))

    def _of_one_sentence(self, at: int) -> bool:
        """Whether only a semicolon stands between a unit and the one before it, and it turns to nothing."""
        before = self.text[self.units[at - 1].end - 1]
        return before in "；;" and self.units[at].part and "opens_measure" not in self.told[at]

    def _with_gaps_filled(self, roles: list[str]) -> list[str]:
        """Where the rules see a part and its count goes on, a unit the model was not sure to be outside counts too."""
        marked = [at for at, unit in enumerate(self.units) if unit.mark]
        last: dict[str, tuple[str, int]] = {}
        for at in marked:
            place = self._place(at)
            for kind, (style, value) in [*last.items()]:
                if roles[at] == "O" and place == (style, value + 1) and self._may_be(at, kind, _HARDLY):
                    self._fill(at, kind, roles)
            if roles[at] in "SP":
                last[roles[at]] = place
        following: dict[str, int] = {}
        for at in reversed(marked):
            style, value = self._place(at)
            below = following.get(style)
            kind = roles[below] if below is not None else "O"
            counts = below is not None and self._place(below) == (style, value + 1)
            if roles[at] == "O" and counts and kind in "SP" and self._may_be(at, kind, _MISSED):
                self._fill(at, kind, roles)
            following[style] = at
        return roles

    def _place(self, at: int) -> tuple[str, int]:
        mark = self.units[at].mark
        return (mark.style, mark.value) if mark else ("", 0)

    def _fill(self, at: int, kind: str, roles: list[str]) -> None:
        """Make a unit one of a kind, and what follows it in its line as far as that may be."""
        roles[at] = kind
        for place in range(at + 1, len(roles)):
            if self.units[place].opens_line or roles[place] != "O" or not self._may_be(place, kind, _HARDLY):
                return
            roles[place] = kind

    def _may_be(self, at: int, role: str, least: float) -> bool:
        region = self.region(at)
        if region is None or region.kind not in _PART_OF[role]:
            return False
        chances = self.tagged.chances[at]
        return chances["B" + role] + chances["I" + role] > least and not self.tagged.ruled

    def region(self, at: int) -> Region | None:
        """The region that the rules see a unit in; a heading stands in none."""
        region = self.regions[self.region_of[at]] if self.regions else None
        start = self.units[at].start
        return region if region and region.stretch.start <= start < region.stretch.end else None

    def _heading(self, at: int) -> str:
        return self.regions[self.region_of[at]].heading if self.regions else ""

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
            stretch = unit.stretch if place else unit.said
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
        besides = _LONE_MARK.match(self.text, stretches[0].start, stretches[0].end)
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
            tuple(kept), number, self._heading(at), cause, answers, confidence=self._confidence(group)
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
        told = bool(_NOTES_REASONS.search(self._heading(group.units[0])))
        for stretch in kept:
            words = self.text[stretch.start : stretch.end]
            if inner := reason_in_brackets(words, told=told) or reason_in(words):
                return (Stretch(stretch.start + inner.start, stretch.start + inner.end),)
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
        if cue := opens_measure(self.text[stretches[0].start : stretches[0].end]):
            stretches = self._without_head(stretches, cue.end)
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
                found = Found(row.problem, row.number, self._heading(at), row.cause, confidence=sure)
                self.harvest.shortcomings.append(found)
            if row.plan:
                self.harvest.plans.append(
                    Found(row.plan, row.number, self._heading(at), (), found, confidence=sure)
                )

    def _give_reasons(self, reasons: list[tuple[_Group, Found | None]]) -> None:
        """Reasons that stand apart: each its shortcoming's own where they come in turn, else for all that give none."""
        named = {id(above) for _, above in reasons if above is not None}
        for group, above in reasons:
            stretches = self._stretches(group)
            whole = Stretch(self.units[group.units[0]].start, stretches[-1].end)
            self._say(whole, remarks.REASON_LEAD)
            later = any(one.start > whole.start for one in self.harvest.shortcomings)
            if above is not None and (later or len(named) > 1):
                self._own_reason(above, stretches, whole)
            else:
                self._shared_reason(whole)

    def _own_reason(self, above: Found, stretches: list[Stretch], whole: Stretch) -> None:
        found = without_lead(self.text, Stretch(stretches[0].start, whole.end))
        above.cause = above.cause or ((found,) if found.end > found.start else ())
        if "\n" not in self.text[above.stretches[-1].end : whole.start]:
            joined = trim(self.text, Stretch(above.stretches[-1].start, whole.end))
            above.stretches = (*above.stretches[:-1], joined)

    def _shared_reason(self, whole: Stretch) -> None:
        before = [one for one in self.harvest.shortcomings if one.start < whole.start]
        without = [one for one in before or self.harvest.shortcomings if not one.cause]
        if not without:
            return
        words = [self.source.words(one.stretches) for one in without]
        marks = [mark for mark in self.harvest.marks if whole.start <= mark.at.start < whole.end]
        numbers = [one.number for one in without]
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
            if reason == remarks.UNASSIGNED and self.tagged.chances[at]["O"] >= _SURELY_NEITHER:
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
