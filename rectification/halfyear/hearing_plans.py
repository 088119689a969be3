"""Hearings to come: their day, body and agenda, who is to be there, and what these are told."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, selectinload

from core.errors import Conflict, NotFound, Refused
from core.text import one_line
from models.enums import OfficeVerb, Role
from models.organisation import Person, PersonRole
from models.review import Hearing, HearingGuest, PlannedHearing, ReviewCycle
from rectification.halfyear.cycles import latest_version
from rectification.halfyear.hearings import NewHearing, add_hearing, checked_topic, cycle_on, is_heard
from rectification.office.actors import Actor, require_clerk
from rectification.office.chain import KeptRows, key
from rectification.office.journal import By, OfficeEventRow, change, list_events
from rectification.office.people import in_office
from rectification.task.time_limits import day_text

READERS: Final = (Role.CLERK, Role.LEADER, Role.CHIEF, Role.AUDITOR)
"""Whom the half-year and the year are for: they read reviews, hearings, summaries and annual pages."""
_FIELDS: Final = {"meets_on": "会议日期", "place": "时间和地点", "body": "会议", "topic": "议题"}
_SAID: Final = {
    "hearing-planned": "请参加{meeting}{place}",
    "hearing-changed": "{meeting}的安排有变动{moved}{place}",
    "hearing-called-off": "{meeting}已取消",
    "hearing-excused": "{meeting}不再请您参加",
    "hearing-papers": "{meeting}的材料已经冻结",
    "hearing-unrecorded": "{meeting}已过会议日期，请登记纪要编号和议定事项；没有开的请改期或取消",
}
"""Why somebody is told of a planned hearing, and in which words."""


@dataclass(frozen=True, slots=True)
class NewPlan:
    """A hearing as somebody plans it; `guest_ids` are to be there, `place` says the hour as well."""

    meets_on: date
    body: str
    topic: str
    guest_ids: Collection[int]
    place: str = ""


def plan_hearing(
    session: Session, by: By, new: NewPlan, planned: PlannedHearing | None = None
) -> PlannedHearing:
    """Plan a hearing, or give one that is planned another day, agenda or other people; these are told.

    Raises: Forbidden, where the person is not the clerk; Refused, for a day that is not ahead, a body not on the list,
    no topic, nobody of the bureau to be there, or where nothing changes; Conflict, where the same stands already, or it
    was recorded or called off.
    """
    fields, today = _checked(session, by, new, planned), by.clock.today
    verb = OfficeVerb.PLAN_HEARING if planned is None else OfficeVerb.CHANGE_HEARING
    said = [
        f"{label}：{getattr(planned, name) or '（空）'} → {fields[name] or '（空）'}"
        for name, label in _FIELDS.items()
        if planned is not None and getattr(planned, name) != fields[name]
    ]
    with change(session, by, verb, "；".join(said)) as rows:
        if planned is None:
            planned = rows.add(
                PlannedHearing(bureau_id=by.acting.actor.bureau_id, planned_on=today, **fields)
            )
            session.flush()
        elif said:
            is_moved = planned.meets_on != new.meets_on
            moved_from = planned.moved_from if planned.changed_on == today else None
            rows.alter(planned).moved_from = (moved_from or planned.meets_on) if is_moved else moved_from
            planned.changed_on = today
            for name, value in fields.items():
                setattr(planned, name, value)
        is_other = _invite(session, today, rows, planned, new.guest_ids)
    if verb is OfficeVerb.CHANGE_HEARING and not (said or is_other):
        raise Refused("会议安排没有改动", "没有变化", "请改写要调整的栏目")
    return planned


def call_off(session: Session, by: By, planned: PlannedHearing) -> None:
    """There will be no such hearing; those who were to be there are told.

    Raises: Forbidden, where the person is not the clerk; Conflict, where it was recorded or called off.
    """
    require_clerk(by.acting.actor, "取消会议安排")
    _must_stand(planned)
    with change(session, by, OfficeVerb.CALL_OFF_HEARING) as rows:
        rows.alter(planned).called_off_on = by.clock.today


def record_hearing(
    session: Session, by: By, new: NewHearing, planned: PlannedHearing | None = None
) -> Hearing:
    """Record a meeting; its plan, or else the only one for its day and body, waits no longer.

    Raises: as `add_hearing`; Conflict, where the plan was recorded or called off.
    """
    actor = by.acting.actor
    if planned is None:
        standing = list_plans(session, actor.bureau_id)
        same = [each for each in standing if (each.meets_on, each.body) == (new.held_on, new.body)]
        planned = same[0] if len(same) == 1 else None
    hearing = add_hearing(session, by.clock, actor, new)
    if planned is not None:
        _must_stand(planned)
        with change(session, by, OfficeVerb.RECORD_HEARING) as rows:
            rows.alter(planned).hearing_id = hearing.id
    return hearing


def plan_of(session: Session, by: Actor, plan_id: int) -> PlannedHearing:
    """A planned hearing of the person's own bureau, whatever became of it.

    Raises: NotFound.
    """
    query = _plans().where(PlannedHearing.id == plan_id, PlannedHearing.bureau_id == by.bureau_id)
    planned = session.scalar(query)
    if planned is None:
        raise NotFound(f"没有第 {plan_id} 号会议安排", "", "请从“调度与汇报”进入")
    return planned


def list_plans(session: Session, bureau_id: int) -> Sequence[PlannedHearing]:
    """The hearings that are still to be held or recorded, the next one first."""
    return session.scalars(_plans().where(PlannedHearing.bureau_id == bureau_id, *_STANDS)).all()


def invited(planned: PlannedHearing) -> list[HearingGuest]:
    """Who is to be there."""
    return [guest for guest in planned.guests if guest.excused_on is None]


def cycle_to_hear(session: Session, planned: PlannedHearing) -> ReviewCycle | None:
    """The review it heard or is taken to hear; none where that was heard by others and its time is over."""
    if planned.hearing_id is not None:
        of_it = select(Hearing.cycle_id).where(Hearing.id == planned.hearing_id)
        return session.get(ReviewCycle, session.scalar(of_it) or 0)
    cycle = cycle_on(session, planned.bureau_id, planned.meets_on)
    if cycle is None or planned.meets_on <= cycle.hearing_by or not is_heard(session, cycle):
        return cycle
    return None


def history_of(session: Session, planned: PlannedHearing) -> list[OfficeEventRow]:
    """Who planned, changed, called off or recorded it, the newest first."""
    verbs = [verb for verb in OfficeVerb if verb.value.endswith("_hearing")]
    return [event for event in list_events(session, verbs=verbs) if key(planned) in event.rows]


def plan_news(
    session: Session, since: Mapping[int, date], on: date
) -> Iterator[tuple[int, str, str, date | None]]:
    """Whom the rules tell what `on` a day: of what was done from each bureau's day of `since` up to the day before.

    Last is the end of the term whose frozen papers that person may read.
    """
    ahead = and_(PlannedHearing.called_off_on.is_(None), PlannedHearing.meets_on >= on)
    is_told = or_(PlannedHearing.called_off_on >= min(since.values()), ahead)
    own = PlannedHearing.bureau_id.in_(since.keys())
    plans = session.scalars(_plans().where(own, PlannedHearing.hearing_id.is_(None), is_told)).all()
    may_read = in_office(on, *READERS).where(
        Person.bureau_id.in_(since.keys()), PersonRole.source_id.is_(None)
    )
    readers = set(session.scalars(may_read)) if plans else set()
    for planned in plans:
        ends_on, frozen_on = _papers(session, planned)
        for guest in planned.guests:
            rule = _rule(planned, guest, frozen_on, since[planned.bureau_id], on)
            is_reader = guest.person_id in readers and planned.called_off_on is None
            if rule:
                yield guest.person_id, rule, _words(planned, rule), ends_on if is_reader else None


def unrecorded(
    session: Session, bureau_ids: Collection[int], day: date
) -> Iterator[tuple[PlannedHearing, str]]:
    """The hearings whose day has passed without a record, and what is said of each."""
    past = and_(PlannedHearing.bureau_id.in_(bureau_ids), PlannedHearing.meets_on < day)
    for planned in session.scalars(_plans().where(past, *_STANDS)):
        yield planned, _words(planned, "hearing-unrecorded")


_STANDS: Final = (PlannedHearing.hearing_id.is_(None), PlannedHearing.called_off_on.is_(None))


def _plans() -> Select[tuple[PlannedHearing]]:
    guests = selectinload(PlannedHearing.guests).joinedload(HearingGuest.person)
    query = select(PlannedHearing).order_by(PlannedHearing.meets_on, PlannedHearing.id)
    return query.options(guests).execution_options(populate_existing=True)


def _must_stand(planned: PlannedHearing) -> None:
    if planned.hearing_id is not None or planned.called_off_on is not None:
        what = "取消" if planned.called_off_on else "登记"
        raise Conflict(f"第 {planned.id} 号会议安排已经{what}了", "", "请另行安排")


def _checked(session: Session, by: By, new: NewPlan, planned: PlannedHearing | None) -> dict[str, Any]:
    actor, own = by.acting.actor, Person.bureau_id == by.acting.actor.bureau_id
    require_clerk(actor, "安排听取汇报")
    if planned is not None:
        _must_stand(planned)
    topic = checked_topic(session, by.clock, actor, new.body, new.topic)
    if new.meets_on <= by.clock.today:
        raise Refused(
            f"会议日期 {new.meets_on} 不在今天之后", "", "开过的会请直接登记；要开的会请写以后的日期"
        )
    people = select(Person.id).where(Person.id.in_(new.guest_ids), own, Person.is_active)
    if not new.guest_ids or set(new.guest_ids) - set(session.scalars(people)):
        raise Refused("参加人员没有登记", "没有选人，或有人不是本单位的在岗人员", "请从本单位在岗人员中选择")
    others = [each for each in list_plans(session, actor.bureau_id) if each is not planned]
    if (new.meets_on, new.body, topic) in [(each.meets_on, each.body, each.topic) for each in others]:
        raise Conflict(f"{new.meets_on} {new.body}的这一议题已经安排过了", "", "请在“调度与汇报”中调整")
    return {"meets_on": new.meets_on, "place": one_line(new.place)[:200], "body": new.body, "topic": topic}


def _invite(
    session: Session, today: date, rows: KeptRows, planned: PlannedHearing, guest_ids: Collection[int]
) -> bool:
    """Let these be there and nobody else; whether that is a change."""
    query = select(HearingGuest).where(HearingGuest.planned_hearing_id == planned.id)
    known = {guest.person_id: guest for guest in session.scalars(query)}
    coming = {person for person, guest in known.items() if guest.excused_on is None}
    for person_id in coming - set(guest_ids):
        rows.alter(known[person_id]).excused_on = today
    for person_id in sorted(set(guest_ids) - coming):
        if person_id in known:
            rows.alter(known[person_id]).invited_on, known[person_id].excused_on = today, None
        else:
            rows.add(HearingGuest(planned_hearing_id=planned.id, person_id=person_id, invited_on=today))
    return coming != set(guest_ids)


def _papers(session: Session, planned: PlannedHearing) -> tuple[date | None, date | None]:
    """The end of the term a hearing is to hear and the day its figures were frozen last; none while they are not."""
    cycle = cycle_to_hear(session, planned)
    version = latest_version(session, cycle.id) if cycle else None
    return (cycle.ends_on, version.frozen_on) if cycle and version else (None, None)


def _rule(planned: PlannedHearing, guest: HearingGuest, frozen_on: date | None, since: date, on: date) -> str:
    """By which rule somebody is told; what came and went between two tellings is told to nobody."""

    def is_new(day: date | None) -> bool:
        return day is not None and since <= day < on

    over = guest.excused_on or planned.called_off_on
    if over is not None:
        rule = "hearing-excused" if guest.excused_on else "hearing-called-off"
        return rule if is_new(over) and not is_new(guest.invited_on) else ""
    days = {"planned": guest.invited_on, "changed": planned.changed_on, "papers": frozen_on}
    return next((f"hearing-{rule}" for rule, day in days.items() if is_new(day)), "")


def _words(planned: PlannedHearing, rule: str) -> str:
    moved_from = planned.moved_from if planned.moved_from != planned.meets_on else None
    return _SAID[rule].format(
        meeting=f"{day_text(planned.meets_on)}{planned.body}听取汇报（{planned.topic}）",
        place=f"，{planned.place}" if planned.place else "",
        moved=f"，原定{day_text(moved_from)}" if moved_from else "",
    )
