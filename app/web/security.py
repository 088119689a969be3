"""What every answer carries, and how large a request may be."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.errors import RectifyError

FORM_MEGABYTES: Final = 8

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class BodyTooLarge(RectifyError):
    """The browser sent more than a form with one file may hold."""

    status = 413

    def __init__(self, megabytes: int) -> None:
        super().__init__("文件太大", f"一次最多上传 {megabytes} MB", "请压缩或拆分后再传")


class Shield:
    """Adds the security headers, forbids caching of pages, and stops a body that is too large while it arrives.

    A page that brings a header of its own, because it is none of ours to look at, keeps it.
    """

    def __init__(self, app: ASGIApp, *, is_secure: bool, file_megabytes: int) -> None:
        self._app = app
        self._megabytes = file_megabytes
        self._largest = (file_megabytes + FORM_MEGABYTES) * 2**20
        self._headers = dict(HEADERS)
        if is_secure:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_static = scope["path"].startswith("/static/")
        received = 0

        async def limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._largest:
                raise BodyTooLarge(self._megabytes)
            return message

        async def shielded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                headers["Cache-Control"] = "public, max-age=31536000, immutable" if is_static else "no-store"
            await send(message)

        await self._app(scope, limited, shielded)
