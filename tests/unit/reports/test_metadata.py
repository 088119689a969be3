"""Title, reporting body, year and date, from the best place that gives them."""

import pytest

from reports.files import document_from
from reports.parsed import HintKind, ParsedReport
from reports.reading import read_document
from tests.unit.reports.saying import CLOSING, document, read

BODY = "\n一、主要成效\n依法行政，执法有力。\n二、存在的不足\n（一）执法力量不足。\n三、下一步工作\n（一）招录人员3名。\n"
TITLE = "青溪县林草局2023年法治政府建设工作报告"


def told(report: ParsedReport) -> tuple[str, str, int | None, str | None]:
    return report.title, report.org, report.year, report.issued.isoformat() if report.issued else None


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "青溪县林草局\n关于2023年度法治政府建设情况的报告",
            "青溪县林草局关于2023年度法治政府建设情况的报告",
        ),
        (
            "青溪县林草局关于2023年度\n法治政府建设情况的报告",
            "青溪县林草局关于2023年度法治政府建设情况的报告",
        ),
        (
            "青溪县林草局文件\n青林发〔2024〕3号\n青溪县林草局关于2023年度法治政府建设情况的报告",
            "青溪县林草局关于2023年度法治政府建设情况的报告",
        ),
        ("2023年度法治政府建设工作情况报告", "2023年度法治政府建设工作情况报告"),
        (
            "中共青溪县林草局党组\n青溪县林草局\n关于2023年度法治政府建设情况的报告",
            "中共青溪县林草局党组青溪县林草局关于2023年度法治政府建设情况的报告",
        ),
        (
            "青溪县林草局2023年度法治政府建设工作总结\n暨2024年工作计划",
            "青溪县林草局2023年度法治政府建设工作总结暨2024年工作计划",
        ),
        (
            "青溪县林草局关于2023年度法治政府建设\n工作情况及2024年工作计划的报告",
            "青溪县林草局关于2023年度法治政府建设工作情况及2024年工作计划的报告",
        ),
        (
            "青溪县林草局\n关于法治政府建设情况的报告\n（2023年度）",
            "青溪县林草局关于法治政府建设情况的报告（2023年度）",
        ),
        (
            "青溪县林草局关于2023年度法治政府建设情况\n的报告",
            "青溪县林草局关于2023年度法治政府建设情况的报告",
        ),
        (
            "关于报送2023年度法治政府建设情况的函\n附件：青溪县林草局2023年度法治政府建设情况报告\n青溪县林草局\n2024年1月15日\n附件\n青溪县林草局2023年度法治政府建设情况报告",
            "青溪县林草局2023年度法治政府建设情况报告",
        ),
        (
            "首页 > 政务公开 > 正文\n发布日期：2024-01-20 来源：县林草局\n青溪县林草局2023年度依法行政工作总结",
            "青溪县林草局2023年度依法行政工作总结",
        ),
    ],
)
def test_the_title_is_the_reports_own_heading_its_lines_joined(text: str, title: str) -> None:
    assert told(read(f"{text}{BODY}{CLOSING}")) == (title, "青溪县林草局", 2023, "2024-01-15")


@pytest.mark.parametrize(
    ("title", "signature", "org"),
    [
        ("白马镇2023年法治政府建设工作报告", "白马镇人民政府\n2024年1月5日", "白马镇人民政府"),
        (
            "白马镇2023年法治政府建设工作报告\n现将白马镇人民政府2023年法治政府建设情况报告如下：",
            "",
            "白马镇人民政府",
        ),
        (TITLE, "县林草局\n2024年1月5日", "青溪县林草局"),
        (TITLE, "青溪县林草局（盖章）\n2024年1月5日", "青溪县林草局"),
        (TITLE, "青溪县林草局 2024年1月5日", "青溪县林草局"),
        (TITLE, "", "青溪县林草局"),
        (
            "青溪县2023年度法治政府建设情况报告",
            "中共青溪县委\n青溪县人民政府\n2024年1月5日",
            "青溪县人民政府",
        ),
        ("青溪县教体局2023年法治政府建设工作报告", "青溪县教育体育局\n2024年1月5日", "青溪县教育体育局"),
        ("城关街道2023年度法治政府建设情况报告", "城关街道办事处\n2024年1月5日", "城关街道办事处"),
        ("青溪县林草局2023年法治政府建设工作报告\n来源：青溪县林草局法规科", "", "青溪县林草局"),
        (
            "2023年法治政府建设工作总结\n青溪林场管理处\n2023年，管理处认真依法行政。",
            "2024年1月5日",
            "青溪林场管理处",
        ),
        ("青溪海关2023年法治建设情况报告", "青溪海关\n2024年1月5日", "青溪海关"),
        (
            "关于青溪县林草局2023年度法治政府建设情况的公示\n按照规定，现将青溪县林草局2023年度法治政府建设情况予以公示。",
            "2024年1月5日",
            "青溪县林草局",
        ),
    ],
)
def test_the_body_that_reports_in_the_fullest_form_given(title: str, signature: str, org: str) -> None:
    assert read(f"{title}{BODY}{signature}").org == org


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("青溪县林草局二〇二三年度法治政府建设工作报告", 2023),
        ("青溪县林草局二○二三年度依法行政工作总结", 2023),
        ("青溪县林草局关于2023年法治政府建设情况及2024年工作计划的报告", 2023),
        ("青溪县林草局法治政府建设工作报告\n2023年，我局依法行政。", 2023),
        (
            "青溪县林草局2024年法治政府建设工作报告\n2023年，我局依法行政。现将2023年法治政府建设情况报告如下：",
            2023,
        ),
    ],
)
def test_the_year_is_the_one_reported_on(text: str, year: int) -> None:
    assert read(f"{text}{BODY}{CLOSING}").year == year


@pytest.mark.parametrize(
    ("printed", "day", "broken"),
    [
        ("2024年2月26日", "2024-02-26", False),
        ("2024 年 2 月 26 日", "2024-02-26", False),
        ("２０２４年２月２６日", "2024-02-26", False),
        ("二〇二四年二月二十六日", "2024-02-26", False),
        ("二〇二四年元月六日", "2024-01-06", False),
        ("2024．2．26", "2024-02-26", False),
        ("二○二四年十二月三十日", "2024-12-30", False),
        ("2024.2.26", "2024-02-26", False),
        ("2024-02-26", "2024-02-26", False),
        ("2024/2/26", "2024-02-26", False),
        ("2024226", "2024-02-26", True),
        ("2024年226日", "2024-02-26", True),
        ("20242月26日", "2024-02-26", True),
        ("20240226", "2024-02-26", True),
        ("2024112", "2024-01-12", True),
        ("2024年2月", None, False),
        ("2024年13月45日", None, False),
    ],
)
def test_the_date_under_the_signature(printed: str, day: str | None, broken: bool) -> None:
    report = read(f"{TITLE}{BODY}青溪县林草局\n{printed}")
    assert told(report)[3] == day
    assert any(hint.kind is HintKind.BROKEN_DATE for hint in report.hints) is broken


@pytest.mark.parametrize(
    "foot",
    [
        "青溪县林草局\n年　月　日",
        "青溪县林草局办公室  2024年1月8日印发",
        "报告单位：青溪县林草局\n报告时间：2024年1月8日",
    ],
)
def test_what_stands_under_the_text_is_in_no_item(foot: str) -> None:
    assert [item.text for item in read(f"{TITLE}{BODY}{foot}").plans] == ["招录人员3名"]


@pytest.mark.parametrize(
    ("around", "day"),
    [
        ("索引号：001 成文日期：2024-01-10 发布日期：2024-01-20", "2024-01-10"),
        ("发布时间：2024-01-20 09:30 来源：县林草局", "2024-01-20"),
        ("（2024年1月15日）", "2024-01-15"),
        ("2024-01-22 来源：青溪县林草局 点击数：20", "2024-01-22"),
        ("", None),
    ],
)
def test_without_a_signature_the_pages_date_counts(around: str, day: str | None) -> None:
    assert told(read(f"{TITLE}\n{around}{BODY}"))[3] == day


def test_what_the_page_says_of_itself_is_used_where_the_text_says_nothing() -> None:
    from dataclasses import replace
    from datetime import date

    from reports.reading import read_document

    page = replace(
        document(BODY),
        headlines=("青溪县林草局2023年法治政府建设工作报告-青溪县人民政府门户网站",),
        posted_on=date(2024, 1, 20),
        made_on=date(2024, 1, 18),
    )
    assert told(read_document(page, sha256="")) == (TITLE, "青溪县林草局", 2023, "2024-01-18")


def test_a_signature_broken_over_two_lines_by_a_narrow_column() -> None:
    report = read(f"白马镇2023年法治政府建设工作报告{BODY}白马镇人民\n政府\n2024\n年1月9日")
    assert told(report)[1:] == ("白马镇人民政府", 2023, "2024-01-09")


@pytest.mark.parametrize(
    "head",
    [
        "- 索 引 号:370/2024-0025\n- 发布机构:县林草局\n- 成文时间:2024年01月21日\n- 标 题:{title}\n{title}",
        "[ 索引号 ] 115/2024-0019 [ 发文字号 ]\n[ 发布机构 ] 县林草局 [ 主题分类 ] 其他\n[ 成文日期 ] 2024-01-21 [ 发布日期 ] 2024-01-28\n{title}",
        "{title}\n| 索引号 | 620/2024-0051 | 发文字号 | |\n| 生成日期 | 2024-01-21 09:03:18 | 是否有效 |",
        "• 索 引 号:linye/2024-0009\n  • 成文日期:\n{title}\n发布日期:2024-01-21 信息来源: 浏览次数:",
        "{title}\n- 日期:2024-01-21\n-\n大\n中\n小\n- 分享到 :",
    ],
)
def test_page_data_copied_with_the_text_give_its_date_and_leave_its_title(head: str) -> None:
    text = head.format(title="青溪县林草局2023年法治政府建设情况报告") + BODY
    report = read_document(document_from(text.encode(), "report.txt"), sha256="")
    assert told(report) == ("青溪县林草局2023年法治政府建设情况报告", "青溪县林草局", 2023, "2024-01-21")


def test_the_red_head_names_the_body_where_nothing_else_does() -> None:
    report = read(
        f"青溪县林草局文件\n青林发〔2024〕3号\n关于2023年度法治政府建设情况的报告{BODY}2024年1月15日"
    )
    assert told(report) == ("关于2023年度法治政府建设情况的报告", "青溪县林草局", 2023, "2024-01-15")
