"""`rectify export`: a year for the archive, or everything as open files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.common import Bureau, On, clock, fail, file_store, ledger, say, settings, system_by, warn


def export(
    target: Annotated[Path, typer.Argument(metavar="文件夹|文件.zip", help="新的文件夹或压缩包")],
    year: Annotated[
        int | None, typer.Option("--year", metavar="年", help="只导出这一年销号、办结、终止的任务，供归档")
    ] = None,
    bureau: Bureau = None,
    with_restricted: Annotated[
        bool, typer.Option("--with-restricted", help="归档时连同仅限指定人员的任务")
    ] = False,
    on: On = None,
) -> None:
    """导出为 Excel、Word、JSON 和原件：写 --year 的按年度归档，一项一档；不写的是全部内容，用于离开本产品。"""
    from core.errors import Refused
    from documents.archive.copies import Copy
    from documents.pack import write_pack
    from models.enums import OfficeVerb
    from rectification.office.calendar import load_calendar
    from rectification.office.journal import note
    from rectification.office.units import bureau_named

    if year is None and (bureau or with_restricted):
        raise typer.BadParameter(
            "--bureau 和 --with-restricted 要与 --year 一起用；不写 --year 的导出全部单位和任务"
        )
    if target.is_file() or (target.is_dir() and any(target.iterdir())):
        raise Refused(f"“{target}”已经有内容", "导出不覆盖已有的文件", "请换一个新的名称")
    target.absolute().parent.mkdir(parents=True, exist_ok=True)
    copy = Copy(file_store(), settings().zone, clock(on).today)
    with ledger().reading() as session:
        calendar = load_calendar(session)
        if year is None:
            files = copy.whole(
                session, calendar, {"材料": settings().paper_dir, "模板": settings().template_dir}
            )
        else:
            unit = bureau_named(session, bureau)
            files = copy.year(session, calendar, unit, year, with_restricted=with_restricted)
        write_pack(target, files, as_zip=target.suffix.lower() == ".zip")
    with ledger().unit_of_work() as session:
        note(
            session,
            system_by(on),
            OfficeVerb.EXPORT,
            f"{f'{year}年度归档' if year else '全部内容'} {target.name}，{copy.tasks} 项",
        )
    say(f"已导出 {target}：{copy.tasks} 项任务")
    if copy.restricted:
        warn(f"其中有 {copy.restricted} 项仅限指定人员，请按最高的知悉范围保管")
    if copy.missing:
        for name in copy.missing:
            warn(f"缺失或被改动，没有收入：{name}")
        fail(
            f"导出不完整：有 {len(copy.missing)} 份文件没有收入。请用 rectify doctor 查看，从备份补回后重新导出"
        )
