"""The annual report: its clock, the drafts with the tasks behind each sentence, claims beside the ledger."""

import io
from dataclasses import replace
from datetime import date

import pytest
from docx import Document

from core.db import Database
from core.errors import Conflict, Forbidden, Refused
from core.workdays import WorkCalendar
from documents.halfyear.duty_words import duty_lines
from documents.sentences import plain, whole_sentences
from documents.yearly.annual_docx import write_annual_draft, write_duty_sheet
from documents.yearly.annual_page import annual_body
from documents.yearly.annual_words import MAX_WORDS, annual_words
from models.enums import AnnualStage, Channel, ItemKind, Status, TimeLimit
from notifications.digest_notes import notes_of
from notifications.rulebook import load_rulebook
from notifications.tellers import Teller
from rectification import casework
from rectification.casework import IssueOrder
from rectification.halfyear import hearings
from rectification.halfyear.duty import DutyFacts, Instruction, Meeting
from rectification.halfyear.hearings import NewHearing
from rectification.intake.import_report import register_report
from rectification.office.calendar import load_calendar
from rectification.office.settings import Policy, set_policy
from rectification.reminders.facts import load_directory
from rectification.yearly import steps as annual
from rectification.yearly.drafts import annual_draft
from rectification.yearly.promises import claims_beside
from rectification.yearly.steps import NewStep
from reports.parsed import ParsedReport, Plan, Shortcoming, Span
from tests.factories import Office, acting, actor, by_on, clock_on, make_bureau, make_task

END = date(2026, 12, 31)
FEBRUARY = date(2027, 2, 1)


@pytest.fixture
def office(database: Database) -> Office:
    """A bureau at the end of 2026: one problem closed, one overdue, one running into 2027, a plan, a meeting."""
    with database.unit_of_work() as session:
        office = make_bureau(session)
        make_task(session, office, status=Status.CLOSED, text="执法文书送达不规范。")
        make_task(session, office, order=IssueOrder(due_on=date(2026, 6, 30)), text="信息公开答复超期败诉。")
        make_task(session, office, order=IssueOrder(due_on=date(2027, 3, 31)), text="普法宣传形式单一。")
        plan = make_task(session, office, kind=ItemKind.PLAN, text="修订行政处罚裁量基准。")
        chief = acting(session, office.chief, date(2026, 9, 1))
        casework.instruct(session, clock_on(date(2026, 9, 1)), chief, plan.code, "抓紧办理。")
        heard = NewHearing(date(2026, 7, 8), "党组", "听取上半年汇报", "党组纪要〔2026〕7号")
        hearings.add_hearing(session, clock_on(END), actor(session, office.clerk), heard)
    return office


def record(database: Database, office: Office, *steps: NewStep, day: date = FEBRUARY) -> None:
    with database.unit_of_work() as session:
        for step in steps:
            annual.record_step(session, clock_on(day), actor(session, office.clerk), 2026, step)


def test_the_clock_falls_on_working_days() -> None:
    days = {stage: annual.due_on(stage, 2026, Policy(), WorkCalendar()) for stage in AnnualStage}
    assert days == {
        AnnualStage.COLLECT: date(2026, 12, 31),
        AnnualStage.DRAFT: date(2027, 1, 29),
        AnnualStage.SECRECY: date(2027, 2, 10),
        AnnualStage.SIGN: date(2027, 2, 15),
        AnnualStage.SEND: date(2027, 2, 26),
        AnnualStage.PUBLISH: date(2027, 3, 31),
    }


def test_a_29th_of_february_is_the_28th_in_a_common_year() -> None:
    policy = Policy(annual_send_by="02-29")
    assert annual.due_on(AnnualStage.SEND, 2025, policy, WorkCalendar()) == date(2026, 2, 27)


def test_a_stage_is_recorded_with_date_and_number_and_sending_body_by_body(
    database: Database, office: Office
) -> None:
    first, *rest = Policy().annual_send_to
    record(database, office, NewStep(AnnualStage.SECRECY, date(2027, 1, 20), "保审〔2027〕3号"))
    record(database, office, NewStep(AnnualStage.SEND, FEBRUARY, "交法〔2027〕1号", body=first))
    with database.reading() as session:
        lines = {line.stage: line for line in annual.annual_clock(session, office.bureau.id, 2026, FEBRUARY)}
    assert lines[AnnualStage.SECRECY].is_done
    assert lines[AnnualStage.SECRECY].done[0].paper_no == "保审〔2027〕3号"
    assert lines[AnnualStage.SEND].missing == tuple(rest)
    assert lines[AnnualStage.COLLECT].is_overdue(FEBRUARY)


@pytest.mark.parametrize(
    ("step", "error", "told"),
    [
        (NewStep(AnnualStage.PUBLISH, FEBRUARY), Refused, "保密审查"),
        (NewStep(AnnualStage.SEND, FEBRUARY), Refused, "可选"),
        (NewStep(AnnualStage.DRAFT, date(2027, 2, 2)), Refused, "今天之后"),
    ],
)
def test_what_cannot_be_recorded_is_refused(
    database: Database, office: Office, step: NewStep, error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told):
        record(database, office, step)


def test_a_stage_is_recorded_once_and_by_the_clerk(database: Database, office: Office) -> None:
    record(database, office, NewStep(AnnualStage.DRAFT, FEBRUARY))
    with pytest.raises(Conflict):
        record(database, office, NewStep(AnnualStage.DRAFT, FEBRUARY))
    with database.unit_of_work() as session:
        chief = actor(session, office.chief)
        with pytest.raises(Forbidden):
            annual.record_step(session, clock_on(FEBRUARY), chief, 2026, NewStep(AnnualStage.SIGN, FEBRUARY))


def told(database: Database, office: Office, day: date) -> tuple[str, ...]:
    with database.reading() as session:
        rulebook = load_rulebook(session, [office.bureau.id], day, load_calendar(session))
        roster = load_directory(session, [office.bureau.id], day).roster
        return {
            person: tuple(stage.text for stage in note.stages)
            for person, note in notes_of(session, rulebook, roster, Teller.ANNUAL_REPORT).items()
        }.get(office.clerk.id, ())


def test_the_clerk_is_told_of_a_stage_that_comes_though_nobody_began(
    database: Database, office: Office
) -> None:
    day = date(2027, 1, 29)
    assert told(database, office, date(2026, 12, 21)) == (
        "年度报告“征集材料”期限2026年12月31日，还有8个工作日",
    )
    assert told(database, office, date(2026, 12, 24)) == ()
    assert "年度报告“起草报告”期限2027年1月29日，还有4个工作日" in told(database, office, date(2027, 1, 25))
    record(database, office, NewStep(AnnualStage.COLLECT, date(2027, 1, 4)))
    record(database, office, NewStep(AnnualStage.DRAFT, day))
    assert not [
        stage for stage in told(database, office, date(2027, 2, 1)) if "起草" in stage or "征集" in stage
    ]
    assert told(database, office, date(2027, 6, 1)) == ()


def test_a_bureau_new_to_the_ledger_or_unwilling_is_left_alone(database: Database, office: Office) -> None:
    with database.reading() as session:
        years = annual.stages_to_tell(session, [office.bureau.id], date(2026, 3, 31))
    assert years == {}, "the report on 2025 was written before the first task was issued"
    with database.unit_of_work() as session:
        set_policy(session, by_on(END), office.bureau.id, "annual_notices", False)
    assert told(database, office, date(2027, 1, 29)) == ()


def test_once_the_report_is_there_nobody_is_asked_to_write_it(database: Database, office: Office) -> None:
    imported(database)
    with database.reading() as session:
        found = annual.stages_to_tell(session, [office.bureau.id], date(2027, 1, 29))
    assert AnnualStage.DRAFT not in {line.stage for lines in found.values() for line, _ in lines}


def test_every_sentence_names_the_tasks_it_stands_on(database: Database, office: Office) -> None:
    with database.reading() as session:
        draft = annual_words(annual_draft(session, office.bureau.id, 2026, END))
    said = {plain(sentence.said): sentence.codes for sentence in draft.shortcomings}
    overdue, running = said
    assert overdue == "信息公开答复超期败诉。该问题至今没有完成整改，已超过时限184天。"
    assert running == "普法宣传形式单一。该问题正在整改。"
    assert all(len(codes) == 1 for codes in said.values())
    assert plain(draft.promised[0].said) == "报告提出并列入台账的不足3项，已整改销号1项。"
    assert len(draft.promised[0].codes) == 3
    assert [plain(plan.said) for plan in draft.plans] == [
        "继续整改“信息公开答复超期败诉”问题，原定2026年6月30日，于2027年【请填写时限】前完成整改并销号。",
        "继续整改“普法宣传形式单一”问题，于2027年3月31日前完成整改并销号。",
        "继续推进“修订行政处罚裁量基准”工作，原定2026年6月30日，于2027年【请填写时限】前办结。",
    ]
    with database.reading() as session:
        ahead = annual_words(annual_draft(session, office.bureau.id, 2026, date(2026, 6, 30)))
    assert "于2026年6月30日前完成整改并销号。" in plain(ahead.plans[0].said), "known, and not passed yet"
    became = [plain(each.said) for each in draft.results]
    assert len(became) == len(draft.promised[0].codes) + len(draft.promised[1].codes)
    assert [each for each in became if "已销号。" in each and each.count("。") > 1], "with what it was closed"
    assert "“信息公开答复超期败诉”问题，正在整改，已超过时限184天。" in became


def test_what_goes_on_is_called_by_its_name_with_its_known_date_and_what_ended_is_told_of_every_source(
    database: Database,
) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        text = "路政管理科会同综合执法支队，落实夜间联动治超人员车辆。"
        for kind, status, title in (
            (ItemKind.PLAN, Status.ASSIGNED, "落实夜间“联动治超”"),
            (ItemKind.SHORTCOMING, Status.VERIFIED, "法律知识更新不够"),
            (ItemKind.SHORTCOMING, Status.IN_PROGRESS, ""),
        ):
            make_task(
                session,
                office,
                kind=kind,
                status=status,
                order=IssueOrder(due_on=date(2027, 1, 9), title=title),
                text=text,
            )
    with database.reading() as session:
        found = annual_draft(session, office.bureau.id, 2026, END)
    rows = found.rows
    plans = [plain(each.said) for each in annual_words(found).plans]
    assert plans == [
        "继续整改“法律知识更新不够”问题，于2027年1月9日前完成整改并销号。",
        "继续整改“路政管理科会同综合执法支队，落实夜间联动治超人员车辆”问题，于2027年1月9日前完成整改并销号。",
        "继续推进“落实夜间‘联动治超’”工作，于2027年1月9日前办结。",
    ]
    long_term = replace(found, rows=(replace(rows[0], time_limit=TimeLimit.LONG_TERM),))
    assert plain(annual_words(long_term).plans[0].said).startswith("长期抓好“法律知识更新不够”问题的整改，")

    ended = {"status": Status.CLOSED, "ended_on": date(2026, 6, 8), "statement": "已补正。"}
    audit, decided = (
        replace(row, source=source, source_order=9, **more)  # type: ignore[arg-type]
        for row, source, more in ((rows[0], "案卷评查", ended), (rows[2], "会议议定", {}))
    )
    words = annual_words(replace(found, rows=(rows[1], audit, decided)))
    assert [each.codes for each in words.results] == [(rows[1].code,), (audit.code,)]
    assert words.results_head == "逐项成效和进展（报告提出的1项，其他来源本年销号、办结、终止的1项）"
    assert "会议议定的工作任务1项，已办结0项。" in [plain(each.said) for each in words.promised]


def test_only_the_heads_own_acts_are_told_with_his_post() -> None:
    own = Instruction(date(2026, 6, 24), "局长贺远山", is_chief=True, code="2026-002", text="逐条过")
    other = replace(own, person="苏敏", is_chief=False, code="2025-006")
    heard = Meeting(date(2026, 7, 8), "党组", "听取汇报", "纪要7号", (), "局长贺远山")
    facts = DutyFacts(hearings=(heard,), instructions=(own, other), supervisions=(other,), approvals=(own,))
    lines = list(duty_lines(facts))
    assert "2026年7月8日，局长贺远山主持党组会议听取汇报（纪要7号）。" in lines
    assert "2026年6月24日，局长贺远山（2026-002）：逐条过。" in lines
    assert not [line for line in lines if "苏敏" in line or "挂牌督办" in line or "分管领导" in line]


def test_no_sentence_of_the_draft_is_cut() -> None:
    text = (
        "执法案卷制作不够规范。"
        + "市里抽查的十二件案卷中，五件要素不全，三件缺少回证" * 4
        + "。另有两件未归档"
    )
    assert whole_sentences(text, MAX_WORDS) == "执法案卷制作不够规范。"
    assert whole_sentences("没有句号的一句话") == "没有句号的一句话。"
    assert whole_sentences("甲乙。丙丁；戊己") == "甲乙。丙丁；戊己。"
    assert whole_sentences("第一行\n第二行。“引号！”后文", 12) == "第一行。第二行。"


def test_learning_is_told_apart_from_hearing_and_what_is_not_known_is_left_out() -> None:
    heard = Meeting(date(2026, 7, 8), "党组", "听取半年法治建设情况", "纪要7号", ("2026-001",))
    learned = Meeting(date(2026, 9, 8), "局长办公会", "学习行政处罚法", "纪要9号", ())
    lines = list(duty_lines(DutyFacts(hearings=(heard, learned))))
    assert "听取法治建设工作汇报1次。" in lines
    assert "2026年7月8日，党组会议听取半年法治建设情况（纪要7号），议定事项1项。" in lines
    assert "集体学法1次。" in lines
    assert "2026年9月8日，局长办公会学习行政处罚法（纪要9号）。" in lines
    assert not [line for line in duty_lines(DutyFacts(hearings=(heard,))) if "学法" in line or "批示" in line]
    assert not [line for line in duty_lines(DutyFacts(hearings=(learned,))) if "听取" in line]
    assert list(duty_lines(DutyFacts())) == []


def test_what_the_head_did_is_left_out_where_the_ledger_knows_nothing(
    database: Database, office: Office
) -> None:
    with database.reading() as session:
        draft = replace(annual_draft(session, office.bureau.id, 2026, END), duty=DutyFacts())
    report, sheet = (
        "\n".join(line.text for line in Document(io.BytesIO(paper)).paragraphs)
        for paper in (write_annual_draft(draft), write_duty_sheet(draft))
    )
    assert "第一责任人" not in report
    assert sheet.endswith("台账中没有相关记录。")
    assert "第一责任人" not in annual_body(draft, None, str)


def test_the_fact_sheet_holds_meetings_and_instructions(database: Database, office: Office) -> None:
    with database.reading() as session:
        duty = annual_draft(session, office.bureau.id, 2026, END).duty
    assert [(heard.held_on, heard.minutes_no) for heard in duty.hearings] == [
        (date(2026, 7, 8), "党组纪要〔2026〕7号")
    ]
    assert [(act.person, act.text) for act in duty.instructions] == [("郑局", "抓紧办理。")]


def imported(database: Database) -> None:
    """The report on 2026, which claims something on one task and nothing on the others."""
    text = (
        "一年来，规范执法文书送达，补齐送达回证。全年办理处罚案件412件。\n存在的不足：执法文书送达仍不规范。"
    )
    start = text.index("执法文书送达仍")
    report = ParsedReport.model_validate(
        {
            "title": "云山县交通运输局2026年法治政府建设报告",
            "org": "云山县交通运输局",
            "year": 2026,
            "issued": None,
            "shortcomings": (
                Shortcoming(text="执法文书送达仍不规范", spans=(Span(start=start, end=len(text)),)),
            ),
            "plans": (Plan(text="加强培训"),),
            "name": "报告.txt",
            "format": "txt",
            "sha256": "b" * 64,
            "text": text,
        }
    )
    with database.unit_of_work() as session:
        register_report(session, clock_on(FEBRUARY), report, channel=Channel.CLI)


def test_what_the_next_report_claims_is_laid_beside_the_ledger(database: Database, office: Office) -> None:
    with database.reading() as session:
        assert claims_beside(session, office.bureau.id, 2026) is None
    imported(database)
    with database.reading() as session:
        lines = {line.text: line for line in claims_beside(session, office.bureau.id, 2026) or ()}
    assert lines["执法文书送达不规范。"].claims == ("一年来，规范执法文书送达，补齐送达回证",)
    assert lines["执法文书送达不规范。"].state == "已销号"
    assert lines["信息公开答复超期败诉。"].claims == ()
    assert lines["修订行政处罚裁量基准。"].claims == (), "one rare word in common is no claim"


def test_the_drafts_as_word_name_the_tasks_and_are_the_same_each_time(
    database: Database, office: Office
) -> None:
    imported(database)
    with database.reading() as session:
        draft = annual_draft(session, office.bureau.id, 2026, END)
        claims = claims_beside(session, office.bureau.id, 2026) or []
    paper = write_annual_draft(draft, claims)
    assert paper == write_annual_draft(draft, claims)
    opened = Document(io.BytesIO(paper))
    text = "\n".join(paragraph.text for paragraph in opened.paragraphs)
    assert "【草稿】" in text
    words = annual_words(draft)
    for sentence in (*words.promised, *words.shortcomings, *words.plans):
        assert f"{plain(sentence.said)}（{sentence.codes[0]}" in text
    assert "听取法治建设工作汇报1次。" in text
    assert len(opened.tables[0].rows) == 1 + len(claims)
