"""Which tasks stand on a page of a list, and how many the list has.

A page's ids come first and its rows are read afterwards (rectification/lists/rows.py): sorting whole rows to show fifty
of them cost nine tenths of the time at 100,000 tasks.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from models.enums import Status
from models.organisation import Person, Unit
from models.task import RectificationTask
from rectification.lists.conditions import is_overdue
from rectification.lists.filters import Order, TaskFilter, conditions
from rectification.office.actors import Actor
from rectification.task.lifecycle import ENDED

Task = RectificationTask
_BY_DEADLINE: Final = (Task.deadline_on.nulls_last(), Task.id)
_HAS_ENDED: Final = case((Task.status.in_(ENDED), 1), else_=0)


_COLUMNS: Final[Mapping[str, tuple[Any, ...]]] = {
    Order.ENTRY: (Task.id,),
    Order.CODE: (func.substr(Task.code, 1, 5), func.length(Task.code), Task.code),
    Order.UNIT: (select(Unit.name).where(Unit.id == Task.lead_unit_id).scalar_subquery(),),
    Order.OFFICER: (select(Person.name).where(Person.id == Task.officer_id).scalar_subquery(),),
    Order.DUE: (Task.deadline_on,),
    Order.STATUS: (case({status: place for place, status in enumerate(Status)}, value=Task.status),),
}
"""Of a code the year, then the number: 2023-1000 stands after 2023-999."""


def order_of(order: Order, today: date) -> tuple[Any, ...]:
    """By urgency: what is overdue, what is open, what has ended, each by its deadline. What a column lacks comes last."""
    if order is Order.URGENCY:
        return case((is_overdue(today), 0), else_=1), _HAS_ENDED, *_BY_DEADLINE
    columns = _COLUMNS[order.removeprefix("-")]
    turned = (column.desc() if order.startswith("-") else column for column in columns)
    return *(column.nulls_last() for column in turned), *_BY_DEADLINE


def page_of(
    session: Session,
    today: date,
    *,
    limit: int,
    offset: int = 0,
    actor: Actor | None = None,
    filters: TaskFilter | None = None,
) -> tuple[int, ...]:
    """The ids on one page of what `rows.list_tasks` lists, in its order."""
    wanted = filters or TaskFilter()
    page = select(Task.id).where(*conditions(wanted, actor, today)).order_by(*order_of(wanted.order, today))
    return tuple(session.scalars(page.limit(limit).offset(offset)))


def count_tasks(
    session: Session, today: date, *, actor: Actor | None = None, filters: TaskFilter | None = None
) -> int:
    """How many rows `rows.list_tasks` has without a limit."""
    asked = conditions(filters or TaskFilter(), actor, today)
    return session.scalar(select(func.count()).select_from(Task).where(*asked)) or 0
