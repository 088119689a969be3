"""A form is taken once: the key its page gave it is written together with what the form asked for."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from core.db import insert_if_new
from core.errors import Conflict
from models.signin import FormKey

LENGTH: Final = 32
_KEPT: Final = timedelta(days=8)
"""Longer than any session lives: a form of an earlier one is refused for that."""


class AlreadyEntered(Conflict):
    """The same form came twice."""

    def __init__(self) -> None:
        super().__init__(
            "这份表单已经提交过",
            "同一页面的同一份表单只登记一次，第一次提交的内容已经保存",
            "请到列表中核对，不用再提交；确要另外登记的，请重新打开页面填写",
        )


def take_once(session: Session, now: datetime, key: str) -> None:
    """Write the key of a form that was sent; one sent at the same moment waits for what becomes of this one.

    Raises: AlreadyEntered, where it was sent before.
    """
    if not insert_if_new(session, FormKey, key=key, at=now):
        raise AlreadyEntered


def forget_keys(session: Session, now: datetime) -> None:
    """Keys of forms that nobody can send any more go."""
    session.execute(delete(FormKey).where(FormKey.at < now - _KEPT))
