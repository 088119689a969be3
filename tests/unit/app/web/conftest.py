"""A board over an empty ledger, and one with a bureau at work."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import select

from core.db import Database
from models.enums import ItemKind, Role, Status
from models.task import RectificationTask
from rectification.casework import IssueOrder
from rectification.office import signin
from tests.factories import DAY, Office, make_bureau, make_draft, make_person, make_task
from tests.unit.app.web.site import Board


@dataclass(frozen=True)
class World:
    """Two bureaus with tasks in several states; `people` are one for each role of the first."""

    board: Board
    home: Office
    foreign: Office
    draft: str
    assigned: str
    running: str
    plan: str
    foreign_task: str

    @property
    def people(self) -> dict[Role, int]:
        home = self.home
        return {
            Role.OFFICER: home.officer.id,
            Role.UNIT_HEAD: home.head.id,
            Role.CLERK: home.clerk.id,
            Role.REVIEWER: home.reviewer.id,
            Role.LEADER: home.leader.id,
            Role.CHIEF: home.chief.id,
            Role.AUDITOR: home.auditor.id,
        }


@pytest.fixture(autouse=True, scope="module")
def _light_hashes() -> Iterator[None]:
    """The same hashes made with little work: a page asks for dozens, and what one costs is tested in its own room."""
    with pytest.MonkeyPatch.context() as light:
        hasher = Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1)
        light.setattr(signin, "_HASHER", PasswordHash((hasher,)))
        yield


@pytest.fixture
def board(database: Database, tmp_path: Path) -> Board:
    """A board over an empty ledger."""
    return Board(database, tmp_path, DAY)


@pytest.fixture
def world(board: Board) -> World:
    """A board with two bureaus at work."""
    with board.database.unit_of_work() as session:
        home = make_bureau(session)
        draft = make_draft(session, home)
        order = IssueOrder(officer_id=home.officer.id)
        assigned = make_task(session, home, status=Status.ASSIGNED, order=order)
        running = make_task(session, home, day=DAY - timedelta(days=10))
        plan = make_task(session, home, kind=ItemKind.PLAN, text="开展执法案卷质量提升行动。")
    with board.database.unit_of_work() as session:
        foreign = make_bureau(session, "白河县农业农村局", prefix="foreign_")
        foreign_task = make_task(session, foreign)
    return World(board, home, foreign, draft.code, assigned.code, running.code, plan.code, foreign_task.code)


@pytest.fixture
def admin_id(world: World) -> int:
    """The system administrator, who has no part in any task."""
    with world.board.database.unit_of_work() as session:
        return make_person(session, world.home.legal, "admin", Role.ADMIN, name="管系统").id


def status_of(world: World, code: str) -> Status:
    with world.board.database.reading() as session:
        query = select(RectificationTask.status).where(
            RectificationTask.code == code, RectificationTask.bureau_id == world.home.bureau.id
        )
        return session.scalars(query).one()
