"""The clerk's desk: drafts are edited, split and joined; every change stands in the history."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import Database
from core.errors import Conflict, Forbidden, NotFound, Refused
from models.enums import ApprovalLevel, Channel, ItemKind, Status, TimeLimit, Verb
from models.history import EventText
from models.task import RectificationTask
from rectification import casework
from rectification.casework import Correction, IssueOrder
from rectification.lists.timeline import timeline
from rectification.office.actors import system
from rectification.task import audit
from rectification.task.history import events_of
from rectification.task.lifecycle import approval_level
from tests.factories import DAY, acting, clock_on, make_bureau, make_draft, make_task
from tests.unit.rectification.intake.test_import_report import parsed, register

CLOCK = clock_on(DAY)


def words(session: Session, task: RectificationTask) -> list[tuple[Verb, str]]:
    """The history of a task that is committed."""
    return [
        (event.verb, session.scalar(select(EventText.text).where(EventText.event_id == event.id)) or "")
        for event in events_of(session, task.id)
    ]


def test_an_edit_keeps_old_and_new_in_the_history(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        draft = make_draft(session, office)
        before = draft.text
        wanted = Correction(
            title="规范 案卷", text="案卷缺少送达回证。", cause="培训不够", kind=ItemKind.PLAN
        )
        task = casework.edit(session, CLOCK, acting(session, office.clerk), draft.code, wanted, "合并表述")
        assert (task.title, task.text, task.cause, task.kind) == (
            "规范 案卷",
            "案卷缺少送达回证。",
            "培训不够",
            ItemKind.PLAN,
        )
        assert task.status is Status.DRAFT
    with database.reading() as session:
        [_, (verb, told)] = words(session, task)
        assert verb is Verb.EDIT
        assert told.startswith("合并表述\n种类：不足 → 计划\n")
        assert f"具体问题：{before} → 案卷缺少送达回证。" in told
        assert events_of(session, task.id)[1].changes["kind"] == ["shortcoming", "plan"]
        assert audit.verify(session, task.bureau_id).is_sound


def test_an_edit_that_changes_nothing_or_empties_the_text_is_refused(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        draft = make_draft(session, office)
        clerk = acting(session, office.clerk)
        with pytest.raises(Refused, match="没有变化"):
            casework.edit(session, CLOCK, clerk, draft.code, Correction(text=draft.text))
        with pytest.raises(Refused, match="不能为空"):
            casework.edit(session, CLOCK, clerk, draft.code, Correction(text=" "))


def test_only_the_clerk_edits_and_only_drafts(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        draft, running = make_draft(session, office), make_task(session, office)
        with pytest.raises(NotFound):
            casework.edit(session, CLOCK, acting(session, office.head), draft.code, Correction(text="改"))
        with pytest.raises(Forbidden):
            casework.split(session, CLOCK, acting(session, office.officer), running.code, ["一", "二"])
        with pytest.raises(Conflict, match="整改中"):
            casework.edit(session, CLOCK, acting(session, office.clerk), running.code, Correction(text="改"))
        with pytest.raises(Conflict):
            casework.correct(
                session, CLOCK, acting(session, office.clerk), draft.code, "错字", Correction(text="改")
            )


def test_taking_back_recurrence_takes_the_link_back(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        earlier, draft = make_task(session, office), make_draft(session, office)
        draft.is_recurring, draft.recurs_of_id = True, earlier.id
        wanted = Correction(is_recurring=False)
        task = casework.edit(session, CLOCK, acting(session, office.clerk), draft.code, wanted)
        assert (task.is_recurring, task.recurs_of_id) == (False, None)


def test_a_draft_is_split_into_drafts_of_the_same_source(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        draft = make_draft(session, office, text="案卷不规范。普法形式单一。")
        parts = ["案卷不规范。", " ", "普法形式单一。"]
        task = casework.split(session, CLOCK, acting(session, office.clerk), draft.code, parts)
    with database.reading() as session:
        first, second = session.scalars(select(RectificationTask).order_by(RectificationTask.id))
        assert (first.text, second.text) == ("案卷不规范。", "普法形式单一。")
        assert (second.kind, second.source_id, second.due_on, second.status) == (
            first.kind,
            first.source_id,
            first.due_on,
            Status.DRAFT,
        )
        assert second.title == f"{first.title}（2）"
        [_, (verb, told)] = words(session, task)
        assert verb is Verb.SPLIT
        assert second.code in told
        assert "案卷不规范。普法形式单一。" in told
        assert words(session, second) == [(Verb.DRAFT, f"由 {first.code} 拆分")]
        assert audit.verify(session, task.bureau_id).is_sound


def test_a_part_that_promises_nothing_lasting_is_dated(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        draft = make_draft(session, office, kind=ItemKind.PLAN, text="持续开展普法。修订裁量基准。")
        draft.time_limit = TimeLimit.LONG_TERM
        clerk = acting(session, office.clerk)
        casework.split(session, CLOCK, clerk, draft.code, ["持续开展普法。", "修订裁量基准。"])
    with database.reading() as session:
        limits = session.scalars(select(RectificationTask.time_limit).order_by(RectificationTask.id)).all()
    assert limits == [TimeLimit.LONG_TERM, TimeLimit.DATED]


@pytest.mark.parametrize("parts", [[], ["只有一项"], ["一", "  "], ["项"] * 21])
def test_one_part_or_too_many_are_no_split(database: Database, parts: list[str]) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        draft = make_draft(session, office)
        with pytest.raises(Refused, match=r"一项|21 项"):
            casework.split(session, CLOCK, acting(session, office.clerk), draft.code, parts)


def test_two_drafts_are_joined_and_one_is_kept(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        kept, given = (
            make_draft(session, office, text="案卷不规范。"),
            make_draft(session, office, text="缺回证。"),
        )
        clerk = acting(session, office.clerk)
        casework.edit(session, CLOCK, clerk, given.code, Correction(is_recurring=True, cause="培训不够"))
        task = casework.join(session, CLOCK, clerk, kept.code, given.code)
        assert (task.text, task.cause, task.is_recurring) == ("案卷不规范。\n缺回证。", "培训不够", True)
        assert (given.status, given.merged_into_id) == (Status.ARCHIVED, kept.id)
    with database.reading() as session:
        assert words(session, kept)[1] == (Verb.JOIN, f"并入 {given.code} 的文字：缺回证。")
        assert words(session, given)[2] == (Verb.MERGE, f"并入草稿 {kept.code}")
        assert audit.verify(session, kept.bureau_id).is_sound


def test_what_cannot_be_joined_is_refused_and_nothing_changes(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        draft, plan = make_draft(session, office), make_draft(session, office, kind=ItemKind.PLAN)
        running = make_task(session, office)
        codes = {"自己": draft.code, "不是草稿": running.code, "一条是计划": plan.code}
    for why, other in codes.items():
        with pytest.raises(Refused, match=why), database.unit_of_work() as session:
            casework.join(session, CLOCK, acting(session, office.clerk), draft.code, other)
    with pytest.raises(NotFound), database.unit_of_work() as session:
        casework.join(session, CLOCK, acting(session, office.clerk), draft.code, "2099-001")
    with database.reading() as session:
        assert session.get_one(RectificationTask, plan.id).status is Status.DRAFT
        assert session.get_one(RectificationTask, draft.id).version == 1


def test_the_proposed_date_and_title_follow_the_kind(database: Database) -> None:
    with database.unit_of_work() as session:
        outcome = register(session, parsed())
    with database.unit_of_work() as session:
        bureau = session.scalars(select(RectificationTask.bureau_id)).first()
        assert bureau is not None
        wanted = Correction(kind=ItemKind.PLAN)
        task = casework.edit(session, CLOCK, system(bureau, Channel.CLI), outcome.codes[1], wanted)
        assert task.due_on == date(2024, 12, 31)
        assert task.title == "普法形式单一"
        casework.publish(session, CLOCK, system(bureau, Channel.CLI), task.source_id, is_published=False)
        assert task.title == "2023年报告·计划（原不足第2项）"


def test_what_was_joined_is_given_back_when_it_is_restored(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        kept, given = (
            make_draft(session, office, text="案卷不规范。"),
            make_draft(session, office, text="缺回证。"),
        )
        clerk = acting(session, office.clerk)
        casework.edit(session, CLOCK, clerk, given.code, Correction(cause="培训不够"))
        casework.join(session, CLOCK, clerk, kept.code, given.code)
        casework.restore(session, CLOCK, clerk, given.code)
        assert (kept.text, kept.cause) == ("案卷不规范。", "")
        assert (given.text, given.cause) == ("缺回证。", "培训不够")
        assert (given.status, given.merged_into_id) == (Status.DRAFT, None)
    with database.reading() as session:
        assert words(session, given)[-1][0] is Verb.RESTORE
        assert audit.verify(session, kept.bureau_id).is_sound


@pytest.mark.parametrize("is_issued", [False, True])
@pytest.mark.parametrize("marks", ["given", "kept", "both", "two"])
def test_a_mark_that_came_with_a_draft_goes_with_it(
    database: Database, marks: str, *, is_issued: bool
) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        kept = make_task(session, office) if is_issued else make_draft(session, office, text="案卷不规范。")
        given, second = (make_draft(session, office, text=text) for text in ("缺回证。", "缺文书。"))
        clerk = acting(session, office.clerk)
        recurs = Correction(is_recurring=True)
        for each in (*([given] if marks != "kept" else ()), *([second] if marks == "two" else ())):
            casework.edit(session, CLOCK, clerk, each.code, recurs)
        if marks in ("kept", "both"):
            mark = (session, CLOCK, clerk, kept.code)
            casework.correct(*mark, "核对", recurs) if is_issued else casework.edit(*mark, recurs)
    for each in (given, second):
        with database.unit_of_work() as session:
            if is_issued:
                casework.merge(session, CLOCK, clerk, each.code, kept.code)
            else:
                casework.join(session, CLOCK, clerk, kept.code, each.code)
    left = []
    for each in (second, given):
        with database.unit_of_work() as session:
            casework.restore(session, CLOCK, clerk, each.code)
            left.append(session.get_one(RectificationTask, kept.id).is_recurring)

    assert left == ([True, False] if marks in ("given", "two") else [True, True])


def test_words_written_since_are_not_taken_back(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        kept, given = (
            make_draft(session, office, text="案卷不规范。"),
            make_draft(session, office, text="缺回证。"),
        )
        clerk = acting(session, office.clerk)
        casework.join(session, CLOCK, clerk, kept.code, given.code)
        casework.edit(session, CLOCK, clerk, kept.code, Correction(text="案卷缺回证，已合写"))
        casework.restore(session, CLOCK, clerk, given.code)
        assert kept.text == "案卷缺回证，已合写"
        assert given.status is Status.DRAFT


def test_a_draft_merged_into_an_issued_task_comes_back_and_both_histories_say_so(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        running, draft = make_task(session, office), make_draft(session, office)
        text = running.text
        clerk = acting(session, office.clerk)
        casework.merge(session, CLOCK, clerk, draft.code, running.code)
        casework.restore(session, CLOCK, clerk, draft.code)
        assert (draft.status, draft.merged_into_id) == (Status.DRAFT, None)
        assert running.text == text
        with pytest.raises(Conflict):
            casework.restore(session, CLOCK, clerk, draft.code)
    with database.reading() as session:
        told = [said for _, said in words(session, running)[-2:]]
        called = f"{draft.code}（{draft.title}）"
        assert told == [f"{called}并入", f"{called}恢复为草稿，不再并入"]


def test_what_recurs_makes_the_task_recur_that_it_is_merged_into(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        running, draft = make_task(session, office), make_draft(session, office)
        clerk = acting(session, office.clerk)
        casework.edit(session, CLOCK, clerk, draft.code, Correction(is_recurring=True))
        casework.merge(session, CLOCK, clerk, draft.code, running.code)
        assert running.is_recurring
        assert approval_level(running) is ApprovalLevel.CHIEF
    with database.reading() as session:
        last = timeline(session, running.id)[-1]
        assert last.text == f"{draft.code}（{draft.title}）并入；反复出现，由主要负责人审签"
        assert last.changes == ("反复出现：是",)


def test_the_history_names_the_level_that_will_sign_what_recurs(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        draft, clerk = make_draft(session, office), acting(session, office.clerk)
        casework.edit(session, CLOCK, clerk, draft.code, Correction(is_recurring=True))
        order = IssueOrder(
            lead_unit_id=office.roads.id,
            reviewer_id=office.reviewer.id,
            due_on=date(2026, 9, 30),
            approval_level=ApprovalLevel.LEADER,
        )
        casework.issue(session, CLOCK, clerk, draft.code, order)
    with database.reading() as session:
        last = timeline(session, draft.id)[-1]
        assert not any("分管领导审签" in change for change in last.changes)
        assert last.text == "反复出现，由主要负责人审签"
