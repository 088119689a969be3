"""The description of the API (OpenAPI), made from its routes; open to anybody, since it tells nothing of the ledger."""

from functools import cache
from importlib.metadata import version
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.web.api import acting, offers, reading
from app.web.api.problem import MEDIA_TYPE, Problem
from app.web.site import site_of

router = APIRouter(prefix="/api")

ROUTES: Final = [*reading.router.routes, *acting.router.routes, *offers.router.routes]
_REFERENCE: Final = "#/components/schemas/{model}"
_REFUSALS: Final = {
    "400": "规则不允许",
    "401": "没有有效的令牌",
    "403": "令牌或角色不够",
    "404": "没有，或无权查看",
    "409": "别人已先办理，或现在的状态不能这样办",
    "413": "内容太大",
    "422": "内容不符合要求",
    "429": "请求太频繁",
}
_ABOUT: Final = """台账的程序接口。

* 用个人令牌（“我的账户”中建立，限期、可停用）：`Authorization: Bearer 令牌`。看得到、办得了的与本人登录相同；只读令牌不能办理。
* 列表一页一页读：`next` 是下一页的地址，没有就是读完了。
* 办理时没有写的字段，按网页上预填的内容办。
* 办理时带上 `seen_version`，别人先改过就会被拒绝（409），不会互相覆盖。
* 出错时返回 `application/problem+json`（RFC 9457）：发生了什么、为什么、怎么办。
* 网页的地址前面加 `/api`，就是程序的地址；表单的字段、权限和规则与网页相同。
* 登记、办理时带上自拟的 `form_key`，同一编号、同一内容只办一次。
* 代录（凭纸面签批）、登录条、第二人确认和设置，只在网页上办理。
"""


@router.get("/openapi.json", name="api_openapi", include_in_schema=False)
def openapi(request: Request) -> JSONResponse:
    """The description itself."""
    root = site_of(request).root
    return JSONResponse({**describe(), "servers": [{"url": root}]} if root else describe())


@cache
def describe() -> dict[str, Any]:
    """The whole description."""
    found = get_openapi(title="整改台账", version=version("rectify"), description=_ABOUT, routes=ROUTES)
    schemas = found["components"]["schemas"]
    models: list[type[BaseModel]] = [*acting.BODIES.values(), *offers.BODIES.values(), Problem]
    _, bodies = models_json_schema([(each, "validation") for each in models], ref_template=_REFERENCE)
    schemas.update(bodies["$defs"])
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    refusal = {"schema": {"$ref": _REFERENCE.format(model="Problem")}}
    refusals = {
        code: {"description": said, "content": {MEDIA_TYPE: refusal}} for code, said in _REFUSALS.items()
    }
    for operations in found["paths"].values():
        for operation in operations.values():
            operation["responses"].update(refusals)
    return found
