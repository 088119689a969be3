"""What leaders add to a task: a written instruction (批示), and listing a task for supervision (挂牌督办)."""

from sqlalchemy.orm import Session

from core.clock import Clock
from models.enums import Verb
from models.task import RectificationTask
from rectification.casework.moving import close_case, open_case
from rectification.casework.task_in_hand import Given
from rectification.office.actors import Acting


def instruct(
    session: Session, clock: Clock, acting: Acting, code: str, text: str, *, seen_version: int | None = None
) -> RectificationTask:
    """批示: the leader's words stand in the history for everyone who works on the task."""
    case = open_case(session, clock, acting, code, Verb.INSTRUCT, Given(text), seen_version=seen_version)
    return close_case(case)


def supervise(
    session: Session, clock: Clock, acting: Acting, code: str, reason: str, *, seen_version: int | None = None
) -> RectificationTask:
    """挂牌督办: from now on only the chief's signature, or a meeting's, ends the task.

    Raises: Refused, where it is listed already.
    """
    case = open_case(session, clock, acting, code, Verb.SUPERVISE, Given(reason), seen_version=seen_version)
    if case.task.is_supervised:
        raise case.refuse("它已经挂牌督办")
    case.task.is_supervised = True
    return close_case(case)
