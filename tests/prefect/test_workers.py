"""A real Prefect server on PostgreSQL, deployed as shipped: a day is shared, survives a kill, and tells Prefect no text."""

import subprocess
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

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
def no_mail_can_be_written(office: Office) -> Iterator[None]:
    """Inserting a mail fails, and the database says of what."""
    with office.database.unit_of_work() as session:
        session.execute(update(RectificationTask).values(title=CANARY, text=CANARY))
        session.execute(
            text(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'refused: %', NEW::text; END $$"
            )
        )
        session.execute(
            text(
                "CREATE TRIGGER refuse BEFORE INSERT ON outbox_message FOR EACH ROW EXECUTE FUNCTION refuse()"
            )
        )
    yield
    with office.database.unit_of_work() as session:
        session.execute(text("DROP TRIGGER refuse ON outbox_message"))
        session.execute(delete(JobRun))


@pytest.mark.usefixtures("no_mail_can_be_written")
def test_what_fails_or_is_refused_is_told_to_prefect_by_kind_alone(office: Office) -> None:
    report = f"{CANARY}局2024年度法治政府建设工作报告\n\n一、存在的不足\n（一）{CANARY}。\n\n2025年1月15日\n"
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"{CANARY}.txt"
        file.write_text(report, encoding="utf-8")
        stored = subprocess.run(
            [*RECTIFY, "report", "store", str(file)],
            env=office.env, cwd=HOME, capture_output=True, text=True, check=True,
        ).stdout.strip()  # fmt: skip
    failed = office.start("daily_reminders/share", {})
    rest = office.start("daily_reminders/share", {"day": str(SUNDAY)})
    refused = office.start("intake/on_demand", {"upload": stored})
    unknown = office.start("intake/on_demand", {"upload": "0" * 64})

    state = office.ended(failed)["state"]
    assert (state["type"], state["message"]) == (
        "FAILED",
        f"daily_reminders {office.today} 有 1 片未完成：第 1 片（RaiseException）",
    )
    assert office.ended(rest)["state"]["name"] == "NotDue"
    assert "报告未导入（Refused）" in office.ended(refused)["state"]["message"]
    assert "（NotFound）" in office.ended(unknown)["state"]["message"]
    everything = office.told_prefect()
    assert str(office.today) in everything  # so this is where it would stand
    assert "某企业" not in everything


def test_a_day_whose_run_and_worker_are_killed_is_completed_by_nobodys_hand(office: Office) -> None:
    database, name = office.database, f"daily_reminders-{office.today}"
    first = office.start("daily_reminders/daily", {"rows_per_shard": 1, "lanes": 2, "stay_seconds": 14400})
    killed = office.lose_a_machine(first)
    assert office.run(first)["name"] == name
    until(lambda: len(office.workers(JobRun.done_at.is_not(None))) == BUREAUS, 360, "the whole day done")
    print(f"\nall shards done {time.monotonic() - killed:.0f} s after the kill")

    def states() -> list[str]:
        return sorted(run["state_type"] for run in office.runs(name) if "day" in run["tags"])

    until(lambda: states() == ["COMPLETED", "CRASHED"], 300, "told as crashed, and run again")
    print(f"run again and completed {time.monotonic() - killed:.0f} s after the kill")

    with database.reading() as session:
        told = session.execute(
            select(Told.bureau_id, func.count())
            .where(Told.status == ToldStatus.TOLD)
            .group_by(Told.bureau_id)
        ).all()
        mails = session.execute(
            select(OutboxMessage.bureau_id, func.count()).group_by(OutboxMessage.bureau_id)
        ).all()
        attempts = list(session.scalars(select(JobRun.attempts)))
    assert [count for _, count in told] == [1] * BUREAUS
    assert [count for _, count in mails] == [1] * BUREAUS
    assert sorted(attempts) == [1] * (BUREAUS - 1) + [2]

    again = office.ended(office.start("daily_reminders/daily"))
    assert (again["state"]["name"], again["name"]) == ("AlreadyDone", name)
    everything = office.told_prefect()
    assert "remind daily_reminders" in everything
    assert f"{name}-share-1" in everything
    assert '"片"' in everything or "\\u7247" in everything  # the table of the day
    assert "某企业" not in everything
