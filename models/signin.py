"""Signing in: sessions, one-time links and personal tokens, known by the hash of their token alone."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Name, Numbered, Sha256, UTCDateTime, enum_text
from models.enums import LinkPurpose, TokenScope


class WebSession(Numbered, Base):
    """A signed-in browser. `confirmed_at` is when the password was last typed in it."""

    token_hash: Mapped[str] = mapped_column(Sha256, unique=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"), index=True)
    csrf_secret: Mapped[str] = mapped_column(Sha256)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    address: Mapped[str] = mapped_column(String(64), default="", server_default="")
    device: Mapped[str] = mapped_column(String(64), default="", server_default="")


class OneTimeLink(Numbered, Base):
    """What signs one person in once, to set a password: a link, or the short code that stands on a slip beside it.

    `person_id` is None on first start alone, where there is nobody yet: the link makes the first person.
    """

    token_hash: Mapped[str] = mapped_column(Sha256, unique=True)
    code_hash: Mapped[str] = mapped_column(String(255), default="", server_default="")
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"), index=True)
    purpose: Mapped[LinkPurpose] = mapped_column(enum_text(LinkPurpose))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class KeptText(Numbered, Base):
    """What a person sent after the session had ended: offered once the same person has signed in again.

    `place` is the page it was typed on, `action` where it was sent; `fields` are pairs of name and text, `files` the
    names of files that came with it and were not kept.
    """

    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"), index=True)
    place: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    fields: Mapped[list[list[str]]] = mapped_column(JSON)
    files: Mapped[list[str]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class SigninFailure(Base):
    """How often in vain somebody tried to sign in: by the hash of the typed login name, and address.

    `let_in_at` is when this person last signed in from there: a place the person is known at.
    """

    login: Mapped[str] = mapped_column(Sha256, primary_key=True)
    address: Mapped[str] = mapped_column(String(64), primary_key=True, index=True)
    tries: Mapped[int]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    let_in_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class FormKey(Base):
    """A form that was sent: the hash of the key its page gave it and of all it says, written with what it asked for."""

    key: Mapped[str] = mapped_column(Sha256, primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class ApiToken(Numbered, Base):
    """A personal token by which a program asks the API in one person's name; revoking removes the row."""

    token_hash: Mapped[str] = mapped_column(Sha256, unique=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(Name)
    scope: Mapped[TokenScope] = mapped_column(enum_text(TokenScope))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
