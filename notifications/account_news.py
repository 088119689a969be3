"""What was done to accounts since the reminders last told: to whom it was done, to the chief, to who may confirm it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import Channel, OfficeVerb, Verb
from models.history import OfficeEvent, TaskEvent
from models.organisation import Person
from notifications.office_notes import Matter, Told
from rectification.office.history_words import Named
from rectification.office.journal import day_of, in_words, newest, rows_of
from rectification.office.people import in_office
from rectification.office.second_person import ASKS, GUARDED, SECONDS, WAITS, waiting
from rectification.reminders.task_facts import Roster
from rectification.task.time_limits import day_text

_RULE: Final = "account"
_PAGE: Final = "/office"
_NOT_YOU: Final = "；不是您本人的，请立即告知台账管理员和主要负责人"
_TO_PERSON: Final = {
    OfficeVerb.ISSUE_CODE: "{by}给您发了登录条",
    OfficeVerb.USE_CODE: f"有人用您的登录条进入系统、设置了密码{_NOT_YOU}",
    OfficeVerb.SET_PASSWORD: f"您的密码改过{_NOT_YOU}",
    OfficeVerb.MAKE_TOKEN: f"以您的名义生成了程序令牌{_NOT_YOU}",
    OfficeVerb.DELAY_SIGN_IN: f"有人多次用错密码登录您的账户{_NOT_YOU}",
}
_CHANGES: Final = (
    OfficeVerb.SET_ROLES,
    OfficeVerb.UPDATE_PERSON,
    OfficeVerb.MOVE_PERSON,
    OfficeVerb.SET_MAIL,
)
_TOLD: Final = (
    *(OfficeVerb.ADD_SUBSTITUTE, OfficeVerb.CONFIRM, OfficeVerb.LEAVE, OfficeVerb.COME_BACK, *ASKS),
    *(OfficeVerb.ADD_PERSON, OfficeVerb.RESTORE, OfficeVerb.PURGE_EVIDENCE, *_CHANGES, *_TO_PERSON),
)
_FEW: Final = 5


def account_news(session: Session, roster: Roster, on: date, since: Mapping[int, date]) -> Told:
    """Of the days from each bureau's `since` on and before `on`. What the program itself does is not told."""
    long_since = datetime.combine(min(since.values()) - timedelta(days=1), time(), UTC)
    query = newest(_TOLD).where(OfficeEvent.at > long_since, OfficeEvent.channel != Channel.FLOW)
    events = session.scalars(query).all()
    if not events:
        return
    named = Named(session)
    for bureau_id, begins in since.items():
        fresh = [each for each in events if begins <= day_of(each) < on and bureau_id in named.bureaus(each)]
        yield from _to_people(fresh, named)
        asked = {each.sequence for each in fresh if each.verb in ASKS}
        seconds = session.scalars(in_office(on, *SECONDS).where(Person.bureau_id == bureau_id)).all()
        for request in waiting(session, bureau_id) if asked else ():
            for person in seconds if request.number in asked else ():
                if request.may_be_confirmed_by(person):
                    yield person, Matter(_RULE, f"{request.asked_by}申请{request.what}，{WAITS}", _PAGE)
        since_begun = _begun_at(session, bureau_id) if fresh else None
        of_note = [each for each in fresh if since_begun and each.at > since_begun and _is_of_note(each)]
        for chief in roster.chiefs.get(bureau_id, ()):
            others = [each for each in of_note if each.actor_id != chief and named.people(each) != {chief}]
            if others:
                yield chief, Matter(_RULE, _summed_up(others, named), _PAGE)


def _to_people(events: Sequence[OfficeEvent], named: Named) -> Told:
    entered = {person for each in events if each.verb is OfficeVerb.USE_CODE for person in named.people(each)}
    for event in events:
        by = in_words(event).actor
        said = _TO_PERSON.get(event.verb) or f"您的资料、角色由{by}改动：{'、'.join(named.words(event))}"
        for person in named.people(event) if event.verb in {*_TO_PERSON, *_CHANGES} else ():
            is_own = person == event.actor_id and (
                event.verb in _CHANGES or event.verb is OfficeVerb.ISSUE_CODE
            )
            if not is_own and not (event.verb is OfficeVerb.SET_PASSWORD and person in entered):
                yield person, Matter(_RULE, f"{day_text(day_of(event))}，{said.format(by=by)}")


def _is_of_note(event: OfficeEvent) -> bool:
    """Whether a chief hears of it: of what is said of people, only where roles change that sign or keep."""
    roles = [(before or after or {}).get("role") for row, (before, after) in rows_of(event).items()]
    return event.verb not in (OfficeVerb.ADD_PERSON, *_CHANGES, *ASKS) or not GUARDED.isdisjoint(
        filter(None, roles)
    )


def _summed_up(events: Sequence[OfficeEvent], named: Named) -> str:
    counts = Counter(event.verb for event in reversed(events))
    people = dict.fromkeys(name for event in events for name in named.names(event))
    whom = f"，涉及{'、'.join([*people][:_FEW])}{'等' if len(people) > _FEW else ''}" if people else ""
    return f"账户和权限变动：{'、'.join(f'{verb.word}{count}次' for verb, count in counts.items())}{whom}"


def _begun_at(session: Session, bureau_id: int) -> datetime | None:
    """When the first task was issued: what came before is how the office was set up."""
    issued = select(TaskEvent.at).where(TaskEvent.bureau_id == bureau_id, TaskEvent.verb == Verb.ISSUE)
    return session.scalar(issued.order_by(TaskEvent.sequence).limit(1))
