"""How a program signs in: by a personal token with its scope, under the same access table as the pages.

Cookies count for nothing here, so no page of another site can make a browser act. A body is read only after the token is checked.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Final, TypeVar

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json
from sqlalchemy.orm import Session

from app.web.api.problem import Malformed
from app.web.api.throttle import PER_TOKEN, WRONG_PER_ADDRESS
from app.web.page_request import A_MOMENT, SAFE_METHODS, Visit, let_in, must_admit, rule_of
from app.web.site import Site, site_of
from core.clock import Clock
from core.errors import Forbidden, RectifyError, Unavailable
from models.enums import Channel, TokenScope
from rectification.office import tokens
from rectification.office.tokens import Bearer

B = TypeVar("B", bound=BaseModel)

_SCHEME: Final = HTTPBearer(
    auto_error=False, scheme_name="token", description="个人令牌，在“我的账户”中建立；只读令牌不能办理"
)
_Credentials = Annotated[HTTPAuthorizationCredentials | None, Security(_SCHEME)]


class NeedsToken(RectifyError):
    """No token came, or none that is good."""

    status = 401

    def __init__(self) -> None:
        super().__init__(
            "需要有效的个人令牌",
            "没有带令牌，或令牌不对、已过期、已停用",
            "请在“我的账户”建立令牌，放在请求头 Authorization: Bearer 令牌",
        )


def _admitted(request: Request, credentials: _Credentials) -> str:
    """The token that lets this request in; nothing is held while its body arrives."""
    site = site_of(request)
    clock = site.read_clock()
    with site.database.reading() as session:
        bearer = _bearer(request, site, clock, session, credentials)
    if request.method not in SAFE_METHODS and bearer.scope is not TokenScope.ACT:
        raise Forbidden("这个令牌只能读取", "办理需要“读取并办理”的令牌", "请在“我的账户”另建一个")
    must_admit(rule_of(request), bearer.actor.roles)
    return credentials.credentials if credentials else ""


_Admitted = Annotated[str, Depends(_admitted)]


def _bearer(
    request: Request,
    site: Site,
    clock: Clock,
    session: Session,
    credentials: HTTPAuthorizationCredentials | None,
) -> Bearer:
    token = credentials.credentials if credentials else ""
    bearer = tokens.bearer_of(session, clock, token) if token else None
    if bearer is None:
        address = request.client.host if request.client else ""
        site.throttle.count(clock.now, ("wrong", address), WRONG_PER_ADDRESS)
        raise NeedsToken
    site.throttle.count(clock.now, bearer.token_id, PER_TOKEN)
    if bearer.is_due_for_used:
        with suppress(Unavailable), site.database.unit_of_work(patience=A_MOMENT) as writing:
            tokens.mark_used(writing, clock.now, bearer.token_id)
    return bearer


@dataclass(frozen=True)
class Call:
    """A request with a body that nobody has looked into yet."""

    visit: Visit
    body: bytes

    def read(self, model: type[B], proposed: Mapping[str, str]) -> B:
        """The body as a model, with what is proposed where it says nothing.

        Raises: Malformed, naming the fields that are wrong.
        """
        try:
            sent = from_json(self.body or b"{}")
        except ValueError as error:
            raise Malformed from error
        if isinstance(sent, dict):
            said = {name: value for name, value in sent.items() if value is not None}
            sent = {**proposed, **said}
        try:
            return model.model_validate(sent)
        except ValidationError as error:
            raise Malformed(error.errors(include_url=False)) from error


async def _in_turn(request: Request, admitted: _Admitted) -> AsyncIterator[bytes]:
    del admitted
    body = await request.body()
    async with site_of(request).turns:
        yield body


def _call(
    request: Request, token: _Admitted, body: Annotated[bytes, Depends(_in_turn, scope="function")]
) -> Iterator[Call]:
    site = site_of(request)
    clock = site.read_clock()
    with site.database.reading() as session:
        bearer = tokens.bearer_of(session, clock, token)
        if bearer is None:  # revoked while the body was on its way
            raise NeedsToken
        visit = Visit(request, site, clock, session, csrf="", who=bearer.actor, channel=Channel.API)
        let_in(visit)
        yield Call(visit, body)


Calling = Annotated[Call, Depends(_call, scope="function")]


def _visit(call: Calling) -> Visit:
    return call.visit


Caller = Annotated[Visit, Depends(_visit, scope="function")]
