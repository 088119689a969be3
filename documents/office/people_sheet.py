"""People come by Excel: the template an office fills in, and reading it back."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from core.errors import RectifyError, Unreadable
from documents.excel.cells import to_cell
from documents.excel.headed import HeadedRow, headed_table
from documents.excel.reading import read_sheets
from documents.excel.workbook import to_bytes
from documents.files import write_file
from models.enums import Role
from rectification.labels import MAIL, MAIL_OFF
from rectification.office.people import (
    NewPerson,
    PersonRow,
    checked_mailbox,
    checked_phone,
    parse_mail,
    parse_roles,
)

HEADS: Final = ("姓名", "登录名", "科室", "职务", "角色", "手机", "邮箱", "邮件提醒")
_NEEDED: Final = ("登录名",)
_NAMES: Final = {head: head for head in HEADS} | {
    "登录账号": "登录名",
    "账号": "登录名",
    "用户名": "登录名",
    "部门": "科室",
    "所在科室": "科室",
    "单位科室": "科室",
    "手机号": "手机",
    "手机号码": "手机",
    "联系电话": "手机",
    "电话": "手机",
    "电子邮箱": "邮箱",
    "邮件": "邮箱",
}
"""What offices write over a column, and its name here."""
_FIELDS: Final[Mapping[str, tuple[str, Callable[[str], object]]]] = {
    "姓名": ("name", str),
    "科室": ("unit", str),
    "职务": ("position", str),
    "角色": ("roles", parse_roles),
    "手机": ("phone", checked_phone),
    "邮箱": ("email", checked_mailbox),
    "邮件提醒": ("wants_mail", parse_mail),
}
_CAN_BE_EMPTIED: Final = frozenset({"职务", "手机", "邮箱"})
_WIDTHS: Final = (12, 16, 20, 16, 28, 16, 28, 10)


def write_template(path: Path, people: Iterable[PersonRow] = ()) -> None:
    """Write the sheet, empty or with these people. Raises: Unreadable, where the file cannot be written."""
    write_file(path, template(people))


def template(people: Iterable[PersonRow] = ()) -> bytes:
    """A sheet of these people under its heads, which read back changes nothing, and a second one that explains it."""
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
    for person in people:
        roles = "、".join(role.word for role in person.roles)
        texts = (person.name, person.login, person.unit, person.position, roles, person.phone, person.email)
        sheet.append([to_cell(text) for text in (*texts, MAIL[person.wants_mail])])
    notes = book.create_sheet("填写说明")
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 14, 70
    for line in _notes():
        notes.append(line)
    return to_bytes(book)


def _notes() -> Iterator[tuple[str, str]]:
    yield "栏目", "怎么填"
    yield "登录名", "必填，每人不同，不分大小写，可用姓名拼音或工号；登录和代录都用它"
    yield "姓名", "新增的人必填"
    yield "科室", "新增的人必填；台账里还没有的科室会自动登记；合并的单元格按每行都填了算"
    yield "职务", "可空"
    yield "角色", f"可填：{'、'.join(role.word for role in Role)}；多个用顿号隔开，新增的人空着就是责任人"
    yield "手机", "可空"
    yield "邮箱", "可空；没有邮箱的人进入待电话通知名单。科室公共邮箱可以多人共用"
    yield "邮件提醒", f"填 {'、'.join(MAIL.values())}；空着就不变，新增的人为{MAIL[True]}。{MAIL_OFF}"
    yield "已有的人", "只改表里写了的：没有的栏不动；空着的格保留原来的内容，导入时可以选择清空"
    yield "离岗的人", "不会因为还在表里就恢复；回来工作的请办理“回岗”"


class PeopleSheet(NamedTuple):
    """The people of a sheet; rows that could not be read as (row, what is wrong); what the eye does not see of a row."""

    people: list[NewPerson]
    problems: list[tuple[int, str]]
    notes: list[tuple[int, str]]


def read_people(path: Path, *, empties: bool = False) -> PeopleSheet:
    """The people on the first sheet that has the heads; of each only what the sheet gives.

    A column that is missing gives nothing. So does an empty cell, unless `empties`: then it says that there is none.

    Raises: Unreadable, where it is no workbook or the heads are missing.
    """
    tables = (headed_table(sheet, _NAMES, _NEEDED) for sheet in read_sheets(path))
    table = next((table for table in tables if table), None)
    if table is None:
        raise Unreadable(
            f"{path.name} 里没有人员表",
            "没有一张表有“登录名”栏",
            "请取得样表，按样表填写",
            command="rectify people template 文件名",
        )
    read = PeopleSheet([], [], [])
    for row in table.rows:
        number = row.place.row
        read.notes.extend((number, note) for note in row.notes)
        try:
            given, wrong = _given(row, empties=empties)
            if row.cells["登录名"].problem or not row.texts["登录名"]:
                raise Unreadable(row.cells["登录名"].problem or "缺少登录名")
            person: dict[str, Any] = {"name": None, "unit": None, **given}
            read.people.append(NewPerson(login=row.texts["登录名"], row=number, **person))
            read.problems.extend((number, words) for words in wrong)
        except RectifyError as error:
            read.problems.append((number, error.line))
    return read


def _given(row: HeadedRow, *, empties: bool) -> tuple[dict[str, object], list[str]]:
    """What a row says of a person by field, and the cells that stand alone and cannot be read.

    Raises: Unreadable, for one that decides what else the row means: who it is, of which unit, with which roles.
    """
    given: dict[str, object] = {}
    wrong: list[str] = []
    for head, cell in row.cells.items():
        if head not in _FIELDS:
            continue
        field, read = _FIELDS[head]
        try:
            if cell.problem:
                raise Unreadable(cell.problem)
            if cell.text or (empties and head in _CAN_BE_EMPTIED):
                given[field] = read(cell.text)
        except RectifyError as error:
            words = f"{row.place.cell(head)}：{error.line}"
            if head not in (*_CAN_BE_EMPTIED, "邮件提醒"):
                raise Unreadable(words) from error
            wrong.append(f"{words}其余各栏照常")
    return given, wrong
