"""The base of every table, the column types that keep values honest, and the ways from a row to others."""

import re
from collections.abc import Iterable
from dataclasses import fields
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import BigInteger, DateTime, Dialect, Enum, Integer, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

BigId = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows only in a plain INTEGER key


class Base(DeclarativeBase):
    """A table is called as its class is, in small letters."""

    metadata = MetaData(naming_convention=NAMING)

    def __init_subclass__(cls, **how: Any) -> None:
        cls.__tablename__ = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cls.__name__).lower()
        super().__init_subclass__(**how)


class Numbered:
    """A table whose rows are known by a number the database gives."""

    id: Mapped[int] = mapped_column(BigId, primary_key=True)


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC to the microsecond. A naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: give it a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def enum_text(enum: type[StrEnum]) -> Enum:
    """A StrEnum stored by its value, as text: readable in the database, and a new member needs no migration."""
    return Enum(
        enum,
        native_enum=False,
        create_constraint=False,
        length=32,
        values_callable=lambda members: [member.value for member in members],
        validate_strings=True,
    )


Name = String(200)
Code = String(64)
Sha256 = String(64)


def way(*own_keys: Any, **how: Any) -> Any:
    """A way from a row to what it names or what hangs on it, to read only; a query says which it goes, or it raises."""
    if own_keys:
        how["foreign_keys"] = list(own_keys)
    return relationship(viewonly=True, lazy="raise", **how)


def frozen(kind: type[T], *rows: object, **said: object) -> T:
    """A value of `kind` whose fields `rows` have under the same names; `said` gives the others.

    Where `kind` wants words, another row is told by its name, and what is absent by none.
    """
    for name, place, is_words in _taken(kind, tuple(map(type, rows))):
        if name not in said:
            value = getattr(rows[place], name)
            said[name] = getattr(value, "name", "") if is_words and not isinstance(value, str) else value
    return kind(**said)


def frozen_all(kind: type[T], rows: Iterable[object]) -> tuple[T, ...]:
    """The same of each row."""
    return tuple(frozen(kind, row) for row in rows)


@cache
def _taken(kind: type[T], sources: tuple[type, ...]) -> tuple[tuple[str, int, bool], ...]:
    """Which field is taken from which of the rows, and whether it wants words."""
    return tuple(
        (field.name, place, field.type is str)
        for field in fields(kind)
        for place in [next((at for at, source in enumerate(sources) if hasattr(source, field.name)), None)]
        if place is not None
    )
