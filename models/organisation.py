"""Units in a tree, and people with their roles."""

from datetime import date

from sqlalchemy import Boolean, Date, ForeignKey, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Name, Numbered, enum_text, way
from models.enums import BodyPart, Role, UnitKind

_FIRST = text("0")


class Unit(Numbered, Base):
    """A government, bureau or department. `bureau_id` is the bureau it belongs to; a bureau's is its own id.

    `is_home` marks the installation's own bureau. `leader_id` is the 分管领导 whose line the unit is in.
    `code_prefix` begins the codes of a bureau's tasks; the home bureau's is empty. A unit that was closed (撤并) stays,
    since past papers name it: inactive since `closed_on`, what it did goes on in `merged_into_id`.
    """

    __table_args__ = (UniqueConstraint("bureau_id", "name"),)

    bureau_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("unit.id"))
    parent_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("unit.id"), index=True)
    kind: Mapped[UnitKind] = mapped_column(enum_text(UnitKind))
    name: Mapped[str] = mapped_column(Name)
    is_home: Mapped[bool] = mapped_column(Boolean, default=False)
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    code_prefix: Mapped[str] = mapped_column(String(16), default="")
    releases_rows: Mapped[bool] = mapped_column(Boolean, default=False)
    leader_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id", use_alter=True))
    closed_on: Mapped[date | None] = mapped_column(Date)
    merged_into_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("unit.id"))
    version: Mapped[int] = mapped_column(Integer, default=0, server_default=_FIRST)

    bureau: Mapped["Unit | None"] = way(bureau_id, remote_side="Unit.id")
    parent: Mapped["Unit | None"] = way(parent_id, remote_side="Unit.id")
    merged_into: Mapped["Unit | None"] = way(merged_into_id, remote_side="Unit.id")
    leader: Mapped["Person | None"] = way(leader_id)
    aliases: Mapped[list["UnitAlias"]] = way(foreign_keys="UnitAlias.unit_id", order_by="UnitAlias.id")


class UnitAlias(Numbered, Base):
    """Another name a unit signs with ("市交通局"); no two bureaus share one."""

    __table_args__ = (UniqueConstraint("bureau_id", "name"),)

    bureau_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"))
    unit_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"), index=True)
    name: Mapped[str] = mapped_column(Name)


class Person(Numbered, Base):
    """Somebody who can own, review or lead. Mailbox and phone may be missing, or shared by a whole office.

    Who has left (离岗) stays, inactive since `left_on`, since the history names people.
    """

    bureau_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"), index=True)
    unit_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"), index=True)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(Name)
    position: Mapped[str] = mapped_column(Name, default="")
    phone: Mapped[str] = mapped_column(String(64), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    left_on: Mapped[date | None] = mapped_column(Date)
    wants_mail: Mapped[bool] = mapped_column(Boolean, default=True)
    password_hash: Mapped[str] = mapped_column(String(255), default="")
    version: Mapped[int] = mapped_column(Integer, default=0, server_default=_FIRST)

    bureau: Mapped[Unit] = way(bureau_id)
    unit: Mapped[Unit] = way(unit_id)
    roles: Mapped[list["PersonRole"]] = way(order_by="PersonRole.id")


class PersonRole(Numbered, Base):
    """A role a person has. An auditor's may be limited to one source and end on a day."""

    __table_args__ = (UniqueConstraint("person_id", "role"),)

    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    role: Mapped[Role] = mapped_column(enum_text(Role))
    source_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("source.id", use_alter=True))
    until: Mapped[date | None] = mapped_column(Date)


class Substitute(Numbered, Base):
    """An AB岗 arrangement: `substitute_id` is told and may act for `person_id`, both days included."""

    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"), index=True)
    substitute_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"), index=True)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)

    person: Mapped[Person] = way(person_id)
    substitute: Mapped[Person] = way(substitute_id)


class BodyMember(Numbered, Base):
    """Who sits in a body that hears (领导小组, 党组 …): a person who leads it or is its deputy, or a unit."""

    __table_args__ = (UniqueConstraint("bureau_id", "body", "part", "person_id", "unit_id"),)

    bureau_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"))
    body: Mapped[str] = mapped_column(Name)
    part: Mapped[BodyPart] = mapped_column(enum_text(BodyPart))
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    unit_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("unit.id"))

    person: Mapped[Person | None] = way(person_id)
    unit: Mapped[Unit | None] = way(unit_id)
