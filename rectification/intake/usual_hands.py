"""Who a draft is proposed to, where no paper says it: by the bureau's people, and by who had such a task last."""

from collections.abc import Collection

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
    able = Person.id.in_(in_office(clock.today, Role.OFFICER)), Person.bureau_id == bureau_id
    officers = session.execute(select(Person.unit_id, Person.id).where(*able)).tuples().all()
    units = [unit_id for unit_id, _ in officers]
    only = {unit_id: person_id for unit_id, person_id in officers if units.count(unit_id) == 1}
    had = select(Person.unit_id, Person.id).join(Task, Task.officer_id == Person.id)
    last = had.where(*able, Task.lead_unit_id == Person.unit_id).order_by(Task.id)
    return dict(session.execute(last).tuples().all()) | only


def usual_reviewer(session: Session, clock: Clock, bureau_id: int, units: Collection[int]) -> int | None:
    """The only reviewer from outside the `units` in charge, or the one of several who was named last."""
    outside = Person.bureau_id == bureau_id, Person.unit_id.not_in(units)
    able = session.scalars(in_office(clock.today, Role.REVIEWER).where(*outside)).all()
    named = select(Task.reviewer_id).where(Task.bureau_id == bureau_id, Task.reviewer_id.in_(able))
    return able[0] if len(able) == 1 else session.scalar(named.order_by(Task.id.desc()).limit(1))
