"""What a day asks of reviews: open those whose window has come, and know which of them ask.

Nobody is told here: `rectification/reminders/rules.py` says who is asked for statements. Run again, a day changes nothing.
"""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.workdays import WorkCalendar
from models.review import FrozenVersion, Hearing, ReviewCycle
from rectification.halfyear.cycles import first_issued, open_if_due, term_of_cycle
from rectification.halfyear.review_days import ReviewWindow, term_to_open
from rectification.office.settings import Policy


def open_reviews(session: Session, clock: Clock, bureau_ids: Collection[int]) -> int:
    """Open reviews that are due; how many were opened."""
    return sum(open_if_due(session, clock, bureau_id) is not None for bureau_id in sorted(bureau_ids))


def review_windows(session: Session, bureau_ids: Collection[int], day: date) -> dict[int, ReviewWindow]:
    """The review opened last in each bureau by `day`."""
    asking = {cycle.id for cycle in asking_cycles(session, bureau_ids, day)}
    heard = set(session.scalars(select(Hearing.cycle_id).where(Hearing.bureau_id.in_(bureau_ids))))
    latest = (
        select(ReviewCycle)
        .where(ReviewCycle.bureau_id.in_(bureau_ids), ReviewCycle.opened_on <= day)
        .order_by(ReviewCycle.ends_on)
    )
    return {
        cycle.bureau_id: ReviewWindow(
            label=term_of_cycle(cycle).label,
            opens_on=cycle.opens_on,
            cut_off_on=cycle.cut_off_on,
            due_on=cycle.statements_due_on,
            hearing_by=cycle.hearing_by,
            is_asking=cycle.id in asking,
            is_heard=cycle.id in heard,
            opened_on=cycle.opened_on,
        )
        for cycle in session.scalars(latest)
    }


def foreseen_windows(
    session: Session,
    opened: Mapping[int, ReviewWindow],
    in_force: Mapping[int, Policy],
    day: date,
    workdays: WorkCalendar,
) -> dict[int, ReviewWindow]:
    """`opened`, and the reviews that will have been opened by themselves by `day`: for looking ahead."""
    windows = dict(opened)
    issued = first_issued(session, in_force)
    for bureau_id, policy in in_force.items():
        days = term_to_open(day, policy, workdays)
        known = windows.get(bureau_id)
        if days is None or issued.get(bureau_id, date.max) > days.cut_off_on:
            continue
        if known is None or known.cut_off_on < days.starts_on:
            windows[bureau_id] = ReviewWindow(
                days.term.label,
                days.opens_on,
                days.cut_off_on,
                days.statements_due_on,
                days.hearing_by,
                is_asking=True,
            )
    return windows


def asking_cycles(session: Session, bureau_ids: Collection[int], day: date) -> list[ReviewCycle]:
    """Reviews that still want statements: open, not frozen, and not past the day they should have been heard."""
    frozen = select(FrozenVersion.cycle_id)
    return list(
        session.scalars(
            select(ReviewCycle).where(
                ReviewCycle.bureau_id.in_(bureau_ids),
                ReviewCycle.opens_on <= day,
                ReviewCycle.opened_on <= day,
                ReviewCycle.hearing_by >= day,
                ReviewCycle.id.not_in(frozen),
            )
        )
    )
