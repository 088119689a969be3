"""Title, body, year and date of pages as they are published, and under changes that ordinary reports have."""

from pathlib import Path

import pytest

from reports.choosing import CHECK_BELOW, Candidate, choose
from reports.files import document_from
from reports.parsed import HintKind, ParsedReport
from reports.reading import read_document, read_report

PAGES = Path(__file__).parents[2] / "samples" / "reading" / "page_heads"
TITLE = "云溪县林业局2023年法治政府建设工作报告"
KINDS = "云溪县林业局2023年度法治政府建设情况报告"
BODY = """2023年，我局扎实推进法治政府建设。现将有关情况报告如下：
一、主要举措和成效
（一）加强学习。组织学法12次。
二、存在的不足
（一）执法人员业务能力不够强。
（二）普法形式单一。
三、下一步工作计划
（一）举办执法业务培训4期。
（二）制作普法短视频10部。"""
SIGNED = "云溪县林业局\n2024年1月19日"


def told(report: ParsedReport) -> tuple[str, str, int | None, str | None]:
    return report.title, report.org, report.year, report.issued.isoformat() if report.issued else None


def read(text: str) -> ParsedReport:
    return read_document(document_from(text.encode(), "report.txt"), sha256="")


@pytest.mark.parametrize(
    ("page", "title", "org", "issued"),
    [
        ("m1.html", TITLE, "云溪县林业局", "2024-01-22"),
        ("m2.html", "2023年法治政府建设工作报告", "云溪县林业局", "2024-01-22"),
        (
            "m3.html",
            "云溪县林业局关于报送2023年度法治政府建设工作情况的报告",
            "云溪县林业和草原局",
            "2024-01-19",
        ),
        ("m4.html", TITLE, "云溪县林业局", "2024-01-19"),
        (
            "m5.html",
            "云溪县林业局2023年度法治政府建设工作总结和2024年工作打算",
            "云溪县林业局",
            "2024-01-22",
        ),
        (
            "m6.txt",
            "云溪县林业局（云溪县森林公安分局、云溪县绿化委员会办公室）2023年度法治政府建设情况报告",
            "云溪县林业局（云溪县森林公安分局）",
            "2024-01-19",
        ),
        ("m7.txt", "云溪县2023年度法治政府建设年度报告", "云溪县人民政府", "2024-03-28"),
        ("m8.txt", KINDS, "云溪县林业局", "2024-01-19"),
        ("m9.txt", KINDS, "岭川市云溪县林业局", None),
        ("m10.txt", "", "", None),
    ],
)
def test_the_head_of_a_published_page(page: str, title: str, org: str, issued: str | None) -> None:
    report = read_report(PAGES / page)
    assert told(report) == (title, org, 2023, issued)
    assert [item.text for item in report.shortcomings] == ["执法人员业务能力不够强"]
    assert [item.text for item in report.plans] == ["举办执法业务培训4期"]


def test_what_is_not_there_is_to_be_filled_in_and_what_is_doubtful_to_be_checked() -> None:
    def asked(page: str) -> str:
        hints = read_report(PAGES / page).hints
        return "\n".join(hint.message for hint in hints if hint.kind is HintKind.UNCERTAIN)

    assert all(f"没有读出{name}，请填写" in asked("m10.txt") for name in ("标题", "报告单位", "成文日期"))
    assert "报告单位“云溪县人民政府”不太确定" in asked("m7.txt")
    assert "请核对" not in asked("m1.html")


@pytest.mark.parametrize(
    ("text", "head"),
    [
        (f"{KINDS}\n（2024年1月18日）\n{BODY}", (KINDS, "云溪县林业局", 2023, "2024-01-18")),
        (f"{KINDS}\n（2024年1月18日）\n{BODY}\n{SIGNED}", (KINDS, "云溪县林业局", 2023, "2024-01-19")),
        (f"{KINDS}\n云林发〔2024〕3号\n{BODY}\n{SIGNED}", (KINDS, "云溪县林业局", 2023, "2024-01-19")),
        (f"云林发〔2024〕3号\n{KINDS}\n{BODY}\n{SIGNED}", (KINDS, "云溪县林业局", 2023, "2024-01-19")),
        (
            f"{KINDS}\n{BODY}\n云溪县林业局（云溪县绿化办公室）\n2024年1月19日",
            (KINDS, "云溪县林业局（云溪县绿化办公室）", 2023, "2024-01-19"),
        ),
        (
            f"{KINDS}\n{BODY}\n云溪县林业局\n附件：\n2022年度问题整改情况\n1.关于登记不及时的问题。已完成整改。",
            (KINDS, "云溪县林业局", 2023, None),
        ),
        (f"{KINDS}\n{BODY}", (KINDS, "云溪县林业局", 2023, None)),
        (
            f"关于落实《法治政府建设实施纲要（2021—2025年）》情况的报告\n{BODY}\n{SIGNED}",
            (
                "关于落实《法治政府建设实施纲要（2021—2025年）》情况的报告",
                "云溪县林业局",
                2023,
                "2024-01-19",
            ),
        ),
        (
            f"{KINDS}\n——2024年1月20日在云溪县第十八届人大常委会第三次会议上\n{BODY}",
            (KINDS, "云溪县林业局", 2023, "2024-01-20"),
        ),
        (
            f"{KINDS}\n{BODY}\n云溪县林业局\n2024年1月19日抄送：县司法局。",
            (KINDS, "云溪县林业局", 2023, "2024-01-19"),
        ),
    ],
)
def test_one_change_at_head_or_foot_leaves_the_rest_as_it_was(
    text: str, head: tuple[str, str, int, str | None]
) -> None:
    report = read(text)
    assert told(report) == head
    assert [item.text for item in report.shortcomings] == ["执法人员业务能力不够强", "普法形式单一"]
    assert [item.text for item in report.plans] == ["举办执法业务培训4期", "制作普法短视频10部"]


def test_a_report_in_one_line_gives_its_head_and_foot_too() -> None:
    report = read(KINDS + BODY.replace("\n", "") + SIGNED.replace("\n", ""))
    assert told(report) == (KINDS, "云溪县林业局", 2023, "2024-01-19")
    assert report.plans[-1].text == "制作普法短视频10部"


def test_what_agrees_is_sure_and_what_differs_less_so_and_names_the_other() -> None:
    agreed = read(f"{KINDS}\n{BODY}\n{SIGNED}").heads
    assert min(agreed.title.confidence, agreed.org.confidence, agreed.year.confidence) > 0.95
    assert agreed.issued.confidence > 0.95
    differing = read(f"{KINDS}\n{BODY}\n云溪县水务局\n2024年1月19日").heads
    assert differing.org.confidence < CHECK_BELOW
    assert differing.org.runner_up == "云溪县林业局"
    assert read(BODY).heads.title.confidence == 0.0


def test_where_two_bodies_sign_the_one_the_title_names_counts_and_is_to_be_checked() -> None:
    head = f"红石岭镇2023年度法治政府建设情况报告\n{BODY}"
    report = read(f"{head}\n中共云溪县红石岭镇委员会\n云溪县红石岭镇人民政府\n2024年1月19日")
    assert report.org == "云溪县红石岭镇人民政府"
    assert report.heads.org.confidence < CHECK_BELOW
    assert report.heads.org.runner_up == "中共云溪县红石岭镇委员会"


def test_candidates_that_agree_count_together_and_the_second_is_kept() -> None:
    found = [Candidate("甲", 2.0), Candidate("乙", 1.5), Candidate("乙", 1.5)]
    choice = choose(found)
    assert choice is not None
    assert (choice.value, choice.runner_up, choice.confidence) == ("乙", "甲", 0.73)
    assert choose(found, doubt=3.0) is None
    assert choose([]) is None


LONG = "，面向全体执法人员，逐季开展、逐项对账，做到有计划、有教案、有考核、有结果运用，全年不少于四十学时"
FORM = (
    ("主要举措和成效", f"（一）加强学习{LONG}。\n（二）规范执法{LONG}。"),
    ("存在的不足", "（一）执法人员业务能力不够强。\n（二）普法形式单一。"),
    ("下一步工作计划", f"（一）举办执法业务培训{LONG}。\n（二）制作普法短视频10部{LONG}。"),
)


def test_a_form_of_parts_is_read_as_its_parts() -> None:
    rows = "".join(
        f"<tr><td>{left}</td><td>{''.join(f'<p>{line}</p>' for line in right.splitlines())}</td></tr>"
        for left, right in FORM
    )
    page = f"<html><meta charset='utf-8'><body><p>{KINDS}</p><table>{rows}</table></body></html>"
    report = read_document(document_from(page.encode(), "form.html"), sha256="")
    assert told(report) == (KINDS, "云溪县林业局", 2023, None)
    assert [item.text for item in report.shortcomings] == ["执法人员业务能力不够强", "普法形式单一"]
    assert [item.text for item in report.plans] == [f"举办执法业务培训{LONG}", f"制作普法短视频10部{LONG}"]


def test_a_report_whose_line_ends_became_gaps_is_read_line_by_line() -> None:
    report = read("　　".join(f"{KINDS}\n{BODY}\n{SIGNED}".splitlines()))
    assert told(report) == (KINDS, "云溪县林业局", 2023, "2024-01-19")
    assert [item.text for item in report.plans] == ["举办执法业务培训4期", "制作普法短视频10部"]
