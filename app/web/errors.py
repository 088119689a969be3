"""Every refusal becomes a page: what happened, why, what to do; what nobody foresaw gets a number to report.

A program gets the same in its own form (app/web/api/problem.py).
"""

import logging
import secrets
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, RedirectResponse
from sqlalchemy.exc import DataError
from starlette.exceptions import HTTPException

from app.web.api.problem import Malformed, is_api, problem
from app.web.page_request import NeedsSignIn, recognised
from app.web.pages import render
from app.web.security import HEADERS
from app.web.site import site_of
from core.errors import NotFound, RectifyError

log = logging.getLogger(__name__)


def install(app: FastAPI) -> None:
    """Answer every exception of a page with a page."""
    app.add_exception_handler(RectifyError, _refused)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http)
    for unstorable in (DataError, OverflowError):  # a NUL character, a number beyond any row's
        app.add_exception_handler(unstorable, _malformed)
    app.add_exception_handler(Exception, _unforeseen)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, RectifyError)  # noqa: S101
    if isinstance(error, NeedsSignIn) and request.method in ("GET", "HEAD"):
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"{request.app.url_path_for('signin')}?next={quote(here)}", 303)
    return error_page(request, error)


def _malformed(request: Request, error: Exception) -> Response:
    if is_api(request):
        return problem(Malformed(error.errors() if isinstance(error, RequestValidationError) else ()))
    return error_page(request, RectifyError("地址或表单里有读不懂的内容", "", "请返回上一页重新操作"), 422)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    said = {
        404: NotFound("没有这个页面", "地址可能写错了，或页面已经移走", "请从导航重新进入"),
        405: RectifyError("这个地址不能这样打开", "", "请从页面上的按钮操作"),
        413: RectifyError("内容太多", "表单或文件超过了上限", "请精简后再提交"),
    }.get(error.status_code, RectifyError("请求没有办成", "", "请返回上一页重新操作"))
    return error_page(request, said, error.status_code)


def _unforeseen(request: Request, error: Exception) -> Response:
    reference = secrets.token_hex(4)
    log.error("unforeseen error %s at %s", reference, request.url.path, exc_info=error)
    said = RectifyError(
        "系统出了问题，这一步没有办成",
        f"错误编号 {reference}，详细情况已记入日志",
        "请稍后再试；仍不行时，把错误编号告诉系统管理员",
    )
    response = error_page(request, said, 500)
    response.headers.update(HEADERS)
    return response


def error_page(request: Request, error: RectifyError, status: int | None = None) -> Response:
    """The page of a refusal, or the problem a program is told; plain text where not even the ledger can be read."""
    if is_api(request):
        return problem(error, status)
    site = site_of(request)
    context: dict[str, Any] = {"error": error}
    try:
        with site.database.reading() as session:
            visit = recognised(request, site, site.read_clock(), session)
            return render(visit, "error.html", status=status or error.status, **context)
    except RectifyError as worse:
        return PlainTextResponse(worse.line, 500)
