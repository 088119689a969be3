"""Tasks change hands, drafts are merged and corrected, and the people always fit together afterwards."""

from datetime import date

import pytest

from core.errors import Forbidden, NotFound, Refused
from models.enums import Channel, ItemKind, Role, Status
from models.task import Participant
from rectification import casework
from rectification.casework import Correction, IssueOrder, NewHands
from rectification.office.actors import Acting, Paper
from rectification.roles_in_task import Part
from tests.factories import DAY, actor, clock_on, make_bureau, make_person
from tests.unit.rectification.casework.conftest import SQLITE, Desk

pytestmark = SQLITE


def hand_over(desk: Desk, leaver: int, successor: int, *parts: Part) -> list[str]:
    with desk.database.unit_of_work() as session:
        acting = Acting(actor(session, desk.office.clerk, desk.day), Channel.WEB)
        return casework.hand_over(session, clock_on(desk.day), acting, leaver, successor, "轮岗", parts=parts)


def test_a_refused_task_is_issued_again_to_another_unit_with_its_first_date(desk: Desk) -> None:
    code = desk.task(Status.ASSIGNED)
    task = desk.do(casework.refuse, desk.office.head, code, "属运输科职责")
    assert (task.status, task.lead_unit_id, task.officer_id) == (Status.DRAFT, None, None)
    order = IssueOrder(lead_unit_id=desk.office.transport.id, due_on=date(2026, 7, 31))
    task = desk.do(casework.issue, desk.office.clerk, code, order)
    assert (task.due_on, task.original_due_on) == (date(2026, 7, 31), date(2026, 6, 30))
    task = desk.do(casework.accept, desk.office.other_head, code, officer_id=desk.office.other.id)
    assert task.status is Status.IN_PROGRESS


def test_a_head_names_only_an_officer_of_the_unit(desk: Desk) -> None:
    code = desk.task(Status.ASSIGNED)
    with pytest.raises(Refused, match="不在责任单位"):
        desk.do(casework.accept, desk.office.head, code, officer_id=desk.office.other.id)
    with pytest.raises(Refused, match="还没有责任人"):
        desk.do(casework.accept, desk.office.head, code)


def test_issuing_names_everything_that_is_missing(desk: Desk) -> None:
    code = desk.task(Status.DRAFT)
    with pytest.raises(Refused, match="没有指定责任单位"):
        desk.do(casework.issue, desk.office.clerk, code, IssueOrder())
    order = IssueOrder(
        lead_unit_id=desk.office.legal.id,
        leader_id=desk.office.leader.id,
        reviewer_id=desk.office.reviewer.id,
    )
    with pytest.raises(Refused, match="复核人“方核”就在责任单位“法规科”"):
        desk.do(casework.issue, desk.office.clerk, code, order)


def test_a_transfer_across_units_names_the_new_officer(desk: Desk) -> None:
    code = desk.task()
    hands = NewHands(lead_unit_id=desk.office.transport.id)
    with pytest.raises(Refused, match="须同时指定责任人"):
        desk.do(casework.transfer, desk.office.clerk, code, "职责调整", hands)
    task = desk.do(
        casework.transfer, desk.office.clerk, code, "职责调整", NewHands(officer_id=desk.office.other.id)
    )
    assert (task.lead_unit_id, task.officer_id) == (desk.office.transport.id, desk.office.other.id)
    assert task.status is Status.IN_PROGRESS
    with pytest.raises(NotFound):
        desk.do(casework.progress, desk.office.officer, code, "还在办")


def test_a_transfer_never_makes_one_person_owner_and_judge(desk: Desk) -> None:
    code = desk.task()
    with desk.database.unit_of_work() as session:
        both = make_person(session, desk.office.roads, "both", Role.LEADER, Role.OFFICER)
    with pytest.raises(Refused, match="不能既是责任人又复核或审签"):
        desk.do(
            casework.transfer,
            desk.office.clerk,
            code,
            "调整",
            NewHands(officer_id=both.id, approver_id=both.id),
        )


def test_everything_a_leaver_holds_goes_at_once(desk: Desk) -> None:
    first, second = desk.task(), desk.task(Status.ASSIGNED)
    desk.task(Status.CLOSED)
    helping = desk.task(order=IssueOrder(officer_id=None))
    desk.do(casework.participate, desk.office.clerk, second, add_people=[desk.office.officer.id])
    desk.do(casework.measure, desk.office.clerk, helping, "统计数据", owner_id=desk.office.officer.id)
    with desk.database.unit_of_work() as session:
        successor = make_person(session, desk.office.roads, "successor")
    codes = hand_over(desk, desk.office.officer.id, successor.id)
    assert codes == [first, second, helping]
    assert {desk.read(code).officer_id for code in (first, helping)} == {successor.id}
    with desk.database.reading() as session:
        assert session.query(Participant).one().person_id == successor.id
    assert [event.verb.value for event in desk.events(first)][-1] == "hand_over"
    with pytest.raises(Refused, match="没有可交接的"):
        hand_over(desk, desk.office.officer.id, successor.id)


def test_a_handover_that_cannot_be_done_whole_is_not_done_at_all(desk: Desk) -> None:
    codes = [desk.task(), desk.task()]
    with pytest.raises(Refused, match="没有交接给“田运”") as refusal:
        hand_over(desk, desk.office.officer.id, desk.office.other.id)
    assert all(code in refusal.value.why for code in codes)
    assert {desk.read(code).officer_id for code in codes} == {desk.office.officer.id}


def test_a_handover_can_be_narrowed_to_a_part(desk: Desk) -> None:
    code = desk.task()
    with desk.database.unit_of_work() as session:
        new = make_person(session, desk.office.legal, "new", Role.REVIEWER)
    assert hand_over(desk, desk.office.reviewer.id, new.id, Part.REVIEWER) == [code]
    assert desk.read(code).reviewer_id == new.id


def test_a_draft_that_an_open_task_covers_is_merged_into_it(desk: Desk) -> None:
    standing, draft, closed = desk.task(), desk.task(Status.DRAFT), desk.task(Status.CLOSED)
    with pytest.raises(Refused, match="不在办理中"):
        desk.do(casework.merge, desk.office.clerk, draft, closed)
    task = desk.do(casework.merge, desk.office.clerk, draft, standing, "同一问题")
    assert (task.status, task.merged_into_id) == (Status.ARCHIVED, desk.read(standing).id)


def test_a_wrong_date_is_corrected_from_its_paper_and_the_first_stays(desk: Desk) -> None:
    code = desk.task()
    wanted = Correction(due_on=date(2026, 9, 30))
    with pytest.raises(Refused, match="更正时限须有依据"):
        desk.do(casework.correct, desk.office.clerk, code, "录入有误", wanted)
    desk.day = date(2026, 3, 9)
    with desk.database.unit_of_work() as session:
        paper = Paper(desk.day, "整改任务分解表〔2026〕1号")
        acting = Acting(actor(session, desk.office.clerk, desk.day), Channel.WEB, paper=paper)
        task = casework.correct(session, clock_on(desk.day), acting, code, "录入有误", wanted)
    assert (task.due_on, task.original_due_on) == (date(2026, 9, 30), date(2026, 6, 30))
    assert task.extension_count == 0
    event = desk.events(code)[-1]
    assert (event.changes["due_on"], event.paper_no) == (
        ["2026-06-30", "2026-09-30"],
        "整改任务分解表〔2026〕1号",
    )


def test_a_correction_tells_old_and_new_and_needs_something_to_correct(desk: Desk) -> None:
    code = desk.task()
    with pytest.raises(Refused, match="没有变化"):
        desk.do(casework.correct, desk.office.clerk, code, "看过了", Correction())
    task = desk.do(casework.correct, desk.office.clerk, code, "错字", Correction(title="案卷 送达回证"))
    assert task.title == "案卷 送达回证"
    with pytest.raises(Refused, match="任务名称不能为空"):
        desk.do(casework.correct, desk.office.clerk, code, "清空", Correction(title=" "))
    with pytest.raises(Refused, match="不能改变种类"):
        desk.do(casework.correct, desk.office.clerk, code, "写错了", Correction(kind=ItemKind.PLAN))
    with pytest.raises(Forbidden):
        desk.do(casework.correct, desk.office.officer, code, "写错了", Correction(title="我来改"))


def test_leaders_words_stand_in_the_history(desk: Desk) -> None:
    code = desk.task()
    desk.do(casework.instruct, desk.office.chief, code, "请分管领导盯紧，月底前见效。")
    desk.do(casework.supervise, desk.office.chief, code, "列入局挂牌督办清单")
    with pytest.raises(Refused, match="已经挂牌督办"):
        desk.do(casework.supervise, desk.office.clerk, code, "再挂一次")
    assert desk.read(code).is_supervised
    assert desk.events(code)[-1].changes == {"is_supervised": [False, True]}


def test_another_bureaus_people_join_nothing(desk: Desk) -> None:
    code = desk.task()
    with desk.database.unit_of_work() as session:
        stranger = make_bureau(session, "雾溪县水利局", prefix="b_")
    with pytest.raises(Refused, match="不是本单位的在岗人员"):
        desk.do(casework.participate, desk.office.clerk, code, add_people=[stranger.officer.id])
    with pytest.raises(Refused, match="不是本单位的科室"):
        desk.do(casework.participate, desk.office.clerk, code, add_units=[stranger.roads.id])
    hands = NewHands(reviewer_id=stranger.reviewer.id)
    with pytest.raises(Refused, match="不是本单位的人员"):
        desk.do(casework.transfer, desk.office.clerk, code, "调整", hands)
    with pytest.raises(Forbidden):
        hand_over(desk, desk.office.officer.id, stranger.officer.id)


def test_the_day_of_an_act_is_today(desk: Desk) -> None:
    code = desk.task(Status.ASSIGNED)
    desk.day = date(2026, 3, 5)
    desk.do(casework.accept, desk.office.head, code, officer_id=desk.office.officer.id)
    assert (desk.read(code).issued_on, desk.read(code).waiting_since) == (DAY, desk.day)
