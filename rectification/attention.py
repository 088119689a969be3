"""What of open tasks leaders look after: what recurs, is listed, was put off, or waits for a decision above."""

from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from models.enums import Trait
from models.task import Progress, RectificationTask
from rectification.access import visible
from rectification.actors import Actor
from rectification.lifecycle import OPEN

Task = RectificationTask


def has_trait(trait: Trait) -> ColumnElement[bool]:
    """The SQL condition for open tasks with this trait."""
    return and_(Task.status.in_(OPEN), _CONDITIONS[trait])


def _asks_above() -> ColumnElement[bool]:
    """The newest progress asks for a decision: what was said before and is not said again is settled."""
    later = aliased(Progress)
    is_newest = ~exists().where(later.task_id == Progress.task_id, later.id > Progress.id)
    return Task.id.in_(select(Progress.task_id).where(Progress.needs_decision != "", is_newest))


_CONDITIONS: Final = {
    Trait.NEEDS_DECISION: _asks_above(),
    Trait.RECURRING: Task.is_recurring,
    Trait.SUPERVISED: Task.is_supervised,
    Trait.EXTENDED: Task.extension_count > 0,
}


def count_traits(session: Session, actor: Actor) -> Mapping[Trait, int]:
    """How many of the tasks `actor` may see have each trait."""
    counts = [func.count().filter(condition) for condition in _CONDITIONS.values()]
    row = session.execute(select(*counts).where(visible(actor), Task.status.in_(OPEN))).one()
    return dict(zip(_CONDITIONS, row, strict=True))


def wishes(session: Session, task_ids: Collection[int]) -> Mapping[int, str]:
    """What the newest progress of each of these tasks asks for above."""
    query = select(Progress.task_id, Progress.needs_decision).where(Progress.task_id.in_(task_ids))
    return dict(session.execute(query.order_by(Progress.id)).tuples().all())
