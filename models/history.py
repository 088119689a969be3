"""The append-only history (办理记录), hash-chained within a bureau (docs/decisions/0005)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Index, Integer, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Name, Numbered, Sha256, UTCDateTime, enum_text, way
from models.enums import Channel, OfficeVerb, Status, Verb
from models.organisation import Person


class TaskEvent(Numbered, Base):
    """One change of a task. `sequence` is its place on the bureau's chain, from 1.

    `effective_on` is the business day (the paper's date where it was recorded from paper); `changes` maps a
    column to [before, after]; the free text stands in EventText, here only its hash.
    """

    __table_args__ = (
        UniqueConstraint("bureau_id", "sequence"),
        Index("ix_task_event_task_id_sequence", "task_id", "sequence"),
        Index("ix_task_event_bureau_id_effective_on", "bureau_id", "effective_on"),
    )

    bureau_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"))
    sequence: Mapped[int] = mapped_column(Integer)
    task_id: Mapped[int] = mapped_column(BigId, ForeignKey("rectification_task.id"))
    verb: Mapped[Verb] = mapped_column(enum_text(Verb))
    old_status: Mapped[Status | None] = mapped_column(enum_text(Status))
    new_status: Mapped[Status] = mapped_column(enum_text(Status))
    actor_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    recorder_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    channel: Mapped[Channel] = mapped_column(enum_text(Channel))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    effective_on: Mapped[date] = mapped_column(Date)
    paper_no: Mapped[str] = mapped_column(Name, default="")
    paper_date: Mapped[date | None] = mapped_column(Date)
    changes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    text_hash: Mapped[str] = mapped_column(Sha256, default="")
    previous_hash: Mapped[str] = mapped_column(Sha256)
    hash: Mapped[str] = mapped_column(Sha256)

    actor: Mapped[Person | None] = way(actor_id)
    recorder: Mapped[Person | None] = way(recorder_id)
    words: Mapped["EventText | None"] = way()


class EventText(Base):
    """The words of an event, which can be redacted while the chain still verifies."""

    event_id: Mapped[int] = mapped_column(BigId, ForeignKey("task_event.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    is_redacted: Mapped[bool] = mapped_column(Boolean, default=False)
    redaction_reason: Mapped[str] = mapped_column(Text, default="")


class ChainHead(Base):
    """The end of a bureau's chain; locked last, just before commit.

    `is_whole`: what was recorded before schema 0003 has been told by a baseline, or there was nothing.
    """

    bureau_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(Sha256)
    is_whole: Mapped[bool] = mapped_column(Boolean, default=True, server_default=false())


class OfficeEvent(Numbered, Base):
    """One change of the office itself: people, units, roles, substitutes, settings, calendar, sources.

    One chain for the installation. `changes` maps a row (its table and number) to [before, after].
    """

    __table_args__ = (UniqueConstraint("sequence"),)

    sequence: Mapped[int] = mapped_column(Integer)
    verb: Mapped[OfficeVerb] = mapped_column(enum_text(OfficeVerb))
    actor_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    recorder_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    channel: Mapped[Channel] = mapped_column(enum_text(Channel))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    changes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    previous_hash: Mapped[str] = mapped_column(Sha256)
    hash: Mapped[str] = mapped_column(Sha256)

    actor: Mapped[Person | None] = way(actor_id)
    recorder: Mapped[Person | None] = way(recorder_id)


class OfficeHead(Base):
    """The end of the office's chain, its only row numbered 1; locked after a bureau's head, just before commit."""

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    sequence: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(Sha256)
