"""Who came in, who did not: told on the office's chain, with the address. A name typed that is nobody's is not kept."""

from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from core.clock import Clock
from models.enums import Channel, OfficeVerb
from models.history import OfficeEvent
from models.organisation import Person
from rectification.office.journal import ABOUT, by_person, by_system, fact_of, newest, note
from rectification.office.names import by_login

_ONCE_IN: Final = timedelta(minutes=15)
"""Who is delayed may go on trying: the chain hears of it once."""


def note_let_in(
    session: Session, clock: Clock, person: Person, address: str, verb: OfficeVerb = OfficeVerb.SIGN_IN
) -> None:
    """Somebody signed in, or used a link or code up."""
    note(session, by_person(session, clock, person), verb, f"来自 {address}", [person.id])


def note_refused(session: Session, clock: Clock, login: str, address: str, verb: OfficeVerb) -> None:
    """Somebody was not let in by this login name, or has to wait before trying again."""
    person = session.scalar(by_login(login).where(Person.is_active))
    about = [person.id] if person else []
    if verb is OfficeVerb.DELAY_SIGN_IN:
        lately = session.scalars(newest((verb,)).where(OfficeEvent.at > clock.now - _ONCE_IN))
        if any((fact_of(each, ABOUT) or []) == about for each in lately):
            return
    words = f"来自 {address}" if person else f"来自 {address}，没有这个登录名"
    note(session, by_system(clock, Channel.WEB), verb, words, about)
