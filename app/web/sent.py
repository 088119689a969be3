"""What came with a form, where it may have to be sent once more: its text, the names of its files, its page."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from core.errors import RectifyError
from core.text import canonical, sha256_of

PRESENT: Final = "present"
"""The field of the present password, where it is asked for beside a new one or before a sensitive act."""
FORM_KEY: Final = "form_key"
_OF_ONE_SENDING: Final = frozenset({"csrf", "next", FORM_KEY, PRESENT})


class NeedsPassword(RectifyError):
    """The page acts on accounts or takes the ledger out, and the password was not typed lately.

    `action` and `fields` are what is sent together with it; `refusal` is what was wrong with it.
    """

    status = 401

    def __init__(
        self, action: str, fields: Sequence[tuple[str, str]], refusal: RectifyError | None = None
    ) -> None:
        super().__init__("请再输入一次密码", "这一步涉及账号、权限、设置，或把台账带出系统")
        self.action, self.fields, self.refusal = action, fields, refusal


def files_of(form: FormData) -> list[str]:
    """The names of the files that came."""
    sent = (value for _, value in form.multi_items() if isinstance(value, UploadFile))
    return [value.filename for value in sent if value.filename]


def texts_of(form: FormData) -> list[tuple[str, str]]:
    """What was typed or chosen, without what belongs to this one sending."""
    return [
        (name, value.replace("\0", ""))
        for name, value in form.multi_items()
        if isinstance(value, str) and value and name not in _OF_ONE_SENDING
    ]


def came_from(request: Request) -> str:
    """The page of this site that a request was sent from; empty where that is not known."""
    page = urlsplit(request.headers.get("referer", ""))
    is_own = page.netloc == request.url.netloc
    return page._replace(scheme="", netloc="", fragment="").geturl() if is_own else ""


def key_of(form: FormData) -> str:
    """What a form is known by: the key of its page and all it says, so that one sent again with other words is another."""
    said = [
        (name, f"{value.filename} {value.size}" if isinstance(value, UploadFile) else value)
        for name, value in form.multi_items()
        if name not in ("csrf", PRESENT)
    ]
    return sha256_of(canonical(said)) if form.get(FORM_KEY) else ""
