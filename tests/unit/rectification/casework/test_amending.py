"""A wrong paper date or number is put right where it stands; what was counted from it is counted anew."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.errors import Forbidden, Refused
from models.enums import ClosureStage, EvidenceKind, Status
from rectification import casework
from rectification.casework import NewEvidence
from rectification.halfyear.history_rows import BureauHistory
from rectification.lists.timeline import timeline
from rectification.office.actors import Paper
from rectification.office.substitutes import add_substitute
from rectification.task.audit import verify
from tests.factories import BY, case_file, statement_of
from tests.unit.rectification.casework.conftest import SQLITE, ByCode, Desk

pytestmark = SQLITE
ENTERED, WRONG, RIGHT = date(2026, 3, 27), date(2026, 3, 25), date(2026, 3, 15)


def _verified(desk: Desk) -> tuple[str, int]:
    """A task whose verification was entered with the wrong date."""
    code = desk.task(Status.SUBMITTED)
    desk.day = ENTERED
    desk.record(Paper(WRONG, "2026-法规-012"), casework.verify, desk.office.reviewer, code, "看过属实")
    return code, desk.events(code)[-1].sequence


def test_a_wrong_paper_date_is_corrected_and_the_next_step_finds_its_place(desk: Desk) -> None:
    code, verified = _verified(desk)
    assert desk.read(code).waiting_since == ENTERED  # nobody knew before
    signed = Paper(date(2026, 3, 18), "2026-法规-013")
    with pytest.raises(Refused, match="早于上一步") as refused:
        desk.record(signed, casework.approve, desk.office.leader, code)
    assert "更正办理记录" in refused.value.todo
    desk.do(casework.amend, desk.office.clerk, code, "看错了日期", verified, dated=RIGHT)
    desk.record(signed, casework.approve, desk.office.leader, code)
    with desk.database.reading() as session:
        step = case_file(session, code, desk.day).closures[-1].last(ClosureStage.VERIFY)
        rows = {row.sequence: row for row in timeline(session, desk.read(code).id)}
        history = BureauHistory(session, desk.office.bureau.id, RIGHT)
        seen = [history.standings(day)[desk.read(code).id].status for day in (RIGHT, date(2026, 3, 18))]
        assert verify(session, desk.office.bureau.id).is_sound
    assert step is not None
    assert (step.signed_on, step.paper_date, step.paper_no) == (RIGHT, RIGHT, "2026-法规-012")
    assert rows[verified].effective_on == RIGHT
    assert f"已由第 {verified + 1} 条更正" in rows[verified].changes
    assert "2026年3月25日 → 2026年3月15日" in rows[verified + 1].text
    assert seen == [Status.VERIFIED, Status.CLOSED]


@pytest.mark.parametrize(
    ("day", "why"),
    [(date(2026, 3, 1), "早于第"), (date(2026, 3, 28), "今天之后"), (WRONG, "没有变化")],
)
def test_a_date_that_cannot_be_is_refused(desk: Desk, day: date, why: str) -> None:
    code, verified = _verified(desk)
    with pytest.raises(Refused, match=why):
        desk.do(casework.amend, desk.office.clerk, code, "看错了", verified, dated=day)


def test_a_date_after_the_next_step_names_the_step(desk: Desk) -> None:
    code, verified = _verified(desk)
    desk.record(Paper(WRONG, "2026-法规-013"), casework.approve, desk.office.leader, code)
    with pytest.raises(Refused, match="晚于第"):
        desk.do(casework.amend, desk.office.clerk, code, "看错了", verified, dated=date(2026, 3, 26))


def test_a_stand_in_could_not_have_signed_on_the_right_day(desk: Desk) -> None:
    code, office = desk.task(Status.SUBMITTED), desk.office
    with desk.database.unit_of_work() as session:
        add_substitute(session, BY, office.bureau.id, office.reviewer.id, office.other.id, WRONG, ENTERED)
    desk.day = ENTERED
    desk.record(Paper(WRONG, "2026-法规-012"), casework.verify, office.other, code, "看过属实")
    verified = desk.events(code)[-1].sequence
    with pytest.raises(Forbidden, match="代理期"):
        desk.do(casework.amend, office.clerk, code, "看错了", verified, dated=RIGHT)


def test_what_was_counted_from_the_day_is_counted_anew(desk: Desk) -> None:
    code, office = desk.task(), desk.office
    desk.do(casework.evidence, office.officer, code, NewEvidence(archive_no="档1", kind=EvidenceKind.CASE))
    desk.day = date(2026, 7, 20)
    desk.record(Paper(date(2026, 7, 10), "申1"), casework.submit, office.officer, code, "已改三件")
    assert desk.read(code).days_overdue_at_submission == 10
    submitted = desk.events(code)[-1].sequence
    desk.do(casework.amend, office.clerk, code, "看错了", submitted, dated=date(2026, 6, 29))
    task = desk.read(code)
    assert (task.days_overdue_at_submission, task.submitted_on) == (0, date(2026, 6, 29))
    desk.record(Paper(date(2026, 7, 19), "退1"), casework.return_, office.reviewer, code, "不全")
    assert desk.read(code).deadline_on == date(2026, 7, 20)
    desk.do(
        casework.amend, office.clerk, code, "看错了", desk.events(code)[-1].sequence, dated=date(2026, 7, 9)
    )
    assert desk.read(code).deadline_on == date(2026, 7, 10)


def test_what_was_done_here_has_its_own_day(desk: Desk) -> None:
    code = desk.task(Status.VERIFIED)
    last = desk.events(code)[-1].sequence
    with pytest.raises(Refused, match="不是按纸面登记"):
        desk.do(casework.amend, desk.office.reviewer, code, "看错了", last, dated=desk.day)


def test_a_wrong_archive_number_is_put_right_after_the_closing(desk: Desk) -> None:
    code = desk.task(Status.CLOSED)
    uploaded = next(event.sequence for event in desk.events(code) if event.verb.value == "evidence")
    desk.do(casework.amend, desk.office.officer, code, "抄错了", uploaded, number="档〔2026〕99号")
    with desk.database.reading() as session:
        file = case_file(session, code)
        told = timeline(session, desk.read(code).id)[-1].text
    assert [each.archive_no for each in file.evidence] == ["档〔2026〕99号"]
    assert "→ 档〔2026〕99号" in told
    with pytest.raises(Refused, match="没有变化"):
        desk.do(casework.amend, desk.office.officer, code, "抄错了", uploaded, number="档〔2026〕99号")


def test_wrong_minutes_are_put_right_wherever_the_signature_stands(desk: Desk) -> None:
    code, office = desk.task(Status.VERIFIED), desk.office
    with pytest.raises(Refused, match="不像会议纪要号"):
        desk.do(casework.approve, office.leader, code, minutes_no="会上同意")
    desk.do(casework.approve, office.leader, code, minutes_no="局长办公会〔2026〕6号")
    last = desk.events(code)[-1].sequence
    desk.do(casework.amend, office.leader, code, "抄错了", last, minutes_no="局长办公会〔2026〕8号")
    with desk.database.reading() as session:
        step = case_file(session, code).closures[-1].last(ClosureStage.APPROVE)
    assert step is not None
    assert step.minutes_no == "局长办公会〔2026〕8号"


def test_publicity_runs_from_the_day_it_could_be_seen(desk: Desk) -> None:
    code, office = desk.task(Status.VERIFIED), desk.office
    desk.do(casework.correct, office.clerk, code, "须公示", casework.Correction(is_publicity_required=True))
    desk.day = ENTERED
    desk.record(Paper(date(2026, 3, 9), "签1"), casework.approve, office.leader, code)
    with pytest.raises(Refused, match="公示到 2026-04-03"):
        desk.do(casework.close, office.clerk, code)
    approved = desk.events(code)[-1].sequence
    desk.do(casework.amend, office.clerk, code, "看错了", approved, dated=date(2026, 3, 10))
    desk.day = date(2026, 4, 3) + timedelta(days=1)
    assert desk.do(casework.close, office.clerk, code).status is Status.CLOSED


@pytest.mark.parametrize(
    ("status", "verb", "who", "given"),
    [
        (Status.IN_PROGRESS, casework.progress, "officer", ("已开始",)),
        (Status.IN_PROGRESS, casework.submit, "officer", ("已改三件",)),
        (Status.IN_PROGRESS, casework.terminate, "leader", ("职能划转",)),
        (Status.IN_PROGRESS, casework.redate, "leader", ("看过，情况属实", date(2026, 12, 1))),
        (Status.IN_PROGRESS, casework.make_long_term, "leader", ("常抓", date(2026, 12, 31))),
        (Status.SUBMITTED, casework.verify, "reviewer", ("看过属实",)),
        (Status.SUBMITTED, casework.return_, "reviewer", ("不全",)),
        (Status.VERIFIED, casework.approve, "leader", ("同意",)),
        (Status.VERIFIED, casework.return_, "leader", ("不全",)),
        (Status.PUBLICISED, casework.object_, "reviewer", ("有人反映",)),
        (Status.CLOSED, casework.look_back, "reviewer", ("看过属实",)),
        (Status.CLOSED, casework.reopen, "reviewer", ("没有到位",)),
    ],
)
def test_a_date_put_right_leaves_what_the_right_date_would_have_left(
    desk: Desk, status: Status, verb: ByCode[...], who: str, given: tuple[object, ...]
) -> None:
    """Figures of past days, deadlines, overdue days and signed stages: all as if it had been entered well."""
    right, wrong, person = date(2026, 8, 3), date(2026, 8, 20), getattr(desk.office, who)
    found = []
    for first in (right, wrong):
        code = desk.task(status)
        if verb is casework.submit:
            desk.do(
                casework.evidence,
                desk.office.officer,
                code,
                NewEvidence(archive_no="档1", kind=EvidenceKind.CASE),
            )
            given = (statement_of(code),)
        day, desk.day = desk.day, date(2026, 8, 25)
        desk.record(Paper(first, "签1"), verb, person, code, *given)
        if first is wrong:
            last = desk.events(code)[-1].sequence
            desk.do(casework.amend, desk.office.clerk, code, "看错了", last, dated=right)
        found.append(_seen(desk, code))
        desk.day = day
    assert found[1] == found[0]


def _seen(desk: Desk, code: str) -> object:
    """What anybody can read of a task but its history, by names and days that do not depend on its number."""
    with desk.database.reading() as session:
        file = case_file(session, code, desk.day)
        history = BureauHistory(session, desk.office.bureau.id, date(2026, 1, 1), task_ids=[file.row.id])
        days = [history.standings(day) for day in (date(2026, 8, 2), date(2026, 8, 10), desk.day)]
    row = replace(file.row, id=0, code="", title="", version=0)
    closures = [
        replace(each, statement="", doubts=(), steps=tuple(replace(step, verdict="") for step in each.steps))
        for each in file.closures
    ]
    return (
        replace(file, row=row, closures=(), evidence=()),
        closures,
        [standing for day in days for standing in day.values()],
    )
