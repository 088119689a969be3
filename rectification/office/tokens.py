"""Personal tokens: a program asks the API in one person's name, no further than the token's scope.

A token leaves this module once, when it is made; stored is its hash. It ends by date, by being revoked, and with
every change of its person's password.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, delete, func, select, union_all, update
from sqlalchemy.orm import Session

from core.clock import Clock
from core.errors import NotFound, Refused
from core.text import one_line, sha256_of
from models.base import frozen
from models.enums import OfficeVerb, TokenScope
from models.organisation import Person
from models.signin import ApiToken
from rectification.office.actors import Actor, actor_from, held_roles
from rectification.office.journal import By, note

PREFIX: Final = "rectify_"
MOST_TOKENS: Final = 10
LIVES: Final = (30, 90, 365)
"""How many days a token may live."""

USED_EVERY: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who brings a token, and what it allows. `is_due_for_used` asks for `mark_used`."""

    token_id: int
    actor: Actor
    scope: TokenScope
    is_due_for_used: bool


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token as its owner sees it afterwards."""

    id: int
    name: str
    scope: TokenScope
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    is_expired: bool


def make_token(session: Session, by: By, person_id: int, name: str, scope: TokenScope, days: int) -> str:
    """A new token of a person for `days` days.

    Raises: Refused, without a name, for another length than those in LIVES, or where there are too many already.
    """
    called = one_line(name)
    if not called or len(called) > 200:
        raise Refused("令牌没有合适的用途说明", "须为 1 至 200 个字", "请写明给哪个程序用，以便日后停用")
    if days not in LIVES:
        raise Refused("令牌的有效期不对", "", f"可选 {'、'.join(str(each) for each in LIVES)} 天")
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update())
    held = session.scalar(select(func.count()).where(ApiToken.person_id == person_id)) or 0
    if held >= MOST_TOKENS:
        raise Refused("令牌太多", f"每人最多 {MOST_TOKENS} 个", "请先停用不再使用的")
    token = PREFIX + secrets.token_urlsafe(32)
    session.add(
        ApiToken(
            token_hash=sha256_of(token),
            person_id=person_id,
            name=called,
            scope=scope,
            created_at=by.clock.now,
            expires_at=by.clock.now + timedelta(days=days),
        )
    )
    note(session, by, OfficeVerb.MAKE_TOKEN, f"{called}（{scope.word}，{days} 天）", [person_id])
    session.flush()
    return token


def bearer_of(session: Session, clock: Clock, token: str) -> Bearer | None:
    """Whoever this token belongs to; None where it is unknown, expired or its person has left."""
    asked = {"token_hash": sha256_of(token), "now": clock.now, "today": clock.today}
    rows = session.execute(_BEARER, asked).all()
    if not rows:
        return None
    found = rows[0]
    is_due = found.used_at is None or clock.now - found.used_at > USED_EVERY
    return Bearer(found.token_id, actor_from(rows), found.scope, is_due)


_BEARER: Final = union_all(
    *(
        roles.add_columns(ApiToken.id.label("token_id"), ApiToken.scope, ApiToken.used_at)
        .join(ApiToken, ApiToken.person_id == Person.id)
        .where(
            ApiToken.token_hash == bindparam("token_hash"),
            ApiToken.expires_at > bindparam("now"),
            Person.is_active,
        )
        for roles in held_roles()
    )
)


def mark_used(session: Session, now: datetime, token_id: int) -> None:
    """Note that a token is in use."""
    session.execute(update(ApiToken).where(ApiToken.id == token_id).values(used_at=now))


def list_tokens(session: Session, now: datetime, person_id: int) -> list[TokenRow]:
    """A person's tokens, the newest first."""
    rows = session.scalars(
        select(ApiToken).where(ApiToken.person_id == person_id).order_by(ApiToken.id.desc())
    )
    return [frozen(TokenRow, row, is_expired=row.expires_at <= now) for row in rows]


def revoke_token(session: Session, by: By, person_id: int, token_id: int) -> None:
    """End one of a person's own tokens.

    Raises: NotFound, alike where there is none and where it is another's.
    """
    gone = session.scalars(
        delete(ApiToken)
        .where(ApiToken.id == token_id, ApiToken.person_id == person_id)
        .returning(ApiToken.name)
    ).all()
    if not gone:
        raise NotFound("没有这个令牌", "可能已经停用", "请从“我的账户”查看")
    note(session, by, OfficeVerb.REVOKE_TOKEN, gone[0], [person_id])


def revoke_all_tokens(session: Session, person_id: int) -> None:
    """End every token of a person."""
    session.execute(delete(ApiToken).where(ApiToken.person_id == person_id))
