"""Sections wherever they stand, with and without headings; other papers in the same file."""

from dataclasses import replace

import pytest

from reports.parsed import HintKind
from reports.reading import read_document
from tests.unit.reports.saying import CLOSING, OPENING, document, read

TITLE = "青溪县林草局2023年度法治政府建设情况报告\n现报告如下：\n"
LACK = "（一）执法力量不足。\n（二）普法形式单一。"
TODO = "（一）招录人员3名。\n（二）开展短视频普法。"
FOUND = (["执法力量不足", "普法形式单一"], ["招录人员3名", "开展短视频普法"])
WHOLE = f"{OPENING}\n三、存在的不足\n{LACK}\n四、2024年工作安排\n{TODO}\n{CLOSING}"
OLDER = (
    OPENING.replace("2023", "2022")
    + "\n三、存在的不足\n（一）旧的问题没有解决。\n四、2023年工作安排\n（一）旧的任务。\n青溪县林草局\n2023年1月10日"
)


def items(text: str, **tables: tuple[tuple[str, ...], ...]) -> tuple[list[str], list[str]]:
    report = read(text, **tables)
    return [item.text for item in report.shortcomings], [item.text for item in report.plans]


@pytest.mark.parametrize(
    "text",
    [
        f"{OPENING}\n三、2024年工作安排\n{TODO}\n四、存在的不足\n{LACK}\n{CLOSING}",
        f"{TITLE}一、2023年工作情况\n（一）主要成效\n1.执法有力。\n（二）存在的问题\n1.执法力量不足。\n2.普法形式单一。\n二、2024年工作计划\n{TODO}\n{CLOSING}",
        f"{TITLE}主要举措和成效\n加强领导。执法有力。\n存在的不足\n一是执法力量不足；二是普法形式单一。\n下一步打算\n一是招录人员3名；二是开展短视频普法。\n{CLOSING}",
        f"{TITLE}一、主要成效。加强领导，执法有力。\n二、存在的不足。一是执法力量不足；二是普法形式单一。\n三、下一步打算。一是招录人员3名；二是开展短视频普法。\n{CLOSING}",
        f"{TITLE}一、主要成效 加强领导，执法有力。\n二、存在的不足 一是执法力量不足；二是普法形式单一。\n三、下一步打算一是招录人员3名；二是开展短视频普法。\n{CLOSING}",
        f"{TITLE}第一部分 主要成效\n加强领导。\n第二部分 存在的不足\n一是执法力量不足；二是普法形式单一。\n第三部分 下一步打算\n一是招录人员3名；二是开展短视频普法。\n{CLOSING}",
        f"{TITLE}1.主要成效\n加强领导。\n2.存在的不足\n（1）执法力量不足。\n（2）普法形式单一。\n3.下一步打算\n（1）招录人员3名。\n（2）开展短视频普法。\n{CLOSING}",
        f"{TITLE}（一）主要成效\n加强领导。\n（二）存在的不足\n1.执法力量不足。\n2.普法形式单一。\n（三）下一步打算\n1.招录人员3名。\n2.开展短视频普法。\n{CLOSING}",
        f"{OPENING}\n三、存在的不足\n{LACK}\n四、2024年工作安排\n{TODO}\n五、几点建议\n（一）建议上级增加编制。\n（二）建议省局加强培训。\n{CLOSING}",
    ],
    ids=[
        "plans first",
        "inside",
        "bare",
        "run in",
        "run in without a stop",
        "parts",
        "arabic",
        "brackets",
        "advice",
    ],
)
def test_sections_are_found_by_their_words_wherever_they_stand(text: str) -> None:
    assert items(text) == FOUND


@pytest.mark.parametrize(
    "turn",
    [
        "但也要看到，我局法治建设仍存在一些不足：一是执法力量不足；二是普法形式单一。",
        "在肯定成绩的同时，我们也清醒地认识到，工作中还存在不少问题。一是执法力量不足。二是普法形式单一。",
        "虽然取得了一定成效，但仍存在以下短板：一是执法力量不足；二是普法形式单一。",
        "与此同时，我局法治政府建设还存在一些差距：\n1.执法力量不足。\n2.普法形式单一。",
        "但对照上级要求，我局还存在一些薄弱环节。执法力量不足。普法形式单一。",
        "一年来，各项工作取得了积极进展，但也要看到，工作中仍有一些问题：一是执法力量不足；二是普法形式单一。",
    ],
)
def test_a_paragraph_that_turns_to_ones_own_shortcomings_is_that_section(turn: str) -> None:
    text = OPENING.replace("\n二、", f"\n{turn}\n二、")
    assert items(f"{text}\n三、2024年工作安排\n{TODO}\n{CLOSING}") == FOUND


def test_a_report_without_any_heading() -> None:
    assert (
        items(
            f"{TITLE}2023年，我局加强领导，立案12件。\n在取得成绩的同时，也要清醒看到，我局工作还存在一些不足：一是执法力量不足；二是普法形式单一。\n"
            f"下一步，我局将重点抓好以下工作：一是招录人员3名；二是开展短视频普法。\n{CLOSING}"
        )
        == FOUND
    )


@pytest.mark.parametrize(
    "passing",
    [
        "检查发现企业仍存在安全隐患、台账不全等问题，已责令整改。",
        "针对群众反映的噪声扰民问题，开展专项整治，整改率100%。",
        "案卷评查发现文书不规范等问题7个，均已整改到位。",
        "下一步，将继续加大力度。",
    ],
)
def test_problems_of_others_or_put_right_are_no_shortcomings(passing: str) -> None:
    text = OPENING.replace("\n二、", f"\n（三）强化监管。{passing}\n二、")
    report = read(f"{text}\n三、2024年工作安排\n{TODO}\n{CLOSING}")
    assert report.shortcomings == ()
    assert [item.text for item in report.plans] == FOUND[1]
    assert HintKind.NO_SHORTCOMINGS in [hint.kind for hint in report.hints]


@pytest.mark.parametrize("first", [WHOLE, WHOLE.removesuffix(CLOSING).rstrip()], ids=["signed", "unsigned"])
def test_only_the_report_the_file_opens_with_is_read(first: str) -> None:
    report = read(f"{first}\n{OLDER}")
    assert ([item.text for item in report.shortcomings], [item.text for item in report.plans]) == FOUND
    assert report.year == 2023
    assert [hint.kind for hint in report.hints].count(HintKind.SECOND_REPORT) == 1


@pytest.mark.parametrize(
    "annex",
    [
        "附件：2022年度存在问题整改情况\n1.旧的问题不少。整改情况：已整改。\n2.旧的问题很多。整改情况：已完成。",
        "附件\n2022年度法治政府建设存在问题整改情况表\nTT",
        "附件1\n2022年法治政府建设问题清单\n一是旧的问题不少；二是旧的问题很多。",
    ],
)
def test_annexes_on_the_year_before_are_not_read(annex: str) -> None:
    rows = (("序号", "存在问题", "整改措施", "整改情况"), ("1", "旧的问题", "旧的措施", "已完成"))
    assert items(f"{WHOLE}\n{annex}", TT=rows) == FOUND


def test_page_furniture_after_the_signature_is_not_read() -> None:
    assert items(f"{WHOLE}\n扫一扫在手机打开当前页\n相关链接\n一是别的报告存在不足；二是别的打算。") == FOUND


@pytest.mark.parametrize("title", ["附件\n2022年度报告指出问题整改情况", "附件：上年度问题整改落实情况"])
def test_an_annex_on_an_earlier_years_problems_is_not_read(title: str) -> None:
    annex = "一、协作机制不健全问题。已建立联席会议制度。\n二、清理不及时问题。已废止文件3件。"
    assert items(f"{WHOLE}\n{title}\n{annex}") == FOUND


def test_a_long_heading_ends_the_section_above_it() -> None:
    duty = "四、2023年度党政主要负责人履行推进法治建设第一责任人职责，加强法治政府建设的有关情况\n局长带头学法，一是述法，二是督办。"
    text = f"{TITLE}一、主要成效\n执法有力。\n三、存在的不足\n{LACK}\n{duty}\n五、2024年工作安排\n{TODO}\n{CLOSING}"
    assert items(text) == FOUND


def test_a_heading_that_runs_on_into_its_list_gives_the_list() -> None:
    lines = document(
        f"{TITLE}一、主要成效\n执法有力。\n二、存在的不足：一是执法力量不足；二是普法形式单一。\n"
        f"三、下一步打算：一是招录人员3名；二是开展短视频普法。\n{CLOSING}"
    )
    styled = tuple(
        replace(block, heading=2) if block.text[:2] in ("一、", "二、", "三、") else block
        for block in lines.blocks
    )
    report = read_document(replace(lines, blocks=styled), sha256="")
    assert ([item.text for item in report.shortcomings], [item.text for item in report.plans]) == FOUND


@pytest.mark.parametrize(
    "text",
    [
        f"{OPENING}\n三、存在的不足\n一、执法力量不足。\n二、普法形式单一。\n四、2024年工作安排\n一、招录人员3名。\n二、开展短视频普法。\n{CLOSING}",
        f"{TITLE}一、主要成效\n执法有力。\n二、存在的不足\n一、执法力量不足。\n二、普法形式单一。\n三、下一步打算\n一、招录人员3名。\n二、开展短视频普法。\n四、其他需要报告的事项\n无。\n{CLOSING}",
        f"{TITLE}目录\n一、主要成效\n二、存在的不足\n三、下一步打算\n一、主要成效\n执法有力。\n二、存在的不足\n{LACK}\n三、下一步打算\n{TODO}\n{CLOSING}",
    ],
    ids=["a style anew", "where the next is the next part", "contents are none"],
)
def test_entries_that_count_in_the_style_of_the_parts(text: str) -> None:
    assert items(text) == FOUND
