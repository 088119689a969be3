"""The board behind a proxy, under a path of its own, and what its answers say of how they travel."""

import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from app.up import board_server, greeting, held_port
from core.db import Database
from core.errors import Misconfigured
from core.settings import Settings, load_settings
from models.enums import Role
from tests.factories import DAY, clock_on, make_bureau, make_person
from tests.unit.app.web.conftest import World
from tests.unit.app.web.site import Board, Browser

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PLACES = ("/my", "/tasks", "/people", "/help/clerk", "/reviews")


def under(world: World, root: str) -> Browser:
    settings = {"base_url": f"https://oa.example.gov.cn{root}"}
    board = Board(world.board.database, world.board.folder, DAY, settings)
    return board.browser(world.home.clerk)


def addresses(page: str) -> set[str]:
    return set(re.findall(r'(?:href|src|action)="(/[^"#]*)', page))


@pytest.mark.parametrize("passed_on", ["/zgtz", ""], ids=["kept", "taken away"])
def test_under_a_path_every_address_stands_below_it(passed_on: str, world: World) -> None:
    clerk = under(world, "/zgtz")
    seen: set[str] = set()
    for path in (*PLACES, f"/tasks/{world.running}"):
        page = clerk.get(passed_on + path)
        assert page.status_code == 200, path
        seen |= addresses(page.text)
    assert seen
    assert all(each.startswith("/zgtz/") for each in seen), seen
    for each in sorted(seen - {"/zgtz/signout", "/zgtz/signout/everywhere"}):
        assert clerk.get(passed_on + each.removeprefix("/zgtz")).status_code in (200, 303, 405), each


def test_under_a_path_one_is_led_within_it(world: World) -> None:
    clerk, nobody = under(world, "/zgtz"), under(world, "/zgtz")
    nobody.client.cookies.clear()

    assert nobody.get("/zgtz/my").headers["location"] == "/zgtz/signin?next=/zgtz/my"
    assert nobody.get("/zgtz").status_code == nobody.get("/zgtz/").status_code == 303
    assert clerk.get("/zgtz/tasks/").headers["location"] == "/zgtz/tasks"
    sent = clerk.post(f"/zgtz/tasks/{world.running}/instruct", {"text": "请抓紧", "for": "chief"})
    assert sent.headers.get("location", "/zgtz/").startswith("/zgtz/")
    assert clerk.client.get("/zgtz/api/tasks").headers["content-type"] == "application/problem+json"
    assert clerk.client.get("/zgtz/api/openapi.json").json()["servers"] == [{"url": "/zgtz"}]


@pytest.mark.parametrize("path", ["/tasks/", "/tasks/?q=%E6%A1%88", "/people/import/"])
def test_a_slash_too_many_leads_to_the_page_and_to_no_other_host(path: str, world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    answer = clerk.client.get(path, headers={"Host": "evil.example"}, follow_redirects=False)
    assert answer.headers["location"] == path.replace("/?", "?").removesuffix("/")


@pytest.mark.parametrize(
    "path", ["//evil.example/", "/\\evil.example/", "/%5Cevil.example/", "///evil.example//"]
)
def test_no_address_leads_away_by_its_slashes(path: str, world: World) -> None:
    answer = world.board.browser().client.get(f"http://board.test{path}", follow_redirects=False)
    assert re.match(r"/[^/\\]", answer.headers.get("location", "/x")), answer.headers


def test_head_is_answered_as_get_without_the_body(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    for path in ("/tasks", "/healthz", "/static/frame.css", "/nowhere"):
        asked, got = clerk.client.head(path), clerk.client.get(path)
        assert asked.status_code == got.status_code, path
        assert asked.content == b""
        assert asked.headers.get("content-type") == got.headers.get("content-type")


def test_only_what_came_encrypted_is_told_to_stay_so(world: World) -> None:
    browser = world.board.browser()
    assert "strict-transport-security" not in browser.get("/signin").headers
    browser.client.base_url = "https://board.test"
    assert "strict-transport-security" in browser.get("/signin").headers


@pytest.fixture
def certificates(tmp_path: Path) -> Path:
    """A folder with a certificate for board.test and its key, made for this test alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "board.test")])
    now = datetime.now(UTC)
    unsigned = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    signed = unsigned.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True).sign(
        key, hashes.SHA256()
    )
    (tmp_path / "board.pem").write_bytes(signed.public_bytes(Encoding.PEM))
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "board.key").write_bytes(secret)
    return tmp_path


@contextmanager
def served(settings: Settings, database: Database) -> Iterator[int]:
    with held_port("127.0.0.1", 0) as held:
        server = board_server(settings, database)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [held]})
        thread.start()
        try:
            yield held.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


@pytest.mark.parametrize("trusted", ["", "10.9.9.9", "127.0.0.1", "127.0.0.0/8"])
def test_a_proxy_is_believed_where_it_is_named(trusted: str, database: Database, tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path, trusted_proxies=trusted)
    with served(settings, database) as port:
        asking = HTTPConnection("127.0.0.1", port, timeout=10)
        asking.request(
            "GET", "/signin", headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "10.1.1.1"}
        )
        with asking.getresponse() as answer:
            answer.read()
            is_believed = answer.headers["Strict-Transport-Security"] is not None
        asking.close()
    assert is_believed is trusted.startswith("127.")


def test_with_a_certificate_it_speaks_https(database: Database, tmp_path: Path, certificates: Path) -> None:
    settings = Settings(
        data_dir=tmp_path,
        ssl_certfile=certificates / "board.pem",
        ssl_keyfile=certificates / "board.key",
    )
    assert settings.own_url.startswith("https://")
    trusting = ssl.create_default_context(cafile=certificates / "board.pem")
    trusting.check_hostname = False
    with served(settings, database) as port:
        asking = HTTPSConnection("127.0.0.1", port, timeout=10, context=trusting)
        asking.request("GET", "/signin")
        with asking.getresponse() as answer:
            answer.read()
            assert answer.headers["Strict-Transport-Security"]
            assert "; Secure" in answer.headers["Set-Cookie"]
        asking.close()


@pytest.mark.parametrize(
    ("certificate", "key"), [("board.pem", "missing.key"), ("board.pem", "board.pem"), (None, "board.key")]
)
def test_a_certificate_that_cannot_be_used_is_told_in_words(
    certificate: str | None, key: str, database: Database, tmp_path: Path, certificates: Path
) -> None:
    settings = Settings(
        data_dir=tmp_path,
        ssl_certfile=certificates / certificate if certificate else None,
        ssl_keyfile=certificates / key,
    )
    with pytest.raises(Misconfigured, match="私钥用不了"):
        board_server(settings, database)


@pytest.mark.parametrize(
    ("given", "warned"),
    [
        ({"host": "0.0.0.0"}, "明文"),
        ({"host": "[::]"}, "明文"),
        ({"host": "127.0.0.1"}, ""),
        ({"host": "[::1]"}, ""),
        ({"host": "0.0.0.0", "ssl_certfile": "board.pem"}, ""),
        ({"base_url": "https://oa.example.gov.cn"}, "RECTIFY_TRUSTED_PROXIES"),
        ({"base_url": "https://oa.example.gov.cn", "trusted_proxies": ("127.0.0.1",)}, ""),
    ],
)
def test_who_starts_it_is_told_how_passwords_travel(
    given: dict[str, Any], warned: str, database: Database, tmp_path: Path
) -> None:
    settings = Settings(data_dir=tmp_path, **given)
    told = greeting(settings, database, clock_on(DAY))
    assert f"{settings.own_url}/" in told[0]
    assert any("明文" in line or "TRUSTED" in line for line in told) is bool(warned)
    assert warned in "".join(told)


def test_after_a_restore_nobody_is_offered_to_become_one_more_administrator(
    database: Database, tmp_path: Path
) -> None:
    """Backups hold no passwords: the administrator of that ledger is named instead."""
    settings = Settings(data_dir=tmp_path)
    assert "首次启用" in "".join(greeting(settings, database, clock_on(DAY)))
    with database.unit_of_work() as session:
        admin = make_person(session, make_bureau(session).legal, "xm", Role.ADMIN)
    told = "".join(greeting(settings, database, clock_on(DAY)))
    assert f"请系统管理员 {admin.login} 打开恢复时打印的链接" in told
    assert "首次启用" not in told
