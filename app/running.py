"""Whether what should go by itself goes: the resident parts, the jobs and their hours, the mails that wait."""

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select

from app.diagnosis import Diagnosis, Level, Patient
from app.scheduler import NAME as SCHEDULER
from app.scheduler import next_run
from flows.schedule import JOBS
from models import shards
from models.enums import OutboxStatus
from models.job import Heartbeat, JobRun
from models.mail import OutboxMessage
from notifications.health import SILENT_SENDER, mail_faults, mail_health
from notifications.sender import NAME as SENDER
from rectification.office.calendar import load_calendar


def check_residents(patient: Patient) -> Iterator[Diagnosis]:
    """Who stopped the whole program knows; that one part of it stands still nobody sees."""
    parts = {SCHEDULER: "定时作业", SENDER: "发信程序"}
    if patient.settings.engine == "prefect":
        del parts[SCHEDULER]  # the hours are kept elsewhere
    with patient.database.reading() as session:
        beats = {beat.name: beat.at for beat in session.scalars(select(Heartbeat)) if beat.name in parts}
    since = patient.clock.now - SILENT_SENDER
    wrong = Level.PROBLEM if any(at >= since for at in beats.values()) else Level.NOTE
    for name, part in parts.items():
        last = f"，最近一次动静 {patient.moment(beats[name])}" if name in beats else ""
        if name in beats and beats[name] >= since:
            yield Diagnosis(Level.FINE, f"{part}正在运行{last}")
        else:
            yield Diagnosis(wrong, f"{part}没有运行{last}", "请启动或重启系统服务（rectify up）")


def check_jobs(patient: Patient) -> Iterator[Diagnosis]:
    """Of each job with an hour: its last day, what became of it, and when it is next."""
    with patient.database.reading() as session:
        calendar = load_calendar(session)
        last = shards.last_runs(session, patient.clock.today)
        for job in (job for job in JOBS.values() if job.cron):
            level, became = _became(patient, last.get(job.name, ()))
            following = patient.moment(next_run(patient.settings, session, job, patient.clock, calendar))
            told = f"{job.what.partition('，')[0]}（{job.name}）：{became}，下次 {following}"
            todo = f"程序会再试，原因见 {patient.settings.log_dir}；要马上再试：rectify run {job.name}"
            yield Diagnosis(level, told, todo if level is Level.PROBLEM else "")


def _became(patient: Patient, runs: Sequence[JobRun]) -> tuple[Level, str]:
    if not runs:
        return Level.FINE, "近两周没有运行"
    if wrong := {run.error or "有没做成的" for run in runs if run.has_failed}:
        return Level.PROBLEM, f"{runs[0].day:%Y-%m-%d} 失败（{'、'.join(sorted(wrong))}）"
    done = [run.done_at for run in runs if run.done_at]
    if len(done) < len(runs):
        return Level.FINE, f"{runs[0].day:%Y-%m-%d} 还没有做完"
    return Level.FINE, f"上次 {patient.moment(max(done))} 完成"


def check_queue(patient: Patient) -> Iterator[Diagnosis]:
    """What waits to go out, and what did not arrive."""
    with patient.database.reading() as session:
        calendar = load_calendar(session)
        health = mail_health(session, patient.clock, calendar)
        troubles = list(mail_faults(session, patient.clock, calendar, health.queued))
        sent = select(func.max(OutboxMessage.sent_at)).where(OutboxMessage.status == OutboxStatus.SENT)
        last = session.scalar(sent)
    yield from (Diagnosis(Level.PROBLEM, told, "请确认程序开着、邮箱设置没有变") for told in troubles)
    yield from (Diagnosis(Level.NOTE, *told.split("，", 1)) for told in health.unheard)
    oldest = f"，最早的写于 {patient.moment(health.oldest)}" if health.oldest else ""
    went = f"，最近一封 {patient.moment(last)} 由邮件服务器接收" if last else ""
    yield Diagnosis(Level.FINE, f"待发邮件 {health.queued} 封{oldest}{went}")
