"""A task entered by hand from another source than the own report: it begins as a draft like any other."""

from dataclasses import replace

from sqlalchemy.orm import Session

from core.clock import Clock
from core.errors import NotFound, Refused
from core.text import one_line, tidied
from models.organisation import Unit
from models.report import Source
from models.task import RectificationTask
from rectification.office.actors import Acting, require_clerk
from rectification.task.drafting import Codes, NewDraft, draft


def enter(session: Session, clock: Clock, acting: Acting, new: NewDraft) -> RectificationTask:
    """登记: a draft from a source. Without a title one is proposed; the source's date is proposed.

    Raises: Forbidden (clerks alone enter tasks), NotFound (no such source), Refused (no text).
    """
    require_clerk(acting.recorder or acting.actor, "登记任务")
    source = session.get(Source, new.source_id)
    if source is None or source.bureau_id != acting.actor.bureau_id or source.withdrawn_on is not None:
        raise NotFound("没有这个问题来源", "", "请先登记来源，或从来源清单中选择")
    text = tidied(new.text)
    if not text:
        raise Refused("任务没有登记", "没有写具体问题", "请写明具体问题")
    if new.count_total is not None and new.count_total < 1:
        raise Refused("任务没有登记", f"总数 {new.count_total} 不成立", "请填 1 以上的整数，或留空")
    bureau = session.get_one(Unit, source.bureau_id)
    code = Codes(session, bureau, (source.received_on or clock.today).year).next()
    entry = replace(
        new,
        title=one_line(new.title),
        text=text,
        cause=tidied(new.cause),
        category=tidied(new.category),
        goal=tidied(new.goal),
        remark=tidied(new.remark),
        due_on=new.due_on or source.result_due_on,
    )
    return draft(session, clock, acting, bureau, code, entry)
