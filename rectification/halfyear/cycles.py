"""Review cycles as stored: opening one, moving its cut-off, finding one."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.errors import Conflict, NotFound, Refused
from models.review import FrozenVersion, ReviewCycle
from models.task import RectificationTask
from rectification.halfyear.review_days import CycleDays, Term, cycle_days, terms_opened
from rectification.lists.figures import Period
from rectification.office.actors import Actor, require_clerk
from rectification.office.calendar import load_calendar
from rectification.office.settings import policies, policy_of
from rectification.office.units import take_turns


def term_of_cycle(cycle: ReviewCycle) -> Term:
    """The term a cycle reviews."""
    return Term(cycle.cadence, cycle.year, cycle.number)


def period_of(cycle: ReviewCycle) -> Period:
    """The period a cycle's figures are of."""
    return Period(cycle.starts_on, cycle.cut_off_on)


def open_if_due(session: Session, clock: Clock, *bureau_ids: int) -> list[ReviewCycle]:
    """Open the review of each bureau whose window today lies in.

    None where there is none, where it is open already, and where no task had been issued by its cut-off.
    """
    take_turns(session, bureau_ids)
    calendar, issued = load_calendar(session), first_issued(session, bureau_ids)
    in_force = policies(session, bureau_ids, clock.today)
    today, alike = clock.today, set(in_force.values())
    windows = {policy: terms_opened(today, today, policy, calendar)[-1:] for policy in alike}
    known = _cut_offs(session, *bureau_ids)
    opened = []
    for bureau_id, policy in sorted(in_force.items()):
        for days in windows[policy]:
            is_used = issued.get(bureau_id, date.max) <= days.cut_off_on
            if is_used and days.term.ends_on not in known[bureau_id]:
                opened.append(_cycle(clock, bureau_id, days, known[bureau_id]))
    session.add_all(opened)
    session.flush()
    return opened


def open_review(session: Session, clock: Clock, by: Actor, term: Term) -> ReviewCycle:
    """Open a review by hand, before its window or after it.

    Raises: Conflict, where it is open; Refused, where it lies in the future or the person is not the clerk.
    """
    require_clerk(by, "开启半年调度")
    if term.starts_on > clock.today:
        raise Refused(f"{term.label}还没有开始", "", "请到期间开始以后再开启")
    take_turns(session, (by.bureau_id,))
    known = _cut_offs(session, by.bureau_id)[by.bureau_id]
    if term.ends_on in known:
        raise Conflict(
            f"{term.label}的调度已经开启", "", "请查看这个周期的进展", command="rectify review status"
        )
    policy = policy_of(session, by.bureau_id, clock.today)
    days = cycle_days(term, policy, load_calendar(session))
    cycle = _cycle(clock, by.bureau_id, days, known, by.id)
    session.add(cycle)
    session.flush()
    return cycle


def move_cut_off(session: Session, clock: Clock, by: Actor, cycle: ReviewCycle, cut_off_on: date) -> None:
    """Set another cut-off ("截至6月20日"); the days that hang on it move along.

    Raises: Refused, where figures are frozen already, or the day lies outside the term or before today's window.
    """
    require_clerk(by, "调整截止日")
    cycle = locked_cycle(session, cycle)
    term = term_of_cycle(cycle)
    if latest_version(session, cycle.id) is not None:
        raise Refused(f"{term.label}的数据已经冻结", "截止日不能再改", "请按原截止日冻结新版本")
    if not cycle.starts_on < cut_off_on <= term.ends_on + timedelta(days=31):
        raise Refused(f"截止日 {cut_off_on} 不在{term.label}内", "", "请改为期间内或期末后一个月内的日期")
    policy = policy_of(session, cycle.bureau_id, clock.today)
    days = cycle_days(term, policy, load_calendar(session), cut_off_on=cut_off_on, starts_on=cycle.starts_on)
    cycle.cut_off_on, cycle.hearing_by = days.cut_off_on, days.hearing_by
    cycle.opens_on, cycle.statements_due_on = days.opens_on, days.statements_due_on
    session.flush()


def locked_cycle(session: Session, cycle: ReviewCycle) -> ReviewCycle:
    """A cycle as it stands now; nobody else moves its cut-off or freezes it until this unit of work ends."""
    lock = {"key_share": True}
    return session.get_one(ReviewCycle, cycle.id, with_for_update=lock, populate_existing=True)


def first_issued(session: Session, bureau_ids: Collection[int]) -> dict[int, date]:
    """The day each bureau issued its first task; one that issued none does not use the ledger yet."""
    query = (
        select(RectificationTask.bureau_id, func.min(RectificationTask.issued_on))
        .where(RectificationTask.bureau_id.in_(bureau_ids), RectificationTask.issued_on.is_not(None))
        .group_by(RectificationTask.bureau_id)
    )
    return {bureau_id: day for bureau_id, day in session.execute(query).tuples() if day is not None}


def find_cycle(session: Session, bureau_id: int, term: Term) -> ReviewCycle | None:
    """The cycle of a term, where it was opened."""
    return session.scalar(cycles_of(bureau_id, ReviewCycle.ends_on == term.ends_on))


def cycle_named(session: Session, bureau_id: int, term: Term) -> ReviewCycle:
    """The cycle of a term. Raises: NotFound, where it was not opened."""
    cycle = find_cycle(session, bureau_id, term)
    if cycle is None:
        raise NotFound(
            f"{term.label}的调度还没有开启",
            "",
            "请先开启这个周期的调度",
            command=f"rectify review open --year {term.year}",
        )
    return cycle


def cycle_ending(session: Session, bureau_id: int, ends_on: date) -> ReviewCycle:
    """The cycle of the term that ends on a day. Raises: NotFound."""
    cycle = session.scalar(cycles_of(bureau_id, ReviewCycle.ends_on == ends_on))
    if cycle is None:
        raise NotFound("没有这一期调度", "", "请从“调度与汇报”中打开")
    return cycle


def cycle_of_bureau(session: Session, bureau_id: int, cycle_id: int) -> ReviewCycle:
    """A cycle by its number. Raises: NotFound, also for another bureau's."""
    cycle = session.get(ReviewCycle, cycle_id)
    if cycle is None or cycle.bureau_id != bureau_id:
        raise NotFound("没有这一期调度", "", "请从列表中选择")
    return cycle


def latest_cycle(session: Session, bureau_id: int, day: date) -> ReviewCycle | None:
    """The cycle opened last by `day`."""
    return session.scalar(cycles_of(bureau_id, ReviewCycle.opened_on <= day).limit(1))


def list_cycles(session: Session, bureau_id: int) -> list[ReviewCycle]:
    """Every cycle of a bureau, the newest first."""
    return list(session.scalars(cycles_of(bureau_id)))


def cycles_of(bureau_id: int, *which: ColumnElement[bool]) -> Select[tuple[ReviewCycle]]:
    """The query of a bureau's cycles, the newest first."""
    mine = select(ReviewCycle).where(ReviewCycle.bureau_id == bureau_id, *which)
    return mine.order_by(ReviewCycle.ends_on.desc())


def latest_version(session: Session, cycle_id: int) -> FrozenVersion | None:
    """The newest frozen version of a cycle."""
    return session.scalar(
        select(FrozenVersion)
        .where(FrozenVersion.cycle_id == cycle_id)
        .order_by(FrozenVersion.version.desc())
        .limit(1)
    )


def _cut_offs(session: Session, *bureau_ids: int) -> dict[int, dict[date, date]]:
    """The cut-off of each review of these bureaus, by the end of its term, the latest last."""
    query = select(ReviewCycle.bureau_id, ReviewCycle.ends_on, ReviewCycle.cut_off_on)
    own = query.where(ReviewCycle.bureau_id.in_(bureau_ids)).order_by(ReviewCycle.ends_on)
    known: dict[int, dict[date, date]] = {bureau_id: {} for bureau_id in bureau_ids}
    for bureau_id, ends_on, cut_off_on in session.execute(own):
        known[bureau_id][ends_on] = cut_off_on
    return known


def _cycle(
    clock: Clock, bureau_id: int, days: CycleDays, known: Mapping[date, date], by_id: int | None = None
) -> ReviewCycle:
    starts_on = days.starts_on
    before = [cut_off_on for ends_on, cut_off_on in known.items() if ends_on < days.term.ends_on]
    if before and abs((starts_on - before[-1]).days) <= 31:
        starts_on = before[-1] + timedelta(days=1)
    return ReviewCycle(
        bureau_id=bureau_id,
        cadence=days.term.cadence,
        year=days.term.year,
        number=days.term.number,
        starts_on=starts_on,
        ends_on=days.term.ends_on,
        cut_off_on=days.cut_off_on,
        opens_on=days.opens_on,
        statements_due_on=days.statements_due_on,
        hearing_by=days.hearing_by,
        opened_on=clock.today,
        opened_at=clock.now,
        opened_by_id=by_id,
    )
