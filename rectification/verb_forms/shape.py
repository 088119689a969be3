"""What an action may ask for: the kinds of fields, and a form of them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum, StrEnum, auto
from typing import Any, Final

from core.errors import Refused
from models.enums import Role, Verb


class Kind(Enum):
    """What kind of value a field takes. LINES are entries a line each, PARTS texts with a blank line between,
    STEPS places of measures, 0 for the whole, ANSWERS words by code."""

    LINE = auto()
    TEXT = auto()
    LINES = auto()
    PARTS = auto()
    DAY = auto()
    NUMBER = auto()
    FLAG = auto()
    CHOICE = auto()
    PERSON = auto()
    PEOPLE = auto()
    UNIT = auto()
    UNITS = auto()
    STEPS = auto()
    ANSWERS = auto()
    FILE = auto()


@dataclass(frozen=True, slots=True)
class Field:
    """One thing asked for. A person is given by id or login name, a unit by id or name.

    `stands` means that the task has a value already: a page shows it, a command that does not name it leaves it.
    `offers` names the list a page lets choose from, `suggests` one beside which anything may be typed, `command` the command that tells what may be named, `of` the words
    of a CHOICE, `role` what the person must be, `instead_of` the field this one takes the place of. `most` is the largest number or
    the longest text, where it is not the usual one of its kind.
    """

    key: str
    kind: Kind
    label: str
    hint: str = ""
    is_required: bool = False
    stands: bool = False
    offers: str = ""
    suggests: str = ""
    of: type[StrEnum] | None = None
    role: Role | None = None
    rows: int = 4
    least: int = 1
    most: int = 0
    instead_of: str = ""
    command: str = ""

    @property
    def limit(self) -> int:
        """The largest number, or the longest text."""
        return self.most or _USUAL.get(self.kind, 20_000)

    @property
    def option(self) -> str:
        """The key as a command line writes it: without the ending that says how programs give the value."""
        bare = self.key.removeprefix("is_").removesuffix("_id").removesuffix("_on")
        return f"--{bare.replace('_', '-')}"


_USUAL: Final = {Kind.LINE: 200, Kind.NUMBER: 2**31 - 1}
"""What a column of the kind holds."""


@dataclass(frozen=True, slots=True)
class VerbForm:
    """A verb, in one sentence what it does, and what it asks for."""

    verb: Verb
    explains: str
    fields: tuple[Field, ...] = ()

    @property
    def takes_file(self) -> bool:
        return any(field.kind is Kind.FILE for field in self.fields)

    def must_fit(self, given: Mapping[str, Any]) -> None:
        """Raises: Refused, for a text of these that is longer than its field takes."""
        for field in self.fields:
            text = given.get(field.key)
            if isinstance(text, str) and len(text) > field.limit:
                said = f"{field.label}超过 {field.limit} 字"
                raise Refused(said, f"现有 {len(text)} 字", "请精简，或作为佐证材料上传")


_BLANK_LINE: Final = re.compile(r"\n[ \t\u3000]*\n")


def entries(kind: Kind, text: str) -> tuple[str, ...]:
    """What somebody wrote into a field of LINES or PARTS, entry by entry."""
    plain = text.replace("\r\n", "\n")
    written = _BLANK_LINE.split(plain) if kind is Kind.PARTS else plain.split("\n")
    return tuple(entry for each in written if (entry := each.strip()))


def some_of(form: VerbForm, keys: Iterable[str]) -> VerbForm:
    """The same form with these fields alone: what a page leaves out stays as it is."""
    wanted = frozenset(keys)
    return replace(form, fields=tuple(field for field in form.fields if field.key in wanted))
