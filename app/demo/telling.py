"""The demonstration told by the verbs of the program: who did what on which day."""

import io
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.days import Diary, HalfYears, clock_on, half_years
from app.demo.papers import made
from app.demo.story import HERE, DemoFile, DemoStep, Fate, Fates, ToldSource, story
from core.clock import Clock
from core.db import Database
from core.files import FileStore
from documents.halfyear.briefing_docx import briefing_name, write_briefing
from documents.own_text import own_text
from models.base import frozen
from models.enums import Channel, StepKind, TimeLimit, Verb
from models.organisation import Unit
from models.report import ReportItem
from models.task import RectificationTask
from rectification import casework
from rectification.casework import IssueOrder, NewMeasure
from rectification.halfyear.cycles import cycle_named, find_cycle, open_if_due
from rectification.halfyear.freezing import freeze, newest
from rectification.halfyear.hearings import NewHearing, NewResolution, add_hearing, add_paper, resolve
from rectification.halfyear.review_days import CycleDays, Term
from rectification.halfyear.statements import Answer, state, statement_lines
from rectification.halfyear.summary_versions import keep_summaries, mark_told
from rectification.intake.import_report import register_report
from rectification.office.actors import Acting, actor_by_login, system
from rectification.office.calendar import load_calendar
from rectification.office.identity import mark_as_demo
from rectification.office.journal import By, by_system
from rectification.office.people import add_person
from rectification.office.settings import policy_of
from rectification.office.source_steps import NewStep, add_step
from rectification.office.sources import (
    NewSource,
    add_kind,
    list_kinds,
    mark_sent,
    source_for,
    source_of_bureau,
)
from rectification.office.units import add_alias, add_bureau, add_department, set_line_leader
from reports.parsed import ParsedReport
from reports.reading import read_report

Act = Callable[..., object]
Told = tuple[tuple[Fates, date], ...]
"""What became of a report's items, and from which day that counts."""
FROZEN_AFTER: Final = 2
"""Working days from a cut-off to the day the clerk freezes; from the meeting to the draw of look-backs; from it to the look."""
DRAWN_AFTER: Final = 5
LOOKED_AFTER: Final = 10
_SIGNED: Final = {Verb.APPROVE, Verb.GRANT_EXTENSION, Verb.REDATE, Verb.TERMINATE}
_CLERKS: Final = {Verb.ARCHIVE, Verb.CORRECT, Verb.SUPERVISE, Verb.CHECKPOINT}


class Telling:
    """The work on the demonstration, `today` being day zero."""

    def __init__(self, database: Database, store: FileStore, today: date) -> None:
        self._database = database
        self._store = store
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
        for told_source in self._story.sources:
            day = self._today + timedelta(days=told_source.received)
            self._diary.on(day, partial(self._receive, told=told_source))
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

    def _receive(self, session: Session, clock: Clock, told: ToldSource) -> None:
        """A paper comes in, and each thing it found is entered."""
        acting = _acting(session, self._clerk, clock)
        by = By(clock, acting)
        if told.kind not in {kind.name for kind in list_kinds(session, self._bureau_id)}:
            add_kind(session, by, self._bureau_id, told.kind)
        due = {what: self._today + timedelta(days=day) for what, day in told.due.items()}
        paper = NewSource(
            told.kind,
            told.title,
            told.paper_no.format(year=clock.today.year),
            told.issuing_body,
            clock.today,
            plan_due_on=due.get("plan"),
            result_due_on=due.get("result"),
        )
        source = source_for(session, by, self._bureau_id, paper)
        for what, day, sent_no in told.sent:
            number = sent_no.format(year=clock.today.year)
            sending = partial(self._send, source_id=source.id, what=what, number=number)
            self._diary.on(self._today + timedelta(days=day), sending)
        for step in told.steps:
            entered_on = (
                clock.today if step.kind is StepKind.STAGE else self._today + timedelta(days=step.day)
            )
            self._diary.on(entered_on, partial(self._step, source_id=source.id, step=step))
        for fate in told.found:
            new = casework.NewDraft(
                source.id, fate.text, cause=fate.cause, category=fate.category, count_total=fate.count
            )
            self._live(casework.enter(session, clock, acting, new).code, fate, self._today)

    def _send(self, session: Session, clock: Clock, source_id: int, what: str, number: str) -> None:
        by = By(clock, _acting(session, self._clerk, clock))
        source = source_of_bureau(session, self._bureau_id, source_id)
        mark_sent(session, by, source, what, clock.today, number)

    def _step(self, session: Session, clock: Clock, source_id: int, step: DemoStep) -> None:
        by = By(clock, _acting(session, self._clerk, clock))
        is_stage = step.kind is StepKind.STAGE
        new = frozen(
            NewStep,
            step,
            day=self._today + timedelta(days=step.day) if is_stage else clock.today,
            until=None if step.until is None else self._today + timedelta(days=step.until),
            paper_no=step.paper_no.format(year=clock.today.year),
            unit="",
        )
        add_step(session, by, source_of_bureau(session, self._bureau_id, source_id), new)

    def _review(self, days: CycleDays, which: int) -> None:
        """A half-year: opened, stated task by task before its day; what came in later is stated before the figures stand."""
        self._diary.on(days.opens_on, self._open)
        last = self._diary.workdays.shift(days.cut_off_on, FROZEN_AFTER)
        for part in range(4, 0, -1):
            day = self._diary.workdays.shift(days.statements_due_on, 1 - part)
            self._diary.on(day, partial(self._state, term=days.term, which=which, part=part))
        self._diary.on(last, partial(self._state, term=days.term, which=which, part=1))

    def _open(self, session: Session, clock: Clock) -> None:
        open_if_due(session, clock, self._bureau_id)

    def _state(self, session: Session, clock: Clock, term: Term, which: int, part: int) -> None:
        """The statements of a day: one in so many of those that are missing."""
        cycle = find_cycle(session, self._bureau_id, term)
        lines = statement_lines(session, cycle, clock.today) if cycle else []
        for line in [each for each in lines if each.is_missing][::part]:
            fate = self._tasks[line.code]
            if words := fate.stated[which] if len(fate.stated) > which else "":
                late = fate.late if line.overdue_days else ""
                said = Answer(line.code, words, late_reason=late, needs_decision=fate.asks)
                state(session, clock, _acting(session, fate.officer, clock), [said])

    def _hear(self, halves: HalfYears) -> None:
        """The half-year that was stated is frozen and heard."""
        term = halves.heard.term
        frozen_on = self._diary.workdays.shift(halves.heard.cut_off_on, FROZEN_AFTER)
        self._diary.on(frozen_on, partial(self._freeze, term=term), closes_day=True)
        self._diary.on(halves.heard_on, partial(self._meet, term=term))
        self._diary.on(self._diary.workdays.shift(halves.heard_on, DRAWN_AFTER), self._draw)

    def _freeze(self, session: Session, clock: Clock, term: Term) -> None:
        clerk = actor_by_login(session, self._clerk, today=clock.today)
        freeze(session, clock, clerk, cycle_named(session, self._bureau_id, term))
        keep_summaries(session, clock, self._bureau_id)
        mark_told(session, [self._bureau_id], clock.today)

    def _draw(self, session: Session, clock: Clock) -> None:
        """The look-backs of the half-year: each reviewer goes and sees."""
        for drawn in casework.draw_look_backs(session, clock, system(self._bureau_id, Channel.FLOW)):
            fate = self._tasks[drawn.code]
            if fate.looked_back:
                seen_on = self._diary.workdays.shift(clock.today, LOOKED_AFTER)
                self._diary.on(seen_on, partial(self._look_back, code=drawn.code, fate=fate))

    def _look_back(self, session: Session, clock: Clock, code: str, fate: Fate) -> None:
        acting = _acting(session, fate.reviewer, clock)
        if fate.reopened is None:
            casework.look_back(session, clock, acting, code, fate.looked_back)
            return
        due_on = clock.today + timedelta(days=fate.reopened)
        casework.reopen(session, clock, acting, code, fate.looked_back, due_on=due_on)
        casework.progress(session, clock, _acting(session, fate.officer, clock), code, fate.again)

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
        version = newest(session, clock, self._bureau_id, term)
        heard = io.BytesIO(write_briefing(version))
        kept = self._store.keep(heard, briefing_name(term, version.number))
        add_paper(session, clock, acting.actor, hearing, kept)
        for fate in self._story.meeting.decided:
            due = clock.today + timedelta(days=fate.due or 0)
            task = resolve(session, clock, acting, hearing, NewResolution(fate.text, due_on=due))
            self._live(task.code, fate, clock.today)

    def _live(self, code: str, fate: Fate, zero: date) -> None:
        """Note what a task lives through; the days of its fate count from `zero`."""
        self._tasks[code] = fate

        def note(day: int, login: str, verb: Act, *more: object, **named: object) -> None:
            def deed(session: Session, clock: Clock) -> None:
                verb(session, clock, _acting(session, login, clock), code, *more, **named)

            self._diary.on(zero + timedelta(days=day), deed)

        if fate.issued is not None:
            note(fate.issued, self._clerk, casework.issue, self._order(fate, zero))
            if fate.partners:
                units = [self._units[name] for name in fate.partners]
                note(fate.issued, self._clerk, casework.participate, add_units=units)
            if fate.officer:
                note(fate.issued + fate.accepted_after, fate.officer, casework.accept)
        for piece in fate.files:
            note(piece.day, fate.officer, self._hand_in, piece)
        for position, step in enumerate(fate.steps, 1):
            if step.done is not None:
                note(step.done, fate.officer, casework.finish_measure, position)
        for day, verb, *said in fate.deeds:
            values = {key: _day(key, value, zero) for each in said for key, value in each.items()}
            note(day, self._doer(fate, verb), casework.perform, verb, values)

    def _doer(self, fate: Fate, verb: Verb) -> str:
        """Whose such a deed is."""
        if verb in _SIGNED:
            return self._story.cast.led_by[fate.unit]
        if verb in _CLERKS:
            return self._clerk
        others = {Verb.VERIFY: fate.reviewer, Verb.INSTRUCT: self._story.meeting.presided_by}
        return others.get(verb, fate.officer)

    def _hand_in(self, session: Session, clock: Clock, acting: Acting, code: str, piece: DemoFile) -> None:
        """A file goes the way an upload goes."""
        new = casework.NewEvidence(
            archive_no=piece.archive_no.format(code=code),
            note=piece.note,
            own_date=clock.today,
            kind=piece.kind,
            proves=piece.proves,
        )
        if piece.name:
            data = made(piece.name, piece.text, self._story.cast.bureau, clock.today)
            file = self._store.keep(io.BytesIO(data), piece.name)
            new = replace(new, file=file, own_text=own_text(self._store.path(file.sha256), file.file_name))
        casework.evidence(session, clock, acting, code, new)

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


def _day(key: str, value: Any, zero: date) -> Any:
    return zero + timedelta(days=value) if key.endswith("_on") else value


def _acting(session: Session, login: str, clock: Clock) -> Acting:
    return Acting(actor_by_login(session, login, today=clock.today), Channel.WEB)


def _read(name: str, year: int) -> ParsedReport:
    text = (HERE / name).read_text(encoding="utf-8").format(year=year, next=year + 1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{year}年度法治政府建设情况报告.txt"
        path.write_text(text, encoding="utf-8")
        return read_report(path)
