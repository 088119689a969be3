"""What was done to accounts since the reminders last told: to whom it was done, to the chief, to who may confirm it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import Channel, OfficeVerb, Verb
from models.history import OfficeEvent, TaskEvent
from models.organisation import Person
from notifications.office_notes import Matter, Told
from rectification.office.history_words import bureaus_in, people_in, told
from rectification.office.journal import day_of, newest, rows_of
from rectification.office.people import in_office
from rectification.office.second_person import ASKS, GUARDED, SECONDS, WAITS, waiting
from rectification.reminders.task_facts import Roster
from rectification.task.time_limits import day_text

_CHANGES: Final = (
    OfficeVerb.SET_ROLES,
    OfficeVerb.UPDATE_PERSON,
    OfficeVerb.MOVE_PERSON,
    OfficeVerb.SET_MAIL,
)
_BY_OTHERS: Final = frozenset({OfficeVerb.ISSUE_CODE, *_CHANGES})
"""What nobody is told who did it himself."""
_TO_PERSON: Final = _BY_OTHERS | {
    OfficeVerb.USE_CODE,
    OfficeVerb.SET_PASSWORD,
    OfficeVerb.MAKE_TOKEN,
    OfficeVerb.DELAY_SIGN_IN,
}
_IF_GUARDED: Final = frozenset({OfficeVerb.ADD_PERSON, *_CHANGES})
"""What a chief hears of only where roles come or go that sign or keep."""
_TO_CHIEF: Final = frozenset(
    {
        OfficeVerb.ADD_SUBSTITUTE,
        OfficeVerb.CONFIRM,
        OfficeVerb.LEAVE,
        OfficeVerb.COME_BACK,
        OfficeVerb.RESTORE,
    }
) | {OfficeVerb.PURGE_EVIDENCE, *_IF_GUARDED, *_TO_PERSON}
_MANY: Final = 5
_NOT_YOU: Final = "不是您办理、事先也不知情的，请立即告知台账管理员和主要负责人"


def account_news(session: Session, roster: Roster, on: date, since: Mapping[int, date]) -> Told:
    """Of the days from each bureau's `since` on and before `on`. What the program itself does is not told."""
    long_since = datetime.combine(min(since.values()) - timedelta(days=1), time(), UTC)
    query = newest({*_TO_CHIEF, *ASKS}).where(
        OfficeEvent.at > long_since, OfficeEvent.channel != Channel.FLOW
    )
    events = session.scalars(query).all()[::-1]
    of: dict[int, list[OfficeEvent]] = {}
    for event in events:
        for bureau_id in bureaus_in(session, event) & since.keys():
            if since[bureau_id] <= day_of(event) < on:
                of.setdefault(bureau_id, []).append(event)
    for bureau_id, fresh in of.items():
        yield from _told_of(session, bureau_id, fresh, roster.chiefs.get(bureau_id, ()))
        yield from _asked(session, bureau_id, {event.sequence for event in fresh if event.verb in ASKS}, on)


def _told_of(session: Session, bureau_id: int, events: Sequence[OfficeEvent], chiefs: Sequence[int]) -> Told:
    """One sentence to each person of what was done to him, one to each chief of the rest; how an office was set up is not told."""
    issued = select(TaskEvent.at).where(TaskEvent.bureau_id == bureau_id, TaskEvent.verb == Verb.ISSUE)
    begun_at = session.scalar(issued.order_by(TaskEvent.sequence).limit(1)) if events else None
    entered = {(event.actor_id, event.at) for event in events if event.verb is OfficeVerb.USE_CODE}
    said: dict[tuple[int, bool], list[str]] = {}
    for event in events:
        if event.verb is OfficeVerb.SET_PASSWORD and (event.actor_id, event.at) in entered:
            continue
        row, people = told(session, event), [person.id for person in people_in(session, event)]
        done = f"{day_text(day_of(event))}{row.actor}{event.verb.word}"
        to_person = row.concerning if event.verb in _CHANGES else row.words
        for person in people if event.verb in _TO_PERSON else ():
            if person != event.actor_id or event.verb not in _BY_OTHERS:
                said.setdefault((person, True), []).append(done + (f"（{to_person}）" if to_person else ""))
        for chief in chiefs if begun_at and event.at > begun_at and _is_of_note(event) else ():
            if chief not in (event.actor_id, *people):
                to_chief = f"（{row.concerning}）" if row.concerning else ""
                said.setdefault((chief, False), []).append(done + to_chief)
    for (person, is_own), texts in said.items():
        listed = "；".join(texts[:_MANY]) + (f"等 {len(texts)} 项" if len(texts) > _MANY else "")
        if is_own:
            yield person, Matter("account", f"您的账户：{listed}。{_NOT_YOU}")
        else:
            yield person, Matter("account", f"本单位的账户：{listed}", "/office")


def _is_of_note(event: OfficeEvent) -> bool:
    roles = {(before or after or {}).get("role") for row, (before, after) in rows_of(event).items()}
    return event.verb in _TO_CHIEF and (event.verb not in _IF_GUARDED or not GUARDED.isdisjoint(roles))


def _asked(session: Session, bureau_id: int, asked: set[int], on: date) -> Told:
    """What of this still waits for a second person, to each who may be it."""
    for request in waiting(session, bureau_id) if asked else ():
        for person in session.scalars(in_office(on, *SECONDS).where(Person.bureau_id == bureau_id)):
            if request.number in asked and request.may_be_confirmed_by(person):
                yield person, Matter("account", f"{request.asked_by}申请{request.what}，{WAITS}", "/office")
