"""整改情况报告 on a paper of seven points: each answered in the order of the paper, problems and plans told apart."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from docx import Document
from sqlalchemy.orm import Session

from core.db import Database
from documents.halfyear.briefing_words import briefing_words
from documents.sentences import plain
from documents.tables.source_report import write_rectification_report
from models.enums import Cadence, ItemKind, StepKind
from models.report import Source
from rectification import casework
from rectification.casework import IssueOrder, NewDraft, NewEvidence, NewMeasure
from rectification.halfyear.freezing import preview
from rectification.halfyear.review_days import term_of
from rectification.labels import NOT_ALL_DONE
from rectification.lists.rows import list_tasks
from rectification.office.calendar import load_calendar
from rectification.office.source_steps import NewStep, add_step
from rectification.office.sources import NewSource, source_for
from rectification.tables.source_report import source_report
from tests.factories import BY, DAY, Office, acting, clock_on, make_bureau, make_task
from tests.unit.rectification.casework.conftest import SQLITE

pytestmark = SQLITE
PROOF = NewEvidence(archive_no="档1", own_date=DAY, proves=(1, 2))
DUE = "2026年3月31日", "2026年5月31日"
LATER = date(2026, 7, 20)


@pytest.fixture
def office(database: Database) -> Office:
    with database.unit_of_work() as session:
        return make_bureau(session)


class Paper:
    """An inspection's list whose points are entered and dealt with by the verbs, as an office does it."""

    def __init__(self, session: Session, office: Office) -> None:
        self.session, self.office = session, office
        new = NewSource("法治督察", "法治督察反馈意见", "法督〔2026〕3号", "县委依法治县办", DAY)
        self.source = source_for(session, BY, office.bureau.id, new).id
        self.clerk = acting(session, office.clerk)

    def point(self, text: str, kind: ItemKind = ItemKind.FINDING, count: int | None = None) -> str:
        new = NewDraft(self.source, text, kind, count_total=count)
        return casework.enter(self.session, clock_on(DAY), self.clerk, new).code

    def issued(self, text: str, kind: ItemKind = ItemKind.FINDING, count: int | None = None) -> str:
        code, office, clock = self.point(text, kind, count), self.office, clock_on(DAY)
        measures = (NewMeasure("修订办案规程", date(2026, 3, 31)), NewMeasure("逐件补正", date(2026, 5, 31)))
        order = IssueOrder(
            lead_unit_id=office.roads.id,
            reviewer_id=office.reviewer.id,
            due_on=date(2026, 6, 30),
            goal="案卷齐全" if kind.is_problem else "",
            measures=measures if kind.is_problem else (),
        )
        casework.issue(self.session, clock, self.clerk, code, order)
        casework.accept(
            self.session, clock, acting(self.session, office.head), code, officer_id=office.officer.id
        )
        return code

    def says(self, code: str, text: str, day: date, **more: object) -> None:
        officer = acting(self.session, self.office.officer, day)
        casework.progress(self.session, clock_on(day), officer, code, text, **more)  # type: ignore[arg-type]

    def closed(self, text: str, statement: str) -> None:
        code, session = self.issued(text), self.session
        for place, day in ((1, date(2026, 3, 20)), (2, date(2026, 5, 20))):
            casework.finish_measure(
                session, clock_on(day), acting(session, self.office.officer, day), code, place
            )
        day = date(2026, 6, 1)
        officer, clock = acting(session, self.office.officer, day), clock_on(day)
        casework.evidence(session, clock, officer, code, PROOF)
        casework.submit(session, clock, officer, code, statement, despite_doubts=True)
        reviewer, leader = (acting(session, who, day) for who in (self.office.reviewer, self.office.leader))
        casework.verify(session, clock_on(day), reviewer, code, "抽查21件案卷，送达回证齐全。")
        casework.approve(session, clock_on(day), leader, code, "同意。")


def _said(session: Session, source: int, day: date = LATER) -> str:
    report = source_report(session, session.get_one(Source, source), day, load_calendar(session))
    return "\n".join(each.text for each in Document(BytesIO(write_rectification_report(report))).paragraphs)


def test_seven_points_are_answered_one_by_one(database: Database, office: Office) -> None:
    with database.unit_of_work() as session:
        paper = Paper(session, office)
        paper.closed("案卷缺少送达回证。", "21件案卷全部补齐送达回证，规程已印发。")
        late = paper.issued("公示不及时。")
        paper.says(late, "公示岗已经设立。", date(2026, 7, 10), late_reason="平台改版")
        counted = paper.issued("72处隐患没有整改。", count=72)
        paper.says(counted, "完成60处。", date(2026, 6, 10), count_done=60)
        paper.issued("建立季度通报制度。", ItemKind.PLAN)
        merged = paper.point("罚没台账不全。")
        casework.merge(session, clock_on(DAY), paper.clerk, merged, make_task(session, office).code)
        ended = paper.issued("旧站房产权不清。")
        leader = acting(session, office.leader)
        casework.terminate(session, clock_on(DAY), leader, ended, "职能划转到国资部门。")
        paper.point("普法方式单一。")

    with database.reading() as session:
        said = _said(session, paper.source)

    head = said[: said.index("一、总体情况")]
    assert "我单位2026年3月2日收到《法治督察反馈意见》（法督〔2026〕3号）后" in head
    assert head.index("县委依法治县办：") < head.index("我单位")
    assert "涉及我单位的事项共7项：问题4项，已销号1项，正在整改2项，其中超过时限2项，经批准终止1项" in said
    assert "；工作任务1项，" in said
    assert "；并入其他任务一并整改1项；尚未明确责任单位1项。" in said
    assert "；按数量计的1项任务所列共72项，已整改60项（83.3%），不计入按任务算的比率；" in said
    assert "整改结果：共72项，已整改60项（83.3%），" in said
    texts = [
        "案卷缺少送达回证",
        "公示不及时",
        "72处隐患没有整改",
        "罚没台账不全",
        "旧站房产权不清",
        "普法方式单一",
    ]
    heads = [f"\n{n}.{text}。\n" for n, text in enumerate([*texts, "建立季度通报制度"], 1)]
    assert [said.index(each) for each in heads] == sorted(said.index(each) for each in heads)
    assert said.index("二、问题整改情况") < said.index(heads[0])
    assert said.index(heads[5]) < said.index("三、工作任务办理情况") < said.index(heads[6])

    first = said[said.index(heads[0]) : said.index(heads[1])]
    assert first.strip().split("\n")[1:] == [
        "整改目标：案卷齐全。",
        f"整改措施：（1）修订办案规程（{DUE[0]}前，2026年3月20日完成）；（2）逐件补正（{DUE[1]}前，2026年5月20日完成）。",
        "整改情况：21件案卷全部补齐送达回证，规程已印发。",
        "整改结果：2026年6月1日已销号。",
    ]
    second = said[said.index(heads[1]) : said.index(heads[2])]
    assert "未完成的原因：平台改版。【请填写何时销号】" in second
    assert "职能划转到国资部门。" in said
    assert "罚没台账不全。\n与本单位台账中的“执法案卷制作不规范，个别案卷缺少送达回证”一并整改" in said
    assert "整改目标" not in said[said.index(heads[6]) :]
    assert "工作分阶段" not in said
    assert "整改以来" not in said
    assert late not in said, "the ledger's own codes are nothing to those outside"


def test_a_limit_that_was_missed_and_set_anew_shows_both_dates(database: Database, office: Office) -> None:
    with database.unit_of_work() as session:
        paper = Paper(session, office)
        code = paper.issued("公示不及时。")
        leader = acting(session, office.leader, date(2026, 7, 10))
        casework.redate(
            session, clock_on(date(2026, 7, 10)), leader, code, "平台改版，情况属实", date(2026, 9, 30)
        )
    with database.reading() as session:
        said = _said(session, paper.source)
        [task] = list_tasks(session, LATER, load_calendar(session))
    assert "整改结果：整改中，原定2026年6月30日，超期后重定为2026年9月30日。" in said
    assert task.moved == "超期后重定时限"


def test_the_source_s_own_counts_and_stages_are_told(database: Database, office: Office) -> None:
    with database.unit_of_work() as session:
        paper = Paper(session, office)
        paper.issued("公示不及时。")
        source = session.get_one(Source, paper.source)
        for new in (
            NewStep(StepKind.STAGE, DAY, until=DAY + timedelta(days=29), text="自查自纠"),
            NewStep(StepKind.CLUE, DAY, number=35),
            NewStep(StepKind.TALK, DAY, number=8, paper_no="约〔2026〕1号"),
        ):
            add_step(session, BY, source, new)
        said = _said(session, paper.source)
        half, next_half = (term_of(day, Cadence.HALF_YEARLY) for day in (DAY, LATER))
        heard, later = (
            preview(session, clock_on(LATER), office.bureau.id, term) for term in (half, next_half)
        )
    said_of_it = "《法治督察反馈意见》（法督〔2026〕3号）办理以来，问题线索35条，约谈8人次。"
    assert said_of_it in map(plain, briefing_words(heard).overall)
    assert later.frozen.source_counts == (), "nothing was done about it in that half-year"
    assert "工作分阶段推进：自查自纠（2026年3月2日至2026年3月31日）。" in said
    assert "整改以来，问题线索35条，约谈8人次。其中，2026年3月2日约谈8人次（约〔2026〕1号）。" in said


def test_why_a_count_is_not_complete_is_a_sentence_of_its_own(database: Database, office: Office) -> None:
    with database.unit_of_work() as session:
        paper = Paper(session, office)
        paper.closed("案卷缺少送达回证。", f"20件案卷补齐送达回证\n{NOT_ALL_DONE}1件联系不上，已登报告知")
    with database.reading() as session:
        said = _said(session, paper.source)
    assert "整改情况：20件案卷补齐送达回证。没有全部完成的原因：1件联系不上，已登报告知。\n" in said
