"""The week's look at closings (销号检查): what waits too long, is doubtful, is to be looked at again, or lies as a draft."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from core.workdays import WorkCalendar
from models.enums import ItemKind, Status
from models.task import Closure, LookBack, Measure, RectificationTask
from rectification.lists.whose_move import WaitRow, overlong

DAYS_AHEAD: Final = 7
"""Look-backs due within so many days are told."""
MEASURES_WITHIN: Final = 10
"""Working days after its issue by which a problem should have a measure."""

Task = RectificationTask


class DoubtRow(NamedTuple):
    """A closing somebody asked for whose proof looked like paper only, in so many ways (纸面销号)."""

    code: str
    title: str
    kind: ItemKind
    doubts: int


class LookBackRow(NamedTuple):
    """A closed task that is to be looked at again by a day, and by whom."""

    code: str
    title: str
    kind: ItemKind
    due_on: date
    reviewer_id: int | None


class UnmeasuredRow(NamedTuple):
    """A problem under way for which no measure was ever drawn up, and when it was issued."""

    code: str
    title: str
    kind: ItemKind
    issued_on: date | None


@dataclass(frozen=True, slots=True)
class ClosureWatch:
    """What one bureau's clerk is to see to, the most pressing first."""

    waiting: list[WaitRow] = field(default_factory=list)
    doubtful: list[DoubtRow] = field(default_factory=list)
    look_backs: list[LookBackRow] = field(default_factory=list)
    unmeasured: list[UnmeasuredRow] = field(default_factory=list)
    drafts: list[WaitRow] = field(default_factory=list)

    @property
    def total(self) -> int:
        kinds = (self.waiting, self.doubtful, self.look_backs, self.unmeasured, self.drafts)
        return sum(len(rows) for rows in kinds)

    def of_reviewers(self) -> dict[int, "ClosureWatch"]:
        """What each reviewer must look at again; of what waits for one the ladder of waiting tells."""
        found: dict[int, ClosureWatch] = {}
        for row in self.look_backs:
            if row.reviewer_id is not None:
                found.setdefault(row.reviewer_id, ClosureWatch()).look_backs.append(row)
        return found


def opens_week(day: date, calendar: WorkCalendar, since: date | None = None) -> bool:
    """Whether `day` is the first working day of its week, which may be a make-up day or a day after a holiday.

    Of the days after `since`, where that is given: the first on which somebody looks may be a later one.
    """
    sunday_before = day - timedelta(days=day.isoweekday())
    return calendar.is_workday(day) and (since or calendar.shift(day, -1)) <= sunday_before


def closure_watch(
    session: Session, bureau_ids: Collection[int], day: date, calendar: WorkCalendar
) -> dict[int, ClosureWatch]:
    """The bureaus that have something to look at. Restricted tasks (仅限指定人员) are left out: this is mailed."""
    found: dict[int, ClosureWatch] = {}
    for bureau_id, rows in overlong(session, bureau_ids, day, calendar).items():
        watch = found.setdefault(bureau_id, ClosureWatch())
        for row in rows:
            (watch.drafts if row.status is Status.DRAFT else watch.waiting).append(row)
    for bureau_id, *doubt in session.execute(_doubtful(bureau_ids)):
        found.setdefault(bureau_id, ClosureWatch()).doubtful.append(DoubtRow(*doubt))
    for bureau_id, *look_back in session.execute(_to_be_looked_at(bureau_ids, day)):
        found.setdefault(bureau_id, ClosureWatch()).look_backs.append(LookBackRow(*look_back))
    for bureau_id, *problem in session.execute(
        _unmeasured(bureau_ids, calendar.shift(day, -MEASURES_WITHIN))
    ):
        found.setdefault(bureau_id, ClosureWatch()).unmeasured.append(UnmeasuredRow(*problem))
    return found


def _unmeasured(
    bureau_ids: Collection[int], until: date
) -> Select[tuple[int, str, str, ItemKind, date | None]]:
    """Problems issued by `until` and under way without a measure that was not dropped."""
    has_measure = exists().where(Measure.task_id == Task.id, Measure.is_dropped.is_(False))
    return (
        select(Task.bureau_id, Task.code, Task.title, Task.kind, Task.issued_on)
        .where(
            Task.bureau_id.in_(bureau_ids),
            Task.is_restricted.is_(False),
            Task.status == Status.IN_PROGRESS,
            Task.kind != ItemKind.PLAN,
            Task.issued_on <= until,
            ~has_measure,
        )
        .order_by(Task.issued_on, Task.code)
    )


def _doubtful(bureau_ids: Collection[int]) -> Select[tuple[int, str, str, ItemKind, int]]:
    """Submitted or verified, and the checks at the newest submission had something to say."""
    newest = (
        select(Closure.task_id, func.max(Closure.round).label("round")).group_by(Closure.task_id).subquery()
    )
    doubts = func.json_array_length(Closure.warnings)
    return (
        select(Task.bureau_id, Task.code, Task.title, Task.kind, doubts)
        .join(newest, newest.c.task_id == Task.id)
        .join(Closure, (Closure.task_id == newest.c.task_id) & (Closure.round == newest.c.round))
        .where(
            Task.bureau_id.in_(bureau_ids),
            Task.is_restricted.is_(False),
            Task.status.in_((Status.SUBMITTED, Status.VERIFIED)),
            doubts > 0,
        )
        .order_by(doubts.desc(), Task.code)
    )


def _to_be_looked_at(
    bureau_ids: Collection[int], day: date
) -> Select[tuple[int, str, str, ItemKind, date, int | None]]:
    due_on = func.min(LookBack.due_on)
    return (
        select(Task.bureau_id, Task.code, Task.title, Task.kind, due_on, Task.reviewer_id)
        .join(LookBack, LookBack.task_id == Task.id)
        .where(
            Task.bureau_id.in_(bureau_ids),
            Task.is_restricted.is_(False),
            Task.duplicate_of_id.is_(None),
            LookBack.checked_on.is_(None),
            LookBack.due_on <= day + timedelta(days=DAYS_AHEAD),
        )
        .group_by(Task.id)
        .order_by(due_on, Task.code)
    )
