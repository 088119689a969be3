"""One frozen version says the same figures on paper, on the page and in the summary: those counted by hand over whatever
stands in the ledger; and goes on saying them whatever is recorded later.
"""

import io
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count as numbers
from typing import Final

import pytest
from docx import Document
from docx.document import Document as DocxDocument
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import etree, html
from sqlalchemy.orm import Session

from core.db import Database
from documents.halfyear.briefing_docx import write_briefing
from documents.halfyear.briefing_page import briefing_body
from documents.halfyear.summary_docx import write_bulletin
from documents.halfyear.summary_page import summary_body
from models.enums import Cadence, ItemKind, Status
from models.report import Source
from models.task import RectificationTask
from rectification import casework
from rectification.casework import IssueOrder
from rectification.halfyear import cycles, freezing
from rectification.halfyear.freezing import Version
from rectification.halfyear.review_days import Term
from rectification.halfyear.summaries import SummaryPage
from rectification.halfyear.summary_versions import keep_summaries, read_summary
from rectification.office.sources import source_kind
from tests.factories import Office, acting, actor, clock_on, make_bureau, make_task

TERM: Final = Term(Cadence.HALF_YEARLY, 2026, 1)
BEFORE, WITHIN, AFTER = date(2025, 11, 3), date(2026, 3, 2), date(2026, 7, 1)
CUT_OFF, FROZEN = date(2026, 6, 30), date(2026, 7, 6)
ENDED: Final = (Status.CLOSED, Status.TERMINATED)
WAITING: Final = (Status.SUBMITTED, Status.VERIFIED, Status.PUBLICISED)
HEADS: Final = ("total", "closed", "running", "overdue", "extended", "terminated", "plans", "plans_closed")
URL = "http://board.example/tasks/{}".format
_bureaus = numbers(1)


@dataclass(frozen=True)
class Spec:
    """One task as a clerk would describe it; `is_late` sets a date that is missed, in `transport` or in `roads`."""

    kind: ItemKind
    issued: date
    status: Status
    is_late: bool
    is_extended: bool
    is_restricted: bool
    in_transport: bool
    from_audit: bool

    @property
    def is_of_the_term(self) -> bool:
        """Issued by the cut-off, and not over before the term began."""
        is_issued = self.status not in (Status.DRAFT, Status.ARCHIVED) and self.issued <= CUT_OFF
        return is_issued and not (self.issued is BEFORE and self.status in ENDED)

    @property
    def is_counted(self) -> bool:
        return self.is_of_the_term and not self.is_restricted


@st.composite
def specs(draw: st.DrawFn) -> Spec:
    in_transport = draw(st.booleans())
    status = draw(st.sampled_from([Status.ASSIGNED, Status.IN_PROGRESS] if in_transport else list(Status)))
    is_late = draw(st.booleans())
    return Spec(
        kind=draw(st.sampled_from([ItemKind.SHORTCOMING, ItemKind.FINDING, ItemKind.PLAN])),
        issued=draw(st.sampled_from([BEFORE, WITHIN, WITHIN, AFTER])),
        status=status,
        is_late=is_late,
        is_extended=status is Status.IN_PROGRESS and not is_late and draw(st.booleans()),
        is_restricted=draw(st.integers(0, 5)) == 0,
        in_transport=in_transport,
        from_audit=draw(st.booleans()),
    )


def by_hand(ledger: list[Spec]) -> Counter[str]:
    """What a clerk finds with a pencil."""
    found: Counter[str] = Counter(dict.fromkeys(HEADS, 0))
    for task in (task for task in ledger if task.is_counted):
        if task.kind is ItemKind.PLAN:
            found["plans"] += 1
            found["plans_closed"] += task.status is Status.CLOSED
            continue
        is_open = task.status not in ENDED
        found["total"] += 1
        found["closed"] += task.status is Status.CLOSED
        found["terminated"] += task.status is Status.TERMINATED
        found["running"] += is_open
        found["overdue"] += is_open and task.is_late
        found["extended"] += task.is_extended and task.issued is not BEFORE
    return found


def entered(session: Session, office: Office, task: Spec) -> RectificationTask:
    """The task brought by the verbs to where its description says."""
    due = task.issued + timedelta(days=1) if task.is_late else date(2026, 12, 31)
    if not task.in_transport:
        kept = make_task(
            session,
            office,
            kind=task.kind,
            day=task.issued,
            status=task.status,
            order=IssueOrder(due_on=due),
        )
    else:
        order = IssueOrder(due_on=due, lead_unit_id=office.transport.id, officer_id=office.other.id)
        kept = make_task(
            session, office, kind=task.kind, day=task.issued, status=Status.ASSIGNED, order=order
        )
        if task.status is Status.IN_PROGRESS:
            day = task.issued + timedelta(days=1)
            head = acting(session, office.other_head, day)
            casework.accept(session, clock_on(day), head, kept.code, officer_id=office.other.id)
    if task.is_extended:
        day = task.issued + timedelta(days=3)
        asking = acting(session, office.other if task.in_transport else office.officer, day)
        longer = date(2027, 1, 29)
        casework.request_extension(session, clock_on(day), asking, kept.code, "协调需要时间。", longer)
        casework.grant_extension(
            session, clock_on(day), acting(session, office.leader, day), kept.code, None, "同意。"
        )
    if task.from_audit:
        kind = source_kind(session, office.bureau.id, "审计")
        paper = Source(bureau_id=office.bureau.id, kind_id=kind.id, title=kept.code, paper_no="审〔2026〕1号")
        session.add(paper)
        session.flush()
        kept.source_id = paper.id
    kept.is_restricted = task.is_restricted
    session.flush()
    return kept


Rows = list[list[str]]


def units_on_paper(version: Version) -> Rows:
    return [[cell.text for cell in row.cells] for row in _word(version).tables[0].rows[1:]]


def units_on_page(version: Version) -> Rows:
    [table, *_] = html.fromstring(briefing_body(version, URL)).iter("table")
    return [[_words(cell) for cell in row] for row in table.iterfind("tbody/tr")]


def in_summary(page: SummaryPage) -> dict[str, int]:
    """The summary's two lines, by the names of the other faces."""
    [table, *_] = html.fromstring(summary_body(page, URL)).iter("table")
    problems, plans = ([int(_words(cell)) for cell in list(row)[1:]] for row in table.iterfind("tbody/tr"))
    [printed, *_] = Document(io.BytesIO(write_bulletin(page))).tables
    on_paper = [[int(cell.text) for cell in row.cells[1:]] for row in printed.rows[1:]]
    assert on_paper == [problems, plans], "page and paper say the same"
    total, _, closed, running, overdue, _, extended, _, terminated = problems
    return dict(
        zip(HEADS, (total, closed, running, overdue, extended, terminated, plans[0], plans[2]), strict=True)
    )


def added(rows: Rows) -> dict[str, int]:
    """A table of units, its columns added up."""
    sums = [sum(int(row[place]) for row in rows if row[0] != "无") for place in range(1, len(HEADS) + 1)]
    return dict(zip(HEADS, sums, strict=True))


def faces(version: Version, page: SummaryPage) -> tuple[object, ...]:
    """All that the three say, to be compared with what they say later."""
    return (
        write_briefing(version),
        briefing_body(version, URL),
        summary_body(page, URL),
        write_bulletin(page),
    )


def _word(version: Version) -> DocxDocument:
    return Document(io.BytesIO(write_briefing(version)))


def _words(element: etree._Element) -> str:
    return "".join(str(text) for text in element.itertext()).strip()


def each_link_leads_to_as_many_rows(page: str) -> int:
    """How many figures of a page lead to rows; each to as many as it says."""
    tree = html.fromstring(page)
    links = [link for link in tree.iter("a") if (link.get("href") or "").startswith("#rows-")]
    for link in links:
        name = (link.get("href") or "")[1:]
        assert tree.xpath(f"count(//dt[@id='{name}']/following-sibling::dd[1]/a)") == int(link.text or "")
    return len(links)


@pytest.mark.slow
@settings(
    max_examples=6,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(ledger=st.lists(specs(), max_size=7), later=st.lists(specs(), max_size=2))
def test_three_faces_of_a_version_say_what_counting_by_hand_says_and_go_on_saying_it(
    database: Database, ledger: list[Spec], later: list[Spec]
) -> None:
    number = next(_bureaus)
    with database.unit_of_work() as session:
        office = make_bureau(session, f"第{number}号县交通运输局", prefix=f"o{number}_")
        codes = [entered(session, office, task).code for task in ledger]
    with database.unit_of_work() as session:
        clerk = actor(session, office.clerk)
        cycle = cycles.open_review(session, clock_on(date(2026, 6, 1)), clerk, TERM)
        version = freezing.freeze(session, clock_on(FROZEN), clerk, cycle)
        summaries = [
            read_summary(kept) for kept in keep_summaries(session, clock_on(FROZEN), office.bureau.id)
        ]
    page = next(page for page in summaries if page.term)

    figures = by_hand(ledger)
    on_paper = units_on_paper(version)
    if not any(task.is_counted for task in ledger):
        assert [row[0] for row in on_paper] == ["无"]
        on_paper = []
    assert on_paper == units_on_page(version)
    assert added(on_paper) == in_summary(page) == figures
    names = {True: "运输科", False: "路政科"}
    for place, unit in names.items():
        of_unit = by_hand([task for task in ledger if task.in_transport is place])
        assert added([row for row in on_paper if row[0] == unit]) == of_unit
    text = "\n".join(paragraph.text for paragraph in _word(version).paragraphs)
    if figures["total"]:
        assert re.search(rf"本期（.*?）问题{figures['total']}项", text)
        assert re.search(
            rf"已销号{figures['closed']}项(（.*?）)?(，已终止.*?)?，正在整改{figures['running']}项", text
        )
        assert f"已超期{figures['overdue']}项；经批准延期{figures['extended']}项" in text
    hidden = sum(task.is_of_the_term and task.is_restricted for task in ledger)
    assert (f"仅限指定人员查看的事项{hidden}项" in text) is bool(hidden)
    annexes = [table.rows[1:] for table in _word(version).tables[1:3]]
    listed = [row.cells[1].text for rows in annexes for row in rows if row.cells[0].text != "无"]
    assert sorted(listed) == sorted(code for code, task in zip(codes, ledger, strict=True) if task.is_counted)
    links = each_link_leads_to_as_many_rows(briefing_body(version, URL))
    links += each_link_leads_to_as_many_rows(summary_body(page, URL))
    assert links or not listed

    before = faces(version, page)
    with database.unit_of_work() as session:
        for task in later:
            entered(session, office, task)
        for code in codes:
            kept = session.query(RectificationTask).filter_by(bureau_id=office.bureau.id, code=code).one()
            kept.title, kept.text = "改过的标题", "改过的内容"
            if kept.status is Status.IN_PROGRESS:
                kept.lead_unit_id = office.legal.id
    with database.reading() as session:
        cycle = cycles.cycle_named(session, office.bureau.id, TERM)
        kept_version = freezing.version_of(session, cycle, 1)
    assert faces(kept_version, page) == before
