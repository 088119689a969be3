"""The mail log with its reasons, sending again, the telephone list and its tick, the state of health."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from core.clock import Clock
from core.db import Database
from core.errors import Conflict, Forbidden, NotFound, Refused
from models.enums import OutboxStatus, Status
from models.job import JobRun, beat
from models.mail import OutboxMessage
from models.organisation import Person
from models.task import RectificationTask
from notifications.health import mail_health
from notifications.letterhead import Letterhead
from notifications.log import drop_old_bodies, mail_log, resend
from notifications.phone import call_list, calls_made, tick
from notifications.simulate import SimulatedTask, simulate
from notifications.sweep import sweep
from rectification import casework
from rectification.casework import IssueOrder, NewHands
from rectification.halfyear.daily_look import open_reviews
from rectification.halfyear.summary_versions import keep_summaries
from rectification.lists.rows import list_tasks
from rectification.office.actors import actor_of
from rectification.office.calendar import load_calendar
from rectification.office.substitutes import add_substitute
from tests.factories import BY, Office, acting, clock_on, make_bureau, make_draft, make_person, make_task

HOUSE = Letterhead("http://ledger.test", "整改台账 <r@office.gov.cn>", True, ZoneInfo("Asia/Shanghai"))
DUE = date(2026, 6, 30)


@pytest.fixture
def office(database: Database) -> Office:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        make_task(session, office)
        return office


def run(database: Database, office: Office, day: date) -> None:
    with database.unit_of_work() as session:
        sweep(session, clock_on(day), [office.bureau.id], HOUSE)


def change(database: Database, **values: object) -> None:
    with database.unit_of_work() as session:
        session.execute(update(OutboxMessage).values(**values))


def test_the_log_says_to_whom_and_by_which_rule(database: Database, office: Office) -> None:
    run(database, office, DUE)
    with database.reading() as session:
        [row] = mail_log(session)
        [reason] = row.reasons
        assert (row.login, row.address, row.status) == (
            "officer",
            "officer@example.gov.cn",
            OutboxStatus.QUEUED,
        )
        assert (reason.rule, reason.label) == ("due", "到期当日")
        assert mail_log(session, login="head") == []
        assert mail_log(session, bureau_id=office.bureau.id + 1) == []
        assert mail_log(session, undelivered=True) == []


def test_what_failed_so_far_and_what_failed_for_good_are_undelivered(
    database: Database, office: Office
) -> None:
    run(database, office, date(2026, 7, 1))
    change(database, last_error="连不上邮件服务器")
    with database.reading() as session:
        assert len(mail_log(session, undelivered=True)) == 2
    change(database, last_error="", status=OutboxStatus.SENT)
    with database.reading() as session:
        assert mail_log(session, undelivered=True) == []


def test_an_undelivered_mail_is_sent_again_on_request_and_no_other(
    database: Database, office: Office
) -> None:
    run(database, office, DUE)
    clock = clock_on(date(2026, 7, 2))
    with database.reading() as session:
        number = mail_log(session)[0].id
    with pytest.raises(Refused, match="不能重发"), database.unit_of_work() as session:
        resend(session, clock, number, HOUSE)
    with pytest.raises(NotFound), database.unit_of_work() as session:
        resend(session, clock, 999, HOUSE)
    change(database, status=OutboxStatus.UNDELIVERED, attempts=12, last_error="550")
    with pytest.raises(NotFound), database.unit_of_work() as session:
        resend(session, clock, number, HOUSE, bureau_id=office.bureau.id + 1)
    with database.unit_of_work() as session:
        resend(session, clock, number, HOUSE)
    with database.reading() as session:
        message = session.get_one(OutboxMessage, number)
    assert (message.status, message.attempts, message.last_error) == (OutboxStatus.QUEUED, 0, "")
    assert message.send_until == datetime(2026, 7, 2, 16, tzinfo=UTC)


def test_old_bodies_are_forgotten_and_the_rest_stays(database: Database, office: Office) -> None:
    run(database, office, DUE)
    late = datetime(2026, 12, 31, tzinfo=UTC)
    with database.unit_of_work() as session:
        assert drop_old_bodies(session, late) == 0
    change(database, status=OutboxStatus.SENT, frozen=b"x")
    with database.unit_of_work() as session:
        assert drop_old_bodies(session, late) == 1
        assert drop_old_bodies(session, late) == 0
    with database.reading() as session:
        [row] = mail_log(session)
        message = session.get_one(OutboxMessage, row.id)
    assert (message.body_text, message.body_html, message.frozen) == (None, None, None)
    assert row.message_id == HOUSE.message_id(f"digest:{office.bureau.id}:{office.officer.id}:{DUE}")


def test_who_has_no_mailbox_is_rung_of_the_task_as_it_stands_that_day(
    database: Database, office: Office
) -> None:
    """Whatever was missed, one line a task, with nothing of an earlier day; once rung, not before something is new."""
    with database.unit_of_work() as session:
        values = {"email": "", "phone": "13800000000"}
        session.execute(update(Person).where(Person.id == office.officer.id).values(values))
    for day in (DUE, date(2026, 7, 1)):
        run(database, office, day)
    late = date(2026, 7, 2)
    with database.reading() as session:
        [row] = call_list(session, late, office.bureau.id)
        assert list_tasks(session, late, load_calendar(session)) == [item.row for item in row.items]
    assert (row.name, row.phone, row.refusal) == ("陈路", "13800000000", "")
    assert [(item.row.overdue_days, item.row.deadline_on) for item in row.items] == [(2, DUE)]
    clock = clock_on(late, hour=11)

    def ring(by: Person = office.clerk, person: Person = office.officer) -> None:
        with database.unit_of_work() as session:
            actor = actor_of(session, by, today=late)
            tick(session, clock, actor, person_id=person.id, note="本人已知")

    with pytest.raises(Forbidden, match="台账管理员"):
        ring(office.head)
    ring()
    with pytest.raises(Conflict, match="管台"):
        ring()
    with pytest.raises(NotFound):
        ring(person=office.head)
    with database.reading() as session:
        listed = {
            day: bool(call_list(session, late.replace(day=day), office.bureau.id)) for day in range(2, 10)
        }
        [done] = calls_made(session, office.bureau.id)
    assert [day for day, is_on in listed.items() if is_on] == [
        7,
        8,
        9,
    ]  # the fifth working day overdue is new
    assert (done.caller, done.called_at, done.note) == ("管台", clock.now, "本人已知")


def test_whose_mail_did_not_arrive_is_rung_too_unless_the_task_has_ended(
    database: Database, office: Office
) -> None:
    run(database, office, DUE)
    change(database, status=OutboxStatus.UNDELIVERED, last_error="收件服务器拒收：550")
    with database.reading() as session:
        [row] = call_list(session, DUE)
    assert (row.login, row.refusal) == ("officer", "收件服务器拒收：550")
    with database.unit_of_work() as session:
        session.execute(update(RectificationTask).values(status=Status.CLOSED))
    with database.reading() as session:
        assert call_list(session, DUE) == []


def test_who_has_no_mailbox_is_rung_of_what_is_said_beside_tasks(database: Database, office: Office) -> None:
    monday = date(2026, 6, 1)
    with database.unit_of_work() as session:
        for person in (office.clerk, office.leader):
            session.execute(update(Person).where(Person.id == person.id).values(email=""))
        make_draft(session, office)
        open_reviews(session, clock_on(monday), [office.bureau.id])
        keep_summaries(session, clock_on(monday), office.bureau.id)
    run(database, office, monday)
    run(database, office, monday)
    with database.reading() as session:
        listed = {row.login: row.notes for row in call_list(session, monday, office.bureau.id)}
        foretold = {m.to: m.template for m in simulate(session, date(2026, 6, 8), date(2026, 6, 8))}
    assert listed == {"clerk": ("半年调度和会议安排", "本周检查事项"), "leader": ("整改进展通报",)}
    assert foretold["clerk"] == "phone"
    with database.unit_of_work() as session:
        by = actor_of(session, office.clerk, today=monday)
        tick(session, clock_on(monday, hour=11), by, person_id=office.leader.id)
    with database.reading() as session:
        assert [row.login for row in call_list(session, monday, office.bureau.id)] == ["clerk"]


def unplug(database: Database, *people: Person) -> None:
    with database.unit_of_work() as session:
        for person in people:
            session.get_one(Person, person.id).email = ""


def ring(database: Database, office: Office, person: Person, day: date) -> None:
    with database.unit_of_work() as session:
        tick(session, clock_on(day, hour=17), acting(session, office.clerk, day).actor, person_id=person.id)


def asked_of(database: Database, person: Person, day: date) -> dict[str, str]:
    """What stands of each task on the list for a person."""
    with database.reading() as session:
        found = [each for each in call_list(session, day) if each.person_id == person.id]
        return {item.row.code: item.request for each in found for item in each.items}


def test_what_happened_stands_on_the_list_until_it_was_rung(database: Database, office: Office) -> None:
    """A task that another now has is there too; what was taken back is not."""
    unplug(database, office.officer)
    with database.unit_of_work() as session:
        kept, left, spared = (make_task(session, office).code for _ in range(3))
    friday, monday = date(2026, 3, 13), date(2026, 3, 16)
    with database.unit_of_work() as session:
        leader, clerk = (acting(session, person, friday) for person in (office.leader, office.clerk))
        for code in (kept, spared):
            casework.instruct(session, clock_on(friday), leader, code, "抓紧。")
        hands = NewHands(officer_id=office.other.id)
        casework.transfer(session, clock_on(friday), clerk, left, "职责调整", hands)
    run(database, office, monday)
    with database.unit_of_work() as session:
        casework.undo(session, clock_on(monday), acting(session, office.leader, monday), spared, "误批")
    for day in (monday, monday + timedelta(days=20)):
        said = asked_of(database, office.officer, day)
        assert said[kept] == "3月13日批示，内容见任务页".replace("3月", "2026年3月")
        assert said[left].startswith("已转办（")
        assert spared not in said
    ring(database, office, office.officer, monday)
    assert asked_of(database, office.officer, monday + timedelta(days=1)) == {}


def test_who_stands_in_for_whom_is_named_on_the_list(database: Database, office: Office) -> None:
    unplug(database, office.other)
    day, ends_on = date(2026, 3, 16), date(2026, 6, 30)
    with database.unit_of_work() as session:
        add_substitute(session, BY, office.bureau.id, office.officer.id, office.other.id, day, ends_on)
    run(database, office, day)
    with database.reading() as session:
        assert {row.login: row.notes for row in call_list(session, day)} == {"other": ("AB岗安排",)}


def test_what_waits_for_a_date_is_urged_once_it_is_overdue_and_says_that_it_waits(
    database: Database, office: Office
) -> None:
    """Beside it stands what the review asks of the same task."""
    unplug(database, office.officer)
    asked = date(2026, 6, 29)
    with database.unit_of_work() as session:
        open_reviews(session, clock_on(date(2026, 6, 1)), [office.bureau.id])
        by, code = (
            acting(session, office.officer, asked),
            session.scalars(select(RectificationTask.code)).one(),
        )
        casework.request_extension(session, clock_on(asked), by, code, "等批复", date(2026, 9, 30))

    def urged(day: date) -> list[str]:
        with database.reading() as session:
            found = [each for each in call_list(session, day) if each.person_id == office.officer.id]
            return [request for each in found for _, request in each.asked(signs=False)]

    assert urged(DUE) == []
    [request] = urged(date(2026, 7, 5))
    assert request.startswith("已申请延期，待审批；半年调度情况说明时限")


def test_the_paper_asks_for_what_is_near_or_late_and_the_persons_own(
    database: Database, office: Office
) -> None:
    """The list tells of all; the 催办通知单 asks for no date four weeks off, and not of who only helps (配合)."""
    day = date(2026, 5, 11)
    with database.unit_of_work() as session:
        far, near, helped = (
            make_task(session, office, order=IssueOrder(due_on=due))
            for due in (date(2026, 6, 12), date(2026, 5, 15), date(2026, 5, 6))
        )
        codes = far.code, near.code, helped.code
        helper = make_person(session, office.transport, "helper", email="")
        clerk = acting(session, office.clerk)
        casework.participate(session, clock_on(day), clerk, helped.code, add_people=[helper.id])
        helper_id, officer_id = helper.id, office.officer.id
    unplug(database, office.officer)
    with database.reading() as session:
        found = {each.person_id: each for each in call_list(session, day)}
    listed = {who: {item.row.code for item in found[who].items} for who in (officer_id, helper_id)}
    asked = {who: {row.code for row, _ in found[who].asked(signs=False)} for who in (officer_id, helper_id)}
    assert listed[officer_id] >= set(codes)
    assert asked[officer_id] == {codes[1], codes[2]}
    assert listed[helper_id] == {codes[2]}
    assert asked[helper_id] == set()


def test_what_was_rung_about_does_not_come_back_with_what_is_new(database: Database, office: Office) -> None:
    unplug(database, office.officer)
    with database.unit_of_work() as session:
        old = session.scalars(select(RectificationTask.code)).one()
        order = IssueOrder(due_on=date(2026, 7, 2))
        new = make_task(session, office, order=order).code
    wednesday = date(2026, 7, 1)
    assert asked_of(database, office.officer, wednesday).keys() == {old, new}
    ring(database, office, office.officer, wednesday)
    assert asked_of(database, office.officer, wednesday + timedelta(days=1)).keys() == {new}, "due today"


def test_a_digest_of_notes_that_did_not_arrive_is_on_the_list(database: Database, office: Office) -> None:
    monday = date(2026, 3, 23)
    with database.unit_of_work() as session:
        make_draft(session, office)
    run(database, office, monday)
    change(database, status=OutboxStatus.UNDELIVERED, last_error="550")
    with database.reading() as session:
        [row] = call_list(session, monday)
    assert (row.login, row.items, row.notes) == ("clerk", (), ("本周检查事项",))


def test_the_simulation_names_day_person_rule_and_way(database: Database, office: Office) -> None:
    with database.unit_of_work() as session:
        session.execute(update(Person).where(Person.id == office.head.id).values(email=""))
        session.execute(update(RectificationTask).values(deadline_on=date(2026, 4, 15)))
        code = session.scalars(select(RectificationTask.code)).one()
    with database.reading() as session:
        messages = list(simulate(session, date(2026, 4, 14), date(2026, 4, 17)))
        to_head = list(simulate(session, date(2026, 4, 14), date(2026, 4, 17), login="head"))
    assert [(m.date.day, m.to, m.template, m.tasks) for m in messages] == [
        (14, "officer", "digest", (SimulatedTask(code, "before-1"),)),
        (15, "officer", "digest", (SimulatedTask(code, "due"),)),
        (16, "clerk", "digest", ()),  # of whom is to be rung
        (16, "head", "phone", (SimulatedTask(code, "overdue-1"),)),
        (16, "officer", "digest", (SimulatedTask(code, "overdue-1"),)),
    ]
    assert to_head == [message for message in messages if message.to == "head"]


def test_who_looks_ahead_reads_what_is_left_on_the_day_of_the_mail(
    database: Database, office: Office
) -> None:
    """A Thursday's steps of three days before and of one speak on its Monday; who waits reads the task's own date."""
    thursday = date(2026, 4, 16)
    with database.unit_of_work() as session:
        session.execute(update(RectificationTask).values(deadline_on=thursday))
        make_task(session, office, status=Status.ASSIGNED, order=IssueOrder(due_on=date(2026, 9, 30)))
    with database.reading() as session:
        ahead = simulate(session, date(2026, 4, 13), thursday, login="officer")
        told = [(message.date.day, task.label, task.due_on) for message in ahead for task in message.tasks]
        of_head = simulate(session, date(2026, 4, 13), thursday, login="head")
        waits = {task.due_on for message in of_head for task in message.tasks if "签收" in task.label}
    assert told == [(13, "还有3个工作日", thursday), (16, "到期当日", thursday)]
    assert waits == {date(2026, 9, 30)}


def test_the_simulation_starts_from_what_has_been_told_and_what_has_not_gone(
    database: Database, office: Office
) -> None:
    run(database, office, DUE)
    with database.reading() as session:
        same_day = list(simulate(session, DUE, DUE))
        next_day = list(simulate(session, date(2026, 7, 1), date(2026, 7, 1), login="officer"))
    assert "due" not in {task.rule for message in same_day for task in message.tasks}
    assert "overdue-1" in {task.rule for message in next_day for task in message.tasks}


def test_a_whole_working_day_without_a_sweep_is_noticed(database: Database, office: Office) -> None:
    def troubles(day: date) -> tuple[str, ...]:
        with database.reading() as session:
            clock = Clock(datetime.now(UTC), day)  # the day alone is moved, as by --on
            health = mail_health(session, clock, load_calendar(session))
            return health.faults + health.unheard

    with database.unit_of_work() as session:
        done = datetime(2026, 6, 26, tzinfo=UTC)
        session.add(
            JobRun(job="daily_reminders", day=date(2026, 6, 26), shard=0, bureau_ids=[], done_at=done)
        )
        session.add(
            JobRun(job="daily_reminders", day=date(2026, 6, 29), shard=0, bureau_ids=[], done_at=done)
        )
        session.add(JobRun(job="daily_reminders", day=date(2026, 6, 29), shard=1, bureau_ids=[]))
    assert troubles(date(2026, 6, 26)) == ()
    assert troubles(date(2026, 6, 28)) == ()
    assert troubles(date(2026, 6, 29)) == ()
    assert "上次是2026年6月26日" in troubles(date(2026, 6, 30))[0]


def test_mail_that_waits_without_a_sender_is_noticed(database: Database, office: Office) -> None:
    now = datetime.now(UTC)
    clock = Clock(now, DUE)
    with database.unit_of_work() as session:
        sweep(session, clock, [office.bureau.id], HOUSE)
        session.add(JobRun(job="daily_reminders", day=DUE, shard=0, bureau_ids=[], done_at=now))

    def troubles(at: Clock) -> tuple[str, ...]:
        with database.reading() as session:
            health = mail_health(session, at, load_calendar(session))
            return health.faults + health.unheard

    assert "发信程序没有运行" in troubles(clock)[0]
    with database.unit_of_work() as session:
        beat(session, "sender", now)
    assert troubles(clock) == ()
    two_hours_ago = now - timedelta(hours=2)
    change(database, created_at=two_hours_ago, next_attempt_at=two_hours_ago)
    assert "一小时后仍未发出" in troubles(clock)[0]
    change(database, status=OutboxStatus.UNDELIVERED)
    assert "未送达" in troubles(clock)[0]
