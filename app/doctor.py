"""What is wrong or will be, each with what to do: one list, which `rectify doctor` prints and the page 运行 shows.

Every check looks and changes nothing; a test mail is sent on request. What reaches outside or reads every file is slow.
"""

import os
import platform
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Final

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.scheduler import NAME as SCHEDULER
from app.scheduler import next_run
from core.clock import Clock
from core.db import Database, others_at_work
from core.errors import RectifyError, Refused
from core.files import FileStore
from core.machine import disk_trouble
from core.settings import Settings
from flows.schedule import JOBS
from models import schema, shards
from models.enums import EvidenceFault, OutboxStatus, Worded
from models.history import OfficeEvent
from models.job import Heartbeat
from models.mail import OutboxMessage
from models.processes import must_share_folder
from models.storage.backup import NIGHTLY, is_of_another
from models.storage.evidence_check import evidence_faults
from notifications.health import SILENT_SENDER, mail_faults, mail_health
from notifications.robots import robot_at
from notifications.sender import NAME as SENDER
from notifications.transports import NotSent, Smtp
from notifications.trial_mail import send_test_mail
from rectification.labels import JOB, PROVISIONAL_YEAR
from rectification.office import journal
from rectification.office.address import address_of, addressed
from rectification.office.calendar import load_calendar
from rectification.office.people import MAILBOX_FORM
from rectification.office.units import bureau_ids, home_bureau, list_units
from rectification.office.wall_clock import clock_fault
from rectification.task.audit import verify
from rectification.task.fault_words import fault_text
from rectification.task.store_room import bytes_held

NEARLY_FULL: Final = 0.8
OLD_BACKUP: Final = 2
"""Days: a night may be missed with the machine off."""
_PATIENCE: Final = 15
"""Seconds for the mail server to answer."""


class Level(Worded):
    """How much a finding matters, the lightest first also by value: `problem` makes the command exit 1."""

    FINE = "fine", "正常"
    NOTE = "note", "留意"
    PROBLEM = "problem", "问题"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that was looked at; `todo` says what to do where it is not fine, `about` what part it is of."""

    level: Level
    what: str
    todo: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Patient:
    """The installation looked at."""

    settings: Settings
    database: Database
    clock: Clock

    def moment(self, at: datetime) -> str:
        """A moment by the office's clock."""
        return f"{at.astimezone(self.settings.zone):%Y-%m-%d %H:%M}"


fine, note, problem = (partial(Diagnosis, level) for level in Level)
Check = Callable[[Patient], Iterator[Diagnosis]]


def examine(patient: Patient, checks: Mapping[str, Check]) -> Iterator[Diagnosis]:
    """What these checks find, in order; one that cannot be made hides no other."""
    for about, check in checks.items():
        try:
            yield from (replace(found, about=about) for found in check(patient))
        except RectifyError as error:
            yield problem("：".join(filter(None, (error.what, error.why))), error.todo, about)
        except OSError as error:
            yield problem(f"没有查成：{error}", "请检查数据文件夹的权限和磁盘", about)


def _residents(patient: Patient) -> Iterator[Diagnosis]:
    """Who stopped the whole program knows; that one part of it stands still nobody sees."""
    parts = {SCHEDULER: "定时作业", SENDER: "发信程序"}
    if patient.settings.engine == "prefect":
        del parts[SCHEDULER]  # the hours are kept elsewhere
    with patient.database.reading() as session:
        beats = {beat.name: beat.at for beat in session.scalars(select(Heartbeat)) if beat.name in parts}
        alive = _at_work(session, patient.clock)
    for name, part in parts.items():
        last = f"，最近一次动静 {patient.moment(beats[name])}" if name in beats else ""
        if name in alive:
            yield fine(f"{part}正在运行{last}")
        else:
            wrong = problem if alive else note
            yield wrong(f"{part}没有运行{last}", "请启动或重启系统服务（rectify up）")


def _at_work(session: Session, clock: Clock) -> set[str]:
    """The parts that run, by their beats."""
    return set(session.scalars(select(Heartbeat.name).where(Heartbeat.at >= clock.now - SILENT_SENDER)))


def _jobs(patient: Patient) -> Iterator[Diagnosis]:
    """Of each job with an hour: its last day, what became of it, and when it is next."""
    with patient.database.reading() as session:
        last = shards.last_runs(session, patient.clock.today)
        for job in (job for job in JOBS.values() if job.cron):
            runs = last.get(job.name, [])
            wrong = "、".join(sorted({run.error or "有没做成的" for run in runs if run.has_failed}))
            ended = [run.done_at for run in runs if run.done_at]
            became = f"上次 {patient.moment(max(ended))} 完成" if ended else "近两周没有运行"
            if wrong or len(ended) < len(runs):
                became = f"{runs[0].day:%Y-%m-%d} " + (f"失败（{wrong}）" if wrong else "还没有做完")
            following = patient.moment(next_run(patient.settings, session, job, patient.clock))
            told = f"{JOB[job.name]}：{became}，下次 {following}"
            todo = f"程序会再试，原因见 {patient.settings.log_dir}；要马上再试：rectify run {job.name}"
            yield problem(told, todo) if wrong else fine(told)


def _queue(patient: Patient) -> Iterator[Diagnosis]:
    """What waits to go out, and what did not arrive."""
    with patient.database.reading() as session:
        calendar = load_calendar(session)
        health = mail_health(session, patient.clock, calendar)
        troubles = list(mail_faults(session, patient.clock, calendar))
        wrong = problem if _at_work(session, patient.clock) else note
        sent = select(func.max(OutboxMessage.sent_at)).where(OutboxMessage.status == OutboxStatus.SENT)
        last = session.scalar(sent)
    yield from (wrong(told, "请确认程序开着、邮箱设置没有变") for told in troubles)
    yield from (note(*told.split("，", 1)) for told in health.unheard)
    oldest = f"，最早的写于 {patient.moment(health.oldest)}" if health.oldest else ""
    went = f"，最近一封 {patient.moment(last)} 由邮件服务器接收" if last else ""
    yield fine(f"待发邮件 {health.queued} 封{oldest}{went}")


def _data_folder(patient: Patient) -> Iterator[Diagnosis]:
    folder = patient.settings.data_dir
    if not os.access(folder, os.W_OK):
        yield problem(f"数据文件夹 {folder} 不能写入", "请修改文件夹权限")
        return
    if os.name == "posix" and folder.stat().st_mode & 0o077:
        yield problem(f"数据文件夹 {folder} 对本机其他用户开放", f"请运行 chmod 700 {folder}")
    if trouble := disk_trouble(folder):
        yield problem(trouble, "请清理磁盘，或把数据文件夹移到更大的盘")
    else:
        yield fine(f"数据文件夹 {folder}，磁盘剩余 {_free(folder)}")


def _versions(patient: Patient) -> Iterator[Diagnosis]:
    is_sqlite = patient.database.is_sqlite
    with patient.database.reading() as session:
        asked = session.scalar(text("SELECT sqlite_version()" if is_sqlite else "SHOW server_version"))
    ledger = f"数据库 {'SQLite' if is_sqlite else 'PostgreSQL'} {asked}，台账版本 {schema.current(patient.database)}"
    yield fine(f"程序 {version('rectify')}，Python {platform.python_version()}，{ledger}")


def _clock(patient: Patient) -> Iterator[Diagnosis]:
    with patient.database.reading() as session:
        fault = clock_fault(session, patient.clock)
    if fault:
        yield problem(fault, "时钟可信之前作业一律不运行；收回误记的提醒用 rectify mail recall 日期")
    else:
        yield fine(f"现在是 {patient.moment(patient.clock.now)}（{patient.settings.timezone}）")


def _one_folder(patient: Patient) -> Iterator[Diagnosis]:
    """Nothing is said where no other process is at work."""
    with patient.database.reading() as session:
        others = others_at_work(session)
        must_share_folder(session, patient.settings.data_dir)
    if others:
        yield fine(f"正在运行的 {len(others)} 个程序与这里用同一个数据文件夹")


def _organisation(patient: Patient) -> Iterator[Diagnosis]:
    with patient.database.reading() as session:
        home = home_bureau(session)
        units = list_units(session)
    if home is None:
        yield note("还没有登记本单位", "请运行 rectify unit add 单位名称，或导入第一份报告")
    elif not any(unit.people for unit in units):
        yield note(
            "还没有人员", "请运行 rectify people template 人员.xlsx，填好后 rectify people import 人员.xlsx"
        )
    else:
        yield fine(f"本单位“{home.name}”，共 {sum(unit.people for unit in units)} 人")


def _calendar(patient: Patient) -> Iterator[Diagnosis]:
    with patient.database.reading() as session:
        announced = load_calendar(session).announced
    today = patient.clock.today
    wanted = {today.year, today.year + 1} if today.month == 12 else {today.year}
    if missing := sorted(wanted - announced):
        years = "、".join(map(str, missing))
        todo = "国务院办公厅公布后，请在“工作日历”页面录入或运行 rectify calendar import"
        yield (problem if today.year in missing else note)(f"{years} 年的{PROVISIONAL_YEAR}", todo)
    else:
        yield fine("工作日历已录入到今年")


def check_backups(settings: Settings) -> Diagnosis:
    """Whether each night's backup has a place, and one that is not lost with the ledger."""
    folder = settings.nightly_dir
    is_there = folder.is_dir() and os.access(folder, os.W_OK)
    if trouble := disk_trouble(folder) if is_there else "不在或不能写入":
        todo = "请接上那块盘、修改权限、清理磁盘，或用 rectify setup 另选"
        return problem(f"备份文件夹 {folder} {trouble}", todo)
    said = f"每天的备份在 {folder}，磁盘剩余 {_free(folder)}"
    if folder.stat().st_dev != settings.data_dir.stat().st_dev:
        return fine(said)
    return note(f"{said}；与台账在同一块盘上，会一起丢失", "请用 rectify setup 换一块盘")


def _backups(patient: Patient) -> Iterator[Diagnosis]:
    """The place of the nightly backups, and how old the newest of them is."""
    yield check_backups(patient.settings)
    with patient.database.reading() as session:
        first = session.scalar(select(OfficeEvent.hash).order_by(OfficeEvent.sequence).limit(1)) or ""
    found = sorted(patient.settings.nightly_dir.glob(NIGHTLY))
    kept = [each for each in found if not is_of_another(each, first)]
    if others := len(found) - len(kept):
        yield problem(f"备份文件夹里有另一个台账的 {others} 份备份", "请用 rectify setup --backups 另选一个")
    if not kept:
        yield note("还没有备份", "每天凌晨自动备份；现在就要的，请运行 rectify run backup")
        return
    day = kept[-1].stem.removeprefix("rectify-")
    told = f"最近一份备份 {day}（{kept[-1].stat().st_size / 2**20:.1f} MB），共 {len(kept)} 份"
    if (patient.clock.today - date.fromisoformat(day)).days > OLD_BACKUP:
        yield problem(f"{told}，此后没有备份", "请运行 rectify run backup，看为什么没有备份")
    else:
        yield fine(told)


def _free(folder: Path) -> str:
    return f"{shutil.disk_usage(folder).free // 1_000_000_000} GB"


def check_mail(settings: Settings) -> Diagnosis:
    """Whether mail goes out, and the server takes the password."""
    if settings.smtp_url is None:
        return note(f"邮件未外发，只写入 {settings.mail_dir}", "请运行 rectify setup 设置发件邮箱")
    try:
        with closing(Smtp(settings.smtp_url.get_secret_value(), settings.mail_from, _PATIENCE)) as smtp:
            smtp.check()
    except NotSent as error:
        return problem(error.reason, error.todo or "请检查 RECTIFY_SMTP_URL 和网络")
    return fine("邮件服务器可以连接和登录", "要看能否送达，请运行 rectify doctor --test-mail 邮箱")


def _address(patient: Patient) -> Iterator[Diagnosis]:
    """A link that leads each reader to his own machine is a problem once mail goes out."""
    with patient.database.reading() as session:
        address = address_of(session, patient.settings)
    todo = "请在“启用清单”中填写大家打开本系统的网址，或运行 rectify setup --network --address 网址"
    if address.is_local:
        found = problem if patient.settings.smtp_url else note
        yield found(f"邮件和登录纸条中的链接指向 {address.url}，收件人打不开", todo)
    elif not address.is_set:
        yield note(f"还没有确认网址，链接暂用本机地址 {address.url}", todo)
    else:
        yield fine(f"链接指向 {address.url}")


def _robots(patient: Patient) -> Iterator[Diagnosis]:
    """Whether each can be read; nothing is sent, as everybody in the group would see it."""
    for number, robot in enumerate(patient.settings.robots, 1):
        try:
            robot_at(robot.get_secret_value())
        except NotSent as error:
            yield problem(f"第 {number} 个{error.reason}", "请从群的机器人设置中重新复制")
        else:
            yield fine(f"第 {number} 个群机器人已设置")


def try_mail(patient: Patient, address: str) -> Diagnosis:
    """Send a test mail.

    Raises: Refused, for what is no mailbox.
    """
    if not MAILBOX_FORM.fullmatch(address):
        raise Refused(f"“{address}”不是邮箱地址", "", "应形如 zhangsan@example.gov.cn")
    try:
        with patient.database.reading() as session:
            settings = addressed(session, patient.settings)
        outcome = send_test_mail(settings, address, patient.clock.now)
    except NotSent as error:
        return problem(f"测试邮件没有发出：{error.reason}", error.todo or "请核对收件人邮箱")
    if outcome is OutboxStatus.WRITTEN:
        return note(f"测试邮件写入了 {patient.settings.mail_dir}，没有外发")
    return fine(f"测试邮件已由邮件服务器接收，请到 {address} 查收（包括垃圾邮件夹）")


def _evidence(patient: Patient) -> Iterator[Diagnosis]:
    """Every stored file is read and hashed again; what each bureau takes of its quota is told."""
    settings = patient.settings
    store = FileStore(settings.evidence_dir, max_bytes=settings.evidence_megabytes << 20)
    quota = settings.evidence_gigabytes << 30
    with patient.database.reading() as session:
        faults = evidence_faults(session, store)
        names = {unit.id: unit.name for unit in list_units(session)}
        taken = [(names[bureau], bytes_held(session, bureau)) for bureau in bureau_ids(session)]
    for name, held in taken:
        told = f"“{name}”的佐证材料共 {held / 2**20:.1f} MB，配额 {settings.evidence_gigabytes} GB"
        is_near, todo = held > quota * NEARLY_FULL, "满了以后不能再上传，请调大 RECTIFY_EVIDENCE_GIGABYTES"
        yield note(told, todo) if is_near else fine(told)
    if strays := sum(fault.fault is EvidenceFault.UNKNOWN for fault in faults):
        yield note(f"有 {strays} 个文件不属于任何任务", "多为中断的上传或换下的台账所留，不影响使用")
    for fault in faults:
        if fault.fault in _EVIDENCE_TODO:
            where = f"（任务 {'、'.join(fault.codes)}）" if fault.codes else ""
            told = f"佐证文件 {fault.sha256[:12]}{where}{fault.fault.word}"
            yield problem(told, _EVIDENCE_TODO[fault.fault])
    if not faults:
        yield fine("佐证文件齐全，校验一致")


_EVIDENCE_TODO: Final = {
    EvidenceFault.MISSING: "请运行 rectify restore 备份.zip --evidence 补回",
    EvidenceFault.ALTERED: "请运行 rectify restore 备份.zip --evidence 补回，并查明原因",
    EvidenceFault.NOT_DESTROYED: "请再次清除任一误传材料，或手工删除该文件",
}


def _templates(patient: Patient) -> Iterator[Diagnosis]:
    """The office's own templates: each is tried, so that a wrong field is known before it is needed."""
    folder = patient.settings.template_dir
    if not any(folder.iterdir()):
        return
    from documents.own_templates import checked

    for name, wrong in checked(folder):
        if wrong:
            yield problem(wrong.rstrip("。"), f"模板在 {folder}")
        else:
            yield fine(f"正在使用本单位的模板 {name}")


def check_history(patient: Patient) -> Iterator[Diagnosis]:
    """Every bureau's history and the office's own are walked and compared with the ledger."""
    with patient.database.reading() as session:
        names = {unit.id: unit.name for unit in list_units(session)}
        checked = [(names[bureau], verify(session, bureau)) for bureau in bureau_ids(session)]
        office = journal.verify(session)
    wrong = [fault_text(found, name) for name, found in checked] + [fault_text(office)]
    for told in filter(None, wrong):
        yield problem(told, "请与备份核对，并报告单位负责人")
    if not any(wrong):
        count = office.count + sum(found.count for _, found in checked)
        yield fine(f"办理记录和单位人员变动记录完好，共 {count} 条，与台账一致")


QUICK: Final[Mapping[str, Check]] = {
    "程序": _residents,
    "作业": _jobs,
    "邮件": _queue,
    "备份": _backups,
    "磁盘": _data_folder,
    "时钟": _clock,
    "版本": _versions,
    "多机": _one_folder,
    "单位": _organisation,
    "日历": _calendar,
    "网址": _address,
    "机器人": _robots,
}
"""What a page can wait for, by what it is about."""
SLOW: Final[Mapping[str, Check]] = {
    "邮箱": lambda patient: iter([check_mail(patient.settings)]),
    "材料": _evidence,
    "记录": check_history,
    "模板": _templates,
}
"""What reaches outside or reads every file."""
