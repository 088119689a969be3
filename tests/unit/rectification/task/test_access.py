"""Who sees which tasks: what the SQL condition lets through is what the table says, task by task."""

from itertools import combinations, product

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import Database
from models.enums import Role, Status
from models.organisation import PersonRole, Unit
from models.task import Measure, Participant, RectificationTask
from rectification.office.actors import Actor
from rectification.task.access import visible
from tests.factories import Office, make_bureau, make_person, make_task

NAMED = ("officer", "leader", "reviewer", "approver")
TIES = ("none", *NAMED, "participant", "unit participant", "measure", "nobody's", "line")
STATUSES = (Status.DRAFT, Status.IN_PROGRESS, Status.CLOSED)
ROLE_SETS = [frozenset(each) for size in (0, 1, 2) for each in combinations(Role, size)]


def test_everybody_sees_what_the_table_says(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        person = make_person(session, office.roads, "one", Role.AUDITOR, name="某某")
        model = session.get_one(RectificationTask, make_task(session, office).id)
        session.scalars(select(PersonRole).where(PersonRole.person_id == person.id)).one().source_id = None
        session.get_one(Unit, office.legal.id).leader_id = person.id
        ties = {
            _task(session, office, model, person.id, tie, status, is_restricted=is_restricted): tie
            for tie, status, is_restricted in product(TIES, STATUSES, (False, True))
        }
    with database.reading() as session:
        tasks = {task.id: task for task in session.scalars(select(RectificationTask)) if task.id in ties}
        for roles in ROLE_SETS:
            headed = frozenset({office.roads.id}) if Role.UNIT_HEAD in roles else frozenset()
            who = Actor(
                person.id, office.bureau.id, office.roads.id, "one", "某某", roles, headed_units=headed
            )
            seen = set(session.scalars(select(RectificationTask.id).where(visible(who)))) & ties.keys()
            assert seen == {id_ for id_, tie in ties.items() if _may_see(who, tasks[id_], tie, office)}, roles


def _may_see(who: Actor, task: RectificationTask, tie: str, office: Office) -> bool:
    if who.has(Role.CLERK):
        return True
    if task.status is Status.DRAFT:
        return False
    is_headed = task.lead_unit_id in who.headed_units
    if tie in (*NAMED, "participant", "unit participant", "measure") or (is_headed and tie == "nobody's"):
        return True
    if task.is_restricted:
        return False
    is_in_line = task.lead_unit_id == office.legal.id and who.has(Role.LEADER)
    return is_headed or is_in_line or who.has(Role.CHIEF, Role.AUDITOR)


def _task(
    session: Session,
    office: Office,
    model: RectificationTask,
    person_id: int,
    tie: str,
    status: Status,
    *,
    is_restricted: bool,
) -> int:
    keys = {column.key for column in RectificationTask.__mapper__.columns} - {"id"}
    task = RectificationTask(**{key: getattr(model, key) for key in keys})
    task.code = f"{tie}-{status}-{is_restricted}"
    task.status, task.is_restricted = status, is_restricted
    task.lead_unit_id = office.legal.id if tie == "line" else office.roads.id
    if tie in NAMED:
        setattr(task, f"{tie}_id", person_id)
    if tie == "nobody's":
        task.officer_id = None
    session.add(task)
    session.flush()
    if tie == "participant":
        session.add(Participant(task_id=task.id, person_id=person_id))
    if tie == "unit participant":
        session.add(Participant(task_id=task.id, unit_id=office.roads.id))
    if tie == "measure":
        session.add(Measure(task_id=task.id, position=1, text="措施", owner_id=person_id))
    return task.id
