"""Is every file of the ledger still in the store, whole? What `doctor` says about evidence."""

from dataclasses import dataclass

from sqlalchemy import Subquery, select
from sqlalchemy.orm import Session

from core.files import FileStore
from models.enums import EvidenceFault
from models.report import Report
from models.review import Hearing, HearingPaper
from models.task import Evidence, RectificationTask


@dataclass(frozen=True, slots=True)
class FaultyFile:
    """A file and what is wrong with it. `codes` are the tasks that hold it.

    A hearing's paper and a report are no task's. A file no row speaks of (`unknown`) is what an interrupted upload leaves: harmless.
    """

    fault: EvidenceFault
    sha256: str
    codes: tuple[str, ...] = ()


def beside_evidence() -> Subquery:
    """The stored files that are no task's: papers as meetings heard them, reports as they came."""
    papers = select(HearingPaper.sha256, HearingPaper.size, Hearing.bureau_id).join(Hearing)
    reports = select(Report.sha256, Report.size, Report.bureau_id).where(Report.size > 0)
    return papers.union_all(reports).subquery()


def evidence_faults(session: Session, store: FileStore) -> list[FaultyFile]:
    """Every stored file is read and hashed again. A file purged as 误传 is meant to be gone."""
    rows = session.execute(
        select(Evidence.sha256, Evidence.purge_witness_id, RectificationTask.code)
        .join(RectificationTask, RectificationTask.id == Evidence.task_id)
        .where(Evidence.sha256 != "")
        .order_by(Evidence.id)
    ).all()
    held: dict[str, list[str]] = {}
    purged: set[str] = set()
    for sha256, witness_id, code in rows:
        if witness_id is None:
            held.setdefault(sha256, []).append(code)
        else:
            purged.add(sha256)
    for sha256 in session.scalars(select(beside_evidence().c.sha256)):
        held.setdefault(sha256, [])
    faults = []
    for sha256, codes in held.items():
        intact = store.is_intact(sha256)
        if not intact:
            fault = EvidenceFault.MISSING if intact is None else EvidenceFault.ALTERED
            faults.append(FaultyFile(fault, sha256, tuple(codes)))
    for sha256 in store:
        if sha256 not in held:
            fault = EvidenceFault.NOT_DESTROYED if sha256 in purged else EvidenceFault.UNKNOWN
            faults.append(FaultyFile(fault, sha256))
    return faults
