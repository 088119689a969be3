"""What a second person confirms is done at once, in the name of who confirms it."""

from sqlalchemy.orm import Session

from models.enums import OfficeVerb
from models.organisation import Person
from rectification.labels import role_words
from rectification.office.journal import By
from rectification.office.people import Plan, Shift, carry_out, roles_of
from rectification.office.second_person import Request, answer
from rectification.office.signin import OneTimeCode, issue_codes
from rectification.office.substitutes import add_substitute


def confirm(
    session: Session, by: By, bureau_id: int, number: int, code: OneTimeCode
) -> tuple[Request, list[tuple[Person, str]]]:
    """Confirm a request; for a way in, the link that stands for `code`.

    Raises: as `second_person.answer` and what is done.
    """
    asked, person = answer(session, by, bureau_id, number, OfficeVerb.CONFIRM)
    if asked.roles:
        held = roles_of(session, person.id)
        roles = (*held, *asked.roles)
        shift = Shift("角色", role_words(held), role_words(roles))
        carry_out(session, by, person, Plan({}, None, roles, (shift,)))
    elif asked.cover:
        add_substitute(session, by, bureau_id, person.id, *asked.cover)
    else:
        return asked, issue_codes(session, by, [person], [code], is_confirmed=True)
    return asked, []
