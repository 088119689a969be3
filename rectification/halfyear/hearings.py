"""听取汇报: meetings that heard the work, their papers, and what they decided, which becomes tasks."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from core.clock import Clock
from core.errors import Conflict, NotFound, Refused
from core.files import StoredFile
from core.text import one_line, tidied
from core.workdays import WorkCalendar
from models.base import frozen, frozen_all
from models.enums import ItemKind, OfficeVerb
from models.organisation import Person
from models.report import Source
from models.review import FrozenVersion, Hearing, HearingPaper, Resolution, ReviewCycle
from models.task import RectificationTask
from rectification import casework
from rectification.halfyear.cycles import cycles_of, latest_cycle, latest_version, term_of_cycle
from rectification.halfyear.review_days import cycle_days, term_of
from rectification.office.actors import Acting, Actor, require_clerk
from rectification.office.journal import By, change
from rectification.office.settings import Policy, policy_of
from rectification.office.sources import MEETING, add_source, source_kind
from rectification.task.store_room import columns_of, must_fit
from rectification.task.time_limits import day_text

MAX_TEXT = 2_000


@dataclass(frozen=True, slots=True)
class NewHearing:
    """A meeting as it is recorded. `cycle` is the review it heard; as `cycle_on` has it, unless given."""

    held_on: date
    body: str
    topic: str
    minutes_no: str = ""
    presided_by_id: int | None = None
    note: str = ""
    cycle: ReviewCycle | None = None


@dataclass(frozen=True, slots=True)
class NewResolution:
    """One thing decided: a problem to be rectified or a piece of work, with the date the meeting set."""

    text: str
    kind: ItemKind = ItemKind.PLAN
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class NextHearing:
    """The hearing that is due next; `is_late` once its day has passed (尚未听取)."""

    term: str
    by: date
    is_late: bool


@dataclass(frozen=True, slots=True)
class ResolutionRow:
    """What was decided, and the code of its task."""

    position: int
    text: str
    task_code: str


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper as it was heard."""

    id: int
    file_name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class HearingRow:
    """A meeting as lists show it. `term` is the review it belongs to, `version` the figures it heard."""

    id: int
    held_on: date
    body: str
    topic: str
    minutes_no: str
    presided_by: str
    note: str
    term: str
    version: int | None
    papers: tuple[PaperRow, ...]
    resolutions: tuple[ResolutionRow, ...]


def add_hearing(session: Session, clock: Clock, by: Actor, new: NewHearing) -> Hearing:
    """Record a meeting.

    Raises: Refused, for a body not on the bureau's list, a day to come, no topic or another bureau's chair; Conflict,
    where the same meeting stands already.
    """
    require_clerk(by, "登记听取汇报")
    topic = checked_topic(session, clock, by, new.body, new.topic)
    if new.held_on > clock.today:
        raise Refused(
            f"会议日期 {new.held_on} 在今天之后", "", "请在会后登记；会前可先安排，系统会通知参加人员"
        )
    chair = session.get(Person, new.presided_by_id) if new.presided_by_id else None
    if new.presided_by_id and (chair is None or chair.bureau_id != by.bureau_id):
        raise Refused("主持人不是本单位的人员", "", "请从名单中选择主持人，或留空")
    _must_be_new(session, by.bureau_id, new, topic)
    cycle = new.cycle or cycle_on(session, by.bureau_id, new.held_on)
    version = latest_version(session, cycle.id) if cycle else None
    hearing = Hearing(
        bureau_id=by.bureau_id,
        cycle_id=cycle.id if cycle else None,
        frozen_version_id=version.id if version else None,
        held_on=new.held_on,
        body=new.body,
        topic=topic,
        minutes_no=one_line(new.minutes_no)[:200],
        presided_by_id=new.presided_by_id,
        note=tidied(new.note),
        recorded_by_id=by.person_id,
        recorded_at=clock.now,
    )
    session.add(hearing)
    session.flush()
    return hearing


def checked_topic(session: Session, clock: Clock, by: Actor, body: str, topic: str) -> str:
    """What a meeting is about, on one line.

    Raises: Refused, for a body not on the bureau's list, or no topic.
    """
    bodies = policy_of(session, by.bureau_id, clock.today).hearing_bodies
    if body not in bodies:
        what = f"“{body}”不在听取汇报的会议名单中" if body else "没有写是什么会议"
        raise Refused(what, "", f"可选：{'、'.join(bodies)}；名单可在设置中修改")
    if not one_line(topic):
        raise Refused("没有写议题", "", "请写明议题，例如“听取上半年法治建设工作情况汇报”")
    return one_line(topic)[:400]


def hearing_of(session: Session, by: Actor, hearing_id: int) -> Hearing:
    """A meeting of the person's own bureau. Raises: NotFound."""
    hearing = session.get(Hearing, hearing_id)
    if hearing is None or hearing.bureau_id != by.bureau_id:
        raise NotFound(
            f"没有第 {hearing_id} 号听取汇报记录", "", "请从听取汇报清单进入", command="rectify hearing list"
        )
    return hearing


def add_paper(session: Session, clock: Clock, by: Actor, hearing: Hearing, file: StoredFile) -> HearingPaper:
    """Keep a paper as it was heard; the file is in the store already.

    Raises: Conflict, where the meeting has it.
    """
    require_clerk(by, "登记会议材料")
    known = select(HearingPaper.id).where(
        HearingPaper.hearing_id == hearing.id, HearingPaper.sha256 == file.sha256
    )
    if session.scalar(known) is not None:
        raise Conflict(f"材料“{file.file_name}”已经登记过了")
    must_fit(session, hearing.bureau_id, file)
    paper = HearingPaper(
        hearing_id=hearing.id,
        **columns_of(file),
        added_by_id=by.person_id,
        added_at=clock.now,
    )
    session.add(paper)
    session.flush()
    return paper


def number_minutes(session: Session, by: By, hearing: Hearing, minutes_no: str) -> None:
    """Give a meeting the number its minutes were issued under; the tasks it decided come from that paper.

    Raises: Forbidden, where the person is not the clerk.
    """
    require_clerk(by.acting.actor, "登记纪要编号")
    hearing.minutes_no = one_line(minutes_no)[:200]
    if hearing.source_id is not None:
        with change(session, by, OfficeVerb.RENUMBER_SOURCE) as rows:
            rows.alter(session.get_one(Source, hearing.source_id)).paper_no = hearing.minutes_no
    session.flush()


def resolve(
    session: Session, clock: Clock, acting: Acting, hearing: Hearing, new: NewResolution
) -> RectificationTask:
    """议定事项: what the meeting decided becomes a draft that waits for the clerk to issue it.

    Raises: Forbidden, where the person is not the clerk; Refused, without words or with too many.
    """
    if len(tidied(new.text)) > MAX_TEXT:
        raise Refused(f"议定事项超过 {MAX_TEXT} 字", "", "请分成几项登记")
    task = casework.enter(
        session,
        clock,
        acting,
        casework.NewDraft(
            source_id=_source(session, By(clock, acting), hearing),
            kind=new.kind,
            text=new.text,
            due_on=new.due_on,
        ),
    )
    position = session.scalar(
        select(func.count()).select_from(Resolution).where(Resolution.hearing_id == hearing.id)
    )
    session.add(
        Resolution(hearing_id=hearing.id, position=1 + (position or 0), text=task.text, task_id=task.id)
    )
    session.flush()
    return task


def list_hearings(
    session: Session, bureau_id: int, *, since: date | None = None, until: date | None = None
) -> list[HearingRow]:
    """The meetings of a bureau, the newest first."""
    query = (
        select(Hearing)
        .where(Hearing.bureau_id == bureau_id)
        .order_by(Hearing.held_on.desc(), Hearing.id.desc())
        .options(
            joinedload(Hearing.cycle),
            joinedload(Hearing.presided_by),
            joinedload(Hearing.frozen_version).load_only(FrozenVersion.version),
            selectinload(Hearing.papers),
            selectinload(Hearing.resolutions).joinedload(Resolution.task),
        )
        .execution_options(populate_existing=True)
    )
    if since is not None:
        query = query.where(Hearing.held_on >= since)
    if until is not None:
        query = query.where(Hearing.held_on <= until)
    return [
        frozen(
            HearingRow,
            hearing,
            term=term_of_cycle(hearing.cycle).label if hearing.cycle else "",
            presided_by=chair.position + chair.name if (chair := hearing.presided_by) else "",
            version=hearing.frozen_version.version if hearing.frozen_version else None,
            papers=frozen_all(PaperRow, hearing.papers),
            resolutions=tuple(
                ResolutionRow(each.position, each.text, each.task.code) for each in hearing.resolutions
            ),
        )
        for hearing in session.scalars(query)
    ]


def unheard(session: Session, bureau_id: int, today: date) -> list[ReviewCycle]:
    """Reviews whose time for a hearing has passed without one (本半年尚未听取), the newest first."""
    return list(session.scalars(cycles_of(bureau_id, ReviewCycle.hearing_by < today, _UNHEARD)))


def next_hearing(
    session: Session, bureau_id: int, today: date, policy: Policy, workdays: WorkCalendar
) -> NextHearing:
    """The hearing that is due next: one whose time has passed before all others, then this term's or the next's."""
    late = unheard(session, bureau_id, today)
    if late:
        return NextHearing(term_of_cycle(late[-1]).label, late[-1].hearing_by, is_late=True)
    cycle = latest_cycle(session, bureau_id, today)
    if cycle is not None and not is_heard(session, cycle):
        return NextHearing(term_of_cycle(cycle).label, cycle.hearing_by, is_late=False)
    term = term_of(today, policy.review_cadence)
    if cycle is not None and term_of_cycle(cycle) == term:
        term = term_of(term.ends_on + timedelta(days=1), policy.review_cadence)
    return NextHearing(term.label, cycle_days(term, policy, workdays).hearing_by, is_late=False)


def is_heard(session: Session, cycle: ReviewCycle) -> bool:
    """Whether a meeting heard it."""
    return first_hearing(session, cycle) is not None


def first_hearing(session: Session, cycle: ReviewCycle) -> Hearing | None:
    """The first meeting that heard it."""
    query = select(Hearing).where(Hearing.cycle_id == cycle.id).order_by(Hearing.held_on, Hearing.id)
    return session.scalar(query.limit(1))


def _must_be_new(session: Session, bureau_id: int, new: NewHearing, topic: str) -> None:
    same = select(Hearing.id).where(
        Hearing.bureau_id == bureau_id,
        Hearing.held_on == new.held_on,
        Hearing.body == new.body,
        Hearing.topic == topic,
    )
    if (known := session.scalar(same)) is not None:
        raise Conflict(
            f"{new.held_on} {new.body}的这一议题已经登记过了（第 {known} 号）", "", "可直接补充议定事项"
        )


def cycle_on(session: Session, bureau_id: int, day: date) -> ReviewCycle | None:
    """The review a meeting on `day` is taken to hear: the oldest frozen and unheard, else the last whose window had opened."""
    opened = cycles_of(bureau_id, ReviewCycle.opens_on <= day)
    is_frozen = ReviewCycle.id.in_(select(FrozenVersion.cycle_id))
    waiting = session.scalars(opened.where(_UNHEARD, is_frozen)).all()
    return waiting[-1] if waiting else session.scalar(opened.limit(1))


_UNHEARD: Final = ~select(Hearing.id).where(Hearing.cycle_id == ReviewCycle.id).exists()


def _source(session: Session, by: By, hearing: Hearing) -> int:
    """Where the meeting's tasks come from, made at its first decision."""
    if hearing.source_id is None:
        source = Source(
            bureau_id=hearing.bureau_id,
            kind_id=source_kind(session, hearing.bureau_id, MEETING).id,
            title=f"{hearing.body}{day_text(hearing.held_on)}议定事项",
            paper_no=hearing.minutes_no,
            issuing_body=hearing.body,
            received_on=hearing.held_on,
        )
        hearing.source_id = add_source(session, by, source).id
    return hearing.source_id
