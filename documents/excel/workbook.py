"""Workbooks as an office prints them: title, merged heads, frozen and repeated head rows, looks and pages of a template.

Fonts are set by name alone: the reader's machine has them, or shows its own. Every text goes through
`documents.excel.cells`, so that no cell holds a formula.
"""

import io
import math
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from documents.excel.cells import to_cell
from documents.files import write_file
from documents.template_files import in_force, refusal
from reports.normalise import columns

HEAD_ROWS: Final = 4
CHOICES_SHEET: Final = "选项"
SPARE_ROWS: Final = 200

FILE: Final = "workbook.xlsx"
_STYLES: Final = ("台账标题", "台账说明", "台账栏目", "台账分段", "台账正文", "台账居中")
"""The few looks a cell can have; named, so that a workbook of many thousand cells stays small."""
LEDGER_PAGE, TABLE_PAGE = "台账页", "表格页"
_PAGES: Final = (LEDGER_PAGE, TABLE_PAGE)
_LINE_POINTS: Final = 15.0
HIGHEST: Final = 409.0  # no spreadsheet program shows a higher row
_MOST_LINES: Final = int((HIGHEST - 6) / _LINE_POINTS)
_UNITS: Final = 1.07  # of column width, for half a Chinese character of the body font


@dataclass(frozen=True, slots=True)
class ColumnHead:
    """A column: its name, its width in characters, the group over it.

    `choices` names a list of `new_book` offered in the column, which takes other words too. A grey head (`is_fixed`)
    tells that the program writes the column. `inks` colour a cell by the first of the words it holds.
    """

    text: str
    width: float
    group: str = ""
    is_centred: bool = False
    is_fixed: bool = False
    choices: str = ""
    hint: str = ""
    inks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet: its title, the line under it (left and right), heads, and rows.

    A row of one text alone is a section's name and runs over all columns. `keys`, where given, are one text a row
    in a hidden column behind the last. `page` is the template's sheet whose page it is printed on.
    """

    name: str
    title: str
    left: str
    right: str
    heads: tuple[ColumnHead, ...]
    rows: Sequence[Sequence[str | int]]
    key_head: str = ""
    keys: Sequence[str] = ()
    freeze_after: int = 0
    page: str = TABLE_PAGE


def new_book(
    title: str = "", choices: Mapping[str, Sequence[str]] | None = None, *, folder: Path | None = None
) -> Workbook:
    """A workbook with looks and pages of the template in force, and a hidden sheet of the lists its cells may be chosen from.

    Raises: Unreadable, where the office's own template is no workbook, or a style or page is missing.
    """
    try:
        book = load_workbook(io.BytesIO(in_force(FILE, folder)))
    except (BadZipFile, KeyError, OSError, TypeError, ValueError) as error:
        raise refusal(FILE, "不是完整的 Excel 工作簿") from error
    if missing := [name for name in _STYLES if name not in book.named_styles]:
        raise refusal(FILE, f"缺少单元格样式 {'、'.join(missing)}", "单元格样式")
    if missing := [name for name in _PAGES if name not in book.sheetnames]:
        raise refusal(FILE, f"缺少工作表 {'、'.join(missing)}", "工作表标签")
    for each in book.worksheets:
        each.sheet_state = "hidden"
    book.properties.title = title
    book.properties.creator = "整改台账"
    lists = {name: values for name, values in (choices or {}).items() if values}
    if lists:
        _add_choices(book, lists)
    return book


def to_bytes(book: Workbook) -> bytes:
    """The workbook as a file, its first visible sheet in front; the template's own sheets stay behind."""
    for page in (name for name in _PAGES if name in book.sheetnames):
        book.remove(book[page])
    book.active = next(n for n, sheet in enumerate(book.worksheets) if sheet.sheet_state == "visible")
    stored = io.BytesIO()
    book.save(stored)
    return stored.getvalue()


def save(book: Workbook, path: Path) -> None:
    """Write the workbook. Raises: Unreadable, where the file cannot be written."""
    write_file(path, to_bytes(book))


def add_table(book: Workbook, table: Table) -> Worksheet:
    """Lay a table out on a sheet of its own."""
    sheet: Worksheet = book.create_sheet(table.name)
    heads = _roomy(table)
    width = len(heads)
    _caption(sheet, table, width)
    _heads(sheet, heads)
    last = HEAD_ROWS + len(table.rows)
    for number, row in enumerate(table.rows, HEAD_ROWS + 1):
        if len(row) == 1:
            _section(sheet, number, str(row[0]), width)
        else:
            _row(sheet, number, row, heads)
    _keys(sheet, table, width)
    _offer(sheet, heads, last)
    _colour(sheet, heads, last)
    if table.page == LEDGER_PAGE:
        sheet.auto_filter.ref = f"A{HEAD_ROWS}:{get_column_letter(width)}{last}"
    _print_setup(sheet, book[table.page], width, last)
    sheet.freeze_panes = f"{get_column_letter(table.freeze_after + 1)}{HEAD_ROWS + 1}"
    return sheet


def write_cell(sheet: Worksheet, row: int, column: int, value: str | int, style: str) -> None:
    """Put a value into a cell; a text is a text, whatever it looks like."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)  # noqa: S101  (nothing is written into the inside of a merged range)
    cell.style = style
    if isinstance(value, int):
        cell.value = value
    elif value:
        cell.value = to_cell(value)
        cell.data_type = "s"


def _caption(sheet: Worksheet, table: Table, width: int) -> None:
    write_cell(sheet, 1, 1, table.title, "台账标题")
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=width)
    sheet.row_dimensions[1].height = 42
    middle = max(width // 2, 1)
    write_cell(sheet, 2, 1, table.left, "台账说明")
    write_cell(sheet, 2, middle + 1, table.right, "台账说明")
    sheet.cell(2, middle + 1).alignment = Alignment(horizontal="right", vertical="center")
    sheet.merge_cells(start_row=2, end_row=2, start_column=1, end_column=middle)
    sheet.merge_cells(start_row=2, end_row=2, start_column=middle + 1, end_column=width)
    sheet.row_dimensions[2].height = 22


def _heads(sheet: Worksheet, heads: Sequence[ColumnHead]) -> None:
    """Two rows of heads: groups merged over their columns, a column without a group merged downwards."""
    for column, head in enumerate(heads, 1):
        sheet.column_dimensions[get_column_letter(column)].width = head.width
        for row in (3, 4):
            write_cell(sheet, row, column, "", "台账栏目")
        write_cell(sheet, 4 if head.group else 3, column, head.text, "台账栏目")
        if head.is_fixed:
            sheet.cell(4 if head.group else 3, column).fill = PatternFill("solid", fgColor="DDDDDD")
        if not head.group:
            sheet.merge_cells(start_row=3, end_row=4, start_column=column, end_column=column)
    for group, members in groupby(enumerate(heads, 1), key=lambda entry: entry[1].group):
        places = [place for place, _ in members]
        if group:
            write_cell(sheet, 3, places[0], group, "台账栏目")
            sheet.merge_cells(start_row=3, end_row=3, start_column=places[0], end_column=places[-1])
    has_groups = any(head.group for head in heads)
    sheet.row_dimensions[3].height, sheet.row_dimensions[4].height = (20, 32) if has_groups else (15, 15)


def _section(sheet: Worksheet, row: int, text: str, width: int) -> None:
    for column in range(1, width + 1):
        write_cell(sheet, row, column, text if column == 1 else "", "台账分段")
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=width)
    sheet.row_dimensions[row].height = 24


def _row(sheet: Worksheet, row: int, values: Sequence[str | int], heads: Sequence[ColumnHead]) -> None:
    for column, (value, head) in enumerate(zip(values, heads, strict=True), 1):
        write_cell(sheet, row, column, value, "台账居中" if head.is_centred else "台账正文")
    sheet.row_dimensions[row].height = row_height(map(str, values), [head.width for head in heads])


def row_height(texts: Iterable[str], widths: Sequence[float]) -> float:
    """How high a row with these texts must be, in points."""
    lines = max(_lines(text, width) for text, width in zip(texts, widths, strict=True))
    return min(max(lines * _LINE_POINTS + 6, 26), HIGHEST)


def _roomy(table: Table) -> tuple[ColumnHead, ...]:
    """The heads, wider where a text would need a row higher than any program shows."""
    by_column = list(zip(*(row for row in table.rows if len(row) > 1), strict=True))
    return tuple(
        replace(head, width=_width_for(head.width, [str(value) for value in values]))
        for head, values in zip(table.heads, by_column or [()] * len(table.heads), strict=True)
    )


def _width_for(width: float, texts: Sequence[str]) -> float:
    widest = 4 * width
    while width < widest and any(_lines(text, width) > _MOST_LINES for text in texts):
        width *= 1.15
    return min(width, widest)


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column; estimated, as fonts differ between machines."""
    room = max(width - 1, 2)
    return sum(max(math.ceil(columns(line) * _UNITS / room), 1) for line in text.split("\n"))


def _keys(sheet: Worksheet, table: Table, width: int) -> None:
    if not table.key_head:
        return
    write_cell(sheet, 4, width + 1, table.key_head, "台账栏目")
    for row, key in enumerate(table.keys, HEAD_ROWS + 1):
        write_cell(sheet, row, width + 1, key, "台账正文")
    sheet.column_dimensions[get_column_letter(width + 1)].hidden = True


def _offer(sheet: Worksheet, heads: Sequence[ColumnHead], last: int) -> None:
    for column, head in enumerate(heads, 1):
        if not (head.choices or head.hint):
            continue
        offer = DataValidation(
            type="list" if head.choices else None,
            formula1=f"={head.choices}" if head.choices else None,
            allow_blank=True,
            showErrorMessage=False,
            showInputMessage=bool(head.hint),
            promptTitle=head.text,
            prompt=head.hint,
        )
        letter = get_column_letter(column)
        offer.add(f"{letter}{HEAD_ROWS + 1}:{letter}{last + SPARE_ROWS}")
        sheet.add_data_validation(offer)


def _colour(sheet: Worksheet, heads: Sequence[ColumnHead], last: int) -> None:
    """By condition and not cell by cell: the colour goes along where rows are sorted or a state is written anew."""
    for column, head in enumerate(heads, 1):
        letter = get_column_letter(column)
        top = f"{letter}{HEAD_ROWS + 1}"
        for word, ink in head.inks.items():
            asked = [f'NOT(ISERROR(SEARCH("{word}",{top})))']
            rule = FormulaRule(asked, stopIfTrue=True, font=Font(color=ink, bold=True))  # type: ignore[no-untyped-call]
            sheet.conditional_formatting.add(f"{top}:{letter}{last + SPARE_ROWS}", rule)


def _print_setup(sheet: Worksheet, page: Worksheet, width: int, last: int) -> None:
    """A page as the template has it; the heads stand on every one."""
    for part in ("page_setup", "page_margins", "print_options", "sheet_properties", "oddFooter", "oddHeader"):
        setattr(sheet, part, copy(getattr(page, part)))
    sheet.print_title_rows = f"3:{HEAD_ROWS}"
    sheet.print_area = f"A1:{get_column_letter(width)}{max(last, HEAD_ROWS)}"


def _add_choices(book: Workbook, lists: Mapping[str, Sequence[str]]) -> None:
    sheet = book.create_sheet(CHOICES_SHEET)
    sheet.sheet_state = "hidden"
    for column, (name, values) in enumerate(lists.items(), 1):
        for row, value in enumerate(values, 1):
            write_cell(sheet, row, column, value, "Normal")
        letter = get_column_letter(column)
        reference = f"{quote_sheetname(CHOICES_SHEET)}!${letter}$1:${letter}${len(values)}"
        book.defined_names[name] = DefinedName(name, attr_text=reference)
