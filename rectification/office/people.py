"""People and their roles: adding one, changing what is said of one, who there is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import BindParameter, Select, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from core.errors import Conflict, NotFound, Refused
from models.base import frozen
from models.enums import OfficeVerb, Role
from models.organisation import Person, PersonRole, Unit
from models.report import Source
from rectification.labels import MAIL, role_words
from rectification.office.chain import KeptRows
from rectification.office.journal import By, change
from rectification.office.names import by_login, checked_login, checked_name, without_unseen
from rectification.office.second_person import WAITS, ask, must_not_be_own, withheld
from rectification.office.units import working_unit

WORKS: Final = (Role.OFFICER, Role.UNIT_HEAD)
"""Who may be the officer of a task: a unit's head usually is."""
MAILBOX_FORM: Final = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
ROLE_BY_LABEL: Final = {role.word: role for role in Role}


@dataclass(frozen=True, slots=True)
class PersonChanges:
    """What is to be said of a person; None leaves it as it is, an empty text clears it."""

    name: str | None = None
    unit: str | None = None
    position: str | None = None
    roles: tuple[Role, ...] | None = None
    phone: str | None = None
    email: str | None = None
    wants_mail: bool | None = None


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person as somebody typed it, of a list row `row` (from 1). What is None was not said: of somebody known it stays,
    somebody new is an officer with mail switched on.
    """

    name: str | None
    login: str
    unit: str | None
    position: str | None = None
    roles: tuple[Role, ...] | None = None
    phone: str | None = None
    email: str | None = None
    row: int = 0
    wants_mail: bool | None = None

    @property
    def said(self) -> PersonChanges:
        """All but the login name."""
        return PersonChanges(*(getattr(self, each.name) for each in fields(PersonChanges)))


@dataclass(frozen=True, slots=True)
class Shift:
    """A field of a person that changes, in words."""

    what: str
    before: str
    after: str

    @property
    def line(self) -> str:
        return f"{self.what}：{self.before or '空'} → {self.after or '空'}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a change comes to: the columns it touches, the unit and the roles where they change, all of it in words.

    `asked` are the roles that wait for a second person, and are none of `roles` yet.
    """

    columns: Mapping[str, object]
    unit: Unit | None
    roles: tuple[Role, ...] | None
    shifts: tuple[Shift, ...]
    asked: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as lists show one."""

    id: int
    name: str
    login: str
    bureau: str
    unit: str
    position: str
    roles: tuple[Role, ...]
    phone: str
    email: str
    wants_mail: bool
    is_active: bool
    left_on: date | None
    version: int


@dataclass(frozen=True, slots=True)
class AuditorRow:
    """What an auditor may see: the whole bureau, or one source; for good, or until a day."""

    person_id: int
    name: str
    source_id: int | None
    source: str | None
    until: date | None


def parse_roles(text: str) -> tuple[Role, ...]:
    """Roles from a cell such as "责任人、科室负责人"; an empty cell is an officer.

    Raises: Refused, naming the roles there are.
    """
    words = [word for word in re.split(r"[、,，;；/\s]+", text.strip()) if word]
    if unknown := [word for word in words if word not in ROLE_BY_LABEL]:
        raise Refused(f"没有“{unknown[0]}”这一角色", "", f"可填：{'、'.join(ROLE_BY_LABEL)}")
    return tuple(dict.fromkeys(ROLE_BY_LABEL[word] for word in words)) or (Role.OFFICER,)


def checked(said: PersonChanges) -> PersonChanges:
    """The same with tidy fields. Raises: Refused, naming the first field that is wrong."""
    return replace(
        said,
        name=None if said.name is None else checked_name(said.name, "姓名"),
        unit=None if said.unit is None else checked_name(said.unit, "科室名称"),
        position=None if said.position is None else said.position.strip()[:100],
        phone=None if said.phone is None else checked_phone(said.phone),
        email=None if said.email is None else checked_mailbox(said.email),
    )


def checked_mailbox(text: str) -> str:
    """A mailbox, tidy; empty where there is none. Raises: Refused, for what is no mailbox."""
    email = without_unseen(text)
    if email and not MAILBOX_FORM.fullmatch(email):
        raise Refused(f"邮箱“{email[:40]}”写得不对", "", "形如 name@example.gov.cn；没有邮箱可以留空")
    return email


def checked_phone(text: str) -> str:
    """A telephone number, tidy; empty where there is none. Raises: Refused, for what is no number."""
    phone = without_unseen(text)
    if phone and not re.fullmatch(r"[0-9+()（）\- ,，、转]{3,40}", phone):
        raise Refused(f"手机“{phone[:20]}”写得不对", "", "只填号码；没有可以留空")
    return phone


def add_person(session: Session, by: By, bureau: Unit, new: NewPerson) -> Person:
    """One new person. Raises: Refused, Conflict (login name taken), NotFound (no such unit)."""
    login, said = checked_login(new.login), checked(new.said)
    if person_by_login(session, login):
        raise Conflict(f"登录名“{login}”已有人使用", "登录名不分大小写", "请另取一个登录名")
    if said.name is None or said.unit is None:
        raise Refused(
            f"“{login}”没有写{'姓名' if said.name is None else '科室'}", "", "新登记的人须有姓名和科室"
        )
    unit = working_unit(session, bureau.id, said.unit)
    person = Person(bureau_id=bureau.id, unit_id=unit.id, login=login, **_texts(said))
    with change(session, by, OfficeVerb.ADD_PERSON) as rows:
        rows.add(person)
        session.flush()
        roles = (Role.OFFICER,) if said.roles is None else said.roles
        asked = withheld(session, by, person, roles)
        _set_roles(session, rows, person, [role for role in roles if role not in asked])
    if asked:
        ask(session, by, person, asked)
    return person


def plan_of(session: Session, by: By, person: Person, said: PersonChanges) -> Plan:
    """What `said` would change of a person.

    Raises: Refused, NotFound (no such unit); Forbidden, for one's own roles.
    """
    said = checked(said)
    columns = {name: value for name, value in _texts(said).items() if value != getattr(person, name)}
    shifts = [
        Shift(_FIELDS[name], _told(getattr(person, name)), _told(value)) for name, value in columns.items()
    ]
    unit = None if said.unit is None else working_unit(session, person.bureau_id, said.unit)
    if unit is not None and unit.id != person.unit_id:
        columns["unit_id"] = unit.id
        shifts.append(Shift("科室", session.get_one(Unit, person.unit_id).name, unit.name))
    held = roles_of(session, person.id)
    roles = said.roles if said.roles is not None and set(said.roles) != set(held) else None
    asked: tuple[Role, ...] = ()
    if roles is not None:
        must_not_be_own(session, by, person.id, "角色没有改", "请另一位台账管理员或系统管理员办理")
        asked = withheld(session, by, person, set(roles) - set(held))
        roles = tuple(role for role in roles if role not in asked)
        waits = f"{role_words(asked)}（{WAITS}）" if asked else ""
        shifts.append(Shift("角色", role_words(held), "、".join(filter(None, (role_words(roles), waits)))))
    return Plan(columns, unit if "unit_id" in columns else None, roles, tuple(shifts), asked)


def carry_out(session: Session, by: By, person: Person, plan: Plan, words: str = "") -> None:
    """Change a person as planned, in one event; `words` say why. casework.change_person asks first what hangs on it."""
    if not plan.shifts:
        return
    with change(session, by, _verb_of(plan), words) as rows:
        rows.alter(person).version += 1
        for name, value in plan.columns.items():
            setattr(person, name, value)
        if plan.roles is not None:
            _set_roles(session, rows, person, plan.roles)
    if plan.asked:
        ask(session, by, person, plan.asked)


def _verb_of(plan: Plan) -> OfficeVerb:
    if plan.unit is not None:
        return OfficeVerb.MOVE_PERSON
    if not plan.columns:
        return OfficeVerb.SET_ROLES
    is_switch = plan.roles is None and plan.columns.keys() == {"wants_mail"}
    return OfficeVerb.SET_MAIL if is_switch else OfficeVerb.UPDATE_PERSON


_FIELDS: Final = {
    "name": "姓名",
    "position": "职务",
    "phone": "手机",
    "email": "邮箱",
    "wants_mail": "邮件提醒",
}


def _texts(said: PersonChanges) -> dict[str, Any]:
    """The columns that hold what was said as it stands."""
    return {name: value for name in _FIELDS if (value := getattr(said, name)) is not None}


def _told(value: Any) -> str:
    return MAIL[value] if isinstance(value, bool) else value


def set_wants_mail(session: Session, by: By, person: Person, wants_mail: bool) -> None:
    """Switch a person's mail on or off (labels.MAIL_OFF says what that leaves)."""
    carry_out(session, by, person, plan_of(session, by, person, PersonChanges(wants_mail=wants_mail)))


def parse_mail(text: str) -> bool | None:
    """The switch from a cell; an empty one leaves it. Raises: Refused, for other words than 开 and 关."""
    word = text.strip()
    if word and word not in MAIL.values():
        raise Refused(f"邮件提醒“{word[:10]}”认不出", "", f"可填：{'、'.join(MAIL.values())}；空着就不变")
    return word == MAIL[True] if word else None


def unreached(session: Session, bureau_id: int, *roles: Role) -> list[PersonRow]:
    """Who of these roles is not told by mail of what others have to do: mail switched off, or no mailbox."""
    people = (each for each in list_people(session, bureau_id) if each.is_active)
    return [each for each in people if set(roles) & set(each.roles) and not (each.email and each.wants_mail)]


def set_roles(session: Session, by: By, person: Person, roles: Sequence[Role]) -> None:
    """Give a person exactly these roles, as far as no second person is needed; a grant that stays keeps its limits."""
    carry_out(session, by, person, plan_of(session, by, person, PersonChanges(roles=tuple(roles))))


def _set_roles(session: Session, rows: KeptRows, person: Person, roles: Sequence[Role]) -> None:
    held = session.scalars(select(PersonRole).where(PersonRole.person_id == person.id)).all()
    for grant in held:
        if grant.role not in roles:
            rows.remove(grant)
    for role in dict.fromkeys(roles):
        if role not in {grant.role for grant in held}:
            rows.add(PersonRole(person_id=person.id, role=role))


def limit_auditor(
    session: Session, by: By, person: Person, source: Source | None, until: date | None
) -> None:
    """Let an auditor (查阅人员) see one source's tasks instead of the bureau's, or until a day, or both.

    Raises: Refused, where the person is no auditor or the source is another bureau's.
    """
    grant = session.scalar(
        select(PersonRole).where(PersonRole.person_id == person.id, PersonRole.role == Role.AUDITOR)
    )
    if grant is None:
        raise Refused(f"“{person.name}”不是查阅人员", "", "请先给这个人查阅人员角色")
    if source is not None and source.bureau_id != person.bureau_id:
        raise Refused("这个问题来源不是本单位的", "", "请从列表中选择")
    with change(session, by, OfficeVerb.LIMIT_AUDITOR) as rows:
        rows.alter(grant)
        grant.source_id, grant.until = source.id if source else None, until


def list_auditors(session: Session, bureau_id: int) -> list[AuditorRow]:
    """The auditors of a bureau with what each may see."""
    rows = session.execute(
        select(Person.id, Person.name, PersonRole.source_id, Source.title, PersonRole.until)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .outerjoin(Source, Source.id == PersonRole.source_id)
        .where(Person.bureau_id == bureau_id, Person.is_active, PersonRole.role == Role.AUDITOR)
        .order_by(Person.id)
    )
    return [AuditorRow(*row) for row in rows]


def roles_of(session: Session, person_id: int) -> list[Role]:
    return list(session.scalars(select(PersonRole.role).where(PersonRole.person_id == person_id)))


def holds(session: Session, person_id: int, role: Role) -> bool:
    """Whether a person has a role; a unit's head works on tasks as an officer does."""
    asked = WORKS if role is Role.OFFICER else (role,)
    return not set(asked).isdisjoint(roles_of(session, person_id))


def in_office(day: date | BindParameter[date], *roles: Role) -> Select[tuple[int]]:
    """The ids of the active people who hold one of `roles` on `day`, to be narrowed."""
    in_force = or_(PersonRole.until.is_(None), PersonRole.until >= day)
    holds = select(Person.id).join(PersonRole, PersonRole.person_id == Person.id)
    return holds.where(Person.is_active, PersonRole.role.in_(roles), in_force)


def person_by_login(session: Session, login: str) -> Person | None:
    return session.scalar(by_login(login))


def person_of(session: Session, bureau_id: int, login: str, role: Role | None = None) -> Person:
    """The active person of a bureau with this login name, and this role where one is asked for.

    Raises: NotFound; Refused, where the person does not have the role.
    """
    person = session.scalar(by_login(login).where(Person.bureau_id == bureau_id, Person.is_active))
    if person is None:
        raise NotFound(
            f"本单位没有登录名为“{login}”的在岗人员", "", "请核对登录名", command="rectify people list"
        )
    if role is not None and not holds(session, person.id, role):
        raise Refused(f"“{person.name}”没有“{role.word}”角色", "", "请先在人员中增加该角色，或另选一人")
    return person


def list_people(session: Session, bureau_id: int | None = None) -> list[PersonRow]:
    """People by bureau and unit, the active first."""
    query = (
        select(Person)
        .options(joinedload(Person.bureau), joinedload(Person.unit), selectinload(Person.roles))
        .order_by(Person.bureau_id, Person.is_active.desc(), Person.unit_id, Person.id)
        .execution_options(populate_existing=True)
    )
    if bureau_id is not None:
        query = query.where(Person.bureau_id == bureau_id)
    return [
        frozen(PersonRow, person, roles=tuple(grant.role for grant in person.roles))
        for person in session.scalars(query)
    ]
