"""`rectify setup`: what it is told it writes once, what is nonsense it refuses, and the web asks nothing twice."""

import os
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer

from app.cli import common
from app.doctor import QUICK, Level, Patient, examine
from core.clock import read_clock
from rectification.office.address import address_of, set_address
from rectification.office.units import home_bureau
from tests.cli import Rectify, Said, forget_installation
from tests.smtp import mailroom

BUREAU = "青河县交通运输局"
ADDRESS = "http://10.1.2.3:8321"


def written(rectify: Rectify) -> dict[str, Any]:
    return tomllib.loads((rectify.data_dir / "rectify.toml").read_text("utf-8"))


def home() -> str:
    with common.ledger().reading() as session:
        found = home_bureau(session)
        return found.name if found else ""


def refused(said: Said, *words: str) -> None:
    assert said.code == 1, said
    assert all(word in said.err for word in words), said.err
    assert "Traceback" not in said.err


def test_what_is_told_is_written_and_in_force(rectify: Rectify, tmp_path: Path) -> None:
    copies = tmp_path / "other disk"
    copies.mkdir()
    rectify.ok(
        "setup",
        "--bureau",
        BUREAU,
        "--network",
        "--port",
        "8400",
        "--address",
        ADDRESS + "/",
        "--backups",
        copies,
    )
    assert written(rectify) == {
        "host": "0.0.0.0", "port": 8400, "base_url": ADDRESS, "backup_folder": str(copies)
    }  # fmt: skip
    assert home() == BUREAU
    forget_installation()
    assert (common.settings().host, common.settings().nightly_dir) == ("0.0.0.0", copies)
    if os.name == "posix":
        assert (rectify.data_dir / "rectify.toml").stat().st_mode & 0o077 == 0


def test_one_answer_changes_one_setting_and_leaves_what_was_written_by_hand(rectify: Rectify) -> None:
    rectify.ok("setup", "--bureau", BUREAU, "--port", "8400")
    file = rectify.data_dir / "rectify.toml"
    file.write_text(
        file.read_text("utf-8") + '# 群机器人\nrobots = [\n  "https://a.example/x",\n]\n', "utf-8"
    )
    forget_installation()
    rectify.ok("setup", "--port", "8500", "--bureau", BUREAU)
    assert written(rectify) == {"port": 8500, "robots": ["https://a.example/x"]}
    assert "# 群机器人" in file.read_text("utf-8")


def links(rectify: Rectify) -> str:
    forget_installation()
    with common.ledger().reading() as session:
        return address_of(session, common.settings()).url


def test_links_follow_the_port_they_led_to(rectify: Rectify) -> None:
    rectify.ok("setup", "--bureau", BUREAU, "--port", "8321", "--address", f"{ADDRESS}/zgtz")
    forget_installation()
    rectify.ok("setup", "--port", "8500")
    assert links(rectify) == "http://10.1.2.3:8500/zgtz"
    rectify.ok("setup", "--port", "8600", "--address", "https://zg.example.gov.cn")  # behind a proxy
    forget_installation()
    rectify.ok("setup", "--port", "8700")
    assert links(rectify) == "https://zg.example.gov.cn"


def test_an_address_set_on_the_page_follows_too(rectify: Rectify) -> None:
    rectify.ok("setup", "--bureau", BUREAU)
    with common.ledger().unit_of_work() as session:
        set_address(session, common.system_by(), ADDRESS)
    refused(rectify("setup", "--port", "8500", "--backups", "/不存在/beifen"), "不在或不能写入")
    assert links(rectify) == ADDRESS
    rectify.ok("setup", "--port", "8500")
    assert links(rectify) == "http://10.1.2.3:8500"


def test_a_file_whose_lines_cannot_be_told_apart_stays(rectify: Rectify) -> None:
    rectify.ok("setup", "--bureau", BUREAU)
    file = rectify.data_dir / "rectify.toml"
    file.write_text('mail_from = """\nport = 1\n<a@b.cn>"""\n', "utf-8")
    forget_installation()
    before = file.read_bytes()
    said = rectify("setup", "--port", "8500")
    assert said.code == 1
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("--network", "--address", "http://localhost:8321"), "只有本机打得开"),
        (("--address", "10.1.2.3"), "不是网址"),
        (("--address", "http://张三:8321?x=1"), "不是网址"),
        (("--port", "70000"), "不能大于 65535"),
        (("--port", "0"), "不能小于 1"),
        (("--timezone", "Mars/Base"), "没有名为 Mars/Base 的时区"),
        (("--mail", "gmail"), "没有叫“gmail”的邮箱种类"),
        (("--mail", "163"), "--mail-account"),
        (("--backups", "beifen"), "不是完整路径"),
        (("--backups", "/不存在/beifen"), "不在或不能写入"),
        (("--bureau", "另一局"), f"已经登记为“{BUREAU}”"),
    ],
)
def test_nonsense_is_refused_and_nothing_is_written(
    rectify: Rectify, options: tuple[str, ...], word: str
) -> None:
    rectify.ok("setup", "--bureau", BUREAU)
    refused(rectify("setup", "--port", "8400", *options), word)
    assert written(rectify) == {}
    assert home() == BUREAU


def test_backups_inside_the_data_folder_are_refused(rectify: Rectify) -> None:
    refused(rectify("setup", "--backups", rectify.data_dir / "copies"), "和台账一起丢失")


def test_a_mailbox_is_tried_before_it_is_kept(rectify: Rectify, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("ab@c/1 \n", "utf-8")
    account = ("--mail-account", "zgtz@example.gov.cn", "--mail-password", secret)
    refused(rectify("setup", "--mail", "smtp://127.0.0.1:9", *account), "连不上", "--untried")
    assert not (rectify.data_dir / "rectify.toml").exists()
    rectify.ok("setup", "--mail", "smtp://127.0.0.1:9", *account, "--untried")
    assert written(rectify)["smtp_url"] == "smtp://zgtz%40example.gov.cn:ab%40c%2F1@127.0.0.1:9"
    rectify.ok("setup", "--mail", "exchange:mail.example.gov.cn", *account, "--untried")
    assert written(rectify)["smtp_url"].endswith("@mail.example.gov.cn:587")
    rectify.ok("setup", "--mail", "none", "--bureau", BUREAU)
    assert written(rectify) == {}


def test_a_password_no_server_takes_is_not_saved_untried_either(rectify: Rectify, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("密码", "utf-8")
    account = ("--mail-account", "zgtz@example.gov.cn", "--mail-password", secret, "--untried")
    refused(rectify("setup", "--mail", "163", *account), "密码的第 1 个字符是汉字")
    assert not (rectify.data_dir / "rectify.toml").exists()


@pytest.mark.parametrize(
    ("line", "mending"),
    [
        ('smtp_url = "smtps://u:%E5%AF%86@smtp.163.com:465"', ("--mail", "none")),
        ("port = 99999", ("--port", "8400")),
        ('timezone = "Mars/Base"', ("--timezone", "Asia/Shanghai")),
    ],
)
def test_setup_mends_a_file_the_program_refuses(
    rectify: Rectify, line: str, mending: tuple[str, ...]
) -> None:
    file = rectify.data_dir / "rectify.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"{line}\nkeep_backups = 7\n", "utf-8")
    refused(rectify("doctor"), "设置有误")
    said = rectify.ok("setup", *mending)
    assert line.partition(" ")[0] in said.err
    assert written(rectify)["keep_backups"] == 7
    assert line not in file.read_text("utf-8")
    forget_installation()
    rectify("doctor")  # opens again
    assert common.settings().keep_backups == 7


def test_what_setup_does_not_ask_for_it_leaves_to_be_mended_by_hand(rectify: Rectify) -> None:
    file = rectify.data_dir / "rectify.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text("port = 99999\nkeep_backups = 0\n", "utf-8")
    refused(rectify("setup", "--port", "8400"), "keep_backups")
    assert "keep_backups = 0" in file.read_text("utf-8")


def test_a_relay_that_asks_for_no_login_needs_a_sender_alone(rectify: Rectify) -> None:
    relay = ("setup", "--mail", "smtp://10.1.2.9:25", "--untried")
    refused(rectify(*relay), "--mail-account")
    rectify.ok(*relay, "--mail-account", "zgtz@example.gov.cn")
    assert written(rectify) == {
        "smtp_url": "smtp://10.1.2.9:25", "mail_from": "整改台账 <zgtz@example.gov.cn>"
    }  # fmt: skip


def test_a_server_without_login_says_so_to_who_gives_a_password(rectify: Rectify, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("geheim", "utf-8")
    account = ("--mail-account", "zgtz@example.gov.cn", "--mail-password", secret)
    with mailroom() as room:
        refused(rectify("setup", "--mail", room.url, *account), "不用登录", "不写用户名和密码")
        rectify.ok("setup", "--mail", room.url, *account[:2])


def test_where_nobody_can_answer_nothing_is_asked_or_written(rectify: Rectify) -> None:
    refused(rectify("setup"), "没有改动设置", "rectify setup --help")
    assert not (rectify.data_dir / "rectify.toml").exists()


def test_questions_are_asked_again_until_the_answer_will_do(
    rectify: Rectify, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(
        [
            "是",
            "maybe",
            "y",
            "99999",
            "8400",
            "http://127.0.0.1",
            ADDRESS,
            "none",
            str(rectify.data_dir / "backups"),
            BUREAU,
        ]
    )
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr(typer, "prompt", lambda *_, **__: next(answers))
    said = rectify.ok("setup")
    assert "请答 是 或 否" in said.err
    assert "不能大于 65535" in said.err
    assert "只有本机打得开" in said.err
    assert written(rectify) == {"host": "0.0.0.0", "port": 8400, "base_url": ADDRESS}


def test_a_wrong_clock_ends_the_questions(rectify: Rectify, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr(typer, "prompt", lambda *_, **__: "否")
    refused(rectify("setup"), "请先校准这台电脑的时间")


def test_a_disk_that_is_not_there_fails_the_backup_and_is_told(rectify: Rectify, tmp_path: Path) -> None:
    copies = tmp_path / "disk"
    copies.mkdir()
    rectify.ok("setup", "--bureau", BUREAU, "--backups", copies)
    forget_installation()
    rectify.ok("run", "backup")
    assert list(copies.glob("rectify-*.zip"))
    assert not list((rectify.data_dir / "backups").glob("rectify-*.zip"))
    copies.rename(tmp_path / "gone")
    refused(rectify("run", "backup", "--again"), "未完成")
    assert not copies.exists()
    zone = common.settings().zone
    found = list(examine(Patient(common.settings(), common.ledger(), read_clock(zone)), QUICK))
    assert any(each.level is Level.PROBLEM and str(copies) in each.what for each in found)
