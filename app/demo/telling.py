"""The demonstration told by the verbs of the program: who did what on which day."""

import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.diary import Diary, clock_on
from app.demo.halfyear import HalfYears, half_years
from app.demo.story import HERE, Ending, Fate, Fates, story
from core.clock import Clock
from core.db import Database
from models.enums import Channel, Status, TimeLimit
from models.organisation import Unit
from models.report import ReportItem
from models.task import RectificationTask
from rectification import casework
from rectification.casework import IssueOrder, NewMeasure
from rectification.halfyear.cycles import cycle_named, open_if_due
from rectification.halfyear.freezing import freeze
from rectification.halfyear.hearings import NewHearing, NewResolution, add_hearing, resolve
from rectification.halfyear.review_days import CycleDays, Term
from rectification.halfyear.statements import Answer, state
from rectification.halfyear.summary_versions import keep_summaries, mark_told
from rectification.intake.import_report import register_report
from rectification.office.actors import Acting, actor_by_login
from rectification.office.calendar import load_calendar
from rectification.office.identity import mark_as_demo
from rectification.office.journal import By, by_system
from rectification.office.people import add_person
from rectification.office.settings import policy_of
from rectification.office.units import add_alias, add_bureau, add_department, set_line_leader
from rectification.task.deadlines import Timing, overdue_days
from reports.parsed import ParsedReport
from reports.reading import read_report

Verb = Callable[..., object]
Told = tuple[tuple[Fates, date], ...]
"""What became of a report's items, and from which day that counts."""
FROZEN_AFTER: Final = 2
"""Working days from a cut-off to the day the clerk freezes."""


class Telling:
    """The work on the demonstration, `today` being day zero."""

    def __init__(self, database: Database, today: date) -> None:
        self._database = database
        self._today = today
        self._story = story()
        self._clerk = self._story.cast.clerk
        self._tasks: dict[str, Fate] = {}

    def tell(self) -> int:
        """Everything; returns the bureau's id."""
        cast, this_year, last_year = self._story.cast, self._story.this_year, self._story.last_year
        by = by_system(clock_on(self._today), Channel.FLOW)
        with self._database.unit_of_work() as session:
            bureau = add_bureau(session, by, cast.bureau)
            mark_as_demo(session, by, bureau)
            add_alias(session, by, bureau, cast.alias)
            self._enrol(session, by, bureau)
            self._diary = Diary(self._today, load_calendar(session))
            policy = policy_of(session, bureau.id, self._today)
            self._bureau_id = bureau.id
        halves = half_years(self._today, policy, self._diary.workdays)
        last: Told = (last_year.items, self._today), (last_year.ended_in_term, halves.heard.cut_off_on)
        now: Told = ((this_year.items, self._today),)
        for report, name, told in ((last_year, "earlier_report.txt", last), (this_year, "report.txt", now)):
            day = self._today + timedelta(days=report.imported)
            self._diary.on(day, partial(self._report, name=name, told=told))
        self._review(halves.heard, 0)
        self._review(halves.running, 1)
        self._hear(halves)
        self._diary.live(self._database)
        return self._bureau_id

    def _enrol(self, session: Session, by: By, bureau: Unit) -> None:
        cast = self._story.cast
        names = dict.fromkeys(person.unit for person in cast.people if person.unit)
        units = {name: add_department(session, by, bureau, name) for name in names}
        people = {person.login: add_person(session, by, bureau, person) for person in cast.people}
        for unit, leader in cast.led_by.items():
            set_line_leader(session, by, units[unit], people[leader])
        self._units = {name: unit.id for name, unit in units.items()}
        self._people = {login: person.id for login, person in people.items()}

    def _report(self, session: Session, clock: Clock, name: str, told: Told) -> None:
        parsed = _read(name, clock.today.year - 1)
        clerk = actor_by_login(session, self._clerk, today=clock.today)
        outcome = register_report(session, clock, parsed, channel=Channel.WEB, by=clerk)
        items = session.execute(
            select(ReportItem.kind, ReportItem.position, RectificationTask.code)
            .join(RectificationTask, RectificationTask.report_item_id == ReportItem.id)
            .where(ReportItem.report_id == outcome.report_id)
            .order_by(ReportItem.id)
        ).all()
        for kind, position, code in items:
            for fates, zero in told:
                if fate := fates.get(kind, {}).get(position):
                    self._live(code, fate, zero)

    def _review(self, days: CycleDays, which: int) -> None:
        """A half-year: opened, stated task by task before its day."""
        self._diary.on(days.opens_on, self._open)
        for early in range(4):
            day = self._diary.workdays.shift(days.statements_due_on, -early)
            self._diary.on(day, partial(self._state, which=which, turn=early))

    def _open(self, session: Session, clock: Clock) -> None:
        open_if_due(session, clock, self._bureau_id)

    def _state(self, session: Session, clock: Clock, which: int, turn: int) -> None:
        """The statements of a day: every fourth task's, as far as it is in work and its officer has words for it."""
        for number, (code, fate) in enumerate(self._tasks.items()):
            words = fate.stated[which] if len(fate.stated) > which else ""
            if number % 4 != turn or not words:
                continue
            task = session.scalars(select(RectificationTask).where(RectificationTask.code == code)).one()
            if task.status is not Status.IN_PROGRESS:
                continue
            late = fate.late if overdue_days(Timing.of(task), clock.today) else ""
            said = Answer(code, words, late_reason=late, needs_decision=fate.asks)
            state(session, clock, _acting(session, fate.officer, clock), [said])

    def _hear(self, halves: HalfYears) -> None:
        """The half-year that was stated is frozen and heard."""
        term = halves.heard.term
        frozen_on = self._diary.workdays.shift(halves.heard.cut_off_on, FROZEN_AFTER)
        self._diary.on(frozen_on, partial(self._freeze, term=term), closes_day=True)
        self._diary.on(halves.heard_on, partial(self._meet, term=term))

    def _freeze(self, session: Session, clock: Clock, term: Term) -> None:
        clerk = actor_by_login(session, self._clerk, today=clock.today)
        freeze(session, clock, clerk, cycle_named(session, self._bureau_id, term))
        keep_summaries(session, clock, self._bureau_id)
        mark_told(session, [self._bureau_id], clock.today)

    def _meet(self, session: Session, clock: Clock, term: Term) -> None:
        acting = _acting(session, self._clerk, clock)
        new = NewHearing(
            held_on=clock.today,
            body=self._story.meeting.body,
            topic=f"听取{term.label}法治政府建设和问题整改情况汇报",
            minutes_no=f"云交党组纪要〔{clock.today.year}〕{2 * clock.today.month}号",
            presided_by_id=self._people[self._story.meeting.presided_by],
            cycle=cycle_named(session, self._bureau_id, term),
        )
        hearing = add_hearing(session, clock, acting.actor, new)
        for fate in self._story.meeting.decided:
            due = clock.today + timedelta(days=fate.due or 0)
            task = resolve(session, clock, acting, hearing, NewResolution(fate.text, due_on=due))
            self._live(task.code, fate, clock.today)

    def _live(self, code: str, fate: Fate, zero: date) -> None:
        """Note what a task lives through; the days of its fate count from `zero`."""
        self._tasks[code] = fate

        def do(login: str, day: int, verb: Verb, *more: object, **named: object) -> None:
            def deed(session: Session, clock: Clock) -> None:
                verb(session, clock, _acting(session, login, clock), code, *more, **named)

            self._diary.on(zero + timedelta(days=day), deed)

        if fate.stage == "archived":
            do(self._clerk, fate.issued, casework.archive)
        if fate.stage in ("draft", "archived"):
            return
        do(self._clerk, fate.issued, casework.issue, self._order(fate, zero))
        if fate.partners:
            units = [self._units[name] for name in fate.partners]
            do(self._clerk, fate.issued, casework.participate, add_units=units)
        if fate.stage == "assigned":
            return
        do(fate.officer, fate.issued + fate.accepted_after, casework.accept)
        self._work(do, fate)
        self._guide(do, fate, zero)
        if fate.ending is not None:
            self._end(do, fate, fate.ending, code, zero)

    def _work(self, do: Callable[..., None], fate: Fate) -> None:
        """What the officer says and finishes."""
        for day, text in fate.reports:
            asks = fate.asks if (day, text) == fate.reports[-1] else ""
            do(fate.officer, day, casework.progress, text, needs_decision=asks)
        for position, step in enumerate(fate.steps, 1):
            if step.done is not None:
                do(fate.officer, step.done, casework.finish_measure, position)

    def _guide(self, do: Callable[..., None], fate: Fate, zero: date) -> None:
        """What clerk and leaders do to it meanwhile, and the extension it waits for."""
        if fate.recurs_since is not None:
            marked = casework.Correction(is_recurring=True)
            do(self._clerk, fate.recurs_since, casework.correct, "市政务公开考核连续两年点到这个问题", marked)
        if fate.listed is not None:
            do(self._clerk, fate.listed[0], casework.supervise, fate.listed[1])
        for day, login, words in fate.guided:
            do(login, day, casework.instruct, words)
        for day, conclusion, following in fate.checks:
            do(self._clerk, day, casework.checkpoint, conclusion, zero + timedelta(days=following))
        if fate.extension is not None:
            asked, wanted, why = fate.extension
            do(fate.officer, asked, casework.request_extension, why, zero + timedelta(days=wanted))

    def _end(self, do: Callable[..., None], fate: Fate, ending: Ending, code: str, zero: date) -> None:
        own_date = self._diary.workdays.on_or_before(zero + timedelta(days=ending.asked - 3))
        proof = casework.NewEvidence(
            archive_no=f"JTJ-{code}",
            note=ending.proof,
            own_date=own_date,
            kind=ending.kind,
            proves=range(1, len(fate.steps) + 1),
        )
        do(fate.officer, ending.asked - 2, casework.evidence, proof)
        do(fate.officer, ending.asked, casework.submit, ending.statement)
        if ending.verdict:
            do(fate.reviewer, ending.asked + 3, casework.verify, ending.verdict)
        if ending.approval:
            do(self._story.cast.led_by[fate.unit], ending.asked + 6, casework.approve, ending.approval)

    def _order(self, fate: Fate, zero: date) -> IssueOrder:
        due = zero + timedelta(days=fate.due) if fate.due is not None else None
        is_long = fate.limit is TimeLimit.LONG_TERM
        return IssueOrder(
            lead_unit_id=self._units[fate.unit],
            officer_id=self._people.get(fate.officer),
            reviewer_id=self._people[fate.reviewer],
            time_limit=fate.limit,
            due_on=None if is_long else due,
            checkpoint_on=due if is_long else None,
            title=fate.title,
            goal=fate.goal,
            measures=tuple(NewMeasure(step.text, zero + timedelta(days=step.due)) for step in fate.steps),
        )


def _acting(session: Session, login: str, clock: Clock) -> Acting:
    return Acting(actor_by_login(session, login, today=clock.today), Channel.WEB)


def _read(name: str, year: int) -> ParsedReport:
    text = (HERE / name).read_text(encoding="utf-8").format(year=year, next=year + 1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{year}年度法治政府建设情况报告.txt"
        path.write_text(text, encoding="utf-8")
        return read_report(path)
