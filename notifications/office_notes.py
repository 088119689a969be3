"""What the office itself must not miss, beside tasks and reviews: replies to superiors, next year's holidays, failed jobs."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from models import shards
from models.enums import Role
from models.organisation import Person
from notifications.rulebook import Rulebook
from notifications.wording import rule_name
from rectification.labels import JOB, SENT
from rectification.office.people import in_office
from rectification.office.sources import Reply, leaders_of, replies_due
from rectification.reminders.rules import TASK, DayRules
from rectification.reminders.task_facts import Roster
from rectification.reminders.weekly_check import opens_week
from rectification.task.time_limits import day_text, until_text

_NOTICES_FROM: Final = 11
"""The month from which the next year's holidays are asked for: the State Council tells them in it."""


class Matter(NamedTuple):
    """One thing to see to: the rule that tells of it, a sentence, and the page that says more, where the reader may open one."""

    rule: str
    text: str
    path: str = ""


Told = Iterator[tuple[int, Matter]]


def office_matters(
    session: Session, rulebook: Rulebook, roster: Roster, on: date, since: Mapping[int, date]
) -> Told:
    """Whom what `on` a day must not be missed is told, and of what days after each bureau's `since` would have said."""
    admins = session.scalars(in_office(on, Role.ADMIN).where(Person.bureau_id.in_(since.keys()))).all()
    yield from _replies(session, rulebook, roster, on, since)
    first = min(since.values())
    year = on.year + (on.month >= _NOTICES_FROM)
    if opens_week(on, rulebook.calendar, first) and rulebook.calendar.is_provisional(date(year, 1, 1)):
        text = f"{year}年放假安排还没有录入，按工作日推算的日期只是暂定，请在通知印发后录入"
        clerks = (clerk for of_bureau in roster.clerks.values() for clerk in of_bureau)
        for person in {*clerks, *admins}:
            yield person, Matter("calendar-missing", text, "/calendar")
    failing = shards.failing(session, on)
    if not opens_week(on, rulebook.calendar, first):
        failing -= shards.failing(session, first)
    for person in admins if failing else ():
        yield person, Matter("job-failed", undone(sorted(failing)), "/runs")


def undone(jobs: Iterable[str]) -> str:
    """What is said of jobs that left something undone."""
    named = "、".join(JOB.get(job, job) for job in jobs)
    return f"作业“{named}”没有做完，原因见“运行”页和日志"


def _replies(
    session: Session, rulebook: Rulebook, roster: Roster, on: date, since: Mapping[int, date]
) -> Told:
    """The clerk hears of a reply on the ladder of a task's date, the leaders of its tasks once it is long overdue."""
    for reply in replies_due(session, rulebook.rules.keys()):
        rules = rulebook.rules[reply.bureau_id]
        rung = _rung(reply, rules, on, since[reply.bureau_id])
        if rung is None:
            continue
        left = until_text(reply.due_on, rules.day, rules.calendar)
        text = (
            f"{reply.paper}的{SENT[reply.what]}应于{day_text(reply.due_on)}前报送，{left}，报送后请登记日期"
        )
        rule = f"source-{reply.what}-{rule_name(TASK, rung)}"
        if rung >= rules.policy.overdue_leader_day:
            for leader in leaders_of(session, reply.source_id) or roster.chiefs.get(reply.bureau_id, ()):
                yield leader, Matter(rule, text, "/reviews")
        for clerk in roster.clerks.get(reply.bureau_id, ()):
            yield clerk, Matter(rule, text, f"/sources/{reply.source_id}")


def _rung(reply: Reply, rules: DayRules, on: date, since: date) -> int | None:
    """The rung that speaks `on` a day: of those before the paper came none; past the last, each week's first working day."""
    policy = rules.policy
    steps = (*(-step for step in policy.ladder_before), policy.overdue_officer_day, policy.overdue_leader_day)
    days = {step: rules.day_of(reply.due_on, step) for step in steps}
    reached = [step for step, day in days.items() if since < day <= on and day >= (reply.received_on or day)]
    if reached:
        return max(reached)
    late = rules.calendar.between(reply.due_on, on)
    return late if late > policy.overdue_leader_day and opens_week(on, rules.calendar, since) else None
