"""How often somebody may try to sign in: the more tries failed, the longer the next one waits; nobody is locked out.

Tries are counted by person and address together, so that who guesses elsewhere keeps nobody from the own desk. Where a
person was let in before, that count alone says how long; elsewhere also what the person's name met with everywhere, and
what came from the address: names tried one after another, many addresses trying one name.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from ipaddress import IPv6Network
from math import ceil
from typing import Final

from sqlalchemy import and_, delete, func, select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.db import insert_if_new
from core.errors import TooMany
from core.text import sha256_of
from models.signin import SigninFailure
from rectification.office.names import login_key

TRIES_BY_LOGIN: Final = 5
"""At one address, before the first delay; the next ones are at all addresses, and of all names at one address."""
TRIES_EVERYWHERE: Final = 30
TRIES_BY_ADDRESS: Final = 40

FORGOTTEN: Final = timedelta(hours=1)
"""After so long without a try a count begins anew, and after a clock that was put back by so much."""
_REMEMBERED: Final = timedelta(days=90)
_FIRST_DELAY: Final = timedelta(seconds=5)
_LONGEST_DELAY: Final = timedelta(minutes=15)
_LONGEST_SHARED: Final = timedelta(minutes=1)
"""Where the tries may be another's: who guesses would else keep others waiting for long."""


def register_attempt(session: Session, clock: Clock, login: str, address: str) -> None:
    """Count one try before the password is looked at; success takes it back (`let_in`).

    Raises: TooMany, with how long to wait; such a try is not counted.
    """
    now, row = clock.now, _row(session, clock.now, login, address)
    if abs(row.at - now) >= FORGOTTEN:
        row.tries = 0
    waits = [min(row.at, now) + _delay(row.tries - TRIES_BY_LOGIN, _LONGEST_DELAY)]
    if row.let_in_at is None:
        for shared, free in (
            (SigninFailure.login == row.login, TRIES_EVERYWHERE),
            (SigninFailure.address == row.address, TRIES_BY_ADDRESS),
        ):
            counted = select(func.sum(SigninFailure.tries), func.max(SigninFailure.at)).where(
                shared,
                SigninFailure.tries > 0,
                SigninFailure.at.between(now - FORGOTTEN, now + FORGOTTEN),
            )
            tries, last = session.execute(counted).one()
            if tries:
                waits.append(min(last, now) + _delay(tries - free, _LONGEST_SHARED))
    if (wait := max(waits) - now) > timedelta():
        raise TooMany(
            "登录尝试太多",
            f"请 {_in_words(wait)}后再试",
            "忘了密码的，请向台账管理员或系统管理员要一张登录条",
        )
    row.tries, row.at = row.tries + 1, now


def let_in(session: Session, now: datetime, login: str, address: str) -> None:
    """The person signed in from here: these tries are forgotten, the address is known for the person; old counts go."""
    stale = and_(SigninFailure.let_in_at.is_(None), SigninFailure.at < now - FORGOTTEN)
    session.execute(delete(SigninFailure).where(stale | (SigninFailure.let_in_at < now - _REMEMBERED)))
    row = _row(session, now, login, address)
    row.tries, row.at, row.let_in_at = 0, now, now


def _row(session: Session, now: datetime, login: str, address: str) -> SigninFailure:
    """What is counted for these two, locked. The name by its hash: a password typed in its place is kept nowhere."""
    key = {"login": sha256_of(login_key(login)), "address": _place(address)}
    insert_if_new(session, SigninFailure, **key, tries=0, at=now)
    return session.get_one(SigninFailure, key, with_for_update=True, populate_existing=True)


def _delay(beyond: int, longest: timedelta) -> timedelta:
    """How long to wait after so many tries beyond those that are free: twice as long with each."""
    return min(_FIRST_DELAY * 2 ** min(beyond, 10), longest) if beyond >= 0 else timedelta()


def _in_words(wait: timedelta) -> str:
    seconds = ceil(wait.total_seconds())
    return f"{seconds} 秒" if seconds <= 90 else f"{ceil(seconds / 60)} 分钟"


def _place(address: str) -> str:
    """An IPv6 address by its network: whoever has one has all of that."""
    if ":" in address:
        with suppress(ValueError):
            return str(IPv6Network((address.partition("%")[0], 64), strict=False))
    return address[:64]
