"""The briefing: the same version gives the same bytes, the standard's layout, and nothing but what the rows say."""

import io
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as Opened
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Length

from core.errors import Unreadable
from documents.halfyear.annex import ANNEX_HEADS
from documents.halfyear.briefing_docx import fields, template, write_briefing
from documents.halfyear.briefing_words import GROUP_COLUMNS, briefing_words
from documents.sentences import Counted, plain
from models.enums import ItemKind, Status
from rectification.halfyear.duty import DutyFacts, Meeting
from rectification.halfyear.freezing import Version
from rectification.labels import NOT_ALL_DONE
from rectification.lists.figures import InLedger, Row, Whole, count, rows_behind
from tests.unit.documents.briefing_sample import sample_version


def holding(*rows: Row, listed: int = 10) -> Version:
    version = sample_version()
    problems = sum(row.is_problem for row in rows)
    whole = InLedger(Whole(problems + 2, earlier=2, closed=1), Whole(len(rows) - problems))
    frozen = replace(version.frozen, rows=rows, figures=count(rows), listed=listed, left_out=0, whole=whole)
    return replace(version, frozen=frozen)


def problem(number: int = 1, **more: object) -> Row:
    row = sample_version().frozen.rows[0]
    return replace(row, task_id=number, code=f"2025-{number:03d}", **more)  # type: ignore[arg-type]


def opened(paper: bytes) -> Opened:
    return Document(io.BytesIO(paper))


def text_of(paper: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in opened(paper).paragraphs)


def checks_of(paper: bytes) -> dict[str, str]:
    """The 核验单, which is the last table."""
    return {row.cells[0].text: row.cells[1].text for row in opened(paper).tables[-1].rows}


def measured(*lengths: Length | None) -> list[float]:
    """Lengths in whole millimetres."""
    return [round(length.mm) for length in lengths if length is not None]


@pytest.mark.parametrize("is_full", [False, True])
def test_the_same_version_gives_the_same_bytes(is_full: bool) -> None:
    assert write_briefing(sample_version(), is_full=is_full) == write_briefing(
        sample_version(), is_full=is_full
    )


def test_sections_have_the_standards_margins_and_the_annex_lies_across() -> None:
    sections = opened(write_briefing(sample_version())).sections
    body, *annexes = sections
    assert measured(body.page_width, body.page_height) == [210, 297]
    margins = measured(body.top_margin, body.bottom_margin, body.left_margin, body.right_margin)
    assert margins == [37, 35, 28, 26]
    assert len(annexes) == 2
    assert all(annex.orientation is WD_ORIENT.LANDSCAPE for annex in annexes)
    assert [measured(annex.page_width, annex.page_height) for annex in annexes] == [[297, 210]] * 2


def test_a_page_holds_22_lines_of_28_characters() -> None:
    paper = opened(write_briefing(sample_version()))
    grid = paper.sections[0]._sectPr.find(qn("w:docGrid"))
    assert grid is not None
    pitch = int(grid.get(qn("w:linePitch"), "0"))
    height = (297 - 37 - 35) / 25.4 * 1440
    assert 22 <= height / pitch < 22.2
    style = paper.styles["Normal"]
    size = style.font.size
    spacing = style.element.rPr.find(qn("w:spacing"))
    width = size.pt + int(spacing.get(qn("w:val"))) / 20
    assert 28 <= (210 - 28 - 26) / 25.4 * 72 / width < 28.5


def test_levels_stand_in_the_fonts_of_the_standard() -> None:
    paper = opened(write_briefing(sample_version(), is_full=True))
    fonts = {
        name: (
            paper.styles[name].element.rPr.rFonts.get(qn("w:eastAsia")),
            paper.styles[name].font.size.pt,
        )
        for name in ("Title", "Heading 1", "Heading 2", "Normal")
    }
    assert fonts == {
        "Title": ("方正小标宋简体", 22),
        "Heading 1": ("黑体", 16),
        "Heading 2": ("楷体_GB2312", 16),
        "Normal": ("仿宋_GB2312", 16),
    }


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages() -> None:
    paper = opened(write_briefing(sample_version()))
    assert paper.settings.odd_and_even_pages_header_footer
    section = paper.sections[0]
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        paragraph = footer.paragraphs[0]
        assert paragraph.text.replace(" PAGE ", "") == "—  —"
        assert str(paragraph.alignment).lower().startswith(side)


def test_it_says_that_it_is_a_draft_and_what_it_stands_on() -> None:
    paper = write_briefing(sample_version())
    text, checks = text_of(paper), checks_of(paper)
    assert "【草稿】" in text
    assert "（2026年7月1日）" in text
    assert "0" * 16 not in text, "nobody reads a check value aloud"
    assert "冻结数据第1版" in checks["数据依据"]
    assert checks["办理记录"] == "9条"
    assert checks["末条校验值"].replace("\n", "") == "0" * 64


def test_a_preview_says_that_nothing_is_frozen() -> None:
    checks = checks_of(write_briefing(replace(sample_version(), number=0)))
    assert "尚未冻结" in checks["数据依据"]
    assert "冻结数据第" not in checks["数据依据"]


def test_every_figure_in_a_sentence_is_the_number_of_rows_behind_it() -> None:
    version = holding(
        *(
            problem(n, overdue_days=n % 2, extensions=n % 3, unit=f"{n % 2}科", unit_order=n % 2)
            for n in range(1, 8)
        ),
        problem(8, status=Status.CLOSED, overdue_days=0),
        problem(9, status=Status.TERMINATED, overdue_days=0, kind=ItemKind.PLAN),
    )
    words = briefing_words(version)
    said = [piece for line in (*words.overall, *words.carried_on) for piece in line]
    tables = [figure for line in (*words.units, *words.sources) for figure in line.figures.values()]
    figures = [piece for piece in (*said, *tables) if isinstance(piece, Counted)]
    assert len(figures) > 30
    for figure in figures:
        assert len(rows_behind(version.frozen.rows, figure.selection)) == figure.value


def test_the_annex_holds_every_row_and_the_text_only_the_worst() -> None:
    rows = [problem(n, overdue_days=n) for n in range(1, 31)]
    paper = write_briefing(holding(*rows, listed=3))
    annex = opened(paper).tables[1]
    assert [row.cells[1].text for row in annex.rows[1:]] == [row.code for row in rows]
    text = text_of(paper)
    assert "2025-030" in text
    assert "2025-027" not in text
    assert "其余27项超期事项见附件。" in text


def crowded(number: int, **more: object) -> Row:
    said = {"late_reason": "人手不足。" * 40, "needs_decision": "请研究经费。" * 20, "cause": "把关不严" * 30}
    return problem(number, title="规范执法案卷制作" * 8, text="修订" * 99, **{**said, **more})


@pytest.mark.parametrize("is_full", [False, True])
def test_500_tasks_leave_the_text_short_enough_to_be_heard(is_full: bool) -> None:
    late = [crowded(n, overdue_days=n) for n in range(1, 501)]
    done = [
        crowded(n, kind=ItemKind.PLAN, status=Status.CLOSED, ended_on=date(2026, 6, 1))
        for n in range(501, 600)
    ]
    paper = write_briefing(holding(*late, *done), is_full=is_full)
    assert 1500 < len(text_of(paper)) < 3000
    assert len(opened(paper).tables[1].rows) == 501, "the annex holds them all"


def section_five(*rows: Row, listed: int = 10) -> list[str]:
    lines = text_of(write_briefing(holding(*rows, listed=listed), is_full=True)).split("\n")
    start = next(n for n, line in enumerate(lines) if line.startswith("五、"))
    return lines[start + 1 : next(n for n, line in enumerate(lines) if line.startswith("六、"))]


def test_the_problems_are_told_in_the_ledgers_own_words_the_longest_overdue_first() -> None:
    fresh = problem(
        1, title="案卷制作不规范", cause="审核不严", issued_on=date(2026, 3, 2), overdue_days=0, extensions=0
    )
    late = problem(2, title="答复不及时", cause="", issued_on=date(2025, 9, 1), overdue_days=9)
    once = problem(3, title="记录不全", overdue_days=0, is_recurring=False, extensions=0)
    ended = problem(4, status=Status.CLOSED, overdue_days=0)
    unit, listed, due = fresh.unit, "2026年3月2日列入整改", "整改中，原定2026年4月30日，调整为2026年5月29日"
    assert section_five(fresh, once, late, ended) == [
        "部分问题整改滞后，1项已超过时限。",
        "部分问题反复出现，共2项。",
        f"1.答复不及时（2025-002，{unit}）：2025年9月1日列入整改，整改中，已超期9天，反复出现。",
        f"2.案卷制作不规范（2025-001，{unit}）：{listed}，{due}，反复出现。原因：审核不严。",
        f"3.记录不全（2025-003，{unit}）：{listed}，{due}。原因：案件审核环节把关不严。",
    ]
    assert section_five(fresh, late, once, listed=1)[-1] == "其余2项见附件1。"


def test_a_problem_that_waits_for_others_says_since_when() -> None:
    waiting = problem(1, status=Status.VERIFIED, submitted_on=date(2026, 5, 20), overdue_days=0)
    assert "2026年5月20日申请销号，待审签，反复出现" in section_five(waiting)[-1]


def test_only_where_nothing_is_open_the_office_is_asked_for_its_problems() -> None:
    plan = problem(2, kind=ItemKind.PLAN, overdue_days=0)
    assert section_five(problem(1, status=Status.CLOSED, overdue_days=0), plan) == ["【请填写】"]


def test_an_overdue_task_without_a_reason_asks_for_it() -> None:
    assert "【请填写超期原因】" in text_of(write_briefing(holding(problem(late_reason=""))))


def test_the_reasons_of_what_is_late_are_told_in_one_place() -> None:
    late = problem(title="答复不及时", cause="签转环节多。没有提醒。", late_reason="")
    text = text_of(write_briefing(holding(late), is_full=True))
    assert "超期32天。产生原因：签转环节多。没有提醒。超期原因：【请填写超期原因】" in text
    assert text.count("签转环节多") == 1, "not a second time among the problems"


def test_a_closing_is_shortened_at_a_sentences_end_and_why_not_all_was_done_is_another_thing() -> None:
    said = "12件差评回访11件。" + "材料由9份减到3份，启用一次告知单后的46件办件没有再补正的。" * 3
    statement = f"{said}\n{NOT_ALL_DONE}1件联系不上，已登报告知"
    closed = problem(status=Status.CLOSED, ended_on=date(2026, 6, 8), overdue_days=0, statement=statement)
    (line,) = [plain(each) for each in briefing_words(holding(closed)).results if "2025-001" in plain(each)]
    assert line.endswith("没有再补正的。没有全部完成的原因：1件联系不上，已登报告知。")
    assert "……" not in line
    assert NOT_ALL_DONE not in line
    assert " " not in line


def test_what_falls_due_before_the_next_half_year_stands_with_what_is_unfinished() -> None:
    days = (date(2026, 6, 25), date(2026, 7, 9))
    rows = [
        problem(n, due_on=day, original_due_on=day, deadline_on=day, overdue_days=0, extensions=0)
        for n, day in enumerate(days, 1)
    ]
    version = holding(*rows)
    period = replace(version.frozen.period, cut_off_on=date(2026, 6, 20))
    words = briefing_words(replace(version, frozen=replace(version.frozen, period=period)))
    unfinished = [plain(said) for said in words.overdue]
    assert unfinished[-2] == "其中1项应在2026年6月30日前完成或检查。"
    assert "应于2026年6月25日前销号" in unfinished[-1]
    coming = [plain(said) for said in words.falling_due]
    assert coming[0] == "2026年下半年到期或应检查的事项1项。"
    assert "应于2026年7月9日前销号" in coming[1]


def test_the_annex_says_what_it_holds_and_a_moved_date_in_the_ledgers_words() -> None:
    paper = write_briefing(holding(problem(1), problem(2, extensions=0)))
    assert "问题整改台账（本期2项，截至2026年6月30日）" in text_of(paper)
    extended, adjusted = (row.cells[6].text for row in opened(paper).tables[1].rows[1:])
    assert "（原定2026年4月30日，延期1次）" in extended
    assert "（原定2026年4月30日，已调整）" in adjusted
    assert "原定2026年4月30日，延期至2026年5月29日，超期32天" in text_of(paper)


def test_without_tasks_it_still_is_a_paper() -> None:
    paper = write_briefing(holding())
    text = text_of(paper)
    assert "整改台账中没有需要整改的问题" in text
    assert "没有超期事项" in text
    assert [table.rows[-1].cells[0].text for table in opened(paper).tables[:-1]] == ["无"] * 3


def test_odd_characters_are_held_and_fields_in_a_text_stay_words() -> None:
    odd = '控制\x07符、<标签>&"引号"、{{ 7 * 6 }}、{% raw %}、😀𠮷、\ud800半个'
    paper = write_briefing(holding(problem(text=odd)))
    cell = opened(paper).tables[1].rows[1].cells[2].text
    assert cell == '控制符、<标签>&"引号"、{{ 7 * 6 }}、{% raw %}、😀𠮷、半个'


def test_the_whole_skeleton_asks_where_the_ledger_knows_nothing() -> None:
    text = text_of(write_briefing(sample_version(), is_full=True))
    heads = ["一、基本情况", "四、问题整改情况", "（一）总体情况", "五、存在的主要问题", "七、提请研究事项"]
    assert [text.index(head) for head in heads] == sorted(text.index(head) for head in heads)
    assert text.count("【请填写】") >= 4
    assert "六、2026年下半年工作安排" in text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def replaced(folder: Path, *lines: str) -> None:
    paper = Document()
    for line in lines:
        paper.add_paragraph(line)
    paper.save(str(folder / "briefing.docx"))


def test_an_office_may_replace_the_template(folder: Path) -> None:
    replaced(folder, "{{ bureau }}专用稿", "{%p for item in overdue %}", "{{ item }}", "{%p endfor %}")
    text = text_of(write_briefing(sample_version(), folder=folder))
    assert text.startswith("示例局专用稿\n1.")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{{ bureau_name }}", "bureau_name"),
        ("{% for p in problems %}{{ p.deadline }}{% endfor %}", "deadline"),
        ("{{ bureau", "写法有误"),
        ("{{ bureau.__class__.__mro__ }}", "不能这样用"),
    ],
)
def test_a_replaced_template_with_a_wrong_field_is_refused_by_its_name(
    folder: Path, line: str, told: str
) -> None:
    replaced(folder, line)
    with pytest.raises(Unreadable, match=told):
        write_briefing(sample_version(), folder=folder)
    sample = fields(briefing_words(sample_version()))
    assert told in template(is_full=False, folder=folder).problem(sample)


def test_a_replaced_template_that_is_no_word_file_is_refused(folder: Path) -> None:
    (folder / "briefing.docx").write_bytes(b"not a document")
    with pytest.raises(Unreadable, match="不是完整的 Word 文档"):
        write_briefing(sample_version(), folder=folder)


def test_the_shipped_templates_have_no_unknown_field() -> None:
    sample = fields(briefing_words(sample_version()))
    assert [template(is_full=is_full).problem(sample) for is_full in (False, True)] == ["", ""]


@pytest.mark.parametrize("is_full", [False, True])
def test_the_shipped_templates_have_every_column_with_its_head(is_full: bool) -> None:
    tables = opened(template(is_full=is_full).source()).tables
    cells = Counter(cell.text for table in tables for row in table.rows for cell in row.cells)
    heads = [f"heads.{column.key}" for column in GROUP_COLUMNS]
    heads += [f"{annex}.{key}" for annex in ("problem_heads", "plan_heads") for key in ANNEX_HEADS]
    groups = [f"line.{key}" for key in ("name", *(column.key for column in GROUP_COLUMNS))]
    lines = [f"line.{key}" for key in ANNEX_HEADS]
    asked = Counter([*heads, *groups, *lines, *lines, "line.name", "line.value"])
    assert {name: cells[f"{{{{ {name} }}}}"] for name in asked} == dict(asked)


def test_words_follow_the_ledger_and_nothing_else() -> None:
    words = briefing_words(holding(problem(overdue_days=0, needs_decision="")))
    assert [plain(said) for said in words.requests] == ["本期各责任单位没有提出提请研究事项。"]
    assert plain(words.overall[0]) == (
        "截至2026年6月30日，整改台账共有问题3项（全部在账，含往年2项），已销号1项，整改率33.3%；其中以前各期已了结2项，本期问题1项，"
        "本期整改率0.0%（整改率＝已销号项数÷（问题总数－已终止项数））。"
    )
    assert plain(words.overall[1]) == (
        "本期（2026年1月1日至2026年6月30日）问题1项，其中上期结转1项，本期新增0项；2025年度报告1项。已销号0项，"
        "正在整改1项，其中已超期0项；经批准延期1项。"
    )


def test_a_closing_is_told_in_its_own_words_and_a_number_beside_its_task() -> None:
    closed = problem(
        1,
        title="案卷制作不规范",
        status=Status.CLOSED,
        ended_on=date(2026, 6, 8),
        overdue_days=0,
        statement="评查40件全部合格。",
    )
    counted = problem(2, overdue_days=0, count_total=72, count_done=60)
    text = text_of(write_briefing(holding(closed, counted)))
    assert (
        f"1.案卷制作不规范（2025-001，{closed.unit}，{closed.officer}），2026年6月8日销号：评查40件全部合格。"
        in text
    )
    assert "；按数量计的1项任务所列共72项，已整改60项（83.3%），不计入按任务算的比率。" in text


def test_the_sums_are_printed_and_a_new_date_is_no_extension() -> None:
    redated = problem(1, extensions=0, was_redated=True)
    paper = write_briefing(holding(redated))
    assert checks_of(paper)["问题数字"].split("\n") == [
        "全部在账3项＝以前各期已了结2项＋本期1项",
        "本期问题1项＝上期结转1项＋本期新增0项＋回头看重开0项",
        "本期问题1项＝已销号0项＋正在整改1项＋终止0项",
        "已销号0项＝按期申请0项＋超期申请0项",
    ]
    assert "经批准延期0项，超期后重定时限1项。" in text_of(paper)
    assert "（原定2026年4月30日，超期后重定时限）" in opened(paper).tables[1].rows[1].cells[6].text


def test_what_the_last_meeting_decided_is_told_with_what_became_of_it() -> None:
    version = holding(problem(1, title="案卷制作不规范", overdue_days=0, is_recurring=False, extensions=0))
    heard = Meeting(date(2026, 1, 20), "党组", "听取汇报", "党组纪要〔2026〕2号", ("2025-001", "2024-009"))
    version = replace(version, frozen=replace(version.frozen, last_heard=heard))
    text = text_of(write_briefing(version))
    assert (
        "2026年1月20日党组会议（党组纪要〔2026〕2号）议定事项2项，列入本期台账1项，已完成0项，正在办理1项。"
        in text
    )
    assert "）：整改中，原定2026年4月30日，调整为2026年5月29日。" in text


def test_a_period_before_the_ledger_began_says_so() -> None:
    version = holding()
    text = text_of(
        write_briefing(replace(version, frozen=replace(version.frozen, begun_on=date(2026, 7, 2))))
    )
    assert "本台账最早的事项于2026年7月2日下达，本期在此之前，台账没有数据。" in text
    assert "没有需要整改的问题" not in text


def test_no_meeting_recorded_is_asked_for_and_not_counted() -> None:
    version = holding()
    text = text_of(
        write_briefing(replace(version, frozen=replace(version.frozen, duty=DutyFacts())), is_full=True)
    )
    assert "汇报0次" not in text
    assert "听取法治建设工作汇报【请填写】" in text
