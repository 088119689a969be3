"""What a digest says beside its tasks: to clerks what the office must see to, to leaders what is due and the figures."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from models import shards
from models.enums import Channel
from notifications.account_news import account_news
from notifications.office_notes import Matter, office_matters
from notifications.phone import callees
from notifications.rulebook import Rulebook, undelivered
from notifications.tellers import Teller
from rectification.halfyear.hearing_plans import plan_news, unrecorded
from rectification.halfyear.review_days import HEARING_AHEAD, ReviewNotice, notices
from rectification.halfyear.statements import count_missing
from rectification.halfyear.summaries import SummaryPage
from rectification.halfyear.summary_versions import read_summary, untold
from rectification.lists.look_backs import doubted_closings
from rectification.office.actors import system
from rectification.reminders.levels import VAIN
from rectification.reminders.rules import DayRules
from rectification.reminders.task_facts import Roster
from rectification.reminders.weekly_check import ClosureWatch, closure_watch, opens_week
from rectification.task.time_limits import day_text, until_text
from rectification.yearly.steps import StageLine, stages_to_tell


class Note(NamedTuple):
    """One field for each flow that writes some, in words, and rows where those are long.

    `stages` of the annual report that are due, `summaries` as sentences with the path of their page, what `reviews` and
    their hearings want, what the week's look at closings found, and of the day's reminders what the `office` must not
    miss, the `undelivered` messages since the day before, `covers`: who stands in for whom, what was done to `accounts`,
    which is told by mail to who switched it off, too, and `figures` that come beside whatever else there is.
    """

    stages: tuple[Matter, ...] = ()
    summaries: tuple[tuple[str, str], ...] = ()
    reviews: tuple[Matter, ...] = ()
    closings: ClosureWatch | None = None
    office: tuple[Matter, ...] = ()
    undelivered: int = 0
    covers: tuple[Matter, ...] = ()
    accounts: tuple[Matter, ...] = ()
    figures: tuple[Matter, ...] = ()

    @property
    def said(self) -> tuple[Matter, ...]:
        """What is said in sentences."""
        return self.accounts + self.covers + self.reviews + self.office + self.stages + self.figures

    @property
    def headlines(self) -> tuple[str, ...]:
        """What of it a subject names; figures come beside whatever else there is."""
        meetings = sum(matter.rule.startswith("hearing-") for matter in self.reviews)
        counts = (
            (self.undelivered, "封邮件未送达"),
            (meetings, "项会议安排"),
            (len(self.reviews) - meetings, "项调度事项"),
            (len(self.office), "项须办事项"),
            (len(self.stages), "项年度报告环节"),
            (self.closings.total if self.closings else 0, "项本周检查事项"),
            (len(self.covers), "项代岗安排"),
            (len(self.accounts), "条账户通知"),
        )
        return tuple(f"{count}{what}" for count, what in counts if count)

    def beside(self, other: "Note") -> "Note":
        """Both, each thing once."""
        theirs, counted = other._asdict(), self.undelivered + other.undelivered
        both = {
            name: tuple(dict.fromkeys(own + theirs[name]))
            for name, own in self._asdict().items()
            if isinstance(own, tuple)
        }
        return Note(closings=self.closings or other.closings, undelivered=counted, **both)


NO_NOTE: Final = Note()
LOOKS_BACK: Final = timedelta(days=60)
"""A flow that stood longer than this begins anew."""

Notes = Iterator[tuple[int, Note]]


class Span(NamedTuple):
    """The day that decides notes, and for each bureau the working day its flow told of last: what days between missed is told."""

    on: date
    since: Mapping[int, date]


def notes_of(
    session: Session,
    rulebook: Rulebook,
    roster: Roster,
    teller: Teller,
    on: date | None = None,
    *,
    looks_back: bool = True,
) -> dict[int, Note]:
    """What one flow tells beside tasks, by person, as the rulebook's day sees what was decided `on` a day, else that one.

    Who switched mail off gets none but of the own account. It `looks_back` to the day on which the flow ran last.
    """
    on = on or rulebook.day
    since = told_since(session, rulebook, teller, on, looks_back=looks_back)
    notes: dict[int, Note] = {}
    for person, note in _NOTES[teller](session, rulebook, roster, Span(on, since)):
        if person in roster.people and (note.accounts or person not in roster.muted):
            notes[person] = notes.get(person, NO_NOTE).beside(note)
    return notes


def told_since(
    session: Session, rulebook: Rulebook, teller: Teller, on: date, *, looks_back: bool = True
) -> dict[int, date]:
    """The last working day before `on` that the flow was done for each bureau, if that was of late; else the last there was."""
    since = dict.fromkeys(rulebook.rules, rulebook.calendar.shift(on, -1))
    if not looks_back:
        return since
    done = shards.done_between(session, teller, on - LOOKS_BACK, on - timedelta(days=1))
    days = ((day, bureaus) for day, bureaus in done if rulebook.calendar.is_workday(day))
    return since | {bureau: day for day, bureaus in days for bureau in bureaus if bureau in rulebook.rules}


def foreseen_notes(
    session: Session, rulebook: Rulebook, roster: Roster, teller: Teller, *, is_next: bool
) -> dict[int, Note]:
    """The notes of a day to come, if nobody acts: a month's page is made on its first working day.

    What is kept already and was not told is told on the next day there is (`is_next`).
    """
    notes = notes_of(session, rulebook, roster, teller, looks_back=False)
    if teller is Teller.PROGRESS_SUMMARY:
        notes = notes if is_next else {}
        if rulebook.calendar.between(rulebook.day.replace(day=1) - timedelta(days=1), rulebook.day) == 1:
            told = Note(summaries=(("上月整改进展", ""),))
            leaders = {leader for of_bureau in roster.leaders.values() for leader in of_bureau}
            notes |= dict.fromkeys((leaders & set(roster.people)) - set(roster.muted), told)
    return notes


def _stages(session: Session, rulebook: Rulebook, roster: Roster, span: Span) -> Notes:
    """Once a week the clerk hears of every stage that comes, the leaders of those whose day has come."""
    of_week = [b for b, since in span.since.items() if opens_week(span.on, rulebook.calendar, since)]
    for bureau_id, stages in stages_to_tell(session, of_week, span.on).items():
        told = [(line.due_on, _stage(line, rulebook)) for line, _ in stages]
        to_all = tuple(stage for due, stage in told if rulebook.calendar.between(rulebook.day, due) <= 0)
        if to_all:
            yield from _to(roster.leaders, bureau_id, Note(stages=to_all))
        yield from _to(roster.clerks, bureau_id, Note(stages=tuple(stage for _, stage in told)))


def _summaries(session: Session, rulebook: Rulebook, roster: Roster, span: Span) -> Notes:
    for bureau_id, kept in untold(session, rulebook.rules.keys(), span.on).items():
        told = tuple((_figures(page), _path(page)) for page in map(read_summary, kept))
        yield from _to(roster.leaders, bureau_id, Note(summaries=told))


def _reviews(session: Session, rulebook: Rulebook, roster: Roster, span: Span) -> Notes:
    """Clerks hear of the reviews and of what a hearing still wants, leaders of one long unheard, its guests of a planned one."""
    for bureau_id, rules in rulebook.rules.items():
        for matter, late in _of_reviews(session, bureau_id, rules, rulebook, span):
            for holders in _hear(roster, late, span.on):
                yield from _to(holders, bureau_id, Note(reviews=(matter,)))
    for person, rule, text, papers_of in plan_news(session, span.since, span.on):
        path = f"/reviews/{papers_of}/briefing" if papers_of else ""
        yield person, Note(reviews=(Matter(rule, text, path),))
    for planned, text in unrecorded(session, span.since.keys(), span.on):
        if opens_week(span.on, rulebook.calendar, span.since[planned.bureau_id]):
            path = f"/reviews/hearings/plans?plan={planned.id}"
            matter = Matter("hearing-unrecorded", text, path)
            yield from _to(roster.clerks, planned.bureau_id, Note(reviews=(matter,)))


def _closings(session: Session, rulebook: Rulebook, roster: Roster, span: Span) -> Notes:
    of_week = [b for b, since in span.since.items() if opens_week(span.on, rulebook.calendar, since)]
    if of_week:
        watched = closure_watch(session, of_week, rulebook.day, rulebook.calendar)
        for bureau_id, watch in watched.items():
            tallies = doubted_closings(session, system(bureau_id, Channel.FLOW).actor)[:1]
            figures = tuple(Matter("doubted-closings", each.words, "/look-backs") for each in tallies)
            yield from _to(roster.clerks, bureau_id, Note(closings=watch, figures=figures))
            yield from ((reviewer, Note(closings=own)) for reviewer, own in watch.of_reviewers().items())


def _office(session: Session, rulebook: Rulebook, roster: Roster, span: Span) -> Notes:
    for person, matter in office_matters(session, rulebook, roster, *span):
        yield person, Note(office=(matter,))
    for person, matter in account_news(session, roster, *span):
        yield person, Note(accounts=(matter,))
    yield from _calls(session, rulebook, roster, span)
    for bureau_id, failed in undelivered(session, rulebook, *span).items():
        yield from _to(roster.clerks, bureau_id, Note(undelivered=failed))


def _calls(session: Session, rulebook: Rulebook, roster: Roster, span: Span) -> Notes:
    """The clerk hears of the telephone list when something new is on it, and weekly while anybody is; not who stands on it."""
    found: dict[int, dict[int, date]] = {}
    for callee in callees(session, rulebook):
        found.setdefault(callee.bureau_id, {})[callee.person_id] = callee.newest
    for bureau_id, newest in found.items():
        since = span.since[bureau_id]
        if max(newest.values()) > since or opens_week(span.on, rulebook.calendar, since):
            matter = Matter(
                "calls",
                f"待电话通知{len(newest)}人（没有邮箱、关闭了提醒或者邮件未送达），通知后请登记",
                "/calls",
            )
            told = _to(roster.clerks, bureau_id, Note(office=(matter,)))
            yield from (each for each in told if each[0] not in newest)


_NOTES: Final[Mapping[Teller, Callable[[Session, Rulebook, Roster, Span], Notes]]] = {
    Teller.ANNUAL_REPORT: _stages,
    Teller.PROGRESS_SUMMARY: _summaries,
    Teller.SEMIANNUAL_REVIEW: _reviews,
    Teller.CLOSURE_CHECK: _closings,
    Teller.DAILY_REMINDERS: _office,
}


def _to(holders: Mapping[int, tuple[int, ...]], bureau_id: int, note: Note) -> Notes:
    return ((person, note) for person in holders.get(bureau_id, ()))


def _stage(line: StageLine, rulebook: Rulebook) -> Matter:
    waits = f"，还缺{'、'.join(line.missing)}" if line.done and line.missing else ""
    left = until_text(line.due_on, rulebook.day, rulebook.calendar)
    return Matter("annual-stage", f"年度报告“{line.label}”期限{day_text(line.due_on)}，{left}{waits}")


def _of_reviews(
    session: Session, bureau_id: int, rules: DayRules, rulebook: Rulebook, span: Span
) -> Iterator[tuple[Matter, int]]:
    """What a clerk hears of the bureau's reviews, each with how many weeks it is late enough for the leaders too."""
    calendar, since = rules.calendar, span.since[bureau_id]
    opens = opens_week(span.on, calendar, since)
    for review, notice in notices(
        rulebook.reviews.get(bureau_id, ()), span.on, calendar, since, opens_week=opens
    ):
        left = calendar.between(rules.day, review.hearing_by)
        if notice is ReviewNotice.OPENED:
            if review.told_on < rules.day and not review.is_asking:
                continue
            opened = "今天" if review.told_on == rules.day else day_text(review.told_on)
            text = f"{review.label}调度{opened}开启，请各责任人于{day_text(review.due_on)}前报送情况说明"
        elif notice is ReviewNotice.TO_FREEZE:
            text = f"{review.label}的数据截至{day_text(review.cut_off_on)}，还没有冻结，请核对后冻结"
        else:
            text = f"{review.label}尚未听取汇报，期限{day_text(review.hearing_by)}，{until_text(review.hearing_by, rules.day, calendar)}"
        late = (-left - HEARING_AHEAD) // 5 + 1 if notice is ReviewNotice.TO_HEAR else 0
        yield Matter(notice.value, text, "/reviews"), late
    asks = rules.review if rules.chases(span.on, since) else None
    if asks and (missing := count_missing(session, bureau_id, asks)):
        text = f"{asks.label}还缺{missing}份情况说明，期限{day_text(asks.due_on)}，已向责任人催报"
        yield Matter("review-missing", text, "/reviews"), 0


def _hear(roster: Roster, late: int, on: date) -> tuple[Mapping[int, tuple[int, ...]], ...]:
    """Who hears of a review late by so many weeks: the leaders too, and after VAIN weeks once a month; the chief every week."""
    if late <= 0:
        return (roster.clerks,)
    opens_month = (on - timedelta(days=7)).month != on.month
    return roster.clerks, roster.leaders if late <= VAIN or opens_month else roster.chiefs


def _path(page: SummaryPage) -> str:
    if page.term:
        return f"/summaries/terms/{page.term.ends_on}"
    return f"/summaries/{page.period.cut_off_on:%Y-%m}"


def _figures(page: SummaryPage) -> str:
    problems, plans = page.figures.problems, page.figures.plans
    whole = page.whole
    ledger = (
        f"；全局全部在账问题{whole.problems.total}项，已销号{whole.problems.closed}项，"
        f"工作任务{whole.plans.total}项，已办结{whole.plans.closed}项"
        if whole
        else ""
    )
    return (
        f"{page.label}通报（全局）：本期问题{problems.total}项，已销号{problems.closed}项，超期{problems.overdue}项；"
        f"本期工作任务{plans.total}项，已办结{plans.closed}项，超期{plans.overdue}项{ledger}"
    )
