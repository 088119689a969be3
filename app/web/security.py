"""What every answer carries, and how large a request may be."""

from collections import deque
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.errors import RectifyError

FORM_MEGABYTES: Final = 8
EARLY: Final = 65_536
"""Bytes of a form that are waited for before anything is done: a client that never goes on costs no more than itself."""

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
        super().__init__(
            "文件太大",
            f"一个文件最多 {megabytes} MB，一次提交合计最多 {megabytes + FORM_MEGABYTES} MB",
            "请压缩或拆分后再传",
        )


class Shield:
    """Adds the security headers, forbids caching of pages, and stops a body that is too large while it arrives.

    HEAD is answered as GET is, without the body. For a form that has only begun nothing is done yet. `root` stands before every path, whether the proxy in front passes it on or takes it away.
    """

    def __init__(self, app: ASGIApp, *, root: str, file_megabytes: int) -> None:
        self._app = app
        self._root = root
        self._megabytes = file_megabytes
        self._largest = (file_megabytes + FORM_MEGABYTES) * 2**20

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self._place(scope)
        is_static = scope["path"].startswith(f"{self._root}/static/")
        is_head = scope["method"] == "HEAD"
        received = 0

        async def limited() -> Message:
            nonlocal received
            message = early.popleft() if early else await receive()
            received += len(message.get("body", b""))
            if received > self._largest:
                raise BodyTooLarge(self._megabytes)
            return message

        async def shielded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                if scope["scheme"] == "https":
                    headers["Strict-Transport-Security"] = "max-age=31536000"
                if headers.get("location", "").startswith("/"):
                    headers["location"] = self._rooted(headers["location"])
                headers["Cache-Control"] = "public, max-age=31536000, immutable" if is_static else "no-store"
            elif is_head:
                message = {**message, "body": b""}
            await send(message)

        early = await _early(receive) if scope["method"] == "POST" else deque()
        await self._app({**scope, "method": "GET"} if is_head else scope, limited, shielded)

    def _place(self, scope: Scope) -> None:
        scope["root_path"] = self._root
        scope["path"] = self._rooted(scope["path"])

    def _rooted(self, path: str) -> str:
        if path == self._root:
            return f"{path}/"
        return path if path.startswith(f"{self._root}/") else self._root + path


async def _early(receive: Receive) -> deque[Message]:
    early, size = deque([await receive()]), 0
    while early[-1].get("more_body") and (size := size + len(early[-1]["body"])) < EARLY:
        early.append(await receive())
    return early
