"""Plain text and markdown: encodings, wrapped lines, page numbers, what a site left around the text."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Unreadable
from reports.document import Document
from reports.files import document_from
from reports.readers.wrapping import Line, Measure, join

PROSE = "2023年，我局坚持依法行政，完善各项制度机制，办理行政许可365件，按期办结率达到100%，现将有关情况报告如下。"
LONG = (
    "（一）执法力量不足。持证执法人员仅9名，难以满足辖区内1200公里河道日常巡查需要，夜间巡查和水上执法难以保证两人以上，"
    "取证能力也有待提高，部分案件因证据不足未能及时立案。"
)


def opened(text: str, name: str = "报告.txt") -> Document:
    return document_from(text.encode(), name)


def texts(text: str, name: str = "报告.txt") -> list[str]:
    return [block.text for block in opened(text, name).blocks]


def wrapped(paragraphs: list[str], width: int, indent: str = "　　") -> str:
    lines = []
    for paragraph in paragraphs:
        rest = indent + paragraph
        while rest:
            cut = width + 1 if rest[width : width + 1] in "，。；：！？、）" else width
            lines.append(rest[:cut])
            rest = rest[cut:]
    return "\n".join(lines)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_encoding_of_a_notepad_is_told_apart(encoding: str, newline: str) -> None:
    text = newline.join(["关于2023年法治政府建设情况的报告", PROSE, LONG])
    document = document_from(text.encode(encoding), "报告.txt")
    assert [block.text for block in document.blocks] == ["关于2023年法治政府建设情况的报告", PROSE, LONG]
    assert document.notices == ()


def test_broken_bytes_are_replaced_and_told() -> None:
    data = bytearray((PROSE * 5).encode())
    data[100] = 0xFF
    document = document_from(bytes(data), "报告.txt")
    assert "\ufffd" in document.blocks[0].text
    assert any("损坏" in notice for notice in document.notices)


@pytest.mark.parametrize("data", [bytes(range(256)) * 40, b"\x00" * 500, b"\xff\xfe\x00\xd8" * 100])
def test_bytes_that_are_no_text_are_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        document_from(data, "报告.txt")


@pytest.mark.parametrize("width", [28, 36, 40])
@pytest.mark.parametrize("indent", ["　　", "    "])
def test_wrapped_lines_are_joined_and_paragraphs_kept(width: int, indent: str) -> None:
    paragraphs = [
        PROSE,
        LONG,
        LONG.replace("（一）", "（二）"),
        "二、下一步打算",
        PROSE.replace("2023", "2024"),
    ]
    assert texts(wrapped(paragraphs, width, indent)) == paragraphs


@given(
    st.integers(min_value=22, max_value=48), st.lists(st.sampled_from([PROSE, LONG]), min_size=4, max_size=9)
)
def test_wrapping_at_any_width_loses_no_character(width: int, paragraphs: list[str]) -> None:
    assert "".join(texts(wrapped(paragraphs, width))) == "".join(paragraphs)


def test_a_sentence_goes_on_over_blank_lines_and_a_page_number() -> None:
    upper, lower = LONG[:60], LONG[60:]
    for between in ("\n\n\n\n", "\n— 3 —\n", "\n\n第 3 页 共 9 页\n\n", "\n\n3\n\n", "\n- 3 -\n", "\f"):
        assert texts(f"标题\n\n{PROSE}\n\n{upper}{between}{lower}\n\n二、打算") == [
            "标题",
            PROSE,
            LONG,
            "二、打算",
        ]


def test_a_page_number_inside_a_sentence_goes_and_a_range_of_years_stays() -> None:
    assert texts(f"落实责任— 3 —到位。（2021—2025年）\n{PROSE}")[0] == "落实责任到位。（2021—2025年）"


def test_wrapped_lines_with_a_blank_line_after_each_are_joined() -> None:
    paragraphs = [PROSE, LONG, LONG.replace("（一）", "（二）"), PROSE.replace("2023", "2024")]
    assert texts(wrapped(paragraphs, 30).replace("\n", "\n\n")) == paragraphs


def test_a_signature_is_not_drawn_into_the_paragraph_above_it() -> None:
    text = f"{PROSE}\n\n{LONG[:-1]}\n\n某某区水务局\n\n2024年1月5日"
    assert texts(text) == [PROSE, LONG[:-1], "某某区水务局", "2024年1月5日"]


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("2020 年度共受理 12331 件", "2020年度共受理12331件"),
        ("2 0 2 4 年", "2024年"),
        ("2022 年　2　月 25 日", "2022年2月25日"),
        ("关　于　工　作　的　报　告", "关于工作的报告"),
        ("执\u200b法\u00ad力\ufeff量\u00a0不足", "执法力量不足"),
        ("⼀是⻓期坚持，⺠⽣保障", "一是长期坚持，民生保障"),
        ("某某局      2024年1月5日", "某某局 2024年1月5日"),
        ("落实“放管服”改革，Ａ类（２０２３）", "落实“放管服”改革，Ａ类（２０２３）"),
    ],
)
def test_spaces_follow_the_gold_and_wording_is_never_touched(printed: str, read: str) -> None:
    assert texts(f"{printed}\n\n{PROSE}")[0] == read


def test_what_a_site_prints_around_a_text_goes_and_its_facts_stay() -> None:
    text = (
        "首页\n您现在的位置：首页 > 政务公开\n某某局2023年报告\n"
        "成文日期：2024-01-06 发布日期：2024-01-18  来源：某某局  浏览次数：86 [打印] [关闭]\n\n"
        f"{PROSE}\n\n{LONG}\n\n某某局\n2024年1月5日\n\n扫一扫在手机打开当前页\n【打印本页】 【关闭窗口】\n上一篇：2022年报告\n下一篇：没有了\n"
    )
    document = opened(text)
    assert [block.text for block in document.blocks] == [
        "某某局2023年报告",
        PROSE,
        LONG,
        "某某局",
        "2024年1月5日",
    ]
    assert (document.made_on, document.posted_on, document.source) == (
        date(2024, 1, 6),
        date(2024, 1, 18),
        "某某局",
    )


@pytest.mark.parametrize(
    "start", ["扫码关注公众号等方式开展宣传偏少", "相关政策", "作者：张三等人撰写的普法读物发放不到位"]
)
def test_a_wrapped_line_that_reads_like_a_link_stays(start: str) -> None:
    upper, lower = "（二）普法形式单一，主要依靠发放传单、悬挂横幅、组织活动、", "效果不够明显。"
    assert f"{upper}{start}{lower}" in "".join(texts(f"标题\n{PROSE}\n{upper}\n{start}\n{lower}\n{LONG}"))


def test_lines_left_out_are_told() -> None:
    assert opened(f"标题\n{PROSE}\n上一篇：旧闻").notices == (
        "已略去正文前后的网页文字1行（如“上一篇：旧闻”）",
    )
    assert opened(f"标题\n{PROSE}").notices == ()


def test_a_second_text_below_the_links_is_not_lost() -> None:
    assert texts(f"甲报告\n{PROSE}\n相关链接\n旧闻一则\n乙报告\n{LONG}")[-1] == LONG


@pytest.mark.parametrize(
    "sentence",
    [
        "扫码办事、扫码查询等便民措施推广不够，群众知晓率低。",
        "相关政策宣传不到位。",
        "打印设备老化。",
        "分享到位、交流充分。",
        "来源：群众举报较多，查处不及时。",
        "主办单位协调不力，责任不清。",
    ],
)
def test_a_sentence_that_opens_like_a_link_stays(sentence: str) -> None:
    assert sentence in texts(f"标题\n{PROSE}\n三、不足\n{sentence}\n{LONG}")


@pytest.mark.parametrize(
    "table",
    [
        "序号\t任务\t时限\n1\t普法\t6月\n2\t执法\t9月\n",
        "| 序号 | 任务 | 时限 |\n|---|---|---|\n| 1 | 普法 | 6月 |\n| 2 | 执法 | 9月 |\n",
        "┌─┬─┬─┐\n│序号│任务│时限│\n├─┼─┼─┤\n│1│普法│6月│\n│2│执法│9月│\n└─┴─┴─┘\n",
        "序号   任务   时限\n1      普法   6月\n2      执法   9月\n",
    ],
)
def test_tables_of_tabs_bars_or_gaps_become_rows(table: str) -> None:
    blocks = opened(f"{PROSE}\n\n{table}\n{LONG}").blocks
    assert [block.text for block in blocks] == [PROSE, "", LONG]
    assert blocks[1].rows == (("序号", "任务", "时限"), ("1", "普法", "6月"), ("2", "执法", "9月"))


def test_a_head_that_runs_beside_the_page_numbers_goes_and_the_title_stays() -> None:
    head = "某某局2023年报告"
    text = f"{head}\n\n{PROSE}\n\n{head}\n- 1 -\n\n{LONG[:60]}\n\n{head}\n- 2 -\n\n{LONG[60:]}"
    assert texts(text) == [head, PROSE, LONG]


def test_marks_of_markdown_in_a_text_file_are_no_text() -> None:
    blocks = opened(f"# 某某局\n\n## **三、存在的不足**\n\n{PROSE}").blocks
    assert [(block.text, block.heading) for block in blocks] == [
        ("某某局", 1),
        ("三、存在的不足", 2),
        (PROSE, None),
    ]


def test_markdown_headings_lists_tables_and_marks() -> None:
    document = opened(
        "---\ntitle: 某某局2023年报告\ndate: 2024-01-18\n---\n<!-- 草稿 -->\n# 某某局报告\n\n一、**做法** \\*星号\\*\n\n"
        "3. 第三。\n4. 第四。\n   - 子项。\n\n| 任务 | 时限 |\n|---|---|\n| 普<br>法 | 6月 |\n",
        "报告.md",
    )
    assert (document.headlines, document.posted_on) == (("某某局2023年报告",), date(2024, 1, 18))
    assert [(b.text, b.number, b.depth, b.heading) for b in document.blocks[:-1]] == [
        ("某某局报告", "", 0, 1),
        ("一、做法*星号*", "", 0, None),
        ("第三。", "3.", 0, None),
        ("第四。", "4.", 0, None),
        ("子项。", "•", 1, None),
    ]
    assert document.blocks[-1].rows == (("任务", "时限"), ("普\n法", "6月"))


def test_lines_of_markdown_without_blank_lines_between_stay_apart() -> None:
    text = f"# 报告\n{PROSE}\n（一）学习不深。\n（二）普法不广。\n    四个空格缩进的段落也是正文。\n"
    assert texts(text, "报告.md") == [
        "报告",
        PROSE,
        "（一）学习不深。",
        "（二）普法不广。",
        "四个空格缩进的段落也是正文。",
    ]


def test_lists_of_markdown_nested_beyond_reason_are_refused_and_not_cut_off() -> None:
    with pytest.raises(Unreadable, match="嵌套过深"):
        texts("".join("  " * depth + "- 项\n" for depth in range(300)), "报告.md")


def test_what_markdown_quotes_is_text_however_deep() -> None:
    assert texts("> " * 2_000 + f"深\n\n> {PROSE}", "报告.md") == ["深", PROSE]


@pytest.mark.parametrize(
    ("source", "read"),
    [
        (f"```\n{PROSE}\n```", [PROSE]),
        (f"标题\n===\n\n{PROSE}", ["标题", PROSE]),
        (f"***1. 学习不深。***{PROSE}", [f"1.学习不深。{PROSE}"]),
        (f"{PROSE}<br>学习<u>不</u>深。<br/>见`附件`。", [PROSE, "学习不深。", "见附件。"]),
    ],
)
def test_other_marks_of_markdown_are_no_text(source: str, read: list[str]) -> None:
    assert texts(source, "报告.md") == read


def test_a_table_of_markdown_without_bars_at_its_sides_is_one() -> None:
    blocks = opened(
        f"{PROSE}\n\n任务 | 时限\n--- | :---:\n普法 | 6月\n执法 | 9月\n\n{LONG}", "报告.md"
    ).blocks
    assert [block.text for block in blocks] == [PROSE, "", LONG]
    assert blocks[1].rows == (("任务", "时限"), ("普法", "6月"), ("执法", "9月"))


def test_bold_of_every_way_to_write_it_is_no_text() -> None:
    source = "**二、不足**\n\n**执法不严。**部分案件超期，**普法不深**。\n\n1. **普法。**\n\n*注*：3 * 4 = 12，\\*原样\\*。\n\n**甲**与**乙**"
    assert [(block.text, block.bold) for block in opened(source, "报告.md").blocks] == [
        ("二、不足", True),
        ("执法不严。部分案件超期，普法不深。", False),
        ("普法。", True),
        ("注：3 * 4 = 12，*原样*。", False),
        ("甲与乙", False),
    ]


def test_links_and_pictures_of_markdown_leave_their_words() -> None:
    assert texts("按照[实施纲要](http://x/y)要求，![图](a.png)抓好落实，见[附件]。", "报告.md") == [
        "按照实施纲要要求，抓好落实，见[附件]。"
    ]


def test_a_title_that_filled_its_line_goes_on_in_the_next() -> None:
    setting = Measure(wrapped=True, full=50.0, margin=0.0, indented=True, slack=4.0)
    upper = Line("青溪县林草局关于2023年度法治政府建设情", 1, 53, centred=True, size=22)
    lower = Line("况的报告", 20, 34, centred=True, size=22)
    assert [line.text for line in join([upper, lower], setting)] == [upper.text + lower.text]
    short = Line("青溪县林草局", 18, 36, centred=True, size=22)
    assert len(join([short, lower], setting)) == 2


LONG_HEADING = "三、2023年度党政主要负责人履行推进法治建设第一责任人职责，加强法治政府建设的有关情况"


@pytest.mark.parametrize("indent", ["", "　　"])
def test_a_long_heading_is_not_drawn_into_the_paragraph_under_it(indent: str) -> None:
    lines = [
        "一、主要举措",
        PROSE,
        LONG_HEADING,
        "局主要负责人认真履行第一责任人职责，主持召开会议5次，研究解决重点难点问题12个。",
    ]
    assert texts("\n".join(indent + line for line in lines)) == lines


@pytest.mark.parametrize("stop", ["。", ""])
def test_a_signature_is_never_drawn_into_a_line_as_long_as_the_others(stop: str) -> None:
    lines = [
        "松原区水务局2023年度法治政府建设情况报告",
        "现将我局2023年度法治政府建设情况报告如下：",
        f"（一）规范取水许可审批，每季度抽查比例10%以上{stop}",
        f"（二）充实基层水务力量，巡查人员配备率达到100%{stop}",
        "松原区水务局",
        "2024年1月15日",
    ]
    assert texts("\n".join(lines))[-3:] == lines[-3:]
