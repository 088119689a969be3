"""The half-year on the command line: open, freeze, write the paper."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import Workbook, load_workbook
from sqlalchemy import update

from app.cli.common import ledger
from core.settings import load_settings
from models import shards
from models.enums import AnnualStage, Cadence, Status
from models.review import FrozenVersion
from rectification.halfyear import cycles, freezing
from rectification.halfyear.review_days import Term
from rectification.office.actors import actor_by_login
from rectification.yearly import steps
from tests.cli import Rectify
from tests.factories import actor, clock_on, make_bureau, make_task

HALF = ("--year", "2026", "--half", "1")


@pytest.fixture
def office(rectify: Rectify) -> Rectify:
    """A bureau with one open and one closed problem."""
    rectify.ok("unit", "list")
    with ledger().unit_of_work() as session:
        made = make_bureau(session)
        make_task(session, made)
        make_task(session, made, status=Status.CLOSED)
    return rectify


def words(file: Path) -> str:
    return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(file.read_bytes())).paragraphs)


def test_a_half_year_from_opening_to_paper(office: Rectify, tmp_path: Path) -> None:
    opened = office.ok("review", "open", *HALF, "--as", "clerk", "--on", "2026-06-02")
    assert "数据截至 2026-06-30" in opened.out
    frozen = office.ok("review", "freeze", "--as", "clerk", "--on", "2026-07-01", "--json").json
    assert (frozen["term"], frozen["version"]) == ("2026年上半年", 1)
    assert (frozen["figures"]["problems"]["total"], frozen["figures"]["problems"]["closed"]) == (2, 1)
    paper = tmp_path / "汇报.docx"
    written = office.ok("briefing", "write", *HALF, "--out", paper, "--on", "2026-09-01")
    assert "第1版" in written.out
    assert "共有问题2项" in words(paper)
    assert "本期（2026年1月1日至2026年6月30日）问题2项" in words(paper)
    assert office.ok("review", "status", "--on", "2026-07-01", "--json").json["version"] == 1


def test_freezing_a_period_before_the_ledger_began_says_so(office: Rectify) -> None:
    past = ("--year", "2024", "--half", "1")
    office.ok("review", "open", *past, "--as", "clerk", "--on", "2026-07-01")
    frozen = office.ok("review", "freeze", *past, "--as", "clerk", "--on", "2026-07-01")
    assert "本台账最早的事项于" in frozen.err
    assert "按纸质日期补录后再次冻结" in frozen.err


def test_a_briefing_can_be_drafted_before_anything_is_opened_or_frozen(
    office: Rectify, tmp_path: Path
) -> None:
    paper = tmp_path / "汇报.docx"
    written = office.ok("briefing", "write", *HALF, "--out", paper, "--on", "2026-05-20")
    assert "尚未冻结" in written.out
    assert "截至2026年5月20日" in words(paper)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("review", "freeze", *HALF, "--as", "clerk"), "还没有开启"),
        (("review", "open", *HALF, "--as", "officer", "--on", "2026-06-02"), "台账管理员"),
        (("briefing", "write", "--out", "x.docx"), "还没有开启过调度"),
        (("briefing", "write", "--year", "2031", "--half", "1", "--out", "x.docx"), "还没有开始"),
        (("briefing", "write", *HALF, "--out", "/nowhere/x.docx", "--on", "2026-07-01"), "写不了文件"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    office: Rectify, arguments: tuple[str, ...], told: str
) -> None:
    said = office(*arguments)
    assert said.code == 1
    assert told in said.err
    assert len(said.err.strip().splitlines()) == 1


def test_a_template_can_be_taken_changed_and_put_back(office: Rectify, tmp_path: Path) -> None:
    taken, paper = tmp_path / "我改的.docx", tmp_path / "汇报.docx"
    office.ok("documents", "template", "汇报材料", "--out", taken)
    changed = Document(str(taken))
    changed.paragraphs[0].text = "{{ bureau }}自拟标题"
    changed.save(str(taken))
    office.ok("documents", "template", "briefing", "--use", taken)
    office.ok("briefing", "write", *HALF, "--out", paper, "--on", "2026-07-01")
    assert words(paper).startswith("云山县交通运输局自拟标题")
    assert "汇报材料　briefing.docx　本单位的" in office.ok("documents", "template").out
    office.ok("documents", "template", "briefing", "--shipped")
    office.ok("briefing", "write", *HALF, "--out", paper, "--on", "2026-07-01")
    assert "自拟标题" not in words(paper)


def test_what_an_office_puts_over_its_papers_stands_on_every_one(office: Rectify, tmp_path: Path) -> None:
    taken, paper = tmp_path / "公文.docx", tmp_path / "报告.docx"
    office.ok("documents", "template", "公文版式", "--out", taken)
    changed = Document(str(taken))
    changed.add_paragraph("云山县交通运输局文件")
    changed.save(str(taken))
    office.ok("documents", "template", "公文版式", "--use", taken)
    office.ok("breakdown", "export", paper)
    assert words(paper).startswith("云山县交通运输局文件")


def footer_of(book: Workbook, sheet: str) -> Any:
    footer = book[sheet].oddFooter
    assert footer is not None
    return footer.center


def test_the_look_of_tables_is_the_offices_own(office: Rectify, tmp_path: Path) -> None:
    taken, table = tmp_path / "表格.xlsx", tmp_path / "台账.xlsx"
    office.ok("documents", "template", "表格版式", "--out", taken)
    changed = load_workbook(taken)
    footer_of(changed, "台账页").text = "云山县交通运输局 第 &P 页"
    changed.save(taken)
    office.ok("documents", "template", "表格版式", "--use", taken)
    office.ok("ledger", "export", table)
    assert footer_of(load_workbook(table), "整改台账").text == "云山县交通运输局 第 &P 页"
    assert not {"台账页", "表格页"} & set(load_workbook(table).sheetnames)


def without_a_style(path: Path) -> None:
    paper = Document()
    paper.styles["Heading 2"].delete()
    paper.save(str(path))


def without_a_page(path: Path) -> None:
    Workbook().save(path)


def with_a_field_nobody_knows(path: Path) -> None:
    paper = Document()
    paper.add_paragraph("关于{{ 单位名称 }}的汇报")
    paper.save(str(path))


def with_a_loop_left_open(path: Path) -> None:
    paper = Document()
    paper.add_paragraph("汇报")
    paper.add_paragraph("甲{% if bureau %}乙")
    paper.save(str(path))


@pytest.mark.parametrize(
    ("name", "spoilt", "told"),
    [
        ("公文版式", without_a_style, "模板 official.docx 用不了。缺少样式 Heading 2，在“样式列表”处"),
        ("表格版式", without_a_page, "模板 workbook.xlsx 用不了。缺少单元格样式 台账标题"),
        (
            "汇报材料",
            with_a_field_nobody_knows,
            "用到了没有的字段：单位名称，在“关于{{ 单位名称 }}的汇报”处",
        ),
        ("汇报材料全套提纲", with_a_loop_left_open, "在“甲{% if bureau %}乙”处"),
        ("汇报材料", without_a_page, "不是完整的 Word 文档"),
        ("公文版式", without_a_page, "不是完整的 Word 文档"),
        ("表格版式", without_a_style, "不是完整的 Excel 工作簿"),
    ],
)
def test_a_wrong_template_is_refused_with_the_place_and_not_used(
    office: Rectify, tmp_path: Path, name: str, spoilt: Callable[[Path], None], told: str
) -> None:
    wrong = tmp_path / "改坏的模板"
    spoilt(wrong)
    said = office("documents", "template", name, "--use", wrong)
    assert said.code == 1
    assert told in said.err
    assert len(said.err.strip().splitlines()) == 1
    assert list((office.data_dir / "templates").iterdir()) == []


def test_a_template_nobody_knows_is_refused_naming_those_there_are(office: Rectify) -> None:
    said = office("documents", "template", "红头")
    assert said.code == 1
    assert "汇报材料、汇报材料全套提纲、公文版式、表格版式" in said.err


def test_doctor_names_a_field_that_does_not_exist(office: Rectify) -> None:
    own = office.data_dir / "templates" / "briefing.docx"
    changed = Document()
    changed.add_paragraph("{{ 单位名称 }}")
    changed.save(str(own))
    said = office("doctor")
    assert said.code == 1
    assert "briefing.docx" in said.out
    assert "单位名称" in said.out
    changed.paragraphs[0].text = "{{ bureau }}"
    changed.save(str(own))
    assert "正在使用本单位的模板 briefing.docx" in office("doctor").out


def test_who_is_missing_what_was_heard_and_what_was_decided_is_told(office: Rectify, tmp_path: Path) -> None:
    opened = office.ok("run", "semiannual_review", "--on", "2026-06-02", "--json").json
    assert opened["counts"]["opened"] == 1
    again = office.ok("run", "semiannual_review", "--on", "2026-06-02", "--json").json
    assert again["counts"].get("opened", 0) == 0
    [missing] = office.ok("review", "status", "--on", "2026-06-10", "--json").json["missing"]
    stated = ("task", "progress", missing["code"], "--as", "officer", "--text", "已补正。")
    office.ok(*stated, "--on", "2026-06-11")
    assert "还缺 0 项" in office.ok("review", "status", "--on", "2026-06-12").out
    office.ok("review", "freeze", "--as", "clerk", "--on", "2026-07-01")
    paper = tmp_path / "汇报.docx"
    office.ok("briefing", "write", *HALF, "--out", paper)
    ran = office.ok("run", "semiannual_review", "--on", "2026-07-02", "--json").json
    kept = written("2026年上半年汇报材料（第1版）.docx")
    assert (ran["counts"]["papers"], kept.read_bytes()) == (1, paper.read_bytes())
    again = office.ok("run", "semiannual_review", "--on", "2026-07-03", "--json").json
    assert again["counts"].get("papers", 0) == 0
    office.ok(
        *("hearing", "add", "--as", "clerk", "--body", "党组", "--topic", "听取上半年汇报"),
        *("--minutes", "党组纪要〔2026〕7号", "--paper", paper, "--date", "2026-07-10", "--on", "2026-07-12"),
    )
    [row] = office.ok("hearing", "list", "--json").json
    assert (row["term"], row["version"], row["papers"][0]["file_name"]) == ("2026年上半年", 1, "汇报.docx")


def written(name: str) -> Path:
    """The one paper of this name that a flow wrote into the data folder."""
    [place] = load_settings().paper_dir.glob(f"*/{name}")
    return place


def test_the_annual_flow_writes_its_material_until_it_is_drafted(office: Rectify) -> None:
    ran = office.ok("run", "annual_report", "--on", "2026-12-07", "--allow-future", "--json").json
    assert ran["counts"]["papers"] == 2
    assert written("2026年度履职清单.docx").exists()
    assert "二、存在的不足" in words(written("2026年度报告素材.docx"))
    with ledger().unit_of_work() as session:
        day = date(2026, 12, 8)
        steps.record_step(
            session,
            clock_on(day),
            actor_by_login(session, "clerk", today=day),
            2026,
            steps.NewStep(AnnualStage.DRAFT, day),
        )
    later = office.ok("run", "annual_report", "--on", "2026-12-09", "--allow-future", "--json").json
    assert later["counts"].get("papers", 0) == 0


def test_the_months_bulletin_is_written_once(office: Rectify) -> None:
    ran = office.ok("run", "progress_summary", "--on", "2026-06-01", "--json").json
    assert ran["counts"]["papers"] == 1
    assert "2026年5月整改进展通报" in words(written("2026年5月整改进展通报.docx"))
    again = office.ok("run", "progress_summary", "--on", "2026-06-02", "--json").json
    assert again["counts"].get("papers", 0) == 0
    office.ok("review", "open", *HALF, "--as", "clerk", "--on", "2026-06-03")
    office.ok("review", "freeze", "--as", "clerk", "--on", "2026-07-01")
    office.ok("run", "progress_summary", "--on", "2026-07-02")
    assert "依据第1版冻结数据" in words(written("2026年上半年整改进展通报（第1版）.docx"))
    assert "冻结" not in words(written("2026年6月整改进展通报.docx"))


def test_the_half_a_hearing_hears_is_said_or_the_one_that_waits_longest(office: Rectify) -> None:
    office.ok("review", "open", *HALF, "--as", "clerk", "--on", "2026-06-02")
    office.ok("review", "freeze", "--as", "clerk", "--on", "2026-07-01")
    office.ok(
        "--allow-future", "review", "open", *HALF[:2], "--half", "2", "--as", "clerk", "--on", "2026-12-09"
    )
    add = ("--allow-future", "hearing", "add", "--as", "clerk", "--body", "党组", "--on", "2026-12-16")
    said = office.ok(*add, "--topic", "听取全年", "--year", "2026", "--half", "2").out
    assert "听取2026年下半年" in said
    assert "尚未听取" in office.ok("review", "status", *HALF, "--on", "2026-12-17").out
    assert "听取2026年上半年" in office.ok(*add, "--topic", "听取上半年").out
    assert "尚未听取" not in office.ok("review", "status", *HALF, "--on", "2026-12-17").out
    assert "还没有开启" in office(*add, "--topic", "听取", "--year", "2027", "--half", "1").err


def test_one_altered_version_hides_no_other_papers_and_is_told(office: Rectify) -> None:
    """The row is altered past the program, as only a person with the database can."""
    office.ok("review", "open", *HALF, "--as", "clerk", "--on", "2026-06-02")
    office.ok("review", "freeze", "--as", "clerk", "--on", "2026-07-01")
    with ledger().unit_of_work() as session:
        session.execute(update(FrozenVersion).values(content=FrozenVersion.content + " "))
        other = make_bureau(session, "云山县水利局", prefix="w-")
        make_task(session, other)
        by, clock = actor(session, other.clerk), clock_on(date(2026, 7, 1))
        freezing.freeze(
            session, clock, by, cycles.open_review(session, clock, by, Term(Cadence.HALF_YEARLY, 2026, 1))
        )
    run = office.ok("run", "semiannual_review", "--on", "2026-07-02")
    assert "写出材料 1，未能写出的材料 1" in run.out
    assert [place.parent.name for place in load_settings().paper_dir.glob("*/*.docx")] == ["云山县水利局"]
    with ledger().reading() as session:
        assert shards.failing(session, date(2026, 7, 2)) == {"semiannual_review"}


def test_a_paper_that_is_there_is_known_by_its_name(office: Rectify) -> None:
    office.ok("review", "open", *HALF, "--as", "clerk", "--on", "2026-06-02")
    office.ok("review", "freeze", "--as", "clerk", "--on", "2026-07-01")
    assert "写出材料 1" in office.ok("run", "semiannual_review", "--on", "2026-07-02").out
    with ledger().unit_of_work() as session:
        session.execute(update(FrozenVersion).values(content="{}"))
    assert "写出材料" not in office.ok("run", "semiannual_review", "--on", "2026-07-03").out
