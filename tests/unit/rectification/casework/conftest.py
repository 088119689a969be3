"""An office at work: each act is a unit of work of its own, as on a page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Concatenate, ParamSpec

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.db import Database
from models.enums import Channel, Status
from models.history import TaskEvent
from models.organisation import Person
from models.task import RectificationTask
from rectification.office.actors import Acting, Paper
from tests.factories import DAY, Office, actor, clock_on, make_bureau, make_task

P = ParamSpec("P")
ByCode = Callable[Concatenate[Session, Clock, Acting, str, P], RectificationTask]

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For tests of rules that a second database cannot change."""


@dataclass
class Desk:
    """The people of an office and their ledger; `day` is today unless an act says otherwise."""

    database: Database
    office: Office
    day: date = DAY

    def task(self, status: Status = Status.IN_PROGRESS, **how: Any) -> str:
        """A task in `status`; returns its code. One under way began ten days ago: a request of its first day is doubted."""
        usual = self.day - timedelta(days=10 if status is Status.IN_PROGRESS else 0)
        begun = how.pop("day", usual)
        with self.database.unit_of_work() as session:
            return make_task(session, self.office, status=status, day=begun, **how).code

    def do(
        self, verb: ByCode[P], who: Person, code: str, *args: P.args, **kwargs: P.kwargs
    ) -> RectificationTask:
        """`who` does it, on a page, today."""
        with self.database.unit_of_work() as session:
            acting = Acting(actor(session, who, self.day), Channel.WEB)
            return verb(session, clock_on(self.day), acting, code, *args, **kwargs)

    def record(
        self,
        paper: Paper | None,
        verb: ByCode[P],
        who: Person,
        code: str,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> RectificationTask:
        """The clerk writes down for `who` what stands on `paper`."""
        with self.database.unit_of_work() as session:
            acting = Acting(
                actor(session, who, self.day),
                Channel.WEB,
                recorder=actor(session, self.office.clerk, self.day),
                paper=paper,
            )
            return verb(session, clock_on(self.day), acting, code, *args, **kwargs)

    def read(self, code: str) -> RectificationTask:
        with self.database.reading() as session:
            return session.scalars(select(RectificationTask).where(RectificationTask.code == code)).one()

    def events(self, code: str) -> list[TaskEvent]:
        with self.database.reading() as session:
            return list(
                session.scalars(
                    select(TaskEvent)
                    .join(RectificationTask, RectificationTask.id == TaskEvent.task_id)
                    .where(RectificationTask.code == code)
                    .order_by(TaskEvent.sequence)
                )
            )


@pytest.fixture
def desk(database: Database) -> Desk:
    with database.unit_of_work() as session:
        office = make_bureau(session)
    return Desk(database, office)
