"""Reading a workbook somebody hands in: nothing in it is run, and it may be no larger than a table can be.

A formula is neither executed nor taken by its cached result: the cell says that it is one, and the caller refuses it
by row and column. A merged range counts for every row it covers.
"""

import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from core.errors import Unreadable
from documents.excel.cells import cell_text
from documents.opening import checked_parts

MAX_ROWS: Final = 10_000
MAX_COLUMNS: Final = 40
MAX_SHEETS: Final = 40

_SAVE_AS: Final = "请用 Excel 或 WPS 打开，另存为 .xlsx 后再试"
_DAMAGED: Final = (
    AttributeError,
    BadZipFile,
    IndexError,
    InvalidFileException,
    KeyError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class ReadCell:
    """A cell's text; `problem` says why it cannot be taken, where it is a formula or an error."""

    text: str = ""
    problem: str = ""


EMPTY: Final = ReadCell()


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row of a sheet by its number there; cells by column, from 1."""

    number: int
    cells: tuple[ReadCell, ...]

    def __getitem__(self, column: int) -> ReadCell:
        return self.cells[column - 1] if 0 < column <= len(self.cells) else EMPTY

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(cell.text for cell in self.cells)

    @property
    def is_empty(self) -> bool:
        return not any(cell.text or cell.problem for cell in self.cells)


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """A visible sheet with its rows; empty ones at the end are left out."""

    name: str
    rows: tuple[ReadRow, ...]


def read_sheets(path: Path) -> list[ReadSheet]:
    """The visible sheets of a workbook.

    Raises: Unreadable, where it is no .xlsx, damaged, or larger than a table can be.
    """
    data = checked_parts(path, "不是 Excel 工作簿（.xlsx），或者设了打开密码", _SAVE_AS)
    book = _open(data, path.name)
    try:
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        return [_read(sheet, path.name) for sheet in shown[:MAX_SHEETS]]
    finally:
        book.close()


def column_letter(column: int) -> str:
    """The letter a person sees over a column."""
    return str(get_column_letter(column))


def _open(data: bytes, name: str) -> Workbook:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of every extension it leaves aside
            return load_workbook(io.BytesIO(data), keep_links=False)
    except _DAMAGED as error:
        raise Unreadable(f"{name} 不是完整的 Excel 工作簿", "", _SAVE_AS) from error


def _read(sheet: Worksheet, name: str) -> ReadSheet:
    if sheet.max_row > MAX_ROWS:
        raise Unreadable(
            f"{name} 的“{sheet.title}”超过 {MAX_ROWS} 行",
            "表格下方可能有设过格式的空行",
            "请删去多余的行，或分成几个文件",
        )
    covered = dict(_covered(sheet))
    width = min(sheet.max_column, MAX_COLUMNS)
    rows = [
        ReadRow(
            number,
            tuple(
                _cell(sheet.cell(*covered.get((number, column), (number, column))))
                for column in range(1, width + 1)
            ),
        )
        for number in range(1, sheet.max_row + 1)
    ]
    while rows and rows[-1].is_empty:
        rows.pop()
    return ReadSheet(sheet.title, tuple(rows))


def _covered(sheet: Worksheet) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """The first column of every merged range, downwards: its cells say what the first one says."""
    for merged in sheet.merged_cells.ranges:
        for row in range(merged.min_row + 1, min(merged.max_row, MAX_ROWS) + 1):
            yield (row, merged.min_col), (merged.min_row, merged.min_col)


def _cell(cell: Cell | MergedCell) -> ReadCell:
    if isinstance(cell, MergedCell) or cell.value is None:
        return EMPTY
    if cell.data_type == "f":
        return ReadCell(problem="单元格是公式，请改为文字")
    if cell.data_type == "e":
        return ReadCell(problem=f"单元格是错误值 {cell.value}")
    return ReadCell(cell_text(cell.value))
