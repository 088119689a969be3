"""更正: what was entered wrongly is put right. A correction is no extension and is never counted as one.

The first date a task was issued with stays (`original_due_on`) even where it was a slip: the correction stands beside
it in the history, with the paper the right date is in (docs/decisions/0010).
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from core.clock import Clock
from models.enums import ItemKind, Status, Verb
from models.report import Source
from models.task import RectificationTask
from rectification.actors import Acting
from rectification.casework.case import Case, Given, tidied
from rectification.casework.moving import close_case, open_case
from rectification.interest import interest_in
from rectification.lifecycle import RUNNING

_TEXTS: Final = {
    "title": "标题",
    "text": "具体问题",
    "cause": "产生原因",
    "category": "问题类别",
    "goal": "整改目标",
    "remark": "备注",
}
_LENGTHS: Final = {"title": 200, "category": 200}


@dataclass(frozen=True, slots=True)
class Correction:
    """What should stand; None leaves it. `kind` can be corrected on drafts alone."""

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


def correct(
    session: Session,
    clock: Clock,
    acting: Acting,
    code: str,
    reason: str,
    correction: Correction,
    *,
    seen_version: int | None = None,
) -> RectificationTask:
    """更正: put right what was entered wrongly; old and new stand in the history.

    A date is corrected from a paper only (its number goes on record), never by the task's own officer, and not once
    the task is submitted.

    Raises: Refused, where nothing changes, or a date lacks its paper.
    """
    case = open_case(session, clock, acting, code, Verb.CORRECT, Given(reason), seen_version=seen_version)
    words = [case.words, *_correct_texts(case, correction)]
    _correct_facts(case, correction)
    if correction.due_on is not None:
        _correct_date(case, correction.due_on)
    changed = any(getattr(case.task, name) != old for name, old in case.before.items())
    if len(words) == 1 and not changed:
        raise case.refuse("没有变化", "请写明更正后的内容")
    return close_case(case, "\n".join(words))


def _correct_texts(case: Case, correction: Correction) -> list[str]:
    told = []
    for name, label in _TEXTS.items():
        wanted = getattr(correction, name)
        if wanted is None:
            continue
        new, old = tidied(wanted)[: _LENGTHS.get(name)], getattr(case.task, name)
        if name == "title":
            new = " ".join(new.split())
        if not new and name in ("title", "text"):
            raise case.refuse(f"{label}不能为空", f"请写明{label}")
        if new != old:
            setattr(case.task, name, new)
            told.append(f"{label}：{old or '（空）'} → {new or '（空）'}")
    return told


_FACTS: Final = ("kind", "source_id", "count_total", "is_recurring", "is_restricted", "is_publicity_required")


def _correct_facts(case: Case, correction: Correction) -> None:
    task = case.task
    if correction.kind is not None and task.status is not Status.DRAFT:
        raise case.refuse("已下达的任务不能改变种类", "请终止后另行登记")
    if correction.source_id is not None:
        source = case.session.get(Source, correction.source_id)
        if source is None or source.bureau_id != task.bureau_id:
            raise case.refuse("没有这个问题来源", "请从来源清单中选择")
    if correction.count_total is not None and correction.count_total < (task.count_done or 0):
        raise case.refuse(f"总数 {correction.count_total} 少于已完成的 {task.count_done}", "请核对")
    for name in _FACTS:
        if (wanted := getattr(correction, name)) is not None:
            setattr(task, name, wanted)
    if task.count_total is not None and task.count_done is None:
        task.count_done = 0


def _correct_date(case: Case, day: date) -> None:
    task, paper = case.task, case.acting.paper
    if task.status is Status.DRAFT:
        task.due_on = day
        return
    if task.status not in RUNNING or task.due_on is None:
        raise case.refuse("只有办理中、有整改时限的任务可以更正时限")
    if paper is None or not (paper.number.strip() or paper.scan):
        raise case.refuse("更正时限须有依据", "请写明载有正确日期的文件编号（--paper-date、--paper-no）")
    if interest_in(case.session, task).owns(case.acting.actor):
        raise case.refuse(f"{case.acting.actor.name}是本任务现任或原责任人", "请由另一位台账管理员更正时限")
    task.due_on = day
    task.limit_days = task.limit_unit = None
