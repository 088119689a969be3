"""Turning what a page knows into HTML: templates, their filters, the common frame, the next address."""

import base64
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from functools import cache, wraps
from pathlib import Path
from secrets import token_hex
from typing import Any, Final
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from fastapi import Response
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, StreamingResponse
from jinja2 import Environment

from app.web import presenting
from app.web.access import navigation_for
from app.web.actions import slug
from app.web.assets import asset
from app.web.desk import awaiting
from app.web.forms import Field, Filled, Mistyped
from app.web.guides import help_for
from app.web.page_request import SESSION_COOKIE, STRANGER_COOKIE, Visit
from core.errors import NotFound, RectifyError, TooMany
from core.machine import disk_trouble
from core.text import shortened
from documents.pages import templates_of
from documents.task.pictures import is_pictured
from models.enums import Channel, Light, OutboxStatus, Role, Status, Trait, Verb
from notifications.health import faults
from rectification import labels
from rectification.office.identity import Installation
from rectification.office.kept_text import AlreadyEntered, drop_text
from rectification.roles_in_task import Part
from rectification.task.lifecycle import ISSUED
from rectification.task.proof import place_words

HERE: Final = Path(__file__).parent
NOTE_COOKIE: Final = "rectify_note"
SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_PARTS: Final = "tokens frame board tables task forms words intake papers narrow print"
STYLESHEETS: Final = tuple(f"{part}.css" for part in _PARTS.split())
"""In their order: what comes later wins."""


@cache
def environment(zone: ZoneInfo, root: str) -> Environment:
    """The templates, with the words and date forms every page uses; compiled once a process."""
    env = templates_of(HERE / "templates")
    env.filters |= {
        "day": presenting.day,
        "short_day": presenting.short_day,
        "roles": labels.role_words,
        "moment": lambda moment: _local(moment, zone).strftime("%Y-%m-%d %H:%M"),
        "iso_moment": lambda moment: _local(moment, zone).isoformat(timespec="minutes"),
    }
    env.globals |= {
        "labels": labels,
        "new_key": token_hex,
        "Light": Light,
        "Status": Status,
        "Verb": Verb,
        "Role": Role,
        "Trait": Trait,
        "Part": Part,
        "OutboxStatus": OutboxStatus,
        "asset": lambda name: root + asset(name),
        "stylesheets": STYLESHEETS,
        "lights": (Light.RED, Light.MISSED, Light.YELLOW, Light.STATED, Light.GREEN, Light.BLUE),
        "slug": slug,
        "is_pictured": is_pictured,
        "rare_verbs": presenting.RARE_VERBS,
        "mends": presenting.MENDS,
        "place_words": place_words,
        "limit_words": presenting.limit_words,
        "light_words": presenting.light_words,
        "days_left": presenting.days_left,
        "tile_words": presenting.tile_words,
        "task_lines": presenting.task_lines,
        "shortened": shortened,
        "rest_of": presenting.rest_of,
        "status_words": presenting.status_words,
        "statuses": [status for status in Status if status in ISSUED],
    }
    return env


class Shown(Response):
    """What a page knows, for programs: nothing is drawn of it."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        super().__init__()
        self.context = context


def render(visit: Visit, template: str, *, status: int = 0, **context: Any) -> Response:
    """A page in the common frame: 422 where it shows a refusal or what is wrong with a form, if no `status` is said."""
    if visit.channel is Channel.API:
        return Shown(context)
    context.setdefault("error", visit.error)
    note = visit.request.cookies.get(NOTE_COOKIE)
    frame = PageFrame(visit, visit.bearings.installation, _unpacked(note))
    html = visit.site.templates.get_template(template).render(
        visit=visit, frame=frame, path=visit.path, **context
    )
    if not status and any(map(_is_refused, context.values())):
        status = TooMany.status if isinstance(visit.error, TooMany) else 422
    response = HTMLResponse(html, status or 200)
    if note:
        response.delete_cookie(NOTE_COOKIE)
    if visit.stranger and STRANGER_COOKIE not in visit.request.cookies:
        _set_cookie(visit, response, STRANGER_COOKIE, visit.stranger)
    return response


def _is_refused(shown: object) -> bool:
    """Whether this part of a page tells of a mistake."""
    if isinstance(shown, list):
        return any(isinstance(each, Field) and each.error for each in shown)
    return isinstance(shown, RectifyError) or (isinstance(shown, Filled) and bool(shown.errors))


class PageFrame:
    """What stands around every page: name, navigation, banners, one note."""

    def __init__(self, visit: Visit, known: Installation, note: str) -> None:
        self.bureau = known.bureau
        self.is_demo = known.is_demo
        self.note = note
        self.today = visit.clock.today
        self.entries = navigation_for(visit.who, visit.session) if visit.who else ()
        self.here = str(visit.request.url.path)
        self.help = visit.site.root + help_for(visit.who.roles, *_place(visit)) if visit.who else ""
        self.lights = presenting.light_names(visit.policy) if visit.who else {}
        self.awaiting = awaiting(visit) if visit.who else 0
        self.banners = tuple(_banners(visit))


def _place(visit: Visit) -> tuple[str, str]:
    """The name of the page, and of the deed it asks for; both empty where there is no such page."""
    route = visit.request.scope.get("route")
    return getattr(route, "name", ""), str(visit.request.path_params.get("action", ""))


def _banners(visit: Visit) -> Iterator[tuple[str, str, str]]:
    """What must be known on every page, by whom it concerns: look, what, and what it means."""
    if visit.who is None:
        return
    keeps = visit.who.has(Role.CLERK, Role.ADMIN)
    is_own_account = visit.request.url.path.startswith(visit.path("account"))
    if visit.site.settings.smtp_url is None and (keeps or is_own_account):
        yield "", "邮件未外发", "还没有设置发件服务器，提醒只写入数据文件夹。"
    if keeps:
        if trouble := disk_trouble(visit.site.settings.data_dir):
            yield "alarm", "须处理", f"{trouble}，满了就不能登记和上传，请清理磁盘。"
        for fault in faults(visit.session, visit.clock, visit.calendar):
            yield "alarm", "须处理", f"{fault}。"
    if visit.calendar.is_provisional(visit.near_until):
        yield "", "工作日历暂定", "放假通知尚未录入，调休和补班未定，按工作日推算的时限可能调整。"


def download(content: bytes | Iterator[bytes], name: str, media_type: str) -> Response:
    """A file to save, never shown inside a page; what comes piece by piece goes out so."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    if isinstance(content, bytes):
        return Response(content, media_type=media_type, headers=headers)
    return StreamingResponse(content, media_type=media_type, headers=headers)


Endpoint = Callable[..., Response]


def back_to(page: Endpoint, *, but: tuple[type[RectifyError], ...] = ()) -> Callable[[Endpoint], Endpoint]:
    """Where what a form asks for is refused, `page` is shown again, with the reason and with what was typed.

    The refusals of `but` have a page of their own, and so has a form that came twice.
    """

    def taught(act: Endpoint) -> Endpoint:
        @wraps(act)
        def acted(visit: Visit, **address: Any) -> Response:
            try:
                return act(visit, **address)
            except RectifyError as error:
                if isinstance(error, (AlreadyEntered, *but)):
                    raise
                visit.error = None if isinstance(error, Mistyped) else error
                return page(visit, **address)

        acted.page = page  # type: ignore[attr-defined]
        return acted

    return taught


def to_save(place: Path, name: str) -> Response:
    """The same of a file that lies in the store."""
    return FileResponse(place, media_type="application/octet-stream", filename=name)


class Onward(RedirectResponse):
    """What was asked is done; `made` is the id or code of what is new. A browser goes on to a page, which shows `note` once."""

    def __init__(self, address: str, note: str, made: int | str | None) -> None:
        super().__init__(address, 303)
        self.address, self.note, self.made = address, note, made


def redirect(
    visit: Visit,
    route: str,
    *,
    note: str = "",
    query: Mapping[str, str] | None = None,
    made: int | str | None = None,
    **values: object,
) -> Onward:
    """Redirect to a page by its name."""
    address = visit.path(route, **values)
    return redirect_to(visit, f"{address}?{urlencode(query)}" if query else address, note=note, made=made)


def redirect_to(visit: Visit, address: str, *, note: str = "", made: int | str | None = None) -> Onward:
    """Redirect to this address: what was asked is done, and text kept over a sign-in that was sent again goes."""
    if visit.who and visit.text("kept").isdecimal():
        with suppress(NotFound), visit.unit_of_work() as session:
            drop_text(session, visit.clock.now, visit.who.person_id, int(visit.text("kept")[:18]))
    response = Onward(address, note, made)
    if note:
        packed = base64.urlsafe_b64encode(note.encode()).decode()
        _set_cookie(visit, response, NOTE_COOKIE, packed, seconds=60)
    return response


def set_session_cookie(visit: Visit, response: Response, token: str) -> None:
    """Let the browser keep its session."""
    _set_cookie(visit, response, SESSION_COOKIE, token, seconds=visit.site.settings.session_hours * 3600)
    response.delete_cookie(STRANGER_COOKIE)


def _set_cookie(visit: Visit, response: Response, name: str, value: str, seconds: int | None = None) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        httponly=True,
        samesite="lax",
        secure=visit.request.url.scheme == "https",
        path="/",
    )


def _unpacked(note: str | None) -> str:
    try:
        return base64.urlsafe_b64decode(note or "").decode()[:300]
    except ValueError:
        return ""


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone)
