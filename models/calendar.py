"""The working-day calendar, a bureau's dated settings, and the forms it fills for its superiors."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Code, Name, Numbered, UTCDateTime


class CalendarYear(Base):
    """A year whose holiday notice is in force, and the notice it comes from (依据文号).

    `revision` counts the notices that were put in force for the year.
    """

    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    notice: Mapped[str] = mapped_column(Name)
    revision: Mapped[int] = mapped_column(Integer, default=0)
    loaded_at: Mapped[datetime] = mapped_column(UTCDateTime)


class CalendarDay(Base):
    """A day that differs from the weekday rule: a day off, or a make-up workday."""

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    is_workday: Mapped[bool] = mapped_column(Boolean)
    name: Mapped[str] = mapped_column(Name, default="")


class BureauSetting(Numbered, Base):
    """One setting of a bureau from a day on, so that a past day can be computed again."""

    __table_args__ = (Index("ix_bureau_setting_bureau_id_key_valid_from", "bureau_id", "key", "valid_from"),)

    bureau_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"))
    key: Mapped[str] = mapped_column(Code)
    value: Mapped[Any] = mapped_column(JSON)
    valid_from: Mapped[date] = mapped_column(Date)
    set_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    set_at: Mapped[datetime] = mapped_column(UTCDateTime)


class SuperiorForm(Numbered, Base):
    """A superior's own ledger form (上级表样): its file, the sheet or table in it, and by place each head as written
    there with the ledger's column, "" for none.
    """

    __table_args__ = (UniqueConstraint("bureau_id", "name"),)

    bureau_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"))
    name: Mapped[str] = mapped_column(Name)
    file_name: Mapped[str] = mapped_column(String(400))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sheet: Mapped[str] = mapped_column(Name)
    heads: Mapped[list[list[str]]] = mapped_column(JSON)
