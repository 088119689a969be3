"""The way of a review as a line: what was and is to be done by when, and where today lies on it. Pure."""

from dataclasses import dataclass
from datetime import date

from models.enums import Worded
from models.review import ReviewCycle
from rectification.halfyear.review_days import CycleDays
from rectification.task.time_limits import day_text


class Stop(Worded):
    """What a review comes to, in this order."""

    OPEN = "open", "开启"
    ASK = "ask", "请报送"
    DUE = "due", "报送期限"
    FREEZE = "freeze", "数据冻结"
    HEAR = "hear", "听取汇报"

    @property
    def is_deadline(self) -> bool:
        return self in (Stop.DUE, Stop.HEAR)


@dataclass(frozen=True, slots=True)
class Milestone:
    """One stop: `day` is when it is due, `done_on` when it was reached; `words` say how far it is."""

    stop: Stop
    day: date
    done_on: date | None = None
    words: str = ""
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a review has come; None and 0 before it was opened."""

    opened_on: date | None = None
    stated: int = 0
    missing: int = 0
    version: int | None = None
    frozen_on: date | None = None
    heard_on: date | None = None
    meets_on: date | None = None


def way_of(days: CycleDays | ReviewCycle, now: Standing, today: date) -> tuple[Milestone, ...]:
    """The stops of a review, each by its day."""
    asked_on = max(days.opens_on, now.opened_on or days.opens_on)
    is_asked = now.opened_on is not None and asked_on <= today
    is_short = is_asked and now.missing > 0 and now.frozen_on is None
    is_due = days.statements_due_on < today
    return (
        Milestone(
            Stop.OPEN, days.opens_on, now.opened_on, is_late=not now.opened_on and days.opens_on < today
        ),
        Milestone(
            Stop.ASK, asked_on, asked_on if is_asked else None, f"已报{now.stated}项" if is_asked else ""
        ),
        Milestone(
            Stop.DUE,
            days.statements_due_on,
            days.statements_due_on if is_due and not is_short else None,
            f"还缺{now.missing}项" if is_short else "",
            is_late=is_due and is_short,
        ),
        Milestone(
            Stop.FREEZE,
            days.cut_off_on,
            now.frozen_on,
            f"第{now.version}版" if now.version else "",
            is_late=now.frozen_on is None and days.cut_off_on < today,
        ),
        Milestone(
            Stop.HEAR,
            days.hearing_by,
            now.heard_on,
            f"已安排{day_text(now.meets_on)}" if now.meets_on and not now.heard_on else "",
            is_late=now.heard_on is None and days.hearing_by < today,
        ),
    )
