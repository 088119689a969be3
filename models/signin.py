"""Signing in: sessions and one-time links, known by the hash of their token alone."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Numbered, Sha256, UTCDateTime


class WebSession(Numbered, Base):
    """A signed-in browser."""

    __tablename__ = "web_session"

    token_hash: Mapped[str] = mapped_column(Sha256, unique=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"), index=True)
    csrf_secret: Mapped[str] = mapped_column(Sha256)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)


class OneTimeLink(Numbered, Base):
    """A link that signs one person in once, to set a password: first start, invitation, reset."""

    __tablename__ = "one_time_link"

    token_hash: Mapped[str] = mapped_column(Sha256, unique=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class SigninFailure(Numbered, Base):
    """A failed sign-in, for throttling by login name and by address."""

    __tablename__ = "signin_failure"
    __table_args__ = (Index("ix_signin_failure_subject_at", "subject", "at"),)

    subject: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
