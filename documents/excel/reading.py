"""Reading a workbook somebody hands in: nothing in it is run, and it may be no larger than a table can be.

A formula is neither executed nor taken by its cached result: the cell says that it is one, and the caller refuses it
by row and column. A merged range counts for every row it covers. What a table does not need (formatted empty cells,
pictures, comments, names) is taken out before openpyxl builds its cells: docs/decisions/0012.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.utils.datetime import WINDOWS_EPOCH, from_excel
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

from core.errors import Unreadable
from core.text import INVISIBLE
from documents.excel.cells import cell_text
from documents.opening import checked_parts

MAX_ROWS: Final = 10_000
MAX_COLUMNS: Final = 40
MAX_SHEETS: Final = 40
MAX_CELLS: Final = 300_000

_SAVE_AS: Final = "请用 Excel 或 WPS 打开，只留需要的表和行，另存为“Excel 工作簿（.xlsx）”后再试"
_DAMAGED: Final = (
    AttributeError,
    IndexError,
    InvalidFileException,
    KeyError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
)
_NEEDED_PARTS: Final = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/(?:_rels/)?[^/]+\.(?:xml|rels)|xl/worksheets/[^/]+\.xml"
)
_STRICT: Final = (
    (
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)
_NAMES: Final = re.compile(rb"<(\w+:)?definedNames\b.*?</(?:\w+:)?definedNames>", re.DOTALL)
_DIMENSION: Final = re.compile(rb"<(?:\w+:)?dimension\b[^<>]*/>")
_BLANK_CELL: Final = re.compile(rb"<(?:\w+:)?c\b[^<>]*(?:/>|>\s*</(?:\w+:)?c>)")
_BLANK_ROW: Final = re.compile(rb"<(?:\w+:)?row\b[^<>]*(?:/>|>\s*</(?:\w+:)?row>)")
_CELL: Final = re.compile(rb"<(?:\w+:)?c\b")
_ROWS_END: Final = re.compile(rb"(</(?:\w+:)?sheetData>|<(?:\w+:)?sheetData\s*/>)")
_ROOT: Final = re.compile(rb"<(?P<prefix>(?:\w+:)?)worksheet\b")
_MERGED: Final = re.compile(rb"<(?:\w+:)?mergeCell\b[^<>]*?\bref=[\"']([A-Z]{1,3}\d+:[A-Z]{1,3}\d+)[\"']")
_SERIAL: Final = re.compile(r"[3-7]\d{4}")
"""The number a day is in a spreadsheet, from 1982 to 2118."""


@dataclass(frozen=True, slots=True)
class ReadCell:
    """A cell's text; `problem` says why it cannot be taken, where it is a formula or an error.

    `serial` is the day a bare number stands for, in a column of days; `is_cleaned`: something invisible was taken out.
    """

    text: str = ""
    problem: str = ""
    serial: date | None = None
    is_cleaned: bool = False

    @property
    def day_text(self) -> str:
        """The text where a day is expected."""
        return cell_text(self.serial) if self.serial else self.text


EMPTY: Final = ReadCell()


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row of a sheet by its number there; cells by column, from 1."""

    number: int
    cells: tuple[ReadCell, ...]
    is_hidden: bool = False

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
    """The visible sheets of a workbook, Strict OOXML and that of WPS among them.

    Raises: Unreadable, where it is no .xlsx, damaged, or larger than a table can be.
    """
    _, parts = checked_parts(path, "不是 Excel 工作簿（.xlsx）", _SAVE_AS)
    book = _open(parts, path.name)
    try:
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        return [_read(sheet, path.name, book.epoch) for sheet in shown[:MAX_SHEETS]]
    finally:
        book.close()


def open_whole(path: Path) -> Workbook:
    """A workbook with all its looks, to be written into.

    Raises: Unreadable, as `read_sheets`, and where its empty or merged cells are too many.
    """
    data, parts = checked_parts(path, "不是 Excel 工作簿（.xlsx）", _SAVE_AS)
    cells = 0
    for content in (content for part, content in parts.items() if part.startswith("xl/worksheets/")):
        merged = (CellRange(each.decode()).size for each in _MERGED.findall(content))
        cells += len(_CELL.findall(content)) + sum(each["rows"] * each["columns"] for each in merged)
    if cells > MAX_CELLS:
        raise Unreadable(f"{path.name} 太大，填不了", "整列设了格式或合并，空格太多", _SAVE_AS)
    return _loaded(io.BytesIO(data), path.name, rich_text=True)


def _open(parts: Mapping[str, bytes], name: str) -> Workbook:
    slim, cells = io.BytesIO(), 0
    with zipfile.ZipFile(slim, "w") as archive:
        for part, content in parts.items():
            if _NEEDED_PARTS.fullmatch(part):
                content = _slim(part, content)
                if part.startswith("xl/worksheets/"):
                    cells += len(_CELL.findall(content))
                archive.writestr(part, content)
    if cells > MAX_CELLS:
        raise Unreadable(f"{name} 太大，读不了", f"有内容的单元格超过 {MAX_CELLS // 10_000} 万个", _SAVE_AS)
    return _loaded(slim, name)


def _loaded(data: io.BytesIO, name: str, *, rich_text: bool = False) -> Workbook:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of every extension it leaves aside
            return load_workbook(data, keep_links=False, rich_text=rich_text)
    except _DAMAGED as error:
        raise Unreadable(f"{name} 不是完整的 Excel 工作簿", "", _SAVE_AS) from error


def _slim(part: str, content: bytes) -> bytes:
    """A part without what no table needs, in the namespaces openpyxl knows."""
    for strict, usual in _STRICT:
        content = content.replace(strict, usual)
    if not part.startswith("xl/worksheets/"):
        return _NAMES.sub(b"", content)
    root, halves = _ROOT.search(content), _ROWS_END.split(content, maxsplit=1)
    if root is None or len(halves) != 3:
        return content
    before, end, after = halves
    for blank in (_DIMENSION, _BLANK_CELL, _BLANK_ROW):
        before = blank.sub(b"", before)
    prefix = root["prefix"]
    merged = b"".join(b'<%bmergeCell ref="%b"/>' % (prefix, each) for each in _downwards(after))
    if merged:
        merged = b"<%bmergeCells>%b</%bmergeCells>" % (prefix, merged, prefix)
    return b"%b%b%b</%bworksheet>" % (before, end, merged, prefix)


def _downwards(after: bytes) -> Iterator[bytes]:
    """The merged ranges as their first columns, for a value counts downwards alone; none reaches below the last row."""
    room = MAX_CELLS
    for found in _MERGED.findall(after):
        merged = CellRange(found.decode())
        top, bottom = merged.min_row, min(merged.max_row, MAX_ROWS)
        room -= bottom - top
        if bottom > top and merged.min_col <= MAX_COLUMNS and room > 0:
            letters = found.partition(b":")[0].rstrip(b"0123456789")
            yield b"%b%d:%b%d" % (letters, top, letters, bottom)


def _read(sheet: Worksheet, name: str, epoch: datetime) -> ReadSheet:
    if sheet.max_row > MAX_ROWS:
        raise Unreadable(
            f"{name} 的“{sheet.title}”超过 {MAX_ROWS} 行",
            f"第 {sheet.max_row} 行还有内容",
            "请删去多余的行，或分成几个文件",
        )
    above = {
        (row, merged.min_col): merged.min_row
        for merged in sheet.merged_cells.ranges
        for row in range(merged.min_row, merged.max_row + 1)
    }
    hidden = {number for number, row in sheet.row_dimensions.items() if row.hidden}
    width = min(sheet.max_column, MAX_COLUMNS)
    rows = [
        ReadRow(
            number,
            tuple(
                _cell(epoch, sheet.cell(above.get((number, column), number), column))
                for column in range(1, width + 1)
            ),
            number in hidden,
        )
        for number in range(1, sheet.max_row + 1)
    ]
    while rows and rows[-1].is_empty:
        rows.pop()
    return ReadSheet(sheet.title, tuple(rows))


def _cell(epoch: datetime, cell: Cell | MergedCell) -> ReadCell:
    if isinstance(cell, MergedCell) or cell.value is None:
        return EMPTY
    if cell.data_type == "f":
        return ReadCell(problem="单元格是公式，请改为文字")
    if cell.data_type == "e":
        return ReadCell(problem=f"单元格是错误值 {cell.value}")
    text = cell_text(cell.value)
    if not _SERIAL.fullmatch(text):
        return ReadCell(text, is_cleaned=bool(INVISIBLE.search(str(cell.value))))
    day = from_excel(int(text), epoch if isinstance(cell.value, int | float) else WINDOWS_EPOCH)
    return ReadCell(text, serial=day.date() if isinstance(day, datetime) else None)
