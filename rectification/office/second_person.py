"""The second person: who gives a role that signs or keeps, lends it, or gives a way in to it, asks; another one confirms.

From the first issued task on, where the bureau has another one who can. What is asked waits as an event on the office's
chain until an event of somebody else answers it (docs/decisions/0015). Nobody acts for himself.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.errors import Forbidden, NotFound
from models.enums import Channel, OfficeVerb, Role
from models.history import OfficeEvent
from models.organisation import Person, PersonRole
from models.task import RectificationTask
from rectification.labels import role_words
from rectification.office.chain import plain
from rectification.office.journal import ABOUT, By, fact_of, in_words, newest, note

SIGNERS: Final = frozenset({Role.REVIEWER, Role.LEADER, Role.CHIEF})
GUARDED: Final = SIGNERS | {Role.CLERK, Role.ADMIN}
"""The roles that sign, and those that could make a second person of anybody."""
SECONDS: Final = (Role.ADMIN, Role.CLERK, Role.CHIEF)
"""Who confirms."""
WAITS: Final = "待第二人确认"
ASKS: Final = (OfficeVerb.ASK_ROLES, OfficeVerb.ASK_CODE, OfficeVerb.ASK_COVER)
_ANSWERS: Final = (OfficeVerb.CONFIRM, OfficeVerb.DECLINE)
_ROLES: Final = "roles"
_COVER: Final = "cover"
_TO: Final = "to"
"""The number of the event an answer is to."""


class Cover(NamedTuple):
    """Who is to stand in for somebody, both days included."""

    substitute_id: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Request:
    """What waits for a second person: `roles` for somebody, a `cover`, or (without) a way in. `number` is its event's."""

    number: int
    at: datetime
    what: str
    asked_by: str
    asker_id: int | None
    person_id: int
    roles: tuple[Role, ...] = ()
    cover: Cover | None = None

    def may_be_confirmed_by(self, person_id: int | None) -> bool:
        """Not by who asked, nor by whom it is about."""
        concerned = (self.asker_id, self.person_id, self.cover and self.cover.substitute_id)
        return person_id is not None and person_id not in concerned


def is_begun(session: Session, bureau_id: int) -> bool:
    """Whether a task was ever issued: until then one person may set everything up."""
    task = RectificationTask
    issued = select(task.id).where(task.bureau_id == bureau_id, task.issued_on.is_not(None))
    return session.scalar(issued.limit(1)) is not None


def guarded(session: Session, bureau_id: int) -> frozenset[int]:
    """Who has a role a second person is needed for, once a task was issued."""
    if not is_begun(session, bureau_id):
        return frozenset()
    return frozenset(session.scalars(_holders(bureau_id, GUARDED)))


def must_not_be_own(session: Session, by: By, person_id: int, what: str, todo: str) -> None:
    """Raises: Forbidden, where somebody acts for himself."""
    if person_id == by.acting.actor.id and is_begun(session, by.acting.actor.bureau_id):
        raise Forbidden(what, "不能给自己办", todo)


def withheld(
    session: Session, by: By, person: Person, roles: Collection[Role], also: int | None = None
) -> tuple[Role, ...]:
    """Of roles a person (or who stands in, `also`) is to get, or to get in with, those that wait for a second person.

    None where nobody else who may confirm can sign in.
    """
    asked = tuple(role for role in Role if role in roles and role in GUARDED)
    if not asked or by.acting.channel is Channel.FLOW or not is_begun(session, person.bureau_id):
        return ()
    seconds = _holders(person.bureau_id, SECONDS).where(Person.is_active, Person.password_hash != "")
    return asked if set(session.scalars(seconds)) - {person.id, also, by.acting.actor.id} else ()


def ask(session: Session, by: By, person: Person, roles: Collection[Role] = ()) -> None:
    """Let roles, or (without) a way in, wait for a second person; what waits already is not asked again."""
    mine = [
        each for each in waiting(session, person.bureau_id) if each.person_id == person.id and not each.cover
    ]
    known = {role for each in mine for role in each.roles or (None,)}
    if new := [role for role in roles or (None,) if role not in known]:
        asked = [role for role in new if role]
        what = f"授予{person.name}{role_words(asked)}角色" if asked else f"给{person.name}发登录条"
        verb = OfficeVerb.ASK_ROLES if asked else OfficeVerb.ASK_CODE
        note(session, by, verb, what, [person.id], **{_ROLES: asked})


def ask_for_cover(session: Session, by: By, person: Person, other: Person, cover: Cover) -> None:
    """Let it wait for a second person that somebody stands in for one who signs or keeps."""
    what = f"由{other.name}代{person.name}（{cover.starts_on} 至 {cover.ends_on}）"
    note(session, by, OfficeVerb.ASK_COVER, what, [person.id], **{_COVER: [*map(plain, cover)]})


def waiting(session: Session, bureau_id: int) -> list[Request]:
    """What waits in a bureau, the newest first."""
    answered: set[int] = set()
    found = []
    for event in session.scalars(newest((*ASKS, *_ANSWERS))):
        person = session.get_one(Person, fact_of(event, ABOUT)[0])
        if event.verb in _ANSWERS:
            answered.add(fact_of(event, _TO))
        elif event.sequence not in answered and person.bureau_id == bureau_id and person.is_active:
            roles, told = tuple(map(Role, fact_of(event, _ROLES) or ())), in_words(event)
            who, *days = fact_of(event, _COVER) or (0,)
            cover = Cover(who, *map(date.fromisoformat, days)) if who else None
            by_whom = told.actor, event.actor_id, person.id
            found.append(Request(event.sequence, event.at, told.words, *by_whom, roles, cover))
    return found


def answer(session: Session, by: By, bureau_id: int, number: int, verb: OfficeVerb) -> tuple[Request, Person]:
    """Confirm a request or decline it, once; who asked may take it back. What was confirmed is the caller's to do.

    Raises: NotFound, also where it was answered meanwhile; Forbidden, for who asked or whom it is about.
    """
    session.execute(select(OfficeEvent.id).where(OfficeEvent.sequence == number).with_for_update())
    asked = next((each for each in waiting(session, bureau_id) if each.number == number), None)
    if asked is None:
        raise NotFound("没有这项待确认的申请", "可能已经有人确认或撤回", "请刷新后查看")
    by_id = by.acting.actor.id
    is_taken_back = verb is OfficeVerb.DECLINE and by_id is not None and by_id == asked.asker_id
    if not is_taken_back and not asked.may_be_confirmed_by(by_id):
        todo = "请申请人和本人以外的系统管理员、台账管理员或主要负责人确认"
        raise Forbidden("不能确认这项申请", "须由第二人确认", todo)
    note(session, by, verb, asked.what, [asked.person_id], **{_TO: number})
    return asked, session.get_one(Person, asked.person_id)


def _holders(bureau_id: int, roles: Collection[Role]) -> Select[tuple[int]]:
    query = select(PersonRole.person_id).join(Person, Person.id == PersonRole.person_id)
    return query.where(Person.bureau_id == bureau_id, PersonRole.role.in_(roles))
