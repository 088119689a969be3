"""The clerk's desk on the pages: tasks from any source, 交接 and AB岗, 回头看, a task's papers, words struck out."""

import re
from datetime import date, timedelta
from io import BytesIO
from zipfile import ZipFile

from docx import Document
from sqlalchemy import select

from app.web.presenting import day
from core.db import Database
from models.enums import Role, Status, Verb
from models.history import EventText, TaskEvent
from models.organisation import Person
from models.report import Source
from models.task import LookBack, Participant, RectificationTask
from rectification.lists.timeline import timeline
from rectification.task.audit import verify
from tests.factories import DAY, case_file, make_person, make_task
from tests.unit.app.web.conftest import World, status_of
from tests.unit.app.web.site import Board

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def column(database: Database, query: object) -> list[object]:
    with database.reading() as session:
        return list(session.scalars(query))  # type: ignore[call-overload]


def test_a_source_is_registered_and_tasks_are_entered_from_it(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    paper = {
        "kind": "法治督察",
        "title": "关于法治督察情况的反馈意见",
        "paper_no": "云法督〔2026〕3号",
        "result_due_on": "2026-09-30",
    }
    went = clerk.post("/sources", paper)
    assert went.status_code == 303
    source = went.headers["location"].split("source=")[1]

    assert f'value="{source}" selected' in clerk.get(went.headers["location"]).text
    wrong = clerk.post("/entry", {"source_id": source, "text": "", "cause": "人手不足"})
    assert wrong.status_code == 422
    assert "人手不足" in wrong.text
    text = "行政检查未使用统一通知书"
    assert clerk.post("/entry", {"source_id": source, "text": text, "count_total": "72"}).status_code == 303

    with world.board.database.reading() as session:
        task = session.scalars(select(RectificationTask).where(RectificationTask.text == text)).one()
    assert (task.status, task.due_on, task.count_total) == (Status.DRAFT, date(2026, 9, 30), 72)
    assert task.title not in text
    assert text in clerk.get("/entry").text

    published = clerk.post(f"/sources/{source}/published", {"do": "publish"})
    assert published.status_code == 303
    (name,) = column(
        world.board.database, select(RectificationTask.title).where(RectificationTask.id == task.id)
    )
    assert name == text
    assert "改为未公开" in clerk.get("/sources").text


def test_the_list_of_kinds_is_the_offices_own(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)

    assert clerk.post("/sources/kinds", {"name": "人大监督"}).status_code == 303
    clerk.post("/sources/kinds", {"name": "人大监督", "do": "rename", "new_name": "人大执法检查"})
    clerk.post("/sources/kinds", {"name": "第三方评估", "do": "retire"})
    fixed = clerk.post("/sources/kinds", {"name": "本单位报告", "do": "retire"})

    page = clerk.get("/sources").text
    assert '<option value="人大执法检查"' in page
    assert '<option value="第三方评估"' not in page
    assert fixed.status_code == 422
    assert "不能改动" in fixed.text


def test_another_bureaus_source_is_no_source(world: World) -> None:
    (foreign,) = column(
        world.board.database, select(Source.id).where(Source.bureau_id == world.foreign.bureau.id)
    )
    answer = world.board.browser(world.home.clerk).post("/entry", {"source_id": str(foreign), "text": "越界"})

    assert answer.status_code == 422
    assert "没有这个问题来源" in answer.text


def test_a_persons_open_tasks_go_to_a_colleague_all_at_once(world: World) -> None:
    home, clerk = world.home, world.board.browser(world.home.clerk)
    with world.board.database.unit_of_work() as session:
        heir = make_person(session, home.roads, "heir", name="接手")
        session.get_one(Person, home.officer.id).is_active = False
    sent = {"leaver_id": str(home.officer.id), "successor_id": str(home.other.id), "reason": "轮岗"}

    refused = clerk.post("/people/hand-over", sent)
    assert refused.status_code == 422
    assert world.running in refused.text
    assert "轮岗" in refused.text
    assert clerk.post("/people/hand-over", {**sent, "successor_id": str(heir.id)}).status_code == 303

    officers = column(
        world.board.database,
        select(RectificationTask.officer_id).where(
            RectificationTask.code.in_([world.running, world.assigned]),
            RectificationTask.bureau_id == home.bureau.id,
        ),
    )
    assert officers == [heir.id, heir.id]


def test_who_leaves_the_office_hands_over_first_and_is_then_signed_out(world: World) -> None:
    home, clerk = world.home, world.board.browser(world.home.clerk)
    with world.board.database.unit_of_work() as session:
        heir = make_person(session, home.roads, "heir", name="接手")
    officer = world.board.browser(home.officer)
    leave = f"/people/{home.officer.id}/leave"

    page = clerk.get(leave).text
    assert world.running in page
    assert "确认离岗" not in page
    refused = clerk.post(leave)
    assert refused.status_code == 422
    assert "还不能离岗" in refused.text
    form = clerk.get(f"/people/hand-over?leaver={home.officer.id}").text
    assert f'value="{home.officer.id}" selected' in form
    sent = {
        "leaver_id": str(home.officer.id),
        "successor_id": str(heir.id),
        "reason": "调离",
        "leaves": "yes",
    }
    handed = clerk.post("/people/hand-over", sent)
    assert handed.headers["location"] == leave
    assert "确认离岗" in clerk.get(leave).text
    assert officer.get("/my").status_code == 200
    assert clerk.post(leave).status_code == 303

    assert officer.get("/my").status_code == 303
    people = clerk.get("/people").text
    assert f"{day(DAY)}离岗" in people
    assert "1 人已离岗" in people
    assert "已经离岗" in clerk.get(leave).text
    assert clerk.post(leave).status_code == 409
    assert clerk.post(f"/people/{home.officer.id}/link").status_code == 404
    assert clerk.post(f"/people/{home.officer.id}/return").status_code == 303
    assert clerk.post(f"/people/{home.officer.id}/link").status_code == 200


def test_nobody_ends_his_own_account_and_an_administrator_reads_no_codes(world: World, admin_id: int) -> None:
    clerk, admin = world.board.browser(world.home.clerk), world.board.browser(admin_id)

    own = clerk.post(f"/people/{world.home.clerk.id}/leave")
    assert own.status_code == 422
    assert "给自己办理" in own.text
    page = admin.get(f"/people/{world.home.officer.id}/leave").text
    assert "请台账管理员办理交接" in page
    assert world.running not in page
    answer = admin.post(f"/people/{world.home.officer.id}/leave")
    assert answer.status_code == 422
    assert world.running not in answer.text


def test_a_substitute_acts_and_ends(world: World) -> None:
    home, clerk = world.home, world.board.browser(world.home.clerk)
    other = world.board.browser(home.other)
    assert other.get(f"/tasks/{world.running}").status_code == 404
    sent = {
        "person_id": str(home.officer.id),
        "substitute_id": str(home.other.id),
        "starts_on": DAY.isoformat(),
        "ends_on": (DAY + timedelta(days=3)).isoformat(),
    }

    assert clerk.post("/people/substitutes", sent).status_code == 303
    assert other.get(f"/tasks/{world.running}").status_code == 200
    again = clerk.post("/people/substitutes", sent)
    backwards = clerk.post("/people/substitutes", {**sent, "ends_on": "2026-01-01"})
    assert again.status_code == backwards.status_code == 422
    assert "已有安排" in again.text
    assert "之前" in backwards.text
    row = re.search(r"/people/substitutes/(\d+)/end", clerk.get("/people/substitutes").text)
    assert row
    foreign = world.board.browser(world.foreign.clerk)
    assert foreign.post(row[0]).status_code == 404
    assert clerk.post(row[0]).status_code == 303
    assert other.get(f"/tasks/{world.running}").status_code == 404


def test_look_backs_are_drawn_listed_and_recorded(world: World) -> None:
    with world.board.database.unit_of_work() as session:
        code = make_task(session, world.home, status=Status.CLOSED).code
    later = Board(world.board.database, world.board.folder, date(2026, 7, 6))
    clerk, reviewer = later.browser(world.home.clerk), later.browser(world.home.reviewer)

    assert clerk.post("/look-backs").status_code == 303
    assert code in reviewer.get("/look-backs").text
    assert reviewer.post("/look-backs").status_code == 403
    assert "待方核在" in reviewer.get(f"/tasks/{code}").text

    reviewer.post(f"/tasks/{code}/reopen", {"finding": "又出现两件缺送达回证", "due_on": "2026-09-30"})

    assert status_of(world, code) is Status.IN_PROGRESS
    page = reviewer.get("/look-backs").text
    assert "重新整改" in page
    assert "又出现两件缺送达回证" in page
    assert clerk.post("/look-backs").status_code == 303
    assert len(column(later.database, select(LookBack.id))) == 1


def test_a_tasks_papers_are_downloads(world: World) -> None:
    officer = world.board.browser(world.home.officer)
    officer.post(f"/tasks/{world.running}/evidence", files={"file": ("评查.pdf", PDF, "application/pdf")})

    folder = ZipFile(BytesIO(officer.get(f"/tasks/{world.running}/folder.zip").content))
    sheet = officer.get(f"/tasks/{world.running}/sheet.docx")

    assert [name for name in folder.namelist() if name.endswith("评查.pdf")]
    assert world.running in "".join(
        cell.text for row in Document(BytesIO(sheet.content)).tables[0].rows for cell in row.cells
    )
    assert "attachment" in sheet.headers["content-disposition"]
    assert f"/tasks/{world.running}/dossier.docx" in officer.get(f"/tasks/{world.running}").text
    whole = Document(BytesIO(officer.get(f"/tasks/{world.running}/dossier.docx").content))
    assert "评查.pdf" in "".join(cell.text for row in whole.tables[1].rows for cell in row.cells)


def test_a_file_that_is_gone_is_told_and_nothing_goes_out_without_it(world: World) -> None:
    officer, home = world.board.browser(world.home.officer), f"/tasks/{world.running}"
    officer.post(f"{home}/evidence", files={"file": ("评查.pdf", PDF, "application/pdf")})
    (place,) = (world.board.folder / "evidence").glob("??/??/*")
    address = re.search(rf'href="({home}/evidence/\d+)"', officer.get(home).text)
    assert address is not None
    away = place.rename(place.parents[2] / "away")
    for asked in (address[1], f"{home}/folder.zip"):
        said = officer.get(asked)
        assert (said.status_code, "文件“评查.pdf”现在取不出来" in said.text) == (503, True)
        assert "错误编号" not in said.text
    away.rename(place)
    assert {officer.get(asked).status_code for asked in (address[1], f"{home}/folder.zip")} == {200}


def test_the_papers_of_a_restricted_task_are_not_found_by_those_it_is_kept_from(world: World) -> None:
    clerk, auditor = (world.board.browser(each) for each in (world.home.clerk, world.home.auditor))
    papers = [f"/tasks/{world.running}/{name}" for name in ("sheet.docx", "dossier.docx", "folder.zip")]
    assert {auditor.get(paper).status_code for paper in papers} == {200}
    clerk.post(f"/tasks/{world.running}/correct", {"reason": "涉及个人隐私", "is_restricted": "yes"})
    assert {auditor.get(paper).status_code for paper in papers} == {404}
    assert {clerk.get(paper).status_code for paper in papers} == {200}


def test_who_takes_part_may_be_let_go(world: World) -> None:
    clerk, home = world.board.browser(world.home.clerk), world.home
    address = f"/tasks/{world.running}/participate"
    clerk.post(address, {"add_people": str(home.other.id), "add_units": str(home.transport.id)})
    assert "田运" in clerk.get(address).text.split("减少经办人")[1]

    clerk.post(address, {"remove_people": str(home.other.id), "remove_units": str(home.transport.id)})

    assert column(world.board.database, select(Participant.id)) == []


def test_a_file_too_large_says_how_large_it_may_be(world: World) -> None:
    small = Board(world.board.database, world.board.folder, DAY, {"evidence_megabytes": 1})
    answer = small.browser(world.home.officer).post(
        f"/tasks/{world.running}/evidence",
        {"note": "评查记录"},
        files={"file": ("大.pdf", PDF + b"0" * (1 << 20), "application/pdf")},
    )

    assert answer.status_code == 422
    assert "上限是 1 MB" in answer.text
    assert "评查记录" in answer.text


def test_words_are_struck_out_and_the_chain_holds(world: World) -> None:
    officer, clerk = world.board.browser(world.home.officer), world.board.browser(world.home.clerk)
    officer.post(f"/tasks/{world.running}/progress", {"text": "当事人张某某，身份证号 500000000000000000"})
    with world.board.database.reading() as session:
        sequence = session.scalars(select(TaskEvent.sequence).where(TaskEvent.verb == Verb.PROGRESS)).one()
    assert "500000000000000000" in clerk.get(f"/tasks/{world.running}").text

    clerk.post(f"/tasks/{world.running}/redact", {"sequence": str(sequence), "reason": "写入了个人信息"})

    assert "500000000000000000" not in clerk.get(f"/tasks/{world.running}").text
    texts = column(world.board.database, select(EventText.text))
    assert not any("500000000000000000" in str(text) for text in texts)
    assert officer.get(f"/tasks/{world.running}/redact").status_code == 403
    with world.board.database.reading() as session:
        assert verify(session, world.home.bureau.id).is_sound


def test_only_who_looks_is_led_to_the_look_backs(world: World) -> None:
    for role, person in world.people.items():
        offered = 'href="/look-backs"' in world.board.browser(person).get("/tasks").text
        assert offered == (role in (Role.CLERK, Role.CHIEF, Role.LEADER, Role.REVIEWER, Role.AUDITOR))


def test_a_plan_ends_in_another_paper(world: World) -> None:
    assert "办结单" in world.board.browser(world.home.officer).get(f"/tasks/{world.plan}").text


def test_a_date_is_put_right_from_the_paper_it_stands_in(world: World) -> None:
    world.board.day = DAY + timedelta(days=2)  # a paper is not older than what was done last
    clerk, address = world.board.browser(world.home.clerk), f"/tasks/{world.running}/correct"
    wrong = {"reason": "录入时看错一行", "due_on": "2026-09-30"}
    kept = {"text": "个别案卷缺少送达回证", "title": "案卷制作"}
    signed = {"paper_date": world.board.day.isoformat()}

    assert "更正时限须有依据" in clerk.post(address, {**kept, **wrong, **signed}).text
    assert clerk.post(address, {**kept, **wrong, "paper_no": "云府办〔2026〕3号"}).status_code == 422
    paper = {"paper_no": "云府办〔2026〕3号", **signed}
    assert clerk.post(address, {**kept, **wrong, **paper}).status_code == 303
    with world.board.database.reading() as session:
        file = case_file(session, world.running)
        event = timeline(session, file.row.id)[-1]
    assert (str(file.row.due_on), event.paper_no) == ("2026-09-30", "云府办〔2026〕3号")
    assert clerk.post(address, {"reason": "错字", "title": "案卷整理"}).status_code == 303
