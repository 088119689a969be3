"""佐证材料: files and paper archive numbers join a task's file; one uploaded by mistake can be destroyed (误传清除).

The bytes are in the store before the row is written (core/files.py), and leave it after the row says why.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.files import FileStore, StoredFile
from core.filetypes import true_kind
from core.text import is_number, tidied
from models.enums import EvidenceKind, OfficeVerb, Verb
from models.organisation import Person
from models.storage.evidence_check import beside_evidence
from models.task import Evidence, Measure, Proof, RectificationTask
from rectification.casework.moving import close_case, open_case, task_verb
from rectification.casework.task_in_hand import Case, Given
from rectification.office.journal import By, note
from rectification.roles_in_task import Part
from rectification.task.proof import place_words, provable
from rectification.task.proof_facts import is_owed
from rectification.task.store_room import columns_of, must_fit


@dataclass(frozen=True, slots=True)
class NewEvidence:
    """A file already in the store, or the number of a paper in the archive, or both.

    `own_date` is the date on the paper itself. `proves` are the places of the measures it proves, or WHOLE; where nothing
    is said and there is one thing only to be proved, it proves that. `own_text` is what the file itself says.
    """

    file: StoredFile | None = None
    archive_no: str = ""
    note: str = ""
    own_date: date | None = None
    kind: EvidenceKind | None = None
    proves: Sequence[int] = ()
    own_text: str = ""


@task_verb(Verb.EVIDENCE, words=lambda fields: fields["new"].note)
def evidence(case: Case, new: NewEvidence) -> str:
    """上传佐证材料, or 登记纸质档号: one more piece in the task's file.

    Raises: Refused, for neither file nor number, a date in the future, or a file the task has already.
    """
    archive_no = tidied(new.archive_no)
    if new.file is None and not archive_no:
        raise case.refuse("没有文件，也没有纸质档号", "请上传文件，或写明纸质档号")
    if len(archive_no) > 200:
        raise case.refuse("纸质档号超过 200 字", "请核对档号")
    if archive_no and not is_number(archive_no):
        raise case.refuse(f"“{archive_no}”不像纸质档号", "请照案卷写明档号，例如 2026-法规-012")
    if new.own_date and new.own_date > case.clock.today:
        raise case.refuse(f"材料日期 {new.own_date} 在今天之后", "请核对日期")
    if new.file and _has(case, new.file.sha256):
        raise case.refuse(f"文件“{new.file.file_name}”已在本任务中", "请上传别的材料")
    must_fit(case.session, case.task.bureau_id, new.file)
    row = case.rows.add(
        Evidence(
            task_id=case.task.id,
            uploader_id=case.acting.actor.person_id,
            **columns_of(new.file),
            archive_no=archive_no,
            note=case.words,
            own_date=new.own_date,
            uploaded_at=case.clock.now,
            kind=new.kind,
            own_text=new.own_text,
        )
    )
    case.session.flush()
    proves = _tied(case, row, new.proves) if is_owed(case.session, case.task) or new.proves else ""
    name = new.file.file_name if new.file else ""
    if new.file and (kind := true_kind(new.file.media_type, name)):
        name = f"{name}（{kind}）"
    told = "；".join(filter(None, (name, archive_no and f"档号：{archive_no}"))) + proves
    return "\n".join(filter(None, (told, case.words)))


@task_verb(Verb.TIE)
def tie(case: Case, evidence_id: int, proves: Sequence[int], kind: EvidenceKind | None = None) -> str:
    """标明证明事项: what a piece that stands in the file proves, in place of what was said before.

    Raises: Refused, where the task has no such piece, or nothing stands at a place.
    """
    row = _piece(case, evidence_id)
    case.rows.alter(row).kind = kind or row.kind
    return f"{row.file_name or row.archive_no}{_tied(case, row, proves)}"


def _provable(case: Case) -> dict[int, int | None]:
    """The places of what may be proved, each with its measure."""
    standing = select(Measure).where(Measure.task_id == case.task.id, ~Measure.is_dropped)
    steps = {step.position: step.id for step in case.session.scalars(standing.order_by(Measure.position))}
    return {
        place: steps.get(place) for place in provable(steps, is_counted=case.task.count_total is not None)
    }


def _tied(case: Case, row: Evidence, proves: Sequence[int]) -> str:
    """Note what a piece proves; returns it in words. Unsaid, it is the one thing there is to be proved."""
    able = _provable(case)
    places = tuple(dict.fromkeys(proves)) or (tuple(able) if len(able) == 1 else ())
    if unknown := [place for place in places if place not in able]:
        raise case.refuse(f"没有第 {unknown[0]} 条措施", "请按措施清单选择", command="rectify task show")
    if not places and case.policy.requires_proof and is_owed(case.session, case.task):
        raise case.refuse("没有选这份材料证明什么", "请选择它证明哪条措施，可以多选", command="--proves")
    _keep_proofs(case, row, {able[place] for place in places})
    return (
        f"（证明{'、'.join(place_words(place, case.task.count_total) for place in places)}）"
        if places
        else ""
    )


def _keep_proofs(case: Case, row: Evidence, wanted: set[int | None]) -> None:
    """Let a piece prove these measures and nothing else: a row that proves another is turned to what is new."""
    standing = case.session.scalars(select(Proof).where(Proof.evidence_id == row.id).order_by(Proof.id)).all()
    new = sorted(wanted - {proof.measure_id for proof in standing}, key=lambda each: each or 0)
    for proof in standing:
        if proof.measure_id in wanted:
            continue
        if new:
            case.rows.alter(proof).measure_id = new.pop(0)
        else:
            case.rows.remove(proof)
    for measure_id in new:
        case.rows.add(Proof(evidence_id=row.id, measure_id=measure_id))


@task_verb(Verb.DETACH)
def detach(case: Case, evidence_id: int, reason: str) -> str:
    """取出误放材料: a file or archived paper that belongs to another task, or under another number, leaves this one's file.

    Nothing is destroyed: bytes and row stay, with the reason, and whoever else holds the file keeps it.

    Raises: Refused, where the task has no such piece.
    """
    row = _piece(case, evidence_id)
    case.rows.alter(row)
    row.purged_at, row.purge_reason = case.clock.now, case.words
    row.purged_by_id = case.acting.actor.person_id
    return f"{row.file_name or row.archive_no}：{case.words}"


@task_verb(Verb.PURGE_EVIDENCE)
def purge_evidence(
    case: Case, evidence_id: int, reason: str, witness_id: int, also: Sequence[str] = ()
) -> None:
    """误传清除: the file may no longer be read; hash, reason and two names stay.

    Other tasks that hold the same file are named and asked for: it is destroyed only where each is in `also`. The bytes
    go with `destroy_purged`, once this is committed.

    Raises: Refused, where there is no such file, the second name is missing, or another task holds it that is not named.
    """
    row = case.session.get(Evidence, evidence_id)
    if row is None or row.task_id != case.task.id or not row.sha256 or row.purge_witness_id is not None:
        raise case.refuse("没有这个佐证文件，或已清除", "请刷新后查看材料清单")
    witness = case.colleague(witness_id, "见证人")
    if witness.id in (case.acting.actor.id, case.acting.recorder.id if case.acting.recorder else None):
        raise case.refuse("清除须有两人在场", "请写明另一位见证人")
    elsewhere = _holders(case, row.sha256)
    if unnamed := [code for code in elsewhere if code not in also]:
        raise case.refuse(
            f"同一文件还在{'、'.join(unnamed)}的材料中，清除后那里也没有了",
            "只是放错了任务的，请“取出误放材料”；确须销毁的，请在“同时清除”中逐项写明这些任务",
            command="rectify task purge-evidence --also",
        )
    for other in elsewhere:
        holder = open_case(case.session, case.clock, case.acting, other, Verb.PURGE_EVIDENCE, Given(reason))
        _purge(holder, row.sha256, witness)
        close_case(holder)
    _purge(case, row.sha256, witness)


def _piece(case: Case, evidence_id: int) -> Evidence:
    """A piece in the task's file that is the actor's to do something with."""
    row = case.session.get(Evidence, evidence_id)
    if row is None or row.task_id != case.task.id or row.purged_at is not None:
        raise case.refuse("没有这份材料，或已取出、清除", "请刷新后查看材料清单")
    if case.parts <= {Part.PARTICIPANT} and row.uploader_id not in case.acting.actor.ids:
        raise case.refuse("经办人只能取出、标明自己提交的材料", "请由责任人或台账管理员办理")
    return row


def destroy_purged(session: Session, store: FileStore) -> int:
    """Remove from the store every file that was purged and that nothing holds any more; returns how many.

    To be called after the purge is committed; called again it finds what an interruption left.
    """
    purged = select(Evidence.sha256).where(Evidence.purge_witness_id.isnot(None)).distinct()
    return sum(destroy_unheld(session, store, sha256) for sha256 in session.scalars(purged).all())


def destroy_unheld(session: Session, store: FileStore, sha256: str) -> bool:
    """Remove a file that no task, meeting or report holds; whether it was there."""
    return not _is_held(session, sha256) and store.destroy(sha256)


def take_back_unheld(session: Session, store: FileStore, stored: Iterable[StoredFile]) -> None:
    """Remove from the store what was uploaded for something that was then refused: no row holds it."""
    for file in stored:
        if not _is_held(session, file.sha256):
            store.take_back(file)


def _is_held(session: Session, sha256: str) -> bool:
    tasks = select(Evidence.sha256).where(Evidence.purge_witness_id.is_(None))
    held = tasks.union_all(select(beside_evidence().c.sha256)).subquery()
    return session.scalar(select(held).where(held.c.sha256 == sha256).limit(1)) is not None


def _has(case: Case, sha256: str) -> bool:
    return (
        case.session.scalar(
            select(Evidence.id).where(
                Evidence.task_id == case.task.id, Evidence.sha256 == sha256, Evidence.purged_at.is_(None)
            )
        )
        is not None
    )


def _holders(case: Case, sha256: str) -> Sequence[str]:
    """The other tasks with these bytes, also where they were only taken out of the file."""
    task = RectificationTask
    holding = select(Evidence.task_id).where(Evidence.sha256 == sha256, Evidence.purge_witness_id.is_(None))
    others = select(task.code).where(
        task.bureau_id == case.task.bureau_id, task.id != case.task.id, task.id.in_(holding)
    )
    return case.session.scalars(others.order_by(task.id)).all()


def _purge(case: Case, sha256: str, witness: Person) -> None:
    """Mark every row of the task that holds these bytes."""
    rows = case.session.scalars(
        select(Evidence).where(
            Evidence.task_id == case.task.id, Evidence.sha256 == sha256, Evidence.purge_witness_id.is_(None)
        )
    )
    for row in rows.all():
        case.rows.alter(row)
        row.purged_at, row.purge_reason, row.own_text = case.clock.now, case.words, ""
        row.purged_by_id, row.purge_witness_id = case.acting.actor.person_id, witness.id
    words = f"{case.task.code}，SHA-256 {sha256[:12]}…，{witness.name}在场"
    note(case.session, By(case.clock, case.acting), OfficeVerb.PURGE_EVIDENCE, words)
