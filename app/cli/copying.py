"""`rectify export`: a year for the archive, or everything as open files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.common import (
    Bureau,
    clock,
    fail,
    file_store,
    ledger,
    must_be_new,
    progress,
    say,
    settings,
    system_by,
    warn,
)


def export(
    target: Annotated[Path, typer.Argument(metavar="文件夹|文件.zip")],
    year: Annotated[
        int | None, typer.Option("--year", help="只导出这一年销号、办结、终止的任务，供归档")
    ] = None,
    bureau: Bureau = None,
) -> None:
    """导出为 Excel、Word、JSON 和原件：写 --year 的按年度归档，一项一档；不写的是全部内容，用于离开本产品。"""
    from documents.archive.copies import Copy
    from documents.pack import with_sums, write_pack
    from models.enums import OfficeVerb
    from rectification.office.journal import note
    from rectification.office.units import bureau_named

    if year is None and bureau:
        raise typer.BadParameter("--bureau 要与 --year 一起用；不写 --year 的导出全部单位")
    must_be_new(target)
    with ledger().reading() as session:
        copy = Copy(session, file_store(), settings().zone, clock().today)
        folders = {"材料": settings().paper_dir, "模板": settings().template_dir}
        files = (
            copy.year(bureau_named(session, bureau), year, settings().paper_dir)
            if year
            else copy.whole(folders)
        )
        told = progress(with_sums(files), total=None, what="导出")
        write_pack(target, told, as_zip=target.suffix.lower() == ".zip")
    what = f"{target.name}（{f'{year}年度归档' if year else '全部内容'}），{copy.tasks} 项"
    with ledger().unit_of_work() as session:
        note(session, system_by(), OfficeVerb.EXPORT, what)
    say(f"已导出 {what}")
    if year is None:
        warn("含仅限指定人员的任务和全部人员信息，请按最高的知悉范围保管")
    if copy.missing:
        warn("\n".join(f"缺失或被改动，没有收入：{name}" for name in copy.missing))
        fail(f"导出不完整：缺 {len(copy.missing)} 份文件。请用 rectify doctor 查看，从备份补回后重新导出")
