"""Whether the machine's clock can be believed: held against the last run, and against the database's own clock."""

from datetime import date, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.db import database_now
from models.job import JobRun

SLACK: Final = timedelta(hours=1)
_AHEAD: Final = timedelta(days=1)


def clock_fault(session: Session, clock: Clock) -> str:
    """What is wrong with the clock, as a sentence by the office's time; empty where nothing is.

    Runs are stamped by the database's clock, which on SQLite is the machine's: one stamped later than now tells of a
    clock that ran backwards. A machine that was off is simply late.
    """
    now = database_now(session).astimezone(clock.zone)
    if session.get_bind().dialect.name != "sqlite" and abs(clock.now - now) > SLACK:
        return f"本机时钟（{clock.now.astimezone(clock.zone):%Y-%m-%d %H:%M}）与数据库的时钟（{now:%Y-%m-%d %H:%M}）相差超过一小时，请校准"
    last = session.scalar(select(func.max(JobRun.started_at)))
    if last is not None and last - now > SLACK:
        last = last.astimezone(clock.zone)
        return (
            f"时钟倒退：现在是 {now:%Y-%m-%d %H:%M}，而上次作业记在 {last:%Y-%m-%d %H:%M}。"
            f"请校准时钟；如果是当时的时钟错了，请收回 {last:%Y-%m-%d} 误记的提醒"
        )
    return ""


def is_yet_to_come(day: date, today: date) -> bool:
    """Whether nothing may be recorded for `day` unless it is meant: beyond tomorrow, so that no zone makes a difference."""
    return day > today + _AHEAD
