"""Making the demonstration: an invented bureau's ledger, by the real reader and the real verbs on back-dated days."""

import tempfile
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.cast import ALIAS, BUREAU, LED_BY, PEOPLE
from app.demo.place import label
from app.demo.story import EARLIER_FATES, FATES, IMPORTED, IMPORTED_EARLIER, Fate
from core.clock import Clock
from core.db import Database
from core.errors import Conflict
from core.settings import Settings
from models.enums import Channel, ItemKind, TimeLimit
from models.job import JobRun
from models.organisation import Person, Unit
from models.report import ReportItem
from models.task import RectificationTask
from notifications.health import SWEEP
from notifications.letterhead import Letterhead
from notifications.sender import Sender
from notifications.sweep import sweep
from notifications.transports import transport_of
from rectification import casework
from rectification.casework import IssueOrder
from rectification.halfyear.summary_versions import keep_summaries
from rectification.intake.import_report import register_report
from rectification.office.actors import Acting, actor_by_login
from rectification.office.calendar import load_calendar
from rectification.office.identity import installation, mark_as_demo
from rectification.office.people import add_person, person_by_login
from rectification.office.units import (
    add_alias,
    add_bureau,
    add_department,
    home_bureau,
    set_line_leader,
    unit_named,
)
from reports.parsed import ParsedReport
from reports.reading import read_report

_HERE: Final = Path(__file__).parent


def make_demo(settings: Settings, database: Database, clock: Clock) -> None:
    """Fill an empty ledger with the demonstration; one that is filled with it already stays as it is.

    Raises: Conflict, where the ledger holds something else: invented data never stand beside real ones.
    """
    with database.reading() as session:
        if installation(session).is_demo:
            return
        if home_bureau(session) is not None:
            raise Conflict(
                "这个数据文件夹里是真实数据", "演示数据不会写进真实台账", "请去掉 --demo，或换一个文件夹"
            )
    with database.unit_of_work() as session:
        bureau_id = _Demo(session, clock.today).make()
    with database.unit_of_work() as session:  # its history is on the chain now
        keep_summaries(session, clock, bureau_id)
    _write_mail(settings, database, clock, bureau_id)
    label(settings.data_dir, clock.today)


def _write_mail(settings: Settings, database: Database, clock: Clock, bureau_id: int) -> None:
    """Sweep the last working day and put its mail into the folder, so that there is some on a Sunday, too."""
    with database.unit_of_work() as session:
        day = load_calendar(session).on_or_before(clock.today)
        sweep(session, Clock(clock.now, day), [bureau_id], Letterhead.of(settings))
        session.add(JobRun(job=SWEEP, day=day, shard=1, bureau_ids=[bureau_id], done_at=clock.now))
    with closing(transport_of(settings)) as transport:
        Sender(database, settings, transport).run_once(threading.Event())


class _Demo:
    """One session's work on the demonstration, `today` being day zero."""

    def __init__(self, session: Session, today: date) -> None:
        self.session = session
        self.today = today

    def make(self) -> int:
        """Everything; returns the bureau's id."""
        bureau = add_bureau(self.session, BUREAU)
        mark_as_demo(self.session, self._clock(0), bureau)
        add_alias(self.session, bureau, ALIAS)
        self._enrol(bureau)
        for name, imported, fates in (
            ("earlier_report.txt", IMPORTED_EARLIER, EARLIER_FATES),
            ("report.txt", IMPORTED, FATES),
        ):
            self._tell(name, imported, fates)
        return bureau.id

    def _enrol(self, bureau: Unit) -> None:
        for unit in dict.fromkeys(person.unit for person in PEOPLE):
            add_department(self.session, bureau, unit)
        for person in PEOPLE:
            add_person(self.session, bureau, person)
        for unit, leader in LED_BY.items():
            set_line_leader(
                self.session, unit_named(self.session, bureau.id, unit), person_by_login(self.session, leader)
            )

    def _tell(self, name: str, imported: int, fates: Mapping[tuple[ItemKind, int], Fate]) -> None:
        clock = self._clock(imported)
        parsed = _read(name, clock.today.year - 1)
        clerk = actor_by_login(self.session, "su", today=clock.today)
        outcome = register_report(self.session, clock, parsed, channel=Channel.WEB, by=clerk)
        items = self.session.execute(
            select(ReportItem.kind, ReportItem.position, RectificationTask.code)
            .join(RectificationTask, RectificationTask.report_item_id == ReportItem.id)
            .where(ReportItem.report_id == outcome.report_id)
            .order_by(ReportItem.id)
        ).all()
        for kind, position, code in items:
            self._live(code, fates[kind, position])

    def _live(self, code: str, fate: Fate) -> None:
        if fate.stage == "draft":
            return
        if fate.stage == "archived":
            self._do("su", fate.issued, casework.archive, code)
            return
        self._issue(code, fate)
        if fate.stage == "assigned":
            return
        self._do(fate.officer, fate.issued + 2, casework.accept, code)
        for day, text in fate.reports:
            asks = fate.asks if (day, text) == fate.reports[-1] else ""
            self._do(fate.officer, day, casework.progress, code, text, needs_decision=asks)
        if fate.recurs_since is not None:
            marked = casework.Correction(is_recurring=True)
            self._do("su", fate.recurs_since, casework.correct, code, "上一年度报告已有同样的不足", marked)
        if fate.listed is not None:
            self._do("su", fate.listed[0], casework.supervise, code, fate.listed[1])
        for day, login, words in fate.guided:
            self._do(login, day, casework.instruct, code, words)
        for day, conclusion, following in fate.checks:
            self._do("su", day, casework.checkpoint, code, conclusion, self._day(following))
        if fate.extension is not None:
            asked, wanted, why = fate.extension
            self._do(fate.officer, asked, casework.request_extension, code, why, self._day(wanted))
        self._end(code, fate)

    def _end(self, code: str, fate: Fate) -> None:
        """The way to the end, as far as it got: evidence, request, verification, signature."""
        if fate.stage not in ("submitted", "verified", "closed"):
            return
        proof = casework.NewEvidence(
            archive_no=f"JTJ-{code}", note=f"{fate.title}整改结果材料", own_date=self._day(fate.asked - 1)
        )
        self._do(fate.officer, fate.asked, casework.evidence, code, proof)
        self._do(
            fate.officer,
            fate.asked,
            casework.submit,
            code,
            f"{fate.reports[-1][1]}已按整改目标完成，申请结项。",
        )
        if fate.stage == "submitted":
            return
        self._do(fate.reviewer, fate.asked + 3, casework.verify, code, "查阅材料并抽查，情况属实。")
        if fate.stage == "closed":
            self._do(LED_BY[fate.unit], fate.asked + 6, casework.approve, code, "同意。")

    def _do(
        self, login: str, day: int, verb: Callable[..., object], code: str, *more: object, **named: object
    ) -> None:
        verb(self.session, self._clock(day), self._acting(login, day), code, *more, **named)

    def _issue(self, code: str, fate: Fate) -> None:
        officer = person_by_login(self.session, fate.officer) if fate.officer else None
        unit = self.session.scalars(select(Unit).where(Unit.name == fate.unit)).one()
        due = self._day(fate.due) if fate.due is not None else None
        order = IssueOrder(
            lead_unit_id=unit.id,
            officer_id=officer.id if officer else None,
            reviewer_id=self._person(fate.reviewer).id,
            time_limit=fate.limit,
            due_on=None if fate.limit is TimeLimit.LONG_TERM else due,
            title=fate.title,
            checkpoint_on=due if fate.limit is TimeLimit.LONG_TERM else None,
        )
        self._do("su", fate.issued, casework.issue, code, order)

    def _person(self, login: str) -> Person:
        return self.session.scalars(select(Person).where(Person.login == login)).one()

    def _acting(self, login: str, day: int) -> Acting:
        return Acting(actor_by_login(self.session, login, today=self._day(day)), Channel.WEB)

    def _day(self, offset: int) -> date:
        return self.today + timedelta(days=offset)

    def _clock(self, offset: int) -> Clock:
        day = self._day(offset)
        return Clock(now=datetime.combine(day, time(2, 15), UTC), today=day)


def _read(name: str, year: int) -> ParsedReport:
    text = (_HERE / name).read_text(encoding="utf-8").format(year=year, next=year + 1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{year}年度法治政府建设情况报告.txt"
        path.write_text(text, encoding="utf-8")
        return read_report(path)
