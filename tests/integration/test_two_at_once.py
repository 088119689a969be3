"""Two people act on one task at the same moment: one succeeds, the other is told what happened."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.db import Database
from core.errors import Conflict, RectifyError, Refused
from core.files import StoredFile
from models.enums import Channel, EvidenceKind, Status
from models.history import TaskEvent
from models.organisation import Person
from models.task import Closure, ClosureStep, RectificationTask
from rectification import casework
from rectification.office.actors import Acting
from rectification.task.audit import verify
from rectification.task.store_room import bytes_held
from tests.factories import DAY, Office, actor, clock_on, make_bureau, make_task

pytestmark = pytest.mark.integration

Act = Callable[[Session, Clock, Acting], RectificationTask]


@pytest.fixture
def office(database: Database) -> Office:
    with database.unit_of_work() as session:
        return make_bureau(session)


def task(database: Database, office: Office, status: Status) -> str:
    with database.unit_of_work() as session:
        return make_task(session, office, status=status, day=DAY - timedelta(days=10)).code


def together(database: Database, *acts: tuple[Person, Act]) -> list[Status | RectifyError]:
    """Everyone acts at once, each in a thread and transaction of their own."""
    barrier = Barrier(len(acts))

    def one(person: Person, act: Act) -> Status | RectifyError:
        barrier.wait()
        try:
            with database.unit_of_work() as session:
                who = Acting(actor(session, person), Channel.WEB)
                return act(session, clock_on(DAY), who).status
        except RectifyError as refusal:
            return refusal

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(lambda pair: one(*pair), acts))


def is_sound(database: Database, office: Office) -> bool:
    with database.reading() as session:
        return verify(session, office.bureau.id).is_sound


def test_one_verifies_while_the_other_takes_it_back(database: Database, office: Office) -> None:
    code = task(database, office, Status.SUBMITTED)
    results = together(
        database,
        (office.reviewer, lambda s, c, a: casework.verify(s, c, a, code, "齐全")),
        (office.officer, lambda s, c, a: casework.withdraw(s, c, a, code)),
    )
    done = [found for found in results if isinstance(found, Status)]
    (told,) = [found for found in results if isinstance(found, RectifyError)]
    assert done in ([Status.VERIFIED], [Status.IN_PROGRESS])
    assert isinstance(told, Conflict)
    assert f"任务现在是“{'待审签' if done == [Status.VERIFIED] else '整改中'}”" in told.what
    assert is_sound(database, office)


def test_eight_submissions_make_one_closing(database: Database, office: Office) -> None:
    code = task(database, office, Status.IN_PROGRESS)
    with database.unit_of_work() as session:
        who = Acting(actor(session, office.officer), Channel.WEB)
        casework.evidence(
            session, clock_on(DAY), who, code, casework.NewEvidence(archive_no="A-1", kind=EvidenceKind.CASE)
        )
    results = together(
        database,
        *(
            (office.officer, lambda s, c, a: casework.submit(s, c, a, code, "三件案卷已补齐。"))
            for _ in range(8)
        ),
    )
    assert results.count(Status.SUBMITTED) == 1
    assert all(isinstance(found, Conflict) for found in results if not isinstance(found, Status))
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Closure)) == 1
        assert session.scalar(select(func.count()).select_from(ClosureStep)) == 1
    assert is_sound(database, office)


def test_two_requests_for_an_extension_leave_one_waiting(database: Database, office: Office) -> None:
    code = task(database, office, Status.IN_PROGRESS)
    wanted = clock_on(DAY).today.replace(month=9)
    results = together(
        database,
        *(
            (office.officer, lambda s, c, a: casework.request_extension(s, c, a, code, "流标", wanted))
            for _ in range(4)
        ),
    )
    assert sum(isinstance(found, Status) for found in results) == 1
    assert sum(isinstance(found, Refused) for found in results) == 3


def test_who_saw_the_same_version_is_not_overwritten(database: Database, office: Office) -> None:
    code = task(database, office, Status.IN_PROGRESS)
    with database.reading() as session:
        seen = session.scalar(select(RectificationTask.version).where(RectificationTask.code == code))
    results = together(
        database,
        *(
            (office.officer, lambda s, c, a: casework.progress.seen(seen)(s, c, a, code, "进展"))
            for _ in range(6)
        ),
    )
    assert sum(isinstance(found, Status) for found in results) == 1
    assert sum(isinstance(found, Conflict) for found in results) == 5


def test_many_people_write_one_chain_without_a_gap(database: Database, office: Office) -> None:
    """Twelve tasks of one bureau move at once; no event is lost and the chain stays whole."""
    codes = [task(database, office, Status.IN_PROGRESS) for _ in range(12)]
    with database.reading() as session:
        before = session.scalar(select(func.count()).select_from(TaskEvent)) or 0

    def report(code: str) -> Act:
        return lambda s, c, a: casework.progress(s, c, a, code, f"{code} 有进展")

    results = together(database, *((office.officer, report(code)) for code in codes))
    assert results == [Status.IN_PROGRESS] * 12
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(TaskEvent)) == before + 12
    assert is_sound(database, office)


def test_two_uploads_at_once_do_not_pass_the_quota_together(database: Database, office: Office) -> None:
    """Each was measured against what stood before the other, and fits by itself."""
    codes = [task(database, office, Status.IN_PROGRESS) for _ in range(4)]

    def bring(code: str, n: int) -> Act:
        file = StoredFile(f"{n:064x}", 60, "text/plain", f"材料{n}.txt", quota=130)
        return lambda s, c, a: casework.evidence(
            s, c, a, code, casework.NewEvidence(file, kind=EvidenceKind.CASE)
        )

    results = together(database, *((office.officer, bring(code, n)) for n, code in enumerate(codes)))
    told = [found for found in results if isinstance(found, RectifyError)]
    assert (len(told), {"配额" in each.line for each in told}) == (2, {True})
    with database.reading() as session:
        assert bytes_held(session, office.bureau.id) == 120
    assert is_sound(database, office)
