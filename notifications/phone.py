"""The telephone list (待电话通知), worked out when it is looked at: who is not reached by mail, and the tick once rung."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from core.clock import Clock
from core.errors import Conflict, Forbidden, NotFound
from models.enums import OutboxStatus, Role, ToldStatus
from models.mail import OutboxMessage, PhoneCall, Told
from models.organisation import Person, Unit
from models.task import RectificationTask
from notifications.rulebook import Rulebook, load_rulebook
from notifications.tellers import teller_of
from notifications.wording import NOTE_NAME, kind_of, reason, wait_words
from rectification.lists.rows import TaskRow, rows_of
from rectification.office.actors import Actor
from rectification.office.calendar import load_calendar
from rectification.reminders.facts import Directory, load_directory, stream_tasks
from rectification.reminders.rules import MEASURE, REVIEW, WAIT, Mention, mentions
from rectification.reminders.task_facts import TaskFacts
from rectification.task.lifecycle import OPEN
from rectification.task.time_limits import day_text

AGAIN_AFTER: Final = timedelta(days=7)
"""Whoever was rung and has still not acted is rung anew, where nothing newer came up before."""


@dataclass(frozen=True, slots=True)
class CallItem:
    """One task as its row stands now; `request` is what is asked of the person beside the task's own date.

    It is not the person's own where others left it undone and it went up, or while another has to decide on it.
    """

    row: TaskRow
    request: str
    is_to_sign: bool
    is_own: bool


@dataclass(frozen=True, slots=True)
class Callee:
    """A person to ring. `refusal` is why the mail did not arrive; `notes` are what there is beside tasks, by name;
    `newest` is the day on which the last of it came up.
    """

    person_id: int
    bureau_id: int
    name: str
    login: str
    phone: str
    unit: str
    has_mailbox: bool
    refusal: str
    items: tuple[CallItem, ...]
    notes: tuple[str, ...]
    newest: date

    def asked(self, *, signs: bool) -> list[tuple[TaskRow, str]]:
        """What is the person's own, for one of the two papers: to sign, or to do."""
        own = (item for item in self.items if item.is_own and item.is_to_sign is signs)
        return [(item.row, item.request) for item in own]

    @property
    def why(self) -> str:
        """Why the person is rung rather than written to."""
        if self.refusal:
            return f"邮件未送达：{self.refusal}"
        return "已关闭邮件提醒" if self.has_mailbox else "没有邮箱"


@dataclass(frozen=True, slots=True)
class CallMade:
    """Who rang whom, and when."""

    day: date
    name: str
    login: str
    caller: str
    called_at: datetime | None
    note: str


def call_list(session: Session, day: date, bureau_id: int | None = None) -> list[Callee]:
    """Who is to be rung on `day` (of all bureaus without one), by number of the person."""
    bureaus = select(Unit.id).where(Unit.bureau_id == Unit.id, _of(Unit.id, bureau_id))
    found = session.scalars(bureaus).all()
    return callees(session, load_rulebook(session, found, day, load_calendar(session))) if found else []


def callees(session: Session, rulebook: Rulebook, *, only: int | None = None) -> list[Callee]:
    """Whom mail does not reach and who was not rung of it since; or `only` one person, whatever mail told them."""
    bureaus, day = rulebook.rules.keys(), rulebook.day
    directory = load_directory(session, bureaus, day)
    refused, rung_on = _refusals(session, bureaus), _last_calls(session, bureaus)
    unreached = {
        to.id
        for to in directory.recipients.values()
        if to.id in refused or not (to.address and to.wants_mail)
    }
    muted = {person for person in unreached - refused.keys() if directory.recipients[person].address}
    notes: dict[int, dict[str, date]] = {}
    if only is None:
        notes = _notes(session, bureaus, day, rung_on)
    else:
        unreached, muted, rung_on = {only}, set(), {}
    said = _said(session, directory, rulebook, unreached, muted)
    newest = {
        person: max(spoke.values()) + timedelta(days=1)  # it is known once its flow has run
        for person, spoke in notes.items()
        if person in directory.recipients
    }
    for person, of_person in said.items():
        rung, last = rung_on.get(person, date.min), max(each.spoke_on for each in of_person.values())
        if person in newest or last > rung or day - rung >= AGAIN_AFTER:
            newest[person] = max(last, newest.get(person, last))
    task_ids = sorted({task_id for person in newest for task_id in said.get(person, ())})
    rows = {row.id: row for row in rows_of(session, task_ids, day, rulebook.calendar)}
    homes = select(Person.id, Unit.name).join(Unit, Unit.id == Person.unit_id).where(Person.id.in_(newest))
    units = dict(session.execute(homes).tuples().all())
    found = []
    for to in (directory.recipients[person] for person in sorted(newest)):
        items = [CallItem(rows[key], *each[:3]) for key, each in said.get(to.id, {}).items()]
        items.sort(key=lambda item: (-item.row.overdue_days, item.row.deadline_on or date.max, item.row.code))
        found.append(
            Callee(
                person_id=to.id,
                bureau_id=to.bureau_id,
                name=to.name,
                login=to.login,
                phone=to.phone,
                unit=units[to.id],
                has_mailbox=bool(to.address),
                refusal=refused.get(to.id, ""),
                items=tuple(items),
                notes=tuple(notes.get(to.id, ())),
                newest=newest[to.id],
            )
        )
    return found


class _Said(NamedTuple):
    """What the rules say of one task to one person, and when they last spoke."""

    request: str
    is_to_sign: bool
    is_own: bool
    spoke_on: date


def _said(
    session: Session,
    directory: Directory,
    rulebook: Rulebook,
    people: Collection[int],
    muted: Collection[int],
) -> dict[int, dict[int, _Said]]:
    """What the rules say to these people by task; to who switched mail off signatures go by mail."""
    said: dict[int, dict[int, _Said]] = {}
    bureaus, day = rulebook.rules.keys(), rulebook.day
    stream = stream_tasks(session, bureaus, rulebook.horizon, before=day, asking=rulebook.asking)
    for task, _ in stream if people else ():
        rules = rulebook.rules[task.bureau_id]
        for mention in mentions(task, directory.roster, rules):
            person = mention.person_id
            if person not in people or (mention.is_to_sign and person in muted):
                continue
            own = said.setdefault(person, {})
            words = _request(task, mention, reason(mention, day, rulebook.calendar))
            spoke_on = min(rules.day_of(mention.due_on, mention.rung), day)
            is_own = mention.level == 0 and (mention.subject.startswith(WAIT) or task.asked_on is None)
            new = _Said(words, mention.is_to_sign, is_own, spoke_on)
            known = own.get(task.id, new)
            told = new if mention.subject.startswith(WAIT) or not known.request else known
            own[task.id] = told._replace(
                is_own=known.is_own or is_own, spoke_on=max(known.spoke_on, spoke_on)
            )
    return said


def calls_made(session: Session, bureau_id: int | None = None) -> list[CallMade]:
    """The ticks, the newest first."""
    caller = aliased(Person)
    ticks = session.execute(
        select(PhoneCall.day, Person.name, Person.login, caller.name, PhoneCall.called_at, PhoneCall.note)
        .join(Person, Person.id == PhoneCall.person_id)
        .join(caller, caller.id == PhoneCall.called_by_id)
        .where(_of(PhoneCall.bureau_id, bureau_id), PhoneCall.called_at.is_not(None))
        .order_by(PhoneCall.day.desc(), Person.login)
    )
    return [CallMade(*each) for each in ticks.tuples()]


def tick(session: Session, clock: Clock, by: Actor, *, person_id: int, note: str = "") -> None:
    """Note that `by` has told the person by telephone all that stands on the list.

    Raises: Forbidden, for who does not keep the list; NotFound, where the person is not on it; Conflict, where somebody
    rang today.
    """
    if not by.has(Role.CLERK, Role.ADMIN):
        raise Forbidden(f"{by.name}不能登记电话通知", "这一步由台账管理员办理", "请联系台账管理员")
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))
    on_day = PhoneCall.person_id == person_id, PhoneCall.day == clock.today
    call = session.scalar(select(PhoneCall).where(*on_day, PhoneCall.bureau_id == by.bureau_id))
    if call is not None and call.called_by_id is not None:
        callee, caller = (session.get_one(Person, key).name for key in (person_id, call.called_by_id))
        raise Conflict(f"{callee} 已由 {caller} 通知", "", "请刷新名单")
    if person_id not in {each.person_id for each in call_list(session, clock.today, by.bureau_id)}:
        raise NotFound("待电话通知名单上没有这个人", "", "请刷新名单后再试")
    call = call or PhoneCall(bureau_id=by.bureau_id, person_id=person_id, day=clock.today)
    call.called_by_id, call.called_at, call.note = by.person_id, clock.now, note.strip()
    session.add(call)
    session.flush()


def _of(column: InstrumentedAttribute[int], bureau_id: int | None) -> ColumnElement[bool]:
    return true() if bureau_id is None else column == bureau_id


def is_unanswered() -> ColumnElement[bool]:
    """A message that did not arrive, of a task still open or of none, whose addressee is in office and not rung since."""
    call, person = aliased(PhoneCall), aliased(Person)
    is_rung = exists().where(
        call.person_id == OutboxMessage.person_id,
        call.day >= OutboxMessage.day,
        call.called_at.is_not(None),
    )
    in_office = exists().where(person.id == OutboxMessage.person_id, person.is_active)
    still_open = select(RectificationTask.id).where(RectificationTask.status.in_(OPEN))
    still_matters = exists().where(
        Told.message_id == OutboxMessage.id,
        Told.status == ToldStatus.TOLD,
        or_(Told.task_id.is_(None), Told.task_id.in_(still_open)),
    )
    return and_(OutboxMessage.status == OutboxStatus.UNDELIVERED, ~is_rung, in_office, still_matters)


def _request(task: TaskFacts, mention: Mention, why: str) -> str:
    """What is asked beside the task's own date, which its row says."""
    if mention.subject.startswith(WAIT):
        return wait_words(task, mention, why)
    is_measure = mention.subject.startswith(MEASURE) and mention.due_on != task.deadline_on
    if mention.subject == REVIEW or is_measure:
        return f"{kind_of(task, mention.subject)}时限{day_text(mention.due_on)}，{why}"
    return ""


def _refusals(session: Session, bureaus: Collection[int]) -> dict[int, str]:
    """Whose newest message did not arrive, and why."""
    later = aliased(OutboxMessage)
    failed = select(OutboxMessage.person_id, OutboxMessage.last_error).where(
        OutboxMessage.bureau_id.in_(bureaus),
        OutboxMessage.status == OutboxStatus.UNDELIVERED,
        ~exists().where(later.person_id == OutboxMessage.person_id, later.id > OutboxMessage.id),
    )
    return {
        person_id: error for person_id, error in session.execute(failed).tuples() if person_id is not None
    }


def _last_calls(session: Session, bureaus: Collection[int]) -> dict[int, date]:
    ticks = select(PhoneCall.person_id, func.max(PhoneCall.day)).where(
        PhoneCall.bureau_id.in_(bureaus), PhoneCall.called_at.is_not(None)
    )
    return dict(session.execute(ticks.group_by(PhoneCall.person_id)).tuples().all())


def _notes(
    session: Session, bureaus: Collection[int], day: date, rung_on: Mapping[int, date]
) -> dict[int, dict[str, date]]:
    """What the week said beside tasks, and when, by no message, or by one that did not arrive, and was not rung about since."""
    undelivered = select(OutboxMessage.id).where(OutboxMessage.status == OutboxStatus.UNDELIVERED)
    said = select(Told.person_id, Told.day, Told.subject).where(
        Told.bureau_id.in_(bureaus),
        Told.task_id.is_(None),
        Told.status == ToldStatus.TOLD,
        or_(Told.message_id.is_(None), Told.message_id.in_(undelivered)),
        Told.day > day - AGAIN_AFTER,
        Told.day <= day,
    )
    found: dict[int, dict[str, date]] = {}
    for person_id, on, subject in session.execute(said.order_by(Told.id)):
        if on > rung_on.get(person_id, date.min):
            found.setdefault(person_id, {})[NOTE_NAME[teller_of(subject)]] = on
    return found
