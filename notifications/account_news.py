"""What was done to accounts since the reminders last told: to whom it was done, to the chief, to who may confirm it."""

from collections.abc import Mapping
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
from rectification.office.second_person import ASKS, GUARDED, SECONDS, waiting
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


def account_news(session: Session, roster: Roster, on: date, since: Mapping[int, date]) -> Told:
    """Of the days from each bureau's `since` on and before `on`. What the program itself does is not told."""
    long_since = datetime.combine(min(since.values()) - timedelta(days=1), time(), UTC)
    query = newest({*_TO_CHIEF, *ASKS}).where(
        OfficeEvent.at > long_since, OfficeEvent.channel != Channel.FLOW
    )
    events = session.scalars(query).all()[::-1]
    for bureau_id, begins in since.items() if events else ():
        fresh = [
            each for each in events if begins <= day_of(each) < on and bureau_id in bureaus_in(session, each)
        ]
        issued = select(TaskEvent.at).where(TaskEvent.bureau_id == bureau_id, TaskEvent.verb == Verb.ISSUE)
        begun_at = session.scalar(issued.order_by(TaskEvent.sequence).limit(1)) if fresh else None
        to_chiefs: dict[int, list[str]] = {chief: [] for chief in roster.chiefs.get(bureau_id, ())}
        for event in fresh:
            row, people = told(session, event), [person.id for person in people_in(session, event)]
            text = f"{day_text(day_of(event))}{row.actor}{event.verb.word}：{row.concerning}"
            for person in people if event.verb in _TO_PERSON else ():
                if person != event.actor_id or event.verb not in _BY_OTHERS:
                    yield (
                        person,
                        Matter("account", f"您的账户：{text}。不知情的，请立即告知台账管理员和主要负责人"),
                    )
            for chief, texts in to_chiefs.items():
                if (
                    begun_at
                    and event.at > begun_at
                    and chief not in (event.actor_id, *people)
                    and _is_of_note(event)
                ):
                    texts.append(text)
        for chief, texts in to_chiefs.items():
            if texts:
                more = f"；等 {len(texts)} 项" if len(texts) > _MANY else ""
                yield chief, Matter("account", f"账户变动：{'；'.join(texts[:_MANY])}{more}", "/office")
        yield from _asked(session, bureau_id, {each.sequence for each in fresh if each.verb in ASKS}, on)


def _is_of_note(event: OfficeEvent) -> bool:
    roles = {(before or after or {}).get("role") for row, (before, after) in rows_of(event).items()}
    return event.verb in _TO_CHIEF and (event.verb not in _IF_GUARDED or not GUARDED.isdisjoint(roles))


def _asked(session: Session, bureau_id: int, asked: set[int], on: date) -> Told:
    """What of this still waits for a second person, to each who may be it."""
    for request in waiting(session, bureau_id) if asked else ():
        for person in session.scalars(in_office(on, *SECONDS).where(Person.bureau_id == bureau_id)):
            if request.number in asked and request.may_be_confirmed_by(person):
                yield person, Matter("account", request.line, "/office")
