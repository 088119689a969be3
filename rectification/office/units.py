"""Units: the home bureau with its aliases, other bureaus, their departments."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import String, cast, false, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from core.errors import Conflict, NotFound, Refused
from models.base import Base, frozen
from models.enums import OfficeVerb, UnitKind
from models.history import OfficeEvent, TaskEvent
from models.organisation import Person, Unit, UnitAlias
from rectification.labels import row_word
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
    parent: str
    closed_on: date | None
    merged_into: str
    version: int
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
    """A new bureau; the first one is the home bureau. Raises: Conflict, where the name stands already."""
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
    """The bureau of this name, or the home bureau where none is named. Raises: NotFound."""
    bureau = find_bureau(session, name) if name else home_bureau(session)
    if bureau is None:
        what = f"没有名为“{name}”的单位" if name else "还没有本单位"
        raise NotFound(what, "", "请先登记本单位，或导入第一份报告", command="rectify unit add 单位名称")
    return bureau


def add_department(session: Session, by: By, bureau: Unit, name: str, *, parent: Unit | None = None) -> Unit:
    """A new department (科室) of a bureau. Raises: Conflict, where the bureau has it already."""
    clean = checked_name(name, "科室名称")
    if find_unit(session, bureau.id, clean):
        raise Conflict(f"“{bureau.name}”已有科室“{clean}”", "", "请核对名称", command="rectify unit list")
    above = _parent_within(bureau.id, parent or bureau)
    unit = Unit(bureau_id=bureau.id, parent_id=above.id, kind=UnitKind.DEPARTMENT, name=clean)
    with change(session, by, OfficeVerb.ADD_UNIT) as rows:
        rows.add(unit)
    return unit


def find_unit(session: Session, bureau_id: int, name: str) -> Unit | None:
    """The unit of this name or alias within a bureau; of one that was merged, the unit it is now part of."""
    clean = folded_name(name)
    by_alias = select(UnitAlias.unit_id).where(UnitAlias.bureau_id == bureau_id, UnitAlias.name == clean)
    unit = session.scalar(
        select(Unit).where(Unit.bureau_id == bureau_id, (Unit.name == clean) | Unit.id.in_(by_alias))
    )
    while unit is not None and unit.merged_into_id is not None:
        unit = session.get(Unit, unit.merged_into_id)
    return unit


def working_unit(session: Session, bureau_id: int, name: str) -> Unit:
    """The unit of this name that people and tasks can come to.

    Raises: NotFound; Refused, for one that was closed.
    """
    unit = unit_named(session, bureau_id, name)
    if not unit.is_active:
        raise Refused(f"“{unit.name}”已于 {unit.closed_on} 撤销", "", "请改选现有的科室")
    return unit


def unit_named(session: Session, bureau_id: int, name: str) -> Unit:
    """The unit of this name within a bureau. Raises: NotFound."""
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
        unit.version += 1


def place_department(session: Session, by: By, unit: Unit, parent: Unit) -> None:
    """Move a department in the tree: under its bureau, or under another department of it.

    Raises: Refused, where the tree would bite its tail, or it is no department.
    """
    require_department(unit)
    above = _parent_within(unit.bureau_id, parent)
    below = {
        each.id: each.parent_id
        for each in session.scalars(select(Unit).where(Unit.bureau_id == unit.bureau_id))
    }
    at: int | None = above.id
    while at is not None and at != unit.bureau_id:
        if at == unit.id:
            raise Refused(f"“{above.name}”不能作“{unit.name}”的上级", "它就是该科室或其下级", "请另选上级")
        at = below.get(at)
    with change(session, by, OfficeVerb.PLACE_UNIT) as rows:
        rows.alter(unit).parent_id = above.id
        unit.version += 1


def require_department(unit: Unit) -> None:
    """Raises: Refused, for a bureau, which is neither moved, closed nor removed as its departments are."""
    if unit.kind is not UnitKind.DEPARTMENT:
        raise Refused(f"“{unit.name}”不是科室", "单位本身不能这样改", "单位改名请用“改名”")


def _parent_within(bureau_id: int | None, parent: Unit) -> Unit:
    if parent.bureau_id != bureau_id or not parent.is_active:
        raise Refused(f"“{parent.name}”不能作上级", "须是本单位现有的科室", "请另选上级")
    return parent


def remove_unit(session: Session, by: By, unit: Unit) -> None:
    """Take away a department that was entered by mistake, its other names with it.

    Raises: Refused, where anything refers to it or did, for the history names it: such a unit is merged instead.
    """
    require_department(unit)
    if found := _referring(session, unit):
        why = f"{found}提到过它"
        raise Refused(f"“{unit.name}”不能删去", why, "请改名，或并入别的科室；误登而没用过的才能删去")
    with change(session, by, OfficeVerb.REMOVE_UNIT, unit.name) as rows:
        for alias in session.scalars(select(UnitAlias).where(UnitAlias.unit_id == unit.id)).all():
            rows.remove(alias)
        session.flush()
        rows.remove(unit)


def _referring(session: Session, unit: Unit) -> str:
    """What refers to a unit, by the name of the kind of row; empty where nothing does or did."""
    for table in Base.metadata.sorted_tables:
        of_unit = [
            column
            for column in table.columns
            if any(key.column.table.name == Unit.__tablename__ for key in column.foreign_keys)
        ]
        counted = (
            select(func.count())
            .select_from(table)
            .where(or_(false(), *(each == unit.id for each in of_unit)))
        )
        if of_unit and table.name != UnitAlias.__tablename__ and session.scalar(counted):
            return row_word(table.name)
    for told in (TaskEvent, OfficeEvent):
        spoken = select(told.changes).where(cast(told.changes, String).contains("unit_id"))
        if any(unit.id in _named_in(changes) for changes in session.scalars(spoken)):
            return "办理记录"
    return ""


def _named_in(changes: Any, name: str = "") -> Iterator[int]:
    """The units the changes of an event name."""
    if isinstance(changes, dict):
        for key, value in changes.items():
            if not key.startswith(f"{UnitAlias.__tablename__}:"):  # its own other names
                yield from _named_in(value, key)
    elif isinstance(changes, list):
        for value in changes:
            yield from _named_in(value, name)
    elif name.endswith("unit_id") and isinstance(changes, int):
        yield changes


def _known_as(session: Session, unit: Unit, name: str) -> Unit | None:
    """Who goes by this name where `unit` is known."""
    return find_bureau(session, name) or find_unit(session, unit.bureau_id or unit.id, name)


def set_line_leader(session: Session, by: By, unit: Unit, leader: Person | None) -> None:
    """Put a unit in a leader's line (分管)."""
    if leader is not None and leader.bureau_id != unit.bureau_id:
        raise Refused(f"“{leader.name}”不是“{unit.name}”所在单位的人员", "", "请选择本单位的领导")
    with change(session, by, OfficeVerb.SET_LINE) as rows:
        rows.alter(unit).leader_id = leader.id if leader else None
        unit.version += 1


def list_units(session: Session) -> list[UnitRow]:
    """Every unit, bureaus first, each followed by its departments."""
    units = session.scalars(
        select(Unit)
        .options(
            *map(joinedload, (Unit.bureau, Unit.leader, Unit.parent, Unit.merged_into)),
            selectinload(Unit.aliases),
        )
        .order_by(Unit.bureau_id, Unit.parent_id.isnot(None), Unit.is_active.desc(), Unit.id)
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


def take_turns(session: Session, bureau_ids: Collection[int]) -> None:
    """One opening of reviews, one sweep of a bureau at a time; rows that point to the bureau may still be written meanwhile."""
    own = select(Unit.id).where(Unit.id.in_(bureau_ids)).order_by(Unit.id)
    session.execute(own.with_for_update(key_share=True)).all()
