"""What is wrong or will be, each with what to do: one list, which `rectify doctor` prints and the page 运行 shows.

Every check looks and changes nothing; a test mail is sent on request. What reaches outside or reads every file is slow.
"""

import os
import platform
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import text

from app.diagnosis import Diagnosis, Level, Patient
from app.running import check_jobs, check_queue, check_residents
from core.db import others_at_work
from core.errors import RectifyError, Refused
from core.files import FileStore
from core.machine import disk_trouble
from core.settings import Settings
from models import schema
from models.enums import EvidenceFault, OutboxStatus
from models.processes import OtherFolder, must_share_folder
from models.storage.backup import NIGHTLY
from models.storage.evidence_check import evidence_faults
from notifications.robots import robot_at
from notifications.transports import NotSent, Smtp
from notifications.trial_mail import send_test_mail
from rectification.labels import EVIDENCE_FAULT, PROVISIONAL_YEAR
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


def examine(patient: Patient, *, is_slow: bool) -> Iterator[Diagnosis]:
    """The slow checks or the others, in order; one that cannot be made hides no other."""
    for check in CHECKS:
        if check.is_slow is is_slow:
            try:
                yield from (replace(found, about=check.about) for found in check.look(patient))
            except RectifyError as error:
                told = "，".join(filter(None, (error.what, error.why)))
                yield Diagnosis(Level.PROBLEM, told, error.todo, check.about)
            except OSError as error:
                told = f"{error.filename or check.about}：{error.strerror or error}"
                yield Diagnosis(Level.PROBLEM, told, "请检查数据文件夹的权限和磁盘", check.about)


def _data_folder(patient: Patient) -> Iterator[Diagnosis]:
    folder = patient.settings.data_dir
    if not os.access(folder, os.W_OK):
        yield Diagnosis(Level.PROBLEM, f"数据文件夹 {folder} 不能写入", "请修改文件夹权限")
        return
    if os.name == "posix" and folder.stat().st_mode & 0o077:
        yield Diagnosis(
            Level.PROBLEM, f"数据文件夹 {folder} 对本机其他用户开放", f"请运行 chmod 700 {folder}"
        )
    if trouble := disk_trouble(folder):
        yield Diagnosis(Level.PROBLEM, trouble, "请清理磁盘，或把数据文件夹移到更大的盘")
    else:
        yield Diagnosis(Level.FINE, f"数据文件夹 {folder}，磁盘剩余 {_free(folder)}")


def _versions(patient: Patient) -> Iterator[Diagnosis]:
    is_sqlite = patient.database.is_sqlite
    with patient.database.reading() as session:
        asked = session.scalar(text("SELECT sqlite_version()" if is_sqlite else "SHOW server_version"))
    ledger = f"数据库 {'SQLite' if is_sqlite else 'PostgreSQL'} {asked}，台账版本 {schema.current(patient.database)}"
    told = f"程序 {version('rectify')}，Python {platform.python_version()}，{ledger}"
    yield Diagnosis(Level.FINE, told)


def _clock(patient: Patient) -> Iterator[Diagnosis]:
    with patient.database.reading() as session:
        fault = clock_fault(session, patient.clock)
    if fault:
        todo = "时钟可信之前作业一律不运行；收回误记的提醒用 rectify mail recall 日期"
        yield Diagnosis(Level.PROBLEM, fault, todo)
    else:
        yield Diagnosis(
            Level.FINE, f"现在是 {patient.moment(patient.clock.now)}（{patient.settings.timezone}）"
        )


def _one_folder(patient: Patient) -> Iterator[Diagnosis]:
    """Nothing is said where no other process is at work."""
    folder = patient.settings.data_dir
    with patient.database.reading() as session:
        others = others_at_work(session)
        try:
            must_share_folder(session, folder)
        except OtherFolder as error:
            yield Diagnosis(Level.PROBLEM, f"{error.what}：{error.why}", error.todo)
            return
    if others:
        yield Diagnosis(Level.FINE, f"正在运行的 {len(others)} 个程序与这里用同一个数据文件夹")


def _organisation(patient: Patient) -> Iterator[Diagnosis]:
    with patient.database.reading() as session:
        home = home_bureau(session)
        units = list_units(session)
    if home is None:
        yield Diagnosis(Level.NOTE, "还没有登记本单位", "请运行 rectify unit add 单位名称，或导入第一份报告")
    elif not any(unit.people for unit in units):
        yield Diagnosis(
            Level.NOTE,
            "还没有人员",
            "请运行 rectify people template 人员.xlsx，填好后 rectify people import 人员.xlsx",
        )
    else:
        yield Diagnosis(Level.FINE, f"本单位“{home.name}”，共 {sum(unit.people for unit in units)} 人")


def _calendar(patient: Patient) -> Iterator[Diagnosis]:
    with patient.database.reading() as session:
        announced = load_calendar(session).announced
    today = patient.clock.today
    wanted = {today.year, today.year + 1} if today.month == 12 else {today.year}
    if missing := sorted(wanted - announced):
        years = "、".join(map(str, missing))
        yield Diagnosis(
            Level.PROBLEM if today.year in missing else Level.NOTE,
            f"{years} 年的{PROVISIONAL_YEAR}",
            "国务院办公厅公布后，请在“工作日历”页面录入或运行 rectify calendar import",
        )
    else:
        yield Diagnosis(Level.FINE, "工作日历已录入到今年")


def check_backups(settings: Settings) -> Diagnosis:
    """Whether each night's backup has a place, and one that is not lost with the ledger."""
    folder = settings.nightly_dir
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        return Diagnosis(
            Level.PROBLEM,
            f"备份文件夹 {folder} 不在或不能写入",
            "请接上那块盘、修改权限，或用 rectify setup 另选",
        )
    if trouble := disk_trouble(folder):
        return Diagnosis(
            Level.PROBLEM, f"备份文件夹 {folder}：{trouble}", "请清理那块盘，或调小 keep_backups"
        )
    said = f"每天的备份在 {folder}，磁盘剩余 {_free(folder)}"
    if folder.stat().st_dev != settings.data_dir.stat().st_dev:
        return Diagnosis(Level.FINE, said)
    return Diagnosis(Level.NOTE, f"{said}；与台账在同一块盘上，会一起丢失", "请用 rectify setup 换一块盘")


def _backups(patient: Patient) -> Iterator[Diagnosis]:
    """The place of the nightly backups, and how old the newest of them is."""
    yield check_backups(patient.settings)
    kept = sorted(patient.settings.nightly_dir.glob(NIGHTLY))
    if not kept:
        yield Diagnosis(Level.NOTE, "还没有备份", "每天凌晨自动备份；现在就要的，请运行 rectify run backup")
        return
    day = kept[-1].stem.removeprefix("rectify-")
    size = f"{kept[-1].stat().st_size / 2**20:.1f} MB"
    told = f"最近一份备份 {day}（{size}），共 {len(kept)} 份"
    if (patient.clock.today - date.fromisoformat(day)).days > OLD_BACKUP:
        yield Diagnosis(Level.PROBLEM, f"{told}，此后没有备份", "请运行 rectify run backup，看为什么没有备份")
    else:
        yield Diagnosis(Level.FINE, told)


def _free(folder: Path) -> str:
    return f"{shutil.disk_usage(folder).free // 1_000_000_000} GB"


def check_mail(settings: Settings) -> Diagnosis:
    """Whether mail goes out, and the server takes the password."""
    if settings.smtp_url is None:
        return Diagnosis(
            Level.NOTE, f"邮件未外发，只写入 {settings.mail_dir}", "请运行 rectify setup 设置发件邮箱"
        )
    try:
        with closing(Smtp(settings.smtp_url.get_secret_value(), settings.mail_from, _PATIENCE)) as smtp:
            smtp.check()
    except NotSent as error:
        return Diagnosis(Level.PROBLEM, error.reason, error.todo or "请检查 RECTIFY_SMTP_URL 和网络")
    return Diagnosis(
        Level.FINE, "邮件服务器可以连接和登录", "要看能否送达，请运行 rectify doctor --test-mail 邮箱"
    )


def _address(patient: Patient) -> Iterator[Diagnosis]:
    """A link that leads each reader to his own machine is a problem once mail goes out."""
    with patient.database.reading() as session:
        address = address_of(session, patient.settings)
    todo = "请在“启用清单”中填写大家打开本系统的网址，或运行 rectify setup --network --address 网址"
    if address.is_local:
        level = Level.PROBLEM if patient.settings.smtp_url else Level.NOTE
        yield Diagnosis(level, f"邮件和登录纸条中的链接指向 {address.url}，收件人打不开", todo)
    elif not address.is_set:
        yield Diagnosis(Level.NOTE, f"还没有确认网址，链接暂用本机地址 {address.url}", todo)
    else:
        yield Diagnosis(Level.FINE, f"链接指向 {address.url}")


def _robots(patient: Patient) -> Iterator[Diagnosis]:
    """Whether each can be read; nothing is sent, as everybody in the group would see it."""
    for number, robot in enumerate(patient.settings.robots, 1):
        try:
            robot_at(robot.get_secret_value())
        except NotSent as error:
            yield Diagnosis(Level.PROBLEM, f"第 {number} 个{error.reason}", "请从群的机器人设置中重新复制")
        else:
            yield Diagnosis(Level.FINE, f"第 {number} 个群机器人已设置")


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
        return Diagnosis(Level.PROBLEM, f"测试邮件没有发出：{error.reason}", error.todo or "请核对收件人邮箱")
    if outcome is OutboxStatus.WRITTEN:
        return Diagnosis(Level.NOTE, f"测试邮件写入了 {patient.settings.mail_dir}，没有外发")
    return Diagnosis(Level.FINE, f"测试邮件已由邮件服务器接收，请到 {address} 查收（包括垃圾邮件夹）")


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
        is_near = held > quota * NEARLY_FULL
        yield Diagnosis(
            Level.NOTE if is_near else Level.FINE,
            f"“{name}”的佐证材料共 {held / 2**20:.1f} MB，配额 {settings.evidence_gigabytes} GB",
            "满了以后不能再上传，请调大 RECTIFY_EVIDENCE_GIGABYTES" if is_near else "",
        )
    for fault in faults:
        where = f"（任务 {'、'.join(fault.codes)}）" if fault.codes else ""
        told = f"佐证文件 {fault.sha256[:12]}{where}{EVIDENCE_FAULT[fault.fault]}"
        is_harmless = fault.fault is EvidenceFault.UNKNOWN
        yield Diagnosis(Level.NOTE if is_harmless else Level.PROBLEM, told, _EVIDENCE_TODO[fault.fault])
    if not faults:
        yield Diagnosis(Level.FINE, "佐证文件齐全，校验一致")


_EVIDENCE_TODO: Final = {
    EvidenceFault.MISSING: "请运行 rectify restore 备份.zip --evidence 补回",
    EvidenceFault.ALTERED: "请运行 rectify restore 备份.zip --evidence 补回，并查明原因",
    EvidenceFault.NOT_DESTROYED: "请再次清除任一误传材料，或手工删除该文件",
    EvidenceFault.UNKNOWN: "多为中断的上传所留，不影响使用",
}


def _templates(patient: Patient) -> Iterator[Diagnosis]:
    """The office's own templates: each is tried, so that a wrong field is known before it is needed."""
    folder = patient.settings.template_dir
    if not any(folder.iterdir()):
        return
    from documents.own_templates import checked

    for name, problem in checked(folder):
        if problem:
            yield Diagnosis(Level.PROBLEM, problem.rstrip("。"), f"模板在 {folder}")
        else:
            yield Diagnosis(Level.FINE, f"正在使用本单位的模板 {name}")


def check_history(patient: Patient) -> Iterator[Diagnosis]:
    """Every bureau's history and the office's own are walked and compared with the ledger."""
    with patient.database.reading() as session:
        names = {unit.id: unit.name for unit in list_units(session)}
        checked = [(names[bureau], verify(session, bureau)) for bureau in bureau_ids(session)]
        office = journal.verify(session)
    wrong = [fault_text(found, name) for name, found in checked] + [fault_text(office)]
    for told in filter(None, wrong):
        yield Diagnosis(Level.PROBLEM, told, "请与备份核对，并报告单位负责人")
    if not any(wrong):
        count = office.count + sum(found.count for _, found in checked)
        yield Diagnosis(Level.FINE, f"办理记录和单位人员变动记录完好，共 {count} 条，与台账一致")


class Check(NamedTuple):
    """One part of the installation. A slow look nobody waits for: pages show what it found last."""

    about: str
    look: Callable[[Patient], Iterator[Diagnosis]]
    is_slow: bool = False


CHECKS: Final = (
    Check("程序", check_residents),
    Check("作业", check_jobs),
    Check("邮件", check_queue),
    Check("备份", _backups),
    Check("磁盘", _data_folder),
    Check("时钟", _clock),
    Check("版本", _versions),
    Check("多机", _one_folder),
    Check("单位", _organisation),
    Check("日历", _calendar),
    Check("网址", _address),
    Check("机器人", _robots),
    Check("邮箱", lambda patient: iter([check_mail(patient.settings)]), is_slow=True),
    Check("材料", _evidence, is_slow=True),
    Check("记录", check_history, is_slow=True),
    Check("模板", _templates, is_slow=True),
)
