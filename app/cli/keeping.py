"""`rectify backup`, `restore`, `upgrade`: keeping the ledger, and putting it right."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.common import (
    Json,
    board_url,
    clock,
    fail,
    file_store,
    is_so,
    ledger,
    must_be_new,
    print_json,
    say,
    settings,
    system_by,
    warn,
)
from core.errors import Refused

if TYPE_CHECKING:
    from core.db import Database


def backup(file: Annotated[Path, typer.Argument(metavar="文件.zip")], as_json: Json = False) -> None:
    """把台账和佐证材料备份成一个文件，不必停止程序；不含密码。"""
    from models.enums import OfficeVerb
    from models.storage.backup import incomplete, write_backup
    from rectification.office.journal import note

    must_be_new(file)
    made = write_backup(ledger(), file_store().folder, file, now=clock().now)
    with ledger().unit_of_work() as session:
        note(session, system_by(), OfficeVerb.BACK_UP, file.name)
    if made.missing:
        raise incomplete(made, file)
    if as_json:
        print_json(made.model_dump(mode="json"))
        return
    say(f"已备份到 {file}：{made.rows} 条记录，{len(made.evidence)} 份佐证材料")
    for head in made.heads:
        chain = "单位和人员变动记录" if head.bureau_id is None else f"单位 {head.bureau_id} 办理记录"
        say(f"{chain} {head.sequence} 条，校验码 {head.hash}")


def restore(
    file: Annotated[Path, typer.Argument(metavar="文件.zip")],
    replace: Annotated[bool, typer.Option("--replace", help="替换现有台账（先自动备份）")] = False,
    evidence: Annotated[
        bool, typer.Option("--evidence", help="只补回缺失或损坏的佐证材料，不动台账，不必停止程序")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问，直接替换")] = False,
    as_json: Json = False,
) -> None:
    """用备份恢复台账和佐证材料；请先停止正在运行的程序。"""
    from models.enums import OfficeVerb
    from models.storage.restore import mend_evidence, restore_backup
    from rectification.casework.opening import tell_what_was_untold
    from rectification.office.journal import note

    where, moment = settings().backup_dir, clock()
    if evidence:
        aside = where / f"damaged-{moment.now:%Y%m%d-%H%M%S}"
        mended, wanting = mend_evidence(ledger(), file_store(), file, aside)
        say(f"已补回 {mended} 份佐证材料" + (f"，损坏的文件移到了 {aside}" if aside.exists() else ""))
        if wanting:
            fail(f"还有 {wanting} 份这个备份里没有，请换一份备份再试")
        return
    kept_in = where if replace else None

    def agree(standing: str, coming: str) -> None:
        warn(f"现有台账（{settings().data_dir}）：{standing}\n换成 {file.name}：{coming}")
        if not (yes or (sys.stdin.isatty() and is_so("确定用备份替换现有台账吗", "否"))):
            raise Refused("没有替换，现有台账没有改动", "", "确要替换的，请回答 是，或加 --yes")

    with _alone() as database:
        made, kept = restore_backup(
            *(database, settings().evidence_dir, file), replace_into=kept_in, now=moment.now, agree=agree
        )
        tell_what_was_untold(database, moment)
    made_at = f"{made.made_at.astimezone(moment.zone):%Y-%m-%d %H:%M}"
    with ledger().unit_of_work() as session:
        note(session, system_by(), OfficeVerb.RESTORE, f"{file.name}（{made_at}）")
    if as_json:
        print_json({**made.model_dump(mode="json"), "kept": kept})
    else:
        counts = f"{made.rows} 条记录，{len(made.evidence)} 份佐证材料"
        say(f"已恢复 {made_at} 的备份：{counts}")
        for place in kept:
            say(f"原来的台账和文件在 {place}")
    _let_admin_in()


def upgrade(
    back: Annotated[
        Path | None,
        typer.Option("--back", metavar="备份.zip", help="退回升级前的备份，再换回旧程序；升级后的改动另存"),
    ] = None,
) -> None:
    """把台账升级到本程序的版本：先备份，再升级，再核对；请先停止正在运行的程序。"""
    from app.doctor import Patient, check_history
    from models.storage.restore import restore_backup
    from rectification.casework.opening import upgrade_ledger

    kept, folder, moment = settings().evidence_dir, settings().backup_dir, clock()
    with _alone() as database:
        if back is not None:
            made, replaced = restore_backup(
                database, kept, back, replace_into=folder, now=moment.now, keeps_schema=True
            )
            where = "、".join(map(str, replaced))
            say(f"台账已退回版本 {made.revision}，请换回当时的程序再启动。原来的台账和文件在 {where}")
            return
        before, copy = upgrade_ledger(settings(), database, moment)
        if copy is None:
            say("台账已是本程序的版本，不用升级")
            return
        say(f"台账已从 {before} 升级，没有少一条记录。要退回：rectify upgrade --back {copy}，再换回旧程序")
        for finding in check_history(Patient(settings(), database, moment)):
            say(finding.what + (f"。{finding.todo}" if finding.todo else ""))


def add_to(cli: typer.Typer) -> None:
    """Put these commands at the top level."""
    for command in (backup, restore, upgrade):
        cli.command(command.__name__)(command)


def _alone() -> Database:
    """The ledger as it stands, whatever its schema, where no other program has it open."""
    from core.db import Database
    from core.settings import prepare_data_dir

    prepare_data_dir(settings())
    database = Database(settings().database)
    database.must_be_alone()
    return database


def _let_admin_in() -> None:
    """Backups hold no passwords: a link for the first who looks after the system."""
    from rectification.office.signin import admin_locked_out, issue_codes, new_code

    with ledger().unit_of_work() as session:
        admin = admin_locked_out(session)
        if admin is not None:
            [(_, token)] = issue_codes(session, system_by(), [admin], [new_code()])
            link = f"{board_url()}/enter/{token}"
            warn(f"备份不含密码。系统管理员 {admin.login} 请打开 {link} 重新设置；其他人请发登录条")
