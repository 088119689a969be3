"""离岗: a person's account ends once nothing hangs on it any more; what was done stays under the person's name."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.errors import Conflict, Refused
from models.enums import OfficeVerb, Role
from models.organisation import Person, PersonRole, Substitute, Unit
from rectification.casework.handover import held_codes
from rectification.labels import ROLE
from rectification.office.journal import By, change
from rectification.office.people import roles_of
from rectification.office.signin import close_account
from rectification.office.substitutes import end_substitute

INDISPENSABLE: Final = (Role.CLERK, Role.ADMIN)
"""A bureau without one of these could not help itself."""


@dataclass(frozen=True, slots=True)
class Ties:
    """What still hangs on a person: open tasks, units in the line, roles nobody else of the bureau has."""

    codes: tuple[str, ...]
    units: tuple[str, ...]
    roles: tuple[Role, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """Each kind of tie in a few words, without codes, which not everybody may read; none where the person may go."""
        said = (
            f"名下还有 {len(self.codes)} 项办理中的任务" if self.codes else "",
            f"还分管{'、'.join(self.units)}" if self.units else "",
            f"本单位没有别的{'、'.join(ROLE[role] for role in self.roles)}" if self.roles else "",
        )
        return tuple(words for words in said if words)


def ties_of(session: Session, person: Person) -> Ties:
    """What must find other hands before this person may go."""
    units = session.scalars(select(Unit.name).where(Unit.leader_id == person.id).order_by(Unit.id))
    others = set(
        session.scalars(
            select(PersonRole.role)
            .join(Person, Person.id == PersonRole.person_id)
            .where(Person.bureau_id == person.bureau_id, Person.id != person.id, Person.is_active)
        )
    )
    held = roles_of(session, person.id)
    alone = tuple(role for role in INDISPENSABLE if role in held and role not in others)
    return Ties(tuple(held_codes(session, person)), tuple(units), alone)


def leave(session: Session, by: By, person: Person) -> None:
    """离岗: sign the person out for good; AB岗 arrangements with the person end.

    Raises: Conflict, where the person has left already; Refused, naming what still hangs on the person, and for oneself.
    """
    today = by.clock.today
    if person.id == by.acting.actor.id:
        raise Refused("不能给自己办理离岗", "", "请由另一位台账管理员或系统管理员办理")
    if not person.is_active:
        raise Conflict(f"“{person.name}”已经离岗", "", "请刷新后查看")
    if ties := ties_of(session, person).words:
        raise Refused(
            f"“{person.name}”还不能离岗",
            "；".join(ties),
            "请先交接任务、改定分管领导、增加接任的人，再办理离岗",
            command="rectify task hand-over",
        )
    arranged = select(Substitute.id).where(
        or_(Substitute.person_id == person.id, Substitute.substitute_id == person.id),
        Substitute.ends_on >= today,
    )
    for row_id in session.scalars(arranged).all():
        end_substitute(session, by, person.bureau_id, row_id)
    with change(session, by, OfficeVerb.LEAVE) as rows:
        rows.alter(person)
        person.is_active, person.left_on = False, today
    close_account(session, by, person)


def come_back(session: Session, by: By, person: Person) -> None:
    """Take a person in again, with the roles of before; the password is set anew by a one-time link.

    Raises: Conflict, where the person has not left.
    """
    if person.is_active:
        raise Conflict(f"“{person.name}”在岗", "", "请刷新后查看")
    with change(session, by, OfficeVerb.COME_BACK) as rows:
        rows.alter(person)
        person.is_active, person.left_on = True, None
