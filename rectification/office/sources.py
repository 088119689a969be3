"""Where tasks come from: a bureau's editable list of source kinds, and the papers themselves."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from core.errors import Conflict, NotFound, Refused
from core.text import one_line
from models.base import Base, frozen
from models.enums import OfficeVerb
from models.report import Source, SourceKind
from models.review import Hearing
from models.task import RectificationTask
from rectification.labels import SENT, SOURCE_FIELD, WITHDRAWN
from rectification.office.chain import key
from rectification.office.journal import By, OfficeEventRow, change, in_words, newest, rows_of
from rectification.office.names import checked_name

OWN_REPORT: Final = "本单位报告"
LITIGATION: Final = "行政复议和诉讼"
MEETING: Final = "会议议定"
OTHER: Final = "其他"
DEFAULT_KINDS: Final = (
    OWN_REPORT,
    "法治督察",
    "案卷评查",
    "专项整治",
    "双随机抽查",
    "投诉举报和12345、信访",
    "建议提案",
    LITIGATION,
    "司法建议和检察建议",
    "行政执法监督",
    "巡察",
    "审计",
    "考核",
    "第三方评估",
    "工作要点",
    MEETING,
    OTHER,
)


FIXED: Final = (OWN_REPORT, LITIGATION, MEETING)
"""Kinds the program itself goes by."""


def is_from_outside(kind: str) -> bool:
    """Whether papers of a kind come from others, who are told what became of them: all but the bureau's own report and meetings."""
    return kind not in (OWN_REPORT, MEETING)


def is_usually_published(kind: str) -> bool:
    """Whether papers of a kind are open to everybody: a bureau must publish its annual report, and no other paper."""
    return kind == OWN_REPORT


@dataclass(frozen=True, slots=True)
class NewSource:
    """A paper that raises tasks, as somebody typed it; where `is_published` is left out its kind says."""

    kind: str
    title: str
    paper_no: str = ""
    issuing_body: str = ""
    received_on: date | None = None
    plan_due_on: date | None = None
    result_due_on: date | None = None
    is_published: bool | None = None


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source as lists show it."""

    id: int
    kind: str
    title: str
    paper_no: str
    issuing_body: str
    received_on: date | None
    plan_due_on: date | None
    result_due_on: date | None
    plan_sent_on: date | None
    plan_sent_no: str
    result_sent_on: date | None
    result_sent_no: str
    is_published: bool
    tasks: int

    @property
    def is_from_outside(self) -> bool:
        return is_from_outside(self.kind)


class Reply(NamedTuple):
    """A plan or result (SENT) that is to be sent by a day; `paper` names what it answers without its title."""

    bureau_id: int
    source_id: int
    what: str
    paper: str
    received_on: date | None
    due_on: date


def usual_kinds(bureau_id: int) -> list[SourceKind]:
    """The list a new bureau is given, which it may edit."""
    return [
        SourceKind(bureau_id=bureau_id, name=name, position=position)
        for position, name in enumerate(DEFAULT_KINDS, 1)
    ]


def source_kind(session: Session, bureau_id: int, name: str) -> SourceKind:
    """The kind of this name. Raises: NotFound, naming the kinds there are."""
    kind = session.scalar(
        select(SourceKind).where(SourceKind.bureau_id == bureau_id, SourceKind.name == name)
    )
    if kind is None:
        names = (each.name for each in list_kinds(session, bureau_id, with_retired=True))
        raise NotFound(f"没有名为“{name}”的问题来源", "", f"可选：{'、'.join(names)}")
    return kind


def list_kinds(session: Session, bureau_id: int, *, with_retired: bool = False) -> list[SourceKind]:
    """A bureau's list of kinds in its own order."""
    query = select(SourceKind).where(SourceKind.bureau_id == bureau_id).order_by(SourceKind.position)
    return list(session.scalars(query if with_retired else query.where(SourceKind.is_active)))


def add_kind(session: Session, by: By, bureau_id: int, name: str) -> SourceKind:
    """One more kind at the end of the list; a retired one of that name comes back.

    Raises: Refused, Conflict (it is there already).
    """
    clean = checked_name(name, "问题来源")
    known = list_kinds(session, bureau_id, with_retired=True)
    same = next((kind for kind in known if kind.name == clean), None)
    if same is not None:
        if same.is_active:
            raise Conflict(f"问题来源“{clean}”已经有了", "", "请另取一个名称")
        with change(session, by, OfficeVerb.ADD_KIND) as rows:
            rows.alter(same).is_active = True
        return same
    position = max((kind.position for kind in known), default=0) + 1
    kind = SourceKind(bureau_id=bureau_id, name=clean, position=position)
    with change(session, by, OfficeVerb.ADD_KIND) as rows:
        rows.add(kind)
    return kind


def rename_kind(session: Session, by: By, bureau_id: int, name: str, new_name: str) -> None:
    """Another name for a kind, on everything that came from it.

    Raises: NotFound, Refused (the own report's and the meetings' kinds keep their names), Conflict.
    """
    kind, clean = source_kind(session, bureau_id, name), checked_name(new_name, "问题来源")
    _must_be_free(kind)
    if any(other.name == clean for other in list_kinds(session, bureau_id, with_retired=True)):
        raise Conflict(f"问题来源“{clean}”已经有了", "", "请另取一个名称")
    with change(session, by, OfficeVerb.RENAME_KIND) as rows:
        rows.alter(kind).name = clean


def retire_kind(session: Session, by: By, bureau_id: int, name: str) -> None:
    """Take a kind off the list for new sources; what came from it keeps it.

    Raises: NotFound, Refused (the own report's and the meetings' kinds stay).
    """
    kind = source_kind(session, bureau_id, name)
    _must_be_free(kind)
    with change(session, by, OfficeVerb.RETIRE_KIND) as rows:
        rows.alter(kind).is_active = False


def _must_be_free(kind: SourceKind) -> None:
    if kind.name in FIXED:
        raise Refused(f"问题来源“{kind.name}”不能改动", "系统自动登记的任务要用到它", "可以另外增加一种来源")


def source_for(session: Session, by: By, bureau_id: int, new: NewSource) -> Source:
    """The source with this kind, title and number, made where there is none yet.

    Raises: NotFound (no such kind), Refused (no title, or a retired kind).
    """
    kind = source_kind(session, bureau_id, new.kind)
    title = one_line(new.title)[:400]
    if not title:
        raise Refused("问题来源没有登记", "没有写标题", "请写明文件或事项的名称")
    known = session.scalar(_called(bureau_id, kind.id, title, new.paper_no.strip()))
    if known is not None:
        return known
    if not kind.is_active:
        raise Refused(f"问题来源“{kind.name}”已停用", "", "请另选一种在用的来源")
    source = Source(
        bureau_id=bureau_id,
        kind_id=kind.id,
        title=title,
        paper_no=new.paper_no.strip()[:200],
        issuing_body=new.issuing_body.strip()[:200],
        received_on=new.received_on,
        plan_due_on=new.plan_due_on,
        result_due_on=new.result_due_on,
        is_published=is_usually_published(kind.name) if new.is_published is None else new.is_published,
    )
    return add_source(session, by, source)


def _called(bureau_id: int, kind_id: int, title: object, paper_no: object) -> Select[tuple[Source]]:
    """The sources in use of this kind, title and number."""
    return select(Source).where(
        Source.bureau_id == bureau_id,
        Source.kind_id == kind_id,
        Source.title == title,
        Source.paper_no == paper_no,
        Source.withdrawn_on.is_(None),
    )


def add_source(session: Session, by: By, source: Source) -> Source:
    """Put a source on the list."""
    with change(session, by, OfficeVerb.ADD_SOURCE) as rows:
        rows.add(source)
    return source


def correct_source(
    session: Session, by: By, source: Source, fields: Mapping[str, str | date | None], reason: str
) -> None:
    """更正来源: what was entered wrongly of these fields of SOURCE_FIELD; old and new stand in the office's history.

    Raises: Refused, without a reason or a title, or where nothing changes; Conflict, where the right one is there already.
    """
    if not reason.strip() or fields.get("title", source.title) == "":
        raise Refused(f"“{source.title}”没有更正", "没有写标题或更正原因", "请写明后再提交")
    of_meeting = select(Hearing.id).where(Hearing.source_id == source.id).limit(1)
    if fields.get("paper_no", source.paper_no) != source.paper_no and session.scalar(of_meeting) is not None:
        raise Refused(f"“{source.title}”没有更正", "文号就是会议的纪要编号", "请在会议页面改纪要编号")
    called = (fields.get("title", source.title), fields.get("paper_no", source.paper_no))
    same = _called(source.bureau_id, source.kind_id, *called).where(Source.id != source.id)
    if session.scalar(same.limit(1)) is not None:
        raise Conflict(f"“{source.title}”没有更正", "已有种类、名称、文号都相同的来源", "请核对")
    words = f"原因：{one_line(reason)}"
    alter_told(session, by, OfficeVerb.CORRECT_SOURCE, source, source.title, SOURCE_FIELD, fields, words)


def mark_sent(session: Session, by: By, source: Source, what: str, sent_on: date | None, number: str) -> None:
    """登记报送: plan or result (SENT) went to whoever asked for it; another day or number corrects that, no day undoes it.

    Raises: Refused, for a day that cannot be, or where nothing changes.
    """
    if sent_on is not None and not (source.received_on or sent_on) <= sent_on <= by.clock.today:
        why = f"报送日期 {sent_on} 早于收文日期 {source.received_on}，或在今天之后"
        raise Refused(f"“{source.title}”的{SENT[what]}没有登记报送", why, "请核对日期")
    fields = {f"{what}_sent_on": sent_on, f"{what}_sent_no": number if sent_on else ""}
    alter_told(session, by, OfficeVerb.MARK_SENT, source, source.title, SOURCE_FIELD, fields)


def alter_told(
    session: Session,
    by: By,
    verb: OfficeVerb,
    row: Base,
    called: str,
    labels: Mapping[str, str],
    fields: Mapping[str, object],
    *words: str,
) -> None:
    """Give a row other values; the event says each by its label, old and new, then `words`.

    Raises: Refused, where nothing changes.
    """
    wanted = {name: one_line(value)[:200] if type(value) is str else value for name, value in fields.items()}
    before = {name: getattr(row, name) for name in wanted}
    if wanted == before:
        raise Refused(f"“{called}”没有改动", "没有变化", "请改写要登记的栏目")
    told = [
        f"{labels[name]}：{_shown(before[name])} → {_shown(value)}"
        for name, value in wanted.items()
        if value != before[name]
    ]
    with change(session, by, verb, "；".join((*told, *words))) as rows:
        rows.alter(row)
        for name, value in wanted.items():
            setattr(row, name, value)


def _shown(value: object) -> str:
    return str(getattr(value, "word", value) or "（空）")


def history_of(session: Session, source: Source) -> list[OfficeEventRow]:
    """What the office changed of a source and of its steps, the newest first."""
    verbs = (
        OfficeVerb.RENUMBER_SOURCE,
        OfficeVerb.PUBLISH_SOURCE,
        OfficeVerb.CORRECT_SOURCE,
        OfficeVerb.MARK_SENT,
        OfficeVerb.ADD_STEP,
        OfficeVerb.CORRECT_STEP,
        OfficeVerb.REMOVE_STEP,
    )
    events = session.scalars(newest(verbs)).all()
    own = {key(source)} | {
        row
        for event in events
        for row, sides in rows_of(event).items()
        for facts in sides
        if facts and facts.get("source_id") == source.id
    }
    return [in_words(event) for event in events if own & rows_of(event).keys()]


def list_sources(session: Session, bureau_id: int) -> list[SourceRow]:
    """Everything in use that raised tasks, the newest first, with how many it raised."""
    raised = select(func.count()).where(RectificationTask.source_id == Source.id).scalar_subquery()
    rows = session.execute(
        select(Source, raised)
        .where(Source.bureau_id == bureau_id, Source.withdrawn_on.is_(None))
        .order_by(Source.id.desc())
        .options(joinedload(Source.kind))
    )
    return [frozen(SourceRow, source, tasks=tasks) for source, tasks in rows]


def replies_due(session: Session, bureau_ids: Collection[int]) -> Iterator[Reply]:
    """The plans and results that some bureaus have still to send."""
    for what in SENT:
        due_on, sent_on = getattr(Source, f"{what}_due_on"), getattr(Source, f"{what}_sent_on")
        waits = (
            Source.bureau_id.in_(bureau_ids),
            due_on.is_not(None),
            sent_on.is_(None),
            Source.withdrawn_on.is_(None),
        )
        query = select(Source).where(*waits).options(joinedload(Source.kind))
        for source in session.scalars(query.order_by(due_on, Source.id)):
            paper = f"{source.kind.name}来文{source.paper_no or f'第{source.id}号'}"
            day = getattr(source, f"{what}_due_on")
            yield Reply(source.bureau_id, source.id, what, paper, source.received_on, day)


def leaders_of(session: Session, source_id: int) -> list[int]:
    """The responsible leaders of what a source raised."""
    led = select(RectificationTask.leader_id).where(RectificationTask.source_id == source_id).distinct()
    return [leader for leader in session.scalars(led) if leader is not None]


def source_of_bureau(session: Session, bureau_id: int, source_id: int) -> Source:
    """A source by its own number. Raises: NotFound, also for another bureau's."""
    source = session.get(Source, source_id, options=[joinedload(Source.kind)])
    if source is None or source.bureau_id != bureau_id:
        raise NotFound(
            f"没有编号为 {source_id} 的问题来源", "", "请从“问题来源”中打开", command="rectify source list"
        )
    return source


def source_in_use(session: Session, bureau_id: int, source_id: int) -> Source:
    """A source by its own number, to be worked with.

    Raises: NotFound, as `source_of_bureau`; Refused, where its report was withdrawn.
    """
    source = source_of_bureau(session, bureau_id, source_id)
    if source.withdrawn_on is not None:
        raise Refused(f"“{source.title}”{WITHDRAWN}", "导入已撤回，这个来源不再使用", "请从“问题来源”中另选")
    return source
