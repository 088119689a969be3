"""AB岗: who stands in for whom, from which day to which. A substitute is told and may act with the other's roles."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from core.errors import Conflict, NotFound, Refused
from models.base import frozen_all
from models.enums import OfficeVerb, Status
from models.organisation import Person, Substitute
from models.task import RectificationTask
from rectification.office.journal import By, change
from rectification.office.people import roles_of
from rectification.office.second_person import SIGNERS, Cover, ask_for_cover, must_not_be_own, withheld

UNDER_WAY: Final = frozenset(Status) - {Status.DRAFT, Status.CLOSED, Status.TERMINATED, Status.ARCHIVED}


@dataclass(frozen=True, slots=True)
class SubstituteRow:
    """One arrangement, both days included."""

    id: int
    person: str
    substitute: str
    starts_on: date
    ends_on: date


def arrange_substitute(session: Session, by: By, bureau_id: int, person_id: int, cover: Cover) -> bool:
    """Let somebody stand in for a colleague; False where a second person has to confirm it: then it is asked for.

    Raises: as `add_substitute`.
    """
    person, other = _fitting(session, by, bureau_id, person_id, cover)
    if withheld(session, by, person, roles_of(session, person_id), other.id):
        ask_for_cover(session, by, person, other, cover)
        return False
    add_substitute(session, by, bureau_id, person_id, *cover)
    return True


def add_substitute(
    session: Session,
    by: By,
    bureau_id: int,
    person_id: int,
    substitute_id: int,
    starts_on: date,
    ends_on: date,
) -> Substitute:
    """Let somebody stand in for a colleague.

    Raises: Forbidden, for who would let himself sign; Refused, for a stranger to the bureau, days that do not fit, or who
    judges a task the other is officer of; Conflict, where the same pair overlaps.
    """
    _fitting(session, by, bureau_id, person_id, Cover(substitute_id, starts_on, ends_on))
    row = Substitute(person_id=person_id, substitute_id=substitute_id, starts_on=starts_on, ends_on=ends_on)
    with change(session, by, OfficeVerb.ADD_SUBSTITUTE) as rows:
        rows.add(row)
    return row


def _fitting(session: Session, by: By, bureau_id: int, person_id: int, cover: Cover) -> tuple[Person, Person]:
    substitute_id, starts_on, ends_on = cover
    person, other = session.get(Person, person_id), session.get(Person, substitute_id)
    if not (person and other) or any(
        each.bureau_id != bureau_id or not each.is_active for each in (person, other)
    ):
        raise Refused("AB岗没有登记", "双方须都是本单位的在岗人员", "请重新选择")
    if person_id == substitute_id:
        raise Refused("AB岗没有登记", "不能由本人代替本人", "请另选代岗人")
    if not SIGNERS.isdisjoint(roles_of(session, person_id)):
        must_not_be_own(
            session, by, substitute_id, "AB岗没有登记", "代签字的人，请另一位台账管理员或系统管理员登记"
        )
    if ends_on < starts_on:
        raise Refused("AB岗没有登记", f"结束日 {ends_on} 在开始日 {starts_on} 之前", "请核对日期")
    overlapping = session.scalar(
        select(Substitute).where(
            Substitute.person_id == person_id,
            Substitute.substitute_id == substitute_id,
            Substitute.starts_on <= ends_on,
            Substitute.ends_on >= starts_on,
        )
    )
    if overlapping is not None:
        told = f"{overlapping.starts_on} 至 {overlapping.ends_on}"
        raise Conflict("AB岗没有登记", f"这两人在 {told} 已有安排", "请先结束原来的安排，或另选日期")
    judged = session.scalars(
        select(RectificationTask.id).where(
            RectificationTask.officer_id == person_id,
            RectificationTask.status.in_(UNDER_WAY),
            or_(
                RectificationTask.reviewer_id == substitute_id, RectificationTask.approver_id == substitute_id
            ),
        )
    ).all()
    if judged:
        raise Refused(
            "AB岗没有登记",
            f"“{person.name}”是责任人的任务中有 {len(judged)} 项由“{other.name}”复核或审签，代岗后就不能再复核、审签",
            "请另选代岗人，或先把这些任务的复核、审签转办给别人",
        )
    return person, other


def end_substitute(session: Session, by: By, bureau_id: int, substitute_row_id: int) -> None:
    """End an arrangement with yesterday; one that has not begun is taken back.

    Raises: NotFound, where the bureau has none with this number in force.
    """
    today = by.clock.today
    row = session.scalar(
        select(Substitute)
        .join(Person, Person.id == Substitute.person_id)
        .where(Substitute.id == substitute_row_id, Person.bureau_id == bureau_id, Substitute.ends_on >= today)
    )
    if row is None:
        raise NotFound("没有这项AB岗安排", "可能已经结束", "请刷新后查看")
    with change(session, by, OfficeVerb.END_SUBSTITUTE) as rows:
        if row.starts_on >= today:
            rows.remove(row)
        else:
            rows.alter(row).ends_on = today - timedelta(days=1)


def list_substitutes(session: Session, bureau_id: int, today: date) -> list[SubstituteRow]:
    """What is in force today or comes, by its first day."""
    rows = session.scalars(
        select(Substitute)
        .join(Substitute.person)
        .where(Person.bureau_id == bureau_id, Substitute.ends_on >= today)
        .order_by(Substitute.starts_on, Substitute.id)
        .options(contains_eager(Substitute.person), joinedload(Substitute.substitute))
    )
    return list(frozen_all(SubstituteRow, rows))
