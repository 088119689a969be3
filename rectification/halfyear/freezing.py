"""Frozen versions: what a briefing says stays what it was when the clerk confirmed it.

A version holds rows, figures and the end of the bureau's history as canonical JSON; whoever writes a document reads
the version, never the ledger. What changed since is told beside it, not written into it.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from core.clock import Clock
from core.errors import Conflict, NotFound, Refused
from core.text import canonical, sha256_of
from models.base import frozen
from models.history import ChainHead
from models.organisation import Unit
from models.review import FrozenVersion, ReviewCycle
from rectification.halfyear.cycles import (
    find_cycle,
    first_issued,
    latest_version,
    locked_cycle,
    period_of,
    term_of_cycle,
)
from rectification.halfyear.duty import DutyFacts, Meeting, duty_facts, last_meeting
from rectification.halfyear.history_rows import BureauHistory
from rectification.halfyear.review_days import Term, term_of
from rectification.lists.figures import Figures, InLedger, Period, Row, Tally, count, tally
from rectification.lists.source_steps import counts_by_source
from rectification.office.actors import Actor, require_clerk
from rectification.office.chain import GENESIS
from rectification.office.settings import policy_of


@dataclass(frozen=True, slots=True)
class EarlierTerm:
    """The term before, as far as it is compared with."""

    label: str
    cut_off_on: date
    problems: Tally
    plans: Tally


@dataclass(frozen=True, slots=True)
class Frozen:
    """What one version holds. `left_out` counts tasks only named persons may see; `duty` is what the head did.

    `source_counts` are the sources' own (约谈8人次), by name. `last_heard` is the meeting before; `begun_on` the ledger's first day where that is after the period.
    A version frozen before versions held it has no `whole`.
    """

    bureau: str
    term: Term
    period: Period
    rows: tuple[Row, ...]
    left_out: int
    figures: Figures
    earlier: EarlierTerm | None
    listed: int
    duty: DutyFacts = field(default_factory=DutyFacts)
    whole: InLedger | None = None
    last_heard: Meeting | None = None
    begun_on: date | None = None
    source_counts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """A frozen version read back; number 0 is a preview that nobody froze."""

    id: int
    cycle_id: int
    number: int
    frozen_on: date
    chain_count: int
    chain_head: str
    sha256: str
    frozen: Frozen

    @property
    def is_frozen(self) -> bool:
        return self.number > 0

    @property
    def label(self) -> str:
        return version_label(self.number)


_FROZEN: Final = TypeAdapter(Frozen)


def version_label(number: int) -> str:
    return f"第{number}版" if number else "未冻结"


def compute(session: Session, bureau_id: int, term: Term, period: Period, *, said_by: date) -> Frozen:
    """What freezing would hold: the ledger as of the cut-off, with what owners said up to `said_by`."""
    bureau = session.get_one(Unit, bureau_id)
    begun = first_issued(session, (bureau_id,)).get(bureau_id)
    before = term_of(term.starts_on - timedelta(days=1), term.cadence)
    earlier_cycle = find_cycle(session, bureau_id, before)
    earlier = (
        period_of(earlier_cycle)
        if earlier_cycle
        else Period(before.starts_on, period.starts_on - timedelta(days=1))
    )
    ledger = BureauHistory(session, bureau_id, earlier.starts_on)
    found = ledger.period(period, said_by=max(said_by, period.cut_off_on))
    return Frozen(
        bureau=bureau.name,
        term=term,
        period=period,
        rows=ledger.with_results(found.rows, period.cut_off_on),
        left_out=found.left_out,
        figures=count(found.rows),
        earlier=_earlier(session, before, earlier, earlier_cycle, ledger)
        if begun and begun <= earlier.cut_off_on
        else None,
        listed=policy_of(session, bureau_id, period.cut_off_on).briefing_listed,
        duty=duty_facts(session, bureau_id, period),
        whole=ledger.whole(period.cut_off_on),
        last_heard=last_meeting(session, bureau_id, period.cut_off_on),
        begun_on=begun if begun and begun > period.cut_off_on else None,
        source_counts=counts_by_source(session, bureau_id, period),
    )


def compute_cycle(session: Session, cycle: ReviewCycle, *, said_by: date) -> Frozen:
    """The same for an opened cycle."""
    return compute(session, cycle.bureau_id, term_of_cycle(cycle), period_of(cycle), said_by=said_by)


def preview(session: Session, clock: Clock, bureau_id: int, term: Term) -> Version:
    """What there is to say today of a term nobody has frozen: a version without a number.

    Raises: Refused, for a term that has not begun.
    """
    cycle = find_cycle(session, bureau_id, term)
    period = period_of(cycle) if cycle else Period(term.starts_on, term.ends_on)
    if period.starts_on > clock.today:
        raise Refused(f"{term.label}还没有开始", "", "请核对年份和期间")
    period = Period(period.starts_on, min(period.cut_off_on, clock.today))
    head = session.get(ChainHead, bureau_id)
    return Version(
        id=0,
        cycle_id=cycle.id if cycle else 0,
        number=0,
        frozen_on=clock.today,
        chain_count=head.sequence if head else 0,
        chain_head=head.hash if head else GENESIS,
        sha256="",
        frozen=compute(session, bureau_id, term, period, said_by=clock.today),
    )


def newest(session: Session, clock: Clock, bureau_id: int, term: Term) -> Version:
    """The newest frozen version of a term, or a preview where nothing is frozen."""
    cycle = find_cycle(session, bureau_id, term)
    if cycle is None or latest_version(session, cycle.id) is None:
        return preview(session, clock, bureau_id, term)
    return version_of(session, cycle)


def freeze(session: Session, clock: Clock, by: Actor, cycle: ReviewCycle) -> Version:
    """Freeze the figures as they are now; a second time makes the next version.

    Raises: Forbidden, where the person is not the clerk; Refused, before the cut-off is over; Conflict, where
    nothing has changed since the last version.
    """
    require_clerk(by, "冻结数据")
    cycle = locked_cycle(session, cycle)
    label = term_of_cycle(cycle).label
    if clock.today < cycle.cut_off_on:
        raise Refused(f"{label}的截止日 {cycle.cut_off_on} 还没有到", "", "请到截止日再冻结，或先调整截止日")
    content = content_of(compute_cycle(session, cycle, said_by=clock.today))
    last = latest_version(session, cycle.id)
    if last is not None and last.content == content:
        raise Conflict(f"{label}第{last.version}版冻结以后没有变化", "", "可直接使用这一版")
    head = session.get(ChainHead, cycle.bureau_id)
    kept = FrozenVersion(
        cycle_id=cycle.id,
        version=last.version + 1 if last else 1,
        content=content,
        sha256=sha256_of(content),
        chain_count=head.sequence if head else 0,
        chain_head=head.hash if head else GENESIS,
        frozen_on=clock.today,
        frozen_at=clock.now,
        frozen_by_id=by.person_id,
    )
    session.add(kept)
    session.flush()
    return read(kept)


def read(kept: FrozenVersion) -> Version:
    """A version as values. Raises: Conflict, where its content is not what was frozen."""
    if sha256_of(kept.content) != kept.sha256:
        raise Conflict(f"冻结的第{kept.version}版内容与其校验值不符", "数据可能被改动过", "请用备份核对")
    content = _FROZEN.validate_json(kept.content)
    return frozen(Version, kept, number=kept.version, frozen=content)


def versions_of(session: Session, cycle: ReviewCycle) -> list[Version]:
    """Every version of a cycle, the newest first."""
    kept = select(FrozenVersion).where(FrozenVersion.cycle_id == cycle.id)
    return [read(each) for each in session.scalars(kept.order_by(FrozenVersion.version.desc()))]


def frozen_by_name(
    session: Session, bureau_ids: Collection[int]
) -> Iterator[tuple[str, Term, FrozenVersion]]:
    """Every version some bureaus froze, the oldest first, by bureau and term: its content is read where it is asked for."""
    kept = select(Unit.name, ReviewCycle, FrozenVersion).options(defer(FrozenVersion.content))
    kept = kept.join(ReviewCycle, ReviewCycle.id == FrozenVersion.cycle_id)
    own = kept.join(Unit, Unit.id == ReviewCycle.bureau_id).where(Unit.id.in_(bureau_ids))
    for bureau, cycle, version in session.execute(own.order_by(FrozenVersion.id)):
        yield bureau, term_of_cycle(cycle), version


def version_of(session: Session, cycle: ReviewCycle, number: int | None = None) -> Version:
    """A version of a cycle by its number, or the newest. Raises: NotFound, where nothing is frozen yet."""
    query = select(FrozenVersion).where(FrozenVersion.cycle_id == cycle.id)
    if number is not None:
        query = query.where(FrozenVersion.version == number)
    kept = session.scalar(query.order_by(FrozenVersion.version.desc()).limit(1))
    if kept is None:
        label = term_of_cycle(cycle).label
        what = f"{label}没有第{number}版" if number else f"{label}的数据还没有冻结"
        raise NotFound(what, "", "请台账管理员在截止日后冻结", command="rectify review freeze")
    return read(kept)


def content_of(version: Frozen) -> str:
    """A version as it is kept."""
    return canonical(_FROZEN.dump_python(version, mode="json"))


def _earlier(
    session: Session, term: Term, period: Period, cycle: ReviewCycle | None, ledger: BureauHistory
) -> EarlierTerm | None:
    """The term before: from its own frozen version where there is one, else from history; None before the ledger began."""
    kept = latest_version(session, cycle.id) if cycle else None
    rows = (kept and read(kept).frozen.rows) or ledger.period(period).rows
    if not rows:
        return None
    return EarlierTerm(
        label=term.label,
        cut_off_on=period.cut_off_on,
        problems=tally([row for row in rows if row.is_problem]),
        plans=tally([row for row in rows if not row.is_problem]),
    )
