"""`rectify prefect check`: does the Prefect server hold all that JOBS need, and do all machines run alike? Nothing is changed."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from prefect import __version__ as installed
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import WorkerStatus
from prefect.client.schemas.schedules import CronSchedule
from prefect.exceptions import ObjectNotFound, PrefectHTTPStatusError
from prefect.settings import PREFECT_API_URL
from sqlalchemy import or_, select

from app.doctor import Diagnosis, Level, Patient
from core.db import others_at_work
from flows.engine import SHARE
from flows.schedule import JOBS
from models.job import Process
from models.processes import runs_with

POOL: Final = "main"
DAYS, SHARES = "days", "shares"
AUTOMATIONS: Final = ("rectify-lost-is-crashed", "rectify-crashed-day-runs-again")
IS_TOLD: Final = "rectify-failed-is-told"
RECENT: Final = timedelta(days=7)
DEPLOY: Final = "请在放有 prefect.yaml 的文件夹中运行 make deploy"


def examine_prefect(patient: Patient) -> Iterator[Diagnosis]:
    """Every check, in order; without a server to ask, those of the machines alone."""
    yield from _machines(patient)
    api = PREFECT_API_URL.value()
    if not api:
        yield _problem("没有设置 PREFECT_API_URL", "请设为 Prefect 服务的地址，如 http://10.1.2.10:4200/api")
        return
    try:
        with get_client(sync_client=True) as client:
            yield from _server(client, api)
            yield from _pool(client)
            yield from _deployments(client, patient.settings.timezone)
            yield from _automations(client)
    except PrefectHTTPStatusError as error:
        status = error.response.status_code
        todo = "请设置与服务相同的 PREFECT_API_AUTH_STRING" if status == 401 else "请查看 Prefect 服务的日志"
        yield _problem(f"Prefect 服务 {api} 拒绝了请求（{status}）", todo)
    except (httpx.HTTPError, RuntimeError) as error:
        yield _problem(
            f"连不上 Prefect 服务 {api}（{type(error).__name__}）", "请确认服务已启动、地址和防火墙正确"
        )


def _machines(patient: Patient) -> Iterator[Diagnosis]:
    """What each part of a machine ran with last, beside what is set here."""
    settings, here = patient.settings, runs_with(patient.settings)
    if patient.database.is_sqlite:
        yield _problem("台账在 SQLite 上，只能由一台机器使用", "请设置 RECTIFY_DATABASE_URL 改用 PostgreSQL")
        return
    if settings.engine != "prefect":
        yield _problem("作业由各网页程序自己定时运行", "请设置 RECTIFY_ENGINE=prefect，由 Prefect 定时")
    with patient.database.reading() as session:
        is_of_now = or_(Process.name.in_(others_at_work(session)), Process.at >= patient.clock.now - RECENT)
        found = session.scalars(
            select(Process).where(is_of_now).order_by(Process.machine, Process.part)
        ).all()
    for each in found:
        who = f"{each.machine} 的 {each.part}"
        if not each.mark:
            yield _problem(f"{who} 用的不是同一个数据文件夹", "请在那台机器上运行 rectify doctor")
        names = sorted(
            name for name in here.keys() | each.runs_with if here.get(name) != each.runs_with.get(name)
        )
        if names:
            yield _problem(f"{who} 与这里不同：{'、'.join(names)}", "请改成一致后重新启动")
        elif each.mark:
            yield Diagnosis(Level.FINE, f"{who} 与这里的版本、设置一致")
    if not any(each.part == "run" for each in found):
        yield Diagnosis(Level.NOTE, "七天内没有 worker 运行过作业", "请确认各机器的 worker 已启动")


def _server(client: SyncPrefectClient, api: str) -> Iterator[Diagnosis]:
    is_apart = not _is_loopback(api)
    version = client.api_version()
    if version != installed:
        yield _problem(f"Prefect 服务是 {version}，这里是 {installed}", "请装成同一版本")
    else:
        yield Diagnosis(Level.FINE, f"Prefect 服务 {api}，版本 {version}")
    if httpx.get(f"{api}/admin/version", timeout=15).is_success:
        level = Level.PROBLEM if is_apart else Level.NOTE
        told = "谁都可以让 worker 运行程序：Prefect 服务没有口令"
        yield Diagnosis(level, told, "请给服务设置 PREFECT_SERVER_API_AUTH_STRING=用户:密码")
    told_of: dict[str, Any] = client.request("GET", "/admin/settings").json()["server"]
    page = told_of["ui"]["api_url"] or ""
    if is_apart and _is_loopback(page):
        yield _problem(f"Prefect 网页要浏览器连 {page}", f"请给服务设置 PREFECT_SERVER_UI_API_URL={api}")
    if "flow_runs" not in (told_of["services"]["db_vacuum"]["enabled"] or ()):
        yield Diagnosis(
            Level.NOTE,
            "Prefect 的运行记录永久保留，数据库会一直变大",
            "请给服务设置 PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED=events,flow_runs",
        )


def _pool(client: SyncPrefectClient) -> Iterator[Diagnosis]:
    try:
        pool = client.read_work_pool(POOL)
    except ObjectNotFound:
        yield _problem(f"没有工作池 {POOL}", DEPLOY)
        return
    queues = {queue.name: queue for queue in client.read_work_queues(work_pool_name=POOL)}
    for name in (DAYS, SHARES):
        if name not in queues:
            yield _problem(f"没有队列 {name}", DEPLOY)
    stopped = [name for name in (DAYS, SHARES) if name in queues and queues[name].is_paused]
    for name in [POOL] * pool.is_paused + stopped:
        yield _problem(f"{name} 已暂停，作业不会运行", "请在 Prefect 网页上恢复")
    online = [w.name for w in client.read_workers_for_work_pool(POOL) if w.status == WorkerStatus.ONLINE]
    if not online:
        yield _problem("没有在线的 worker", f"请在各机器上启动 prefect worker start --pool {POOL} --limit 2")
    else:
        yield Diagnosis(Level.FINE, f"在线的 worker {len(online)} 个：{'、'.join(sorted(online))}")


def _deployments(client: SyncPrefectClient, zone: str) -> Iterator[Diagnosis]:
    """Name, queue and hours of each, as JOBS has them."""
    flows = {flow.id: flow.name for flow in client.read_flows()}
    found = {f"{flows.get(each.flow_id)}/{each.name}": each for each in client.read_deployments()}
    wanted = {f"{j.name}/{'daily' if j.cron else 'on_demand'}": (j, j.cron) for j in JOBS.values()}
    wanted |= {f"{job.name}/{SHARE}": (job, None) for job in JOBS.values() if job.by_bureau}
    wrong = [f"{name}（没有）" for name in wanted.keys() - found.keys()]
    wrong += [
        f"{name}（多出）" for name, each in found.items() if name not in wanted and "rectify" in each.tags
    ]
    for name, (job, cron) in wanted.items():
        if name not in found:
            continue
        each = found[name]
        hours = [
            (s.schedule.cron, s.schedule.timezone)
            for s in each.schedules
            if s.active and isinstance(s.schedule, CronSchedule)
        ]
        queue = DAYS if cron else SHARES
        place = (each.work_pool_name, each.work_queue_name, each.entrypoint)
        if each.paused or hours != ([(cron, zone)] if cron else []) or place != (POOL, queue, job.flow):
            wrong.append(f"{name}（时间、队列或程序不同，或已暂停）")
    if wrong:
        yield _problem(f"部署与作业表不符：{'、'.join(sorted(wrong))}", DEPLOY)
    else:
        yield Diagnosis(Level.FINE, f"{len(wanted)} 个部署与作业表一致")


def _automations(client: SyncPrefectClient) -> Iterator[Diagnosis]:
    enabled = {each.name for each in client.read_automations() if each.enabled}
    if missing := [name for name in AUTOMATIONS if name not in enabled]:
        yield _problem(f"没有启用自动处理 {'、'.join(missing)}：机器中断后作业不会自己接着做", DEPLOY)
    if IS_TOLD not in enabled:
        yield Diagnosis(
            Level.NOTE, "作业失败时 Prefect 不告知任何人", "请运行 make deploy NOTIFY_BLOCK=通知块编号"
        )


def _problem(what: str, todo: str) -> Diagnosis:
    return Diagnosis(Level.PROBLEM, what, todo)


def _is_loopback(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    return host in ("localhost", "::1", "0.0.0.0") or host.startswith("127.")  # noqa: S104  (compared, not bound)
