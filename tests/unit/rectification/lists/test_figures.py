"""Figures as of a day equal counting by hand, whatever happened and in whatever order it was recorded."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.enums import ItemKind, Status, TimeLimit, Verb
from rectification.lists import figures
from rectification.lists.figures import (
    FIGURES,
    Figure,
    Opening,
    Period,
    Row,
    Selection,
    Tally,
    count,
    figure_label,
    in_period,
    rows_behind,
    tally,
)
from rectification.task.as_of import REPLAYED, PastEvent, TaskHistory
from rectification.task.lifecycle import TRANSITIONS, next_status

FIRST = date(2026, 1, 1)
PERIOD = Period(date(2026, 3, 1), date(2026, 4, 30))
OPEN = {Status.ASSIGNED, Status.IN_PROGRESS, Status.SUBMITTED, Status.VERIFIED, Status.PUBLICISED}

_NOTHING: dict[str, Any] = {
    "due": date.max,
    "status": None,
    "sent": None,
    "ended": None,
    "late": 0,
    "extended": 0,
    "redated": False,
}


@dataclass
class Told:
    """One task kept by hand: what it was after each thing that happened, and the day that counted from."""

    kind: ItemKind
    columns: dict[str, Any]
    events: list[PastEvent] = field(default_factory=list)
    days: list[date] = field(default_factory=list)
    states: list[dict[str, Any]] = field(default_factory=list)

    def happen(self, verb: Verb, status: Status, day: date, changes: Mapping[str, Any]) -> None:
        recorded = {name: [_plain(self.columns[name]), _plain(value)] for name, value in changes.items()}
        self.columns.update(changes)
        self.events.append(PastEvent(status, day, recorded))
        counts_from = self.counts_from(status, day)
        self.days = [min(each, counts_from) for each in self.days]
        before = self.states[-1] if self.states else dict(_NOTHING)
        state = before | {"status": status, "due": self.columns["due_on"]}
        state["extended"] += verb is Verb.GRANT_EXTENSION
        state["redated"] |= verb is Verb.REDATE and counts_from > before["due"]
        if status is Status.SUBMITTED and before["status"] is not Status.SUBMITTED:
            state["sent"] = counts_from
            state["late"] = max((counts_from - self.columns["due_on"]).days, 0)
        if status in (Status.CLOSED, Status.TERMINATED) and status is not before["status"]:
            state["ended"] = counts_from
        self.days.append(counts_from)
        self.states.append(state)

    def counts_from(self, status: Status, day: date) -> date:
        """The paper's day, but never before what it follows, unless that was done to a draft that is now issued."""
        is_issued = status in OPEN and all(state["status"] not in OPEN for state in self.states)
        return day if is_issued else max([day, *self.days[-1:]])

    def on(self, day: date) -> dict[str, Any] | None:
        found = None
        for counts_from, state in zip(self.days, self.states, strict=True):
            if counts_from <= day:
                found = state
        return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@st.composite
def tasks(draw: st.DrawFn) -> Told:
    """A walk along the table of transitions; some steps are recorded from papers dated days before."""
    kind = draw(st.sampled_from(ItemKind))
    columns: dict[str, Any] = dict.fromkeys(REPLAYED)
    columns |= {
        "kind": kind,
        "time_limit": TimeLimit.DATED,
        "paused_days": 0,
        "extension_count": 0,
        "days_overdue_at_redating": 0,
        "is_supervised": False,
        "is_recurring": False,
        "lead_unit_id": draw(st.integers(1, 3)),
    }
    told = Told(kind, columns)
    status, today = Status.DRAFT, FIRST + timedelta(days=draw(st.integers(0, 60)))
    told.happen(Verb.DRAFT, status, today, {"due_on": FIRST + timedelta(days=draw(st.integers(30, 150)))})
    for _ in range(draw(st.integers(0, 9))):
        today += timedelta(days=draw(st.integers(0, 25)))
        verbs = [verb for verb, row in TRANSITIONS.items() if status in row.origins]
        if not verbs:
            break
        verb = draw(st.sampled_from(verbs))
        status = next_status(status, verb, kind, is_publicity_required=draw(st.booleans()))
        changes: dict[str, Any] = {}
        if verb in (Verb.GRANT_EXTENSION, Verb.REDATE):
            changes["due_on"] = columns["due_on"] + timedelta(days=draw(st.integers(1, 60)))
        if verb is Verb.TRANSFER:
            changes["lead_unit_id"] = draw(st.integers(1, 3))
        paper = today - timedelta(days=draw(st.sampled_from([0, 0, 0, 3, 40])))
        counts_from = told.counts_from(status, paper)
        overdue = max((counts_from - columns["due_on"]).days, 0)
        if verb is Verb.GRANT_EXTENSION:
            changes["extension_count"] = columns["extension_count"] + 1
        if verb is Verb.SUBMIT:
            changes["days_overdue_at_submission"] = overdue
        if verb is Verb.REDATE:
            changes["days_overdue_at_redating"] = columns["days_overdue_at_redating"] + overdue
        told.happen(verb, status, paper, changes)
    return told


def row_of(told: Told, number: int) -> Row | None:
    found = in_period(TaskHistory(told.columns, told.events), PERIOD)
    if found is None:
        return None
    standing, opening = found
    return Row(
        task_id=number,
        code=f"2026-{number:03d}",
        kind=standing.kind,
        title="",
        text="",
        unit=f"第{standing.lead_unit_id}科",
        unit_order=standing.lead_unit_id or 0,
        officer="",
        leader="",
        source="本单位报告" if number % 2 else "审计",
        source_order=number % 2,
        source_paper="",
        status=standing.status,
        opening=opening,
        time_limit=standing.time_limit,
        issued_on=standing.issued_on,
        due_on=standing.due_on,
        original_due_on=standing.original_due_on,
        deadline_on=standing.deadline_on,
        submitted_on=standing.submitted_on,
        ended_on=standing.ended_on,
        overdue_days=standing.overdue_days,
        days_late=standing.days_late,
        extensions=standing.extensions,
        was_redated=standing.was_redated,
        is_supervised=False,
        is_recurring=False,
    )


def by_hand(ledger: list[Told]) -> Tally:
    """The figures a clerk finds with a pencil, going through the ledger once."""
    found = dict.fromkeys((figure.value for figure in Figure), 0)
    ended = {Status.CLOSED, Status.TERMINATED}
    for told in ledger:
        before, end = told.on(PERIOD.starts_on - timedelta(days=1)), told.on(PERIOD.cut_off_on)
        was, now = before and before["status"], end and end["status"]
        if end is None or now not in OPEN | ended:
            continue
        if was in ended and now in ended and end["ended"] < PERIOD.starts_on:
            continue
        found["total"] += 1
        found["carried" if was in OPEN else "reopened" if was in ended else "added"] += 1
        found["extended"] += end["extended"] > 0
        found["redated"] += end["redated"]
        is_late = end["late"] > 0 or end["redated"]
        if now is Status.CLOSED:
            found["closed"] += 1
            found["closed_late" if is_late else "closed_on_time"] += 1
        elif now is Status.TERMINATED:
            found["terminated"] += 1
        else:
            found["running"] += 1
            waits = now in (Status.SUBMITTED, Status.VERIFIED, Status.PUBLICISED)
            found["overdue"] += end["late"] > 0 if waits else end["due"] < PERIOD.cut_off_on
    return Tally(**found)


@settings(max_examples=300, deadline=None)
@given(st.lists(tasks(), max_size=12))
def test_figures_equal_counting_by_hand(ledger: list[Told]) -> None:
    rows = [row for number, told in enumerate(ledger, 1) if (row := row_of(told, number))]
    figures = count(rows)
    assert figures.problems == by_hand([told for told in ledger if told.kind.is_problem])
    assert figures.plans == by_hand([told for told in ledger if not told.kind.is_problem])


@settings(max_examples=150, deadline=None)
@given(st.lists(tasks(), max_size=12))
def test_every_figure_adds_up_and_leads_to_its_rows(ledger: list[Told]) -> None:
    rows = [row for number, told in enumerate(ledger, 1) if (row := row_of(told, number))]
    figures = count(rows)
    for all_of in (figures.problems, figures.plans):
        assert all_of.total == all_of.carried + all_of.added + all_of.reopened
        assert all_of.total == all_of.closed + all_of.running + all_of.terminated
        assert all_of.closed == all_of.closed_on_time + all_of.closed_late
        assert all_of.overdue <= all_of.running
    for groups, name in ((figures.by_unit, "unit"), (figures.by_source, "source")):
        for figure in FIGURES:
            assert sum(group.problems.of(figure) for group in groups) == figures.problems.of(figure)
            for group in groups:
                narrowed = {name: group.name}
                behind = rows_behind(rows, Selection(figure, are_problems=True, **narrowed))
                assert len(behind) == group.problems.of(figure)
                behind = rows_behind(rows, Selection(figure, are_problems=False, **narrowed))
                assert len(behind) == group.plans.of(figure)


@settings(max_examples=150, deadline=None)
@given(tasks(), st.integers(0, 400))
def test_what_is_recorded_later_with_a_later_date_changes_no_past_day(told: Told, days: int) -> None:
    history = TaskHistory(dict(told.columns), list(told.events))
    past = FIRST + timedelta(days=days)
    before = history.at(past)
    status = told.states[-1]["status"]
    told.happen(
        Verb.CORRECT, status, past + timedelta(days=1), {"due_on": date(2030, 1, 1), "lead_unit_id": 9}
    )
    assert TaskHistory(told.columns, told.events).at(past) == before


def walked(*steps: tuple[Verb, Status, date], due: date = date(2026, 4, 10)) -> Told:
    columns: dict[str, Any] = dict.fromkeys(REPLAYED)
    columns |= {"kind": ItemKind.FINDING, "time_limit": TimeLimit.DATED, "paused_days": 0, "due_on": due}
    columns |= {"extension_count": 0, "days_overdue_at_redating": 0}
    told = Told(ItemKind.FINDING, columns)
    for verb, status, day in steps:
        late = {"days_overdue_at_submission": max((day - due).days, 0)} if verb is Verb.SUBMIT else {}
        told.happen(verb, status, day, late)
    return told


def test_a_closure_signed_on_paper_before_the_cut_off_counts_though_recorded_after_it() -> None:
    told = walked(
        (Verb.ISSUE, Status.ASSIGNED, date(2026, 3, 2)),
        (Verb.ACCEPT, Status.IN_PROGRESS, date(2026, 3, 3)),
        (Verb.SUBMIT, Status.SUBMITTED, date(2026, 4, 8)),
        (Verb.VERIFY, Status.VERIFIED, date(2026, 4, 20)),
        (Verb.APPROVE, Status.CLOSED, date(2026, 4, 30)),
    )
    row = row_of(told, 1)
    assert row is not None
    assert (row.status, row.ended_on, row.days_late) == (Status.CLOSED, date(2026, 4, 30), 0)


def test_an_event_never_counts_before_the_one_it_follows() -> None:
    told = walked(
        (Verb.ISSUE, Status.ASSIGNED, date(2026, 5, 4)),
        (Verb.ACCEPT, Status.IN_PROGRESS, date(2026, 4, 20)),  # the paper claims to be older than the order
    )
    assert row_of(told, 1) is None


def test_a_task_closed_before_the_period_is_not_of_it_and_a_reopened_one_is() -> None:
    closed = walked(
        (Verb.ISSUE, Status.ASSIGNED, date(2026, 1, 5)),
        (Verb.APPROVE, Status.CLOSED, date(2026, 2, 20)),
    )
    assert row_of(closed, 1) is None
    closed.happen(Verb.REOPEN, Status.IN_PROGRESS, date(2026, 3, 20), {})
    row = row_of(closed, 1)
    assert row is not None
    assert (row.opening, row.status) == (Opening.REOPENED, Status.IN_PROGRESS)


def test_while_it_waits_for_its_reviewer_it_is_no_later_than_when_it_was_submitted() -> None:
    told = walked(
        (Verb.ISSUE, Status.ASSIGNED, date(2026, 3, 2)),
        (Verb.SUBMIT, Status.SUBMITTED, date(2026, 4, 10)),
    )
    row = row_of(told, 1)
    assert row is not None
    assert (row.overdue_days, row.days_late) == (0, 0)


@pytest.mark.parametrize(
    ("closed", "terminated", "total", "rate"),
    [
        (1, 0, 3, "33.3%"),
        (2, 0, 3, "66.7%"),
        (4, 0, 11, "36.4%"),
        (2, 1, 3, "100.0%"),
        (0, 0, 0, "—"),
        (0, 2, 2, "—"),
        (1999, 0, 2000, "99.9%"),
        (1, 0, 5000, "0.1%"),
        (0, 0, 3, "0.0%"),
    ],
)
def test_the_rate_is_what_a_reader_works_out_and_only_all_is_100(
    closed: int, terminated: int, total: int, rate: str
) -> None:
    assert replace(Tally(), closed=closed, terminated=terminated, total=total).rate == rate


def test_a_ledger_without_tasks_has_no_figures() -> None:
    assert tally([]) == Tally()
    assert count([]).by_unit == ()


def closed_on(day: date, *, due: date = date(2026, 4, 10)) -> Told:
    return walked(
        (Verb.ISSUE, Status.ASSIGNED, date(2026, 1, 5)),
        (Verb.SUBMIT, Status.SUBMITTED, day),
        (Verb.APPROVE, Status.CLOSED, day),
        due=due,
    )


def test_what_is_closed_on_the_first_or_the_last_day_of_a_period_is_of_it() -> None:
    for day in (PERIOD.starts_on, PERIOD.cut_off_on):
        row = row_of(closed_on(day), 1)
        assert row is not None
        assert (row.opening, row.status, row.ended_on) == (Opening.CARRIED, Status.CLOSED, day)
    assert row_of(closed_on(PERIOD.starts_on - timedelta(days=1)), 1) is None


def test_what_was_closed_and_reopened_and_closed_again_within_a_period_came_in_by_reopening() -> None:
    told = closed_on(date(2026, 2, 20))
    told.happen(Verb.REOPEN, Status.IN_PROGRESS, PERIOD.starts_on, {})
    told.happen(Verb.APPROVE, Status.CLOSED, PERIOD.starts_on, {})
    row = row_of(told, 1)
    assert row is not None
    assert (row.opening, row.status, row.ended_on) == (Opening.REOPENED, Status.CLOSED, PERIOD.starts_on)


def test_what_is_issued_on_the_cut_off_day_is_of_the_period_and_a_day_later_of_the_next() -> None:
    row = row_of(walked((Verb.ISSUE, Status.ASSIGNED, PERIOD.cut_off_on)), 1)
    assert row is not None
    assert (row.opening, row.status) == (Opening.ADDED, Status.ASSIGNED)
    assert row_of(walked((Verb.ISSUE, Status.ASSIGNED, PERIOD.cut_off_on + timedelta(days=1))), 1) is None


def test_a_task_redated_once_overdue_is_closed_late_however_early_it_is_submitted_then() -> None:
    row = row_of(closed_on(PERIOD.starts_on), 1)
    assert row is not None
    assert (row.days_late, row.was_redated) == (0, False)
    for each, on_time in (
        (row, 1),
        (replace(row, was_redated=True), 0),
        (replace(row, days_late=3), 0),
        (replace(row, days_late=None), 1),
    ):
        found = tally([each])
        assert (found.closed, found.closed_on_time, found.closed_late) == (1, on_time, 1 - on_time)


def test_a_figure_has_a_name_for_problems_one_for_plans_and_one_for_both() -> None:
    closed = [figure_label(Figure.CLOSED, are_problems=asked) for asked in (None, True, False)]
    assert closed == ["已销号办结", "已销号", "已办结"]
    assert figure_label(Figure.TOTAL) == "总数"


def test_the_papers_stand_beside_the_whole_they_add_up_to() -> None:
    whole = figures.Whole(total=12, earlier=4, origins="2024年度报告4项，2025年度报告8项")
    assert whole.scope == "全部在账12项（2024年度报告4项，2025年度报告8项），含往年4项"
    assert figures.Whole(total=12, earlier=4).scope == "全部在账12项，含往年4项"


def test_every_annual_report_is_named_by_its_year_however_little_it_brought() -> None:
    counts = {
        (1, "本单位报告", 2024): 4,
        (1, "本单位报告", 2026): 1,
        (1, "本单位报告", 2025): 8,
        (2, "法治督察", None): 3,
        (3, "案卷评查", None): 2,
        (4, "投诉", None): 5,
    }
    assert figures.origin_words(counts, 2) == (
        "2024年度报告4项，2025年度报告8项，2026年度报告1项，法治督察3项，投诉5项，其他来源2项"
    )
