"""Personal tokens: keys for programs, each a person's own, limited in scope and time, stored by hash."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.errors import Refused
from models.organisation import Person
from models.signin import ApiToken

PREFIX: Final = "rectify_"
LONGEST_DAYS: Final = 366
MOST: Final = 10


def issue_token(
    session: Session, clock: Clock, person_id: int, name: str, *, may_write: bool, days: int
) -> str:
    """A new token; told once, here.

    Raises: Refused, for a nameless or too long-lived one, or where the person has enough of them.
    """
    clean = " ".join(name.split())[:100]
    if not clean or not 1 <= days <= LONGEST_DAYS:
        raise Refused("令牌没有建成", f"须写明用途，有效期 1 至 {LONGEST_DAYS} 天", "请改正后再试")
    if len(list_tokens(session, clock.now, person_id)) >= MOST:
        raise Refused("令牌太多", f"每人最多 {MOST} 个", "请先停用不再使用的")
    token = PREFIX + secrets.token_urlsafe(32)
    session.add(
        ApiToken(
            token_hash=_hashed(token),
            person_id=person_id,
            name=clean,
            may_write=may_write,
            created_at=clock.now,
            expires_at=clock.now + timedelta(days=days),
        )
    )
    session.flush()
    return token


def bearer(session: Session, now: datetime, token: str) -> tuple[Person, ApiToken] | None:
    """Whose token this is; None where it is unknown, expired, or its person has left."""
    row = session.execute(
        select(Person, ApiToken)
        .join(ApiToken, ApiToken.person_id == Person.id)
        .where(ApiToken.token_hash == _hashed(token), ApiToken.expires_at > now, Person.is_active)
    ).one_or_none()
    return (row[0], row[1]) if row else None


def list_tokens(session: Session, now: datetime, person_id: int) -> list[ApiToken]:
    """A person's tokens that still work, the newest first."""
    query = select(ApiToken).where(ApiToken.person_id == person_id, ApiToken.expires_at > now)
    return list(session.scalars(query.order_by(ApiToken.id.desc())))


def revoke_token(session: Session, person_id: int, token_id: int) -> None:
    """Make one of a person's tokens worthless at once."""
    session.execute(delete(ApiToken).where(ApiToken.id == token_id, ApiToken.person_id == person_id))


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
