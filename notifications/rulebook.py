"""The rules digests are decided and written by: every bureau's policy as it stands on one working day."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.workdays import WorkCalendar
from models.enums import OutboxStatus
from models.mail import OutboxMessage
from rectification.policy import policies
from rectification.reminding import DayRules, Roster


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Some bureaus' rules on a day. `texts` are those whose mail may carry a task's text (mail_detail=full)."""

    day: date
    calendar: WorkCalendar
    rules: Mapping[int, DayRules]
    texts: frozenset[int]

    @property
    def horizon(self) -> date:
        """The last date of which anything may be said."""
        return max(rules.horizon for rules in self.rules.values())


def load_rulebook(
    session: Session, bureau_ids: Collection[int], day: date, calendar: WorkCalendar
) -> Rulebook:
    """The rules in force on `day`."""
    in_force = policies(session, bureau_ids, day)
    by_policy = {policy: DayRules(day, calendar, policy) for policy in set(in_force.values())}
    return Rulebook(
        day=day,
        calendar=calendar,
        rules={bureau_id: by_policy[policy] for bureau_id, policy in in_force.items()},
        texts=frozenset(bureau_id for bureau_id, policy in in_force.items() if policy.mail_detail == "full"),
    )


def undelivered_before(session: Session, rulebook: Rulebook, roster: Roster) -> dict[int, int]:
    """What clerks must hear: how many messages since the last working day did not arrive, by clerk."""
    since = rulebook.calendar.shift(rulebook.day, -1)
    failed = session.execute(
        select(OutboxMessage.bureau_id, func.count())
        .where(
            OutboxMessage.bureau_id.in_(rulebook.rules),
            OutboxMessage.status == OutboxStatus.UNDELIVERED,
            OutboxMessage.day >= since,
            OutboxMessage.day < rulebook.day,
        )
        .group_by(OutboxMessage.bureau_id)
    )
    return {clerk: count for bureau_id, count in failed for clerk in roster.clerks.get(bureau_id, ())}
