"""One request: who asks, at what time, of which ledger, with which form; every page is given it.

The access table is asked first; a form is read only after that, and refused without its token. Nothing waits for the
browser with a connection to the ledger in hand: it is given back while a form arrives and before the answer is sent.
"""

import hmac
import secrets
from collections.abc import AsyncIterator, Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Annotated, Any, BinaryIO, Final, TypeVar, cast

from fastapi import Depends, Request
from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.routing import BaseRoute

from app.web.access import ACCESS, Rule, is_sensitive
from app.web.forms import F, Filled, Form, Mistyped, blank, fill
from app.web.sent import PRESENT, NeedsPassword, came_from, files_of, key_of, texts_of
from app.web.site import Site, site_of
from core.clock import Clock
from core.errors import Forbidden, RectifyError, Refused, TooMany, Unavailable
from core.files import FileStore, StoredFile
from core.text import sha256_of
from core.workdays import WorkCalendar
from models.enums import Channel, OfficeVerb, Role
from rectification.casework.evidence import take_back_unheld
from rectification.office import kept_text, signin
from rectification.office.actors import Acting, Actor
from rectification.office.attempts import register_attempt
from rectification.office.calendar import load_calendar
from rectification.office.journal import By
from rectification.office.ledger_mark import Bearings, take_bearings
from rectification.office.settings import Policy, policy_of
from rectification.office.signin import SignedIn
from rectification.office.signin_notes import note_refused
from rectification.task.access import reads_the_bureau
from rectification.task.deadlines import near_until
from rectification.task.store_room import bytes_held

T = TypeVar("T")
SESSION_COOKIE: Final = "rectify_session"
STRANGER_COOKIE: Final = "rectify_visit"
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
A_MOMENT: Final = 0.25
"""Seconds a page waits to note that somebody was there; where the ledger is busy or full it goes without."""
_MOST_FIELDS: Final = 5_000
_MOST_FILES: Final = 20
_LARGEST_FIELD: Final = 2 * 1024 * 1024


class NeedsSignIn(RectifyError):
    """Nobody is signed in."""

    status = 401

    def __init__(self, kept: str = "") -> None:
        todo = kept or "刚才填写的内容没有保存，可用浏览器后退键找回"
        super().__init__("请先登录", "尚未登录，或登录已过期", todo)


@dataclass
class Visit:
    """What a page may use. `session` only reads; writing is a `unit_of_work` of its own.

    `lapsed` is the person of a session that has ended: nobody is signed in, but what was typed is kept for that one.

    `stranger` is the token of a browser nobody is signed in on; its forms are guarded by it. `sent` are the forms that
    were sent and `error` is why what they asked for was refused: the page that is shown again says both. `about` is what was said of the `stored` files, by hash.
    `body` is what a program sent instead of a form, `proposed` what the page proposes.
    """

    request: Request
    site: Site
    clock: Clock
    session: Session
    csrf: str
    who: Actor | None = None
    state: SignedIn | None = None
    stranger: str = ""
    lapsed: int | None = None
    channel: Channel = Channel.WEB
    form: FormData = field(default_factory=FormData)
    sent: dict[type[Form], Filled[Any]] = field(default_factory=dict)
    error: RectifyError | None = None
    stored: list[StoredFile] = field(default_factory=list)
    about: dict[str, Filled[Any]] = field(default_factory=dict)
    body: Form | None = None
    proposed: dict[type[Form], Mapping[str, str]] = field(default_factory=dict)
    is_taken: bool = False

    def read(self, model: type[F], prefix: str = "") -> F:
        """The form that was sent, checked; `prefix` stands before its fields' names where a page has several alike.

        Raises: Mistyped.
        """
        if issubclass(type(self.body), model):  # a program's, which holds more than the page's form
            said = {name: getattr(self.body, name) for name in model.model_fields}
            return cast("F", model.model_construct(**said))
        filled = fill(model, self.form, prefix)
        self.sent[model] = filled
        if filled.value is None:
            raise Mistyped
        return filled.value

    def filled(self, model: type[F], proposed: Mapping[str, str] | None = None) -> Filled[F]:
        """A form as it was sent, or with what is proposed."""
        self.proposed[model] = proposed or {}
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
        """What `compute` says of the bureau's tasks today to this person, remembered until they or its units change.

        For who does not see the whole bureau, until anything of the office changes: lines, units and grants are its matter.
        """
        mark = self.bearings
        if mark.tasks is None:
            return compute()
        sees_all = self.actor.has(Role.CLERK, Role.CHIEF)
        known = mark.tasks, None if sees_all else mark.office
        return self.site.kept.recall(known, (self.actor, self.clock.today, question), compute)

    @contextmanager
    def unit_of_work(self) -> Iterator[Session]:
        """One transaction that writes: with the key of the form that was sent, so that none is taken twice.

        Raises: AlreadyEntered, where it was.
        """
        with self.site.database.unit_of_work() as session:
            if self.who and not self.is_taken and (key := key_of(self.form)):
                kept_text.take_once(session, self.clock.now, key)
            yield session
        self.is_taken = True

    def prove(self, password: str) -> None:
        """Hold what was typed against the password of whoever is signed in; wrong tries count as at signing in.

        Raises: TooMany; Refused.
        """
        me, database = self.actor, self.site.database
        self.count_try(me.login)
        with database.reading() as session:
            is_right = signin.person_with(session, me.login, password) == me.person_id
        if not is_right:
            self.tell_refused(me.login, OfficeVerb.FAIL_SIGN_IN)
            raise Refused("现在的密码不对", "", "请重新输入")
        if self.state:
            with database.unit_of_work() as session:
                signin.confirm(session, self.clock.now, self.state.session_id, me.login, self.address)

    def count_try(self, login: str) -> None:
        """Count a try to get in by this name, before the password is looked at. That somebody has to wait is told on the chain.

        Raises: TooMany.
        """
        try:
            with self.site.database.unit_of_work() as session:
                register_attempt(session, self.clock, login, self.address)
        except TooMany:
            self.tell_refused(login, OfficeVerb.DELAY_SIGN_IN)
            raise

    def tell_refused(self, login: str, verb: OfficeVerb) -> None:
        """Put on the chain that somebody was not let in."""
        with self.site.database.unit_of_work() as session:
            note_refused(session, self.clock, login, self.address, verb)

    @property
    def files(self) -> FileStore:
        """The installation's evidence."""
        settings = self.site.settings
        return FileStore(settings.evidence_dir, max_bytes=settings.evidence_megabytes * 2**20)

    def keep(self, content: BinaryIO, name: str, media_type: str = "") -> StoredFile:
        """Store a file that came with the request, within the bureau's quota.

        Raises: Refused, as the store does.
        """
        store = self.files
        store.quota = self.site.settings.evidence_gigabytes << 30
        store.held = bytes_held(self.session, self.actor.bureau_id) + sum(each.size for each in self.stored)
        self.stored.append(store.keep(content, name, media_type))
        return self.stored[-1]

    def take_back_unheld(self) -> None:
        """What came with the request and was refused in the end does not stay in the store."""
        if self.stored:
            with self.site.database.reading() as session:
                take_back_unheld(session, self.files, self.stored)

    def path(self, route: str, **values: object) -> str:
        """The address of a route, without the host."""
        routes: dict[str, BaseRoute] = self.request.app.state.routes
        return self.site.root + str(routes[route].url_path_for(route, **values))

    def text(self, name: str) -> str:
        """A text field of the form as it was sent; empty where there is none."""
        value = self.form.get(name, "")
        return value if isinstance(value, str) else ""

    @property
    def seen_version(self) -> int | None:
        """The version of a task the sent form was filled in from."""
        version = self.text("version")
        return int(version) if version.isdecimal() and len(version) < 10 else None


def _must_be_admitted(request: Request) -> None:
    """Whoever is not let in sends no form."""
    if request.method not in SAFE_METHODS:
        site = site_of(request)
        with site.database.reading() as session:
            let_in(recognised(request, site, site.read_clock(), session))


def let_in(visit: Visit) -> None:
    """Raises: Forbidden, where the table does not open the route to this visitor."""
    rule = rule_of(visit.request)
    if rule.is_public or _is_lapsed(visit):
        return
    must_admit(rule, visit.actor.roles)
    if rule.is_bureau_wide and not reads_the_bureau(visit.session, visit.actor):
        raise Forbidden("这个页面不对您开放", "它讲的是全单位的情况，您的查阅范围只限一个来源")


def _is_lapsed(visit: Visit) -> bool:
    """Whether a form comes with a session that has ended: it is read, so that its text can be kept, and then refused."""
    if visit.who is not None or visit.token is None or visit.request.method in SAFE_METHODS:
        return False
    ended = kept_text.lapsed_session(visit.session, visit.token)
    if ended is None:
        return False
    visit.lapsed, visit.csrf = ended.person_id, ended.csrf_secret
    return True


def _keep(visit: Visit, person_id: int) -> str:
    """Keep the text of a form for the person whose session has ended; what the person is told."""
    files = files_of(visit.form)
    fields = [] if "password" in visit.form else texts_of(visit.form)
    with visit.unit_of_work() as session:
        is_kept = kept_text.keep_text(
            session,
            visit.clock.now,
            person_id,
            place=came_from(visit.request).partition("?")[0],
            action=visit.request.url.path,
            fields=fields,
            files=files,
        )
    if not is_kept:
        return ""
    lost = f"；文件（{'、'.join(files)}）没有保存，请重新选择" if files else ""
    return f"刚才填写的文字已为您保存 24 小时，登录后即可找回{lost}"


def _must_be_confirmed(visit: Visit) -> None:
    """Raises: NeedsPassword, where the page is a sensitive one and the password was not typed lately, or just now."""
    who, state = visit.who, visit.state
    if who is None or state is None or not is_sensitive(visit.request.scope["route"].name, who.roles):
        return
    lately = visit.clock.now - timedelta(minutes=visit.site.settings.password_again_minutes)
    if (state.confirmed_at and state.confirmed_at > lately) or visit.bearings.installation.is_demo:
        return
    action, fields = str(visit.request.url.replace(scheme="", netloc="")), texts_of(visit.form)
    if visit.request.method in SAFE_METHODS or files_of(visit.form):  # to be done anew, from the page before
        action, fields = visit.path("account_confirm_post"), [("place", came_from(visit.request))]
    if PRESENT not in visit.form:
        raise NeedsPassword(action, fields)
    try:
        visit.prove(visit.text(PRESENT))
    except RectifyError as error:
        raise NeedsPassword(action, fields, error) from error


def rule_of(request: Request) -> Rule:
    """The row of the access table for the route a request came to."""
    return ACCESS[request.scope["route"].name]


def must_admit(rule: Rule, roles: frozenset[Role]) -> None:
    """Raises: Forbidden, where the table does not open the route to any of these roles."""
    if not roles:
        raise Forbidden("您还没有任何角色", "", "请台账管理员在“人员与科室”中为您设置角色")
    if not rule.admits(roles):
        raise Forbidden("这个页面不对您开放", "您的角色不办理这项工作", "如有需要，请联系台账管理员")


def recognised(request: Request, site: Site, clock: Clock, session: Session) -> Visit:
    """A visit of the person the session cookie names; of nobody where it is missing or no longer valid."""
    token = request.cookies.get(SESSION_COOKIE)
    known = signin.signed_in(session, clock, token, site.idle) if token else None
    if known is None:
        stranger = request.cookies.get(STRANGER_COOKIE) or secrets.token_urlsafe(24)
        return Visit(request, site, clock, session, csrf=sha256_of(f"csrf:{stranger}"), stranger=stranger)
    state, actor = known
    if state.is_due_for_seen:
        with suppress(Unavailable), site.database.unit_of_work(patience=A_MOMENT) as writing:
            signin.mark_seen(writing, clock.now, state.session_id)
    return Visit(request, site, clock, session, csrf=state.csrf, who=actor, state=state)


async def _sent_form(
    request: Request, admitted: Annotated[None, Depends(_must_be_admitted)]
) -> AsyncIterator[FormData]:
    del admitted
    turns = site_of(request).turns
    if request.method in SAFE_METHODS:
        async with turns:
            yield FormData()
        return
    async with (
        request.form(max_files=_MOST_FILES, max_fields=_MOST_FIELDS, max_part_size=_LARGEST_FIELD) as form,
        turns,
    ):
        yield form


def _visit(
    request: Request, form: Annotated[FormData, Depends(_sent_form, scope="function")]
) -> Iterator[Visit]:
    site = site_of(request)
    with site.database.reading() as session:
        visit = recognised(request, site, site.read_clock(), session)
        let_in(visit)
        if request.method in SAFE_METHODS:
            _must_be_confirmed(visit)
            yield visit
            return
        visit.form = form
        if not hmac.compare_digest(visit.text("csrf").encode(), visit.csrf.encode()):
            raise Forbidden(
                "这个表单已失效", "页面停留太久，或登录状态已改变", "请返回上一页，刷新后重新提交"
            )
        if visit.lapsed is not None:
            raise NeedsSignIn(_keep(visit, visit.lapsed))
        _must_be_confirmed(visit)
        try:
            yield visit
        finally:
            visit.take_back_unheld()


Visitor = Annotated[Visit, Depends(_visit, scope="function")]
