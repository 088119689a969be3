"""Making the demonstration: an invented bureau's ledger, by the real reader and the real verbs on back-dated days."""

import tempfile
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.cast import ALIAS, BUREAU, LED_BY, PEOPLE
from app.demo.story import EARLIER_FATES, FATES, IMPORTED, IMPORTED_EARLIER, Fate
from core.clock import Clock
from core.db import Database
from core.errors import Conflict
from models.enums import Channel, ItemKind, TimeLimit
from models.organisation import Person, Unit
from models.report import ReportItem
from models.task import RectificationTask
from rectification import casework
from rectification.actors import Acting, actor_by_login
from rectification.casework import IssueOrder
from rectification.identity import installation, mark_as_demo
from rectification.intake import register_report
from rectification.organisation import (
    add_alias,
    add_bureau,
    add_department,
    home_bureau,
    set_line_leader,
    unit_named,
)
from rectification.people import add_person, person_by_login
from reports.parsed import ParsedReport
from reports.reading import read_report

_HERE: Final = Path(__file__).parent
_STAGES: Final = ("assigned", "in_progress", "submitted", "verified", "closed")


def make_demo(database: Database, clock: Clock) -> None:
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
        _Demo(session, clock.today).make()


class _Demo:
    """One session's work on the demonstration, `today` being day zero."""

    def __init__(self, session: Session, today: date) -> None:
        self.session = session
        self.today = today

    def make(self) -> None:
        bureau = add_bureau(self.session, BUREAU)
        mark_as_demo(self.session, self._clock(0), bureau)
        add_alias(self.session, bureau, ALIAS)
        self._enrol(bureau)
        for name, imported, fates in (
            ("earlier_report.txt", IMPORTED_EARLIER, EARLIER_FATES),
            ("report.txt", IMPORTED, FATES),
        ):
            self._tell(name, imported, fates)

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
            casework.archive(self.session, self._clock(fate.issued), self._acting("su", fate.issued), code)
            return
        self._issue(code, fate)
        if fate.stage == "assigned":
            return
        taken = fate.issued + 2
        casework.accept(self.session, self._clock(taken), self._acting(fate.officer, taken), code)
        for day, text in fate.reports:
            casework.progress(self.session, self._clock(day), self._acting(fate.officer, day), code, text)

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
        casework.issue(self.session, self._clock(fate.issued), self._acting("su", fate.issued), code, order)

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
