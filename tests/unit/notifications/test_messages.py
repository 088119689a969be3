"""Templates, the bytes made of them, and that nothing a person typed can forge a line, a header or a tag."""

import re
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import NotFound
from core.text import one_line
from notifications.digests import Desk, Item, digest_of
from notifications.letterhead import Letterhead
from notifications.mime import Envelope, to_bytes
from notifications.preview import NAMES, preview
from notifications.render import TEMPLATES, Rendered, render
from rectification.office.settings import Policy
from rectification.reminders.facts import Directory, Recipient
from rectification.reminders.rules import DayRules, Mention
from rectification.reminders.task_facts import Roster
from rectification.roles_in_task import Part
from tests.unit.rectification.reminders.test_rules import CALENDAR, TASK

HOUSE = Letterhead("http://ledger.test", "整改台账 <rectify@office.gov.cn>", True, ZoneInfo("Asia/Shanghai"))
NASTY = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from("\r\n\t\0\x85\u2028\u2029\u202e\u2066\u200d<>&\"'{}%,;:@=?📌العربية"),
    ),
    max_size=60,
)
DAY = date(2026, 6, 25)


def recipient(name: str) -> Recipient:
    return Recipient(1, 1, name, "a", "a@b.cn", "", wants_mail=True)


def parsed(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def texts_of(message: EmailMessage) -> tuple[str, str]:
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    return text.get_content(), html.get_content()


@pytest.mark.parametrize("folder", sorted(path.name for path in TEMPLATES.iterdir() if path.name[0] != "_"))
def test_every_template_is_a_trio(folder: str) -> None:
    files = {path.name for path in (TEMPLATES / folder).iterdir()}
    assert files == {"subject.txt", "body.txt", "body.html"}


@pytest.mark.parametrize("name", NAMES)
def test_every_sample_says_the_same_as_text_and_as_html(name: str) -> None:
    shown = preview(name)
    assert "\n" not in shown.subject
    assert shown.subject.startswith("【整改")
    body = re.sub(r"</?b\b[^>]*>", "", shown.html.partition("<body")[2].partition(">")[2])
    visible = unescape(re.sub(r"<[^>]+>", " ", body))
    words = set(re.findall(r"[\w一-鿿]{2,}", visible))
    in_text = set(re.findall(r"[\w一-鿿]{2,}", shown.text))
    assert not words - in_text - {"查看通报全文"}
    for line in shown.text.splitlines():
        for url in re.findall(r"https?://\S+", line):
            assert url in shown.html


@pytest.mark.parametrize("name", NAMES)
def test_a_message_fetches_nothing_from_anywhere(name: str) -> None:
    html = preview(name).html
    assert not re.search(r"<(img|script|link|iframe)|url\(|@import|src=", html)


def test_an_unknown_template_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(NotFound, match="digest"):
        preview("nothing")


@settings(deadline=None, max_examples=150)
@given(name=NASTY, title=NASTY, code=NASTY, text=NASTY)
def test_nothing_typed_can_forge_a_line_or_a_tag(name: str, title: str, code: str, text: str) -> None:
    task = type(TASK)(
        **{**{f: getattr(TASK, f) for f in TASK.__slots__}, "title": title, "code": code, "text": text}
    )
    item = Item(task, Mention(1, Part.OFFICER, "task", date(2026, 6, 30), -3, -30))
    desk = Desk(DayRules(DAY, CALENDAR, Policy()), Directory({}, Roster()), HOUSE, f"局{name}")
    plain_desk = Desk(desk.rules, desk.directory, HOUSE, "乙")
    shown = render(digest_of(recipient(name), [item], desk))
    plain = render(digest_of(recipient("甲"), [Item(TASK, item.mention)], plain_desk))
    has_detail = bool(one_line(text))
    assert shown.subject == plain.subject == "【整改提醒】1项临期"
    assert len(shown.text.splitlines()) == len(plain.text.splitlines()) + has_detail
    tags = re.findall(r"<(?!!)/?[a-z0-9]+", shown.html)
    extra = ["<br", "<span", "</span"] if has_detail else []
    assert sorted(tags) == sorted(re.findall(r"<(?!!)/?[a-z0-9]+", plain.html) + extra)


@settings(deadline=None, max_examples=150)
@given(name=NASTY, subject=NASTY, body=NASTY)
def test_whatever_the_fields_hold_the_bytes_are_one_mail_with_these_headers(
    name: str, subject: str, body: str
) -> None:
    envelope = Envelope(
        HOUSE.sender,
        name,
        "a@b.cn",
        "<1@office.gov.cn>",
        datetime(2026, 6, 25, tzinfo=UTC),
        ("<t@x>", "<u@x>"),
    )
    content = to_bytes(envelope, Rendered(subject, body, f"<p>{len(body)}</p>"))
    message = parsed(content)
    assert message.keys() == [
        "From", "To", "Subject", "Date", "Message-ID", "References", "Auto-Submitted",
        "X-Auto-Response-Suppress", "MIME-Version", "Content-Type",
    ]  # fmt: skip
    assert not message.defects
    assert " ".join(str(message["Subject"]).split()) == " ".join(one_line(subject).split())
    assert [address.addr_spec for address in message["To"].addresses] == ["a@b.cn"]
    assert str(message["References"]).split() == ["<t@x>", "<u@x>"]
    text, html = texts_of(message)
    assert text.replace("\r\n", "\n") == body.replace("\r\n", "\n") or "\r" in body
    assert html == f"<p>{len(body)}</p>"
    assert all(len(line) <= 998 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_an_address_cannot_bring_a_second_recipient() -> None:
    envelope = Envelope(
        HOUSE.sender, "甲", "a@b.cn>, <c@d.cn\r\nBcc: e@f.cn", "<1@x>", datetime(2026, 6, 25, tzinfo=UTC)
    )
    message = parsed(to_bytes(envelope, Rendered("s", "t", "h")))
    assert "Bcc" not in message
    assert len(message["To"].addresses) <= 1


def test_a_message_id_is_the_same_each_time_and_another_elsewhere() -> None:
    elsewhere = Letterhead("http://other.test", HOUSE.sender, True, HOUSE.zone)
    assert HOUSE.message_id("digest:1:2:2026-06-25") == HOUSE.message_id("digest:1:2:2026-06-25")
    assert HOUSE.message_id("digest:1:2:2026-06-25") != elsewhere.message_id("digest:1:2:2026-06-25")
    assert HOUSE.message_id("k").endswith("@office.gov.cn>")
