"""One request: who asks, at what time, of which ledger, with which form; every page is given it.

The access table is asked first; a form is read only after that, and refused without its token.
"""

import hashlib
import hmac
import secrets
from collections.abc import AsyncIterator, Callable, Hashable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Final, TypeVar

from fastapi import Depends, Request
from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.routing import BaseRoute

from app.web.access import ACCESS, Rule
from app.web.forms import F, Filled, Form, blank, fill
from app.web.site import Site, site_of
from core.clock import Clock
from core.errors import Forbidden, RectifyError
from core.workdays import WorkCalendar
from models.enums import Channel, Role
from rectification.office import signin
from rectification.office.actors import Acting, Actor
from rectification.office.calendar import load_calendar
from rectification.office.journal import By
from rectification.office.ledger_mark import Bearings, take_bearings
from rectification.office.settings import Policy, policy_of
from rectification.task.access import reads_the_bureau
from rectification.task.deadlines import near_until

T = TypeVar("T")
SESSION_COOKIE: Final = "rectify_session"
STRANGER_COOKIE: Final = "rectify_visit"
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_MOST_FIELDS: Final = 5_000
_MOST_FILES: Final = 20
_LARGEST_FIELD: Final = 2 * 1024 * 1024


class NeedsSignIn(RectifyError):
    """Nobody is signed in."""

    status = 401

    def __init__(self) -> None:
        super().__init__("请先登录", "尚未登录，或登录已过期", "刚才填写的内容没有保存，可用浏览器后退键找回")


class Mistyped(RectifyError):
    """A form that was sent holds mistakes; each is told beside its field."""

    def __init__(self) -> None:
        super().__init__("填写的内容有误", "", "请改正后再提交")


@dataclass
class Visit:
    """What a page may use. `session` only reads; writing is a `unit_of_work` of its own.

    `stranger` is the token of a browser nobody is signed in on; its forms are guarded by it. `sent` are the forms that
    were sent and `error` is why what they asked for was refused: the page that is shown again says both.
    """

    request: Request
    site: Site
    clock: Clock
    session: Session
    csrf: str
    who: Actor | None = None
    stranger: str = ""
    channel: Channel = Channel.WEB
    form: FormData = field(default_factory=FormData)
    sent: dict[type[Form], Filled[Any]] = field(default_factory=dict)
    error: RectifyError | None = None

    def read(self, model: type[F], prefix: str = "") -> F:
        """The form that was sent, checked; `prefix` stands before its fields' names where a page has several alike.

        Raises: Mistyped.
        """
        filled = fill(model, self.form, prefix)
        self.sent[model] = filled
        if filled.value is None:
            raise Mistyped
        return filled.value

    def filled(self, model: type[F], proposed: Mapping[str, str] | None = None) -> Filled[F]:
        """A form as it was sent, or with what is proposed."""
        return self.sent.get(model) or blank(model, proposed)

    @property
    def actor(self) -> Actor:
        """Who is signed in.

        Raises: NeedsSignIn.
        """
        if self.who is None:
            raise NeedsSignIn
        return self.who

    @property
    def acting(self) -> Acting:
        return Acting(self.actor, self.channel)

    @property
    def by(self) -> By:
        return By(self.clock, self.acting)

    @property
    def token(self) -> str | None:
        """The session's token as the browser sent it."""
        return self.request.cookies.get(SESSION_COOKIE)

    @property
    def address(self) -> str:
        return self.request.client.host if self.request.client else ""

    @cached_property
    def bearings(self) -> Bearings:
        return take_bearings(self.session, self.who.bureau_id if self.who else None)

    @cached_property
    def calendar(self) -> WorkCalendar:
        return self.site.kept.recall(self.bearings.calendar, "calendar", lambda: load_calendar(self.session))

    @cached_property
    def policy(self) -> Policy:
        bureau_id, today = self.actor.bureau_id, self.clock.today
        return self.site.kept.recall(
            self.bearings.settings,
            ("policy", bureau_id, today),
            lambda: policy_of(self.session, bureau_id, today),
        )

    @cached_property
    def near_until(self) -> date:
        """The last deadline that shows yellow today."""
        return near_until(self.clock.today, self.calendar, self.policy)

    def of_bureau(self, question: Hashable, compute: Callable[[], T]) -> T:
        """What `compute` says of the bureau's tasks today, remembered until they or its units change.

        Only for who sees the whole bureau: what others see also hangs on units and grants, which no event tells of.
        """
        mark = self.bearings.tasks
        if mark is None or not self.actor.has(Role.CLERK, Role.CHIEF):
            return compute()
        return self.site.kept.recall(mark, (self.actor, self.clock.today, question), compute)

    def unit_of_work(self) -> AbstractContextManager[Session]:
        return self.site.database.unit_of_work()

    def path(self, route: str, **values: object) -> str:
        """The address of a route, without the host."""
        routes: dict[str, BaseRoute] = self.request.app.state.routes
        return str(routes[route].url_path_for(route, **values))

    def text(self, name: str) -> str:
        """A text field of the form as it was sent; empty where there is none."""
        value = self.form.get(name, "")
        return value if isinstance(value, str) else ""

    @property
    def seen_version(self) -> int | None:
        """The version of a task the sent form was filled in from."""
        version = self.text("version")
        return int(version) if version.isdecimal() and len(version) < 10 else None


def _arrive(request: Request) -> Iterator[Visit]:
    site = site_of(request)
    clock = site.read_clock()
    with site.database.reading() as session:
        visit = recognised(request, site, clock, session)
        if not rule_of(request).is_public:
            rule = rule_of(request)
            must_admit(rule, visit.actor.roles)
            if rule.is_bureau_wide and not reads_the_bureau(session, visit.actor):
                raise Forbidden("这个页面不对您开放", "它讲的是全单位的情况，您的查阅范围只限一个来源")
        yield visit


def rule_of(request: Request) -> Rule:
    """The row of the access table for the route a request came to."""
    return ACCESS[request.scope["route"].name]


def must_admit(rule: Rule, roles: frozenset[Role]) -> None:
    """Raises: Forbidden, where the table does not open the route to any of these roles."""
    if not rule.admits(roles):
        raise _not_for(roles)


def _not_for(roles: frozenset[Role]) -> Forbidden:
    if not roles:
        return Forbidden("您还没有任何角色", "", "请台账管理员在“人员与科室”中为您设置角色")
    return Forbidden("这个页面不对您开放", "您的角色不办理这项工作", "如有需要，请联系台账管理员")


def recognised(request: Request, site: Site, clock: Clock, session: Session) -> Visit:
    """A visit of the person the session cookie names; of nobody where it is missing or no longer valid."""
    token = request.cookies.get(SESSION_COOKIE)
    known = signin.signed_in(session, clock, token) if token else None
    if known is None:
        stranger = request.cookies.get(STRANGER_COOKIE) or secrets.token_urlsafe(24)
        return Visit(request, site, clock, session, csrf=_stranger_csrf(stranger), stranger=stranger)
    state, actor = known
    if state.is_due_for_seen:
        with site.database.unit_of_work() as writing:
            signin.mark_seen(writing, clock.now, state.session_id)
    return Visit(request, site, clock, session, csrf=state.csrf, who=actor)


def _stranger_csrf(stranger: str) -> str:
    return hashlib.sha256(f"csrf:{stranger}".encode()).hexdigest()


async def _with_form(request: Request, visit: Annotated[Visit, Depends(_arrive)]) -> AsyncIterator[Visit]:
    if request.method in SAFE_METHODS:
        yield visit
        return
    async with request.form(
        max_files=_MOST_FILES, max_fields=_MOST_FIELDS, max_part_size=_LARGEST_FIELD
    ) as form:
        visit.form = form
        if not hmac.compare_digest(visit.text("csrf").encode(), visit.csrf.encode()):
            raise Forbidden(
                "这个表单已失效", "页面停留太久，或登录状态已改变", "请返回上一页，刷新后重新提交"
            )
        yield visit


Visitor = Annotated[Visit, Depends(_with_form)]
