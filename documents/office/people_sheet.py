"""People come by Excel: the template an office fills in, and reading it back."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from core.errors import RectifyError, Unreadable
from documents.excel.reading import ReadRow, read_sheets
from documents.excel.workbook import to_bytes
from documents.files import write_file
from rectification.labels import MAIL, MAIL_OFF, ROLE
from rectification.office.people import NewPerson, parse_mail, parse_roles

HEADS: Final = ("姓名", "登录名", "科室", "职务", "角色", "手机", "邮箱", "邮件提醒")
_NEEDED: Final = ("姓名", "登录名", "科室")
_WIDTHS: Final = (12, 16, 20, 16, 28, 16, 28, 10)


def write_template(path: Path) -> None:
    """Write the empty sheet.

    Raises: Unreadable, where the file cannot be written.
    """
    write_file(path, template())


def template() -> bytes:
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
    return to_bytes(book)


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
    """The people on the first sheet that is filled, and the rows that could not be read as (row, what is wrong).

    Raises: Unreadable, where it is no workbook or the heads are missing.
    """
    heads, *rows = next((sheet.rows for sheet in read_sheets(path) if sheet.rows), (ReadRow(1, ()),))
    columns = _columns(heads.texts)
    people: list[NewPerson] = []
    problems: list[tuple[int, str]] = []
    for row in rows:
        if row.is_empty:
            continue
        cells = {head: row[place] for head, place in columns.items()}
        value = {head: cell.text for head, cell in cells.items()}
        if wrong := [f"{head}{cell.problem}" for head, cell in cells.items() if cell.problem]:
            problems.append((row.number, "；".join(wrong)))
        elif missing := [head for head in _NEEDED if not value[head]]:
            problems.append((row.number, f"缺少{'、'.join(missing)}"))
        else:
            try:
                people.append(_person(value, row.number))
            except RectifyError as error:
                problems.append((row.number, error.line))
    return people, problems


def _person(value: Mapping[str, str], row: int) -> NewPerson:
    return NewPerson(
        name=value["姓名"],
        login=value["登录名"],
        unit=value["科室"],
        position=value.get("职务", ""),
        roles=parse_roles(value.get("角色", "")),
        phone=value.get("手机", ""),
        email=value.get("邮箱", ""),
        row=row,
        wants_mail=parse_mail(value.get("邮件提醒", "")),
    )


def _columns(heads: Sequence[str]) -> dict[str, int]:
    columns = {head: heads.index(head) + 1 for head in HEADS if head in heads}
    if missing := [head for head in _NEEDED if head not in columns]:
        raise Unreadable(
            f"第一行没有“{'、'.join(missing)}”栏",
            "",
            "请取得样表，按样表填写",
            command="rectify people template 文件名",
        )
    return columns
