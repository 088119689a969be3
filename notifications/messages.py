"""What messages say: one frozen context per template, made of plain words."""

import unicodedata
from dataclasses import dataclass
from typing import ClassVar


def clean(text: str) -> str:
    """`text` on one line: control, direction and separator characters, which could forge a line, become spaces."""
    return "".join(" " if unicodedata.category(c) in _FORGING else c for c in text).strip()


_FORGING = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Line:
    """One task in a digest. `kind` is 整改任务, 整改措施 …; `detail` is empty unless the bureau mails texts."""

    code: str
    title: str
    kind: str
    when: str
    why: str
    url: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Digest:
    """The one message of a day to a person.

    `led_overdue` counts what is overdue in a leader's line: leaders get counts, not tasks. `undelivered` counts
    yesterday's messages that did not arrive; it is told to clerks.
    """

    template: ClassVar[str] = "digest"

    name: str
    day: str
    home_url: str
    overdue: tuple[Line, ...] = ()
    due: tuple[Line, ...] = ()
    asked: tuple[Line, ...] = ()
    led_overdue: int = 0
    undelivered: int = 0

    @property
    def headline(self) -> str:
        """What the subject says."""
        counts = (
            (len(self.due), "项即将到期"),
            (len(self.overdue), "项已超期"),
            (len(self.asked), "项待办"),
            (self.led_overdue, "项分管任务超期"),
            (self.undelivered, "封邮件未送达"),
        )
        return "，".join(f"{count}{what}" for count, what in counts if count)


@dataclass(frozen=True, slots=True)
class TestMail:
    """What `doctor` sends to see whether mail arrives."""

    template: ClassVar[str] = "test_mail"

    name: str
    moment: str
    home_url: str


Message = Digest | TestMail
