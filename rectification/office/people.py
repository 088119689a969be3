"""People and their roles: adding one, and many at once from a list."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from sqlalchemy import BindParameter, Select, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from core.errors import Conflict, NotFound, RectifyError, Refused
from core.han import HAN
from models.base import frozen
from models.enums import OfficeVerb, Role
from models.organisation import Person, PersonRole, Unit
from models.report import Source
from rectification.labels import MAIL, ROLE
from rectification.office.chain import KeptRows
from rectification.office.journal import By, change
from rectification.office.names import checked_name
from rectification.office.units import add_department, find_unit

LOGIN_FORM: Final = re.compile(rf"[A-Za-z0-9{HAN}][A-Za-z0-9{HAN}._@-]{{0,63}}")
MAILBOX_FORM: Final = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
ROLE_BY_LABEL: Final = {label: role for role, label in ROLE.items()}


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person as somebody typed it; mailbox and phone may be missing. `row` is its place in a list, from 1.

    Where `wants_mail` is left out, the switch stays as it is; a new person's is on.
    """

    name: str
    login: str
    unit: str
    position: str = ""
    roles: tuple[Role, ...] = (Role.OFFICER,)
    phone: str = ""
    email: str = ""
    row: int = 0
    wants_mail: bool | None = None


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


@dataclass(frozen=True, slots=True)
class AuditorRow:
    """What an auditor may see: the whole bureau, or one source; for good, or until a day."""

    person_id: int
    name: str
    source_id: int | None
    source: str | None
    until: date | None


@dataclass(frozen=True, slots=True)
class EnrolOutcome:
    """What became of each row of a list; `problems` are (row, what is wrong) and stop nothing else."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    new_units: list[str] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)


def parse_roles(text: str) -> tuple[Role, ...]:
    """Roles from a cell such as "责任人、科室负责人"; an empty cell is an officer.

    Raises: Refused, naming the roles there are.
    """
    words = [word for word in re.split(r"[、,，;；/\s]+", text.strip()) if word]
    if unknown := [word for word in words if word not in ROLE_BY_LABEL]:
        raise Refused(f"没有“{unknown[0]}”这一角色", "", f"可填：{'、'.join(ROLE_BY_LABEL)}")
    return tuple(dict.fromkeys(ROLE_BY_LABEL[word] for word in words)) or (Role.OFFICER,)


def checked(person: NewPerson) -> NewPerson:
    """`person` with tidy fields.

    Raises: Refused, naming the first field that is wrong.
    """
    login, email, phone = person.login.strip(), person.email.strip(), person.phone.strip()
    if not LOGIN_FORM.fullmatch(login):
        raise Refused(f"登录名“{login[:20]}”不可用", "须为字母、数字或汉字，可含 . _ - @", "请改正后再试")
    if email and not MAILBOX_FORM.fullmatch(email):
        raise Refused(f"邮箱“{email[:40]}”写得不对", "", "形如 name@example.gov.cn；没有邮箱可以留空")
    if phone and not re.fullmatch(r"[0-9+()（）\- ,，、转]{3,40}", phone):
        raise Refused(f"手机“{phone[:20]}”写得不对", "", "只填号码；没有可以留空")
    return replace(
        person,
        name=checked_name(person.name, "姓名"),
        login=login,
        unit=checked_name(person.unit, "科室名称"),
        position=person.position.strip()[:100],
        phone=phone,
        email=email,
    )


def add_person(session: Session, by: By, bureau: Unit, new: NewPerson) -> Person:
    """One new person.

    Raises: Refused, Conflict (login name taken), NotFound (no such unit).
    """
    new = checked(new)
    if person_by_login(session, new.login):
        raise Conflict(f"登录名“{new.login}”已有人使用", "", "请另取一个登录名")
    unit = find_unit(session, bureau.id, new.unit)
    if unit is None:
        raise NotFound(f"没有名为“{new.unit}”的科室", "", "请先登记这个科室", command="rectify unit add")
    person = Person(bureau_id=bureau.id, login=new.login, **_columns(new, unit))
    with change(session, by, OfficeVerb.ADD_PERSON) as rows:
        rows.add(person)
        session.flush()
        _set_roles(session, rows, person, new.roles)
    return person


def enrol(session: Session, by: By, bureau: Unit, rows: Iterable[NewPerson]) -> EnrolOutcome:
    """Bring a list of people in: new ones are added, known login names brought up to date.

    A row that is wrong is named and skipped. Units not yet known are made. Undo it (a dry run) by not committing.
    """
    tally, seen = EnrolOutcome(), set[str]()
    for row in rows:
        if row.login.strip() in seen:
            tally.problems.append((row.row, f"登录名“{row.login.strip()}”在表中出现两次"))
            continue
        seen.add(row.login.strip())
        if not (row.name and row.unit):
            tally.problems.append((row.row, "缺少姓名或科室"))
            continue
        try:
            _enrol_one(session, by, bureau, checked(row), tally)
        except RectifyError as error:
            tally.problems.append((row.row, error.line))
    return tally


def _enrol_one(session: Session, by: By, bureau: Unit, new: NewPerson, tally: EnrolOutcome) -> None:
    person = person_by_login(session, new.login)
    if person is not None and person.bureau_id != bureau.id:
        raise Conflict(f"登录名“{new.login}”已由其他单位的人员使用", "", "请另取一个登录名")
    unit = find_unit(session, bureau.id, new.unit)
    if unit is None:
        unit = add_department(session, by, bureau, new.unit)
        tally.new_units.append(unit.name)
    if person is None:
        add_person(session, by, bureau, new)
        tally.added.append(new.login)
        return
    wanted = _columns(new, unit)
    is_same = all(getattr(person, name) == value for name, value in wanted.items())
    if is_same and set(roles_of(session, person.id)) == set(new.roles):
        tally.unchanged.append(new.login)
        return
    with change(session, by, OfficeVerb.UPDATE_PERSON) as rows:
        rows.alter(person)
        for name, value in wanted.items():
            setattr(person, name, value)
        _set_roles(session, rows, person, new.roles)
    tally.changed.append(new.login)


def _columns(new: NewPerson, unit: Unit) -> dict[str, object]:
    return {
        "unit_id": unit.id,
        "name": new.name,
        "position": new.position,
        "phone": new.phone,
        "email": new.email,
        "is_active": True,
        "left_on": None,
        **({} if new.wants_mail is None else {"wants_mail": new.wants_mail}),
    }


def set_wants_mail(session: Session, by: By, person: Person, wants_mail: bool) -> None:
    """Switch a person's mail on or off (labels.MAIL_OFF says what that leaves)."""
    with change(session, by, OfficeVerb.SET_MAIL) as rows:
        rows.alter(person).wants_mail = wants_mail


def parse_mail(text: str) -> bool | None:
    """The switch from a cell; an empty one leaves it.

    Raises: Refused, for other words than 开 and 关.
    """
    word = text.strip()
    if word and word not in MAIL.values():
        raise Refused(f"邮件提醒“{word[:10]}”认不出", "", f"可填：{'、'.join(MAIL.values())}；空着就不变")
    return word == MAIL[True] if word else None


def unreached(session: Session, bureau_id: int, *roles: Role) -> list[PersonRow]:
    """Who of these roles is not told by mail of what others have to do: mail switched off, or no mailbox."""
    people = (each for each in list_people(session, bureau_id) if each.is_active)
    return [each for each in people if set(roles) & set(each.roles) and not (each.email and each.wants_mail)]


def set_roles(session: Session, by: By, person: Person, roles: Sequence[Role]) -> None:
    """Give a person exactly these roles; a grant that stays keeps its limits."""
    with change(session, by, OfficeVerb.SET_ROLES) as rows:
        _set_roles(session, rows, person, roles)


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


def in_office(day: date | BindParameter[date], *roles: Role) -> Select[tuple[int]]:
    """The ids of the active people who hold one of `roles` on `day`, to be narrowed."""
    in_force = or_(PersonRole.until.is_(None), PersonRole.until >= day)
    holds = select(Person.id).join(PersonRole, PersonRole.person_id == Person.id)
    return holds.where(Person.is_active, PersonRole.role.in_(roles), in_force)


def person_by_login(session: Session, login: str) -> Person | None:
    return session.scalar(select(Person).where(Person.login == login))


def person_named(session: Session, login: str) -> Person:
    """The person with this login name, also one who has left.

    Raises: NotFound.
    """
    person = person_by_login(session, login)
    if person is None:
        raise NotFound(f"没有登录名为“{login}”的人员", "", "请核对登录名", command="rectify people list")
    return person


def person_of(session: Session, bureau_id: int, login: str, role: Role | None = None) -> Person:
    """The active person of a bureau with this login name, and this role where one is asked for.

    Raises: NotFound; Refused, where the person does not have the role.
    """
    person = session.scalar(
        select(Person).where(Person.login == login, Person.bureau_id == bureau_id, Person.is_active)
    )
    if person is None:
        raise NotFound(
            f"本单位没有登录名为“{login}”的在岗人员", "", "请核对登录名", command="rectify people list"
        )
    if role is not None and role not in roles_of(session, person.id):
        raise Refused(f"“{person.name}”没有“{ROLE[role]}”角色", "", "请先在人员中增加该角色，或另选一人")
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
