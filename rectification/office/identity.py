"""Whose installation this is, and whether its data are real."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from models.calendar import BureauSetting
from models.organisation import Unit
from rectification.office.journal import By
from rectification.office.settings import keep_setting

_DEMO: Final = "is_demo"


@dataclass(frozen=True, slots=True)
class Installation:
    """The home bureau's name (empty before it is known), and whether this is the demonstration."""

    bureau: str
    is_demo: bool


def is_demo() -> ColumnElement[bool]:
    """The SQL condition for the unit whose ledger is the demonstration."""
    return exists().where(BureauSetting.bureau_id == Unit.id, BureauSetting.key == _DEMO)


def installation(session: Session) -> Installation:
    """This installation."""
    row = session.execute(select(Unit.name, is_demo()).where(Unit.is_home)).one_or_none()
    return Installation(row[0], bool(row[1])) if row else Installation("", is_demo=False)


def mark_as_demo(session: Session, by: By, bureau: Unit) -> None:
    """Say for good that what this ledger holds is invented; every page tells it."""
    keep_setting(session, by, bureau.id, _DEMO, value=True)
