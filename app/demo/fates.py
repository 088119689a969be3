"""What can become of an item of the demonstration, told in days."""

from dataclasses import dataclass
from typing import Final

from models.enums import TimeLimit

HEARD_AFTER: Final = 12
"""Working days from a half-year's cut-off to the meeting that hears it."""


@dataclass(frozen=True, slots=True)
class Ending:
    """The way to the end, as far as it got: the officer's words and proof, the reviewer's verdict, the signature.

    `asked` is the day the officer asked. The reviewer looks three days later, the leader signs six days later; where
    one of them has said nothing, the task waits for him.
    """

    asked: int
    proof: str
    statement: str
    verdict: str = ""
    approval: str = ""


@dataclass(frozen=True, slots=True)
class DemoMeasure:
    """A measure with its date; `done` is the day it was finished."""

    text: str
    due: int
    done: int | None = None


@dataclass(frozen=True, slots=True)
class Fate:
    """One item's way. Days count from one day, mostly today: `due=-12` was due twelve days ago; for a long-term task
    it is the next checkpoint. What is done is done on a working day; what would lie after today is still to come.

    `reports` are what the officer said and when, `stated` what he stated in the half-year that was heard and in the
    one that runs, `late` why it is late and `asks` what he wants decided above. `guided` is what a leader wrote,
    `checks` the conclusions of checkpoints with the next one's day, `recurs_since` the day the clerk marked it as
    recurring, `listed` when and why it was listed (挂牌督办), `extension` a request that waits (asked, wanted, why).
    Without a title it keeps the one the program proposes.
    """

    unit: str
    officer: str
    due: int | None
    issued: int
    accepted_after: int = 2
    stage: str = "in_progress"
    title: str = ""
    reviewer: str = "tang"
    limit: TimeLimit = TimeLimit.DATED
    goal: str = ""
    steps: tuple[DemoMeasure, ...] = ()
    partners: tuple[str, ...] = ()
    reports: tuple[tuple[int, str], ...] = ()
    stated: tuple[str, ...] = ()
    late: str = ""
    asks: str = ""
    guided: tuple[tuple[int, str, str], ...] = ()
    checks: tuple[tuple[int, str, int], ...] = ()
    extension: tuple[int, int, str] | None = None
    recurs_since: int | None = None
    listed: tuple[int, str] | None = None
    ending: Ending | None = None
