"""What a region gives: items as they stand in the text, and what is none of them, with the reason."""

import re
from dataclasses import dataclass, field

from core.han import HAN
from reports import remarks
from reports.enumeration import Mark
from reports.labels import Told
from reports.outline import Region
from reports.sections import Kind
from reports.sentences import sentences, trim, trim_all, without
from reports.shortcoming import Words, take_apart
from reports.source import Line, Source, Stretch
from reports.turns import opens_measure, problem_label

BESIDES = re.compile(rf"[ \u3000]*(?:此外|另外|除此之外|再有|还有|再者)[，,：:]|[ \u3000]*以及(?=[{HAN}])")
MEASURE_VERB = re.compile(
    r"加[强大快紧]|强化|推[进动行广]|深化|完善|健全|提[升高]|规范(?!性)|落实|压实|严格|持续|进一步|继续|全面|深入|开展|抓[好实牢紧]|做[好优实强细]|优化|夯实|建[立强设成]|构建|打造|实施|组织|坚持|聚焦|着力|充实|改进|拓[展宽]|培[养育]|创新|统筹"
    r"|修订|制定|出台|编制|织密|补齐|筑牢|扎实|切实|积极|不断|配[齐备强]|增[强加]|畅通|严[肃守把]|防范|化解|整合|探索|用好|守[牢好]|促进|保障|发挥|突出|注重|以|把|将|争取|启动|完成|巩固|破解|理顺|明确|细化|扩大|引导|督促|学习|贯彻|履行|紧盯|围绕|动态|常态|[打疏]通|厘清|搭建|激[发活]|锻造|锤炼|擦亮|树[立牢]|营造|消除|遏制|根治|杜绝|选[派聘]|招[录聘]|清理|兑现|延伸|拧紧|扛[起牢]|绷紧"
)
_NOTES_REASONS = re.compile(r"[（(][^（()）]{0,8}原因[^（()）]{0,4}[)）]$")
_LONE_MARK = re.compile(rf"(?:{BESIDES.pattern}|[ \u3000]*一是[，,]?)")


@dataclass(slots=True)
class Found:
    """An item as it stands in the text: its stretches, its cause, what it was named with."""

    stretches: tuple[Stretch, ...]
    number: str = ""
    section: str = ""
    cause: tuple[Stretch, ...] = ()
    answers: "Found | None" = None
    told: Told = field(default_factory=Told)
    confidence: float = 1.0

    @property
    def start(self) -> int:
        return self.stretches[0].start


@dataclass(slots=True)
class Harvest:
    """What a region gave: shortcomings, plans, and stretches that are neither, with the reason."""

    shortcomings: list[Found] = field(default_factory=list)
    plans: list[Found] = field(default_factory=list)
    said: list[tuple[Stretch, str]] = field(default_factory=list)
    shared_cause: Stretch | None = None
    marks: list[Mark] = field(default_factory=list)
    unread_tables: list[Line] = field(default_factory=list)


class Collector:
    """Takes stretches for items of one region, takes them apart and keeps what they say."""

    def __init__(self, source: Source, region: Region, marks: list[Mark]) -> None:
        self.source = source
        self.text = source.text
        self.region = region
        self.plans = region.kind is Kind.PLANS
        self.harvest = Harvest(marks=marks)

    def item(self, stretch: Stretch, printed: str = "") -> None:
        """Keep a stretch as one item; `printed` is its enumerator. Advice to superiors is put aside."""
        if lone := _LONE_MARK.match(self.text, stretch.start, stretch.end):
            self.say(Stretch(stretch.start, lone.end()), remarks.LINK)
            stretch = Stretch(lone.end(), stretch.end)
        words = self.words(stretch).strip()
        if remarks.advises(words):
            self.say(stretch, remarks.ADVICE)
            return
        if self.plans:
            if self.region.turned and (cue := opens_measure(self.words(stretch))):
                self.say(Stretch(stretch.start, stretch.start + cue.end), remarks.LINK)
                stretch = Stretch(stretch.start + cue.end, stretch.end)
            self.add_plan(self._without_offices(stretch), printed, None)
            return
        self._add_shortcoming(self._apart(stretch), printed)

    def _apart(self, stretch: Stretch) -> Words:
        told = bool(_NOTES_REASONS.search(self.region.heading))
        return take_apart(self.text, self.lines_of(stretch), reasons_in_brackets=told)

    def _without_offices(self, stretch: Stretch) -> list[Stretch]:
        """A plan without the paragraphs that only say who and by when."""
        offices = [line for line in self.lines_of(stretch)[1:] if remarks.names_office(self.words(line))]
        for office in offices:
            self.say(office, remarks.OFFICE)
        return without([stretch], offices)

    def _add_shortcoming(self, words: Words, printed: str) -> None:
        for stretch in words.offices:
            self.say(stretch, remarks.OFFICE)
        for stretch in words.links:
            self.say(stretch, remarks.LINK)
        stated = trim_all(self.text, words.stated)
        found = None
        if stated:
            found = Found(tuple(stated), printed, self.region.heading, tuple(words.cause))
            self.harvest.shortcomings.append(found)
        if words.measure:
            self.add_plan(words.measure, "", found)

    def add_plan(self, stretches: list[Stretch], printed: str, answers: Found | None) -> None:
        kept = trim_all(self.text, stretches)
        words = self.source.words(kept)
        if not kept:
            return
        if (answers or self.region.turned) and (
            remarks.promises_nothing(words) or remarks.closes_plans(words)
        ):
            for stretch in kept:
                self.say(stretch, remarks.CLOSING)
            return
        label = problem_label(words) if self.plans else None
        if label:
            kept[0] = trim(self.text, Stretch(kept[0].start + label, kept[0].end))
        self.harvest.plans.append(Found(tuple(kept), printed, self.region.heading, (), answers))

    def states(self, words: str) -> bool:
        return bool(MEASURE_VERB.search(words)) if self.plans else remarks.lacks(words)

    def without_closing(self, stretch: Stretch) -> tuple[list[Stretch], list[Stretch]]:
        """An entry without the closing remarks at its end; they come second."""
        cut = sentences(self.text, stretch)
        kept = len(cut)
        while kept > 1 and self.closes(self.words(cut[kept - 1])):
            kept -= 1
        if kept == len(cut):
            return [stretch], []
        return [Stretch(stretch.start, cut[kept - 1].end)], cut[kept:]

    def closes(self, words: str) -> bool:
        text = words.strip()
        if remarks.advises(text):
            return True
        return remarks.closes_plans(text) if self.plans else remarks.closes_shortcomings(text)

    def lines_of(self, stretch: Stretch) -> list[Stretch]:
        """A stretch line by line."""
        lines = []
        at = stretch.start
        for words in self.text[stretch.start : stretch.end].split("\n"):
            if words.strip():
                lines.append(Stretch(at, at + len(words)))
            at += len(words) + 1
        return lines

    def words(self, stretch: Stretch) -> str:
        return self.text[stretch.start : stretch.end]

    def say(self, stretch: Stretch, reason: str) -> None:
        self.harvest.said.append((stretch, reason))
