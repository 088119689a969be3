"""What a digest says beside its tasks: to clerks what did not arrive, to leaders who asked the month's figures."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import Role
from models.organisation import Person, PersonRole
from notifications.rulebook import Rulebook, undelivered_before
from rectification.annual import StageLine, stages_to_tell
from rectification.closure_watch import ClosureWatch, closure_watch, opens_week
from rectification.reminding import Roster
from rectification.summaries import SummaryPage, read_summary, untold
from rectification.timelimits import day_text


class Note(NamedTuple):
    """`undelivered` messages of the day before, stages of the annual report that are due, and the month's figures.

    `closings` is what the week's look at closings found. `summary` is one sentence, `summary_path` where the page is.
    """

    undelivered: int = 0
    closings: ClosureWatch | None = None
    stages: tuple[str, ...] = ()
    summary: str = ""
    summary_path: str = ""


NO_NOTE: Final = Note()


def notes_of(session: Session, rulebook: Rulebook, roster: Roster) -> dict[int, Note]:
    """The notes of a day, by person."""
    notes = {
        clerk: Note(undelivered=count)
        for clerk, count in undelivered_before(session, rulebook, roster).items()
    }
    for bureau_id, due in stages_to_tell(session, rulebook.rules.keys(), rulebook.day).items():
        for clerk in roster.clerks.get(bureau_id, ()):
            stages = tuple(_stage(line, left) for line, left in due)
            notes[clerk] = notes.get(clerk, NO_NOTE)._replace(stages=stages)
    if opens_week(rulebook.day, rulebook.calendar):
        watched = closure_watch(session, rulebook.rules.keys(), rulebook.day, rulebook.calendar)
        for bureau_id, watch in watched.items():
            for clerk in roster.clerks.get(bureau_id, ()):
                notes[clerk] = notes.get(clerk, NO_NOTE)._replace(closings=watch)
    kept = untold(session, rulebook.rules.keys(), rulebook.day)
    pages = {bureau_id: read_summary(summary) for bureau_id, summary in kept.items()}
    for leader, bureau_id in _leaders(session, roster, pages).items():
        page = pages[bureau_id]
        day = page.period.cut_off_on
        notes[leader] = notes.get(leader, NO_NOTE)._replace(
            summary=_figures(page), summary_path=f"/summaries/{day.year}-{day.month:02d}"
        )
    return notes


def _leaders(session: Session, roster: Roster, pages: Mapping[int, SummaryPage]) -> dict[int, int]:
    """Leaders and chiefs who asked for mail, with their bureau."""
    if not pages:
        return {}
    asked = (
        select(Person.id, Person.bureau_id)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(
            Person.bureau_id.in_(pages),
            Person.wants_mail,
            PersonRole.role.in_((Role.LEADER, Role.CHIEF)),
        )
        .distinct()
    )
    return {person: bureau for person, bureau in session.execute(asked) if person in roster.leaders}


def _stage(line: StageLine, left: int) -> str:
    waits = f"，还缺{'、'.join(line.missing)}" if line.done and line.missing else ""
    when = f"已超过{-left}个工作日" if left < 0 else f"还有{left}个工作日" if left else "今天到期"
    return f"年度报告“{line.label}”期限{day_text(line.due_on)}，{when}{waits}"


def _figures(page: SummaryPage) -> str:
    problems, plans = page.figures.problems, page.figures.plans
    return (
        f"{page.label}整改进展：问题{problems.total}项，已销号{problems.closed}项，超期{problems.overdue}项；"
        f"工作任务{plans.total}项，已办结{plans.closed}项，超期{plans.overdue}项"
    )
