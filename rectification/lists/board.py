"""The figures of the leaders' board, counted by the database, never row by row."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, case, func, literal, select
from sqlalchemy.orm import Session

from models.enums import ItemKind, Light, Status, Trait
from models.organisation import Unit
from models.report import Report, Source, SourceKind
from models.task import RectificationTask
from rectification.lists.attention import count_traits
from rectification.lists.conditions import KEPT_BY_OTHERS, has_light
from rectification.lists.figures import Whole, origin_words
from rectification.office.actors import Actor
from rectification.task.access import sees_the_bureau, visible
from rectification.task.lifecycle import OPEN, RUNNING

Task = RectificationTask
NO_UNIT: Final = "未定科室"
TRACKED = (Status.DRAFT, Status.ARCHIVED)
_PAPERS_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class LightTally(Whole):
    """Problems or plans, by light: closed and terminated ones are blue. Drafts and archived items are in no figure.

    `restricted` of them only named persons may see (仅限指定人员): a paper leaves them out. `closed_lately` were closed in
    the month of the day.
    """

    lights: Mapping[Light, int] = field(default_factory=dict)
    restricted: int = 0
    is_whole: bool = True
    closed_lately: int = 0

    @property
    def open(self) -> int:
        return self.total - self.lights[Light.BLUE]

    @property
    def scope(self) -> str:
        """What is counted: of who does not see the whole bureau, what he sees."""
        whole = super(LightTally, self).scope
        hidden = f"，含仅限指定人员{self.restricted}项" if self.restricted else ""
        return (whole if self.is_whole else whole.replace("全部在账", "您可查看的")) + hidden


@dataclass(frozen=True, slots=True)
class UnitStanding:
    """How a unit stands: how many of its tasks are open, and `count` of them overdue, the longest so many days."""

    unit_id: int | None
    unit: str
    open: int
    count: int
    longest_days: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The board's figures on one day."""

    problems: LightTally
    plans: LightTally
    drafts: int
    waiting: Mapping[Status, int]
    traits: Mapping[Trait, int]
    units: tuple[UnitStanding, ...]

    @property
    def overdue_by_unit(self) -> tuple[UnitStanding, ...]:
        """The units with something overdue, the longest first."""
        return tuple(unit for unit in self.units if unit.count)

    @property
    def overdue(self) -> int:
        return sum(unit.count for unit in self.units)


def overview(session: Session, today: date, near_until: date, actor: Actor) -> Overview:
    """What `actor` may see, counted. Three statements, however many tasks there are."""
    cells = [Cell(*row) for row in session.execute(_cells(today, near_until, actor))]
    origins = _origins(session, actor)
    problems, plans = (
        replace(
            _tally(
                [cell for cell in cells if cell.kind.is_problem is asked], is_whole=sees_the_bureau(actor)
            ),
            origins=origins[asked],
        )
        for asked in (True, False)
    )
    return Overview(
        problems=problems,
        plans=plans,
        drafts=sum(cell.tasks for cell in cells if cell.status is Status.DRAFT),
        waiting={
            status: sum(cell.tasks for cell in cells if cell.status is status)
            for status in (Status.ASSIGNED, Status.SUBMITTED, Status.VERIFIED, Status.PUBLICISED)
        },
        traits=count_traits(session, actor),
        units=_units([cell for cell in cells if cell.status in OPEN], today),
    )


class Cell(NamedTuple):
    """Tasks alike in kind, status, light and lead unit: how many, the earliest deadline that runs, the most days late.

    `light` is empty for a draft.
    """

    kind: ItemKind
    status: Status
    light: str
    unit_id: int | None
    tasks: int
    earlier: int
    restricted: int
    closed_lately: int
    first_deadline: date | None
    days_late: int | None
    unit: str | None


def _cells(today: date, near_until: date, actor: Actor) -> Select[Any]:
    """The board's figures in one pass over the tasks; units are named afterwards."""
    light = case(
        *((has_light(each, today, near_until), literal(each.value)) for each in Light),
        else_=literal(""),
    ).label("light")
    running = case((Task.status.in_(RUNNING), Task.deadline_on))
    late = case((Task.status.in_(KEPT_BY_OTHERS), Task.days_overdue_at_submission))
    alike = (Task.kind, Task.status, light, Task.lead_unit_id)
    this_year = today.replace(month=1, day=1)
    counts = (
        func.count(),
        func.count().filter(Task.issued_on < this_year),
        func.count().filter(Task.is_restricted),
        func.count().filter(Task.status == Status.CLOSED, Task.closed_on >= today.replace(day=1)),
    )
    counted = (
        select(*alike, *counts, func.min(running), func.max(late))
        .where(visible(actor))
        .group_by(*alike)
        .subquery()
    )
    return select(counted, Unit.name).outerjoin(Unit, Unit.id == counted.c.lead_unit_id)


def _tally(cells: Sequence[Cell], *, is_whole: bool) -> LightTally:
    tracked = [cell for cell in cells if cell.status not in TRACKED]
    return LightTally(
        total=sum(cell.tasks for cell in tracked),
        earlier=sum(cell.earlier for cell in tracked),
        restricted=sum(cell.restricted for cell in tracked),
        closed_lately=sum(cell.closed_lately for cell in tracked),
        is_whole=is_whole,
        lights={light: sum(cell.tasks for cell in tracked if cell.light == light) for light in Light},
        closed=sum(cell.tasks for cell in tracked if cell.status is Status.CLOSED),
        terminated=sum(cell.tasks for cell in tracked if cell.status is Status.TERMINATED),
    )


def _origins(session: Session, actor: Actor) -> dict[bool, str]:
    """By which papers problems (True) and plans came in."""
    tracked = (visible(actor), Task.status.not_in(TRACKED))
    counted = select(Task.source_id, Task.kind, func.count().label("tasks")).where(*tracked)
    by_source = counted.group_by(Task.source_id, Task.kind).subquery()
    year = select(func.max(Report.year)).where(Report.source_id == by_source.c.source_id).scalar_subquery()
    query = (
        select(by_source.c.kind, SourceKind.position, SourceKind.name, year, by_source.c.tasks)
        .join(Source, Source.id == by_source.c.source_id)
        .join(SourceKind, SourceKind.id == Source.kind_id)
    )
    found = {True: Counter[tuple[int, str, int | None]](), False: Counter[tuple[int, str, int | None]]()}
    for kind, *paper, tasks in session.execute(query):
        found[kind.is_problem][tuple(paper)] += tasks
    return {asked: origin_words(counts, _PAPERS_NAMED) for asked, counts in found.items()}


def _units(cells: Iterable[Cell], today: date) -> tuple[UnitStanding, ...]:
    """Units with something open, the longest overdue first.

    The longest running one is told by the earliest deadline: days are subtracted here, since the two databases
    subtract dates differently.
    """
    by_unit: dict[int | None, list[Cell]] = {}
    for cell in cells:
        by_unit.setdefault(cell.unit_id, []).append(cell)
    units = [
        UnitStanding(
            unit_id,
            cells[0].unit or NO_UNIT,
            sum(cell.tasks for cell in cells),
            sum(cell.tasks for cell in cells if cell.light == Light.RED),
            max((_days(cell, today) for cell in cells if cell.light == Light.RED), default=0),
        )
        for unit_id, cells in by_unit.items()
    ]
    return tuple(sorted(units, key=lambda unit: (-unit.longest_days, unit.unit)))


def _days(cell: Cell, today: date) -> int:
    return (today - cell.first_deadline).days if cell.first_deadline else cell.days_late or 0
