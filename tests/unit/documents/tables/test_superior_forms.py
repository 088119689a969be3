"""A superior's own form goes out filled and otherwise as it came, and comes back by the ledger's one way in."""

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import select

from core.db import Database
from core.errors import Refused, Unreadable
from documents.excel.reading import open_whole
from documents.tables.ledger import ExportOutcome
from documents.tables.ledger_import import import_ledger
from documents.tables.row_by_row import RowFate, RowOutcome
from documents.tables.superior_forms import fill_form, filled_rows, read_form
from models.enums import Channel, Status
from models.organisation import Person, Unit
from models.task import Progress, RectificationTask
from rectification import casework
from rectification.casework import Correction
from rectification.office.actors import Acting, actor_by_login
from rectification.tables.ledger import COLUMNS, REMARK, TEXT
from rectification.tables.superior_forms import (
    ANSWERS,
    SAYS,
    add_form,
    change_form,
    form_called,
    forms_of,
    remove_form,
)
from tests.factories import by_on, clock_on
from tests.unit.documents.making import SAID, SHOWN_ON, converted, filled_office, raw, whole
from tests.unit.documents.tables import superior_papers

DAY = SHOWN_ON
SHAPES = [
    ("justice_bureau", "xlsx"),
    ("auditors", "xlsx"),
    ("inspectors", "xlsx"),
    ("plain", "xlsx"),
    ("word_form", "docx"),
]
PROBLEM = "执法案卷制作不规范，个别案卷缺少送达回证。"
THREE = (PROBLEM, "信息公开答复超期", "组织两次案卷评查")


@pytest.fixture
def office(database: Database) -> Database:
    with database.unit_of_work() as session:
        filled_office(session)
    return database


def register(database: Database, path: Path, name: str = "上级台账") -> str:
    with database.unit_of_work() as session:
        bureau = session.scalars(select(Unit).where(Unit.name == "云山县交通运输局")).one()
        add_form(session, by_on(DAY), bureau.id, name, path.name, path.read_bytes(), read_form(path))
    return name


def fill(database: Database, name: str, path: Path) -> tuple[Path, ExportOutcome]:
    files = whole(database)
    with database.reading() as session:
        data, outcome = fill_form(session, form_called(session, 1, name), files)
    path.write_bytes(data)
    return path, outcome


def made(database: Database, folder: Path, shape: str = "justice_bureau", ending: str = "xlsx") -> Path:
    """The form of this shape, filled."""
    form = getattr(superior_papers, shape)(folder / f"form.{ending}")
    return fill(database, register(database, form), folder / f"filled.{ending}")[0]


def take(
    database: Database, path: Path, *, name: str = "上级台账", dry_run: bool = False
) -> list[RowOutcome]:
    with database.reading() as session:
        actor = actor_by_login(session, "clerk", today=DAY)
        bureau = session.get_one(Unit, actor.bureau_id)
        rows = filled_rows(session, path, clock_on(DAY), actor, name, None)
    acting = Acting(actor, Channel.EXCEL)
    return list(import_ledger(database, clock_on(DAY), acting, bureau, rows, dry_run=dry_run))


def sheet_of(path: Path, name: str = "附件1") -> Worksheet:
    sheet = load_workbook(path)[name]
    assert isinstance(sheet, Worksheet)
    return sheet


def edit(path: Path, sheet: str = "附件1", /, **cells: str) -> Path:
    book = load_workbook(path)
    for address, text in cells.items():
        book[sheet][address] = text
    book.save(path)
    return path


@pytest.mark.parametrize(("shape", "ending"), SHAPES)
def test_a_form_that_went_out_and_comes_back_changes_nothing(
    office: Database, tmp_path: Path, shape: str, ending: str
) -> None:
    outcomes = take(office, made(office, tmp_path, shape, ending))
    assert [(each.fate, each.why, each.left) for each in outcomes] == [(RowFate.UNCHANGED, "", ())] * 3


@pytest.mark.slow
@pytest.mark.parametrize(("shape", "ending"), SHAPES)
def test_so_it_does_once_another_program_has_saved_it(
    office: Database, tmp_path: Path, shape: str, ending: str
) -> None:
    filled = made(office, tmp_path, shape, ending)
    (tmp_path / "saved").mkdir()
    outcomes = take(office, converted(filled, ending, tmp_path / "saved"))
    assert [(each.fate, each.why, each.left) for each in outcomes] == [(RowFate.UNCHANGED, "", ())] * 3


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    others=st.permutations(
        ["序号", *(column.head for column in COLUMNS if column is not TEXT), "整改成效", "审核意见"]
    ),
    count=st.integers(2, 18),
    titles=st.lists(st.sampled_from(["整改台账", "填报单位：某局", "截至2026年6月"]), max_size=3),
    blanks=st.integers(0, 5),
    foot=st.lists(st.sampled_from(["填报人：　　审核人：", "注：一式两份", "合计"]), max_size=2),
)
def test_whatever_columns_a_form_has_it_comes_back_unchanged(
    office: Database,
    tmp_path: Path,
    others: list[str],
    count: int,
    titles: list[str],
    blanks: int,
    foot: list[str],
) -> None:
    heads = [*others[:count], "存在问题"]
    form = superior_papers.any_form(tmp_path / "form.xlsx", heads, titles, blanks, foot)
    with office.unit_of_work() as session:
        for each in forms_of(session, 1):
            remove_form(session, by_on(DAY), each)
    filled, _ = fill(office, register(office, form), tmp_path / "filled.xlsx")
    sheet = sheet_of(filled, "台账")
    assert [sheet.cell(n + 1, 1).value for n in range(len(titles))] == titles
    end = len(titles) + 5
    assert [sheet.cell(end + n, 1).value for n in range(len(foot))] == foot
    assert [(each.fate, each.why) for each in take(office, filled)] == [(RowFate.UNCHANGED, "")] * 3


def test_all_but_the_rows_stays_as_it_came(office: Database, tmp_path: Path) -> None:
    sheet, blank = sheet_of(made(office, tmp_path)), sheet_of(tmp_path / "form.xlsx")
    assert [sheet.cell(row, 2).value for row in (5, 6, 7)] == list(THREE)
    assert [sheet.cell(row, 1).value for row in (5, 6, 7)] == [1, 2, 3]
    for row in (1, 2, 3, 4, 8, 9, 10):
        assert [cell.value for cell in sheet[row]] == [cell.value for cell in blank[row]]
    assert sorted(map(str, sheet.merged_cells.ranges)) == sorted(map(str, blank.merged_cells.ranges))
    assert {k: d.width for k, d in sheet.column_dimensions.items()} == {
        k: d.width for k, d in blank.column_dimensions.items()
    }
    assert (sheet["A1"].font.name, sheet["A1"].font.sz) == (blank["A1"].font.name, blank["A1"].font.sz)
    assert {sheet.cell(7, n).border.bottom.style for n in range(1, 12)} == {"thin"}
    assert sheet["B5"].font.name == "仿宋_GB2312"


def test_more_rows_than_the_form_has_move_what_stands_below(office: Database, tmp_path: Path) -> None:
    with office.unit_of_work() as session:
        actor = Acting(actor_by_login(session, "clerk", today=DAY), Channel.WEB)
        for task in session.scalars(select(RectificationTask).where(RectificationTask.text == PROBLEM)):
            casework.correct(session, clock_on(DAY), actor, task.code, "更正", Correction(text="=1+1"))
    form = superior_papers.justice_bureau(tmp_path / "form.xlsx", blanks=1)
    filled, outcome = fill(office, register(office, form), tmp_path / "filled.xlsx")
    sheet = sheet_of(filled)
    assert outcome == ExportOutcome(2, 1, 2)
    assert sheet["B5"].value == "'=1+1"
    assert sheet.row_dimensions[9].height == 40
    looks = {(sheet[f"C{row}"].font.name, sheet[f"C{row}"].alignment.horizontal) for row in (5, 6, 7)}
    assert looks == {("仿宋_GB2312", "center")}
    assert {sheet[f"C{row}"].alignment.wrap_text for row in (5, 6, 7)} == {True}
    assert (sheet["A8"].value, sheet["B8"].value) == ("合计", "=COUNTA(B5:B7)")
    assert "A9:K9" in map(str, sheet.merged_cells.ranges)
    assert str(sheet.data_validations.dataValidation[0].sqref) == "J5:J7"
    assert sheet.print_area == "'附件1'!$A$1:$K$10"


def test_what_only_named_persons_may_see_and_what_is_for_the_own_leaders_stays_inside(
    office: Database, tmp_path: Path
) -> None:
    with office.unit_of_work() as session:
        by = Acting(actor_by_login(session, "officer", today=DAY), Channel.WEB)
        code = session.scalars(select(RectificationTask.code).where(RectificationTask.text == PROBLEM)).one()
        casework.progress(session, clock_on(DAY), by, code, "已补正", needs_decision="请局长协调经费")
    everything = raw(made(office, tmp_path))
    assert "已补正" in everything
    assert "仅限指定人员的内容" not in everything
    assert "尚未下达的问题" not in everything
    assert "请局长协调经费" not in everything


def test_what_is_added_to_the_progress_is_recorded_alone(office: Database, tmp_path: Path) -> None:
    filled = edit(made(office, tmp_path), H5=f"{SAID}；另已组织培训。", H6="已逐件答复。")
    assert [each.fate for each in take(office, filled, dry_run=True)][:2] == [RowFate.CHANGED] * 2
    assert [each.fate for each in take(office, filled)][:2] == [RowFate.CHANGED] * 2
    with office.reading() as session:
        said = list(session.scalars(select(Progress.text).order_by(Progress.id)))
    assert said[-2:] == ["；另已组织培训。", "已逐件答复。"]


def test_what_was_changed_in_the_ledger_since_is_not_taken_back(office: Database, tmp_path: Path) -> None:
    filled = edit(made(office, tmp_path), C5="另立新措施")
    with office.unit_of_work() as session:
        by = Acting(actor_by_login(session, "clerk", today=DAY), Channel.WEB)
        code = session.scalars(select(RectificationTask.code).where(RectificationTask.text == PROBLEM)).one()
        casework.measure(session, clock_on(DAY), by, code, "系统中新拟的措施")
    (first, *others) = take(office, filled)
    assert first.fate is RowFate.REFUSED
    assert "导出之后这一栏在系统中又有改动" in first.why
    assert {each.fate for each in others} == {RowFate.UNCHANGED}


def test_only_the_cell_both_sides_changed_is_refused(office: Database, tmp_path: Path) -> None:
    out = made(office, tmp_path)
    with office.unit_of_work() as session:
        by = Acting(actor_by_login(session, "clerk", today=DAY), Channel.WEB)
        code = session.scalars(select(RectificationTask.code).where(RectificationTask.text == PROBLEM)).one()
        casework.measure(session, clock_on(DAY), by, code, "系统中新拟的措施")
        casework.correct(session, clock_on(DAY), by, code, "更正", Correction(text="案卷制作仍不规范。"))
    untouched, *_ = take(office, out)
    assert (untouched.code, untouched.fate) == (code, RowFate.UNCHANGED)
    first, *_ = take(office, edit(out, H5=f"{SAID}；另已组织培训。"), dry_run=True)
    assert (first.code, first.fate, first.left) == (code, RowFate.CHANGED, ())
    first, *_ = take(office, edit(out, C5="另立新措施", H5="再组织一次培训。"))
    assert first.fate is RowFate.CHANGED
    assert [each.head for each in first.changes] == ["整改进展/成效"]
    assert "导出之后这一栏在系统中又有改动" in "".join(first.left)


def test_without_the_digests_a_cell_is_held_against_what_stands_now(office: Database, tmp_path: Path) -> None:
    out = made(office, tmp_path)
    book = load_workbook(out)
    book.properties.description = ""
    book.save(out)
    assert {each.fate for each in take(office, out)} == {RowFate.UNCHANGED}
    assert take(office, edit(out, H5="已培训。"))[0].fate is RowFate.CHANGED


def test_a_rewritten_progress_stands_once(office: Database, tmp_path: Path) -> None:
    anew = f"{SAID[:-1]}，另已组织培训。"
    first, *_ = take(office, edit(made(office, tmp_path), H5=anew))
    assert [each.after for each in first.changes] == [anew]
    with office.reading() as session:
        assert session.scalars(select(Progress.text).order_by(Progress.id)).all()[-1] == anew


def test_a_new_row_becomes_a_draft_and_its_missing_source_is_told(office: Database, tmp_path: Path) -> None:
    filled = edit(made(office, tmp_path), A8="4", B8="新查出：未公示检查计划。", C8="补公示")
    assert "没有写问题来源" in take(office, filled)[-1].why


def test_a_problem_that_was_reworded_is_asked_about(office: Database, tmp_path: Path) -> None:
    (first, *_) = take(office, edit(made(office, tmp_path), B5="执法案卷制作还不规范，少数案卷缺送达回证。"))
    assert first.fate is RowFate.REFUSED
    assert f"是否同一项？是，请改回“{PROBLEM}”" in first.why


def test_the_heads_stand_on_each_printed_page(office: Database, tmp_path: Path) -> None:
    assert sheet_of(made(office, tmp_path)).print_title_rows == "$3:$4"
    with office.unit_of_work() as session:
        remove_form(session, by_on(DAY), form_called(session, 1, "上级台账"))
    (table,) = Document(str(made(office, tmp_path, "word_form", "docx"))).tables
    repeated = [bool(list(row._tr.iter(qn("w:tblHeader")))) for row in table.rows]
    assert repeated == [True, True, False, False, False, False]


def test_a_state_typed_into_the_form_closes_nothing(office: Database, tmp_path: Path) -> None:
    (first, *_) = take(office, edit(made(office, tmp_path), J5="已销号"))
    assert first.fate is RowFate.REFUSED
    assert "“完成状态”不能在表中改" in first.why


@pytest.fixture
def city(office: Database, tmp_path: Path) -> Path:
    """A form whose heads ask for 是 or 否 and for two things at once, filled."""
    heads = [
        "序号",
        "存在问题",
        "整改措施",
        "目前进展",
        "是否完成（是/否）",
        "责任单位/责任人",
        "责任人及电话",
    ]
    form = superior_papers.any_form(tmp_path / "city.xlsx", heads, [], 2, ["填报人："])
    with office.unit_of_work() as session:
        session.scalars(select(Person).where(Person.login == "officer")).one().phone = "023-55550102"
    return fill(office, register(office, form), tmp_path / "filled.xlsx")[0]


def test_answers_and_joined_columns_go_out_and_come_back(office: Database, city: Path) -> None:
    sheet = sheet_of(city, "台账")
    said = [[sheet.cell(row, column).value for column in (5, 6, 7)] for row in (2, 3, 4)]
    assert [each[0] for each in said] == ["否"] * 3
    first = whole(office)[0]
    closed = replace(first, row=replace(first.row, status=Status.CLOSED))
    assert [SAYS[column](closed) for column in ANSWERS] == ["是", "已完成", "已整改", "已销号"]
    assert said[0][1] == f"{first.row.unit} {first.row.officer}"
    assert said[0][2] == f"{first.row.officer} 023-55550102"
    assert {each.fate for each in take(office, city)} == {RowFate.UNCHANGED}


def test_an_answer_that_was_changed_is_told_and_the_rest_of_its_row_goes_in(
    office: Database, city: Path
) -> None:
    first, second, *_ = take(office, edit(city, "台账", E2="是", D2="已组织培训。", F3="执法科 张三"))
    assert (first.fate, [each.head for each in first.changes]) == (RowFate.CHANGED, ["整改进展/成效"])
    assert "不能在表中改，请在系统中申请销号" in "".join(first.left)
    assert second.fate is RowFate.REFUSED
    assert "“责任单位/责任人”（责任单位和责任人）" in second.why
    assert "请办理转办" in second.why


def test_a_formula_in_a_form_that_comes_back_is_refused(office: Database, tmp_path: Path) -> None:
    (first, *_) = take(office, edit(made(office, tmp_path), H5='=HYPERLINK("http://x")'))
    assert "单元格是公式" in f"{first.why}{first.left}"


def test_what_stands_around_a_word_table_stays(office: Database, tmp_path: Path) -> None:
    paper = Document(str(made(office, tmp_path, "word_form", "docx")))
    (table,) = paper.tables
    assert [each.text for each in paper.paragraphs] == [
        "法治建设问题整改台账（范本）",
        "填报单位：                填报时间：",
        "注：此表一式两份。",
    ]
    assert [row.cells[1].text for row in table.rows[2:-1]] == list(THREE)
    assert table.rows[-1].cells[0].text.startswith("主要负责人签字")
    run = table.rows[2].cells[1].paragraphs[0].runs[0]
    assert (run.font.name, run.font.size and run.font.size.pt) == ("仿宋_GB2312", 10.5)


def test_a_column_the_clerk_named_is_filled_too(office: Database, tmp_path: Path) -> None:
    name = register(office, superior_papers.justice_bureau(tmp_path / "form.xlsx"))
    with office.unit_of_work() as session:
        form = form_called(session, 1, name)
        change_form(session, by_on(DAY), form, "", {10: REMARK.head})
    assert sheet_of(fill(office, name, tmp_path / "filled.xlsx")[0])["K5"].value == "内部备注若干"


def _no_heads(path: Path) -> Path:
    Document().save(str(path.with_suffix(".docx")))
    return path.with_suffix(".docx")


def _encrypted(path: Path) -> Path:
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + b"\0" * 2000
    )
    return path


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (_no_heads, "没有认出台账的表头"),
        (_encrypted, "已加密"),
        (superior_papers.similar_tables, "有 2 张表都像台账"),
    ],
)
def test_a_file_that_is_no_form_is_refused(tmp_path: Path, make: object, says: str) -> None:
    assert callable(make)
    with pytest.raises((Refused, Unreadable)) as refusal:
        read_form(make(tmp_path / "form.xlsx"))
    assert says in refusal.value.line


def test_a_file_of_another_form_is_refused_when_it_comes_back(office: Database, tmp_path: Path) -> None:
    made(office, tmp_path)
    with pytest.raises(Unreadable, match="不是上级表样“上级台账”"):
        take(office, superior_papers.auditors(tmp_path / "other.xlsx"))


def test_a_form_whose_problem_has_no_column_is_not_taken_back(office: Database, tmp_path: Path) -> None:
    path = superior_papers.plain(tmp_path / "form.xlsx")
    book = load_workbook(path)
    book["台账"]["C1"] = "其他"
    book.save(path)
    filled, _ = fill(office, register(office, path), tmp_path / "filled.xlsx")
    with pytest.raises(Refused, match="没有一栏对应“具体问题”"):
        take(office, filled)


def test_a_form_with_too_many_empty_cells_is_refused(tmp_path: Path) -> None:
    path = superior_papers.plain(tmp_path / "form.xlsx")
    with zipfile.ZipFile(path) as parts:
        files = {name: parts.read(name) for name in parts.namelist()}
    sheet = files["xl/worksheets/sheet1.xml"]
    merged = b'<mergeCells count="1"><mergeCell ref="A100:XFD1048576"/></mergeCells><pageMargins'
    files["xl/worksheets/sheet1.xml"] = sheet.replace(b"<pageMargins", merged, 1)
    with zipfile.ZipFile(path, "w") as parts:
        for name, content in files.items():
            parts.writestr(name, content)
    with pytest.raises(Unreadable, match="太大，填不了"):
        open_whole(path)


def test_a_form_with_macros_is_refused_as_evidence_is(tmp_path: Path) -> None:
    form = superior_papers.justice_bureau(tmp_path / "市局台账.xlsx")
    with zipfile.ZipFile(form, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macros")
        archive.writestr("xl/_rels/more.rels", '<Relationship Type="vbaProject" Target="vbaProject.bin"/>')
    with pytest.raises(Refused, match="含有宏"):
        read_form(form)
