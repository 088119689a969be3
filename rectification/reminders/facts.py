"""Reading what reminding goes by: tasks in the order of their ids, and the people of their bureaus."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, case, false, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.bulk import among
from models.enums import Role, Status, ToldStatus
from models.mail import Told
from models.organisation import Person, PersonRole, Substitute
from models.task import Extension, Measure, Participant, Progress, RectificationTask
from rectification.lists.conditions import stated_on
from rectification.lists.whose_move import is_chiefs
from rectification.office.people import in_office
from rectification.reminders.task_facts import MeasureFacts, Roster, TaskFacts
from rectification.task.lifecycle import RUNNING

Task = RectificationTask
_OWN: Final = tuple(field.name for field in fields(TaskFacts) if field.default is MISSING)
"""The columns a task's facts begin with."""

Heard = dict[tuple[int, str, date], int]


class Recipient(NamedTuple):
    """A person as a message needs one; `address` is empty where there is no mailbox.

    Who switched mail off (not `wants_mail`) is written to about signatures alone, and rung about the own tasks.
    """

    id: int
    bureau_id: int
    name: str
    login: str
    address: str
    phone: str
    wants_mail: bool

    def is_reached_by_mail(self, *, is_to_sign: bool) -> bool:
        """Whether a day's entries go by mail: such as hold a signature, or whatever there is."""
        return bool(self.address) and (self.wants_mail or is_to_sign)


@dataclass(frozen=True, slots=True)
class Directory:
    """The people of some bureaus, and who of them holds which place."""

    recipients: Mapping[int, Recipient]
    roster: Roster


class Remindable(NamedTuple):
    """A task, and the highest rung each person has heard of each of its dates."""

    task: TaskFacts
    heard: Heard


def load_directory(session: Session, bureau_ids: Collection[int], day: date) -> Directory:
    """The people in office on `day`."""
    heads, clerks, chiefs, leaders = _office_holders(session, bureau_ids, day)
    substitutes = _substitutes(session, bureau_ids, day)
    query = select(
        Person.id, Person.bureau_id, Person.name, Person.login, Person.email, Person.phone, Person.wants_mail
    ).where(Person.bureau_id.in_(bureau_ids), Person.is_active)
    people = session.connection().execute(query).all()
    recipients = {row.id: Recipient(*row) for row in people}
    return Directory(
        recipients,
        Roster(
            people=recipients.keys(),
            leaders=leaders,
            muted=frozenset(person.id for person in recipients.values() if not person.wants_mail),
            heads=heads,
            clerks=clerks,
            chiefs=chiefs,
            substitutes={
                person: present
                for person, lent_to in substitutes.items()
                if (present := tuple(substitute for substitute in lent_to if substitute in recipients))
            },
        ),
    )


def stream_tasks(
    session: Session,
    bureau_ids: Collection[int],
    horizon: date,
    *,
    before: date,
    with_text_of: Collection[int] = (),
    asking: Collection[int] = (),
) -> Iterator[Remindable]:
    """Open tasks of which anything may be said: a date up to `horizon`, or a request that waits.

    What was heard counts every told row but those that wait since before `before`. `with_text_of` are the bureaus
    whose mail may carry the text, `asking` those whose review asks about every task under way. Restricted tasks (仅限指定人员) are left out: mail leaves the building.
    """
    wanted = _tasks(with_text_of).where(_remindable(bureau_ids, horizon, asking)).order_by(Task.id)
    rows = session.connection().execute(wanted).all()
    heard = _heard(session, [row.id for row in rows], before)
    for task in _with_parts(session, rows, with_said=bool(asking)):
        yield Remindable(task, heard.get(task.id, {}))


def tasks_by_id(
    session: Session, task_ids: Collection[int], *, with_text_of: Collection[int] = ()
) -> dict[int, TaskFacts]:
    """These tasks, whatever their status and dates."""
    wanted = (among(session, Task.id, task_ids), Task.is_restricted.is_(False))
    rows = session.connection().execute(_tasks(with_text_of).where(*wanted)).all()
    return {task.id: task for task in _with_parts(session, rows, with_said=True)}


def _remindable(bureau_ids: Collection[int], horizon: date, asking: Collection[int]) -> ColumnElement[bool]:
    measure_due = select(Measure.task_id).where(Measure.due_on <= horizon, *_to_be_done())
    undecided = select(Extension.task_id).where(Extension.decision.is_(None))
    return and_(
        Task.bureau_id.in_(bureau_ids),
        Task.is_restricted.is_(False),
        or_(
            and_(
                Task.status.in_(RUNNING),
                or_(Task.deadline_on <= horizon, Task.id.in_(measure_due), Task.id.in_(undecided)),
            ),
            Task.status.in_((Status.ASSIGNED, Status.SUBMITTED, Status.VERIFIED)),
            and_(Task.status == Status.IN_PROGRESS, Task.bureau_id.in_(asking)),
        ),
    )


def _to_be_done() -> tuple[ColumnElement[bool], ...]:
    return Measure.done_on.is_(None), Measure.is_dropped.is_(False), Measure.due_on.is_not(None)


def _tasks(with_text_of: Collection[int]) -> Select[Any]:
    text: ColumnElement[Any] = literal("")
    if with_text_of:
        text = case((Task.bureau_id.in_(with_text_of), Task.text), else_="")
    return select(
        *(getattr(Task, name) for name in _OWN),
        Task.is_confirmed,
        is_chiefs().label("is_chiefs"),
        stated_on(date.max).label("stated_on"),
        text.label("text"),
    )


def _with_parts(session: Session, rows: Sequence[Row[Any]], *, with_said: bool) -> Iterator[TaskFacts]:
    """The tasks of these rows, each with what else is known of it."""
    task_ids = [row.id for row in rows]
    participants = _hanging(session, task_ids, Participant, Participant.person_id, Participant.unit_id)
    to_be_done = _to_be_done()
    measures = _hanging(
        session, task_ids, Measure, Measure.id, Measure.owner_id, Measure.due_on, where=to_be_done
    )
    undecided = (Extension.decision.is_(None),)
    asked = _hanging(session, task_ids, Extension, Extension.asked_on, where=undecided)
    said = _by_task(
        session,
        select(Progress.task_id, func.max(Progress.reported_on).label("said_on"))
        .where(among(session, Progress.task_id, task_ids) if with_said else false())
        .group_by(Progress.task_id),
    )
    for row in rows:
        yield _task(row, *(parts.get(row.id, ()) for parts in (participants, measures, asked, said)))


def _hanging(
    session: Session,
    task_ids: Collection[int],
    table: type[Participant | Measure | Extension],
    *columns: InstrumentedAttribute[Any],
    where: Collection[ColumnElement[bool]] = (),
) -> dict[int, list[Row[Any]]]:
    """What hangs on these tasks, by task, in the order it came."""
    query = select(table.task_id, *columns).where(among(session, table.task_id, task_ids), *where)
    return _by_task(session, query.order_by(table.id))


def _by_task(session: Session, query: Select[Any]) -> dict[int, list[Row[Any]]]:
    """The rows of a query by their task."""
    found: dict[int, list[Row[Any]]] = {}
    for row in session.connection().execute(query):
        found.setdefault(row.task_id, []).append(row)
    return found


def _task(
    row: Row[Any],
    participants: Sequence[Row[Any]],
    measures: Sequence[Row[Any]],
    asked: Sequence[Row[Any]],
    said: Sequence[Row[Any]],
) -> TaskFacts:
    return TaskFacts(
        **dict(zip(_OWN, row, strict=False)),
        is_confirmed=row.is_confirmed,
        is_chiefs=row.is_chiefs,
        stated_on=row.stated_on,
        text=row.text,
        asked_on=asked[-1].asked_on if asked else None,
        said_on=said[-1].said_on if said else None,
        participants=tuple(each.person_id for each in participants if each.person_id is not None),
        participant_units=tuple(each.unit_id for each in participants if each.unit_id is not None),
        measures=tuple(MeasureFacts(each.id, each.owner_id, each.due_on) for each in measures),
    )


def _heard(session: Session, task_ids: Collection[int], before: date) -> dict[int, Heard]:
    key = (Told.task_id, Told.person_id, Told.subject, Told.due_on)
    is_heard = or_(Told.status != ToldStatus.WAITING, Told.day >= before)
    query = (
        select(*key, func.max(Told.rung))
        .where(among(session, Told.task_id, task_ids), is_heard)
        .group_by(*key)
    )
    found: dict[int, Heard] = {}
    for task_id, person_id, subject, due_on, rung in session.connection().execute(query):
        found.setdefault(task_id, {})[person_id, subject, due_on] = rung
    return found


def _office_holders(
    session: Session, bureau_ids: Collection[int], day: date
) -> tuple[dict[int, tuple[int, ...]], ...]:
    """The heads of each unit, and of each bureau its clerks, its chiefs, its leaders with the chiefs among them."""
    heads: dict[int, tuple[int, ...]] = {}
    clerks: dict[int, tuple[int, ...]] = {}
    chiefs: dict[int, tuple[int, ...]] = {}
    leaders: dict[int, tuple[int, ...]] = {}
    places = {
        Role.UNIT_HEAD: (heads,),
        Role.CLERK: (clerks,),
        Role.CHIEF: (chiefs, leaders),
        Role.LEADER: (leaders,),
    }
    holders = in_office(day, *places).add_columns(Person.unit_id, Person.bureau_id, PersonRole.role)
    for row in session.connection().execute(
        holders.where(Person.bureau_id.in_(bureau_ids)).order_by(Person.id)
    ):
        place = row.unit_id if row.role is Role.UNIT_HEAD else row.bureau_id
        for of_role in places[row.role]:
            if row.id not in of_role.get(place, ()):
                of_role[place] = (*of_role.get(place, ()), row.id)
    return heads, clerks, chiefs, leaders


def _substitutes(session: Session, bureau_ids: Collection[int], day: date) -> dict[int, tuple[int, ...]]:
    substitutes: dict[int, tuple[int, ...]] = {}
    for person_id, substitute_id in session.connection().execute(
        select(Substitute.person_id, Substitute.substitute_id)
        .join(Person, Person.id == Substitute.person_id)
        .where(Person.bureau_id.in_(bureau_ids), Substitute.starts_on <= day, Substitute.ends_on >= day)
        .order_by(Substitute.id)
    ):
        substitutes[person_id] = (*substitutes.get(person_id, ()), substitute_id)
    return substitutes
