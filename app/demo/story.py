"""The story of the demonstration (story.toml) as values: its people, and what became of each item, told in days."""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from models.enums import EvidenceKind, ItemKind, TimeLimit
from rectification.office.people import NewPerson

HERE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Ending:
    """The way to the end, as far as it got: the officer's words and proof, the reviewer's verdict, the signature.

    `asked` is the day the officer asked; the proof came two days before. The reviewer looks three days later, the leader signs six days later; where
    one of them has said nothing, the task waits for him.
    """

    asked: int
    proof: str
    statement: str
    kind: EvidenceKind = EvidenceKind.REGISTER
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
    Without a title it keeps the one the program proposes. `text` is what a meeting decided: a report says its own.
    """

    text: str = ""
    unit: str = ""
    officer: str = ""
    due: int | None = None
    issued: int = 0
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


Fates = dict[ItemKind, dict[int, Fate]]
"""By kind and position in the report."""


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """Somebody to look at the demonstration as."""

    login: str
    name: str
    says: str


@dataclass(frozen=True, slots=True)
class Cast:
    """The bureau and its people; `led_by` are the leaders of its units."""

    bureau: str
    alias: str
    clerk: str
    led_by: dict[str, str]
    people: tuple[NewPerson, ...]
    logins: tuple[DemoLogin, ...]


@dataclass(frozen=True, slots=True)
class ToldReport:
    """What became of a report's items, and of those that `ended_in_term`: their days count from its cut-off."""

    imported: int
    items: Fates
    ended_in_term: Fates = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DemoMeeting:
    """The meeting that heard the half-year."""

    body: str
    presided_by: str
    decided: tuple[Fate, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """All of it."""

    cast: Cast
    this_year: ToldReport
    last_year: ToldReport
    meeting: DemoMeeting


@cache
def story() -> Story:
    """The story, read once."""
    return TypeAdapter(Story).validate_python(tomllib.loads((HERE / "story.toml").read_text("utf-8")))
