"""Messages into words: three files a template, each with one macro, on one base.

Macros, because a whole template with its blocks takes twice as long, and a morning has thousands of messages.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from core.text import one_line
from notifications.messages import Message

TEMPLATES: Final = Path(__file__).parent / "templates"

Macro = Callable[[Message], str]


class Rendered(NamedTuple):
    """A message as text and as HTML, which say the same."""

    subject: str
    text: str
    html: str


def render(message: Message) -> Rendered:
    """The message's three parts; the subject is one line."""
    subject, text, html = _trio(message.template)
    return Rendered(one_line(subject(message)), text(message), str(html(message)))


@cache
def _trio(name: str) -> tuple[Macro, Macro, Macro]:
    return _macro(name, "subject.txt"), _macro(name, "body.txt"), _macro(name, "body.html")


def _macro(name: str, file: str) -> Macro:
    """The macro of a file: it has the file's name."""
    made: Macro = vars(_environment().get_template(f"{name}/{file}").module)[Path(file).stem]
    return made


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
