"""Pdf with a text layer: glyphs to lines, lines to paragraphs; what runs on every page goes."""

import re
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from core.errors import Unreadable
from core.han import HAN
from reports.document import Block, Document
from reports.limits import Budget
from reports.normalise import clean, squeeze
from reports.readers import furniture, rulings, wrapping
from reports.readers.columns import columns, printed_lines
from reports.readers.furniture import Facts
from reports.readers.gaps import GapTable, gap_tables
from reports.readers.pdf_page import GARBLED, Glyph, glyphs_of, rules_of
from reports.readers.rulings import Grid
from reports.readers.wrapping import Line, Measure

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

_ONE_AT_A_TIME = threading.Lock()  # pdfium is not thread-safe
_WRONG_PASSWORD = 4
_TEXT_OF_A_PAGE = 20
_EDGE = 0.12
_HAN = re.compile(f"[{HAN}]")
_LEAST_HAN = 0.2
_BREAK_EM, _WIDE_EM = 0.15, 0.7
_GAP, _LARGER = 1.35, 1.2
_CELL_SLACK_EM, _CELL_PADDING = 1.6, 7.0


def read(data: bytes, name: str, budget: Budget) -> Document:
    """The document in a .pdf file.

    Raises: Unreadable, for one that is encrypted, damaged, or scanned without a text layer.
    """
    with _ONE_AT_A_TIME:
        pages, notices = _read_pages(data, budget)
    running = _running(pages)
    pieces, facts, around = _without_furniture(list(_pieces(pages, running, budget)))
    blocks = tuple(replace(block, paragraph=count) for count, block in enumerate(_blocks(pieces, budget), 1))
    return Document(
        name=name,
        format="pdf",
        blocks=blocks,
        source=facts.source,
        made_on=facts.made_on,
        posted_on=facts.posted_on,
        notices=(*notices, *around),
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """One printed line with its place on the page, in points."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    bold: bool
    turned: bool = False  # the first of a column that does not stand at the left


@dataclass(frozen=True, slots=True)
class _Page:
    number: int
    width: float
    height: float
    rows: tuple[_Row, ...]
    tables: tuple["_Table", ...]


@dataclass(frozen=True, slots=True)
class _Table:
    page: int
    top: float
    rows: tuple[tuple[str, ...], ...]
    last_page: int


def _read_pages(data: bytes, budget: Budget) -> tuple[list[_Page], tuple[str, ...]]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == _WRONG_PASSWORD:
            raise Unreadable("文件已加密", "打开这个 PDF 需要密码", "请取消密码后另存，再试一次") from error
        raise Unreadable(
            "PDF 文件已损坏", "文件结构不完整", "请重新下载，或打开后重新导出为 PDF 再试"
        ) from error
    try:
        budget.pages(len(document))
        pages, blank, garbled = _pages_of(document, budget)
    except pypdfium2.PdfiumError as error:
        raise Unreadable("PDF 文件已损坏", "其中有的页读不出来", "请打开后重新导出为 PDF 再试") from error
    finally:
        document.close()
    _refuse_without_text(pages, blank, garbled)
    notices = [f"第{_listed(blank)}页只有图片、没有文字，未能读取，请对照原件核对"] if blank else []
    if garbled:
        notices += [
            f"第{_listed(garbled)}页部分文字是乱码（显示为“{GARBLED}”），请上传 Word 版，或对照原件补正"
        ]
    return pages, tuple(notices)


def _listed(numbers: Sequence[int]) -> str:
    return "、".join(map(str, numbers))


def _pages_of(document: "PdfDocument", budget: Budget) -> tuple[list[_Page], list[int], list[int]]:
    """The pages, the numbers of those that hold pictures and no text, and of those with garbled characters."""
    pages, blank, garbled = [], [], []
    overleaf: Grid | None = None
    for number in range(1, len(document) + 1):
        budget.tick()
        page = document[number - 1]
        glyphs, frame = glyphs_of(page, budget)
        grids = rulings.tables(rules_of(page, frame), overleaf) if glyphs else []
        overleaf = grids[-1] if grids else None
        outside = [glyph for glyph in glyphs if not any(_in(grid, glyph) for grid in grids)]
        tables = [table for grid in grids if (table := _table(grid, glyphs, number)).rows]
        set_by_gaps, outside = gap_tables(outside)
        tables += [_gap_table(found, number) for found in set_by_gaps]
        tables.sort(key=lambda table: table.top)
        pages.append(_Page(number, frame.width, frame.height, tuple(_rows(outside)), tuple(tables)))
        if len(glyphs) < _TEXT_OF_A_PAGE and _has_picture(page):
            blank.append(number)
        if any(glyph.text == GARBLED for glyph in glyphs):
            garbled.append(number)
        page.close()
    return pages, blank, garbled


def _has_picture(page: "PdfPage") -> bool:
    from pypdfium2 import raw

    return next(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3), None) is not None


def _refuse_without_text(pages: Sequence[_Page], blank: Sequence[int], garbled: Sequence[int]) -> None:
    text = "".join(row.text for page in pages for row in page.rows)
    text += "".join(cell for page in pages for table in page.tables for row in table.rows for cell in row)
    if len(text) < _TEXT_OF_A_PAGE and blank:
        raise Unreadable(
            "这是扫描件，没有文字层", "页面上只有图片，读不出文字", "请用 OCR 软件识别，转换后另存为 .docx"
        )
    if not text.strip():
        raise Unreadable(
            "PDF 里没有文字",
            "所有页面都没有文字层",
            "请从原来的 Word、WPS 文件导出，或用 OCR 转换后另存为 .docx",
        )
    if len(_HAN.findall(clean(text))) < len(text) * _LEAST_HAN:
        raise Unreadable(
            f"PDF 第{_listed(garbled)}页的文字是乱码" if garbled else "PDF 的文字层不是中文，或是乱码",
            "文件没有带上字体的文字对照表" if garbled else "文件可能没有带上字体的文字对照表",
            "请上传 Word 版，或用 OCR 软件识别后另存为 .docx",
        )


def _rows(glyphs: Sequence[Glyph]) -> Iterator[_Row]:
    """The printed lines of a page, in the order in which they are read."""
    for column in columns(glyphs):
        for place, line in enumerate(printed_lines(column.glyphs)):
            yield _row(line, turned=column.turned and place == 0)


def _row(glyphs: list[Glyph], *, turned: bool = False) -> _Row:
    ordered = sorted(glyphs, key=lambda each: each.left)
    size = median(glyph.size for glyph in ordered)
    text, end = "", ordered[0].left
    for glyph in ordered:
        gap = (glyph.left - end) / (size or 1.0)
        text += "\u3000" if gap > _WIDE_EM else " " if gap > _BREAK_EM else ""
        text += glyph.text
        end = max(end, glyph.right)
    return _Row(
        squeeze(text),
        ordered[0].left,
        end,
        min(glyph.top for glyph in ordered),
        max(glyph.bottom for glyph in ordered),
        size,
        all(glyph.bold for glyph in ordered),
        turned,
    )


def _in(grid: Grid, glyph: Glyph) -> bool:
    return grid.slot((glyph.left + glyph.right) / 2, glyph.middle) is not None


def _table(grid: Grid, glyphs: Sequence[Glyph], page: int) -> _Table:
    held: dict[int, list[Glyph]] = {}
    borders: dict[int, float] = {}
    for cells in grid.cells:
        borders |= dict(zip(cells, grid.columns[1:], strict=True))
    for glyph in glyphs:
        slot = grid.slot((glyph.left + glyph.right) / 2, glyph.middle)
        if slot:
            held.setdefault(grid.cells[slot[0]][slot[1]], []).append(glyph)
    texts = {
        cell: _cell([_row(line) for line in printed_lines(inside)], borders[cell])
        for cell, inside in held.items()
    }
    rows = tuple(tuple(texts.get(cell, "") for cell in row) for row in grid.cells)
    return _Table(page, grid.rows[0], tuple(row for row in rows if any(row)), page)


def _gap_table(found: GapTable, page: int) -> _Table:
    rows = tuple(
        tuple(
            _cell([_row(line) for line in printed_lines(cell)], border + _CELL_PADDING) if cell else ""
            for cell, border in zip(row, found.borders, strict=True)
        )
        for row in found.rows
    )
    return _Table(page, found.top, rows, page)


def _cell(rows: Sequence[_Row], border: float) -> str:
    """The paragraphs of a cell, its wrapped lines joined."""
    slack = _CELL_SLACK_EM * max(row.size for row in rows) + _CELL_PADDING
    setting = Measure(wrapped=True, full=border - slack, margin=0.0, indented=False, slack=slack)
    lines = [Line(row.text, 0.0, row.right) for row in rows if row.text]
    return "\n".join(line.text for line in wrapping.join(lines, setting))


class _Key(NamedTuple):
    """What makes a running line the same on every page; a title of the same words is set larger."""

    text: str
    at_top: bool
    size: int


def _running(pages: Sequence[_Page]) -> set[_Key]:
    """The headers and footers that stand on several pages, their figures aside."""
    seen: Counter[_Key] = Counter()
    for page in pages:
        seen.update({_key(row, page) for row in page.rows if _is_edge(row, page)})
    least = max(2, int(len(pages) * 0.4))
    return {key for key, count in seen.items() if count >= least}


def _key(row: _Row, page: _Page) -> _Key:
    return _Key(re.sub(r"\d+", "0", row.text), row.bottom < page.height / 2, round(row.size))


def _is_edge(row: _Row, page: _Page) -> bool:
    return row.bottom < page.height * _EDGE or row.top > page.height * (1 - _EDGE)


def _text_rows(page: _Page, running: set[_Key]) -> list[_Row]:
    """The rows of a page that are its text; a running line stands once, so a title of the same words below it stays."""
    kept: list[_Row] = []
    gone: set[_Key] = set()
    for row in page.rows:
        if row.text and _is_edge(row, page):
            key = _key(row, page)
            numbered = furniture.is_page_number(row.text) or furniture.is_bare_number(row.text)
            if numbered or (key in running and key not in gone):
                gone.add(key)
                continue
        if row.text:
            kept.append(row)
    return kept


def _pieces(pages: Sequence[_Page], running: set[_Key], budget: Budget) -> Iterator[Line | _Table]:
    """Lines and tables in reading order, in units of half a character of the body's size."""
    sizes = Counter(round(row.size, 1) for page in pages for row in page.rows for _ in row.text)
    unit = (sizes.most_common(1)[0][0] if sizes else 12.0) / 2 or 6.0
    for page in pages:
        budget.tick()
        kept = _text_rows(page, running)
        centre = _centre(kept, page)
        pitches = [below.top - above.top for above, below in pairwise(kept)]
        pitch = median(pitches) if pitches else 0.0
        waiting = list(page.tables)
        above: _Row | None = None
        for row in kept:
            while waiting and waiting[0].top < row.top:
                yield waiting.pop(0)
            gap = above is not None and row.top - above.top > pitch * _GAP
            yield Line(
                row.text,
                row.left / unit,
                row.right / unit,
                gap=gap,
                turned=row.turned or (above is None and page.number > 1),
                page=page.number,
                centred=_is_centred(row, centre, kept, unit),
                bold=row.bold,
                size=row.size,
            )
            above = row
        yield from waiting


def _without_furniture(pieces: Sequence[Line | _Table]) -> tuple[list[Line | _Table], Facts, list[str]]:
    """The pieces without what a site printed around the text, where a web page was printed."""
    texts = [piece.text if isinstance(piece, Line) else "" for piece in pieces]
    dropped, facts = furniture.around(texts)
    kept = [piece for piece, drop in zip(pieces, dropped, strict=True) if not drop]
    return kept, facts, furniture.notice(texts, dropped)


def _centre(rows: Sequence[_Row], page: _Page) -> float:
    if not rows:
        return page.width / 2
    return (min(row.left for row in rows) + max(row.right for row in rows)) / 2


def _is_centred(row: _Row, centre: float, rows: Sequence[_Row], unit: float) -> bool:
    left, right = min(each.left for each in rows), max(each.right for each in rows)
    is_larger = row.size > unit * 2 * _LARGER
    is_short = row.left - left > unit * 5 and row.right - row.left < (right - left) * 0.7
    return abs((row.left + row.right) / 2 - centre) < unit * 1.5 and (is_larger or is_short)


def _blocks(pieces: Sequence[Line | _Table], budget: Budget) -> Iterator[Block]:
    """Paragraphs and tables; a table that a page end cut in two is whole again."""
    setting = wrapping.measure([piece for piece in pieces if isinstance(piece, Line)])
    run: list[Line] = []
    table: _Table | None = None
    for piece in pieces:
        if isinstance(piece, Line):
            if table:
                yield _table_block(table)
                table = None
            run.append(piece)
            continue
        yield from _paragraphs(run, setting, budget)
        run = []
        if table and len(table.rows[0]) == len(piece.rows[0]) and piece.page == table.last_page + 1:
            table = replace(table, rows=_continued(table.rows, piece.rows), last_page=piece.page)
        else:
            if table:
                yield _table_block(table)
            table = piece
    if table:
        yield _table_block(table)
    yield from _paragraphs(run, setting, budget)


def _paragraphs(lines: Sequence[Line], setting: Measure, budget: Budget) -> Iterator[Block]:
    for line in wrapping.join(lines, setting):
        budget.block()
        yield Block(line.text, 0, page=line.page, centred=line.centred, bold=line.bold)


def _table_block(table: _Table) -> Block:
    return Block("", 0, page=table.page, rows=table.rows)


def _continued(
    rows: tuple[tuple[str, ...], ...], more: tuple[tuple[str, ...], ...]
) -> tuple[tuple[str, ...], ...]:
    """The rows of a table that goes on overleaf: a repeated head is dropped, a row cut by the page is mended."""
    if more[0] == rows[0]:
        more = more[1:]
    if more and not more[0][0] and any(more[0]):
        mended = tuple(above + below for above, below in zip(rows[-1], more[0], strict=True))
        return (*rows[:-1], mended, *more[1:])
    return rows + more
