"""The own account: the password, the devices, and the tokens by which programs act in one's name."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field as Limits

from app.web.forms import Choice, Control, Form, RecordId, blank
from app.web.page_request import Visit, Visitor
from app.web.pages import back_to, redirect, redirect_to, render
from app.web.routers.office.signin import PasswordForm, hashed_password, own_path, sign_in
from app.web.sent import PRESENT
from models.enums import TokenScope
from models.organisation import Person
from rectification.office import signin
from rectification.office import tokens as api_tokens
from rectification.office.people import set_wants_mail

router = APIRouter(prefix="/account")

_CHOICES = {
    "scopes": [Choice(scope.value, scope.word) for scope in TokenScope],
    "lives": [Choice(str(days), f"{days} 天") for days in api_tokens.LIVES],
}


class TokenForm(Form):
    """A token for one program."""

    name: Annotated[
        str, Limits(max_length=100), Control("用途", hint="给哪个程序用，例如“局大屏”，以便日后停用")
    ]
    scope: Annotated[TokenScope, Control("范围", "select", "", "scopes")] = TokenScope.READ
    days: Annotated[int, Control("有效期", "select", "", "lives")] = 90


@router.get("", name="account")
def account(visit: Visitor) -> Response:
    """The own account."""
    return _page(visit)


@router.post("/password", name="account_password")
@back_to(account)
def account_password(visit: Visitor) -> Response:
    """Change the own password: the present one is asked for, every other session and every token ends."""
    form = visit.read(PasswordForm)
    visit.prove(visit.text(PRESENT))
    hashed = hashed_password(visit, form, visit.actor.login, visit.actor.name)
    with visit.unit_of_work() as session:
        person = session.get_one(Person, visit.actor.person_id)
        signin.set_password_hash(session, visit.by, person, hashed)
    note = "密码已改，其他设备已退出登录，令牌已全部停用"
    return sign_in(visit, visit.actor.person_id, visit.path("account"), note=note)


@router.post("/confirm", name="account_confirm_post")
def confirm_post(visit: Visitor) -> Response:
    """Back to what the password was asked for, which was looked at on the way in."""
    return redirect_to(visit, own_path(visit.text("place")), note="密码已核对，请重新操作一次")


@router.post("/mail", name="account_mail_post")
def account_mail_post(visit: Visitor) -> Response:
    """Switch the own mail on or off: the pressed button says which."""
    wants_mail = visit.text("do") == "on"
    with visit.unit_of_work() as session:
        set_wants_mail(session, visit.by, session.get_one(Person, visit.actor.person_id), wants_mail)
    return redirect(visit, "account", note=f"邮件提醒已{'打开' if wants_mail else '关闭'}")


@router.post("/tokens", name="token_add_post")
@back_to(account)
def token_add_post(visit: Visitor) -> Response:
    """Make a token and show it, this once."""
    form, person_id = visit.read(TokenForm), visit.actor.person_id
    with visit.unit_of_work() as session:
        token = api_tokens.make_token(session, visit.by, person_id, form.name, form.scope, form.days)
    return _page(visit, token)


@router.post("/tokens/{token_id}/revoke", name="token_revoke_post")
def token_revoke_post(visit: Visitor, token_id: RecordId) -> Response:
    """End one of the own tokens."""
    with visit.unit_of_work() as session:
        api_tokens.revoke_token(session, visit.by, visit.actor.person_id, token_id)
    return redirect(visit, "account", note="令牌已停用")


def _page(visit: Visit, new_token: str = "") -> Response:
    """The page. Tokens are read anew: one may just have been made."""
    asked = TokenForm in visit.sent
    with visit.site.database.reading() as session:
        person = session.get_one(Person, visit.actor.person_id)
        mailbox, wants_mail = person.email, person.wants_mail
        tokens = api_tokens.list_tokens(session, visit.clock.now, visit.actor.person_id)
        sessions = signin.sessions_of(session, visit.clock.now, visit.actor.person_id, visit.site.idle)
    return render(
        visit,
        "account.html",
        tokens=tokens,
        sessions=sessions,
        mailbox=mailbox,
        wants_mail=wants_mail,
        choices=_CHOICES,
        filled=visit.filled(PasswordForm),
        error=None if asked else visit.error,
        token_form=blank(TokenForm) if new_token else visit.filled(TokenForm),
        token_error=visit.error if asked else None,
        new_token=new_token,
    )
