"""A superior's form filled in: rows made like its own empty one, all else as it came; and read when it comes back.

What comes back is put into the ledger's own words, and then taken in as a ledger is (documents/tables/ledger_import).
"""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from copy import copy, deepcopy
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.table import Table, _Cell, _Row
from openpyxl.cell import Cell
from openpyxl.styles import PatternFill
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy.orm import Session

from core.clock import Clock
from core.errors import Unreadable
from core.filetypes import media_type_of
from core.text import folded, shortened
from documents.excel.cells import held, to_cell
from documents.excel.headed import HeadedRow, rows_under
from documents.excel.reading import ReadSheet, open_whole
from documents.excel.workbook import HIGHEST, row_height
from documents.opening import checked_parts
from documents.tables.breakdown import read_tables
from documents.tables.ledger import ExportOutcome
from documents.tables.ledger_import import LedgerRow, ledger_row
from documents.tables.ledger_keys import digest, key_of
from models.calendar import SuperiorForm
from models.enums import ItemKind
from models.report import Source
from rectification.intake.likeness import most_alike
from rectification.lists.case_file import CaseFile
from rectification.lists.load_case_files import case_files
from rectification.office.actors import Actor
from rectification.office.calendar import load_calendar
from rectification.office.sources import source_of_bureau
from rectification.tables.ledger import COLUMNS, NUMBER, PROGRESS, SOURCE, TEXT, listed, problems_of
from rectification.tables.superior_forms import (
    ANSWERS,
    CODE,
    RESULT,
    TOGETHER,
    FormTable,
    choose,
    form_called,
    form_table,
    is_beside,
    must_name_the_problem,
    says_of,
)

Texts = Mapping[int, str | int]
"""What a row says, by the places of its columns."""
_USUAL_WIDTH: Final = 9.0
_USUAL_SIZE: Final = 10.5
_KEY: Final = re.compile(r"([^\s#<>]+)#((?:[0-9a-f]{8})+)")
_DIGEST: Final = re.compile(r"[0-9a-f]{8}")
_NOT_TAKEN: Final = {
    **dict.fromkeys(ANSWERS, "不能在表中改，请在系统中申请销号"),
    **dict.fromkeys(TOGETHER, "不能在表中改，换单位、换人请办理转办，改电话请到人员页面"),
}
"""What a form's column shows and no column of the ledger is, with the way to change it."""
_REFERENCE: Final = re.compile(r"(?<![A-Za-z_])(\$?[A-Z]{1,3}\$?)(\d+)(?::(\$?[A-Z]{1,3}\$?)(\d+))?(?![\d(])")


def read_form(path: Path, sheet: str = "") -> FormTable:
    """The table of a superior's form.

    Raises: Unreadable, where it is no Word file or workbook; Refused, where it has no such table, several alike, or macros.
    """
    table = choose([table for each in read_tables(path) if (table := _table(each))], sheet)
    media_type_of(path, path.name)
    return replace(table, hints=_choices(path, table)) if path.suffix.lower() == ".xlsx" else table


def _choices(path: Path, table: FormTable) -> tuple[str, ...]:
    """What the form's rows show and let one choose, by column."""
    hints = list(table.hints or [""] * len(table.heads))
    for rule in open_whole(path)[table.sheet].data_validations.dataValidation:
        if rule.type == "list" and str(rule.formula1).startswith('"'):
            for area in rule.sqref.ranges:
                for place in range(
                    area.min_col - 1, min(area.max_col, len(hints)) if area.max_row > table.first else 0
                ):
                    hints[place] += f" {rule.formula1}"
    return tuple(hints)


def what_is_lost(form: SuperiorForm) -> str:
    """What must be said of a workbook with pictures: shapes, and what stands in its header, do not come along when filled."""
    with zipfile.ZipFile(io.BytesIO(form.content)) as archive:  # a Word file has none of these parts
        is_drawn = any(each.startswith(("xl/media/", "xl/drawings/drawing")) for each in archive.namelist())
    return "表里有图片或图形（如印章），导出时不一定带得出来，请对照原表补上" if is_drawn else ""


def _table(sheet: ReadSheet) -> FormTable | None:
    return form_table(sheet.name, [row.texts for row in sheet.rows])


def fill_form(session: Session, form: SuperiorForm, files: Sequence[CaseFile]) -> tuple[bytes, ExportOutcome]:
    """The form with these tasks, but for those no ledger shows, and what went into it.

    The file's description holds a digest of each cell, so that what comes back shows which ones somebody changed.
    """
    shown, says = listed(files), says_of(session, form)
    rows: list[Texts] = [
        {
            n: at if column == NUMBER else says[column](each)
            for n, (_, column) in enumerate(form.heads)
            if column
        }
        for at, each in enumerate(shown, 1)
    ]
    keys, out = _keys(says, shown), io.BytesIO()
    with TemporaryDirectory() as folder:
        path = Path(folder, "form").with_suffix(Path(form.file_name).suffix.lower())
        path.write_bytes(form.content)
        table = read_form(path, form.sheet)
        if path.suffix == ".docx":
            paper = Document(str(path))
            _fill_table(paper.tables[int(form.sheet.removeprefix("表")) - 1], table, rows or [{}])
            paper.core_properties.comments = (
                ""  # the library holds a text to 255 characters; the format does not
            )
            paper.core_properties._element.find(qn("dc:description")).text = keys
            paper.save(out)
        else:
            book = open_whole(path)
            _fill_sheet(book[form.sheet], table, rows or [{}])
            book.properties.description = keys
            book.save(out)
    problems = len(problems_of(shown))
    return out.getvalue(), ExportOutcome(problems, len(shown) - problems, len(files) - len(shown))


def _keys(says: Mapping[str, Callable[[CaseFile], str]], files: Sequence[CaseFile]) -> str:
    """Which columns went out, and by task a digest of what each says."""
    cells = ["".join(digest(says[column](each)) for column in says) for each in files]
    lines = (f"{each.row.code}#{said}" for each, said in zip(files, cells, strict=True))
    return " ".join((f"整改台账#{digest('，'.join(says))}", *lines))


def _sent(path: Path, columns: Collection[str]) -> dict[str, dict[str, str]]:
    """By task code and column, the digests of the cells as they went out; nothing where the file lost them."""
    core = checked_parts(path, "", "")[1].get("docProps/core.xml", b"").decode(errors="replace")
    keys = dict(_KEY.findall(core))
    if keys.pop("整改台账", "") != digest("，".join(columns)):
        return {}
    return {code: dict(zip(columns, _DIGEST.findall(said), strict=True)) for code, said in keys.items()}


def _fill_table(table: Table, form: FormTable, rows: Sequence[Texts]) -> None:
    lines = [row._tr for row in table.rows]
    if not list(table._tbl.iter(qn("w:tblHeader"))):
        for head in lines[: form.first]:  # Word repeats heads from the first row on
            head.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    pattern, last = deepcopy(lines[form.pattern]), lines[form.first - 1]
    for height in pattern.iter(qn("w:trHeight")):
        height.set(qn("w:hRule"), "atLeast")
    aside = ("w:vMerge", "w:b", "w:tblHeader") if form.pattern < form.first else ("w:vMerge",)
    for each in (*lines[form.first : form.end], *list(pattern.iter(*map(qn, aside)))):
        each.getparent().remove(each)
    for row in rows:
        last.addnext(deepcopy(pattern))
        last = last.getnext()
        cells = _Row(last, table).cells
        for place, cell in {
            id(each._tc): (place, each) for place, each in reversed([*enumerate(cells)])
        }.values():
            _write(cell, str(row.get(place, "")))


def _write(cell: _Cell, text: str) -> None:
    """Put a text into a cell as its own first words look."""
    first, *others = cell.paragraphs
    look = first._p.find(f"{qn('w:pPr')}/{qn('w:rPr')}") if not first.runs else None
    run, *more = first.runs or [first.add_run()]
    for each in (*(other._p for other in others), *(other._r for other in more)):
        each.getparent().remove(each)
    if look is not None:
        run._r.insert(0, deepcopy(look))
    run.text = held(text)


def _fill_sheet(sheet: Worksheet, form: FormTable, rows: Sequence[Texts]) -> None:
    width, first, end, pattern = len(form.heads), form.first + 1, form.end + 1, form.pattern + 1
    sheet.print_title_rows = sheet.print_title_rows or f"{form.top + 1}:{form.first}"
    if end > max(cell.row for line in sheet.iter_rows() for cell in line if cell.value is not None):
        while end <= sheet.max_row and any(sheet.cell(end, n + 1).border.left.style for n in range(width)):
            end += 1
        pattern = first if pattern < first < end else pattern
    sizes = [float(sheet.cell(pattern, n + 1).font.sz or 0) / _USUAL_SIZE for n in range(width)]
    looks = [copy(sheet.cell(pattern, n + 1)._style) for n in range(width)]  # type: ignore[union-attr]
    height, across = sheet.row_dimensions[pattern].height or 0, []
    for merged in list(sheet.merged_cells.ranges):
        if merged.max_row >= first and merged.min_row < end:
            if merged.min_row == merged.max_row == pattern:
                across.append((merged.min_col, merged.max_col))
            sheet.unmerge_cells(merged.coord)
    if extra := len(rows) - (end - first):
        _make_room(sheet, end, extra)
    larger = max(1.0, *sizes)
    widths = [each / larger for each in _widths(sheet, width, across)]
    for number, row in enumerate(rows, first):
        for place, look in enumerate(looks):
            _put(sheet.cell(number, place + 1), row.get(place), look, is_head=pattern < first)
        for left, right in across:
            sheet.merge_cells(start_row=number, end_row=number, start_column=left, end_column=right)
        needed = row_height([str(row.get(place, "")) for place in range(width)], widths) * larger
        sheet.row_dimensions[number].height = min(max(height, needed), HIGHEST)


def _put(cell: Any, said: str | int | None, look: object, *, is_head: bool) -> None:
    cell._style = copy(look)
    alignment = copy(cell.alignment)
    cell.value = to_cell(said) or None if isinstance(said, str) else said
    alignment.wrap_text, cell.alignment = True, alignment
    if is_head:
        font = copy(cell.font)
        font.b, cell.font, cell.fill = False, font, PatternFill()


def _widths(sheet: Worksheet, width: int, across: Sequence[tuple[int, int]]) -> list[float]:
    """How wide each column is; the first of merged ones as wide as all."""
    widths = [_USUAL_WIDTH] * width
    for each in sheet.column_dimensions.values():
        for place in range(each.min or 1, min(each.max or 0, width) + 1):
            widths[place - 1] = each.width
    return [sum([*widths[n : dict(across).get(n + 1, n + 1)]]) for n in range(width)]


def _make_room(sheet: Worksheet, end: int, extra: int) -> None:
    """Move what stands below the table by so many rows; what reaches to the table's end grows along."""

    def moved(found: re.Match[str]) -> str:
        start, last = int(found[2]), int(found[4] or 0)
        alone = f"{found[1]}{start + extra * (start >= end)}"
        return f"{alone}:{found[3]}{last + extra * (last >= end - 1)}" if last else alone

    heights = {n: each.height for n, each in sheet.row_dimensions.items() if n >= end}
    if extra > 0:
        sheet.insert_rows(end, extra)
    else:
        sheet.delete_rows(end + extra, -extra)
    for n, height in [*((n, None) for n in heights), *((n + extra, each) for n, each in heights.items())]:
        sheet.row_dimensions[n].height = height
    for merged in sheet.merged_cells.ranges:
        if merged.min_row >= end:
            merged.shift(row_shift=extra)
    for rule in sheet.data_validations.dataValidation:
        areas = " ".join(":".join((each.coord.split(":") * 2)[:2]) for each in rule.sqref.ranges)
        rule.sqref = MultiCellRange(_REFERENCE.sub(moved, areas))
    if sheet.print_area:
        sheet.print_area = _REFERENCE.sub(moved, str(sheet.print_area).rpartition("!")[2])
    for cell in (cell for row in sheet.iter_rows() for cell in row if isinstance(cell, Cell)):
        if cell.data_type == "f" and isinstance(cell.value, str):
            cell.value = _REFERENCE.sub(moved, cell.value)


def filled_rows(
    session: Session, path: Path, clock: Clock, actor: Actor, which: str | int, source_id: int | None
) -> list[LedgerRow]:
    """The rows of a form that came back, as rows of the ledger; new ones are from the source with this number.

    A row is the task of its code, else the one whose problem reads the same, now or when it went out.

    Raises: NotFound; Refused, where no head is the problem's; Unreadable, where the file has no table with the form's heads.
    """
    form = form_called(session, actor.bureau_id, which)
    must_name_the_problem(form.heads)
    source = source_of_bureau(session, actor.bureau_id, source_id) if source_id else None
    files = case_files(session, clock.today, load_calendar(session), actor=actor)
    wanted = Counter(head for head, column in form.heads if column)
    found = [(each, table) for each in read_tables(path) if (table := _table(each))]
    found = [(each, table) for each, table in found if wanted <= Counter(table.heads)]
    if not found:
        why = f"没有一张表有“{'、'.join(wanted)}”这些栏"
        raise Unreadable(
            f"{path.name} 不是上级表样“{form.name}”", why, "请核对文件；上级换了新表，请重新登记"
        )
    sheet, table = found[0]
    says = says_of(session, form)
    sent = _sent(path, says)
    tasks = [_Known(each, says, sent.get(each.row.code, {})) for each in listed(files)]
    known: dict[str, list[_Known]] = {}
    for each in tasks:
        for name in {each.file.row.code, folded(each.file.row.text), each.sent[TEXT.head]}:
            known.setdefault(name, []).append(each)
    places: dict[str, int] = {}
    for head, column in form.heads:
        if column:
            left = (n for n, each in enumerate(table.heads, 1) if each == head and n not in places.values())
            places[column] = next(left)
    head = table.heads[places[TEXT.head] - 1]
    kind = ItemKind.PLAN if "任务" in head and "整改" not in head else ItemKind.FINDING
    found_rows: list[tuple[HeadedRow, _Known | None]] = []
    for row in rows_under(sheet, table.first - 1, places):
        if is_beside(sheet.rows[row.place.row - 1].texts, row.texts[TEXT.head]):
            continue
        text = row.texts[TEXT.head]
        names = (row.texts.get(CODE, ""), folded(text), digest(text))
        alike = next((known[name] for name in names if known.get(name)), [])
        if task := _meant(row, alike):
            for others in known.values():
                others[:] = [each for each in others if each is not task]
            tasks.remove(task)
        found_rows.append((row, task))
    return [
        _in_own_words(ledger_row(row if task else _asking(row, tasks), kind), task, source)
        for row, task in found_rows
    ]


class _Known:
    """A task a row may be: what each of the form's columns says of it now, and the digest of what it said then."""

    def __init__(
        self, file: CaseFile, says: Mapping[str, Callable[[CaseFile], str]], sent: Mapping[str, str]
    ) -> None:
        self.file = file
        self.says = {head: held(say(file)).strip() for head, say in says.items()}
        self.sent = {head: sent.get(head) or digest(text) for head, text in self.says.items()}

    def is_as_sent(self, head: str, text: str) -> bool:
        """Whether a cell is as it went out, or as it would go out now."""
        return digest(text) in (self.sent[head], digest(self.says[head]))

    def is_moved(self, head: str) -> bool:
        """Whether the ledger says something else there since."""
        return self.sent[head] != digest(self.says[head])


def _asking(row: HeadedRow, tasks: Sequence[_Known]) -> HeadedRow:
    """A row that is no task's, held back where its problem is like that of a task no row is: it may be that one, reworded."""
    cell = row.cells[TEXT.head]
    alike = most_alike(cell.text, [each.file.row.text for each in tasks])
    if not alike or cell.problem:
        return row
    task = tasks[alike[0]].file.row
    why = f"与 {task.code} 相近，是否同一项？是，请改回“{shortened(task.text, 60)}”；不是，请用“登记任务”登记"
    return replace(row, cells={**row.cells, TEXT.head: replace(cell, problem=why)})


def _meant(row: HeadedRow, alike: Sequence[_Known]) -> _Known | None:
    """Of the tasks whose problem reads so, the one the rest of the row says most of; None where that is not plain."""
    same = [
        sum(each.is_as_sent(head, row.texts[head]) for head in each.says if head != NUMBER) for each in alike
    ]
    best = max(same, default=0)
    whole = len(row.texts) - (NUMBER in row.texts)
    return alike[same.index(best)] if same and (same.count(best) == 1 or best == whole) else None


def _in_own_words(handed: LedgerRow, task: _Known | None, source: Source | None) -> LedgerRow:
    """What the form leaves as it went out is the ledger's own text; what it adds to the progress stands after it."""
    texts, written = dict(handed.texts), handed.row.texts
    said = {head: written[head].strip() for head in (PROGRESS.head, RESULT) if head in written}
    if task is None:
        if any(said.values()):
            texts[PROGRESS] = "\n".join(filter(None, said.values()))
        named = f"{source.kind.name}（{source.paper_no or source.title}）" if source else ""
        return replace(handed, texts=texts | {SOURCE: texts.get(SOURCE) or named})
    anew = {head: text for head, text in said.items() if not task.is_as_sent(head, text)}
    moved = {head for head in said if head in anew and task.is_moved(head)}
    stands = [column.says(task.file) for column in COLUMNS]
    for column, text in handed.texts.items():
        if task.is_as_sent(column.head, text):
            texts[column] = column.says(task.file)
        elif task.is_moved(column.head):
            moved.add(column.head)
    added = [text.removeprefix(task.says[head]).strip() for head, text in anew.items()]
    if any(added):
        is_rewritten = not all(text.startswith(task.says[head]) for head, text in anew.items())
        texts[PROGRESS] = "\n".join(filter(None, ("" if is_rewritten else PROGRESS.says(task.file), *added)))
        moved = {PROGRESS.head if head == RESULT else head for head in moved}
    key = key_of(task.file, stands)
    cells = dict(handed.row.cells)
    for head, why in _NOT_TAKEN.items():
        if head in cells and not task.is_as_sent(head, written[head]):
            cells[head] = replace(cells[head], problem=why)
    digests = (
        "" if column.head in moved else each for column, each in zip(COLUMNS, key.digests, strict=True)
    )
    key = replace(key, digests=tuple(digests))
    return replace(
        handed, row=replace(handed.row, cells=cells), kind=task.file.row.kind, key=key, texts=texts
    )
