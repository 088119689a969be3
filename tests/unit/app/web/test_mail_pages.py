"""Mail on pages: the log with reasons, sending again, the telephone list, what is to come, samples, and the alarm."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from docx import Document
from sqlalchemy import select, update

from models.enums import OutboxStatus, Role
from models.job import JobRun
from models.mail import OutboxMessage, PhoneCall
from models.organisation import Person
from notifications.letterhead import Letterhead
from notifications.sweep import sweep
from rectification.halfyear.summary_versions import keep_summaries
from tests.factories import Office, clock_on, make_person
from tests.unit.app.web.conftest import World
from tests.unit.app.web.site import Board

DUE = date(2026, 6, 30)


@pytest.fixture
def due(world: World) -> Board:
    """The board on the day a task of the officer's is due, once the reminders of both bureaus were written."""
    board = Board(world.board.database, world.board.folder, DUE)
    remind(board, world.home, world.foreign)
    return board


def remind(board: Board, *offices: Office) -> None:
    with board.database.unit_of_work() as session:
        bureaus = [office.bureau.id for office in offices]
        sweep(session, clock_on(DUE), bureaus, Letterhead.of(board.app.state.site.settings))


def undeliver(board: Board, login: str) -> int:
    """That person's mail was refused; its number."""
    with board.database.unit_of_work() as session:
        message = session.scalars(select(OutboxMessage).join(Person).where(Person.login == login)).one()
        message.status, message.last_error = OutboxStatus.UNDELIVERED, "收件服务器拒收：550 no such user"
        return message.id


def test_the_log_tells_each_message_with_its_reason_and_words(due: Board, world: World) -> None:
    page = due.browser(world.home.clerk).get("/mail").text
    assert f'<a href="/tasks/{world.running}">{world.running}</a> 到期当日' in page
    assert "陈路：" in page
    assert "foreign_" not in page


def test_a_refused_mail_can_be_sent_again_and_nothing_else_can(due: Board, world: World) -> None:
    own, foreign = undeliver(due, "officer"), undeliver(due, "foreign_officer")
    clerk = due.browser(world.home.clerk)
    page = clerk.get("/mail?undelivered=true").text
    assert "550 no such user" in page
    assert "有 1 封邮件未送达" in page

    assert clerk.post(f"/mail/{own}/resend").status_code == 303
    assert "已重新排队" in clerk.get("/mail").text
    clerk.post(f"/mail/{own}/resend")
    assert "只有未送达的邮件可以重发" in clerk.get("/mail").text
    assert clerk.post(f"/mail/{foreign}/resend").status_code == 404
    with due.database.reading() as session:
        assert session.get_one(OutboxMessage, own).status is OutboxStatus.QUEUED
        assert session.get_one(OutboxMessage, foreign).status is OutboxStatus.UNDELIVERED


def test_who_cannot_be_mailed_is_rung_noted_and_handed_a_notice(due: Board, world: World) -> None:
    undeliver(due, "officer")
    undeliver(due, "foreign_officer")
    officer, stranger = world.home.officer.id, world.foreign.officer.id
    clerk = due.browser(world.home.clerk)
    board = clerk.get("/board").text
    assert "待电话通知 <b>1</b> 人" in board
    assert "待电话通知" not in due.browser(world.home.leader).get("/board").text
    page = clerk.get("/calls").text
    assert "陈路" in page
    assert "550 no such user" in page
    notice = Document(io.BytesIO(clerk.get(f"/calls/{officer}/notice.docx").content))
    lines = [[cell.text for cell in row.cells] for row in notice.tables[0].rows]
    assert [line[3:] for line in lines if line[1] == world.running] == [["2026年6月30日", "今天到期"]]
    assert any(line[1] == world.assigned and line[4].startswith("待签收") for line in lines)
    assert clerk.get(f"/calls/{stranger}/notice.docx").status_code == 404

    ticked = {"person_id": officer, "note": "本人已知"}
    assert clerk.post("/calls", ticked).status_code == 303
    assert "没有待电话通知的人" in clerk.get("/calls").text
    assert "待电话通知 <b>0</b> 人" in clerk.get("/board").text
    done = clerk.get("/calls?done=true").text
    assert "本人已知" in done
    assert "管台" in done
    assert "已由 管台 通知" in clerk.post("/calls", ticked).text
    assert "没有这个人" in clerk.post("/calls", {"person_id": stranger}).text
    assert clerk.post("/calls", {"person_id": "x"}).status_code == 400
    with due.database.reading() as session:
        [call] = session.scalars(select(PhoneCall)).all()
        assert (call.person_id, call.called_by_id) == (officer, world.home.clerk.id)


def test_everybody_sees_what_they_will_be_told_and_only_keepers_what_others_will(
    due: Board, world: World
) -> None:
    officer, clerk = due.browser(world.home.officer), due.browser(world.home.clerk)
    own = officer.get("/upcoming?days=30").text
    assert "超期第1个工作日" in own
    assert world.running in own
    assert officer.get("/upcoming?person=head").text.count("我将收到哪些提醒") >= 1
    assert "超期第1个工作日" in clerk.get("/upcoming?person=head").text
    assert clerk.get("/upcoming?person=foreign_officer").status_code == 404
    assert clerk.get("/upcoming?days=100000").status_code == 422


def test_silence_for_a_working_day_alarms_the_board_and_health(world: World) -> None:
    """Everybody on the board sees that nobody is told; what the clerk must do only the clerk sees."""
    late = Board(world.board.database, world.board.folder, world.board.day + timedelta(days=7))
    answer = late.browser().get("/healthz")
    assert (answer.status_code, "没有运行" in answer.text) == (503, True)
    assert "提醒已超过一个工作日没有运行" in late.browser(world.home.chief).get("/board").text

    with late.database.unit_of_work() as session:
        done = {"bureau_ids": [], "done_at": datetime.now(UTC)}
        session.add(JobRun(job="daily_reminders", day=late.day, shard=1, **done))
    remind(late, world.home)
    with late.database.unit_of_work() as session:
        session.execute(update(OutboxMessage).values(status=OutboxStatus.UNDELIVERED))
    told = late.browser().get("/healthz").text.splitlines()
    assert [line for line in told if "数据库的时钟" not in line] in (
        [],
        ["ok"],
    )  # a test's day is not PostgreSQL's
    assert "未送达" in late.browser(world.home.clerk).get("/board").text
    assert "未送达" not in late.browser(world.home.chief).get("/board").text


def test_a_failed_shard_is_shown_with_its_next_attempt(world: World) -> None:
    board = world.board
    with board.database.unit_of_work() as session:
        session.add(
            JobRun(
                job="daily_reminders",
                day=board.day,
                shard=1,
                bureau_ids=[],
                attempts=3,
                started_at=datetime(2026, 3, 2, 1, 0, tzinfo=UTC),
                error="OperationalError",
            )
        )
    page = board.browser(world.home.clerk).get("/runs").text
    assert "OperationalError，已试 3 次，2026-03-02 09:40 后再试" in page
    assert "今天的提醒有 1 片没有写成" in page
    assert board.browser().get("/healthz").status_code == 503


def test_who_is_to_be_rung_of_no_task_gets_no_notice_to_sign(world: World) -> None:
    board = Board(world.board.database, world.board.folder, DUE)
    with board.database.unit_of_work() as session:
        leader = make_person(session, world.home.legal, "leads-nothing", Role.LEADER, email="")
        keep_summaries(session, clock_on(DUE), world.home.bureau.id)
    remind(board, world.home)
    clerk = board.browser(world.home.clerk)
    page = clerk.get("/calls").text
    assert "请告知：整改进展通报" in page
    assert f"/calls/{leader.id}/notice.docx" not in page
    assert clerk.get(f"/calls/{leader.id}/notice.docx").status_code == 404
    clerk.post("/calls", {"person_id": leader.id, "day": DUE.isoformat()})
    assert "请告知" not in clerk.get("/calls").text
