"""A step done by mistake is taken back: the task is what it was, the history has both."""

from datetime import date, timedelta

import pytest

from core.errors import Forbidden, RectifyError, Refused
from models.enums import ApprovalLevel, Channel, ClosureStage, Status
from rectification import casework
from rectification.casework import Correction, IssueOrder, NewHands
from rectification.halfyear.history_rows import BureauHistory
from rectification.lists.figures import Opening, Period
from rectification.lists.rows import list_tasks
from rectification.lists.timeline import timeline
from rectification.office.actors import Acting, Paper
from rectification.office.calendar import load_calendar
from rectification.office.chain import values
from rectification.task.audit import verify
from tests.factories import DAY, actor, case_file, clock_on
from tests.unit.rectification.casework.conftest import SQLITE, Desk

pytestmark = SQLITE
PAPER = Paper(DAY + timedelta(days=20), "签批〔2026〕12号")


def _facts(desk: Desk, code: str) -> dict[str, object]:
    return values(desk.read(code))


def _last(desk: Desk, code: str) -> int:
    return desk.events(code)[-1].sequence


def _is_sound(desk: Desk) -> bool:
    with desk.database.reading() as session:
        return verify(session, desk.office.bureau.id).is_sound


@pytest.mark.parametrize(
    ("status", "do"),
    [
        (Status.DRAFT, lambda d, c: d.do(casework.issue, d.office.clerk, c, _order(d))),
        (
            Status.ASSIGNED,
            lambda d, c: d.do(casework.accept, d.office.head, c, officer_id=d.office.officer.id),
        ),
        (Status.IN_PROGRESS, lambda d, c: d.do(casework.progress, d.office.officer, c, "已开始")),
        (Status.IN_PROGRESS, lambda d, c: d.do(casework.supervise, d.office.clerk, c, "多次反复")),
        (Status.IN_PROGRESS, lambda d, c: d.do(casework.terminate, d.office.leader, c, "职能划转")),
        (
            Status.IN_PROGRESS,
            lambda d, c: d.do(casework.request_extension, d.office.officer, c, "雨季", date(2026, 8, 1)),
        ),
        (
            Status.IN_PROGRESS,
            lambda d, c: d.do(casework.make_long_term, d.office.leader, c, "常抓", date(2026, 6, 30)),
        ),
        (
            Status.IN_PROGRESS,
            lambda d, c: d.do(
                casework.transfer, d.office.clerk, c, "轮岗", NewHands(officer_id=d.office.other.id)
            ),
        ),
        (
            Status.IN_PROGRESS,
            lambda d, c: d.do(casework.participate, d.office.clerk, c, add_people=[d.office.other.id]),
        ),
        (Status.SUBMITTED, lambda d, c: d.do(casework.verify, d.office.reviewer, c, "看过属实")),
        (Status.SUBMITTED, lambda d, c: d.do(casework.return_, d.office.reviewer, c, "不全")),
        (Status.SUBMITTED, lambda d, c: d.do(casework.withdraw, d.office.officer, c)),
        (Status.VERIFIED, lambda d, c: d.do(casework.approve, d.office.leader, c)),
        (Status.PUBLICISED, lambda d, c: d.do(casework.object_, d.office.reviewer, c, "有人反映")),
        (Status.CLOSED, lambda d, c: d.do(casework.reopen, d.office.reviewer, c, "没有到位")),
        (Status.CLOSED, lambda d, c: d.do(casework.look_back, d.office.reviewer, c, "看过属实")),
    ],
)
def test_what_was_done_by_mistake_leaves_the_task_as_it_was(desk: Desk, status: Status, do: object) -> None:
    code = desk.task(status)
    desk.day = DAY + timedelta(days=30)
    before = _facts(desk, code)
    with desk.database.reading() as session:
        hanging = case_file(session, code, desk.day)
    who = do(desk, code)  # type: ignore[operator]
    del who
    mistaken = desk.events(code)[-1]
    actor = next(
        each
        for each in vars(desk.office).values()
        if getattr(each, "login", "") and each.id == mistaken.actor_id
    )
    desk.do(casework.undo, actor, code, "登记错了任务")
    assert _facts(desk, code) == before
    with desk.database.reading() as session:
        after = case_file(session, code, desk.day)
        rows = timeline(session, desk.read(code).id)
    assert {**vars_of(after), "row": None} == {**vars_of(hanging), "row": None}
    assert rows[-2].undone_by == rows[-1].sequence
    assert f"已由第 {rows[-1].sequence} 条撤销" in rows[-2].changes
    assert rows[-1].text.endswith("登记错了任务")
    assert _is_sound(desk)


def test_a_later_step_that_builds_on_it_is_taken_back_first(desk: Desk) -> None:
    code = desk.task(Status.CLOSED)
    office, verified = desk.office, desk.events(code)[-2].sequence
    with pytest.raises(Refused, match="审签同意”在它之后") as refused:
        desk.do(casework.undo, office.reviewer, code, "看错了", verified)
    assert f"先撤销第 {verified + 1} 条" in refused.value.todo
    desk.do(casework.undo, office.leader, code, "批错了任务")
    assert desk.do(casework.undo, office.reviewer, code, "看错了", verified).status is Status.SUBMITTED
    assert desk.do(casework.verify, office.reviewer, code, "看过属实").status is Status.VERIFIED
    assert desk.do(casework.approve, office.leader, code).status is Status.CLOSED


def test_a_mistaken_closing_is_no_reopening(desk: Desk) -> None:
    code = desk.task(Status.CLOSED)
    with desk.database.unit_of_work() as session:
        clerk = Acting(actor(session, desk.office.clerk, date(2026, 7, 1)), Channel.WEB)
        assert casework.draw_look_backs(session, clock_on(date(2026, 7, 1)), clerk)
    desk.day = date(2026, 7, 2)
    task = desk.do(casework.undo, desk.office.leader, code, "批错了任务")
    assert (task.status, task.closed_on) == (Status.VERIFIED, None)
    with desk.database.reading() as session:
        file = case_file(session, code, desk.day)
        history = BureauHistory(session, desk.office.bureau.id, DAY)
        period = history.period(Period(date(2026, 1, 1), date(2026, 7, 2)))
    assert file.look_backs == ()
    assert [step.stage for step in file.closures[-1].steps] == [ClosureStage.SUBMIT, ClosureStage.VERIFY]
    (row,) = period.rows
    assert (row.status, row.opening) == (Status.VERIFIED, Opening.ADDED)


def test_who_may_not_do_a_step_may_not_take_it_back_but_who_entered_it_may(desk: Desk) -> None:
    code, office = desk.task(Status.IN_PROGRESS), desk.office
    desk.day = PAPER.dated
    desk.record(PAPER, casework.terminate, office.leader, code, "职能划转")
    for other in (office.officer, office.reviewer, office.head):
        with pytest.raises(Forbidden):
            desk.do(casework.undo, other, code, "不对")
    with desk.database.reading() as session:
        by_command = Acting(actor(session, office.chief, desk.day), Channel.CLI)
    with pytest.raises(Refused, match="签批件"), desk.database.unit_of_work() as session:
        casework.undo(session, clock_on(desk.day), by_command, code, "不对")
    assert desk.do(casework.undo, office.clerk, code, "登记错了任务").status is Status.IN_PROGRESS


def test_what_was_destroyed_or_rewritten_names_its_own_way_back(desk: Desk) -> None:
    code, office = desk.task(Status.IN_PROGRESS), desk.office
    desk.do(casework.correct, office.clerk, code, "错字", Correction(title="案卷制作"))
    with pytest.raises(Refused, match="不能撤销") as refused:
        desk.do(casework.undo, office.clerk, code, "又错了", _last(desk, code))
    assert refused.value.todo == "请用“更正”改正"
    with pytest.raises(Refused, match="没有第 999 条"):
        desk.do(casework.undo, office.clerk, code, "不对", 999)


def test_an_undone_step_cannot_be_undone_again(desk: Desk) -> None:
    code, office = desk.task(Status.IN_PROGRESS), desk.office
    desk.do(casework.supervise, office.clerk, code, "反复")
    listed = _last(desk, code)
    desk.do(casework.undo, office.clerk, code, "弄错了", listed)
    with pytest.raises(Refused, match="已经撤销"):
        desk.do(casework.undo, office.clerk, code, "弄错了", listed)


def test_listing_for_supervision_is_taken_back_after_other_work(desk: Desk) -> None:
    code, office = desk.task(Status.IN_PROGRESS), desk.office
    desk.do(casework.supervise, office.clerk, code, "反复")
    listed = _last(desk, code)
    desk.do(casework.progress, office.officer, code, "已补三份")
    assert not desk.do(casework.undo, office.clerk, code, "弄错了", listed).is_supervised
    with desk.database.reading() as session:
        assert len(case_file(session, code).progress) == 1


def test_a_step_that_moved_nothing_is_taken_back_where_the_task_is_now(desk: Desk) -> None:
    code, office = desk.task(Status.CLOSED), desk.office
    desk.do(casework.look_back, office.reviewer, code, "看过属实")
    looked, desk.day = _last(desk, code), DAY + timedelta(days=40)
    desk.do(casework.reopen, office.reviewer, code, "没有到位")
    assert (
        desk.do(casework.undo, office.reviewer, code, "看的不是这一项", looked).status is Status.IN_PROGRESS
    )


def test_a_leader_does_not_lift_what_another_listed(desk: Desk) -> None:
    """It would be a way round the chief's signature; the chief may, and who listed it by mistake."""
    code, office = desk.task(Status.IN_PROGRESS), desk.office
    desk.do(casework.supervise, office.clerk, code, "反复")
    with pytest.raises(Refused, match="主要负责人"):
        desk.do(casework.undo, office.leader, code, "不必挂牌")
    assert not desk.do(casework.undo, office.chief, code, "不必挂牌").is_supervised


def test_the_level_of_signature_is_corrected_both_ways(desk: Desk) -> None:
    code, office = desk.task(Status.VERIFIED), desk.office
    up = Correction(approval_level=ApprovalLevel.CHIEF)
    assert (
        desk.do(casework.correct, office.clerk, code, "须主要负责人", up).approval_level is up.approval_level
    )
    with pytest.raises(Refused, match="主要负责人审签"):
        desk.do(casework.approve, office.leader, code)
    desk.do(casework.correct, office.clerk, code, "级别填错", Correction(approval_level=ApprovalLevel.LEADER))
    assert desk.do(casework.approve, office.leader, code).status is Status.CLOSED


def test_a_task_issued_twice_counts_nowhere_and_comes_back(desk: Desk) -> None:
    office, kept, twice = desk.office, desk.task(), desk.task()
    before = _facts(desk, twice)
    task = desk.do(casework.duplicate, office.leader, twice, kept, "回复中列了两次")
    assert (task.status, task.duplicate_of_id) == (Status.ARCHIVED, desk.read(kept).id)
    assert (_codes(desk), _counted(desk)) == ([kept], [kept])
    with pytest.raises(Refused, match="登记为重复"):
        desk.do(casework.restore, office.clerk, twice)
    desk.record(Paper(DAY, "签9"), casework.undo, office.leader, twice, "不是同一件事")
    assert _facts(desk, twice) == before
    assert (_codes(desk), _counted(desk)) == ([kept, twice], [kept, twice])


def test_a_task_is_no_duplicate_of_itself_or_of_a_draft(desk: Desk) -> None:
    code, draft = desk.task(), desk.task(Status.DRAFT)
    for other in (code, draft):
        with pytest.raises(RectifyError, match=other):
            desk.do(casework.duplicate, desk.office.chief, code, other, "重复")


def _codes(desk: Desk) -> list[str]:
    with desk.database.reading() as session:
        listed = list_tasks(session, DAY, load_calendar(session), actor=actor(session, desk.office.officer))
        return sorted(row.code for row in listed)


def _counted(desk: Desk) -> list[str]:
    with desk.database.reading() as session:
        history = BureauHistory(session, desk.office.bureau.id, date(2026, 1, 1))
        rows = history.period(Period(date(2026, 1, 1), date(2026, 6, 30))).rows
        return sorted(row.code for row in rows)


def vars_of(file: object) -> dict[str, object]:
    return {name: getattr(file, name) for name in file.__dataclass_fields__}  # type: ignore[attr-defined]


def _order(desk: Desk) -> IssueOrder:
    return IssueOrder(lead_unit_id=desk.office.roads.id, reviewer_id=desk.office.reviewer.id)
