"""The ledger as a workbook: what it shows, how it prints, what it keeps back."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import Database
from core.errors import Unreadable
from documents.tables.ledger import LedgerExport, write_ledger
from models.enums import Channel, ItemKind, Light, Status
from models.report import Source
from rectification import casework
from rectification.casework import IssueOrder, NewDraft
from rectification.labels import LIGHT_COLOUR
from rectification.lists.case_file import CaseFile
from rectification.lists.load_case_files import case_files
from rectification.office.actors import Paper, system
from rectification.office.calendar import load_calendar
from rectification.office.people import NewPerson, add_person
from rectification.office.people_by_name import choices_of
from rectification.office.sources import NewSource, source_for
from rectification.tables.ledger import DUE, PROGRESS, SOURCE, STATE
from tests.factories import BY, DAY, Office, acting, case_file, clock_on, make_bureau, make_task
from tests.unit.documents.making import CAUSE, REMARK, SAID, SHOWN_ON, filled_office, raw, whole

PAPER_A3, PAPER_A4 = 8, 9
USUAL = [
    "序号",
    "问题来源",
    "问题类别",
    "具体问题",
    "产生原因",
    "整改目标",
    "整改措施",
    "责任领导",
    "责任单位",
    "配合单位",
    "责任人",
    "整改时限",
    "整改进展/成效",
    "完成状态",
    "佐证材料",
    "销号情况",
    "备注",
]


def exported(database: Database, path: Path, *, is_public: bool = False) -> Path:
    with database.unit_of_work() as session:
        office = filled_office(session)
        choices = choices_of(session, office.bureau.id)
        if is_public:
            make_public(session, office)
    write_ledger(
        path,
        LedgerExport(office.bureau.name, SHOWN_ON, whole(database), is_public=is_public, choices=choices),
    )
    return path


def make_public(session: Session, office: Office) -> None:
    """The report all of the factory's tasks come from is published, as a bureau's is."""
    clerk = acting(session, office.clerk)
    source_id = session.scalars(select(Source.id).where(Source.bureau_id == office.bureau.id)).one()
    casework.publish(session, clock_on(DAY), clerk, source_id, is_published=True)


def heads(sheet: Worksheet) -> list[str]:
    return [str(sheet.cell(4, n).value or sheet.cell(3, n).value) for n in range(1, sheet.max_column + 1)]


def row(sheet: Worksheet, number: int) -> dict[str, str]:
    return {head: str(sheet.cell(4 + number, n).value or "") for n, head in enumerate(heads(sheet), 1)}


def test_problems_stand_in_the_seventeen_usual_columns(database: Database, tmp_path: Path) -> None:
    sheet = load_workbook(exported(database, tmp_path / "台账.xlsx"))["整改台账"]
    assert heads(sheet)[:17] == USUAL
    first = row(sheet, 1)
    assert first["具体问题"] == "执法案卷制作不规范，个别案卷缺少送达回证。"
    assert first["产生原因"] == CAUSE
    assert first["整改措施"] == "1. 修订办案规程（陈路，2026年3月31日前）\n2. 每季度自查一次"
    assert first["配合单位"] == "运输科"
    assert first["整改时限"] == "2026年6月30日"
    assert first["整改进展/成效"] == f"2026年3月20日：{SAID}"
    assert first["完成状态"] == "整改中\n（正常）"
    assert first["备注"] == REMARK
    assert row(sheet, 2)["完成状态"] == "整改中\n（超期10天）"


def test_plans_and_the_three_lists_have_sheets_of_their_own(database: Database, tmp_path: Path) -> None:
    book = load_workbook(exported(database, tmp_path / "台账.xlsx"))
    assert [s.title for s in book.worksheets if s.sheet_state == "visible"] == [
        "整改台账",
        "工作任务台账",
        "问题清单",
        "任务清单",
        "责任清单",
        "待确认和仅存档",
        "填写说明",
    ]
    plan = row(book["工作任务台账"], 1)
    assert plan["具体任务"] == "组织两次案卷评查"
    assert plan["完成状态"] == "办理中\n（正常）"
    assert "办结情况" in plan
    assert "组织两次案卷评查" not in "".join(str(cell.value) for cell in book["整改台账"]["D"])
    tasks = [str(cell.value) for cell in book["任务清单"]["A"][4:]]
    assert tasks == ["一、问题整改（2项）", "1", "2", "二、工作任务（1项）", "1"]
    assert "全部在账2项，含往年0项" in str(book["整改台账"]["A2"].value)
    [kept] = book["待确认和仅存档"].iter_rows(min_row=5, values_only=True)
    assert "待确认" in kept
    assert kept[3] not in [cell.value for cell in book["问题清单"]["E"]], "a draft is no task"


def test_it_prints_across_with_repeated_heads_and_the_key_hidden(database: Database, tmp_path: Path) -> None:
    for sheet in load_workbook(exported(database, tmp_path / "台账.xlsx")).worksheets[1:]:
        paper = PAPER_A3 if sheet.title in ("整改台账", "工作任务台账", "待确认和仅存档") else PAPER_A4
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", paper)
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.print_title_rows == "$3:$4"
    sheet = load_workbook(tmp_path / "台账.xlsx")["整改台账"]
    assert sheet.freeze_panes == "E5"
    assert sheet.auto_filter.ref == "A4:Q6"
    assert sheet.column_dimensions["R"].hidden
    assert sheet.print_area == "'整改台账'!$A$1:$Q$6"
    assert {"A1:Q1", "A3:A4", "B3:E3"} <= {str(merged) for merged in sheet.merged_cells.ranges}
    rules = {
        rule.formula[0]: rule.dxf.font.color.rgb
        for each in sheet.conditional_formatting
        for rule in each.rules
        if str(each.sqref) == "N5:N206"
    }
    for word, light in (
        ("超期", Light.RED),
        ("临期", Light.YELLOW),
        ("正常", Light.GREEN),
        ("已销号", Light.BLUE),
    ):
        assert rules[f'NOT(ISERROR(SEARCH("{word}",N5)))'] == f"00{LIGHT_COLOUR[light][1:]}"
    assert any("单位清单" in str(offer.formula1) for offer in sheet.data_validations.dataValidation)


def case_in(database: Database, status: Status, **facts: object) -> CaseFile:
    """The case file of a new task; `facts` stand in its row."""
    with database.unit_of_work() as session:
        task = make_task(session, make_bureau(session), status=status)
        code, bureau_id = task.code, task.bureau_id
    with database.reading() as session:
        everything = system(bureau_id, Channel.CLI).actor
        found = case_files(session, SHOWN_ON, load_calendar(session), actor=everything)
    [case_file] = [each for each in found if each.row.code == code]
    return replace(case_file, row=replace(case_file.row, **facts))  # type: ignore[arg-type]


def test_a_closed_task_shows_what_it_was_closed_with(database: Database) -> None:
    case_file = case_in(database, Status.CLOSED)
    assert case_file.closures[-1].statement
    assert PROGRESS.says(case_file) == case_file.closures[-1].statement


def test_a_draft_has_the_date_it_would_be_issued_with(database: Database) -> None:
    passed, proposed = date(2024, 6, 30), date(2027, 6, 30)
    case_file = case_in(database, Status.DRAFT, due_on=passed, due_instead=proposed)
    assert DUE.says(case_file) == "2027年6月30日"


def test_a_report_is_named_by_its_year(database: Database) -> None:
    case_file = case_in(
        database, Status.IN_PROGRESS, source_number="", source_year=2025, source_title="很长的报告题目"
    )
    assert SOURCE.says(case_file) == f"{case_file.row.source_kind}（2025年度）"


@pytest.mark.parametrize("status", [Status.ASSIGNED, Status.SUBMITTED, Status.VERIFIED])
def test_nobody_outside_reads_whose_signature_is_missing(database: Database, status: Status) -> None:
    assert STATE.says_publicly is not None
    assert STATE.says_publicly(case_in(database, status)) == "整改中"


def test_a_public_copy_gives_no_telephone_and_no_instruction(tmp_path: Path, database: Database) -> None:
    text = "联系人电话13800138000或023-12345678，身份证110101199003071234，罚款12000元"
    case_file = case_in(database, Status.IN_PROGRESS, text=text, is_source_published=True)
    export = LedgerExport("某局", SHOWN_ON, [case_file], is_public=True)
    write_ledger(tmp_path / "公开.xlsx", export)
    [line] = load_workbook(tmp_path / "公开.xlsx")["整改台账"].iter_rows(min_row=5, values_only=True)
    assert "联系人电话×××或×××，身份证×××，罚款12000元" in line
    assert "公开前" not in raw(tmp_path / "公开.xlsx")


def test_a_public_copy_names_nobody_of_the_bureau_and_no_meeting(tmp_path: Path, database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        add_person(session, BY, office.bureau, NewPerson("高峰", "gaofeng", "路政科"))
        found = case_file(session, make_task(session, office).code, SHOWN_ON)
        choices = choices_of(session, office.bureau.id)
    row = replace(
        found.row,
        source_kind="会议议定",
        is_source_published=True,
        text="陈路和陈　路、方核整改，周分管督办，高峰期加派人手",
        unit="高峰科",
    )
    inside = replace(found, row=row, category="方核提出")
    choices = replace(choices, units=(*choices.units, "高峰科"))
    export = LedgerExport("某局", SHOWN_ON, [inside], is_public=True, choices=choices)
    write_ledger(tmp_path / "公开.xlsx", export)
    [line] = load_workbook(tmp_path / "公开.xlsx")["整改台账"].iter_rows(min_row=5, values_only=True)
    assert line[1:4] == ("本单位安排", "×××提出", "×××和×××、×××整改，×××督办，×××期加派人手")
    assert "高峰科" in line


def test_a_restricted_task_never_leaves_by_a_workbook(database: Database, tmp_path: Path) -> None:
    assert "仅限指定人员的内容" not in raw(exported(database, tmp_path / "台账.xlsx"))


def test_a_public_copy_holds_no_internal_text_anywhere(database: Database, tmp_path: Path) -> None:
    path = exported(database, tmp_path / "公开.xlsx", is_public=True)
    content = raw(path)
    for inside in (CAUSE, REMARK, SAID, "陈路", "周分管", "2026-001", "尚未下达", "仅限指定人员的内容"):
        assert inside not in content, inside
    a_filters_own = re.compile(r'name="_xlnm._FilterDatabase" localSheetId="\d+" hidden="1"')
    assert 'hidden="1"' not in a_filters_own.sub("", content)
    assert 'state="hidden"' not in content
    book = load_workbook(path)
    assert heads(book["整改台账"]) == [
        head for head in USUAL if head not in ("产生原因", "责任领导", "责任人", "佐证材料", "备注")
    ]
    assert "修订办案规程" in content


def test_only_what_a_published_source_raised_is_made_public(database: Database, tmp_path: Path) -> None:
    with database.unit_of_work() as session:
        office = filled_office(session)
        make_public(session, office)
        paper = NewSource("法治督察", "法治督察反馈意见", "法督〔2026〕3号")
        inside, is_open = (
            source_for(session, BY, office.bureau.id, new).id
            for new in (paper, replace(paper, title="案卷评查通报", is_published=True))
        )
        clerk = acting(session, office.clerk)
        for source, text in ((inside, "督察指出的内情。"), (is_open, "通报指出的问题。")):
            code = casework.enter(
                session, clock_on(DAY), clerk, NewDraft(source, text, ItemKind.FINDING)
            ).code
            order = IssueOrder(
                lead_unit_id=office.roads.id, reviewer_id=office.reviewer.id, due_on=date(2026, 9, 30)
            )
            casework.issue(session, clock_on(DAY), clerk, code, order)
        moved = replace(clerk, paper=Paper(DAY, "法督〔2026〕9号"))
        later = casework.Correction(due_on=date(2026, 10, 30))
        casework.correct(session, clock_on(DAY), moved, code, "来文改期。", later)
    path, files = tmp_path / "公开.xlsx", whole(database)
    told = write_ledger(path, LedgerExport("某局", SHOWN_ON, files, is_public=True))
    assert "督察指出的内情" not in raw(path)
    assert told.left_out == 3, "the inside one, the restricted one, the draft"
    lines = {
        row(sheet, n)["具体问题"]: row(sheet, n)
        for sheet in [load_workbook(path)["整改台账"]]
        for n in (1, 2, 3)
    }
    assert lines["通报指出的问题。"]["整改进展/成效"] == "正在整改，时限：2026年10月30日"
    assert lines["通报指出的问题。"]["整改时限"] == "2026年10月30日（原定2026年9月30日，已调整）"
    assert lines["信息公开答复超期"]["整改进展/成效"] == "正在整改", "what is late has no date to promise"
    no_category = [each for each in files if not each.category]
    write_ledger(path, LedgerExport("某局", SHOWN_ON, no_category, is_public=True))
    assert "问题类别" not in heads(load_workbook(path)["整改台账"])


def test_a_file_that_cannot_be_written_is_told_in_one_line(database: Database, tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="写不了文件"):
        exported(database, tmp_path / "没有的文件夹" / "台账.xlsx")
