"""What a report says: the value that leaves this room."""

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(_Value):
    """A stretch of the normalised text (`ParsedReport.text`), in characters, end excluded."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)


class Cadence(StrEnum):
    """How often something is to be done."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half-yearly"
    YEARLY = "yearly"


class Words(_Value):
    """The report's own words that a field of an item was read from, and where they stand."""

    field: str
    text: str
    span: Span


class Item(_Value):
    """A shortcoming or a plan, in the report's own words (`docs/reading.md` says what counts as one).

    `spans` are where the words stand, in order (an item over several blocks has several); `page` and
    `paragraph` are of the first. `section` is the heading it stands under, `number` its enumerator as printed.
    `owner` (a unit, or the person where no unit is named), `person`, `leader`, `partners`, `due`, `cadence` and `origin`
    (问题来源) are what the report itself assigns; `assigned` are the words that say so, also those from which no
    day follows (长期坚持).
    """

    text: str
    spans: tuple[Span, ...] = ()
    page: int | None = None
    paragraph: int = 0
    section: str = ""
    number: str = ""
    confidence: float = 1.0
    owner: str | None = None
    person: str | None = None
    leader: str | None = None
    partners: tuple[str, ...] = ()
    due: date | None = None
    cadence: Cadence | None = None
    origin: str | None = None
    assigned: tuple[Words, ...] = ()


class Shortcoming(Item):
    """`cause` in the report's own words; `answered_by` are indexes into plans that may answer it, best first."""

    cause: str | None = None
    answered_by: tuple[int, ...] = ()


class Plan(Item):
    """`answers` is the index of the shortcoming it was named with in one breath, where there is one."""

    answers: int | None = None


class Leftover(_Value):
    """A sentence of a shortcomings or plans section that is in no item, and why."""

    text: str
    span: Span
    reason: str


class HintKind(StrEnum):
    """What a clerk should look at; a hint is never a task by itself."""

    NO_SHORTCOMINGS = "no_shortcomings"
    NO_PLANS = "no_plans"
    UNANSWERED = "unanswered"
    BROKEN_DATE = "broken_date"
    SECOND_REPORT = "second_report"
    UNFINISHED_FIGURE = "unfinished_figure"
    UNCERTAIN = "uncertain"
    FILE = "file"


class Hint(_Value):
    """One thing the clerk is told, in Chinese, with its place where it has one."""

    kind: HintKind
    message: str
    span: Span | None = None


class Head(_Value):
    """How surely title, body, year or date was read (0 to 1; 0 where none was), and what came second, in words."""

    confidence: float = Field(default=0.0, ge=0, le=1)
    runner_up: str = ""


class Heads(_Value):
    """The certainty of each."""

    title: Head = Head()
    org: Head = Head()
    year: Head = Head()
    issued: Head = Head()


class Missed(_Value):
    """Words that may be an item though none was read there, and how likely they are one."""

    text: str
    span: Span
    likely: float


class ParsedReport(_Value):
    """A report as read: metadata, items, what was left over, and what the clerk should know.

    `text` is the normalised text all spans refer to; `sha256` is of the file's bytes.
    """

    title: str
    org: str
    year: int | None
    issued: date | None
    heads: Heads = Heads()
    shortcomings: tuple[Shortcoming, ...] = ()
    plans: tuple[Plan, ...] = ()
    missed: tuple[Missed, ...] = ()
    leftovers: tuple[Leftover, ...] = ()
    hints: tuple[Hint, ...] = ()
    ruled: bool = False
    text: str = ""
    name: str = ""
    format: str = ""
    sha256: str = ""
