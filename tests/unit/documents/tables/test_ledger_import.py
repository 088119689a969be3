"""The ledger goes out, is edited and comes back: nothing is lost, everything wrong is named by row and column."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.db import Database
from core.errors import Unreadable
from documents.tables.ledger import LedgerExport, write_ledger
from documents.tables.ledger_import import import_ledger, read_ledger
from documents.tables.row_by_row import RowFate, RowOutcome
from models.enums import Channel, Status, Verb
from models.history import TaskEvent
from models.organisation import Person, Unit
from models.task import Measure, RectificationTask
from rectification import casework
from rectification.casework import Correction
from rectification.lists.timeline import timeline
from rectification.office.actors import Acting, actor_by_login
from tests.factories import acting, clock_on, make_bureau, make_draft, make_task
from tests.unit.documents.making import SHOWN_ON, converted, filled_office, raw, whole

DAY = SHOWN_ON


def export(database: Database, path: Path) -> None:
    write_ledger(path, LedgerExport("云山县交通运输局", DAY, whole(database)))


def edit(path: Path, change: Callable[[Worksheet], None], sheet: str = "整改台账") -> None:
    book = load_workbook(path)
    change(book[sheet])
    book.save(path)


def put(**cells: Any) -> Callable[[Worksheet], None]:
    """Set cells by their address."""

    def change(sheet: Worksheet) -> None:
        for address, value in cells.items():
            sheet[address] = value

    return change


def take(
    database: Database, path: Path, *, login: str = "clerk", dry_run: bool = False, empties: bool = False
) -> list[RowOutcome]:
    with database.reading() as session:
        actor = actor_by_login(session, login, today=DAY)
        bureau = session.get_one(Unit, actor.bureau_id)
    rows, by = read_ledger(path), Acting(actor, Channel.EXCEL)
    taken = import_ledger(database, clock_on(DAY), by, bureau, rows, dry_run=dry_run, empties=empties)
    return list(taken)


@pytest.fixture
def ledger(database: Database, tmp_path: Path) -> Path:
    """The workbook of a filled office."""
    with database.unit_of_work() as session:
        filled_office(session)
    path = tmp_path / "台账.xlsx"
    export(database, path)
    return path


def task(session: Session, text: str = "执法案卷制作不规范，个别案卷缺少送达回证。") -> RectificationTask:
    return session.scalars(select(RectificationTask).where(RectificationTask.text == text)).one()


def events(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(TaskEvent)) or 0


def test_a_ledger_brought_back_untouched_changes_nothing(database: Database, ledger: Path) -> None:
    before = events(database)
    outcomes = take(database, ledger)
    assert len(outcomes) == 4
    assert {outcome.fate for outcome in outcomes} == {RowFate.UNCHANGED}
    assert events(database) == before


def test_changed_cells_go_through_the_verbs_that_mean_them(database: Database, ledger: Path) -> None:
    edit(
        ledger,
        put(
            D5="执法案卷制作不规范",
            E5="培训不够",
            G5="1. 修订办案规程（陈路，2026年3月31日前）\n2. 建立案卷互查机制（何科，2026年5月底前）",
            J5=None,
            M5="2026年3月20日：内部进展若干\n6月组织互查2次\n超期原因：人员调整\n提请研究事项：增加编制",
            Q5="已约谈",
        ),
    )
    taken = take(database, ledger, empties=True)
    [outcome] = [outcome for outcome in taken if outcome.fate is not RowFate.UNCHANGED]
    assert outcome.fate is RowFate.CHANGED, outcome
    with database.reading() as session:
        changed = task(session, "执法案卷制作不规范")
        assert (changed.cause, changed.remark) == ("培训不够", "已约谈")
        told = [
            (event.verb, event.channel, event.actor, event.recorder)
            for event in timeline(session, changed.id)
        ]
        assert (Verb.CORRECT, Channel.EXCEL, "管台", "") in told
        assert (Verb.PROGRESS, Channel.EXCEL, "陈路", "管台") in told
        steps = session.scalars(
            select(Measure)
            .where(Measure.task_id == changed.id, ~Measure.is_dropped)
            .order_by(Measure.position)
        ).all()
        assert [(step.text, step.due_on) for step in steps] == [
            ("修订办案规程", date(2026, 3, 31)),
            ("建立案卷互查机制", date(2026, 5, 31)),
        ]
        head = session.scalar(select(Person.id).where(Person.login == "head"))
        assert steps[1].owner_id == head
    shown = next(row for row in whole(database) if row.row.code == outcome.code)
    assert shown.units == ()
    assert shown.progress[-1].text == "6月组织互查2次"
    assert (shown.progress[-1].late_reason, shown.progress[-1].needs_decision) == ("人员调整", "增加编制")


BAD_CELLS = (
    ("N5", "已销号", "N 列（完成状态）"),
    ("L5", "2027年6月30日", "L 列（整改时限）"),
    ("K5", "田运", "K 列（责任人）"),
    ("I5", "运输科", "I 列（责任单位）"),
    ("H5", "郑局", "H 列（责任领导）"),
    ("P5", "2026年6月1日销号", "P 列（销号情况）"),
    ("O5", "会议通知.pdf", "O 列（佐证材料）"),
    ("B5", "巡察", "B 列（问题来源）"),
    ("J5", "没有的科", "J 列（配合单位）"),
    ("M5", None, "M 列（整改进展/成效）"),
    ("D5", None, "D 列（具体问题）"),
    ("D5", "=1+1", "D 列（具体问题）：单元格是公式"),
    ("R5", "2026-001", "系统标识"),
)


def test_a_bad_cell_is_named_and_stops_nothing_else(database: Database, ledger: Path) -> None:
    sent = ledger.read_bytes()
    for n, (cell, value, named) in enumerate(BAD_CELLS):
        ledger.write_bytes(sent)
        edit(ledger, put(**{cell: value, "M6": f"另一行照常{n}"}))
        outcomes = take(database, ledger, empties=True)
        fates = [outcome.fate for outcome in outcomes]
        assert fates == [
            RowFate.REFUSED,
            RowFate.CHANGED if n == 0 else RowFate.REFUSED,
            RowFate.UNCHANGED,
            RowFate.UNCHANGED,
        ]
        assert named in outcomes[0].line, outcomes[0].line
        assert "第 5 行" in outcomes[0].line
        assert n == 0 or "导出之后这一栏在系统中又有改动" in outcomes[1].line
    first = next(row for row in whole(database) if row.row.text.startswith("执法案卷"))
    assert (first.row.version, len(first.progress)) == (4, 1)


def test_a_refused_cell_that_stands_alone_leaves_the_rest_of_its_row_in(
    database: Database, ledger: Path
) -> None:
    edit(ledger, put(E5="改了原因", J5="没有的科", L5="尽快", O5="会议通知.pdf", M5="=1+1"))
    [outcome, *_] = take(database, ledger)
    assert outcome.fate is RowFate.CHANGED
    assert [words[:4] for words in outcome.left] == ["M 列（", "L 列（", "O 列（", "J 列（"]
    assert [change.line for change in outcome.changes] == ["产生原因：内部原因分析若干 → 改了原因"]
    with database.reading() as session:
        assert task(session).cause == "改了原因"


@pytest.mark.parametrize(
    ("cells", "named"),
    [
        ({"F5": "长" * 20_001}, "F 列（整改目标）：整改目标超过 20000 字"),
        ({"G5": "长" * 20_001}, "G 列（整改措施）：措施超过 20000 字"),
        ({"M5": f"互查已完成\n超期原因：{'长' * 20_001}"}, "M 列（整改进展/成效）：超期原因超过 20000 字"),
    ],
)
def test_no_cell_says_more_than_the_forms_take(
    database: Database, ledger: Path, cells: dict[str, str], named: str
) -> None:
    edit(ledger, put(**cells))
    assert named in "\n".join(outcome.line for outcome in take(database, ledger))


@pytest.mark.parametrize(
    ("cell", "value"), [("N5", "已销号"), ("K5", "田运"), ("I5", "运输科"), ("N5", "=1+1")]
)
def test_a_refused_state_or_person_holds_its_whole_row_back(
    database: Database, ledger: Path, cell: str, value: str
) -> None:
    edit(ledger, put(**{"E5": "改了原因", cell: value}))
    assert take(database, ledger)[0].fate is RowFate.REFUSED
    with database.reading() as session:
        assert task(session).cause == "内部原因分析若干"


def test_an_empty_cell_asks_and_leaves_what_stands(database: Database, ledger: Path) -> None:
    edit(ledger, put(E5=None, J5=None, Q5="新备注", N5=None))
    [kept, *_] = take(database, ledger, dry_run=True)
    assert kept.fate is RowFate.CHANGED
    assert [change.line for change in kept.changes] == ["备注：内部备注若干 → 新备注"]
    assert [change.line for change in kept.emptied] == [
        "产生原因：内部原因分析若干 → （空）", "配合单位：运输科 → （空）",
    ]  # fmt: skip
    edit(ledger, put(N5="整改中"))
    take(database, ledger, empties=True)
    with database.reading() as session:
        assert (task(session).cause, task(session).remark) == ("", "新备注")


def test_a_dry_run_says_the_same_and_leaves_everything_as_it_was(database: Database, ledger: Path) -> None:
    edit(ledger, put(E5="改了原因", N6="已销号", B8="法治督察（云法督〔2026〕3号）", D8="新发现的问题"))
    before = events(database)
    tried = take(database, ledger, dry_run=True)
    assert events(database) == before
    assert [outcome.fate for outcome in tried] == [
        RowFate.CHANGED, RowFate.REFUSED, RowFate.NEW, RowFate.UNCHANGED, RowFate.UNCHANGED,
    ]  # fmt: skip
    taken = take(database, ledger)
    new = next(each for each in taken if each.fate is RowFate.NEW)
    assert tried == [replace(each, code="") if each is new else each for each in taken]  # no number yet
    assert new.code
    assert events(database) == before + 2


def test_what_moved_on_meanwhile_is_kept_unless_both_changed_the_same_cell(
    database: Database, ledger: Path
) -> None:
    with database.unit_of_work() as session:
        code = task(session).code
        clerk = session.scalars(select(Person).where(Person.login == "clerk")).one()
        casework.correct(
            session,
            clock_on(DAY),
            acting(session, clerk, DAY),
            code,
            "网页更正",
            Correction(cause="网页上改的"),
        )
    edit(ledger, put(Q5="表里改的备注"))
    assert take(database, ledger)[0].fate is RowFate.CHANGED
    with database.reading() as session:
        assert (task(session).cause, task(session).remark) == ("网页上改的", "表里改的备注")
    edit(ledger, put(E5="表里改的原因"))
    refused = take(database, ledger)[0]
    assert refused.fate is RowFate.REFUSED
    assert "E 列（产生原因）：导出之后这一栏在系统中又有改动" in refused.line


def test_a_new_row_becomes_a_draft_of_its_source_with_what_it_proposes(
    database: Database, ledger: Path
) -> None:
    edit(
        ledger,
        put(
            B8="法治督察（云法督〔2026〕3号）", C8="执法程序", D8="处罚决定未按期公示", F8="按期公示率100%",
            G8="1. 清理未公示决定（田运，2026年7月10日前）\n2. 建立提醒", H8="周分管", I8="运输科", K8="田运",
            L8="2026年9月30日", N8="整改中",
        ),
    )  # fmt: skip
    outcome = next(outcome for outcome in take(database, ledger) if outcome.fate is RowFate.NEW)
    assert outcome.told == ("未取“完成状态”",)
    new = next(row for row in whole(database) if row.row.code == outcome.code)
    assert (new.row.status, new.row.source_kind, new.row.source_number) == (
        Status.DRAFT, "法治督察", "云法督〔2026〕3号",
    )  # fmt: skip
    assert (new.row.unit, new.row.officer, new.row.leader, new.row.due_on) == (
        "运输科", "田运", "周分管", date(2026, 9, 30),
    )  # fmt: skip
    assert [(m.text, m.owner, m.due_on) for m in new.measures] == [
        ("清理未公示决定", "田运", date(2026, 7, 10)),
        ("建立提醒", "", None),
    ]
    assert "处罚决定" not in new.row.title


def test_a_new_row_that_cannot_be_taken_is_named(database: Database, ledger: Path) -> None:
    rows = (
        ({"D": "没有来源的问题"}, "B 列（问题来源）：没有写问题来源"),
        ({"B": "没有这种来源", "D": "新问题甲"}, "B 列（问题来源）：没有名为“没有这种来源”的问题来源"),
        ({"B": "巡察"}, "D 列（具体问题）：没有写具体内容"),
        ({"B": "巡察", "D": "信息公开答复超期"}, "台账中已有同样的内容"),
        ({"B": "巡察", "D": "新问题乙", "L": "尽快"}, "L 列（整改时限）"),
        ({"B": "巡察", "D": "新问题丙", "K": "方核"}, "K 列（责任人）：“方核”没有“责任人”角色"),
        ({"B": "巡察", "D": "新问题丁"}, "新增"),
        ({"B": "审计", "D": "新问题丁"}, "第 15 行：未导入　与“整改台账”第 14 行重复"),
        ({"B": "巡察", "D": "长" * 20_001}, "D 列（具体问题）：问题或计划的原文超过 20000 字。现有 20001 字"),
        ({"B": "巡察", "D": "新问题戊", "F": "长" * 20_001}, "未取 F 列（整改目标）：整改目标超过 20000 字"),
    )
    cells = {f"{column}{8 + n}": text for n, (row, _) in enumerate(rows) for column, text in row.items()}
    edit(ledger, put(**cells))
    outcomes = take(database, ledger)[2:]
    for (_, named), outcome in zip(rows, outcomes, strict=False):
        assert named in outcome.line, outcome.line


def test_only_the_clerk_adds_rows_and_an_officer_reports_on_his_own(database: Database, ledger: Path) -> None:
    edit(ledger, put(M5="互查已完成", B8="巡察", D8="新问题"))
    outcomes = take(database, ledger, login="officer")
    assert [outcome.fate for outcome in outcomes][:4] == [
        RowFate.CHANGED, RowFate.UNCHANGED, RowFate.REFUSED, RowFate.UNCHANGED,
    ]  # fmt: skip
    assert "不能登记任务" in outcomes[2].line
    with database.reading() as session:
        last = timeline(session, task(session).id)[-1]
    assert (last.actor, last.recorder, last.text) == ("陈路", "", "互查已完成")


def test_a_copied_row_is_told_of_the_first(database: Database, ledger: Path) -> None:
    edit(ledger, lambda sheet: put(**{f"{c}8": sheet[f"{c}5"].value for c in "BCDEFGHIJKLMNOPQR"})(sheet))
    assert "与“整改台账”第 5 行重复" in take(database, ledger)[2].line


def test_columns_moved_and_rows_sorted_are_still_known(database: Database, ledger: Path) -> None:
    def change(sheet: Worksheet) -> None:
        for merged in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(merged))
        sheet.insert_cols(2)
        sheet["B4"] = "科室自己加的一栏"
        sheet.insert_rows(1)
        for column in range(1, 20):
            first, second = sheet.cell(6, column), sheet.cell(7, column)
            first.value, second.value = second.value, first.value

    edit(ledger, change)
    assert {outcome.fate for outcome in take(database, ledger)} == {RowFate.UNCHANGED}


def test_another_offices_people_cannot_touch_the_rows(database: Database, ledger: Path) -> None:
    with database.unit_of_work() as session:
        make_bureau(session, "南岭县水利局", prefix="n_")
    edit(ledger, put(Q5="外单位改的"))
    [refused, *_] = take(database, ledger, login="n_clerk")
    assert "没有编号为" in refused.line
    with database.reading() as session:
        assert task(session).remark == "内部备注若干"


CELLS = st.text(max_size=40) | st.sampled_from(
    ["=1+1", "'=x", "-减", "+加", "@某", "007", "１２", "一\n二\n\n三", "😀📎", "#N/A", "长" * 3000, "2026-06-30", "1. 甲"]
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), min_size=1, max_size=4))
def test_a_ledger_of_any_texts_comes_back_as_it_went_out(
    new_sqlite_ledger: Callable[[], str], tmp_path: Path, texts: list[tuple[str, str, str, str]]
) -> None:
    database = Database(new_sqlite_ledger())
    with database.unit_of_work() as session:
        office = make_bureau(session)
        for text, cause, goal, remark in texts:
            made = make_task(session, office, text=text.replace("\x00", "") or "问题")
            made.cause, made.goal, made.remark = (part.replace("\x00", "") for part in (cause, goal, remark))
            session.add(Measure(task_id=made.id, position=1, text=goal.replace("\x00", "") or "措施"))
        make_draft(session, office)
    path = tmp_path / "any.xlsx"
    export(database, path)
    before = events(database)
    assert {outcome.fate for outcome in take(database, path)} == {RowFate.UNCHANGED}
    export(database, tmp_path / "again.xlsx")
    for first, second in zip(load_workbook(path), load_workbook(tmp_path / "again.xlsx"), strict=True):
        assert list(first.values) == list(second.values)
    assert events(database) == before
    database.dispose()


@pytest.mark.slow
def test_a_ledger_saved_by_another_program_comes_back_untouched(database: Database, tmp_path: Path) -> None:
    with database.unit_of_work() as session:
        office = filled_office(session)
        for text in ("=1+1", "-减号开头", "'单引号", "两行\n第二行", "😀　２０２６", "007", "x" * 3000):
            make_draft(session, office, text=text)
    export(database, tmp_path / "台账.xlsx")
    saved = converted(tmp_path / "台账.xlsx", "xlsx", tmp_path / "另存")
    assert {outcome.fate for outcome in take(database, saved)} == {RowFate.UNCHANGED}
    assert "Calc" in raw(saved) or "LibreOffice" in raw(saved)


def test_a_workbook_without_a_ledger_names_what_is_missing(tmp_path: Path, ledger: Path) -> None:
    edit(ledger, put(D4="别的"))
    edit(ledger, put(D4="别的"), "工作任务台账")
    edit(ledger, put(D4="别的"), "待确认和仅存档")
    with pytest.raises(Unreadable, match=r"没有一张表有“问题来源、具体问题”栏"):
        read_ledger(ledger)
