"""The bodies that hear (领导小组, 党组 …): who leads one, who is deputy, which units are members."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core.errors import Refused
from models.enums import BodyPart, OfficeVerb
from models.organisation import BodyMember, Person, Unit
from rectification.office.journal import By, change
from rectification.office.settings import policy_of


@dataclass(frozen=True, slots=True)
class Body:
    """A body with its members by name; who has left, and a unit that was closed, is no member any more."""

    name: str
    members: tuple[tuple[BodyPart, int, str], ...] = ()

    def names(self, part: BodyPart) -> tuple[str, ...]:
        """Those of one part."""
        return tuple(name for each, _, name in self.members if each is part)

    def ids(self, part: BodyPart) -> frozenset[int]:
        """The people, or units, of one part."""
        return frozenset(row_id for each, row_id, _ in self.members if each is part)

    @property
    def words(self) -> str:
        """组长：郑局；副组长：周分管；成员单位：路政科、运输科. Empty where nobody was named."""
        return "；".join(
            f"{part.word}：{'、'.join(names)}" for part in BodyPart if (names := self.names(part))
        )


def bodies_of(session: Session, bureau_id: int) -> dict[str, Body]:
    """The bodies of a bureau somebody was named for, by name."""
    query = select(BodyMember).where(BodyMember.bureau_id == bureau_id).order_by(BodyMember.id)
    members: dict[str, list[tuple[BodyPart, int, str]]] = {}
    for row in session.scalars(query.options(joinedload(BodyMember.person), joinedload(BodyMember.unit))):
        member = row.person or row.unit
        if member is not None and member.is_active:
            members.setdefault(row.body, []).append((row.part, member.id, member.name))
    return {name: Body(name, tuple(them)) for name, them in members.items()}


def set_body(
    session: Session,
    by: By,
    bureau_id: int,
    name: str,
    head: Person | None,
    deputies: Sequence[Person],
    units: Sequence[Unit],
) -> None:
    """Say who leads a body, who is deputy and which units are members, instead of who was.

    Raises: Refused, for a body the settings do not know, or members who are none of the bureau's.
    """
    bodies = policy_of(session, bureau_id, by.clock.today).hearing_bodies
    if name not in bodies:
        raise Refused(f"没有“{name}”", f"听取汇报的有{'、'.join(bodies)}", "请先在“设置”中增加")
    wanted: dict[tuple[BodyPart, int | None, int | None], Person | Unit] = {
        **{(BodyPart.HEAD, each.id, None): each for each in (head,) if each is not None},
        **{(BodyPart.DEPUTY, each.id, None): each for each in deputies if head is None or each.id != head.id},
        **{(BodyPart.MEMBER, None, each.id): each for each in units},
    }
    for member in wanted.values():
        if member.bureau_id != bureau_id or not member.is_active:
            raise Refused(f"“{member.name}”不能列入“{name}”", "不是本单位现有的人员或科室", "请重新选择")
    query = select(BodyMember).where(BodyMember.bureau_id == bureau_id, BodyMember.body == name)
    with change(session, by, OfficeVerb.SET_BODY, name) as rows:
        held = {(row.part, row.person_id, row.unit_id): row for row in session.scalars(query)}
        for key, row in held.items():
            if key not in wanted:
                rows.remove(row)
        for part, person_id, unit_id in (key for key in wanted if key not in held):
            rows.add(
                BodyMember(bureau_id=bureau_id, body=name, part=part, person_id=person_id, unit_id=unit_id)
            )
