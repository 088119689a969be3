"""代录: what stands on paper is written down for who signed it, and both names stay."""

from datetime import date, timedelta

import pytest

from core.errors import Forbidden, Refused
from core.files import StoredFile
from models.enums import Channel, EvidenceKind, Role, Status
from rectification import casework
from rectification.casework import IssueOrder, NewEvidence
from rectification.office.actors import Acting, Paper
from rectification.task.deadlines import Timing, overdue_days
from tests.factories import DAY, actor, case_file, clock_on, make_person
from tests.unit.rectification.casework.conftest import SQLITE, Desk

PAPER = Paper(DAY, "签批〔2026〕12号")
SCAN = StoredFile("a" * 64, 1234, "application/pdf", "签批单.pdf")
pytestmark = SQLITE


def verified(desk: Desk) -> str:
    code = desk.task()
    desk.do(
        casework.evidence, desk.office.officer, code, NewEvidence(archive_no="A-1", kind=EvidenceKind.CASE)
    )
    desk.do(casework.submit, desk.office.officer, code, "三件案卷已补齐。")
    desk.do(casework.verify, desk.office.reviewer, code, "齐全")
    return code


def test_a_leader_who_signs_paper_closes_a_task_without_logging_in(desk: Desk) -> None:
    code = verified(desk)
    task = desk.record(PAPER, casework.approve, desk.office.leader, code, "同意")
    assert task.status is Status.CLOSED
    event = desk.events(code)[-1]
    assert (event.actor_id, event.recorder_id) == (desk.office.leader.id, desk.office.clerk.id)
    assert (event.paper_no, event.paper_date) == ("签批〔2026〕12号", DAY)
    with desk.database.reading() as session:
        step = case_file(session, code).closures[0].steps[-1]
    assert (step.person, step.recorder, step.paper_no) == ("周分管", "管台", "签批〔2026〕12号")


@pytest.mark.parametrize("paper", [None, Paper(DAY), Paper(DAY, "  ")])
def test_a_recorded_signature_needs_its_paper(desk: Desk, paper: Paper | None) -> None:
    code = verified(desk)
    with pytest.raises(Refused, match="须有签批件"):
        desk.record(paper, casework.approve, desk.office.leader, code)


def test_the_scan_of_the_paper_stays_in_the_file_and_proves_no_rectification(desk: Desk) -> None:
    code = verified(desk)
    desk.record(Paper(DAY, scan=SCAN), casework.approve, desk.office.leader, code)
    with desk.database.reading() as session:
        scan = case_file(session, code).evidence[-1]
    assert (scan.sha256, scan.is_signed_paper, scan.uploaded_by) == ("a" * 64, True, "管台")
    told = desk.events(code)[-1].changes
    assert [new["sha256"] for row, (_, new) in told.items() if row.startswith("evidence:")] == ["a" * 64]


def test_a_scan_alone_is_no_evidence_to_submit_with(desk: Desk) -> None:
    code = desk.task()
    desk.day = date(2026, 3, 9)
    desk.record(Paper(desk.day, scan=SCAN), casework.progress, desk.office.officer, code, "已布置")
    with pytest.raises(Refused, match="还没有佐证材料"):
        desk.do(casework.submit, desk.office.officer, code, "三件案卷已补齐。")


def test_the_command_line_is_such_a_record(desk: Desk) -> None:
    code = verified(desk)
    with desk.database.unit_of_work() as session:
        acting = Acting(actor(session, desk.office.leader), Channel.CLI)
        with pytest.raises(Refused, match="须有签批件"):
            casework.approve(session, clock_on(DAY), acting, code)
    with desk.database.unit_of_work() as session:
        acting = Acting(actor(session, desk.office.leader), Channel.CLI, paper=PAPER)
        assert casework.approve(session, clock_on(DAY), acting, code).status is Status.CLOSED


def test_the_officer_records_nothing_for_others_on_his_own_task(desk: Desk) -> None:
    with desk.database.unit_of_work() as session:
        both = make_person(session, desk.office.roads, "both", Role.CLERK, Role.OFFICER)
    code = desk.task(Status.SUBMITTED, order=IssueOrder(officer_id=both.id))
    desk.day += timedelta(days=10)
    with desk.database.unit_of_work() as session:
        acting = Acting(
            actor(session, desk.office.reviewer, desk.day),
            Channel.WEB,
            recorder=actor(session, both, desk.day),
            paper=Paper(desk.day, "签批1号"),
        )
        with pytest.raises(Forbidden, match="现任或原责任人"):
            casework.verify(session, clock_on(desk.day), acting, code, "齐全")


def test_only_a_clerk_of_the_bureau_records(desk: Desk) -> None:
    code = verified(desk)
    with desk.database.unit_of_work() as session:
        acting = Acting(
            actor(session, desk.office.leader),
            Channel.WEB,
            recorder=actor(session, desk.office.other),
            paper=PAPER,
        )
        with pytest.raises(Forbidden, match="不能代录"):
            casework.approve(session, clock_on(DAY), acting, code)


def test_the_paper_says_which_day_it_counts_for(desk: Desk) -> None:
    """The officer finished in time on paper; the clerk writes it down after the holidays."""
    code = desk.task()
    due = date(2026, 6, 30)
    desk.day = due + timedelta(days=9)
    desk.record(
        Paper(due - timedelta(days=1)),
        casework.evidence,
        desk.office.officer,
        code,
        NewEvidence(archive_no="档2", kind=EvidenceKind.CASE),
    )
    task = desk.record(Paper(due), casework.submit, desk.office.officer, code, "三件案卷已补齐。")
    assert (task.submitted_on, task.days_overdue_at_submission) == (due, 0)
    assert overdue_days(Timing.of(task), desk.day) == 0
    assert desk.events(code)[-1].effective_on == due


def test_a_paper_is_of_today_at_the_latest_and_not_before_the_step_it_follows(desk: Desk) -> None:
    code = verified(desk)
    with pytest.raises(Refused, match="在今天之后"):
        desk.record(Paper(DAY + timedelta(days=1), "1号"), casework.approve, desk.office.leader, code)
    with pytest.raises(Refused, match="早于上一步"):
        desk.record(Paper(DAY - timedelta(days=1), "1号"), casework.approve, desk.office.leader, code)


def test_nobody_dates_his_own_act_back(desk: Desk) -> None:
    code = desk.task()
    desk.day = date(2026, 7, 9)
    with desk.database.unit_of_work() as session:
        acting = Acting(
            actor(session, desk.office.officer, desk.day), Channel.WEB, paper=Paper(date(2026, 6, 29))
        )
        with pytest.raises(Refused, match="只有代录才能写纸面日期"):
            casework.progress(session, clock_on(desk.day), acting, code, "早已完成")
