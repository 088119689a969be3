"""What people see and do on the pages, asked of the app itself."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import event, select

from app.web.presenting import OPPOSITE
from app.web.routers.lists import PAGE
from core.db import Database
from documents.people_sheet import HEADS
from models.enums import Status
from models.organisation import Person
from models.task import RectificationTask
from rectification import casework
from rectification.lifecycle import TRANSITIONS
from tests.factories import DAY, acting, clock_on, make_bureau, make_task
from tests.unit.app.web.conftest import World
from tests.unit.app.web.site import Board

HOSTILE = "<script>alert('x')</script>\u202e反写 👩‍⚖️ " + "很长" * 3000


def status_of(world: World, code: str) -> Status:
    with world.board.database.reading() as session:
        query = select(RectificationTask.status).where(
            RectificationTask.code == code, RectificationTask.bureau_id == world.home.bureau.id
        )
        return session.scalars(query).one()


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that are sent to the database meanwhile."""
    found: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        found.append(statement)

    # On PostgreSQL reading shares the writer's engine; listening to both would count twice.
    targets = [database.reader, database.writer]
    for engine in targets:
        event.listen(engine, "before_cursor_execute", note)
    yield found
    for engine in targets:
        event.remove(engine, "before_cursor_execute", note)


def _multiply(world: World, count: int) -> None:
    """As many running tasks more, overdue and not, without their histories."""
    with world.board.database.unit_of_work() as session:
        model = session.scalars(
            select(RectificationTask).where(RectificationTask.code == world.running).limit(1)
        ).one()
        columns = {
            column.key: getattr(model, column.key)
            for column in RectificationTask.__mapper__.columns
            if column.key not in ("id", "code", "deadline_on")
        }
        session.add_all(
            RectificationTask(**columns, code=f"X-{n}", deadline_on=DAY + timedelta(days=n % 90 - 30))
            for n in range(count)
        )


@pytest.mark.parametrize("path", ["/tasks", "/board", "/my", "/tasks?light=red", "/tasks?within=30&page=2"])
def test_the_number_of_queries_does_not_grow_with_the_rows(world: World, path: str) -> None:
    chief = world.board.browser(world.home.chief if path != "/my" else world.home.officer)
    _multiply(world, 3 * PAGE)
    chief.get(path)
    with counted(world.board.database) as few:
        assert chief.get(path).status_code == 200
    with world.board.database.unit_of_work() as session:
        session.query(RectificationTask).filter(RectificationTask.code.startswith("X-")).update(
            {"code": "Y-" + RectificationTask.code}, synchronize_session=False
        )
    _multiply(world, 20 * PAGE)
    with counted(world.board.database) as many:
        assert chief.get(path).status_code == 200

    assert len(many) <= len(few) <= 40


def test_a_page_of_many_tasks_stays_small(world: World) -> None:
    _multiply(world, 5 * PAGE)

    page = world.board.browser(world.home.chief).get("/tasks").content

    assert page.count(b'class="main"') == PAGE
    assert len(page) < 100_000


def test_the_board_shows_what_is_overdue_by_unit_and_whom_it_waits_for(world: World) -> None:
    world.board.day = DAY + timedelta(days=150)
    late = Board(world.board.database, world.board.folder, DAY + timedelta(days=150))

    page = late.browser(world.home.chief).get("/board").text

    days = (DAY + timedelta(days=150) - DAY.replace(month=6, day=30)).days
    assert f"超期 {days} 天" in page
    assert "路政科" in page
    assert "陈路办理" in page
    assert "整改率 = 已销号 0 ÷" in re.sub(r"<[^>]+>", "", page)


def test_an_empty_board_says_what_to_do_next(world: World) -> None:
    with world.board.database.unit_of_work() as session:
        session.query(RectificationTask).update({"status": Status.DRAFT})

    page = world.board.browser(world.home.clerk).get("/board").text

    assert "去报告与下达" in page


def test_the_clerk_issues_and_the_unit_accepts_and_reports(world: World) -> None:
    clerk, head = world.board.browser(world.home.clerk), world.board.browser(world.home.head)
    officer = world.board.browser(world.home.officer)

    form = {
        "lead_unit_id": world.home.roads.id,
        "officer_id": world.home.officer.id,
        "reviewer_id": world.home.reviewer.id,
        "due_on": "2026-09-30",
    }
    assert clerk.post(f"/tasks/{world.draft}/issue", form).status_code == 303
    assert status_of(world, world.draft) is Status.ASSIGNED

    answer = head.post(f"/tasks/{world.draft}/accept", {"measures": "制定规范\n抽查一次\n\n"})
    assert answer.status_code == 303
    told = officer.post(f"/tasks/{world.draft}/progress", {"text": "已印发规范。"})
    assert told.headers["location"] == f"/tasks/{world.draft}"

    page = officer.get(f"/tasks/{world.draft}").text
    assert "已印发规范。" in page
    assert "抽查一次" in page
    assert "已“报进展”" in page


def test_what_was_typed_stays_when_it_is_refused(world: World) -> None:
    officer = world.board.browser(world.home.officer)

    wrong = officer.post(
        f"/tasks/{world.running}/request-extension", {"reason": "等待评审", "new_on": "明年"}
    )
    assert wrong.status_code == 422
    assert "等待评审" in wrong.text
    assert "日期请写成 2026-06-30 的样子" in wrong.text

    refused = officer.post(
        f"/tasks/{world.running}/request-extension", {"reason": "等待评审", "new_on": "2026-03-05"}
    )
    assert refused.status_code == 422
    assert "等待评审" in refused.text
    assert "不晚于现在的时限" in refused.text


def test_a_form_filled_on_an_old_page_is_refused(world: World) -> None:
    officer = world.board.browser(world.home.officer)
    officer.get(f"/tasks/{world.running}/progress")
    version = re.search(r'name="version" value="(\d+)"', officer.last)
    assert version is not None
    officer.post(f"/tasks/{world.running}/progress", {"text": "第一次", "version": version[1]})

    again = officer.post(f"/tasks/{world.running}/progress", {"text": "第二次", "version": version[1]})

    assert again.status_code == 409
    assert "刚刚被别人改动过" in again.text


def test_an_action_of_another_role_is_refused(world: World) -> None:
    reviewer = world.board.browser(world.home.reviewer)
    answer = reviewer.post(f"/tasks/{world.running}/progress", {"text": "代人报"})

    assert answer.status_code == 403
    assert status_of(world, world.running) is Status.IN_PROGRESS


def test_evidence_is_kept_and_given_back_as_a_file_to_save(world: World) -> None:
    officer = world.board.browser(world.home.officer)
    content = b"%PDF-1.4 proof"
    sent = officer.post(
        f"/tasks/{world.running}/evidence",
        {"note": "抽查记录"},
        files={"file": ("抽查记录.pdf", BytesIO(content), "text/html")},
    )
    assert sent.status_code == 303

    page = officer.get(f"/tasks/{world.running}").text
    link = re.search(r'href="(/tasks/[^"]+/evidence/\d+)"', page)
    assert link is not None
    saved = officer.get(link[1])
    assert saved.content == content
    assert saved.headers["content-disposition"].startswith("attachment;")
    assert saved.headers["content-type"] == "application/octet-stream"
    assert world.board.browser(world.foreign.officer).get(link[1]).status_code == 404


def test_a_program_is_no_evidence(world: World) -> None:
    officer = world.board.browser(world.home.officer)
    sent = officer.post(
        f"/tasks/{world.running}/evidence", files={"file": ("a.pdf", BytesIO(b"MZ\x90\x00" + b"\0" * 64))}
    )

    assert sent.status_code == 422


def test_the_clerk_records_from_a_signed_paper_for_somebody_else(world: World) -> None:
    clerk, officer = world.board.browser(world.home.clerk), world.board.browser(world.home.officer)
    officer.post(f"/tasks/{world.running}/evidence", {"archive_no": "2026-永久-01"})
    officer.post(f"/tasks/{world.running}/submit", {"words": "已完成。"})
    assert status_of(world, world.running) is Status.SUBMITTED
    address = f"/tasks/{world.running}/verify"

    form = {"for": "reviewer", "verdict": "属实", "paper_date": DAY.isoformat()}
    without = clerk.post(address, form)
    assert without.status_code == 422
    assert "代录这一步须有签批件" in without.text

    assert clerk.post(address, {**form, "paper_no": "云法〔2026〕3号"}).status_code == 303
    assert status_of(world, world.running) is Status.VERIFIED
    assert "管台代录" in clerk.get(f"/tasks/{world.running}").text


def test_what_only_the_chief_may_sign_is_recorded_from_paper(world: World) -> None:
    with world.board.database.unit_of_work() as session:
        task = make_task(session, world.home, status=Status.VERIFIED)
        clerk = acting(session, world.home.clerk)
        casework.supervise(session, clock_on(DAY + timedelta(days=9)), clerk, task.code, "久拖不决")
        code = task.code
    world.board.day = DAY + timedelta(days=10)
    browser = world.board.browser(world.home.clerk)

    page = browser.get(f"/tasks/{code}").text
    assert f"/tasks/{code}/approve?for=chief" in page
    signed = {
        "paper_date": world.board.day.isoformat(),
        "paper_no": "云法〔2026〕8号",
        "verdict": "同意销号。",
    }
    assert browser.post(f"/tasks/{code}/approve", {"for": "leader", **signed}).status_code == 422
    assert browser.post(f"/tasks/{code}/approve", {"for": "chief", **signed}).status_code == 303
    assert status_of(world, code) is Status.CLOSED


def test_nobody_but_a_clerk_records_for_another(world: World) -> None:
    officer = world.board.browser(world.home.officer)
    form = {"for": "head", "words": "不是我的", "paper_date": DAY.isoformat(), "paper_no": "1"}

    assert officer.post(f"/tasks/{world.assigned}/refuse", form).status_code == 403
    assert status_of(world, world.assigned) is Status.ASSIGNED


def test_hostile_text_is_shown_harmlessly(world: World) -> None:
    officer = world.board.browser(world.home.officer)
    assert officer.post(f"/tasks/{world.running}/progress", {"text": HOSTILE}).status_code == 303

    page = officer.get(f"/tasks/{world.running}").text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_every_page_carries_the_security_headers(world: World) -> None:
    chief = world.board.browser(world.home.chief)
    for path in ("/board", "/signin", "/tasks/none", "/nowhere", "/static/tokens.css"):
        headers = chief.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy, path
        assert "unsafe" not in policy, path
        assert headers["x-content-type-options"] == "nosniff", path


def test_pages_hold_nothing_the_policy_forbids_and_nothing_from_outside(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    for path in ("/board", "/my", "/tasks", f"/tasks/{world.running}", "/people", "/units", "/reports"):
        page = clerk.get(path).text
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style|<script>|javascript:", page), path
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page), path


def test_banners_say_demo_mail_and_provisional_calendar(world: World) -> None:
    page = world.board.browser(world.home.chief).get("/board").text
    assert "邮件未外发" in page
    assert "演示数据" not in page
    assert "工作日历暂定" not in page

    later = Board(
        world.board.database, world.board.folder, DAY.replace(year=2027), {"smtp_url": "smtp://mail"}
    )
    page = later.browser(world.home.chief).get("/board").text
    assert "邮件未外发" not in page
    assert "工作日历暂定" in page


def test_upload_and_action_pages_warn_of_secrets(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    for path in ("/reports/upload", "/people/import", f"/tasks/{world.draft}/issue"):
        assert "本系统为非涉密系统，严禁上传国家秘密" in clerk.get(path).text, path


def _sheet(*rows: tuple[str, ...]) -> BytesIO:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADS)
    for row in rows:
        sheet.append(row)
    content = BytesIO()
    book.save(content)
    content.seek(0)
    return content


def test_people_come_by_excel_first_as_a_preview(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    rows = _sheet(
        ("白露", "bailu", "养护科", "科员", "责任人", "", "bailu@example.gov.cn"),
        ("黑云", "heiyun", "养护科", "", "皇帝", "", ""),
    )

    preview = clerk.post("/people/import", files={"file": ("people.xlsx", rows)})
    assert preview.status_code == 200
    assert "将登记科室：养护科" in preview.text
    assert "第 3 行" in preview.text
    assert "bailu" not in clerk.get("/people").text

    packed = re.search(r'name="rows" value="([^"]+)"', preview.text)
    assert packed is not None
    from html import unescape

    assert clerk.post("/people/import", {"rows": unescape(packed[1])}).status_code == 303
    page = clerk.get("/people").text
    assert "bailu@example.gov.cn" in page
    assert "heiyun" not in page


def test_what_is_no_sheet_is_refused_in_words(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)

    answer = clerk.post("/people/import", files={"file": ("people.xlsx", BytesIO(b"not a workbook"))})
    assert answer.status_code == 422
    assert "Traceback" not in answer.text
    assert clerk.post("/people/import", {"rows": "[{]"}).status_code == 422


def test_an_unforeseen_error_is_a_calm_page_with_a_number(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object, **named: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("app.web.routers.board.overview", broken)

    answer = world.board.browser(world.home.chief).get("/board")

    assert answer.status_code == 500
    assert re.search(r"错误编号 [0-9a-f]{8}", answer.text)
    assert "secret detail" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


REPORT = """云山县交通运输局
2025年度法治政府建设情况报告

一、主要举措和成效
（一）规范执法。全年办理案件一百余件。

二、存在的不足
（一）执法案卷制作不规范，个别案卷缺少送达回证。
（二）政府信息公开答复不及时。

三、2026年工作安排
（一）开展案卷评查，每季度一次。

云山县交通运输局
2026年2月18日
"""


def test_a_report_comes_in_and_its_drafts_go_out_together(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)

    taken = clerk.post(
        "/reports/upload", files={"file": ("report.txt", BytesIO(REPORT.encode()), "text/plain")}
    )
    assert taken.status_code == 303
    place = taken.headers["location"]
    page = clerk.get(place).text
    assert "读出 2 项不足、1 项计划" in page
    assert "<mark" in page

    form = clerk.get(f"{place}/issue").text
    codes = re.findall(r'name="([\d-]+)\.is_chosen"', form)
    assert len(codes) == 3
    shared = {"reviewer_id": world.home.reviewer.id}
    lines = {f"{code}.is_chosen": "on" for code in codes}
    dated = {f"{code}.due_on": "2026-09-30" for code in codes}
    missing = clerk.post(f"{place}/issue", {**shared, **lines, **dated, "do": "issue"})
    assert missing.status_code == 422
    assert "没有指定牵头科室" in missing.text

    units = {f"{code}.lead_unit_id": world.home.roads.id for code in codes[:2]}
    chosen = {f"{code}.is_chosen": "on" for code in codes[:2]}
    done = clerk.post(f"{place}/issue", {**shared, **chosen, **units, **dated, "do": "issue"})
    assert done.status_code == 303
    archived = clerk.post(f"{place}/issue", {f"{codes[2]}.is_chosen": "on", "do": "archive"})
    assert archived.status_code == 303
    assert [status_of(world, code) for code in codes] == [Status.ASSIGNED, Status.ASSIGNED, Status.ARCHIVED]


def test_what_is_no_report_is_refused_in_words(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)

    nothing = clerk.post("/reports/upload", {"year": "2025"})
    assert nothing.status_code == 422
    assert "没有选择文件" in nothing.text
    picture = clerk.post(
        "/reports/upload", files={"file": ("a.docx", BytesIO(b"\x89PNG\r\n\x1a\n" + b"0" * 99))}
    )
    assert picture.status_code == 422
    assert "图片" in picture.text


def test_static_files_may_be_kept_for_good_and_pages_never(world: World) -> None:
    chief = world.board.browser(world.home.chief)
    style = re.search(r'href="(/static/tokens\.css\?v=[0-9a-f]+)"', chief.get("/board").text)

    assert style is not None
    assert "immutable" in chief.get(style[1]).headers["cache-control"]
    assert chief.get("/board").headers["cache-control"] == "no-store"


def test_a_body_that_is_too_large_is_stopped(world: World) -> None:
    small = Board(world.board.database, world.board.folder, DAY, {"evidence_megabytes": 1})
    clerk = small.browser(world.home.clerk)

    answer = clerk.post("/reports/upload", files={"file": ("a.txt", BytesIO(b"0" * (10 * 2**20)))})

    assert answer.status_code == 413
    assert "一次最多上传 1 MB" in answer.text


def test_a_person_who_left_is_signed_out(world: World, tmp_path: Path) -> None:
    officer = world.board.browser(world.home.officer)
    assert officer.get("/my").status_code == 200
    with world.board.database.unit_of_work() as session:
        session.get_one(Person, world.home.officer.id).is_active = False

    assert officer.get("/my").status_code == 303


@pytest.mark.parametrize(
    "path", ["/tasks?q=%00", "/tasks?unit=%00", "/tasks/%00", f"/reports/{10**30}", "/tasks?page=99999999999"]
)
def test_what_no_row_can_hold_is_no_error_of_ours(world: World, path: str) -> None:
    assert world.board.browser(world.home.clerk).get(path).status_code < 500


def test_text_no_row_can_hold_is_no_error_of_ours(world: World) -> None:
    officer = world.board.browser(world.home.officer)

    assert officer.post(f"/tasks/{world.running}/progress", {"text": "a\x00b"}).status_code < 500


def test_whoever_decides_may_decide_otherwise_from_the_same_page() -> None:
    for verb, other in OPPOSITE.items():
        row, instead = TRANSITIONS[verb], TRANSITIONS[other]
        assert row.by <= instead.by
        assert row.origins <= instead.origins


def test_the_page_of_a_decision_leads_to_the_other_one_for_the_same_person(world: World) -> None:
    with world.board.database.unit_of_work() as session:
        code = make_task(session, world.home, status=Status.SUBMITTED).code
    reviewer, clerk = world.board.browser(world.home.reviewer), world.board.browser(world.home.clerk)

    assert f'href="/tasks/{code}/return"' in reviewer.get(f"/tasks/{code}/verify").text
    recorded = clerk.get(f"/tasks/{code}/verify?for=reviewer").text
    assert f'href="/tasks/{code}/return?for=reviewer"' in recorded
    assert clerk.get(f"/tasks/{code}/return?for=reviewer").status_code == 200


def test_an_empty_ledger_is_not_blamed_on_the_filters(board: Board) -> None:
    with board.database.unit_of_work() as session:
        home = make_bureau(session)
    clerk, head = board.browser(home.clerk), board.browser(home.head)

    assert "台账里还没有下达的任务" in clerk.get("/tasks").text
    assert "去报告与下达" in clerk.last
    assert "去报告与下达" not in head.get("/tasks").text
    assert "没有符合条件的任务" in clerk.get("/tasks?light=red").text
