"""What looks like a closing on paper only (纸面销号): pure checks of what the file of a task holds.

The owner is told before submitting, with what would dispel each; reviewer and approver answer each before they sign.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from rapidfuzz import fuzz, process

from core.text import folded
from models.enums import Worded
from rectification.task.proof import Dossier, Finding

SIMILAR: Final = 90


class Doubt(Worded):
    """What a reviewer must look at twice, and answer."""

    SAME_FILE = "same_file", "材料在别的任务用过"
    SIMILAR_STATEMENT = "similar_statement", "情况说明雷同"
    DATED_BEFORE_ISSUE = "dated_before_issue", "材料早于下达"
    NOTICES_ONLY = "notices_only", "只有会议通知"
    NOTHING_NEW = "nothing_new", "没有新材料"
    COUNT_SHORT = "count_short", "总数没有完成"


def doubts(dossier: Dossier) -> tuple[Finding, ...]:
    """Everything that looks like a closing on paper, one finding for each kind of doubt."""
    return tuple(_by_kind(_doubts(dossier)))


def doubt_words(finding: Finding) -> str:
    """A doubt as whoever must answer it is told: its kind, the kind's code, and what gave rise to it."""
    return f"{Doubt(finding.code).word}（{finding.code}）：{finding.text}"


def says_something(answer: str) -> bool:
    """Whether words answer a doubt: that it does not hold (不成立) is none without a reason."""
    return bool(_BARE_DENIAL.sub("", answer))


_BARE_DENIAL: Final = re.compile(r"^\s*(?:疑点)?不成立|\W")


def _by_kind(found: Iterable[Finding]) -> Iterator[Finding]:
    kinds: dict[str, list[Finding]] = {}
    for finding in found:
        kinds.setdefault(finding.code, []).append(finding)
    for each in kinds.values():
        yield Finding(each[0].code, "；".join(one.text for one in each), each[0].dispelled_by)


def _doubts(dossier: Dossier) -> Iterator[Finding]:
    if dossier.count_total and (done := dossier.count_done or 0) < dossier.count_total:
        short = f"共 {dossier.count_total} 项，只完成 {done} 项"
        yield Finding(Doubt.COUNT_SHORT, short, "请完成其余各项，并登记已完成数")
    for exhibit in dossier.exhibits:
        if exhibit.also_in:
            codes = "、".join(exhibit.also_in)
            yield Finding(
                Doubt.SAME_FILE, f"材料“{exhibit.name}”在任务 {codes} 中也用过", "请换成本任务自己的材料"
            )
    yield from _similar(dossier)
    if dossier.issued_on:
        for exhibit in dossier.exhibits:
            if exhibit.own_date and exhibit.own_date < dossier.issued_on:
                yield Finding(
                    Doubt.DATED_BEFORE_ISSUE,
                    f"材料“{exhibit.name}”的日期 {exhibit.own_date} 早于任务下达日 {dossier.issued_on}",
                    "请补充下达以后形成的材料",
                )
    if dossier.exhibits and all(exhibit.is_notice_like for exhibit in dossier.exhibits):
        yield Finding(
            Doubt.NOTICES_ONLY,
            "材料只有会议、通知一类，看不出整改结果",
            "请补充看得出结果的材料，如案卷、照片、台账",
        )
    last = dossier.last_submitted_on
    if last and dossier.exhibits and all(exhibit.added_on <= last for exhibit in dossier.exhibits):
        yield Finding(Doubt.NOTHING_NEW, f"自上次申请（{last}）以来没有新的材料", "请补充退回以后形成的材料")


def _similar(dossier: Dossier) -> Iterator[Finding]:
    statement = folded(dossier.statement)
    if not statement:
        return
    texts = [folded(text) for _, text in dossier.others]
    found = process.extract(statement, texts, scorer=fuzz.ratio, score_cutoff=SIMILAR, limit=3)
    codes = list(dict.fromkeys(dossier.others[index][0] for _, _, index in found))
    if codes:
        yield Finding(
            Doubt.SIMILAR_STATEMENT,
            f"情况说明与任务 {'、'.join(codes)} 的几乎一样",
            "请写明本任务自己做了什么、结果怎样",
        )
