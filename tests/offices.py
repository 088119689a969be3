"""Offices for tests of jobs: bureaus, each with one officer and one task due on the day."""

from datetime import UTC, date, datetime

from core.db import Database
from models.enums import ItemKind, Role, Status, TimeLimit
from models.organisation import Person, PersonRole
from models.report import Source, SourceKind
from models.task import RectificationTask
from rectification.office.units import add_bureau
from tests.factories import BY


def found_offices(database: Database, count: int, due_on: date, *, first: int = 1) -> list[int]:
    """Make `count` bureaus, numbered from `first`, and return their ids."""
    with database.unit_of_work() as session:
        bureaus = [add_bureau(session, BY, f"第{number}局").id for number in range(first, first + count)]
        for bureau in bureaus:
            officer = Person(
                bureau_id=bureau,
                unit_id=bureau,
                login=f"officer{bureau}",
                name="李四",
                email=f"{bureau}@example.cn",
            )
            kind = SourceKind(bureau_id=bureau, name="测试来源", position=99)
            session.add_all([officer, kind])
            session.flush()
            source = Source(bureau_id=bureau, kind_id=kind.id, title="2025年度报告")
            session.add_all([source, PersonRole(person_id=officer.id, role=Role.OFFICER)])
            session.flush()
            session.add(
                RectificationTask(
                    bureau_id=bureau,
                    code=f"B{bureau}-001",
                    kind=ItemKind.SHORTCOMING,
                    status=Status.IN_PROGRESS,
                    title="2025年报告·不足第1项",
                    text="行政执法公示不够及时",
                    source_id=source.id,
                    lead_unit_id=bureau,
                    officer_id=officer.id,
                    time_limit=TimeLimit.DATED,
                    issued_on=date(2025, 1, 6),
                    due_on=due_on,
                    original_due_on=due_on,
                    deadline_on=due_on,
                    created_at=datetime(2025, 1, 6, tzinfo=UTC),
                )
            )
    return bureaus
