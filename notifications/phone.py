"""The telephone list (待电话通知): who has no mailbox, or whose mail did not arrive, and the tick once rung."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from core.clock import Clock
from core.errors import Conflict, NotFound
from models.enums import OutboxStatus, ToldStatus
from models.mail import OutboxMessage, PhoneCall, Told
from models.organisation import Person, Unit
from models.task import RectificationTask
from notifications.log import Reason
from notifications.wording import rule_label, rule_name
from rectification.lifecycle import OPEN


@dataclass(frozen=True, slots=True)
class CallItem:
    """What the person is to be told of one task."""

    title: str
    due_on: date
    reason: Reason


@dataclass(frozen=True, slots=True)
class CallRow:
    """One person to ring about one day's reminders; `called_at` and `caller` are empty until somebody did.

    `refusal` is why the mail did not arrive, empty where there is no mailbox.
    """

    person_id: int
    name: str
    login: str
    phone: str
    unit: str
    day: date
    refusal: str
    items: tuple[CallItem, ...]
    caller: str = ""
    called_at: datetime | None = None
    note: str = ""


def call_list(session: Session, bureau_id: int | None = None, *, with_called: bool = False) -> list[CallRow]:
    """Who is to be rung, the oldest first; whoever's tasks have all ended meanwhile need not be."""
    caller = aliased(Person)
    rows = session.execute(
        select(PhoneCall, Person, Unit.name, caller.name)
        .join(Person, Person.id == PhoneCall.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .outerjoin(caller, caller.id == PhoneCall.called_by_id)
        .where(_of(PhoneCall.bureau_id, bureau_id))
        .order_by(PhoneCall.day, PhoneCall.id)
    ).all()
    undelivered = _undelivered(session, bureau_id)
    items = _items(session, bureau_id, {message.id for message, _, _ in undelivered})
    calls = [
        CallRow(
            person_id=person.id,
            name=person.name,
            login=person.login,
            phone=person.phone,
            unit=unit,
            day=call.day,
            refusal="",
            items=tuple(items.get((person.id, call.day), ())),
            caller=called_by or "",
            called_at=call.called_at,
            note=call.note,
        )
        for call, person, unit, called_by in rows
        if with_called or call.called_at is None
    ]
    rung = {(call.person_id, call.day) for call, *_ in rows}
    calls += [
        CallRow(
            person_id=person.id,
            name=person.name,
            login=person.login,
            phone=person.phone,
            unit=unit,
            day=message.day,
            refusal=message.last_error,
            items=tuple(items.get((person.id, message.day), ())),
        )
        for message, person, unit in undelivered
        if (person.id, message.day) not in rung
    ]
    due = (row for row in calls if row.items or row.called_at)
    return sorted(due, key=lambda row: (row.day, row.person_id))


def tick(
    session: Session,
    clock: Clock,
    *,
    bureau_id: int,
    person_id: int,
    day: date,
    caller_id: int,
    note: str = "",
) -> None:
    """Note that `caller_id` has told the person by telephone.

    Raises: NotFound, where the person is not on the list of that day; Conflict, where somebody rang before.
    """
    on_list = {(row.person_id, row.day): row for row in call_list(session, bureau_id, with_called=True)}
    row = on_list.get((person_id, day))
    if row is None:
        raise NotFound(f"{day} 的待电话通知名单上没有这个人", "", "请刷新名单后再试")
    if row.called_at is not None:
        raise Conflict(f"{row.name} 已由 {row.caller} 通知", "", "请刷新名单")
    call = session.scalar(
        select(PhoneCall).where(PhoneCall.person_id == person_id, PhoneCall.day == day).with_for_update()
    ) or PhoneCall(bureau_id=bureau_id, person_id=person_id, day=day)
    call.called_by_id, call.called_at, call.note = caller_id, clock.now, note.strip()
    session.add(call)
    session.flush()


def _of(column: InstrumentedAttribute[int], bureau_id: int | None) -> ColumnElement[bool]:
    return true() if bureau_id is None else column == bureau_id


def _undelivered(session: Session, bureau_id: int | None) -> list[tuple[OutboxMessage, Person, str]]:
    rows = session.execute(
        select(OutboxMessage, Person, Unit.name)
        .join(Person, Person.id == OutboxMessage.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(
            _of(OutboxMessage.bureau_id, bureau_id),
            OutboxMessage.status == OutboxStatus.UNDELIVERED,
            Person.is_active,
        )
    )
    return list(rows.tuples())


def _items(
    session: Session, bureau_id: int | None, message_ids: Collection[int]
) -> dict[tuple[int, date], list[CallItem]]:
    """What stands on the list, by person and day: told by no message, or by one that did not arrive."""
    on_phone = and_(Told.message_id.is_(None), _of(Told.bureau_id, bureau_id))
    found: dict[tuple[int, date], list[CallItem]] = {}
    for person_id, day, code, title, due_on, subject, rung in session.execute(
        select(
            Told.person_id,
            Told.day,
            RectificationTask.code,
            RectificationTask.title,
            Told.due_on,
            Told.subject,
            Told.rung,
        )
        .join(RectificationTask, RectificationTask.id == Told.task_id)
        .where(
            Told.status == ToldStatus.TOLD,
            on_phone | Told.message_id.in_(message_ids),
            RectificationTask.status.in_(OPEN),
        )
        .order_by(Told.due_on, RectificationTask.code)
    ):
        reason = Reason(code, rule_name(subject, rung), rule_label(subject, rung))
        found.setdefault((person_id, day), []).append(CallItem(title, due_on, reason))
    return found
