"""Templates an office may replace by its own: which there are, and which file is in force.

What starts the program says once where the office's own stand; a file there by the same name takes the place of the
one shipped.
"""

from pathlib import Path
from typing import Final

from core.errors import NotFound, Unreadable

SHIPPED: Final = Path(__file__).parent / "templates"
NAMES: Final = {
    "汇报材料": "briefing.docx",
    "汇报材料全套提纲": "briefing_full.docx",
    "公文版式": "official.docx",
    "表格版式": "workbook.xlsx",
}
"""What offices call a template, and its file."""
MAX_BYTES: Final = 5 * 1024 * 1024
_own: list[Path] = []


def stand_in(folder: Path) -> None:
    """From now on the templates of this folder stand in for the shipped ones."""
    _own[:] = [folder]


def file_named(name: str) -> str:
    """A template's file by what it is called, either way. Raises: NotFound, naming those there are."""
    known = (
        NAMES | {Path(file).stem: file for file in NAMES.values()} | {file: file for file in NAMES.values()}
    )
    if name not in known:
        raise NotFound(f"没有名为“{name}”的模板", "", f"可选：{'、'.join(NAMES)}")
    return known[name]


def own_file(file_name: str, folder: Path | None = None) -> Path | None:
    """The office's own file, where it has one; `folder` where it is to be looked for elsewhere."""
    places = [folder] if folder else _own
    return next((place / file_name for place in places if (place / file_name).is_file()), None)


def in_force(file_name: str, folder: Path | None = None) -> bytes:
    """The file in force. Raises: Unreadable, where the office's own is too large to be one."""
    own = own_file(file_name, folder)
    if own is not None and own.stat().st_size > MAX_BYTES:
        raise refusal(file_name, "文件过大，请删去其中的图片")
    return (own or SHIPPED / file_name).read_bytes()


def refusal(file_name: str, why: str, place: str = "") -> Unreadable:
    """Why a template cannot be used, and where in it that is."""
    where = f"，在“{place}”处" if place else ""
    return Unreadable(
        f"模板 {file_name} 用不了",
        why + where,
        "请取得模板的原样，照着修改",
        command=f"rectify documents template {Path(file_name).stem} --out 文件",
    )
