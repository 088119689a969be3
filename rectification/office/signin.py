"""Signing in: passwords, sessions, one-time links and the short codes that stand for them on slips.

A token leaves this module once, when it is made; stored is its hash. Hashing a password takes a tenth of a second of
one core on purpose, so callers do it outside a unit of work.
"""

import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import bindparam, delete, select, union_all, update
from sqlalchemy.orm import Session

from core.clock import Clock
from core.errors import Refused
from core.settings import SESSION_HOURS, SESSION_IDLE_MINUTES
from core.text import sha256_of
from models.enums import LinkPurpose, OfficeVerb, Role
from models.organisation import Person, PersonRole
from models.signin import OneTimeLink, WebSession
from rectification.office.actors import Actor, actor_from, held_roles
from rectification.office.attempts import let_in
from rectification.office.journal import By, change, note
from rectification.office.kept_text import KEPT, forget_keys
from rectification.office.names import by_login, has_login
from rectification.office.passwords import LONGEST_PASSWORD, must_be_strong
from rectification.office.people import roles_of
from rectification.office.second_person import ask, guarded, must_not_be_own, withheld
from rectification.office.tokens import revoke_all_tokens

IDLE_LIFE: Final = timedelta(minutes=SESSION_IDLE_MINUTES)
WHOLE_LIFE: Final = timedelta(hours=SESSION_HOURS)

LINK_LIFE: Final = {
    LinkPurpose.FIRST_START: timedelta(hours=24),
    LinkPurpose.INVITATION: timedelta(days=3),
    LinkPurpose.RESET: timedelta(days=3),
}

CODE_LETTERS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without those that are taken for another (0 O, 1 I L); case does not count."""
CODE_LENGTH: Final = 8


_HASHER: Final = PasswordHash((Argon2Hasher(),))
_CODE_HASHER: Final = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8192, parallelism=1),))
"""A code is random and short-lived: a hundredth of a password's work keeps it, and a hundred slips take no minute."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser's session as a request finds it. `is_due_for_seen` asks for `mark_seen`.

    `confirmed_at` is when the password was last typed in it.
    """

    session_id: int
    csrf: str
    is_due_for_seen: bool
    confirmed_at: datetime | None


def hash_password(password: str, *, login: str, known: Iterable[str] = ()) -> str:
    """The argon2 hash of a new password; `known` are more words that others know of the person.

    Raises: Refused, for one that is too short, too long or easily guessed.
    """
    must_be_strong(password, (login, *known))
    return _HASHER.hash(password)


@dataclass(frozen=True, slots=True)
class OneTimeCode:
    """A new code as it is printed, ABCD-EFGH, and its hash as it is stored."""

    printed: str
    hash: str


def new_code() -> OneTimeCode:
    """A code, to be hashed outside a unit of work as passwords are."""
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    return OneTimeCode(f"{code[:4]}-{code[4:]}", _CODE_HASHER.hash(code))


def person_with(session: Session, login: str, password: str) -> int | None:
    """The id of the active person with this login name and password; an unknown name takes as long as a wrong password."""
    person = session.scalar(by_login(login).where(Person.is_active))
    known = person.password_hash if person and person.password_hash else ""
    if not known:
        _HASHER.hash(password[:LONGEST_PASSWORD])
        return None
    is_right = _HASHER.verify(password[:LONGEST_PASSWORD], known)
    return person.id if person and is_right else None


def open_session(
    session: Session,
    clock: Clock,
    person_id: int,
    *,
    replaces: str | None = None,
    address: str = "",
    device: str = "",
    life: timedelta = WHOLE_LIFE,
) -> str:
    """A new session for a person, and the person's failed tries from this address forgotten; returns its token.

    `replaces` is the token the browser had before: a session's token never survives signing in.
    """
    if replaces:
        close_session(session, replaces)
    session.execute(delete(WebSession).where(WebSession.expires_at < clock.now - KEPT))
    forget_keys(session, clock.now)
    login = session.scalars(select(Person.login).where(Person.id == person_id)).one()
    let_in(session, clock.now, login, address)
    token = secrets.token_urlsafe(32)
    session.add(
        WebSession(
            token_hash=sha256_of(token),
            person_id=person_id,
            csrf_secret=secrets.token_hex(32),
            created_at=clock.now,
            seen_at=clock.now,
            expires_at=clock.now + life,
            confirmed_at=clock.now,
            address=address[:64],
            device=device[:64],
        )
    )
    session.flush()
    return token


def signed_in(
    session: Session, clock: Clock, token: str, idle: timedelta = IDLE_LIFE
) -> tuple[SignedIn, Actor] | None:
    """The session this token belongs to, and who is signed in; None where it has ended or the person has left."""
    asked = {
        "token_hash": sha256_of(token),
        "now": clock.now,
        "idle": clock.now - idle,
        "today": clock.today,
    }
    rows = session.execute(_SIGNED_IN, asked).all()
    if not rows:
        return None
    found = rows[0]
    is_due = clock.now - found.seen_at > idle / 12
    return SignedIn(found.session_id, found.csrf_secret, is_due, found.confirmed_at), actor_from(rows)


_SIGNED_IN: Final = union_all(
    *(
        roles.add_columns(
            WebSession.id.label("session_id"),
            WebSession.csrf_secret,
            WebSession.seen_at,
            WebSession.confirmed_at,
        )
        .join(WebSession, WebSession.person_id == Person.id)
        .where(
            WebSession.token_hash == bindparam("token_hash"),
            WebSession.expires_at > bindparam("now"),
            WebSession.seen_at > bindparam("idle"),
            Person.is_active,
        )
        for roles in held_roles()
    )
)


def sessions_of(
    session: Session, now: datetime, person_id: int, idle: timedelta = IDLE_LIFE
) -> Sequence[WebSession]:
    """Where a person is signed in, the last used first."""
    mine = select(WebSession).where(WebSession.person_id == person_id)
    lives = mine.where(WebSession.expires_at > now, WebSession.seen_at > now - idle)
    return session.scalars(lives.order_by(WebSession.seen_at.desc(), WebSession.id.desc())).all()


def mark_seen(session: Session, now: datetime, session_id: int) -> None:
    """Note that the session is in use."""
    session.execute(update(WebSession).where(WebSession.id == session_id).values(seen_at=now))


def confirm(session: Session, now: datetime, session_id: int, login: str, address: str) -> None:
    """Note that the password was typed once more in this session; failed tries are forgotten as at signing in."""
    let_in(session, now, login, address)
    session.execute(update(WebSession).where(WebSession.id == session_id).values(confirmed_at=now))


def close_session(session: Session, token: str) -> None:
    """Sign one browser out."""
    session.execute(delete(WebSession).where(WebSession.token_hash == sha256_of(token)))


def close_sessions(
    session: Session, person_id: int, *, only: int | None = None, but: int | None = None
) -> None:
    """Sign a person out everywhere, in one session only, or in all but one."""
    ending = delete(WebSession).where(WebSession.person_id == person_id)
    if only is not None:
        ending = ending.where(WebSession.id == only)
    session.execute(ending.where(WebSession.id != but) if but is not None else ending)


def set_password_hash(session: Session, by: By, person: Person, password_hash: str) -> None:
    """Give a person a new password; every session, open link and personal token of the person ends."""
    with change(session, by, OfficeVerb.SET_PASSWORD) as rows:
        rows.alter(person).password_hash = password_hash
    close_sessions(session, person.id)
    revoke_all_tokens(session, person.id)
    _revoke_links(session, person.id)
    session.flush()


def close_account(session: Session, by: By, person: Person) -> None:
    """End a person's way in: password, sessions, open links and personal tokens."""
    set_password_hash(session, by, person, "")


def has_anyone_a_password(session: Session) -> bool:
    """Whether anybody could sign in: before that, a first-start link is offered."""
    return bool(
        session.scalar(select(Person.id).where(Person.password_hash != "", Person.is_active).limit(1))
    )


def admin_locked_out(session: Session) -> Person | None:
    """The first who looks after the system, where nobody has a password: a ledger that came out of a backup."""
    is_admin = select(PersonRole.person_id).where(PersonRole.role == Role.ADMIN)
    admins = select(Person).where(Person.is_active, Person.id.in_(is_admin)).order_by(Person.id)
    return None if has_anyone_a_password(session) else session.scalars(admins).first()


def make_link(
    session: Session,
    clock: Clock,
    purpose: LinkPurpose,
    person_id: int | None = None,
    code: OneTimeCode | None = None,
) -> str:
    """A new one-time link's token, and `code` for the same; earlier ones of the same person are worthless from now on."""
    _revoke_links(session, person_id)
    token = secrets.token_urlsafe(32)
    session.add(
        OneTimeLink(
            token_hash=sha256_of(token),
            code_hash=code.hash if code else "",
            person_id=person_id,
            purpose=purpose,
            created_at=clock.now,
            expires_at=clock.now + LINK_LIFE[purpose],
        )
    )
    session.flush()
    return token


def open_link(session: Session, now: datetime, token: str) -> OneTimeLink:
    """The link of this token, not used up by looking at it.

    Raises: Refused, where it is unknown, used or expired: the three are not told apart.
    """
    return _still_good(
        session.scalar(select(OneTimeLink).where(OneTimeLink.token_hash == sha256_of(token))), now
    )


def _still_good(link: OneTimeLink | None, now: datetime) -> OneTimeLink:
    if link is None or link.used_at is not None or link.expires_at <= now:
        raise Refused(
            "这个链接不能用了",
            "链接只能用一次，并且会过期",
            "请系统管理员重新发一个；首次启用的，重新启动程序会得到新链接",
        )
    return link


def link_by_code(session: Session, now: datetime, login: str, code: str) -> OneTimeLink | None:
    """The link that the code on a slip stands for, not used up by looking at it; call `register_attempt` first.

    An unknown name and a wrong code are not told apart.
    """
    typed = "".join(char for char in unicodedata.normalize("NFKC", code).upper() if char.isalnum())
    query = (
        select(OneTimeLink)
        .join(Person, Person.id == OneTimeLink.person_id)
        .where(has_login(login), Person.is_active, OneTimeLink.code_hash != "")
        .where(OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > now)
    )
    links = session.scalars(query).all()
    if not links:
        _CODE_HASHER.hash(typed[:LONGEST_PASSWORD])
    return next(
        (link for link in links if _CODE_HASHER.verify(typed[:LONGEST_PASSWORD], link.code_hash)), None
    )


def issue_codes(
    session: Session,
    by: By,
    people: Sequence[Person],
    codes: Sequence[OneTimeCode],
    *,
    is_confirmed: bool = False,
) -> list[tuple[Person, str]]:
    """Give each of these people a code and a link for the same, which is returned; who got one stands on the office's chain.

    None is returned where a second person has to confirm it: then it is asked for.

    Raises: Refused, where nobody was chosen, or somebody who signs is among several; Forbidden, for oneself.
    """
    if not people:
        raise Refused("没有选人", "", "请勾选要发登录条的人")
    bureau_id = people[0].bureau_id
    singly = guarded(session, bureau_id)
    if len(people) > 1 and (signers := [each.name for each in people if each.id in singly]):
        raise Refused(
            "登录条没有发",
            f"{'、'.join(signers)}有签字或管理的角色，任务下达以后须单独发放、当面交给本人",
            "请在其人员页单独发放",
        )
    for each in people:
        must_not_be_own(session, by, each.id, "登录条没有发", "改密码请到“我的账户”")
    if not is_confirmed and withheld(session, by, people[0], roles_of(session, people[0].id)):
        ask(session, by, people[0])
        return []
    links = []
    for person, code in zip(people, codes, strict=True):
        purpose = LinkPurpose.RESET if person.password_hash else LinkPurpose.INVITATION
        links.append((person, make_link(session, by.clock, purpose, person.id, code)))
    note(session, by, OfficeVerb.ISSUE_CODE, about=[person.id for person in people])
    return links


def use_link(session: Session, now: datetime, link_id: int) -> None:
    """Use a link up, or the code for it. Raises: Refused, where somebody else was first."""
    link = session.scalar(select(OneTimeLink).where(OneTimeLink.id == link_id).with_for_update())
    _still_good(link, now).used_at = now
    session.flush()


def without_password(session: Session, bureau_id: int) -> frozenset[int]:
    """Who of a bureau cannot sign in yet."""
    query = select(Person.id).where(
        Person.bureau_id == bureau_id, Person.is_active, Person.password_hash == ""
    )
    return frozenset(session.scalars(query))


def _revoke_links(session: Session, person_id: int | None) -> None:
    mine = OneTimeLink.person_id.is_(None) if person_id is None else OneTimeLink.person_id == person_id
    session.execute(delete(OneTimeLink).where(mine, OneTimeLink.used_at.is_(None)))
