"""Situations from published bug reports, each with its right value."""

from datetime import date

import pytest

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
