"""Who a draft is proposed to, where no paper says it: by the bureau's people, and by who had such a task last."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import Clock
from models.enums import Role
from models.organisation import Person
from models.task import RectificationTask
from rectification.office.people import in_office

Task = RectificationTask


def usual_officers(session: Session, clock: Clock, bureau_id: int) -> dict[int, int]:
    """By unit: its only officer, or the one of several who had the unit's last task."""
    officers = select(Person.unit_id, Person.id).where(
        Person.bureau_id == bureau_id, Person.id.in_(in_office(clock.today, Role.OFFICER))
    )
    of_unit: dict[int, list[int]] = {}
    for unit_id, person_id in session.execute(officers.order_by(Person.id)):
        of_unit.setdefault(unit_id, []).append(person_id)
    issued = select(Task.lead_unit_id, Task.officer_id).where(
        Task.bureau_id == bureau_id, Task.issued_on.isnot(None)
    )
    last = {
        unit: officer
        for unit, officer in session.execute(issued.order_by(Task.id))
        if officer in of_unit.get(unit, ())
    }
    return last | {unit_id: people[0] for unit_id, people in of_unit.items() if len(people) == 1}


def usual_reviewer(session: Session, clock: Clock, bureau_id: int) -> int | None:
    """The bureau's only reviewer, or the one who was named last."""
    able = session.scalars(in_office(clock.today, Role.REVIEWER).where(Person.bureau_id == bureau_id)).all()
    named = select(Task.reviewer_id).where(Task.bureau_id == bureau_id, Task.reviewer_id.in_(able))
    return able[0] if len(able) == 1 else session.scalar(named.order_by(Task.id.desc()).limit(1))
