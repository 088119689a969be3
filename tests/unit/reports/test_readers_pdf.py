"""Pdf with a text layer: paragraphs, tables and furniture, from the samples that make.py writes."""

import io
from datetime import date
from pathlib import Path

import pypdfium2
import pytest

from core.errors import Unreadable
from reports.document import Document
from reports.files import document_from
from tests.reports import open_document
from tests.unit.reports.making import drawn_pdf, scanned_pdf

SAMPLES = Path(__file__).parents[2] / "samples" / "reading"
REPORTS = SAMPLES.parent / "reports"


@pytest.fixture(scope="module")
def official() -> Document:
    return open_document(SAMPLES / "official.pdf")


def test_an_official_paper_gives_its_paragraphs_without_header_and_page_numbers(official: Document) -> None:
    texts = [block.text for block in official.blocks if block.text]
    assert texts[:4] == ["松原区水务局", "关于2023年度法治政府建设情况的报告", "区人民政府：", "一、主要工作"]
    assert texts[-2:] == ["松原区水务局", "2024年1月15日"]
    assert [block.centred for block in official.blocks[:4]] == [True, True, False, False]
    assert len(texts) == 21
    assert all(text.endswith("肯定。") for text in texts if text.startswith("（一）"))


def test_characters_of_another_font_stand_in_the_line_they_were_set_in(official: Document) -> None:
    (text,) = (block.text for block in official.blocks if "持证人员" in block.text)
    assert text.startswith("一是“重审批、轻监管”的惯性依然存在，基层执法力量薄弱，")


def test_blocks_of_a_pdf_know_their_page_and_place(official: Document) -> None:
    pages = [block.page for block in official.blocks]
    assert (pages[0], pages[-1]) == (1, 3)
    assert pages == sorted(pages, key=lambda page: page or 0)
    assert [block.paragraph for block in official.blocks] == list(range(1, len(pages) + 1))


def test_a_table_over_a_page_end_is_one_and_merged_cells_are_repeated(official: Document) -> None:
    (table,) = (block for block in official.blocks if block.rows)
    assert len(table.rows) == 13
    assert table.rows[0] == ("序号", "具体措施", "完成时限")
    assert table.rows[1][2] == table.rows[2][2] == "2024年1月\n2024年2月"
    assert table.rows[12] == (
        "12",
        "制定第12项协作办法，每季度召开一次联席会议，通报情况、研究问题，推动落实到位",
        "2024年12月",
    )


def test_a_printed_web_page_loses_its_site_and_keeps_its_facts() -> None:
    document = open_document(SAMPLES / "web.pdf")
    assert [block.text for block in document.blocks] == [
        "松原区水务局2023年法治政府建设情况报告",
        "2023年，我局坚持以法治思维推动水务工作，完善制度机制，依法办理行政许可，现将有关情况报告如下。",
        "一、存在的不足",
        "1.基层执法力量薄弱，持证人员仅有9人，难以满足辖区内1200公里河道日常巡查需要，夜间巡查难以保证两人以上同时在场。",
        "2.普法形式单一。",
        "松原区水务局",
        "2024年1月15日",
    ]
    assert (document.posted_on, document.source) == (date(2024, 1, 18), "区水务局")


def test_a_scanned_pdf_is_refused_with_what_to_do() -> None:
    with pytest.raises(Unreadable, match="扫描件") as refusal:
        document_from(scanned_pdf(3), "扫描.pdf")
    assert "OCR" in refusal.value.todo


def turned(turn_page: int, turn_text: int) -> bytes:
    """The official sample, its pages marked as turned and their text set sideways within them."""
    sample, document = pypdfium2.PdfDocument(SAMPLES / "official.pdf"), pypdfium2.PdfDocument.new()
    for number, original in enumerate(sample):
        width, height = original.get_size()
        page = document.new_page(height, width) if turn_text % 180 else document.new_page(width, height)
        picture = sample.page_as_xobject(number, document).as_pageobject()
        at = {0: (0, 0), 90: (height, 0), 180: (width, height), 270: (0, width)}[turn_text]
        picture.set_matrix(pypdfium2.PdfMatrix().rotate(turn_text, ccw=True).translate(*at))
        page.insert_obj(picture)
        page.set_rotation(turn_page)
        page.gen_content()
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize("turn_page", [0, 90, 180, 270])
@pytest.mark.parametrize("turn_text", [0, 90, 180, 270])
def test_pages_that_lie_on_their_side_read_like_upright_ones(
    turn_page: int, turn_text: int, official: Document
) -> None:
    document = document_from(turned(turn_page, turn_text), "official.pdf")
    assert [(block.text, block.rows) for block in document.blocks] == [
        (block.text, block.rows) for block in official.blocks
    ]


def test_pages_without_text_among_others_are_told() -> None:
    document = pypdfium2.PdfDocument(SAMPLES / "official.pdf")
    document.import_pages(pypdfium2.PdfDocument(scanned_pdf(1)))
    out = io.BytesIO()
    document.save(out)
    assert document_from(out.getvalue(), "a.pdf").notices == (
        "第4页只有图片、没有文字，未能读取，请对照原件核对",
    )


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ((SAMPLES / "encrypted.pdf").read_bytes(), "加密"),
        (scanned_pdf(1, pictures=False), "没有文字"),
        (b"%PDF-1.7\nnothing more", "损坏"),
        ((SAMPLES / "official.pdf").read_bytes()[:3_000], "损坏"),
    ],
)
def test_a_pdf_that_cannot_be_read_is_refused_with_the_reason(data: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        document_from(data, "报告.pdf")


def test_a_title_of_the_words_of_the_running_header_stays() -> None:
    document = open_document(REPORTS / "s63_xueting_finance.pdf")
    texts = [block.text for block in document.blocks]
    assert texts[0] == "雪汀区财政局"
    assert texts.count("雪汀区财政局") == 2  # the title's first line and the signature, no header


def test_a_pdf_without_character_tables_is_refused_with_its_page_and_what_to_do() -> None:
    with pytest.raises(Unreadable) as refusal:
        open_document(SAMPLES / "no_unicode.pdf")
    assert "第1页" in refusal.value.what
    assert "乱码" in refusal.value.what
    assert "Word 版" in refusal.value.todo


def test_where_one_font_has_no_character_table_its_characters_are_marked_and_the_pages_told() -> None:
    data = (SAMPLES / "official.pdf").read_bytes()
    figures = data.rindex(b"/ToUnicode")
    document = document_from(data[:figures] + b"/NoUnicode" + data[figures + 10 :], "report.pdf")
    assert document.blocks[1].text == "关于\ufffd\ufffd\ufffd\ufffd年度法治政府建设情况的报告"
    (notice,) = document.notices
    assert notice.startswith("第1、2、3页部分文字是乱码")
    assert "Word 版" in notice


DOWN = [
    (70.0, 760.0 - 24 * count, f"第{count}条整改措施已经落实到位，并报局党组会议审议。")
    for count in range(20)
]


def test_a_pdf_drawn_in_no_order_of_reading_is_refused_with_what_to_do() -> None:
    assert document_from(drawn_pdf(DOWN), "顺序.pdf").notices == ()
    with pytest.raises(Unreadable, match="版式读不准") as refusal:
        document_from(drawn_pdf(DOWN[::-1]), "倒序.pdf")
    assert refusal.value.todo == "请上传 Word 版"


def test_a_page_of_unclear_layout_among_others_is_told() -> None:
    across = [
        text
        for x, y, _ in DOWN
        for text in ((x, y, "左栏文字一行十个字"), (x + 250, y, "右栏文字一行共十个字"))
    ]
    across = [(x, y, text + "多") for x, y, text in across]
    document = document_from(drawn_pdf(DOWN, across, DOWN), "报告.pdf")
    assert document.notices == ("第2页的版式读不准，文字的先后可能有误，请上传 Word 版，或对照原件核对",)
