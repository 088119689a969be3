"""What doctor says of a new installation, and of one that mails links nobody can open."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text

from app import doctor
from app.cli import common
from app.doctor import Diagnosis, Level, Patient
from app.scheduler import next_run
from core.clock import Clock
from core.errors import Refused
from flows.schedule import JOBS
from models import shards
from models.job import JobRun, beat
from rectification.office.calendar import install_shipped
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


def test_each_job_says_what_became_of_its_last_day_and_when_it_is_next(rectify: Rectify) -> None:
    rectify.ok("unit", "add", "松原县交通局")
    assert "每日备份：近两周没有运行，下次 " in rectify("doctor").out
    rectify.ok("run", "backup")
    said = rectify("doctor").out
    day = f"{common.clock().today}"
    assert f"每日备份：上次 {day} " in said
    assert f"最近一份备份 {day}（" in said

    with common.ledger().unit_of_work() as session:
        (run,) = shards.last_runs(session, common.clock().today)["backup"]
        run.done_at, run.error = None, "Incomplete"
    failed = rectify("doctor")
    assert failed.code == 1
    assert f"每日备份：{day} 失败（Incomplete），下次 " in failed.out
    assert "rectify run backup" in failed.out


@pytest.mark.parametrize(
    ("is_done", "day", "following"),
    [
        (False, "2026-03-02", "2026-03-02 08:00"),  # a Monday, before its hour
        (True, "2026-03-02", "2026-03-09 08:00"),
        (False, "2026-03-06", "2026-03-06 08:00"),
        (False, "2026-03-07", "2026-03-09 08:00"),
    ],
)
def test_a_weekly_job_that_is_done_is_next_in_another_week(
    rectify: Rectify, is_done: bool, day: str, following: str
) -> None:
    rectify.ok("unit", "add", "松原县交通局")
    clock = Clock(datetime.fromisoformat(f"{day}T07:00+08:00"), date.fromisoformat(day))
    with common.ledger().unit_of_work() as session:
        install_shipped(session, clock)
        if is_done:
            run = JobRun(job="closure_check", day=clock.today, shard=1, bureau_ids=[1], done_at=clock.now)
            session.add(run)
    with common.ledger().reading() as session:
        at = next_run(common.settings(), session, JOBS["closure_check"], clock)
    assert f"{at:%Y-%m-%d %H:%M}" == following


def test_a_part_that_stands_still_beside_one_that_runs_is_a_problem(rectify: Rectify) -> None:
    rectify.ok("unit", "add", "松原县交通局")
    assert "留意　发信程序没有运行" in rectify("doctor").out
    now = common.clock().now
    with common.ledger().unit_of_work() as session:
        beat(session, "scheduler", now)
        beat(session, "sender", now - timedelta(minutes=6))
    said = rectify("doctor")
    assert said.code == 1
    assert "正常　定时作业正在运行" in said.out
    assert "问题　发信程序没有运行，最近一次动静 " in said.out


def test_backups_that_ended_days_ago_are_a_problem(rectify: Rectify) -> None:
    rectify.ok("unit", "add", "松原县交通局")
    rectify.ok("run", "backup")
    day = common.clock().today
    (newest,) = (rectify.data_dir / "backups").glob("rectify-*.zip")
    newest.rename(newest.with_stem(f"rectify-{day - timedelta(days=2)}"))
    assert "此后没有备份" not in rectify("doctor").out
    newest.with_stem(f"rectify-{day - timedelta(days=2)}").rename(
        newest.with_stem(f"rectify-{day - timedelta(days=3)}")
    )
    assert "此后没有备份" in rectify("doctor").out


def test_a_check_that_cannot_be_made_hides_no_other(
    rectify: Rectify, monkeypatch: pytest.MonkeyPatch
) -> None:
    rectify.ok("unit", "add", "松原县交通局")

    def broken(patient: Patient) -> Iterator[Diagnosis]:
        if patient.settings.data_dir.exists():
            raise Refused("查不成", "共享文件夹断开", "请重新连接")
        yield Diagnosis(Level.FINE, "")

    monkeypatch.setattr(doctor, "QUICK", {"共享": broken, **doctor.QUICK})
    said = rectify("doctor")
    assert said.code == 1
    assert said.out.startswith("问题　查不成：共享文件夹断开。请重新连接")
    assert "办理记录和单位人员变动记录完好" in said.out
