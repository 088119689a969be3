"""One reader per format, all giving the same Document."""

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Final

from reports.document import Document
from reports.limits import Budget

if TYPE_CHECKING:
    from reports.readers.readings import Reading

READERS: Final = {
    "txt": "reports.readers.text:read",
    "md": "reports.readers.markdown:read",
    "html": "reports.readers.html:read",
    "mht": "reports.readers.html:read_archive",
    "docx": "reports.readers.docx:read",
    "pdf": "reports.readers.pdf:read",
}
"""Where each format's reader stands; only the one a file needs is imported."""


def read(format_name: str, data: bytes, name: str, budget: Budget) -> Document:
    """The document in the bytes of a file of a format that READERS has."""
    module, function = READERS[format_name].split(":")
    reader: Callable[[bytes, Budget], Reading] = getattr(import_module(module), function)
    found = reader(data, budget)
    return Document(
        name=name,
        format="html" if format_name == "mht" else format_name,
        blocks=tuple(replace(block, paragraph=count) for count, block in enumerate(found.blocks, 1)),
        headlines=found.headlines,
        source=found.facts.source,
        made_on=found.facts.made_on,
        posted_on=found.facts.posted_on,
        notices=tuple(found.notices),
    )
