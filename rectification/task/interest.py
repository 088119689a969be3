"""Who has an interest in a task, and so may neither verify nor approve it (docs/decisions/0010)."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import Status, Verb
from models.organisation import Person
from models.task import Evidence, Measure, Participant, RectificationTask
from rectification.office.actors import Actor
from rectification.task import history
from rectification.task.standing import standing

OWNERS_VERBS: Final = frozenset(
    {Verb.PROGRESS, Verb.REQUEST_EXTENSION, Verb.SUBMIT, Verb.WITHDRAW, Verb.EVIDENCE, Verb.FINISH_MEASURE}
)


@dataclass(frozen=True, slots=True)
class Interest:
    """`owners` had the task, `people` also worked on it, `units` take part as a whole, `headed` are those units
    whose heads answer for any of them."""

    owners: frozenset[int]
    people: frozenset[int]
    units: frozenset[int]
    headed: frozenset[int]

    def binds(self, actor: Actor) -> bool:
        """Whether `actor`, or anyone `actor` stands in for, has an interest."""
        return bool(
            actor.ids & self.people or actor.unit_id in self.units or actor.headed_units & self.headed
        )

    def owns(self, actor: Actor) -> bool:
        """Whether `actor` is or was the officer."""
        return bool(actor.ids & self.owners)


def interest_in(session: Session, task: RectificationTask) -> Interest:
    """Present and former officers, participants, owners of measures, uploaders, whoever acted for them, their heads.

    Whom a draft proposes never had the task."""
    owners, people = set[int | None](), set[int | None]()
    if task.status is not Status.DRAFT:
        owners.add(task.officer_id)
    for event in standing(history.events_of(session, task.id)):
        before, after = event.changes.get("officer_id", (None, None))
        owners.add(before if event.old_status not in (None, Status.DRAFT) else None)
        owners.add(after if event.new_status is not Status.DRAFT else None)
        if event.verb in OWNERS_VERBS:
            people.add(event.actor_id)
    people.update(session.scalars(select(Measure.owner_id).where(Measure.task_id == task.id)))
    people.update(
        session.scalars(
            select(Evidence.uploader_id).where(Evidence.task_id == task.id, ~Evidence.is_signed_paper)
        )
    )
    units: set[int] = set()
    for person_id, unit_id in session.execute(
        select(Participant.person_id, Participant.unit_id).where(Participant.task_id == task.id)
    ):
        people.add(person_id)
        units.update(() if unit_id is None else (unit_id,))
    had = frozenset(person for person in owners if person is not None)
    worked = had | {person for person in people if person is not None}
    headed = set(session.scalars(select(Person.unit_id).where(Person.id.in_(worked)))) | units
    if task.lead_unit_id is not None:
        headed.add(task.lead_unit_id)
    return Interest(had, worked, frozenset(units), frozenset(headed))
