"""A closing that can be defended: what must be there, what each piece proves, and that every doubt is answered."""

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from core.errors import Conflict, Forbidden, Refused
from core.files import FileStore, StoredFile
from models.enums import Channel, EvidenceKind, ItemKind, Status
from rectification import casework
from rectification.casework import Correction, IssueOrder, NewEvidence, NewMeasure
from rectification.intake.import_report import register_report
from rectification.lists.case_file import CaseFile
from rectification.lists.look_backs import DoubtedTally, doubted_closings
from rectification.lists.timeline import timeline
from rectification.office.actors import Paper
from rectification.office.settings import set_policy
from rectification.task.audit import verify
from rectification.task.drafting import NewDraft
from tests.factories import DAY, acting, actor, by_on, case_file, clock_on, make_draft
from tests.unit.rectification.casework.conftest import SQLITE, Desk
from tests.unit.rectification.intake.test_report_versions import said

pytestmark = SQLITE
STATEMENT = "四十二件案卷逐件补齐送达回证，法规科抽查十件，全部合格。"
EARLY = NewEvidence(archive_no="档7", own_date=DAY - timedelta(days=19))
"""Dated before the task was issued: a doubt."""
SAID = {"dated_before_issue": "原件日期笔误，已看原卷"}
BARE = IssueOrder(measures=(NewMeasure("补齐送达回证"), NewMeasure("组织培训")))
"""What is issued with it has two measures and no goal."""


def file_of(desk: Desk, code: str) -> CaseFile:
    with desk.database.reading() as session:
        return case_file(session, code, desk.day)


def doubted(desk: Desk) -> str:
    """A task whose closing was asked for over one doubt."""
    code, officer = desk.task(), desk.office.officer
    desk.do(casework.evidence, officer, code, EARLY)
    desk.do(casework.submit, officer, code, STATEMENT, despite_doubts=True)
    return code


def test_all_that_is_missing_is_told_at_once(desk: Desk) -> None:
    code = desk.task(order=BARE)
    with pytest.raises(Refused) as refused:
        desk.do(casework.submit, desk.office.officer, code, STATEMENT)
    assert refused.value.why == "还没有整改目标；还有 2 条措施没有完成，如“补齐送达回证”；还没有佐证材料"
    assert refused.value.todo.startswith("请写明整改目标；请先完成措施")


def test_what_was_missing_is_brought_by_verbs_of_its_own(desk: Desk) -> None:
    code, officer = desk.task(order=BARE), desk.office.officer
    desk.do(casework.set_goal, officer, code, "回证齐全")
    with pytest.raises(Refused, match="整改目标已经写明"):
        desk.do(casework.set_goal, officer, code, "差不多就行")
    for position in (1, 2):
        desk.do(casework.finish_measure, officer, code, position)
    desk.do(
        casework.evidence, officer, code, NewEvidence(archive_no="档1", proves=(1, 2), kind=EvidenceKind.CASE)
    )
    assert desk.do(casework.submit, officer, code, STATEMENT).status is Status.SUBMITTED
    assert file_of(desk, code).goal == "回证齐全"


def test_a_goal_is_written_when_the_task_is_accepted(desk: Desk) -> None:
    code = desk.task(Status.ASSIGNED, order=BARE)
    desk.do(casework.accept, desk.office.head, code, officer_id=desk.office.officer.id, goal="回证齐全")
    assert file_of(desk, code).goal == "回证齐全"
    other = desk.task(Status.ASSIGNED)
    with pytest.raises(Refused, match="整改目标已经写明"):
        desk.do(casework.accept, desk.office.head, other, officer_id=desk.office.officer.id, goal="差不多")


def test_no_measure_at_all_is_no_way_to_close(desk: Desk) -> None:
    code, officer = desk.task(order=IssueOrder(goal="回证齐全")), desk.office.officer
    desk.do(casework.evidence, officer, code, NewEvidence(archive_no="档1", kind=EvidenceKind.CASE))
    with pytest.raises(Refused, match="还没有整改措施"):
        desk.do(casework.submit, officer, code, STATEMENT)


def test_a_bureau_may_ask_for_less(desk: Desk) -> None:
    with desk.database.unit_of_work() as session:
        for key in ("requires_goal", "requires_proof"):
            set_policy(session, by_on(DAY), desk.office.bureau.id, key, value=False)
    code, officer = desk.task(order=IssueOrder(goal="", count_total=2)), desk.office.officer
    desk.do(casework.progress, officer, code, "完成", count_done=2)
    desk.do(casework.evidence, officer, code, NewEvidence(archive_no="档1", kind=EvidenceKind.CASE))
    assert desk.do(casework.submit, officer, code, STATEMENT).status is Status.SUBMITTED


def test_a_plan_needs_its_result_in_words(desk: Desk) -> None:
    code, officer = desk.task(kind=ItemKind.PLAN), desk.office.officer
    desk.do(casework.evidence, officer, code, EARLY)
    desk.do(casework.submit, officer, code, "四期培训已经办完。")
    desk.do(casework.verify, desk.office.reviewer, code, "看过属实")
    assert desk.do(casework.approve, desk.office.leader, code).status is Status.CLOSED


def test_a_count_is_complete_or_explained_and_then_answered(desk: Desk) -> None:
    code, officer = desk.task(order=IssueOrder(count_total=72)), desk.office.officer
    desk.do(casework.progress, officer, code, "两处已停产", count_done=70)
    desk.do(
        casework.evidence, officer, code, NewEvidence(archive_no="档1", proves=(0, 1), kind=EvidenceKind.CASE)
    )
    with pytest.raises(Refused, match=r"共 72 项，只完成 70 项.*写明没有全部完成的理由"):
        desk.do(casework.submit, officer, code, STATEMENT, despite_doubts=True)
    desk.do(casework.submit, officer, code, STATEMENT, count_reason="两家停产", despite_doubts=True)
    closure = file_of(desk, code).closures[-1]
    assert "没有全部完成的理由：两家停产" in closure.statement
    assert [each.code for each in closure.doubts] == ["count_short"]


def test_a_piece_says_what_it_proves_when_it_comes(desk: Desk) -> None:
    code, officer = desk.task(order=BARE), desk.office.officer
    with pytest.raises(Refused, match="没有选这份材料证明什么"):
        desk.do(casework.evidence, officer, code, NewEvidence(archive_no="档1", kind=EvidenceKind.CASE))
    for wrong in (0, 3):  # no count, no third measure
        with pytest.raises(Refused, match=f"没有第 {wrong} 条措施"):
            desk.do(
                casework.evidence,
                officer,
                code,
                NewEvidence(archive_no="档1", proves=(wrong,), kind=EvidenceKind.CASE),
            )
    new = NewEvidence(archive_no="档1", kind=EvidenceKind.CASE, proves=(2, 1, 2))
    desk.do(casework.evidence, officer, code, new)
    (piece,) = file_of(desk, code).evidence
    assert (piece.kind, set(piece.proves)) == (EvidenceKind.CASE, {1, 2})


def test_what_it_proves_can_be_put_right_and_taken_back(desk: Desk) -> None:
    code, officer = desk.task(order=BARE), desk.office.officer
    desk.do(
        casework.evidence, officer, code, NewEvidence(archive_no="档1", proves=(1, 2), kind=EvidenceKind.CASE)
    )
    (piece,) = file_of(desk, code).evidence
    desk.do(casework.tie, officer, code, piece.id, (2,), kind=EvidenceKind.RULE)
    assert [(each.kind, each.proves) for each in file_of(desk, code).evidence] == [(EvidenceKind.RULE, (2,))]
    desk.do(casework.undo, officer, code, "选错了")
    assert [(each.kind, set(each.proves)) for each in file_of(desk, code).evidence] == [
        (EvidenceKind.CASE, {1, 2})
    ]
    with pytest.raises(Refused, match="没有这份材料"):
        desk.do(casework.tie, officer, code, piece.id + 1, (1,))
    with desk.database.reading() as session:
        assert verify(session, desk.office.bureau.id).is_sound


def test_a_measure_that_something_proves_is_not_undone_under_it(desk: Desk) -> None:
    code, officer, head = desk.task(), desk.office.officer, desk.office.head
    desk.do(casework.measure, head, code, "组织培训")
    added = desk.events(code)[-1].sequence
    desk.do(
        casework.evidence, officer, code, NewEvidence(archive_no="档1", proves=(2,), kind=EvidenceKind.CASE)
    )
    with pytest.raises(Refused, match="以它为前提"):
        desk.do(casework.undo, head, code, "加错了", added)


def test_what_a_request_rests_on_is_not_undone_under_it(desk: Desk) -> None:
    code = desk.task(Status.VERIFIED)
    finished = next(each.sequence for each in desk.events(code) if each.verb == "finish_measure")
    with pytest.raises(Refused, match="以它为前提"):
        desk.do(casework.undo, desk.office.officer, code, "没有做完", finished)


def test_a_doubt_is_told_before_the_request_with_what_dispels_it(desk: Desk) -> None:
    code, officer = desk.task(), desk.office.officer
    desk.do(casework.evidence, officer, code, EARLY)
    with pytest.raises(Refused) as refused:
        desk.do(casework.submit, officer, code, STATEMENT)
    assert "材料早于下达（dated_before_issue）" in refused.value.why
    assert "补上下达以后的材料" in refused.value.todo
    desk.do(casework.evidence, officer, code, NewEvidence(archive_no="档8", own_date=DAY))
    desk.do(casework.submit, officer, code, STATEMENT, despite_doubts=True)


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({}, "没有答复"),
        ({"dated_before_issue": " 　"}, "没有答复"),
        ({"dated_before_issue": "疑点不成立。"}, "没有写理由"),
        ({"dated_before_issue": "已核实"}, "没有写理由"),
    ],
)
def test_nobody_signs_over_a_doubt_in_silence(desk: Desk, said: dict[str, str], wrong: str) -> None:
    code, office = doubted(desk), desk.office
    with pytest.raises(Refused, match=rf"还有 1 处疑点.*{wrong}：材料早于下达（dated_before_issue）"):
        desk.do(casework.verify, office.reviewer, code, "看过属实", answer=said)
    with pytest.raises(Refused, match=wrong):
        desk.record(Paper(DAY, "签1"), casework.verify, office.reviewer, code, "看过属实", answer=said)
    desk.do(casework.verify, office.reviewer, code, "看过属实", answer=SAID)
    with pytest.raises(Refused, match=wrong):
        desk.do(casework.approve, office.leader, code, "同意", answer=said)
    paper = Paper(DAY, "签2")
    with pytest.raises(Refused, match=wrong):
        desk.record(paper, casework.approve, office.leader, code, minutes_no="纪要3号", answer=said)


def test_answers_stand_in_the_file_and_in_the_history(desk: Desk) -> None:
    code, office = doubted(desk), desk.office
    desk.do(casework.verify, office.reviewer, code, "看过属实", answer=SAID)
    denied = {"dated_before_issue": "不成立：归档时补写的日期"}
    desk.do(casework.approve, office.leader, code, "同意", answer=denied)
    steps = file_of(desk, code).closures[-1].steps
    assert [dict(step.answers) for step in steps] == [{}, SAID, denied]
    with desk.database.unit_of_work() as session:
        assert verify(session, office.bureau.id).is_sound
        clerk = acting(session, office.clerk, desk.day)
        sequence = desk.events(code)[-1].sequence
        casework.redact(session, clock_on(desk.day), clerk, code, sequence, "写了姓名")
    assert file_of(desk, code).closures[-1].steps[-1].answers == {"dated_before_issue": "（内容已清除）"}
    with desk.database.reading() as session:
        assert verify(session, office.bureau.id).is_sound


def test_a_doubt_that_came_after_the_request_is_answered_too(desk: Desk) -> None:
    code, office = desk.task(), desk.office
    desk.do(casework.evidence, office.officer, code, NewEvidence(archive_no="档1", kind=EvidenceKind.CASE))
    desk.do(casework.submit, office.officer, code, STATEMENT)
    (good,) = file_of(desk, code).evidence
    desk.do(casework.evidence, office.officer, code, EARLY)
    desk.do(casework.detach, office.officer, code, good.id, "换一份")
    with pytest.raises(Refused, match="没有答复"):
        desk.do(casework.verify, office.reviewer, code, "看过属实")
    desk.do(casework.verify, office.reviewer, code, "看过属实", answer=SAID)
    assert dict(file_of(desk, code).closures[-1].steps[-1].answers) == SAID


def test_a_doubt_that_came_after_the_review_is_the_reviewers_first(desk: Desk, tmp_path: Path) -> None:
    office, code, other = desk.office, desk.task(), desk.task()
    file = stored(tmp_path)
    desk.do(casework.evidence, office.officer, code, NewEvidence(file, own_date=DAY, kind=EvidenceKind.CASE))
    desk.do(casework.submit, office.officer, code, STATEMENT)
    desk.do(casework.verify, office.reviewer, code, "逐卷看过")
    desk.do(casework.evidence, office.officer, other, NewEvidence(file, own_date=DAY, kind=EvidenceKind.CASE))
    told = {"same_file": "两项任务同一次评查，原件一份"}
    with pytest.raises(Refused, match=r"复核以后又有 1 处疑点，复核人还没有答复：别的任务用过（same_file）"):
        desk.do(casework.approve, office.leader, code, answer=told)
    with pytest.raises(Refused, match="复核人还没有答复"):
        desk.record(Paper(DAY, "签2"), casework.approve, office.leader, code, answer=told)
    desk.do(casework.undo, office.reviewer, code, "又有疑点")
    with pytest.raises(Refused, match="没有答复"):
        desk.do(casework.verify, office.reviewer, code, "逐卷看过")
    desk.do(casework.verify, office.reviewer, code, "逐卷看过", answer=told)
    assert desk.do(casework.approve, office.leader, code, answer=told).status is Status.CLOSED


def test_one_answer_does_not_do_for_two_doubts(desk: Desk) -> None:
    code, office = desk.task(), desk.office
    desk.do(casework.evidence, office.officer, code, EARLY)
    desk.do(casework.submit, office.officer, code, "都已经弄好了", despite_doubts=True)
    same = dict.fromkeys(("dated_before_issue", "vague_statement"), "已看原卷，补正在卷")
    with pytest.raises(Refused, match="还有 2 处疑点的答复一字不差"):
        desk.do(casework.verify, office.reviewer, code, "逐卷看过", answer=same)
    apart = {**same, "vague_statement": "问过责任人，共四十二件"}
    desk.do(casework.verify, office.reviewer, code, "逐卷看过", answer=apart)


@pytest.mark.parametrize("words", ["。", "无", "1", "已核实", "同上"])
def test_nothing_is_closed_on_words_that_say_nothing(desk: Desk, words: str) -> None:
    office, code, bare = desk.office, desk.task(), desk.task(order=IssueOrder(measures=BARE.measures))
    desk.do(casework.evidence, office.officer, code, NewEvidence(archive_no="档1", kind=EvidenceKind.CASE))
    with pytest.raises(Refused, match="没有内容"):
        desk.do(casework.set_goal, office.officer, bare, words)
    with pytest.raises(Refused, match="没有内容"):
        desk.do(casework.correct, office.clerk, code, "写错了", Correction(goal=words))
    with pytest.raises(Refused, match="没有内容"):
        desk.do(casework.measure, office.officer, code, words)
    with pytest.raises(Refused, match="没有内容"):
        desk.do(casework.submit, office.officer, code, words)
    desk.do(casework.submit, office.officer, code, STATEMENT)
    with pytest.raises(Refused, match="没有内容"):
        desk.do(casework.verify, office.reviewer, code, words)
    with pytest.raises(Refused, match="没有内容"):
        desk.do(casework.terminate, office.leader, bare, words)
    with pytest.raises(Refused, match="没有内容"):
        desk.do(casework.duplicate, office.leader, bare, code, words)


def stored(folder: Path) -> StoredFile:
    return FileStore(folder, max_bytes=1 << 20).keep(BytesIO(b"%PDF-1.4 scan"), "案卷.pdf")


@pytest.mark.parametrize("number", ["。", "无", "1", "归档"])
def test_a_paper_has_a_number_it_can_be_found_by(desk: Desk, number: str) -> None:
    office, code, verified = desk.office, desk.task(), desk.task(Status.VERIFIED)
    with pytest.raises(Refused, match="不像纸质档号"):
        desk.do(casework.evidence, office.officer, code, NewEvidence(archive_no=number))
    with pytest.raises(Refused, match="不像文号或档号"):
        desk.record(Paper(DAY, number), casework.approve, office.leader, verified)
    with pytest.raises(Refused, match="不像会议纪要号"):
        desk.do(casework.approve, office.leader, verified, minutes_no=number)


def test_what_a_draft_says_of_goal_and_measures_is_no_goal_where_it_says_nothing(desk: Desk) -> None:
    with desk.database.unit_of_work() as session:
        source = make_draft(session, desk.office).source_id
        new = NewDraft(source, "回证不全", goal="无", measures=(NewMeasure("/"), NewMeasure("补齐回证")))
        code = casework.enter(session, clock_on(DAY), acting(session, desk.office.clerk), new).code
    file = file_of(desk, code)
    assert (file.goal, [each.text for each in file.measures]) == ("", ["补齐回证"])


def test_evidence_stays_in_the_file_of_what_is_closed(desk: Desk) -> None:
    code, office = desk.task(Status.CLOSED), desk.office
    (piece,) = file_of(desk, code).evidence
    for who in (office.officer, office.clerk):
        with pytest.raises(Conflict, match=r"只有.*可以"):
            desk.do(casework.detach, who, code, piece.id, "放错了任务")
    desk.do(casework.reopen, office.reviewer, code, "新案卷仍缺")
    desk.do(casework.detach, office.officer, code, piece.id, "放错了任务")


def test_a_duplicate_is_confirmed_by_who_signs_the_end(desk: Desk) -> None:
    office, kept, twice = desk.office, desk.task(), desk.task()
    for who in (office.clerk, office.officer, office.reviewer):
        with pytest.raises(Forbidden):
            desk.do(casework.duplicate, who, twice, kept, "同一件事下达两次")
    with pytest.raises(Refused, match="签批件"):
        desk.record(None, casework.duplicate, office.leader, twice, kept, "同一件事下达两次")
    paper = Paper(desk.day, "签3")
    done = desk.record(paper, casework.duplicate, office.leader, twice, kept, "同一件事下达两次")
    assert done.status is Status.ARCHIVED


def test_what_the_report_called_a_problem_ends_as_one(desk: Desk) -> None:
    """A draft made a plan is counted as one, and is asked for what a problem is."""
    office = desk.office
    with desk.database.unit_of_work() as session:
        report = said("个别案卷缺少送达回证", plans=(), year=2025).model_copy(
            update={"org": office.bureau.name}
        )
        [code] = register_report(session, clock_on(DAY), report, channel=Channel.CLI).codes
    changed = desk.do(casework.edit, office.clerk, code, Correction(kind=ItemKind.PLAN))
    assert changed.kind is ItemKind.PLAN
    with desk.database.reading() as session:
        assert "报告列为不足" in timeline(session, changed.id)[-1].text
    order = IssueOrder(lead_unit_id=office.roads.id, officer_id=office.officer.id, due_on=date(2026, 9, 30))
    desk.do(casework.issue, office.clerk, code, order)
    desk.do(casework.accept, office.officer, code, measures=[NewMeasure("补齐送达回证")])
    desk.day += timedelta(days=10)
    with pytest.raises(Refused, match=r"还没有整改目标；还有 1 条措施没有完成.*还没有佐证材料"):
        desk.do(casework.submit, office.officer, code, STATEMENT)
    desk.do(casework.set_goal, office.officer, code, "回证齐全")
    desk.do(casework.finish_measure, office.officer, code, 1)
    desk.do(casework.evidence, office.officer, code, EARLY)
    with pytest.raises(Refused, match="dated_before_issue"):
        desk.do(casework.submit, office.officer, code, STATEMENT)


def test_the_same_file_put_back_is_nothing_new(desk: Desk, tmp_path: Path) -> None:
    office, code = desk.office, desk.task()
    new = NewEvidence(stored(tmp_path), own_date=DAY, kind=EvidenceKind.CASE)
    desk.do(casework.evidence, office.officer, code, new)
    desk.do(casework.submit, office.officer, code, STATEMENT)
    desk.do(casework.return_, office.reviewer, code, "回证不全")
    desk.day += timedelta(days=1)
    (piece,) = file_of(desk, code).evidence
    desk.do(casework.detach, office.officer, code, piece.id, "重新上传")
    desk.do(casework.evidence, office.officer, code, new)
    with pytest.raises(Refused, match="退回后无新材料"):
        desk.do(casework.submit, office.officer, code, STATEMENT)


def test_a_plan_is_not_asked_for_proof_of_each_measure(desk: Desk) -> None:
    code, officer = desk.task(kind=ItemKind.PLAN, order=BARE), desk.office.officer
    for position in (1, 2):
        desk.do(casework.finish_measure, officer, code, position)
    desk.do(casework.evidence, officer, code, NewEvidence(archive_no="档1", kind=EvidenceKind.CASE))
    desk.do(casework.submit, officer, code, STATEMENT)
    assert file_of(desk, code).closures[-1].doubts == ()


def test_an_answer_to_what_is_no_doubt_names_the_doubts_there_are(desk: Desk) -> None:
    code, answer = doubted(desk), {"colour": "看过原件", **SAID}
    with pytest.raises(Refused, match="没有“colour”这种疑点。现有的疑点：dated_before_issue"):
        desk.do(casework.verify, desk.office.reviewer, code, "看过属实", answer=answer)


def test_what_was_signed_over_a_doubt_is_looked_back_at_and_counted(desk: Desk) -> None:
    code, office = doubted(desk), desk.office
    for _ in range(4):
        desk.task(Status.CLOSED)
    for verb, who in ((casework.verify, office.reviewer), (casework.approve, office.leader)):
        desk.do(verb, who, code, "看过属实", answer=SAID)
    desk.day = date(2026, 7, 6)
    with desk.database.unit_of_work() as session:
        clerk = acting(session, office.clerk, desk.day)
        drawn = casework.draw_look_backs(session, clock_on(desk.day), clerk)
    assert "带疑点销号" in {each.reason for each in drawn if each.code == code}
    assert tally(desk) == [("带疑点销号", 1, 0, 0), ("材料早于下达", 1, 0, 0)]
    desk.do(casework.look_back, office.reviewer, code, "现场看过，属实")
    assert tally(desk) == [("带疑点销号", 1, 1, 1), ("材料早于下达", 1, 1, 1)]
    desk.do(casework.reopen, office.reviewer, code, "新案卷仍缺")
    assert tally(desk) == [("带疑点销号", 1, 1, 0), ("材料早于下达", 1, 1, 0)]


def tally(desk: Desk) -> list[tuple[str, int, int, int]]:
    with desk.database.reading() as session:
        found: list[DoubtedTally] = doubted_closings(session, actor(session, desk.office.chief, desk.day))
    return [(each.word, each.closed, each.checked, each.held) for each in found]
