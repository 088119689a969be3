"""Pdf with a text layer: glyphs to lines, lines to paragraphs; what runs on every page goes."""

import re
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median

import pypdfium2
from pypdfium2 import PdfDocument, PdfPage, raw

from core.errors import Unreadable
from core.han import HAN
from reports.document import Block
from reports.limits import Budget
from reports.normalise import clean
from reports.readers import furniture, rulings, wrapping
from reports.readers.pdf_lines import Row, Table, cell_text, page_rows, rows_of
from reports.readers.pdf_page import GARBLED, Glyph, glyphs_of, rules_of
from reports.readers.readings import Reading
from reports.readers.rulings import Grid
from reports.readers.wrapping import Line

ONE_AT_A_TIME = threading.Lock()  # pdfium is not thread-safe
_WRONG_PASSWORD = 4
_TEXT_OF_A_PAGE = 20
_EDGE = 0.12
_HAN = re.compile(f"[{HAN}]")
_LEAST_HAN = 0.2
_GAP, _LARGER = 1.35, 1.2
_WORD = "请上传 Word 版，或"
_PICTURE = "只有图片、没有文字，未能读取，请对照原件核对"
_GARBLED = f"部分文字是乱码（显示为“{GARBLED}”），{_WORD}对照原件补正"
_UNCLEAR = f"的版式读不准，文字的先后可能有误，{_WORD}对照原件核对"


def read(data: bytes, budget: Budget) -> Reading:
    """What a .pdf file holds.

    Raises: Unreadable, for one that is encrypted, damaged, scanned without a text layer, or of an unclear layout.
    """
    with ONE_AT_A_TIME:
        pages = _read_pages(data, budget)
    _refuse_unread(pages)
    lines = list(_pieces(pages, budget))
    dropped, facts = furniture.around(texts := [piece.text for piece in lines])
    kept = [piece for piece, drop in zip(lines, dropped, strict=True) if not drop]
    notices = [
        f"第{numbers}页{fault}"
        for fault in (_PICTURE, _GARBLED, _UNCLEAR)
        if (numbers := _listed(page.number for page in pages if fault in page.faults))
    ]
    return Reading(_blocks(kept, budget), facts, (*notices, *furniture.notice(texts, dropped)))


@dataclass(frozen=True, slots=True)
class _Page:
    number: int
    height: float
    rows: Sequence[Row]
    tables: Sequence[Table]
    faults: Sequence[str]


def _read_pages(data: bytes, budget: Budget) -> list[_Page]:
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
        return list(_pages_of(document, budget))
    except pypdfium2.PdfiumError as error:
        raise Unreadable("PDF 文件已损坏", "其中有的页读不出来", "请打开后重新导出为 PDF 再试") from error
    finally:
        document.close()


def _listed(numbers: Iterable[int]) -> str:
    return "、".join(map(str, numbers))


def _pages_of(document: PdfDocument, budget: Budget) -> Iterator[_Page]:
    overleaf: Grid | None = None
    for number, page in enumerate(document, 1):
        budget.tick()
        glyphs, frame = glyphs_of(page, budget)
        pictured = len(glyphs) < _TEXT_OF_A_PAGE and _has_picture(page)
        garbled = any(glyph.text == GARBLED for glyph in glyphs)
        grids = rulings.tables(rules_of(page, frame), overleaf) if glyphs else []
        overleaf = grids[-1] if grids else None
        ruled = []
        for grid in grids:
            table, glyphs = _table(grid, glyphs, number)
            ruled += [table] if table.rows else []
        rows, tables, unclear = page_rows(glyphs, number)
        faults = ((_PICTURE, pictured), (_GARBLED, garbled), (_UNCLEAR, unclear))
        tables = sorted(tables + ruled, key=lambda table: table.top)
        yield _Page(number, frame.height, rows, tables, [fault for fault, found in faults if found])
        page.close()


def _has_picture(page: PdfPage) -> bool:
    return next(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3), None) is not None


def _refuse_unread(pages: Sequence[_Page]) -> None:
    """Raises: Unreadable, where there is no text, none that can be understood, or none whose order is known."""
    text = "".join(row.text for page in pages for row in page.rows)
    text += "".join(cell for page in pages for table in page.tables for row in table.rows for cell in row)
    if len(text) < _TEXT_OF_A_PAGE and any(_PICTURE in page.faults for page in pages):
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
        garbled = _listed(page.number for page in pages if _GARBLED in page.faults)
        raise Unreadable(
            f"PDF 第{garbled}页的文字是乱码" if garbled else "PDF 的文字层不是中文，或是乱码",
            "文件没有带上字体的文字对照表" if garbled else "文件可能没有带上字体的文字对照表",
            _WORD + "用 OCR 软件识别后另存为 .docx",
        )
    if sum(_UNCLEAR in page.faults for page in pages) * 2 > len(pages):
        raise Unreadable(
            "这份 PDF 的版式读不准", "看不出文字的先后，可能是分栏，或是没有框线的表格", "请上传 Word 版"
        )


def _table(grid: Grid, glyphs: Sequence[Glyph], page: int) -> tuple[Table, list[Glyph]]:
    """The ruled table, and the glyphs that stand outside it."""
    held: dict[tuple[int, int], list[Glyph]] = {}
    outside: list[Glyph] = []
    for glyph in glyphs:
        cell = grid.cell((glyph.left + glyph.right) / 2, (glyph.top + glyph.bottom) / 2)
        (outside if cell is None else held.setdefault(cell, [])).append(glyph)
    borders = {cell: end for row in grid.cells for cell, end in zip(row, grid.columns[1:], strict=True)}
    texts = {cell: cell_text(rows_of(held.get(cell, ())), end) for cell, end in borders.items()}
    rows = (tuple(texts[cell] for cell in row) for row in grid.cells)
    return Table(tuple(row for row in rows if any(row)), grid.rows[0], page, page), outside


def _running(pages: Sequence[_Page]) -> set[tuple[str, bool, int]]:
    """The headers and footers that stand on several pages, their figures aside."""
    seen = Counter(
        key for page in pages for key in {_key(row, page) for row in page.rows if _is_edge(row, page)}
    )
    least = max(2, int(len(pages) * 0.4))
    return {key for key, count in seen.items() if count >= least}


def _key(row: Row, page: _Page) -> tuple[str, bool, int]:
    """What makes a running line the same on every page; a title of the same words is set larger."""
    return re.sub(r"\d+", "0", row.text), row.bottom < page.height / 2, round(row.size)


def _is_edge(row: Row, page: _Page) -> bool:
    return row.bottom < page.height * _EDGE or row.top > page.height * (1 - _EDGE)


def _text_rows(page: _Page, running: set[tuple[str, bool, int]]) -> list[Row]:
    """The rows of a page that are its text; a running line stands once, so a title of the same words below it stays."""
    kept: list[Row] = []
    gone: set[tuple[str, bool, int]] = set()
    for row in page.rows:
        key = _key(row, page)
        numbered = furniture.is_page_number(row.text) or furniture.is_bare_number(row.text)
        if row.text and _is_edge(row, page) and (numbered or (key in running and key not in gone)):
            gone.add(key)
        elif row.text:
            kept.append(row)
    return kept


def _pieces(pages: Sequence[_Page], budget: Budget) -> Iterator[Line | Table]:
    """Lines and tables in reading order, in units of half a character of the body's size."""
    running = _running(pages)
    sizes = Counter(round(row.size, 1) for page in pages for row in page.rows for _ in row.text)
    unit = (sizes.most_common(1)[0][0] if sizes else 12.0) / 2 or 6.0
    for page in pages:
        budget.tick()
        kept = _text_rows(page, running)
        pitch = median([below.top - above.top for above, below in pairwise(kept)] or [0.0])
        left = min((row.left for row in kept), default=0.0)
        right = max((row.right for row in kept), default=0.0)
        waiting = list(page.tables)
        above: Row | None = None
        for row in kept:
            while waiting and waiting[0].top < row.top:
                yield waiting.pop(0)
            yield Line(
                row.text,
                row.left / unit,
                row.right / unit,
                gap=above is not None and row.top - above.top > pitch * _GAP,
                turned=row.turned or (above is None and page.number > 1),
                page=page.number,
                centred=_is_centred(row, left, right, unit),
                bold=row.bold,
                size=row.size,
            )
            above = row
        yield from waiting


def _is_centred(row: Row, left: float, right: float, unit: float) -> bool:
    is_larger = row.size > unit * 2 * _LARGER
    is_short = row.left - left > unit * 5 and row.right - row.left < (right - left) * 0.7
    return abs(row.left + row.right - left - right) < unit * 3 and (is_larger or is_short)


def _blocks(pieces: Sequence[Line | Table], budget: Budget) -> Iterator[Block]:
    setting = wrapping.measure([piece for piece in pieces if isinstance(piece, Line)])
    for _, group in groupby(pieces, type):
        run = list(group)
        for line in wrapping.join([piece for piece in run if isinstance(piece, Line)], setting):
            budget.block()
            yield Block(line.text, 0, page=line.page, centred=line.centred, bold=line.bold)
        for table in _whole([piece for piece in run if isinstance(piece, Table)]):
            yield Block("", 0, page=table.page, rows=table.rows)


def _whole(tables: Iterable[Table]) -> list[Table]:
    """The tables, one that a page end cut in two whole again, its head once and the row that was cut mended."""
    whole: list[Table] = []
    for table in tables:
        above = whole[-1] if whole else None
        if not above or len(above.rows[0]) != len(table.rows[0]) or table.page != above.last_page + 1:
            whole.append(table)
            continue
        rows, more = above.rows, table.rows
        more = more[1:] if more[0] == rows[0] else more
        if more and not more[0][0]:
            last = tuple(upper + lower for upper, lower in zip(rows[-1], more[0], strict=True))
            rows, more = (*rows[:-1], last), more[1:]
        whole[-1] = replace(above, rows=rows + more, last_page=table.page)
    return whole
