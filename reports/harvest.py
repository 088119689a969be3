"""What a region gives: items as they stand in the text, and what is none of them, with the reason."""

import re
from dataclasses import dataclass, field

from core.han import HAN
from reports.enumeration import Mark
from reports.labels import Told
from reports.source import Line, Stretch

BESIDES = re.compile(rf"[ \u3000]*(?:此外|另外|除此之外|再有|还有|再者)[，,：:]|[ \u3000]*以及(?=[{HAN}])")
MEASURE_VERB = re.compile(
    r"加[强大快紧]|强化|推[进动行广]|深化|完善|健全|提[升高]|规范(?!性)|落实|压实|严格|持续|进一步|继续|全面|深入|开展|抓[好实牢紧]|做[好优实强细]|优化|夯实|建[立强设成]|构建|打造|实施|组织|坚持|聚焦|着力|充实|改进|拓[展宽]|培[养育]|创新|统筹"
    r"|修订|制定|出台|编制|织密|补齐|筑牢|扎实|切实|积极|不断|配[齐备强]|增[强加]|畅通|严[肃守把]|防范|化解|整合|探索|用好|守[牢好]|促进|保障|发挥|突出|注重|以|把|将|争取|启动|完成|巩固|破解|理顺|明确|细化|扩大|引导|督促|学习|贯彻|履行|紧盯|围绕|动态|常态|打通|疏通|厘清|搭建|激[发活]|锻造|锤炼|擦亮|树[立牢]|营造|消除|遏制|根治|杜绝|选[派聘]|招[录聘]|清理|兑现|延伸|拧紧|扛[起牢]|绷紧"
)


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
    marks: list[Mark] = field(default_factory=list)
    unread_tables: list[Line] = field(default_factory=list)
