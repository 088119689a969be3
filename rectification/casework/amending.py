"""更正办理记录: the day, number or minutes of the paper a step was recorded from are put right; what follows moves along.

The steps before and after are looked at again: the right day lies between theirs, and whoever signed could sign then.
"""

from datetime import date
from typing import Any, Final

from core.errors import Forbidden
from core.text import is_number, tidied
from models.enums import TimeLimit, Verb
from models.history import TaskEvent
from models.organisation import Person
from models.task import ClosureStep, Evidence, LookBack
from rectification.casework.closing import last_day_of_publicity
from rectification.casework.moving import MAX_NUMBER, task_verb
from rectification.casework.task_in_hand import Case
from rectification.casework.undoing import MODELS, must_be_theirs, step_of
from rectification.labels import verb_label
from rectification.office.actors import actor_of
from rectification.office.calendar import load_calendar
from rectification.task.access import parts_in
from rectification.task.deadlines import limit_to_date
from rectification.task.history import events_of
from rectification.task.lifecycle import TRANSITIONS
from rectification.task.standing import AMENDED, AMENDED_DAY, amended_days, is_move, standing
from rectification.task.time_limits import day_text

_OWN_DAYS: Final = ("issued_on", "submitted_on", "closed_on")
_DAYS: Final = (
    *("signed_on", "paper_date", "asked_on", "decided_on", "concluded_on"),
    *("checked_on", "reported_on", "done_on", "confirmed_on"),
)
"""The columns that hold the day of the step they were written in: the task's, and of what hangs on it."""
_NUMBERS: Final = {"paper_no": "档号", "archive_no": "档号", "minutes_no": "会议纪要号"}
_RESUMING: Final = frozenset({Verb.RETURN, Verb.OBJECT, Verb.REOPEN})
_REDATING: Final = frozenset({Verb.REDATE, Verb.GRANT_EXTENSION, Verb.MAKE_LONG_TERM})


@task_verb(Verb.AMEND)
def amend(
    case: Case,
    reason: str,
    sequence: int,
    *,
    dated: date | None = None,
    number: str = "",
    minutes_no: str = "",
) -> str:
    """更正办理记录: the paper of the step with this number is of another day, or has another number.

    Of a piece of evidence it is the archive number and the material's own date.

    Raises: Forbidden, Refused, where nothing changes, the step had no paper, or the day does not fit the others.
    """
    event, number = step_of(case, sequence), tidied(number)
    must_be_theirs(case, event)
    if len(number) > MAX_NUMBER:
        raise case.refuse(f"纸质档号超过 {MAX_NUMBER} 字", "请核对档号")
    if number and not is_number(number):
        raise case.refuse(f"“{number}”不像文号或档号", "请照文件写明编号")
    told = [] if dated is None else [_amend_day(case, event, dated)]
    new = {"paper_no": number, "archive_no": number, "minutes_no": tidied(minutes_no)}
    told += _amend_numbers(case, event, new)
    if not told:
        raise case.refuse("没有变化", "请写明正确的日期、档号或纪要号")
    case.notes[AMENDED] = (event.sequence, None)
    label = verb_label(event.verb, case.task.kind)
    return "\n".join((f"更正第 {event.sequence} 条“{label}”：{case.words}", *dict.fromkeys(told)))


def _amend_numbers(case: Case, event: TaskEvent, new: dict[str, str]) -> list[str]:
    told = []
    for row in _rows_of(case, event):
        for name, label in _NUMBERS.items() if isinstance(row, ClosureStep | Evidence) else ():
            old = getattr(row, name, None)
            if old and new[name] and new[name] != old:
                setattr(case.rows.alter(row), name, new[name])
                told.append(f"{label}：{old} → {new[name]}")
    return told


def _amend_day(case: Case, event: TaskEvent, day: date) -> str:
    """Put the step on its right day; returns from which to which."""
    steps = events_of(case.session, case.task.id)
    if event.verb is not Verb.EVIDENCE and event.paper_date is None:
        raise case.refuse("这一步不是按纸面登记的，以办理当天为准", "确属误办的，请“撤销误办”后重新办理")
    if day > case.clock.today:
        raise case.refuse(f"纸面日期 {day} 在今天之后", "请核对日期")
    rows = _rows_of(case, event)
    if event.verb is Verb.EVIDENCE:
        old = rows[0].own_date or event.effective_on
        case.rows.alter(rows[0]).own_date = day
        return f"材料日期：{day_text(old)} → {day_text(day)}"
    old = amended_days(steps).get(event.sequence, event.effective_on)
    if day == old:
        raise case.refuse("日期没有变化", "请写明正确的日期")
    _must_fit(case, event, steps, day)
    _must_have_been_theirs(case, event, old, day)
    for row in rows:
        is_unplanned = isinstance(row, LookBack) and row.drawn_on == row.due_on
        names = (*_DAYS, "drawn_on", "due_on") if is_unplanned else _DAYS
        for name in ("own_date",) if isinstance(row, Evidence) else names:
            if getattr(row, name, None) == old:
                setattr(case.rows.alter(row), name, day)
    later = [each for each in standing(steps) if each.sequence > event.sequence]
    last = {name for name in event.changes if not any(name in each.changes for each in later)}
    for name in last & set(_OWN_DAYS):
        if getattr(case.task, name) == old:
            setattr(case.task, name, day)
    _derive(case, event, last, old, day)
    case.notes[AMENDED_DAY] = (old, day)
    return f"日期：{day_text(old)} → {day_text(day)}"


def _must_fit(case: Case, event: TaskEvent, steps: list[TaskEvent], day: date) -> None:
    """The day lies between those of the steps before and after, and on the right side of the deadline."""
    days, moves = amended_days(steps), [each for each in standing(steps) if is_move(each)]
    before = [each for each in moves if each.sequence < event.sequence]
    after = [each for each in moves if each.sequence > event.sequence]
    for each, is_after in (*((step, False) for step in before[-1:]), *((step, True) for step in after[:1])):
        its_day = days.get(each.sequence, each.effective_on)
        if day > its_day if is_after else day < its_day:
            label = verb_label(each.verb, case.task.kind)
            raise case.refuse(
                f"{day} {'晚' if is_after else '早'}于第 {each.sequence} 条“{label}”的日期 {its_day}",
                f"请核对；第 {each.sequence} 条的日期也登记错了的，请先更正它",
            )
    if event.verb is Verb.SUBMIT and any(each.verb in _RESUMING for each in after):
        raise case.refuse("申请之后已经退回过，等待的天数按原日期补给了时限", "请撤销退回和申请后重新登记")
    deadline = event.changes.get("deadline_on", (None,))[0]
    if event.verb is Verb.REDATE and deadline and day <= date.fromisoformat(deadline):
        raise case.refuse(f"{day} 时限 {deadline} 还没有过", "请撤销重定时限，按延期办理")


def _must_have_been_theirs(case: Case, event: TaskEvent, old: date, day: date) -> None:
    """Who could sign on the day that was entered could on the right day."""
    person = case.session.get_one(Person, event.actor_id)
    could, can = (
        parts_in(case.session, actor_of(case.session, person, today=each), case.task)
        & TRANSITIONS[event.verb].by
        for each in (old, day)
    )
    if could and not can:
        raise Forbidden(
            f"{person.name}{day}不能办理“{verb_label(event.verb, case.task.kind)}”",
            "那一天没有相应的角色，也不在代理期内",
            "请核对日期和办理人",
        )


def _derive(case: Case, event: TaskEvent, last: set[str], old: date, day: date) -> None:
    """What was counted from the day is counted anew; what a later step set anew (not in `last`) stands."""
    task, told = case.task, event.changes.get("deadline_on", (None,))[0]
    deadline = date.fromisoformat(told) if told else task.deadline_on
    late, was_late = (max((each - deadline).days, 0) if deadline else 0 for each in (day, old))
    if event.verb is Verb.SUBMIT and "submitted_on" in last:
        task.days_overdue_at_submission = 0 if task.time_limit is TimeLimit.LONG_TERM else late
    elif event.verb in _REDATING:
        task.days_overdue_at_redating += late - was_late
    elif event.verb in _RESUMING and "paused_days" in last:
        task.paused_days = max(task.paused_days + (day - old).days, 0)
    elif event.verb in _RESUMING and "next_checkpoint_on" in last and task.next_checkpoint_on:
        task.next_checkpoint_on += day - old
    elif event.verb is Verb.APPROVE and (closure := case.closing):
        if closure.publicise_until is not None and task.waiting_since is not None:
            since = max(day, task.waiting_since)
            case.rows.alter(closure).publicise_until = last_day_of_publicity(case, since)
    elif event.verb is Verb.ISSUE and task.limit_days and task.limit_unit and "due_on" in last:
        task.due_on = limit_to_date(day, task.limit_days, task.limit_unit, load_calendar(case.session))


def _rows_of(case: Case, event: TaskEvent) -> list[Any]:
    """The rows a step made or changed that are still there."""
    keys = (key.partition(":")[::2] for key in event.changes if ":" in key)
    found = (case.session.get(MODELS[table], int(number)) for table, number in keys)
    return [row for row in found if row is not None]
