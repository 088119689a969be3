"""What a day asks of reviews: open those whose window has come, and know which of them ask.

Nobody is told here: `rectification/reminders/rules.py` says who is asked for statements. Run again, a day changes nothing.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.workdays import WorkCalendar
from models.base import frozen
from models.review import FrozenVersion, Hearing, ReviewCycle
from rectification.halfyear.cycles import first_issued, open_if_due, term_of_cycle
from rectification.halfyear.review_days import ReviewWindow, terms_opened
from rectification.office.settings import Policy


def open_reviews(session: Session, clock: Clock, bureau_ids: Collection[int]) -> int:
    """Open reviews that are due; how many were opened."""
    return len(open_if_due(session, clock, *bureau_ids))


def review_windows(session: Session, bureau_ids: Collection[int], day: date) -> dict[int, list[ReviewWindow]]:
    """The reviews opened in each bureau by `day`, the latest last.

    One asks for statements until its figures are frozen or the day it should have been heard is past.
    """
    own = ReviewCycle.bureau_id.in_(bureau_ids)
    heard = set(session.scalars(select(Hearing.cycle_id).where(Hearing.bureau_id.in_(bureau_ids))))
    kept = set(session.scalars(select(FrozenVersion.cycle_id).join(ReviewCycle, _OF_CYCLE).where(own)))
    found: dict[int, list[ReviewWindow]] = {}
    opened = select(ReviewCycle).where(own, ReviewCycle.opened_on <= day).order_by(ReviewCycle.ends_on)
    for cycle in session.scalars(opened):
        window = frozen(
            ReviewWindow,
            cycle,
            label=term_of_cycle(cycle).label,
            due_on=cycle.statements_due_on,
            is_asking=cycle.opens_on <= day <= cycle.hearing_by and cycle.id not in kept,
            is_heard=cycle.id in heard,
            is_frozen=cycle.id in kept,
        )
        found.setdefault(cycle.bureau_id, []).append(window)
    return found


_OF_CYCLE: Final = FrozenVersion.cycle_id == ReviewCycle.id


def foreseen_windows(
    session: Session,
    opened: Mapping[int, list[ReviewWindow]],
    in_force: Mapping[int, Policy],
    day: date,
    workdays: WorkCalendar,
    since: date,
) -> dict[int, list[ReviewWindow]]:
    """`opened`, and the reviews that open by themselves from `since` to `day`, if nobody acts: for looking ahead."""
    issued = first_issued(session, in_force)
    return {
        bureau_id: [
            *opened.get(bureau_id, ()),
            *(
                frozen(
                    ReviewWindow,
                    days,
                    label=days.term.label,
                    due_on=days.statements_due_on,
                    is_asking=day <= days.hearing_by,
                )
                for days in terms_opened(day, since, policy, workdays)
                if issued.get(bureau_id, date.max) <= days.cut_off_on
                and all(known.cut_off_on < days.starts_on for known in opened.get(bureau_id, ()))
            ),
        ]
        for bureau_id, policy in in_force.items()
    }
