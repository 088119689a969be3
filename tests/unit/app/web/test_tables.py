"""The ledger and the breakdown go out through the pages and come back: looked at first, then taken in."""

from datetime import date
from hashlib import sha256
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import select

from app.web.uploads import KEPT
from core.clock import Clock
from core.files import FileStore
from core.settings import Settings
from models.enums import Role, Status
from models.history import TaskEvent
from models.task import RectificationTask
from rectification import casework
from rectification.casework import NewDraft, NewEvidence, NewMeasure
from tests.factories import DAY, acting, clock_on
from tests.unit.app.web.conftest import World, status_of
from tests.unit.app.web.site import Browser

BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sheet_of(content: bytes, name: str) -> tuple[Worksheet, BytesIO]:
    """A sheet of a workbook, to be changed and saved into the buffer beside it."""
    found = load_workbook(BytesIO(content))[name]
    assert isinstance(found, Worksheet)
    return found, BytesIO()


def saved(sheet: Worksheet) -> bytes:
    out = BytesIO()
    assert sheet.parent is not None
    sheet.parent.save(out)
    return out.getvalue()


def column_of(sheet: Worksheet, head: str) -> int:
    return next(
        n for row in sheet.iter_rows(max_row=4) for n, cell in enumerate(row, 1) if cell.value == head
    )


def edited(clerk: Browser, code: str) -> bytes:
    """The ledger with a remark changed, a fixed cell changed, and a new row."""
    sheet, _ = sheet_of(clerk.get("/ledger.xlsx").content, "整改台账")
    first = 5
    sheet.cell(first, column_of(sheet, "备注")).value = "已与县司法局核对"
    sheet.cell(first + 1, column_of(sheet, "责任人")).value = "田运"
    new = sheet.max_row + 1
    sheet.cell(new, column_of(sheet, "问题来源")).value = "法治督察（云法督〔2026〕3号）"
    sheet.cell(new, column_of(sheet, "具体问题")).value = "行政检查通知书未附权利义务告知。"
    return saved(sheet)


def key_in(page: str) -> str:
    return page.split('name="upload" value="')[1].split('"')[0]


def codes_of(world: World) -> set[str]:
    with world.board.database.reading() as session:
        return set(
            session.scalars(
                select(RectificationTask.code).where(RectificationTask.bureau_id == world.home.bureau.id)
            )
        )


def test_a_changed_ledger_is_shown_row_by_row_and_then_taken_in(world: World) -> None:
    clerk, before = world.board.browser(world.home.clerk), codes_of(world)
    book = edited(clerk, world.running)

    preview = clerk.post("/ledger", files={"file": ("台账.xlsx", book, BOOK)})

    assert preview.status_code == 200
    assert "只是预览" in preview.text
    assert "更正备注" in preview.text
    assert "（责任人）" in preview.text
    assert "换责任人请办理转办或交接" in preview.text
    assert codes_of(world) == before

    done = clerk.post("/ledger", {"upload": key_in(preview.text)})

    assert "已经导入" in done.text
    assert len(codes_of(world)) == len(before) + 1
    with world.board.database.reading() as session:
        remarks = set(session.scalars(select(RectificationTask.remark)))
        officers = set(session.scalars(select(RectificationTask.officer_id)))
    assert "已与县司法局核对" in remarks
    assert world.home.other.id not in officers


def test_what_was_previewed_is_taken_in_once_and_by_nobody_else(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    book = edited(clerk, world.running)
    preview = clerk.post("/ledger", files={"file": ("台账.xlsx", book, BOOK)})
    key, before = key_in(preview.text), codes_of(world)

    foreign = world.board.browser(world.foreign.clerk).post("/ledger", {"upload": key})
    guessed = clerk.post("/ledger", {"upload": "../../rectify"})

    assert foreign.status_code == guessed.status_code == 422
    assert "预览已经失效" in foreign.text
    assert codes_of(world) == before
    assert clerk.post("/ledger", {"upload": key}).status_code == 200
    again = clerk.post("/ledger", {"upload": key})
    assert again.status_code == 422
    assert len(codes_of(world)) == len(before) + 1
    assert not [path for path in (world.board.folder / "uploads").rglob("*") if path.is_file()]


def test_a_file_changed_while_it_waits_is_not_taken_in(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    preview = clerk.post("/ledger", files={"file": ("台账.xlsx", edited(clerk, world.running), BOOK)})
    (waiting,) = (path for path in (world.board.folder / "uploads").rglob("*") if path.is_file())
    waiting.write_bytes(waiting.read_bytes() + b"\0")

    assert clerk.post("/ledger", {"upload": key_in(preview.text)}).status_code == 422


def test_a_preview_is_forgotten_after_an_hour(world: World) -> None:
    moment = clock_on(world.board.day)
    world.board.app.state.site.__dict__["read_clock"] = lambda: moment
    clerk = world.board.browser(world.home.clerk)
    book = edited(clerk, world.running)
    preview = clerk.post("/ledger", files={"file": ("台账.xlsx", book, BOOK)})
    moment = Clock(moment.now + KEPT * 1.01, moment.today)

    late = clerk.post("/ledger", {"upload": key_in(preview.text)})

    assert late.status_code == 422
    assert "预览已经失效" in late.text
    other = saved(sheet_of(book, "整改台账")[0])
    clerk.post("/ledger", files={"file": ("台账2.xlsx", other, BOOK)})
    names = [path.name for path in (world.board.folder / "uploads").rglob("*.xlsx")]
    assert names == ["台账2.xlsx"]


@pytest.mark.parametrize(
    ("name", "content"), [("坏.xlsx", b"PK\x03\x04 broken"), ("台账.xlsx", b"text"), ("别表.xlsx", None)]
)
def test_what_is_no_ledger_is_told_with_its_name(world: World, name: str, content: bytes | None) -> None:
    if content is None:
        other = BytesIO()
        Workbook().save(other)
        content = other.getvalue()
    answer = world.board.browser(world.home.clerk).post("/ledger", files={"file": (name, content, BOOK)})

    assert answer.status_code == 422
    assert name in answer.text
    assert "rectify" not in answer.text.split("<main")[1]


def test_a_form_without_a_file_says_so(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    for path in ("/ledger", "/breakdown"):
        answer = clerk.post(path)
        assert answer.status_code == 422
        assert "没有选择文件" in answer.text


def test_the_public_ledger_has_no_internal_columns(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)

    public, blank = (clerk.get(f"/ledger.xlsx?part={part}").content for part in ("public", "blank"))

    texts = {str(cell.value) for sheet in load_workbook(BytesIO(public)) for row in sheet for cell in row}
    assert not texts & {"责任人", "产生原因", "佐证材料", "陈路", "系统标识（请勿改动）"}
    assert "具体问题" in texts
    empty, _ = sheet_of(blank, "整改台账")
    assert empty.max_row == 4


def test_a_filtered_list_goes_out_as_it_is_filtered_and_can_come_back(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)

    book = clerk.get("/tasks.xlsx?status=in_progress&kind=problem").content
    preview = clerk.post("/ledger", files={"file": ("台账.xlsx", book, BOOK)})

    sheet, _ = sheet_of(book, "整改台账")
    assert sheet.max_row == 5
    assert preview.status_code == 200
    assert "未变" in preview.text


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
def test_a_filled_in_breakdown_issues_many_at_once(world: World, ending: str) -> None:
    clerk = world.board.browser(world.home.clerk)
    answer = clerk.get(f"/breakdown.{ending}?code={world.draft}")
    assert "attachment" in answer.headers["content-disposition"]
    content = _filled_in(answer.content, ending)
    name = f"分解表.{ending}"

    preview = clerk.post(
        "/breakdown",
        {"paper_no": "云交法〔2026〕5号", "paper_date": "2026-03-01"},
        files={"file": (name, content, "application/octet-stream")},
    )

    assert "还没有下达" in preview.text
    assert status_of(world, world.draft) is Status.DRAFT
    again = {
        "upload": key_in(preview.text),
        "paper_no": "云交法〔2026〕5号",
        "paper_date": "2026-03-01",
    }
    assert "已经办理" in clerk.post("/breakdown", again).text
    assert status_of(world, world.draft) is Status.ASSIGNED
    with world.board.database.reading() as session:
        event = session.scalars(select(TaskEvent).order_by(TaskEvent.id.desc()).limit(1)).one()
    assert (event.paper_no, str(event.paper_date)) == ("云交法〔2026〕5号", "2026-03-01")


def test_what_empty_cells_of_a_breakdown_mean_is_asked_in_the_preview(world: World) -> None:
    with world.board.database.unit_of_work() as session:
        draft = session.scalars(select(RectificationTask).where(RectificationTask.code == world.draft)).one()
        measures = (NewMeasure("修订规程"),)
        new = NewDraft(draft.source_id, "没有公示结果。", due_on=date(2026, 6, 30), measures=measures)
        code = casework.enter(session, clock_on(DAY), acting(session, world.home.clerk), new).code
    clerk = world.board.browser(world.home.clerk)
    sheet, _ = sheet_of(clerk.get(f"/breakdown.xlsx?code={code}").content, "整改任务分解表")
    sheet.cell(5, column_of(sheet, "措施")).value = None
    sheet.cell(5, column_of(sheet, "责任单位")).value = "路政科"
    sent = {"paper_no": "云交法〔2026〕5号", "paper_date": "2026-03-01"}

    preview = clerk.post("/breakdown", sent, files={"file": ("分解表.xlsx", saved(sheet), BOOK)}).text

    assert "有 1 格空着" in preview
    assert "保留“修订规程”" in preview
    sent |= {"upload": key_in(preview), "empties": "clear"}
    assert "空着的格会清空" in clerk.post("/breakdown", sent | {"do": "preview"}).text
    assert 'name="paper_no" value="云交法〔2026〕5号"' in clerk.last
    assert "已经办理" in clerk.post("/breakdown", sent).text
    assert "修订规程" not in clerk.get(f"/tasks/{code}").text.split("办理记录")[0]


def test_a_breakdown_with_a_wrong_name_says_which_cell(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    content = _filled_in(clerk.get("/breakdown.xlsx").content, "xlsx", unit="外事科")

    preview = clerk.post("/breakdown", files={"file": ("分解表.xlsx", content, BOOK)})

    assert "（责任单位）" in preview.text
    assert "本单位没有科室“外事科”" in preview.text
    assert 'name="upload"' not in preview.text


def test_a_wrong_date_is_told_beside_it(world: World) -> None:
    answer = world.board.browser(world.home.clerk).post("/breakdown", {"paper_date": "三月一日"})

    assert answer.status_code == 422
    assert "日期请写成" in answer.text


def test_only_the_clerk_is_led_to_the_tables(world: World) -> None:
    for role, person in world.people.items():
        page = world.board.browser(person).get("/tasks").text
        assert ("导入和公开稿" in page) == (role is Role.CLERK)


def test_the_public_copy_is_downloaded_beside_its_reminder(world: World) -> None:
    assert "公开前须经保密审查" in world.board.browser(world.home.clerk).get("/ledger").text


def _filled_in(content: bytes, ending: str, unit: str = "路政科") -> bytes:
    """The table with unit, reviewer and limit for each draft."""
    wanted = {"责任单位": unit, "复核人": "方核", "时限": "2026年6月30日"}
    if ending == "xlsx":
        sheet, _ = sheet_of(content, "整改任务分解表")
        for row in range(5, sheet.max_row + 1):
            for head, text in wanted.items():
                sheet.cell(row, column_of(sheet, head)).value = text
        return saved(sheet)
    document, out = Document(BytesIO(content)), BytesIO()
    table = document.tables[0]
    heads = [cell.text for cell in table.rows[0].cells]
    for line in table.rows[1:]:
        for head, text in wanted.items():
            line.cells[heads.index(head)].text = text
    document.save(out)
    return out.getvalue()


def test_a_years_archive_comes_from_the_page_and_goes_on_record(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    assert f"/archive/{DAY.year}" not in clerk.get("/ledger").text
    refused = clerk.get(f"/archive/{DAY.year}.zip")
    assert (refused.status_code, "没有已销号" in refused.text) == (400, True)
    running = world.running
    with world.board.database.unit_of_work() as session:
        leader = acting(session, world.home.leader, DAY)
        casework.terminate(session, clock_on(DAY), leader, running, "职能划转。")
    offered = clerk.get("/ledger").text
    assert f"{DAY.year}年度归档" in offered
    assert f"{DAY.year - 1}年度归档" not in offered
    got = clerk.get(f"/archive/{DAY.year}.zip")
    assert got.headers["content-type"] == "application/zip"
    with ZipFile(BytesIO(got.content)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        sums = archive.read("SHA256SUMS").decode().splitlines()
        for line in sums:
            assert sha256(archive.read(line[66:])).hexdigest() == line[:64]
    assert len(sums) == len(names) - 1
    [folder] = {name.split("/")[2] for name in names if "/任务/" in name}
    assert folder.startswith(running)
    assert f"{DAY.year}年度归档，1 项" in clerk.get("/office").text


def test_no_archive_is_handed_out_that_lacks_a_file(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    store = FileStore(Settings(data_dir=world.board.folder).evidence_dir, max_bytes=1 << 20)
    with world.board.database.unit_of_work() as session:
        kept = store.keep(BytesIO(b"%PDF-1.7"), "验收单.pdf")
        officer = acting(session, world.home.officer, DAY)
        casework.evidence(
            session, clock_on(DAY), officer, world.running, NewEvidence(file=kept, own_date=DAY)
        )
        leader = acting(session, world.home.leader, DAY)
        casework.terminate(session, clock_on(DAY), leader, world.running, "职能划转。")
    store.path(kept.sha256).unlink()
    refused = clerk.get(f"/archive/{DAY.year}.zip")
    assert refused.status_code == 503
    assert "验收单.pdf" in refused.text


def test_the_page_says_how_many_the_public_one_leaves_out(world: World) -> None:
    """As many as the workbook itself leaves out: what is not issued, restricted, or of no published source."""
    clerk = world.board.browser(world.home.clerk)
    page = clerk.get("/ledger").text
    assert "列入 0 项，<strong>未列入 4 项</strong>（仅限指定人员，来源未公开，或尚未下达、仅存档）" in page
    with world.board.database.unit_of_work() as session:
        task = session.scalars(select(RectificationTask).where(RectificationTask.code == world.running)).one()
        casework.publish(
            session, clock_on(DAY), acting(session, world.home.clerk), task.source_id, is_published=True
        )
    assert "列入 3 项，<strong>未列入 1 项</strong>" in clerk.get("/ledger").text
    sheet = load_workbook(BytesIO(clerk.get("/ledger.xlsx?part=public").content))
    rows = [row for name in sheet.sheetnames for row in sheet[name].iter_rows(values_only=True)]
    assert sum(isinstance(row[0], int) for row in rows) == 3
    assert "公开稿，3 项" in clerk.get("/office").text
    for year, listed in ((DAY.year, 3), (DAY.year - 1, 0)):
        book = load_workbook(BytesIO(clerk.get(f"/ledger.xlsx?part=public&year={year}").content))
        rows = [row for name in book.sheetnames for row in book[name].iter_rows(values_only=True)]
        assert sum(isinstance(row[0], int) for row in rows) == listed
    assert 'name="year"' in clerk.get("/ledger").text
