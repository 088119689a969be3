"""What a period shows of the head's duty (第一责任人履职、述法): facts alone, the words are the office's."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import Role, Verb
from models.history import EventText, TaskEvent
from models.organisation import Person, PersonRole
from models.task import RectificationTask
from rectification.halfyear.hearings import HearingRow, list_hearings
from rectification.lists.figures import Period
from rectification.task.standing import undone

_TITLED: Final = Person.position + Person.name


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting that heard the work, and the codes of the tasks it decided. `presided_by` with his post, where known."""

    held_on: date
    body: str
    topic: str
    minutes_no: str
    decided: tuple[str, ...]
    presided_by: str = ""


@dataclass(frozen=True, slots=True)
class Instruction:
    """A 批示, 挂牌督办 or 审签: who (with his post), when, on which task, in which words. `is_chief` tells the head from others."""

    day: date
    person: str
    is_chief: bool
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class DutyFacts:
    """Meetings, instructions and listed supervision of a period, and what the head signed off."""

    hearings: tuple[Meeting, ...] = ()
    instructions: tuple[Instruction, ...] = ()
    supervisions: tuple[Instruction, ...] = ()
    approvals: tuple[Instruction, ...] = ()


def duty_facts(session: Session, bureau_id: int, period: Period) -> DutyFacts:
    """The facts of a period, in the order of their days; tasks only named persons may see are left out."""
    heard = list_hearings(session, bureau_id, since=period.starts_on, until=period.cut_off_on)
    signed = _acts(session, bureau_id, period, Verb.APPROVE, Verb.TERMINATE)
    return DutyFacts(
        hearings=tuple(_meeting(row) for row in reversed(heard)),
        instructions=tuple(_acts(session, bureau_id, period, Verb.INSTRUCT)),
        supervisions=tuple(_acts(session, bureau_id, period, Verb.SUPERVISE)),
        approvals=tuple(act for act in signed if act.is_chief),
    )


def last_meeting(session: Session, bureau_id: int, day: date) -> Meeting | None:
    """The last meeting that heard the work by `day`."""
    heard = list_hearings(session, bureau_id, until=day)
    return _meeting(heard[0]) if heard else None


def _meeting(row: HearingRow) -> Meeting:
    decided = tuple(entry.task_code for entry in row.resolutions)
    return Meeting(row.held_on, row.body, row.topic, row.minutes_no, decided, row.presided_by)


def _acts(session: Session, bureau_id: int, period: Period, *verbs: Verb) -> Iterator[Instruction]:
    chiefs = set(
        session.scalars(
            select(PersonRole.person_id)
            .join(Person, Person.id == PersonRole.person_id)
            .where(Person.bureau_id == bureau_id, PersonRole.role == Role.CHIEF)
        )
    )
    taken_back = select(TaskEvent).where(TaskEvent.bureau_id == bureau_id, TaskEvent.verb == Verb.UNDO)
    query = (
        select(TaskEvent.effective_on, Person.id, _TITLED, RectificationTask.code, EventText.text)
        .join(RectificationTask, RectificationTask.id == TaskEvent.task_id)
        .join(Person, Person.id == TaskEvent.actor_id)
        .outerjoin(EventText, EventText.event_id == TaskEvent.id)
        .where(
            TaskEvent.bureau_id == bureau_id,
            TaskEvent.verb.in_(verbs),
            TaskEvent.sequence.not_in(undone(session.scalars(taken_back))),
            TaskEvent.effective_on.between(period.starts_on, period.cut_off_on),
            RectificationTask.is_restricted.is_(False),
        )
        .order_by(TaskEvent.effective_on, TaskEvent.sequence)
    )
    for day, person_id, name, code, text in session.execute(query):
        yield Instruction(day, name, person_id in chiefs, code, text or "")
