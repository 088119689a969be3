"""What holds of every document: no crash, nothing dropped in silence, each item in its place, cost in line with length."""

import contextlib
import random
import re
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from reports.document import Block, Document
from reports.frame import frame_of
from reports.metadata import metadata_of
from reports.outline import lines_in, outline
from reports.papers import NotAReport
from reports.parsed import ParsedReport
from reports.reading import read_document
from reports.sections import Kind
from reports.source import Source
from tests.reports import open_document
from tests.unit.reports.saying import document

SAMPLES = sorted(
    path
    for path in (Path(__file__).parents[2] / "samples" / "reports").glob("s*.*")
    if path.suffix != ".json"
)
PHRASES = [
    "一、主要举措和成效", "二、存在的不足和原因", "三、存在问题及下一步打算", "四、2024年工作安排", "（一）执法力量不足。", "（二）普法形式单一",
    "1.", "2、文书不规范；", "一是", "二是制度不健全；", "三是监管不到位。", "首先，", "此外，", "原因：", "究其原因，主要是重视不够。", "由于编制紧张，",
    "整改措施：", "下一步，我局将招录人员3名。", "针对以上问题，", "但也要看到，仍存在不足：", "这些问题需要认真解决。", "附件：", "附件1",
    "青溪县林草局", "2024年1月5日", "2024226", "2023年度法治政府建设情况报告", "“", "”", "（", "）", "；", "。", "：", "，", "①", "——", "建议上级",
    "责任科室：法规科", "责任科室", "完成时限：6月底前", "完成时限", "（法规科牵头，6月底前）", "以上三项由法规科牵头。", "第二项由办公室负责，", "每季度", "年内", "2024年3月—6月",
    "受理298件，办结296件", "因", "受影响", "是主要原因", "\n", " ", "\u3000", "第一，", "问题一：", "十一要", "0", "执法方面",
]  # fmt: skip
TEXT = st.lists(st.one_of(st.sampled_from(PHRASES), st.text(max_size=6)), max_size=12).map("".join)
CELL = st.one_of(st.sampled_from(["序号", "存在问题", "原因", "整改措施", "工作任务", "—", "1", ""]), TEXT)
BLOCK = st.builds(
    Block,
    text=TEXT,
    paragraph=st.integers(1, 99),
    page=st.one_of(st.none(), st.integers(1, 9)),
    heading=st.one_of(st.none(), st.integers(1, 6)),
    number=st.sampled_from(["", "", "", "（一）", "1.", "•", "一、", "第一章", "a)", "Ⅳ."]),
    depth=st.integers(0, 3),
    bold=st.booleans(),
    centred=st.booleans(),
)
TABLE = st.lists(st.lists(CELL, min_size=1, max_size=5).map(tuple), min_size=1, max_size=5).map(
    lambda rows: Block(text="", paragraph=1, rows=tuple(rows))
)
DOCUMENT = st.lists(st.one_of(BLOCK, BLOCK, BLOCK, TABLE), max_size=25).map(
    lambda blocks: Document(name="a.txt", format="txt", blocks=tuple(blocks))
)
# The part begins inside the one unit that the paragraph is.
OVER = Document(
    name="a.txt",
    format="txt",
    blocks=(Block(text="整改措施：年内 一是第二项由办公室负责，", paragraph=1, number="一、"),),
)


def hold(report: ParsedReport) -> None:
    """Every promise a reading makes about itself."""
    for item in (*report.shortcomings, *report.plans):
        assert item.text
        assert item.spans
        assert "\n".join(report.text[span.start : span.end] for span in item.spans) == item.text
        assert list(item.spans) == sorted(item.spans, key=lambda span: span.start)
        for words in item.assigned:
            assert words.text == report.text[words.span.start : words.span.end]
    for left in report.leftovers:
        assert report.text[left.span.start : left.span.end] == left.text
        assert left.reason
    for shortcoming in report.shortcomings:
        assert shortcoming.cause is None or all(line in report.text for line in shortcoming.cause.split("\n"))
        assert all(0 <= place < len(report.plans) for place in shortcoming.answered_by)
    for plan in report.plans:
        assert plan.answers is None or 0 <= plan.answers < len(report.shortcomings)
    if not report.shortcomings or not report.plans:
        assert report.hints


def uncovered(document: Document, report: ParsedReport) -> list[str]:
    """Words of the sections read that are in no item, assign nothing to one, and are in no cause and no leftover."""
    source = Source.of(document)
    frame = frame_of(source, document.headlines)
    year = metadata_of(document, source, frame).year
    told = year.value if year else None
    held = bytearray(len(source.text))
    for span in [
        span
        for item in (*report.shortcomings, *report.plans)
        for span in (*item.spans, *(words.span for words in item.assigned))
    ]:
        held[span.start : span.end] = b"\1" * (span.end - span.start)
    for left in report.leftovers:
        held[left.span.start : left.span.end] = b"\1" * (left.span.end - left.span.start)
    for shortcoming in report.shortcomings:
        for line in (shortcoming.cause or "").split("\n"):
            for match in re.finditer(re.escape(line), source.text) if line else ():
                held[match.start() : match.end()] = b"\1" * len(line)
    missing = []
    for region in outline(source, frame, told):
        if region.kind is Kind.OTHER:
            continue
        for _, part in lines_in(frame, region.stretch):
            rest = "".join(source.text[at] if not held[at] else "\0" for at in range(part.start, part.end))
            missing += [words for words in re.split("[\0，]", rest) if re.search(r"\w", words)]
    return missing


MARKS = re.compile(
    r"[\W_]*(?:(?:存在)?(?:问题|不足|短板|差距|弱项|任务|措施|举措|困难|事项)?(?:第?[一二三四五六七八九十\d]+)?(?:(?:个|项|点)?(?:方面|问题|短板)?是|要|抓|部分|章|节)?|首先|其次|再次|再者|最后|其[一二三四五六七八]|此外|另外|还有|再有|除此之外|(?:另|再|还有)?(?:一个是|一方面)"
    r"|[①-⑳㈠-㈩⑴-⑿⒈-⒓oOl])*[\W_]*"
)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
)
@given(DOCUMENT)
@example(OVER)
def test_any_document_is_read_whole_or_refused_in_words(made: Document) -> None:
    report = read_document(made, sha256="", anyway=True)
    hold(report)
    assert [words for words in uncovered(made, report) if not MARKS.fullmatch(words)] == []
    with contextlib.suppress(NotAReport):
        assert read_document(made, sha256="") == report


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_nothing_in_a_sample_is_dropped_in_silence(sample: Path) -> None:
    made = open_document(sample)
    report = read_document(made, sha256="")
    hold(report)
    assert [words for words in uncovered(made, report) if not MARKS.fullmatch(words)] == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SAMPLES), st.randoms(use_true_random=False))
def test_a_report_torn_apart_is_still_read_or_refused(sample: Path, chance: random.Random) -> None:
    made = open_document(sample)
    blocks = list(made.blocks)
    for _ in range(chance.randint(1, 4)):
        torn = chance.randrange(4)
        at = chance.randrange(len(blocks)) if blocks else 0
        if torn == 0:
            chance.shuffle(blocks)
        elif torn == 1:
            blocks = [block for block in blocks if len(block.text) > 30 or block.rows]
        elif torn == 2:
            blocks = blocks[:at]
        elif blocks:
            text = blocks[at].text
            cut = chance.randrange(len(text) + 1)
            blocks[at] = replace(blocks[at], text=text[cut:] + text[:cut])
    torn_apart = replace(made, blocks=tuple(blocks))
    report = read_document(torn_apart, sha256="", anyway=True)
    hold(report)
    assert [words for words in uncovered(torn_apart, report) if not MARKS.fullmatch(words)] == []


HARD: dict[str, Callable[[int], str]] = {
    "one paragraph": lambda n: "存在执法力量不足的问题" * n,
    "clauses": lambda n: "因为力量不足，受影响，由于经费，" * n,
    "sentences": lambda n: "执法力量不足，主要是编制紧张。" * n,
    "items": lambda n: "；".join(f"{'一二三'[i % 3]}是力量不足" for i in range(n)),
    "lines": lambda n: "\n".join(f"{i % 99}.力量不足，下一步将招录人员。" for i in range(n)),
    "headings": lambda n: "\n".join("三、存在的不足" for _ in range(n)),
    "quotes": lambda n: "“" * n + "力量不足”" * n,
    "brackets": lambda n: "（" * n + "不足" + "）" * n,
    "figures": lambda n: "受理12件，办结11件，" * n,
    "spaces": lambda n: " " * n + "\u3000" * n + "不足",
    "labels": lambda n: "\n".join("整改措施：招录人员。\n原因：编制紧张。" for _ in range(n)),
    "generic": lambda n: "还存在一些不足和问题" * n,
}


@pytest.mark.slow
@pytest.mark.parametrize("shape", HARD)
def test_cost_grows_with_length_and_no_faster(shape: str) -> None:
    def cost(size: int) -> float:
        text = f"青溪县2023年法治政府建设报告\n三、存在的不足\n{HARD[shape](size)}\n四、下一步打算\n{HARD[shape](size)}"
        made = document(text)
        best = 9.0
        for _ in range(2):
            began = time.process_time()
            read_document(made, sha256="", anyway=True)
            best = min(best, time.process_time() - began)
        return best

    small, large = cost(100), cost(1000)
    assert large < 0.15 or large / max(small, 0.004) < 25
