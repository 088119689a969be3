"""What messages say: one frozen context per template, made of plain words."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class DigestLine:
    """One task in a digest. `about` is what kind of thing it is and its date; `detail` is empty unless texts are mailed."""

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


@dataclass(frozen=True, slots=True)
class Linked:
    """A sentence, and the page that says more, where there is one to open."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Digest:
    """The one message of a day to a person; `headline` is what its subject says.

    `led_overdue` counts what is overdue in a leader's line: leaders get counts, not tasks. `undelivered` counts
    yesterday's messages that did not arrive; it is told to clerks, as are `stages` of the annual report that are due.
    `matters` are what else there is to see to, one thing a line. `summaries` are figures for leaders.
    """

    template: ClassVar[str] = "digest"

    name: str
    day: str
    home_url: str
    headline: str
    sections: tuple[Section, ...] = ()
    led_overdue: int = 0
    undelivered: int = 0
    stages: tuple[str, ...] = ()
    matters: tuple[Linked, ...] = ()
    summaries: tuple[Linked, ...] = ()


@dataclass(frozen=True, slots=True)
class TestMail:
    """What `doctor` sends to see whether mail arrives."""

    template: ClassVar[str] = "test_mail"

    name: str
    moment: str
    home_url: str


Message = Digest | TestMail
