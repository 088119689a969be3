"""The bureaus below one (下级单位): their counts of the day, and their rows where they released them.

Counts come from one row a bureau and day (models/district.py), so that a view over hundreds of bureaus is one small
query, whatever their ledgers hold; each says when it was counted.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select, tuple_
from sqlalchemy.orm import Session

from core.clock import Clock
from core.errors import NotFound, Refused
from models.base import frozen
from models.district import DayFigure
from models.enums import ItemKind, OfficeVerb, Status, UnitKind
from models.organisation import Unit
from models.task import RectificationTask
from rectification.lists.conditions import is_near, is_overdue
from rectification.lists.figures import rate_text
from rectification.office.calendar import load_calendar
from rectification.office.journal import By, change
from rectification.office.settings import policies
from rectification.office.units import ids_below
from rectification.task.deadlines import near_until
from rectification.task.lifecycle import OPEN

Task = RectificationTask
STALE_AFTER: Final = timedelta(days=31)
"""A count older than this is not shown: better none than one that misleads."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Problems or plans of one bureau, or of several together."""

    total: int = 0
    open: int = 0
    overdue: int = 0
    near: int = 0
    closed: int = 0
    terminated: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, name) + getattr(other, name) for name in _COUNTED))

    @property
    def rate(self) -> str:
        """Closed out of all but the terminated."""
        return rate_text(self.closed, self.total, self.terminated)


_COUNTED: Final = ("total", "open", "overdue", "near", "closed", "terminated")


@dataclass(frozen=True, slots=True)
class BureauFigures:
    """One bureau below; `counted_at` is None where it was not counted lately."""

    bureau_id: int
    name: str
    releases_rows: bool
    problems: Counts = field(default_factory=Counts)
    plans: Counts = field(default_factory=Counts)
    counted_at: datetime | None = None


def place_below(session: Session, by: By, bureau: Unit, above: Unit | None) -> None:
    """Put a bureau below another in the tree, or below none.

    Raises: Refused, where one of them is a department, or the tree would bite its tail.
    """
    if bureau.bureau_id != bureau.id or (above is not None and above.bureau_id != above.id):
        raise Refused("只有独立单位之间才有上下级", "科室属于它所在的单位", "请写单位名称")
    if above is not None and (above.id == bureau.id or above.id in ids_below(session, bureau.id)):
        raise Refused(f"“{above.name}”不能作“{bureau.name}”的上级", "它就是该单位或其下级", "请另选上级单位")
    with change(session, by, OfficeVerb.PLACE_UNIT) as rows:
        rows.alter(bureau).parent_id = above.id if above else None


def release_rows(session: Session, by: By, bureau: Unit, *, is_released: bool) -> None:
    """Let the bureaus above read this one's list, or counts alone."""
    with change(session, by, OfficeVerb.RELEASE_ROWS) as rows:
        rows.alter(bureau).releases_rows = is_released


def has_any_below(session: Session, bureau_id: int) -> bool:
    """Whether there is a district view to open."""
    below = select(Unit.id).where(Unit.parent_id == bureau_id, Unit.kind != UnitKind.DEPARTMENT)
    return session.scalar(below.where(Unit.bureau_id == Unit.id).limit(1)) is not None


def district(session: Session, today: date, bureau_id: int) -> list[BureauFigures]:
    """The bureaus below with their newest counts, in the order they were registered."""
    ids = ids_below(session, bureau_id)
    newest = (
        select(DayFigure.bureau_id, func.max(DayFigure.day))
        .where(DayFigure.bureau_id.in_(ids), DayFigure.day.between(today - STALE_AFTER, today))
        .group_by(DayFigure.bureau_id)
    )
    figures = {
        (row.bureau_id, row.is_problem): row
        for row in session.scalars(
            select(DayFigure).where(tuple_(DayFigure.bureau_id, DayFigure.day).in_(newest))
        )
    }
    units = session.scalars(select(Unit).where(Unit.id.in_(ids), Unit.is_active).order_by(Unit.id))
    return [_bureau(unit, figures.get((unit.id, True)), figures.get((unit.id, False))) for unit in units]


def released_below(session: Session, above_id: int, bureau_id: int) -> Unit:
    """A bureau below that released its rows.

    Raises: NotFound, alike where there is none, it is not below, or it released only its counts.
    """
    unit = session.get(Unit, bureau_id)
    if unit is None or not unit.releases_rows or unit.id not in ids_below(session, above_id):
        raise NotFound(
            "没有这个下级单位的明细", "该单位没有开放任务明细，或不是本单位的下级", "请从“下级单位”进入"
        )
    return unit


def keep_day_figures(session: Session, clock: Clock, bureau_ids: Collection[int]) -> int:
    """Count these bureaus' tasks today and keep the counts; returns how many bureaus were counted."""
    calendar = load_calendar(session)
    in_force = policies(session, bureau_ids, clock.today)
    session.execute(
        delete(DayFigure).where(DayFigure.bureau_id.in_(bureau_ids), DayFigure.day == clock.today)
    )
    alike: dict[date, list[int]] = {}
    for bureau_id in bureau_ids:
        alike.setdefault(near_until(clock.today, calendar, in_force[bureau_id]), []).append(bureau_id)
    for until, bureaus in alike.items():
        session.add_all(
            DayFigure(
                bureau_id=bureau_id,
                day=clock.today,
                is_problem=is_problem,
                counted_at=clock.now,
                **{name: getattr(counts, name) for name in _COUNTED},
            )
            for bureau_id, counted in count_bureaus(session, bureaus, clock.today, until).items()
            for is_problem, counts in counted.items()
        )
    session.flush()
    return len(bureau_ids)


def open_tasks_by_bureau(session: Session) -> dict[int, int]:
    """Every active bureau with the number of its open tasks, which is what a sweep reads."""
    rows = session.execute(
        select(Unit.id, func.count(Task.id))
        .outerjoin(Task, (Task.bureau_id == Unit.id) & Task.status.in_(OPEN))
        .where(Unit.bureau_id == Unit.id, Unit.is_active)
        .group_by(Unit.id)
    )
    return dict(rows.tuples().all())


def count_bureaus(
    session: Session, bureau_ids: Collection[int], today: date, until: date
) -> dict[int, dict[bool, Counts]]:
    """Each bureau's tasks today, counted: of problems (True) and of plans."""
    is_problem = Task.kind != ItemKind.PLAN
    rows = session.execute(
        select(
            Task.bureau_id,
            is_problem,
            func.count(),
            func.count().filter(Task.status.in_(OPEN)),
            func.count().filter(is_overdue(today)),
            func.count().filter(is_near(today, until)),
            func.count().filter(Task.status == Status.CLOSED),
            func.count().filter(Task.status == Status.TERMINATED),
        )
        .where(
            Task.bureau_id.in_(bureau_ids),
            Task.is_restricted.is_(False),
            Task.status.not_in((Status.DRAFT, Status.ARCHIVED)),
        )
        .group_by(Task.bureau_id, is_problem)
    )
    found = {bureau_id: {True: Counts(), False: Counts()} for bureau_id in bureau_ids}
    for bureau_id, kind, *counts in rows:
        found[bureau_id][bool(kind)] = Counts(*counts)
    return found


def _bureau(unit: Unit, problems: DayFigure | None, plans: DayFigure | None) -> BureauFigures:
    if problems is None or plans is None:
        return frozen(BureauFigures, unit, bureau_id=unit.id)
    counts = {"problems": frozen(Counts, problems), "plans": frozen(Counts, plans)}
    return frozen(BureauFigures, unit, problems, bureau_id=unit.id, **counts)
