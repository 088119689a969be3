"""The one place where a task changes: permission, transition, needs, version, history.

A verb opens a case, alters the task's columns, and closes the case; the event is written from what really changed.
"""

import copy
import functools
import inspect
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Concatenate, Final, Generic, ParamSpec

from sqlalchemy.orm import Session

from core.clock import Clock
from core.errors import Conflict, Forbidden
from core.text import is_number, says_something, shortened, tidied
from models.enums import Channel, Role, Status, Verb
from models.organisation import Person
from models.task import Evidence, RectificationTask
from rectification.casework.needs import check_after, check_before
from rectification.casework.task_in_hand import Case, Given
from rectification.office.actors import Acting, Actor, on_papers_day, system
from rectification.office.chain import values
from rectification.roles_in_task import Part
from rectification.task import history
from rectification.task.access import must_be_by, parts_in, parts_then, seen_task
from rectification.task.deadlines import deadline
from rectification.task.interest import interest_in
from rectification.task.lifecycle import TRANSITIONS, next_status
from rectification.task.standing import last_move_on
from rectification.task.store_room import columns_of, must_fit

MAX_TEXT: Final = 20_000
MAX_NUMBER: Final = 200


P = ParamSpec("P")
_WORDS: Final = ("reason", "statement", "verdict", "text", "finding", "conclusion")
_DATES: Final = ("due_on", "checkpoint_on")


class TaskVerb(Generic[P]):
    """A verb of one task, called with `(session, clock, acting, code` and the fields of its VerbForm; returns the task.

    `act` does it to the opened case and may return the event's words, by default those given. `first` is called before
    the task is opened, to lock another one with it; `words` finds the words where no field of a usual name holds them.

    Raises: as `open_case` and `close_case`, and what `act` refuses.
    """

    def __init__(
        self,
        verb: Verb,
        act: Callable[Concatenate[Case, P], str | None],
        *,
        first: Callable[..., None] | None = None,
        words: Callable[[Mapping[str, Any]], str] | None = None,
    ) -> None:
        functools.update_wrapper(self, act)
        self.verb, self.act, self._first, self._words = verb, act, first, words
        self._fields = inspect.signature(act)
        self._seen_version: int | None = None

    def seen(self, version: int | None) -> "TaskVerb[P]":
        """The same verb of somebody who was looking at this version of the task."""
        same = copy.copy(self)
        same._seen_version = version
        return same

    def __call__(
        self, session: Session, clock: Clock, acting: Acting, code: str, /, *args: P.args, **kwargs: P.kwargs
    ) -> RectificationTask:
        given = self._given(self._fields.bind(None, *args, **kwargs).arguments)
        if self._first is not None:
            self._first(session, acting, code, *args, **kwargs)
        case = open_case(session, clock, acting, code, self.verb, given, seen_version=self._seen_version)
        return close_case(case, self.act(case, *args, **kwargs))

    def _given(self, fields: Mapping[str, Any]) -> Given:
        def first_of(*names: str) -> Any:
            return next((fields[name] for name in names if name in fields), None)

        return Given(
            words=(self._words(fields) if self._words else first_of(*_WORDS)) or "",
            new_on=first_of(*_DATES),
            override=first_of("override") or "",
            minutes_no=first_of("minutes_no") or "",
            count_reason=first_of("count_reason") or "",
            answers={code: tidied(words) for code, words in (first_of("answer") or {}).items()},
        )


def task_verb(
    verb: Verb,
    *,
    first: Callable[..., None] | None = None,
    words: Callable[[Mapping[str, Any]], str] | None = None,
) -> Callable[[Callable[Concatenate[Case, P], str | None]], TaskVerb[P]]:
    """Make what is done to an opened case a TaskVerb, and list it in VERBS."""

    def make(act: Callable[Concatenate[Case, P], str | None]) -> TaskVerb[P]:
        made = TaskVerb(verb, act, first=first, words=words)
        VERBS[verb] = made
        return made

    return make


VERBS: Final[dict[Verb, TaskVerb[...]]] = {}
"""Every verb that acts on one task by its code; hand_over and recompute act on many."""


def open_case(
    session: Session,
    clock: Clock,
    acting: Acting,
    code: str,
    verb: Verb,
    given: Given | None = None,
    *,
    seen_version: int | None = None,
) -> Case:
    """Load and lock a task for `verb`, and look at everything the table asks for.

    `seen_version` is the version the person was looking at.

    Raises: NotFound, Forbidden (not this person's to do), Conflict (not in this status, or changed meanwhile),
    Refused (a need is not met).
    """
    acting = on_papers_day(session, acting, clock.today)
    task = seen_task(session, _in_sight_of(acting), code, lock=True)
    parts = parts_in(session, acting.actor, task)
    if acting.paper is not None:
        parts |= parts_then(session, acting.actor, task, acting.paper.dated)
    case = Case(session, clock, acting, verb, task, parts, given or Given(), values(task))
    row = TRANSITIONS[verb]
    case.stands_in_for = lender(session, acting.actor, task, row.by)
    must_be_by(verb, parts, acting.actor.name, task)
    if seen_version is not None and seen_version != task.version:
        raise Conflict(f"任务 {code} 刚刚被别人改动过", "", "请刷新页面，看过办理记录后再办")
    next_status(task.status, verb, task.kind)
    _check_record(case)
    if len(case.words) > MAX_TEXT:
        raise case.refuse(f"文字超过 {MAX_TEXT} 字", "请精简，或作为佐证材料上传")
    check_before(case, row.needs)
    return case


def _in_sight_of(acting: Acting) -> Actor:
    """Whose sight of the ledger counts: the clerk's (the system's) who writes it down from paper, else that of who acts."""
    recorder, actor = acting.recorder, acting.actor
    if recorder is None and acting.paper and acting.channel is Channel.CLI:
        return system(actor.bureau_id, acting.channel).actor
    is_clerks = recorder and recorder.has(Role.CLERK) and recorder.bureau_id == actor.bureau_id
    return recorder if recorder and is_clerks else actor


def lender(session: Session, actor: Actor, task: RectificationTask, by: frozenset[Part]) -> int | None:
    """For whom a stand-in acts; None for who may do it in their own right."""
    able = (each.id for each in actor.apart if parts_in(session, each, task) & by)
    first = next(able, None)
    return None if first == actor.id else first


def close_case(case: Case, text: str | None = None) -> RectificationTask:
    """Move the task as the table says and note what changed.

    `text` are the event's words (by default those given with the verb).

    Raises: Refused, where what the verb leaves behind does not meet a need.
    """
    task = case.task
    old_status = task.status
    check_after(case, TRANSITIONS[case.verb].needs)
    if task.goal and values(task)["goal"] != case.before["goal"] and not says_something(task.goal):
        raise case.refuse(f"整改目标“{shortened(task.goal, 20)}”没有内容", "请写明做到什么程度算完成")
    task.status = case.lands_on or next_status(
        old_status, case.verb, task.kind, is_publicity_required=task.is_publicity_required
    )
    if task.status is not old_status and case.lands_on is None:
        task.waiting_since = case.clock.today
    if task.status is not Status.DRAFT:
        task.deadline_on = deadline(task.time_limit, task.due_on, task.next_checkpoint_on, task.paused_days)
    task.version += 1
    _keep_scan(case)
    case.session.flush()
    history.record(
        case.session,
        case.clock,
        case.acting,
        task,
        case.verb,
        old_status=old_status,
        text=case.words if text is None else text,
        changes=case.changes(),
    )
    return task


def _check_record(case: Case) -> None:
    """代录: who wrote it down may do so, and the paper's date can be true."""
    acting, task = case.acting, case.task
    recorder, paper = acting.recorder, acting.paper
    if recorder is not None:
        if recorder.bureau_id != task.bureau_id or not recorder.has(Role.CLERK):
            raise Forbidden(f"{recorder.name}不能代录任务 {task.code}", "只有本单位的台账管理员可以代录")
        if interest_in(case.session, task).owns(recorder):
            raise Forbidden(
                f"{recorder.name}不能代录任务 {task.code}",
                "本人是该任务现任或原责任人",
                "请由另一位台账管理员代录",
            )
    if paper is None:
        return
    _check_signer(case, paper.dated)
    is_own_record = acting.actor.has(Role.CLERK) and Part.OFFICER not in case.parts
    if not case.is_recorded and not is_own_record:
        raise case.refuse("只有代录才能写纸面日期", "本人办理的以当天为准")
    if len(paper.number) > MAX_NUMBER:
        raise case.refuse(f"纸质档号超过 {MAX_NUMBER} 字", "请核对档号")
    if paper.number.strip() and not is_number(paper.number):
        raise case.refuse(f"“{paper.number}”不像文号或档号", "请照文件写明编号")
    if paper.dated > case.clock.today:
        raise case.refuse(f"纸面日期 {paper.dated} 在今天之后", "请核对日期")
    before = last_move_on(history.events_of(case.session, task.id))
    if task.status is not Status.DRAFT and before and paper.dated < before:
        raise case.refuse(
            f"纸面日期 {paper.dated} 早于上一步办理的日期 {before}",
            "请核对日期；上一步的日期登记错了的，请先“更正办理记录”",
            command="rectify task amend",
        )


def _check_signer(case: Case, dated: date) -> None:
    """Who has left the office signed nothing after the last day."""
    signer = case.session.get(Person, case.acting.actor.id) if case.acting.actor.id else None
    if signer is not None and signer.left_on is not None and dated > signer.left_on:
        raise case.refuse(f"{signer.name}已于 {signer.left_on} 离岗，纸面日期 {dated} 在此之后", "请核对日期")


def _keep_scan(case: Case) -> None:
    """The scan of the paper an action was recorded from becomes part of the task's file."""
    paper = case.acting.paper
    if paper is None or paper.scan is None:
        return
    scan, keeper = paper.scan, case.acting.recorder or case.acting.actor
    must_fit(case.session, case.task.bureau_id, scan)
    case.rows.add(
        Evidence(
            task_id=case.task.id,
            uploader_id=keeper.person_id,
            **columns_of(scan),
            archive_no=paper.number,
            note=f"签批件：{case.label}",
            own_date=paper.dated,
            uploaded_at=case.clock.now,
            is_signed_paper=True,
        )
    )
