"""The story of the demonstration (story.toml) as values: its people, and what became of each item, told in days."""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from models.enums import EvidenceKind, ItemKind, Rating, StepKind, TimeLimit, Verb
from rectification.office.people import NewPerson

HERE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class DemoMeasure:
    """A measure with its date; `done` is the day it was finished."""

    text: str
    due: int
    done: int | None = None


@dataclass(frozen=True, slots=True)
class DemoFile:
    """A file of the evidence, or with `archive_no` a paper the archive holds; handed in on the `day` it bears."""

    day: int
    kind: EvidenceKind
    name: str = ""
    text: str = ""
    proves: tuple[int, ...] = ()
    archive_no: str = ""
    note: str = ""


Deed = tuple[int, Verb] | tuple[int, Verb, dict[str, Any]]
"""On which day, what, and with which fields of the verb's form; a date among them is a day, too."""


@dataclass(frozen=True, slots=True)
class Fate:
    """One item's way. Days count from one day, mostly today: `due=-12` was due twelve days ago; for a long-term task
    it is the next checkpoint. What is done is done on a working day; what would lie after today is still to come.

    What was never `issued` waits as a draft, unless a deed puts it aside; what has no officer waits to be accepted.
    `stated` is what the officer stated in the half-year that was heard and in the one that runs, `late` why it is late and
    `asks` what he wants decided above. `looked_back` is what the reviewer finds should the draw fall on it; where it did
    not hold, `reopened` is the new date, counted from that look, and `again` what the officer says at once. Without a title
    it keeps the one the program proposes. `text` is what a meeting decided or a paper found: a report says its own.
    """

    text: str = ""
    cause: str = ""
    category: str = ""
    unit: str = ""
    officer: str = ""
    reviewer: str = "tang"
    issued: int | None = None
    accepted_after: int = 2
    due: int | None = None
    limit: TimeLimit = TimeLimit.DATED
    count: int | None = None
    title: str = ""
    goal: str = ""
    steps: tuple[DemoMeasure, ...] = ()
    partners: tuple[str, ...] = ()
    stated: tuple[str, ...] = ()
    late: str = ""
    asks: str = ""
    deeds: tuple[Deed, ...] = ()
    files: tuple[DemoFile, ...] = ()
    looked_back: str = ""
    reopened: int | None = None
    again: str = ""


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
class DemoStep:
    """Something done about a source beside its tasks, or counted of it."""

    kind: StepKind
    day: int
    until: int | None = None
    number: int | None = None
    rating: Rating | None = None
    paper_no: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class ToldSource:
    """Another paper that found something, and what became of it; when plan and result were due and, under which number, sent."""

    kind: str
    title: str
    paper_no: str
    issuing_body: str
    received: int
    found: tuple[Fate, ...]
    due: dict[str, int]
    sent: tuple[tuple[str, int, str], ...] = ()
    steps: tuple[DemoStep, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """All of it."""

    cast: Cast
    this_year: ToldReport
    last_year: ToldReport
    sources: tuple[ToldSource, ...]
    meeting: DemoMeeting


@cache
def story() -> Story:
    """The story, read once."""
    return TypeAdapter(Story).validate_python(tomllib.loads((HERE / "story.toml").read_text("utf-8")))
