"""What a digest says beside its tasks: to clerks what did not arrive, to leaders the month's figures."""

from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import timedelta
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from notifications.rulebook import Rulebook, undelivered_before
from rectification.halfyear.review_days import ReviewNotice, ReviewWindow, notices
from rectification.halfyear.summaries import SummaryPage
from rectification.halfyear.summary_versions import read_summary, untold
from rectification.reminders.rules import Roster
from rectification.reminders.weekly_check import ClosureWatch, closure_watch, opens_week
from rectification.task.time_limits import day_text
from rectification.yearly.steps import StageLine, stages_to_tell


class Note(NamedTuple):
    """`undelivered` messages of the day before, stages of the annual report that are due, and what a review wants.

    `closings` is what the week's look at closings found. `summaries` are sentences with the path of their page.
    """

    undelivered: int = 0
    closings: ClosureWatch | None = None
    stages: tuple[str, ...] = ()
    reviews: tuple[str, ...] = ()
    summaries: tuple[tuple[str, str], ...] = ()

    @property
    def headlines(self) -> tuple[str, ...]:
        """What of it a subject names; figures come beside whatever else there is."""
        counts = (
            (self.undelivered, "封邮件未送达"),
            (len(self.reviews), "项调度事项"),
            (len(self.stages), "项年度报告环节"),
            (self.closings.total if self.closings else 0, "项本周检查事项"),
        )
        return tuple(f"{count}{what}" for count, what in counts if count)


NO_NOTE: Final = Note()


def notes_of(
    session: Session, rulebook: Rulebook, roster: Roster, *, to: Set[int] | None = None
) -> dict[int, Note]:
    """The notes of a day, by person; those for `to` alone where given. Who switched mail off gets none."""
    clerks = {
        bureau_id: clerks
        for bureau_id in rulebook.rules
        if (clerks := roster.clerks.get(bureau_id, ())) and (to is None or not to.isdisjoint(clerks))
    }
    notes = _clerks_notes(session, rulebook, clerks) if clerks else {}
    leaders = _leaders(roster)
    if leaders and (to is None or not to.isdisjoint(leaders)):
        kept = untold(session, rulebook.rules.keys(), rulebook.day)
        pages = {bureau_id: [read_summary(summary) for summary in found] for bureau_id, found in kept.items()}
        for leader, bureau_id in leaders.items():
            if told := tuple((_figures(page), _path(page)) for page in pages.get(bureau_id, ())):
                notes[leader] = notes.get(leader, NO_NOTE)._replace(summaries=told)
    return {person: note for person, note in notes.items() if person not in roster.muted}


def foreseen_notes(session: Session, rulebook: Rulebook, roster: Roster, *, is_next: bool) -> dict[int, Note]:
    """The notes of a day to come, if nobody acts.

    A month's page is made on its first working day and told on the second; what is kept already is told on the next
    day there is (`is_next`).
    """
    notes = notes_of(session, rulebook, roster)
    if not is_next:
        notes = {person: note._replace(summaries=()) for person, note in notes.items()}
    if rulebook.calendar.between(rulebook.day.replace(day=1) - timedelta(days=1), rulebook.day) == 2:
        for leader in _leaders(roster):
            notes[leader] = notes.get(leader, NO_NOTE)._replace(summaries=(("上月整改进展", ""),))
    return {person: note for person, note in notes.items() if any(note)}


def _clerks_notes(
    session: Session, rulebook: Rulebook, clerks: Mapping[int, Sequence[int]]
) -> dict[int, Note]:
    """What clerks are told of: yesterday's failures, the review's days and the year's, the week's look at closings."""
    day, calendar = rulebook.day, rulebook.calendar
    failed = undelivered_before(session, rulebook, clerks.keys())
    stages = stages_to_tell(session, clerks.keys(), day)
    watched = closure_watch(session, clerks.keys(), day, calendar) if opens_week(day, calendar) else {}
    notes: dict[int, Note] = {}
    for bureau_id, people in clerks.items():
        window = rulebook.rules[bureau_id].review
        note = Note(
            undelivered=failed.get(bureau_id, 0),
            closings=watched.get(bureau_id),
            stages=tuple(_stage(line, left) for line, left in stages.get(bureau_id, ())),
            reviews=tuple(_review(window, rulebook)) if window else (),
        )
        if any(note):
            notes |= dict.fromkeys(people, note)
    return notes


def _leaders(roster: Roster) -> dict[int, int]:
    """Leaders and chiefs who are to have the month's figures, with their bureau."""
    return {
        leader: bureau_id
        for bureau_id, leaders in roster.leaders.items()
        for leader in leaders
        if leader in roster.people and leader not in roster.muted
    }


def _stage(line: StageLine, left: int) -> str:
    waits = f"，还缺{'、'.join(line.missing)}" if line.done and line.missing else ""
    when = f"已超过{-left}个工作日" if left < 0 else f"还有{left}个工作日" if left else "今天到期"
    return f"年度报告“{line.label}”期限{day_text(line.due_on)}，{when}{waits}"


def _review(window: ReviewWindow, rulebook: Rulebook) -> Iterator[str]:
    day, calendar = rulebook.day, rulebook.calendar
    for notice in notices(window, day, calendar):
        if notice is ReviewNotice.OPENED:
            yield f"{window.label}调度今天开启，请各责任人于{day_text(window.due_on)}前报送情况说明"
        elif notice is ReviewNotice.TO_FREEZE:
            yield f"{window.label}的数据截至{day_text(window.cut_off_on)}，还没有冻结，请核对后冻结"
        else:
            left = calendar.between(day, window.hearing_by)
            when = f"还有{left}个工作日" if left else "今天到期"
            yield f"{window.label}尚未听取汇报，期限{day_text(window.hearing_by)}，{when}"


def _path(page: SummaryPage) -> str:
    if page.term:
        return f"/summaries/terms/{page.term.ends_on}"
    return f"/summaries/{page.period.cut_off_on:%Y-%m}"


def _figures(page: SummaryPage) -> str:
    problems, plans = page.figures.problems, page.figures.plans
    return (
        f"{page.label}整改进展：问题{problems.total}项，已销号{problems.closed}项，超期{problems.overdue}项；"
        f"工作任务{plans.total}项，已办结{plans.closed}项，超期{plans.overdue}项"
    )
