"""A ledger from before everything was recorded tells once, in its own history, what no event had told.

Until schema 0003 an event told of some columns only. The first program that opens such a ledger writes a baseline event
for each task with the rest as it stands; from then on every later edit is found. `rectification/task/audit.py` takes one
baseline a task, and only where the task's draft was written before: docs/decisions/0005.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import Clock
from models.enums import Channel, Verb
from models.history import ChainHead
from models.task import RectificationTask
from rectification.office.actors import system
from rectification.task import history
from rectification.task.audit import Walk, events_on_chain, rows_of


def bureaus_without_baseline(session: Session) -> list[int]:
    """The bureaus whose history began before schema 0003 and has no baseline yet."""
    return list(session.scalars(select(ChainHead.bureau_id).where(~ChainHead.is_whole)))


def write_baseline(session: Session, clock: Clock, bureau_id: int) -> int:
    """Put on a bureau's chain what no event has told of its tasks; returns of how many tasks. A second time adds nothing.

    What an event has told is left as it was told: an edit behind the ledger's back is not excused.
    """
    head = session.get_one(ChainHead, bureau_id, with_for_update=True)
    if head.is_whole:
        return 0
    walk = Walk()
    for event in events_on_chain(session, bureau_id):
        walk.note(event)
    untold: dict[int, dict[str, tuple[object, object]]] = {}
    for model, row_id, task_id, now in rows_of(session, bureau_id):
        row, is_task = f"{model.__tablename__}:{row_id}", model is RectificationTask
        if task_id in walk.whole:
            continue
        changes = untold.setdefault(task_id, {})
        if is_task:
            known = walk.told.rows.get(row, {})
            changes |= {name: (value, value) for name, value in now.items() if name not in known}
        elif row not in walk.told.last:
            changes[row] = None, now
    head.is_whole = True
    tasks = select(RectificationTask).where(RectificationTask.bureau_id == bureau_id)
    for task in session.scalars(tasks.order_by(RectificationTask.id)):
        if task.id not in untold:
            continue
        history.record(
            session,
            clock,
            system(bureau_id, Channel.FLOW),
            task,
            Verb.BASELINE,
            old_status=task.status,
            changes=untold[task.id],
        )
    return len(untold)
