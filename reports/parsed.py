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


class Item(_Value):
    """A shortcoming or a plan, in the report's own words (`docs/reading.md` says what counts as one).

    `spans` are where the words stand, in order (an item over several blocks has several); `page` and
    `paragraph` are of the first. `section` is the heading it stands under, `number` its enumerator as printed.
    """

    text: str
    spans: tuple[Span, ...] = ()
    page: int | None = None
    paragraph: int = 0
    section: str = ""
    number: str = ""


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
    CONTRADICTING_FIGURES = "contradicting_figures"
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
    leftovers: tuple[Leftover, ...] = ()
    hints: tuple[Hint, ...] = ()
    text: str = ""
    name: str = ""
    format: str = ""
    sha256: str = ""
