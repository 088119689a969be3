"""The layout of GB/T 9704, measured from the file and, where LibreOffice is at hand, from the page."""

import io
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from docx import Document
from docx.document import Document as Docx
from docx.enum.text import WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Pt

from documents.excel.workbook import ColumnHead, Table, add_table, new_book, save
from documents.template_files import SHIPPED
from documents.word.layout import FormCell, OfficialPaper
from tests.unit.documents.making import converted

ODD = "混\x00合\x0b字\ud800符😀\uffff\r\n第二行\t制表＝１"


def sample() -> OfficialPaper:
    paper = OfficialPaper("试排")
    paper.title("关于问题整改情况的汇报")
    paper.salute("局党组：")
    paper.heading(1, "一、总体情况")
    paper.heading(2, "（一）分项情况")
    paper.heading(3, "1. 信息公开")
    paper.paragraph("测" * 1400)
    paper.attachment_note(["问题整改台账。", "工作任务台账"])
    paper.sign_off("云山县交通运输局", date(2026, 6, 30))
    paper.start_attachment("附件1", "问题整改台账", is_landscape=True)
    paper.table(("序号", "问题"), (20, 200), [(str(n), "甲" * 90) for n in range(1, 31)])
    return paper


def stored(paper: OfficialPaper) -> Docx:
    return Document(io.BytesIO(paper.to_bytes()))


def test_the_page_has_the_standards_margins_and_grid() -> None:
    section = stored(sample()).sections[0]
    lengths = (
        section.page_width,
        section.page_height,
        section.top_margin,
        section.bottom_margin,
        section.left_margin,
        section.right_margin,
    )
    assert [round(length.mm) for length in lengths if length is not None] == [210, 297, 37, 35, 28, 26]
    [grid] = section._sectPr.findall(qn("w:docGrid"))
    assert grid.get(qn("w:type")) == "lines"
    text_height = (297 - 37 - 35) / 25.4 * 1440
    assert text_height // int(str(grid.get(qn("w:linePitch")))) == 22


def test_fonts_and_sizes_are_the_standards_by_name() -> None:
    styles = stored(sample()).styles
    for name, font, size in (
        ("Title", "方正小标宋简体", 22),
        ("Normal", "仿宋_GB2312", 16),
        ("Heading 1", "黑体", 16),
        ("Heading 2", "楷体_GB2312", 16),
        ("Heading 3", "仿宋_GB2312", 16),
    ):
        style = styles[name]
        fonts = style.element.rPr.find(qn("w:rFonts"))
        assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia")} == {font}, name
        assert (style.font.size, style.font.bold) == (Pt(size), False), name


def test_lines_stand_a_grid_line_apart_and_so_do_those_of_a_title() -> None:
    document = stored(sample())
    for name in ("Title", "Normal", "Heading 1", "Heading 2", "Heading 3", "Heading 4"):
        form = document.styles[name].paragraph_format
        assert (form.line_spacing, form.line_spacing_rule) == (Pt(28.95), WD_LINE_SPACING.EXACTLY), name
    title = document.styles["Title"].element.pPr
    assert title.find(qn("w:snapToGrid")).get(qn("w:val")) == "0", (
        "22 points would take two lines of the grid"
    )


def test_no_space_is_set_between_figures_and_characters() -> None:
    """A date would be wider than the column made for it, and a line hold fewer than 28 characters."""
    normal = stored(sample()).styles["Normal"].element.pPr
    assert [normal.find(qn(f"w:autoSpace{kind}")).get(qn("w:val")) for kind in ("DE", "DN")] == ["0", "0"]


def test_no_style_says_a_thing_twice() -> None:
    """Word offers to repair such a file."""
    for style in stored(sample()).styles:
        for part in style.element.iter(qn("w:rPr"), qn("w:pPr")):
            tags = [child.tag for child in part]
            assert len(set(tags)) == len(tags), style.name


def test_pages_are_numbered_right_on_odd_and_left_on_even_ones() -> None:
    document = stored(sample())
    section = document.sections[0]
    assert document.settings.odd_and_even_pages_header_footer
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        [paragraph] = footer.paragraphs
        assert paragraph.text == "—  —"
        assert paragraph.paragraph_format.element.find(f".//{qn('w:jc')}").get(qn("w:val")) == side
        assert " PAGE " in "".join(paragraph._p.itertext())
        assert {run.font.size for run in paragraph.runs} == {Pt(14)}


def test_date_and_attachment_note_have_the_standards_form() -> None:
    texts = [paragraph.text for paragraph in stored(sample()).paragraphs]
    assert "2026年6月30日" in texts
    assert "附件：1.问题整改台账" in texts
    assert "　　　2.工作任务台账" in texts


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert sample().to_bytes() == sample().to_bytes()


def test_a_tasks_code_is_not_torn_and_reads_as_it_is() -> None:
    paper = OfficialPaper("试排")
    paper.paragraph("（2026-009、2025-1011，2026-1-3）")
    [paragraph] = [each for each in stored(paper).paragraphs if each.text]
    assert paragraph.text == "（2026-009、2025-1011，2026-1-3）"
    assert len(paragraph._p.findall(f".//{qn('w:noBreakHyphen')}")) == 2


def test_codes_in_tables_and_beside_words_are_not_torn_either() -> None:
    paper = OfficialPaper("试排")
    paper.paragraph("并入2026-009办理")
    paper.table(("编号",), (20,), [("2026-010",)])
    document = stored(paper)
    assert document.paragraphs[0].text == "并入2026-009办理"
    assert document.tables[0].cell(1, 0).text == "2026-010"
    assert len(document.element.body.findall(f".//{qn('w:noBreakHyphen')}")) == 2


@pytest.mark.parametrize("name", ["official.docx", "briefing.docx", "briefing_full.docx"])
def test_no_line_ends_or_begins_within_a_date(name: str) -> None:
    settings = Document(io.BytesIO((SHIPPED / name).read_bytes())).settings.element
    rules = [settings.find(qn(f"w:noLineBreaks{side}")) for side in ("After", "Before")]
    assert [rule.get(qn("w:lang")) for rule in rules] == ["zh-CN", "zh-CN"]
    after, before = (set(rule.get(qn("w:val"))) for rule in rules)
    assert after >= set("年月（《")
    assert before >= set("年月日，。）》")


def test_a_title_of_two_lines_has_two_lines() -> None:
    paper = OfficialPaper("试排")
    paper.title("某局\n整改情况")
    assert len(stored(paper).paragraphs[0]._p.findall(f".//{qn('w:br')}")) == 1


def test_odd_characters_break_no_paper() -> None:
    paper = OfficialPaper(ODD)
    paper.title(ODD)
    paper.paragraph(ODD)
    paper.table(("甲",), (100,), [(ODD,)])
    paper.form((50, 100), [[FormCell(ODD, is_label=True), FormCell(ODD, right=ODD)]])
    texts = [paragraph.text for paragraph in stored(paper).paragraphs]
    assert "混合字符😀\n第二行\t制表＝１" in texts
    assert "第二行\t制表＝１" in texts


def pages(path: Path) -> list[str]:
    """What LibreOffice makes of a file, page by page."""
    document = pypdfium2.PdfDocument(converted(path, "pdf", path.parent))
    texts = [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document]
    document.close()
    return texts


@pytest.mark.slow
def test_who_signs_stands_on_a_page_with_the_last_row_of_what_is_signed(tmp_path: Path) -> None:
    paper = OfficialPaper("试排")
    for _ in range(18):
        paper.paragraph("正文。")
    paper.table(("", "1月"), (26, 60), [("月末未销号", "5"), ("其中超期", "2"), ("当月销号", "1")], size=9)
    paper.sign_off("云山县交通运输局", date(2026, 6, 30))
    paper.save(tmp_path / "试排.docx")
    first, last = pages(tmp_path / "试排.docx")
    assert "其中超期" in first
    assert "当月销号" in last
    assert "2026年6月30日" in last.replace(" ", "")


@pytest.mark.slow
def test_a_rendered_page_holds_22_lines_of_28_characters(tmp_path: Path) -> None:
    sample().save(tmp_path / "试排.docx")
    first, second, *rest = pages(tmp_path / "试排.docx")
    lines = [line for line in second.split("\n") if set(line.strip()) == {"测"}]
    assert len(lines) == 22
    assert {len(line.strip()) for line in lines} == {28}
    assert "— 1 —" in first
    assert "— 2 —" in second
    heads = [page for page in rest if "序号" in page]
    assert len(heads) >= 2, "the heads of a long table repeat"


@pytest.mark.slow
def test_libreoffice_opens_a_workbook_and_repeats_its_heads(tmp_path: Path) -> None:
    book = new_book("台账")
    rows = [(n, "=1+1", "很长的内容" * 300) for n in range(1, 30)]
    heads = (ColumnHead("序号", 6), ColumnHead("公式", 20), ColumnHead("具体问题", 40))
    add_table(book, Table("台账", "整改台账", "填报单位：某局", "截至2026年6月30日", heads, rows))
    save(book, tmp_path / "台账.xlsx")
    shown = pages(tmp_path / "台账.xlsx")
    assert len(shown) > 1
    assert all("具体问题" in page for page in shown)
    assert "'=1+1" in shown[0]
    assert f"第 1 页　共 {len(shown)} 页" in shown[0]
