"""Tables as migrations write them, one after another:

person: unit_id -> unit; name, position 200; left_on date?
    unique unit_id name; index name; index unit_id as ix_person_present where left_on IS NULL

A number is text up to so many characters, `?` may be empty, `!` is the key (else rows are numbered), `~>` points at a
table made later. A line set in goes on with the table above it. Migrations stand on this: what it makes never changes.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

_NUMBER: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TYPES: Final[dict[str, sa.types.TypeEngine[Any]]] = {
    "bool": sa.Boolean(),
    "bytes": sa.LargeBinary(),
    "date": sa.Date(),
    "int": sa.Integer(),
    "json": sa.JSON(),
    "number": _NUMBER,
    "text": sa.Text(),
    "time": sa.DateTime(timezone=True),
}


def make_tables(notation: str) -> None:
    """Make the tables of a notation, with their indexes."""
    for line in re.sub(r"\n +", "; ", notation.strip()).splitlines():
        name, described = line.split(": ", 1)
        parts = [part for part in re.split(r";\s*", described) if part]
        indexes = [part for part in parts if part.startswith("index ")]
        made = [each for part in parts if part not in indexes for each in _parts(part)]
        if not any(isinstance(each, sa.Column) and each.primary_key for each in made):
            made.append(sa.Column("id", _NUMBER, primary_key=True))
        op.create_table(name, *made)
        for index in indexes:
            _make_index(name, index.removeprefix("index "))


def _parts(part: str) -> Iterator[sa.schema.SchemaItem]:
    if part.startswith("unique "):
        yield sa.UniqueConstraint(*part.split()[1:])
        return
    flags: dict[str, Any] = {"nullable": part.endswith("?"), "primary_key": part.endswith("!")}
    names, kind = part.rstrip("?!").rsplit(" ", 1)
    if flags["primary_key"] and kind != "number":
        flags["autoincrement"] = False
    for name in names.removesuffix(">").rstrip("-~ ").split(", "):
        if names.endswith(">"):
            points = sa.ForeignKey(f"{kind}.id", use_alter=names.endswith("~>"))
            yield sa.Column(name, _NUMBER, points, **flags)
        else:
            yield sa.Column(name, _TYPES.get(kind) or sa.String(int(kind)), **flags)


def _make_index(table: str, index: str) -> None:
    described, _, where = index.partition(" where ")
    columns, _, name = described.partition(" as ")
    only: dict[str, Any] = {f"{kind}_where": sa.text(where) for kind in ("postgresql", "sqlite") if where}
    op.create_index(name or f"ix_{table}_{columns.replace(' ', '_')}", table, columns.split(), **only)
