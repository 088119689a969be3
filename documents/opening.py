"""Office files handed in: their size, their parts and their XML are looked at before any library opens them."""

from pathlib import Path
from typing import Final
from xml.parsers import expat

from core.errors import Unreadable
from core.filetypes import is_encrypted
from reports.files import read_bytes
from reports.limits import Budget, Limits
from reports.readers.archive import Archive

_MB: Final = 1024 * 1024
_LIMITS: Final = Limits(file_bytes=20 * _MB, unpacked_bytes=60 * _MB, part_bytes=50 * _MB, members=500)


def checked_parts(path: Path, what_it_is_not: str, todo: str) -> tuple[bytes, dict[str, bytes]]:
    """An office file that unpacks within its limits and declares no entity: its bytes, and its XML parts by name.

    Raises: Unreadable, with `todo` as what to do.
    """
    data = read_bytes(path, _LIMITS)
    if is_encrypted(data):
        raise Unreadable(f"{path.name} 已加密", "", "请去掉打开密码后再上传")
    if not data.startswith(b"PK"):
        raise Unreadable(f"{path.name} {what_it_is_not}", "", todo)
    budget = Budget(_LIMITS)
    try:
        archive = Archive(data, budget)
        names = sorted(name for name in archive.names if name.endswith((".xml", ".rels")))
        parts = {name: archive.read(name) for name in names}
        for name, part in parts.items():
            budget.markup(part.count(b"<"))
            _check(name, part)
    except Unreadable as error:
        raise Unreadable(f"{path.name} 读不了：{error.what}", error.why, todo) from error
    return data, parts


def _check(name: str, part: bytes) -> None:
    """No tree is built: a part may hold a million tags."""

    def refuse(*_: object) -> None:
        raise Unreadable(
            "文件含有不允许的 XML 定义", "文档部件中声明了 DTD 或实体，正常的 Office、WPS 文件不会这样"
        )

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, ValueError) as error:
        raise Unreadable("文件已损坏", f"部件 {name} 不是完整的 XML") from error
