"""Changing what a task says: the one way its words and facts change, for drafts (drafts.py) and for corrections (更正).

A correction is no extension and is never counted as one. The first date a task was issued with stays
(`original_due_on`) even where it was a slip: the correction stands beside it in the history, with the paper the right
date is in (docs/decisions/0010).
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from core.text import one_line, tidied
from models.enums import ApprovalLevel, ItemKind, Verb
from models.report import Source
from rectification.casework.moving import task_verb
from rectification.casework.task_in_hand import Case
from rectification.office.chain import values
from rectification.task.interest import interest_in
from rectification.task.lifecycle import RUNNING

_TEXTS: Final = {
    "title": "任务名称",
    "text": "具体问题",
    "cause": "产生原因",
    "category": "问题类别",
    "goal": "整改目标",
    "remark": "备注",
}
_LENGTHS: Final = {"title": 200, "category": 200}
_FACTS: Final = (
    *("source_id", "count_total", "is_recurring", "is_restricted", "is_publicity_required"),
    "approval_level",
)


@dataclass(frozen=True, slots=True)
class Correction:
    """What should stand; None leaves it. `kind` can be changed on drafts alone."""

    title: str | None = None
    text: str | None = None
    cause: str | None = None
    category: str | None = None
    goal: str | None = None
    remark: str | None = None
    kind: ItemKind | None = None
    source_id: int | None = None
    due_on: date | None = None
    count_total: int | None = None
    is_recurring: bool | None = None
    is_restricted: bool | None = None
    is_publicity_required: bool | None = None
    approval_level: ApprovalLevel | None = None


def rewrite(case: Case, correction: Correction) -> list[str]:
    """Put texts and facts (not the date, nor the kind) as `correction` says; returns the old and new words told.

    Raises: Refused.
    """
    told = []
    for name, label in _TEXTS.items():
        wanted = getattr(correction, name)
        if wanted is None:
            continue
        new, old = tidied(wanted)[: _LENGTHS.get(name)], getattr(case.task, name)
        if name == "title":
            new = one_line(new)
        if not new and name in ("title", "text"):
            raise case.refuse(f"{label}不能为空", f"请写明{label}")
        if new != old:
            setattr(case.task, name, new)
            told.append(f"{label}：{old or '（空）'} → {new or '（空）'}")
    _set_facts(case, correction)
    return told


def _set_facts(case: Case, correction: Correction) -> None:
    task = case.task
    if correction.source_id is not None:
        source = case.session.get(Source, correction.source_id)
        if source is None or source.bureau_id != task.bureau_id or source.withdrawn_on is not None:
            raise case.refuse("没有这个问题来源", "请从来源清单中选择")
    if correction.count_total is not None and correction.count_total < (task.count_done or 0):
        raise case.refuse(f"总数 {correction.count_total} 少于已完成的 {task.count_done}", "请核对")
    for name in _FACTS:
        if (wanted := getattr(correction, name)) is not None:
            setattr(task, name, wanted)
    if correction.is_recurring is False:
        task.recurs_of_id = None
    if task.count_total is not None and task.count_done is None:
        task.count_done = 0


def has_changed(case: Case) -> bool:
    """Whether any recorded column is not what it was."""
    return values(case.task) != case.before


def kind_words(old: ItemKind, new: ItemKind) -> str:
    """How a change of kind is told."""
    return f"种类：{old.word} → {new.word}"


@task_verb(Verb.CORRECT)
def correct(case: Case, reason: str, correction: Correction) -> str:
    """更正: put right what was entered wrongly; old and new stand in the history.

    A date is corrected from a paper only (its number goes on record), never by the task's own officer, and not once
    the task is submitted.

    Raises: Refused, where nothing changes, or a date lacks its paper.
    """
    if correction.kind is not None and correction.kind is not case.task.kind:
        raise case.refuse("已下达的任务不能改变种类", "请“撤销误办”到草稿后修改，或终止后另行登记")
    told = rewrite(case, correction)
    if correction.due_on is not None:
        _correct_date(case, correction.due_on)
    if not told and not has_changed(case):
        raise case.refuse("没有变化", "请写明更正后的内容")
    return "\n".join((case.words, *told))


def _correct_date(case: Case, day: date) -> None:
    task, paper = case.task, case.acting.paper
    if task.status not in RUNNING or task.due_on is None:
        raise case.refuse("只有办理中、有整改时限的任务可以更正时限")
    if paper is None or not (paper.number.strip() or paper.scan):
        raise case.refuse(
            "更正时限须有依据", "请写明载有正确日期的文件编号", command="--paper-date、--paper-no"
        )
    if interest_in(case.session, task).owns(case.acting.actor):
        raise case.refuse(f"{case.acting.actor.name}是本任务现任或原责任人", "请由另一位台账管理员更正时限")
    task.due_on = day
    task.limit_days = task.limit_unit = None
