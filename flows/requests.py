"""What a job may be asked, and what it answers; no Prefect here, so that the command line may look."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from rectification.labels import JOB_COUNT


class DayRequest(BaseModel):
    """What a daily job may be asked, checked the same by Prefect and by the embedded engine.

    `day` stands in for today; one beyond tomorrow must be meant (`allow_future`). `again` does once more what is done already. `stay_seconds` is how long a run stays with
    its day: it takes over what a killed run held, and tries again, after pauses, what failed. Up to `lanes` runs share
    a day under Prefect, this one among them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    day: date | None = None
    allow_future: bool = False
    again: bool = False
    stay_seconds: int = Field(default=0, ge=0)
    rows_per_shard: int = Field(default=5000, ge=1)
    lanes: int = Field(default=1, ge=1, le=64)


class IntakeRequest(BaseModel):
    """The stored report to read (`rectify report store`). `new_bureau` lets a bureau not known yet become known; `day` stands in for today."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    upload: str = Field(pattern="^[0-9a-f]{64}$")
    new_bureau: bool = False
    day: date | None = None


TODAY: Final = DayRequest()


def words(counts: Mapping[str, int]) -> str:
    """Counts as people read them; what is none is left out."""
    return "，".join(f"{JOB_COUNT.get(name, name)} {count}" for name, count in counts.items() if count)


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

    @property
    def was_done(self) -> bool:
        """Whether there was nothing to do: the day had been done before."""
        return self.is_due and not self.shards and not self.left and self.before > 0
