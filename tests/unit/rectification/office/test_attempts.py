"""Tries to sign in: delays grow by person and address, success takes them back, and nobody is locked out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from core.clock import Clock
from core.db import Database
from core.errors import TooMany
from models.signin import SigninFailure
from rectification.office.attempts import (
    FORGOTTEN,
    TRIES_BY_ADDRESS,
    TRIES_BY_LOGIN,
    TRIES_EVERYWHERE,
    _delay,
    _place,
    let_in,
    register_attempt,
)
from tests.factories import DAY, clock_on

START = clock_on(DAY).now
DESK, PROXY = "10.1.2.3", "10.9.9.9"


class Door:
    """Tries one after another, each in a transaction of its own, as the pages make them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now: datetime = START

    def try_in(self, login: str = "officer", address: str = DESK) -> bool:
        """Whether the password would have been looked at."""
        try:
            with self.database.unit_of_work() as session:
                register_attempt(session, Clock(self.now, self.now.date()), login, address)
        except TooMany:
            return False
        return True

    def let_in(self, login: str = "officer", address: str = DESK) -> None:
        with self.database.unit_of_work() as session:
            let_in(session, self.now, login, address)

    def wait(self, login: str = "officer", address: str = DESK) -> timedelta:
        """Let the time pass until a next try is looked at; how long that was."""
        began = self.now
        while not self.try_in(login, address):
            self.now += timedelta(seconds=5)
        return self.now - began


@pytest.fixture
def door(database: Database) -> Door:
    return Door(database)


def test_the_next_try_waits_longer_and_longer_but_never_a_day(door: Door) -> None:
    assert all(door.try_in() for _ in range(TRIES_BY_LOGIN))

    waits = [door.wait().total_seconds() for _ in range(10)]

    assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]


def test_whoever_guesses_elsewhere_keeps_nobody_from_the_own_desk(door: Door) -> None:
    door.let_in(address=DESK)
    for _ in range(TRIES_EVERYWHERE + 8):
        door.wait(address="10.6.6.6")

    assert not door.try_in(address="10.6.6.6")
    assert not door.try_in(address="10.7.7.7")  # where the person was never seen
    assert door.try_in(address=DESK)


def test_forty_one_people_come_in_through_one_proxy(door: Door) -> None:
    for number in range(3 * TRIES_BY_ADDRESS):
        assert door.try_in(f"person{number}", PROXY)
        door.let_in(f"person{number}", PROXY)


def test_one_address_cannot_try_every_name_but_who_is_known_there_comes_in(door: Door) -> None:
    door.let_in("officer", PROXY)
    tried = [door.try_in(f"name{number}", PROXY) for number in range(TRIES_BY_ADDRESS + 5)]

    assert tried == [True] * TRIES_BY_ADDRESS + [False] * 5
    assert door.try_in("officer", PROXY)
    assert door.wait("newcomer", PROXY) <= timedelta(minutes=1)


def test_success_takes_back_the_own_tries_alone(door: Door) -> None:
    for number in range(TRIES_BY_ADDRESS - 1):
        assert door.try_in(f"name{number}", PROXY)
    assert door.try_in("attacker", PROXY)
    door.let_in("attacker", PROXY)

    assert door.try_in("name98", PROXY)
    assert not door.try_in("name99", PROXY)


def test_many_addresses_trying_one_name_wait_for_each_other(door: Door) -> None:
    tried = [door.try_in(address=f"10.0.{number}.1") for number in range(TRIES_EVERYWHERE + 3)]

    assert tried == [True] * TRIES_EVERYWHERE + [False] * 3
    looked_at = sum(door.try_in(address=f"10.{hour}.{n}.7") for hour in range(1, 4) for n in range(9))
    assert looked_at == 0


def test_an_account_is_tried_less_than_a_hundred_times_an_hour(door: Door) -> None:
    looked_at, end = 0, START + timedelta(hours=1)
    while door.now < end:
        looked_at += sum(door.try_in(address=f"10.0.{n}.1") for n in range(30))
        door.now += timedelta(seconds=20)

    assert looked_at < 100


def test_tries_at_the_same_moment_are_counted_one_by_one(door: Door) -> None:
    with ThreadPoolExecutor(12) as many:
        looked_at = list(many.map(lambda _: door.try_in(), range(24)))

    assert looked_at.count(True) == TRIES_BY_LOGIN


def test_an_hour_without_a_try_begins_anew(door: Door) -> None:
    for _ in range(TRIES_BY_LOGIN + 6):
        door.wait()
    door.now += FORGOTTEN

    assert all(door.try_in() for _ in range(TRIES_BY_LOGIN))


def test_a_clock_that_was_put_back_keeps_nobody_out(door: Door) -> None:
    for _ in range(TRIES_BY_LOGIN + 3):
        door.wait("guesser")
    door.let_in()
    for back in (timedelta(seconds=30), timedelta(days=1)):
        door.now -= back
        assert door.try_in()
    assert door.try_in("guesser")


def test_capitals_and_width_are_the_same_person_and_an_ipv6_network_one_address(door: Door) -> None:
    for login in ("officer", "Officer", "OFFICER", "ｏｆｆｉｃｅｒ", "oFFicer"):
        assert door.try_in(login)
    assert not door.try_in("officer")
    assert _place("2001:db8:1:2::3") == _place("2001:db8:1:2:ffff::9%eth0")
    assert _place("2001:db8:1:3::3") != _place("2001:db8:1:2::3")


def test_what_was_typed_as_the_name_is_kept_nowhere_and_old_counts_go(door: Door) -> None:
    door.try_in("秋天的路边有一排老银杏树")
    with door.database.reading() as reading:
        assert "银杏" not in str(reading.execute(select(SigninFailure.login, SigninFailure.address)).all())
    door.now += timedelta(days=91)
    door.let_in("other")
    with door.database.reading() as reading:
        assert reading.scalar(select(func.count()).select_from(SigninFailure)) == 1


@given(st.integers(min_value=-50, max_value=10_000))
def test_a_delay_only_grows_and_ends_somewhere(beyond: int) -> None:
    longest = timedelta(minutes=15)
    assert timedelta() <= _delay(beyond, longest) <= _delay(beyond + 1, longest) <= longest
    assert bool(_delay(beyond, longest)) == (beyond >= 0)
