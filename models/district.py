"""What a district view reads: each bureau's counts of a day, never its rows."""

from datetime import date, datetime

from sqlalchemy import Boolean, Date, ForeignKey, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Numbered, UTCDateTime


class DayFigure(Numbered, Base):
    """Problems or plans of a bureau as they were counted on a day; counted again the same day, the row is replaced.

    Drafts, archived and restricted tasks are in no figure. `open` is made up of the overdue, the near and the rest.
    """

    __table_args__ = (UniqueConstraint("bureau_id", "day", "is_problem"),)

    bureau_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"))
    day: Mapped[date] = mapped_column(Date)
    is_problem: Mapped[bool] = mapped_column(Boolean)
    total: Mapped[int] = mapped_column(Integer)
    open: Mapped[int] = mapped_column(Integer)
    overdue: Mapped[int] = mapped_column(Integer)
    near: Mapped[int] = mapped_column(Integer)
    closed: Mapped[int] = mapped_column(Integer)
    terminated: Mapped[int] = mapped_column(Integer)
    counted_at: Mapped[datetime] = mapped_column(UTCDateTime)
