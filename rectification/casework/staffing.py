"""A person's data, roles and unit change: what waits for the person finds other hands first, or the change is refused."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Conflict, Refused
from models.enums import Role
from models.organisation import Person, Unit
from rectification.casework.handover import hand_over, held_codes, look_back_codes, require_mover
from rectification.casework.leaving import alone_in, waiting_for_head
from rectification.labels import role_words
from rectification.office.journal import By
from rectification.office.people import WORKS, PersonChanges, Plan, Shift, carry_out, plan_of, roles_of
from rectification.roles_in_task import Part

_SIGN: Final = (Role.LEADER, Role.CHIEF)
_ABLE: Final[Mapping[Part, tuple[Role, ...]]] = {
    Part.OFFICER: WORKS,
    Part.LEADER: _SIGN,
    Part.REVIEWER: (Role.REVIEWER,),
    Part.APPROVER: _SIGN,
}
"""The roles with which somebody has a part; while tasks wait for the part, the last of them is not taken away."""


@dataclass(frozen=True, slots=True)
class Left:
    """What a change leaves behind, to be handed over together: by the part it is held in, of `units` or of all.

    With `is_move` the person could go on with it from the new unit; without, nobody could act in that part any more.
    """

    parts: tuple[Part, ...]
    units: tuple[int, ...]
    codes: tuple[str, ...]
    is_move: bool

    @property
    def words(self) -> str:
        """The tasks and what the person is to them."""
        return f"作为{'、'.join(part.word for part in self.parts)}的 {len(self.codes)} 项：{'、'.join(self.codes)}"


def duties_of(session: Session, person: Person) -> dict[Part, tuple[str, ...]]:
    """The open tasks that hang on a person by part, look-backs with the reviewer's."""
    parts = (*_ABLE, Part.PARTICIPANT)
    held = {part: held_codes(session, person, [part]) for part in parts}
    held[Part.REVIEWER] += look_back_codes(session, person)
    return {part: tuple(codes) for part, codes in held.items() if codes}


def left_by(session: Session, person: Person, plan: Plan) -> list[Left]:
    """What `plan` would leave behind: parts whose last role goes, an officer's tasks of the unit the person leaves, and
    what the person reviews of the unit the person comes to.

    Raises: Refused, for what a successor cannot take over: the bureau's last of a role, units in the line, what only
    the unit's head can accept.
    """
    before = set(roles_of(session, person.id))
    after = before if plan.roles is None else set(plan.roles)
    _must_stay(session, person, plan, before - after)
    duties = duties_of(session, person)
    lost = tuple(
        part
        for part, able in _ABLE.items()
        if part in duties and before & set(able) and not after & set(able)
    )
    left = [Left(lost, (), tuple(sorted({code for part in lost for code in duties[part]})), is_move=False)]
    for part, unit_id in ((Part.OFFICER, person.unit_id), (Part.REVIEWER, plan.unit.id)) if plan.unit else ():
        if part not in lost:
            codes = held_codes(session, person, [part], [unit_id])
            left.append(Left((part,), (unit_id,), tuple(codes), is_move=True))
    return [each for each in left if each.codes]


def change_person(
    session: Session,
    by: By,
    person: Person,
    said: PersonChanges,
    *,
    successor: Person | None = None,
    keeps: bool = False,
    seen_version: int | None = None,
) -> tuple[Shift, ...]:
    """Change what is said of a person and nothing else; returns what changed, in words.

    Tasks that wait for a role which goes are handed over to `successor`; so are those of a unit the person leaves,
    unless the person `keeps` them. `seen_version` is the version the page showed.

    Raises: Conflict, where it was changed meanwhile; Refused, for who has left, for a role the bureau cannot be
    without, and where something waits and nobody is named to take it.
    """
    query = select(Person).where(Person.id == person.id).with_for_update()
    person = session.scalars(query.execution_options(populate_existing=True)).one()
    if seen_version is not None and seen_version != person.version:
        raise Conflict(f"“{person.name}”的资料刚刚被别人改动过", "", "请刷新页面，看过现在的内容再改")
    must_be_in_office(person)
    plan = plan_of(session, by, person, said)
    if not plan.shifts:
        return ()
    left = left_by(session, person, plan)
    words = f"由{session.get_one(Unit, person.unit_id).name}调往{plan.unit.name}" if plan.unit else ""
    if left and successor is None and not (keeps and all(each.is_move for each in left)):
        what = "没有调动" if plan.unit else "的角色没有改"
        keep = "，或写明由本人继续办" if all(each.is_move for each in left) else "，或先办交接"
        raise Refused(
            f"“{person.name}”{what}", f"还有任务等着办理：{left_words(left)}", f"请选择接手人{keep}"
        )
    require_mover(by, sum(len(each.codes) for each in left), f"“{person.name}”没有改动")
    if successor is not None:
        words = "；".join(filter(None, (words, *_hand_over(session, by, person, successor, left))))
    elif left:
        words += f"，仍由本人办理{left_words(left)}"
    carry_out(session, by, person, plan, words)
    return plan.shifts


def left_words(left: Iterable[Left]) -> str:
    """What is left behind, in words."""
    return "；".join(each.words for each in left)


def must_be_in_office(person: Person) -> None:
    """Raises: Refused, for who has left: coming back is a step of its own."""
    if not person.is_active:
        since = f"已于 {person.left_on} 离岗" if person.left_on else "已经离岗"
        raise Refused(f"“{person.name}”{since}", "", "回来工作的，请先办“回岗”")


def _must_stay(session: Session, person: Person, plan: Plan, lost: set[Role]) -> None:
    what = f"“{person.name}”的角色没有改"
    if last := [role for role in alone_in(session, person) if role in lost]:
        raise Refused(what, f"这样改以后，本单位就没有{role_words(last)}了", "请先登记接任的人，再改角色")
    if lost & set(_SIGN) and not set(plan.roles or ()) & set(_SIGN):
        units = session.scalars(
            select(Unit.name).where(Unit.leader_id == person.id, Unit.is_active).order_by(Unit.id)
        ).all()
        if units:
            raise Refused(what, f"还分管{'、'.join(units)}", "请先在“科室”中改定分管领导")
    if (plan.unit or Role.UNIT_HEAD in lost) and (codes := waiting_for_head(session, person)):
        why = f"本科室待签收的任务还没有责任人：{'、'.join(codes)}"
        raise Refused(what, why, f"请先签收，或给本科室另一人“{Role.UNIT_HEAD.word}”角色")


def _hand_over(session: Session, by: By, person: Person, heir: Person, left: Iterable[Left]) -> Iterator[str]:
    """Give what would be left behind to `heir`; what was handed over, in words."""
    for each in left:
        codes = hand_over(
            *(session, by.clock, by.acting, person.id, heir.id, "岗位调整"),
            parts=each.parts,
            units=each.units,
        )
        yield f"{'、'.join(codes)}交接给{heir.name}"
