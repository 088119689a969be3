"""The clerk picks an item the reader did not see: words of the report's own text become an item and its draft."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.errors import NotFound, Refused
from core.text import tidied
from models.enums import ItemKind
from models.organisation import Unit
from models.report import Report, ReportItem
from models.task import RectificationTask
from rectification.intake.item_drafts import draft_item
from rectification.intake.recurrence import mark_recurring
from rectification.intake.source_words import places_of
from rectification.office.actors import Acting, require_clerk
from rectification.task.drafting import Codes
from reports.seen import last_heading

PICKED: Final = "由台账管理员从原文添加"
"""The words of the history of what was picked."""


@dataclass(frozen=True, slots=True)
class Picked:
    """Words of a report's text. `near` tells the place meant where they stand there more than once."""

    kind: ItemKind
    words: str
    near: int | None = None
    cause: str = ""


def pick(session: Session, clock: Clock, acting: Acting, report_id: int, picked: Picked) -> RectificationTask:
    """从原文添加: keep the words as an item of the report, with its place, and draft a task from it.

    Raises: Forbidden, for anybody but a clerk; NotFound; Refused, where the words do not stand in the text or are an
    item already, or the report has a newer version.
    """
    if acting.actor.id is not None:
        require_clerk(acting.actor, "添加条目")
    report = session.get(Report, report_id)
    if report is None or report.bureau_id != acting.actor.bureau_id:
        raise NotFound("没有这份报告", "", "请从报告清单进入", command="rectify report list")
    bureau = session.get_one(Unit, report.bureau_id)
    codes = Codes(
        session, bureau, report.year
    )  # locks the bureau: positions and codes are given one at a time
    if session.scalar(select(Report.id).where(Report.supersedes_id == report.id)) is not None:
        raise Refused("条目没有添加", "这份报告已有新版本", "请在新版本中添加")
    items = list(session.scalars(select(ReportItem).where(ReportItem.report_id == report.id)))
    start, end = _place(report, items, picked)
    item = ReportItem(
        report_id=report.id,
        kind=picked.kind,
        position=max((each.position for each in items if each.kind is picked.kind), default=0) + 1,
        text=tidied(report.text[start:end]),
        cause=tidied(picked.cause),
        section=_section(report, items, start, end)[:400],
        spans=[[start, end]],
    )
    session.add(item)
    session.flush()
    mark_recurring(session, report, [item])
    return draft_item(session, clock, acting, bureau, report, item, codes.next(), words=PICKED)


def _place(report: Report, items: list[ReportItem], picked: Picked) -> tuple[int, int]:
    if picked.kind is ItemKind.FINDING:
        raise Refused("条目没有添加", "报告的条目只有不足和计划两种", "请选择不足或计划")
    places = places_of(picked.words, report.text)
    if not places:
        why = "原文中没有这些文字" if picked.words.strip() else "没有写文字"
        raise Refused("条目没有添加", why, "请从原文中复制一段连续的文字；另写的内容请用“登记任务”")
    if picked.near is not None:
        near = picked.near
        places.sort(key=lambda place: abs(place[0] - near))
    same = [item for item in items if item.kind is picked.kind]
    for place in places:
        if not any(holds(item, place) for item in same):
            return place
    holder = next(item for item in same if holds(item, places[0]))
    raise Refused(
        "条目没有添加",
        f"这段文字已在{holder.kind.word}第 {holder.position} 项中",
        "要单列出来，请拆分那一项的草稿",
    )


def holds(item: ReportItem, place: tuple[int, int]) -> bool:
    """Whether a place of the text stands in an item whole."""
    return any(start <= place[0] and place[1] <= end for start, end in item.spans)


def _section(report: Report, items: list[ReportItem], start: int, end: int) -> str:
    """The heading the words stand under: the nearest item's above them, unless another heading stands between."""
    above = [(item.spans[0][0], item.section) for item in items if item.spans and item.spans[0][0] < start]
    heading = last_heading(report.text[:end], report.year)
    return (
        max([*above, (report.text.rfind(heading, 0, start), heading)])[1]
        if heading
        else max(above, default=(0, ""))[1]
    )
