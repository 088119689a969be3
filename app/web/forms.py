"""Forms: what is asked, how a typed value becomes a checked one, and how what was typed comes back with an error."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Final, Generic, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetJsonSchemaHandler,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic import Field as Limits
from pydantic_core import CoreSchema
from starlette.datastructures import FormData

from core.errors import RectifyError

F = TypeVar("F", bound="Form")
T = TypeVar("T")

FIRST_DAY, LAST_DAY = date(1949, 10, 1), date(2100, 12, 31)
LongText = Annotated[str, Limits(max_length=20_000)]
RecordId = Annotated[int, Limits(ge=1, le=2**63 - 1)]
"""The id of a row: what both databases can look for."""
Ticked = Annotated[
    tuple[T, ...], BeforeValidator(lambda sent: sent.split(",") if isinstance(sent, str) else sent)
]
"""What was ticked: a page sends it as one text."""


class Form(BaseModel):
    """A form's fields; a field's `Annotated` metadata may hold a Control.

    An empty box is an absent value, and no text holds a NUL: no database keeps one.
    """

    model_config = ConfigDict(extra="ignore", frozen=True, str_strip_whitespace=True)

    @field_validator("*", mode="after")
    @classmethod
    def _in_our_time(cls, value: Any) -> Any:
        """Programs write the end of the calendar for "never"."""
        if type(value) is date and not FIRST_DAY <= value <= LAST_DAY:
            raise ValueError(f"日期应在{FIRST_DAY.year}年至{LAST_DAY.year}年之间，没有日期的请空着")
        return value

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, values: Any) -> Any:
        if isinstance(values, Mapping):
            kept = {name: _without_nul(value) for name, value in values.items()}
            return {name: value for name, value in kept.items() if value not in ("", [], None)}
        return values


def _without_nul(value: Any) -> Any:
    return value.replace("\0", "") if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class Control:
    """How a field looks: `kind` is text, area, date, number, select, ticks, answers, check or password.

    `choices` names the list a select offers; `hint` stands under the label. What `is_set` cannot be left open.
    """

    label: str
    kind: str = "text"
    hint: str = ""
    choices: str = ""
    rows: int = 4
    autocomplete: str = "off"
    is_set: bool = False

    def __get_pydantic_json_schema__(self, core: CoreSchema, of: GetJsonSchemaHandler) -> dict[str, Any]:
        """A program reads the same label and hint in the description."""
        return {**of(core), "title": self.label, **({"description": self.hint} if self.hint else {})}


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a select."""

    value: str
    label: str


@dataclass(frozen=True)
class Field:
    """A field as the template draws it. One with a default is neither required nor optional: it has a value."""

    name: str
    control: Control
    value: str
    error: str
    is_required: bool
    is_optional: bool
    choices: Sequence[Choice]


class Mistyped(RectifyError):
    """A form that was sent holds mistakes; each is told beside its field."""

    def __init__(self) -> None:
        super().__init__("填写的内容有误", "", "请改正后再提交")


@dataclass(frozen=True)
class Filled(Generic[F]):
    """A form with what was typed: `value` where all of it holds, `errors` by field where not."""

    model: type[F]
    typed: Mapping[str, str]
    value: F | None = None
    errors: Mapping[str, str] = field(default_factory=dict)

    def fields(self, choices: Mapping[str, Sequence[Choice]] | None = None) -> list[Field]:
        """The fields in the model's order, ready to draw."""
        return [self.field(name, choices) for name in controls(self.model)]

    def field(self, name: str, choices: Mapping[str, Sequence[Choice]] | None = None) -> Field:
        """One field, ready to draw."""
        control = controls(self.model)[name]
        info = self.model.model_fields[name]
        default = "" if info.is_required() or info.default in (None, False) else str(info.default)
        return Field(
            name=name,
            control=control,
            value=self.typed.get(name, default),
            error=self.errors.get(name, ""),
            is_required=info.is_required(),
            is_optional=not (info.is_required() or default or control.is_set),
            choices=(choices or {}).get(control.choices, ()),
        )


def controls(model: type[Form]) -> dict[str, Control]:
    """The controls of a form, by field."""
    found = {}
    for name, info in model.model_fields.items():
        for each in info.metadata:
            if isinstance(each, Control):
                found[name] = each
    return found


def blank(model: type[F], typed: Mapping[str, str] | None = None) -> Filled[F]:
    """A form nobody has sent yet, with what is proposed."""
    return Filled(model, typed or {})


def fill(model: type[F], form: FormData, prefix: str = "") -> Filled[F]:
    """A sent form, checked. `prefix` stands before each field's name where a page repeats a form row by row."""
    known = controls(model)
    typed = {name: _sent(form, prefix + name, known.get(name)) for name in model.model_fields}
    try:
        return Filled(model, typed, model.model_validate(typed))
    except ValidationError as error:
        errors = {
            str(each["loc"][0] if each["loc"] else ""): what_is_wrong(each, known) for each in error.errors()
        }
        return Filled(model, typed, errors=errors)


def _sent(form: FormData, name: str, control: Control | None) -> str:
    """What was typed into a field; of ticks, all that were made, and each answer by its code."""
    kind = control.kind if control else ""
    if kind == "answers":
        start = f"{name}."
        return json.dumps(
            {key.removeprefix(start): text for key, text in form.items() if key.startswith(start)}
        )
    values = form.getlist(name) if kind == "ticks" else [form.get(name, "")]
    return ",".join(value for value in values if isinstance(value, str))


_SAID: Final = {
    "extra_forbidden": "没有这一项",
    "base64": "不是 base64 编码",
    "date": "日期请写成 2026-06-30 的样子",
    "int": "请填一个整数",
    "greater": "数字太小",
    "less": "数字太大",
    "enum": "请从列表中选择",
    "string_too_long": "太长了，请精简",
    "string_too_short": "请填写这一项",
}


def what_is_wrong(error: Any, known: Mapping[str, Control]) -> str:
    """An error of pydantic's in words, by the label of its field."""
    name = str(error["loc"][0]) if error["loc"] else ""
    label = known[name].label if name in known else "这一项"
    kind: str = error["type"]
    if kind == "missing":
        verb = "选择" if name in known and known[name].kind == "select" else "填写"
        return f"请{verb}{label}"
    if kind == "value_error":
        return str(error["ctx"]["error"])
    return next((said for start, said in _SAID.items() if kind.startswith(start)), f"{label}填写有误")
