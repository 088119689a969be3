"""The week's look at closings in the clerk's digest: who waits for whom, in words, and never more than a mail bears."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from core.db import Database
from models.enums import EvidenceKind, Status
from models.mail import OutboxMessage
from notifications.letterhead import Letterhead
from notifications.messages import LISTED
from notifications.simulate import SimulatedNote, simulate
from notifications.sweep import sweep
from notifications.tellers import Teller
from rectification import casework
from rectification.casework import NewEvidence
from tests.factories import acting, clock_on, make_bureau, make_draft, make_task

HOUSE = Letterhead("http://ledger.test", "整改台账 <r@office.gov.cn>", True, ZoneInfo("Asia/Shanghai"))
MONDAY, TUESDAY = date(2026, 3, 23), date(2026, 3, 24)


@pytest.mark.parametrize("day", [MONDAY, TUESDAY])
def test_the_clerk_is_told_on_the_weeks_first_day_who_waits_for_whom(database: Database, day: date) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        task = make_task(session, office, status=Status.SUBMITTED)
        drafts = [make_draft(session, office).code for _ in range(LISTED + 2)]
        sweep(session, clock_on(day), [office.bureau.id], HOUSE)
        clerk = session.scalar(select(OutboxMessage).where(OutboxMessage.person_id == office.clerk.id))
    if day == TUESDAY:
        assert clerk is None
        return
    assert clerk is not None
    assert clerk.subject == f"【整改提醒】{LISTED + 3}项本周检查事项"
    for words in (clerk.body_text or "", clerk.body_html or ""):
        assert "等人办理过久（1项）" in words
        assert "等方核复核" in words
        assert task.code in words
        assert f"拟定后迟迟未下达（{len(drafts)}项）" in words
        assert "另有2项，请登录后查看" in words
        assert drafts[0] in words
        assert drafts[-1] not in words


def test_the_clerk_is_told_what_became_of_closings_over_a_doubt(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        code = make_task(session, office, day=date(2026, 3, 2)).code
        make_task(session, office, status=Status.SUBMITTED)
        told = {"dated_before_issue": "日期是笔误，已看原卷"}
        early = NewEvidence(archive_no="档7", own_date=date(2026, 2, 1), kind=EvidenceKind.CASE)
        for verb, who, given, named in (
            (casework.evidence, office.officer, (early,), {}),
            (casework.submit, office.officer, ("三件回证补齐。",), {"despite_doubts": True}),
            (casework.verify, office.reviewer, ("逐卷看过",), {"answer": told}),
            (casework.approve, office.leader, (), {"answer": told}),
            (casework.look_back, office.reviewer, ("新案卷齐全",), {}),
        ):
            verb(session, clock_on(MONDAY), acting(session, who, MONDAY), code, *given, **named)
        sweep(session, clock_on(MONDAY), [office.bureau.id], HOUSE)
        clerk = session.scalar(select(OutboxMessage).where(OutboxMessage.person_id == office.clerk.id))
    assert clerk is not None
    for words in (clerk.body_text or "", clerk.body_html or ""):
        assert "带疑点销号 1 项，回头看 1 项，站得住 1 项" in words
        assert "http://ledger.test/look-backs" in words


def test_the_simulation_foretells_what_clerks_hear_weekly_and_leaders_monthly(
    database: Database,
) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        make_draft(session, office)
    with database.reading() as session:
        foretold = [
            (m.date, m.to, m.notes)
            for m in simulate(session, date(2026, 3, 2), date(2026, 4, 5))
            if not m.tasks
        ]
    weekly = (SimulatedNote("1项本周检查事项", Teller.CLOSURE_CHECK),)
    monthly = (SimulatedNote("整改进展通报", Teller.PROGRESS_SUMMARY),)
    assert foretold == [
        (date(2026, 3, 2), "chief", monthly),
        (date(2026, 3, 2), "leader", monthly),
        (date(2026, 3, 16), "clerk", weekly),  # a draft of 2 March has lain ten working days
        (date(2026, 3, 23), "clerk", weekly),
        (date(2026, 3, 30), "clerk", weekly),
        (date(2026, 4, 1), "chief", monthly),
        (date(2026, 4, 1), "leader", monthly),
    ]


def test_what_todays_digest_has_said_is_not_foretold_for_today(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        make_draft(session, office)
        sweep(session, clock_on(MONDAY), [office.bureau.id], HOUSE)
    with database.reading() as session:
        assert list(simulate(session, MONDAY, TUESDAY, login="clerk")) == []
