"""更正: what was entered wrongly is put right. A correction is no extension and is never counted as one.

The first date a task was issued with stays (`original_due_on`) even where it was a slip: the correction stands beside
it in the history, with the paper the right date is in (docs/decisions/0010). Drafts are edited (drafts.py), not
corrected.
"""

from datetime import date

from models.enums import Verb
from rectification.casework.moving import task_verb
from rectification.casework.rewriting import Correction, has_changed, rewrite
from rectification.casework.task_in_hand import Case
from rectification.task.interest import interest_in
from rectification.task.lifecycle import RUNNING


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
