"""What messages say: one frozen context per template, made of plain words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from models.enums import Light
from rectification.labels import LIGHT_COLOUR

LISTED: Final = 40


@dataclass(frozen=True, slots=True)
class DigestLine:
    """One task in a digest. `about` is what kind of thing it is and its date; `detail` is empty unless texts are mailed.

    `url` is empty where the reader may not open the task any more.
    """

    code: str
    title: str
    about: str
    why: str
    url: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under one heading; `unlisted` more there are. `colour` is the HTML's; the heading says the same in words."""

    heading: str
    colour: str
    lines: tuple[DigestLine, ...]
    unlisted: int = 0

    @classmethod
    def of(cls, heading: str, light: Light, lines: Sequence[DigestLine]) -> "Section":
        """So many as LISTED are named; the rest is counted."""
        return cls(heading, LIGHT_COLOUR[light], tuple(lines[:LISTED]), max(len(lines) - LISTED, 0))


@dataclass(frozen=True, slots=True)
class Linked:
    """A sentence, and the page that says more, where there is one to open."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Digest:
    """The one message of a day to a person; `headline` is what its subject says, `ask` whom to ask in the bureau.

    `undelivered` counts yesterday's messages that did not arrive, for clerks; `said` is what there is beside tasks, one
    thing a line; `summaries` are figures for leaders.
    """

    template: ClassVar[str] = "digest"

    name: str
    day: str
    home_url: str
    headline: str
    bureau: str = ""
    ask: str = ""
    sections: tuple[Section, ...] = ()
    undelivered: int = 0
    said: tuple[Linked, ...] = ()
    summaries: tuple[Linked, ...] = ()


@dataclass(frozen=True, slots=True)
class TestMail:
    """What `doctor` sends to see whether mail arrives."""

    template: ClassVar[str] = "test_mail"

    name: str
    moment: str
    home_url: str


Message = Digest | TestMail
