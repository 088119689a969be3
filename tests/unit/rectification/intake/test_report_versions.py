"""Over the years and over the versions: what goes on, what recurs, and which tasks stay as they are."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.db import Database
from core.errors import Refused
from models.enums import Channel, Ground, ItemChange, ItemKind, Status, TimeLimit, Verb
from models.report import ReportItem
from models.task import RectificationTask
from rectification import casework
from rectification.casework import Correction
from rectification.intake.import_report import IntakeOutcome, register_report
from rectification.intake.picking import Picked, pick
from rectification.intake.proposals import Promise, proposals
from rectification.intake.report_page import ReportDetail, report_detail
from rectification.lists.timeline import timeline
from rectification.office.actors import system
from rectification.office.units import home_bureau
from rectification.task import audit
from rectification.task.history import events_of
from reports.parsed import ParsedReport, Plan, Shortcoming, Span

CLOCK = Clock(datetime(2025, 3, 1, 1, tzinfo=UTC), date(2025, 3, 1))
RECORDS = "执法案卷制作不够规范，个别案卷缺少送达回证"
REPLIES = "政府信息公开答复不够及时，2件超过法定期限"
FEES = "涉企收费公示不全"
TRAINING = "组织执法人员轮训"
TEXT = f"不足：{RECORDS}。{REPLIES}。另有窗口服务态度生硬的情况。计划：{TRAINING}。"


def said(
    *shortcomings: str, plans: tuple[str, ...] = (TRAINING,), year: int = 2024, **more: object
) -> ParsedReport:
    text = str(more.pop("text", TEXT))

    def spans(words: str) -> tuple[Span, ...]:
        at = text.find(words)
        return (Span(start=at, end=at + len(words)),) if at >= 0 else ()

    return ParsedReport(
        title=f"松原县交通局{year}年法治政府建设报告",
        org="松原县交通局",
        year=year,
        issued=None,
        shortcomings=tuple(Shortcoming(text=words, spans=spans(words)) for words in shortcomings),
        plans=tuple(Plan(text=words, spans=spans(words)) for words in plans),
        text=text,
        name="报告.txt",
        format="txt",
        sha256=f"{hash((shortcomings, plans, year, text)) & (2**64 - 1):064x}",
    )


def take_in(database: Database, report: ParsedReport) -> IntakeOutcome:
    with database.unit_of_work() as session:
        return register_report(session, CLOCK, report, channel=Channel.CLI)


def sheet(database: Database, outcome: IntakeOutcome) -> ReportDetail:
    with database.reading() as session:
        detail = report_detail(session, outcome.report_id)
    assert detail is not None
    return detail


def task(session: Session, code: str) -> RectificationTask:
    return session.scalars(select(RectificationTask).where(RectificationTask.code == code)).one()


def pick_words(database: Database, outcome: IntakeOutcome, picked: Picked) -> str:
    """The code of the draft made from words the clerk picked."""
    with database.unit_of_work() as session:
        bureau = home_bureau(session)
        assert bureau is not None
        return pick(session, CLOCK, system(bureau.id, Channel.CLI), outcome.report_id, picked).code


def issue_by_hand(database: Database, code: str) -> None:
    """As if it had been issued: nothing here is about the people of a task."""
    with database.unit_of_work() as session:
        task(session, code).status = Status.IN_PROGRESS


def test_unchanged_items_of_a_new_version_keep_their_tasks(database: Database) -> None:
    first = take_in(database, said(RECORDS, REPLIES))
    second = take_in(database, said(RECORDS, REPLIES, text=TEXT + "（修订）"))

    assert second.supersedes_id == first.report_id
    assert second.codes == first.codes
    detail = sheet(database, second)
    assert {item.change for item in detail.items} == {ItemChange.SAME}
    assert [item.task_codes for item in detail.items] == [(code,) for code in first.codes]
    assert detail.dropped == ()
    assert sheet(database, first).row.newer_id == second.report_id


def test_a_new_version_adds_drops_and_rewords(database: Database) -> None:
    first = take_in(database, said(RECORDS, REPLIES))
    reworded = "执法案卷制作仍不规范，5件案卷缺少送达回证"
    second = take_in(database, said(reworded, FEES, text=f"不足：{reworded}。{FEES}。计划：{TRAINING}。"))
    detail = sheet(database, second)

    assert [(item.text, item.change) for item in detail.items] == [
        (reworded, ItemChange.REWORDED),
        (FEES, ItemChange.ADDED),
        (TRAINING, ItemChange.SAME),
    ]
    assert detail.items[0].before == RECORDS
    assert [(item.text, item.task_codes) for item in detail.dropped] == [(REPLIES, (first.codes[1],))]
    with database.reading() as session:
        assert task(session, first.codes[0]).text == reworded
        [_, edited] = events_of(session, task(session, first.codes[0]).id)
        assert edited.verb is Verb.EDIT
        assert task(session, first.codes[1]).status is Status.DRAFT
        added = task(session, detail.items[1].task_codes[0])
        assert added.title == FEES
        assert added.source_id == task(session, first.codes[0]).source_id
        assert audit.verify(session, added.bureau_id).is_sound


def test_an_issued_task_and_the_clerks_own_words_stay(database: Database) -> None:
    first = take_in(database, said(RECORDS, REPLIES))
    issue_by_hand(database, first.codes[0])
    with database.unit_of_work() as session:
        acting = system(task(session, first.codes[1]).bureau_id, Channel.CLI)
        casework.edit(session, CLOCK, acting, first.codes[1], Correction(text="答复超期"))
    second = take_in(database, said(RECORDS + "等", REPLIES + "，1件败诉", text="另一版"))

    with database.reading() as session:
        assert task(session, first.codes[0]).text == RECORDS
        assert task(session, first.codes[1]).text == "答复超期"
    detail = sheet(database, second)
    assert [item.change for item in detail.items[:2]] == [ItemChange.REWORDED] * 2
    assert [item.before for item in detail.items[:2]] == [RECORDS, REPLIES]


def test_a_dropped_item_that_comes_back_finds_its_task_again(database: Database) -> None:
    first = take_in(database, said(RECORDS, REPLIES))
    take_in(database, said(RECORDS, text="第二版"))
    third = take_in(database, said(RECORDS, REPLIES, text="第三版"))

    assert third.codes == first.codes
    assert sheet(database, third).dropped == ()


def test_an_item_picked_by_hand_goes_on_while_its_words_stand(database: Database) -> None:
    first = take_in(database, said(RECORDS, REPLIES))
    code = pick_words(database, first, Picked(ItemKind.SHORTCOMING, "窗口服务态度生硬"))
    second = take_in(database, said(RECORDS, REPLIES, text="改版。" + TEXT))

    detail = sheet(database, second)
    kept = next(item for item in detail.items if item.task_codes == (code,))
    assert (kept.position, kept.change, kept.text) == (3, ItemChange.SAME, "窗口服务态度生硬")
    start, end = kept.spans[0]
    assert ("改版。" + TEXT)[start:end] == "窗口服务态度生硬"
    assert detail.dropped == ()


def test_picking_gives_an_item_its_place_and_a_draft(database: Database) -> None:
    outcome = take_in(database, said(RECORDS))
    with database.unit_of_work() as session:
        bureau = home_bureau(session)
        assert bureau is not None
        acting = system(bureau.id, Channel.CLI)
        picked = Picked(ItemKind.SHORTCOMING, "窗口服务 态度生硬", cause="没有培训")
        made = pick(session, CLOCK, acting, outcome.report_id, picked)
        item = session.get_one(ReportItem, made.report_item_id)
        assert (item.position, made.cause, made.due_on) == (2, "没有培训", date(2025, 6, 30))
        assert made.status is Status.DRAFT
        assert TEXT[item.spans[0][0] : item.spans[0][1]] == "窗口服务态度生硬"


def test_what_is_picked_stands_under_the_heading_above_it_not_under_that_of_another_item(
    database: Database,
) -> None:
    text = f"三、存在的不足\n{RECORDS}\n四、下一步工作安排\n统一文书格式。"
    outcome = take_in(database, said(RECORDS, text=text))
    code = pick_words(database, outcome, Picked(ItemKind.PLAN, "统一文书格式"))
    with database.reading() as session:
        item = session.get_one(ReportItem, task(session, code).report_item_id)
        assert item.section == "下一步工作安排"


@pytest.mark.parametrize(
    ("words", "why"),
    [("没有这句话", "没有这些文字"), ("", "没有写文字"), ("个别案卷缺少送达回证", "不足第 1 项")],
)
def test_what_cannot_be_picked_is_refused_with_the_reason(database: Database, words: str, why: str) -> None:
    outcome = take_in(database, said(RECORDS))
    with pytest.raises(Refused, match=why):
        pick_words(database, outcome, Picked(ItemKind.SHORTCOMING, words))


def test_nothing_is_picked_from_a_version_that_was_replaced(database: Database) -> None:
    first = take_in(database, said(RECORDS))
    take_in(database, said(RECORDS, text="新版"))
    with pytest.raises(Refused, match="已有新版本"):
        pick_words(database, first, Picked(ItemKind.SHORTCOMING, "窗口服务态度生硬"))


def test_a_shortcoming_of_an_earlier_year_recurs(database: Database) -> None:
    last = take_in(database, said(RECORDS, FEES, year=2023))
    now = take_in(database, said("执法案卷质量不高，部分案卷制作不规范、缺少送达回证", REPLIES))

    first, other, _ = sheet(database, now).items
    assert first.recurs is not None
    assert (first.recurs.year, first.recurs.position, first.recurs.codes) == (2023, 1, (last.codes[0],))
    assert other.recurs is None
    with database.reading() as session:
        recurring = task(session, now.codes[0])
        assert recurring.is_recurring
        assert recurring.recurs_of_id == task(session, last.codes[0]).id
        assert not task(session, now.codes[1]).is_recurring
        assert audit.verify(session, recurring.bureau_id).is_sound
        [drafted] = timeline(session, recurring.id)
        assert "审签级别：主要负责人审签" in drafted.changes, (
            "whoever will sign, not whom it was raised above"
        )


def test_plans_do_not_recur(database: Database) -> None:
    take_in(database, said(RECORDS, year=2023))
    now = take_in(database, said(REPLIES))
    assert [item.recurs for item in sheet(database, now).items] == [None, None]


def test_reports_taken_in_backwards_mark_the_drafts_of_the_later_year(database: Database) -> None:
    now = take_in(database, said(RECORDS, REPLIES))
    issue_by_hand(database, now.codes[1])
    take_in(database, said(RECORDS, REPLIES, year=2023))

    draft, issued, _ = sheet(database, now).items
    assert draft.recurs is not None
    assert issued.recurs is not None
    with database.reading() as session:
        assert task(session, now.codes[0]).is_recurring
        assert not task(session, now.codes[1]).is_recurring


def test_an_open_task_that_covers_a_draft_is_offered_and_study_is_better_archived() -> None:
    drafts = [
        Promise("2024-001", ItemKind.SHORTCOMING, RECORDS),
        Promise("2024-002", ItemKind.PLAN, "深入学习贯彻习近平法治思想"),
        Promise("2024-003", ItemKind.PLAN, "组织执法案卷评查，制作规范样卷"),
        Promise("2024-004", ItemKind.SHORTCOMING, FEES),
    ]
    running = [
        Promise("2023-001", ItemKind.FINDING, "执法案卷制作不规范，缺少送达回证"),
        Promise("2023-009", ItemKind.PLAN, "推进非现场执法平台建设"),
    ]
    found = proposals(drafts, running, dropped=["2024-004"])

    def told(code: str) -> list[tuple[Verb, Ground, str]]:
        return [(each.verb, each.ground, each.into) for each in found[code]]

    assert told("2024-001") == [(Verb.MERGE, Ground.COVERED, "2023-001")]
    assert told("2024-002") == [(Verb.ARCHIVE, Ground.STUDY, "")]
    assert told("2024-003") == []
    assert told("2024-004") == [(Verb.ARCHIVE, Ground.DROPPED, "")]


def test_lasting_words_still_propose_long_term(database: Database) -> None:
    outcome = take_in(database, said(RECORDS, plans=("持续推进执法队伍素质提升三年行动",)))
    with database.reading() as session:
        assert task(session, outcome.codes[1]).time_limit is TimeLimit.LONG_TERM
