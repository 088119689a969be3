"""The one table of what runs when; prefect.yaml and APScheduler are tested to equal it.

Every job is called daily and leaves at once when it is not its day, so that holidays, make-up workdays and missed
days need no clever cron. Catching up means: a job whose hour has passed and which is not done for *today* runs now.
No past day is ever run again by itself: yesterday's reminders would be stale, and today's sweep says what the missed
days would have said (the highest rung reached).

The order is the day's: five flows write entries of the digests, and daily_reminders, the last of them, lets these go.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy.orm import Session

from core.errors import NotFound
from core.workdays import WorkCalendar
from models import shards


@dataclass(frozen=True, slots=True)
class Job:
    """One job, and the flow of the same name in flows/jobs.py, imported only when it runs.

    `cron` is in the installation's time zone; None is on demand. Weekdays are written as names: their numbers
    mean different days to Prefect and to APScheduler.
    `has_day` says whether a day is one on which the job acts; `is_weekly`, whether it acts for a bureau on one such day
    of a week alone; `by_bureau`, whether its work is cut into shards;
    `takes_file`, whether it is asked for a file and not for a day.
    """

    name: str
    cron: str | None
    what: str
    has_day: Callable[[date, WorkCalendar], bool]
    by_bureau: bool = True
    takes_file: bool = False
    is_weekly: bool = False

    @property
    def flow(self) -> str:
        """Where Prefect and the embedded engine find it."""
        return f"flows.jobs.{self.name}"


def every_day(day: date, calendar: WorkCalendar) -> bool:
    """Any day."""
    del day, calendar
    return True


def on_workdays(day: date, calendar: WorkCalendar) -> bool:
    """Days the office works, make-up workdays among them."""
    return calendar.is_workday(day)


def once_a_week(day: date, calendar: WorkCalendar) -> bool:
    """The first day the office works in its week, or the next on which the job runs where it missed that."""
    return calendar.is_workday(day)


def in_report_season(day: date, calendar: WorkCalendar) -> bool:
    """Working days from December to April: the annual report is published by the end of March, told a month past it."""
    return day.month in (12, 1, 2, 3, 4) and calendar.is_workday(day)


JOBS: Final = {
    job.name: job
    for job in (
        Job("backup", "0 2 * * *", "备份台账和佐证材料，保留最近若干份", every_day, by_bureau=False),
        Job("day_figures", "0 6 * * *", "记下各单位当日的数字，供上级单位汇总查看", every_day),
        Job(
            "annual_report",
            "0 7 * * *",
            "十二月至次年四月重新写出年度报告素材，告知台账管理员和领导到期的环节",
            in_report_season,
        ),
        Job(
            "progress_summary",
            "15 7 * * *",
            "每月首个工作日、数据冻结后首个工作日生成整改进展通报，告知领导",
            on_workdays,
        ),
        Job(
            "semiannual_review",
            "30 7 * * *",
            "到期开启半年调度，请责任人报情况说明并催报，告知台账管理员还缺什么，冻结后写出汇报材料",
            every_day,
        ),
        Job(
            "closure_check",
            "0 8 * * *",
            "每周首个工作日抽取回头看，告知久等、存疑的销号、到期的回头看和未下达的任务",
            once_a_week,
            is_weekly=True,
        ),
        Job(
            "daily_reminders", "30 8 * * *", "按催办规则提醒其余各项，然后放行每人一封的当日提醒", on_workdays
        ),
        Job("intake", None, "读入一份年度报告，生成待确认任务", every_day, by_bureau=False, takes_file=True),
    )
}


def done_this_week(session: Session, job: Job, day: date) -> set[int]:
    """The bureaus a weekly job has been done for on an earlier day of the week; none for any other job."""
    if not job.is_weekly:
        return set()
    monday = day - timedelta(days=day.weekday())
    done = shards.done_between(session, job.name, monday, day - timedelta(days=1))
    return {bureau for _, bureaus in done for bureau in bureaus}


def job_named(name: str) -> Job:
    """The job of this name. Raises: NotFound."""
    if name not in JOBS:
        raise NotFound(f"没有名为“{name}”的作业", "", f"可运行：{'、'.join(JOBS)}")
    return JOBS[name]
