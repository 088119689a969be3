"""Moves of people on the pages: lines, look-backs of who left, and papers signed by who stood in or has left."""

from datetime import date, timedelta

from sqlalchemy import select

from models.enums import Role, Status
from models.organisation import Person, Unit
from models.task import RectificationTask
from rectification import casework
from rectification.casework import leaving
from rectification.office.substitutes import add_substitute
from tests.factories import BY, DAY, acting, by_on, clock_on, make_person, make_task
from tests.unit.app.web.conftest import World


def task_of(world: World, code: str) -> RectificationTask:
    with world.board.database.reading() as session:
        query = select(RectificationTask).where(
            RectificationTask.code == code, RectificationTask.bureau_id == world.home.bureau.id
        )
        return session.scalars(query).one()


def test_a_line_is_moved_after_its_tasks_were_shown(world: World) -> None:
    home, clerk = world.home, world.board.browser(world.home.clerk)
    with world.board.database.unit_of_work() as session:
        new = make_person(session, home.legal, "new_leader", Role.LEADER, name="吴新").id
    sent = {
        "unit": [str(home.roads.id), str(home.transport.id)],
        "leader_id": str(new),
        "reason": "党组〔2026〕3号",
    }

    shown = clerk.post("/units/line", sent)

    assert shown.status_code == 200
    assert world.running in shown.text
    assert "责任领导：周分管 → 吴新；审签人：周分管 → 吴新" in shown.text
    assert task_of(world, world.running).leader_id == home.leader.id
    done = clerk.post("/units/line", {**sent, "do": "go"})
    assert done.status_code == 303
    assert {task_of(world, code).leader_id for code in (world.running, world.assigned, world.plan)} == {new}
    with world.board.database.reading() as session:
        assert {session.get_one(Unit, each.id).leader_id for each in (home.roads, home.transport)} == {new}
    page = clerk.get(f"/tasks/{world.running}").text
    assert "分管调整：路政科、运输科改由吴新分管；党组〔2026〕3号" in page


def test_a_line_without_units_or_with_a_stranger_is_refused(world: World) -> None:
    home, clerk = world.home, world.board.browser(world.home.clerk)
    assert clerk.post("/units/line", {"leader_id": str(home.leader.id)}).status_code == 422
    stranger = {"unit": str(home.roads.id), "leader_id": str(world.foreign.leader.id)}
    assert clerk.post("/units/line", stranger).status_code == 404
    nobody = {"unit": str(home.legal.id), "leader_id": str(home.officer.id)}
    refused = clerk.post("/units/line", nobody)
    assert refused.status_code == 422
    assert "不是在岗的分管领导" in refused.text
    assert (
        clerk.post("/units/line", {"unit": str(home.legal.id), "leader_id": str(home.chief.id)}).status_code
        == 303
    )


def test_the_leave_page_shows_look_backs_cover_and_the_chiefs_tasks(world: World) -> None:
    home, clerk = world.home, world.board.browser(world.home.clerk)
    autumn = date(2026, 9, 1)
    with world.board.database.unit_of_work() as session:
        closed = make_task(session, home, status=Status.CLOSED).code
        casework.draw_look_backs(session, clock_on(autumn), acting(session, home.clerk, autumn))
        casework.supervise(session, clock_on(DAY), acting(session, home.clerk), world.running, "列入清单")
        add_substitute(
            session, BY, home.bureau.id, home.chief.id, home.other.id, DAY, DAY + timedelta(days=5)
        )

    reviewer = clerk.get(f"/people/{home.reviewer.id}/leave").text
    assert "1</b> 项待回头看" in reviewer
    assert closed in reviewer
    chief = clerk.get(f"/people/{home.chief.id}/leave").text
    assert "没有别的主要负责人，还有 1 项任务须主要负责人审签" in chief
    assert clerk.post(f"/people/{home.chief.id}/leave").status_code == 422
    other = clerk.get(f"/people/{home.other.id}/leave").text
    assert "此后郑局无人代岗" in other
    gone = clerk.post(f"/people/{home.other.id}/leave")
    assert "此后郑局无人代岗" in clerk.get(gone.headers["location"]).text


def test_what_is_drawn_after_a_reviewer_left_is_recorded_for_who_took_over(world: World) -> None:
    home, autumn = world.home, date(2026, 9, 1)
    with world.board.database.unit_of_work() as session:
        heir = make_person(session, home.legal, "heir", Role.REVIEWER, name="向核")
        code = make_task(session, home, status=Status.CLOSED).code
        by = acting(session, home.clerk)
        casework.hand_over(session, clock_on(DAY), by, home.reviewer.id, heir.id, "调离")
        leaving.leave(session, BY, session.get_one(Person, home.reviewer.id))
    world.board.day = autumn
    with world.board.database.unit_of_work() as session:
        casework.draw_look_backs(session, clock_on(autumn), acting(session, home.clerk, autumn))
    clerk = world.board.browser(home.clerk)
    assert "向核" in clerk.get("/look-backs").text
    assert f"/tasks/{code}/look-back?for=heir" in clerk.get(f"/tasks/{code}").text
    sent = {
        "for": "heir",
        "finding": "现场属实",
        "paper_date": autumn.isoformat(),
        "paper_no": "法规〔2026〕9号",
    }
    assert clerk.post(f"/tasks/{code}/look-back", sent).status_code == 303
    assert "现场属实" in clerk.get("/look-backs").text


def test_the_clerk_names_who_looks_where_nobody_took_over(world: World) -> None:
    home, autumn = world.home, date(2026, 9, 1)
    with world.board.database.unit_of_work() as session:
        code = make_task(session, home, status=Status.CLOSED).code
        casework.draw_look_backs(session, clock_on(autumn), acting(session, home.clerk, autumn))
        session.get_one(Person, home.reviewer.id).is_active = False
        heir = make_person(session, home.legal, "heir", Role.REVIEWER, name="向核").id
    world.board.day = autumn
    clerk = world.board.browser(home.clerk)
    link = f"/people/hand-over?leaver={home.reviewer.id}&amp;part=reviewer"
    assert link in clerk.get("/look-backs").text
    form = clerk.get(link.replace("&amp;", "&")).text
    assert 'value="reviewer" selected' in form
    sent = {
        "leaver_id": str(home.reviewer.id),
        "successor_id": str(heir),
        "part": "reviewer",
        "reason": "调离",
    }
    assert clerk.post("/people/hand-over", sent).status_code == 303
    assert task_of(world, code).reviewer_id == heir
    assert link not in clerk.get("/look-backs").text


def test_who_stood_in_and_who_helps_can_be_recorded_for(world: World) -> None:
    home = world.home
    first, last = DAY + timedelta(days=7), DAY + timedelta(days=11)
    with world.board.database.unit_of_work() as session:
        helper = make_person(session, home.legal, "helper", name="经小办").id
        casework.participate(
            session, clock_on(DAY), acting(session, home.clerk), world.running, add_people=[helper]
        )
        submitted = make_task(session, home, status=Status.SUBMITTED).code
        add_substitute(session, BY, home.bureau.id, home.reviewer.id, home.other.id, first, last)
    world.board.day = last + timedelta(days=9)
    clerk = world.board.browser(home.clerk)

    assert f"/tasks/{world.running}/progress?for=helper" in clerk.get(f"/tasks/{world.running}").text
    page = clerk.get(f"/tasks/{submitted}").text
    assert f"/tasks/{submitted}/verify?for=other" in page
    assert "签批日期至 2026年3月13日" in page
    assert 'value="2026-03-13"' in clerk.get(f"/tasks/{submitted}/verify?for=other").text
    paper = {"for": "other", "verdict": "看过属实", "paper_no": "法规〔2026〕9号"}
    late = clerk.post(f"/tasks/{submitted}/verify", {**paper, "paper_date": "2026-03-16"})
    assert late.status_code == 403
    assert clerk.post(f"/tasks/{submitted}/verify", {**paper, "paper_date": "2026-03-13"}).status_code == 303
    assert "田运（代方核）" in clerk.get(f"/tasks/{submitted}").text


def test_who_handed_over_and_left_is_recorded_for_by_the_day_of_the_paper(world: World) -> None:
    home = world.home
    moved = DAY + timedelta(days=10)
    with world.board.database.unit_of_work() as session:
        submitted = make_task(session, home, status=Status.SUBMITTED).code
        heir = make_person(session, home.legal, "heir", Role.REVIEWER, name="向核").id
        by = acting(session, home.clerk, moved)
        casework.hand_over(session, clock_on(moved), by, home.reviewer.id, heir, "调离")
        leaving.leave(session, by_on(moved), session.get_one(Person, home.reviewer.id))
    world.board.day = moved + timedelta(days=5)
    clerk = world.board.browser(home.clerk)

    page = clerk.get(f"/tasks/{submitted}").text
    assert f"/tasks/{submitted}/verify?for=reviewer" in page
    assert "已离岗，签批日期至 2026年3月12日" in page
    assert clerk.get(f"/tasks/{submitted}/verify?for=reviewer").status_code == 200
    sent = {
        "for": "reviewer",
        "verdict": "看过属实",
        "paper_date": "2026-03-11",
        "paper_no": "法规〔2026〕9号",
    }
    late = clerk.post(f"/tasks/{submitted}/verify", {**sent, "paper_date": "2026-03-16"})
    assert late.status_code in (403, 422)
    assert clerk.post(f"/tasks/{submitted}/verify", sent).status_code == 303
