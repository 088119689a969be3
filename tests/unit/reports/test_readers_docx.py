"""Word files: automatic numbers, tables, tracked changes, fields, boxes and pages, as a person sees them."""

import io
import zipfile
from pathlib import Path

import pytest

from core.errors import Unreadable
from reports.document import Block, Document
from reports.files import document_from
from reports.readers.docx import STRUCK_OUT
from tests.reports import open_document
from tests.unit.reports.making import abstract, cell, docx, item, level, num, p, table, zipped

SAMPLES = Path(__file__).parents[2] / "samples" / "reading"
CHINESE = abstract(0, level(0, "chineseCountingThousand", "（%1）"), level(1, "decimal", "%2."))


def opened(body: str, numbering: str = "", styles: str = "") -> Document:
    return document_from(docx(body, numbering, styles), "报告.docx")


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


def numbers(document: Document) -> list[str]:
    return [block.number for block in document.blocks]


@pytest.mark.parametrize(
    ("format_", "text", "printed"),
    [
        ("decimal", "%1.", "12."),
        ("chineseCounting", "%1、", "十二、"),
        ("chineseCountingThousand", "（%1）", "（十二）"),
        ("japaneseCounting", "第%1条", "第十二条"),
        ("ideographDigital", "%1", "一二"),
        ("ideographTraditional", "%1、", "乙、"),
        ("ideographZodiac", "%1、", "亥、"),
        ("decimalEnclosedCircle", "%1", "⑫"),
        ("decimalEnclosedCircleChinese", "%1", "⑫"),
        ("decimalEnclosedParen", "%1", "⑿"),
        ("decimalEnclosedFullstop", "%1", "⒓"),
        ("decimalFullWidth", "%1．", "１２．"),
        ("decimalZero", "%1", "12"),
        ("chineseLegalSimplified", "%1、", "壹拾贰、"),
        ("upperRoman", "%1.", "XII."),
        ("lowerRoman", "%1)", "xii)"),
        ("upperLetter", "%1.", "L."),
        ("lowerLetter", "%1)", "l)"),
        ("bullet", "\uf06c", "•"),
        ("none", "", ""),
        ("somethingNew", "%1.", "12."),
    ],
)
def test_a_list_number_reads_as_word_prints_it(format_: str, text: str, printed: str) -> None:
    document = opened(
        "".join(item("加强学习。") for _ in range(12)), abstract(0, level(0, format_, text)) + num(1, 0)
    )
    assert numbers(document)[-1] == printed
    assert set(texts(document)) == {"加强学习。"}


def test_inner_levels_show_the_outer_ones_and_begin_anew_under_each() -> None:
    lists = abstract(0, level(0, "decimal", "%1."), level(1, "decimal", "%1.%2")) + num(1, 0)
    document = opened(
        item("甲") + item("乙", level=1) + item("丙", level=1) + item("丁") + item("戊", level=1), lists
    )
    assert numbers(document) == ["1.", "1.1", "1.2", "2.", "2.1"]
    assert [block.depth for block in document.blocks] == [0, 1, 1, 0, 1]


def test_legal_levels_print_outer_chinese_numbers_as_digits() -> None:
    lists = abstract(
        0, level(0, "chineseCounting", "第%1章"), level(1, "decimal", "%1.%2", "<w:isLgl/>")
    ) + num(1, 0)
    assert numbers(opened(item("甲") + item("乙", level=1), lists)) == ["第一章", "1.1"]


def test_a_level_that_never_restarts_counts_on() -> None:
    lists = abstract(
        0, level(0, "decimal", "%1."), level(1, "decimal", "%2)", '<w:lvlRestart w:val="0"/>')
    ) + num(1, 0)
    document = opened(item("甲") + item("乙", level=1) + item("丙") + item("丁", level=1), lists)
    assert numbers(document) == ["1.", "1)", "2.", "2)"]


def test_two_lists_of_one_kind_count_on_unless_one_overrides_its_start() -> None:
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    lists = CHINESE + num(1, 0) + num(2, 0) + num(3, 0, override)
    document = opened(item("甲", 1) + item("乙", 2) + item("丙", 3) + item("丁", 3), lists)
    assert numbers(document) == ["（一）", "（二）", "（一）", "（二）"]


def test_a_list_may_redefine_a_level() -> None:
    override = f'<w:lvlOverride w:ilvl="0">{level(0, "upperLetter", "%1、", start=3)}</w:lvlOverride>'
    assert numbers(opened(item("甲") + item("乙"), CHINESE + num(1, 0, override))) == ["C、", "D、"]


def test_a_style_puts_its_paragraphs_on_the_level_bound_to_it() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="a1"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="1"/>'
        '</w:numPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="a2"><w:name w:val="heading 2"/><w:basedOn w:val="a1"/><w:pPr><w:numPr>'
        '<w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
    )
    lists = abstract(
        0,
        level(0, "chineseCounting", "%1、", '<w:pStyle w:val="a1"/>'),
        level(1, "chineseCounting", "（%2）", '<w:pStyle w:val="a2"/>'),
    ) + num(1, 0)
    one, two = '<w:pStyle w:val="a1"/>', '<w:pStyle w:val="a2"/>'
    off = '<w:pStyle w:val="a1"/><w:numPr><w:numId w:val="0"/></w:numPr>'
    document = opened(
        p("主要做法", one) + p("学习", two) + p("普法", two) + p("不足", one) + p("附", off), lists, styles
    )
    assert numbers(document) == ["一、", "（一）", "（二）", "二、", ""]
    assert [block.heading for block in document.blocks] == [1, 2, 2, 1, 1]


def test_a_list_linked_to_a_list_style_finds_its_levels() -> None:
    styles = (
        '<w:style w:type="numbering" w:styleId="ls"><w:name w:val="清单"/><w:pPr><w:numPr><w:numId w:val="9"/></w:numPr>'
        "</w:pPr></w:style>"
    )
    lists = (
        '<w:abstractNum w:abstractNumId="5"><w:numStyleLink w:val="ls"/></w:abstractNum>'
        + CHINESE
        + num(1, 5)
        + num(9, 0)
    )
    assert numbers(opened(item("甲"), lists, styles)) == ["（一）"]


@pytest.mark.parametrize("num_id", ["7", "x", "-1"])
def test_a_list_that_is_not_defined_prints_no_number(num_id: str) -> None:
    assert numbers(opened(item("甲", num_id), CHINESE + num(1, 0))) == [""]


def test_tracked_changes_read_as_accepted_and_say_so() -> None:
    body = (
        "<w:p><w:r><w:t>执法人员</w:t></w:r><w:del><w:r><w:delText>很多</w:delText></w:r></w:del><w:ins><w:r><w:t>不足"
        "</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>旧处</w:t></w:r></w:moveFrom></w:p>"
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>前半句，</w:t></w:r></w:p>" + p("后半句。")
    )
    document = opened(body)
    assert texts(document) == ["执法人员不足", "前半句，后半句。"]
    assert any("修订" in notice for notice in document.notices)


def test_a_last_paragraph_whose_mark_was_deleted_is_kept() -> None:
    body = p("前文。") + "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>末段。</w:t></w:r></w:p>"
    assert texts(opened(body)) == ["前文。", "末段。"]


def test_paragraphs_whose_marks_were_deleted_in_a_row_are_one() -> None:
    def gone(text: str) -> str:
        return p(text, "<w:rPr><w:del/></w:rPr>")

    body = gone("一是学习，") + gone("二是普法，") + p("三是执法。", '<w:jc w:val="center"/>')
    (block,) = opened(body).blocks
    assert (block.text, block.centred) == ("一是学习，二是普法，三是执法。", True)


def test_alternatives_that_offer_nothing_are_passed_over() -> None:
    assert texts(opened("<w:p><w:r><mc:AlternateContent/><w:t>正文。</w:t></w:r></w:p>")) == ["正文。"]


def test_a_file_without_tracked_changes_has_nothing_to_say() -> None:
    assert opened(p("正文。")).notices == ()


def test_fields_keep_links_and_drop_page_numbers_and_contents() -> None:
    def field(code: str, result: str) -> str:
        return (
            f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{code}</w:instrText></w:r>'
            f'<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{result}</w:t></w:r>'
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )

    body = (
        f"<w:p>{field('TOC', '一、做法 3')}</w:p>"
        f"<w:p>{field(' HYPERLINK x', '实施纲要')}<w:r><w:t>要求</w:t></w:r>{field('PAGE', '3')}</w:p>"
        '<w:p><w:fldSimple w:instr="PAGE"><w:r><w:t>4</w:t></w:r></w:fldSimple><w:r><w:t>完</w:t></w:r></w:p>'
        "<w:p><w:hyperlink><w:r><w:t>链接文字</w:t></w:r></w:hyperlink></w:p>"
    )
    assert texts(opened(body)) == ["实施纲要要求", "完", "链接文字"]


def test_a_field_that_never_ends_hides_nothing() -> None:
    body = '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC</w:instrText></w:r></w:p>'
    assert texts(opened(body + p("存在的不足"))) == ["存在的不足"]


def test_an_enclosed_character_made_by_a_field_is_read() -> None:
    body = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>eq \\o\\ac(○,3)</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>落实责任</w:t></w:r></w:p>'
    )
    assert texts(opened(body)) == ["③落实责任"]


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    box = "<w:txbxContent>" + p("框内说明") + "</w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>锚定段</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>"
        f"{box}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert texts(opened(body)) == ["锚定段", "框内说明"]


def test_hidden_text_notes_and_phonetic_guides_are_left_out() -> None:
    body = (
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r><w:r><w:t>公开</w:t></w:r><w:r><w:footnoteReference/>"
        "</w:r><w:r><w:ruby><w:rt><w:r><w:t>pin</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>字</w:t></w:r></w:rubyBase>"
        "</w:ruby></w:r></w:p>"
    )
    assert texts(opened(body)) == ["公开字"]


def test_content_controls_are_read_and_a_table_of_contents_is_not() -> None:
    toc = '<w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
    body = (
        f"<w:sdt>{toc}<w:sdtContent>{p('一、做法……1')}</w:sdtContent></w:sdt>"
        f"<w:sdt><w:sdtContent>{p('正文。')}</w:sdtContent></w:sdt>"
        "<w:p><w:sdt><w:sdtContent><w:r><w:t>行内</w:t></w:r></w:sdtContent></w:sdt></w:p>"
    )
    assert texts(opened(body)) == ["正文。", "行内"]


def test_merged_cells_stand_in_each_place_they_cover() -> None:
    document = opened(
        table(
            cell(p("问题"), '<w:gridSpan w:val="2"/>') + cell(p("时限")),
            cell(p("一"), '<w:vMerge w:val="restart"/>') + cell(p("甲") + p("乙")) + cell(p("6月")),
            cell("<w:p/>", "<w:vMerge/>") + cell(p("丙")) + cell(p("9月")),
        )
    )
    assert document.blocks[0].rows == (("问题", "问题", "时限"), ("一", "甲\n乙", "6月"), ("一", "丙", "9月"))


def test_a_table_that_only_lays_out_the_page_is_taken_apart() -> None:
    inner = table(cell(p("序号")) + cell(p("任务")), cell(p("1")) + cell(p("普法")))
    document = opened(table(cell(p("报告正文。") + inner + p("完。"))))
    assert [block.text or block.rows for block in document.blocks] == [
        "报告正文。",
        (("序号", "任务"), ("1", "普法")),
        "完。",
    ]


def test_a_deleted_table_row_is_gone() -> None:
    body = (
        "<w:tbl><w:tr>"
        + cell(p("甲"))
        + cell(p("乙"))
        + "</w:tr><w:tr><w:trPr><w:del/></w:trPr>"
        + cell(p("丙"))
    )
    assert opened(body + "</w:tr></w:tbl>").blocks[0].rows == (("甲", "乙"),)


def test_pages_follow_the_breaks_word_left_and_not_its_manual_ones_twice() -> None:
    body = (
        p("一")
        + '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
        + "<w:p><w:r><w:lastRenderedPageBreak/><w:t>二</w:t></w:r></w:p>"
        + "<w:p><w:r><w:t>二续</w:t></w:r><w:r><w:lastRenderedPageBreak/><w:t>三</w:t></w:r></w:p>"
        + p("三")
    )
    assert [(block.text, block.page) for block in opened(body).blocks] == [
        ("一", 1),
        ("二", 2),
        ("二续三", 2),
        ("三", 3),
    ]


def test_manual_page_breaks_count_where_word_left_none_and_no_break_means_no_page() -> None:
    broken = p("一") + '<w:p><w:r><w:br w:type="page"/><w:t>二</w:t></w:r></w:p>'
    assert [block.page for block in opened(broken).blocks] == [1, 2]
    assert [block.page for block in opened(p("一")).blocks] == [None]


def test_soft_line_breaks_divide_paragraphs_but_not_sentences() -> None:
    def lines(*parts: str) -> str:
        return (
            "<w:p>" + "<w:r><w:br/></w:r>".join(f"<w:r><w:t>{part}</w:t></w:r>" for part in parts) + "</w:p>"
        )

    assert texts(opened(lines("（一）学习不够。", "（二）普法不深。"))) == [
        "（一）学习不够。",
        "（二）普法不深。",
    ]
    assert texts(opened(lines("执法力量不足，", "难以满足需要。"))) == ["执法力量不足，难以满足需要。"]


@pytest.mark.parametrize("name", ["heading 3", "标题 3", "Heading 3"])
def test_heading_styles_by_any_name_give_their_level(name: str) -> None:
    styles = f'<w:style w:type="paragraph" w:styleId="x"><w:name w:val="{name}"/></w:style>'
    assert opened(p("三、不足", '<w:pStyle w:val="x"/>'), styles=styles).blocks[0].heading == 3


def test_a_whole_paragraph_in_a_heading_style_is_no_heading() -> None:
    document = opened(
        p("执法力量不足。" * 20, '<w:outlineLvl w:val="1"/>') + p("不足", '<w:outlineLvl w:val="1"/>')
    )
    assert [block.heading for block in document.blocks] == [None, 2]


def test_centring_and_bold_are_told() -> None:
    body = p("标题", '<w:jc w:val="center"/>') + "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>粗</w:t></w:r></w:p>"
    assert [(block.centred, block.bold) for block in opened(body).blocks] == [(True, False), (False, True)]


def test_a_strict_file_reads_like_a_transitional_one() -> None:
    strict = docx(p("正文。"), namespace="http://purl.oclc.org/ooxml/wordprocessingml/main")
    assert texts(document_from(strict, "a.docx")) == ["正文。"]


LINES = (
    "（一）执法力量不足。持证执法人员仅9名，难以满足",
    "日常巡查需要，夜间巡查和水上执法难以保证两人以上",
    "同时在场，取证能力也有待提高。",
    "（二）普法形式单一。主要依靠发放传单、悬挂横幅等传",
    "统方式，面向企业的分类讲解偏少，效果不够明显。",
)


def test_lines_pasted_from_a_pdf_as_paragraphs_are_paragraphs_again() -> None:
    document = opened("".join(p(line) for line in (*LINES, "— 3 —", *LINES)))
    assert texts(document) == ["".join(LINES[:3]), "".join(LINES[3:])] * 2


def test_paragraphs_typed_without_full_stops_are_not_joined() -> None:
    typed = [
        "一、加强组织领导",
        "成立领导小组，明确职责分工",
        "制定年度工作要点，分解任务，落实到科室和个人，定期督促检查",
    ]
    assert texts(opened("".join(p(line) for line in typed * 3))) == typed * 3


def test_a_web_page_pasted_into_word_loses_its_site() -> None:
    pasted = [
        "首页",
        "您现在的位置：首页>政务公开",
        "某某局2023年报告",
        "发布日期：2024-01-18 来源：某某局",
        "我局坚持依法行政，完善制度。",
        "上一篇：工作要点",
    ]
    document = opened("".join(p(line) for line in pasted))
    assert texts(document) == ["某某局2023年报告", "我局坚持依法行政，完善制度。"]
    assert (str(document.posted_on), document.source) == ("2024-01-18", "某某局")


def test_marks_of_markdown_pasted_into_word_are_no_text() -> None:
    document = opened(p("## **三、存在的不足**") + p("1. **执法不严。**部分案件超期。"))
    assert [(block.text, block.heading) for block in document.blocks] == [
        ("三、存在的不足", 2),
        ("1. 执法不严。部分案件超期。", None),
    ]


def test_a_document_embedded_in_another_is_told() -> None:
    document = opened(p("正文。") + "<w:altChunk/>")
    assert any("嵌入" in notice for notice in document.notices)


def test_parts_are_found_where_the_document_says_they_are() -> None:
    relation = '<Relationship Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering" Target="{}"/>'
    sound = docx(item("甲"), CHINESE + num(1, 0))
    with zipfile.ZipFile(io.BytesIO(sound)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["word/lists/one.xml"] = parts.pop("word/numbering.xml")
    for target in ("lists/one.xml", "/word/lists/one.xml"):
        parts["word/_rels/document.xml.rels"] = (
            f"<Relationships>{relation.format(target)}</Relationships>".encode()
        )
        assert numbers(document_from(zipped(parts), "a.docx")) == ["（一）"]


def test_a_word_file_is_known_by_content_whatever_its_name() -> None:
    document = document_from(docx(p("正文。")), "报告.txt")
    assert (document.format, document.blocks) == ("docx", (Block("正文。", 1),))


def test_a_word_file_without_text_is_refused() -> None:
    with pytest.raises(Unreadable, match="没有文字"):
        document_from(docx("<w:p/>"), "空.docx")


def test_struck_out_words_are_left_out_and_said_and_a_radical_is_its_character() -> None:
    document = open_document(SAMPLES / "struck_out.docx")
    assert [block.text for block in document.blocks[1:5]] == [
        "二、存在的不足",
        "（一）执法人员配备不够。",
        "（二）普法不深入。",
        "三、2024年工作计划",
    ]
    assert document.blocks[5].text == "（一）开展车辆检测。"
    assert document.notices == (STRUCK_OUT,)


def test_a_zip_whose_names_have_backslashes_is_read() -> None:
    document = open_document(SAMPLES / "backslash.docx")
    assert [block.text for block in document.blocks[2:4]] == [
        "（一）执法车辆长期未检。",
        "（二）案卷自查不足。",
    ]
