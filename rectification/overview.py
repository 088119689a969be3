"""The figures of the leaders' board, counted by the database, never row by row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Integer, case, cast, func, literal, select
from sqlalchemy.orm import Session

from models.enums import ItemKind, Light, Status, Trait
from models.organisation import Unit
from models.task import RectificationTask
from rectification.access import visible
from rectification.actors import Actor
from rectification.attention import count_traits
from rectification.conditions import has_light, is_overdue

Task = RectificationTask
NO_UNIT: Final = "未定科室"
TRACKED = (Status.DRAFT, Status.ARCHIVED)


@dataclass(frozen=True, slots=True)
class Tally:
    """Problems or plans of a bureau, by light. Drafts and archived items are in no figure.

    `closed` are formally closed; together with `terminated` they make up the blue ones.
    """

    lights: Mapping[Light, int]
    closed: int
    terminated: int

    @property
    def total(self) -> int:
        return sum(self.lights.values())

    @property
    def rate(self) -> float | None:
        """Closed out of all but the terminated (整改率); None where there is nothing to rectify."""
        base = self.total - self.terminated
        return self.closed / base if base else None

    @property
    def base(self) -> int:
        """What the rate is out of."""
        return self.total - self.terminated


@dataclass(frozen=True, slots=True)
class UnitOverdue:
    """How a unit stands with what is overdue."""

    unit_id: int | None
    unit: str
    count: int
    longest_days: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The board's figures on one day."""

    problems: Tally
    plans: Tally
    drafts: int
    waiting: Mapping[Status, int]
    traits: Mapping[Trait, int]
    overdue_by_unit: tuple[UnitOverdue, ...]


def overview(session: Session, today: date, near_until: date, actor: Actor) -> Overview:
    """What `actor` may see, counted. Three statements, however many tasks there are."""
    light = case(
        *((has_light(each, today, near_until), literal(each.value)) for each in Light),
        else_=literal(""),
    ).label("light")
    rows = session.execute(
        select(Task.kind, Task.status, light, func.count())
        .where(visible(actor))
        .group_by(Task.kind, Task.status, light)
    ).all()
    counted = [(kind, status, shown, count) for kind, status, shown, count in rows]
    return Overview(
        problems=_tally([row for row in counted if row[0].is_problem]),
        plans=_tally([row for row in counted if not row[0].is_problem]),
        drafts=sum(count for _, status, _, count in counted if status is Status.DRAFT),
        waiting={
            status: sum(count for _, found, _, count in counted if found is status)
            for status in (Status.ASSIGNED, Status.SUBMITTED, Status.VERIFIED, Status.PUBLICISED)
        },
        traits=count_traits(session, actor),
        overdue_by_unit=_overdue_by_unit(session, today, actor),
    )


def _tally(rows: list[tuple[ItemKind, Status, str, int]]) -> Tally:
    tracked = [row for row in rows if row[1] not in TRACKED]
    return Tally(
        lights={light: sum(count for _, _, shown, count in tracked if shown == light) for light in Light},
        closed=sum(count for _, status, _, count in tracked if status is Status.CLOSED),
        terminated=sum(count for _, status, _, count in tracked if status is Status.TERMINATED),
    )


def _overdue_by_unit(session: Session, today: date, actor: Actor) -> tuple[UnitOverdue, ...]:
    """Units with something overdue, the longest first.

    The longest running one is told by the earliest deadline: days are subtracted here, since the two databases
    subtract dates differently.
    """
    running = case((Task.status.in_((Status.ASSIGNED, Status.IN_PROGRESS)), Task.deadline_on))
    kept = cast(func.max(case((running.is_(None), Task.days_overdue_at_submission), else_=0)), Integer)
    rows = session.execute(
        select(Task.lead_unit_id, Unit.name, func.count(), func.min(running), kept)
        .outerjoin(Unit, Unit.id == Task.lead_unit_id)
        .where(visible(actor), is_overdue(today))
        .group_by(Task.lead_unit_id, Unit.name)
    ).all()
    units = (
        UnitOverdue(unit_id, name or NO_UNIT, count, max((today - first).days if first else 0, held or 0))
        for unit_id, name, count, first, held in rows
    )
    return tuple(sorted(units, key=lambda unit: (-unit.longest_days, unit.unit)))
