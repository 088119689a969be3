"""Group robots of 钉钉, 企业微信 and 飞书, beside mail: once a day the bureau's counts and the link, no task and no name.

Offices read these and not their mail. A message is an outbox row of no person, one a robot and day, claimed and settled
like any mail. `apprise`, which knows how each is spoken to, is imported when one is to be sent.
"""

import json
import logging
from collections.abc import Collection, Iterator
from datetime import date
from hashlib import sha256
from importlib import import_module
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.settings import Settings
from core.text import one_line
from models.enums import OutboxStatus
from models.mail import OutboxMessage
from notifications import outbox
from notifications.letterhead import Letterhead
from notifications.render import Rendered
from notifications.transports import Mail, NotSent, RefusedForGood, RefusedForNow, Transport, transport_of
from rectification.lists.district import count_bureaus
from rectification.office.address import addressed
from rectification.office.calendar import load_calendar
from rectification.office.settings import policy_of
from rectification.office.units import home_bureau
from rectification.task.deadlines import near_until

TEMPLATE: Final = "group"
_ROBOT: Final = "robot:"
_TOO_MANY: Final = frozenset({130101, 45009, 9499, 11232})
"""What the three answer to who sends too often."""


def robots_of(settings: Settings) -> dict[str, str]:
    """The robots' webhooks, by what the outbox knows them as: a mark that gives no secret away."""
    urls = (robot.get_secret_value() for robot in settings.robots)
    return {f"{_ROBOT}{sha256(url.encode()).hexdigest()[:12]}": url for url in urls}


def write_group_messages(
    session: Session, clock: Clock, bureau_ids: Collection[int], settings: Settings
) -> int:
    """The day's message to each robot, once, where the home bureau is among these; how many were written."""
    home = home_bureau(session) if settings.robots else None
    if home is None or home.id not in bureau_ids:
        return 0
    letterhead = Letterhead.of(addressed(session, settings))
    words = _words(session, clock.today, home.id, letterhead)
    keys = {address: f"{TEMPLATE}:{home.id}:{address}:{clock.today}" for address in robots_of(settings)}
    written = set(session.scalars(select(OutboxMessage.key).where(OutboxMessage.key.in_(keys.values()))))
    new = {address: key for address, key in keys.items() if words and key not in written}
    for address, key in new.items():
        session.add(
            OutboxMessage(
                bureau_id=home.id,
                key=key,
                template=TEMPLATE,
                day=clock.today,
                status=OutboxStatus.QUEUED,
                message_id=letterhead.message_id(key),
                address=address,
                subject="群消息",
                body_text=words,
                next_attempt_at=clock.now,
                send_until=letterhead.end_of_day(clock.now),
                created_at=clock.now,
            )
        )
    return len(new)


def check(session: Session, letterhead: Letterhead, numbers: Collection[int]) -> Iterator[int]:
    """Count anew what unsent messages say: those that have something to say, by number; the others are withdrawn."""
    for message in session.scalars(select(OutboxMessage).where(OutboxMessage.id.in_(numbers))):
        words = _words(session, message.day, message.bureau_id, letterhead)
        if words:
            outbox.rewrite(session, {message.id: Rendered(message.subject, words, "")})
            yield message.id
        else:
            outbox.withdraw(session, message.id)


def _words(session: Session, day: date, bureau_id: int, letterhead: Letterhead) -> str:
    """What the group is told; empty where nothing is overdue or near."""
    until = near_until(day, load_calendar(session), policy_of(session, bureau_id, day))
    counted = count_bureaus(session, (bureau_id,), day, until)[bureau_id]
    if not any(counts.overdue or counts.near for counts in counted.values()):
        return ""
    heads = {True: "整改任务未销号", False: "工作任务未办结"}
    lines = (
        f"{heads[is_problem]} {counts.open} 项，其中超期 {counts.overdue} 项，临期 {counts.near} 项"
        for is_problem, counts in counted.items()
        if counts.open
    )
    return "\n".join((f"【整改台账】{day.month}月{day.day}日", *lines, f"请登录查看：{letterhead.base_url}/"))


class Outlet:
    """Every way out: mail by its transport, group messages by their robots. `outcome` is of what went last."""

    def __init__(self, settings: Settings) -> None:
        self._mail: Transport = transport_of(settings)
        self._robots = robots_of(settings)
        self.outcome = self._mail.outcome

    def deliver(self, mail: Mail) -> None:
        if not mail.address.startswith(_ROBOT):
            self._mail.deliver(mail)
            self.outcome = self._mail.outcome
            return
        url = self._robots.get(mail.address)
        if url is None:
            raise RefusedForGood("这个群机器人已不在设置中")
        _post(url, mail.content.decode())
        self.outcome = OutboxStatus.SENT

    def rest(self) -> None:
        self._mail.rest()

    def close(self) -> None:
        self._mail.close()


class _Ear:
    """Stands for `requests` while a plugin sends: apprise goes by the HTTP status, and these robots refuse with a 200."""

    def __init__(self, requests: Any) -> None:
        self._requests = requests
        self.answer: Any = None
        self.failure: Exception | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._requests, name)

    def post(self, url: str, **asked: Any) -> Any:
        try:
            self.answer = self._requests.post(url, **asked)
        except self._requests.RequestException as error:
            self.failure = error
            raise
        return self.answer


def _post(url: str, text: str) -> None:
    """Raises: NotSent. Who gave no answer may have shown it: it is not sent again."""
    robot = robot_at(url)
    module: Any = import_module(type(robot).__module__)
    ear = _Ear(module.requests)
    module.requests = ear
    try:
        robot.send(text)
    finally:
        module.requests = ear._requests
    if ear.failure is not None:
        cause = next(iter(ear.failure.args), None)
        if isinstance(ear.failure, ear.ReadTimeout) or type(cause).__name__ == "ProtocolError":
            raise RefusedForGood("群机器人没有答复，可能已送达，不再重发")
        raise RefusedForNow("连不上群机器人")
    if refusal := _refusal(ear.answer):
        raise refusal


def robot_at(url: str) -> Any:
    """The apprise plugin for a webhook as its application shows it, on whichever host: many offices run their own.

    Raises: RefusedForGood, for what is none of the three.
    """
    place, _, query = url.partition("?")
    asked = {name: values[0] for name, values in parse_qs(query).items()}
    path = urlsplit(place).path
    robot: Any
    try:
        if path.endswith("/robot/send"):
            robot = _plugin("dingtalk").NotifyDingTalk(asked["access_token"], secret=asked.get("secret"))
            robot.notify_url = place + "?access_token={token}"
        elif path.endswith("/cgi-bin/webhook/send"):
            robot = _plugin("wecombot").NotifyWeComBot(asked["key"])
            robot.api_url = f"{place}?key={asked['key']}"
        else:
            head, _, token = place.rpartition("/bot/v2/hook/")
            robot = _plugin("feishu").NotifyFeishu(token if head else "")
            robot.notify_url = head + "/bot/v2/hook/{token}"
    except (KeyError, TypeError):
        raise RefusedForGood("群机器人地址读不懂，应是群里给出的 Webhook 地址") from None
    return robot


def _plugin(name: str) -> Any:
    """A module of apprise, imported only here; its log is off, as it quotes addresses with their secrets."""
    logging.getLogger("apprise").disabled = True
    return import_module(f"apprise.plugins.{name}")


def _refusal(answer: Any) -> NotSent | None:
    """Why the robot refused; nothing where it took the message."""
    try:
        said = json.loads(answer.content)
        code, why = (
            int(said.get("errcode", said.get("code", 0))),
            str(said.get("errmsg", said.get("msg", ""))),
        )
    except (ValueError, AttributeError, TypeError):
        code, why = answer.status_code, "答复读不懂"
    if answer.status_code == 200 and code == 0:
        return None
    is_passing = code in _TOO_MANY or answer.status_code == 429 or answer.status_code >= 500
    return (RefusedForNow if is_passing else RefusedForGood)(f"群机器人拒收：{code} {one_line(why)[:100]}")
