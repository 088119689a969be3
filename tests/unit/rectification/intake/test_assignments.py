"""Who and when the report assigns stands on the draft: unit, person, limit; what matches nobody is shown, not lost."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import Database
from core.errors import NotFound
from models.enums import Channel, ItemKind, Role, Status, TimeLimit
from models.task import RectificationTask
from rectification import casework
from rectification.casework import IssueOrder
from rectification.intake.import_report import IntakeOutcome, register_report
from rectification.intake.item_drafts import answering_plans
from rectification.intake.report_page import report_detail
from rectification.office.units import add_alias
from rectification.task.interest import interest_in
from reports.parsed import Cadence, Missed, ParsedReport, Plan, Shortcoming, Span, Words
from tests.factories import BY, Office, acting, clock_on, make_bureau, make_person

TODAY = date(2026, 3, 2)


def said(**words: str) -> tuple[Words, ...]:
    return tuple(Words(field=key, text=text, span=Span(start=0, end=1)) for key, text in words.items())


def take_in(session: Session, *plans: Plan, today: date = TODAY, **more: object) -> IntakeOutcome:
    report = ParsedReport.model_validate(
        {"title": "报告", "org": "云山县交通运输局", "year": 2025, "issued": None, "sha256": "a" * 64}
        | {"plans": plans}
        | more
    )
    return register_report(session, clock_on(today), report, channel=Channel.CLI)


def the_draft(session: Session) -> RectificationTask:
    return session.scalars(select(RectificationTask)).one()


@pytest.mark.parametrize("owner", ["路政科", "局路政科", "路政　科", "公路路政科", "路政执法股"])
def test_the_unit_is_met_by_name_short_name_and_alias(database: Database, owner: str) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        add_alias(session, BY, office.roads, "路政执法股")
        take_in(session, Plan(text="修订裁量基准", owner=owner))
        assert the_draft(session).lead_unit_id == office.roads.id
        assert the_draft(session).officer_id is None


@pytest.mark.parametrize("owner", ["财务科", "科", "输科"])
def test_a_name_of_no_unit_stands_beside_the_draft_as_words(database: Database, owner: str) -> None:
    with database.unit_of_work() as session:
        make_bureau(session)
        made = take_in(
            session, Plan(text="修订裁量基准", owner=owner, assigned=said(owner=owner, due="6月底前"))
        )
        assert the_draft(session).lead_unit_id is None
        detail = report_detail(session, made.report_id)
    assert detail is not None
    assert detail.items[0].said == f"{owner}；6月底前"
    assert detail.hints == ()


def test_the_person_is_looked_for_in_the_unit_and_has_to_be_an_officer(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        twin = make_person(session, office.transport, "twin", name=office.officer.name)
        make_person(session, office.roads, "clerk2", Role.CLERK, name="文员")
        asked = {
            ("路政科", office.officer.name): (office.roads.id, office.officer.id),
            ("运输科", office.officer.name): (office.transport.id, twin.id),
            (office.other.name, office.other.name): (office.transport.id, office.other.id),
            (twin.name, twin.name): (None, None),
            ("路政科", "文员"): (office.roads.id, None),
        }
        texts = ("修订裁量基准", "充实执法力量", "建设检测站点", "深化源头普法", "畅通投诉渠道")
        take_in(
            session,
            *(
                Plan(text=text, owner=owner, person=person)
                for text, (owner, person) in zip(texts, asked, strict=True)
            ),
        )
        tasks = session.scalars(select(RectificationTask).order_by(RectificationTask.id)).all()
        assert [(task.lead_unit_id, task.officer_id) for task in tasks] == list(asked.values())


@pytest.mark.parametrize(
    ("plan", "limit", "due", "checkpoint"),
    [
        (Plan(text="修订裁量基准"), TimeLimit.DATED, date(2026, 12, 31), None),
        (Plan(text="修订裁量基准", due=date(2026, 9, 30)), TimeLimit.DATED, date(2026, 9, 30), None),
        (
            Plan(text="持续修订裁量基准", due=date(2026, 9, 30)),
            TimeLimit.DATED,
            date(2026, 9, 30),
            None,
        ),
        (
            Plan(text="开展评查", cadence=Cadence.QUARTERLY),
            TimeLimit.LONG_TERM,
            date(2026, 12, 31),
            date(2026, 3, 31),
        ),
        (
            Plan(text="开展评查", cadence=Cadence.YEARLY),
            TimeLimit.LONG_TERM,
            date(2026, 12, 31),
            date(2026, 6, 30),
        ),
        (
            Plan(text="畅通投诉办理", assigned=said(due="长期坚持")),
            TimeLimit.LONG_TERM,
            date(2026, 12, 31),
            date(2026, 6, 30),
        ),
    ],
)
def test_the_limit_is_the_one_the_report_says(
    database: Database, plan: Plan, limit: TimeLimit, due: date, checkpoint: date | None
) -> None:
    with database.unit_of_work() as session:
        make_bureau(session)
        take_in(session, plan)
        task = the_draft(session)
        assert (task.time_limit, task.due_on, task.next_checkpoint_on) == (limit, due, checkpoint)


def test_a_date_of_the_report_that_has_passed_is_put_off_as_any_other(database: Database) -> None:
    with database.unit_of_work() as session:
        make_bureau(session)
        made = take_in(session, Plan(text="修订裁量基准", due=date(2026, 2, 28)))
    assert "1 项时限改拟2026年12月31日（原拟2026年2月28日已过）" in made.redated_words


def issued(session: Session, office: Office, order: IssueOrder, day: date = TODAY) -> RectificationTask:
    order_whole = IssueOrder(
        lead_unit_id=order.lead_unit_id,
        officer_id=order.officer_id,
        reviewer_id=office.reviewer.id,
    )
    code = the_draft(session).code
    return casework.issue(session, clock_on(day), acting(session, office.clerk), code, order_whole)


def test_issuing_takes_what_the_report_assigns_unless_another_unit_is_named(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        plan = Plan(text="开展评查", owner="路政科", person=office.officer.name, cadence=Cadence.QUARTERLY)
        take_in(session, plan)
        task = issued(session, office, IssueOrder())
        assert (task.lead_unit_id, task.officer_id) == (office.roads.id, office.officer.id)
        assert (task.due_on, task.next_checkpoint_on) == (None, date(2026, 3, 31))
    with database.unit_of_work() as session:
        casework.refuse(session, clock_on(TODAY), acting(session, office.head), task.code, "不是本科室的")
        again = issued(session, office, IssueOrder(lead_unit_id=office.transport.id), date(2026, 5, 6))
        assert (again.lead_unit_id, again.officer_id) == (office.transport.id, None)
        assert again.next_checkpoint_on == date(2026, 6, 30)


def test_whom_a_draft_proposes_has_no_interest_in_the_task(database: Database) -> None:
    """The report names a person who, once the task is another's, may verify it."""
    with database.unit_of_work() as session:
        office = make_bureau(session)
        named = make_person(session, office.legal, "named", Role.OFFICER, Role.REVIEWER, name="钱审")
        take_in(session, Plan(text="开展评查", owner="法规科", person="钱审"))
        assert the_draft(session).officer_id == named.id
        task = issued(session, office, IssueOrder(officer_id=office.officer.id))
        assert interest_in(session, task).owners == {office.officer.id}


def test_what_is_read_unsurely_or_may_be_missing_is_told(database: Database) -> None:
    text = "一、不足。执法不规范。普法单一。二、计划。"
    at = text.index("普法单一")
    with database.unit_of_work() as session:
        make_bureau(session)
        made = take_in(
            session,
            text=text,
            shortcomings=(Shortcoming(text="执法不规范", confidence=0.4), Shortcoming(text="窗口少")),
            missed=(Missed(text="普法单一", span=Span(start=at, end=at + 4), likely=0.5),),
        )
        detail = report_detail(session, made.report_id)
    assert detail is not None
    assert [item.needs_check for item in detail.items] == [True, False]
    assert [(each.text, each.span) for each in detail.missed] == [("普法单一", (at, at + 4))]
    assert detail.mended == {}


def test_only_a_clerk_restores_a_draft(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        take_in(session, Plan(text="开展评查"))
        code = the_draft(session).code
        casework.archive(session, clock_on(TODAY), acting(session, office.clerk), code)
        with pytest.raises(NotFound):
            casework.restore(session, clock_on(TODAY), acting(session, office.officer), code)
        task = casework.restore(session, clock_on(TODAY), acting(session, office.clerk), code)
        assert (task.status, task.kind, task.deadline_on) == (Status.DRAFT, ItemKind.PLAN, None)


def test_a_part_that_is_to_be_done_time_and_again_stays_long_term(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        plan = Plan(text="每季度评查案卷；修订样本。", owner="路政科", cadence=Cadence.QUARTERLY)
        take_in(session, plan)
        clerk, code = acting(session, office.clerk), the_draft(session).code
        casework.split(session, clock_on(TODAY), clerk, code, ["每季度评查案卷；", "修订样本。"])
        kept, piece = session.scalars(select(RectificationTask).order_by(RectificationTask.id)).all()
        assert (kept.time_limit, kept.next_checkpoint_on) == (TimeLimit.LONG_TERM, date(2026, 3, 31))
        assert (piece.time_limit, piece.due_on) == (TimeLimit.DATED, date(2026, 12, 31))
        assert piece.lead_unit_id == office.roads.id

        whole = casework.join(session, clock_on(TODAY), clerk, code, piece.code)
        assert (whole.text, whole.time_limit) == (plan.text, TimeLimit.LONG_TERM)


def test_a_plan_is_named_as_the_answer_where_it_is_alike_or_named_with_the_shortcoming(
    database: Database,
) -> None:
    with database.unit_of_work() as session:
        make_bureau(session)
        made = take_in(
            session,
            Plan(text="组织驾驶员安全教育"),
            Plan(text="修订执法案卷样本，规范案卷制作"),
            Plan(text="推行延时办理", answers=1),
            shortcomings=(
                Shortcoming(text="执法案卷制作不规范", answered_by=(1, 0)),
                Shortcoming(text="窗口排队久", answered_by=(2, 0)),
            ),
        )
        detail = report_detail(session, made.report_id)
    assert detail is not None
    assert [item.answered_by for item in detail.items[:2]] == [(2,), (3,)]
    with database.reading() as session:
        proposed = [answering_plans(session, item.id) for item in detail.items[:3]]
        assert [len(each) for each in proposed] == [1, 1, 0]
        assert proposed[0] == [
            next(item.text for item in detail.items if (item.kind, item.position) == (ItemKind.PLAN, 2))
        ]
        assert answering_plans(session, None) == []
