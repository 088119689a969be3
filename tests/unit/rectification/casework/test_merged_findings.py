"""A finding that another task covers keeps its line in its source's reply, and shows on the task that covers it."""

from io import BytesIO

import pytest
from docx import Document

from core.db import Database
from documents.tables.source_report import write_rectification_report
from documents.task.papers import closing_sheet
from models.enums import ItemKind, Status
from models.report import Source
from rectification import casework
from rectification.casework import NewDraft
from rectification.lists.timeline import timeline
from rectification.office.calendar import load_calendar
from rectification.office.sources import NewSource, source_for
from rectification.tables.ledger import state_text
from rectification.tables.source_report import SourceReport, source_report
from tests.factories import BY, DAY, Office, acting, case_file, clock_on, make_bureau, make_task
from tests.unit.rectification.casework.conftest import SQLITE

pytestmark = SQLITE
FINDING = "罚没物品台账登记不全。"
TOGETHER = "与本单位台账中的“执法案卷制作不规范，个别案卷缺少送达回证”一并整改，现为“整改中”"


@pytest.fixture
def office(database: Database) -> Office:
    with database.unit_of_work() as session:
        return make_bureau(session)


def _audit(database: Database, office: Office, *texts: str) -> tuple[int, list[str]]:
    """An audit's source with these findings as drafts."""
    with database.unit_of_work() as session:
        audit = NewSource("审计", "关于2025年预算执行的审计报告", "审〔2026〕3号", "县审计局", DAY)
        source = source_for(session, BY, office.bureau.id, audit).id
        clerk = acting(session, office.clerk)
        entered = [casework.enter(session, clock_on(DAY), clerk, NewDraft(source, text)) for text in texts]
        return source, [task.code for task in entered]


def _merge(database: Database, office: Office, code: str) -> str:
    with database.unit_of_work() as session:
        standing = make_task(session, office).code
        casework.merge(session, clock_on(DAY), acting(session, office.clerk), code, standing)
    return standing


def _report(database: Database, source: int) -> SourceReport:
    with database.reading() as session:
        return source_report(session, session.get_one(Source, source), DAY, load_calendar(session))


def _paper(report: SourceReport) -> str:
    return "\n".join(each.text for each in Document(BytesIO(write_rectification_report(report))).paragraphs)


def test_the_reply_on_one_merged_finding_says_where_it_is_put_right(
    database: Database, office: Office
) -> None:
    source, (code,) = _audit(database, office, FINDING)
    standing = _merge(database, office, code)

    said = _paper(_report(database, source))

    assert "涉及我单位的事项共1项：并入其他任务一并整改1项。" in said
    assert f"1.罚没物品台账登记不全。\n{TOGETHER}。" in said
    assert standing not in said
    assert "共0项" not in said


def test_a_merged_finding_stands_beside_those_with_tasks_of_their_own(
    database: Database, office: Office
) -> None:
    source, (merged, own) = _audit(database, office, FINDING, "往来账款长期挂账。")
    _merge(database, office, merged)
    with database.unit_of_work() as session:
        order = casework.IssueOrder(
            lead_unit_id=office.roads.id, due_on=DAY.replace(month=9), reviewer_id=office.reviewer.id
        )
        casework.issue(session, clock_on(DAY), acting(session, office.clerk), own, order)

    said = _paper(_report(database, source))

    assert "共2项：问题1项，已销号0项，正在整改1项，" in said
    assert "；并入其他任务一并整改1项。" in said
    assert said.index("1.罚没物品") < said.index("2.往来账款"), "in the order of the paper"


def test_a_source_without_anything_to_report_does_not_say_nought(database: Database, office: Office) -> None:
    source, (draft,) = _audit(database, office, FINDING)
    assert "涉及我单位的事项共1项：尚未明确责任单位1项。" in _paper(_report(database, source))
    with database.unit_of_work() as session:
        casework.archive(session, clock_on(DAY), acting(session, office.clerk), draft)
    said = _paper(_report(database, source))
    assert "共0项" not in said
    assert "没有可以列入本报告的事项" in said


def test_words_a_draft_took_in_are_said_once_and_follow_it(database: Database, office: Office) -> None:
    source, (kept, given) = _audit(database, office, FINDING, "登记簿没有签名。")
    with database.unit_of_work() as session:
        casework.join(session, clock_on(DAY), acting(session, office.clerk), kept, given)
    _merge(database, office, kept)

    lines = {line.code: line.where for line in _report(database, source).elsewhere}

    assert lines == dict.fromkeys((kept, given), TOGETHER)


def test_what_only_named_persons_may_see_is_counted_and_not_named(database: Database, office: Office) -> None:
    source, (code,) = _audit(database, office, FINDING)
    standing = _merge(database, office, code)
    with database.unit_of_work() as session:
        correction = casework.Correction(is_restricted=True)
        casework.correct(
            session, clock_on(DAY), acting(session, office.clerk), standing, "涉密前", correction
        )
    report = _report(database, source)
    assert (report.elsewhere, report.left_out) == ((), 1)
    assert standing not in _paper(report)


def test_the_task_shows_what_was_merged_into_it_and_the_finding_where_it_went(
    database: Database, office: Office
) -> None:
    _, (code,) = _audit(database, office, FINDING)
    standing = _merge(database, office, code)
    with database.reading() as session:
        holder, finding = case_file(session, standing), case_file(session, code)
        (merged,) = holder.merged
        history = timeline(session, finding.row.id)[-1]
        sheet = closing_sheet(holder, []).to_bytes()

    assert (merged.code, merged.text, merged.source) == (code, FINDING, "关于2025年预算执行的审计报告")
    assert state_text(finding) == f"并入 {standing}，见其整改情况"
    assert f"并入：{standing}" in history.changes
    cells = [cell.text for row in Document(BytesIO(sheet)).tables[0].rows for cell in row.cells]
    assert f"1. {FINDING}（{code}，《关于2025年预算执行的审计报告》）" in cells
    assert (finding.row.status, finding.row.kind) == (Status.ARCHIVED, ItemKind.FINDING)
