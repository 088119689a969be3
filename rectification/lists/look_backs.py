"""Which closed tasks are to be looked at again (回头看), and what was found: the list beside the draw."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from models.base import frozen
from models.enums import ClosureStage
from models.task import Closure, ClosureStep, LookBack, RectificationTask
from rectification.lists.case_file import LookBackLine
from rectification.office.actors import Actor
from rectification.task.access import visible
from rectification.task.doubts import Doubt
from rectification.task.look_back_draw import DOUBTED


@dataclass(frozen=True, slots=True)
class CheckRow(LookBackLine):
    """One look-back; `checked_on` is None while it waits, `reviewer` is who usually looks and may have left."""

    code: str
    title: str
    text: str
    unit: str
    reviewer: str
    reviewer_id: int | None
    has_left: bool
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class DoubtedTally:
    """What became of problems closed over one kind of doubt: so many signed, looked back at, and found to hold (站得住)."""

    word: str
    closed: int
    checked: int
    held: int

    @property
    def words(self) -> str:
        """带疑点销号 5 项，回头看 3 项，站得住 2 项."""
        checked = f"，回头看 {self.checked} 项，站得住 {self.held} 项" if self.checked else "，还没有回头看"
        return f"{self.word} {self.closed} 项{checked}"


def doubted_closings(session: Session, actor: Actor) -> list[DoubtedTally]:
    """Closings signed over a doubt of the tasks `actor` may see: all together first, then by kind, the most first.

    A closing with several doubts counts for each of their kinds, and once together; the latest look-back decides.
    """
    signed = select(ClosureStep.closure_id).where(ClosureStep.stage == ClosureStage.APPROVE)
    rows = session.execute(
        select(Closure.id, Closure.warnings, LookBack.has_reopened)
        .select_from(Closure)
        .join(RectificationTask)
        .outerjoin(LookBack, (LookBack.closure_id == Closure.id) & LookBack.checked_on.isnot(None))
        .where(
            visible(actor),
            RectificationTask.duplicate_of_id.is_(None),
            Closure.must_be_defended,
            Closure.id.in_(signed),
        )
        .order_by(LookBack.checked_on, LookBack.id)
    )
    found = {number: (warnings, reopened) for number, warnings, reopened in rows if warnings}
    of_kind: dict[str, list[bool | None]] = {}
    for warnings, reopened in found.values():
        for kind in (DOUBTED, *(Doubt(each["code"]).word for each in warnings)):
            of_kind.setdefault(kind, []).append(reopened)
    tallies = [
        DoubtedTally(kind, len(ends), sum(end is not None for end in ends), sum(end is False for end in ends))
        for kind, ends in of_kind.items()
    ]
    return sorted(tallies, key=lambda each: (each.word != DOUBTED, -each.closed))


def count_checks(session: Session, actor: Actor, *, is_own: bool = False) -> int:
    """How many look-backs wait among the tasks `actor` may see; of the tasks he is the reviewer of, where `is_own`."""
    query = (
        select(func.count(LookBack.id))
        .join(LookBack.task)
        .where(visible(actor), LookBack.checked_on.is_(None))
    )
    query = query.where(RectificationTask.duplicate_of_id.is_(None))
    if is_own:
        query = query.where(RectificationTask.reviewer_id.in_(actor.ids))
    return session.scalar(query) or 0


def list_checks(session: Session, actor: Actor) -> list[CheckRow]:
    """The look-backs of the tasks `actor` may see: those that wait first, by their day, then the latest found."""
    task = LookBack.task
    rows = session.scalars(
        select(LookBack)
        .join(task)
        .where(visible(actor), RectificationTask.duplicate_of_id.is_(None))
        .order_by(LookBack.due_on, LookBack.id)
        .options(
            contains_eager(task).options(
                joinedload(RectificationTask.lead_unit), joinedload(RectificationTask.reviewer)
            ),
            joinedload(LookBack.checked_by),
        )
    )
    found = [
        frozen(
            CheckRow,
            check,
            check.task,
            unit=check.task.lead_unit.name if check.task.lead_unit else "",
            has_left=check.task.reviewer is not None and not check.task.reviewer.is_active,
        )
        for check in rows
    ]
    waiting = [row for row in found if row.checked_on is None]
    done = sorted((row for row in found if row.checked_on), key=lambda row: str(row.checked_on), reverse=True)
    return waiting + done
