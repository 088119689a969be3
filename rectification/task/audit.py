"""Does the history still stand as it was written? Walking a bureau's chain, and comparing the tasks with it.

What a chain cannot detect is said in docs/decisions/0005.
"""

from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models.base import Base
from models.enums import EvidenceKind, Fault, Verb
from models.history import ChainHead, EventText, TaskEvent
from models.task import Closure, ClosureStep, DoubtAnswer, Evidence, Proof, RectificationTask
from rectification.office.chain import (
    Facts,
    Found,
    Links,
    Printed,
    Told,
    Verification,
    attributes,
    facts_selected,
    recorded,
    text_hash,
)
from rectification.task.history import HANGING, event_hash

Altered = tuple[Fault, int, str, str, str]
"""A row that is not what the events made it: the fault, the event, the task's code, the row, the column."""
_TASK: Final = RectificationTask.__tablename__
_COLUMNS: Final = frozenset(recorded(RectificationTask))
_BY_WAY_OF: Final[Mapping[type[Any], tuple[type[Any], ...]]] = {
    ClosureStep: (Closure,),
    DoubtAnswer: (ClosureStep, Closure),
    Proof: (Evidence,),
}
"""Through which rows what hangs on a task hangs there, where it does not name the task itself."""


@dataclass
class Walk:
    """The state of a walk: where the chain stands, and what the events say the tasks should be.

    `whole` are the tasks whose events tell everything that is recorded: since their draft, or since a baseline.
    """

    links: Links = field(default_factory=Links)
    struck: dict[int, bool] = field(default_factory=dict)
    told: Told = field(default_factory=Told)
    owner: dict[str, int] = field(default_factory=dict)
    whole: set[int] = field(default_factory=set)

    def note(self, event: TaskEvent) -> None:
        """Keep what an event says of its task. A baseline adds what no event had told, once."""
        task_id, sequence = event.task_id, event.sequence
        changes: Mapping[str, Any] = event.changes
        own: dict[str, Any] = {"status": event.new_status.value}
        if event.verb is Verb.BASELINE:
            changes, own = {} if task_id in self.whole else self._untold(task_id, changes), {}
        for name, (_, after) in changes.items():
            if ":" in name:
                self.owner[name] = task_id
                self.told.note(name, _as_now(after), sequence)
            elif name in _COLUMNS:
                own[name] = after
        if "bureau_id" in own:  # which no event before schema 0003 told
            self.whole.add(task_id)
        self.told.note(f"{_TASK}:{task_id}", own, sequence)

    def _untold(self, task_id: int, changes: Mapping[str, Any]) -> Mapping[str, Any]:
        known = self.told.rows.get(f"{_TASK}:{task_id}", {}).keys() | self.told.last.keys()
        return {name: change for name, change in changes.items() if name not in known}


def _as_now(told: Facts | None) -> Facts | None:
    """What an event says of a row, in the columns of today: a piece of evidence once was a mere notice, or not."""
    if not told or "is_notice_only" not in told:
        return told
    others = {name: value for name, value in told.items() if name != "is_notice_only"}
    return others | {"kind": EvidenceKind.MEETING.value if told["is_notice_only"] else None}


def verify(session: Session, bureau_id: int, *, against: Printed | None = None) -> Verification:
    """Walk a bureau's chain from its beginning, then compare the tasks, and all that hangs on them, with what it says.

    `against` is a count and head printed earlier: without it, a tail cut together with the stored head cannot be seen.
    """
    walk = Walk(Links(against))
    links, stored = walk.links, session.get(ChainHead, bureau_id)
    found = (
        _chain_fault(session, bureau_id, walk)
        or links.end((stored.sequence, stored.hash) if stored else None)
        or _unstruck(walk)
    )
    if found is not None:
        return Verification(bureau_id, links.count, links.head, *found)
    altered = min(_altered(session, bureau_id, walk), key=lambda each: each[1], default=())
    return Verification(bureau_id, links.count, links.head, *altered)


def _chain_fault(session: Session, bureau_id: int, walk: Walk) -> Found | None:
    """Walk the events; the first that does not fit ends the walk."""
    with closing(_events(session, bureau_id)) as events:
        for event, text, is_redacted in events:
            found = walk.links.follow(event.sequence, event.previous_hash, event.hash, event_hash(event))
            if found is not None:
                return found
            if not (is_redacted and not text) and text_hash(text or "") != event.text_hash:
                return Fault.TEXT_CHANGED, event.sequence
            if is_redacted:
                walk.struck[event.sequence] = False
            if event.verb is Verb.REDACT:
                walk.struck[event.changes["redacted"][0]] = True
            walk.note(event)
    return None


def _unstruck(walk: Walk) -> Found | None:
    """Words that are marked as struck out, but no event on the chain struck them."""
    unstruck = [sequence for sequence, has_event in walk.struck.items() if not has_event]
    return (Fault.TEXT_CHANGED, min(unstruck)) if unstruck else None


def rows_of(session: Session, bureau_id: int) -> Iterator[tuple[type[Base], int, int, dict[str, Any]]]:
    """Every task of a bureau and every row that hangs on one, with its number, its task's, and what it says."""
    for model in (RectificationTask, *HANGING):
        forms = tuple(recorded(model).items())
        for row in session.execute(_query(model, bureau_id)):
            yield model, row[-2], row[-1], facts_selected(forms, row)


def _query(model: type[Any], bureau_id: int) -> Select[Any]:
    """The recorded columns of a table's rows of a bureau, then the row's number and its task's."""
    if model is RectificationTask:
        query = select(*attributes(model), model.id, model.id.label("of_task"))
    else:
        way: list[Any] = [model, *_BY_WAY_OF.get(model, ())]
        query = select(*attributes(model), model.id, way[-1].task_id.label("of_task")).select_from(model)
        for each in (*way[1:], RectificationTask):
            query = query.join(each)
    return query.where(RectificationTask.bureau_id == bureau_id).execution_options(yield_per=1000)


def _altered(session: Session, bureau_id: int, walk: Walk) -> Iterator[Altered]:
    """Whatever is not what the history made it, came without it, or is gone."""
    told = walk.told
    codes: dict[int, str] = {}
    for model, row_id, task_id, now in rows_of(session, bureau_id):
        row = f"{model.__tablename__}:{row_id}"
        if model is RectificationTask:
            codes[task_id] = now.get("code", f"#{task_id}")
        column = told.take(row, now)
        if column is not None:
            yield Fault.TASK_ALTERED, told.last.get(row, walk.links.count), codes[task_id], row, column
    for row, gone in told.rows.items():
        is_task = row.startswith(f"{_TASK}:")
        code = gone.get("code") or f"#{row.partition(':')[2]}" if is_task else codes.get(walk.owner[row])
        if code is not None:  # else its task is gone, which is told already
            fault = Fault.TASK_DELETED if is_task else Fault.TASK_ALTERED
            yield fault, told.last[row], code, row, ""


def events_on_chain(session: Session, bureau_id: int) -> Iterator[TaskEvent]:
    """A bureau's events in the order of its chain."""
    with closing(_events(session, bureau_id)) as events:
        for event, _, _ in events:
            yield event


def _events(session: Session, bureau_id: int) -> Generator[tuple[Any, str | None, bool], None, None]:
    """Rows with the event's columns, which cost a third of whole events, and its words."""
    query = (
        select(*TaskEvent.__table__.columns, EventText.text, EventText.is_redacted)
        .outerjoin(EventText, EventText.event_id == TaskEvent.id)
        .where(TaskEvent.bureau_id == bureau_id)
        .order_by(TaskEvent.sequence)
        .execution_options(yield_per=1000)
    )
    with session.execute(query) as rows:
        for row in rows:
            yield row, row.text, bool(row.is_redacted)
