"""Forms as superiors send them, each of another shape."""

from collections.abc import Sequence
from pathlib import Path

from docx import Document
from docx.shared import Pt
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

_SIDE = Side(style="thin")
THIN = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
CENTRED = Alignment(horizontal="center", vertical="center")


def _line(sheet: Worksheet, row: int, texts: Sequence[str | int | None], *, is_head: bool = False) -> None:
    for column, text in enumerate(texts, 1):
        cell = sheet.cell(row, column, text)
        cell.border, cell.alignment = THIN, CENTRED
        cell.font = Font(name="黑体" if is_head else "仿宋_GB2312", size=12, bold=is_head)
        if is_head:
            cell.fill = PatternFill("solid", fgColor="D9E1F2")


def _first(book: Workbook) -> Worksheet:
    (sheet,) = book.worksheets
    return sheet


def justice_bureau(path: Path, blanks: int = 3) -> Path:
    """市司法局: title over all columns, heads over two rows, numbered empty rows, who filled it in below."""
    book = Workbook()
    sheet = _first(book)
    sheet.title = "附件1"
    sheet.merge_cells("A1:K1")
    sheet["A1"] = "全市法治督察反馈问题整改台账"
    sheet["A1"].font = Font(name="方正小标宋简体", size=22)
    sheet["A2"] = "填报单位（盖章）："
    sheet["J2"] = "填报日期："
    _line(sheet, 3, ["序号", "反馈问题", "整改措施", "责任分工", None, None, "整改时限", "整改情况", None, None, "备注"], is_head=True)  # fmt: skip
    _line(sheet, 4, [None, None, None, "责任领导", "责任单位", "责任人", None, "进展情况", "整改成效", "完成情况", None], is_head=True)  # fmt: skip
    for merged in ("A3:A4", "B3:B4", "C3:C4", "D3:F3", "G3:G4", "H3:J3", "K3:K4"):
        sheet.merge_cells(merged)
    for row in range(5, 5 + blanks):
        _line(sheet, row, [row - 4, *[None] * 10])
        sheet.row_dimensions[row].height = 30
    foot = 5 + blanks
    sheet[f"A{foot}"], sheet[f"B{foot}"] = "合计", f"=COUNTA(B5:B{foot - 1})"
    sheet.merge_cells(f"A{foot + 1}:K{foot + 1}")
    sheet[f"A{foot + 1}"] = "填报人：            审核人：            联系电话："
    sheet[f"A{foot + 2}"] = "注：本表于每季度末报市司法局。"
    sheet.row_dimensions[foot + 1].height = 40
    for letter, width in zip("ABCDEFGHIJK", (6, 30, 30, 10, 14, 10, 14, 30, 20, 10, 10), strict=True):
        sheet.column_dimensions[letter].width = width
    choice = DataValidation(type="list", formula1='"整改中,已销号"', allow_blank=True)
    choice.add(f"J5:J{foot - 1}")
    sheet.add_data_validation(choice)
    sheet.print_area = f"A1:K{foot + 2}"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    book.save(path)
    return path


def auditors(path: Path) -> Path:
    """审计局: a sheet of notes, then the ledger with a sample row and no empty one."""
    book = Workbook()
    notes = _first(book)
    notes.title = "填表说明"
    notes["A1"] = "一、逐项填写，不得漏项。"
    sheet = book.create_sheet("审计整改台账")
    sheet["A1"] = "审计发现问题整改清单"
    _line(
        sheet,
        2,
        ["编号", "审计发现的问题", "整改责任单位", "整改结果", "印证材料", "审计局意见"],
        is_head=True,
    )
    _line(sheet, 3, ["示例", "某项目未按规定公开招标", "县某局", "已整改", "整改报告", None])
    book.save(path)
    return path


def inspectors(path: Path) -> Path:
    """督察组: heads alone, with the problem's column over two of the sheet's."""
    book = Workbook()
    sheet = _first(book)
    sheet.title = "Sheet1"
    _line(sheet, 1, ["序号", "存在问题", None, "整改举措", "牵头单位", "完成时限", "佐证资料"], is_head=True)
    sheet.merge_cells("B1:C1")
    book.save(path)
    return path


def plain(path: Path) -> Path:
    """Ten empty rows with borders and nothing below."""
    book = Workbook()
    sheet = _first(book)
    sheet.title = "台账"
    _line(sheet, 1, ["序号", "任务编号", "具体问题", "整改进展", "整改状态"], is_head=True)
    for row in range(2, 12):
        _line(sheet, row, [None] * 5)
    book.save(path)
    return path


def word_form(path: Path) -> Path:
    """A Word table after a paragraph: heads over two rows, two empty rows, a signature row over all columns."""
    paper = Document()
    paper.add_paragraph("法治建设问题整改台账（范本）")
    paper.add_paragraph("填报单位：                填报时间：")
    table = paper.add_table(5, 6, style="Table Grid")
    upper = ["序号", "问题清单", "整改措施", "责任落实", "责任落实", "目前进展"]
    lower = ["序号", "问题清单", "整改措施", "责任单位", "责任人", "目前进展"]
    for column, (above, below) in enumerate(zip(upper, lower, strict=True)):
        if above == below:
            table.cell(0, column).merge(table.cell(1, column)).text = above
        else:
            table.cell(1, column).text = below
    table.cell(0, 3).merge(table.cell(0, 4)).text = "责任落实"
    for row in (2, 3):
        for cell in table.rows[row].cells:
            run = cell.paragraphs[0].add_run("")
            run.font.name, run.font.size = "仿宋_GB2312", Pt(10.5)
    table.cell(4, 0).merge(table.cell(4, 5)).text = "主要负责人签字：            （盖章）"
    paper.add_paragraph("注：此表一式两份。")
    paper.save(str(path))
    return path


def similar_tables(path: Path) -> Path:
    """Two sheets with the same heads."""
    book = Workbook()
    for name in ("附件1", "附件2"):
        sheet: Worksheet = book.create_sheet(name)
        _line(sheet, 1, ["序号", "存在问题", "整改措施", "责任单位"], is_head=True)
    book.remove(book["Sheet"])
    book.save(path)
    return path


def any_form(
    path: Path, heads: Sequence[str], titles: Sequence[str], blanks: int, foot: Sequence[str]
) -> Path:
    """Heads in this order, below titles, above so many empty rows and a foot."""
    book = Workbook()
    sheet = _first(book)
    sheet.title = "台账"
    for title in titles:
        sheet.append([title])
        sheet.merge_cells(
            start_row=sheet.max_row, end_row=sheet.max_row, start_column=1, end_column=len(heads)
        )
    first = len(titles) + 1
    _line(sheet, first, heads, is_head=True)
    for row in range(first + 1, first + 1 + blanks):
        _line(sheet, row, [None] * len(heads))
    for number, text in enumerate(foot, first + 1 + blanks):
        sheet.cell(number, 1, text)
    book.save(path)
    return path
