"""What each unit of a report is, once the model, the rules and the form of the text have had their say."""

from bisect import bisect_right
from collections import Counter

from reports import remarks
from reports.outline import Region
from reports.sections import Kind, is_label
from reports.seen import Seen
from reports.tagger import Tagged, by_rules
from reports.turns import reasons_for_all

_ROLES = {"BS": "S", "IS": "S", "BP": "P", "IP": "P", "M": "M", "C": "C", "O": "O"}
_PART_OF = {
    "S": (Kind.SHORTCOMINGS, Kind.COMBINED),
    "P": (Kind.PLANS, Kind.COMBINED),
}
_MISSED = 0.08  # from it on a list's missing first entry is one after all
_SURELY_NONE, _PERHAPS, _SURELY_NO_MEASURE = 0.01, 0.1, 0.8
_IDEAS = {"guides", "closes"}
_REMARKS = {*_IDEAS, "mends", "announces", "introduces", "generic", "advises", "office", "opens_measure"}
_GIVE_REASONS = {"reasons", "reason_label"}
_AS_LIKELY = 0.3
_HARDLY = 0.002  # below it the model is sure that a unit is no item


class Roles:
    """The roles of a report's units: S shortcoming, P plan, M a shortcoming's measure, C reason, O neither."""

    def __init__(self, found: Seen, tagged: Tagged) -> None:
        self.found = found
        self.text = found.source.text
        self.units = found.units
        self.told = found.features.own
        self.regions = found.regions
        self.tagged = tagged
        starts = [region.stretch.start for region in found.regions]
        self.region_of = [max(0, bisect_right(starts, unit.start) - 1) for unit in found.units]
        roles = self._with_silent_parts(self._with_tables([_ROLES[label] for label in tagged.labels]))
        self.roles = self._with_gaps_filled(self._corrected(roles))

    def _with_tables(self, roles: list[str]) -> list[str]:
        """A table in a part read for items holds some; one among other things holds none unless the model is sure."""
        for at, unit in enumerate(self.units):
            region = self.region(at)
            if not unit.line.cells or (region and region.kind is Kind.CAUSES):
                continue
            if region is None or region.kind is Kind.OTHER:
                roles[at] = "O" if self.tagged.chances[at]["O"] > _SURELY_NONE else roles[at]
            elif roles[at] in "OC":
                roles[at] = "P" if region.kind is Kind.PLANS else "S"
        return roles

    def _headed(self, at: int) -> bool:
        """Whether a unit stands in a part whose heading only names it."""
        region = self.region(at)
        if region is None or not region.heading:
            return False
        return region.kind is not Kind.OTHER and is_label(region.heading, region.kind)

    def _with_silent_parts(self, roles: list[str]) -> list[str]:
        """Where the model sees no item of a kind in the whole report, the rules' answer is taken, and flagged."""
        silent = [] if "M" in roles or self.tagged.ruled else [kind for kind in "SP" if kind not in roles]
        if silent:
            ruled = by_rules(self.found)
            for kind in silent:
                for at, label in enumerate(ruled.labels):
                    if _ROLES[label] == kind and roles[at] == "O" and self._headed(at):
                        roles[at] = kind
                        self.tagged.chances[at] = ruled.chances[at]
        return roles

    def _corrected(self, roles: list[str]) -> list[str]:
        """Roles that the labels of measures and reasons decide whatever the model thinks."""
        each = self._labelled_each()
        lacking = reasons = labelled = listed = False
        for at, unit in enumerate(self.units):
            told, role = self.told[at], roles[at]
            goes_on = not unit.mark or unit.mark.value == 1 or listed
            reasons = reasons and not unit.opens_line and goes_on
            listed = reasons and (listed or unit.mark is not None)
            labelled = lacking and (each[at] or (labelled and not unit.opens_line))
            if (labelled and role in "SPC") or (lacking and "measure_label" in told and role in "SC"):
                roles[at] = "M"
            elif self._says_nothing(at, role) or (lacking and role in "SPM" and self._promises(at)):
                roles[at] = "O"
            elif role == "O" and lacking and self._may_measure(at, roles):
                roles[at] = "P" if unit.opens_line else "M"
            elif role in "SPO" and lacking and (reasons or self._gives_reasons(at, told, roles)):
                roles[at] = "C"
                reasons = True
            elif role == "M" and self.planned(at):
                roles[at] = "P"
            elif role == "P" and self._goes_on_with_measure(at, roles):
                roles[at] = "M"
            elif (role == "C" and not reasons and self._states(at)) or (
                role == "P" and lacking and self._has_measure(at, roles)
            ):
                roles[at] = role = "S"
            elif role == "O" and self._goes_on(at, told, roles):
                roles[at] = roles[at - 1]
            lacking = lacking or role == "S"
        return roles

    def _says_nothing(self, at: int, role: str) -> bool:
        """Whether a unit is advice, sets lacks against praise, or is an idea behind plans that the model is not sure of."""
        told = self.told[at]
        if "advises" in told or (role == "S" and remarks.weighs(self._said(at))):
            return role in "SPC"
        return role in "PM" and bool(told & _IDEAS) and self.tagged.chances[at]["O"] > _SURELY_NONE

    def _said(self, at: int) -> str:
        return self.text[self.units[at].said.start : self.units[at].end]

    def _goes_on_with_measure(self, at: int, roles: list[str]) -> bool:
        """Whether a sentence goes on with the measure of its line."""
        return roles[at - 1] == "M" and not self.units[at].opens_line and not self.units[at].mark

    def _has_measure(self, at: int, roles: list[str]) -> bool:
        """Whether a marked line outside the plans goes on with its measure: then it says what is lacking."""
        below = at + 1 < len(roles) and roles[at + 1] == "M" and not self.units[at + 1].opens_line
        return below and self.units[at].mark is not None and not self.planned(at)

    def _states(self, at: int) -> bool:
        """Whether a unit taken for a reason says what is lacking: no word of it gives reasons, and its label, its mark
        or the head of its line ("信息化方面：") makes it one."""
        told, head, unit = self.told[at], self.told[at - 1], self.units[at]
        if "problem_label" in told:
            return True
        if told & _GIVE_REASONS:
            return False
        region = self.region(at)
        counted = unit.mark and region and region.kind in _PART_OF["S"]
        if counted and self.tagged.chances[at]["BS"] > _AS_LIKELY:
            return True
        return "announces" in head and not unit.opens_line and not head & _GIVE_REASONS

    def _goes_on(self, at: int, told: frozenset[str], roles: list[str]) -> bool:
        """Whether a sentence goes on with the item of its line, says no remark and is not surely outside."""
        unit = self.units[at]
        if unit.opens_line or unit.mark or roles[at - 1] not in "SP" or told & _REMARKS:
            return False
        chances = self.tagged.chances[at]
        mine = chances["B" + roles[at - 1]] + chances["I" + roles[at - 1]]
        return mine > _SURELY_NONE and self._headed(at) and "ends=。" in told

    def _promises(self, at: int) -> bool:
        """Whether a unit only promises to mend what was said."""
        mends = "mends" in self.told[at] and not self.units[at].mark
        return mends or remarks.only_promises(self._said(at))

    def _may_measure(self, at: int, roles: list[str]) -> bool:
        """Whether a unit that the model is not sure of, or that begins a list of plans, opens as a measure does, and says which."""
        told = self.told[at]
        opens = "opens_measure" in told and not told & _IDEAS and not self._promises(at)
        lists = "ends=；" in told and roles[at + 1 : at + 2] == ["P"] and not self.units[at + 1].opens_line
        return opens and (lists or self.tagged.chances[at]["O"] < _SURELY_NO_MEASURE)

    def _labelled_each(self) -> list[bool]:
        """Where a label of measures speaks of one shortcoming: it stands more than once in a part that is not of plans."""
        labels = ["measure_label" in row and not self.planned(at) for at, row in enumerate(self.told)]
        many = Counter(place for place, label in zip(self.region_of, labels, strict=True) if label)
        return [label and many[place] > 1 for place, label in zip(self.region_of, labels, strict=True)]

    def _gives_reasons(self, at: int, told: frozenset[str], roles: list[str]) -> bool:
        region, unit = self.region(at), self.units[at]
        if region is None and {"alone", "ends=x"} <= told:
            return False
        if region is not None and region.kind is Kind.CAUSES:
            return roles[at] != "O" or self.tagged.chances[at]["C"] > _PERHAPS
        if "reason_label" in told and unit.opens_line:
            return not self.planned(at) or self.tagged.chances[at]["C"] > _PERHAPS
        if "reasons" not in told or roles[at] == "P":
            return False
        for_all = reasons_for_all(self._said(at))
        if roles[at] == "O":  # only right below the last shortcoming
            return roles[at - 1] == "S" and (for_all or self._after_list(at))
        alone = unit.opens_line and unit.end >= unit.line.end and not unit.mark
        return alone or (for_all and unit.part) or self._after_list(at)

    def _after_list(self, at: int) -> bool:
        """Whether a sentence follows one that listed with semicolons, so that it speaks of the whole of it."""
        unit, above = self.units[at], self.units[at - 1]
        if unit.opens_line or unit.mark or self.text[above.end - 1] != "。":
            return False
        return self.text[max(0, above.start - 4) : above.start].rstrip()[-1:] in ("；", ";")

    def planned(self, at: int) -> bool:
        """Whether a unit stands in a part of plans alone."""
        region = self.region(at)
        return region is not None and region.kind is Kind.PLANS

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
        if region is None or region.kind not in _PART_OF[role] or "advises" in self.told[at]:
            return False
        chances = self.tagged.chances[at]
        return chances["B" + role] + chances["I" + role] > least and not self.tagged.ruled

    def region(self, at: int) -> Region | None:
        """The region that the rules see a unit in; a heading stands in none."""
        region = self.regions[self.region_of[at]] if self.regions else None
        start = self.units[at].start
        return region if region and region.stretch.start <= start < region.stretch.end else None

    def heading(self, at: int) -> str:
        return self.regions[self.region_of[at]].heading if self.regions else ""
