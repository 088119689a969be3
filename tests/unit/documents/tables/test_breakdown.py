"""The breakdown table goes out with proposals, comes back filled in, and issues tasks at once; in both its forms."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from core.db import Database
from core.errors import Refused, Unreadable
from documents.tables.breakdown import import_breakdown, read_breakdown, write_breakdown
from documents.tables.row_by_row import RowFate, RowOutcome
from models.enums import ApprovalLevel, Channel, ItemKind, Status, TimeLimit
from models.report import Source
from rectification import casework
from rectification.casework import NewDraft, NewMeasure
from rectification.lists.case_file import CaseFile
from rectification.lists.load_case_files import case_files
from rectification.lists.timeline import timeline
from rectification.office.actors import Acting, Paper, actor_by_login
from rectification.office.calendar import load_calendar
from rectification.office.people_by_name import choices_of
from rectification.office.sources import add_source, source_kind
from rectification.office.units import add_department
from rectification.tables.breakdown import HEADS
from rectification.task.drafting import Hands
from tests.factories import BY, DAY, acting, clock_on, make_bureau, make_draft

FORMS = pytest.mark.parametrize("name", ["分解表.xlsx", "分解表.docx"])


def drafted(database: Database, path: Path) -> None:
    """An office with three drafts, and the table of them."""
    with database.unit_of_work() as session:
        office = make_bureau(session)
        make_draft(session, office)
        make_draft(session, office, text="信息公开答复超期")
        make_draft(session, office, kind=ItemKind.PLAN, text="深入学习贯彻法治思想。")
    with database.reading() as session:
        drafts = tasks(database)
        assert write_breakdown(path, "云山县交通运输局", drafts, choices_of(session, office.bureau.id)) == 3


def tasks(database: Database) -> list[CaseFile]:
    with database.reading() as session:
        return case_files(session, DAY, load_calendar(session))


def fill(path: Path, rows: Mapping[int, Mapping[str, str]], *, number: str = "", dated: str = "") -> None:
    """Write into the rows (from 1) as a clerk would."""
    if path.suffix == ".docx":
        document = Document(str(path))
        table = document.tables[0]
        for row, cells in rows.items():
            for head, text in cells.items():
                table.rows[row].cells[HEADS.index(head)].text = text
        line = next(paragraph for paragraph in document.paragraphs if "文号" in paragraph.text)
        line.text = f"文号：{number}　　审批日期：{dated}"
        document.save(str(path))
        return
    book = load_workbook(path)
    sheet = book["整改任务分解表"]
    for row, cells in rows.items():
        for head, text in cells.items():
            sheet.cell(4 + row, HEADS.index(head) + 1).value = text
    sheet["A2"].value = f"文号：{number}"
    next(cell for cell in sheet[2] if cell.value == "审批日期：").value = f"审批日期：{dated}"
    book.save(path)


def take(
    database: Database, path: Path, *, login: str = "clerk", dry_run: bool = False, empties: bool = False
) -> list[RowOutcome]:
    with database.reading() as session:
        actor = actor_by_login(session, login, today=DAY)
    form = read_breakdown(path)
    by = Acting(actor, Channel.EXCEL)
    return list(import_breakdown(database, clock_on(DAY), by, form, dry_run=dry_run, empties=empties))


@FORMS
def test_it_goes_out_with_what_can_be_proposed(database: Database, tmp_path: Path, name: str) -> None:
    drafted(database, tmp_path / name)
    first, _, third = read_breakdown(tmp_path / name).rows
    assert first.texts["编号"] == "2026-001"
    assert first.texts["责任领导"] == "周分管"
    assert first.texts["复核人"] == "方核"
    assert first.texts["审签"] == "分管领导审签"
    assert first.texts["时限"] == "2026年6月30日"
    assert first.texts["处理"] == "下达"
    assert third.texts["处理"] == "仅存档"


@FORMS
def test_filled_in_it_issues_many_tasks_on_its_paper(database: Database, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    drafted(database, path)
    fill(
        path,
        {
            1: {
                "任务名称": "规范案卷制作", "目标": "评查全部合格", "措施": "1. 修订规程（陈路，2026年4月底前）\n2. 自查",
                "责任单位": "路政科", "责任人": "陈路", "配合单位": "运输科", "审签": "主要负责人审签",
            },
            2: {"责任单位": "运输科", "时限": "长期坚持"},
        },
        number="云交法〔2026〕5号",
        dated="2026年2月27日",
    )  # fmt: skip
    assert [outcome.fate for outcome in take(database, path)] == [RowFate.CHANGED] * 3
    first, second, third = tasks(database)
    assert (first.row.status, first.row.unit, first.row.officer) == (Status.ASSIGNED, "路政科", "陈路")
    assert (first.row.title, first.goal, first.units) == ("规范案卷制作", "评查全部合格", ("运输科",))
    assert [(m.text, m.owner, m.due_on) for m in first.measures] == [
        ("修订规程", "陈路", date(2026, 4, 30)),
        ("自查", "", None),
    ]
    assert first.approval_level is ApprovalLevel.CHIEF
    assert (first.row.issued_on, first.row.due_on) == (date(2026, 2, 27), date(2026, 6, 30))
    assert (second.row.status, second.row.time_limit, second.row.officer) == (
        Status.ASSIGNED, TimeLimit.LONG_TERM, "",
    )  # fmt: skip
    assert third.row.status is Status.ARCHIVED
    with database.reading() as session:
        issued = timeline(session, first.row.id)[1]
    assert (issued.paper_no, issued.paper_date, issued.channel) == (
        "云交法〔2026〕5号", date(2026, 2, 27), Channel.EXCEL,
    )  # fmt: skip


@FORMS
def test_bad_rows_are_named_and_stop_nothing_else(database: Database, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    drafted(database, path)
    fill(path, {1: {"责任单位": "路政科", "责任人": "田运"}, 2: {"责任单位": "运输科"}, 3: {"处理": "暂缓"}})
    before, tried = tasks(database), take(database, path, dry_run=True)
    assert tasks(database) == before
    outcomes = take(database, path)
    assert outcomes == tried
    assert [outcome.fate for outcome in outcomes] == [RowFate.REFUSED, RowFate.CHANGED, RowFate.UNCHANGED]
    assert "责任人“田运”不在责任单位" in outcomes[0].line
    assert [task.row.status for task in tasks(database)] == [Status.DRAFT, Status.ASSIGNED, Status.DRAFT]


@pytest.mark.parametrize(
    ("cells", "named"),
    [
        ({}, "H 列（责任单位）：没有写责任单位"),
        ({"责任单位": "没有的科"}, "H 列（责任单位）：本单位没有科室“没有的科”"),
        ({"责任单位": "路政科、运输科"}, "H 列（责任单位）：责任单位只能有一个"),
        ({"责任单位": "路政科", "时限": "尽快"}, "M 列（时限）：时限“尽快”看不懂"),
        ({"责任单位": "路政科", "责任人": "谁"}, "I 列（责任人）：本单位没有名为“谁”的在岗人员"),
        ({"责任单位": "路政科", "责任领导": "方核"}, "G 列（责任领导）：“方核”没有“分管领导”角色"),
        ({"责任单位": "路政科", "处理": "随便"}, "N 列（处理）：不认识“随便”"),
        ({"编号": "2026-099", "责任单位": "路政科"}, "没有编号为“2026-099”的任务"),
        ({"编号": "2026-002", "责任单位": "路政科"}, "重复"),
        ({"编号": "", "责任单位": "路政科"}, "没有编号"),
        ({"责任单位": "=A1"}, "H 列（责任单位）：单元格是公式"),
        ({"责任单位": "路政科", "目标": "长" * 20_001}, "E 列（目标）：整改目标超过 20000 字"),
        ({"责任单位": "路政科", "任务名称": "长" * 201}, "D 列（任务名称）：任务名称超过 200 字"),
    ],
)
def test_each_cell_that_cannot_be_read_is_named(
    database: Database, tmp_path: Path, cells: dict[str, str], named: str
) -> None:
    path = tmp_path / "分解表.xlsx"
    drafted(database, path)
    fill(path, {1: cells, 2: {"处理": "暂缓"}})
    assert named in "\n".join(outcome.line for outcome in take(database, path, dry_run=True))


def test_a_table_taken_in_twice_issues_once(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "分解表.xlsx"
    drafted(database, path)
    fill(path, {1: {"责任单位": "路政科"}, 2: {"责任单位": "运输科"}})
    take(database, path)
    again = take(database, path)
    assert {outcome.fate for outcome in again} == {RowFate.UNCHANGED}
    assert again[0].told == ("已经下达或存档，未动",)


def test_only_the_clerk_issues_by_it(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "分解表.xlsx"
    drafted(database, path)
    fill(path, {1: {"责任单位": "路政科"}})
    assert {outcome.fate for outcome in take(database, path, login="head")} == {RowFate.REFUSED}


def test_a_number_without_its_date_is_refused_before_anything_is_issued(
    database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "分解表.docx"
    drafted(database, path)
    fill(path, {1: {"责任单位": "路政科"}}, number="云交法〔2026〕5号")
    with pytest.raises(Refused, match="没有写审批日期"):
        take(database, path)
    with database.reading() as session:
        clerk = actor_by_login(session, "clerk", today=DAY)
    given = Acting(clerk, Channel.EXCEL, paper=Paper(DAY, "云交法〔2026〕5号"))
    [first, *_] = import_breakdown(database, clock_on(DAY), given, read_breakdown(path), dry_run=True)
    assert first.fate is RowFate.CHANGED


def test_files_that_are_no_breakdown_are_refused(tmp_path: Path) -> None:
    empty = tmp_path / "空.docx"
    Document().save(str(empty))
    with pytest.raises(Unreadable, match="没有分解表的内容"):
        read_breakdown(empty)
    broken = tmp_path / "坏.docx"
    broken.write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(Unreadable, match="文件已损坏"):
        read_breakdown(broken)
    with pytest.raises(Unreadable, match="扩展名不对"):
        read_breakdown(tmp_path / "分解表.pdf")


def proposed(database: Database, path: Path) -> CaseFile:
    """A draft that brings along all a draft can, alone in its table."""
    with database.unit_of_work() as session:
        office = make_bureau(session)
        add_department(session, BY, office.bureau, "养护科")
        source = Source(
            bureau_id=office.bureau.id,
            kind_id=source_kind(session, office.bureau.id, "巡察").id,
            title="巡察",
        )
        hands = Hands(office.roads.id, office.officer.id, office.leader.id, (office.transport.id,))
        new = NewDraft(
            add_source(session, BY, source).id,
            "案卷制作不规范。",
            title="规范案卷制作",
            goal="评查全部合格",
            due_on=date(2026, 6, 30),
            hands=hands,
            measures=(NewMeasure("修订规程", date(2026, 4, 30)),),
        )
        casework.enter(session, clock_on(DAY), acting(session, office.clerk), new)
    [draft_file] = tasks(database)
    with database.reading() as session:
        write_breakdown(path, "云山县交通运输局", [draft_file], choices_of(session, office.bureau.id))
    return draft_file


OPTIONAL = (
    "问题来源",
    "问题或任务",
    "任务名称",
    "目标",
    "措施",
    "责任领导",
    "责任人",
    "配合单位",
    "复核人",
    "审签",
    "处理",
)
NEW_CELLS = {
    "任务名称": "案卷规范",
    "目标": "合格率百分之百",
    "措施": "修订规程（2026年4月30日前）\n自查",
    "配合单位": "养护科",
}


def held(task: CaseFile) -> dict[str, object]:
    measures = [(each.text, each.due_on) for each in task.measures]
    return {"任务名称": task.row.title, "目标": task.goal, "措施": measures, "配合单位": task.units}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(gone=st.sets(st.sampled_from(OPTIONAL)), said=st.sets(st.sampled_from(sorted(NEW_CELLS))))
def test_columns_left_out_take_nothing_from_the_draft(
    new_sqlite_ledger: Callable[[], str], tmp_path: Path, gone: set[str], said: set[str]
) -> None:
    database, path = Database(new_sqlite_ledger()), tmp_path / "分解表.xlsx"
    before = held(proposed(database, path))
    fill(path, {1: {head: NEW_CELLS[head] for head in said}})
    book = load_workbook(path)
    sheet = book["整改任务分解表"]
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    for column in sorted((HEADS.index(head) + 1 for head in gone), reverse=True):
        sheet.delete_cols(column)
    book.save(path)

    [outcome] = take(database, path)
    [after] = tasks(database)

    assert outcome.fate is RowFate.CHANGED, outcome.line
    new = {
        "任务名称": "案卷规范", "目标": "合格率百分之百",
        "措施": [("修订规程", date(2026, 4, 30)), ("自查", None)], "配合单位": ("养护科",),
    }  # fmt: skip
    assert held(after) == {head: new[head] if head in said - gone else before[head] for head in before}
    assert (after.row.unit, after.row.officer) == ("路政科", "陈路")
    database.dispose()


@FORMS
def test_an_empty_cell_keeps_what_the_draft_brings_unless_it_is_said_to_empty(
    database: Database, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    before = held(proposed(database, path))
    fill(path, {1: {"措施": "", "配合单位": "", "目标": ""}})
    [tried] = take(database, path, dry_run=True)
    assert "措施为空，保留“修订规程（2026年4月30日前）”；配合单位为空，保留“运输科”" in tried.line
    [clearing] = take(database, path, dry_run=True, empties=True)
    assert (clearing.fate, clearing.emptied) == (RowFate.CHANGED, ())
    take(database, path)
    [after] = tasks(database)
    assert held(after) == before


def test_what_is_said_to_empty_is_taken_from_the_draft(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "分解表.xlsx"
    proposed(database, path)
    fill(path, {1: {"措施": "", "配合单位": ""}})
    take(database, path, empties=True)
    [after] = tasks(database)
    assert (after.measures, after.units, after.goal) == ((), (), "评查全部合格")
