"""A real Prefect server on PostgreSQL, deployed as shipped: a day is shared, survives a kill, and tells Prefect no text."""

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlalchemy import delete, func, select, text, update

from models.enums import ToldStatus
from models.job import JobRun
from models.mail import OutboxMessage, Told
from models.task import RectificationTask
from tests.postgres import Cluster
from tests.prefect_office import HOME, RECTIFY, Office, until

MONDAY, SUNDAY = date(2026, 3, 2), date(2026, 3, 1)
BUREAUS = 12
CANARY = "某企业氨气泄漏未报"
WRITTEN_BY_JOBS = ("outbox_message", "day_figure", "summary", "report_item")
SYSTEMD = 5  # seconds after which what was killed is started again
IN_TIME = 360


pytestmark = [pytest.mark.prefect, pytest.mark.slow, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def office(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    office = Office(cluster, tmp_path_factory.mktemp("office"), BUREAUS)
    with office.server():
        listed = office.deploy()
        assert all(name in listed for name in ("backup/daily", "daily_reminders/share", "intake/on_demand"))
        with office.worker("one"), office.worker("two"):
            yield office


@pytest.fixture
def nothing_can_be_written(office: Office) -> Iterator[None]:
    """Inserting what jobs write fails, and the database says of what; no backup can be made where one is to stand."""
    with office.database.unit_of_work() as session:
        session.execute(update(RectificationTask).values(title=CANARY, text=CANARY, cause=CANARY))
        session.execute(
            text(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION 'refused {CANARY}: %', NEW::text; END $$"
            )
        )
        for table in WRITTEN_BY_JOBS:
            session.execute(
                text(f"CREATE TRIGGER refuse BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refuse()")
            )
    in_the_way = Path(office.env["RECTIFY_DATA_DIR"]) / "backups" / f"rectify-{office.today}.zip"
    (in_the_way / "a folder").mkdir(parents=True)
    yield
    shutil.rmtree(in_the_way)
    with office.database.unit_of_work() as session:
        for table in WRITTEN_BY_JOBS:
            session.execute(text(f"DROP TRIGGER refuse ON {table}"))


@pytest.fixture
def request_of_a_day(office: Office) -> dict[str, object]:
    """A morning that nothing was done of, to be shared by two runs."""
    with office.database.unit_of_work() as session:
        for table in (Told, OutboxMessage, JobRun):
            session.execute(delete(table))
    return {"rows_per_shard": 1, "lanes": 2, "stay_seconds": 14400}


def is_done_within(office: Office, seconds: float, killed: float) -> None:
    """The day is completed, and everybody was told once."""
    until(lambda: len(office.workers(JobRun.done_at.is_not(None))) == BUREAUS, seconds, "the whole day done")
    print(f"\nall shards done {time.monotonic() - killed:.0f} s after the kill")
    with office.database.reading() as session:
        told = session.scalars(
            select(func.count())
            .select_from(Told)
            .where(Told.status == ToldStatus.TOLD)
            .group_by(Told.bureau_id)
        ).all()
        mails = session.scalars(select(func.count(OutboxMessage.id)).group_by(OutboxMessage.bureau_id)).all()
    assert told == [1] * BUREAUS
    assert mails == [1] * BUREAUS


@pytest.mark.usefixtures("nothing_can_be_written")
def test_what_fails_or_is_refused_is_told_to_prefect_by_kind_alone(office: Office) -> None:
    report = f"{CANARY}局2024年度法治政府建设工作报告\n\n一、存在的不足\n（一）{CANARY}。\n\n2025年1月15日\n"
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"{CANARY}.txt"
        file.write_text(report, encoding="utf-8")
        stored = subprocess.run(
            [*RECTIFY, "report", "store", str(file)],
            env=office.env, cwd=HOME, capture_output=True, text=True, check=True,
        ).stdout.strip()  # fmt: skip
    failing = [
        office.start(f"{job}/share", {}) for job in ("daily_reminders", "day_figures", "progress_summary")
    ]
    failing.append(office.start("backup/daily", {}))
    failing.append(office.start("intake/on_demand", {"upload": stored, "new_bureau": True}))
    rest = office.start("daily_reminders/share", {"day": str(SUNDAY)})
    refused = office.start("intake/on_demand", {"upload": stored})
    unknown = office.start("intake/on_demand", {"upload": "0" * 64})

    states = [office.ended(each)["state"] for each in failing]
    assert {state["type"] for state in states} == {"FAILED"}
    assert (
        states[0]["message"] == f"daily_reminders {office.today} 有 1 片未完成：第 1 片（ProgrammingError）"
    )
    assert office.ended(rest)["state"]["name"] == "NotDue"
    assert "报告未导入（Refused）" in office.ended(refused)["state"]["message"]
    assert "（NotFound）" in office.ended(unknown)["state"]["message"]
    everything = office.told_prefect()
    assert str(office.today) in everything  # so this is where it would stand
    assert "某企业" not in everything


def test_a_share_run_that_is_killed_is_missed_by_nobody(
    office: Office, request_of_a_day: dict[str, object]
) -> None:
    first = office.start("daily_reminders/daily", request_of_a_day)
    with office.held_up(2):
        [share] = office.runs(f"daily_reminders-{office.today}-share-1")
        office.kill_run(share["id"])
        killed = time.monotonic()
    is_done_within(office, IN_TIME, killed)
    assert office.ended(first)["state"]["type"] == "COMPLETED"


def test_a_prefect_server_that_is_killed_and_comes_back_costs_the_day_nothing(
    office: Office, request_of_a_day: dict[str, object]
) -> None:
    office.start("daily_reminders/daily", request_of_a_day)
    with office.held_up(2):
        killed = time.monotonic()
        office.kill_server(SYSTEMD)
    is_done_within(office, IN_TIME, killed)


def test_a_database_that_is_killed_and_comes_back_costs_the_day_nothing(
    office: Office, request_of_a_day: dict[str, object]
) -> None:
    office.start("daily_reminders/daily", request_of_a_day)
    with office.held_up(2):
        killed = time.monotonic()
        office.cluster.kill(SYSTEMD)
    until(office.is_up, 120, "the server")
    is_done_within(office, IN_TIME, killed)


def test_two_days_never_overlap(office: Office, request_of_a_day: dict[str, object]) -> None:
    first = office.start("daily_reminders/daily", request_of_a_day | {"lanes": 1})
    with office.held_up(1):
        second = office.start("daily_reminders/daily", {"day": str(SUNDAY)})
        until(lambda: office.run(second)["state_name"] == "AwaitingConcurrencySlot", 120, "the second waits")
        assert office.run(first)["state_type"] == "RUNNING"
    assert office.ended(first)["state"]["type"] == "COMPLETED"
    assert office.ended(second)["state"]["name"] == "NotDue"


def test_a_day_whose_run_and_worker_are_killed_is_completed_by_nobodys_hand(
    office: Office, request_of_a_day: dict[str, object]
) -> None:
    database, name = office.database, f"daily_reminders-{office.today}"
    before = {run["id"] for run in office.runs(name)}
    first = office.start("daily_reminders/daily", request_of_a_day)
    killed = office.lose_a_machine(first)
    assert office.run(first)["name"] == name
    is_done_within(office, IN_TIME, killed)

    def states() -> list[str]:
        new = (run for run in office.runs(name) if "day" in run["tags"] and run["id"] not in before)
        return sorted(run["state_type"] for run in new)

    until(lambda: states() == ["COMPLETED", "CRASHED"], 300, "told as crashed, and run again")
    print(f"run again and completed {time.monotonic() - killed:.0f} s after the kill")

    with database.reading() as session:
        attempts = list(session.scalars(select(JobRun.attempts)))
    assert sorted(attempts) == [1] * (BUREAUS - 1) + [2]

    again = office.ended(office.start("daily_reminders/daily"))
    assert (again["state"]["name"], again["name"]) == ("AlreadyDone", name)
    everything = office.told_prefect()
    assert "remind daily_reminders" in everything
    assert f"{name}-share-1" in everything
    assert '"片"' in everything or "\\u7247" in everything  # the table of the day
    assert "某企业" not in everything


def test_the_check_names_what_is_missing_and_nothing_else(
    office: Office, request_of_a_day: dict[str, object]
) -> None:
    """Last, as it takes things away."""
    office.ended(office.start("day_figures/daily", request_of_a_day))
    as_deployed = {"RECTIFY_ENGINE": "prefect", "RECTIFY_TIMEZONE": "Asia/Shanghai"}
    with office.worker("three"):  # of the first two, one was killed for good
        until(
            lambda: any(each["name"] == "three" for each in _online(office)), 120, "a worker told as online"
        )
        whole = _checked(office, **as_deployed)
    other_zone = [what for what, level in whole.items() if "RECTIFY_ENGINE、RECTIFY_TIMEZONE" in what]
    assert [what for what, level in whole.items() if level == "problem"] == other_zone
    assert (
        len(other_zone) == 1
    )  # the runs of this office are told UTC, and which of the two is meant nobody knows
    assert "14 个部署与作业表一致" in whole
    (online,) = [what for what in whole if what.startswith("在线的 worker ")]
    assert "three" in online
    assert not any("没有口令" in what for what in whole)  # it is reached from this machine alone
    assert any("作业由各网页程序自己定时运行" in what for what in _checked(office, RECTIFY_ENGINE="embedded"))

    office.call("PATCH", "/work_pools/main/queues/days", {"is_paused": True})
    found = office.call("GET", "/deployments/name/backup/daily")
    office.call("DELETE", f"/deployments/{found['id']}")
    automations = office.call("POST", "/automations/filter", {})
    (lost,) = [each["id"] for each in automations if each["name"] == "rectify-lost-is-crashed"]
    office.call("DELETE", f"/automations/{lost}")
    problems = "\n".join(
        what for what, level in _checked(office, **as_deployed).items() if level == "problem"
    )
    for named in (
        "没有队列 days，或已暂停",
        "程序不同）：backup/daily",
        "没有启用 rectify-lost-is-crashed：",
    ):
        assert named in problems

    away = _checked(office, **as_deployed, PREFECT_API_URL="http://127.0.0.1:9/api")
    assert any("连不上 Prefect 服务 http://127.0.0.1:9/api" in what for what in away)


def _online(office: Office) -> list[Any]:
    found = office.call("POST", "/work_pools/main/workers/filter", {})
    return [each for each in found if each["status"] == "ONLINE"]


def _checked(office: Office, **env: str) -> dict[str, str]:
    """What the command says, each with its level."""
    command = [*RECTIFY, "prefect", "check", "--json"]
    done = subprocess.run(
        command, env=office.env | env, cwd=HOME, capture_output=True, text=True, check=False, timeout=120
    )
    found = {each["what"]: each["level"] for each in json.loads(done.stdout)}
    assert done.returncode == int("problem" in found.values())
    return found
