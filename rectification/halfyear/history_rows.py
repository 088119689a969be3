"""A bureau's tasks with their histories, read once and asked for any period or day; many small bureaus are read like one large one."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any, Final, Self

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from models.base import frozen
from models.enums import ApprovalLevel, Role, Status, TimeLimit
from models.history import TaskEvent
from models.organisation import Person, Unit
from models.report import Report, ReportItem, Source, SourceKind
from models.task import Closure, ClosureStep, Extension, Progress, RectificationTask
from rectification.lists.conditions import stated_on
from rectification.lists.figures import InLedger, Opening, Period, Row, in_period, whole_of
from rectification.lists.whose_move import Hands, whose_move
from rectification.office.people import in_office
from rectification.office.settings import Policy, policies
from rectification.task.as_of import REPLAYED, TaskHistory, TaskOnDay
from rectification.task.deadlines import Timing, look_since, missed_days
from rectification.task.drafting import code_order
from rectification.task.lifecycle import ENDED, OPEN, approval_level
from rectification.task.standing import past_events

Task = RectificationTask
_IN_PIECES: Final = {"yield_per": 2_000}


@dataclass(frozen=True, slots=True)
class PeriodRows:
    """The rows of a period by code; `left_out` counts those only named persons may see (仅限指定人员)."""

    rows: tuple[Row, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class _Known:
    """What of a task is not replayed: it identifies the task, or is text."""

    task_id: int
    code: str
    title: str
    text: str
    cause: str
    is_restricted: bool
    report_year: int | None
    source: str
    source_order: int
    source_paper: str


@dataclass(frozen=True, slots=True)
class _Said:
    """The latest the owner said in a period."""

    progress: str = ""
    progress_on: date | None = None
    late_reason: str = ""
    needs_decision: str = ""


@dataclass(frozen=True, slots=True)
class _Movers:
    """What says, beside the tasks, whose move each was on a day: heads with their units, requests, first words (`stated`)."""

    day: date
    policies: Mapping[int, Policy]
    heads: frozenset[tuple[int, int]]
    asked: Mapping[int, date]
    stated: Mapping[int, date | None]

    def timing(self, task_id: int, standing: TaskOnDay) -> Timing:
        is_long = standing.time_limit is TimeLimit.LONG_TERM  # it may have become so since
        return frozen(Timing, standing, stated_on=self.stated.get(task_id) if is_long else None)


class BureauHistory:
    """Tasks that were open at any time since `since`, or changed since.

    `source_id` narrows to one source, `task_ids` to some tasks. What is asked of the database is asked for the bureaus `beside`
    as well, and once: `of` is the history of one of them.
    """

    def __init__(
        self,
        session: Session,
        bureau_id: int,
        since: date,
        *,
        source_id: int | None = None,
        task_ids: Iterable[int] | None = None,
        beside: Collection[int] = (),
    ) -> None:
        self._bureau_ids = {bureau_id, *beside}
        changed = select(TaskEvent.task_id).where(
            TaskEvent.bureau_id.in_(self._bureau_ids), TaskEvent.effective_on >= since
        )
        asked_for: list[ColumnElement[bool]] = [Task.bureau_id.in_(self._bureau_ids)]
        if source_id is not None:
            asked_for.append(Task.source_id == source_id)
        if task_ids is not None:
            asked_for.append(Task.id.in_(list(task_ids)))
        self._session = session
        self._wanted = and_(*asked_for, or_(Task.status.not_in(ENDED), Task.id.in_(changed)))
        self._ended_before = and_(*asked_for, Task.status.in_(ENDED), Task.id.not_in(changed))
        self._entered: dict[int, date] = {}
        self._said, self._movers, self._ended = (
            cache(self._read_said),
            cache(self._read_movers),
            cache(self._read_ended),
        )
        self._known_of, now = self._read_tasks()
        self._histories = self._read_histories(now)
        self._people = dict(self._pairs(select(Person.id, Person.name), Person.bureau_id))
        self._units = dict(self._pairs(select(Unit.id, Unit.name), Unit.bureau_id))
        self._bureau_id, self._known = bureau_id, self._known_of.get(bureau_id, [])

    def of(self, bureau_id: int) -> Self:
        """The history of one of the bureaus that were read."""
        its = copy(self)
        its._bureau_id, its._known = bureau_id, self._known_of.get(bureau_id, [])
        return its

    def period(self, period: Period, *, said_by: date | None = None) -> PeriodRows:
        """The rows of `period`, with what owners said in it up to `said_by` (the cut-off, unless given)."""
        said = self._said(period.starts_on, said_by or period.cut_off_on)
        movers = self._movers(period.cut_off_on)
        rows = []
        left_out = 0
        for known in self._known:
            found = in_period(self._histories[known.task_id], period)
            if found is None:
                continue
            if known.is_restricted:
                left_out += 1
                continue
            before = self._histories[known.task_id].at(period.starts_on - timedelta(days=1))
            row = self._row(known, *found, said.get(known.task_id, _Said()), movers)
            if before is not None:
                row = replace(
                    row,
                    extensions_before=before.extensions,
                    was_redated_before=before.was_redated,
                    was_supervised_before=before.is_supervised,
                )
            rows.append(row)
        rows.sort(key=lambda row: (not row.is_problem, code_order(row.code)))
        return PeriodRows(tuple(rows), left_out)

    def with_results(self, rows: Sequence[Row], day: date) -> tuple[Row, ...]:
        """The same with the words that what was closed by `day` was closed with."""
        closed = [row.task_id for row in rows if row.status is Status.CLOSED]
        query = (
            select(Closure.task_id, Closure.statement)
            .where(Closure.task_id.in_(closed), Closure.steps.any(ClosureStep.signed_on <= day))
            .order_by(Closure.round)
        )
        said = dict(self._session.execute(query).tuples().all()) if closed else {}
        return tuple(replace(row, statement=said.get(row.task_id, "")) for row in rows)

    def whole(self, day: date) -> InLedger:
        """全部在账 at the end of `day`: its standings, and what ended before `since`."""
        found = [(each.kind, each.status, each.issued_on) for each in self.standings(day).values()]
        found += [tuple(rest) for bureau_id, *rest in self._ended() if bureau_id == self._bureau_id]
        by_kind = (
            whole_of([(status, issued) for kind, status, issued in found if kind.is_problem is asked], day)
            for asked in (True, False)
        )
        return InLedger(*by_kind)

    def standings(self, day: date) -> dict[int, TaskOnDay]:
        """Every task in the ledger at the end of `day`, ended ones among them, that all may see."""
        found = {
            known.task_id: self._histories[known.task_id].at(day)
            for known in self._known
            if not known.is_restricted
        }
        return {
            task_id: standing for task_id, standing in found.items() if standing and standing.is_in_ledger
        }

    def _read_ended(self) -> Sequence[Any]:
        columns = select(Task.bureau_id, Task.kind, Task.status, Task.issued_on)
        return self._session.execute(
            columns.where(self._ended_before, Task.status != Status.ARCHIVED, Task.is_restricted.is_(False))
        ).all()

    def _read_tasks(self) -> tuple[dict[int, list[_Known]], dict[int, Mapping[str, Any]]]:
        known_of = (Task.id, Task.code, Task.title, Task.text, Task.cause, Task.is_restricted, Report.year)
        source = (SourceKind.name, SourceKind.position, Source.paper_no)
        query = (
            select(Task.bureau_id, *known_of, *source, *(getattr(Task, name) for name in REPLAYED))
            .join(Source, Source.id == Task.source_id)
            .join(SourceKind, SourceKind.id == Source.kind_id)
            .outerjoin(ReportItem, ReportItem.id == Task.report_item_id)
            .outerjoin(Report, Report.id == ReportItem.report_id)
            .where(self._wanted)
        )
        known: dict[int, list[_Known]] = {}
        now: dict[int, Any] = {}
        for row in self._session.execute(query, execution_options=_IN_PIECES):
            known.setdefault(row.bureau_id, []).append(_Known(*row[1:11]))
            now[row.id] = row._mapping  # a tenth of a dict
        return known, now

    def _read_histories(self, now: Mapping[int, Mapping[str, Any]]) -> dict[int, TaskHistory]:
        told = ("task_id", "sequence", "verb", "old_status", "new_status", "effective_on", "changes", "at")
        query = (
            select(*(getattr(TaskEvent, name) for name in told))
            .join(Task, Task.id == TaskEvent.task_id)
            .where(self._wanted)
            .order_by(TaskEvent.task_id, TaskEvent.sequence)
        )
        events: dict[int, list[Any]] = {task_id: [] for task_id in now}
        for event in self._session.execute(query, execution_options=_IN_PIECES):
            events[event.task_id].append(event)
            if event.new_status in OPEN:
                self._entered.setdefault(event.task_id, event.at.date())
        return {
            task_id: TaskHistory(now[task_id], tuple(past_events(of_task)))
            for task_id, of_task in events.items()
        }

    def _read_said(self, since: date, until: date) -> dict[int, _Said]:
        words = (Progress.text, Progress.reported_on, Progress.late_reason, Progress.needs_decision)
        query = (
            select(Progress.task_id, *words)
            .join(Task, Task.id == Progress.task_id)
            .where(self._wanted, Progress.reported_on.between(since, until))
            .order_by(Progress.reported_on, Progress.id)
        )
        said: dict[int, _Said] = {}
        for task_id, text, day, reason, wish in self._session.execute(query):
            before = said.get(task_id, _Said())
            said[task_id] = _Said(text, day, reason or before.late_reason, wish or before.needs_decision)
        return said

    def _read_movers(self, day: date) -> _Movers:
        session, own = self._session, Person.bureau_id.in_(self._bureau_ids)
        heads = in_office(day, Role.UNIT_HEAD).add_columns(Person.unit_id).where(own)
        asked = (
            select(Extension.task_id, Extension.asked_on)
            .join(Task, Task.id == Extension.task_id)
            .where(
                self._wanted,
                Extension.asked_on <= day,
                or_(Extension.decided_on.is_(None), Extension.decided_on > day),
            )
        )
        stated = select(Task.id, stated_on(day)).where(self._wanted, Task.time_limit == TimeLimit.LONG_TERM)
        return _Movers(
            day,
            policies(session, self._bureau_ids, day),
            frozenset(session.execute(heads).tuples().all()),
            dict(session.execute(asked).tuples().all()),
            dict(session.execute(stated).tuples().all()),
        )

    def _whose_move(self, task_id: int, standing: TaskOnDay, movers: _Movers) -> str:
        hands = frozen(
            Hands,
            standing,
            is_chiefs=approval_level(standing) is ApprovalLevel.CHIEF,
            is_heads_own=(standing.officer_id, standing.lead_unit_id) in movers.heads,
            asked_on=movers.asked.get(task_id),
            look_since=look_since(movers.timing(task_id, standing), movers.day),
        )
        move = whose_move(hands, movers.policies[self._bureau_id])
        unit = self._units.get(standing.lead_unit_id or 0, "")
        return move.words(self._people.get(move.person_id or 0, ""), unit) if move else ""

    def _row(self, known: _Known, standing: TaskOnDay, opening: Opening, said: _Said, movers: _Movers) -> Row:
        return frozen(
            Row,
            standing,
            known,
            said,
            unit=self._units.get(standing.lead_unit_id or 0, ""),
            unit_order=standing.lead_unit_id or 0,
            officer=self._people.get(standing.officer_id or 0, ""),
            leader=self._people.get(standing.leader_id or 0, ""),
            opening=opening,
            is_entered_late=self._entered.get(known.task_id, date.min) > movers.day,
            missed_days=missed_days(movers.timing(known.task_id, standing), movers.day),
            whose_move=self._whose_move(known.task_id, standing, movers),
        )

    def _pairs(self, query: Any, of_bureau: Any) -> list[tuple[int, str]]:
        found = self._session.execute(query.where(of_bureau.in_(self._bureau_ids)))
        return [(number, name) for number, name in found]
