"""Whose ledger it is, and the marks that change whenever its calendar, settings or tasks do: every page's first statement.

An answer that was read together with a mark still holds while a later snapshot shows the same mark, whichever process
changes the ledger (docs/decisions/0014).
"""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import BindParameter, ScalarSelect, Select, bindparam, func, select
from sqlalchemy.orm import Session

from models.calendar import BureauSetting, CalendarYear
from models.enums import UnitKind
from models.history import ChainHead, OfficeHead
from models.organisation import Unit
from rectification.office.identity import Installation, is_demo


@dataclass(frozen=True, slots=True)
class Bearings:
    """The installation, a bureau's departments, and the marks of the calendar, the bureau's settings, its tasks and the office.

    Every change of a task is an event on the bureau's chain, so the chain's head marks the tasks; but units are asked
    for by name and no event tells of a new one, so their names belong to that mark. It is None before the first event.
    """

    installation: Installation
    departments: tuple[str, ...]
    calendar: Hashable
    settings: Hashable
    tasks: Hashable | None
    office: Hashable


def take_bearings(session: Session, bureau_id: int | None) -> Bearings:
    """How far the ledger has come as this snapshot shows it; nobody who is not signed in has a bureau."""
    rows = session.execute(_BEARINGS, {"bureau_id": bureau_id}).all()
    mark = rows[0]
    return Bearings(
        installation=Installation(mark.home or "", bool(mark.is_demo)),
        departments=tuple(row.name for row in rows if row.kind is UnitKind.DEPARTMENT),
        calendar=(mark.notices, mark.noticed_at),
        settings=(mark.settings, mark.set_at),
        tasks=(mark.head, *(row.name for row in rows)) if mark.head else None,
        office=mark.office,
    )


def _the(query: Select[Any]) -> ScalarSelect[Any]:
    scalar: ScalarSelect[Any] = query.scalar_subquery()
    return scalar


_BUREAU: Final[BindParameter[int]] = bindparam("bureau_id")
_SET: Final = BureauSetting.bureau_id == _BUREAU
_MARKS: Final = select(
    _the(select(Unit.name).where(Unit.is_home)).label("home"),
    _the(select(is_demo()).where(Unit.is_home)).label("is_demo"),
    # Counted, so that one put in force while the clock stands still is not missed; dated, so that a restored ledger's
    # are not taken for those there were. Settings, too, are only ever added.
    _the(select(func.sum(CalendarYear.revision))).label("notices"),
    _the(select(func.max(CalendarYear.loaded_at))).label("noticed_at"),
    _the(select(func.count()).where(_SET)).label("settings"),
    _the(select(func.max(BureauSetting.set_at)).where(_SET)).label("set_at"),
    _the(select(ChainHead.hash).where(ChainHead.bureau_id == _BUREAU)).label("head"),
    _the(select(OfficeHead.hash)).label("office"),
).subquery()
_BEARINGS: Final = (
    select(_MARKS, Unit.name, Unit.kind)
    .select_from(_MARKS)
    .outerjoin(Unit, Unit.bureau_id == _BUREAU)
    .order_by(Unit.id)
)
