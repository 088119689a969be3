"""Web pages: the article without the site, whatever the site; lists, tables and encodings."""

from datetime import date
from email.message import EmailMessage

import pytest

from core.errors import Unreadable
from reports.document import Document
from reports.files import document_from

BODY = (
    "<p>　　2023年，我局坚持依法行政，完善制度机制，现将有关情况报告如下。</p><p>三、存在的不足</p>"
    "<p>（一）执法力量不足，持证人员偏少，难以满足日常监管需要。</p><p>（二）普法形式单一，针对性不强。</p>"
    "<p>某某局</p><p>2024年1月5日</p>"
)
ARTICLE = [
    "2023年，我局坚持依法行政，完善制度机制，现将有关情况报告如下。",
    "三、存在的不足",
    "（一）执法力量不足，持证人员偏少，难以满足日常监管需要。",
    "（二）普法形式单一，针对性不强。",
    "某某局",
    "2024年1月5日",
]


def opened(body: str, head: str = "<meta charset='utf-8'>") -> Document:
    return document_from(
        f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode(), "a.html"
    )


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


NAVIGATION = "<div class=nav><a href=/>首页</a><a href=/zw>政务公开</a></div>"
RELATED = (
    "<div><h3>相关文章</h3><ul>"
    + "<li><a href=x>关于2022年度法治政府建设情况的报告</a></li>" * 8
    + "</ul></div>"
)
FOOT = "<div>主办：某某区人民政府办公室　备案号：某ICP备00000001号</div>"


@pytest.mark.parametrize(
    "page",
    [
        f"<div id=zoom>{BODY}</div>",
        f"{NAVIGATION}<div><div><div class=TRS_UEDITOR>{BODY}</div></div></div>{RELATED}{FOOT}",
        (
            f"<table><tr><td>{NAVIGATION}</td></tr><tr><td><table><tr><td>{BODY}</td></tr></table></td></tr>"
            f"<tr><td>{FOOT}</td></tr></table>"
        ),
        f"<header>{NAVIGATION}</header><main><article>{BODY}</article></main><aside>{RELATED}</aside><footer>{FOOT}</footer>",
        f"<form id=form1>{NAVIGATION}<div>{BODY}</div>{RELATED}</form>",
        (
            f"{NAVIGATION}<p>您当前的位置：首页 &gt; 政务公开 &gt; 报告</p>{BODY}<p>扫一扫在手机打开当前页</p><p>【打印本页】【关闭窗口】</p>"
            f"{RELATED}{FOOT}"
        ),
        f"<div style='display:none'>{BODY}</div><div>{BODY}</div><script>var a='{BODY}';</script>",
        "<div>" + BODY.replace("<p>", "<div><span>").replace("</p>", "</span></div>") + "</div>" + RELATED,
        "<div>" + BODY.replace("<p>", "").replace("</p>", "<br><br>") + "</div>" + RELATED,
        "<div>" + BODY.replace("<p>", "<P><FONT>&nbsp;&nbsp;").replace("</p>", "</FONT>") + "</div>",
        "<div>"
        + BODY.replace("执法力量", "<span>执</span><b>法</b>\n<!-- 注 --><span>力</span>量")
        + "</div>",
    ],
)
def test_the_article_is_found_on_any_site(page: str) -> None:
    assert texts(opened(page)) == ARTICLE


def test_two_halves_of_an_article_are_both_read() -> None:
    half = "<p>2023年，我局坚持依法行政，完善各项制度机制建设。</p>" * 12
    document = opened(f"<div><div class=one>{half}</div><div class=two>{BODY}</div></div>{RELATED}")
    assert texts(document)[-6:] == ARTICLE
    assert len(document.blocks) == 18


def test_the_page_says_when_and_by_whom() -> None:
    head = (
        "<title>某某局2023年度报告-某某区人民政府</title><meta name='ArticleTitle' content='某某局2023年度报告'>"
        "<meta name='PubDate' content='2024-01-28 10:12'><meta name='ContentSource' content='某某局'>"
    )
    document = opened(
        f"<table><tr><td>成文日期：</td><td>2024年1月6日</td></tr></table><div>{BODY}</div>", head
    )
    assert document.headlines[0] == "某某局2023年度报告"
    assert (document.made_on, document.posted_on, document.source) == (
        date(2024, 1, 6),
        date(2024, 1, 28),
        "某某局",
    )


def test_a_page_that_marks_no_title_has_the_line_above_its_text() -> None:
    above = "<div><a>政务公开</a></div><div class=x><b>某某局2023年度法治政府建设报告</b></div><div><span>2024-01-18 09:30</span></div>"
    document = opened(f"{above}<div>{BODY}</div>")
    assert (document.headlines[0], document.posted_on) == (
        "某某局2023年度法治政府建设报告",
        date(2024, 1, 18),
    )


def test_an_information_line_is_read_and_left_out() -> None:
    document = opened(
        f"<h1>某某局报告</h1><p>发布时间：2024-01-28 来源：办公室 浏览次数：25 字体：大 中 小</p>{BODY}"
    )
    assert texts(document) == ["某某局报告", *ARTICLE]
    assert (document.posted_on, document.source, document.headlines[0]) == (
        date(2024, 1, 28),
        "办公室",
        "某某局报告",
    )


@pytest.mark.parametrize(
    ("markup", "numbers"),
    [
        ("<ol><li>甲。</li><li>乙。</li></ol>", ["1.", "2."]),
        ("<ol start=3><li>甲。</li><li value=7>乙。</li><li>丙。</li></ol>", ["3.", "7.", "8."]),
        ("<ol type=A><li>甲。</li></ol>", ["A."]),
        ("<ol style='list-style-type: cjk-ideographic'><li>甲。</li><li>乙。</li></ol>", ["一、", "二、"]),
        ("<ul><li>甲。</li></ul>", ["•"]),
        ("<ul style='list-style:none'><li>甲。</li></ul>", [""]),
        ("<ol><li><p>甲。</p><p>甲二。</p></li><li>乙。</li></ol>", ["1.", "", "2."]),
        ("<p><span style='mso-list:Ignore'>一、<span>&nbsp;</span></span>甲。</p>", ["一、"]),
    ],
)
def test_list_numbers_are_those_the_page_shows(markup: str, numbers: list[str]) -> None:
    document = opened(f"<div>{BODY}{markup}</div>")
    assert [block.number for block in document.blocks[6:]] == numbers


def test_nested_lists_tell_their_depth() -> None:
    document = opened(f"<div>{BODY}<ol><li>甲。<ul><li>子。</li></ul></li><li>乙。</li></ol></div>")
    assert [(block.text, block.number, block.depth) for block in document.blocks[6:]] == [
        ("甲。", "1.", 0),
        ("子。", "•", 1),
        ("乙。", "2.", 0),
    ]


def test_a_table_keeps_its_rows_and_repeats_merged_cells() -> None:
    rows = (
        "<tr><th colspan=2>任务</th><th>时限</th></tr><tr><td rowspan=2>甲</td><td>一<br>二</td><td>6月</td></tr>"
        "<tr><td>三</td><td>9月</td></tr>"
    )
    table = opened(f"<div>{BODY}<table>{rows}</table></div>").blocks[-1]
    assert table.rows == (("任务", "任务", "时限"), ("甲", "一\n二", "6月"), ("甲", "三", "9月"))


def test_headings_centring_and_bold_are_told() -> None:
    document = opened(f"<div>{BODY}<h2>四、打算</h2><center>居中</center><p><strong>粗</strong></p></div>")
    assert [(b.heading, b.centred, b.bold) for b in document.blocks[6:]] == [
        (2, False, False),
        (None, True, False),
        (None, False, True),
    ]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("declared", ["utf-8", "gb2312", ""])
def test_the_encoding_is_told_by_the_bytes_not_by_what_the_page_claims(encoding: str, declared: str) -> None:
    head = f"<meta http-equiv=Content-Type content='text/html; charset={declared}'>" if declared else ""
    page = f"<html><head>{head}</head><body><div>{BODY}</div></body></html>"
    assert texts(document_from(page.encode(encoding), "a.htm")) == ARTICLE


def test_a_page_saved_before_its_script_showed_the_text_is_read() -> None:
    assert texts(opened(f"{NAVIGATION}<div id=content style='display:none'>{BODY}</div>")) == ARTICLE


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_page_archived_with_all_its_parts_is_read(encoding: str) -> None:
    message = EmailMessage()
    message.set_content(f"<html><body>{NAVIGATION}<div>{BODY}</div></body></html>", "html", charset=encoding)
    message.make_related()
    message.add_related(b"GIF89a", "image", "gif")
    document = document_from(message.as_bytes(), "报告.mht")
    assert (document.format, texts(document)) == ("html", ARTICLE)


@pytest.mark.parametrize(
    ("page", "why"),
    [
        ("<html><frameset><frame src='a.html'></frameset></html>", "另一个页面"),
        ("<html><body><iframe src='a.html'></iframe></body></html>", "另一个页面"),
        ("<html><body><div id=app></div><script>load()</script></body></html>", "脚本"),
        ("<!DOCTYPE html [<!ENTITY a 'x'>]><html><body><p>&a;</p></body></html>", "实体"),
    ],
)
def test_a_page_without_its_article_is_refused_with_the_reason(page: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        document_from(page.encode(), "a.html")


def test_elements_nested_beyond_reason_are_refused() -> None:
    with pytest.raises(Unreadable, match="嵌套过深"):
        opened("<div>" * 5_000 + BODY)


def test_a_page_whose_editor_lost_every_line_end_is_cut_at_its_parts() -> None:
    run_on = (
        "现将我局2023年度法治政府建设情况报告如下： 一、工作开展情况 （一）规范执法。全年办理案件12件，均未发生行政复议。"
        "（二）加强普法。开展宣传18场次，发放资料6000余份，受众1.2万人次，公众满意度稳步提高，社会反响良好。"
        " 二、存在的问题 一是执法力量不足。二是普法形式单一。 三、2024年工作计划 一是招录人员3名。二是开展短视频普法。"
    )
    document = document_from(f"<html><body><p>{run_on}</p></body></html>".encode(), "a.html")
    assert [text for text in texts(document) if len(text) < 19] == [
        "一、工作开展情况",
        "二、存在的问题",
        "一是执法力量不足。二是普法形式单一。",
        "三、2024年工作计划",
    ]


@pytest.mark.parametrize("element", ["<pre>{}</pre>", "<div style='white-space: pre-wrap'>{}</div>"])
def test_lines_that_the_page_keeps_are_paragraphs(element: str) -> None:
    assert texts(opened(element.format("\n".join("　　" + line for line in ARTICLE)))) == ARTICLE
