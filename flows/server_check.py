"""`rectify prefect check`: does the Prefect server hold all that JOBS need, and do all machines run alike? Nothing is changed."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from prefect import __version__ as installed
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import WorkerStatus
from prefect.exceptions import ObjectNotFound, PrefectHTTPStatusError
from prefect.settings import PREFECT_API_URL
from sqlalchemy import or_, select

from core.clock import Clock
from core.db import Database, others_at_work
from core.settings import Settings
from flows.engine import SHARE
from flows.schedule import JOBS
from models.job import Process
from models.processes import runs_with

POOL, DAYS, SHARES = "main", "days", "shares"
AUTOMATIONS: Final = ("rectify-lost-is-crashed", "rectify-crashed-day-runs-again")
RECENT: Final = timedelta(days=7)
Finding = tuple[str, str]
"""What was found, and what to do where that is wrong."""
LOCAL: Final = ("localhost", "127.0.0.1", "::1", "0.0.0.0")  # noqa: S104  (compared, not bound)
DEPLOY: Final = "请在放有 prefect.yaml 的文件夹中运行 make deploy"


def check_server(settings: Settings, database: Database, clock: Clock) -> Iterator[Finding]:
    """Every check, in order; without a server to ask, those of the machines alone."""
    yield from _machines(settings, database, clock)
    api = PREFECT_API_URL.value()
    if not api:
        yield "没有设置 PREFECT_API_URL", "请设为 Prefect 服务的地址，如 http://10.1.2.10:4200/api"
        return
    try:
        with get_client(sync_client=True) as client:
            yield from _server(client, api)
            yield from _pool(client)
            yield from _deployed(client, settings.timezone)
    except PrefectHTTPStatusError as error:
        told = f"Prefect 服务 {api} 拒绝了请求（{error.response.status_code}）"
        yield told, "请核对 PREFECT_API_AUTH_STRING 是否与服务相同，并查看服务的日志"
    except (httpx.HTTPError, RuntimeError) as error:
        told = f"连不上 Prefect 服务 {api}（{type(error).__name__}）"
        yield told, "请确认服务已启动、地址和防火墙正确"


def _machines(settings: Settings, database: Database, clock: Clock) -> Iterator[Finding]:
    """What each part of a machine ran with last, beside what is set here."""
    if database.is_sqlite:
        yield "台账在 SQLite 上，只能由一台机器使用", "请设置 RECTIFY_DATABASE_URL 改用 PostgreSQL"
        return
    if settings.engine != "prefect":
        yield "作业由各网页程序自己定时运行", "请设置 RECTIFY_ENGINE=prefect，由 Prefect 定时"
    here = runs_with(settings).items()
    with database.reading() as session:
        is_at_work = Process.name.in_(others_at_work(session))
        lately = select(Process).where(or_(is_at_work, Process.at >= clock.now - RECENT))
        for each in session.scalars(lately.order_by(Process.machine, Process.part)):
            who = f"{each.machine} 的 {each.part}"
            if names := sorted({name for name, _ in here ^ each.runs_with.items()}):
                yield f"{who} 与这里不同：{'、'.join(names)}", "请改成一致后重新启动"
            elif not each.mark:
                yield f"{who} 用的不是同一个数据文件夹", "请在那台机器上运行 rectify doctor"
            else:
                yield f"{who} 与这里的版本、设置一致", ""


def _server(client: SyncPrefectClient, api: str) -> Iterator[Finding]:
    version = client.api_version()
    if version != installed:
        yield f"Prefect 服务是 {version}，这里是 {installed}", "请装成同一版本"
    else:
        yield f"Prefect 服务 {api}，版本 {version}", ""
    is_alone = urlsplit(api).hostname in LOCAL
    yield from settings_faults(client.request("GET", "/admin/settings").json()["server"], is_alone=is_alone)
    if not is_alone and httpx.get(f"{api}/admin/version", timeout=15).is_success:
        todo = "请给服务设置 PREFECT_SERVER_API_AUTH_STRING=用户:密码"
        yield "谁都可以让 worker 运行程序：Prefect 服务没有口令", todo


def settings_faults(server: Mapping[str, Any], *, is_alone: bool) -> Iterator[Finding]:
    """What the settings Prefect tells of its server lack; who reads its page on the server itself (`is_alone`) needs no other address."""
    asked = server["ui"]["api_url"]
    if not is_alone and urlsplit(asked).hostname in LOCAL:
        todo = "请给服务设置 PREFECT_SERVER_UI_API_URL，写浏览器能打开的地址"
        yield f"Prefect 的网页在别的机器上打不开：它向 {asked} 取数", todo
    cleared = server["services"]["db_vacuum"]["enabled"]
    if cleared is not True and "flow_runs" not in (cleared or ()):
        todo = "请给服务设置 PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED=events,flow_runs"
        yield "Prefect 的运行记录从不清除，数据库会一直变大", todo


def _pool(client: SyncPrefectClient) -> Iterator[Finding]:
    try:
        is_paused = client.read_work_pool(POOL).is_paused
    except ObjectNotFound:
        yield f"没有工作池 {POOL}", DEPLOY
        return
    queues = {each.name: each.is_paused for each in client.read_work_queues(work_pool_name=POOL)}
    if stopped := [name for name in (DAYS, SHARES) if is_paused or queues.get(name, True)]:
        told = f"没有队列 {'、'.join(stopped)}，或已暂停：作业不会运行"
        yield told, f"请在 Prefect 网页上恢复；没有的，{DEPLOY}"
    workers = client.read_workers_for_work_pool(POOL)
    if online := sorted(each.name for each in workers if each.status == WorkerStatus.ONLINE):
        yield f"在线的 worker {len(online)} 个：{'、'.join(online)}", ""
    else:
        yield "没有在线的 worker", f"请在各机器上启动 prefect worker start --pool {POOL} --limit 2"


def _deployed(client: SyncPrefectClient, zone: str) -> Iterator[Finding]:
    """Hours, queue and program of each deployment are those of JOBS, and what heals a crash is on."""
    flows = {flow.id: flow.name for flow in client.read_flows()}
    wanted = {
        f"{job.name}/{'daily' if job.cron else 'on_demand'}": (
            [(job.cron, zone)] if job.cron else [],
            DAYS if job.cron else SHARES,
            job.flow,
        )
        for job in JOBS.values()
    }
    wanted |= {f"{job.name}/{SHARE}": ([], SHARES, job.flow) for job in JOBS.values() if job.by_bureau}
    found = {
        f"{flows[each.flow_id]}/{each.name}": (
            [
                (getattr(s.schedule, "cron", ""), getattr(s.schedule, "timezone", ""))
                for s in each.schedules
                if s.active
            ],
            "已暂停" if each.paused else each.work_queue_name,
            each.entrypoint,
        )
        for each in client.read_deployments()
        if "rectify" in each.tags
    }
    wrong = sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))
    if wrong:
        told = "缺少、多出，或时间、队列、程序不同"
        yield f"部署与作业表不符（{told}）：{'、'.join(wrong)}", DEPLOY
    else:
        yield f"{len(wanted)} 个部署与作业表一致", ""
    enabled = {each.name for each in client.read_automations() if each.enabled}
    if missing := [name for name in AUTOMATIONS if name not in enabled]:
        yield f"没有启用 {'、'.join(missing)}：机器中断后作业不会自己接着做", DEPLOY
