"""The table of jobs: its days, and that both engines are told the same."""

from datetime import date
from importlib import import_module
from pathlib import Path
from uuid import uuid4

import pytest
import yaml  # type: ignore[import-untyped]
from prefect import Flow
from prefect.events.schemas.automations import AutomationCore

from app.scheduler import build
from core.errors import NotFound
from core.workdays import WorkCalendar
from flows.engine import SHARE
from flows.schedule import JOBS, Job, job_named
from models import shards
from models.enums import AnnualStage
from rectification.office.settings import Policy
from rectification.yearly import steps
from tasks.workplace import Workplace
from tests.factories import with_year

NATIONAL_DAY = with_year(WorkCalendar(), 2026, off=[date(2026, 10, 1)], work=[date(2026, 10, 10)])


@pytest.mark.parametrize(
    ("name", "day", "due"),
    [
        ("daily_reminders", date(2026, 10, 9), True),
        ("daily_reminders", date(2026, 10, 1), False),  # a Thursday, but a holiday
        ("daily_reminders", date(2026, 10, 10), True),  # a Saturday, but made up
        ("daily_reminders", date(2026, 10, 11), False),
        ("backup", date(2026, 10, 1), True),
    ],
)
def test_a_job_acts_on_its_days_alone(name: str, day: date, due: bool) -> None:
    assert JOBS[name].has_day(day, NATIONAL_DAY) is due


@pytest.mark.parametrize("stage", AnnualStage)
def test_the_reports_season_reaches_from_each_stages_first_notice_to_its_last(stage: AnnualStage) -> None:
    calendar = WorkCalendar()
    due_on = steps.due_on(stage, 2026, Policy(), calendar)
    for notice in range(steps.LATEST_NOTICE, steps.NOTICE_AHEAD + 1):
        assert JOBS["annual_report"].has_day(calendar.shift(due_on, -notice), calendar)


@pytest.mark.parametrize("job", JOBS.values(), ids=JOBS)
def test_every_job_names_a_flow_that_is_there(job: Job) -> None:
    module, attribute = job.flow.rsplit(".", 1)
    flow = getattr(import_module(module), attribute)
    assert isinstance(flow, Flow)
    assert flow.name == job.name
    assert flow.description == job.what
    assert flow.retries == 0


def test_no_weekday_is_written_as_a_number() -> None:
    assert all(job.cron is None or not any(c.isdigit() for c in job.cron.split()[4]) for job in JOBS.values())


def test_an_unknown_job_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(NotFound, match="daily_reminders"):
        job_named("daily_reminder")


TOLD = yaml.safe_load((Path(__file__).parents[3] / "prefect.yaml").read_text(encoding="utf-8"))


def test_prefect_is_told_exactly_the_table() -> None:
    deployed = {
        (entry["entrypoint"], entry["name"]): (
            entry["description"],
            [(schedule["cron"], schedule["timezone"]) for schedule in entry.get("schedules", ())],
        )
        for entry in TOLD["deployments"]
    }
    hours = {
        (job.flow, "daily" if job.cron else "on_demand"): (
            job.what,
            [(job.cron, "Asia/Shanghai")] if job.cron else [],
        )
        for job in JOBS.values()
    }
    shares: dict[tuple[str, str], tuple[str, list[tuple[str, str]]]] = {
        (job.flow, SHARE): (job.what, []) for job in JOBS.values() if job.by_bureau
    }
    assert deployed == hours | shares
    assert len(TOLD["deployments"]) == len(deployed)


def test_a_day_stays_until_it_is_done_and_never_meets_the_next() -> None:
    for entry in TOLD["deployments"]:
        if entry["name"] == "daily":
            assert entry["parameters"]["request"]["stay_seconds"] > shards.pause(3).total_seconds()
            assert entry["concurrency_limit"] == {"limit": 1, "collision_strategy": "ENQUEUE"}
            assert entry["work_pool"]["work_queue_name"] == "days"
        assert "rectify" in entry["tags"]
        assert ("day" in entry["tags"]) is (
            entry["name"] == "daily"
        )  # which is what is run again after a crash


def test_what_the_deployment_asks_of_a_flow_is_what_it_takes() -> None:
    for entry in TOLD["deployments"]:
        module, attribute = entry["entrypoint"].rsplit(".", 1)
        flow = getattr(import_module(module), attribute)
        if "parameters" in entry:
            assert flow.validate_parameters(entry["parameters"])


@pytest.mark.parametrize("file", ["prefect-automations.yaml", "prefect-notify.yaml"])
def test_the_automations_are_what_prefect_takes(file: str) -> None:
    text = (Path(__file__).parents[3] / file).read_text(encoding="utf-8")
    for automation in yaml.safe_load(text.replace("NOTIFY_BLOCK", str(uuid4())))["automations"]:
        read = AutomationCore.model_validate(automation)
        assert read.name.startswith("rectify-")
        assert read.name in (Path(__file__).parents[3] / "Makefile").read_text(encoding="utf-8")


def test_the_embedded_scheduler_is_told_exactly_the_table(place: Workplace) -> None:
    told = {job.id: job.trigger for job in build(place.settings, place.database).get_jobs()}
    for job in JOBS.values():
        if job.cron is None:
            assert job.name not in told
            continue
        minute, hour, *rest = job.cron.split()
        fields = {field.name: str(field) for field in told[job.name].fields}
        assert (fields["minute"], fields["hour"], rest) == (minute, hour, ["*", "*", "*"])
        assert str(told[job.name].timezone) == "Asia/Shanghai"
