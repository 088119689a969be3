"""Mail: what each person was told, and the messages that carry it (docs/decisions/0004)."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Code, Numbered, UTCDateTime, enum_text
from models.enums import OutboxStatus, ToldStatus


class OutboxMessage(Numbered, Base):
    """One message to one person, or to a group by its robot (no person). `key` (digest, bureau, person, day) makes a
    second one impossible.

    A claim is `claim_token` with `lease_until` (the database's clock). `frozen` are the exact bytes, made when the
    row is claimed, before the attempt; a refusal drops them again, a doubtful end keeps them. No sender takes a row
    before `next_attempt_at`, which at first is when the day's digests open, or after `send_until`, the end of the day it
    was written on: the next digest carries what it held. Bodies are dropped after some days, key and Message-ID stay.
    """

    __table_args__ = (
        Index("ix_outbox_message_due", "status", "next_attempt_at", "id"),
        Index("ix_outbox_message_bureau_id_created_at", "bureau_id", "created_at"),
        Index("ix_outbox_message_person_id_day", "person_id", "day"),
    )

    bureau_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"))
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    key: Mapped[str] = mapped_column(String(200), unique=True)
    template: Mapped[str] = mapped_column(Code)
    day: Mapped[date] = mapped_column(Date)
    status: Mapped[OutboxStatus] = mapped_column(enum_text(OutboxStatus))
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(400))
    body_text: Mapped[str | None] = mapped_column(Text)
    body_html: Mapped[str | None] = mapped_column(Text)
    frozen: Mapped[bytes | None] = mapped_column(LargeBinary)
    claim_token: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_attempt_at: Mapped[datetime] = mapped_column(UTCDateTime)
    send_until: Mapped[datetime] = mapped_column(UTCDateTime)
    last_error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Told(Numbered, Base):
    """What a person was told of a task: one rung of the ladder for one date, at most once; or of no task, once a day.

    `subject` names what the date belongs to within the task ("task", "measure:7", "checkpoint", "wait:submitted"),
    `rung` is counted in working days from `due_on`, negative before it, and `part` is as what the person was told.
    A note of no task ("note:closure_check", by the flow that writes it) is due on the day that decided it.
    `message_id` is empty while the entry waits for the next digest or stands on the telephone list.
    """

    __table_args__ = (
        UniqueConstraint("task_id", "person_id", "subject", "due_on", "rung"),
        Index(
            "ix_told_note",
            "person_id",
            "subject",
            "due_on",
            unique=True,
            postgresql_where=text("task_id IS NULL"),
            sqlite_where=text("task_id IS NULL"),
        ),
        Index("ix_told_person_id_day", "person_id", "day"),
        Index(
            "ix_told_waiting",
            "bureau_id",
            postgresql_where=text("status = 'waiting'"),
            sqlite_where=text("status = 'waiting'"),
        ),
    )

    bureau_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"), index=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    task_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("rectification_task.id"))
    subject: Mapped[str] = mapped_column(String(32), default="task")
    rung: Mapped[int] = mapped_column(Integer)
    due_on: Mapped[date] = mapped_column(Date)
    part: Mapped[str] = mapped_column(String(32))
    day: Mapped[date] = mapped_column(Date)
    status: Mapped[ToldStatus] = mapped_column(enum_text(ToldStatus))
    message_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("outbox_message.id"), index=True)


class PhoneCall(Numbered, Base):
    """A tick on the 待电话通知 list: who rang whom about which day's digest, and when."""

    __table_args__ = (UniqueConstraint("person_id", "day"),)

    bureau_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"), index=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    day: Mapped[date] = mapped_column(Date)
    called_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    called_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    note: Mapped[str] = mapped_column(Text, default="")
