"""What is done to accounts is told the next working day: to whom it was done, to the chief, to who may confirm it."""

from datetime import date

from sqlalchemy.orm import Session

from core.clock import Clock
from core.db import Database
from models.enums import OfficeVerb, Role
from models.organisation import Person
from rectification.office import confirming, signin
from rectification.office.people import set_roles, set_wants_mail
from rectification.office.second_person import waiting
from rectification.office.signin_notes import note_let_in, note_refused
from tests.factories import BY, make_task
from tests.unit.notifications.test_office_notes import Deed, Weeks, told, weeks

__all__ = ["weeks"]
BEGUN, FIRST, NEXT, LAST = date(2026, 4, 7), date(2026, 4, 8), date(2026, 4, 9), date(2026, 4, 10)


def begin(weeks: Weeks) -> None:
    """Something to sign, and a second person who can sign in."""
    with weeks.database.unit_of_work() as session:
        make_task(session, weeks.office, day=BEGUN)
        for person in (weeks.office.chief, weeks.admin):
            signin.set_password_hash(session, BY, session.get_one(Person, person.id), "a hash")


def live(weeks: Weeks, deed: Deed) -> dict[tuple[str, date], str]:
    return weeks.live(FIRST, LAST, {FIRST: deed})


def test_a_link_that_somebody_opened_is_told_to_its_person_and_the_chief_though_mail_is_off(
    weeks: Weeks,
) -> None:
    begin(weeks)

    def open_it(session: Session, clock: Clock) -> None:
        leader = session.get_one(Person, weeks.office.leader.id)
        set_wants_mail(session, weeks.by(session, clock), leader, wants_mail=False)
        note_let_in(session, clock, leader, "10.0.0.9", OfficeVerb.USE_CODE)
        signin.set_password_hash(session, weeks.by(session, clock), leader, "another hash")

    said = live(weeks, open_it)

    leader, clerk = weeks.office.leader.name, weeks.office.clerk.name
    assert told(said, f"{leader}使用登录码或链接（来自 10.0.0.9）", "leader") == [NEXT]
    assert f"{clerk}开关邮件提醒（人员{leader}（邮件提醒））" in said["leader", NEXT]
    assert "事先也不知情的，请立即告知" in said["leader", NEXT]
    assert "1条账户通知" in said["leader", NEXT]
    assert told(said, f"{leader}使用登录码或链接", "chief") == [NEXT]
    assert "1条账户通知" in said["chief", NEXT]
    assert not told(said, "账户", "officer")


def test_what_waits_for_a_second_person_is_told_to_those_who_may_confirm_it(weeks: Weeks) -> None:
    begin(weeks)

    def ask(session: Session, clock: Clock) -> None:
        officer = session.get_one(Person, weeks.office.officer.id)
        set_roles(session, weeks.by(session, clock), officer, (Role.OFFICER, Role.REVIEWER))

    said = live(weeks, ask)

    words = f"{weeks.office.clerk.name}申请授予{weeks.office.officer.name}复核人角色，待第二人确认"
    assert told(said, words, "chief") == told(said, words, "admin") == [NEXT]
    assert not told(said, words, "clerk")
    assert not told(said, "复核人角色", "officer")

    def confirm(session: Session, clock: Clock) -> None:
        [asked] = waiting(session, weeks.office.bureau.id)
        by = weeks.by_person(session, clock, weeks.admin)
        confirming.confirm(session, by, weeks.office.bureau.id, asked.number, signin.new_code())

    later = weeks.live(LAST, date(2026, 4, 14), {LAST: confirm})
    assert told(later, "增加复核人", "officer") == [date(2026, 4, 13)]
    assert told(later, "第二人确认", "chief") == [date(2026, 4, 13)]
    assert told(later, "改定角色", "chief") == [date(2026, 4, 13)]


def test_tries_with_wrong_passwords_are_told_and_setting_up_is_not(weeks: Weeks, database: Database) -> None:
    def set_up(session: Session, clock: Clock) -> None:
        reviewer = session.get_one(Person, weeks.office.reviewer.id)
        signin.issue_codes(session, weeks.by(session, clock), [reviewer], [signin.new_code()])

    said = weeks.live(date(2026, 4, 1), date(2026, 4, 3), {date(2026, 4, 1): set_up})
    assert told(said, "发放登录码", "reviewer") == [date(2026, 4, 2)]
    assert not told(said, "账户", "chief")

    begin(weeks)

    def guess(session: Session, clock: Clock) -> None:
        note_refused(session, clock, "leader", "10.0.0.9", OfficeVerb.DELAY_SIGN_IN)

    said = live(weeks, guess)
    assert told(said, "登录受限", "leader") == told(said, "登录受限", "chief") == [NEXT]
