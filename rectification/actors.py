"""Who acts, in whose name, through which door, on which paper."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.errors import NotFound
from models.enums import Channel, Role
from models.organisation import Person, PersonRole, Substitute


@dataclass(frozen=True, slots=True)
class Actor:
    """A person with the roles in force on a day. `stands_in_for` are people this one substitutes (AB岗).

    `id` is None for the system itself, which drafts and recomputes but never decides.
    """

    id: int | None
    bureau_id: int
    unit_id: int
    login: str
    name: str
    roles: frozenset[Role]
    stands_in_for: frozenset[int] = frozenset()

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
    def ids(self) -> frozenset[int]:
        """The people this one may act as."""
        return self.stands_in_for if self.id is None else self.stands_in_for | {self.id}


@dataclass(frozen=True, slots=True)
class Paper:
    """The paper a recorded action stands on: its date, and its number or archive number."""

    dated: date
    number: str = ""


@dataclass(frozen=True, slots=True)
class Acting:
    """One person acting; where `recorder` is set, that person wrote it down from a paper (代录)."""

    actor: Actor
    channel: Channel
    recorder: Actor | None = None
    paper: Paper | None = None

    def effective_on(self, today: date) -> date:
        """The business day it counts for: the paper's, where there is one."""
        return self.paper.dated if self.paper else today


def system(bureau_id: int, channel: Channel) -> Acting:
    """The program itself, acting in a bureau."""
    return Acting(Actor(None, bureau_id, bureau_id, "", "系统", frozenset()), channel)


def actor_by_login(session: Session, login: str, *, today: date) -> Actor:
    """The active person with this login name.

    Raises: NotFound.
    """
    person = session.scalar(select(Person).where(Person.login == login, Person.is_active))
    if person is None:
        raise NotFound(f"没有登录名为“{login}”的在岗人员", "", "可用 rectify people list 查看登录名")
    return actor_of(session, person, today=today)


def actor_of(session: Session, person: Person, *, today: date) -> Actor:
    """`person` as an actor on `today`."""
    in_force = or_(PersonRole.until.is_(None), PersonRole.until >= today)
    roles = session.scalars(select(PersonRole.role).where(PersonRole.person_id == person.id, in_force))
    stands_in_for = session.scalars(
        select(Substitute.person_id).where(
            Substitute.substitute_id == person.id, Substitute.starts_on <= today, Substitute.ends_on >= today
        )
    )
    return Actor(
        id=person.id,
        bureau_id=person.bureau_id,
        unit_id=person.unit_id,
        login=person.login,
        name=person.name,
        roles=frozenset(roles),
        stands_in_for=frozenset(stands_in_for),
    )
