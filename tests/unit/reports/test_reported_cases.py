"""Situations from published bug reports, each with its right value."""

from datetime import date

import pytest

from reports.files import document_from
from reports.parsed import ParsedReport
from reports.reading import read_document
from tests.unit.reports.saying import document

BODY = """2023年，县林业局扎实推进法治政府建设。

一、主要举措和成效
（一）加强学习。组织学法12次。
二、存在的不足
（一）执法人员业务能力不够强。
三、下一步工作计划
（一）举办执法业务培训4期。
"""


def read(text: str) -> ParsedReport:
    return read_document(document(text), sha256="")


@pytest.mark.parametrize(
    ("head", "foot", "org", "issued"),
    [
        (
            "云溪县林业局\n2023年度法治政府建设情况报告\n（2024年1月19日）\n\n",
            "",
            "云溪县林业局",
            date(2024, 1, 19),
        ),
        (
            "云溪县林业局2023年度法治政府建设情况报告\n\n",
            "\n　　　　　　　岭川市云溪县林业局\n附件：\n2022年度法治政府建设存在问题整改情况\n1.关于登记不及时的问题。已完成整改。\n",
            "岭川市云溪县林业局",
            None,
        ),
        (
            "云溪县林业局（云溪县森林公安分局、云溪县绿化委员会办公室）2023年度法治政府建设情况报告\n\n",
            "\n云溪县林业局（云溪县森林公安分局）\n2024年1月19日\n",
            "云溪县林业局（云溪县森林公安分局）",
            date(2024, 1, 19),
        ),
    ],
)
def test_heads_as_pages_print_them(head: str, foot: str, org: str, issued: date | None) -> None:
    parsed = read(head + BODY + foot)
    assert (parsed.org, parsed.year, parsed.issued) == (org, 2023, issued)
    assert [item.text for item in parsed.shortcomings] == ["执法人员业务能力不够强"]
    assert [item.text for item in parsed.plans] == ["举办执法业务培训4期"]


def test_without_title_and_signature_what_is_not_said_stays_empty() -> None:
    parsed = read("我局现将2023年法治政府建设工作情况报告如下：坚持依法行政。\n" + BODY.partition("\n\n")[2])
    assert (parsed.title, parsed.org, parsed.year, parsed.issued) == ("", "", 2023, None)
    assert any("请填写" in hint.message for hint in parsed.hints)


PAGE = """<p>　　2023年，我局扎实推进法治政府建设。现将有关情况报告如下：</p><p>　　一、主要举措和成效</p>
<p>　　（一）加强学习。组织学法12次。</p><p>　　二、存在的不足</p><p>　　（一）执法人员业务能力不够强。</p>
<p>　　三、下一步工作计划</p><p>　　（一）举办执法业务培训4期。</p>"""
TITLE = "云溪县林业局2023年法治政府建设工作报告"


def page(body: str, *, title: str = "", **meta: str) -> ParsedReport:
    """A published page as a browser saves it."""
    metas = "".join(f'<meta name="{name}" content="{content}">' for name, content in meta.items())
    head = f'<head><meta charset="utf-8">{metas}<title>{title}</title></head>'
    html = f"<!DOCTYPE html><html>{head}<body>{body}</body></html>"
    return read_document(document_from(html.encode(), "页面.html"), sha256="")


def told(parsed: ParsedReport) -> tuple[str, str, int | None, date | None]:
    return parsed.title, parsed.org, parsed.year, parsed.issued


def in_doubt(parsed: ParsedReport) -> str:
    return "；".join(hint.message for hint in parsed.hints if "请核对" in hint.message)


PAGE_TABLE = f"""<table>
<tr><td>索 引 号</td><td>000014349/2024-00012</td><td>信息分类</td><td>年度报告</td></tr>
<tr><td>发布机构</td><td>云溪县林业局</td><td>生成日期</td><td>2024-01-19</td></tr>
<tr><td>信息名称</td><td colspan=3>{TITLE}</td></tr>
<tr><td>文　　号</td><td></td><td>发布日期</td><td>2024-01-22</td></tr></table>"""
SIGNED = '<p style="text-align:right">云溪县林业和草原局</p><p style="text-align:right">2024年1月19日</p>'
PUBLISHED = "<p>发布时间：2024年01月22日　　来源：县林业局　　作者：张三　　点击：321</p>"


@pytest.mark.parametrize(
    ("parsed", "right"),
    [
        (
            page(
                f'<div class="nav"><a href="/">首页</a> &gt; <a>政务公开</a></div><div>{PAGE}</div>'
                '<div class="footer">主办：云溪县人民政府办公室</div>',
                title=f"{TITLE}_法治政府建设年度报告_云溪县人民政府",
                SiteName="云溪县人民政府",
                ArticleTitle=TITLE,
                PubDate="2024-01-22 10:11",
                ContentSource="县林业局",
            ),
            (TITLE, "云溪县林业局", 2023, date(2024, 1, 22)),
        ),
        (
            page(
                f"<h1>2023年法治政府建设工作报告</h1><div>{PAGE}</div>",
                title="2023年法治政府建设工作报告",
                ArticleTitle="2023年法治政府建设工作报告",
                PubDate="2024-01-22 10:11",
                ContentSource="云溪县林业局",
            ),
            ("2023年法治政府建设工作报告", "云溪县林业局", 2023, date(2024, 1, 22)),
        ),
        (
            page(
                "<h2>云溪县林业局关于报送2023年度法治政府建设工作情况的报告</h2>"
                "<p>日期：2024-01-22 信息来源：林业局 访问量：<span id=x></span> 字号：[ 大 中 小 ]</p>"
                f"<div>{PAGE}{SIGNED}</div>",
                title="云溪县人民政府",
                ArticleTitle="云溪县林业局关于报送2023年度法治政府建设工作情况的报告",
            ),
            ("云溪县林业局关于报送2023年度法治政府建设工作情况的报告", "云溪县林业和草原局", 2023, date(2024, 1, 19)),
        ),
        (
            page(f"{PAGE_TABLE}<div>{PAGE}</div>", title="政府信息公开-云溪县"),
            (TITLE, "云溪县林业局", 2023, date(2024, 1, 19)),
        ),
        (
            page(
                f"<h1>云溪县林业局2023年度法治政府建设工作总结和2024年工作打算</h1>{PUBLISHED}<div>{PAGE}"
                "<p>（供稿：县林业局法规股）</p></div>",
                title="x",
            ),
            ("云溪县林业局2023年度法治政府建设工作总结和2024年工作打算", "云溪县林业局", 2023, date(2024, 1, 22)),
        ),
    ],
    ids=["site name in the title", "title without a body", "signed otherwise", "table of page data", "line under the title"],
)  # fmt: skip
def test_heads_as_sites_publish_them(
    parsed: ParsedReport, right: tuple[str, str, int | None, date | None]
) -> None:
    assert told(parsed) == right
    assert [item.text for item in parsed.shortcomings] == ["执法人员业务能力不够强"]
    assert [item.text for item in parsed.plans] == ["举办执法业务培训4期"]


def test_a_county_that_reports_is_its_government_and_is_to_be_looked_at() -> None:
    parsed = read(
        "云溪县2023年度法治政府建设年度报告\n\n云溪县人民政府办公室 2024-03-28 云溪县政府网\n\n"
        + BODY.replace("县林业局", "云溪县")
    )
    assert told(parsed)[1:] == ("云溪县人民政府", 2023, date(2024, 3, 28))
    assert "报告单位“云溪县人民政府”不太确定" in in_doubt(parsed)
    assert [item.text for item in parsed.plans] == ["举办执法业务培训4期"]
