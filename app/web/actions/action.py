"""What an action is: a form, what it means, and the call of its verb."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import Field as Limits
from pydantic import create_model
from sqlalchemy.orm import Session

from app.web.forms import Control, Form
from core.clock import Clock
from core.files import StoredFile
from models.task import RectificationTask
from rectification.lists.case_file import CaseFile
from rectification.office.actors import Acting

LongText = Annotated[str, Limits(max_length=20_000)]
RecordId = Annotated[int, Limits(ge=1, le=2**63 - 1)]
"""The id of a row: what both databases can look for."""

Whole = Annotated[int, Limits(ge=0, le=2**31 - 1)]
"""A number as a column holds it."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One act of one person on one task: what every verb takes, and the file that came with the form."""

    session: Session
    clock: Clock
    acting: Acting
    code: str
    seen_version: int | None
    file: StoredFile | None = None

    def do(
        self, verb: Callable[..., RectificationTask], *given: object, **named: object
    ) -> RectificationTask:
        """Call a verb of casework with what was given."""
        return verb(
            self.session,
            self.clock,
            self.acting,
            self.code,
            *given,
            seen_version=self.seen_version,
            **named,
        )


def _nothing(file: CaseFile) -> dict[str, str]:
    del file
    return {}


def _always(file: CaseFile) -> bool:
    del file
    return True


@dataclass(frozen=True, slots=True)
class Action:
    """A verb's page. `explains` says in one sentence what it does.

    `proposes` fills the form from the task, `fits` keeps it from being offered where it could only be refused.
    `shows_proof` puts measures, evidence and doubts beside the form, `takes_file` adds a file to it.
    """

    form: type[Form]
    explains: str
    perform: Callable[[Deed, Any], RectificationTask]
    proposes: Callable[[CaseFile], Mapping[str, str]] = _nothing
    fits: Callable[[CaseFile], bool] = _always
    shows_proof: bool = False
    takes_file: bool = False


class NoForm(Form):
    """Nothing is asked: pressing the button says it all."""


def words(label: str, hint: str = "", *, is_optional: bool = False, rows: int = 4) -> type[Form]:
    """A form that asks for one text, as `words`."""
    control = Control(label, "area", hint, rows=rows)
    field: Any = (Annotated[LongText, control], "" if is_optional else ...)
    return create_model("Words", __base__=Form, words=field)


Words: Final = Any
"""What `words` makes: a form whose one field is `words`."""
