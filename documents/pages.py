"""Papers as HTML: a body that a web page can hold, and a page of its own for a file or a printer."""

from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from rectification import labels
from rectification.task.time_limits import day_text

_TEMPLATES: Final = Path(__file__).parent / "templates"


@cache
def environment() -> Environment:
    """The templates of papers."""
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters["day"] = day_text
    made.globals["labels"] = labels
    return made


def body(template: str, **context: object) -> Markup:
    """A paper's body."""
    return Markup(environment().get_template(template).render(**context))  # noqa: S704  (escaped by the template)


def page(title: str, content: Markup) -> str:
    """A body as a page that stands alone: nothing is fetched, and it prints on A4."""
    return environment().get_template("page.html").render(title=title, content=content)
