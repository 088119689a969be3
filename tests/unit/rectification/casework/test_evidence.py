"""Evidence joins a task's file once, is destroyed by two people, and is found when it is missing."""

import io
from datetime import date
from pathlib import Path

import pytest

from core.errors import Forbidden, NotFound, Refused
from core.files import FileStore, StoredFile
from models.enums import EvidenceFault, EvidenceKind, OfficeVerb, Status
from models.storage.evidence_check import evidence_faults
from rectification import casework
from rectification.casework import NewEvidence
from rectification.lists.case_file import EvidenceLine
from rectification.office.history_words import history
from tests.factories import case_file, make_bureau, make_task
from tests.unit.rectification.casework.conftest import SQLITE, Desk

PDF = b"%PDF-1.7\n1 0 obj\n"
pytestmark = SQLITE


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "evidence", max_bytes=1 << 20)


def keep(store: FileStore, content: bytes = PDF, name: str = "送达回证.pdf") -> StoredFile:
    return store.keep(io.BytesIO(content), name)


def upload(desk: Desk, code: str, file: StoredFile) -> None:
    desk.do(casework.evidence, desk.office.officer, code, NewEvidence(file, kind=EvidenceKind.CASE))


def rows(desk: Desk, code: str) -> tuple[EvidenceLine, ...]:
    with desk.database.reading() as session:
        return case_file(session, code).evidence


def test_a_file_joins_once_with_its_own_date(desk: Desk, store: FileStore) -> None:
    code, file = desk.task(), keep(store)
    new = NewEvidence(file, note="补齐后的回证", own_date=date(2026, 3, 1))
    desk.do(casework.evidence, desk.office.officer, code, new)
    (row,) = rows(desk, code)
    assert (row.sha256, row.own_date, row.uploaded_by) == (file.sha256, date(2026, 3, 1), "陈路")
    (told, (before, after)), (tied, _) = desk.events(code)[-1].changes.items()
    assert told.startswith("evidence:")
    assert (tied.startswith("proof:"), row.proves) == (True, (1,))
    assert before is None
    assert (after["sha256"], after["own_date"]) == (file.sha256, "2026-03-01")
    with pytest.raises(Refused, match="已在本任务中"):
        upload(desk, code, file)


def test_nothing_and_the_future_are_no_evidence(desk: Desk) -> None:
    code = desk.task()
    with pytest.raises(Refused, match="没有文件，也没有纸质档号"):
        desk.do(
            casework.evidence, desk.office.officer, code, NewEvidence(archive_no=" ", kind=EvidenceKind.CASE)
        )
    new = NewEvidence(archive_no="A-1", own_date=date(2030, 1, 1))
    with pytest.raises(Refused, match="在今天之后"):
        desk.do(casework.evidence, desk.office.officer, code, new)
    with pytest.raises(Forbidden):
        desk.do(
            casework.evidence,
            desk.office.reviewer,
            code,
            NewEvidence(archive_no="A-1", kind=EvidenceKind.CASE),
        )


def test_the_same_file_in_another_task_is_doubted(desk: Desk, store: FileStore) -> None:
    file = keep(store)
    first, second = desk.task(), desk.task()
    for code in (first, second):
        upload(desk, code, file)
    desk.do(casework.submit, desk.office.officer, second, "已补齐三件。", despite_doubts=True)
    with desk.database.reading() as session:
        doubts = case_file(session, second).closures[0].doubts
    assert any(f"在任务 {first} 中也用过" in each.text for each in doubts)


def test_a_file_uploaded_by_mistake_goes_from_every_task_and_leaves_two_names(
    desk: Desk, store: FileStore
) -> None:
    file = keep(store)
    first, second = desk.task(), desk.task()
    for code in (first, second):
        upload(desk, code, file)
    chosen, given = rows(desk, first)[0].id, ("误传内部材料", desk.office.reviewer.id)
    with pytest.raises(Refused, match=f"还在{second}的材料中"):
        desk.do(casework.purge_evidence, desk.office.clerk, first, chosen, *given)
    desk.do(casework.purge_evidence, desk.office.clerk, first, chosen, *given, also=[second])
    for code in (first, second):
        (row,) = rows(desk, code)
        assert (row.purge_reason, row.purged_by, row.purge_witness) == ("误传内部材料", "管台", "方核")
        assert row.sha256 == file.sha256
        assert desk.events(code)[-1].verb.value == "purge_evidence"
    assert store.is_intact(file.sha256)
    with desk.database.reading() as session:
        assert [fault.fault for fault in evidence_faults(session, store)] == [EvidenceFault.NOT_DESTROYED]
        assert casework.destroy_purged(session, store) == 1
        assert evidence_faults(session, store) == []
        purged = history(session, limit=9, verbs=(OfficeVerb.PURGE_EVIDENCE,))
        assert {each.words.split("，")[0] for each in purged} == {first, second}
        assert {each.actor for each in purged} == {"管台"}
        assert casework.destroy_purged(session, store) == 0
    with pytest.raises(Refused, match="还没有佐证材料"):
        desk.do(casework.submit, desk.office.officer, second, "已补齐三件。")


def test_a_file_taken_out_of_the_wrong_task_stays_with_the_right_one(desk: Desk, store: FileStore) -> None:
    file, wrong, right = keep(store), desk.task(), desk.task()
    for code in (wrong, right):
        upload(desk, code, file)
    desk.do(casework.detach, desk.office.officer, wrong, rows(desk, wrong)[0].id, f"应在{right}")
    (gone,), (kept,) = rows(desk, wrong), rows(desk, right)
    assert (gone.is_purged, gone.gone_words, kept.is_purged) == (True, f"已取出：应在{right}", False)
    with desk.database.reading() as session:
        assert casework.destroy_purged(session, store) == 0
        assert evidence_faults(session, store) == []
    with pytest.raises(Refused, match="还没有佐证材料"):
        desk.do(casework.submit, desk.office.officer, wrong, "已补齐三件。")
    with pytest.raises(Refused, match="已取出"):
        desk.do(casework.detach, desk.office.officer, wrong, gone.id, "再取一次")
    desk.do(casework.undo, desk.office.officer, wrong, "没有放错")
    assert not rows(desk, wrong)[0].is_purged


def test_what_was_taken_out_is_still_destroyed_where_it_must_be(desk: Desk, store: FileStore) -> None:
    file, wrong, right = keep(store), desk.task(), desk.task()
    for code in (wrong, right):
        upload(desk, code, file)
    desk.do(casework.detach, desk.office.officer, wrong, rows(desk, wrong)[0].id, "放错了")
    given = rows(desk, right)[0].id, "误传", desk.office.head.id
    desk.do(casework.purge_evidence, desk.office.clerk, right, *given, also=[wrong])
    with desk.database.reading() as session:
        assert casework.destroy_purged(session, store) == 1
        assert evidence_faults(session, store) == []


def test_a_helper_takes_out_what_he_uploaded_alone(desk: Desk, store: FileStore) -> None:
    code, office = desk.task(), desk.office
    upload(desk, code, keep(store))
    desk.do(casework.participate, office.clerk, code, add_people=[office.other.id])
    with pytest.raises(Refused, match="只能取出、标明自己提交的"):
        desk.do(casework.detach, office.other, code, rows(desk, code)[0].id, "不对")


def test_a_purge_takes_two_people_and_a_file_that_is_there(desk: Desk, store: FileStore) -> None:
    code = desk.task()
    upload(desk, code, keep(store))
    chosen = rows(desk, code)[0].id
    with pytest.raises(Refused, match="须有两人在场"):
        desk.do(casework.purge_evidence, desk.office.clerk, code, chosen, "误传", desk.office.clerk.id)
    with pytest.raises(Forbidden):
        desk.do(casework.purge_evidence, desk.office.officer, code, chosen, "误传", desk.office.head.id)
    other = desk.task()
    with pytest.raises(Refused, match="没有这个佐证文件"):
        desk.do(casework.purge_evidence, desk.office.clerk, other, chosen, "误传", desk.office.head.id)


def test_another_bureau_keeps_the_same_file(desk: Desk, store: FileStore) -> None:
    file, code = keep(store), desk.task()
    upload(desk, code, file)
    with desk.database.unit_of_work() as session:
        stranger = make_bureau(session, "雾溪县水利局", prefix="b_")
        theirs = make_task(session, stranger).code
    Desk(desk.database, stranger).do(
        casework.evidence, stranger.officer, theirs, NewEvidence(file, kind=EvidenceKind.CASE)
    )
    chosen = rows(desk, code)[0].id
    desk.do(casework.purge_evidence, desk.office.clerk, code, chosen, "误传", desk.office.reviewer.id)
    with desk.database.reading() as session:
        assert casework.destroy_purged(session, store) == 0
    assert rows(desk, theirs)[0].purged_at is None
    assert store.is_intact(file.sha256)


def test_a_missing_or_altered_file_is_found(desk: Desk, store: FileStore) -> None:
    code = desk.task()
    gone, altered = keep(store), keep(store, PDF + b"second", "二.pdf")
    for file in (gone, altered):
        upload(desk, code, file)
    with desk.database.reading() as session:
        assert evidence_faults(session, store) == []
    store.path(gone.sha256).unlink()
    store.path(altered.sha256).write_bytes(PDF + b"changed")
    stray = keep(store, PDF + b"stray", "三.pdf")
    with desk.database.reading() as session:
        found = {fault.sha256: (fault.fault, fault.codes) for fault in evidence_faults(session, store)}
    assert found == {
        gone.sha256: (EvidenceFault.MISSING, (code,)),
        altered.sha256: (EvidenceFault.ALTERED, (code,)),
        stray.sha256: (EvidenceFault.UNKNOWN, ()),
    }


def test_evidence_may_follow_while_the_reviewer_looks(desk: Desk, store: FileStore) -> None:
    code = desk.task()
    desk.do(
        casework.evidence, desk.office.officer, code, NewEvidence(archive_no="A-1", kind=EvidenceKind.CASE)
    )
    desk.do(casework.submit, desk.office.officer, code, "已补齐三件。")
    upload(desk, code, keep(store))
    assert len(rows(desk, code)) == 2


def test_the_checks_do_not_name_a_restricted_task(desk: Desk, store: FileStore) -> None:
    file = keep(store)
    secret, open_one = desk.task(), desk.task()
    desk.do(casework.correct, desk.office.clerk, secret, "限制知悉", casework.Correction(is_restricted=True))
    for code in (secret, open_one):
        upload(desk, code, file)
    desk.do(casework.submit, desk.office.officer, open_one, "已补齐三件。", despite_doubts=True)
    with desk.database.reading() as session:
        doubts = case_file(session, open_one).closures[0].doubts
    assert doubts
    assert not any(secret in each.text for each in doubts)


def test_a_reviewer_from_elsewhere_finds_nothing(desk: Desk) -> None:
    code = desk.task(Status.SUBMITTED)
    with desk.database.unit_of_work() as session:
        stranger = make_bureau(session, "雾溪县水利局", prefix="b_")
    with pytest.raises(NotFound):
        desk.do(casework.return_, stranger.reviewer, code, "不合格")
