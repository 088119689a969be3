"""A draft comes to be: the one way a task enters the ledger, from a report's item or from another source."""

import re
from dataclasses import dataclass, fields
from datetime import date
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.text import says_something
from models.enums import ItemKind, Status, TimeLimit, Verb
from models.organisation import Unit
from models.report import Report, ReportItem, Source, SourceKind
from models.task import Measure, Participant, RectificationTask
from rectification.office.actors import Acting
from rectification.office.chain import KeptRows, facts
from rectification.office.settings import policy_of
from rectification.task import history
from rectification.task.titles import neutral_title, proposed_title


@dataclass(frozen=True, slots=True)
class NewMeasure:
    """A step as somebody proposes it; without an owner it is the officer's."""

    text: str
    due_on: date | None = None
    owner_id: int | None = None


@dataclass(frozen=True, slots=True)
class Hands:
    """Whom a draft proposes: it binds nobody before the task is issued. `partners` are units."""

    lead_unit_id: int | None = None
    officer_id: int | None = None
    leader_id: int | None = None
    partners: tuple[int, ...] = ()


NOBODY: Final = Hands()


@dataclass(frozen=True, slots=True)
class NewDraft:
    """What a draft says. Without a `title` it is called what `proposed_for` says until the clerk writes one."""

    source_id: int
    text: str
    kind: ItemKind = ItemKind.FINDING
    title: str = ""
    cause: str = ""
    category: str = ""
    goal: str = ""
    remark: str = ""
    report_item_id: int | None = None
    time_limit: TimeLimit = TimeLimit.DATED
    due_on: date | None = None
    next_checkpoint_on: date | None = None
    count_total: int | None = None
    is_recurring: bool = False
    recurs_of_id: int | None = None
    passed_from_id: int | None = None
    is_restricted: bool = False
    hands: Hands = NOBODY
    measures: tuple[NewMeasure, ...] = ()


_SAID: Final = tuple(field.name for field in fields(NewDraft) if field.name not in ("hands", "measures"))
"""The columns of a task its draft gives."""


def proposed_for(session: Session, task: RectificationTask) -> str:
    """The name a task has while nobody wrote another: it follows its words, its kind and its source."""
    source = session.get_one(Source, task.source_id)
    return proposed_title(task.text, _neutral(session, task, source), is_published=source.is_published)


def _neutral(session: Session, task: RectificationTask, source: Source) -> str:
    item = session.get(ReportItem, task.report_item_id) if task.report_item_id else None
    if item is not None:
        report = session.get_one(Report, item.report_id)
        is_new = report.supersedes_id is not None
        return neutral_title(report.year, task.kind, item.position, was=item.kind, is_new=is_new)
    entered = select(func.count(RectificationTask.id)).where(
        RectificationTask.source_id == source.id, RectificationTask.id <= task.id
    )
    origin = session.get_one(SourceKind, source.kind_id).name
    year = f"{source.received_on.year}年" if source.received_on else ""
    return f"{year}{origin}·{task.kind.word}第{session.scalar(entered)}项"


def draft(
    session: Session,
    clock: Clock,
    acting: Acting,
    bureau: Unit,
    code: str,
    new: NewDraft,
    *,
    words: str = "",
) -> RectificationTask:
    """Keep a draft that waits for the clerk, with the first event of its history; `words` say how it came to be."""
    task = RectificationTask(
        **{name: getattr(new, name) for name in _SAID},
        bureau_id=bureau.id,
        code=code,
        status=Status.DRAFT,
        lead_unit_id=new.hands.lead_unit_id,
        officer_id=new.hands.officer_id,
        leader_id=new.hands.leader_id,
        count_done=None if new.count_total is None else 0,
        is_publicity_required=policy_of(session, bureau.id, clock.today).requires_publicity,
        waiting_since=clock.today,
        created_at=clock.now,
    )
    task.title, task.category = new.title[:200], new.category[:200]
    task.goal = new.goal if says_something(new.goal) else ""
    session.add(task)
    session.flush()
    task.title = task.title or proposed_for(session, task)
    rows = KeptRows(session)
    for unit_id in new.hands.partners:
        rows.add(Participant(task_id=task.id, unit_id=unit_id))
    for position, step in enumerate((each for each in new.measures if says_something(each.text)), 1):
        rows.add(
            Measure(
                task_id=task.id,
                position=position,
                text=step.text,
                owner_id=step.owner_id,
                due_on=step.due_on,
            )
        )
    session.flush()
    told = {name: (None, value) for name, value in facts(task).items()} | rows.changes()
    history.record(session, clock, acting, task, Verb.DRAFT, old_status=None, text=words, changes=told)
    return task


class Codes:
    """The next free task codes of a bureau and year; the bureau is locked until the transaction ends.

    A key-share lock, so that rows of other tables may still point to the bureau meanwhile.
    """

    def __init__(self, session: Session, bureau: Unit, year: int) -> None:
        session.execute(select(Unit.id).where(Unit.id == bureau.id).with_for_update(key_share=True))
        self._start = f"{bureau.code_prefix}{year}-"
        taken = session.scalars(
            select(RectificationTask.code).where(
                RectificationTask.bureau_id == bureau.id,
                RectificationTask.code.startswith(self._start, autoescape=True),
            )
        )
        numbers = (re.fullmatch(r"(\d+)", code.removeprefix(self._start)) for code in taken)
        self._last = max((int(number[1]) for number in numbers if number), default=0)

    def next(self) -> str:
        self._last += 1
        return f"{self._start}{self._last:03d}"


def code_order(code: str) -> tuple[tuple[str, int], ...]:
    """What to sort codes by: 2023-99 stands before 2023-100."""
    return tuple((word, int(number or 0)) for word, number in re.findall(r"(\D*)(\d*)", code))
