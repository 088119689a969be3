"""Is every file of the ledger still in the store, whole? What `doctor` says about evidence."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.files import FileStore
from models.enums import EvidenceFault
from models.review import HearingPaper
from models.task import Evidence, RectificationTask


@dataclass(frozen=True, slots=True)
class FaultyFile:
    """A file and what is wrong with it. `codes` are the tasks that hold it, `file_name` as the first of them has it.

    A hearing's paper is no task's. A file no row speaks of (`unknown`) is what an interrupted upload leaves: harmless.
    """

    fault: EvidenceFault
    sha256: str
    file_name: str = ""
    codes: tuple[str, ...] = ()


def evidence_faults(session: Session, store: FileStore) -> list[FaultyFile]:
    """Every stored file is read and hashed again. A file purged as 误传 is meant to be gone."""
    rows = session.execute(
        select(Evidence.sha256, Evidence.file_name, Evidence.purge_witness_id, RectificationTask.code)
        .join(RectificationTask, RectificationTask.id == Evidence.task_id)
        .where(Evidence.sha256 != "")
        .order_by(Evidence.id)
    ).all()
    held: dict[str, list[tuple[str, str]]] = {}
    purged: set[str] = set()
    for sha256, name, witness_id, code in rows:
        if witness_id is None:
            held.setdefault(sha256, []).append((name, code))
        else:
            purged.add(sha256)
    for sha256, name in session.execute(select(HearingPaper.sha256, HearingPaper.file_name)):
        held.setdefault(sha256, []).append((name, ""))
    faults = []
    for sha256, places in held.items():
        intact = store.is_intact(sha256)
        if not intact:
            fault = EvidenceFault.MISSING if intact is None else EvidenceFault.ALTERED
            faults.append(FaultyFile(fault, sha256, places[0][0], tuple(code for _, code in places if code)))
    for sha256 in store:
        if sha256 not in held:
            fault = EvidenceFault.NOT_DESTROYED if sha256 in purged else EvidenceFault.UNKNOWN
            faults.append(FaultyFile(fault, sha256))
    return faults
