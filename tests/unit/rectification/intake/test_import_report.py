"""A report becomes drafts, once, and only for the bureau it belongs to."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.db import Database
from core.errors import Refused
from core.workdays import WorkCalendar
from models.enums import Channel, ItemKind, Status, TimeLimit
from models.history import TaskEvent
from models.organisation import Unit
from models.report import Report
from rectification.intake.import_report import IntakeOutcome, register_report
from rectification.intake.report_page import list_reports, report_detail
from rectification.lists.rows import TaskRow, list_tasks
from rectification.office.units import add_alias, home_bureau
from rectification.task import audit
from reports.parsed import ParsedReport, Plan, Shortcoming
from tests.factories import BY

CLOCK = Clock(datetime(2024, 3, 1, 1, tzinfo=UTC), date(2024, 3, 1))


def parsed(
    org: str = "松原县交通局", year: int | None = 2023, sha256: str = "a" * 64, **more: object
) -> ParsedReport:
    values: dict[str, object] = {
        "title": f"{org}关于{year}年法治政府建设情况的报告",
        "org": org,
        "year": year,
        "issued": date(2024, 2, 20),
        "shortcomings": (
            Shortcoming(text="执法文书制作不规范", cause="培训不够"),
            Shortcoming(text="普法形式单一"),
        ),
        "plans": (
            Plan(text="修订行政处罚裁量基准"),
            Plan(text="持续推进执法队伍素质提升三年行动"),
        ),
        "name": "报告.txt",
        "format": "txt",
        "sha256": sha256,
    }
    return ParsedReport.model_validate(values | more)


def register(
    session: Session,
    report: ParsedReport,
    *,
    new_bureau: bool = False,
    is_published: bool | None = None,
    is_sure: bool = False,
) -> IntakeOutcome:
    return register_report(
        *(session, CLOCK, report),
        channel=Channel.CLI,
        new_bureau=new_bureau,
        is_published=is_published,
        is_sure=is_sure,
    )


def rows(database: Database) -> list[TaskRow]:
    with database.reading() as session:
        return sorted(list_tasks(session, CLOCK.today, WorkCalendar()), key=lambda row: row.id)


def test_every_item_becomes_a_draft_with_the_proposed_date(database: Database) -> None:
    with database.unit_of_work() as session:
        outcome = register(session, parsed())
    drafts = rows(database)
    assert (outcome.shortcomings, outcome.plans, outcome.is_new) == (2, 2, True)
    assert (
        [row.code for row in drafts]
        == list(outcome.codes)
        == ["2023-001", "2023-002", "2023-003", "2023-004"]
    )
    assert {row.status for row in drafts} == {Status.DRAFT}
    assert [row.due_on for row in drafts] == [date(2024, 6, 30)] * 2 + [date(2024, 12, 31)] * 2
    assert [row.time_limit for row in drafts] == [TimeLimit.DATED] * 3 + [TimeLimit.LONG_TERM]
    assert [row.cause for row in drafts] == ["培训不够", "", "", ""]
    assert all(row.light is None and row.overdue_days == 0 and row.original_due_on is None for row in drafts)


def test_a_published_reports_tasks_are_called_by_their_opening_clause(database: Database) -> None:
    long = "面向社会体育指导员和协会负责人举办体育法律法规专题培训三期，全年覆盖八百人"
    with database.unit_of_work() as session:
        register(session, parsed(plans=(Plan(text="修订裁量基准，年底前印发"), Plan(text=long))))
    assert [row.title for row in rows(database)] == [
        "执法文书制作不规范",
        "普法形式单一",
        "修订裁量基准",
        "2023年报告·计划第2项",
    ]


@pytest.mark.parametrize(
    "where",
    [
        {"title": "松原县交通局2023年度法治政府建设报告（送审稿）"},
        {"name": "2023年报告（征求意见稿）.docx"},
        {"text": "松原县交通局\n2023年度法治政府建设报告\n（讨论稿）\n一、主要做法"},
        {"text": "初稿\n松原县交通局2023年度法治政府建设报告\n一、主要做法"},
    ],
)
@pytest.mark.parametrize("answer", [True, False])
def test_of_a_draft_somebody_says_whether_it_is_published(
    database: Database, where: dict[str, str], answer: bool
) -> None:
    with database.unit_of_work() as session, pytest.raises(Refused, match="可能没有公开"):
        register(session, parsed().model_copy(update=where))
    assert rows(database) == []
    with database.unit_of_work() as session:
        register(session, parsed().model_copy(update=where), is_published=answer)
    found = rows(database)
    assert {row.is_source_published for row in found} == {answer}
    assert ("执法文书制作不规范" in {row.title for row in found}) is answer


@pytest.mark.parametrize("text", ["起草《停车管理办法（草案）》并征求意见。", "一、报告征求意见稿办理情况"])
def test_what_a_final_report_tells_of_drafts_is_no_draft(database: Database, text: str) -> None:
    with database.unit_of_work() as session:
        register(session, parsed(text=text))
    assert {row.is_source_published for row in rows(database)} == {True}


def test_a_draft_does_not_replace_the_final_report_unasked(database: Database) -> None:
    late = parsed(sha256="b" * 64, name="征求意见稿.docx")
    with database.unit_of_work() as session:
        first = register(session, parsed())
    with database.unit_of_work() as session, pytest.raises(Refused, match="已经导入"):
        register(session, late)
    with database.unit_of_work() as session:
        assert register(session, late, is_sure=True).supersedes_id == first.report_id


def test_the_final_report_follows_its_draft_and_may_be_published_with_it(database: Database) -> None:
    with database.unit_of_work() as session:
        register(session, parsed(name="征求意见稿.docx"), is_published=False)
    with database.unit_of_work() as session:
        register(session, parsed(sha256="b" * 64))
    assert {row.is_source_published for row in rows(database)} == {False}, "nobody said it is"
    with database.unit_of_work() as session:
        register(session, parsed(sha256="c" * 64), is_published=True)
    assert {row.is_source_published for row in rows(database)} == {True}
    assert "执法文书制作不规范" in {row.title for row in rows(database)}


def test_the_first_report_names_the_home_bureau(database: Database) -> None:
    with database.unit_of_work() as session:
        outcome = register(session, parsed())
        home = home_bureau(session)
    assert outcome.is_new_bureau
    assert home is not None
    assert home.name == "松原县交通局"


def test_the_same_file_again_makes_nothing_new(database: Database) -> None:
    with database.unit_of_work() as session:
        first = register(session, parsed())
    with database.unit_of_work() as session:
        second = register(session, parsed())
    assert second.report_id == first.report_id
    assert not second.is_new
    assert second.codes == first.codes
    assert len(rows(database)) == 4


def test_another_bureaus_report_asks_and_stores_nothing(database: Database) -> None:
    with database.unit_of_work() as session:
        register(session, parsed())
    with pytest.raises(Refused) as refusal, database.unit_of_work() as session:
        register(session, parsed(org="临河县水利局", sha256="b" * 64))
    assert "别名" in refusal.value.todo
    assert "--new-bureau" in refusal.value.command
    assert "rectify unit alias 松原县交通局 临河县水利局" in refusal.value.command
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Report)) == 1
        assert session.scalar(select(func.count()).select_from(Unit)) == 1


def test_another_bureau_is_made_when_asked_for_and_its_codes_do_not_collide(database: Database) -> None:
    with database.unit_of_work() as session:
        register(session, parsed())
    with database.unit_of_work() as session:
        register(session, parsed(org="临河县水利局", sha256="b" * 64), new_bureau=True)
    codes = [row.code for row in rows(database)]
    assert len(set(codes)) == 8
    assert sum(code.startswith("2023-") for code in codes) == 4


@pytest.mark.parametrize("name", ["松原县交通运输局", "松原县 交通局", "松原县交通局"])
def test_an_alias_or_another_spacing_is_the_same_bureau(database: Database, name: str) -> None:
    with database.unit_of_work() as session:
        register(session, parsed())
        home = home_bureau(session)
        assert home is not None
        add_alias(session, BY, home, "松原县交通运输局")
    with database.unit_of_work() as session:
        outcome = register(session, parsed(org=name, sha256="c" * 64))
    assert outcome.bureau == "松原县交通局"
    assert not outcome.is_new_bureau


@pytest.mark.parametrize(
    ("change", "advice"), [({"year": None}, "--year"), ({"year": 2031}, "--year"), ({"org": ""}, "--org")]
)
def test_what_cannot_be_read_is_asked_for(database: Database, change: dict[str, object], advice: str) -> None:
    with pytest.raises(Refused) as refusal, database.unit_of_work() as session:
        register(session, parsed().model_copy(update=change))
    assert advice in refusal.value.command
    assert rows(database) == []


def test_every_draft_has_one_event_on_a_sound_chain(database: Database) -> None:
    with database.unit_of_work() as session:
        register(session, parsed())
    with database.reading() as session:
        home = home_bureau(session)
        assert home is not None
        assert session.scalar(select(func.count()).select_from(TaskEvent)) == 4
        found = audit.verify(session, home.id)
    assert found.is_sound
    assert found.count == 4


def test_the_report_is_listed_with_its_items(database: Database) -> None:
    with database.unit_of_work() as session:
        outcome = register(session, parsed())
    with database.reading() as session:
        [row] = list_reports(session)
        detail = report_detail(session, row.id)
    assert (row.shortcomings, row.plans, row.year) == (2, 2, 2023)
    assert detail is not None
    assert [item.task_codes for item in detail.items] == [(code,) for code in outcome.codes]
    assert [item.kind for item in detail.items] == [ItemKind.SHORTCOMING] * 2 + [ItemKind.PLAN] * 2
