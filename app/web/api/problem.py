"""A refusal as programs read it: problem+json (RFC 9457), with what to do next beside what and why."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi import Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from app.web.forms import what_is_wrong
from core.errors import RectifyError
from rectification.verb_forms import FORMS

MEDIA_TYPE: Final = "application/problem+json"
_HEADERS: Final[Mapping[int, Mapping[str, str]]] = {
    401: {"WWW-Authenticate": 'Bearer realm="rectify"'},
    429: {"Retry-After": "60"},
}
_OPTION: Final = re.compile(r"--[a-z-]+")
_KEYS: Final = {field.option: field.key for form in FORMS.values() for field in form.fields}
"""What a program sends where a command line has an option."""


class FieldProblem(BaseModel):
    """What is wrong with one field."""

    model_config = ConfigDict(frozen=True)

    field: str = Field(title="字段", description="路径以点分隔")
    said: str = Field(title="说明")


class Problem(BaseModel):
    """一次请求没有办成：发生了什么、为什么、怎么办。"""

    model_config = ConfigDict(frozen=True)

    type: str = Field(title="类别", description="urn:rectify:…，供程序判断")
    status: int = Field(title="HTTP 状态码")
    title: str = Field(title="发生了什么")
    detail: str = Field("", title="为什么")
    todo: str = Field("", title="怎么办")
    errors: list[FieldProblem] = Field(default_factory=list, title="有误的字段")
    made: int | str | None = Field(None, title="重送的，第一次新登记的编号")


class Malformed(RectifyError):
    """What was sent is not what the description asks for."""

    status = 422

    def __init__(self, errors: Sequence[Any] = ()) -> None:
        super().__init__("请求的内容不符合要求", "", "请对照 /api/openapi.json 中的说明")
        self.fields = [
            FieldProblem(field=".".join(str(part) for part in each["loc"]), said=what_is_wrong(each, {}))
            for each in errors
        ]


def is_api(request: Request) -> bool:
    """Whether a program asks, and wants its refusals in its own form."""
    path = request.url.path.removeprefix(request.scope.get("root_path", ""))
    return path.startswith("/api/") or path == "/api"


def problem(error: RectifyError, status: int | None = None) -> JSONResponse:
    """The answer to a request that was refused."""
    code = status or error.status
    named = dict.fromkeys(_KEYS[option] for option in _OPTION.findall(error.command) if option in _KEYS)
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", type(error).__name__).lower()
    said = Problem(
        type=f"urn:rectify:{name}",
        status=code,
        title=error.what,
        detail=error.why,
        todo=error.todo + (f"（字段：{'、'.join(named)}）" if named else ""),
        errors=error.fields if isinstance(error, Malformed) else [],
        made=getattr(error, "made", None),
    )
    return JSONResponse(said.model_dump(), code, _HEADERS.get(code), MEDIA_TYPE)
