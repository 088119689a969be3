"""Small builders: a bureau with its people, and a task brought to any status by the real verbs.

Every builder takes the Session of a unit of work; nothing is committed here.
"""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final

from sqlalchemy import Table, select, text
from sqlalchemy.orm import Session

from core.clock import Clock
from core.db import Database
from core.workdays import WorkCalendar
from models.base import Base
from models.calendar import CalendarYear
from models.enums import Channel, ItemKind, Role, Status
from models.organisation import Person, Unit
from models.report import Source
from models.task import RectificationTask
from rectification import casework
from rectification.casework import IssueOrder, NewEvidence
from rectification.lists.case_file import CaseFile
from rectification.lists.filters import TaskFilter
from rectification.lists.load_case_files import case_files
from rectification.office.actors import Acting, Actor, actor_of, system
from rectification.office.calendar import install_shipped, load_calendar
from rectification.office.journal import By, by_system
from rectification.office.people import NewPerson, add_person
from rectification.office.sources import add_source, source_kind
from rectification.office.units import add_bureau, add_department, set_line_leader
from rectification.task.drafting import Codes, NewDraft, NewMeasure, draft

DAY: Final = date(2026, 3, 2)


def with_year(calendar: WorkCalendar, year: int, off: Iterable[date], work: Iterable[date]) -> WorkCalendar:
    """The calendar once the notice for `year` is in force; what was known of that year is replaced."""
    kept = {day: works for day, works in calendar.exceptions.items() if day.year != year}
    kept.update(dict.fromkeys(off, False))
    kept.update(dict.fromkeys(work, True))
    return replace(calendar, exceptions=kept, announced=calendar.announced | {year})


def clock_on(day: date, hour: int = 10) -> Clock:
    """The Clock of a business day in Asia/Shanghai."""
    return Clock(now=datetime.combine(day, time(hour - 8), UTC), today=day)


def by_on(day: date) -> By:
    """The system user changing the office on a day."""
    return by_system(clock_on(day), Channel.FLOW)


BY: Final = by_on(DAY)


@dataclass(frozen=True)
class Office:
    """A bureau with one person for every part: two departments (路政科, 运输科), the legal affairs office (法规科).

    `officer` and `head` are of 路政科, `other` and `other_head` of 运输科; clerk and reviewer of 法规科.
    """

    bureau: Unit
    roads: Unit
    transport: Unit
    legal: Unit
    officer: Person
    head: Person
    other: Person
    other_head: Person
    clerk: Person
    reviewer: Person
    leader: Person
    chief: Person
    auditor: Person


def make_person(
    session: Session, unit: Unit, login: str, *roles: Role, name: str = "", email: str | None = None
) -> Person:
    """A person of `unit` (an officer unless roles are given) with a mailbox unless `email` says otherwise."""
    bureau = session.get_one(Unit, unit.bureau_id)
    mailbox = f"{login}@example.gov.cn" if email is None else email
    new = NewPerson(name or login, login, unit.name, roles=roles or (Role.OFFICER,), email=mailbox)
    return add_person(session, BY, bureau, new)


def make_bureau(session: Session, name: str = "云山县交通运输局", *, prefix: str = "") -> Office:
    """A bureau with its people; `prefix` keeps the login names of a second bureau apart.

    The first of an empty ledger on SQLite, which most tests ask for, is made by the verbs once a process and its rows
    are put into the others' ledgers: that is a third of what those tests would cost.
    """
    bind = session.get_bind()
    is_first = not prefix and session.scalar(select(Unit.id).limit(1)) is None
    if not is_first or bind.dialect.name != "sqlite" or session.scalar(select(CalendarYear.year).limit(1)):
        return _made_bureau(session, name, prefix)
    if name not in _FIRST:
        _FIRST[name] = _first_bureau(bind.engine.url.database or "", name)
    rows, places = _FIRST[name]
    session.execute(text("PRAGMA defer_foreign_keys = ON"))  # a unit and its leader name each other
    for table, of_table in rows:
        session.execute(table.delete())
        session.execute(table.insert(), of_table)
    return Office(**{place: session.get_one(*found) for place, found in places.items()})


Rows = list[dict[str, Any]]
_FIRST: dict[str, tuple[list[tuple[Table, Rows]], dict[str, tuple[type, int]]]] = {}


def _first_bureau(empty: str, name: str) -> tuple[list[tuple[Table, Rows]], dict[str, tuple[type, int]]]:
    """What the verbs write for the first bureau: the rows of each table they touch, and the ids of its places."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "rectify.db"
        shutil.copy(empty, copy)
        with Database(f"sqlite:///{copy}") as database:
            with database.unit_of_work() as session:
                before = _all_rows(session)
                office = _made_bureau(session, name, "")
            with database.reading() as session:
                after = _all_rows(session)
    found = {place.name: getattr(office, place.name) for place in fields(Office)}
    changed = [(table, of_table) for table, of_table in after.items() if of_table != before[table]]
    return changed, {place: (type(row), row.id) for place, row in found.items()}


def _all_rows(session: Session) -> dict[Table, Rows]:
    return {
        table: [dict(row) for row in session.execute(select(table)).mappings()]
        for table in Base.metadata.sorted_tables
    }


def _made_bureau(session: Session, name: str, prefix: str) -> Office:
    install_shipped(session, clock_on(DAY))
    bureau = add_bureau(session, BY, name)
    roads, transport, legal, top = (
        add_department(session, BY, bureau, unit) for unit in ("路政科", "运输科", "法规科", "局领导")
    )

    def person(unit: Unit, login: str, called: str, *roles: Role) -> Person:
        return make_person(session, unit, prefix + login, *roles, name=called)

    leader = person(top, "leader", "周分管", Role.LEADER)
    for unit in (roads, transport):
        set_line_leader(session, BY, unit, leader)
    return Office(
        bureau=bureau,
        roads=roads,
        transport=transport,
        legal=legal,
        officer=person(roads, "officer", "陈路", Role.OFFICER),
        head=person(roads, "head", "何科", Role.UNIT_HEAD),
        other=person(transport, "other", "田运", Role.OFFICER),
        other_head=person(transport, "other_head", "韩科", Role.UNIT_HEAD),
        clerk=person(legal, "clerk", "管台", Role.CLERK),
        reviewer=person(legal, "reviewer", "方核", Role.REVIEWER),
        leader=leader,
        chief=person(top, "chief", "郑局", Role.CHIEF),
        auditor=person(legal, "auditor", "阅审", Role.AUDITOR),
    )


def actor(session: Session, person: Person, day: date = DAY) -> Actor:
    """`person` as an actor on `day`."""
    return actor_of(session, person, today=day)


def acting(session: Session, person: Person, day: date = DAY) -> Acting:
    """`person` acting for themselves on a page."""
    return Acting(actor(session, person, day), Channel.WEB)


def make_draft(
    session: Session,
    office: Office,
    *,
    kind: ItemKind = ItemKind.SHORTCOMING,
    day: date = DAY,
    text: str = "执法案卷制作不规范，个别案卷缺少送达回证。",
    source: str = "本单位报告",
) -> RectificationTask:
    """A draft as intake would leave it, due at the end of June of the year."""
    kept = session.scalar(select(Source).where(Source.bureau_id == office.bureau.id, Source.title == source))
    if kept is None:
        kind_id = source_kind(session, office.bureau.id, source).id
        new_source = Source(bureau_id=office.bureau.id, kind_id=kind_id, title=source)
        kept = add_source(session, by_on(day), new_source)
    code = Codes(session, office.bureau, day.year).next()
    new = NewDraft(kept.id, text, kind, f"{day.year - 1}年报告·{code}", due_on=date(day.year, 6, 30))
    return draft(session, clock_on(day), system(office.bureau.id, Channel.FLOW), office.bureau, code, new)


def make_task(
    session: Session,
    office: Office,
    *,
    status: Status = Status.IN_PROGRESS,
    kind: ItemKind = ItemKind.SHORTCOMING,
    day: date = DAY,
    order: IssueOrder | None = None,
    text: str = "执法案卷制作不规范，个别案卷缺少送达回证。",
    source: str = "本单位报告",
) -> RectificationTask:
    """A task of 路政科 in `status`, brought there by the verbs, one step a day from `day` on."""
    task = make_draft(session, office, kind=kind, day=day, text=text, source=source)
    wanted = replace(order or IssueOrder(), is_publicity_required=status is Status.PUBLICISED or None)
    # over a weekend the request of the third day would be hasty for what has months
    is_hasty = "submit" in _ROUTES[status] and day.isoweekday() in (3, 4, 5, 6)
    near = day + timedelta(days=11) if is_hasty else None
    walk = _Walk(session, office, task.code, kind, day, wanted, near)
    for step in _ROUTES[status]:
        getattr(walk, step)()
    return task


_TO_WORK: Final = ("issue", "accept")
_TO_CLOSE: Final = (*_TO_WORK, "evidence", "submit", "verify", "approve")
_ROUTES: Final[dict[Status, tuple[str, ...]]] = {
    Status.DRAFT: (),
    Status.ARCHIVED: ("archive",),
    Status.ASSIGNED: ("issue",),
    Status.IN_PROGRESS: _TO_WORK,
    Status.SUBMITTED: (*_TO_WORK, "evidence", "submit"),
    Status.VERIFIED: (*_TO_WORK, "evidence", "submit", "verify"),
    Status.PUBLICISED: _TO_CLOSE,
    Status.CLOSED: _TO_CLOSE,
    Status.TERMINATED: (*_TO_WORK, "terminate"),
}


MEASURE: Final = NewMeasure("逐件补齐送达回证")
UNMEASURED: Final = IssueOrder(goal="案卷齐全规范")
"""A goal alone: nobody drew up a measure yet."""
DEEDS: Final = (
    *(
        "逐件补齐文书并重新装订",
        "调取底档与台账核对",
        "会同运输科现场复查",
        "约谈承办人并补签",
        "重做封面目录",
        "补拍现场照片",
    ),
    *(
        "更换老化设备",
        "新印文书格式",
        "分两批集中补正",
        "逐户回访当事人",
        "请法律顾问把关",
        "抽调三人专班办理",
    ),
)


def statement_of(code: str) -> str:
    """What an officer says of a task: no two say nearly the same."""
    chosen = Random(code).sample(DEEDS, 4)
    return f"{'，'.join(chosen)}，现已全部到位。"


class _Walk:
    """The way of one task through the verbs, each on the day after the one before.

    A 整改任务 gets a goal and a measure, done when it is accepted, unless the order names one of the two itself.
    """

    def __init__(
        self,
        session: Session,
        office: Office,
        code: str,
        kind: ItemKind,
        day: date,
        order: IssueOrder,
        near: date | None,
    ) -> None:
        self.session, self.office, self.code, self.day = session, office, code, day
        if kind.is_problem and not (order.goal or order.measures):
            order = replace(order, goal="案卷齐全规范", measures=(replace(MEASURE, due_on=near),))
        self.officer = session.get_one(Person, order.officer_id) if order.officer_id else office.officer
        self.order = replace(
            order,
            lead_unit_id=order.lead_unit_id or office.roads.id,
            reviewer_id=order.reviewer_id or office.reviewer.id,
        )

    def _next(self, person: Person) -> tuple[Session, Clock, Acting, str]:
        found = self.session, clock_on(self.day), acting(self.session, person, self.day), self.code
        self.day += timedelta(days=1)
        return found

    def archive(self) -> None:
        casework.archive(*self._next(self.office.clerk))

    def issue(self) -> None:
        casework.issue(*self._next(self.office.clerk), self.order)

    def accept(self) -> None:
        casework.accept(*self._next(self.office.head), officer_id=self.officer.id)
        if [each.text for each in self.order.measures] == [MEASURE.text]:
            self.day -= timedelta(days=1)
            casework.finish_measure(*self._next(self.officer), 1)

    def evidence(self) -> None:
        paper = NewEvidence(archive_no=f"档〔{self.day.year}〕{self.code}", own_date=self.day)
        casework.evidence(*self._next(self.officer), paper)

    def submit(self) -> None:
        casework.submit(*self._next(self.officer), f"任务{self.code}：{statement_of(self.code)}")

    def verify(self) -> None:
        casework.verify(*self._next(self.office.reviewer), "抽查案卷，送达回证齐全。")

    def approve(self) -> None:
        casework.approve(*self._next(self.office.leader), "同意。")

    def terminate(self) -> None:
        casework.terminate(*self._next(self.office.leader), "职能划转。")


def case_file(session: Session, code: str, day: date = DAY) -> CaseFile:
    """A task with everything that hangs on it."""
    (found,) = case_files(session, day, load_calendar(session), filters=TaskFilter(codes=(code,)))
    return found
