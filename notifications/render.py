"""Messages into words: three files a template, on one base."""

from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape

from notifications.messages import Message, clean

TEMPLATES: Final = Path(__file__).parent / "templates"


class Rendered(NamedTuple):
    """A message as text and as HTML, which say the same."""

    subject: str
    text: str
    html: str


def render(message: Message) -> Rendered:
    """The message's three parts; the subject is one line."""
    subject, text, html = _trio(message.template)
    return Rendered(
        clean(subject.render(message=message)), text.render(message=message), html.render(message=message)
    )


@cache
def _trio(name: str) -> tuple[Template, Template, Template]:
    environment = _environment()
    subject, text, html = (
        environment.get_template(f"{name}/{file}") for file in ("subject.txt", "body.txt", "body.html")
    )
    return subject, text, html


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
