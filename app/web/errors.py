"""Every refusal becomes a page: what happened, why, what to do; what nobody foresaw gets a number to report.

A program gets the same in its own form (app/web/api/problem.py).
"""

from typing import Any, Final
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.exc import DataError, SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from app.unforeseen import told_with_number
from app.web.api.problem import Malformed, is_api, problem
from app.web.page_request import NeedsSignIn, recognised
from app.web.pages import render
from app.web.security import HEADERS, BodyTooLarge
from app.web.sent import NeedsPassword
from app.web.site import site_of
from core.errors import NotFound, RectifyError, Unavailable

_WAY_BACK: Final = "刚才的内容没有提交。按浏览器的“后退”可以回到表单，文字一般还在，文件要重新选择。"


def install(app: FastAPI) -> None:
    """Answer every exception of a page with a page."""
    app.add_exception_handler(RectifyError, _refused)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http)
    for unstorable in (DataError, OverflowError):  # a NUL character, a number beyond any row's
        app.add_exception_handler(unstorable, _malformed)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(Exception, _unforeseen)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, RectifyError)  # noqa: S101
    if isinstance(error, NeedsSignIn) and request.method in ("GET", "HEAD"):
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"{request.app.url_path_for('signin')}?next={quote(here)}", 303)
    if isinstance(error, Unavailable):
        return _unforeseen(request, error)
    return error_page(request, error)


def _gone(request: Request, error: Exception) -> Response:
    del request, error  # nobody is there to read an answer
    return Response(status_code=408)


def _malformed(request: Request, error: Exception) -> Response:
    if is_api(request):
        return problem(Malformed(error.errors() if isinstance(error, RequestValidationError) else ()))
    return error_page(request, RectifyError("地址或表单里有读不懂的内容", "", "请返回上一页重新操作"), 422)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    path = request.url.path
    if error.status_code == 404 and path.endswith("/") and request.method == "GET" and not is_api(request):
        return RedirectResponse(
            f"/{path.strip('/')}" + (f"?{request.url.query}" if request.url.query else "")
        )
    said = {
        404: NotFound("没有这个页面", "地址可能写错了，或页面已经移走", "请从导航重新进入"),
        405: RectifyError("这个地址不能这样打开", "", "请从页面上的按钮操作"),
        413: RectifyError("内容太多", "表单或文件超过了上限", "请精简后再提交"),
    }.get(error.status_code, RectifyError("请求没有办成", "", "请返回上一页重新操作"))
    return error_page(request, said, error.status_code)


def _unforeseen(request: Request, error: Exception) -> Response:
    said = told_with_number(error, request.url.path)
    response = error_page(request, said, max(said.status, 500))
    response.headers.update(HEADERS)
    return response


def error_page(request: Request, error: RectifyError, status: int | None = None) -> Response:
    """The page of a refusal, or the problem a program is told; a bare one where not even the ledger can be read."""
    if is_api(request):
        return problem(error, status)
    site = site_of(request)
    code = status or error.status
    is_form_lost = request.method == "POST" and (code >= 500 or isinstance(error, BodyTooLarge))
    context: dict[str, Any] = {"error": error, "way_back": _WAY_BACK if is_form_lost else ""}
    try:
        with site.database.reading() as session:
            visit = recognised(request, site, site.read_clock(), session)
            page = "password_again.html" if isinstance(error, NeedsPassword) else "error.html"
            return render(visit, page, status=code, **context)
    except (Unavailable, SQLAlchemyError):
        bare = site.templates.get_template("away.html").render(context)
        return HTMLResponse(bare, code)
