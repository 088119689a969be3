"""What a list of tasks is narrowed to: one value, and its SQL conditions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select

from models.enums import ItemKind, Light, Status, Trait, Worded
from models.organisation import Person, Unit
from models.report import Source
from models.task import RectificationTask
from rectification.lists.attention import has_trait
from rectification.lists.conditions import has_light, is_overdue
from rectification.lists.whose_move import is_move_of
from rectification.office.actors import Actor
from rectification.office.names import has_login
from rectification.task.access import takes_part, visible
from rectification.task.lifecycle import RUNNING

Task = RectificationTask


class Order(Worded):
    """What a list is sorted by; a minus turns it round. The first is the one an index gives."""

    URGENCY = "", "轻重缓急"
    ENTRY = "entry", "登记先后"
    CODE = "code", "编号"
    CODE_BACK = "-code", "编号倒序"
    UNIT = "unit", "责任单位"
    UNIT_BACK = "-unit", "责任单位倒序"
    OFFICER = "officer", "责任人"
    OFFICER_BACK = "-officer", "责任人倒序"
    DUE = "due", "时限由近到远"
    DUE_BACK = "-due", "时限由远到近"
    STATUS = "status", "办理环节"
    STATUS_BACK = "-status", "办理环节倒序"


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """What a list is narrowed to, and its order; None does not narrow.

    `unit` is a lead unit's or a bureau's name, `officer` a login or a person's name. `after_id` leaves out what a list by entry has shown already, which does
    not change while somebody reads page after page.
    `near_until` (deadlines.near_until) is needed beside `light`. `due` is a stretch of days, both included. `is_open_to_all` leaves restricted tasks out (仅限指定人员),
    `is_published` those of sources that are not.
    `heads_confirm` is the setting `requires_unit_head`, beside `waits_for`. `words` are looked for in code, title and text.
    """

    statuses: frozenset[Status] | None = None
    overdue_only: bool = False
    unit: str | None = None
    officer: str | None = None
    kind: ItemKind | None = None
    codes: tuple[str, ...] | None = None
    is_problem: bool | None = None
    light: Light | None = None
    near_until: date | None = None
    due: tuple[date, date] | None = None
    waits_for: Actor | None = None
    heads_confirm: bool = False
    takes_part: Actor | None = None
    source_id: int | None = None
    trait: Trait | None = None
    bureau_id: int | None = None
    is_open_to_all: bool = False
    is_published: bool = False
    words: str | None = None
    after_id: int | None = None
    issued_before: date | None = None
    issued_since: date | None = None
    order: Order = Order.URGENCY


def conditions(filters: TaskFilter, actor: Actor | None, today: date) -> list[ColumnElement[bool]]:
    """The SQL conditions of a list, narrowed to what `actor` may see where there is one."""
    mine = [visible(actor)] if actor is not None else []
    return [*mine, *_of_task(filters), *_of_people(filters, today), *_of_time(filters, today)]


def _of_task(filters: TaskFilter) -> Iterator[ColumnElement[bool]]:
    if filters.statuses is not None:
        yield Task.status.in_(filters.statuses)
    elif filters.codes is None:  # what was entered twice is on no list but its own
        yield Task.duplicate_of_id.is_(None)
    for name in ("kind", "source_id", "bureau_id"):
        if (wanted := getattr(filters, name)) is not None:
            yield getattr(Task, name) == wanted
    if filters.codes is not None:
        yield Task.code.in_(filters.codes)
    if filters.is_problem is not None:
        yield (Task.kind != ItemKind.PLAN) if filters.is_problem else (Task.kind == ItemKind.PLAN)
    if filters.is_open_to_all:
        yield Task.is_restricted.is_(False)
    if filters.is_published:
        yield Task.source_id.in_(select(Source.id).where(Source.is_published))
    if filters.trait is not None:
        yield has_trait(filters.trait)
    if filters.after_id is not None:
        yield Task.id > filters.after_id
    if filters.words:
        columns = (Task.code, Task.title, Task.text)
        yield or_(*(column.contains(filters.words, autoescape=True) for column in columns))


def _of_people(filters: TaskFilter, today: date) -> Iterator[ColumnElement[bool]]:
    if filters.unit is not None:
        named = select(Unit.id).where(Unit.name == filters.unit)
        yield or_(Task.lead_unit_id.in_(named), Task.bureau_id.in_(named))
    if filters.officer is not None:
        yield Task.officer_id.in_(
            select(Person.id).where(has_login(filters.officer) | (Person.name == filters.officer))
        )
    if filters.waits_for is not None:
        yield is_move_of(filters.waits_for, today, heads_confirm=filters.heads_confirm)
    if filters.takes_part is not None:
        yield takes_part(filters.takes_part)


def _of_time(filters: TaskFilter, today: date) -> Iterator[ColumnElement[bool]]:
    if filters.overdue_only:
        yield is_overdue(today)
    if filters.light is not None:
        yield has_light(filters.light, today, filters.near_until or today)
    if filters.due is not None:
        yield Task.status.in_(RUNNING)
        yield Task.deadline_on.between(*filters.due)
    if filters.issued_before is not None:
        yield Task.issued_on < filters.issued_before
    if filters.issued_since is not None:
        yield Task.issued_on >= filters.issued_since
