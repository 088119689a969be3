"""Rows of docs/security/asvs.md that no other test shows."""

import io
import logging
import socket
import ssl
import threading
from contextlib import closing, suppress
from email.message import EmailMessage
from pathlib import Path

import pytest
from docx import Document
from sqlalchemy import select

from core.db import Database
from documents.word.template import WordTemplate
from models.enums import Role, Status
from models.organisation import Person, PersonRole
from models.task import RectificationTask
from notifications.transports import NotSent, Smtp
from rectification.office.people import MAILBOX_FORM
from tests.unit.app.web.conftest import World, status_of
from tests.unit.app.web.site import Board
from tests.unit.app.web.test_proxy import certificates

__all__ = ("certificates",)
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@SQLITE
def test_what_a_form_was_not_asked_for_is_not_taken(world: World) -> None:
    officer, home = world.board.browser(world.home.officer), world.home
    smuggled = {
        "status": "closed",
        "reviewer_id": str(home.officer.id),
        "due_on": "2030-01-01",
        "officer_id": str(home.head.id),
    }
    assert (
        officer.post(f"/tasks/{world.running}/progress", {"text": "已补齐。"} | smuggled).status_code == 303
    )
    assert status_of(world, world.running) is Status.IN_PROGRESS
    with world.board.database.reading() as session:
        task = session.scalars(select(RectificationTask).where(RectificationTask.code == world.running)).one()
        assert (task.reviewer_id, task.officer_id) == (home.reviewer.id, home.officer.id)
        roles = session.scalars(select(PersonRole.role).where(PersonRole.person_id == home.officer.id)).all()
        assert roles == [Role.OFFICER]


@SQLITE
def test_what_describes_the_program_is_not_published(board: Board) -> None:
    browser = board.browser()
    for path in (
        "/docs",
        "/redoc",
        "/openapi.json",
        "/.git/config",
        "/static/../core/db.py",
        "/rectify.db",
    ):
        assert browser.get(path).status_code == 404, path
    assert "server" not in browser.get("/signin").headers
    for method in ("PUT", "DELETE", "TRACE", "PATCH"):
        assert browser.client.request(method, "/signin").status_code == 405, method


@SQLITE
def test_no_address_writes_a_line_of_its_own_into_the_log(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*arguments: object, **named: object) -> None:
        raise ZeroDivisionError

    browser = world.board.browser(world.home.officer)
    monkeypatch.setattr("app.web.page_request.recognised", broken)
    with caplog.at_level(logging.ERROR, "rectify.unforeseen"):
        browser.get(f"/tasks/{world.running}%0d%0a2026-01-01 ERROR forged")
    [told] = [each for each in caplog.messages if "forged" in each]
    assert "\n" not in told
    assert "\r" not in told


@pytest.mark.parametrize("ending", ["\n", "\r\nBcc: all@example.gov.cn", "\0", " x", ",b@example.gov.cn"])
def test_no_mailbox_brings_a_header_of_its_own(ending: str) -> None:
    assert not MAILBOX_FORM.fullmatch(f"zhang@example.gov.cn{ending}")
    with pytest.raises(ValueError, match=r"linefeed|newline"):
        EmailMessage()["Subject"] = "提醒\r\nBcc: all@example.gov.cn"


@pytest.mark.parametrize(
    "field",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ range(100000000) }}",
        "{% include 'other' %}",
        "{{ lipsum.__globals__ }}",
    ],
)
def test_a_word_template_of_the_offices_own_runs_nothing(tmp_path: Path, field: str) -> None:
    document, stored = Document(), io.BytesIO()
    document.add_paragraph(field)
    document.save(stored)
    (tmp_path / "briefing.docx").write_bytes(stored.getvalue())
    template = WordTemplate("briefing", tmp_path)
    assert template.problem({}).startswith("模板 ")


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_no_password_goes_to_a_mail_server_that_is_not_known(certificates: Path, scheme: str) -> None:
    """One with a certificate nobody vouches for, and one that speaks no STARTTLS."""
    known = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    known.load_cert_chain(certificates / "board.pem", certificates / "board.key")
    heard: list[bytes] = []

    def answer(listening: socket.socket) -> None:
        with suppress(OSError), listening.accept()[0] as plain:
            if scheme == "smtps":
                with known.wrap_socket(plain, server_side=True) as speaking:
                    heard.append(speaking.recv(100))
                return
            plain.sendall(b"220 mail\r\n")
            while line := plain.recv(1000):
                heard.append(line)
                plain.sendall(b"250 mail\r\n" if line.startswith((b"EHLO", b"HELO")) else b"502 no\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=answer, args=(listening,))
        thread.start()
        url = f"{scheme}://zhang:geheim@127.0.0.1:{listening.getsockname()[1]}"
        with pytest.raises(NotSent), closing(Smtp(url, "office@example.gov.cn", 5)) as smtp:
            smtp.check()
        thread.join()
    assert b"AUTH" not in b"".join(heard)


def test_a_failing_statement_is_not_the_visitors_to_read(database: Database) -> None:
    with database.unit_of_work() as session:
        assert session.scalars(select(Person.id).where(Person.login == "' OR 1=1 --")).all() == []
