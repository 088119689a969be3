"""`rectify documents`: the templates of all papers."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.chinese import Cli
from app.cli.common import say, settings
from documents.files import keep_file, write_file
from documents.own_templates import must_do
from documents.template_files import NAMES, file_named, in_force, own_file

cli = Cli()


@cli.command("template")
def template(
    name: Annotated[str | None, typer.Argument(metavar="模板", help="不写则列出全部模板")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="文件", help="写到哪里，默认按原名")] = None,
    use: Annotated[
        Path | None, typer.Option("--use", metavar="文件", help="检查改好的模板，没有问题就启用")
    ] = None,
    shipped: Annotated[bool, typer.Option("--shipped", help="恢复使用随程序的模板")] = False,
) -> None:
    """取得正在使用的 Word、Excel 模板；改好后用 --use 启用，有问题的写明在哪里。"""
    folder = settings().template_dir
    if name is None:
        for called, file in NAMES.items():
            say(f"{called}　{file}　{'本单位的' if own_file(file) else '随程序的'}")
        return
    file = file_named(name)
    if use is not None:
        must_do(file, use)
        keep_file(folder / file, use.read_bytes())
        say(f"已启用 {use}：{folder / file}")
    elif shipped:
        (folder / file).unlink(missing_ok=True)
        say(f"{file} 已恢复为随程序的模板")
    else:
        write_file(out or Path(file), in_force(file))
        say(f"已写出 {out or file}。改好后运行 rectify documents template {Path(file).stem} --use 文件")
