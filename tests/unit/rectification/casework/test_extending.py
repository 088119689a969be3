"""Dates that move by decision, and what stays when they do."""

from datetime import date, timedelta

import pytest

from core.errors import Forbidden, Refused
from models.enums import Decision, EvidenceKind, TimeLimit
from models.task import Extension
from rectification import casework
from rectification.casework import IssueOrder
from rectification.lists.timeline import timeline
from rectification.task import audit
from rectification.task.deadlines import Timing, missed_days, overdue_days
from rectification.task.time_limits import day_text
from tests.factories import DAY, case_file
from tests.unit.rectification.casework.conftest import SQLITE, Desk

DUE = date(2026, 6, 30)
pytestmark = SQLITE


def test_an_extension_asked_in_time_moves_the_date_and_keeps_the_first(desk: Desk) -> None:
    code = desk.task()
    desk.do(casework.request_extension, desk.office.officer, code, "招标流标，须重新招标", date(2026, 9, 30))
    task = desk.do(casework.grant_extension, desk.office.leader, code)
    assert (task.due_on, task.original_due_on, task.extension_count) == (date(2026, 9, 30), DUE, 1)
    assert task.deadline_on == date(2026, 9, 30)


def test_the_approver_may_grant_another_date_than_the_one_asked_for(desk: Desk) -> None:
    code = desk.task()
    desk.do(casework.request_extension, desk.office.officer, code, "招标流标", date(2026, 9, 30))
    task = desk.do(casework.grant_extension, desk.office.leader, code, date(2026, 8, 15), "八月中旬前完成")
    assert task.due_on == date(2026, 8, 15)


def test_a_denied_extension_leaves_the_date_and_may_be_asked_again(desk: Desk) -> None:
    code = desk.task()
    desk.do(casework.request_extension, desk.office.officer, code, "工作忙", date(2026, 9, 30))
    task = desk.do(casework.deny_extension, desk.office.leader, code, "理由不充分")
    assert (task.due_on, task.extension_count) == (DUE, 0)
    desk.do(casework.request_extension, desk.office.officer, code, "招标流标", date(2026, 8, 31))
    with pytest.raises(Refused, match="待批"):
        desk.do(casework.request_extension, desk.office.officer, code, "再请", date(2026, 9, 30))


@pytest.mark.parametrize(
    ("new_on", "why"),
    [
        (None, "没有写明新的日期"),
        (DUE, "不晚于现在的时限"),
        (DAY, "不在今天之后"),
        (date(2062, 6, 30), "请核对年份"),
    ],
)
def test_an_extension_needs_a_concrete_later_date(desk: Desk, new_on: date | None, why: str) -> None:
    code = desk.task()
    with pytest.raises(Refused, match=why):
        desk.do(casework.request_extension, desk.office.officer, code, "招标流标", new_on)


def test_a_year_mistyped_by_decades_is_not_issued(desk: Desk) -> None:
    with pytest.raises(Refused, match="2062年6月30日在10年以后"):
        desk.task(order=IssueOrder(due_on=date(2062, 6, 30)))
    desk.task(order=IssueOrder(due_on=date(DAY.year + 10, 12, 31)))


def test_an_extension_is_asked_on_the_due_date_at_the_latest(desk: Desk) -> None:
    code = desk.task()
    desk.day = DUE + timedelta(days=1)
    with pytest.raises(Refused, match="须在到期前申请"):
        desk.do(casework.request_extension, desk.office.officer, code, "招标流标", date(2026, 9, 30))
    desk.day = DUE
    desk.do(casework.request_extension, desk.office.officer, code, "招标流标", date(2026, 9, 30))


def test_what_was_asked_in_time_and_granted_late_keeps_the_days_in_between(desk: Desk) -> None:
    code = desk.task()
    desk.do(casework.request_extension, desk.office.officer, code, "招标流标", date(2026, 9, 30))
    desk.day = DUE + timedelta(days=5)
    task = desk.do(casework.grant_extension, desk.office.leader, code)
    assert task.due_on == date(2026, 9, 30)
    assert (task.days_overdue_at_redating, task.extension_count) == (5, 1)


def test_a_new_date_is_asked_for_once_the_old_has_passed(desk: Desk) -> None:
    code, office, wanted = desk.task(), desk.office, date(2026, 9, 30)
    with pytest.raises(Refused, match="还没有过"):
        desk.do(casework.request_redate, office.officer, code, "招标流标", wanted)
    desk.day = DUE + timedelta(days=12)
    desk.do(casework.request_redate, office.officer, code, "招标流标", wanted)
    with pytest.raises(Refused, match="不能作延期"):
        desk.do(casework.grant_extension, office.leader, code)
    task = desk.do(casework.redate, office.leader, code, "看过，情况属实")
    assert (task.due_on, task.extension_count, task.days_overdue_at_redating) == (wanted, 0, 12)
    with desk.database.reading() as session:
        (asked,) = case_file(session, code, desk.day).extensions
    assert (asked.is_late, asked.decision, asked.due_granted) == (True, Decision.GRANTED, wanted)


def test_a_new_date_asked_for_can_be_denied(desk: Desk) -> None:
    code, office = desk.task(), desk.office
    desk.day = DUE + timedelta(days=12)
    desk.do(casework.request_redate, office.officer, code, "招标流标", date(2026, 9, 30))
    task = desk.do(casework.deny_extension, office.leader, code, "抓紧办")
    assert (task.due_on, task.days_overdue_at_redating) == (DUE, 0)


def test_redating_is_for_overdue_tasks_and_keeps_the_overdue_on_record(desk: Desk) -> None:
    code = desk.task()
    with pytest.raises(Refused, match="还没有过"):
        desk.do(casework.redate, desk.office.leader, code, "重新安排", date(2026, 9, 30))
    desk.day = DUE + timedelta(days=12)
    task = desk.do(casework.redate, desk.office.leader, code, "重新安排", date(2026, 9, 30))
    assert (task.days_overdue_at_redating, task.extension_count, task.original_due_on) == (12, 0, DUE)
    assert overdue_days(Timing.of(task), desk.day) == 0


def test_an_officer_grants_nothing_to_himself(desk: Desk) -> None:
    code = desk.task()
    desk.do(casework.request_extension, desk.office.officer, code, "招标流标", date(2026, 9, 30))
    with pytest.raises(Forbidden):
        desk.do(casework.grant_extension, desk.office.officer, code)


def test_submitting_answers_a_request_nobody_decided(desk: Desk) -> None:
    code = desk.task()
    desk.do(casework.request_extension, desk.office.officer, code, "招标流标", date(2026, 9, 30))
    desk.do(
        casework.evidence,
        desk.office.officer,
        code,
        casework.NewEvidence(archive_no="A-1", kind=EvidenceKind.CASE),
    )
    desk.do(casework.submit, desk.office.officer, code, "已完成招标并验收。")
    with desk.database.reading() as session:
        assert session.query(Extension).one().decision is Decision.LAPSED


def test_a_granted_date_is_the_date_whatever_was_waited_before(desk: Desk) -> None:
    """Days given back on a return end with the new date: what the leader writes is what counts."""
    code = desk.task()
    desk.do(
        casework.evidence,
        desk.office.officer,
        code,
        casework.NewEvidence(archive_no="A-1", kind=EvidenceKind.CASE),
    )
    desk.do(casework.submit, desk.office.officer, code, "三件已完成。")
    desk.day += timedelta(days=10)
    assert desk.do(casework.return_, desk.office.reviewer, code, "材料不全").deadline_on == date(2026, 7, 10)
    desk.do(casework.request_extension, desk.office.officer, code, "招标流标", date(2026, 9, 30))
    assert desk.do(casework.grant_extension, desk.office.leader, code).deadline_on == date(2026, 9, 30)


def test_a_task_turned_long_term_has_checkpoints_instead_of_a_date(desk: Desk) -> None:
    code = desk.task()
    with pytest.raises(Refused, match="太远"):
        desk.do(casework.make_long_term, desk.office.leader, code, "须长期坚持", date(2027, 6, 30))
    task = desk.do(casework.make_long_term, desk.office.leader, code, "须长期坚持", date(2026, 9, 30))
    assert (task.time_limit, task.due_on, task.original_due_on) == (TimeLimit.LONG_TERM, None, DUE)
    assert task.deadline_on == date(2026, 9, 30)
    with pytest.raises(Refused, match="没有整改时限"):
        desk.do(casework.request_extension, desk.office.officer, code, "人手不够", date(2026, 12, 31))


def test_a_checkpoint_passed_in_silence_is_missed_not_overdue_until_it_is_held(desk: Desk) -> None:
    code = desk.task(order=IssueOrder(time_limit=TimeLimit.LONG_TERM))
    desk.day = date(2026, 7, 8)
    timing = Timing.of(desk.read(code))
    assert (overdue_days(timing, desk.day), missed_days(timing, desk.day)) == (0, 8)
    task = desk.do(casework.checkpoint, desk.office.reviewer, code, "上半年坚持较好", date(2026, 12, 31))
    assert (missed_days(Timing.of(task), desk.day), task.deadline_on) == (0, date(2026, 12, 31))


def test_only_what_goes_on_has_checkpoints_and_is_carried_over(desk: Desk) -> None:
    code = desk.task()
    with pytest.raises(Refused, match="检查节点"):
        desk.do(casework.checkpoint, desk.office.clerk, code, "还行", date(2026, 8, 31))
    with pytest.raises(Refused, match="长期坚持的任务和工作任务"):
        desk.do(casework.carry_over, desk.office.clerk, code, "还行", date(2026, 8, 31))


def measures(desk: Desk, code: str) -> list[date | None]:
    with desk.database.reading() as session:
        return [each.due_on for each in case_file(session, code).measures]


@pytest.mark.parametrize("keep", [False, True])
@pytest.mark.parametrize("way", ["grant", "redate"])
def test_measures_of_the_old_date_move_with_it_unless_they_are_to_stay(
    desk: Desk, way: str, keep: bool
) -> None:
    """Those of another day, and those that are done, stay: they are steps on the way, and what was."""
    code, new = desk.task(), date(2026, 9, 30)
    for day in (DUE, DUE - timedelta(days=30), None, DUE):
        desk.do(casework.measure, desk.office.officer, code, f"第{day}步", due_on=day)
    before = measures(desk, code)
    desk.do(casework.finish_measure, desk.office.officer, code, len(before))
    if way == "grant":
        desk.do(casework.request_extension, desk.office.officer, code, "招标流标", new)
        desk.do(casework.grant_extension, desk.office.leader, code, keep_measures=keep)
    else:
        desk.day = DUE + timedelta(days=2)
        desk.do(casework.redate, desk.office.leader, code, "招标流标", new, keep_measures=keep)
    moved = [new if day == DUE else day for day in before[:-1]] + [DUE]
    assert measures(desk, code) == (before if keep else moved)
    with desk.database.reading() as session:
        file = case_file(session, code)
        words = timeline(session, file.row.id)[-1].text
        assert audit.verify(session, file.row.bureau_id).is_sound
    assert ("的日期一并改为2026年9月30日" in words) is not keep
    assert f"（{day_text(DUE - timedelta(days=30))}）" in words.partition("的日期一并改为")[2 * (not keep)]
    assert words.endswith("不变")
