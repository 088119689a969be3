"""`rectify run`, `backup`, `restore`: what a person sees of jobs."""

import json
from pathlib import Path

from tests.cli import Rectify

MONDAY, SUNDAY = "2026-03-02", "2026-03-01"


def test_a_job_run_twice_says_it_was_done_before(rectify: Rectify) -> None:
    rectify.ok("unit", "add", "云溪区交通运输局")
    assert "已完成" in rectify.ok("run", "daily_reminders", "--on", MONDAY).out
    assert "没有重复" in rectify.ok("run", "daily_reminders", "--on", MONDAY).out
    assert "没有重复" not in rectify.ok("run", "daily_reminders", "--on", MONDAY, "--again").out


def test_a_day_of_rest_is_told_as_such(rectify: Rectify) -> None:
    assert "不用办" in rectify.ok("run", "daily_reminders", "--on", SUNDAY).out


def test_json_is_all_there_is_on_standard_output(rectify: Rectify) -> None:
    rectify.ok("unit", "add", "云溪区交通运输局")
    said = json.loads(rectify.ok("run", "daily_reminders", "--on", MONDAY, "--json").out)
    assert (said["job"], said["day"], said["is_due"], said["shards"]) == ("daily_reminders", MONDAY, True, 1)


def test_what_cannot_run_is_refused_in_one_line(rectify: Rectify) -> None:
    for arguments in (["nope"], ["intake"], ["daily_reminders", "--file", "x"]):
        said = rectify("run", *arguments)
        assert said.code == 1
        assert said.err.count("\n") == 1
    assert "intake" in rectify("run", "nope").err
    assert "参数缺少或有误：--file" in rectify("run", "intake").err


def test_intake_by_job_makes_the_drafts_once(rectify: Rectify, tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    report.write_text(
        "云溪区交通运输局2025年度法治政府建设工作报告\n\n一、主要工作\n（一）依法行政。健全制度。\n"
        "二、存在的不足\n（一）行政执法公示不够及时。\n（二）案卷制作不够规范。\n"
        "三、下一年度工作计划\n（一）开展执法人员轮训。\n\n云溪区交通运输局\n2026年1月15日\n",
        encoding="utf-8",
    )
    first = json.loads(rectify.ok("run", "intake", "--file", report, "--on", "2026-01-20", "--json").out)
    assert first["day"] == "2026-01-20"
    assert report.read_bytes() in [
        each.read_bytes() for each in (rectify.data_dir / "evidence").rglob("*") if each.is_file()
    ]
    again = json.loads(rectify.ok("run", "intake", "--file", report, "--json").out)
    assert {name: first["counts"][name] for name in ("new", "shortcomings", "plans")} == {
        "new": 1,
        "shortcomings": 2,
        "plans": 1,
    }
    assert again["counts"]["new"] == 0
    assert len(rectify.ok("task", "list", "--json").json) == 3
    assert rectify("run", "intake", "--file", tmp_path / "none.txt").code == 1


def test_the_nightly_backup_is_kept_as_often_as_set(rectify: Rectify) -> None:
    (rectify.data_dir / "backups").mkdir(parents=True)
    for day in range(1, 20):
        (rectify.data_dir / "backups" / f"rectify-2026-02-{day:02d}.zip").touch()
    rectify.ok("run", "backup", "--on", MONDAY)
    kept = sorted(path.name for path in (rectify.data_dir / "backups").iterdir())
    assert len(kept) == 14
    assert kept[-1] == f"rectify-{MONDAY}.zip"


def test_what_is_backed_up_can_be_restored(rectify: Rectify, tmp_path: Path) -> None:
    rectify.ok("unit", "add", "云溪区交通运输局")
    rectify.ok("backup", tmp_path / "b.zip")
    rectify.ok("unit", "add", "法制科")
    refused = rectify("restore", tmp_path / "b.zip")
    assert (refused.code, refused.err.count("\n")) == (1, 1)
    assert "--replace" in refused.err
    rectify.ok("restore", tmp_path / "b.zip", "--replace", "--yes")
    assert "法制科" not in rectify.ok("unit", "list").out
    assert len(list((rectify.data_dir / "backups").glob("before-restore-*.zip"))) == 1
