"""销号单, 回头看核查记录, 催办通知单 and the folder of one task."""

import io
import secrets
import tracemalloc
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from docx import Document
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import Database
from core.errors import Unreadable
from core.files import FileStore
from documents.pack import write_pack, zip_parts
from documents.task.exhibits import exhibits
from documents.task.folder import TIMELINE, folder_files
from documents.task.papers import closing_sheet, look_back_sheet, task_note
from documents.word.layout import OfficialPaper
from models.enums import Channel, ItemKind, Status, TimeLimit, Verb
from models.organisation import Person
from rectification import casework
from rectification.casework import IssueOrder, NewEvidence
from rectification.lists.case_file import CaseFile
from rectification.lists.load_case_files import case_files
from rectification.lists.rows import list_tasks
from rectification.lists.timeline import EventRow, timeline
from rectification.office.calendar import load_calendar
from rectification.task.audit import verify
from tests.factories import DAY, MEASURE, acting, clock_on, make_bureau, make_task, statement_of

ON = date(2026, 6, 8)
ZONE = ZoneInfo("Asia/Shanghai")


def words(paper: OfficialPaper | bytes) -> str:
    """All that a paper says, tables included."""
    data = paper if isinstance(paper, bytes) else paper.to_bytes()
    document = Document(io.BytesIO(data))
    lines = [paragraph.text for paragraph in document.paragraphs]
    for table in document.tables:
        lines += [
            " | ".join(dict.fromkeys(cell.text.replace("\n", "／") for cell in row.cells))
            for row in table.rows
        ]
    return "\n".join(lines)


def a_task(database: Database, status: Status, kind: ItemKind = ItemKind.SHORTCOMING) -> CaseFile:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        order = IssueOrder(title="规范案卷", goal="评查合格", measures=(MEASURE,), due_on=date(2026, 6, 30))
        make_task(session, office, status=status, kind=kind, order=order)
    return case_of(database)


def case_of(database: Database) -> CaseFile:
    with database.reading() as session:
        [found] = case_files(session, ON, load_calendar(session))
    return found


def person(session: Session, login: str) -> Person:
    return session.scalars(select(Person).where(Person.login == login)).one()


def with_files(database: Database, folder: Path, *names: str) -> FileStore:
    """Files as evidence of the one task: it is reopened for them, and closed as it was stays on record."""
    store = FileStore(folder / "evidence", max_bytes=1 << 20)
    with database.unit_of_work() as session:
        by = acting(session, person(session, "reviewer"), DAY + timedelta(days=9))
        casework.reopen(session, clock_on(DAY + timedelta(days=9)), by, "2026-001", "补材料")
        officer = acting(session, person(session, "officer"), DAY + timedelta(days=10))
        for name in names:
            file = store.keep(io.BytesIO(f"{name}的内容".encode()), name)
            new = NewEvidence(file=file, own_date=DAY)
            casework.evidence(session, clock_on(DAY + timedelta(days=10)), officer, "2026-001", new)
    return store


def history(database: Database, task: CaseFile) -> list[EventRow]:
    with database.reading() as session:
        return timeline(session, task.row.id)


def test_a_closing_sheet_shows_statement_proof_and_every_signature(database: Database) -> None:
    task = a_task(database, Status.CLOSED)
    events = history(database, task)
    said = words(closing_sheet(task, events))
    assert said.startswith("云山县交通运输局整改任务销号单")
    assert f"完成情况 | 任务2026-001：{statement_of('2026-001')}／签名：陈路　2026年3月5日" in said
    assert "佐证材料 | 佐证1 纸质档号 档〔2026〕2026-001（2026年3月4日）" in said
    assert "复核意见 | 抽查案卷，送达回证齐全。／签名：方核　2026年3月6日" in said
    assert "审签意见／分管领导审签 | 同意。／签名：周分管　2026年3月7日" in said
    assert "申请销号日期 | 2026年3月5日 | 销号日期 | 2026年3月7日" in said
    assert "科室审核" not in said
    with database.reading() as session:
        head = events[-1].sequence, events[-1].hash
        assert f"核验码：{head[0]}:{head[1]}" in said
        assert "rectify" not in said, "people read it"
        assert verify(session, task.row.bureau_id, against=head).is_sound


def test_a_sheet_says_which_signatures_came_in_by_command_line(database: Database) -> None:
    task = a_task(database, Status.CLOSED)
    events = history(database, task)
    typed = [replace(event, channel=Channel.CLI) if event.verb is Verb.SUBMIT else event for event in events]
    said = words(closing_sheet(task, typed))
    assert "签名：陈路　2026年3月5日／（代录）" in said
    assert said.count("代录") == 1


def test_before_it_is_signed_the_sheet_leaves_room_to_sign(database: Database) -> None:
    said = words(closing_sheet(a_task(database, Status.IN_PROGRESS, ItemKind.PLAN), []))
    assert said.startswith("云山县交通运输局工作任务办结单")
    assert said.count("签名：　　") == 2
    assert "办结日期 | " in said


def test_the_unit_head_has_a_place_to_sign_where_the_request_waits_for_one(database: Database) -> None:
    task = a_task(database, Status.SUBMITTED)
    assert "科室审核" not in words(closing_sheet(task, []))
    waiting = replace(task, row=replace(task.row, step="审核"))
    assert "科室审核 | ／签名：　　" in words(closing_sheet(waiting, []))


def test_a_look_back_record_tells_what_was_found(database: Database) -> None:
    a_task(database, Status.CLOSED)
    blank = words(look_back_sheet(case_of(database)))
    assert "□ 整改属实，维持原结论" in blank
    with database.unit_of_work() as session:
        reviewer = acting(session, person(session, "reviewer"), ON)
        casework.reopen(session, clock_on(ON), reviewer, "2026-001", "抽查3卷，1卷仍缺送达回证。")
    said = words(look_back_sheet(case_of(database)))
    assert "核查情况 | 抽查3卷，1卷仍缺送达回证。" in said
    assert "核查结论 | 整改不到位，重新整改" in said
    assert "签名：方核　2026年6月8日" in said
    assert "原复核人 | 方核 | 原审签人 | 周分管" in said


def test_a_reminder_note_lists_what_is_overdue_and_near_by_neutral_titles(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        make_task(session, office, text="机密的原文", order=IssueOrder(due_on=date(2026, 5, 29)))
        make_task(session, office, order=IssueOrder(due_on=date(2026, 6, 10)))
        make_task(session, office, status=Status.CLOSED)
    with database.reading() as session:
        calendar = load_calendar(session)
        asked = [(row, "") for row in list_tasks(session, ON, calendar) if row.status is Status.IN_PROGRESS]
    said = words(task_note("云山县交通运输局", "路政科", "陈路", asked, ON, calendar))
    assert "下列2项任务请抓紧办理并报送进展，其中1项已超期。" in said
    assert "1 | 2026-001 | 2025年报告·2026-001 | 2026年5月29日 | 已超期10天" in said
    assert "2026年6月10日 | 还有2个工作日" in said
    assert "机密的原文" not in said
    assert "签收人：" in said
    assert "路政科　陈路同志：" in said
    asks = words(task_note("云山县交通运输局", "局领导", "周分管", asked, ON, calendar, signs=True))
    assert "签收" not in asks, "a leader is not asked to sign for it"


def test_a_reminder_note_calls_a_silent_checkpoint_missed(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        order = IssueOrder(time_limit=TimeLimit.LONG_TERM, checkpoint_on=date(2026, 5, 29))
        make_task(session, office, order=IssueOrder(due_on=date(2026, 5, 29)))
        silent = make_task(session, office, order=order).code
    with database.reading() as session:
        calendar = load_calendar(session)
        asked = [(row, "") for row in list_tasks(session, ON, calendar)]
    said = words(task_note("云山县交通运输局", "路政科", "陈路", asked, ON, calendar))
    assert "下列2项任务请抓紧办理并报送进展，其中1项已超期，1项节点超期。" in said
    assert f"2 | {silent} | 2025年报告·{silent} | 2026年5月29日 | 节点超期10天" in said


def test_a_folder_holds_cover_timeline_sheet_and_every_file(database: Database, tmp_path: Path) -> None:
    a_task(database, Status.CLOSED)
    store = with_files(database, tmp_path, "评查<报告>.txt", "照片.txt")
    task = case_of(database)
    path = tmp_path / "档.zip"
    found = exhibits(task, store)
    write_pack(path, folder_files(task, history(database, task), found, ZONE))
    assert [each.line.name for each in found if each.place] == ["评查报告.txt", "照片.txt"]
    with zipfile.ZipFile(path) as folder:
        names = folder.namelist()
        assert names[:2] == ["00 销号单和目录.docx", TIMELINE]
        assert folder.read("佐证材料/佐证2 评查报告.txt") == "评查<报告>.txt的内容".encode()
        assert not any(c in name for name in names for c in '<>:"|?*\\')
        cover, told = words(folder.read(names[0])), words(folder.read(TIMELINE))
    assert "云山县交通运输局" in cover
    assert "纸质材料，存档案室" in cover
    assert "2026年3月6日／第7条 | 复核通过 | 方核／网页 | 待审签 | 抽查案卷，送达回证齐全。" in told
    again = path.read_bytes()
    write_pack(path, folder_files(task, history(database, task), found, ZONE))
    assert path.read_bytes() == again
    with database.reading():
        parts = zip_parts(folder_files(task, history(database, task), exhibits(task, store), ZONE))
    assert b"".join(parts) == again


def test_a_folder_comes_piece_by_piece(database: Database, tmp_path: Path) -> None:
    a_task(database, Status.CLOSED)
    store = with_files(database, tmp_path, "一.txt")
    task = case_of(database)
    scan = secrets.token_bytes(5 << 20)
    line = next(each for each in task.evidence if each.sha256)
    kept = store.path(sha256(scan).hexdigest())
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(scan)
    many = replace(
        task, evidence=(replace(line, sha256=kept.name, size=len(scan), file_name="扫描件.pdf"),) * 8
    )
    tracemalloc.start()
    size = sum(len(part) for part in zip_parts(folder_files(many, [], exhibits(many, store), ZONE)))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size > 8 * len(scan)
    assert most < 2 * len(scan)


def test_a_missing_or_altered_file_is_told_and_left_out(database: Database, tmp_path: Path) -> None:
    a_task(database, Status.CLOSED)
    store = with_files(database, tmp_path, "一.txt", "二.txt")
    task = case_of(database)
    gone, altered = (line.sha256 for line in task.evidence if line.sha256)
    store.path(gone).unlink()
    store.path(altered).chmod(0o600)
    store.path(altered).write_text("改过的内容", encoding="utf-8")
    outcome = exhibits(task, store)
    write_pack(tmp_path / "档.zip", folder_files(task, [], outcome, ZONE))
    assert [each.line.name for each in outcome if each.is_missing] == ["一.txt", "二.txt"]
    with zipfile.ZipFile(tmp_path / "档.zip") as folder:
        cover = words(folder.read("00 销号单和目录.docx"))
        assert not any("佐证材料/" in name for name in folder.namelist())
    assert "文件缺失" in cover
    assert "文件内容与上传时不同，未收入" in cover


def test_a_folder_that_cannot_be_written_leaves_nothing_behind(database: Database, tmp_path: Path) -> None:
    task = a_task(database, Status.DRAFT)
    store = FileStore(tmp_path / "evidence", max_bytes=1)
    with pytest.raises(Unreadable, match="写不了文件"):
        write_pack(tmp_path / "没有" / "档.zip", folder_files(task, [], exhibits(task, store), ZONE))
    assert list(tmp_path.glob("**/*.part")) == []
