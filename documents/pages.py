"""Papers as HTML: a body that a web page can hold."""

from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from rectification import labels
from rectification.task.time_limits import day_text

_TEMPLATES: Final = Path(__file__).parent / "templates"


def templates_of(folder: Path) -> Environment:
    """The templates of a folder: what is put into them is escaped, and a name nobody gave is an error."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


@cache
def environment() -> Environment:
    """The templates of papers."""
    made = templates_of(_TEMPLATES)
    made.filters["day"] = day_text
    made.globals["labels"] = labels
    return made


def body(template: str, **context: object) -> Markup:
    """A paper's body."""
    return Markup(environment().get_template(template).render(**context))  # noqa: S704  (escaped by the template)
