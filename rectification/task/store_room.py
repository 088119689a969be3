"""What a bureau's files take of the store, and that they stay within its quota."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.db import before_commit
from core.files import StoredFile, over_quota
from models.organisation import Unit
from models.storage.evidence_check import beside_evidence
from models.task import Evidence, RectificationTask

_AFTER_THE_CHAINS = 2


def columns_of(file: StoredFile | None) -> dict[str, Any]:
    """What a row says of a file in the store; of none it says nothing."""
    names = ("sha256", "file_name", "media_type", "size")
    return {name: getattr(file or StoredFile("", 0, "", ""), name) for name in names}


def bytes_held(session: Session, bureau_id: int) -> int:
    """How much of the store a bureau's evidence, hearing papers and reports take; the same bytes count once."""
    task = RectificationTask
    evidence = (
        select(Evidence.sha256, Evidence.size)
        .join(task, task.id == Evidence.task_id)
        .where(task.bureau_id == bureau_id, Evidence.sha256 != "", Evidence.purge_witness_id.is_(None))
    )
    others = beside_evidence()
    beside = select(others.c.sha256, others.c.size).where(others.c.bureau_id == bureau_id)
    files = evidence.union(beside).subquery()
    return int(session.scalar(select(func.coalesce(func.sum(files.c.size), 0))) or 0)


def must_fit(session: Session, bureau_id: int, file: StoredFile | None) -> None:
    """Have the quota looked at once more just before the commit, when nobody else of the bureau can add a file: two
    uploads at once each left room for themselves alone.

    Raises: Refused, at the commit.
    """

    def look(session: Session) -> None:
        if file is not None and file.quota is not None:
            session.execute(select(Unit.id).where(Unit.id == bureau_id).with_for_update(key_share=True))
            if bytes_held(session, bureau_id) > file.quota:
                raise over_quota(file.file_name)

    before_commit(session, look, place=_AFTER_THE_CHAINS)
