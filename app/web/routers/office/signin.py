"""Signing in and out, and one-time links."""

import re
from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Response
from pydantic import Field as Limits
from sqlalchemy.orm import Session

from app.demo.story import story
from app.web.forms import Control, Form
from app.web.page_request import SESSION_COOKIE, Visit, Visitor
from app.web.pages import back_to, redirect, redirect_to, render, set_session_cookie
from core.errors import NotFound, Refused
from models.enums import Channel, OfficeVerb, Role
from models.organisation import Person, Unit
from models.signin import OneTimeLink
from rectification.office import signin as accounts
from rectification.office.identity import installation
from rectification.office.journal import By, by_person, by_system, note
from rectification.office.kept_text import kept_texts
from rectification.office.passwords import NOT_IN_PASSWORDS, SHORTEST_PASSWORD
from rectification.office.people import NewPerson, add_person, person_by_login, roles_of, set_roles
from rectification.office.signin_notes import note_let_in
from rectification.office.units import add_bureau, home_bureau

router = APIRouter()
_DEVICE: Final = re.compile("Windows|Android|iPhone|iPad|Mac OS|Linux(?!; (?:U; )?Android)")


class SigninForm(Form):
    login: Annotated[str, Limits(max_length=100), Control("登录名", autocomplete="username")]
    password: Annotated[
        str, Limits(max_length=500), Control("密码", "password", autocomplete="current-password")
    ]


class PasswordForm(Form):
    password: Annotated[
        str,
        Limits(max_length=500),
        Control(
            "新密码",
            "password",
            f"至少 {SHORTEST_PASSWORD} 个字符，一句别人想不到的话就很合适；{NOT_IN_PASSWORDS}",
            autocomplete="new-password",
        ),
    ]
    again: Annotated[
        str, Limits(max_length=500), Control("再输一遍", "password", autocomplete="new-password")
    ]


class CodeForm(PasswordForm):
    login: Annotated[
        str, Limits(max_length=64), Control("登录名", hint="登录条上印着", autocomplete="username")
    ]
    code: Annotated[str, Limits(max_length=40), Control("登录码", hint="8 位，字母不分大小写，横线可以不输")]


class FirstPersonForm(PasswordForm):
    bureau: Annotated[
        str,
        Limits(max_length=100),
        Control("单位全称", hint="与年度报告标题或落款一致，例如“某某县交通运输局”"),
    ]
    name: Annotated[str, Limits(max_length=100), Control("您的姓名")]
    login: Annotated[
        str, Limits(max_length=64), Control("登录名", hint="字母、数字或汉字", autocomplete="username")
    ]


@router.get("/signin", name="signin")
def signin(visit: Visitor, next: str = "/") -> Response:  # noqa: A002
    """The sign-in form; whoever is signed in goes home."""
    next_path = own_path(visit.text("next") or next)
    if visit.who is not None:
        return redirect_to(visit, next_path)
    demo = story().cast.logins if installation(visit.session).is_demo else ()
    return render(visit, "signin.html", filled=visit.filled(SigninForm), next=next_path, demo=demo)


@router.post("/signin", name="signin_post")
@back_to(signin)
def signin_post(visit: Visitor) -> Response:
    """Check name and password; what was typed as the name stays."""
    form = visit.read(SigninForm)
    visit.count_try(form.login)
    with visit.site.database.reading() as session:
        person_id = accounts.person_with(session, form.login, form.password)
    if person_id is None:
        visit.tell_refused(form.login, OfficeVerb.FAIL_SIGN_IN)
        raise Refused("登录名或密码不对", "", "请重新输入，登录名已保留")
    return sign_in(visit, person_id, own_path(visit.text("next")))


@router.post("/signin/demo", name="signin_demo")
def signin_demo(visit: Visitor) -> Response:
    """Look at the demonstration as one of its people."""
    login = visit.text("login")
    if not installation(visit.session).is_demo or login not in {each.login for each in story().cast.logins}:
        raise NotFound("没有这个页面", "", "请用登录名和密码登录")
    person = person_by_login(visit.session, login)
    if person is None:
        raise NotFound("没有这个演示人员", "", "请重新运行 rectify up --demo")
    return sign_in(visit, person.id, "/")


@router.get("/enter", name="enter_code")
def enter_code(visit: Visitor) -> Response:
    """Where the code of a slip is typed."""
    return render(visit, "signin_code.html", filled=visit.filled(CodeForm))


@router.post("/enter", name="enter_code_post")
@back_to(enter_code)
def enter_code_post(visit: Visitor) -> Response:
    """Use the code up: set the password and sign in. A poor password costs no attempt."""
    form = visit.read(CodeForm)
    hashed = hashed_password(visit, form, form.login)
    visit.count_try(form.login)
    with visit.site.database.reading() as session:
        link = accounts.link_by_code(session, visit.clock.now, form.login, form.code)
    if link is None:
        visit.tell_refused(form.login, OfficeVerb.FAIL_SIGN_IN)
        raise Refused(
            "登录名或登录码不对", "登录码只能用一次，三天内有效", "请核对登录条，或请台账管理员重新发一张"
        )
    return sign_in(visit, _admit(visit, link, form, hashed), "/")


@router.get("/enter/{token}", name="enter")
def enter(visit: Visitor, token: str) -> Response:
    """What a one-time link shows. Looking at it does not use it up: mail scanners look, too."""
    link = accounts.open_link(visit.session, visit.clock.now, token)
    return render(
        visit,
        "signin_link.html",
        filled=visit.filled(_form_of(link)),
        bureau=installation(visit.session).bureau,
        token=token,
        person=visit.session.get(Person, link.person_id) if link.person_id else None,
    )


@router.post("/enter/{token}", name="enter_post")
@back_to(enter)
def enter_post(visit: Visitor, token: str) -> Response:
    """Use the link up: set the password, make the first person where there is nobody yet, and sign in."""
    link = accounts.open_link(visit.session, visit.clock.now, token)
    form = visit.read(_form_of(link))
    if isinstance(form, FirstPersonForm):
        hashed = hashed_password(visit, form, form.login, form.name, form.bureau)
    else:
        person = visit.session.get_one(Person, link.person_id)
        hashed = hashed_password(visit, form, person.login, person.name)
    person_id = _admit(visit, link, form, hashed)
    return sign_in(visit, person_id, visit.path("start") if link.person_id is None else "/")


@router.post("/signout", name="signout")
def signout(visit: Visitor) -> Response:
    """Sign this browser out."""
    with visit.unit_of_work() as session:
        accounts.close_session(session, visit.token or "")
        note(session, visit.by, OfficeVerb.SIGN_OUT, about=[visit.actor.person_id])
    response = redirect(visit, "signin", note="已退出登录")
    response.delete_cookie(SESSION_COOKIE)
    return response


@router.post("/signout/everywhere", name="signout_everywhere")
def signout_everywhere(visit: Visitor) -> Response:
    """Sign out in the session whose button was pressed, or everywhere else."""
    chosen, here = visit.text("session"), visit.state.session_id if visit.state else 0
    only = int(chosen) if chosen.isdecimal() and len(chosen) < 19 else None
    with visit.unit_of_work() as session:
        accounts.close_sessions(session, visit.actor.person_id, only=only, but=here)
        where = "在另一台设备上" if only else "在其他设备上"
        note(session, visit.by, OfficeVerb.SIGN_OUT, where, [visit.actor.person_id])
    return redirect(visit, "account", note="已退出所选的登录" if only else "其他设备已全部退出登录")


def _form_of(link: OneTimeLink) -> type[PasswordForm]:
    return FirstPersonForm if link.person_id is None else PasswordForm


def hashed_password(visit: Visit, form: PasswordForm, login: str, *names: str) -> str:
    """The hash of a new password; what everybody knows of the person and the office makes none.

    Raises: Refused, also where it was not typed the same way twice.
    """
    if form.password != form.again:
        raise Refused("两次输入的密码不一样", "", "请重新输入")
    known = (*names, visit.bearings.installation.bureau)
    return accounts.hash_password(form.password, login=login, known=known)


def _admit(visit: Visit, link: OneTimeLink, form: PasswordForm, hashed: str) -> int:
    """The person the link lets in, with the new password."""
    with visit.unit_of_work() as session:
        accounts.use_link(session, visit.clock.now, link.id)
        if isinstance(form, FirstPersonForm):
            person = _first_person(session, by_system(visit.clock, Channel.WEB), form)
        else:
            person = session.get_one(Person, link.person_id)
        note_let_in(session, visit.clock, person, visit.address, OfficeVerb.USE_CODE)
        accounts.set_password_hash(session, by_person(session, visit.clock, person), person, hashed)
        return person.id


def _first_person(session: Session, by: By, form: FirstPersonForm) -> Person:
    """Who keeps the ledger from now on: somebody enrolled already, or a new person of the home bureau."""
    bureau: Unit = home_bureau(session) or add_bureau(session, by, form.bureau)
    keeper = (Role.ADMIN, Role.CLERK)
    known = person_by_login(session, form.login)
    if known is None or known.bureau_id != bureau.id:
        return add_person(
            session, by, bureau, NewPerson(form.name, form.login, bureau.name, "台账管理员", keeper)
        )
    set_roles(session, by, known, (*roles_of(session, known.id), *keeper))
    return known


def sign_in(visit: Visit, person_id: int, address: str, *, note: str = "") -> Response:
    """Let the browser in as this person and send it on."""
    device = _DEVICE.search(visit.request.headers.get("user-agent", ""))
    with visit.unit_of_work() as session:
        token = accounts.open_session(
            *(session, visit.clock, person_id),
            replaces=visit.token,
            address=visit.address,
            device=device[0] if device else "",
            life=timedelta(hours=visit.site.settings.session_hours),
        )
        note_let_in(session, visit.clock, session.get_one(Person, person_id), visit.address)
        if kept_texts(session, visit.clock.now, person_id):
            address = visit.path("kept")
    response = redirect_to(visit, address, note=note)
    set_session_cookie(visit, response, token)
    return response


def own_path(address: str) -> str:
    """An address of this site, whatever a link says."""
    is_own = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if is_own else "/"
