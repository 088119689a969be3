"""`rectify up`, `run`, `doctor`: the resident program, one job now, and whether all is well."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.chinese import Cli
from app.cli.common import Json, On, clock, ledger, print_json, say, settings

if TYPE_CHECKING:
    from app.doctor import Diagnosis
    from flows.requests import JobOutcome

prefect = Cli("多台机器上的 Prefect 服务。")


def up(
    host: Annotated[str | None, typer.Option("--host", help="监听地址")] = None,
    port: Annotated[int | None, typer.Option("--port", min=1, max=65535, help="监听端口")] = None,
    ssl_certfile: Annotated[
        Path | None, typer.Option("--ssl-certfile", metavar="证书.pem", help="用 HTTPS 提供网页")
    ] = None,
    ssl_keyfile: Annotated[
        Path | None, typer.Option("--ssl-keyfile", metavar="私钥.pem", help="私钥不在证书文件里时")
    ] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="用虚构的演示数据，放在当前文件夹的 demo-data，不碰真实台账")
    ] = False,
) -> None:
    """启动网页、定时作业和发信，直到被停止。"""
    if demo:
        from app.demo.place import move_in

        move_in()
    from app.up import up as run_until_stopped

    asked = {
        "RECTIFY_HOST": host,
        "RECTIFY_PORT": port,
        "RECTIFY_SSL_CERTFILE": ssl_certfile,
        "RECTIFY_SSL_KEYFILE": ssl_keyfile,
    }  # heard by the jobs of this process too: links name the port
    os.environ |= {name: str(value) for name, value in asked.items() if value is not None}
    run_until_stopped(settings(), say, is_demo=demo)


def run(
    job: Annotated[str, typer.Argument(metavar="作业")],
    on: On = None,
    allow_future: Annotated[
        bool, typer.Option("--allow-future", help="--on 确实是将来的日子（只用于演练，会写入提醒）")
    ] = False,
    again: Annotated[bool, typer.Option("--again", help="已完成的也再做一次")] = False,
    file: Annotated[Path | None, typer.Option("--file", metavar="文件", help="intake 要读入的报告")] = None,
    as_json: Json = False,
) -> None:
    """现在运行一个作业，例如 daily_reminders。"""
    from app.cli.reports import put_report_aside
    from app.logs import logging_to
    from flows.runner import run_job

    ledger()  # the first call makes the data folder, where the log goes
    asked = {
        "day": on,
        "allow_future": allow_future or None,
        "again": again or None,
        "upload": file and put_report_aside(file),
    }
    with logging_to(settings(), "run.log"):
        outcome = run_job(job, {name: value for name, value in asked.items() if value is not None})
    if as_json:
        print_json(outcome)
    else:
        _tell(outcome)
        _tell_waiting()


def doctor(
    test_mail: Annotated[
        str | None, typer.Option("--test-mail", metavar="邮箱", help="再向这个邮箱发一封测试邮件")
    ] = None,
    as_json: Json = False,
) -> None:
    """检查安装是否正常，逐项说明要做什么。"""
    from app.checkup import look_closely
    from app.doctor import QUICK, Patient, examine, try_mail

    patient = Patient(settings(), ledger(), clock())
    findings = [*examine(patient, QUICK), *look_closely(patient)]
    if test_mail is not None:
        findings.append(try_mail(patient, test_mail))
    _report(findings, as_json=as_json)


@prefect.command("check")
def check(as_json: Json = False) -> None:
    """核对 Prefect 服务：地址、口令、工作池、部署、自动处理，以及各机器的版本和设置是否一致。"""
    from app.doctor import Diagnosis, Level
    from flows.server_check import check_server

    found = check_server(settings(), ledger(), clock())
    levels = {True: Level.PROBLEM, False: Level.FINE}
    _report([Diagnosis(levels[bool(todo)], what, todo) for what, todo in found], as_json=as_json)


def _report(findings: list[Diagnosis], *, as_json: bool) -> None:
    from app.doctor import Level

    if as_json:
        print_json(findings)
    else:
        for finding in findings:
            say(f"{finding.level.word}　{finding.what}" + (f"。{finding.todo}" if finding.todo else ""))
    if any(finding.level is Level.PROBLEM for finding in findings):
        raise typer.Exit(1)


def add_to(cli: typer.Typer) -> None:
    """Put these commands at the top level."""
    for command in (up, run, doctor):
        cli.command(command.__name__)(command)
    cli.add_typer(prefect, name="prefect")


def _tell_waiting() -> None:
    """Jobs only write mails; who started one by hand must know what sends them."""
    from notifications.health import waiting_mails

    with ledger().reading() as session:
        waiting = waiting_mails(session, clock())
    if waiting:
        say(f"有 {waiting} 封邮件待发：rectify up 运行时会自动发出，没有运行的请运行 rectify sender --once")


def _tell(outcome: JobOutcome) -> None:
    from flows.requests import words
    from rectification.labels import JOB

    head = f"{JOB[outcome.job]} {outcome.day}"
    if not outcome.is_due:
        say(f"{head}：这一天不用办，没有改动")
        return
    done = words(outcome.counts)
    if outcome.shards or not outcome.before:
        say(f"{head}：已完成" + (f"（{done}）" if done else ""))
    else:
        say(f"{head}：此前已完成，没有重复；确需再做一次请加 --again")
    if outcome.left:
        say(f"另有 {outcome.left} 片正由其他进程办理")
