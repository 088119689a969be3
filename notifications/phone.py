"""The telephone list (待电话通知), worked out when it is looked at: who is not reached by mail, and the tick once rung."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from core.bulk import among
from core.clock import Clock
from core.errors import Conflict, Forbidden, NotFound
from models.enums import OutboxStatus, Role, ToldStatus
from models.mail import OutboxMessage, PhoneCall, Told
from models.organisation import Person, Unit
from models.task import RectificationTask
from notifications.rulebook import Rulebook, load_rulebook
from notifications.tellers import event_of, teller_of
from notifications.wording import NOTE_NAME, happened, kind_of, reason, request_word, wait_words
from rectification.lists.rows import TaskRow, rows_of
from rectification.office.actors import Actor
from rectification.office.calendar import load_calendar
from rectification.reminders.facts import Directory, load_directory, stream_tasks, tasks_by_id
from rectification.reminders.happenings import COVER, EVENT, events_by_id, happenings
from rectification.reminders.rules import MEASURE, REVIEW, WAIT, Mention, mentions
from rectification.reminders.task_facts import TaskFacts
from rectification.roles_in_task import Part
from rectification.task.lifecycle import OPEN
from rectification.task.time_limits import day_text

AGAIN_AFTER: Final = timedelta(days=7)
"""Whoever was rung and has still not acted is rung anew of the same thing."""
NEXT_DAY: Final = timedelta(days=1)
"""What a flow tells is known once it has run."""


@dataclass(frozen=True, slots=True)
class CallItem:
    """One task as its row stands now; `request` is what is asked of the person beside the task's own date, and what happened.

    It is not the person's own where it is another's whom the person helps (配合), where others left it undone and it went
    up, while its date is far, or, until it is overdue, while another has to decide on it.
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


def callees(session: Session, rulebook: Rulebook) -> list[Callee]:
    """Whom mail does not reach, with what they were not rung of since; a date is the person's own from when its light is yellow."""
    bureaus, day = rulebook.rules.keys(), rulebook.day
    directory = load_directory(session, bureaus, day)
    refused, rung_on = _refusals(session, bureaus), _last_calls(session, bureaus)
    unreached = {
        to.id
        for to in directory.recipients.values()
        if to.id in refused or not (to.address and to.wants_mail)
    }
    muted = {person for person in unreached - refused.keys() if directory.recipients[person].address}
    told = _told(session, rulebook, unreached, rung_on)
    said = _said(session, directory, rulebook, unreached, muted)
    for person in said.keys() & rung_on.keys():
        since = rung_on[person] if day - rung_on[person] < AGAIN_AFTER else date.min
        said[person] = {key: each for key, each in said[person].items() if each.spoke_on > since}
    _add_happened(session, directory, rulebook, told, said)
    spoke = [(person, each.spoke_on) for person, own in said.items() for each in own.values()]
    notes: dict[int, dict[str, None]] = {}
    for (person, subject), on in told.items():
        if person in directory.recipients and not subject.startswith(EVENT):
            name = "AB岗安排" if subject.startswith(COVER) else NOTE_NAME[teller_of(subject)]
            notes.setdefault(person, {})[name] = None
            spoke.append((person, on + NEXT_DAY))
    newest = dict(sorted(spoke))
    task_ids = sorted({task_id for of_person in said.values() for task_id in of_person})
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
    """What is said of one task to one person, and when the last of it was."""

    request: str
    is_to_sign: bool
    is_own: bool
    spoke_on: date

    def beside(self, new: "_Said") -> "_Said":
        """Both, the paper it stands on being this one's."""
        requests = dict.fromkeys(filter(None, (self.request, new.request)))
        is_own, spoke_on = self.is_own or new.is_own, max(self.spoke_on, new.spoke_on)
        return self._replace(request="；".join(requests), is_own=is_own, spoke_on=spoke_on)


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
            is_wait = mention.subject.startswith(WAIT)
            is_late = (task.deadline_on or day) < day
            is_own = mention.level == 0 and (is_wait or is_late or task.asked_on is None)
            if not is_wait and mention.subject != REVIEW:
                left, soon = rulebook.calendar.between(day, mention.due_on), rules.policy.yellow_days
                helps = mention.part is Part.PARTICIPANT and not mention.subject.startswith(MEASURE)
                is_own = is_own and not helps and left <= soon
            new = _Said(words, mention.is_to_sign, is_own, spoke_on)
            known = own.get(task.id, new)
            own[task.id] = new.beside(known._replace(request="")) if is_wait else known.beside(new)
    return said


def _add_happened(
    session: Session,
    directory: Directory,
    rulebook: Rulebook,
    told: Mapping[tuple[int, str], date],
    said: dict[int, dict[int, _Said]],
) -> None:
    """Add what happened to people and still holds, however long ago they were to be told."""
    events = events_by_id(session, {event_of(each) for _, each in told if each.startswith(EVENT)})
    tasks = tasks_by_id(session, {event.task_id for event in events})
    for task, step in happenings(session, events, tasks, directory.roster):
        if on := told.get((step.mention.person_id, step.mention.subject)):
            new = _Said(happened(step, task, rulebook.calendar), False, False, on + NEXT_DAY)
            own = said.setdefault(step.mention.person_id, {})
            own[task.id] = own.get(task.id, new).beside(new)


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


@cache
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
    if task.asked_on is not None:
        return f"已申请{request_word(task)}，待审批"
    return ""


def _refusals(session: Session, bureaus: Collection[int]) -> dict[int, str]:
    """Whose newest message with an outcome did not arrive, and why: one still under way reaches nobody yet."""
    later, outcomes = aliased(OutboxMessage), (OutboxStatus.SENT, OutboxStatus.UNDELIVERED)
    is_newer = later.person_id == OutboxMessage.person_id, later.id > OutboxMessage.id
    failed = select(OutboxMessage.person_id, OutboxMessage.last_error).where(
        OutboxMessage.bureau_id.in_(bureaus),
        OutboxMessage.status == OutboxStatus.UNDELIVERED,
        ~exists().where(*is_newer, later.status.in_(outcomes)),
    )
    return {
        person_id: error for person_id, error in session.execute(failed).tuples() if person_id is not None
    }


def _last_calls(session: Session, bureaus: Collection[int]) -> dict[int, date]:
    ticks = select(PhoneCall.person_id, func.max(PhoneCall.day)).where(
        PhoneCall.bureau_id.in_(bureaus), PhoneCall.called_at.is_not(None)
    )
    return dict(session.execute(ticks.group_by(PhoneCall.person_id)).tuples().all())


def _told(
    session: Session, rulebook: Rulebook, people: Collection[int], rung_on: Mapping[int, date]
) -> dict[tuple[int, str], date]:
    """What happened to these people, and what the week said beside tasks to any, with the day: told by no message, or by
    one that did not arrive, and not rung about since.
    """
    undelivered = select(OutboxMessage.id).where(OutboxMessage.status == OutboxStatus.UNDELIVERED)
    is_late_note = and_(Told.task_id.is_(None), Told.day > rulebook.day - AGAIN_AFTER)
    said = select(Told.person_id, Told.subject, Told.day).where(
        Told.bureau_id.in_(rulebook.rules.keys()),
        Told.status == ToldStatus.TOLD,
        or_(Told.message_id.is_(None), Told.message_id.in_(undelivered)),
        or_(is_late_note, and_(Told.subject.startswith(EVENT), among(session, Told.person_id, people))),
        Told.day <= rulebook.day,
    )
    rows = session.execute(said.order_by(Told.id)).tuples()
    return {(person, subject): on for person, subject, on in rows if on > rung_on.get(person, date.min)}
