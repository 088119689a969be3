"""What the table's needs mean: one check for each, named in TRANSITIONS and called nowhere else.

Most are looked at before a verb changes anything; those in AFTER speak of what the verb leaves behind.
"""

from collections.abc import Callable
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.text import folded, is_number, says_something, shortened
from models.enums import ApprovalLevel, ItemKind, Role, TimeLimit, Verb
from models.organisation import Person
from models.task import Extension, RectificationTask
from rectification.casework.assignment import assignment, judges_free
from rectification.casework.task_in_hand import Case
from rectification.office.people import in_office, roles_of
from rectification.roles_in_task import Part
from rectification.task.deadlines import next_checkpoint
from rectification.task.doubts import Doubt, doubt_words
from rectification.task.interest import interest_in
from rectification.task.lifecycle import Need, approval_level, heads_stage
from rectification.task.proof import Block, unproven
from rectification.task.proof_facts import dossier_of
from rectification.task.time_limits import day_text
from rectification.verb_forms import words_label

Check = Callable[[Case], None]


def check_before(case: Case, needs: tuple[Need, ...]) -> None:
    """Raises: Refused, for the first need that is not met as the case is opened."""
    for need in needs:
        if need in BEFORE:
            BEFORE[need](case)


def check_after(case: Case, needs: tuple[Need, ...]) -> None:
    """Raises: Refused, for the first need that what the verb left behind does not meet."""
    for need in needs:
        if need in AFTER:
            AFTER[need](case)


def _words(case: Case) -> None:
    what = words_label(case.verb)
    if not case.words:
        raise case.refuse(f"没有写{what}", f"请写明{what}")
    if case.verb is not Verb.INSTRUCT and not says_something(case.words):  # a leader's “阅” is an instruction
        raise case.refuse(f"{what}“{shortened(case.words, 20)}”没有内容", f"请用几个字写明{what}")


def _new_date(case: Case) -> None:
    day = case.given.new_on or (case.extension.due_wanted if case.extension else None)
    if day is None:
        raise case.refuse("没有写明新的日期", "请写明具体日期，如 2026-09-30")
    if day <= case.day:
        raise case.refuse(f"新的日期 {day} 不在今天之后", "请改为以后的日期")
    _not_far(case, day)
    current = case.task.deadline_on
    if case.verb in _LATER and current is not None and day <= current:
        raise case.refuse(f"新的日期 {day} 不晚于现在的时限 {current}", "请改为更晚的日期")


_FURTHEST: Final = 10
"""Years."""


def _not_far(case: Case, day: date) -> None:
    """A mistyped year would take a task out of every list of what is due, and nobody would miss it."""
    if day.year > case.day.year + _FURTHEST:
        raise case.refuse(f"{day_text(day)}在{_FURTHEST}年以后", "请核对年份；要一直做下去的，请选“长期坚持”")


_LATER: Final = frozenset({Verb.REQUEST_EXTENSION, Verb.GRANT_EXTENSION, Verb.REDATE})


def _dated(case: Case) -> None:
    if case.task.time_limit is TimeLimit.LONG_TERM or case.task.due_on is None:
        raise case.refuse("长期坚持的任务没有整改时限，只有检查节点", "请由台账管理员登记检查结论和下一节点")


def _long_term(case: Case) -> None:
    if case.task.time_limit is not TimeLimit.LONG_TERM:
        raise case.refuse("只有长期坚持的任务才有检查节点", "限期任务请报进展，或到期前申请延期")


def _not_long_term(case: Case) -> None:
    if case.task.time_limit is TimeLimit.LONG_TERM:
        raise case.refuse("它已经是长期坚持的任务", "请登记检查节点")


def _not_overdue(case: Case) -> None:
    if case.overdue_days:
        raise case.refuse(
            f"时限 {case.task.deadline_on} 已过 {case.overdue_days} 天，延期须在到期前申请",
            "请“申请重定时限”，由审签人重定时限",
        )


def _overdue(case: Case) -> None:
    case.extension = pending_extension(case.session, case.task)
    if not case.overdue_days:
        raise case.refuse(f"时限 {case.task.deadline_on} 还没有过", "请由责任人申请延期")


def pending_extension(session: Session, task: RectificationTask) -> Extension | None:
    """The request for an extension that nobody has decided yet."""
    return session.scalar(select(Extension).where(Extension.task_id == task.id, Extension.decision.is_(None)))


def _pending_extension(case: Case) -> None:
    case.extension = pending_extension(case.session, case.task)
    if case.extension is None:
        raise case.refuse("没有待批的延期申请", "请先由责任人申请延期")


def _no_pending_extension(case: Case) -> None:
    if pending_extension(case.session, case.task) is not None:
        raise case.refuse("已有一份延期申请待批", "请等审签人批复")


def _asked_in_time(case: Case) -> None:
    if case.extension is not None and case.extension.is_late:
        raise case.refuse("这是超期以后申请的，不能作延期", "请“重定时限”，或“不同意延期”")


def _proven(case: Case) -> None:
    """What is missing is told all at once. Who judges must ask a plan, or what was submitted before, for evidence alone."""
    waived: set[Block] = set()
    if case.verb is not Verb.SUBMIT and not case.must_be_defended:
        waived = set(Block) - {Block.NO_EVIDENCE}
    elif case.verb is not Verb.SUBMIT or says_something(case.given.count_reason):
        waived = {Block.COUNT_SHORT}  # as a doubt it is answered
    found = unproven(dossier_of(case.session, case.task, case.day))
    if missing := [(each.text, each.dispelled_by) for each in found if each.code not in waived]:
        raise case.refuse(*map("；".join, zip(*missing, strict=True)))


def _answered(case: Case) -> None:
    given, raised = case.given.answers, "、".join(each.code for each in case.doubts) or "没有"
    if unknown := [code for code in given if code not in set(Doubt)]:
        raise case.refuse(f"没有“{unknown[0]}”这种疑点", f"现有的疑点：{raised}", command="rectify task show")
    said = [folded(given.get(each.code, "")) for each in case.doubts]
    silent = [each for each in case.doubts if not given.get(each.code)]
    empty = [each for each in case.doubts if given.get(each.code) and not says_something(given[each.code])]
    same = [each for each, words in zip(case.doubts, said, strict=True) if words and said.count(words) > 1]
    why = [
        f"{len(found)} 处疑点{wrong}：{'；'.join(map(doubt_words, found))}"
        for found, wrong in ((silent, "没有答复"), (empty, "的答复没有写理由"), (same, "的答复一字不差"))
        if found
    ]
    if not case.must_be_defended:
        return
    told = [(each["code"], each["text"]) for each in case.closing.warnings] if case.closing else []
    since = [each for each in case.doubts if (each.code, each.text) not in told]
    if since and case.verb is Verb.APPROVE:
        raise case.refuse(
            f"复核以后又有 {len(since)} 处疑点，复核人还没有答复：{'；'.join(map(doubt_words, since))}",
            "请复核人“撤销误办”复核的一步，逐条答复后再“复核通过”；或退回整改",
            command="rectify task undo",
        )
    if why:
        raise case.refuse(
            f"还有 {'；'.join(why)}",
            "请逐条写明核实的情况，认为不成立的写“不成立”和理由",
            command=" ".join(f"--answer {each.code}=…" for each in (*silent, *empty, *same)),
        )


def _heads_stage(case: Case) -> None:
    task = case.task
    heads = in_office(case.day, Role.UNIT_HEAD).where(Person.unit_id == task.lead_unit_id)
    part = heads_stage(is_heads_own=task.officer_id in set(case.session.scalars(heads)))
    if part not in case.parts:
        whose = "责任人就是科室负责人" if part is Part.LEADER else "这一步是科室负责人的"
        raise case.refuse(whose, f"请{part.word}审核")


def _head_confirmed(case: Case) -> None:
    if case.policy.requires_unit_head and not case.task.is_confirmed:
        raise case.refuse("科室负责人还没有审核", "请科室负责人先“科室审核同意”")


def _disinterested(case: Case) -> None:
    if interest_in(case.session, case.task).binds(case.acting.actor):
        raise case.refuse(
            f"{case.acting.actor.name}与本任务有关（现任或原责任人、参与人、措施承担人、材料上传人或其科室负责人）",
            "请由台账管理员转办给无关人员",
        )


def _not_owner(case: Case) -> None:
    if interest_in(case.session, case.task).owns(case.acting.actor):
        raise case.refuse(f"{case.acting.actor.name}是本任务现任或原责任人", "请由另一位台账管理员办理")


def _outside_lead_unit(case: Case) -> None:
    if case.acting.actor.unit_id == case.task.lead_unit_id and not says_something(case.given.override):
        raise case.refuse(
            f"复核人“{case.acting.actor.name}”就在责任单位",
            "请由科室以外的人员复核；确需本人复核的，须写明理由并留痕",
        )


def _signed_paper(case: Case) -> None:
    paper = case.acting.paper
    if case.is_recorded and (paper is None or not (paper.number.strip() or paper.scan)):
        raise case.refuse(
            "代录这一步须有签批件",
            "请写明签批日期和纸质档号，或上传扫描件",
            command="--paper-date、--paper-no",
        )


def _minutes_numbered(case: Case) -> None:
    number = case.given.minutes_no.strip()
    if number and not is_number(number):
        raise case.refuse(f"“{number[:30]}”不像会议纪要号", "请照纪要写明编号，例如 局长办公会〔2026〕6号")


def _approval_level(case: Case) -> None:
    if case.given.minutes_no.strip():
        return
    level = approval_level(case.task)
    if level is ApprovalLevel.MEETING:
        raise case.refuse("本任务须经会议审定", "请写明会议纪要编号")
    if level is ApprovalLevel.CHIEF and not case.acting.actor.has(Role.CHIEF):
        raise case.refuse(
            "本任务须由主要负责人审签（反复出现、挂牌督办或下达时指定）",
            "请主要负责人审签，或写明会议纪要编号",
        )


def _chief_decides(case: Case) -> None:
    if approval_level(case.task) is ApprovalLevel.CHIEF and not case.acting.actor.has(Role.CHIEF):
        raise case.refuse("本任务须由主要负责人审签，这一步也由主要负责人办理", "请主要负责人审批")


def _signer(case: Case) -> None:
    """Whoever is chosen to sign can; where the level is chosen, there is somebody who can."""
    task = case.task
    if approval_level(task) is not ApprovalLevel.CHIEF:
        return
    approver = case.session.get(Person, task.approver_id) if task.approver_id else None
    if approver is not None and Role.CHIEF in roles_of(case.session, approver.id):
        return
    if approver is not None and (case.verb is Verb.ISSUE or case.before["approver_id"] != approver.id):
        raise case.refuse(
            f"本任务须由主要负责人审签（反复出现、挂牌督办或下达时指定），审签人“{approver.name}”不是主要负责人",
            "请把审签人改为主要负责人",
        )
    if all(
        case.before[name] == getattr(task, name)
        for name in ("is_supervised", "is_recurring", "approval_level")
    ):
        return
    chiefs = in_office(case.day, Role.CHIEF).where(Person.bureau_id == task.bureau_id)
    if case.session.scalar(chiefs.limit(1)) is None:
        raise case.refuse(
            "此后须由主要负责人审签，而本单位没有在岗的主要负责人", "请先在人员中登记主要负责人"
        )


def _publicity_over(case: Case) -> None:
    until: date | None = case.closing.publicise_until if case.closing else None
    if until is None or case.day <= until:
        raise case.refuse(f"公示到 {until}，还没有期满", "请在期满后的第一天起办理")


def _carries_on(case: Case) -> None:
    task = case.task
    if task.time_limit is TimeLimit.LONG_TERM:
        return
    if task.kind is not ItemKind.PLAN:
        raise case.refuse("只有长期坚持的任务和工作任务可以", "限期整改的任务请申请延期")
    _not_overdue(case)


def _officer_named(case: Case) -> None:
    if case.task.officer_id is None:
        raise case.refuse("还没有责任人", "请科室负责人签收时指定责任人")


def _measures_proposed(case: Case) -> None:
    if case.policy.requires_measures and not dossier_of(case.session, case.task, case.day).measures:
        raise case.refuse("还没有整改措施", "请签收时写明至少一条措施")


def _time_limit(case: Case) -> None:
    task = case.task
    day = task.next_checkpoint_on if task.time_limit is TimeLimit.LONG_TERM else task.due_on
    if day is None:
        raise case.refuse("没有整改时限", "请写明日期，或几个工作日内完成")
    if day < case.day:
        raise case.refuse(f"时限 {day} 已经过去", "请改为今天或以后的日期")
    _not_far(case, day)


def _checkpoint_near(case: Case) -> None:
    if case.task.time_limit is not TimeLimit.LONG_TERM or case.task.next_checkpoint_on is None:
        return
    last = next_checkpoint(case.day, case.policy.checkpoint_months)
    if case.task.next_checkpoint_on > last:
        raise case.refuse(f"下一检查节点 {case.task.next_checkpoint_on} 太远", f"最晚可定在 {last}")


BEFORE: Final[dict[Need, Check]] = {
    Need.REASON: _words,
    Need.TEXT: _words,
    Need.NEW_DATE: _new_date,
    Need.DATED: _dated,
    Need.LONG_TERM: _long_term,
    Need.NOT_LONG_TERM: _not_long_term,
    Need.NOT_OVERDUE: _not_overdue,
    Need.OVERDUE: _overdue,
    Need.PENDING_EXTENSION: _pending_extension,
    Need.NO_PENDING_EXTENSION: _no_pending_extension,
    Need.ASKED_IN_TIME: _asked_in_time,
    Need.PROVEN: _proven,
    Need.ANSWERED: _answered,
    Need.HEADS_STAGE: _heads_stage,
    Need.HEAD_CONFIRMED: _head_confirmed,
    Need.DISINTERESTED: _disinterested,
    Need.NOT_OWNER: _not_owner,
    Need.OUTSIDE_LEAD_UNIT: _outside_lead_unit,
    Need.SIGNED_PAPER: _signed_paper,
    Need.MINUTES_NUMBERED: _minutes_numbered,
    Need.APPROVAL_LEVEL: _approval_level,
    Need.CHIEF_DECIDES: _chief_decides,
    Need.PUBLICITY_OVER: _publicity_over,
    Need.CARRIES_ON: _carries_on,
}
AFTER: Final[dict[Need, Check]] = {
    Need.ASSIGNMENT: assignment,
    Need.SIGNER: _signer,
    Need.JUDGES_FREE: judges_free,
    Need.TIME_LIMIT: _time_limit,
    Need.CHECKPOINT_NEAR: _checkpoint_near,
    Need.OFFICER_NAMED: _officer_named,
    Need.MEASURES_PROPOSED: _measures_proposed,
}
