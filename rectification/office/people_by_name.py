"""People and units as tables name them: the names offered in a table, and who is meant by one written in it."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import NotFound, Refused
from models.enums import Role
from models.organisation import Person, Unit
from models.report import SourceKind
from rectification.office.names import folded_name, has_login
from rectification.office.people import WORKS, PersonRow, holds, list_people
from rectification.office.units import find_unit

_WITH_LOGIN: Final = re.compile(r"(.+?)[（(]([^（）()]+)[）)]")
_SHORTEST: Final = 2
"""A name that short (科室, 窗口) is no short name of any unit."""
_BETWEEN: Final = re.compile(r"[、,，;；\s]+")


@dataclass(frozen=True, slots=True)
class Choices:
    """The names a bureau's tables offer. Two people of one name are told apart by their login name: 张三（zhangsan）;
    `people` is everybody's bare name, also of those who left.
    """

    sources: tuple[str, ...]
    units: tuple[str, ...]
    leaders: tuple[str, ...]
    officers: tuple[str, ...]
    reviewers: tuple[str, ...]
    people: tuple[str, ...] = ()


def choices_of(session: Session, bureau_id: int) -> Choices:
    """What the tables of a bureau offer today."""
    everybody = list_people(session, bureau_id)
    people = [person for person in everybody if person.is_active]
    named = Counter(person.name for person in people)

    def having(*roles: Role) -> tuple[str, ...]:
        return tuple(_label(person, named) for person in people if set(roles) & set(person.roles))

    units = session.scalars(
        select(Unit.name)
        .where(Unit.bureau_id == bureau_id, Unit.id != bureau_id, Unit.is_active)
        .order_by(Unit.id)
    )
    kinds = session.scalars(
        select(SourceKind.name)
        .where(SourceKind.bureau_id == bureau_id, SourceKind.is_active)
        .order_by(SourceKind.position)
    )
    return Choices(
        sources=tuple(kinds),
        units=tuple(units),
        leaders=having(Role.LEADER),
        officers=having(*WORKS),
        reviewers=having(Role.REVIEWER),
        people=tuple({person.name: None for person in everybody}),
    )


def person_called(session: Session, bureau_id: int, text: str, role: Role | None = None) -> Person:
    """The active person of a bureau that a table calls 张三, 张三（zhangsan） or zhangsan.

    Raises: NotFound; Refused, where several have the name, or the one meant lacks `role`.
    """
    clean = folded_name(text)
    named = _WITH_LOGIN.fullmatch(clean)
    active = select(Person).where(Person.bureau_id == bureau_id, Person.is_active)
    if named:
        found = list(session.scalars(active.where(Person.name == named[1], has_login(named[2]))))
    else:
        found = list(session.scalars(active.where((Person.name == clean) | has_login(clean))))
    if role is not None and len(found) > 1:
        found = [person for person in found if holds(session, person.id, role)] or found
    if not found:
        raise NotFound(f"本单位没有名为“{clean}”的在岗人员", "", "请核对姓名，或先在人员中登记")
    if len(found) > 1:
        logins = "、".join(f"{person.name}（{person.login}）" for person in found)
        raise Refused(f"名为“{clean}”的有 {len(found)} 人", "", f"请写明是哪一位：{logins}")
    if role is not None and not holds(session, found[0].id, role):
        raise Refused(f"“{found[0].name}”没有“{role.word}”角色", "", "请先在人员中增加该角色，或另选一人")
    return found[0]


def units_called(session: Session, bureau_id: int, text: str) -> tuple[Unit, ...]:
    """The units named in a cell, such as 路政科、运输科.

    Raises: NotFound, naming the first that is none of the bureau's.
    """
    units = []
    for name in dict.fromkeys(name for name in _BETWEEN.split(text.strip()) if name):
        unit = find_unit(session, bureau_id, name)
        if unit is None or not unit.is_active:
            raise NotFound(
                f"本单位没有科室“{name}”", "", "请核对名称，或先登记这个科室", command="rectify unit add"
            )
        units.append(unit)
    return tuple(units)


def lead_unit_called(session: Session, bureau_id: int, text: str) -> Unit | None:
    """The one unit named in a cell; None where it is empty. Raises: NotFound; Refused, for several."""
    units = units_called(session, bureau_id, text)
    if len(units) > 1:
        raise Refused("责任单位只能有一个", "", "其余单位请写在配合单位")
    return units[0] if units else None


def unit_meant(session: Session, bureau_id: int, text: str) -> Unit | None:
    """The department a paper means: by name, alias, or a shorter or longer form of its name that only one has."""
    clean = folded_name(text)
    if (unit := find_unit(session, bureau_id, clean)) is not None:
        return unit if unit.is_active else None
    departments = select(Unit).where(Unit.bureau_id == bureau_id, Unit.id != bureau_id, Unit.is_active)
    found = [
        unit
        for unit in session.scalars(departments)
        if len(clean) > _SHORTEST and (unit.name.endswith(clean) or clean.endswith(unit.name))
    ]
    return found[0] if len(found) == 1 else None


def unit_named_in(session: Session, bureau_id: int, text: str) -> Unit | None:
    """The one department that a text speaks of by its whole name; None where it names none or several."""
    departments = select(Unit).where(Unit.bureau_id == bureau_id, Unit.id != bureau_id, Unit.is_active)
    named = [
        unit for unit in session.scalars(departments) if len(unit.name) > _SHORTEST and unit.name in text
    ]
    found = [
        unit for unit in named if not any(unit.name in other.name for other in named if other is not unit)
    ]
    return found[0] if len(found) == 1 else None


def person_meant(
    session: Session, bureau_id: int, text: str, role: Role, unit: Unit | None = None
) -> Person | None:
    """The person with `role` a paper means, of `unit` where it names one; None where nobody or several could be."""
    called = select(Person).where(
        Person.bureau_id == bureau_id, Person.is_active, Person.name == folded_name(text)
    )
    if unit is not None:
        called = called.where(Person.unit_id == unit.id)
    found = [person for person in session.scalars(called) if holds(session, person.id, role)]
    return found[0] if len(found) == 1 else None


def _label(person: PersonRow, named: Counter[str]) -> str:
    return person.name if named[person.name] == 1 else f"{person.name}（{person.login}）"
