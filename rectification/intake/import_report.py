"""A report becomes drafts: the report is kept, and every item that is new is a task that waits for the clerk."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.errors import Refused
from core.files import StoredFile
from models.base import frozen
from models.enums import Channel, ItemKind, Status
from models.organisation import Unit
from models.report import Report, ReportItem, Source
from models.task import RectificationTask
from rectification import casework
from rectification.intake.item_drafts import draft_item
from rectification.intake.likeness import ANSWERS, likeness
from rectification.intake.recurrence import mark_later, mark_recurring
from rectification.intake.report_versions import continue_lines, reword_drafts
from rectification.intake.told import notes
from rectification.intake.withdrawing import next_number
from rectification.office.actors import Acting, Actor, system
from rectification.office.journal import By
from rectification.office.names import folded_name
from rectification.office.sources import OWN_REPORT, add_source, is_usually_published, source_kind
from rectification.office.units import add_bureau, find_bureau, home_bureau
from rectification.task.deadlines import due_instead
from rectification.task.drafting import Codes
from rectification.task.store_room import must_fit
from rectification.task.time_limits import day_text, passed_text
from reports.parsed import Item, ParsedReport, Plan, Shortcoming

FIRST_YEAR: Final = 1990
_NOT_FINAL: Final = re.compile("征求意见稿|送审稿|审议稿|讨论稿|草案|草稿|初稿")
_ALONE: Final = re.compile(rf"^\W*(?:{_NOT_FINAL.pattern})\W*$", re.MULTILINE)
_HEAD: Final = 200
"""Characters a report's title stands in, with the lines above and below it."""


@dataclass(frozen=True, slots=True)
class Redated:
    """A draft whose proposed date had passed when its report came, and the one proposed instead."""

    code: str
    due_on: date
    due_instead: date


@dataclass(frozen=True, slots=True)
class IntakeOutcome:
    """What importing a report did. `is_new` is False where this very file had been imported before.

    `codes` are the tasks of its items; `supersedes_id` is the version of the same year it replaces.
    """

    report_id: int
    bureau: str
    title: str
    year: int
    is_new: bool
    is_new_bureau: bool
    shortcomings: int
    plans: int
    codes: tuple[str, ...]
    supersedes_id: int | None = None
    redated: tuple[Redated, ...] = ()

    @property
    def redated_words(self) -> str:
        """Which dates were moved and why, for the clerk; empty where none was."""
        counted = Counter((each.due_on, each.due_instead) for each in self.redated)
        return "；".join(
            f"{count} 项时限改拟{day_text(instead)}（{passed_text(due_on)}）"
            for (due_on, instead), count in counted.items()
        )


def register_report(
    session: Session,
    clock: Clock,
    parsed: ParsedReport,
    *,
    channel: Channel,
    by: Actor | None = None,
    system_user: str = "",
    new_bureau: bool = False,
    is_published: bool | None = None,
    is_sure: bool = False,
) -> IntakeOutcome:
    """Keep a report and draft a task from each of its items.

    The first report of an installation names the home bureau. The same file a second time makes nothing new; other
    bytes of the same bureau and year are a new version, whose items go on with the tasks there are. Where nobody says
    whether it `is_published`, it is, as a bureau must publish it; of a new version, as the one before.

    Raises: Refused, where organisation or year could not be read, where the report is by a bureau that is not known
    and `new_bureau` is not set, where it calls itself a draft and nobody says whether it is published, or is one that
    comes after the final report and not `is_sure`.
    """
    if parsed.year is None or not FIRST_YEAR <= parsed.year <= clock.today.year:
        found = f"读到的是 {parsed.year}" if parsed.year else "标题和正文中都没有写明"
        raise Refused("报告的年度读不出来", found, "请指明报告年度", command="--year 2023")
    machine = By(clock, replace(system(0, channel), system_user=system_user))
    bureau, is_new_bureau = _bureau_of(session, machine, parsed.org, new_bureau=new_bureau)
    session.execute(select(Unit.id).where(Unit.id == bureau.id).with_for_update(key_share=True))
    earlier = session.scalar(
        select(Report).where(Report.bureau_id == bureau.id, Report.sha256 == parsed.sha256)
    )
    if earlier is not None:
        return _outcome(session, earlier, bureau, clock.today, is_new=False, is_new_bureau=False)
    acting = replace(Acting(by, channel) if by else system(bureau.id, channel), system_user=system_user)
    report = _keep(session, clock, bureau, parsed, acting, is_published, is_sure=is_sure)
    said = [*parsed.shortcomings, *parsed.plans]
    items = _keep_items(session, report, parsed)
    report.hints = notes(parsed, list(zip(items, said, strict=True)))
    reworded = continue_lines(session, report, items)
    mark_recurring(session, report, items)
    codes = Codes(session, bureau, parsed.year)
    for item, read in zip(items, said, strict=True):
        if item.continues_id is None:
            draft_item(session, clock, acting, bureau, report, item, codes.next(), read)
    reword_drafts(session, clock, acting, reworded)
    mark_later(session, clock, acting, report)
    if is_published not in (None, session.get_one(Source, report.source_id).is_published):
        casework.publish(session, clock, acting, report.source_id, is_published=bool(is_published))
    return _outcome(session, report, bureau, clock.today, is_new=True, is_new_bureau=is_new_bureau)


def keep_original(
    session: Session, report_id: int, parsed: ParsedReport, keep: Callable[[str], StoredFile]
) -> None:
    """Keep a report's file unless it is kept; `keep` puts it into the store, and is told its media type where the reader
    has judged it. What the store refuses, as macros, does without.
    """
    report = session.get_one(Report, report_id)
    with suppress(Refused):
        if not report.size:
            file = keep("text/html" if parsed.format == "html" else "")
            report.size = file.size
            must_fit(session, report.bureau_id, file)


def draft_word(title: str, file_name: str, text: str) -> str:
    """What a report that is not final calls itself, as 征求意见稿; empty for a final one."""
    alone = _ALONE.search(text[:_HEAD])
    found = _NOT_FINAL.search("\n".join((title, file_name, alone[0] if alone else "")))
    return found[0] if found else ""


def _must_be_meant(
    earlier: Report | None, parsed: ParsedReport, is_published: bool | None, *, is_sure: bool
) -> None:
    word = draft_word(parsed.title, parsed.name, parsed.text)
    if not word:
        return
    if earlier is None and is_published is None:
        why = "公开的报告，任务名称取原文，并列入公开稿"
        todo = "请在“是否公开”中选明，再读取"
        raise Refused(f"这份报告是{word}，可能没有公开", why, todo, command="--unpublished 或 --published")
    if earlier and not is_sure and not draft_word(earlier.title, earlier.file_name, earlier.text):
        why = f"导入后，它就成为{parsed.year}年度报告的新版本，草稿改用它的文字"
        todo = "请核对文件；确要导入的，请勾选“仍按年度报告读取”"
        raise Refused(f"这份报告是{word}，而定稿“{earlier.title}”已经导入", why, todo, command="--anyway")


def body_of(session: Session, read: str, said: str) -> str:
    """The body a report is of: `said` by who brings it counts where none was `read`, or both are names of one bureau.

    Raises: Refused, where what was read and what was said differ.
    """
    known = find_bureau(session, said) if said and read else None
    is_same = known is not None and find_bureau(session, read) == known
    if not said or not read or is_same or home_bureau(session) is None:
        return said or read
    if folded_name(said) == folded_name(read):
        return read
    raise Refused(
        f"报告里写的是“{read}”，填写的单位是“{said}”，两个不一样",
        "",
        f"不填单位，按报告里写的读取；若“{read}”确是“{said}”的另一个名称，请勾选“记为本单位的别名”",
        command=f"rectify unit alias {said} {read}",
    )


def _bureau_of(session: Session, by: By, org: str, *, new_bureau: bool) -> tuple[Unit, bool]:
    if not org:
        raise Refused(
            "报告是哪个单位的读不出来",
            "标题和落款中都没有单位名称",
            "请写明单位全称",
            command="--org 单位全称",
        )
    bureau = find_bureau(session, org)
    if bureau is not None:
        return bureau, False
    home = home_bureau(session)
    if home is not None and not new_bureau:
        raise Refused(
            f"这份报告是“{org}”的，不是本单位“{home.name}”的",
            "",
            "若是同一单位，请先把它记为本单位的别名；若确是另一单位，请系统管理员另行登记",
            command=f"rectify unit alias {home.name} {org}；或加 --new-bureau",
        )
    return add_bureau(session, by, org), True


def _keep(
    session: Session,
    clock: Clock,
    bureau: Unit,
    parsed: ParsedReport,
    acting: Acting,
    is_published: bool | None,
    *,
    is_sure: bool,
) -> Report:
    title = parsed.title or f"{bureau.name}{parsed.year}年度法治政府建设报告"
    earlier = session.scalar(
        select(Report)
        .where(Report.bureau_id == bureau.id, Report.year == parsed.year)
        .order_by(Report.id.desc())
        .limit(1)
    )
    _must_be_meant(earlier, parsed, is_published, is_sure=is_sure)
    source_id = (
        earlier.source_id if earlier else _source(session, By(clock, acting), bureau, title, is_published)
    )
    report = Report(
        id=next_number(session),
        bureau_id=bureau.id,
        source_id=source_id,
        title=title[:400],
        org=parsed.org[:200],
        year=parsed.year,
        issued_on=parsed.issued,
        file_name=parsed.name[-400:],
        format=parsed.format,
        sha256=parsed.sha256,
        text=parsed.text,
        leftovers=[leftover.model_dump(mode="json") for leftover in parsed.leftovers],
        supersedes_id=earlier.id if earlier else None,
        imported_at=clock.now,
        imported_by_id=acting.actor.id,
    )
    session.add(report)
    session.flush()
    return report


def _source(session: Session, by: By, bureau: Unit, title: str, is_published: bool | None) -> int:
    is_open = is_usually_published(OWN_REPORT) if is_published is None else is_published
    kind = source_kind(session, bureau.id, OWN_REPORT)
    source = Source(bureau_id=bureau.id, kind_id=kind.id, title=title, is_published=is_open)
    return add_source(session, by, source).id


def _keep_items(session: Session, report: Report, parsed: ParsedReport) -> list[ReportItem]:
    items = [
        *(
            _item(report, ItemKind.SHORTCOMING, n, item, _answers(n - 1, item, parsed.plans))
            for n, item in enumerate(parsed.shortcomings, 1)
        ),
        *(_item(report, ItemKind.PLAN, n, item) for n, item in enumerate(parsed.plans, 1)),
    ]
    session.add_all(items)
    session.flush()
    return items


def _answers(place: int, item: Shortcoming, plans: Sequence[Plan]) -> list[int]:
    """The positions of the plans that put a shortcoming right: named with it, or alike enough to be offered."""
    return [
        n + 1
        for n in item.answered_by
        if plans[n].answers == place or likeness(item.text, plans[n].text) >= ANSWERS
    ]


def _item(
    report: Report, kind: ItemKind, position: int, item: Item, answered_by: Sequence[int] = ()
) -> ReportItem:
    return ReportItem(
        report_id=report.id,
        kind=kind,
        position=position,
        text=item.text,
        cause=(item.cause or "") if isinstance(item, Shortcoming) else "",
        section=item.section[:400],
        number=item.number[:32],
        page=item.page,
        paragraph=item.paragraph,
        spans=[[span.start, span.end] for span in item.spans],
        answered_by=list(answered_by),
    )


def _outcome(
    session: Session, report: Report, bureau: Unit, today: date, *, is_new: bool, is_new_bureau: bool
) -> IntakeOutcome:
    counts = dict(
        session.execute(
            select(ReportItem.kind, func.count())
            .where(ReportItem.report_id == report.id)
            .group_by(ReportItem.kind)
        )
        .tuples()
        .all()
    )
    tasks = session.scalars(
        select(RectificationTask)
        .join(
            ReportItem,
            func.coalesce(ReportItem.continues_id, ReportItem.id) == RectificationTask.report_item_id,
        )
        .where(ReportItem.report_id == report.id)
        .order_by(RectificationTask.id)
    ).all()
    redated = (
        Redated(task.code, task.due_on, instead)
        for task in tasks
        if task.status is Status.DRAFT and task.due_on
        if (instead := due_instead(task.kind, task.time_limit, task.due_on, today))
    )
    return frozen(
        IntakeOutcome,
        report,
        report_id=report.id,
        bureau=bureau.name,
        is_new=is_new,
        is_new_bureau=is_new_bureau,
        shortcomings=counts.get(ItemKind.SHORTCOMING, 0),
        plans=counts.get(ItemKind.PLAN, 0),
        codes=tuple(task.code for task in tasks),
        redated=tuple(redated),
    )
