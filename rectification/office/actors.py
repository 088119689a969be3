"""Who acts, in whose name, through which door, on which paper."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import Date, Row, Select, and_, bindparam, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from core.errors import Forbidden, NotFound
from core.files import StoredFile
from models.enums import Channel, Role
from models.organisation import Person, PersonRole, Substitute
from rectification.office.names import by_login


@dataclass(frozen=True, slots=True)
class Actor:
    """A person with the roles in force on a day, their own and those of the people they stand in for (AB岗).

    `headed_units` are the units this person heads, or whose head they stand in for. `apart` is empty for who stands in
    for nobody, else the person with nothing lent, then each lender. `id` is None for the system itself, which drafts
    and recomputes but never decides.
    """

    id: int | None
    bureau_id: int
    unit_id: int
    login: str
    name: str
    roles: frozenset[Role]
    headed_units: frozenset[int] = frozenset()
    apart: tuple["Actor", ...] = ()

    def has(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)

    @property
    def person_id(self) -> int:
        """The person's id.

        Raises: RuntimeError, for the system itself: no verb that needs a person is the system's to do.
        """
        if self.id is None:
            raise RuntimeError("the system is no person")
        return self.id

    @property
    def stands_in_for(self) -> frozenset[int]:
        """Those whose roles are lent."""
        return frozenset(each.person_id for each in self.apart[1:])

    @property
    def ids(self) -> frozenset[int]:
        """The people this one may act as."""
        return self.stands_in_for if self.id is None else self.stands_in_for | {self.id}


@dataclass(frozen=True, slots=True)
class Paper:
    """The paper a recorded action stands on: its date, and its number or archive number, or its scan."""

    dated: date
    number: str = ""
    scan: StoredFile | None = None


@dataclass(frozen=True, slots=True)
class Acting:
    """One person acting; where `recorder` is set, that person wrote it down from a paper (代录).

    `system_user` is who sat at the command line, by the machine's name for him.
    """

    actor: Actor
    channel: Channel
    recorder: Actor | None = None
    paper: Paper | None = None
    system_user: str = ""

    def effective_on(self, today: date) -> date:
        """The business day it counts for: the paper's, where there is one."""
        return self.paper.dated if self.paper else today


def require_clerk(by: Actor, what: str) -> None:
    """Raises: Forbidden, where `by` is no clerk."""
    if not by.has(Role.CLERK):
        raise Forbidden(f"{by.name}不能{what}", "这一步由台账管理员办理", "请联系台账管理员")


def system(bureau_id: int, channel: Channel) -> Acting:
    """The program itself, acting in a bureau."""
    return Acting(Actor(None, bureau_id, bureau_id, "", "系统", frozenset()), channel)


def actor_by_login(session: Session, login: str, *, today: date, signed_on: date | None = None) -> Actor:
    """The active person with this login name; on a paper of `signed_on` also one who was in office then.

    Raises: NotFound.
    """
    in_office = or_(Person.is_active, Person.left_on >= signed_on) if signed_on else Person.is_active
    person = session.scalar(by_login(login).where(in_office))
    if person is None:
        raise NotFound(f"没有登录名为“{login}”的在岗人员", "", "请核对登录名", command="rectify people list")
    return actor_of(session, person, today=today)


def actor_of(session: Session, person: Person, *, today: date) -> Actor:
    """`person` as an actor on `today`. A substitute is lent every role but the administrator's."""
    return actor_from(session.execute(_BY_ID, {"person_id": person.id, "today": today}).all())


def held_roles() -> tuple[Select[Any], Select[Any]]:
    """A row for each role a person holds, and one for each lent by somebody the person stands in for (AB岗).

    Whoever asks says whose, and binds `today`; `actor_from` reads the rows of one person.
    """
    holder = aliased(Person)
    today = bindparam("today", type_=Date)
    in_force = or_(PersonRole.until.is_(None), PersonRole.until >= today)
    who = (Person.id, Person.bureau_id, Person.unit_id, Person.login, Person.name)
    own = select(
        *who, Person.id.label("holder_id"), Person.unit_id.label("holder_unit_id"), PersonRole.role
    ).outerjoin(PersonRole, and_(PersonRole.person_id == Person.id, in_force))
    lent = (
        select(*who, holder.id, holder.unit_id, PersonRole.role)
        .join(Substitute, Substitute.substitute_id == Person.id)
        .join(holder, and_(holder.id == Substitute.person_id, holder.bureau_id == Person.bureau_id))
        .outerjoin(PersonRole, and_(PersonRole.person_id == holder.id, in_force))
        .where(Substitute.starts_on <= today, Substitute.ends_on >= today)
    )
    return own, lent


def actor_from(rows: Sequence[Row[Any]]) -> Actor:
    """The one person these rows of `held_roles` are about."""
    person = rows[0]
    apart = tuple(
        _one(person, holder, [row for row in rows if row.holder_id == holder])
        for holder in sorted({row.holder_id for row in rows}, key=lambda each: (each != person.id, each))
    )
    if len(apart) == 1:
        return apart[0]
    return replace(
        apart[0],
        roles=frozenset[Role]().union(*(each.roles for each in apart)),
        headed_units=frozenset[int]().union(*(each.headed_units for each in apart)),
        apart=apart,
    )


def _one(person: Row[Any], holder_id: int, held: Sequence[Row[Any]]) -> Actor:
    """A holder of roles alone: the person, or somebody who lends them."""
    is_own = holder_id == person.id
    roles = frozenset(
        row.role for row in held if row.role is not None and (is_own or row.role is not Role.ADMIN)
    )
    unit_id = held[0].holder_unit_id
    return Actor(
        id=holder_id,
        bureau_id=person.bureau_id,
        unit_id=unit_id,
        login=person.login,
        name=person.name,
        roles=roles,
        headed_units=frozenset({unit_id} if Role.UNIT_HEAD in roles else ()),
    )


def on_papers_day(session: Session, acting: Acting, today: date) -> Acting:
    """The same with the roles, own and lent, that were in force when the paper was signed."""
    paper, person_id = acting.paper, acting.actor.id
    if paper is None or person_id is None or paper.dated == today:
        return acting
    rows = session.execute(_BY_ID, {"person_id": person_id, "today": paper.dated}).all()
    return replace(acting, actor=actor_from(rows))


_BY_ID: Final = union_all(*(each.where(Person.id == bindparam("person_id")) for each in held_roles()))
