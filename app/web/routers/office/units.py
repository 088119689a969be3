"""Units: the list with their lines, one unit's page (names, place, 撤并), and the bodies that hear."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import Field as Limits
from sqlalchemy.orm import Session

from app.web.actions import choices_for
from app.web.forms import Control, Form, RecordId, Ticked, blank
from app.web.page_request import Visit, Visitor
from app.web.pages import back_to, redirect, render
from app.web.routers.office.people import person_of_bureau
from core.errors import Conflict, NotFound
from models.enums import BodyPart
from models.organisation import Person, Unit
from rectification import casework
from rectification.office.bodies import Body, bodies_of, set_body
from rectification.office.units import (
    add_alias,
    add_department,
    list_units,
    place_department,
    remove_unit,
    rename_unit,
)

router = APIRouter()


class UnitForm(Form):
    name: Annotated[str, Limits(max_length=100), Control("科室名称")]
    parent_id: Annotated[RecordId | None, Control("上级", "select", "不选就直属本单位", "units")] = None


class NameForm(Form):
    alias: Annotated[str, Limits(max_length=100), Control("名称")]


class PlaceForm(Form):
    parent_id: Annotated[RecordId | None, Control("上级", "select", "不选就直属本单位", "units")] = None


class CloseForm(Form):
    """Where a unit goes, from which day, on which paper."""

    into_id: Annotated[
        RecordId | None, Control("并入", "select", "不选就是撤销，名下须没有人和任务", "units")
    ] = None
    closed_on: Annotated[date, Control("撤并日期", "date")]
    reason: Annotated[str, Limits(max_length=500), Control("依据", hint="如机构改革方案的文号")] = ""


class LineForm(Form):
    """Whose line the ticked units are in from now on."""

    leader_id: Annotated[
        RecordId | None, Control("由谁分管", "select", "不选就是暂无分管领导", "approvers")
    ] = None
    reason: Annotated[str, Limits(max_length=500), Control("依据或说明", hint="如班子分工文件的文号")] = ""
    unit: Annotated[Ticked[RecordId], Control("科室", "ticks")] = ()


class BodyForm(Form):
    """Who leads a body that hears, who is deputy, which units are members."""

    body: Annotated[str, Limits(max_length=100, title="机构")]
    head: Annotated[RecordId | None, Limits(title="组长")] = None
    deputy: Annotated[Ticked[RecordId], Control("副组长", "ticks")] = ()
    member: Annotated[Ticked[RecordId], Control("成员单位", "ticks")] = ()


@router.get("/units", name="units")
def units(visit: Visitor) -> Response:
    """The bureau's departments."""
    bureau = visit.session.get_one(Unit, visit.actor.bureau_id)
    named = bodies_of(visit.session, bureau.id)
    return render(
        visit,
        "units.html",
        units=[unit for unit in list_units(visit.session) if unit.bureau_id == bureau.id],
        above=visit.session.get_one(Unit, bureau.parent_id).name if bureau.parent_id else "",
        releases_rows=bureau.releases_rows,
        filled=visit.filled(UnitForm).fields(_choices(visit)),
        line=visit.filled(LineForm).fields(_choices(visit)),
        bodies=[named.get(name, Body(name)) for name in visit.policy.hearing_bodies],
        choices=_choices(visit),
        BodyPart=BodyPart,
    )


@router.post("/units", name="unit_add_post")
@back_to(units)
def unit_add_post(visit: Visitor) -> Response:
    """One more department."""
    form = visit.read(UnitForm)
    with visit.unit_of_work() as session:
        bureau = session.get_one(Unit, visit.actor.bureau_id)
        parent = own_unit(visit, session, form.parent_id) if form.parent_id else None
        made = add_department(session, visit.by, bureau, form.name, parent=parent).id
    return redirect(visit, "units", note=f"已增加 {form.name}", made=made)


@router.get("/units/{unit_id}", name="unit")
def unit_page(visit: Visitor, unit_id: int) -> Response:
    """One unit, and what can be done with it."""
    parent_id = own_unit(visit, visit.session, unit_id).parent_id
    row = next(each for each in list_units(visit.session) if each.id == unit_id)
    others = {"units": [each for each in _choices(visit)["units"] if each.value != str(unit_id)]}
    proposed = {"closed_on": visit.clock.today.isoformat()}
    return render(
        visit,
        "unit.html",
        unit=row,
        name=blank(NameForm),
        place=visit.filled(PlaceForm, {"parent_id": str(parent_id)}).fields(others),
        closing=visit.filled(CloseForm, proposed).fields(others),
    )


@router.post("/units/{unit_id}/alias", name="unit_alias_post")
@back_to(unit_page, but=(NotFound,))
def unit_alias_post(visit: Visitor, unit_id: int) -> Response:
    """Another name of a unit: beside its own, or (改名) instead of it."""
    name, renames = visit.read(NameForm).alias, visit.text("do") == "rename"
    with visit.unit_of_work() as session:
        (rename_unit if renames else add_alias)(session, visit.by, _seen_unit(visit, session, unit_id), name)
    note = f"已改名为 {name}，原名作为别名保留" if renames else f"已增加别名 {name}"
    return redirect(visit, "unit", unit_id=unit_id, note=note)


@router.post("/units/{unit_id}/place", name="unit_place_post")
@back_to(unit_page, but=(NotFound,))
def unit_place_post(visit: Visitor, unit_id: int) -> Response:
    """Move a unit in the tree."""
    parent_id = visit.read(PlaceForm).parent_id or visit.actor.bureau_id
    with visit.unit_of_work() as session:
        unit, parent = _seen_unit(visit, session, unit_id), own_unit(visit, session, parent_id)
        place_department(session, visit.by, unit, parent)
        note = f"{unit.name}的上级现在是{parent.name}"
    return redirect(visit, "unit", unit_id=unit_id, note=note)


@router.post("/units/{unit_id}/close", name="unit_close_post")
@back_to(unit_page, but=(NotFound,))
def unit_close_post(visit: Visitor, unit_id: int) -> Response:
    """撤并: first what goes along, then it is done."""
    form = visit.read(CloseForm)
    with visit.unit_of_work() as session:
        unit = _seen_unit(visit, session, unit_id)
        into = own_unit(visit, session, form.into_id) if form.into_id else None
        along = casework.close_unit(session, visit.by, unit, into, form.closed_on, form.reason)
        shown: dict[str, Any] = {"unit_id": unit.id, "name": unit.name, "into": into.name if into else ""}
        if is_asked := visit.text("do") != "go":
            shown["version"] = unit.version - 1
            session.rollback()
    if is_asked:
        return render(visit, "unit_close.html", along=along, form=form, **shown)
    went = (
        f"，{len(along.people)} 人、{len(along.tasks)} 项任务随之转入{shown['into']}" if shown["into"] else ""
    )
    return redirect(visit, "units", note=f"{shown['name']}已撤并{went}")


@router.post("/units/{unit_id}/remove", name="unit_remove_post")
@back_to(unit_page, but=(NotFound,))
def unit_remove_post(visit: Visitor, unit_id: int) -> Response:
    """Take away what was entered by mistake."""
    with visit.unit_of_work() as session:
        unit = _seen_unit(visit, session, unit_id)
        name = unit.name
        remove_unit(session, visit.by, unit)
    return redirect(visit, "units", note=f"已删去 {name}")


@router.post("/units/body", name="body_post")
@back_to(units, but=(NotFound,))
def body_post(visit: Visitor) -> Response:
    """Who leads a body that hears, who is deputy, which units are members."""
    form = visit.read(BodyForm)
    with visit.unit_of_work() as session:
        head = person_of_bureau(visit, session, form.head) if form.head else None
        deputies = [person_of_bureau(visit, session, each) for each in form.deputy]
        members = [own_unit(visit, session, each) for each in form.member]
        set_body(session, visit.by, visit.actor.bureau_id, form.body, head, deputies, members)
    return redirect(visit, "units", note=f"{form.body}的组成已更新")


@router.post("/units/line", name="line_post")
@back_to(units, but=(NotFound,))
def line_post(visit: Visitor) -> Response:
    """分管调整 of the ticked units: first what becomes of their open tasks, then (or where there are none) it is done."""
    form = visit.read(LineForm)
    with visit.unit_of_work() as session:
        chosen = [own_unit(visit, session, unit_id) for unit_id in form.unit]
        leader: Person | None = person_of_bureau(visit, session, form.leader_id) if form.leader_id else None
        moved = casework.set_line(session, visit.by, chosen, leader, form.reason)
        shown: dict[str, Any] = {
            "units": [(each.id, each.name) for each in chosen],
            "leader": leader.name if leader else "",
        }
        if is_asked := bool(moved) and visit.text("do") != "go":
            session.rollback()
    if is_asked:
        return render(visit, "line.html", rows=moved, form=form, **shown)
    return redirect(visit, "units", note=f"分管领导已更新，涉及办理中的任务 {len(moved)} 项")


def own_unit(visit: Visit, session: Session, unit_id: int) -> Unit:
    """A unit of the own bureau.

    Raises: NotFound.
    """
    unit = session.get(Unit, unit_id)
    if unit is None or unit.bureau_id != visit.actor.bureau_id:
        raise NotFound("没有这个科室", "", "请从“人员与科室”进入")
    return unit


def _seen_unit(visit: Visit, session: Session, unit_id: int) -> Unit:
    """The unit a form is about, as its page showed it.

    Raises: NotFound; Conflict, where it was changed meanwhile.
    """
    unit = own_unit(visit, session, unit_id)
    if visit.text("version") not in ("", str(unit.version)):
        raise Conflict(f"“{unit.name}”刚刚被别人改动过", "", "请刷新页面，看过现在的内容再改")
    return unit


def _choices(visit: Visit) -> dict[str, Any]:
    return choices_for(visit.session, visit.actor.bureau_id)
