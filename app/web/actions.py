"""The actions of a task as forms: one row per verb, which pages draw and the door hands to casework."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final

from pydantic import Field as Limits
from sqlalchemy.orm import Session

from app.web.forms import Choice, Control, Form
from app.web.presenting import people_choices
from core.clock import Clock
from core.errors import NotFound
from models.enums import ApprovalLevel, DayUnit, Role, TimeLimit, UnitKind, Verb
from models.task import RectificationTask
from rectification import casework
from rectification.actors import Acting
from rectification.labels import APPROVAL_LEVEL, TIME_LIMIT
from rectification.lifecycle import Part, verbs_for
from rectification.organisation import list_units
from rectification.people import list_people
from rectification.queries import TaskRow


@dataclass(frozen=True, slots=True)
class Deed:
    """What every verb takes: where, when, who, which task, and the version the person was looking at."""

    session: Session
    clock: Clock
    acting: Acting
    code: str
    seen_version: int | None


LongText = Annotated[str, Limits(max_length=20_000)]


class IssueForm(Form):
    """Who is to do what by when."""

    title: Annotated[
        str, Limits(max_length=200), Control("任务名称", hint="邮件和列表只显示名称，不要写入敏感内容")
    ] = ""
    lead_unit_id: Annotated[int, Control("牵头科室", "select", choices="units")]
    officer_id: Annotated[
        int | None, Control("责任人", "select", "可以留空，由科室负责人签收时指定", "officers")
    ] = None
    leader_id: Annotated[int | None, Control("责任领导", "select", "留空则取科室的分管领导", "leaders")] = (
        None
    )
    reviewer_id: Annotated[int | None, Control("复核人", "select", "须在牵头科室以外", "reviewers")] = None
    approver_id: Annotated[int | None, Control("审签领导", "select", "留空则为责任领导", "approvers")] = None
    approval_level: Annotated[ApprovalLevel, Control("审签级别", "select", "", "approval_levels")] = (
        ApprovalLevel.LEADER
    )
    time_limit: Annotated[TimeLimit, Control("时限类型", "select", "", "time_limits")] = TimeLimit.DATED
    due_on: Annotated[date | None, Control("完成时限", "date", "限期整改填日期")] = None
    limit_days: Annotated[
        int | None,
        Limits(ge=1, le=400),
        Control("或：几个工作日内完成", "number", "立行立改常用；填了就不看上面的日期"),
    ] = None
    checkpoint_on: Annotated[date | None, Control("下一检查节点", "date", "长期坚持填；留空为本半年末")] = (
        None
    )
    goal: Annotated[LongText, Control("整改目标", "area", "做到什么程度算完成", rows=2)] = ""


class ArchiveForm(Form):
    reason: Annotated[LongText, Control("理由", "area", "可以不写；学习、思想类条目常用", rows=2)] = ""


class AcceptForm(Form):
    officer_id: Annotated[int | None, Control("责任人", "select", "已有责任人的可以不改", "own_officers")] = (
        None
    )


class ProgressForm(Form):
    text: Annotated[
        LongText, Control("整改进展", "area", "做了什么、取得什么效果；写给领导看的一段话", rows=6)
    ]
    late_reason: Annotated[LongText, Control("超期原因", "area", "已超期或预计要超期时写", rows=2)] = ""
    needs_decision: Annotated[
        LongText, Control("需提请协调事项", "area", "需要领导或上级协调的事；没有就留空", rows=2)
    ] = ""


def _issue(deed: Deed, form: IssueForm) -> RectificationTask:
    order = casework.IssueOrder(
        **form.model_dump(exclude={"limit_days"}), limit_days=form.limit_days, limit_unit=DayUnit.WORKING
    )
    return casework.issue(
        deed.session, deed.clock, deed.acting, deed.code, order, seen_version=deed.seen_version
    )


def _archive(deed: Deed, form: ArchiveForm) -> RectificationTask:
    return casework.archive(
        deed.session, deed.clock, deed.acting, deed.code, form.reason, seen_version=deed.seen_version
    )


def _accept(deed: Deed, form: AcceptForm) -> RectificationTask:
    return casework.accept(
        deed.session,
        deed.clock,
        deed.acting,
        deed.code,
        officer_id=form.officer_id,
        seen_version=deed.seen_version,
    )


def _progress(deed: Deed, form: ProgressForm) -> RectificationTask:
    return casework.progress(
        deed.session,
        deed.clock,
        deed.acting,
        deed.code,
        form.text,
        late_reason=form.late_reason,
        needs_decision=form.needs_decision,
        seen_version=deed.seen_version,
    )


def _nothing(row: TaskRow) -> dict[str, str]:
    del row
    return {}


@dataclass(frozen=True, slots=True)
class Action:
    """A verb's page: its form, what it means, and the call. `proposes` fills the form from the task."""

    form: type[Form]
    explains: str
    perform: Callable[[Deed, Any], RectificationTask]
    proposes: Callable[[TaskRow], Mapping[str, str]] = _nothing


def _proposed_issue(row: TaskRow) -> dict[str, str]:
    return {
        "title": row.title,
        "time_limit": row.time_limit.value,
        "due_on": row.due_on.isoformat() if row.due_on else "",
        "approval_level": ApprovalLevel.LEADER.value,
    }


ACTIONS: Final[dict[Verb, Action]] = {
    Verb.ISSUE: Action(IssueForm, "下达后通知牵头科室签收。", _issue, _proposed_issue),
    Verb.ARCHIVE: Action(ArchiveForm, "只留存，不跟踪，不催办。", _archive),
    Verb.ACCEPT: Action(AcceptForm, "签收后开始办理，按时限提醒。", _accept),
    Verb.PROGRESS: Action(ProgressForm, "写入办理记录，半年调度和汇报材料直接取用。", _progress),
}


def possible(row: TaskRow, parts: frozenset[Part]) -> tuple[Verb, ...]:
    """What these parts may do now and a page exists for."""
    return tuple(verb for verb in verbs_for(row.status, parts) if verb in ACTIONS)


def slug(verb: Verb) -> str:
    """The verb as addresses write it."""
    return verb.value.replace("_", "-")


def verb_of(written: str) -> Verb:
    """The verb an address names.

    Raises: NotFound.
    """
    by_slug = {slug(verb): verb for verb in ACTIONS}
    if written not in by_slug:
        raise NotFound("没有这个操作", "", "请从任务页面上的按钮进入")
    return by_slug[written]


def choices_for(session: Session, bureau_id: int, unit: str | None) -> dict[str, Sequence[Choice]]:
    """What the selects of a bureau's forms offer; `unit` is the lead unit, where there is one."""
    people = list_people(session, bureau_id)
    return {
        "units": [
            Choice(str(each.id), each.name)
            for each in list_units(session)
            if each.bureau_id == bureau_id and each.is_active and each.kind is UnitKind.DEPARTMENT
        ],
        "officers": people_choices(people, Role.OFFICER),
        "own_officers": people_choices(people, Role.OFFICER, Role.UNIT_HEAD, unit=unit),
        "leaders": people_choices(people, Role.LEADER),
        "reviewers": people_choices(people, Role.REVIEWER),
        "approvers": people_choices(people, Role.LEADER, Role.CHIEF),
        "people": people_choices(people),
        "approval_levels": [Choice(each.value, label) for each, label in APPROVAL_LEVEL.items()],
        "time_limits": [Choice(each.value, label) for each, label in TIME_LIMIT.items()],
    }
