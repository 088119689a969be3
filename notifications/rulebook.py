"""The rules digests are decided and written by: every bureau's policy as it stands on one working day."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.workdays import WorkCalendar
from models.enums import OutboxStatus
from models.mail import OutboxMessage
from rectification.halfyear.daily_look import foreseen_windows, review_windows
from rectification.halfyear.review_days import ReviewWindow
from rectification.office.settings import policies
from rectification.reminders.rules import DayRules


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Some bureaus' rules on a day, and their reviews, the latest last.

    `texts` are those whose mail may carry a task's text (mail_detail=full).
    """

    day: date
    calendar: WorkCalendar
    rules: Mapping[int, DayRules]
    reviews: Mapping[int, Sequence[ReviewWindow]]
    texts: frozenset[int]

    @property
    def horizon(self) -> date:
        """The last date of which anything may be said."""
        return max(rules.horizon for rules in self.rules.values())

    @property
    def asking(self) -> tuple[int, ...]:
        """The bureaus whose review asks for statements."""
        return tuple(
            bureau_id
            for bureau_id, rules in self.rules.items()
            if rules.review is not None and rules.review.is_asking
        )


def load_rulebook(
    session: Session,
    bureau_ids: Collection[int],
    day: date,
    calendar: WorkCalendar,
    *,
    ahead_of: date | None = None,
) -> Rulebook:
    """The rules in force on `day`; looking `ahead_of` a day, with the reviews that will have been opened by then."""
    in_force = policies(session, bureau_ids, day)
    reviews = review_windows(session, bureau_ids, day)
    if ahead_of is not None:
        reviews = foreseen_windows(session, reviews, in_force, day, calendar, ahead_of)
    keys = {
        bureau_id: (policy, reviews[bureau_id][-1] if reviews.get(bureau_id) else None)
        for bureau_id, policy in in_force.items()
    }
    rules = {key: DayRules(day, calendar, *key) for key in set(keys.values())}
    return Rulebook(
        day=day,
        calendar=calendar,
        rules={bureau_id: rules[key] for bureau_id, key in keys.items()},
        reviews=reviews,
        texts=frozenset(bureau_id for bureau_id, policy in in_force.items() if policy.mail_detail == "full"),
    )


def undelivered(session: Session, rulebook: Rulebook, day: date, since: Mapping[int, date]) -> dict[int, int]:
    """How many messages from each bureau's day of `since` on, before `day`, did not arrive."""
    failed = session.execute(
        select(OutboxMessage.bureau_id, OutboxMessage.day).where(
            OutboxMessage.bureau_id.in_(rulebook.rules.keys()),
            OutboxMessage.status == OutboxStatus.UNDELIVERED,
            OutboxMessage.day >= min(since.values()),
            OutboxMessage.day < day,
        )
    )
    return Counter(bureau_id for bureau_id, of_day in failed if of_day >= since[bureau_id])
