"""People come by Excel: the template an office fills in, and reading it back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from core.errors import RectifyError, Unreadable
from rectification.labels import MAIL, MAIL_OFF, ROLE
from rectification.office.people import NewPerson, parse_mail, parse_roles

HEADS: Final = ("姓名", "登录名", "科室", "职务", "角色", "手机", "邮箱", "邮件提醒")
_NEEDED: Final = ("姓名", "登录名", "科室")
_WIDTHS: Final = (12, 16, 20, 16, 28, 16, 28, 10)
MAX_ROWS: Final = 20_000
MAX_BYTES: Final = 20 * 1024 * 1024


def write_template(path: Path) -> None:
    """An empty sheet with the heads, and a second one that explains them."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101  (a new workbook has one)
    sheet.title = "人员"
    sheet.append(HEADS)
    for column, width in zip("ABCDEFGH", _WIDTHS, strict=True):
        sheet.column_dimensions[column].width = width
        head = sheet[f"{column}1"]
        head.font = Font(name="黑体", size=12)
        head.fill = PatternFill("solid", fgColor="E8EEF4")
        head.alignment = Alignment(horizontal="center", vertical="center")
    sheet.row_dimensions[1].height = 24
    sheet.freeze_panes = "A2"
    for column in "BF":
        sheet.column_dimensions[column].number_format = "@"
    notes = book.create_sheet("填写说明")
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 14, 70
    for line in _notes():
        notes.append(line)
    book.save(path)


def _notes() -> Iterator[tuple[str, str]]:
    yield "栏目", "怎么填"
    yield "姓名", "必填"
    yield "登录名", "必填，每人不同，可用姓名拼音或工号；登录和代录都用它"
    yield "科室", "必填；台账里还没有的科室会自动登记"
    yield "职务", "可空"
    yield "角色", f"可填：{'、'.join(ROLE.values())}；多个用顿号隔开，空着就是责任人"
    yield "手机", "可空"
    yield "邮箱", "可空；没有邮箱的人进入待电话通知名单。科室公共邮箱可以多人共用"
    yield "邮件提醒", f"填 {'、'.join(MAIL.values())}；空着就不变，新增的人为{MAIL[True]}。{MAIL_OFF}"


def read_people(path: Path) -> tuple[list[NewPerson], list[tuple[int, str]]]:
    """The people on the first sheet, and the rows that could not be read as (row, what is wrong).

    Raises: Unreadable, where it is no workbook or the heads are missing.
    """
    rows = _rows(path)
    columns = _columns(next(rows, (0, ()))[1])
    people: list[NewPerson] = []
    problems: list[tuple[int, str]] = []
    for number, cells in rows:
        if not any(cells):
            continue
        value = {head: cells[place] if place < len(cells) else "" for head, place in columns.items()}
        if missing := [head for head in _NEEDED if not value[head]]:
            problems.append((number, f"缺少{'、'.join(missing)}"))
            continue
        try:
            roles, wants_mail = parse_roles(value.get("角色", "")), parse_mail(value.get("邮件提醒", ""))
        except RectifyError as error:
            problems.append((number, error.line))
            continue
        people.append(
            NewPerson(
                name=value["姓名"],
                login=value["登录名"],
                unit=value["科室"],
                position=value.get("职务", ""),
                roles=roles,
                phone=value.get("手机", ""),
                email=value.get("邮箱", ""),
                row=number,
                wants_mail=wants_mail,
            )
        )
    return people, problems


def _rows(path: Path) -> Iterator[tuple[int, tuple[str, ...]]]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Unreadable(f"{path.name} 超过 {MAX_BYTES // 1024 // 1024} MB", "", "请只保留人员表后再试")
        book = load_workbook(path, read_only=True, data_only=True)
    except FileNotFoundError as error:
        raise Unreadable(f"找不到文件 {path}", "", "请检查文件名和位置") from error
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise Unreadable(
            f"{path.name} 不是 Excel 工作簿（.xlsx）", "", "请用 Excel 或 WPS 另存为 .xlsx 后再试"
        ) from error
    try:
        for number, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
            if number > MAX_ROWS:
                raise Unreadable(f"{path.name} 超过 {MAX_ROWS} 行", "", "请分成几个文件")
            yield number, tuple(_text(cell) for cell in cells)
    finally:
        book.close()


def _columns(heads: tuple[str, ...]) -> dict[str, int]:
    columns: dict[str, int] = {head: heads.index(head) for head in HEADS if head in heads}
    if missing := [head for head in _NEEDED if head not in columns]:
        raise Unreadable(
            f"第一行没有“{'、'.join(missing)}”栏",
            "",
            "请取得样表，按样表填写",
            command="rectify people template 文件名",
        )
    return columns


def _text(cell: object) -> str:
    """A cell as text: a phone number that Excel took for a number has no decimal point."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
