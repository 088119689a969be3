"""A source is published, or not after all: the names proposed for its drafts follow."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.errors import Conflict
from models.enums import OfficeVerb, Status
from models.task import RectificationTask
from rectification.casework.drafts import edit
from rectification.casework.rewriting import Correction
from rectification.labels import PUBLISHED
from rectification.office.actors import Acting, require_clerk
from rectification.office.journal import By, change
from rectification.office.sources import source_in_use
from rectification.task.drafting import proposed_for


def publish(session: Session, clock: Clock, acting: Acting, source_id: int, *, is_published: bool) -> int:
    """Note whether everybody may read a source; drafts still called as proposed are called anew.

    What the clerk wrote, and what is issued, keeps its name. Returns how many drafts changed theirs.

    Raises: Forbidden (clerks alone), NotFound (no such source), Refused (withdrawn), Conflict (it stands so already).
    """
    if acting.recorder or acting.actor.id is not None:
        require_clerk(acting.recorder or acting.actor, "改动问题来源")
    source = source_in_use(session, acting.actor.bureau_id, source_id)
    if source.is_published == is_published:
        raise Conflict(f"“{source.title}”已经是“{PUBLISHED[is_published]}”", "", "请刷新后查看")
    of_source = RectificationTask.source_id == source.id, RectificationTask.status == Status.DRAFT
    drafts = session.scalars(select(RectificationTask).where(*of_source).order_by(RectificationTask.id)).all()
    proposed = {task.id: proposed_for(session, task) for task in drafts}
    with change(session, By(clock, acting), OfficeVerb.PUBLISH_SOURCE) as rows:
        rows.alter(source).is_published = is_published
    changed = 0
    for task in drafts:
        title = proposed_for(session, task)
        if task.title == proposed[task.id] != title:
            reason = f"来源改为“{PUBLISHED[is_published]}”"
            edit(session, clock, acting, task.code, Correction(title=title), reason)
            changed += 1
    return changed
