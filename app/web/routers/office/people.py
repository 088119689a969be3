"""People: the list, one person's page, a list from Excel with its preview, slips to sign in with."""

import json
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Response
from pydantic import Field as Limits
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.orm import Session

from app.web.access import ACCESS
from app.web.actions import choices_for
from app.web.forms import Choice, Control, Form, RecordId, Ticked, fill
from app.web.page_request import Visit, Visitor
from app.web.pages import SHEET, back_to, download, redirect, render
from app.web.uploads import uploaded
from core.errors import NotFound, Refused, Unreadable
from models.enums import LinkPurpose, OfficeVerb, Role
from models.organisation import Person, Unit
from rectification import casework
from rectification.casework import leaving
from rectification.casework.enrolling import KEEPS, EnrolOutcome, enrol
from rectification.casework.staffing import duties_of
from rectification.labels import role_words
from rectification.lists.whose_move import raised_above
from rectification.office import signin
from rectification.office.address import address_of
from rectification.office.confirming import confirm
from rectification.office.history_words import SIGNINS, history
from rectification.office.names import login_key
from rectification.office.people import (
    NewPerson,
    PersonChanges,
    add_person,
    limit_auditor,
    list_auditors,
    list_people,
    person_of,
    roles_of,
    set_wants_mail,
)
from rectification.office.second_person import WAITS, answer, guarded, waiting
from rectification.office.sources import list_sources, source_in_use

if TYPE_CHECKING:
    from documents.office.people_sheet import PeopleSheet

router = APIRouter()

_ROWS = TypeAdapter(list[NewPerson])
_PAGE = 100


class PersonForm(Form):
    """One person, typed in."""

    name: Annotated[str, Limits(max_length=100), Control("姓名")]
    login: Annotated[str, Limits(max_length=64), Control("登录名", hint="姓名拼音或工号，每人不同")]
    unit: Annotated[str, Limits(max_length=100), Control("科室", "select", "", "unit_names")]
    position: Annotated[str, Limits(max_length=100), Control("职务")] = ""
    phone: Annotated[str, Limits(max_length=40), Control("手机")] = ""
    email: Annotated[str, Limits(max_length=254), Control("邮箱", hint="没有邮箱的人进入待电话通知名单")] = ""
    role: Annotated[Ticked[Role], Control("角色", "ticks", "", "roles")] = ()


class GrantForm(Form):
    """What an auditor may see."""

    source_id: Annotated[RecordId | None, Control("可查阅的来源", hint="空着就是不限来源")] = None
    until: Annotated[date | None, Control("查阅到", "date", "空着就是不限期")] = None


class ChangeForm(Form):
    """One person as the page shows one; what is left empty is cleared."""

    name: Annotated[str, Limits(max_length=100), Control("姓名")]
    unit: Annotated[str, Limits(max_length=100), Control("科室", "select", "", "unit_names")]
    position: Annotated[str, Limits(max_length=100), Control("职务")] = ""
    phone: Annotated[str, Limits(max_length=40), Control("手机")] = ""
    email: Annotated[str, Limits(max_length=254), Control("邮箱", hint="没有邮箱的人进入待电话通知名单")] = ""
    wants_mail: Annotated[bool, Control("邮件提醒", "check")] = False
    role: Annotated[Ticked[Role], Control("角色", "ticks", "", "roles")] = ()
    tasks: Annotated[
        str, Control("名下任务", "select", "改科室、去掉角色时，名下还有任务的须选；其余不用选", "heirs")
    ] = ""
    version: Annotated[int, Limits(title="看到的版本")]


@router.get("/people", name="people")
def people(visit: Visitor) -> Response:
    """Everybody of the bureau."""
    return render(
        visit,
        "people.html",
        people=list_people(visit.session, visit.actor.bureau_id),
        auditors=list_auditors(visit.session, visit.actor.bureau_id),
        sources=list_sources(visit.session, visit.actor.bureau_id),
        filled=visit.filled(PersonForm, {"role": Role.OFFICER.value}),
        choices=_choices(visit),
        requests=waiting(visit.session, visit.actor.bureau_id),
    )


@router.post("/people", name="person_add_post")
@back_to(people)
def person_add_post(visit: Visitor) -> Response:
    """One more person."""
    form = visit.read(PersonForm)
    new = NewPerson(form.name, form.login, form.unit, form.position, form.role, form.phone, form.email)
    with visit.unit_of_work() as session:
        person = add_person(session, visit.by, _bureau(visit, session), new)
        made, asked = person.id, set(form.role) - set(roles_of(session, person.id))
    waits = f"，{role_words(asked)}角色{WAITS}" if asked else ""
    return redirect(visit, "people", note=f"已增加 {form.name}{waits}", made=made)


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
    with visit.unit_of_work() as session:
        outcome = _enrol(visit, session, rows)
        if visit.text("dry_run") != "False":  # as a program says it
            session.rollback()
    outcome.problems[:] = sorted([*problems, *outcome.problems])
    outcome.notes[:] = sorted({*notes, *outcome.notes})
    return render(
        visit,
        "people_import.html",
        outcome=outcome,
        people={login_key(row.login): row for row in rows},
        colleagues=[each for each in list_people(visit.session, visit.actor.bureau_id) if each.is_active],
        packed=_ROWS.dump_json(rows).decode(),
    )


@router.get("/people/slips", name="slips")
def slips(visit: Visitor) -> Response:
    """Whom to give a code to; who has no password yet is ticked."""
    return render(
        visit,
        "slips.html",
        people=[each for each in list_people(visit.session, visit.actor.bureau_id) if each.is_active],
        singly=guarded(visit.session, visit.actor.bureau_id),
        without=signin.without_password(visit.session, visit.actor.bureau_id),
    )


@router.post("/people/slips", name="slips_post")
@back_to(slips)
def slips_post(visit: Visitor) -> Response:
    """The slips of those who were ticked, on one sheet, shown once."""
    return _slips(visit, [_own_person(visit, person_id) for person_id in ticked(visit, "person")])


@router.post("/people/{person_id}/link", name="person_link_post")
def person_link_post(visit: Visitor, person_id: int) -> Response:
    """One person's slip, with the link that stands for the code, shown once."""
    return _slips(visit, [_own_person(visit, person_id)])


@router.post("/people/requests/{row_id}", name="request_post")
def request_post(visit: Visitor, row_id: RecordId) -> Response:
    """The second person's answer; what was asked for is done at once, a slip shown to whoever confirmed it."""
    is_confirmed, bureau_id = visit.text("do") == "confirm", visit.actor.bureau_id
    code, given = signin.new_code(), list[tuple[Person, str]]()
    with visit.unit_of_work() as session:
        if is_confirmed:
            asked, given = confirm(session, visit.by, bureau_id, row_id, code)
        else:
            asked, _ = answer(session, visit.by, bureau_id, row_id, OfficeVerb.DECLINE)
    if given:
        return _printed(visit, [code], given)
    return redirect(visit, "office", note=f"{'已确认' if is_confirmed else '没有确认'}：{asked.what}")


def _slips(visit: Visit, people: list[Person]) -> Response:
    codes = [signin.new_code() for _ in people]
    with visit.unit_of_work() as session:
        given = [session.get_one(Person, each.id) for each in people]
        links = signin.issue_codes(session, visit.by, given, codes)
    if not links:
        return redirect(visit, "people", note=f"给{people[0].name}发登录条，{WAITS}")
    return _printed(visit, codes, links)


def _printed(visit: Visit, codes: list[signin.OneTimeCode], links: list[tuple[Person, str]]) -> Response:
    base = address_of(visit.session, visit.site.settings).url.rstrip("/")
    return render(
        visit,
        "person_link.html",
        slips=[(person, code.printed) for (person, _), code in zip(links, codes, strict=True)],
        link=f"{base}{visit.path('enter', token=links[0][1])}" if len(links) == 1 else "",
        address=f"{base}{visit.path('enter_code')}",
        expires=visit.clock.now + signin.LINK_LIFE[LinkPurpose.INVITATION],
    )


@router.get("/office", name="office")
def office(visit: Visitor, before: int | None = None, kind: str = "") -> Response:
    """What was done to the office, the newest first; who signed in stands apart."""
    verbs = SIGNINS if kind == "signin" else frozenset(OfficeVerb) - SIGNINS
    bureau_id = visit.actor.bureau_id
    rows = history(visit.session, limit=_PAGE + 1, verbs=verbs, before=before, bureau_id=bureau_id)
    older = rows[_PAGE - 1].sequence if len(rows) > _PAGE else None
    requests = waiting(visit.session, bureau_id)
    return render(visit, "office.html", rows=rows[:_PAGE], older=older, kind=kind, requests=requests)


@router.get("/people/{person_id}", name="person")
def person_page(visit: Visitor, person_id: int) -> Response:
    """One person: what is said of the person, to be changed, and what hangs on the person."""
    person = person_of_bureau(visit, visit.session, person_id)
    everybody = list_people(visit.session, visit.actor.bureau_id)
    heirs = [
        Choice(each.login, f"交接给{each.name}（{each.unit}）")
        for each in everybody
        if each.is_active and each.id != person.id
    ]
    row = next(each for each in everybody if each.id == person.id)
    said = {name: getattr(row, name) for name in ("name", "unit", "position", "phone", "email")}
    said |= {"wants_mail": "on" if row.wants_mail else "", "version": str(row.version)}
    said["role"] = ",".join(row.roles)
    choices = _choices(visit) | {"heirs": [Choice(KEEPS, "由本人继续办"), *heirs]}
    return render(
        visit,
        "person.html",
        person=row,
        fields=visit.filled(ChangeForm, said).fields(choices),
        duties=duties_of(visit.session, person),
        raised=raised_above(visit.session, person.id),
        ties=leaving.ties_of(visit.session, person),
        covers=leaving.covers_of(visit.session, person, visit.clock.today),
        may_hand_over=ACCESS["hand_over"].admits(visit.actor.roles),
    )


@router.post("/people/{person_id}", name="person_post")
@back_to(person_page)
def person_post(visit: Visitor, person_id: int) -> Response:
    """Change what differs."""
    form = visit.read(ChangeForm)
    said = PersonChanges(
        form.name, form.unit, form.position, form.role, form.phone, form.email, form.wants_mail
    )
    with visit.unit_of_work() as session:
        person = person_of_bureau(visit, session, person_id)
        heir = None if form.tasks in ("", KEEPS) else person_of(session, person.bureau_id, form.tasks)
        shifts = casework.change_person(
            *(session, visit.by, person, said),
            successor=heir,
            keeps=form.tasks == KEEPS,
            seen_version=form.version,
        )
    told = "；".join(each.line for each in shifts)
    return redirect(visit, "person", person_id=person_id, note=f"已改：{told}" if told else "没有变化")


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
        source = source_in_use(session, bureau_id, form.source_id) if form.source_id else None
        limit_auditor(session, visit.by, person, source, form.until)
    return redirect(visit, "people", note=f"{person.name}的查阅范围已更新")


def _bureau(visit: Visit, session: Session) -> Unit:
    return session.get_one(Unit, visit.actor.bureau_id)


def _own_person(visit: Visit, person_id: int) -> Person:
    person = person_of_bureau(visit, visit.session, person_id)
    if not person.is_active:
        raise NotFound(f"“{person.name}”已离岗", "", "回来工作的，请先办“回岗”")
    return person


def person_of_bureau(visit: Visit, session: Session, person_id: int) -> Person:
    """A person of the own bureau, also one who has left.

    Raises: NotFound.
    """
    person = session.get(Person, person_id)
    if person is None or person.bureau_id != visit.actor.bureau_id:
        raise NotFound("没有这个人", "", "请从“人员与科室”进入")
    return person


def ticked(visit: Visit, name: str) -> list[int]:
    """The ids that were ticked under one name."""
    return [int(each) for each in map(str, visit.form.getlist(name)) if each.isdecimal() and len(each) < 19]


def _read_sheet(visit: Visit) -> "PeopleSheet":
    from documents.office.people_sheet import read_people

    with uploaded(visit, "请先选择填好的人员表") as path:
        return read_people(path, empties=visit.text("empties") == "clear")


def _rows_of(packed: str) -> list[NewPerson]:
    try:
        return _ROWS.validate_python(json.loads(packed))
    except (ValueError, ValidationError) as error:
        raise Unreadable("预览的内容不完整", "", "请重新选择文件") from error


def _enrol(visit: Visit, session: Session, rows: list[NewPerson]) -> EnrolOutcome:
    """Take the rows in, by what the preview's questions were answered."""
    answers = {
        name.removeprefix("tasks-"): str(value)
        for name, value in visit.form.items()
        if name.startswith("tasks-")
    }
    same = [str(each) for each in visit.form.getlist("same")]
    return enrol(session, visit.by, _bureau(visit, session), rows, renamed=same, tasks=answers)


def _store(visit: Visit, rows: list[NewPerson]) -> Response:
    with visit.unit_of_work() as session:
        outcome = _enrol(visit, session, rows)
    note = f"已新增 {len(outcome.added)} 人，更新 {len(outcome.changed)} 人"
    waits = len(outcome.asks) + len(outcome.problems)
    return redirect(visit, "people", note=f"{note}；{waits} 处没有写入" if waits else note)


def _choices(visit: Visit) -> dict[str, Any]:
    return choices_for(visit.session, visit.actor.bureau_id)
