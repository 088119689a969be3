"""Role x action x status, whole: what the table allows each person, and nothing else."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

import pytest
from sqlalchemy.orm import Session

from core.db import Database
from core.errors import Conflict, Forbidden, NotFound, Refused
from models.enums import Channel, Role, Status, Verb
from models.organisation import Person
from rectification import casework
from rectification.casework import IssueOrder
from rectification.casework.moving import open_case
from rectification.office.actors import Acting
from rectification.roles_in_task import Part
from rectification.task.lifecycle import TRANSITIONS
from tests.factories import DAY, Office, actor, clock_on, make_bureau, make_person, make_task

WHO = (
    "officer",
    "unit_head",
    "participant",
    "reviewer",
    "approver",
    "leader",
    "chief",
    "clerk",
    "auditor",
    "colleague",
    "other_head",
)
HIDDEN = {Status.DRAFT, Status.ARCHIVED}


@dataclass(frozen=True)
class Scene:
    """One task in every status, and who is what to them."""

    database: Database
    office: Office
    people: dict[str, tuple[Person, set[Part], bool]]
    codes: dict[Status, str]


@pytest.fixture(scope="module")
def scene(new_sqlite_ledger: Callable[[], str]) -> Iterator[Scene]:
    database = Database(new_sqlite_ledger())
    with database.unit_of_work() as session:
        office = make_bureau(session)
        approver = make_person(session, office.legal, "approver", Role.LEADER)
        helper = make_person(session, office.transport, "helper")
        codes = {}
        for status in Status:
            order = IssueOrder(leader_id=office.leader.id, approver_id=approver.id)
            task = make_task(session, office, status=Status.ASSIGNED, order=order)
            casework.participate(
                session,
                clock_on(DAY),
                Acting(actor(session, office.clerk), Channel.WEB),
                task.code,
                add_people=[helper.id],
            )
            task.officer_id = office.officer.id
            task.status = status
            codes[status] = task.code
    sees = {
        "officer": (office.officer, {Part.OFFICER}, True),
        "unit_head": (office.head, {Part.UNIT_HEAD}, True),
        "participant": (helper, {Part.PARTICIPANT}, True),
        "reviewer": (office.reviewer, {Part.REVIEWER}, True),
        "approver": (approver, {Part.APPROVER}, True),
        "leader": (office.leader, {Part.LEADER}, True),
        "chief": (office.chief, {Part.CHIEF}, True),
        "clerk": (office.clerk, {Part.CLERK}, True),
        "auditor": (office.auditor, set[Part](), True),
        "colleague": (office.other, set[Part](), False),
        "other_head": (office.other_head, set[Part](), False),
    }
    yield Scene(database, office, sees, codes)
    database.dispose()


def outcome(session: Session, acting: Acting, code: str, verb: Verb) -> str:
    try:
        open_case(session, clock_on(DAY), acting, code, verb)
    except NotFound:
        return "hidden"
    except Forbidden:
        return "forbidden"
    except Conflict:
        return "not now"
    except Refused:
        return "allowed, with needs"
    return "allowed"


def expected(scene: Scene, who: str, verb: Verb, status: Status) -> set[str]:
    _, parts, sees = scene.people[who]
    row = TRANSITIONS[verb]
    if not sees or (status in HIDDEN and who != "clerk"):
        return {"hidden"}
    if not parts & row.by:
        return {"forbidden"}
    if status not in row.origins:
        return {"not now"}
    return {"allowed", "allowed, with needs"} if row.needs else {"allowed"}


@pytest.mark.slow
@pytest.mark.parametrize("who", WHO)
def test_each_person_may_do_in_each_status_what_the_table_says(scene: Scene, who: str) -> None:
    wrong = []
    with scene.database.unit_of_work() as session:
        acting = Acting(actor(session, scene.people[who][0]), Channel.WEB)
        for verb, status in product(TRANSITIONS, Status):
            found = outcome(session, acting, scene.codes[status], verb)
            if found not in expected(scene, who, verb, status):
                wrong.append((verb.value, status.value, found))
    assert wrong == []


def test_nobody_of_the_scene_is_left_out(scene: Scene) -> None:
    assert set(scene.people) == set(WHO)
