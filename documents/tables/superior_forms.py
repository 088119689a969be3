"""A superior's form filled in: rows made like its own empty one, all else as it came; and read when it comes back.

What comes back is put into the ledger's own words, and then taken in as a ledger is (documents/tables/ledger_import).
"""

import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from copy import copy, deepcopy
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from docx import Document
from docx.oxml.ns import qn
from docx.table import Table, _Cell, _Row
from openpyxl.cell import Cell
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy.orm import Session

from core.errors import Unreadable
from core.files import tidy_name
from core.text import folded
from documents.excel.cells import held, to_cell
from documents.excel.headed import HeadedRow, rows_under
from documents.excel.reading import ReadSheet, open_whole
from documents.excel.workbook import row_height
from documents.tables.breakdown import read_tables
from documents.tables.ledger_import import LedgerRow
from documents.tables.ledger_keys import digest, key_of
from models.enums import ItemKind
from models.report import Source, SuperiorForm
from rectification.lists.case_file import CaseFile
from rectification.tables.ledger import COLUMNS, DUE, PROGRESS, SOURCE, TEXT, LedgerColumn, listed
from rectification.tables.superior_forms import (
    CODE,
    RESULT,
    FormTable,
    changed_since,
    choose,
    form_table,
    is_beside,
    mark_of,
    row_of,
    says_of,
)

_USUAL_WIDTH: Final = 9.0
_MARK: Final = "整改台账 {}"
_MARKED: Final = re.compile(r"整改台账 (\d{1,18})")
_REFERENCE: Final = re.compile(r"(?<![A-Za-z_])(\$?[A-Z]{1,3}\$?)(\d+)(?::(\$?[A-Z]{1,3}\$?)(\d+))?(?![\d(])")


def read_form(path: Path, sheet: str = "") -> FormTable:
    """The table of a superior's form.

    Raises: Unreadable, where it is no Word file or workbook; Refused, where it has no such table, or several alike.
    """
    return choose(_tables(path), sheet)


def _tables(path: Path) -> list[FormTable]:
    found = (form_table(each.name, [row.texts for row in each.rows]) for each in read_tables(path))
    return [table for table in found if table]


def fill_form(session: Session, form: SuperiorForm, case_files: Sequence[CaseFile]) -> tuple[bytes, int]:
    """The form with these tasks, those left out that no ledger shows, and how many it holds.

    The file's keywords say how far the history had come, so that what comes back is held against later changes.
    """
    shown = listed(case_files)
    rows = [row_of(form, each, number) for number, each in enumerate(shown, 1)]
    mark = _MARK.format(mark_of(session, form.bureau_id))
    with TemporaryDirectory() as folder:
        path = Path(folder) / tidy_name(form.file_name)
        path.write_bytes(form.content)
        table = read_form(path, form.sheet)
        out = io.BytesIO()
        if path.suffix.lower() == ".docx":
            paper = Document(io.BytesIO(form.content))
            _fill_table(paper.tables[int(form.sheet.removeprefix("表")) - 1], table, rows)
            paper.core_properties.keywords = mark
            paper.save(out)
        else:
            book = open_whole(path)
            _fill_sheet(book[form.sheet], table, rows)
            book.properties.keywords = mark
            book.save(out)
    return out.getvalue(), len(shown)


def _fill_table(table: Table, form: FormTable, rows: Sequence[Mapping[int, str | int]]) -> None:
    lines = list(table.rows)
    pattern = deepcopy(lines[form.pattern]._tr)
    for merge in pattern.findall(f".//{qn('w:vMerge')}"):
        merge.getparent().remove(merge)
    for height in pattern.findall(f".//{qn('w:trHeight')}"):
        height.set(qn("w:hRule"), "atLeast")
    if form.pattern < form.first:
        for bold in (*pattern.iter(qn("w:b")), *pattern.iter(qn("w:tblHeader"))):
            bold.getparent().remove(bold)
    last = lines[form.first - 1]._tr
    for line in lines[form.first : form.end]:
        line._tr.getparent().remove(line._tr)
    for row in rows or [{}]:
        last.addnext(deepcopy(pattern))
        last = last.getnext()
        cells = _Row(last, table).cells
        for cell in {id(each._tc): each for each in cells}.values():
            _write(cell, "")
        for place, text in row.items():
            _write(cells[place], str(text))


def _write(cell: _Cell, text: str) -> None:
    """Put a text into a cell as its own first words look."""
    first, *others = cell.paragraphs
    for each in others:
        each._p.getparent().remove(each._p)
    looks = [
        found for found in first._p.iter(qn("w:rPr")) if found.getparent().tag in (qn("w:r"), qn("w:pPr"))
    ]
    look = deepcopy(
        next((each for each in looks if each.getparent().tag == qn("w:r")), next(iter(looks), None))
    )
    for child in list(first._p):
        if child.tag != qn("w:pPr"):
            first._p.remove(child)
    run = first.add_run(held(text))
    if look is not None:
        run._r.insert(0, look)


def _fill_sheet(sheet: Worksheet, form: FormTable, rows: Sequence[Mapping[int, str | int]]) -> None:
    width, first, end = len(form.heads), form.first + 1, form.end + 1
    pattern = form.pattern + 1
    if end > max(cell.row for line in sheet.iter_rows() for cell in line if cell.value is not None):
        while end <= sheet.max_row and any(
            sheet.cell(end, place + 1).border.left.style for place in range(width)
        ):
            end += 1
        pattern = first if pattern < first < end else pattern
    looks = [copy(sheet.cell(pattern, place)._style) for place in range(1, width + 1)]  # type: ignore[union-attr]
    height = sheet.row_dimensions[pattern].height or 0
    across = []
    for merged in list(sheet.merged_cells.ranges):
        if merged.max_row >= first and merged.min_row < end:
            if merged.min_row == merged.max_row == pattern:
                across.append((merged.min_col, merged.max_col))
            sheet.unmerge_cells(merged.coord)
    extra = max(len(rows), 1) - (end - first)
    if extra:
        _make_room(sheet, end, extra)
        _follow(sheet, end, extra)
    widths = _widths(sheet, width)
    for number, row in enumerate(rows or [{}], first):
        for place, look in enumerate(looks):
            cell = sheet.cell(number, place + 1)
            assert isinstance(cell, Cell)  # noqa: S101  (what was merged here is not any more)
            cell._style = copy(look)  # type: ignore[attr-defined]
            said = row.get(place)
            cell.value = to_cell(said) or None if isinstance(said, str) else said
            alignment: Any = copy(cell.alignment)
            alignment.wrap_text, cell.alignment = True, alignment
            if pattern < first:
                font: Any = copy(cell.font)
                font.b, cell.font, cell.fill = False, font, PatternFill()
        for left, right in across:
            sheet.merge_cells(start_row=number, end_row=number, start_column=left, end_column=right)
        texts = [str(row.get(place, "")) for place in range(width)]
        room = {left - 1: sum(widths[left - 1 : right]) for left, right in across}
        needed = row_height(texts, [room.get(place, each) for place, each in enumerate(widths)])
        sheet.row_dimensions[number].height = max(height, needed)


def _widths(sheet: Worksheet, width: int) -> list[float]:
    widths = [_USUAL_WIDTH] * width
    for each in sheet.column_dimensions.values():
        for place in range(each.min or 1, min(each.max or 0, width) + 1):
            widths[place - 1] = each.width
    return widths


def _make_room(sheet: Worksheet, end: int, extra: int) -> None:
    """Move what stands below the table by so many rows, with its heights and merges."""
    below = {n: (each.height, each.hidden) for n, each in sheet.row_dimensions.items() if n >= end}
    if extra > 0:
        sheet.insert_rows(end, extra)
    else:
        sheet.delete_rows(end + extra, -extra)
    for n in below:
        sheet.row_dimensions[n].height, sheet.row_dimensions[n].hidden = None, False
    for n, (height, is_hidden) in below.items():
        sheet.row_dimensions[n + extra].height, sheet.row_dimensions[n + extra].hidden = height, is_hidden
    for merged in sheet.merged_cells.ranges:
        if merged.min_row >= end:
            merged.shift(row_shift=extra)


def _follow(sheet: Worksheet, end: int, extra: int) -> None:
    """Have what names cells go along: below the table it moves, and what reaches to the table's end grows."""

    def moved(found: re.Match[str]) -> str:
        start, last = int(found[2]), int(found[4] or 0)
        alone = f"{found[1]}{start + extra * (start >= end)}"
        return f"{alone}:{found[3]}{last + extra * (last >= end - 1)}" if last else alone

    for rule in sheet.data_validations.dataValidation:
        rule.sqref = type(rule.sqref)(_REFERENCE.sub(moved, str(rule.sqref)))
    if sheet.print_area:
        sheet.print_area = _REFERENCE.sub(moved, str(sheet.print_area).rpartition("!")[2])
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell, Cell) and cell.data_type == "f" and isinstance(cell.value, str):
                cell.value = _REFERENCE.sub(moved, cell.value)


def filled_rows(
    session: Session, path: Path, form: SuperiorForm, case_files: Sequence[CaseFile], source: Source | None
) -> list[LedgerRow]:
    """The rows of a form that came back, as rows of the ledger; `source` is where new ones are from.

    A row is the task of its code, else the one whose problem reads the same.

    Raises: Unreadable, where the file has no table with the form's heads.
    """
    found = [(each, table) for each in read_tables(path) if (table := _same(each, form))]
    if not found:
        raise Unreadable(
            f"{path.name} 不是上级表样“{form.name}”",
            f"没有一张表有“{'、'.join(head for head, column in form.heads if column)}”这些栏",
            "请核对选的是哪一个表样；上级换了新表，请重新登记",
        )
    sheet, table = found[0]
    mark = _MARKED.search(_keywords(path))
    stale = changed_since(session, form.bureau_id, int(mark[1])) if mark else set()
    known: dict[str, list[CaseFile]] = {}
    for each in listed(case_files):
        for name in (each.row.code, folded(each.row.text)):
            known.setdefault(name, []).append(each)
    places: dict[str, int] = {}
    for head, column in form.heads:
        if column:
            others = (n for n, each in enumerate(table.heads, 1) if each == head and n not in places.values())
            places[column] = next(others)
    new = f"{source.kind.name}（{source.paper_no or source.title}）" if source else ""
    kind = ItemKind.PLAN if "任务" in form.heads[places[TEXT.head] - 1][0] else ItemKind.FINDING
    rows = []
    for row in rows_under(sheet, table.first - 1, places):
        problem = row.texts[TEXT.head]
        if not is_beside(sheet.rows[row.place.row - 1].texts, problem):
            alike = known.get(row.texts.get(CODE, "")) or known.get(folded(problem), [])
            standing = _meant(row, form, alike)
            if standing:
                alike.remove(standing)
            rows.append(_standing(row, form, standing, stale) if standing else _new(row, kind, new))
    return rows


def _meant(row: HeadedRow, form: SuperiorForm, alike: Sequence[CaseFile]) -> CaseFile | None:
    """Of the tasks whose problem reads so, the one the rest of the row says most of; None where that is not plain."""
    says = says_of(form)
    same = [
        sum(digest(row.texts[head]) == digest(said(each)) for head, said in says.items()) for each in alike
    ]
    best = max(same, default=0)
    is_plain = same.count(best) == 1 or best == len(says)
    return alike[same.index(best)] if same and is_plain else None


def _same(sheet: ReadSheet, form: SuperiorForm) -> FormTable | None:
    """The sheet's table, where it has all the heads that mean something in this form."""
    table = form_table(sheet.name, [row.texts for row in sheet.rows])
    wanted = Counter(head for head, column in form.heads if column)
    return table if table and wanted <= Counter(table.heads) else None


def _keywords(path: Path) -> str:
    if path.suffix.lower() == ".docx":
        return str(Document(str(path)).core_properties.keywords)
    return str(open_whole(path).properties.keywords)


def _texts(row: HeadedRow) -> dict[LedgerColumn, str]:
    texts = {column: row.cells[column.head].text for column in COLUMNS if column.head in row.cells}
    return texts | ({DUE: row.cells[DUE.head].day_text} if DUE in texts else {})


def _new(row: HeadedRow, kind: ItemKind, source: str) -> LedgerRow:
    texts = _texts(row)
    if RESULT in row.cells:
        texts[PROGRESS] = texts.get(PROGRESS) or row.texts[RESULT]
    return LedgerRow(row, kind, None, texts | {SOURCE: texts.get(SOURCE) or source})


def _standing(row: HeadedRow, form: SuperiorForm, task: CaseFile, stale: set[int]) -> LedgerRow:
    """What the form leaves as it went out is the ledger's own text; what it adds to the progress stands after it."""
    texts, says = _texts(row), says_of(form)
    anew = []
    for head in (PROGRESS.head, RESULT):
        if head not in says:
            continue
        went_out, text = held(says[head](task)).strip(), row.texts[head].strip()
        anew.append("" if text == went_out else text.removeprefix(went_out).strip())
    for column, written in texts.items():
        if digest(written) == digest(says[column.head](task)):
            texts[column] = column.says(task)
    if any(anew):
        texts[PROGRESS] = "\n".join(filter(None, (PROGRESS.says(task), *anew)))
    sent = key_of(task, [column.says(task) for column in COLUMNS])
    key = replace(sent, digests=("",) * len(COLUMNS)) if task.row.id in stale else sent
    return LedgerRow(row, task.row.kind, key, texts)
