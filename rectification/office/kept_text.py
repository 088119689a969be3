"""What is kept of forms that were sent: the key of each, so that none is taken twice, and text whose session had ended.

Such text is kept for that session's person alone, a day at most.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.db import insert_if_new
from core.errors import Conflict, NotFound
from core.text import sha256_of
from models.history import OfficeEvent
from models.organisation import Person
from models.report import Report
from models.review import Hearing
from models.signin import FormKey, KeptText, WebSession
from models.task import RectificationTask as Task

KEPT: Final = timedelta(hours=24)
MOST_KEPT: Final = 5
MOST_LETTERS: Final = 200_000

_AT: Final[Any] = {Report.imported_at: Report.id, Hearing.recorded_at: Hearing.id, Task.created_at: Task.code}
_KEYS_KEPT: Final = timedelta(days=8)
"""Longer than any session lives: a form of an earlier one is refused for that."""


def lapsed_session(session: Session, token: str) -> WebSession | None:
    """The session of this token though its time is over; None where it was signed out, or the person has left."""
    mine = WebSession.token_hash == sha256_of(token)
    return session.scalar(
        select(WebSession).join(Person, Person.id == WebSession.person_id).where(mine, Person.is_active)
    )


def keep_text(
    session: Session,
    now: datetime,
    person_id: int,
    *,
    place: str,
    action: str,
    fields: Sequence[tuple[str, str]],
    files: Sequence[str],
) -> bool:
    """Keep what was typed; False where there is nothing, or more than a person types."""
    session.execute(delete(KeptText).where(KeptText.at <= now - KEPT))
    if not 0 < sum(len(text) for _, text in fields) <= MOST_LETTERS:
        return False
    for old in kept_texts(session, now, person_id)[MOST_KEPT - 1 :]:
        session.delete(old)
    kept = [list(field) for field in fields]
    session.add(
        KeptText(person_id=person_id, place=place, action=action, fields=kept, files=list(files), at=now)
    )
    return True


def drop_text(session: Session, now: datetime, person_id: int, text_id: int) -> None:
    """It was sent again, or is no longer wanted. Raises: NotFound, also where it is another person's."""
    found = next((each for each in kept_texts(session, now, person_id) if each.id == text_id), None)
    if found is None:
        raise NotFound("没有这份保存的内容", "可能已提交、已丢弃，或已超过 24 小时", "请从导航重新进入")
    session.delete(found)


def kept_texts(session: Session, now: datetime, person_id: int) -> Sequence[KeptText]:
    """What is kept for this person, the newest first."""
    mine = select(KeptText).where(KeptText.person_id == person_id, KeptText.at > now - KEPT)
    return session.scalars(mine.order_by(KeptText.at.desc(), KeptText.id.desc())).all()


class AlreadyEntered(Conflict):
    """The same form came twice. `made` is the number of what the first one made."""

    def __init__(self, made: int | str | None) -> None:
        self.made = made
        super().__init__(
            "这份表单已经提交过",
            "同样的内容提交了两次，只登记一次，第一次的已经保存",
            "请到列表中核对，不用再提交；确要另外登记的，请重新打开页面填写",
        )


def take_once(session: Session, now: datetime, key: str) -> None:
    """Write the key of a form that was sent; one sent at the same moment waits for what becomes of this one.

    Raises: AlreadyEntered, where it was sent before.
    """
    if not insert_if_new(session, FormKey, key=key, at=now):
        raise AlreadyEntered(_made_at(session, session.get_one(FormKey, key).at))


def _made_at(session: Session, at: datetime) -> Any:
    """The code of a task, or id of anything else, that was made at this moment."""
    for moment, name in _AT.items():
        if made := session.scalar(select(name).where(moment == at).limit(1)):
            return made
    event = session.scalar(select(OfficeEvent).where(OfficeEvent.at == at).limit(1))
    rows = event.changes.items() if event else ()
    return next((int(row.partition(":")[2]) for row, told in rows if ":" in row and told[0] is None), None)


def forget_keys(session: Session, now: datetime) -> None:
    """Keys of forms that nobody can send any more go."""
    session.execute(delete(FormKey).where(FormKey.at < now - _KEYS_KEPT))
