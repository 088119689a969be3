"""What doctor says of a new installation, and of one that mails links nobody can open."""

import pytest
from sqlalchemy import text

from app.cli import common
from tests.cli import Rectify
from tests.smtp import mailroom


def levels(rectify: Rectify) -> dict[str, str]:
    return {finding["what"]: finding["level"] for finding in rectify("doctor", "--json").json}


def test_an_empty_installation_is_told_what_to_do_next(rectify: Rectify) -> None:
    said = rectify("doctor")
    assert said.code == 0
    assert "还没有登记本单位" in said.out
    assert "邮件未外发" in said.out
    rectify.ok("unit", "add", "松原县交通局")
    assert "还没有人员" in rectify("doctor").out


def test_the_history_is_checked_and_who_was_altered_behind_it_is_named(rectify: Rectify) -> None:
    rectify.ok("unit", "add", "松原县交通局")
    rectify.ok("unit", "add", "法规科")
    told = len(rectify.ok("audit", "office", "--json").json)
    assert f"办理记录和单位人员变动记录完好，共 {told} 条，与台账一致" in rectify("doctor").out

    with common.ledger().unit_of_work() as session:
        session.execute(text("UPDATE unit SET name = '办公室' WHERE name = '法规科'"))
    said = rectify("doctor")

    where = f"单位和人员变动记录第 {told} 条之后，单位、人员或设置被绕过系统直接改动（单位第 2 号·名称）"
    assert said.code == 1
    assert where in said.out.replace("\n", "")


def test_links_to_this_very_machine_are_a_problem_once_mail_goes_out(
    rectify: Rectify, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECTIFY_SMTP_URL", "smtp://127.0.0.1:2525")
    common.settings.cache_clear()
    said = rectify("doctor")
    assert said.code == 1
    assert "收件人打不开" in said.out


def test_an_open_data_folder_is_a_problem(rectify: Rectify) -> None:
    rectify.ok("unit", "list")
    rectify.data_dir.chmod(0o755)
    assert "problem" in levels(rectify).values()


def test_a_test_mail_goes_out_at_once_and_what_the_server_refuses_is_told(
    rectify: Rectify, monkeypatch: pytest.MonkeyPatch
) -> None:
    rectify.ok("unit", "list")
    with mailroom() as room:
        monkeypatch.setenv("RECTIFY_SMTP_URL", room.url)
        monkeypatch.setenv("RECTIFY_BASE_URL", "http://ledger.office.gov.cn")
        common.settings.cache_clear()
        assert "已由邮件服务器接收" in rectify.ok("doctor", "--test-mail", "su@office.gov.cn").out
        [(to, message)] = room.received
        assert (to, message["Subject"]) == ("su@office.gov.cn", "【整改台账】测试邮件")
        room.at_rcpt = lambda _: "550 no such user"
        said = rectify("doctor", "--test-mail", "gone@office.gov.cn")
        assert said.code == 1
        assert "550 no such user" in said.out
    assert "连不上邮件服务器" in rectify("doctor").out


def test_without_a_server_a_test_mail_is_only_written_and_said_to_be(rectify: Rectify) -> None:
    assert "没有外发" in rectify.ok("doctor", "--test-mail", "su@office.gov.cn").out
    assert len(list((rectify.data_dir / "mail").glob("test-*.eml"))) == 1
    assert "不是邮箱地址" in rectify("doctor", "--test-mail", "苏敏").err
