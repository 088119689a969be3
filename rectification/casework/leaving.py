"""离岗: a person's account ends once nothing hangs on it any more; what was done stays under the person's name."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from core.errors import Conflict, Refused
from models.enums import ApprovalLevel, OfficeVerb, Role, Status
from models.organisation import Person, PersonRole, Substitute, Unit
from models.task import RectificationTask
from rectification.casework.handover import held_codes, look_back_codes
from rectification.labels import role_words
from rectification.office.journal import By, change
from rectification.office.people import roles_of
from rectification.office.signin import close_account
from rectification.office.substitutes import end_substitute
from rectification.roles_in_task import Part
from rectification.task.lifecycle import OPEN, approval_level
from rectification.task.time_limits import day_text

INDISPENSABLE: Final = (Role.CLERK, Role.ADMIN)
"""A bureau without one of these could not help itself."""


@dataclass(frozen=True, slots=True)
class Ties:
    """What still hangs on a person: open tasks, some to be signed, look-backs, units in the line, roles nobody else has."""

    codes: tuple[str, ...]
    to_sign: tuple[str, ...]
    look_backs: tuple[str, ...]
    to_accept: tuple[str, ...]
    units: tuple[str, ...]
    roles: tuple[Role, ...]
    chiefs_tasks: int

    @property
    def words(self) -> tuple[str, ...]:
        """Each kind of tie in a few words, without codes, which not everybody may read; none where the person may go."""
        signs = f"（其中 {len(self.to_sign)} 项由其审签）" if self.to_sign else ""
        said = (
            f"名下还有 {len(self.codes)} 项办理中的任务{signs}" if self.codes else "",
            f"名下还有 {len(self.look_backs)} 项待回头看" if self.look_backs else "",
            f"本科室还有 {len(self.to_accept)} 项待签收的任务没有责任人" if self.to_accept else "",
            f"还分管{'、'.join(self.units)}" if self.units else "",
            f"本单位没有别的{role_words(self.roles)}" if self.roles else "",
            f"还有 {self.chiefs_tasks} 项任务须主要负责人审签" if self.chiefs_tasks else "",
        )
        return tuple(words for words in said if words)


def ties_of(session: Session, person: Person) -> Ties:
    """What must find other hands before this person may go."""
    units = session.scalars(
        select(Unit.name).where(Unit.leader_id == person.id, Unit.is_active).order_by(Unit.id)
    )
    alone = alone_in(session, person)
    return Ties(
        codes=tuple(held_codes(session, person)),
        to_sign=tuple(held_codes(session, person, [Part.APPROVER])),
        look_backs=tuple(look_back_codes(session, person)),
        to_accept=waiting_for_head(session, person),
        units=tuple(units),
        roles=alone,
        chiefs_tasks=_chiefs_tasks(session, person.bureau_id) if Role.CHIEF in alone else 0,
    )


def alone_in(session: Session, person: Person) -> tuple[Role, ...]:
    """The roles the bureau cannot be without that nobody else in office holds."""
    held = select(PersonRole.role).join(Person, Person.id == PersonRole.person_id)
    in_bureau = held.where(Person.bureau_id == person.bureau_id, Person.is_active)
    others = set(session.scalars(in_bureau.where(Person.id != person.id)))
    needed = (*INDISPENSABLE, Role.CHIEF) if _chiefs_tasks(session, person.bureau_id) else INDISPENSABLE
    return tuple(role for role in needed if role in roles_of(session, person.id) and role not in others)


def waiting_for_head(session: Session, person: Person) -> tuple[str, ...]:
    """What the unit's head must accept, where this person is its only head."""
    if Role.UNIT_HEAD not in roles_of(session, person.id):
        return ()
    heads = select(Person.id).join(PersonRole, PersonRole.person_id == Person.id)
    other = heads.where(
        Person.unit_id == person.unit_id,
        Person.is_active,
        Person.id != person.id,
        PersonRole.role == Role.UNIT_HEAD,
    )
    if session.scalar(other.limit(1)) is not None:
        return ()
    task = RectificationTask
    waiting = select(task.code).where(
        task.lead_unit_id == person.unit_id, task.status == Status.ASSIGNED, task.officer_id.is_(None)
    )
    return tuple(session.scalars(waiting.order_by(task.id)))


def _chiefs_tasks(session: Session, bureau_id: int) -> int:
    """How many open tasks only the chief can sign."""
    task = RectificationTask
    running = session.scalars(select(task).where(task.bureau_id == bureau_id, task.status.in_(OPEN)))
    return sum(approval_level(each) is ApprovalLevel.CHIEF for each in running)


def _arranged(session: Session, person: Person, today: date) -> list[Substitute]:
    """The arrangements in force or to come in which the person stands in, or is stood in for."""
    either = or_(Substitute.person_id == person.id, Substitute.substitute_id == person.id)
    query = select(Substitute).where(either, Substitute.ends_on >= today).order_by(Substitute.id)
    both = (joinedload(Substitute.person), joinedload(Substitute.substitute))
    return list(session.scalars(query.options(*both)))


def covers_of(session: Session, person: Person, today: date) -> tuple[str, ...]:
    """What ends with the person of the arrangements (AB岗) of both sides, in words: it holds nobody back."""
    return tuple(_cover_words(person, row) for row in _arranged(session, person, today))


def _cover_words(person: Person, row: Substitute) -> str:
    days = f"{day_text(row.starts_on)}至{day_text(row.ends_on)}"
    if row.person_id == person.id:
        return f"由{row.substitute.name}代岗（{days}）"
    return f"代{row.person.name}（{days}），此后{row.person.name}无人代岗"


def leave(session: Session, by: By, person: Person) -> tuple[str, ...]:
    """离岗: sign the person out for good; AB岗 arrangements with the person end, and are returned in words.

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
    ended = covers_of(session, person, today)
    for row in _arranged(session, person, today):
        end_substitute(session, by, person.bureau_id, row.id)
    with change(session, by, OfficeVerb.LEAVE) as rows:
        rows.alter(person)
        person.is_active, person.left_on, person.version = False, today, person.version + 1
    close_account(session, by, person)
    return ended


def come_back(session: Session, by: By, person: Person) -> None:
    """Take a person in again, with the roles of before; the password is set anew by a one-time link or code.

    Whose unit was closed meanwhile comes to what it was merged into, or to the bureau itself.

    Raises: Conflict, where the person has not left.
    """
    if person.is_active:
        raise Conflict(f"“{person.name}”在岗", "", "请刷新后查看")
    unit = session.get_one(Unit, person.unit_id)
    while unit.merged_into_id is not None:
        unit = session.get_one(Unit, unit.merged_into_id)
    if not unit.is_active:
        unit = session.get_one(Unit, person.bureau_id)
    with change(session, by, OfficeVerb.COME_BACK) as rows:
        rows.alter(person).unit_id = unit.id
        person.is_active, person.left_on, person.version = True, None, person.version + 1
