"""A ledger as WPS, Excel and people leave it: what is odd about the file changes nothing of what it says."""

import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.styles import PatternFill
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from core.db import Database
from core.errors import Unreadable
from core.text import says_something
from documents.excel.reading import read_sheets
from documents.tables.ledger_import import read_ledger
from documents.tables.row_by_row import RowFate
from models.enums import TimeLimit
from rectification.lists.case_file import CaseFile
from rectification.tables.ledger import CATEGORY, CAUSE, GOAL, REMARK
from tests.unit.documents.making import filled_office, whole
from tests.unit.documents.tables.test_ledger_import import edit, export, put, take

NOON = datetime.fromisoformat("2026-12-20T12:00:00")
TRUE_DAY = datetime.fromisoformat("2026-12-20T00:00:00")
NEW = {"B8": "巡察", "D8": "新发现的问题"}


@pytest.fixture
def ledger(database: Database, tmp_path: Path) -> Path:
    """The workbook of a filled office."""
    with database.unit_of_work() as session:
        filled_office(session)
    path = tmp_path / "台账.xlsx"
    export(database, path)
    return path


def rewritten(path: Path, change: Callable[[str, bytes], bytes]) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, change(name, content))


def added(database: Database, ledger: Path) -> CaseFile:
    """The task the one new row became."""
    [new] = [outcome for outcome in take(database, ledger) if outcome.fate is RowFate.NEW]
    return next(each for each in whole(database) if each.row.code == new.code)


@pytest.mark.parametrize(
    "written",
    [46376, "46376", TRUE_DAY, NOON, "２０２６年１２月２０日", "12月20日",
     "2026.12.20", "2026-12-20 00:00:00", "二〇二六年十二月二十日", "20261220", "12.20", "2026年12月20日前完成"],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(database: Database, ledger: Path, written: object) -> None:
    edit(ledger, put(**NEW, L8=written))
    assert added(database, ledger).row.due_on == date(2026, 12, 20)


@pytest.mark.parametrize(
    ("written", "day"),
    [("2026年底", date(2026, 12, 31)), ("6月底前", date(2026, 6, 30)), ("3月底前", date(2027, 3, 31)),
     ("2026年第四季度", date(2026, 12, 31))],
)  # fmt: skip
def test_a_stretch_stands_for_its_last_day_and_a_lost_year_for_the_next_such_day(
    database: Database, ledger: Path, written: str, day: date
) -> None:
    edit(ledger, put(**NEW, L8=written))
    assert added(database, ledger).row.due_on == day


def test_the_preview_of_a_new_row_says_the_day_that_was_read(database: Database, ledger: Path) -> None:
    edit(ledger, put(**NEW, L8="2026年第四季度", B9="巡察", D9="另一问题", L9="长期"))
    said = {each.row: each for each in take(database, ledger, dry_run=True) if each.fate is RowFate.NEW}
    assert "整改时限：2026年12月31日" in said[8].line
    assert "整改时限：长期坚持" in said[9].line
    assert [each.code for each in said.values()] == ["", ""]


def test_what_has_no_day_is_that_kind_of_limit(database: Database, ledger: Path) -> None:
    edit(ledger, put(**NEW, L8="长期"))
    assert added(database, ledger).row.time_limit is TimeLimit.LONG_TERM


def test_a_date_that_cannot_be_read_is_named_and_its_row_comes_in_without_it(
    database: Database, ledger: Path
) -> None:
    edit(ledger, put(**NEW, L8="2027年2月29日"))
    [new] = [outcome for outcome in take(database, ledger) if outcome.fate is RowFate.NEW]
    assert new.left[0].startswith("L 列（整改时限）：时限“2027年2月29日”看不懂")
    assert next(each for each in whole(database) if each.row.code == new.code).row.due_on is None


def test_the_other_date_system_means_the_same_day(database: Database, ledger: Path) -> None:
    book = load_workbook(ledger)
    book.epoch = CALENDAR_MAC_1904
    book.save(ledger)
    edit(ledger, put(**NEW, L8=TRUE_DAY))
    assert added(database, ledger).row.due_on == date(2026, 12, 20)


def test_strict_workbooks_are_read(database: Database, ledger: Path) -> None:
    strict = (
        (b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"),
        (b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
         b"http://purl.oclc.org/ooxml/officeDocument/relationships"),
    )  # fmt: skip

    def change(_: str, content: bytes) -> bytes:
        for usual, other in strict:
            content = content.replace(usual, other)
        return content

    rewritten(ledger, change)
    assert {outcome.fate for outcome in take(database, ledger)} == {RowFate.UNCHANGED}


def test_formats_down_to_row_twelve_thousand_add_no_rows(database: Database, ledger: Path) -> None:
    fill = PatternFill("solid", fgColor="FFFF00")

    def colour(sheet: Worksheet) -> None:
        for row in range(8, 12_001):
            sheet.cell(row, 3).fill = fill

    edit(ledger, colour)
    assert len(take(database, ledger)) == 4


def test_changes_in_hidden_rows_are_taken_and_said_to_be_hidden(database: Database, ledger: Path) -> None:
    def hide(sheet: Worksheet) -> None:
        put(Q5="隐藏行里改的", **NEW)(sheet)
        sheet.row_dimensions[5].hidden = sheet.row_dimensions[8].hidden = True

    edit(ledger, hide)
    taken = take(database, ledger, dry_run=True)
    outcomes = {outcome.row: outcome for outcome in taken if outcome.sheet == "整改台账"}
    assert [outcomes[row].fate for row in (5, 8)] == [RowFate.CHANGED, RowFate.NEW]
    assert all("这一行在表中是隐藏的" in outcomes[row].told for row in (5, 8))


def test_an_escaped_carriage_return_is_a_line_break(database: Database, ledger: Path) -> None:
    edit(ledger, put(M5="2026年3月20日：内部进展若干_x000D_\n第二行新进展"))
    assert take(database, ledger)[0].fate is RowFate.CHANGED
    assert whole(database)[0].progress[-1].text == "第二行新进展"


def test_measures_numbered_on_one_line_are_as_many(database: Database, ledger: Path) -> None:
    edit(ledger, put(**NEW, G8="1.明确专人；2.建立清单；3.投入3.5万元。4、每季度自查"))
    texts = [measure.text for measure in added(database, ledger).measures]
    assert texts == ["明确专人", "建立清单", "投入3.5万元", "每季度自查"]


def test_a_bomb_is_refused_before_it_is_parsed(tmp_path: Path, ledger: Path) -> None:
    cell = b'<c r="A1"><v>1</v></c>'

    def swell(name: str, content: bytes) -> bytes:
        if not name.endswith("sheet2.xml"):
            return content
        return re.sub(rb"</sheetData>", b"<row>" + cell * 400_000 + b"</row></sheetData>", content)

    rewritten(ledger, swell)
    with pytest.raises(Unreadable, match=r"解压后过大|有内容的单元格超过 30 万个") as refusal:
        read_sheets(ledger)
    assert "另存为" in refusal.value.todo


def test_a_merge_of_the_whole_sheet_costs_nothing(database: Database, ledger: Path) -> None:
    def merge(name: str, content: bytes) -> bytes:
        wide = b'<mergeCells count="1"><mergeCell ref="A9:XFD1048576"/>'
        return re.sub(rb"<mergeCells[^>]*>", wide, content) if name.endswith("sheet2.xml") else content

    rewritten(ledger, merge)
    assert len(take(database, ledger)) == 4


TEXTS = {CATEGORY: ("C", "category"), CAUSE: ("E", "cause"), GOAL: ("F", "goal"), REMARK: ("Q", "remark")}


@pytest.mark.slow
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sets(st.sampled_from("CEFGHIJKLMNOPQ")),
    st.dictionaries(
        st.sampled_from(sorted(letter for letter, _ in TEXTS.values())),
        st.text("改正内容", max_size=6).filter(lambda text: not text or says_something(text)),
    ),
)
def test_a_ledger_without_some_columns_changes_only_what_its_cells_say(
    new_sqlite_ledger: Callable[[], str], tmp_path: Path, gone: set[str], said: dict[str, str]
) -> None:
    database = Database(new_sqlite_ledger())
    with database.unit_of_work() as session:
        filled_office(session)
    path = tmp_path / "any.xlsx"
    export(database, path)
    before = whole(database)

    def change(sheet: Worksheet) -> None:
        for merged in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(merged))
        put(**{f"{letter}5": text or None for letter, text in said.items()})(sheet)
        for letter in gone:
            for row in range(1, 8):
                sheet[f"{letter}{row}"] = None

    edit(path, change)
    code = read_ledger(path)[0].code
    assert not [outcome.line for outcome in take(database, path) if outcome.why or outcome.left]
    after = {file.row.code: file for file in whole(database)}
    for old in before:
        new = after[old.row.code]
        for letter, field in TEXTS.values():
            stood = getattr(old, field, None) if field != "cause" else old.row.cause
            stands = getattr(new, field, None) if field != "cause" else new.row.cause
            wanted = said.get(letter, "") if old.row.code == code and letter not in gone else ""
            assert stands == (wanted or stood)
        assert (new.row.text, new.measures, new.units, new.progress) == (
            old.row.text, old.measures, old.units, old.progress,
        )  # fmt: skip
    database.dispose()
