"""`rectify export`: everything goes along, nothing that lets anybody in does, and it is there whole or not at all."""

import base64
import hashlib
import io
import json
import subprocess
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from app.cli import common
from core.files import FileStore, folder_name
from documents import pack
from documents.archive.copies import Copy
from documents.archive.tables import columns_of, exported, heading, word_of
from documents.tables.superior_forms import read_form
from models.all_tables import Base
from models.enums import OfficeVerb, Status
from models.history import TaskEvent
from models.storage.snapshot import LEFT_OUT
from models.task import Evidence, RectificationTask
from rectification import casework
from rectification.casework import IssueOrder, NewEvidence
from rectification.office.journal import verify
from rectification.office.signin import hash_password, set_password_hash
from rectification.tables.superior_forms import add_form
from tests.cli import Rectify
from tests.factories import BY, DAY, Office, acting, clock_on, make_bureau, make_draft, make_task
from tests.unit.documents.tables.superior_papers import justice_bureau

PASSWORD = "一句好记的话 2026 年"
YEAR = ("--year", "2026")
BUREAU = "云山县交通运输局"


def order(title: str, *, is_restricted: bool = False) -> IssueOrder:
    return IssueOrder(title=title, due_on=date(2026, 12, 31), is_restricted=is_restricted or None)


@dataclass
class Desk:
    """An office with a task of each kind: closed, open, given up with a file, restricted, of the year after, a draft."""

    rectify: Rectify
    office: Office
    store: FileStore

    def files(self, folder: Path) -> set[str]:
        return {each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file()}

    def add(self, code: str, name: str, content: bytes) -> int:
        """A file as evidence of a task that is in work."""
        with common.ledger().unit_of_work() as session:
            kept = self.store.keep(io.BytesIO(content), name)
            by = acting(session, self.office.officer, DAY + timedelta(days=2))
            casework.evidence(
                session, clock_on(DAY + timedelta(days=2)), by, code, NewEvidence(file=kept, own_date=DAY)
            )
        with common.ledger().reading() as session:
            return session.scalars(select(func.max(Evidence.id))).one() or 0

    def end(self, code: str, day: date = DAY + timedelta(days=4)) -> None:
        """Give a task in work up."""
        with common.ledger().unit_of_work() as session:
            casework.terminate(
                session, clock_on(day), acting(session, self.office.leader, day), code, "职能划转。"
            )


@pytest.fixture
def desk(rectify: Rectify) -> Desk:
    with common.ledger().unit_of_work() as session:
        office = make_bureau(session, BUREAU)
        set_password_hash(session, BY, office.clerk, hash_password(PASSWORD, login=office.clerk.login))
        make_task(session, office, status=Status.CLOSED, order=order("规范案卷"))
        make_task(session, office, status=Status.IN_PROGRESS, order=order("补齐/公示"))
        make_task(session, office, status=Status.IN_PROGRESS, order=order("CON"))
        make_task(session, office, status=Status.CLOSED, order=order("机密事项", is_restricted=True))
        make_task(session, office, status=Status.CLOSED, day=date(2025, 3, 3), order=order("上年的"))
        make_task(session, office, status=Status.DRAFT)
    return Desk(rectify, office, common.file_store())


def codes() -> list[str]:
    with common.ledger().reading() as session:
        return list(session.scalars(select(RectificationTask.code).order_by(RectificationTask.id)))


def rows_of(folder: Path, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((folder / "数据" / f"{table}.json").read_text(encoding="utf-8"))
    return found


def cells(file: Path | io.BytesIO, sheet: str) -> list[list[str]]:
    book = load_workbook(file)
    return [["" if value is None else str(value) for value in row] for row in book[sheet].values]


def places(folder: Path) -> dict[str, str]:
    """Where each file stands, by its SHA-256."""
    lines = (folder / pack.SUMS).read_text(encoding="utf-8").splitlines()
    return {line[:64]: line[66:] for line in lines}


def sums_hold(folder: Path) -> bool:
    done = subprocess.run(
        ["sha256sum", "-c", "--quiet", pack.SUMS], cwd=folder, check=False, capture_output=True
    )
    return done.returncode == 0


def test_everything_goes_along(desk: Desk, tmp_path: Path) -> None:
    scan = b"%PDF-1.7\nscan"
    number = desk.add("2026-002", "云交发〔2026〕3号 通知.pdf", scan)
    out = tmp_path / "全部"
    with common.ledger().reading() as session:
        counts = {each.name: session.scalar(select(func.count()).select_from(each)) for each in exported()}
    said = desk.rectify.ok("export", out)
    assert "6 项" in said.out
    assert "仅限指定人员" in said.err
    assert [row["code"] for row in rows_of(out, "rectification_task")] == codes()
    folders = {each.name.split()[0] for each in (out / BUREAU / "任务").iterdir()}
    assert folders == set(codes())
    for table in exported():
        kept = rows_of(out, table.name)
        assert len(kept) == counts[table.name], table.name
        assert all(set(row) >= {column.name for column in columns_of(table)} for row in kept)
    with common.ledger().reading() as session:
        assert [row["hash"] for row in rows_of(out, "task_event")] == list(
            session.scalars(select(TaskEvent.hash).order_by(TaskEvent.id))
        )
    [row] = [row for row in rows_of(out, "evidence") if row["id"] == number]
    assert row["sha256"] == hashlib.sha256(scan).hexdigest()
    assert (out / places(out)[row["sha256"]]).read_bytes() == scan
    meanings = json.loads((out / "数据/keys.json").read_text(encoding="utf-8"))
    assert meanings["rectification_task"]["keys"]["status"]["values"]["closed"] == "已销号"
    assert meanings["evidence"]["keys"]["task_id"] == {"name": "任务", "id_of": "rectification_task"}
    shown = cells(out / "数据/全部数据.xlsx", "任务")
    assert len(shown) == 1 + len(codes())
    assert "陈路" in shown[1], "a name for a number"
    assert "已销号" in shown[1]
    assert "共 6 项任务" in (out / "说明.txt").read_text(encoding="utf-8")
    assert sums_hold(out)
    assert len((out / pack.SUMS).read_text(encoding="utf-8").splitlines()) == len(desk.files(out)) - 1


REPORT = f"""{BUREAU}2025年度法治政府建设情况报告
一、存在的不足
（一）执法案卷制作不规范。
二、2026年工作安排
（一）开展案卷评查。
{BUREAU}
2026年2月18日
"""


def test_a_report_and_a_meetings_papers_go_along_and_come_back(desk: Desk, tmp_path: Path) -> None:
    """In a copy of everything, in the year's archive with their list, in a backup."""
    report, paper = tmp_path / "年度报告.txt", tmp_path / "汇报.txt"
    report.write_text(REPORT, encoding="utf-8")
    paper.write_text("听取汇报的材料", encoding="utf-8")
    desk.rectify.ok("report", "import", report, "--on", "2026-03-02")
    heard = ("--body", "党组", "--topic", "听取汇报", "--date", "2026-03-02", "--paper", paper)
    desk.rectify.ok("hearing", "add", "--as", "clerk", *heard, "--on", "2026-03-02")
    written = common.settings().paper_dir / BUREAU
    written.mkdir(parents=True)
    for name in ("2026年3月整改进展通报.docx", "2025年12月整改进展通报.docx"):
        (written / name).write_bytes(b"written")

    desk.rectify.ok("export", tmp_path / "全部")
    assert (tmp_path / "全部/报告/原件/1 年度报告.txt").read_bytes() == report.read_bytes()
    desk.rectify.ok("export", tmp_path / "年", *YEAR)
    year = tmp_path / "年" / BUREAU
    assert (year / "来文/1 年度报告.txt").read_bytes() == report.read_bytes()
    assert (year / "听取汇报/1 汇报.txt").read_bytes() == paper.read_bytes()
    assert [each.name for each in (year / "材料").iterdir()] == ["2026年3月整改进展通报.docx"]
    listed = cells(year / "来文和材料目录.xlsx", "来文和材料目录")
    for title in (f"{BUREAU}2025年度法治政府建设情况报告", "汇报.txt", "2026年3月整改进展通报"):
        assert [row for row in listed if title in row], title

    desk.rectify.ok("backup", tmp_path / "b.zip")
    (kept,) = [each for each in desk.store if desk.store.path(each).read_bytes() == report.read_bytes()]
    desk.store.path(kept).unlink()
    assert f"佐证文件 {kept[:12]}不见了" in desk.rectify("doctor").out
    assert "缺 1 份文件" in desk.rectify("export", tmp_path / "半").err
    desk.rectify.ok("restore", tmp_path / "b.zip", "--evidence")
    assert desk.store.path(kept).read_bytes() == report.read_bytes()

    withdraw = ("--reason", "传错了", "--as", "clerk", "--on", "2026-03-03")
    desk.rectify.ok("report", "withdraw", "1", *withdraw)
    assert not desk.store.path(kept).exists()


def test_a_superiors_form_goes_along_with_its_file(desk: Desk, tmp_path: Path) -> None:
    file = justice_bureau(tmp_path / "市局台账.xlsx")
    with common.ledger().unit_of_work() as session:
        add_form(session, BY, 1, "市局台账", file.name, file.read_bytes(), read_form(file, ""))
    desk.rectify.ok("export", tmp_path / "全部")
    [row] = json.loads((tmp_path / "全部/数据/superior_form.json").read_text(encoding="utf-8"))
    assert base64.urlsafe_b64decode(row["content"]) == file.read_bytes()


def test_what_lets_anybody_in_does_not(desk: Desk, tmp_path: Path) -> None:
    desk.rectify.ok("export", tmp_path / "全部.zip")
    with zipfile.ZipFile(tmp_path / "全部.zip") as whole:
        assert whole.testzip() is None
        everything = b"".join(whole.read(name) for name in whole.namelist() if name.endswith(".json"))
    assert b"argon2" not in everything
    assert (tmp_path / "全部.zip").stat().st_mode & 0o077 == 0
    names = {table.name for table in exported()}
    assert names.isdisjoint(LEFT_OUT)
    kept_back = {"form_key", "kept_text", "job_run", "heartbeat", "process", *LEFT_OUT}
    assert names == set(Base.metadata.tables) - kept_back, "a new table is exported, or named here"
    columns = {f"{table.name}.{column.name}" for table in exported() for column in columns_of(table)}
    assert not [each for each in columns if "password" in each or "token" in each or "secret" in each]


@pytest.mark.parametrize("table", exported(), ids=lambda table: table.name)
def test_every_key_has_its_word(table: Any) -> None:
    for name in (table.name, *(column.name for column in columns_of(table))):
        assert word_of(name) != name
    headings = [heading(column) for column in columns_of(table)]
    assert len(set(headings)) == len(headings), "one heading, one column"
    listed = [getattr(column.type, "enum_class", None) or () for column in columns_of(table)]
    assert all(each.word for kind in listed for each in kind)


def test_a_heading_says_what_stands_below_it_and_no_more() -> None:
    tables = Base.metadata.tables
    assert heading(tables["person"].c.position) == "职务"
    assert heading(tables["measure"].c.position) == "次序"
    assert heading(tables["report"].c.issued_on) == "印发日期"
    assert heading(tables["rectification_task"].c.issued_on) == "下达日期"


def test_an_exported_history_is_put_on_record(desk: Desk, tmp_path: Path) -> None:
    desk.rectify.ok("export", tmp_path / "全部")
    desk.rectify.ok("export", tmp_path / "归档", *YEAR)
    with common.ledger().reading() as session:
        assert verify(session).is_sound
    said = desk.rectify.ok("audit", "office").out
    assert said.count(OfficeVerb.EXPORT.word) == 2


def test_a_year_holds_what_ended_in_it_and_says_what_does_not_belong(desk: Desk, tmp_path: Path) -> None:
    desk.add("2026-003", "验收单.pdf", b"%PDF-1.7\n1")
    desk.end("2026-003")
    said = desk.rectify.ok("export", tmp_path / "2026年归档", *YEAR)
    assert "2 项" in said.out
    assert sums_hold(tmp_path / "2026年归档")
    out = tmp_path / "2026年归档" / BUREAU
    assert {each.name for each in (out / "任务").iterdir()} == {"2026-001 规范案卷", "2026-003 CON"}
    assert desk.files(out / "任务/2026-003 CON") == {
        "00 终止单和目录.docx",
        "01 办理记录.docx",
        "卷内目录.xlsx",
        "佐证材料/佐证1 验收单.pdf",
    }
    kept = cells(out / "归档文件目录.xlsx", "案卷目录")
    by_code = {row[0]: row for row in kept}
    assert by_code["2026-001"][4:7] == ["已销号", "2026年3月7日", "共3件"]
    assert by_code["2026-003"][4:6] == ["已终止", "2026年3月6日"]
    assert [row[0] for row in kept].index("未归档") > [row[0] for row in kept].index("2026-003")
    assert by_code["2026-002"][1] == "补齐/公示"
    assert by_code["2026-002"][6] == "未销号"
    assert by_code["2026-004"][1:4] == ["", "", ""], "of a restricted one the number alone"
    assert by_code["2026-004"][6] == "仅限指定人员，从任务页面单独归档"
    assert "2025-001" not in by_code, "it is of another year's archive"
    listed = cells(out / "任务/2026-001 规范案卷/卷内目录.xlsx", "卷内目录")
    paper = listed[-1]
    assert paper[1] == "档〔2026〕2026-001", "the archive's number of what is on paper"
    assert paper[4] == "纸质材料", "its title is not its number"
    assert "纸质材料，存档案室" in paper[9]
    heads = ["件号", "档号", "文号", "责任者", "题名", "日期", "密级", "保管期限", "页数", "备注"]
    assert heads in listed
    assert not (tmp_path / "2026年归档/数据").exists()


def test_each_paper_of_a_task_has_the_day_it_was_made(desk: Desk, tmp_path: Path) -> None:
    looked = ("--finding", "没有反弹。", "--on", "2026-05-06")
    desk.rectify.ok("task", "look-back", "2026-001", "--as", "reviewer", *looked)
    desk.rectify.ok("export", tmp_path / "a", *YEAR)
    listed = cells(tmp_path / "a" / BUREAU / "任务/2026-001 规范案卷/卷内目录.xlsx", "卷内目录")
    days = {row[4].removeprefix("2026-001 "): row[5] for row in listed if row[4].startswith("2026-001 ")}
    assert days == {
        "销号单和目录": "2026年3月7日",
        "办理记录": "2026年5月6日",
        "回头看核查记录": "2026年5月6日",
    }


def test_what_ended_later_is_told_of_in_the_earlier_year(desk: Desk, tmp_path: Path) -> None:
    desk.end("2026-002", date(2027, 1, 8))
    desk.rectify.ok("export", tmp_path / "a", *YEAR)
    by_code = {row[0]: row for row in cells(tmp_path / "a" / BUREAU / "归档文件目录.xlsx", "案卷目录")}
    assert by_code["2026-002"][4:7] == ["已终止", "2027年1月8日", "归入2027年度"]


def test_a_file_that_is_gone_is_named_and_the_copy_says_so(desk: Desk, tmp_path: Path) -> None:
    desk.add("2026-002", "一.pdf", b"%PDF-1.7\n1")
    desk.add("2026-002", "二.pdf", b"%PDF-1.7\n2")
    desk.store.path(hashlib.sha256(b"%PDF-1.7\n1").hexdigest()).unlink()
    altered = desk.store.path(hashlib.sha256(b"%PDF-1.7\n2").hexdigest())
    altered.chmod(0o600)
    altered.write_bytes(b"%PDF-1.7\nx")
    said = desk.rectify("export", tmp_path / "全部")
    assert said.code == 1
    assert "一.pdf" in said.err
    assert "缺 2 份文件" in said.err
    told = (tmp_path / "全部/不完整.txt").read_text(encoding="utf-8")
    assert "2026-002 佐证1 一.pdf" in told
    assert "2026-002 佐证2 二.pdf" in told
    assert sums_hold(tmp_path / "全部")


def test_what_was_destroyed_is_told_and_does_not_count_as_missing(desk: Desk, tmp_path: Path) -> None:
    number = desk.add("2026-003", "误传.pdf", b"%PDF-1.7\n1")
    on = ("--on", "2026-03-05")
    desk.rectify.ok(
        *("task", "purge-evidence", "2026-003", "--as", "clerk", "--evidence", str(number)),
        *("--reason", "传错了", "--witness", "reviewer", *on),
    )
    desk.end("2026-003")
    desk.rectify.ok("export", tmp_path / "a", *YEAR)
    listed = cells(tmp_path / "a" / BUREAU / "任务/2026-003 CON/卷内目录.xlsx", "卷内目录")
    assert listed[-1][4] == "误传", "a file by its name, without its number and ending"
    assert listed[-1][9].startswith("佐证1；")
    assert "误传清除：传错了" in listed[-1][9]
    desk.rectify.ok("export", tmp_path / "全部")
    [row] = [row for row in rows_of(tmp_path / "全部", "evidence") if row["id"] == number]
    assert row["purge_reason"] == "传错了"
    assert row["sha256"] not in places(tmp_path / "全部")


def test_what_was_taken_out_of_a_task_goes_along_apart(desk: Desk, tmp_path: Path) -> None:
    number = desk.add("2026-002", "别的.pdf", b"%PDF-1.7\n9")
    desk.rectify.ok(
        *("task", "detach", "2026-002", "--as", "officer", "--evidence", str(number)),
        *("--reason", "放错了", "--on", "2026-03-05"),
    )
    desk.rectify.ok("export", tmp_path / "全部")
    [row] = [row for row in rows_of(tmp_path / "全部", "evidence") if row["id"] == number]
    assert places(tmp_path / "全部")[row["sha256"]] == f"取出的材料/{number} 别的.pdf"


def test_it_is_of_one_moment(desk: Desk) -> None:
    with common.ledger().reading() as session:
        copy = Copy(session, desk.store, common.settings().zone, DAY)
        files = iter(copy.whole({}))
        kept = [next(files)[0]]
        with common.ledger().unit_of_work() as writing:
            make_draft(writing, desk.office)
        everything = {name: b"".join(pieces) for name, pieces in files}
    assert len(codes()) == 7
    assert len(json.loads(everything["数据/rectification_task.json"])) == copy.tasks == 6
    assert (
        len(json.loads(everything["数据/task_event.json"]))
        == json.loads(everything["数据/chain_head.json"])[0]["sequence"]
    )
    assert kept


def test_every_bureau_has_its_folder_and_its_own_year(desk: Desk, tmp_path: Path) -> None:
    below = "白河县农业农村局"
    with common.ledger().unit_of_work() as session:
        make_task(
            session, make_bureau(session, below, prefix="b_"), status=Status.CLOSED, order=order("规范案卷")
        )
    desk.rectify.ok("export", tmp_path / "全部")
    assert {each.parent.name for each in (tmp_path / "全部").glob("*/台账.xlsx")} == {BUREAU, below}
    desk.rectify.ok("export", tmp_path / "a", *YEAR, "--bureau", below)
    assert [each.name for each in (tmp_path / "a").iterdir() if each.is_dir()] == [below]
    assert "没有名为" in desk.rectify("export", tmp_path / "b", *YEAR, "--bureau", "没有的局").err


def test_an_empty_ledger_goes_out_empty(rectify: Rectify, tmp_path: Path) -> None:
    said = rectify.ok("export", tmp_path / "空")
    assert "0 项" in said.out
    assert rows_of(tmp_path / "空", "rectification_task") == []
    assert rectify("export", tmp_path / "年", *YEAR).code == 1
    assert not (tmp_path / "年").exists()


def test_a_year_in_which_nothing_ended_is_no_archive(desk: Desk, tmp_path: Path) -> None:
    said = desk.rectify("export", tmp_path / "a.zip", "--year", "2031")
    assert said.code == 1
    assert "2031年度没有" in said.err
    assert list(tmp_path.glob("*.zip")) == []


@pytest.mark.parametrize("name", ["全部", "全部.zip"])
def test_nothing_is_written_over(desk: Desk, tmp_path: Path, name: str) -> None:
    desk.rectify.ok("export", tmp_path / name)
    before = (tmp_path / name).stat().st_mtime_ns
    said = desk.rectify("export", tmp_path / name)
    assert said.code == 1
    assert "已经有内容" in said.err
    assert (tmp_path / name).stat().st_mtime_ns == before


def test_an_empty_folder_is_filled(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    desk.rectify.ok("export", tmp_path / "空")
    assert (tmp_path / "空/说明.txt").is_file()


@pytest.mark.parametrize("name", ["全部", "全部.zip"])
@pytest.mark.parametrize("failure", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_what_is_broken_off_leaves_nothing(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, failure: BaseException
) -> None:
    real: Callable[..., Iterator[bytes]] = pack._counted
    seen: list[object] = []

    def breaking(content: Any, digest: Any) -> Iterator[bytes]:
        seen.append(content)
        if len(seen) == 30:
            raise failure
        return real(content, digest)

    monkeypatch.setattr(pack, "_counted", breaking)
    (tmp_path / "到").mkdir()
    said = desk.rectify("export", tmp_path / "到" / name)
    assert said.code in (1, 130)
    assert "Traceback" not in said.err
    assert list((tmp_path / "到").iterdir()) == []


def test_a_bureau_is_named_with_a_year(desk: Desk, tmp_path: Path) -> None:
    assert desk.rectify("export", tmp_path / "a", "--bureau", BUREAU).code == 2


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("安全/环保\\整治", "安全／环保＼整治"),
        ("3.5 版本的问题...", "3.5 版本的问题"),
        ("问：“是否”<合规>?*|", "问：“是否”＜合规＞？＊｜"),
        ("长" * 200, "长" * 44),
        ("换行\n和\x00控制符", "换行和控制符"),
        (" . ", ""),
    ],
)
def test_a_title_becomes_a_name_on_any_system(title: str, name: str) -> None:
    assert folder_name(title) == name


def test_a_path_stays_below_what_windows_takes(desk: Desk, tmp_path: Path) -> None:
    with common.ledger().unit_of_work() as session:
        make_task(session, desk.office, status=Status.IN_PROGRESS, order=order("长" * 150))
    desk.add("2026-006", f"{'a' * 180}.pdf", b"%PDF-1.7\n5")
    desk.rectify.ok("export", tmp_path / "全部")
    assert max(map(len, desk.files(tmp_path / "全部"))) < 200


def test_memory_does_not_grow_with_the_evidence(desk: Desk, tmp_path: Path) -> None:
    for n in range(3):
        desk.add("2026-002", f"{n}.pdf", b"%PDF-1.7\n" + bytes([n]) * (8 << 20))
    desk.rectify.ok("export", tmp_path / "先")  # what is imported and kept once
    tracemalloc.start()
    desk.rectify.ok("export", tmp_path / "全部.zip")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (tmp_path / "全部.zip").stat().st_size > 24 << 20
    assert most < 16 << 20
