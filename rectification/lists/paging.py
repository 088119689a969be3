"""Which tasks stand on a page of a list, and how many the list has: ids and counts, straight off the indexes.

A page's ids come first and its rows are read afterwards (rectification/lists/rows.py): sorting whole rows to show fifty
of them cost nine tenths of the time at 100,000 tasks. A statement is kept once it is built: building it takes longer
than the database needs to answer it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache, reduce
from operator import add
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, case, func, select, union_all
from sqlalchemy.orm import Session

from models.enums import Status
from models.organisation import Person, Unit
from models.task import RectificationTask
from rectification.lists.conditions import is_overdue
from rectification.lists.filters import Order, TaskFilter, conditions, other_branches, overdue_branches
from rectification.office.actors import Actor
from rectification.task.access import sees_the_bureau
from rectification.task.lifecycle import ENDED

Task = RectificationTask
Branches = Sequence[Sequence[ColumnElement[bool]]]
_STATEMENTS: Final = 256
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
    """The ids on one page of what `queries.list_tasks` lists, in its order.

    For who sees the whole bureau it is put together from what an index gives in order, however large the bureau is;
    the part of it that others see is sorted.
    """
    wanted = filters or TaskFilter()
    is_wide = actor is None or sees_the_bureau(actor)
    if wanted.order is not Order.URGENCY or not (is_wide or wanted.is_overdue):
        return tuple(session.scalars(_sorted(wanted, actor, today, limit, offset)))
    late: tuple[int, ...] = ()
    passed = 0
    if wanted.may_be_overdue(today):
        late = tuple(session.scalars(_overdue(wanted, actor, today, limit, offset)))
        if wanted.is_overdue or len(late) == limit:
            return late
        in_all = replace(wanted, overdue_only=True)
        passed = offset if late or not offset else count_tasks(session, today, actor=actor, filters=in_all)
    if not wanted.possible:
        return late
    others = session.scalars(_others(wanted, actor, today, limit - len(late), offset - passed))
    return (*late, *others)


def count_tasks(
    session: Session, today: date, *, actor: Actor | None = None, filters: TaskFilter | None = None
) -> int:
    """How many rows `queries.list_tasks` has without a limit."""
    return session.scalar(_count(filters or TaskFilter(), actor, today)) or 0


@lru_cache(_STATEMENTS)
def _sorted(
    wanted: TaskFilter, actor: Actor | None, today: date, limit: int, offset: int
) -> Select[tuple[int]]:
    page = select(Task.id).where(*conditions(wanted, actor, today)).order_by(*order_of(wanted.order, today))
    return page.limit(limit).offset(offset)


@lru_cache(_STATEMENTS)
def _overdue(
    wanted: TaskFilter, actor: Actor | None, today: date, limit: int, offset: int
) -> Select[tuple[int]]:
    return _merged(overdue_branches(wanted, actor, today), limit, offset)


@lru_cache(_STATEMENTS)
def _others(
    wanted: TaskFilter, actor: Actor | None, today: date, limit: int, offset: int
) -> Select[tuple[int]]:
    return _merged(other_branches(wanted, actor, today), limit, offset)


def _merged(branches: Branches, limit: int, offset: int) -> Select[tuple[int]]:
    """A page of several branches, the first of each by themselves: an index gives them in their order.

    Each branch is of one status.
    """
    firsts = [
        select(Task.id, Task.deadline_on, _HAS_ENDED.label("has_ended"))
        .where(*each)
        .order_by(*_BY_DEADLINE)
        .limit(limit + offset)
        .subquery()
        for each in branches
    ]
    found = union_all(*(select(first) for first in firsts)).subquery()
    page = select(found.c.id).order_by(found.c.has_ended, found.c.deadline_on.nulls_last(), found.c.id)
    return page.limit(limit).offset(offset)


@lru_cache(_STATEMENTS)
def _count(wanted: TaskFilter, actor: Actor | None, today: date) -> Select[tuple[int]]:
    branches: Branches = [conditions(wanted, actor, today)]
    if wanted.is_overdue:
        branches = overdue_branches(wanted, actor, today)
    counts = (select(func.count()).select_from(Task).where(*each).scalar_subquery() for each in branches)
    return select(reduce(add, counts))
