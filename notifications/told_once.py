"""What people were told: one row for each rung of the ladder, and what waits for the next digest (docs/decisions/0004)."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Final, NamedTuple, cast

from sqlalchemy import Table, bindparam, or_, select, update
from sqlalchemy.orm import Session

from core.bulk import among
from models.enums import ToldStatus
from models.mail import Told

TOLD: Final = cast("Table", Told.__table__)


class Key(NamedTuple):
    """Which ladder a reminder belongs to: one person's, for one date of one task, or a note's of one day."""

    person_id: int
    task_id: int | None
    subject: str
    due_on: date


def waiting(session: Session, bureau_ids: Collection[int], before: date) -> dict[Key, dict[int, int]]:
    """Entries that wait since before a day: the told row of each rung, by key."""
    found: dict[Key, dict[int, int]] = {}
    for told_id, rung, *key in session.execute(
        select(Told.id, Told.rung, Told.person_id, Told.task_id, Told.subject, Told.due_on).where(
            Told.bureau_id.in_(bureau_ids), Told.status == ToldStatus.WAITING, Told.day < before
        )
    ):
        found.setdefault(Key(*key), {})[rung] = told_id
    return found


def noted(
    session: Session, bureau_ids: Collection[int], first: date, last: date
) -> set[tuple[int, str, date]]:
    """The notes that were written for these days: to whom, by its subject, on which day."""
    notes = select(Told.person_id, Told.subject, Told.due_on).where(
        Told.bureau_id.in_(bureau_ids), Told.task_id.is_(None), Told.due_on.between(first, last)
    )
    return set(session.execute(notes).tuples())


def said_of_tasks(
    session: Session, task_ids: Collection[int], *like: str
) -> set[tuple[int, int | None, str]]:
    """What was said of these tasks with subjects like these: person, task, subject."""
    said = select(Told.person_id, Told.task_id, Told.subject).where(
        among(session, Told.task_id, task_ids), or_(*(Told.subject.like(each) for each in like))
    )
    return set(session.execute(said).tuples()) if task_ids else set()


def said_beside(session: Session, person_ids: Collection[int], like: str) -> dict[tuple[int, str], date]:
    """The day on which each of these people was told of a subject like this that is of no task."""
    said = select(Told.person_id, Told.subject, Told.day).where(
        Told.person_id.in_(person_ids), Told.task_id.is_(None), Told.subject.like(like)
    )
    return {(person, subject): day for person, subject, day in session.execute(said)} if person_ids else {}


def carry(session: Session, day: date, carried: Mapping[int, int | None]) -> None:
    """Put what had waited into today's messages: told rows, each with its message; with none where it is said by telephone."""
    if carried:
        session.connection().execute(
            TOLD.update()
            .where(TOLD.c.id == bindparam("waited"))
            .values(message_id=bindparam("said_in"), day=day, status=ToldStatus.TOLD),
            [{"waited": told_id, "said_in": message_id} for told_id, message_id in carried.items()],
        )


def drop(session: Session, told_ids: Collection[int], status: ToldStatus) -> None:
    """Take entries out of whatever was to say them: a higher rung does, or nothing is left to say."""
    session.execute(
        update(Told)
        .where(among(session, Told.id, told_ids))
        .values(status=status, message_id=None)
        .execution_options(synchronize_session=False)
    )


def wait_again(session: Session, message_ids: Collection[int]) -> None:
    """Let what these messages were to say wait for the next digest."""
    session.execute(
        update(Told)
        .where(among(session, Told.message_id, message_ids), Told.status == ToldStatus.TOLD)
        .values(status=ToldStatus.WAITING, message_id=None)
        .execution_options(synchronize_session=False)
    )
