"""The half-year: review cycles, frozen figures, hearings and what they decide; and the year's clock."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Name, Numbered, Sha256, UTCDateTime, enum_text, way
from models.enums import AnnualStage, Cadence
from models.organisation import Person
from models.task import RectificationTask


class ReviewCycle(Numbered, Base):
    """One review (半年调度): the period it looks at, and the days on which it asks, cuts off and expects a hearing.

    `ends_on` is the period's calendar end and names it; `cut_off_on` is the day the figures are as of, which the
    clerk may move ("截至6月20日"). `number` counts the periods of the year by `cadence`.
    """

    __table_args__ = (UniqueConstraint("bureau_id", "ends_on"),)

    bureau_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"))
    cadence: Mapped[Cadence] = mapped_column(enum_text(Cadence))
    year: Mapped[int] = mapped_column(Integer)
    number: Mapped[int] = mapped_column(Integer)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    cut_off_on: Mapped[date] = mapped_column(Date)
    opens_on: Mapped[date] = mapped_column(Date)
    statements_due_on: Mapped[date] = mapped_column(Date)
    hearing_by: Mapped[date] = mapped_column(Date)
    opened_on: Mapped[date] = mapped_column(Date)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    opened_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))


class FrozenVersion(Numbered, Base):
    """The figures and rows of a cycle as the clerk confirmed them; a later correction makes the next version.

    `content` is canonical JSON (rectification/halfyear/freezing.py reads it) and `sha256` its hash; `chain_count` and
    `chain_head` are the bureau's history at that moment, as printed in the briefing.
    """

    __table_args__ = (UniqueConstraint("cycle_id", "version"),)

    cycle_id: Mapped[int] = mapped_column(BigId, ForeignKey("review_cycle.id"))
    version: Mapped[int] = mapped_column(Integer)
    content: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Sha256)
    chain_count: Mapped[int] = mapped_column(Integer)
    chain_head: Mapped[str] = mapped_column(Sha256)
    frozen_on: Mapped[date] = mapped_column(Date)
    frozen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    frozen_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))


class Hearing(Numbered, Base):
    """听取汇报: a meeting that heard the bureau's rule-of-law work. `minutes_no` is the number of its 纪要.

    `source_id` is where the tasks it decided come from (会议议定).
    """

    __table_args__ = (Index("ix_hearing_bureau_id_held_on", "bureau_id", "held_on"),)

    bureau_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"))
    cycle_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("review_cycle.id"), index=True)
    frozen_version_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("frozen_version.id"))
    source_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("source.id"))
    held_on: Mapped[date] = mapped_column(Date)
    body: Mapped[str] = mapped_column(Name)
    topic: Mapped[str] = mapped_column(String(400))
    minutes_no: Mapped[str] = mapped_column(Name, default="")
    presided_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)

    cycle: Mapped[ReviewCycle | None] = way(cycle_id)
    frozen_version: Mapped[FrozenVersion | None] = way(frozen_version_id)
    presided_by: Mapped[Person | None] = way(presided_by_id)
    papers: Mapped[list["HearingPaper"]] = way(order_by="HearingPaper.id")
    resolutions: Mapped[list["Resolution"]] = way(order_by="Resolution.position")


class PlannedHearing(Numbered, Base):
    """A hearing as it is planned; what became of it stands on the office's chain.

    It is over once it was recorded (`hearing_id`) or called off. `changed_on` is the business day on which its day or
    what it is about was changed last, `moved_from` the day it had before that. Which review it is to hear, its day says.
    """

    __table_args__ = (Index("ix_planned_hearing_bureau_id_meets_on", "bureau_id", "meets_on"),)

    bureau_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"))
    hearing_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("hearing.id"))
    meets_on: Mapped[date] = mapped_column(Date)
    place: Mapped[str] = mapped_column(Name, default="")
    body: Mapped[str] = mapped_column(Name)
    topic: Mapped[str] = mapped_column(String(400))
    planned_on: Mapped[date] = mapped_column(Date)
    changed_on: Mapped[date | None] = mapped_column(Date)
    moved_from: Mapped[date | None] = mapped_column(Date)
    called_off_on: Mapped[date | None] = mapped_column(Date)

    guests: Mapped[list["HearingGuest"]] = way(order_by="HearingGuest.id")


class HearingGuest(Numbered, Base):
    """Who is to be at a planned hearing, since when; who need not come any more stays, with the day of that."""

    __table_args__ = (UniqueConstraint("planned_hearing_id", "person_id"),)

    planned_hearing_id: Mapped[int] = mapped_column(BigId, ForeignKey("planned_hearing.id"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    invited_on: Mapped[date] = mapped_column(Date)
    excused_on: Mapped[date | None] = mapped_column(Date)

    person: Mapped[Person] = way(person_id)


class HearingPaper(Numbered, Base):
    """A paper of a hearing as it was heard, by its SHA-256 in the store of files."""

    __table_args__ = (UniqueConstraint("hearing_id", "sha256"),)

    hearing_id: Mapped[int] = mapped_column(BigId, ForeignKey("hearing.id"))
    file_name: Mapped[str] = mapped_column(String(400))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(Sha256)
    added_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Resolution(Numbered, Base):
    """议定事项: one thing a hearing decided, and the task it became."""

    __table_args__ = (UniqueConstraint("hearing_id", "position"),)

    hearing_id: Mapped[int] = mapped_column(BigId, ForeignKey("hearing.id"))
    position: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Text)
    task_id: Mapped[int] = mapped_column(BigId, ForeignKey("rectification_task.id"), index=True)

    task: Mapped[RectificationTask] = way(task_id)


class Summary(Numbered, Base):
    """The leaders' page of a month or a half-year (进展通报), kept as it was: canonical JSON that
    rectification/halfyear/summary_versions.py reads.

    `version` is the frozen version a half-year's page stands on, 0 for a month's. `trend` holds its twelve months again, so that the board shows them without reading the whole page. `told_on` is
    the day whose digests carried its counts to the leaders.
    """

    __table_args__ = (UniqueConstraint("bureau_id", "ends_on", "starts_on", "version"),)

    bureau_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    version: Mapped[int] = mapped_column(Integer, default=0)
    content: Mapped[str] = mapped_column(Text)
    trend: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    made_on: Mapped[date] = mapped_column(Date)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    told_on: Mapped[date | None] = mapped_column(Date)


class AnnualStep(Numbered, Base):
    """A stage of the annual report that is done, with its date and 文号; one row for each body it was sent to.

    `year` is the reporting year.
    """

    __table_args__ = (UniqueConstraint("bureau_id", "year", "stage", "body"),)

    bureau_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"))
    year: Mapped[int] = mapped_column(Integer)
    stage: Mapped[AnnualStage] = mapped_column(enum_text(AnnualStage))
    body: Mapped[str] = mapped_column(Name, default="")
    done_on: Mapped[date] = mapped_column(Date)
    paper_no: Mapped[str] = mapped_column(Name, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
