"""Group robots: counts and the link, once a day, told from a mail that went by what the robot answers."""

import logging
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.clock import Clock
from core.db import Database, database_now
from core.settings import Settings, load_settings
from models.enums import OutboxStatus
from models.mail import OutboxMessage
from notifications.health import mail_health
from notifications.log import mail_log
from notifications.robots import robot_at, robots_of, write_group_messages
from notifications.sender import send_due
from notifications.transports import RefusedForGood
from rectification.office.calendar import load_calendar
from tests.factories import Office, make_bureau, make_task
from tests.robots import Groups, groups

DUE = date(2026, 6, 30)


@pytest.fixture
def there() -> Iterator[Groups]:
    with groups() as made:
        yield made


@pytest.fixture
def office(database: Database) -> Office:
    with database.unit_of_work() as session:
        made = make_bureau(session)
        make_task(session, made, text="行政执法公示不够及时。")
    return made


def house(folder: Path, *robots: str) -> Settings:
    return Settings(data_dir=folder, base_url="http://ledger.test", robots=" ".join(robots))


def written(database: Database, office: Office, settings: Settings, day: date = DUE) -> int:
    with database.unit_of_work() as session:
        return write_group_messages(session, Clock(database_now(session), day), [office.bureau.id], settings)


def rows(database: Database) -> list[OutboxMessage]:
    with database.reading() as session:
        return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def test_each_robot_is_told_counts_and_link_once_a_day(
    database: Database, office: Office, there: Groups, tmp_path: Path
) -> None:
    settings = house(tmp_path, there.dingtalk, there.wecom, there.feishu)
    assert written(database, office, settings) == 3
    assert written(database, office, settings) == 0
    assert send_due(database, settings) == 3
    assert send_due(database, settings) == 0
    text = (
        "【整改台账】6月30日\n整改任务未销号 1 项，其中超期 0 项，临期 1 项\n请登录查看：http://ledger.test/"
    )
    said = {path.partition("?")[0]: posted for path, posted in there.heard}
    assert said == {
        "/robot/send": {
            "msgtype": "text",
            "at": {"atMobiles": [], "isAtAll": False},
            "text": {"content": text},
        },
        "/cgi-bin/webhook/send": {"msgtype": "text", "text": {"content": text}},
        "/open-apis/bot/v2/hook/1a2b-3c4d": {"msg_type": "text", "content": {"text": text}},
    }
    [signed] = [path for path, _ in there.heard if path.startswith("/robot")]
    assert "access_token=abc123" in signed
    assert "sign=" in signed
    assert {row.status for row in rows(database)} == {OutboxStatus.SENT}
    assert written(database, office, settings, DUE + timedelta(days=1)) == 3


def test_neither_task_nor_name_nor_secret_is_kept_or_said(
    database: Database, office: Office, there: Groups, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = house(
        tmp_path, there.dingtalk, there.wecom, f"{there.url}/robot/send?access_token=不对的abc123"
    )
    written(database, office, settings)
    with caplog.at_level(logging.DEBUG, "rectify"):
        send_due(database, settings)
    kept = " ".join(f"{row.key} {row.address} {row.body_text} {row.last_error}" for row in rows(database))
    for secret in ("abc123", "SECdef456", "693a91f6", "陈路", "公示", "2026-001"):
        assert secret not in kept
        assert secret not in caplog.text
        assert secret not in repr(settings)


@pytest.mark.parametrize(
    ("status", "answer", "becomes"),
    [
        (200, {"errcode": 310000, "errmsg": "keywords not in content"}, OutboxStatus.UNDELIVERED),
        (200, {"errcode": 93000, "errmsg": "invalid webhook url"}, OutboxStatus.UNDELIVERED),
        (200, {"code": 19024, "msg": "Key Words Not Found"}, OutboxStatus.UNDELIVERED),
        (404, b"not here", OutboxStatus.UNDELIVERED),
        (200, b"<html>", OutboxStatus.UNDELIVERED),
        (200, {"errcode": 130101, "errmsg": "send too fast"}, OutboxStatus.QUEUED),
        (200, {"errcode": 45009, "errmsg": "api freq out of limit"}, OutboxStatus.QUEUED),
        (400, {"code": 9499, "msg": "too many requests"}, OutboxStatus.QUEUED),
        (429, {}, OutboxStatus.QUEUED),
        (502, b"", OutboxStatus.QUEUED),
    ],
)
def test_a_refusal_with_200_is_a_refusal(
    database: Database,
    office: Office,
    there: Groups,
    tmp_path: Path,
    status: int,
    answer: Any,
    becomes: OutboxStatus,
) -> None:
    there.status, there.answer = status, answer
    settings = house(tmp_path, there.wecom)
    written(database, office, settings)
    send_due(database, settings)
    [row] = rows(database)
    assert row.status is becomes
    assert row.last_error.startswith("群机器人拒收")
    with database.reading() as session:
        [logged] = mail_log(session, undelivered=True)
        now = Clock(database_now(session), DUE)
        unheard = mail_health(session, now, load_calendar(session), office.bureau.id).unheard
    assert logged.name == "群机器人"
    assert any("群消息没有发到" in each for each in unheard) is (becomes is OutboxStatus.UNDELIVERED)


@pytest.mark.parametrize(("stall", "hangs_up"), [(5.0, False), (0.0, True)])
def test_who_gives_no_answer_may_have_shown_it_and_is_not_told_again(
    database: Database, office: Office, there: Groups, tmp_path: Path, stall: float, hangs_up: bool
) -> None:
    there.stall, there.hangs_up = stall, hangs_up
    settings = house(tmp_path, there.feishu)
    written(database, office, settings)
    send_due(database, settings)
    [row] = rows(database)
    assert (row.status, len(there.heard)) == (OutboxStatus.UNDELIVERED, 1)
    assert "不再重发" in row.last_error


def test_a_robot_out_of_reach_is_tried_again_and_holds_nobody_up(
    database: Database, office: Office, there: Groups, tmp_path: Path
) -> None:
    settings = house(tmp_path, "http://127.0.0.1:9/robot/send?access_token=a1", there.wecom)
    written(database, office, settings)
    send_due(database, settings)
    assert sorted(row.status for row in rows(database)) == ["queued", "sent"]


def test_counts_are_taken_anew_before_sending_and_nothing_left_is_not_said(
    database: Database, office: Office, there: Groups, tmp_path: Path
) -> None:
    settings = house(tmp_path, there.wecom)
    written(database, office, settings)
    with database.unit_of_work() as session:
        make_task(session, office)
    send_due(database, settings)
    assert "未销号 2 项" in there.heard[0][1]["text"]["content"]
    assert written(database, office, settings, date(2026, 3, 3)) == 0


def test_a_robot_taken_out_of_the_settings_is_not_spoken_to(
    database: Database, office: Office, there: Groups, tmp_path: Path
) -> None:
    written(database, office, house(tmp_path, there.wecom))
    send_due(database, house(tmp_path))
    assert there.heard == []
    [row] = rows(database)
    assert "不在设置中" in row.last_error


def test_without_robots_and_for_other_bureaus_nothing_is_written(
    database: Database, office: Office, there: Groups, tmp_path: Path
) -> None:
    assert written(database, office, house(tmp_path)) == 0
    with database.unit_of_work() as session:
        other = make_bureau(session, "白河县农业农村局", prefix="foreign_")
        make_task(session, other)
    assert written(database, other, house(tmp_path, there.wecom)) == 0


@pytest.mark.parametrize(
    "url", ["", "nonsense", "https://a.example/robot/send", "https://a.example/hook/x", "mailto://a:b@c"]
)
def test_what_is_no_webhook_is_said_to_be_none(url: str) -> None:
    with pytest.raises(RefusedForGood, match="地址读不懂"):
        robot_at(url)


def test_robots_are_set_in_file_or_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECTIFY_DATA_DIR", str(tmp_path))
    (tmp_path / "rectify.toml").write_text(
        'robots = ["https://a/robot/send?access_token=a"]', encoding="utf-8"
    )
    assert list(robots_of(load_settings()).values()) == ["https://a/robot/send?access_token=a"]
    monkeypatch.setenv(
        "RECTIFY_ROBOTS", "https://b/robot/send?access_token=b  https://c/cgi-bin/webhook/send?key=c"
    )
    assert len(robots_of(load_settings())) == 2


def test_apprise_is_imported_for_a_message_alone() -> None:
    code = "import sys, notifications.sender, app.up; sys.exit('apprise' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
