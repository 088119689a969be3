"""A task ends by the signatures of others than its owner, and every stage stays on record."""

from datetime import date, timedelta

import pytest

from core.errors import Conflict, Forbidden, Refused
from models.enums import ApprovalLevel, ClosureStage, EvidenceKind, ItemKind, Role, Status
from rectification import casework
from rectification.casework import IssueOrder, NewEvidence, NewMeasure
from rectification.office.settings import set_policy
from rectification.task.deadlines import Timing, overdue_days
from tests.factories import DAY, by_on, case_file, make_person
from tests.unit.rectification.casework.conftest import SQLITE, Desk

DUE = date(2026, 6, 30)
STATEMENT = "已补齐送达回证，并对全部案卷逐件复查。"
pytestmark = SQLITE


def submitted(desk: Desk) -> str:
    code = desk.task()
    desk.do(
        casework.evidence,
        desk.office.officer,
        code,
        NewEvidence(archive_no="执法案卷2026-07", kind=EvidenceKind.CASE),
    )
    desk.do(casework.submit, desk.office.officer, code, STATEMENT)
    return code


def stages(desk: Desk, code: str) -> list[list[ClosureStage]]:
    with desk.database.reading() as session:
        closures = case_file(session, code).closures
        return [[step.stage for step in closure.steps] for closure in closures]


def test_the_whole_way_leaves_a_signed_row_a_stage(desk: Desk) -> None:
    code = submitted(desk)
    desk.do(casework.verify, desk.office.reviewer, code, "抽查十件，齐全")
    task = desk.do(casework.approve, desk.office.leader, code, "同意")
    assert (task.status, task.closed_on) == (Status.CLOSED, DAY)
    assert stages(desk, code) == [[ClosureStage.SUBMIT, ClosureStage.VERIFY, ClosureStage.APPROVE]]


def test_nothing_is_submitted_without_evidence(desk: Desk) -> None:
    code = desk.task()
    with pytest.raises(Refused, match="还没有佐证材料"):
        desk.do(casework.submit, desk.office.officer, code, STATEMENT)


def test_nothing_is_submitted_with_open_measures_or_counts(desk: Desk) -> None:
    code = desk.task(order=IssueOrder(count_total=3))
    desk.do(casework.measure, desk.office.head, code, "逐件补齐送达回证")
    desk.do(
        casework.evidence,
        desk.office.officer,
        code,
        NewEvidence(archive_no="A-1", proves=(1, 2), kind=EvidenceKind.CASE),
    )
    with pytest.raises(Refused, match="1 条措施没有完成"):
        desk.do(casework.submit, desk.office.officer, code, STATEMENT)
    desk.do(casework.finish_measure, desk.office.officer, code, 2)
    with pytest.raises(Refused, match="共 3 项，只完成 0 项"):
        desk.do(casework.submit, desk.office.officer, code, STATEMENT)
    desk.do(casework.progress, desk.office.officer, code, "全部完成", count_done=3)
    assert desk.do(casework.submit, desk.office.officer, code, STATEMENT).status is Status.SUBMITTED


def test_the_waiting_is_the_reviewers_and_the_clock_resumes_on_return(desk: Desk) -> None:
    code = submitted(desk)
    desk.day = DUE + timedelta(days=20)
    assert overdue_days(Timing.of(desk.read(code)), desk.day) == 0
    task = desk.do(casework.return_, desk.office.reviewer, code, "缺三件案卷")
    waited = (desk.day - DAY).days
    assert (task.paused_days, task.deadline_on) == (waited, DUE + timedelta(days=waited))
    assert task.due_on == DUE
    assert overdue_days(Timing.of(task), desk.day) == 0


def test_what_was_late_at_submission_stays_late_after_a_return(desk: Desk) -> None:
    desk.day = DAY
    code = desk.task()
    desk.day = DUE + timedelta(days=3)
    desk.do(
        casework.evidence, desk.office.officer, code, NewEvidence(archive_no="A-1", kind=EvidenceKind.CASE)
    )
    desk.day += timedelta(days=1)
    assert desk.do(casework.submit, desk.office.officer, code, STATEMENT).days_overdue_at_submission == 4
    desk.day += timedelta(days=30)
    task = desk.do(casework.return_, desk.office.reviewer, code, "缺三件")
    assert overdue_days(Timing.of(task), desk.day) == 4


def test_taking_a_request_back_gives_no_time(desk: Desk) -> None:
    code = submitted(desk)
    desk.day = DUE + timedelta(days=3)
    task = desk.do(casework.withdraw, desk.office.officer, code)
    assert (task.status, task.paused_days) == (Status.IN_PROGRESS, 0)
    assert overdue_days(Timing.of(task), desk.day) == 3


def test_once_verified_nothing_is_taken_back(desk: Desk) -> None:
    code = submitted(desk)
    desk.do(casework.verify, desk.office.reviewer, code, "齐全")
    with pytest.raises(Conflict, match="待审签"):
        desk.do(casework.withdraw, desk.office.officer, code)


def test_a_returned_closing_stays_and_the_next_is_another_round(desk: Desk) -> None:
    code = submitted(desk)
    desk.do(casework.return_, desk.office.reviewer, code, "缺三件")
    desk.do(casework.submit, desk.office.officer, code, STATEMENT, despite_doubts=True)
    assert stages(desk, code) == [[ClosureStage.SUBMIT, ClosureStage.RETURN], [ClosureStage.SUBMIT]]


def test_a_second_round_with_nothing_new_is_doubted(desk: Desk) -> None:
    code = submitted(desk)
    desk.do(casework.return_, desk.office.reviewer, code, "缺三件")
    with pytest.raises(Refused, match=r"没有新的材料.*按退回意见补充材料"):
        desk.do(casework.submit, desk.office.officer, code, STATEMENT)
    desk.do(casework.submit, desk.office.officer, code, STATEMENT, despite_doubts=True)
    with desk.database.reading() as session:
        closures = case_file(session, code).closures
    assert closures[0].doubts == ()
    assert [each.code for each in closures[1].doubts] == ["nothing_new"]


def test_the_head_confirms_first_where_the_bureau_says_so(desk: Desk) -> None:
    with desk.database.unit_of_work() as session:
        set_policy(session, by_on(DAY), desk.office.bureau.id, "requires_unit_head", value=True)
    code = submitted(desk)
    with pytest.raises(Refused, match="科室负责人还没有审核"):
        desk.do(casework.verify, desk.office.reviewer, code, "齐全")
    desk.do(casework.confirm, desk.office.head, code, "看过属实")
    assert desk.do(casework.verify, desk.office.reviewer, code, "齐全").status is Status.VERIFIED


def test_what_recurs_or_is_supervised_is_signed_by_the_chief(desk: Desk) -> None:
    code = submitted(desk)
    desk.do(casework.supervise, desk.office.leader, code, "多次反复")
    desk.do(casework.verify, desk.office.reviewer, code, "齐全")
    with pytest.raises(Refused, match="主要负责人审签"):
        desk.do(casework.approve, desk.office.leader, code)
    assert desk.do(casework.approve, desk.office.chief, code).status is Status.CLOSED


def test_a_meeting_signs_by_its_minutes(desk: Desk) -> None:
    code = desk.task(Status.VERIFIED, order=IssueOrder(approval_level=ApprovalLevel.MEETING))
    desk.day += timedelta(days=10)
    with pytest.raises(Refused, match="会议审定"):
        desk.do(casework.approve, desk.office.chief, code)
    desk.do(casework.approve, desk.office.leader, code, minutes_no="局党组纪要〔2026〕4号")
    with desk.database.reading() as session:
        steps = case_file(session, code).closures[-1].steps
    assert steps[-1].minutes_no == "局党组纪要〔2026〕4号"


def test_publicity_lasts_its_working_days_before_the_task_is_closed(desk: Desk) -> None:
    code = desk.task(Status.PUBLICISED, day=date(2026, 3, 2))
    approved_on = desk.read(code).waiting_since
    assert approved_on == date(2026, 3, 7)
    desk.day = date(2026, 3, 13)
    with pytest.raises(Refused, match="公示到 2026-03-13"):
        desk.do(casework.close, desk.office.clerk, code)
    desk.day = date(2026, 3, 14)
    assert desk.do(casework.close, desk.office.clerk, code).closed_on == desk.day


def test_an_objection_sends_it_back_with_its_time(desk: Desk) -> None:
    code = desk.task(Status.PUBLICISED)
    desk.day += timedelta(days=8)
    task = desk.do(casework.object_, desk.office.reviewer, code, "群众反映未整改")
    assert task.status is Status.IN_PROGRESS
    assert task.paused_days == (desk.day - (DAY + timedelta(days=3))).days


def test_reopening_keeps_the_earlier_closing_and_resumes_the_clock(desk: Desk) -> None:
    code = desk.task(Status.CLOSED)
    desk.day = date(2026, 8, 3)
    task = desk.do(casework.reopen, desk.office.reviewer, code, "回头看发现新案卷仍缺送达回证")
    assert (task.status, task.closed_on, task.original_due_on) == (Status.IN_PROGRESS, None, DUE)
    submitted_on = DAY + timedelta(days=3)
    assert task.deadline_on == DUE + (desk.day - submitted_on)
    assert stages(desk, code)[0][-1] is ClosureStage.APPROVE
    closing = [event for event in desk.events(code) if event.new_status is Status.CLOSED]
    assert closing[0].changes["closed_on"][1] == (DAY + timedelta(days=5)).isoformat()


def test_reopening_may_set_a_date_of_its_own(desk: Desk) -> None:
    code = desk.task(Status.CLOSED)
    desk.day = date(2026, 8, 3)
    with pytest.raises(Refused, match="不在今天之后"):
        desk.do(casework.reopen, desk.office.reviewer, code, "未整改", due_on=date(2026, 8, 3))
    task = desk.do(casework.reopen, desk.office.reviewer, code, "未整改", due_on=date(2026, 9, 30))
    assert (task.deadline_on, task.original_due_on) == (date(2026, 9, 30), DUE)


def test_termination_is_signed_like_a_closing_and_never_by_the_owner(desk: Desk) -> None:
    code = desk.task()
    with pytest.raises(Forbidden):
        desk.do(casework.terminate, desk.office.officer, code, "职能划转")
    with pytest.raises(Refused, match="没有写理由"):
        desk.do(casework.terminate, desk.office.leader, code, " ")
    assert desk.do(casework.terminate, desk.office.leader, code, "职能划转").status is Status.TERMINATED


def test_a_plan_is_finished_not_struck_off(desk: Desk) -> None:
    code = desk.task(kind=ItemKind.PLAN)
    with pytest.raises(Refused, match=f"任务 {code} 不能“申请办结”"):
        desk.do(casework.submit, desk.office.officer, code, STATEMENT)


def test_somebody_who_looked_at_an_older_version_is_told(desk: Desk) -> None:
    code = submitted(desk)
    seen = desk.read(code).version
    desk.do(
        casework.evidence, desk.office.officer, code, NewEvidence(archive_no="A-2", kind=EvidenceKind.CASE)
    )
    with pytest.raises(Conflict, match="刚刚被别人改动过"):
        desk.do(casework.verify.seen(seen), desk.office.reviewer, code, "齐全")


def test_a_reviewer_of_the_lead_unit_needs_a_reason_on_record(desk: Desk) -> None:
    """A reviewer moved into the lead unit after the task was issued."""
    code = submitted(desk)
    with desk.database.unit_of_work() as session:
        moved = session.merge(desk.office.reviewer)
        moved.unit_id = desk.office.roads.id
    with pytest.raises(Refused, match="就在责任单位"):
        desk.do(casework.verify, moved, code, "齐全")
    desk.do(casework.verify, moved, code, "齐全", override="全局只有一名复核人")
    with desk.database.reading() as session:
        assert case_file(session, code).closures[0].steps[-1].override_reason == "全局只有一名复核人"


def test_measures_are_the_heads_to_drop(desk: Desk) -> None:
    code = desk.task(Status.ASSIGNED)
    desk.do(
        casework.accept,
        desk.office.head,
        code,
        officer_id=desk.office.officer.id,
        measures=[NewMeasure("补齐送达回证", date(2026, 4, 30)), NewMeasure("组织培训")],
    )
    with pytest.raises(Forbidden):
        desk.do(casework.drop_measure, desk.office.officer, code, 2, "不想做了")
    desk.do(casework.drop_measure, desk.office.head, code, 2, "并入年度培训")
    with pytest.raises(Refused, match="没有未完成的第 2 条措施"):
        desk.do(casework.finish_measure, desk.office.officer, code, 2)


def test_what_the_officer_proposes_binds_once_confirmed(desk: Desk) -> None:
    code = desk.task()
    desk.do(casework.measure, desk.office.officer, code, "每季度自查一次")
    with desk.database.reading() as session:
        assert case_file(session, code).measures[-1].confirmed_on is None
    desk.do(casework.confirm_measures, desk.office.head, code)
    with desk.database.reading() as session:
        assert case_file(session, code).measures[-1].confirmed_on == DAY
    with pytest.raises(Refused, match="没有待确认的措施"):
        desk.do(casework.confirm_measures, desk.office.head, code)


def test_a_bureau_may_ask_for_measures_at_acceptance(desk: Desk) -> None:
    with desk.database.unit_of_work() as session:
        set_policy(session, by_on(DAY), desk.office.bureau.id, "requires_measures", value=True)
    code = desk.task(Status.ASSIGNED, order=IssueOrder(goal="回证齐全"))
    named = desk.office.officer.id
    with pytest.raises(Refused, match="还没有整改措施"):
        desk.do(casework.accept, desk.office.head, code, officer_id=named)
    desk.do(casework.accept, desk.office.head, code, officer_id=named, measures=[NewMeasure("补齐")])


def test_a_second_clerk_closes_what_a_clerk_owned(desk: Desk) -> None:
    with desk.database.unit_of_work() as session:
        owner = make_person(session, desk.office.roads, "clerk2", Role.CLERK, Role.OFFICER)
    code = desk.task(Status.PUBLICISED, order=IssueOrder(officer_id=owner.id))
    desk.day = date(2026, 4, 1)
    with pytest.raises(Refused, match="现任或原责任人"):
        desk.do(casework.close, owner, code)
    assert desk.do(casework.close, desk.office.clerk, code).status is Status.CLOSED
