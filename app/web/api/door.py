"""How a program signs in: by a personal token with its scope, under the same access table as the pages.

Cookies count for nothing here, so no page of another site can make a browser act. A body is read only after the token is checked.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Final, TypeVar

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json
from sqlalchemy.orm import Session

from app.web.api.problem import Malformed
from app.web.api.throttle import PER_TOKEN, WRONG_PER_ADDRESS
from app.web.page_request import SAFE_METHODS, Visit, must_admit, rule_of
from app.web.site import Site, site_of
from core.clock import Clock
from core.errors import Forbidden, RectifyError
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


def _arrive(request: Request, credentials: _Credentials) -> Iterator[Visit]:
    site = site_of(request)
    clock = site.read_clock()
    with site.database.reading() as session:
        bearer = _bearer(request, site, clock, session, credentials)
        if request.method not in SAFE_METHODS and bearer.scope is not TokenScope.ACT:
            raise Forbidden("这个令牌只能读取", "办理需要“读取并办理”的令牌", "请在“我的账户”另建一个")
        must_admit(rule_of(request), bearer.actor.roles)
        yield Visit(request, site, clock, session, csrf="", who=bearer.actor, channel=Channel.API)


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
        with site.database.unit_of_work() as writing:
            tokens.mark_used(writing, clock.now, bearer.token_id)
    return bearer


Caller = Annotated[Visit, Depends(_arrive)]


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
            raise Malformed(error.errors(include_url=False, include_context=False)) from error


async def _with_body(request: Request, visit: Caller) -> AsyncIterator[Call]:
    yield Call(visit, await request.body())


Calling = Annotated[Call, Depends(_with_body)]
