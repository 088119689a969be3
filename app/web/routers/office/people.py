"""People and units: lists, a list from Excel with its preview, one-time links, units with aliases and leaders."""

import json
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Response
from pydantic import Field as Limits
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.orm import Session

from app.web.actions import choices_for
from app.web.forms import Control, Form, RecordId, blank, fill
from app.web.page_request import Visit, Visitor
from app.web.pages import SHEET, back_to, download, redirect, render
from app.web.uploads import uploaded
from core.errors import NotFound, Refused, Unreadable
from models.enums import LinkPurpose, Role
from models.organisation import Person, Unit
from rectification import casework
from rectification.casework.leaving import keeping_roles
from rectification.office import signin
from rectification.office.people import (
    EnrolOutcome,
    NewPerson,
    add_person,
    enrol,
    limit_auditor,
    list_auditors,
    list_people,
    set_wants_mail,
)
from rectification.office.sources import list_sources, source_of_bureau
from rectification.office.units import add_alias, add_department, list_units, rename_unit

if TYPE_CHECKING:
    from documents.office.people_sheet import PeopleSheet

router = APIRouter()

_ROWS = TypeAdapter(list[NewPerson])


class PersonForm(Form):
    """One person, typed in."""

    name: Annotated[str, Limits(max_length=100), Control("姓名")]
    login: Annotated[str, Limits(max_length=64), Control("登录名", hint="姓名拼音或工号，每人不同")]
    unit: Annotated[str, Limits(max_length=100), Control("科室", "select", "", "unit_names")]
    role: Annotated[Role, Control("角色", "select", "一人多个角色请用 Excel 导入", "roles")] = Role.OFFICER
    position: Annotated[str, Limits(max_length=100), Control("职务")] = ""
    phone: Annotated[str, Limits(max_length=40), Control("手机")] = ""
    email: Annotated[str, Limits(max_length=254), Control("邮箱", hint="没有邮箱的人进入待电话通知名单")] = ""


class GrantForm(Form):
    """What an auditor may see."""

    source_id: RecordId | None = None
    until: date | None = None


class UnitForm(Form):
    name: Annotated[str, Limits(max_length=100), Control("科室名称")]


class AliasForm(Form):
    alias: Annotated[str, Limits(max_length=100), Control("名称")]


class LineForm(Form):
    """Whose line the ticked units are in from now on."""

    leader_id: Annotated[
        RecordId | None, Control("由谁分管", "select", "不选就是暂无分管领导", "approvers")
    ] = None
    reason: Annotated[str, Limits(max_length=500), Control("依据或说明", hint="如班子分工文件的文号")] = ""


@router.get("/people", name="people")
def people(visit: Visitor) -> Response:
    """Everybody of the bureau."""
    return render(
        visit,
        "people.html",
        people=list_people(visit.session, visit.actor.bureau_id),
        auditors=list_auditors(visit.session, visit.actor.bureau_id),
        sources=list_sources(visit.session, visit.actor.bureau_id),
        filled=visit.filled(PersonForm),
        choices=_choices(visit),
    )


@router.post("/people", name="person_add_post")
@back_to(people)
def person_add_post(visit: Visitor) -> Response:
    """One more person."""
    form = visit.read(PersonForm)
    new = NewPerson(form.name, form.login, form.unit, form.position, (form.role,), form.phone, form.email)
    with visit.unit_of_work() as session:
        add_person(session, visit.by, _bureau(visit, session), new)
    return redirect(visit, "people", note=f"已增加 {form.name}")


@router.get("/people/template.xlsx", name="people_template")
def people_template(visit: Visitor, filled: bool = False) -> Response:
    """The sheet an office fills in, empty or with who is in office."""
    from documents.office.people_sheet import template

    everybody = list_people(visit.session, visit.actor.bureau_id) if filled else []
    return download(template(each for each in everybody if each.is_active), "人员表.xlsx", SHEET)


@router.get("/people/import", name="people_import")
def people_import(visit: Visitor) -> Response:
    """Where the filled sheet goes."""
    return render(visit, "people_import.html", outcome=None)


@router.post("/people/import", name="people_import_post")
@back_to(people_import)
def people_import_post(visit: Visitor) -> Response:
    """A sheet is first shown as what it would do; the same rows sent back from that preview are then stored."""
    if visit.text("rows"):
        return _store(visit, _rows_of(visit.text("rows")))
    rows, problems, notes = _read_sheet(visit)
    outcome = _tried(visit, rows)
    return render(
        visit,
        "people_import.html",
        outcome=outcome,
        people={row.login.strip(): row for row in rows},
        problems=sorted([*problems, *outcome.problems]),
        notes=notes,
        packed=_ROWS.dump_json(rows).decode(),
    )


@router.post("/people/{person_id}/link", name="person_link_post")
def person_link_post(visit: Visitor, person_id: int) -> Response:
    """A one-time link to set a password, shown once, to be handed over on a printed slip."""
    person = _own_person(visit, person_id)
    purpose = LinkPurpose.RESET if person.password_hash else LinkPurpose.INVITATION
    with visit.unit_of_work() as session:
        token = signin.make_link(session, visit.clock, purpose, person.id)
    return render(
        visit,
        "person_link.html",
        person=person,
        link=f"{visit.site.settings.base_url.rstrip('/')}{visit.path('enter', token=token)}",
        purpose=purpose,
        expires=visit.clock.now + signin.LINK_LIFE[purpose],
        LinkPurpose=LinkPurpose,
    )


@router.post("/people/{person_id}/mail", name="person_mail_post")
def person_mail_post(visit: Visitor, person_id: int) -> Response:
    """Switch a person's mail on or off: the pressed button says which."""
    name, wants_mail = _own_person(visit, person_id).name, visit.text("do") == "on"
    with visit.unit_of_work() as session:
        set_wants_mail(session, visit.by, session.get_one(Person, person_id), wants_mail)
    return redirect(visit, "people", note=f"{name}的邮件提醒已{'打开' if wants_mail else '关闭'}")


@router.post("/people/{person_id}/grant", name="person_grant_post")
def person_grant_post(visit: Visitor, person_id: int) -> Response:
    """What an auditor may see, and until when."""
    filled = fill(GrantForm, visit.form)
    form = filled.value
    if form is None:
        raise Refused("查阅范围没有保存", "；".join(filled.errors.values()), "请改正后再提交")
    _own_person(visit, person_id)
    bureau_id = visit.actor.bureau_id
    with visit.unit_of_work() as session:
        person = session.get_one(Person, person_id)
        source = source_of_bureau(session, bureau_id, form.source_id) if form.source_id else None
        limit_auditor(session, visit.by, person, source, form.until)
    return redirect(visit, "people", note=f"{person.name}的查阅范围已更新")


@router.get("/units", name="units")
def units(visit: Visitor) -> Response:
    """The bureau's departments."""
    bureau = _bureau(visit, visit.session)
    above = visit.session.get_one(Unit, bureau.parent_id).name if bureau.parent_id else ""
    return render(
        visit,
        "units.html",
        units=[unit for unit in list_units(visit.session) if unit.bureau_id == bureau.id],
        above=above,
        releases_rows=bureau.releases_rows,
        filled=visit.filled(UnitForm),
        alias=blank(AliasForm),
        line=visit.filled(LineForm).fields(_choices(visit)),
    )


@router.post("/units", name="unit_add_post")
@back_to(units)
def unit_add_post(visit: Visitor) -> Response:
    """One more department."""
    name = visit.read(UnitForm).name
    with visit.unit_of_work() as session:
        add_department(session, visit.by, _bureau(visit, session), name)
    return redirect(visit, "units", note=f"已增加 {name}")


@router.post("/units/{unit_id}/alias", name="unit_alias_post")
def unit_alias_post(visit: Visitor, unit_id: int) -> Response:
    """Another name of a unit: beside its own, or (改名) instead of it."""
    filled = fill(AliasForm, visit.form)
    if filled.value is None:
        raise Refused("没有写名称", "", "请填写后再提交")
    name, renames = filled.value.alias, visit.text("do") == "rename"
    with visit.unit_of_work() as session:
        (rename_unit if renames else add_alias)(session, visit.by, _own_unit(visit, session, unit_id), name)
    return redirect(
        visit, "units", note=f"已改名为 {name}，原名作为别名保留" if renames else f"已增加别名 {name}"
    )


@router.post("/units/line", name="line_post")
@back_to(units, but=(NotFound,))
def line_post(visit: Visitor) -> Response:
    """分管调整 of the ticked units: first what becomes of their open tasks, then (or where there are none) it is done."""
    form = visit.read(LineForm)
    ids = [int(each) for each in map(str, visit.form.getlist("unit")) if each.isdecimal() and len(each) < 19]
    leader_id = _own_person(visit, form.leader_id).id if form.leader_id else None
    with visit.unit_of_work() as session:
        chosen = [_own_unit(visit, session, unit_id) for unit_id in ids]
        leader = session.get(Person, leader_id) if leader_id else None
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


def _bureau(visit: Visit, session: Session) -> Unit:
    return session.get_one(Unit, visit.actor.bureau_id)


def _own_person(visit: Visit, person_id: int) -> Person:
    person = visit.session.get(Person, person_id)
    if person is None or person.bureau_id != visit.actor.bureau_id or not person.is_active:
        raise NotFound("没有这个人", "", "请从“人员与科室”进入")
    return person


def _own_unit(visit: Visit, session: Session, unit_id: int) -> Unit:
    unit = session.get(Unit, unit_id)
    if unit is None or unit.bureau_id != visit.actor.bureau_id:
        raise NotFound("没有这个科室", "", "请从“人员与科室”进入")
    return unit


def _read_sheet(visit: Visit) -> "PeopleSheet":
    from documents.office.people_sheet import read_people

    with uploaded(visit, "请先选择填好的人员表") as path:
        return read_people(path, empties=visit.text("empties") == "clear")


def _rows_of(packed: str) -> list[NewPerson]:
    try:
        return _ROWS.validate_python(json.loads(packed))
    except (ValueError, ValidationError) as error:
        raise Unreadable("预览的内容不完整", "", "请重新选择文件") from error


def _tried(visit: Visit, rows: list[NewPerson]) -> EnrolOutcome:
    """What enrolling would do: done in a unit of work that is given up."""
    with visit.unit_of_work() as session:
        with keeping_roles(session, visit.actor.bureau_id):
            outcome = enrol(session, visit.by, _bureau(visit, session), rows)
        session.rollback()
    return outcome


def _store(visit: Visit, rows: list[NewPerson]) -> Response:
    with visit.unit_of_work() as session, keeping_roles(session, visit.actor.bureau_id):
        outcome = enrol(session, visit.by, _bureau(visit, session), rows)
    note = f"已新增 {len(outcome.added)} 人，更新 {len(outcome.changed)} 人"
    return redirect(visit, "people", note=note)


def _choices(visit: Visit) -> dict[str, Any]:
    return choices_for(visit.session, visit.actor.bureau_id)
