"""The telephone list (待电话通知): who has no mailbox, or whose mail did not arrive, and the tick once rung."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from core.clock import Clock
from core.errors import Conflict, Forbidden, NotFound
from models.enums import OutboxStatus, Role, ToldStatus
from models.mail import OutboxMessage, PhoneCall, Told
from models.organisation import Person, Unit
from models.task import RectificationTask
from notifications.log import Reason
from notifications.tellers import teller_of
from notifications.wording import NOTE_NAME, rule_label, rule_name
from rectification.office.actors import Actor
from rectification.reminders.rules import WAIT
from rectification.task.lifecycle import OPEN


@dataclass(frozen=True, slots=True)
class CallItem:
    """What the person is to be told of one task; `is_request` where something waits for them, not a date of theirs."""

    title: str
    due_on: date
    reason: Reason
    is_request: bool = False


@dataclass(frozen=True, slots=True)
class CallRow:
    """One person to ring about one day's reminders; `called_at` and `caller` are empty until somebody did.

    `refusal` is why the mail did not arrive, empty where none was written: there is no mailbox, or it is switched off.
    `notes` are what there is beside tasks, by name.
    """

    person_id: int
    name: str
    login: str
    phone: str
    unit: str
    day: date
    refusal: str
    items: tuple[CallItem, ...]
    notes: tuple[str, ...] = ()
    caller: str = ""
    called_at: datetime | None = None
    note: str = ""
    has_mailbox: bool = False

    @property
    def why(self) -> str:
        """Why the person is rung rather than written to."""
        if self.refusal:
            return f"邮件未送达：{self.refusal}"
        return "已关闭邮件提醒" if self.has_mailbox else "没有邮箱"


@dataclass(frozen=True, slots=True)
class Callee:
    """A person to ring once, about every day that was missed; of the same matter only the newest word."""

    row: CallRow
    days: tuple[date, ...]
    items: tuple[CallItem, ...]
    notes: tuple[str, ...]


def callees(rows: Iterable[CallRow]) -> list[Callee]:
    """Rows nobody has rung about yet, by person, in the order their oldest came."""
    by_person: dict[int, list[CallRow]] = {}
    for row in rows:
        if row.called_at is None:
            by_person.setdefault(row.person_id, []).append(row)
    found = []
    for own in by_person.values():
        newest = {(item.reason.code, item.due_on, item.is_request): item for row in own for item in row.items}
        days = tuple(dict.fromkeys(row.day for row in own))
        notes = tuple(dict.fromkeys(note for row in own for note in row.notes))
        found.append(Callee(own[-1], days, tuple(newest.values()), notes))
    return found


def call_list(session: Session, bureau_id: int | None = None, *, with_called: bool = False) -> list[CallRow]:
    """Who is to be rung, the oldest first; whoever's tasks have all ended meanwhile need not be."""
    caller = aliased(Person)
    wanted = true() if with_called else PhoneCall.called_at.is_(None)
    calls = session.execute(
        select(PhoneCall, Person, Unit.name, caller.name)
        .join(Person, Person.id == PhoneCall.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .outerjoin(caller, caller.id == PhoneCall.called_by_id)
        .where(_of(PhoneCall.bureau_id, bureau_id), wanted)
    ).all()
    unanswered = session.execute(
        select(OutboxMessage, Person, Unit.name)
        .join(Person, Person.id == OutboxMessage.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(_of(OutboxMessage.bureau_id, bureau_id), is_unanswered())
    ).all()
    items, notes = _items(session, bureau_id), _notes(session, bureau_id)

    def row(person: Person, unit: str, day: date, refusal: str = "") -> CallRow:
        said = tuple(items.get((person.id, day), ()))
        who = (person.id, person.name, person.login, person.phone, unit)
        beside = tuple(notes.get((person.id, day), ()))
        return CallRow(*who, day, refusal, said, beside, has_mailbox=bool(person.email))

    rows = [row(person, unit, message.day, message.last_error) for message, person, unit in unanswered]
    rows += [
        replace(row(person, unit, call.day), caller=called_by or "", called_at=call.called_at, note=call.note)
        for call, person, unit, called_by in calls
    ]
    due = (row for row in rows if row.items or row.notes or row.called_at)
    return sorted(due, key=lambda row: (row.day, row.person_id))


def tick(
    session: Session,
    clock: Clock,
    by: Actor,
    *,
    person_id: int,
    day: date,
    note: str = "",
) -> None:
    """Note that `by` has told the person by telephone.

    Raises: Forbidden, for who does not keep the list; NotFound, where the person is not on the list of that day;
    Conflict, where somebody rang before.
    """
    if not by.has(Role.CLERK, Role.ADMIN):
        raise Forbidden(f"{by.name}不能登记电话通知", "这一步由台账管理员办理", "请联系台账管理员")
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))
    on_list = {(row.person_id, row.day): row for row in call_list(session, by.bureau_id, with_called=True)}
    row = on_list.get((person_id, day))
    if row is None:
        raise NotFound(f"{day} 的待电话通知名单上没有这个人", "", "请刷新名单后再试")
    if row.called_at is not None:
        raise Conflict(f"{row.name} 已由 {row.caller} 通知", "", "请刷新名单")
    on_day = PhoneCall.person_id == person_id, PhoneCall.day == day
    call = session.scalar(select(PhoneCall).where(*on_day)) or PhoneCall(
        bureau_id=by.bureau_id, person_id=person_id, day=day
    )
    call.called_by_id, call.called_at, call.note = by.person_id, clock.now, note.strip()
    session.add(call)
    session.flush()


def _of(column: InstrumentedAttribute[int], bureau_id: int | None) -> ColumnElement[bool]:
    return true() if bureau_id is None else column == bureau_id


def is_unanswered() -> ColumnElement[bool]:
    """A message that did not arrive, of a task still open or of none, whose addressee is in office and not rung since."""
    call, person = aliased(PhoneCall), aliased(Person)
    is_rung = exists().where(call.person_id == OutboxMessage.person_id, call.day == OutboxMessage.day)
    in_office = exists().where(person.id == OutboxMessage.person_id, person.is_active)
    still_open = select(RectificationTask.id).where(RectificationTask.status.in_(OPEN))
    still_matters = exists().where(
        Told.message_id == OutboxMessage.id,
        Told.status == ToldStatus.TOLD,
        or_(Told.task_id.is_(None), Told.task_id.in_(still_open)),
    )
    return and_(OutboxMessage.status == OutboxStatus.UNDELIVERED, ~is_rung, in_office, still_matters)


def _unmailed(bureau_id: int | None) -> tuple[ColumnElement[bool], ...]:
    """What stands on the list: told by no message, or by one that did not arrive."""
    undelivered = select(OutboxMessage.id).where(OutboxMessage.status == OutboxStatus.UNDELIVERED)
    return (
        _of(Told.bureau_id, bureau_id),
        Told.status == ToldStatus.TOLD,
        or_(Told.message_id.is_(None), Told.message_id.in_(undelivered)),
    )


def _notes(session: Session, bureau_id: int | None) -> dict[tuple[int, date], list[str]]:
    """What stands on the list beside tasks, by person and day."""
    found: dict[tuple[int, date], list[str]] = {}
    said = select(Told.person_id, Told.day, Told.subject).where(*_unmailed(bureau_id), Told.task_id.is_(None))
    for person_id, day, subject in session.execute(said.order_by(Told.id)):
        found.setdefault((person_id, day), []).append(NOTE_NAME[teller_of(subject)])
    return found


def _items(session: Session, bureau_id: int | None) -> dict[tuple[int, date], list[CallItem]]:
    """What stands on the list of tasks still open, by person and day."""
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
        .where(*_unmailed(bureau_id), RectificationTask.status.in_(OPEN))
        .order_by(Told.due_on, RectificationTask.code)
    ):
        reason = Reason(code, rule_name(subject, rung), rule_label(subject, rung))
        item = CallItem(title, due_on, reason, is_request=subject.startswith(WAIT))
        found.setdefault((person_id, day), []).append(item)
    return found
