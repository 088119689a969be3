"""What a flow says to Prefect, seen without a server: states that name counts and kinds, never a text."""

import logging
from collections.abc import Callable
from datetime import date

import pytest
from prefect.client.schemas.objects import State

from flows import engine
from flows.day import ShardsFailed
from flows.engine import job_flow
from flows.jobs import day_figures
from flows.requests import TODAY, DayRequest, JobOutcome
from tasks.step import ShardFailed
from tasks.workplace import Workplace

MONDAY = date(2026, 3, 2)
CANARY = "某企业氨气泄漏未报"


@pytest.fixture
def in_run(monkeypatch: pytest.MonkeyPatch) -> Callable[[JobOutcome | Exception], State[JobOutcome]]:
    """Ends a flow as in a flow run, with an outcome or an error."""
    monkeypatch.setattr(engine, "in_flow_run", lambda: True)

    def end(with_: JobOutcome | Exception) -> State[JobOutcome]:
        def backup(request: DayRequest = TODAY) -> JobOutcome:
            if isinstance(with_, Exception):
                raise with_
            return with_

        state: State[JobOutcome] = job_flow(backup).fn(TODAY)  # type: ignore[assignment]
        return state

    return end


EndsAs = Callable[[JobOutcome | Exception], State[JobOutcome]]


@pytest.mark.parametrize(
    ("outcome", "name", "message"),
    [
        (
            JobOutcome("daily_reminders", MONDAY, is_due=False),
            "NotDue",
            "2026-03-02 不是 daily_reminders 的日子",
        ),
        (JobOutcome("backup", MONDAY, before=2), "AlreadyDone", "2026-03-02 此前已完成"),
        (JobOutcome("backup", MONDAY, shards=1), "Completed", "2026-03-02 没有需要办的事"),
        (
            JobOutcome("backup", MONDAY, shards=1, left=2, counts={"digests": 3, "told": 0}),
            "Completed",
            "2026-03-02 新写提醒 3；另有 2 片正由其他进程办理",
        ),
    ],
)
def test_an_end_that_is_no_failure_is_completed_and_says_how(
    in_run: EndsAs, outcome: JobOutcome, name: str, message: str
) -> None:
    state = in_run(outcome)
    assert (state.is_completed(), state.name, state.message) == (True, name, message)


def test_shards_that_failed_are_named_with_their_kind(in_run: EndsAs) -> None:
    state = in_run(ShardsFailed("backup", MONDAY, [ShardFailed(2, "IntegrityError")]))
    assert state.is_failed()
    assert state.message == "backup 2026-03-02 有 1 片未完成：第 2 片（IntegrityError）"


def test_why_the_installation_failed_is_told_here_and_not_to_prefect(in_run: EndsAs) -> None:
    failed = ShardFailed(1, "Misconfigured", "备份文件夹 /mnt/disk 不在")
    assert "/mnt/disk" in ShardsFailed("backup", MONDAY, [failed]).line
    assert "/mnt/disk" not in str(failed)
    assert "/mnt/disk" not in str(in_run(ShardsFailed("backup", MONDAY, [failed])).message)


def test_a_day_that_has_not_come_is_refused_under_prefect_and_said_so(
    monkeypatch: pytest.MonkeyPatch, place: Workplace
) -> None:
    monkeypatch.setattr(engine, "in_flow_run", lambda: True)
    state: State[JobOutcome] = day_figures.fn(DayRequest(day=date(2036, 12, 8)))  # type: ignore[assignment]
    assert (state.is_failed(), state.message) == (True, "day_figures 没有运行：2036-12-08 还没有到")


def test_of_any_other_error_only_the_kind_gets_out(in_run: EndsAs, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        state = in_run(ValueError(CANARY))
    assert state.is_failed()
    assert state.message == "backup 未完成（ValueError）"
    assert "ValueError" in caplog.text
    assert CANARY not in caplog.text


def test_outside_a_run_an_error_is_what_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    def backup(request: DayRequest = TODAY) -> JobOutcome:
        raise ValueError(CANARY)

    with pytest.raises(ValueError, match=CANARY):
        job_flow(backup).fn(TODAY)
