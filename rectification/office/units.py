"""Units: the home bureau with its aliases, other bureaus, their departments."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from core.errors import Conflict, NotFound, Refused
from models.base import frozen
from models.enums import OfficeVerb, UnitKind
from models.organisation import Person, Unit, UnitAlias
from rectification.office.journal import By, change
from rectification.office.names import checked_name, folded_name
from rectification.office.sources import usual_kinds


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit as lists show it."""

    id: int
    bureau_id: int | None
    name: str
    kind: UnitKind
    bureau: str
    is_home: bool
    is_active: bool
    leader: str
    people: int
    aliases: tuple[str, ...]


def home_bureau(session: Session) -> Unit | None:
    """The installation's own bureau; None before the first report or unit."""
    return session.scalar(select(Unit).where(Unit.is_home))


def find_bureau(session: Session, name: str) -> Unit | None:
    """The bureau of this name or alias."""
    clean = folded_name(name)
    by_name = select(Unit).where(Unit.name == clean, Unit.bureau_id == Unit.id)
    by_alias = (
        select(Unit)
        .join(UnitAlias, UnitAlias.unit_id == Unit.id)
        .where(UnitAlias.name == clean, Unit.bureau_id == Unit.id)
    )
    return session.scalar(by_name) or session.scalar(by_alias)


def add_bureau(session: Session, by: By, name: str, *, kind: UnitKind = UnitKind.BUREAU) -> Unit:
    """A new bureau; the first one is the home bureau.

    Raises: Conflict, where the name stands already.
    """
    clean = checked_name(name, "单位名称")
    if find_bureau(session, clean):
        raise Conflict(f"单位“{clean}”已经有了", "", "请核对名称", command="rectify unit list")
    bureau = Unit(kind=kind, name=clean, is_home=home_bureau(session) is None)
    with change(session, by, OfficeVerb.ADD_UNIT) as rows:
        rows.add(bureau)
        session.flush()
        bureau.bureau_id = bureau.id
        bureau.code_prefix = "" if bureau.is_home else f"B{bureau.id}-"
        for kind_of_source in usual_kinds(bureau.id):
            rows.add(kind_of_source)
    return bureau


def bureau_named(session: Session, name: str | None) -> Unit:
    """The bureau of this name, or the home bureau where none is named.

    Raises: NotFound.
    """
    bureau = find_bureau(session, name) if name else home_bureau(session)
    if bureau is None:
        what = f"没有名为“{name}”的单位" if name else "还没有本单位"
        raise NotFound(what, "", "请先登记本单位，或导入第一份报告", command="rectify unit add 单位名称")
    return bureau


def add_department(session: Session, by: By, bureau: Unit, name: str, *, parent: Unit | None = None) -> Unit:
    """A new department (科室) of a bureau.

    Raises: Conflict, where the bureau has it already.
    """
    clean = checked_name(name, "科室名称")
    if find_unit(session, bureau.id, clean):
        raise Conflict(f"“{bureau.name}”已有科室“{clean}”", "", "请核对名称", command="rectify unit list")
    unit = Unit(bureau_id=bureau.id, parent_id=(parent or bureau).id, kind=UnitKind.DEPARTMENT, name=clean)
    with change(session, by, OfficeVerb.ADD_UNIT) as rows:
        rows.add(unit)
    return unit


def find_unit(session: Session, bureau_id: int, name: str) -> Unit | None:
    """The unit of this name or alias within a bureau."""
    clean = folded_name(name)
    by_alias = select(UnitAlias.unit_id).where(UnitAlias.bureau_id == bureau_id, UnitAlias.name == clean)
    return session.scalar(
        select(Unit).where(Unit.bureau_id == bureau_id, (Unit.name == clean) | Unit.id.in_(by_alias))
    )


def unit_named(session: Session, bureau_id: int, name: str) -> Unit:
    """The unit of this name within a bureau.

    Raises: NotFound.
    """
    unit = find_unit(session, bureau_id, name)
    if unit is None:
        raise NotFound(
            f"没有名为“{name}”的科室或单位",
            "",
            "请核对名称，或先登记这个科室",
            command="rectify unit list，rectify unit add",
        )
    return unit


def bureau_or_unit(session: Session, name: str, bureau: str | None = None) -> Unit:
    """The bureau of this name, or else the unit of this name within `bureau` (the home bureau where none is named).

    Raises: NotFound.
    """
    return find_bureau(session, name) or unit_named(session, bureau_named(session, bureau).id, name)


def add_alias(session: Session, by: By, unit: Unit, name: str) -> None:
    """Another name a unit is known by; a report signed with a bureau's alias is that bureau's.

    Raises: Conflict, where another unit has the name.
    """
    clean = checked_name(name, "别名")
    if taken := _known_as(session, unit, clean):
        raise Conflict(f"“{clean}”已是“{taken.name}”的名称或别名", "", "请另取一个")
    with change(session, by, OfficeVerb.ADD_ALIAS) as rows:
        rows.add(UnitAlias(bureau_id=unit.bureau_id, unit_id=unit.id, name=clean))


def rename_unit(session: Session, by: By, unit: Unit, name: str) -> None:
    """Give a unit a new name (机构改革); the old one stays an alias, since papers and lists of before still say it.

    Raises: Conflict, where the unit has the name already, or another unit is known by it.
    """
    clean = checked_name(name, "单位名称")
    taken = _known_as(session, unit, clean)
    if clean == unit.name or (taken is not None and taken.id != unit.id):
        raise Conflict(f"“{clean}”已是“{taken.name if taken else clean}”的名称或别名", "", "请另取一个")
    with change(session, by, OfficeVerb.RENAME_UNIT) as rows:
        same = select(UnitAlias).where(UnitAlias.unit_id == unit.id, UnitAlias.name == clean)
        for alias in session.scalars(same).all():
            rows.remove(alias)
        rows.add(UnitAlias(bureau_id=unit.bureau_id, unit_id=unit.id, name=unit.name))
        rows.alter(unit).name = clean


def _known_as(session: Session, unit: Unit, name: str) -> Unit | None:
    """Who goes by this name where `unit` is known."""
    return find_bureau(session, name) or find_unit(session, unit.bureau_id or unit.id, name)


def set_line_leader(session: Session, by: By, unit: Unit, leader: Person | None) -> None:
    """Put a unit in a leader's line (分管)."""
    if leader is not None and leader.bureau_id != unit.bureau_id:
        raise Refused(f"“{leader.name}”不是“{unit.name}”所在单位的人员", "", "请选择本单位的领导")
    with change(session, by, OfficeVerb.SET_LINE) as rows:
        rows.alter(unit).leader_id = leader.id if leader else None


def list_units(session: Session) -> list[UnitRow]:
    """Every unit, bureaus first, each followed by its departments."""
    units = session.scalars(
        select(Unit)
        .options(joinedload(Unit.bureau), joinedload(Unit.leader), selectinload(Unit.aliases))
        .order_by(Unit.bureau_id, Unit.parent_id.isnot(None), Unit.id)
        .execution_options(populate_existing=True)
    ).all()
    people = Counter(session.scalars(select(Person.unit_id).where(Person.is_active)))
    return [
        frozen(
            UnitRow,
            unit,
            people=people[unit.id],
            aliases=tuple(alias.name for alias in unit.aliases),
        )
        for unit in units
    ]


def ids_below(session: Session, bureau_id: int) -> list[int]:
    """The bureaus below one, however deep."""
    tree = select(Unit.id).where(Unit.parent_id == bureau_id, Unit.bureau_id == Unit.id).cte(recursive=True)
    below = aliased(Unit)
    tree = tree.union(
        select(below.id).join(tree, below.parent_id == tree.c.id).where(below.bureau_id == below.id)
    )
    return list(session.scalars(select(tree.c.id).order_by(tree.c.id)))


def bureau_ids(session: Session) -> list[int]:
    """Every bureau of the installation."""
    return list(session.scalars(select(Unit.id).where(Unit.bureau_id == Unit.id).order_by(Unit.id)))
