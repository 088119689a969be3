"""What a job may be asked, and what it answers; no Prefect here, so that the command line may look."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field


class DayRequest(BaseModel):
    """What a daily job may be asked, checked the same by Prefect and by the embedded engine.

    `day` stands in for today. `again` does once more what is done already. `wait_seconds` is how long a run that
    finds every shard taken waits for one to fall free: on several workers the last run then heals a killed one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    day: date | None = None
    again: bool = False
    wait_seconds: int = Field(default=0, ge=0)
    rows_per_shard: int = Field(default=2000, ge=1)


class IntakeRequest(BaseModel):
    """The report to read. `new_bureau` lets a report by a bureau not known yet make it known."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: Path
    new_bureau: bool = False


TODAY: Final = DayRequest()


@dataclass(frozen=True, slots=True)
class JobOutcome:
    """What one run did: `shards` by itself; `before` were done already, `left` are in another run's hands."""

    job: str
    day: date
    is_due: bool = True
    shards: int = 0
    before: int = 0
    left: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
