"""One reader per format, all giving the same Document."""

from collections.abc import Callable
from importlib import import_module
from typing import Final, cast

from reports.document import Document
from reports.limits import Budget

Reader = Callable[[bytes, str, Budget], Document]

READERS: Final = {
    "txt": "reports.readers.text:read",
    "md": "reports.readers.markdown:read",
    "html": "reports.readers.html:read",
    "mht": "reports.readers.html:read_archive",
    "docx": "reports.readers.docx:read",
    "pdf": "reports.readers.pdf:read",
}
"""Where each format's reader stands; only the one a file needs is imported."""


def reader_of(format_name: str) -> Reader:
    """The reader of a format that READERS has."""
    module, name = READERS[format_name].split(":")
    return cast("Reader", getattr(import_module(module), name))
