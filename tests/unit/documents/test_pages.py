"""Papers as pages: every figure leads to its rows, text is escaped, and nothing is fetched."""

import io
import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from docx import Document
from lxml import etree, html

from documents.halfyear.briefing_page import briefing_body
from documents.halfyear.briefing_words import briefing_words
from documents.halfyear.summary_docx import write_bulletin
from documents.halfyear.summary_page import summary_body
from documents.halfyear.trend import PANEL, PAPER, TOP, closed_words, trend_svg
from documents.sentences import Counted
from rectification.halfyear.freezing import Version
from rectification.halfyear.summaries import SummaryPage, TrendPoint, last_month, month_of
from rectification.lists.figures import Period
from tests.unit.documents.briefing_sample import sample_version

URL = "http://board.example/tasks/{}".format


def with_text(text: str) -> Version:
    version = sample_version()
    rows = tuple(replace(row, text=text, title=text) for row in version.frozen.rows)
    return replace(version, frozen=replace(version.frozen, rows=rows))


def summary(**more: object) -> SummaryPage:
    rows = sample_version().frozen.rows
    page = SummaryPage("示例局", month_of(date(2026, 6, 5)), rows, rows, trend=points(12))
    return replace(page, **more)  # type: ignore[arg-type]


def points(number: int, highest: int = 9) -> tuple[TrendPoint, ...]:
    return tuple(
        TrendPoint(date(2026, n + 1, 28), open=highest - n % 3, overdue=n % 3, closed=n % 2)
        for n in range(number)
    )


def words_in(element: etree._Element) -> str:
    return "".join(str(text) for text in element.itertext())


def text_of(paper: str) -> str:
    return words_in(html.fromstring(paper))


def test_every_figure_of_the_briefing_leads_to_a_list_of_its_tasks() -> None:
    version = sample_version()
    tree = html.fromstring(briefing_body(version, URL))
    links = [link for link in tree.iter("a") if (link.get("href") or "").startswith("#")]
    assert len(links) > 10
    for link in links:
        name = (link.get("href") or "")[1:]
        behind = tree.xpath(f"count(//dt[@id='{name}']/following-sibling::dd[1]/a)")
        assert behind == int(link.text or "")


def test_page_and_paper_say_the_same_figures() -> None:
    version = sample_version()
    words = briefing_words(version)
    told = text_of(briefing_body(version, URL))
    for sentence in (*words.overall, *words.overdue, *words.requests):
        assert "".join(str(piece) for piece in sentence) in told
    figures = [str(f) for line in words.units for f in line.figures.values() if isinstance(f, Counted)]
    cells = [words_in(cell) for cell in html.fromstring(briefing_body(version, URL)).iter("td")]
    assert figures == cells[: len(figures)]


def test_tasks_are_linked_on_the_board() -> None:
    assert 'href="http://board.example/tasks/2025-001"' in briefing_body(sample_version(), URL)


def test_hostile_text_stays_text() -> None:
    text = "<script>alert(1)</script>{{ 7*7 }}\"'&"
    told = briefing_body(with_text(text), URL)
    assert "<script" not in told
    assert text in unescape(told)
    assert "<script" not in summary_body(summary(rows=with_text(text).frozen.rows), URL)


@pytest.mark.parametrize("paper", [briefing_body(sample_version(), URL), summary_body(summary(), URL)])
def test_a_page_fetches_nothing(paper: str) -> None:
    tree = html.fromstring(paper)
    assert not list(tree.iter("script", "link", "img", "iframe"))
    assert not re.search(r"url\(|@import", paper)


def test_the_month_page_tells_what_moved_what_is_stuck_and_with_whom() -> None:
    told = text_of(summary_body(summary(), URL))
    assert "2026年6月整改进展通报" in told
    assert "本期变化（2项）" in told
    assert "超期32天，张三" in told
    assert "不计分、不排名" in told


def test_an_empty_month_still_is_a_page() -> None:
    told = summary_body(summary(rows=(), year=(), trend=()), URL)
    assert "没有超期事项" in told
    assert "<h2>本期变化（0项）</h2>\n<p>没有。</p>" in told


def test_the_bulletin_as_a_paper_tells_the_same_and_its_sums_can_be_checked() -> None:
    page = summary()
    paper = Document(io.BytesIO(write_bulletin(page)))
    told = [paragraph.text for paragraph in paper.paragraphs]
    assert told[0] == f"{page.bureau}\n2026年6月整改进展通报"
    assert "二、本期变化（2项）" in told
    assert any(f"本期问题{page.figures.problems.total}项＝上期结转" in line for line in told)
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    assert any(cell.startswith("超期32天，张三") for cell in cells)
    empty = Document(io.BytesIO(write_bulletin(summary(rows=(), year=(), trend=()))))
    assert sum(paragraph.text == "没有。" for paragraph in empty.paragraphs) == 3


@pytest.mark.parametrize(("number", "highest"), [(12, 9), (1, 0), (12, 1000), (0, 0)])
def test_the_trend_is_whole_svg_with_its_figures_as_text(number: int, highest: int) -> None:
    tree = etree.fromstring(trend_svg(points(number, highest)))
    title = tree.findtext("{*}title") or ""
    assert title.count("未销号") == number
    texts = {node.text for node in tree.iter("{*}text")}
    assert {"未销号问题", "其中超期"} <= texts
    bars = [bar for bar in tree.iter("{*}rect") if bar.get("class") == "open"][1:]
    late = [bar for bar in tree.iter("{*}rect") if bar.get("class") == "overdue"][1:]
    assert len(bars) == len(late) == number
    for point, whole, part in zip(points(number, highest), bars, late, strict=True):
        heights = [float(each.get("height", "")) for each in (part, whole)]
        assert min(heights) >= 0
        assert sum(heights) <= PAPER.floor - TOP + 0.2
        if point.open > 0:
            assert heights[0] / sum(heights) == pytest.approx(point.overdue / point.open, abs=0.02)
        assert str(point.open) in texts


def test_what_was_closed_is_told_in_words() -> None:
    assert closed_words(points(3)) == "近3个月销号1项（2月1项）"
    assert closed_words(points(1)) == "近1个月销号0项"


def test_the_last_bar_of_the_board_is_today() -> None:
    assert "今天" in trend_svg(points(12), PANEL)
    assert "今天" not in trend_svg(points(12))


def test_months_are_named_by_their_ends() -> None:
    assert last_month(date(2026, 3, 2)) == Period(date(2026, 2, 1), date(2026, 2, 28))
    assert last_month(date(2026, 1, 5)) == month_of(date(2025, 12, 31))
    assert summary(period=Period(date(2026, 1, 1), date(2026, 6, 30))).label == "2026-01-01至2026-06-30"
