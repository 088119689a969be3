"""Is this closing real? Pure checks of what the file of a task holds (纸面销号: closed on paper only).

Blocks stop a closing somewhere on its way; doubts stop nothing, they are shown to the owner before submitting and to
the reviewer beside the evidence.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from rapidfuzz import fuzz, process

from core.text import folded, shortened

SIMILAR: Final = 90
_NOTICE: Final = re.compile(r"通知|会议|纪要|签到|方案|传达")


class Block(StrEnum):
    """Why a task cannot be closed as it stands."""

    NO_EVIDENCE = "no_evidence"
    OPEN_MEASURES = "open_measures"
    REVIEWER_INTERESTED = "reviewer_interested"
    REVIEWER_OF_LEAD_UNIT = "reviewer_of_lead_unit"
    APPROVER_INTERESTED = "approver_interested"


class Doubt(StrEnum):
    """What a reviewer should look at twice."""

    SAME_FILE = "same_file"
    SIMILAR_STATEMENT = "similar_statement"
    DATED_BEFORE_ISSUE = "dated_before_issue"
    NOTICES_ONLY = "notices_only"
    NOTHING_NEW = "nothing_new"


@dataclass(frozen=True, slots=True)
class Finding:
    """One block or doubt, with the sentence people read."""

    code: Block | Doubt
    text: str


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A piece of evidence. `also_in` are the codes of other tasks that hold the same file."""

    name: str
    added_on: date
    own_date: date | None = None
    is_notice: bool = False
    also_in: tuple[str, ...] = ()

    @property
    def is_notice_like(self) -> bool:
        """Whether it only shows that people met or were told."""
        return self.is_notice or bool(_NOTICE.search(self.name))


@dataclass(frozen=True, slots=True)
class BindingMeasure:
    """A measure that binds."""

    text: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class Dossier:
    """What the file of a task holds when its closing is judged.

    `last_submitted_on` is the submission of the round before; `others` are the statements of other closings by code.
    """

    issued_on: date | None
    exhibits: tuple[Exhibit, ...] = ()
    measures: tuple[BindingMeasure, ...] = ()
    count_total: int | None = None
    count_done: int | None = None
    reviewer: str = ""
    is_reviewer_interested: bool = False
    is_reviewer_of_lead_unit: bool = False
    approver: str = ""
    is_approver_interested: bool = False
    statement: str = ""
    last_submitted_on: date | None = None
    others: tuple[tuple[str, str], ...] = ()


def blocks(dossier: Dossier) -> tuple[Finding, ...]:
    """Everything that keeps the task from being closed as it stands."""
    return tuple(_blocks(dossier))


def doubts(dossier: Dossier) -> tuple[Finding, ...]:
    """Everything that looks like a closing on paper."""
    return tuple(_doubts(dossier))


def _blocks(dossier: Dossier) -> Iterator[Finding]:
    if not dossier.exhibits:
        yield Finding(Block.NO_EVIDENCE, "还没有佐证材料")
    unfinished = [step.text for step in dossier.measures if not step.is_done]
    if unfinished:
        yield Finding(
            Block.OPEN_MEASURES, f"还有 {len(unfinished)} 条措施没有完成，如“{shortened(unfinished[0], 20)}”"
        )
    if dossier.count_total and (dossier.count_done or 0) < dossier.count_total:
        yield Finding(
            Block.OPEN_MEASURES, f"共 {dossier.count_total} 项，只完成 {dossier.count_done or 0} 项"
        )
    if dossier.is_reviewer_interested:
        yield Finding(Block.REVIEWER_INTERESTED, f"复核人“{dossier.reviewer}”与本任务有关，不能复核")
    if dossier.is_reviewer_of_lead_unit:
        yield Finding(Block.REVIEWER_OF_LEAD_UNIT, f"复核人“{dossier.reviewer}”就在责任单位")
    if dossier.is_approver_interested:
        yield Finding(Block.APPROVER_INTERESTED, f"审签人“{dossier.approver}”与本任务有关，不能审签")


def _doubts(dossier: Dossier) -> Iterator[Finding]:
    for exhibit in dossier.exhibits:
        if exhibit.also_in:
            codes = "、".join(exhibit.also_in)
            yield Finding(Doubt.SAME_FILE, f"材料“{exhibit.name}”在任务 {codes} 中也用过")
    yield from _similar(dossier)
    if dossier.issued_on:
        for exhibit in dossier.exhibits:
            if exhibit.own_date and exhibit.own_date < dossier.issued_on:
                yield Finding(
                    Doubt.DATED_BEFORE_ISSUE,
                    f"材料“{exhibit.name}”的日期 {exhibit.own_date} 早于任务下达日 {dossier.issued_on}",
                )
    if dossier.exhibits and all(exhibit.is_notice_like for exhibit in dossier.exhibits):
        yield Finding(Doubt.NOTICES_ONLY, "材料只有会议、通知一类，看不出整改结果")
    last = dossier.last_submitted_on
    if last and dossier.exhibits and all(exhibit.added_on <= last for exhibit in dossier.exhibits):
        yield Finding(Doubt.NOTHING_NEW, f"自上次申请（{last}）以来没有新的材料")


def _similar(dossier: Dossier) -> Iterator[Finding]:
    statement = folded(dossier.statement)
    if not statement:
        return
    texts = [folded(text) for _, text in dossier.others]
    found = process.extract(statement, texts, scorer=fuzz.ratio, score_cutoff=SIMILAR, limit=3)
    codes = list(dict.fromkeys(dossier.others[index][0] for _, _, index in found))
    if codes:
        yield Finding(Doubt.SIMILAR_STATEMENT, f"情况说明与任务 {'、'.join(codes)} 的几乎一样")
