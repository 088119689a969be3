"""Where tasks come from: reports with their items, and all other sources."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Integer, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Name, Numbered, Sha256, UTCDateTime, enum_text, way
from models.enums import ItemKind, Rating, StepKind


class SourceKind(Numbered, Base):
    """One entry of a bureau's editable list of problem sources (问题来源)."""

    __table_args__ = (UniqueConstraint("bureau_id", "name"),)

    bureau_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"))
    name: Mapped[str] = mapped_column(Name)
    position: Mapped[int] = mapped_column(Integer)
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)


class Source(Numbered, Base):
    """One paper that raises tasks: an own report, an inspection's list, minutes of a meeting.

    `is_published`: everybody may read it, so a task's name, which mail carries, may be taken from its words.
    `withdrawn_on`: its report was withdrawn that day; nothing more comes of it.
    """

    bureau_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"), index=True)
    kind_id: Mapped[int] = mapped_column(BigId, ForeignKey("source_kind.id"))
    title: Mapped[str] = mapped_column(String(400))
    paper_no: Mapped[str] = mapped_column(Name, default="")
    issuing_body: Mapped[str] = mapped_column(Name, default="")
    received_on: Mapped[date | None] = mapped_column(Date)
    plan_due_on: Mapped[date | None] = mapped_column(Date)
    result_due_on: Mapped[date | None] = mapped_column(Date)
    plan_sent_on: Mapped[date | None] = mapped_column(Date)
    plan_sent_no: Mapped[str] = mapped_column(Name, default="", server_default="")
    result_sent_on: Mapped[date | None] = mapped_column(Date)
    result_sent_no: Mapped[str] = mapped_column(Name, default="", server_default="")
    is_published: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    withdrawn_on: Mapped[date | None] = mapped_column(Date)

    kind: Mapped[SourceKind] = way(kind_id)


class SourceStep(Numbered, Base):
    """Something done about a source on a day, or counted by that day: 约谈8人次, 通报, 回访 with its rating, a stage.

    `number` and `unit` are empty where nothing is counted; `until` is the last day of a stage.
    """

    bureau_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"))
    source_id: Mapped[int] = mapped_column(BigId, ForeignKey("source.id"), index=True)
    kind: Mapped[StepKind] = mapped_column(enum_text(StepKind))
    day: Mapped[date] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)
    paper_no: Mapped[str] = mapped_column(Name, default="")
    number: Mapped[int | None] = mapped_column(Integer)
    unit: Mapped[str] = mapped_column(Name, default="")
    rating: Mapped[Rating | None] = mapped_column(enum_text(Rating))
    text: Mapped[str] = mapped_column(String(400), default="")


class Report(Numbered, Base):
    """An annual report as imported. `hints` and `leftovers` are what the reader told the clerk.

    `size` is that of its file in the store, 0 where that is not kept. `supersedes_id` is the earlier version of the same year's report.
    """

    __table_args__ = (UniqueConstraint("bureau_id", "sha256"),)

    bureau_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"))
    source_id: Mapped[int] = mapped_column(BigId, ForeignKey("source.id"))
    title: Mapped[str] = mapped_column(String(400))
    org: Mapped[str] = mapped_column(Name)
    year: Mapped[int] = mapped_column(Integer)
    issued_on: Mapped[date | None] = mapped_column(Date)
    file_name: Mapped[str] = mapped_column(String(400))
    format: Mapped[str] = mapped_column(String(16))
    sha256: Mapped[str] = mapped_column(Sha256)
    size: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    text: Mapped[str] = mapped_column(Text)
    hints: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    leftovers: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    supersedes_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("report.id"))
    imported_at: Mapped[datetime] = mapped_column(UTCDateTime)
    imported_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))


class ReportItem(Numbered, Base):
    """A shortcoming or plan in the report's own words; the task made from it keeps its own text.

    `spans` are [start, end] pairs in the report's text; `answered_by` the positions of plans that may answer this one.
    In a new version of a report `continues_id` is the first item that said it: the tasks hang on that one.
    `recurs_of_id` is the item of an earlier year that said the same.
    """

    __table_args__ = (UniqueConstraint("report_id", "kind", "position"),)

    report_id: Mapped[int] = mapped_column(BigId, ForeignKey("report.id"))
    kind: Mapped[ItemKind] = mapped_column(enum_text(ItemKind))
    position: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Text)
    cause: Mapped[str] = mapped_column(Text, default="")
    section: Mapped[str] = mapped_column(String(400), default="")
    number: Mapped[str] = mapped_column(String(32), default="")
    page: Mapped[int | None] = mapped_column(Integer)
    paragraph: Mapped[int] = mapped_column(Integer, default=0)
    spans: Mapped[list[list[int]]] = mapped_column(JSON, default=list)
    answered_by: Mapped[list[int]] = mapped_column(JSON, default=list)
    continues_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("report_item.id"))
    recurs_of_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("report_item.id"))
