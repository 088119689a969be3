"""Which job ran for which day, shard by shard, and which processes are there to do it."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, Integer, String, Text, UniqueConstraint, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import insert_if_new
from models.base import Base, Code, Numbered, UTCDateTime


class JobRun(Numbered, Base):
    """One shard of one job on one day. A shard is a set of bureaus; `done_at` is set with its effects.

    The claim is `claim_token` with `lease_until` (the database's clock); a killed worker's shard is free again when
    its lease ends. `counts` are kept by step: a step whose name stands there is done.
    """

    __table_args__ = (UniqueConstraint("job", "day", "shard"),)

    job: Mapped[str] = mapped_column(Code)
    day: Mapped[date] = mapped_column(Date, index=True)
    shard: Mapped[int] = mapped_column(Integer)
    bureau_ids: Mapped[list[int]] = mapped_column(JSON)
    claim_token: Mapped[str | None] = mapped_column(String(32))
    worker: Mapped[str] = mapped_column(String(100), default="")
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    error: Mapped[str] = mapped_column(Text, default="")

    @property
    def counted(self) -> dict[str, int]:
        """What all steps counted together."""
        return counted(self.counts)

    @property
    def has_failed(self) -> bool:
        """Whether it is undone for an error, or a step of it counts what failed."""
        return bool((self.done_at is None and self.error) or self.counted.get("failed"))


def counted(counts: Mapping[str, Any]) -> dict[str, int]:
    """The sum over steps of what each counted; earlier programs kept the counts of a whole shard as they are."""
    total: Counter[str] = Counter()
    for name, count in counts.items():
        total.update(count if isinstance(count, dict) else {name: count})
    return dict(total)


class Heartbeat(Base):
    """When a resident part (scheduler, sender) last showed itself, by name, and what keeps it from its work."""

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    trouble: Mapped[str] = mapped_column(Text, default="", server_default="")


class Process(Base):
    """What took up a part on a machine last; `mark` is empty where it did not see the folder of the others.

    `runs_with` are the versions and settings that must be the same everywhere.
    """

    machine: Mapped[str] = mapped_column(String(64), primary_key=True)
    part: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    mark: Mapped[str] = mapped_column(String(32))
    runs_with: Mapped[dict[str, str]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


def beat(session: Session, name: str, at: datetime, trouble: str = "") -> None:
    """Note that the resident part `name` lives; several processes may share a name."""
    if not insert_if_new(session, Heartbeat, name=name, at=at, trouble=trouble):
        session.execute(update(Heartbeat).where(Heartbeat.name == name).values(at=at, trouble=trouble))
