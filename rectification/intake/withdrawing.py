"""撤回导入: the wrong file was imported. Its drafts are archived, its reading is taken out, the file may come anew."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.errors import NotFound, Refused
from core.text import says_something, tidied
from models.enums import OfficeVerb, Status
from models.history import OfficeEvent
from models.organisation import Person, Unit
from models.report import Report, ReportItem, Source
from models.task import RectificationTask
from rectification import casework
from rectification.intake.recurrence import mark_anew, untied
from rectification.intake.report_versions import lines_before, reword_drafts
from rectification.office.actors import Acting, require_clerk
from rectification.office.journal import By, change, fact_of, note

Task = RectificationTask
_NOT_DONE: Final = "导入没有撤回"


def withdraw_report(session: Session, clock: Clock, acting: Acting, report_id: int, reason: str) -> str:
    """Undo an import of which nothing was issued; returns what was done, in words, as the office's history keeps it.

    The drafts keep their history and end archived. What the report did to others goes with it: words of drafts its
    version had changed, and 反复出现 of drafts that recurred to it; issued tasks stay as they are.

    Raises: Forbidden, for anybody but a clerk; NotFound; Refused, without a reason, or where there is a newer version
    or a task was issued or passed on.
    """
    report = _own(session, acting, report_id, reason, "撤回导入")
    if session.scalar(select(Report.id).where(Report.supersedes_id == report.id)) is not None:
        raise Refused(_NOT_DONE, "这份报告已有新版本", "请先撤回新版本")
    items = session.scalars(select(ReportItem).where(ReportItem.report_id == report.id)).all()
    ids = [item.id for item in items]
    tasks = session.scalars(select(Task).where(Task.report_item_id.in_(ids)).order_by(Task.id)).all()
    _must_be_drafts(session, tasks)
    why = f"撤回导入：{tidied(reason)}"
    for task in tasks:
        if task.status is Status.ARCHIVED:  # joined, merged or archived before
            casework.restore(session, clock, acting, task.code, why)
    for task in tasks:
        casework.archive(session, clock, acting, task.code, why, is_withdrawn=True)
    before = {line.first.id: line.latest for line in lines_before(session, report)}
    reworded = [(item, before[item.continues_id]) for item in items if item.continues_id]
    reword_drafts(session, clock, acting, reworded, why)
    told = f"{report.title}（{report.file_name}），{len(tasks)} 项草稿已存档，原因：{tidied(reason)}"
    _mark(session, By(clock, acting), report, told)
    later = untied(session, ids)
    session.execute(delete(ReportItem).where(ReportItem.report_id == report.id))
    session.delete(report)
    session.flush()
    mark_anew(session, clock, acting, later, why)
    return told


def next_number(session: Session) -> int | None:
    """The number of the next report where the database would give a withdrawn one's out again, as SQLite does."""
    if session.get_bind().dialect.name != "sqlite":
        return None
    withdrawn = session.scalars(select(OfficeEvent).where(OfficeEvent.verb == OfficeVerb.WITHDRAW_REPORT))
    last = max((fact_of(event, "report") or 0 for event in withdrawn), default=0)
    return last + 1 if last > (session.scalar(select(func.max(Report.id))) or 0) else None


def purge_original(
    session: Session, clock: Clock, acting: Acting, report_id: int, reason: str, witness_id: int
) -> str:
    """误传清除 of a report's file alone, where tasks were issued: hash, reason and two names stay, and so does what was read.

    The bytes go with `destroy_unheld`, once this is committed. Returns what the office's history keeps.
    Raises: Forbidden, NotFound, Refused, as `withdraw_report`; Refused, where no file is kept, or for no second person.
    """
    report, witness = _own(session, acting, report_id, reason, "清除原件"), session.get(Person, witness_id)
    is_ours = witness is not None and witness.is_active and witness.bureau_id == report.bureau_id
    if witness is None or not report.size or not is_ours or witness_id in acting.actor.ids:
        todo = "请写明见证人：本单位另一位在岗人员"
        raise Refused("原件没有清除", "没有保存原件，或没有两人在场", todo)
    report.size = 0
    told = f"{report.title}（{report.file_name}）的原件，SHA-256 {report.sha256[:12]}…，{witness.name}在场，原因：{tidied(reason)}"
    note(session, By(clock, acting), OfficeVerb.PURGE_EVIDENCE, told)
    return told


def _own(session: Session, acting: Acting, report_id: int, reason: str, what: str) -> Report:
    """The report, that of a clerk with a reason; other imports of the bureau wait."""
    require_clerk(acting.actor, what)
    report = session.get(Report, report_id)
    if report is None or report.bureau_id != acting.actor.bureau_id:
        raise NotFound("没有这份报告", "", "请从报告清单进入", command="rectify report list")
    session.execute(select(Unit.id).where(Unit.id == report.bureau_id).with_for_update(key_share=True))
    if not says_something(reason):
        raise Refused(f"没有{what}", "没有写原因", "请写明原因，如“传错了文件”")
    return report


def _must_be_drafts(session: Session, tasks: Sequence[Task]) -> None:
    issued = [
        each.code for each in tasks if each.issued_on or each.status not in (Status.DRAFT, Status.ARCHIVED)
    ]
    issued += session.scalars(select(Task.code).where(Task.passed_from_id.in_([each.id for each in tasks])))
    if issued:
        why = f"其中 {len(issued)} 项已下达或交办：{'、'.join(issued[:5])}"
        todo = "不该下达的逐项“终止”或“登记为重复”，没有下达的逐项“仅存档”"
        raise Refused(_NOT_DONE, why, todo)


def _mark(session: Session, by: By, report: Report, told: str) -> None:
    """Put it on the office's history; the source of no other version and no living task goes out of use."""
    source = session.get_one(Source, report.source_id)
    others = select(Task.id).where(Task.source_id == source.id, Task.status != Status.ARCHIVED)
    if report.supersedes_id or session.scalar(others.limit(1)) is not None:
        note(session, by, OfficeVerb.WITHDRAW_REPORT, told, report=report.id)
        return
    with change(session, by, OfficeVerb.WITHDRAW_REPORT, told, report=report.id) as rows:
        rows.alter(source)
        source.withdrawn_on, source.is_published = by.clock.today, False
