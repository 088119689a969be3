"""What each unit of a report is, once the model, the rules and the form of the text have had their say."""

import math
from bisect import bisect_right
from collections import Counter

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
_HARDLY = 0.002  # below it the model is sure that a unit is no item
_RULES_SAY = 2.0  # what a rule that speaks is worth beside the model, as the logarithm of odds
_FORM_SAYS = 4.0  # the same of a sentence that goes on inside a line whose role is known
_NEVER = 1e-9
_SURELY_NONE = 0.02


class Roles:
    """The roles of a report's units: S shortcoming, P plan, M a shortcoming's measure, C reason, O neither."""

    def __init__(self, found: Seen, tagged: Tagged) -> None:
        self.text = found.source.text
        self.units = found.units
        self.told = found.features.own
        self.regions = found.regions
        self.tagged = tagged
        starts = [region.stretch.start for region in found.regions]
        self.region_of = [max(0, bisect_right(starts, unit.start) - 1) for unit in found.units]
        self.ruled = tagged if tagged.ruled else by_rules(found)
        roles = self._with_tables(self._weighed([_ROLES[label] for label in tagged.labels]))
        roles = self._with_silent_parts(roles)
        self.roles = self._with_gaps_filled(self._corrected(roles))

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

    def _weighed(self, roles: list[str]) -> list[str]:
        """Under a heading that only names its part the rules have a say beside the model; it stands where it is sure."""
        if self.tagged.ruled:
            return roles
        for at, label in enumerate(self.ruled.labels):
            ruled = _ROLES[label]
            goes_on = at > 0 and not self.units[at].opens_line and not self.units[at].mark
            joined = goes_on and ruled == roles[at - 1] and "ends=。" in self.told[at]
            speaks = ruled in "OCM" or roles[at] == "M" or joined
            if speaks and ruled != roles[at] and self._headed(at):
                mine, theirs = self._chance(at, roles[at]), self._chance(at, ruled)
                if math.log(max(theirs, _NEVER)) + (_FORM_SAYS if joined else _RULES_SAY) > math.log(
                    max(mine, _NEVER)
                ):
                    roles[at] = ruled
        return roles

    def _chance(self, at: int, role: str) -> float:
        """How likely the model thinks it that a unit has a role."""
        chances = self.tagged.chances[at]
        return chances["B" + role] + chances["I" + role] if role in "SP" else chances[role]

    def _headed(self, at: int) -> bool:
        """Whether a unit stands in a part whose heading only names it."""
        region = self.region(at)
        if region is None or not region.heading:
            return False
        return region.kind is not Kind.OTHER and is_label(region.heading, region.kind)

    def _with_silent_parts(self, roles: list[str]) -> list[str]:
        """Where the model sees no item of a kind in the whole report, the rules' answer is taken, and flagged."""
        for kind in "SP":
            if kind not in roles and "M" not in roles and not self.tagged.ruled:
                for at, label in enumerate(self.ruled.labels):
                    if _ROLES[label] == kind and roles[at] == "O" and self._headed(at):
                        roles[at] = kind
                        self.tagged.chances[at] = self.ruled.chances[at]
        return roles

    def _corrected(self, roles: list[str]) -> list[str]:
        """Roles that labels and the punctuation of a sentence decide whatever the model thinks."""
        each = self._labelled_each()
        lacking = reasons = labelled = False
        for at, unit in enumerate(self.units):
            told, role = self.told[at], roles[at]
            goes_on = at > 0 and not unit.opens_line and not unit.mark
            reasons = reasons and goes_on
            labelled = not unit.opens_line and (labelled or (lacking and each[at - 1]))
            if lacking and "measure_label" in told and (role in "SC" or (role == "P" and each[at])):
                roles[at] = "M"
            elif decided := self._by_words(at, told, roles, lacking=lacking, labelled=labelled):
                roles[at] = decided
            elif role in "SO" and lacking and self._gives_reasons(at, told, roles):
                roles[at] = "C"
                reasons = True
            elif (role in "SO" and reasons) or (role in "SP" and self._before_reasons(at, told, roles)):
                roles[at] = "C"
            elif goes_on and {role, roles[at - 1]} <= set("SPM") and self._of_one_sentence(at):
                roles[at] = roles[at - 1]
            lacking = lacking or role == "S"
        return roles

    def _by_words(
        self, at: int, told: frozenset[str], roles: list[str], *, lacking: bool, labelled: bool
    ) -> str | None:
        """What a unit's own words, or the label before it, make of it."""
        unit, role = self.units[at], roles[at]
        before = roles[at - 1] if at and not unit.opens_line and not unit.mark else ""
        mends = "mends" in told and lacking and not unit.mark
        if ("advises" in told and role in "SPC") or (mends and role in "SPM"):
            return "O"
        if before == "S" and "reason_label" in told and roles[at + 1 :][:1] != ["C"]:
            return "S"
        if before in ("S", "C") and "reason_label" in self.told[at - 1]:
            return before
        if role == "O" and "opens_measure" in told and self._goes_on_as(at, "M", roles):
            return "M"
        return "M" if (role in "SP" and labelled) or (role == "P" and before == "M") else None

    def _goes_on_as(self, at: int, role: str, roles: list[str]) -> bool:
        """Whether the line goes on with a unit of a role."""
        return at + 1 < len(roles) and roles[at + 1] == role and not self.units[at + 1].opens_line

    def _before_reasons(self, at: int, told: frozenset[str], roles: list[str]) -> bool:
        """Whether the sentence goes on with what the model takes for reasons, or stands in a line of its own without a mark."""
        unit = self.units[at]
        if "reasons" not in told or self.planned(at):
            return False
        if self._goes_on_as(at, "C", roles):
            return unit.opens_line or "reason_label" not in told
        return unit.opens_line and unit.end >= unit.line.end and not unit.mark

    def _labelled_each(self) -> list[bool]:
        """Where a label of measures speaks of one shortcoming: it stands more than once in a part that is not of plans."""
        labels = ["measure_label" in row and not self.planned(at) for at, row in enumerate(self.told)]
        many = Counter(place for place, label in zip(self.region_of, labels, strict=True) if label)
        return [label and many[place] > 1 for place, label in zip(self.region_of, labels, strict=True)]

    def _gives_reasons(self, at: int, told: frozenset[str], roles: list[str]) -> bool:
        if roles[at] == "O":  # only right below the last shortcoming
            if "rule=heading" in told and {"alone", "ends=x"} <= told:
                return False
            above = next((one for one in reversed(roles[:at]) if one != "O"), "")
            words = self.text[self.units[at].said.start : self.units[at].end]
            return above == "S" and roles[at - 1] != "O" and "reasons" in told and reasons_for_all(words)
        region = self.region(at)
        headed = region is not None and region.kind is Kind.CAUSES and not region.turned
        words = self.text[self.units[at].said.start : self.units[at].end]
        labelled = "reason_label" in told and self.units[at].opens_line
        return headed or labelled or ("reasons" in told and self.units[at].part and reasons_for_all(words))

    def planned(self, at: int) -> bool:
        """Whether a unit stands in a part of plans alone."""
        region = self.region(at)
        return region is not None and region.kind is Kind.PLANS and not region.turned

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
