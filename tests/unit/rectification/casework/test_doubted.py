"""What the doubts look at is what stands in the ledger, as the verbs left it there."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import count

import pytest

from core.errors import Refused
from core.files import StoredFile
from models.enums import Channel, EvidenceKind, ItemKind, Status
from rectification import casework
from rectification.casework import IssueOrder, NewEvidence
from rectification.office.actors import Paper, system
from rectification.office.units import add_alias
from rectification.task.doubts import Doubt, doubts
from rectification.task.drafting import Codes, NewDraft, draft
from rectification.task.proof import Dossier, LastTime
from rectification.task.proof_facts import dossier_of
from tests.factories import DAY, by_on, case_file, clock_on
from tests.unit.rectification.casework.conftest import SQLITE, Desk

pytestmark = SQLITE
STATEMENT = "3月补齐送达回证 7 件，归档核对单已用。"
NUMBERS = count(1)


def file(name: str = "台账.xlsx") -> StoredFile:
    return StoredFile(f"{next(NUMBERS):064x}", 10, "application/pdf", name)


def looked_at(desk: Desk, code: str, statement: str = "") -> Dossier:
    with desk.database.reading() as session:
        return dossier_of(session, desk.read(code), desk.day, statement=statement)


def told(desk: Desk, code: str) -> tuple[str, ...]:
    with desk.database.reading() as session:
        return tuple(each.text for each in case_file(session, code).closures[-1].doubts)


def worked_on(desk: Desk, new: NewEvidence) -> str:
    """A task with a done measure, progress, and one piece of evidence, a month after its issue."""
    code = desk.task()
    desk.do(casework.measure, desk.office.head, code, "启用归档核对单", due_on=date(2026, 4, 30))
    desk.day = DAY + timedelta(days=30)
    desk.do(casework.progress, desk.office.officer, code, "补齐 7 件")
    desk.do(casework.finish_measure, desk.office.officer, code, 2)
    desk.do(casework.evidence, desk.office.officer, code, replace(new, proves=(1, 2)))
    desk.day += timedelta(days=1)
    return code


def test_the_file_is_seen_with_what_it_proves_and_says(desk: Desk) -> None:
    new = NewEvidence(file(), own_date=DAY, kind=EvidenceKind.REGISTER, own_text="补正台账\n1 | 甲案")
    code = worked_on(desk, new)
    seen = looked_at(desk, code, STATEMENT)
    [piece] = seen.exhibits
    assert (piece.name, piece.kind, piece.own_text, piece.proves) == (
        "台账.xlsx",
        EvidenceKind.REGISTER,
        "补正台账\n1 | 甲案",
        frozenset({1, 2}),
    )
    assert [(each.text, each.is_done, each.due_on) for each in seen.measures] == [
        ("逐件补齐送达回证", True, None),
        ("启用归档核对单", True, date(2026, 4, 30)),
    ]
    assert (seen.code, seen.problem) == (code, "执法案卷制作不规范，个别案卷缺少送达回证。")
    assert seen.own_names[0] == "云山县交通运输局"
    assert {"路政科", "法规科"} <= set(seen.own_names)
    assert seen.reported_on == (DAY + timedelta(days=30),)
    assert (seen.submitted_on, seen.submitted_at) == (desk.day, None)
    assert doubts(seen) == ()


def test_a_foreign_paper_is_noted_when_the_task_is_submitted(desk: Desk) -> None:
    foreign = "白河县水利局文件\n关于案卷自查的报告\n白河县水利局\n2026年4月1日"
    code = worked_on(desk, NewEvidence(file("报告.pdf"), own_text=foreign, kind=EvidenceKind.CASE))
    with pytest.raises(Refused, match="白河县水利局"):
        desk.do(casework.submit, desk.office.officer, code, STATEMENT)
    desk.do(casework.submit, desk.office.officer, code, STATEMENT, despite_doubts=True)
    [text] = told(desk, code)
    assert "白河县水利局" in text


def test_what_the_bureau_is_called_besides_is_its_own(desk: Desk) -> None:
    with desk.database.unit_of_work() as session:
        add_alias(session, by_on(DAY), desk.office.bureau, "云山县交通局")
    own = "云山县交通局文件\n关于案卷自查的报告\n云山县交通局\n2026年4月1日"
    code = worked_on(desk, NewEvidence(file("报告.pdf"), own_text=own, kind=EvidenceKind.CASE))
    assert "云山县交通局" in looked_at(desk, code).own_names
    assert doubts(looked_at(desk, code, STATEMENT)) == ()


def late(desk: Desk) -> str:
    """A task nobody heard of for two months, with all its papers today."""
    code = desk.task()
    desk.day = DAY + timedelta(days=60)
    desk.do(
        casework.evidence, desk.office.officer, code, NewEvidence(file("报告.pdf"), kind=EvidenceKind.CASE)
    )
    return code


def test_papers_of_the_last_hour_after_a_long_silence_are_noted(desk: Desk) -> None:
    code = late(desk)
    desk.do(casework.submit, desk.office.officer, code, STATEMENT, despite_doubts=True)
    [text] = told(desk, code)
    assert "天没有报进展" in text
    desk.day += timedelta(days=3)  # looked at again, it is judged by the hour it was submitted
    assert {finding.code for finding in doubts(looked_at(desk, code, STATEMENT))} == {Doubt.LAST_MINUTE}


def test_a_closing_on_paper_that_is_written_down_later_is_not_late(desk: Desk) -> None:
    code = late(desk)
    paper = Paper(desk.day, "云交整〔2026〕3号")
    desk.record(paper, casework.submit, desk.office.officer, code, STATEMENT)
    assert told(desk, code) == ()
    assert doubts(looked_at(desk, code, STATEMENT)) == ()


def test_a_request_on_the_day_of_issue_is_noted(desk: Desk) -> None:
    code = desk.task(Status.ASSIGNED, order=IssueOrder(officer_id=desk.office.officer.id))
    desk.do(casework.accept, desk.office.officer, code)
    desk.do(casework.finish_measure, desk.office.officer, code, 1)
    desk.do(casework.evidence, desk.office.officer, code, NewEvidence(file(), kind=EvidenceKind.CASE))
    with pytest.raises(Refused, match="当天就申请"):
        desk.do(casework.submit, desk.office.officer, code, STATEMENT)


@pytest.mark.parametrize(
    ("kind", "codes"),
    [(EvidenceKind.MEETING, {Doubt.AS_LAST_TIME, Doubt.NOTICES_ONLY}), (EvidenceKind.REGISTER, set())],
)
def test_what_recurs_is_held_against_the_closing_of_the_year_before(
    desk: Desk, kind: EvidenceKind, codes: set[Doubt]
) -> None:
    first = desk.task()
    new = NewEvidence(file("学习.pdf"), kind=EvidenceKind.MEETING)
    desk.do(casework.evidence, desk.office.officer, first, new)
    desk.do(casework.submit, desk.office.officer, first, "开了学习会。", despite_doubts=True)
    with desk.database.unit_of_work() as session:
        earlier = desk.read(first)
        code = Codes(session, desk.office.bureau, DAY.year).next()
        again = NewDraft(
            earlier.source_id, earlier.text, ItemKind.SHORTCOMING, "送达回证", recurs_of_id=earlier.id
        )
        draft(
            session,
            clock_on(DAY),
            system(desk.office.bureau.id, Channel.FLOW),
            desk.office.bureau,
            code,
            again,
        )
    order = IssueOrder(
        lead_unit_id=desk.office.roads.id,
        officer_id=desk.office.officer.id,
        reviewer_id=desk.office.reviewer.id,
        due_on=date(2026, 6, 30),
    )
    desk.do(casework.issue, desk.office.clerk, code, order)
    desk.do(casework.accept, desk.office.officer, code)
    desk.day = DAY + timedelta(days=20)
    desk.do(casework.evidence, desk.office.officer, code, NewEvidence(file("签到.pdf"), kind=kind))
    seen = looked_at(desk, code, STATEMENT)
    assert seen.last_time == LastTime("开了学习会。", frozenset({EvidenceKind.MEETING}))
    assert {finding.code for finding in doubts(seen)} == codes
