"""People come by a list: new ones are added, of those known only what the list says is changed."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy.orm import Session

from core.errors import Conflict, RectifyError
from models.enums import Role
from models.organisation import Person, Unit
from rectification.casework.leaving import INDISPENSABLE
from rectification.casework.staffing import change_person, left_by, left_words, must_be_in_office
from rectification.labels import role_words
from rectification.office.journal import By
from rectification.office.names import checked_login, folded_name, login_key, unseen_in
from rectification.office.people import (
    NewPerson,
    Shift,
    add_person,
    person_by_login,
    person_of,
    plan_of,
    roles_of,
)
from rectification.office.second_person import WAITS
from rectification.office.units import add_department, find_unit

KEEPS: Final = "keep"
"""The answer that somebody who changes unit goes on with the old unit's tasks, instead of a successor's login name."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a row leaves open and so waits for: is it the same person under another name, who gets the old unit's tasks.

    `shifts` is all that the row changes once it is answered.
    """

    row: int
    login: str
    is_move: bool
    says: str
    shifts: tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class EnrolOutcome:
    """What became of each row of a list, by login name; `problems` (row, what is wrong) and `asks` stop nothing else.

    `shifts` are the fields that changed of those in `changed`, from what to what; `notes` say what was put right of a row.
    """

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    new_units: list[str] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    shifts: dict[str, tuple[Shift, ...]] = field(default_factory=dict)
    notes: list[tuple[int, str]] = field(default_factory=list)


def enrol(
    session: Session,
    by: By,
    bureau: Unit,
    rows: Iterable[NewPerson],
    *,
    renamed: Collection[str] = (),
    tasks: Mapping[str, str] | None = None,
) -> EnrolOutcome:
    """Bring a list of people in. Units not yet known are made. Undo it (a dry run) by not committing.

    A row that is wrong is named and skipped. `renamed` are the login names whose new name was confirmed to be the same
    person's, `tasks` by login name who takes the old unit's tasks: KEEPS, or a successor's login name.

    Raises: Refused, where a successor cannot take what he was named for: then nothing of the list is stored.
    """
    tally, seen = EnrolOutcome(), set[str]()
    answers = {login_key(login): who for login, who in (tasks or {}).items()}
    same = {login_key(login) for login in renamed}
    for row in sorted(rows, key=_gives_no_keeper):
        login = login_key(row.login)
        if note := unseen_in("".join(filter(None, (row.login, row.name, row.unit, row.email, row.phone)))):
            tally.notes.append((row.row, f"“{folded_name(row.name or row.login)}”的行{note}"))
        try:
            if login in seen:
                raise Conflict(f"登录名“{row.login.strip()}”在表中出现两次")
            seen.add(login)
            _enrol_one(session, by, bureau, row, tally, login in same, answers.get(login, ""))
        except RectifyError as error:
            if answers.get(login, KEEPS) != KEEPS:
                raise
            tally.problems.append((row.row, error.line))
    return tally


def _gives_no_keeper(row: NewPerson) -> bool:
    """Who comes to keep the ledger is taken first: then the one who kept it so far may go."""
    return not set(row.roles or ()) & {*INDISPENSABLE, Role.CHIEF}


def _enrol_one(
    session: Session, by: By, bureau: Unit, new: NewPerson, tally: EnrolOutcome, is_same: bool, tasks: str
) -> None:
    person = person_by_login(session, checked_login(new.login))
    if person is not None and person.bureau_id != bureau.id:
        raise Conflict(f"登录名“{new.login}”已由其他单位的人员使用", "", "请另取一个登录名")
    if person is not None:
        must_be_in_office(person)
    if new.unit is not None and find_unit(session, bureau.id, new.unit) is None:
        tally.new_units.append(add_department(session, by, bureau, new.unit).name)
    if person is None:
        added = add_person(session, by, bureau, new)
        tally.added.append(added.login)
        if asked := set(new.roles or ()) - set(roles_of(session, added.id)):
            tally.notes.append((new.row, f"{added.name}的{role_words(asked)}角色{WAITS}"))
        return
    login = person.login
    if asks := list(_asks(session, by, person, new, is_same=is_same, tasks=tasks)):
        tally.asks.extend(asks)
        return
    heir = person_of(session, bureau.id, tasks) if tasks not in ("", KEEPS) else None
    shifts = change_person(session, by, person, new.said, successor=heir, keeps=tasks == KEEPS)
    (tally.changed if shifts else tally.unchanged).append(login)
    if shifts:
        tally.shifts[login] = shifts


def _asks(
    session: Session, by: By, person: Person, new: NewPerson, *, is_same: bool, tasks: str
) -> Iterable[Ask]:
    plan, name = plan_of(session, by, person, new.said), folded_name(new.name or "")
    if name and name != person.name and not is_same:
        says = f"登录名“{person.login}”已是{person.name}，表中写作{name}；是同一个人改了姓名，还是另一个人（须另取登录名）"
        yield Ask(new.row, person.login, is_move=False, says=says, shifts=plan.shifts)
    if plan.unit is not None and not tasks:
        left = left_by(session, person, plan)
        if left and all(each.is_move for each in left):
            says = f"{person.name}调往{plan.unit.name}，{left_words(left)}；交接给谁，还是由本人继续办"
            yield Ask(new.row, person.login, is_move=True, says=says, shifts=plan.shifts)
