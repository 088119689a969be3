"""What of open tasks leaders look after: what recurs, is listed, was put off, or waits for a decision above."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, func, literal_column, select
from sqlalchemy.orm import Session, aliased

from models.enums import Trait
from models.task import Progress, RectificationTask
from rectification.office.actors import Actor
from rectification.task.access import visible
from rectification.task.lifecycle import OPEN

Task = RectificationTask


def has_trait(trait: Trait) -> ColumnElement[bool]:
    """The SQL condition for open tasks with this trait."""
    return and_(Task.status.in_(OPEN), _CONDITIONS[trait])


def _asks_above() -> ColumnElement[bool]:
    """The newest progress asks for a decision: what was said before and is not said again is settled."""
    later = aliased(Progress)
    is_newest = ~exists().where(later.task_id == Progress.task_id, later.id > Progress.id)
    asks = Progress.needs_decision != literal_column("''")
    return Task.id.in_(select(Progress.task_id).where(asks, is_newest))


# Written out, not bound: an index on what is rare helps only where it is certain that this is asked for.
_CONDITIONS: Final = {
    Trait.NEEDS_DECISION: _asks_above(),
    Trait.RECURRING: Task.is_recurring,
    Trait.SUPERVISED: Task.is_supervised,
    Trait.EXTENDED: Task.extension_count > literal_column("0"),
}


def count_traits(session: Session, actor: Actor) -> Mapping[Trait, int]:
    """How many of the tasks `actor` may see have each trait; each counted by itself, since few tasks have one."""
    seen = visible(actor)
    counts = (select(func.count()).select_from(Task).where(seen, has_trait(trait)) for trait in _CONDITIONS)
    row = session.execute(select(*(count.scalar_subquery() for count in counts))).one()
    return dict(zip(_CONDITIONS, row, strict=True))
